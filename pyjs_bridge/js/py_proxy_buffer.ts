/** getBuffer(): views of the memory of Python's buffers. The mirror of py_proxy_buffer.c. */

import { decode } from "./convert.js";
import { C } from "./exports.js";
import { Finalizers } from "./finalizers.js";
import { ENCODING_ASCII } from "./generated.js";
import { buffer, I32, U8 } from "./memory.js";
import { selfPointer } from "./py_proxy.js";
import { freeSlots, takeSlots } from "./slots.js";
import { readText } from "./strings.js";
import { arrayForElement, arrayForName } from "./typed_arrays.js";

/** Any typed array or DataView. */
type View = ArrayBufferView & { readonly buffer: ArrayBufferLike };
type ViewClass = {
  new (buffer: ArrayBufferLike, offset: number, length: number): View;
  readonly name: string;
  readonly BYTES_PER_ELEMENT?: number;
};

/** Words of the struct bridge_buffer. */
const DATA = 0;
const NBYTES = 1;
const ITEMSIZE = 2;
const NDIM = 3;
const IS_READONLY = 4;
const IS_C_CONTIGUOUS = 5;
const IS_F_CONTIGUOUS = 6;
const ELEMENT = 7;
const IS_BIG_ENDIAN = 8;
const FORMAT = 9;
const SHAPE = 10;
const STRIDES = 11;

/** What C tells about a locked buffer. */
interface Locked {
  /** Address of the struct. */
  readonly address: number;
  readonly data: number;
  readonly itemsize: number;
  readonly format: string;
  readonly element: string;
  readonly shape: number[];
  /** In bytes. */
  readonly strides: number[];
}

function wordsAt(address: number, count: number): number[] {
  return Array.from(I32.subarray(address >>> 2, (address >>> 2) + count));
}

function lock(pointer: number): number {
  const slots = takeSlots(1);
  C.coil_py_get_buffer(pointer, slots);
  freeSlots(slots);
  return decode(slots >>> 2) as number;
}

function describe(address: number): Locked {
  const word = address >>> 2;
  const read = (field: number): number => I32[word + field] as number;
  const ndim = read(NDIM);
  const format = read(FORMAT) >>> 0;
  return {
    address,
    data: read(DATA) >>> 0,
    itemsize: read(ITEMSIZE),
    format: readText(format, U8.indexOf(0, format) - format, ENCODING_ASCII),
    element: String.fromCharCode(read(ELEMENT)),
    shape: ndim === 0 ? [] : wordsAt(read(SHAPE), ndim),
    strides: ndim === 0 ? [] : wordsAt(read(STRIDES), ndim),
  };
}

function isBigEndian({ address, itemsize }: Locked): boolean {
  return itemsize > 1 && I32[(address >>> 2) + IS_BIG_ENDIAN] !== 0;
}

/** The class of the view that was asked for, or that the format says. Throws where there is none. */
function classFor(type: unknown, locked: Locked): ViewClass {
  if (type !== undefined) {
    const named = arrayForName(type);
    if (named === undefined) {
      throw new Error(`Unknown type ${String(type)}`);
    }
    return named;
  }
  if (isBigEndian(locked)) {
    throw new Error(
      "Typed arrays cannot show a big-endian buffer: use getBuffer('dataview'), or toJs() to copy it",
    );
  }
  const found = arrayForElement(locked.element);
  if (found === undefined) {
    throw new Error(
      `No typed array has elements of the format '${locked.format}': use getBuffer('dataview')`,
    );
  }
  return found;
}

/** The bytes that the elements lie in, from the first to the end of the last. */
function extent({ data, shape, strides, itemsize }: Locked): [begin: number, end: number] {
  if (shape.includes(0)) {
    return [data, data];
  }
  let begin = data;
  let end = data + itemsize;
  for (const [i, stride] of strides.entries()) {
    const reach = stride * ((shape[i] as number) - 1);
    begin += Math.min(reach, 0);
    end += Math.max(reach, 0);
  }
  return [begin, end];
}

/** Where a view of a class lies over a buffer. */
interface Place {
  readonly class: ViewClass;
  readonly begin: number;
  /** In elements of the view. */
  readonly length: number;
  readonly size: number;
}

function placeOf(ViewType: ViewClass, locked: Locked): Place {
  const [begin, end] = extent(locked);
  const size = ViewType.BYTES_PER_ELEMENT ?? 1;
  if (begin === end) {
    // Python does not align what nobody reads, and an engine insists on it all the same.
    return { class: ViewType, begin: begin - (begin % size), length: 0, size };
  }
  if (begin % size !== 0 || (end - begin) % size !== 0) {
    throw new Error(
      `Buffer does not have valid alignment for a ${ViewType.name}: use getBuffer('dataview') or 'u8'`,
    );
  }
  return { class: ViewType, begin, length: (end - begin) / size, size };
}

/** Unlocks buffers whose views were dropped without release(). */
const registry = new Finalizers<number>((address) => C.coil_py_release_buffer(address));

/** Says that PyBufferView is called from here. */
const OURS = Symbol("ours");

function unlock(view: PyBufferView, address: number): void {
  registry.unregister(view);
  C.coil_py_release_buffer(address);
}

/** The memory of a Python object, which is locked until release(). */
export class PyBufferView {
  readonly offset: number;
  readonly readonly: boolean;
  readonly format: string;
  readonly itemsize: number;
  readonly ndim: number;
  readonly nbytes: number;
  readonly shape: number[];
  readonly strides: number[];
  readonly c_contiguous: boolean;
  readonly f_contiguous: boolean;
  readonly #place: Place;
  #data: View | null;
  #address: number;

  constructor(ours: symbol, locked: Locked, place: Place) {
    if (ours !== OURS) {
      throw new TypeError("PyBufferView is not a constructor");
    }
    const word = locked.address >>> 2;
    this.offset = place.length === 0 ? 0 : (locked.data - place.begin) / place.size;
    this.readonly = I32[word + IS_READONLY] !== 0;
    this.format = locked.format;
    this.itemsize = locked.itemsize;
    this.ndim = locked.shape.length;
    this.nbytes = I32[word + NBYTES] as number;
    this.shape = locked.shape;
    this.strides = locked.strides.map((stride) => stride / place.size);
    this.c_contiguous = I32[word + IS_C_CONTIGUOUS] !== 0;
    this.f_contiguous = I32[word + IS_F_CONTIGUOUS] !== 0;
    this.#place = place;
    this.#address = locked.address;
    this.#data = viewAt(place);
    registry.register(this, locked.address, this);
  }

  /** Asks no trap of a Proxy, so that it never throws. */
  static [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === "object" && value !== null && #place in value;
  }

  /** The elements; another array after the memory has grown, since that detaches all of them. */
  get data(): View | null {
    if (this.#data !== null && this.#data.buffer !== buffer()) {
      this.#data = viewAt(this.#place);
    }
    return this.#data;
  }

  /** Unlocks the buffer; a second time does nothing. */
  release(): void {
    const address = this.#address;
    if (address !== 0) {
      this.#address = 0;
      this.#data = null;
      unlock(this, address);
    }
  }
}
Object.defineProperty(PyBufferView.prototype, "data", { enumerable: true });

const { dispose } = Symbol as { dispose?: symbol };
if (dispose !== undefined) {
  Object.defineProperty(PyBufferView.prototype, dispose, {
    value(this: PyBufferView): void {
      this.release();
    },
  });
}

function viewAt({ class: ViewType, begin, length }: Place): View {
  return new ViewType(buffer(), begin, length);
}

/** What has the buffer protocol. */
export const BUFFER = {
  getBuffer(type?: unknown): PyBufferView {
    const address = lock(selfPointer(this)) >>> 0;
    try {
      const locked = describe(address);
      return new PyBufferView(OURS, locked, placeOf(classFor(type, locked), locked));
    } catch (error) {
      C.coil_py_release_buffer(address);
      throw error;
    }
  },
};
