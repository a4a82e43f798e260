/** The js_ops: what Python does with a JavaScript value less often than it calls or reads it. */

import { decode, encode } from "./convert.js";
import { crossing } from "./crossing.js";
import { encodeThrown, errorFrames, errorOfPython, errorText } from "./errors.js";
import {
  JS_OP_COMPARE,
  JS_OP_DELETE,
  JS_OP_ERROR_FRAMES,
  JS_OP_ERROR_TEXT,
  JS_OP_OWN_KEYS,
  JS_OP_TO_STRING,
  JS_OP_TYPEOF,
  KIND_JSREF,
  KIND_MISSING,
  KIND_PYERROR,
} from "./generated.js";
import { I32 } from "./memory.js";
import { Gone, getRef } from "./refs.js";
import { EXTRA, freeText, PAYLOAD, SLOT_SIZE, textTop } from "./slots.js";

// biome-ignore lint/suspicious/noExplicitAny: operations take any value.
type Anything = any;
export type Operation = (value: Anything, ...args: Anything[]) => unknown;

const WORDS = SLOT_SIZE >>> 2;

const { apply } = Reflect;

/** What toString() gives, which C refuses unless it is a string. */
function toText(value: Anything): unknown {
  if (typeof value === "symbol") {
    return String(value);
  }
  const method: unknown = value.toString;
  return typeof method === "function" ? apply(method, value, []) : "[object Object]";
}

/** Python's numbers of < <= == != > >=. */
const COMPARISONS: Operation[] = [
  (a, b) => a < b,
  (a, b) => a <= b,
  (a, b) => a === b,
  (a, b) => a !== b,
  (a, b) => a > b,
  (a, b) => a >= b,
];

function deleteProperty(value: Anything, key: string): void {
  if (!Reflect.deleteProperty(Object(value), key)) {
    throw new TypeError(`Cannot delete property '${key}'`);
  }
}

const INDEX = /^\d+$/;

/** Names of own and inherited properties, without the indices of a list. */
function allKeys(value: Anything): string {
  const keys = new Set<string>();
  for (let at = Object(value); at !== null; at = Object.getPrototypeOf(at)) {
    for (const key of Object.getOwnPropertyNames(at)) {
      if (!INDEX.test(key)) {
        keys.add(key);
      }
    }
  }
  return [...keys].join("\0");
}

/** What an operation returns that has no result; C asks for it, since undefined is one. */
export const MISSING = Symbol("missing");

/** By number; families of operations are in files of their own. */
const operations: (Operation | undefined)[] = [];

export function defineOperations(table: Readonly<Record<number, Operation>>): void {
  Object.assign(operations, table);
}

/** A result that writes itself into the slot it goes to. */
export class DirectResult {
  readonly #write: (word: number) => void;

  constructor(write: (word: number) => void) {
    this.#write = write;
  }

  /** Writes a result if it is one; asks nothing of a value that is a Proxy. */
  static write(result: unknown, word: number): boolean {
    if (typeof result !== "object" || result === null || !(#write in result)) {
      return false;
    }
    result.#write(word);
    return true;
  }
}

let added = 0;

/** Adds js_flags to the result of the operation that runs, if it is an object. */
export function addFlags(flags: number): void {
  added = flags;
}

/** Reads what C passes to an operation; an exception is passed as a value here. */
export function decodeOperand(word: number): unknown {
  return I32[word] === KIND_PYERROR ? errorOfPython(I32[word + PAYLOAD] as number) : decode(word);
}

export function decodeOperands(word: number, count: number): unknown[] {
  const values: unknown[] = [];
  for (let i = 0; i < count; i++) {
    values.push(decodeOperand(word + i * WORDS));
  }
  return values;
}

function encodeResult(result: unknown, flags: number, word: number): number {
  if (result === MISSING) {
    I32[word] = KIND_MISSING;
    return KIND_MISSING;
  }
  if (DirectResult.write(result, word)) {
    return I32[word] as number;
  }
  encode(result, word);
  if (I32[word] === KIND_JSREF) {
    I32[word + EXTRA] = (I32[word + EXTRA] as number) | flags;
  }
  return I32[word] as number;
}

defineOperations({
  [JS_OP_TO_STRING]: toText,
  [JS_OP_TYPEOF]: (value) => typeof value,
  [JS_OP_DELETE]: deleteProperty,
  [JS_OP_COMPARE]: (value, op, other) => COMPARISONS[op]?.(value, other),
  [JS_OP_OWN_KEYS]: allKeys,
  [JS_OP_ERROR_TEXT]: errorText,
  [JS_OP_ERROR_FRAMES]: errorFrames,
});

/** What is gone has a repr() all the same. */
function encodeFailure(op: number, error: unknown, word: number): number {
  if (op !== JS_OP_TO_STRING || !(error instanceof Gone)) {
    return encodeThrown(error, word);
  }
  encode("[object gone]", word);
  return I32[word] as number;
}

/** The import bridge_js_operate. */
export function coilBoundaryOperate(op: number, ref: number, slots: number, nargs: number): number {
  const word = slots >>> 2;
  const text = textTop;
  try {
    const values = decodeOperands(word, nargs);
    crossing();
    added = 0;
    const result = (operations[op] as Operation)(getRef(ref), ...values);
    const flags = added;
    added = 0;
    return encodeResult(result, flags, word);
  } catch (error) {
    return encodeFailure(op, error, word);
  } finally {
    freeText(text);
  }
}
