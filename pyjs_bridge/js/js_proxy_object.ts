/** What every JavaScript object offers in Python beside attributes. The mirror of js_proxy_object.c. */

import { describeValue, PythonRaise } from "./errors.js";
import {
  JS_FLAG_HEREDITARY,
  JS_FLAG_JSON_VIEW,
  JS_FLAG_OBJECT_MAP,
  JS_OP_JS_ID,
  JS_OP_OBJECT_ENTRIES,
  JS_OP_OBJECT_KEYS,
  JS_OP_OBJECT_VALUES,
  JS_OP_PROPERTY_DELETE,
  JS_OP_PROPERTY_GET,
  JS_OP_PROPERTY_HAS,
  JS_OP_PROPERTY_KEYS,
  JS_OP_PROPERTY_SET,
  JS_OP_PUBLIC_KEYS,
  JS_OP_WEAK_REF,
  RAISE_TYPE,
} from "./generated.js";
import { addFlags, defineOperations, MISSING } from "./js_operations.js";

// biome-ignore lint/suspicious/noExplicitAny: operations take any value.
type Anything = any;

const { deleteProperty } = Reflect;
const { hasOwn } = Object;

/* --- identity --- */

const numbers = new WeakMap<object, number>();
/** A symbol may be one that cannot be held weakly. */
const symbolNumbers = new Map<symbol, number>();
let lastNumber = 0;

function identify(value: Anything): number {
  const map = (typeof value === "symbol" ? symbolNumbers : numbers) as Map<unknown, number>;
  let number = map.get(value);
  if (number === undefined) {
    number = ++lastNumber;
    map.set(value, number);
  }
  return number;
}

/** Registered symbols cannot be held weakly, nor any in older engines. */
function weakRef(value: Anything): WeakRef<object> {
  try {
    return new WeakRef(value);
  } catch {
    throw new PythonRaise(RAISE_TYPE, `there are no weak references to ${describeValue(value)}`);
  }
}

/* --- properties as items --- */

/** Whether a value is an array or a plain object of any realm: what JSON is made of. */
function isJson(value: unknown): boolean {
  if (typeof value !== "object" || value === null) {
    return false;
  }
  if (Array.isArray(value)) {
    return true;
  }
  const prototype = Object.getPrototypeOf(value) as object | null;
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** The js_flags that make an item of a view a view, too. */
export function viewFlags(value: unknown): number {
  if (!isJson(value)) {
    return 0;
  }
  return Array.isArray(value) ? JS_FLAG_JSON_VIEW : JS_FLAG_JSON_VIEW | JS_FLAG_OBJECT_MAP;
}

function hasProperty(object: Anything, key: unknown, flags: number): boolean {
  if (typeof key !== "string") {
    return false;
  }
  return flags & JS_FLAG_HEREDITARY ? key in object : hasOwn(object, key);
}

function getProperty(object: Anything, key: unknown, flags: number): unknown {
  if (!hasProperty(object, key, flags)) {
    return MISSING;
  }
  const value: unknown = object[key as string];
  if (flags & JS_FLAG_JSON_VIEW) {
    addFlags(viewFlags(value));
  }
  return value;
}

function setProperty(object: Anything, key: unknown, value: unknown): void {
  if (typeof key !== "string") {
    throw new PythonRaise(RAISE_TYPE, "the keys of a JavaScript object are strings");
  }
  object[key] = value;
}

function dropProperty(object: Anything, key: unknown): unknown {
  if (typeof key !== "string" || !hasOwn(object, key)) {
    return MISSING;
  }
  if (!deleteProperty(object, key)) {
    throw new TypeError(`Cannot delete property '${key}'`);
  }
  return undefined;
}

function propertyKeys(object: Anything, flags: number): string[] {
  if (!(flags & JS_FLAG_HEREDITARY)) {
    return Object.keys(object);
  }
  const keys: string[] = [];
  for (const key in object) {
    keys.push(key);
  }
  return keys;
}

function isReadable(object: Anything, key: string): boolean {
  try {
    void object[key];
    return true;
  } catch {
    return false;
  }
}

/**
 * The names that `import *` takes: those of all properties that can be read, own and inherited, but not what every
 * object has. They need not be enumerable, since hardly anything of the global scope is.
 */
function publicKeys(object: Anything): string[] {
  const keys = new Set<string>();
  let at: object | null = object;
  while (at !== null) {
    const next = Object.getPrototypeOf(at) as object | null;
    if (next === null && at !== object) {
      break; // Object.prototype of whatever realm
    }
    for (const key of Object.getOwnPropertyNames(at)) {
      if (!key.startsWith("_") && key !== "constructor" && isReadable(object, key)) {
        keys.add(key);
      }
    }
    at = next;
  }
  return [...keys];
}

defineOperations({
  [JS_OP_JS_ID]: identify,
  [JS_OP_PUBLIC_KEYS]: publicKeys,
  [JS_OP_OBJECT_KEYS]: (value) => Object.keys(value),
  [JS_OP_OBJECT_VALUES]: (value) => Object.values(value),
  [JS_OP_OBJECT_ENTRIES]: (value) => Object.entries(value),
  [JS_OP_WEAK_REF]: weakRef,
  [JS_OP_PROPERTY_GET]: getProperty,
  [JS_OP_PROPERTY_SET]: setProperty,
  [JS_OP_PROPERTY_DELETE]: dropProperty,
  [JS_OP_PROPERTY_HAS]: hasProperty,
  [JS_OP_PROPERTY_KEYS]: propertyKeys,
});
