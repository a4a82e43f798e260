/**
 * toJs() and to_js(): builds JavaScript's containers from the tape that C writes. The mirror of
 * py_to_js_deep.c. Converters are called here, while the tape is read; what they convert in turn
 * comes on a tape of its own.
 */

import { decode, readBigInt } from "./convert.js";
import { C } from "./exports.js";
import {
  ENCODING_UTF8,
  FLATTEN_CONVERTER,
  FLATTEN_EAGER,
  FLATTEN_PROXIES,
  FLATTEN_SKIP_FIRST,
  KIND_BIGINT,
  KIND_BUFFER,
  KIND_DICT,
  KIND_INT,
  KIND_LIST,
  KIND_OBJECT,
  KIND_PLACE,
  KIND_SEEN,
  KIND_SET,
  PY_OP_RAISE_CONVERSION,
} from "./generated.js";
import { literalMapOf } from "./literal_map.js";
import { I32, U8, U32 } from "./memory.js";
import { checkFunction, checkList, levelsOf } from "./options.js";
import { operate } from "./py_operations.js";
import { attributesOf, checkAlive, type PyProxy, proxyOf } from "./py_proxy.js";
import { ENCODING, EXTRA, freeSlots, PAYLOAD, takeSlots } from "./slots.js";
import { readText } from "./strings.js";
import { arrayForElement } from "./typed_arrays.js";

type Convert = (value: unknown) => unknown;
type Cache = (value: unknown, result: unknown) => void;
type Converter = (value: PyProxy, convert: Convert, cache: Cache) => unknown;

/** Options of toJs(), by the names that Python has for them. */
export interface ToJsOptions {
  readonly depth?: number | null;
  readonly pyproxies?: PyProxy[] | null;
  readonly create_pyproxies?: boolean | null;
  readonly dict_converter?: ((pairs: [unknown, unknown][]) => unknown) | null;
  readonly default_converter?: Converter | null;
  readonly eager_converter?: Converter | null;
}

/** Whether a dict becomes a LiteralMap: an option of older programs. */
let makesLiteralMaps = false;

export function toJsMakesLiteralMaps(on: boolean): void {
  makesLiteralMaps = on;
}

const WORDS = 4;

/** The tape that is being read, by word; a converter may begin another one. */
let at = 0;

/* --- buffers --- */

function copyElements(letter: string, address: number, nbytes: number): unknown {
  if (letter === "s") {
    return readText(address, nbytes, ENCODING_UTF8);
  }
  const ArrayType = arrayForElement(letter);
  if (ArrayType === undefined) {
    throw new Error(`No typed array of this engine has elements of the format '${letter}'`);
  }
  const bytes = U8.slice(address, address + nbytes);
  if (ArrayType === Uint8Array) {
    return letter === "?" ? Array.from(bytes, Boolean) : bytes;
  }
  return new ArrayType(bytes.buffer);
}

/** Arrays of arrays; the innermost are slices. */
function nest(elements: { slice(from: number, to: number): unknown }, shape: number[]): unknown {
  const size = shape.slice(1).reduce((product, length) => product * length, 1);
  const parts = Array.from({ length: shape[0] as number }, (_, i) =>
    elements.slice(i * size, (i + 1) * size),
  );
  return shape.length === 2 ? parts : parts.map((part) => nest(part as never, shape.slice(1)));
}

function readNumber(): number {
  const number = I32[at + PAYLOAD] as number;
  at += WORDS;
  return number;
}

function readBuffer(word: number): unknown {
  const ndim = I32[word + EXTRA] as number;
  const address = U32[word + PAYLOAD] as number;
  const letter = String.fromCharCode(I32[word + ENCODING] as number);
  const nbytes = readNumber();
  const shape = Array.from({ length: ndim }, readNumber);
  const elements = copyElements(letter, address, nbytes);
  return ndim < 2 ? elements : nest(elements as never, shape);
}

/* --- containers --- */

/** Keys such as `__proto__` are own properties like all others. */
function setOwn(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key === "__proto__") {
    Object.defineProperty(object, key, {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  } else {
    object[key] = value;
  }
}

/** The name of a property for a key; only keys other than str can be the same as another one. */
function nameFor(object: object, key: unknown, mixed: boolean): string {
  const name = typeof key === "string" ? key : String(key);
  if (mixed && Object.hasOwn(object, name)) {
    operate(PY_OP_RAISE_CONVERSION, 0, `two keys of a dict are '${name}' as a name in JavaScript`);
  }
  return name;
}

/** What a tape tells about an object for a converter. */
interface Unconverted {
  readonly pointer: number;
  readonly flags: number;
  readonly depth: number;
  /** OBJECT or EAGER. */
  readonly kind: number;
}

/** The address of the object behind a proxy, as a key; 0 for other values. */
function addressOf(value: unknown): number {
  return (attributesOf(value)?.shared.pointer ?? 0) >>> 0;
}

/** One conversion with its options, from the first object to the last that a converter asks for. */
class Conversion {
  readonly #options: ToJsOptions;
  readonly #how: number;
  readonly #tapes: number[] = [];
  /** Results by the address of the object: for converters, whose objects come on several tapes. */
  readonly #results: Map<number, unknown> | undefined;
  /** Results on the tape that is being read, by number. */
  #seen: unknown[] = [];
  /** The word that the tape begins at. */
  #begin = 0;
  /** Address of the container that begins, where there are converters. */
  #pointer = 0;

  constructor(options: ToJsOptions) {
    this.#options = options;
    const { create_pyproxies, default_converter, eager_converter } = options;
    this.#how =
      (create_pyproxies === false ? 0 : FLATTEN_PROXIES) |
      (default_converter ? FLATTEN_CONVERTER : 0) |
      (eager_converter ? FLATTEN_EAGER : 0);
    this.#results = default_converter || eager_converter ? new Map() : undefined;
  }

  /** Converts the object at `pointer`. */
  convert(pointer: number, depth: number, how: number = 0): unknown {
    const slots = takeSlots(1);
    const tape = C.coil_py_flatten(pointer, depth, this.#how | how, slots) >>> 0;
    freeSlots(slots);
    if (tape === 0) {
      return decode(slots >>> 2);
    }
    this.#tapes.push(tape);
    const outer = at;
    const seen = this.#seen;
    const begin = this.#begin;
    at = (U32[tape >>> 2] as number) >>> 2;
    this.#begin = at;
    this.#seen = [];
    try {
      return this.#readValue();
    } finally {
      at = outer;
      this.#seen = seen;
      this.#begin = begin;
    }
  }

  /** Tapes keep alive what results are known of, so they end together. */
  end(): void {
    for (const tape of this.#tapes) {
      C.coil_py_free_tape(tape);
    }
  }

  #readValue(): unknown {
    const word = at;
    const kind = I32[word] as number;
    if (kind === KIND_INT) {
      at = word + WORDS;
      return I32[word + PAYLOAD];
    }
    return kind < KIND_LIST ? this.#readScalar(word, kind) : this.#readStructure(word, kind);
  }

  #readScalar(word: number, kind: number): unknown {
    at = word + WORDS;
    return kind === KIND_BIGINT ? readBigInt(word) : decode(word);
  }

  #readStructure(word: number, kind: number): unknown {
    const extra = I32[word + EXTRA] as number;
    at = word + WORDS;
    if (I32[at] === KIND_PLACE) {
      const known = this.#skipKnown(at);
      if (known !== undefined) {
        return known;
      }
    }
    switch (kind) {
      case KIND_SEEN:
        return this.#seen[extra] ?? this.#results?.get(U32[word + PAYLOAD] as number);
      case KIND_LIST:
        return this.#readList(extra);
      case KIND_DICT:
        return this.#readDict(extra, I32[word + PAYLOAD] !== 0);
      case KIND_SET:
        return this.#readSet(extra);
      case KIND_BUFFER:
        return this.#remember(readBuffer(word));
      default:
        return this.#readObject(word, kind);
    }
  }

  /** Reads the PLACE at `word`: a container that an earlier tape had is not built again. */
  #skipKnown(word: number): unknown {
    const known = this.#results?.get(U32[word + PAYLOAD] as number);
    at = word + WORDS;
    if (known === undefined) {
      this.#pointer = U32[word + PAYLOAD] as number;
      return undefined;
    }
    this.#seen.push(known);
    this.#seen.length = I32[word + EXTRA] as number;
    at = this.#begin + (I32[word + ENCODING] as number) * WORDS;
    return known;
  }

  /** Gives a container its number, and notes it for later tapes. */
  #begun<T>(container: T): T {
    this.#seen.push(container);
    this.#results?.set(this.#pointer, container);
    return container;
  }

  #remember(result: unknown): unknown {
    this.#seen.push(result);
    return result;
  }

  #readList(count: number): unknown[] {
    const list = this.#begun<unknown[]>([]);
    for (let i = 0; i < count; i++) {
      // Integers make most long lists.
      if (I32[at] === KIND_INT) {
        list.push(I32[at + PAYLOAD]);
        at += WORDS;
      } else {
        list.push(this.#readValue());
      }
    }
    return list;
  }

  #readSet(count: number): Set<unknown> {
    const set = this.#begun(new Set<unknown>());
    for (let i = 0; i < count; i++) {
      set.add(this.#readValue());
    }
    return set;
  }

  #readDict(count: number, mixed: boolean): unknown {
    const { dict_converter } = this.#options;
    if (dict_converter || makesLiteralMaps) {
      return this.#readPairs(count, dict_converter ?? literalMapOf);
    }
    const object = this.#begun<Record<string, unknown>>({});
    for (let i = 0; i < count; i++) {
      const key = nameFor(object, this.#readValue(), mixed);
      setOwn(object, key, this.#readValue());
    }
    return object;
  }

  /** A dict has no result while what is in it is converted, so references back are undefined. */
  #readPairs(count: number, make: (pairs: [unknown, unknown][]) => unknown): unknown {
    const number = this.#seen.push(undefined) - 1;
    const seen = this.#seen;
    const pointer = this.#pointer;
    const pairs: [unknown, unknown][] = [];
    for (let i = 0; i < count; i++) {
      const key = this.#readValue();
      pairs.push([key, this.#readValue()]);
    }
    const result = make(pairs);
    seen[number] = result;
    this.#results?.set(pointer, result);
    return result;
  }

  /* --- converters --- */

  #readObject(word: number, kind: number): unknown {
    const pointer = U32[word + PAYLOAD] as number;
    const flags = I32[word + EXTRA] as number;
    const depth = I32[word + ENCODING] as number;
    if (this.#results?.has(pointer)) {
      return this.#remember(this.#results.get(pointer));
    }
    const { default_converter, eager_converter } = this.#options;
    const converter = kind === KIND_OBJECT ? default_converter : eager_converter;
    const number = this.#seen.push(undefined) - 1;
    const seen = this.#seen;
    const result = converter
      ? this.#ask(converter, { pointer, flags, depth, kind })
      : this.#newProxy(pointer, flags);
    seen[number] = result;
    return result;
  }

  #newProxy(pointer: number, flags: number): PyProxy {
    C.coil_py_retain(pointer);
    const proxy = proxyOf(pointer, flags);
    this.#options.pyproxies?.push(proxy);
    return proxy;
  }

  #ask(converter: Converter, object: Unconverted): unknown {
    const { pointer, flags } = object;
    C.coil_py_retain(pointer);
    const proxy = proxyOf(pointer, flags);
    const results = this.#results as Map<number, unknown>;
    const convert: Convert = (value) => this.#convertInside(value, object);
    const cache: Cache = (value, result) => {
      const address = addressOf(value);
      if (address !== 0) {
        results.set(address, result);
      }
    };
    const result = converter(proxy, convert, cache);
    results.set(pointer, result);
    return result;
  }

  /** convert() in a converter: the object that it was called for is not offered to it again. */
  #convertInside(value: unknown, outer: Unconverted): unknown {
    const attributes = attributesOf(value);
    if (attributes === undefined) {
      return value;
    }
    checkAlive(attributes.shared);
    const pointer = addressOf(value);
    if (this.#results?.has(pointer)) {
      return this.#results.get(pointer);
    }
    const same = pointer === outer.pointer;
    if (same && outer.kind === KIND_OBJECT) {
      return this.#newProxy(pointer, outer.flags);
    }
    return this.convert(pointer, outer.depth, same ? FLATTEN_SKIP_FIRST : 0);
  }
}

function checkOptions(options: ToJsOptions): void {
  checkList("toJs", "pyproxies", options.pyproxies);
  for (const name of ["dict_converter", "default_converter", "eager_converter"] as const) {
    checkFunction("toJs", name, options[name]);
  }
}

/** Converts the object at `pointer` with all that is in it. */
export function toJs(pointer: number, options: ToJsOptions): unknown {
  checkOptions(options);
  const levels = levelsOf("toJs", options.depth);
  const conversion = new Conversion(options);
  try {
    return conversion.convert(pointer, levels);
  } finally {
    conversion.end();
  }
}
