/** Assertions that are the same in every engine. Each throws an AssertionError that shows both sides. */

export class AssertionError extends Error {
  name = "AssertionError";
}

/** Throws with `message`. */
export function fail(message) {
  throw new AssertionError(message);
}

/** `condition` must be true or something that counts as true. */
export function ok(condition, message = "the condition does not hold") {
  if (!condition) {
    fail(message);
  }
}

/** Object.is: NaN equals NaN, and -0 is not 0. */
export function same(actual, expected, message = "") {
  if (!Object.is(actual, expected)) {
    fail(compare(actual, expected, message));
  }
}

export function notSame(actual, unwanted, message = "") {
  if (Object.is(actual, unwanted)) {
    fail(`${prefix(message)}got ${show(actual)}, which it must not be`);
  }
}

/**
 * The same structure and types all the way down: own enumerable keys, order of Maps and Sets, kinds
 * of typed arrays; numbers as in {@link same}. Functions and symbols must be identical.
 */
export function deepEqual(actual, expected, message = "") {
  const path = difference(actual, expected, "", new Map());
  if (path !== undefined) {
    const place = path === "" ? "" : `they differ at ${path}\n`;
    fail(place + compare(actual, expected, message));
  }
}

/** Text that a pattern (RegExp) matches or that contains a string. */
export function match(actual, pattern, message = "") {
  const found =
    typeof pattern === "string" ? String(actual).includes(pattern) : pattern.test(String(actual));
  if (typeof actual !== "string" || !found) {
    fail(`${prefix(message)}${show(actual)} does not match ${show(pattern)}`);
  }
}

/**
 * `call` must throw. Returns what it threw.
 *
 * @param expected What the thrown value's properties must be; a RegExp is matched, a function is a
 *   class. For instance `{name: "PythonError", type: "KeyError", message: /missing/}`.
 */
export function throws(call, expected = {}, message = "") {
  let result;
  try {
    result = call();
  } catch (error) {
    return checkThrown(error, expected, message);
  }
  return fail(`${prefix(message)}nothing was thrown; the result is ${show(result)}`);
}

/** The same for a promise, or for a function that returns one. */
export async function rejects(promise, expected = {}, message = "") {
  let result;
  try {
    result = await (typeof promise === "function" ? promise() : promise);
  } catch (error) {
    return checkThrown(error, expected, message);
  }
  return fail(`${prefix(message)}it did not reject; the result is ${show(result)}`);
}

function checkThrown(error, expected, message) {
  if (typeof expected === "function") {
    ok(error instanceof expected, `${prefix(message)}${show(error)} is no ${expected.name}`);
    return error;
  }
  for (const [key, wanted] of Object.entries(expected)) {
    const actual = error?.[key];
    if (wanted instanceof RegExp) {
      match(actual, wanted, `${message} ${key} of the error`);
    } else if (!Object.is(actual, wanted)) {
      // Showing an error of Python has it make the text of its traceback.
      same(actual, wanted, `${message} ${key} of the error ${show(error)}`);
    }
  }
  return error;
}

/** Where two values differ: undefined if nowhere. `seen` holds the pairs that are being compared. */
function difference(a, b, path, seen) {
  if (Object.is(a, b)) {
    return undefined;
  }
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) {
    return path;
  }
  if (seen.get(a) === b) {
    return undefined;
  }
  seen.set(a, b);
  if (tagOf(a) !== tagOf(b)) {
    return path;
  }
  return contentDifference(a, b, path, seen);
}

function contentDifference(a, b, path, seen) {
  if (a instanceof Map || a instanceof Set) {
    return difference([...a], [...b], `${path}[items]`, seen);
  }
  if (a instanceof Date) {
    return Object.is(a.getTime(), b.getTime()) ? undefined : path;
  }
  if (a instanceof ArrayBuffer) {
    return difference(new Uint8Array(a), new Uint8Array(b), path, seen);
  }
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length || a.length !== b.length) {
    return path;
  }
  for (const key of keys) {
    const place = `${path}.${key}`;
    const found = Object.hasOwn(b, key) ? difference(a[key], b[key], place, seen) : place;
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

/** Tells the kinds of objects apart, of other realms too. */
function tagOf(value) {
  const isPlain = [null, Object.prototype].includes(Object.getPrototypeOf(value));
  return isPlain ? "plain" : Object.prototype.toString.call(value);
}

function prefix(message) {
  return message ? `${message}: ` : "";
}

function compare(actual, expected, message) {
  return `${prefix(message)}got      ${show(actual)}\n  expected ${show(expected)}`;
}

/** A value as text, short enough for a message. Never throws. */
export function show(value) {
  try {
    const text = render(value, 3);
    return text.length > 600 ? `${text.slice(0, 600)}...` : text;
  } catch (error) {
    return `<${typeof value} that cannot be shown: ${error?.message}>`;
  }
}

function render(value, depth) {
  if (typeof value === "string") {
    return JSON.stringify(value);
  }
  if (Object.is(value, -0)) {
    return "-0";
  }
  if (typeof value === "bigint") {
    return `${value}n`;
  }
  if (typeof value === "function") {
    return `[function ${value.name}]`;
  }
  return typeof value === "object" && value !== null ? renderObject(value, depth) : String(value);
}

function renderObject(value, depth) {
  if (value instanceof Error) {
    return `${value.name}: ${value.message}`;
  }
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  if (depth === 0) {
    return tag;
  }
  if (Array.isArray(value)) {
    return `[${Array.from(value, (item) => render(item, depth - 1)).join(", ")}]`;
  }
  if (value instanceof Map || value instanceof Set || ArrayBuffer.isView(value)) {
    const items = value instanceof DataView ? [] : [...value].slice(0, 40);
    return `${tag} ${render(items, depth - 1)}`;
  }
  const fields = Object.entries(value).map(([key, item]) => `${key}: ${render(item, depth - 1)}`);
  return `${tag === "Object" ? "" : `${tag} `}{${fields.join(", ")}}`;
}
