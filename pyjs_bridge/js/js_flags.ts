/** What a JavaScript value can do: the tests of api.md 4.3, which choose its type in Python. */

import {
  JS_FLAG_ARRAY,
  JS_FLAG_ASYNC_DISPOSE,
  JS_FLAG_ASYNC_GENERATOR,
  JS_FLAG_ASYNC_ITERABLE,
  JS_FLAG_ASYNC_ITERATOR,
  JS_FLAG_BUFFER,
  JS_FLAG_CALLABLE,
  JS_FLAG_DISPOSE,
  JS_FLAG_DOUBLE_PROXY,
  JS_FLAG_ERROR,
  JS_FLAG_GENERATOR,
  JS_FLAG_GET,
  JS_FLAG_HAS,
  JS_FLAG_ITERABLE,
  JS_FLAG_ITERATOR,
  JS_FLAG_LENGTH,
  JS_FLAG_MAP,
  JS_FLAG_MUTABLE_MAP,
  JS_FLAG_SEQUENCE,
  JS_FLAG_SET,
  JS_FLAG_THENABLE,
  JS_FLAG_TYPED_ARRAY,
} from "./generated.js";
import { attributesOf } from "./py_proxy.js";

// biome-ignore lint/suspicious/noExplicitAny: any property of any value is asked for.
type Anything = any;

const { isArray } = Array;
const { isView } = ArrayBuffer;
const tagOf = Object.prototype.toString;
const { apply } = Reflect;

/** Reads a property of a value that may do anything; what throws is not there. */
function read(value: Anything, key: PropertyKey): unknown {
  try {
    return value[key];
  } catch {
    return undefined;
  }
}

function has(value: Anything, key: PropertyKey): boolean {
  return typeof read(value, key) === "function";
}

/** "[object X]" of values from any realm; empty for a revoked Proxy. */
function tag(value: unknown): string {
  try {
    return apply(tagOf, value, []) as string;
  } catch {
    return "";
  }
}

const NO_PROPERTY = Symbol("no property");

/** Whether every property throws, as those of a revoked Proxy do. */
function refusesAll(value: Anything): boolean {
  try {
    return value[NO_PROPERTY] !== undefined;
  } catch {
    return true;
  }
}

/** What throws when it is read is there nevertheless: iter() or len() raises what it throws. */
function offers(value: Anything, key: PropertyKey, accepts: (found: unknown) => boolean): boolean {
  try {
    return accepts(value[key]);
  } catch {
    return !refusesAll(value);
  }
}

const isSomething = (found: unknown): boolean => found != null;
const isNumber = (found: unknown): boolean => typeof found === "number";

function iterationFlags(value: Anything): number {
  const iterable = offers(value, Symbol.iterator, isSomething);
  const asyncIterable = offers(value, Symbol.asyncIterator, isSomething);
  let flags = (iterable ? JS_FLAG_ITERABLE : 0) | (asyncIterable ? JS_FLAG_ASYNC_ITERABLE : 0);
  if (has(value, "next")) {
    flags |= iterable || !asyncIterable ? JS_FLAG_ITERATOR : 0;
    flags |= asyncIterable || !iterable ? JS_FLAG_ASYNC_ITERATOR : 0;
  }
  return flags;
}

function accessFlags(value: Anything): number {
  let flags = has(value, "get") ? JS_FLAG_GET : 0;
  if (has(value, "set") && has(value, "delete")) {
    flags |= JS_FLAG_SET;
  }
  if (has(value, "has") || has(value, "includes")) {
    flags |= JS_FLAG_HAS;
  }
  return flags;
}

const DISPOSE = (Symbol as { dispose?: symbol }).dispose;
const ASYNC_DISPOSE = (Symbol as { asyncDispose?: symbol }).asyncDispose;

function disposeFlags(value: Anything): number {
  const dispose = DISPOSE !== undefined && has(value, DISPOSE) ? JS_FLAG_DISPOSE : 0;
  const later = ASYNC_DISPOSE !== undefined && has(value, ASYNC_DISPOSE);
  return dispose | (later ? JS_FLAG_ASYNC_DISPOSE : 0);
}

/** size and length are asked last, and only of what is no function: a function's is no length. */
function lengthFlags(value: Anything): number {
  const counted = offers(value, "size", isNumber) || offers(value, "length", isNumber);
  return counted ? JS_FLAG_LENGTH : 0;
}

function mapFlags(value: Anything, flags: number): number {
  const wanted = JS_FLAG_GET | JS_FLAG_HAS | JS_FLAG_ITERABLE;
  if (
    (flags & wanted) !== wanted ||
    !has(value, "has") ||
    typeof read(value, "size") !== "number"
  ) {
    return 0;
  }
  return flags & JS_FLAG_SET ? JS_FLAG_MAP | JS_FLAG_MUTABLE_MAP : JS_FLAG_MAP;
}

function sequenceFlags(value: Anything, flags: number): number {
  const iterable = flags & JS_FLAG_ITERABLE && !(flags & (JS_FLAG_ITERATOR | JS_FLAG_MAP));
  return iterable && typeof read(value, "length") === "number" ? JS_FLAG_SEQUENCE : 0;
}

function errorFlags(value: Anything, name: string): number {
  if (typeof read(value, "name") !== "string" || typeof read(value, "message") !== "string") {
    return 0;
  }
  // Engines make the text of a stack when it is read, which takes longer than all of the rest.
  const isError =
    name === "[object Error]" ||
    name === "[object DOMException]" ||
    typeof read(value, "stack") === "string";
  return isError ? JS_FLAG_ERROR : 0;
}

const TAG_FLAGS: Readonly<Record<string, number>> = {
  "[object Generator]": JS_FLAG_GENERATOR,
  "[object AsyncGenerator]": JS_FLAG_ASYNC_GENERATOR,
  "[object ArrayBuffer]": JS_FLAG_BUFFER,
  "[object SharedArrayBuffer]": JS_FLAG_BUFFER,
};

/** Flags of what comes with the engine and is most frequent need no questions. */
const ARRAY_FLAGS = JS_FLAG_ARRAY | JS_FLAG_ITERABLE | JS_FLAG_LENGTH | JS_FLAG_HAS;

function arrayBufferFlags(value: object): number {
  const dataView = tag(value) === "[object DataView]";
  return dataView ? JS_FLAG_BUFFER : JS_FLAG_BUFFER | JS_FLAG_TYPED_ARRAY;
}

function isArraySafely(value: unknown): boolean {
  try {
    return isArray(value);
  } catch {
    return false; // a revoked Proxy
  }
}

/** All that functions are asked for. Most have none of it; engines are quick to tell so. */
function isBare(f: Anything): boolean {
  return (
    f.then === undefined &&
    f.get === undefined &&
    f.set === undefined &&
    f.has === undefined &&
    f.includes === undefined &&
    f.next === undefined &&
    f.size === undefined &&
    f[Symbol.iterator] === undefined &&
    f[Symbol.asyncIterator] === undefined &&
    (DISPOSE === undefined || f[DISPOSE] === undefined) &&
    (ASYNC_DISPOSE === undefined || f[ASYNC_DISPOSE] === undefined)
  );
}

function functionFlags(value: Anything): number {
  try {
    if (isBare(value)) {
      return JS_FLAG_CALLABLE;
    }
  } catch {
    // A getter throws: what can be read counts.
  }
  let flags = JS_FLAG_CALLABLE | iterationFlags(value) | accessFlags(value) | disposeFlags(value);
  if (has(value, "then")) {
    flags |= JS_FLAG_THENABLE;
  }
  return typeof read(value, "size") === "number" ? flags | JS_FLAG_LENGTH : flags;
}

/** A proxy of a Python object that stays one: its attributes say nothing about JavaScript. */
function proxyFlags(value: unknown): number {
  const flags = typeof value === "function" ? JS_FLAG_CALLABLE : 0;
  return flags | JS_FLAG_DOUBLE_PROXY;
}

function objectFlags(value: Anything): number {
  const name = tag(value);
  let flags = TAG_FLAGS[name] ?? 0;
  flags |= iterationFlags(value) | accessFlags(value) | disposeFlags(value) | lengthFlags(value);
  if (has(value, "then")) {
    flags |= JS_FLAG_THENABLE;
  }
  flags |= mapFlags(value, flags) | errorFlags(value, name);
  if (isView(value)) {
    return flags | arrayBufferFlags(value);
  }
  return isArraySafely(value) ? flags | ARRAY_FLAGS : flags | sequenceFlags(value, flags);
}

/** The js_flags of a value that is an object, a function or a symbol. */
export function jsFlags(value: unknown): number {
  if (attributesOf(value) !== undefined) {
    return proxyFlags(value);
  }
  if (typeof value === "function") {
    return functionFlags(value);
  }
  return typeof value === "object" ? objectFlags(value) : 0;
}
