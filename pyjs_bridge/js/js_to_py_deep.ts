/**
 * Deep conversion for Python: a value and what is in it on one tape, which C reads in one go. The
 * mirror of js_to_py_deep.c.
 */

import { encode, encodeRef } from "./convert.js";
import { describeValue, encodeThrown, PythonRaise } from "./errors.js";
import { C } from "./exports.js";
import {
  JS_OP_BAD_KEY,
  JS_OP_NEW_SESSION,
  JS_OP_SESSION_NOTE,
  KIND_DICT,
  KIND_DOUBLE,
  KIND_INT,
  KIND_INTEGERS,
  KIND_JSREF,
  KIND_LIST,
  KIND_PYNEW,
  KIND_PYREF,
  KIND_SEEN,
  KIND_SET,
  PY_OP_TO_PY,
  RAISE_CONVERSION,
} from "./generated.js";
import { defineOperations } from "./js_operations.js";
import { type Bytes, copyToPython } from "./js_proxy_buffer.js";
import { F64, I32, U8 } from "./memory.js";
import { internName } from "./names.js";
import { checkFunction, levelsOf, optionsOf } from "./options.js";
import { operate } from "./py_operations.js";
import { isPyProxy } from "./py_proxy.js";
import { getRef, releaseRef } from "./refs.js";
import { ENCODING, EXTRA, freeText, PAYLOAD, SLOT_SIZE, textTop } from "./slots.js";

const WORDS = SLOT_SIZE >>> 2;
const FIRST_SLOTS = 64;

/** Objects with more keys than that are tables, whose keys are rather data than names. */
const MANY_KEYS = 256;

const { isArray } = Array;
const { isView } = ArrayBuffer;
const tagOf = Object.prototype.toString;
const { apply } = Reflect;
const { prototype: mapPrototype } = Map;
const { prototype: setPrototype } = Set;

/** Numbers of the objects that were met, for references to what was met before. */
class Session {
  readonly numbers = new Map<unknown, number>();
  private next = 0;

  note(value: unknown): number {
    const number = this.next++;
    this.numbers.set(value, number);
    return number;
  }
}

/** Whether a number is one to C, too: -0 is not. */
function isInt32(value: number): boolean {
  const integer = value | 0;
  return integer === value && (integer !== 0 || 1 / value > 0);
}

/** A container whose items are being written. */
interface Frame {
  readonly kind: number;
  /** What is in it: of a dict, keys and values in turn. */
  readonly items: ArrayLike<unknown>;
  /** For a dict of properties: the object, whose `items` are the keys. */
  readonly object: Record<string, unknown> | undefined;
  readonly depth: number;
  /** How many there are, even if a getter changes that meanwhile: C was told so. */
  readonly length: number;
  next: number;
}

/* --- what a value is --- */

function tag(value: object): string {
  try {
    return (apply(tagOf, value, []) as string).slice(8, -1);
  } catch {
    return ""; // a revoked Proxy
  }
}

function isArraySafely(value: object): value is unknown[] {
  try {
    return isArray(value);
  } catch {
    return false; // a revoked Proxy
  }
}

/** An object of the class Object of any realm, or of no class. */
function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as { constructor?: unknown } | null;
  return (
    prototype === null || prototype === Object.prototype || isPlainPrototype(prototype as object)
  );
}

function isPlainPrototype(prototype: { constructor?: unknown }): boolean {
  const maker = prototype.constructor;
  return (
    Object.getPrototypeOf(prototype) === null &&
    typeof maker === "function" &&
    maker.name === "Object"
  );
}

/** All pairs one after the other. Map.prototype's own methods: subclasses may have changed them. */
function pairsOf(map: Map<unknown, unknown>): unknown[] {
  const items: unknown[] = [];
  apply(mapPrototype.forEach, map, [
    (value: unknown, key: unknown) => {
      items.push(key, value);
    },
  ]);
  return items;
}

function itemsOfSet(set: Set<unknown>): unknown[] {
  const items: unknown[] = [];
  apply(setPrototype.forEach, set, [(value: unknown) => items.push(value)]);
  return items;
}

type Contents = Pick<Frame, "kind" | "items" | "object">;

/** What is in a container; undefined for what is none. */
function contentsOf(value: object): Contents | undefined {
  if (isArraySafely(value)) {
    return { kind: KIND_LIST, items: value, object: undefined };
  }
  switch (tag(value)) {
    case "Map":
      return { kind: KIND_DICT, items: pairsOf(value as Map<unknown, unknown>), object: undefined };
    case "Set":
      return { kind: KIND_SET, items: itemsOfSet(value as Set<unknown>), object: undefined };
    case "NodeList":
    case "HTMLCollection":
      return { kind: KIND_LIST, items: value as ArrayLike<unknown>, object: undefined };
    case "Object":
      return isPlain(value)
        ? {
            kind: KIND_DICT,
            items: Object.keys(value),
            object: value as Record<string, unknown>,
          }
        : undefined;
    default:
      return undefined;
  }
}

function isBytes(value: object): boolean {
  if (isView(value)) {
    return true;
  }
  const name = tag(value);
  return name === "ArrayBuffer" || name === "SharedArrayBuffer";
}

/* --- keys --- */

function typeName(value: object | symbol): string {
  try {
    const { name } = value.constructor;
    if (typeof name === "string" && name !== "") {
      return name;
    }
  } catch {
    // A revoked Proxy, a hostile getter.
  }
  return typeof value === "symbol" ? "Symbol" : tag(value) || "Object";
}

const MAX_KEY_TEXT = 100;

/** What Python raises for a key that it cannot have; the types are those of JavaScript. */
function badKey(key: object | symbol, container: "dict" | "set"): PythonRaise {
  const text = describeValue(key).slice(0, MAX_KEY_TEXT);
  return new PythonRaise(
    RAISE_CONVERSION,
    `Cannot use key of type ${typeName(key)} as a key to a Python ${container}: ${text}`,
  );
}

/* --- the tape --- */

class Tape {
  address = 0;
  count = 0;
  private room = 0;
  private readonly stack: Frame[] = [];

  /** @param isQuick C reads the tape at once: no Python code of others runs before it has. */
  constructor(
    private readonly session: Session,
    private readonly isQuick: boolean,
  ) {}

  /** Writes a value and what is in it. */
  write(value: unknown, depth: number): void {
    this.put(value, depth);
    let frame = this.stack.at(-1);
    while (frame !== undefined) {
      this.writeFrame(frame);
      if (frame.next === frame.length) {
        this.stack.splice(this.stack.lastIndexOf(frame), 1);
      }
      frame = this.stack.at(-1);
    }
  }

  /** Gives back what was written. */
  drop(): void {
    for (let i = 0; i < this.count; i++) {
      const word = (this.address >>> 2) + i * WORDS;
      if (I32[word] === KIND_JSREF) {
        releaseRef(I32[word + PAYLOAD] as number);
      } else if (I32[word] === KIND_PYNEW) {
        C.coil_py_release(I32[word + PAYLOAD] as number);
      } else if (I32[word] === KIND_INTEGERS) {
        i += Math.ceil((I32[word + EXTRA] as number) / WORDS);
      }
    }
    C.free(this.address);
  }

  /** Writes items up to the first container, which then comes first, or to the end. */
  private writeFrame(frame: Frame): void {
    const { kind, items, depth, object, length } = frame;
    const depthOfStack = this.stack.length;
    while (frame.next < length && this.stack.length === depthOfStack) {
      const item = items[frame.next++];
      if (object !== undefined) {
        this.putKey(item as string, length);
        this.put(object[item as string], depth);
      } else if (typeof item === "number" && kind === KIND_LIST && this.isQuick) {
        frame.next = this.putNumbers(items, frame.next - 1, length);
      } else {
        this.putItem(frame, item);
      }
    }
  }

  /** An item that was just taken: one of a list or set, or a key or value. */
  private putItem({ kind, next, depth }: Frame, item: unknown): void {
    if (kind === KIND_SET) {
      this.checkKey(item, "set", depth);
    } else if (kind === KIND_DICT && next % 2 === 1) {
      this.checkKey(item, "dict", depth);
    }
    this.put(item, depth);
  }

  /**
   * Throws for a container as a key: here its type is known. One that was met before may be what a
   * converter has made of it, and one that `depth` cuts is for C, as other objects are.
   */
  private checkKey(key: unknown, container: "dict" | "set", depth: number): void {
    if (typeof key !== "object" || key === null || isPyProxy(key)) {
      return;
    }
    const stays = this.session.numbers.has(key) ? this.isQuick : depth !== 0;
    if (stays && (isBytes(key) || contentsOf(key) !== undefined)) {
      throw badKey(key, container);
    }
  }

  /** Writes numbers as long as there are some; returns where they end. */
  private putNumbers(items: ArrayLike<unknown>, start: number, end: number): number {
    const next = this.putIntegers(items, start, end);
    let at = next;
    while (at < end && typeof items[at] === "number" && !isInt32(items[at] as number)) {
      const word = this.slot();
      I32[word] = KIND_DOUBLE;
      F64[(word + PAYLOAD) >>> 1] = items[at++] as number;
    }
    return at;
  }

  /** Packs integers: there is little else in most long arrays. */
  private putIntegers(items: ArrayLike<unknown>, start: number, end: number): number {
    this.reserve(1 + Math.ceil((end - start) / WORDS));
    const integers = I32;
    const head = (this.address >>> 2) + this.count * WORDS;
    const first = head + WORDS - start;
    let at = start;
    while (at < end) {
      const item = items[at];
      if (typeof item !== "number" || !isInt32(item)) {
        break;
      }
      integers[first + at++] = item;
    }
    if (at > start) {
      integers[head] = KIND_INTEGERS;
      integers[head + EXTRA] = at - start;
      this.count += 1 + Math.ceil((at - start) / WORDS);
    }
    return at;
  }

  /** Returns the word of a new slot. */
  private slot(): number {
    if (this.count === this.room) {
      this.reserve(1);
    }
    return (this.address >>> 2) + this.count++ * WORDS;
  }

  private reserve(count: number): void {
    if (this.count + count > this.room) {
      this.grow(this.count + count);
    }
  }

  private grow(needed: number): void {
    const room = Math.max(FIRST_SLOTS, this.room * 2, needed);
    const address = C.coil_allocate(room * SLOT_SIZE) >>> 0;
    if (address === 0) {
      throw new RangeError("no memory for a deep conversion");
    }
    if (this.address !== 0) {
      U8.copyWithin(address, this.address, this.address + this.count * SLOT_SIZE);
      C.free(this.address);
    }
    this.address = address;
    this.room = room;
  }

  /** A key of an object with so many: names that come again and again are known to Python. */
  private putKey(key: string, count: number): void {
    if (this.isQuick && count <= MANY_KEYS) {
      const word = this.slot();
      I32[word] = KIND_INT;
      const pointer = internName(key);
      I32[word] = KIND_PYREF;
      I32[word + PAYLOAD] = pointer;
    } else {
      this.putPlain(key);
    }
  }

  /** A value that is no object. */
  private putPlain(value: unknown): void {
    const word = this.slot();
    // Until it is written, so that drop() finds nothing of an earlier use of the memory.
    I32[word] = KIND_INT;
    encode(value, word);
    if (I32[word] === KIND_JSREF) {
      I32[word + ENCODING] = -1;
    } else if (I32[word] === KIND_PYREF) {
      // What is converted later may destroy the proxy.
      C.coil_py_retain(I32[word + PAYLOAD] as number);
      I32[word] = KIND_PYNEW;
    }
  }

  private put(value: unknown, depth: number): void {
    if (typeof value !== "object" || value === null || isPyProxy(value)) {
      if (typeof value === "function" && !isPyProxy(value)) {
        this.putReference(value, true);
      } else {
        this.putPlain(value);
      }
    } else {
      this.putObject(value, depth);
    }
  }

  private putObject(value: object, depth: number): void {
    const number = this.session.numbers.get(value);
    if (number !== undefined) {
      const word = this.slot();
      I32[word] = KIND_SEEN;
      I32[word + PAYLOAD] = number;
    } else if (depth === 0) {
      this.putReference(value, false);
    } else if (isBytes(value)) {
      const word = this.slot();
      I32[word] = KIND_INT;
      copyToPython(value as Bytes, true, word);
    } else {
      this.putContents(value, contentsOf(value), depth);
    }
  }

  private putContents(value: object, contents: Contents | undefined, depth: number): void {
    if (contents === undefined) {
      this.putReference(value, true);
      return;
    }
    const { kind, items, object } = contents;
    const isPairs = kind === KIND_DICT && object === undefined;
    const { length } = items;
    const word = this.slot();
    I32[word] = kind;
    I32[word + EXTRA] = isPairs ? length / 2 : length;
    I32[word + PAYLOAD] = this.session.note(value);
    if (length > 0) {
      this.stack.push({ kind, items, object, depth: depth - 1, length, next: 0 });
    }
  }

  /** An object that stays one of JavaScript; what was cut by `depth` is not known later. */
  private putReference(value: object, isKnown: boolean): void {
    const known = this.session.numbers.get(value);
    const word = this.slot();
    if (known !== undefined) {
      I32[word] = KIND_SEEN;
      I32[word + PAYLOAD] = known;
      return;
    }
    I32[word] = KIND_INT;
    encodeRef(value, word);
    I32[word + ENCODING] = isKnown ? this.session.note(value) : -1;
  }
}

/** The import bridge_js_flatten. */
export function coilBoundaryFlatten(
  ref: number,
  depth: number,
  session: number,
  slots: number,
): number {
  const text = textTop;
  const known = session === 0 ? new Session() : (getRef(session) as Session);
  const tape = new Tape(known, session === 0);
  try {
    tape.write(getRef(ref), depth);
    I32[(slots >>> 2) + PAYLOAD] = tape.address;
    return tape.count;
  } catch (error) {
    tape.drop();
    encodeThrown(error, slots >>> 2);
    return -1;
  } finally {
    freeText(text);
  }
}

defineOperations({
  [JS_OP_NEW_SESSION]: () => new Session(),
  [JS_OP_BAD_KEY]: (key: object | symbol, isSet: boolean) => {
    throw badKey(key, isSet ? "set" : "dict");
  },
  [JS_OP_SESSION_NOTE]: (value, session: Session) =>
    session.numbers.get(value) ?? session.note(value),
});

export interface ToPyOptions {
  readonly depth?: number;
  readonly defaultConverter?: (
    value: unknown,
    convert: (value: unknown) => unknown,
    cache: (value: unknown, result: unknown) => void,
  ) => unknown;
}

/**
 * The Python object for a value and what is in it, `depth` levels. What Python has no counterpart
 * for and what needs none comes back as it is.
 */
export function toPy(value: unknown, options?: ToPyOptions | null): unknown {
  const { depth, defaultConverter } = optionsOf("toPy", options);
  const levels = levelsOf("toPy", depth);
  checkFunction("toPy", "defaultConverter", defaultConverter);
  const isObject = typeof value === "object" ? value !== null : typeof value === "function";
  if (!isObject || isPyProxy(value)) {
    return value;
  }
  return operate(PY_OP_TO_PY, 0, value, levels, defaultConverter ?? undefined);
}
