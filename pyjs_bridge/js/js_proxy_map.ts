/** Values with a length, and those with get, set, delete and has. The mirror of js_proxy_map.c. */

import {
  JS_OP_LENGTH,
  JS_OP_LOOKUP_DELETE,
  JS_OP_LOOKUP_GET,
  JS_OP_LOOKUP_HAS,
  JS_OP_LOOKUP_SET,
  JS_OP_MAP_KEYS,
} from "./generated.js";
import { defineOperations, MISSING } from "./js_operations.js";

// biome-ignore lint/suspicious/noExplicitAny: operations take any value.
type Anything = any;

function lengthOf(value: Anything): number {
  const { size } = value;
  return typeof size === "number" ? size : value.length;
}

function isMissing(value: Anything, key: unknown, found: unknown): boolean {
  if (typeof value.has === "function") {
    return !value.has(key);
  }
  return found === undefined;
}

/** get() says undefined or null for what is not there, but these may be there as well. */
function lookUp(value: Anything, key: unknown): unknown {
  const found: unknown = value.get(key);
  if ((found === undefined || found === null) && isMissing(value, key, found)) {
    return MISSING;
  }
  return found;
}

/** Where there is no has(), what delete() says does not tell. */
function remove(value: Anything, key: unknown): unknown {
  if (typeof value.has === "function" && !value.has(key)) {
    return MISSING;
  }
  value.delete(key);
  return undefined;
}

function includes(value: Anything, key: unknown): boolean {
  return Boolean(typeof value.has === "function" ? value.has(key) : value.includes(key));
}

function* firstOfPairs(pairs: Iterable<[unknown, unknown]>): Generator<unknown> {
  for (const [key] of pairs) {
    yield key;
  }
}

function keysOf(value: Anything): unknown {
  return typeof value.keys === "function" ? value.keys() : firstOfPairs(value);
}

defineOperations({
  [JS_OP_LENGTH]: lengthOf,
  [JS_OP_LOOKUP_GET]: lookUp,
  [JS_OP_LOOKUP_SET]: (value, key, item) => {
    value.set(key, item);
  },
  [JS_OP_LOOKUP_DELETE]: remove,
  [JS_OP_LOOKUP_HAS]: includes,
  [JS_OP_MAP_KEYS]: keysOf,
});
