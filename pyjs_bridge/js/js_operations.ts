/** The js_ops: what Python does with a JavaScript value less often than it calls or reads it. */

import { decode, encode } from "./convert.js";
import { describeError, encodeThrown } from "./errors.js";
import {
  JS_OP_COMPARE,
  JS_OP_DELETE,
  JS_OP_DESCRIBE_ERROR,
  JS_OP_HAS,
  JS_OP_OWN_KEYS,
  JS_OP_TO_STRING,
  JS_OP_TYPEOF,
} from "./generated.js";
import { I32 } from "./memory.js";
import { getRef } from "./refs.js";
import { freeText, SLOT_SIZE, textTop } from "./slots.js";

// biome-ignore lint/suspicious/noExplicitAny: operations take any value.
type Anything = any;
type Operation = (value: Anything, ...args: Anything[]) => unknown;

function toText(value: Anything): string {
  if (typeof value === "object" && value !== null && typeof value.toString !== "function") {
    return "[object Object]";
  }
  return String(value);
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

/** Names of own and inherited properties. */
function allKeys(value: Anything): string {
  const keys = new Set<string>();
  for (let at = Object(value); at !== null; at = Object.getPrototypeOf(at)) {
    for (const key of Object.getOwnPropertyNames(at)) {
      keys.add(key);
    }
  }
  return [...keys].join("\0");
}

/** By number; families of operations are in files of their own. */
const operations: (Operation | undefined)[] = [];
export function defineOperations(table: Readonly<Record<number, Operation>>): void {
  Object.assign(operations, table);
}

defineOperations({
  [JS_OP_TO_STRING]: toText,
  [JS_OP_TYPEOF]: (value) => typeof value,
  [JS_OP_DELETE]: deleteProperty,
  [JS_OP_HAS]: (value, key) => key in Object(value),
  [JS_OP_COMPARE]: (value, op, other) => COMPARISONS[op]?.(value, other),
  [JS_OP_OWN_KEYS]: allKeys,
  [JS_OP_DESCRIBE_ERROR]: describeError,
});

/** The import bridge_js_operate. */
export function coilBoundaryOperate(op: number, ref: number, slots: number, nargs: number): number {
  const word = slots >>> 2;
  const text = textTop;
  try {
    const values: unknown[] = [];
    for (let i = 0; i < nargs; i++) {
      values.push(decode((slots + i * SLOT_SIZE) >>> 2));
    }
    const operation = operations[op] as Operation;
    encode(operation(getRef(ref), ...values), word);
    return I32[word] as number;
  } catch (error) {
    return encodeThrown(error, word);
  } finally {
    freeText(text);
  }
}
