/**
 * Values that go to the other language and back are what the model says, whatever they are.
 *
 * `--set=runs=N` of run.mjs says how many values each property is tried with, `--set=seed=N` where
 * they begin.
 */

import * as assert from "../harness/assert.mjs";
import { test } from "../harness/test.mjs";

const RUNS = 100;
const SEED = 4;

/** A failure tells the seed. */
function seedOf({ settings: { seed = SEED } }) {
  return seed === "random" ? Date.now() | 0 : Number(seed);
}

/* --- values --- */

const SPECIAL = [0, -0, 1, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, Number.MIN_VALUE];
const EDGES = [2 ** 30, 2 ** 31, 2 ** 32, 2 ** 53, 2 ** 63, 2 ** 64].flatMap((edge) =>
  [-1, 0, 1].flatMap((near) => [edge + near, -edge + near]),
);

/**
 * Each property: ({fc, t, python, arbitraries}) gives a property of fast-check.
 *
 * @param {unknown[]} always Values that are tried in any case.
 */
function property(name, source, make, always = []) {
  test(name, async (t) => {
    const fc = await t.library("fast-check");
    const globals = t.pyodide.runPython("{}");
    const python = t.pyodide.runPython(source, { globals });
    try {
      await fc.assert(make({ fc, t, python, ...arbitrariesOf(fc) }), {
        seed: seedOf(t),
        numRuns: Number(t.settings.runs ?? RUNS) + always.length,
        examples: always.map((value) => [value]),
      });
    } finally {
      python.destroy();
      globals.destroy();
    }
  });
}

const ARRAYS = [
  Int8Array,
  Uint8Array,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  Uint8ClampedArray,
];

function arbitrariesOf(fc) {
  const number = fc.oneof(
    fc.constantFrom(...SPECIAL, ...EDGES),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.double(),
  );
  const bigint = fc.oneof(
    fc.bigInt(),
    fc.bigInt(-(2n ** 70n), 2n ** 70n),
    fc.constantFrom(0n, -1n, 2n ** 30n, 2n ** 60n, -(2n ** 300n)),
  );
  const unit = fc.oneof(
    fc.integer({ min: 0, max: 0x7f }),
    fc.integer({ min: 0, max: 0xff }),
    fc.integer({ min: 0xd700, max: 0xe0ff }), // surrogates and their neighbours
    fc.integer({ min: 0, max: 0xffff }),
  );
  const string = fc.oneof(
    fc.string(),
    fc.array(unit, { maxLength: 40 }).map((units) => String.fromCharCode(...units)),
    fc.constantFrom("__proto__", "constructor", "length", "get", "\0", "\ud83d\ude00"),
  );
  const buffer = fc
    .tuple(fc.constantFrom(...ARRAYS), fc.uint8Array({ maxLength: 40 }))
    .map(([Class, bytes]) => {
      const usable = bytes.length - (bytes.length % Class.BYTES_PER_ELEMENT);
      return new Class(bytes.slice(0, usable).buffer);
    });
  // Keys that no other key is equal to in Python, as 1, true and 1n are.
  const key = fc.oneof(string, fc.integer({ min: 2 }), fc.constantFrom(undefined, null, 2.5, -1.5));
  const scalar = fc.oneof(
    number,
    bigint,
    string,
    fc.boolean(),
    fc.constantFrom(null, undefined),
    fc.date(),
    fc.constantFrom(Math, Number.isNaN, Symbol.iterator),
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 4, depthSize: "small" }, scalar, buffer, tie("container")),
    container: fc.oneof(
      fc.array(tie("value"), { maxLength: 6 }),
      fc.dictionary(string, tie("value"), { maxKeys: 6 }),
      fc.array(fc.tuple(key, tie("value")), { maxLength: 6 }).map((pairs) => new Map(pairs)),
      fc.array(key, { maxLength: 6 }).map((items) => new Set(items)),
    ),
  }));
  return { number, bigint, string, buffer, scalar, value };
}

/** What comes back: what Python does not tell apart has become the same. */
function afterRoundTrip(value) {
  if (Array.isArray(value)) {
    return value.map(afterRoundTrip);
  }
  if (value instanceof Map) {
    return new Map([...value].map(([key, item]) => [key, afterRoundTrip(item)]));
  }
  if (value instanceof Set) {
    return new Set([...value].sort(byText)); // Python's sets have no order
  }
  if (value instanceof Uint8ClampedArray) {
    return new Uint8Array(value);
  }
  if (isPlain(value)) {
    return new Map(Object.entries(value).map(([key, item]) => [key, afterRoundTrip(item)]));
  }
  return value;
}

const byText = (a, b) => (`${typeof a} ${String(a)}` < `${typeof b} ${String(b)}` ? -1 : 1);

/** Equal but for the order of sets. */
function assertCameBack(back, original) {
  const expected = afterRoundTrip(original);
  assert.deepEqual(afterRoundTrip(back), expected);
}

function isPlain(value) {
  return (
    typeof value === "object" &&
    value !== null &&
    [null, Object.prototype].includes(Object.getPrototypeOf(value)) &&
    value !== Math
  );
}

const toMap = { dict_converter: (pairs) => new Map(pairs) };

/** Drops the proxy of a container; what is no proxy is its own copy. */
function toJs(proxy, options) {
  const isProxy = typeof proxy?.toJs === "function";
  const value = isProxy ? proxy.toJs(options) : proxy;
  if (isProxy) {
    proxy.destroy();
  }
  return value;
}

/* --- properties --- */

property("toPy() and toJs() are inverse", "None\nlambda: None", ({ fc, t, value }) =>
  fc.property(value, (original) => {
    assertCameBack(toJs(t.pyodide.toPy(original), toMap), original);
  }),
);

property(
  "to_py() and to_js() are inverse",
  `
from pyodide.ffi import to_js
def round_trip(value, to_map):
    if hasattr(value, "to_py"):
        value = value.to_py()
    return to_js(value, dict_converter=to_map)
round_trip`,
  ({ fc, python, value }) =>
    fc.property(value, (original) => {
      const back = python(original, (pairs) => new Map(pairs));
      assertCameBack(back, original);
    }),
);

property(
  "scalars go through a call as they are",
  "lambda x: x",
  ({ fc, python, scalar }) =>
    fc.property(scalar, (value) => {
      assert.same(python(value), value);
    }),
  [null, undefined, true, "\u00e9", "\u20ac", -(2n ** 70n), ...SPECIAL],
);

property(
  "numbers have the type and the bits in Python that they should",
  `
import struct
def look(value):
    return type(value).__name__ + " " + struct.pack(">d", value).hex()
look`,
  ({ fc, python, number }) =>
    fc.property(number, (value) => {
      const bits = new DataView(new ArrayBuffer(8));
      bits.setFloat64(0, value);
      const hex = bits.getBigUint64(0).toString(16).padStart(16, "0");
      const type = Number.isSafeInteger(value) && !Object.is(value, -0) ? "int" : "float";
      assert.same(python(value), Number.isNaN(value) ? python(Number.NaN) : `${type} ${hex}`);
    }),
  [...SPECIAL, ...EDGES],
);

property(
  "integers of any size are the same number on both sides",
  "lambda x: (format(x, 'x'), int(x), x + 1 - 1)",
  ({ fc, python, bigint }) =>
    fc.property(bigint, (value) => {
      const [hex, int, sum] = toJs(python(value));
      assert.same(hex, value.toString(16));
      const fits = value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER;
      assert.same(int, fits ? Number(value) : value);
      assert.same(sum, value); // it is still a JsBigInt
    }),
);

property(
  "strings have the same code points on both sides",
  "lambda x: ([ord(c) for c in x], len(x), ''.join(list(x)))",
  ({ fc, python, string }) =>
    fc.property(string, (value) => {
      const points = Array.from(value, (character) => character.codePointAt(0));
      assert.deepEqual(toJs(python(value)), [points, points.length, value]);
    }),
);

property(
  "slices of buffers are those of their elements",
  `
def part(view, start, stop, step):
    return view[start:stop:step]
part`,
  ({ fc, t, python, buffer }) => {
    const index = fc.option(fc.integer({ min: -45, max: 45 }), { nil: undefined });
    const step = fc.constantFrom(undefined, 1, 2, 3, -1, -2);
    return fc.property(buffer, index, index, step, (array, start, stop, stride) => {
      const view = t.pyodide.toPy(array);
      const slice = python(view, start, stop, stride);
      const expected = sliceOf([...array], start, stop, stride);
      assert.deepEqual([...slice.toJs()], expected);
      const { data, offset, shape, strides } = slice.getBuffer();
      const seen = Array.from({ length: shape[0] }, (_, i) => data[offset + i * strides[0]]);
      assert.deepEqual(seen, expected);
      for (const proxy of [slice, view]) {
        proxy.destroy();
      }
    });
  },
);

/** As Python slices a list. */
function sliceOf(list, start, stop, step = 1) {
  const { length } = list;
  const [low, high] = step > 0 ? [0, length] : [-1, length - 1];
  const clip = (index, otherwise) =>
    index === undefined
      ? otherwise
      : Math.min(Math.max(index < 0 ? index + length : index, low), high);
  const last = clip(stop, step > 0 ? high : low);
  const result = [];
  for (let i = clip(start, step > 0 ? low : high); step > 0 ? i < last : i > last; i += step) {
    result.push(list[i]);
  }
  return result;
}

property("views for JSON show what JSON can", "lambda: None", ({ fc, t }) =>
  fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
    fc.pre(typeof value === "object" && value !== null);
    const proxy = t.pyodide.toPy(value);
    assert.deepEqual(
      JSON.parse(JSON.stringify(proxy.asJsJson())),
      JSON.parse(JSON.stringify(value)),
    );
    proxy.destroy();
  }),
);

property(
  "JSON is the same text for both languages' parsers",
  `
import json
from pyodide.ffi import to_js
from js import Object
def parse(text):
    return to_js(json.loads(text), dict_converter=Object.fromEntries)
parse`,
  ({ fc, python }) =>
    fc.property(fc.json({ maxDepth: 4 }), (text) => {
      // Python's null is undefined in JavaScript, and its long integers are BigInts.
      const alike = (_, value) =>
        typeof value === "bigint" ? Number(value) : (value ?? undefined);
      const mine = JSON.stringify(JSON.parse(text), alike);
      assert.same(JSON.stringify(python(text), alike), mine);
    }),
);

test("what does not hold is found, and made small", { leaks: "it fails on purpose" }, async (t) => {
  const fc = await t.library("fast-check");
  const { value } = arbitrariesOf(fc);
  const wrong = fc.property(value, (original) => {
    const back = toJs(t.pyodide.toPy(original), { depth: 1, create_pyproxies: true });
    assertCameBack(back, original);
  });
  const { failed, counterexample } = fc.check(wrong, { seed: SEED, numRuns: 1000 });
  assert.same(failed, true);
  const [outer] = counterexample;
  const [inner, ...others] =
    outer instanceof Map || Array.isArray(outer) ? outer.values() : Object.values(outer);
  assert.deepEqual(
    [others.length, Object.keys(inner).length, inner.size ?? 0],
    [0, 0, 0],
    "it is the smallest one",
  );
});
