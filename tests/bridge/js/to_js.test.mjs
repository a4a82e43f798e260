/** toJs() and pyodide.ffi.to_js. */

import * as assert from "../harness/assert.mjs";
import { test } from "../harness/test.mjs";

const run = (t, code) => t.pyodide.runPython(code);
const convert = (t, code, options) => run(t, code).toJs(options);

const CASES = [
  ["[]", []],
  [
    "[1, 2.5, 'x', None, True, 2**60, -2**31, 2**31, '\\u20ac\\U0001F600']",
    [1, 2.5, "x", undefined, true, 2n ** 60n, -(2 ** 31), 2 ** 31, "€😀"],
  ],
  ["(1, (2, [3]))", [1, [2, [3]]]],
  ["{'a': 1, 'b': {'c': []}}", { a: 1, b: { c: [] } }],
  [
    "{1: 'one', None: 'none', True and 1.5: 'float', False: 'no'}",
    { 1: "one", undefined: "none", 1.5: "float", false: "no" },
  ],
  ["[{1, 2}]", [new Set([1, 2])]],
  ["b'abc'", new Uint8Array([97, 98, 99])],
  ["bytearray(b'ab')", new Uint8Array([97, 98])],
  ["__import__('collections').namedtuple('P', 'x y')(1, 2)", [1, 2]],
  ["__import__('collections').OrderedDict(a=1)", { a: 1 }],
  ["{'constructor': 1, 'toString': 2}", { constructor: 1, toString: 2 }],
];

test("containers become JavaScript's", (t) => {
  for (const [code, expected] of CASES) {
    assert.deepEqual(convert(t, code), expected, code);
  }
  const set = convert(t, "{1, 'x', None, 2.5}");
  assert.deepEqual(
    [1, "x", undefined, 2.5].map((item) => set.has(item)),
    [true, true, true, true],
  );
  assert.same(set.size, 4);
});

test("integers of any size keep their value", (t) => {
  for (const text of [
    "9007199254740991",
    "9007199254740992",
    "-9007199254740992",
    "-18446744073709551616",
  ]) {
    assert.same(String(convert(t, `[${text}]`)[0]), text);
    assert.same(String(run(t, text)), text);
  }
});

test("__proto__ is a key like others", (t) => {
  const object = convert(t, "{'__proto__': 1, 'x': {'__proto__': {'y': 2}}}");
  assert.deepEqual(Object.keys(object), ["__proto__", "x"]);
  assert.same(Object.getPrototypeOf(object), Object.prototype);
  assert.same(object.x.y, undefined);
});

test("jsnull and objects of JavaScript are themselves", (t) => {
  const object = { mine: true };
  const f = run(t, "from pyodide.ffi import jsnull; lambda o: [jsnull, o, {'o': o}]");
  const [nothing, same, inside] = f(object).toJs();
  assert.same(nothing, null);
  assert.same(same, object);
  assert.same(inside.o, object);
});

test("shared and cyclic references keep their structure", (t) => {
  const shared = convert(t, "x = [1]; d = {'x': x}; [x, x, d, d]");
  assert.same(shared[0], shared[1]);
  assert.same(shared[2].x, shared[0]);
  assert.same(shared[2], shared[3]);
  const cyclic = convert(t, "x = [1]; d = {'x': x}; x.append(d); x");
  assert.same(cyclic[1].x, cyclic);
  const proxies = convert(t, "r = range(3); [r, r]");
  assert.same(proxies[0], proxies[1]);
  run(t, "del x, d, r");
});

test("depth says how many levels are converted", (t) => {
  const code = "[1, [2, [3]], {'a': {}}]";
  const zero = run(t, code);
  const same = zero.toJs({ depth: 0 });
  assert.same(same.type, "list");
  zero.destroy();
  assert.same(same.length, 3);
  const one = convert(t, code, { depth: 1 });
  assert.same(Array.isArray(one), true);
  assert.deepEqual([one[1].type, one[2].type], ["list", "dict"]);
  const two = convert(t, code, { depth: 2 });
  assert.deepEqual([two[1][0], two[1][1].type, two[2].a.type], [2, "list", "dict"]);
  assert.deepEqual(convert(t, code, { depth: -5, unknown: true }), [1, [2, [3]], { a: {} }]);
});

test("what has no conversion becomes a proxy, which is noted", (t) => {
  const pyproxies = [];
  const result = convert(t, "[range(2), [frozenset([1])], print]", { pyproxies });
  assert.deepEqual(
    pyproxies.map((proxy) => proxy.type),
    ["range", "frozenset", "builtin_function_or_method"],
  );
  assert.same(pyproxies[0], result[0]);
  const before = t.pyodide.coil._debug.counts().proxies;
  t.pyodide.pyimport("pyodide.ffi.destroy_proxies")(pyproxies);
  assert.ok(t.pyodide.coil._debug.counts().proxies < before);
  assert.throws(() => result[0].type, /destroyed/);
});

test("without proxies it is a ConversionError", (t) => {
  const error = { name: "PythonError", type: "ConversionError" };
  assert.throws(() => convert(t, "[range(2)]", { create_pyproxies: false }), error);
  assert.throws(() => convert(t, "[[1]]", { create_pyproxies: false, depth: 1 }), error);
  assert.deepEqual(convert(t, "[[1]]", { create_pyproxies: false }), [[1]]);
});

test("keys and items of sets must be immutable values of JavaScript", (t) => {
  const error = { type: "ConversionError" };
  assert.throws(() => convert(t, "{(1, 2): 3}"), error);
  assert.throws(() => convert(t, "{(1, 2)}"), error);
  assert.throws(() => convert(t, "{1: 'a', '1': 'b'}"), error);
  assert.throws(() => convert(t, "{None: 'a', 'undefined': 'b'}"), error);
});

test("dict_converter makes something else of dicts", (t) => {
  const code = "{'a': {'b': 1}, 2: 'x'}";
  const map = convert(t, code, { dict_converter: (pairs) => new Map(pairs) });
  assert.deepEqual(
    map,
    new Map([
      ["a", new Map([["b", 1]])],
      [2, "x"],
    ]),
  );
  assert.deepEqual(convert(t, code, { dict_converter: Object.fromEntries }), {
    a: { b: 1 },
    2: "x",
  });
  const thrown = new Error("thrown by the converter");
  assert.same(
    assert.throws(() =>
      convert(t, code, {
        dict_converter: () => {
          throw thrown;
        },
      }),
    ),
    thrown,
  );
});

test("default_converter is asked about what has no conversion", (t) => {
  const code = "[range(2), [range(3)], 5]";
  const seen = [];
  const default_converter = (value, convertInside) => {
    seen.push(value.toString());
    return { items: convertInside(t.pyodide.globals.get("list")(value)) };
  };
  assert.deepEqual(convert(t, code, { default_converter }), [
    { items: [0, 1] },
    [{ items: [0, 1, 2] }],
    5,
  ]);
  assert.deepEqual(seen, ["range(0, 2)", "range(0, 3)"]);
  const unchanged = convert(t, code, { default_converter: (value) => value });
  assert.same(unchanged[0].type, "range");
  const recursive = convert(t, code, { default_converter: (value, again) => again(value) });
  assert.same(recursive[0].type, "range");
  assert.throws(
    () =>
      convert(t, code, {
        default_converter: () => {
          throw new Error("no");
        },
      }),
    /no/,
  );
});

test("a converter can register its result for cycles", (t) => {
  const code = `
class Node:
    pass
a, b = Node(), Node()
a.other, b.other = b, a
a`;
  const default_converter = (node, convertInside, cache) => {
    const result = { node: true };
    cache(node, result);
    result.other = convertInside(node.other);
    return result;
  };
  const result = convert(t, code, { default_converter });
  assert.same(result.other.other, result);
  run(t, "del a, b, Node");
});

test("what converters convert is the same object elsewhere", (t) => {
  const code = `
class Box:
    pass
shared = [[1], {'a': 2}]
box = Box()
box.content = shared
[box, shared, shared[0], box]`;
  const default_converter = (value, convertInside) => ({ content: convertInside(value.content) });
  const [box, shared, inner, again] = convert(t, code, { default_converter });
  assert.deepEqual(shared, [[1], { a: 2 }]);
  assert.same(box.content, shared);
  assert.same(shared[0], inner);
  assert.same(again, box);
  run(t, "del Box, shared, box");
});

test("eager_converter is asked first, and convert goes on as usual", (t) => {
  const seen = [];
  const eager_converter = (value, convertInside) => {
    seen.push(value.toString());
    return value.type === "tuple" ? "tuple!" : convertInside(value);
  };
  const result = convert(t, "[1, [2, (3,)], {'a': 's'}]", { eager_converter });
  assert.deepEqual(result, [1, [2, "tuple!"], { a: "s" }]);
  assert.deepEqual(seen, ["[1, [2, (3,)], {'a': 's'}]", "[2, (3,)]", "(3,)", "{'a': 's'}"]);
});

test("to_js in Python is the same, with its options as keywords", (t) => {
  assert.deepEqual(
    run(
      t,
      `
from pyodide.ffi import to_js
from js import Object, Array
to_js([{'a': 1}, (2,)], dict_converter=Object.fromEntries)`,
    ),
    [{ a: 1 }, [2]],
  );
  assert.same(run(t, "to_js('x') + str(to_js(5)) + str(to_js(None))"), "x5None");
  assert.same(run(t, "r = range(3); to_js(r) is r"), true);
  assert.deepEqual(
    run(t, "to_js([range(2)], default_converter=lambda v, convert, cache: convert(list(v)))"),
    [[0, 1]],
  );
  assert.same(run(t, "to_js({'a': 1}, dict_converter=lambda pairs: len(pairs))"), 1);
  assert.throws(() => run(t, "to_js([range(3)], create_pyproxies=False)"), {
    type: "ConversionError",
  });
  assert.throws(() => run(t, "to_js([range(3)], default_converter=lambda v, c, k: 1 / 0)"), {
    type: "ZeroDivisionError",
  });
  assert.throws(() => run(t, "to_js()"), { type: "TypeError" });
  run(t, "del r");
});

test("buffers are copied by their format", (t) => {
  const cases = [
    ["array.array('i', [1, -2])", new Int32Array([1, -2])],
    ["array.array('H', [1, 2])", new Uint16Array([1, 2])],
    ["array.array('d', [1.5])", new Float64Array([1.5])],
    ["array.array('f', [1.5])", new Float32Array([1.5])],
    ["array.array('q', [2**40])", new BigInt64Array([2n ** 40n])],
    ["array.array('l', [5])", new Int32Array([5])],
    ["memoryview(b'ab').cast('c')", new Uint8Array([97, 98])],
    ["memoryview(b'\\x01\\x00').cast('?')", [true, false]],
    ["memoryview(b'abcdef')[::-2]", new Uint8Array([102, 100, 98])],
    [
      "memoryview(b'abcd').cast('B', [2, 2])",
      [new Uint8Array([97, 98]), new Uint8Array([99, 100])],
    ],
    [
      "memoryview(bytes(8)).cast('B', [2, 2, 2])",
      [
        [new Uint8Array(2), new Uint8Array(2)],
        [new Uint8Array(2), new Uint8Array(2)],
      ],
    ],
    ["memoryview(b'')", new Uint8Array()],
    ["(ctypes.c_int32.__ctype_be__ * 2)(1, 258)", new Int32Array([1, 258])],
  ];
  for (const [code, expected] of cases) {
    assert.deepEqual(run(t, `import array, ctypes; ${code}`).toJs(), expected, code);
  }
  const shared = convert(t, "b = b'x'; [b, b]");
  assert.same(shared[0], shared[1]);
  run(t, "del b");
});

test("a buffer whose code changes what is converted does no harm", (t) => {
  const result = convert(
    t,
    `
class Hostile:
    def __buffer__(self, flags):
        items.clear()
        return memoryview(b'ok')
items = ['a' * 50, ['b' * 50], Hostile(), 'c' * 50]
items`,
  );
  assert.deepEqual(result, ["a".repeat(50), ["b".repeat(50)], new Uint8Array([111, 107])]);
  run(t, "del items, Hostile");
});

test("too deep a structure is a RecursionError", (t) => {
  const error = assert.throws(() => convert(t, "x = []\nfor _ in range(100000): x = [x]\nx"));
  assert.match(`${error.type} ${error.name}`, /RecursionError|RangeError/);
  run(t, "del x");
});

test("the option toJsLiteralMap gives Maps whose keys are properties", {
  interpreter: false,
}, async (t) => {
  const pyodide = await t.load({ toJsLiteralMap: true });
  const map = pyodide.runPython("{'a': 1, 2: 'two', 'get': 'hidden'}").toJs();
  assert.ok(map instanceof Map);
  assert.same(map.size, 3);
  assert.deepEqual(
    [map.a, map.get("a"), map.get(2), map.get("get"), typeof map.get],
    [1, 1, "two", "hidden", "function"],
  );
  map.b = 5;
  assert.same(map.get("b"), 5);
  delete map.a;
  assert.same(map.has("a"), false);
  assert.deepEqual(Object.keys(map), ["b"]);
  assert.same(JSON.stringify(map), '{"b":5}');
  assert.deepEqual([...map.keys()], [2, "get", "b"]);
});

test("a LiteralMap can be cloned, changed through both faces, and read by all methods of a Map", {
  interpreter: false,
}, async (t) => {
  const pyodide = await t.load({ toJsLiteralMap: true });
  const map = pyodide.runPython("{'a': 1, 'b': {'c': [2]}, 3: 4}").toJs();
  const clone = structuredClone(map);
  assert.same(Object.prototype.toString.call(clone), "[object Map]");
  assert.deepEqual(
    clone,
    new Map([
      ["a", 1],
      ["b", new Map([["c", [2]]])],
      [3, 4],
    ]),
  );
  delete map.a;
  assert.deepEqual(
    [map.get("a"), map.has("a"), map.a, "a" in map],
    [undefined, false, undefined, false],
  );
  map.a = 5;
  assert.deepEqual(
    [...map],
    [
      ["b", map.b],
      [3, 4],
      ["a", 5],
    ],
  );
  map.set("a", 6).set("d", 7);
  assert.deepEqual([map.a, map.d, map.size, { ...map }], [6, 7, 4, { b: map.b, a: 6, d: 7 }]);
  assert.same(map.delete("d"), true);
  delete map.b;
  const seen = [];
  map.forEach((value, key) => {
    seen.push([key, value]);
  });
  assert.deepEqual(seen, [
    [3, 4],
    ["a", 6],
  ]);
  assert.deepEqual([[...map.values()], [...map.entries()], map.size], [[4, 6], seen, 2]);
  assert.throws(() => {
    map.get = 1;
  }, TypeError);
  map.clear();
  assert.deepEqual([map.size, Object.keys(map), map.a], [0, [], undefined]);
});

test("a depth that is no number is refused, and the interpreter lives on", (t) => {
  const list = t.pyodide.runPython("[[1]]");
  for (const depth of [1n, Symbol("deep"), "deep"]) {
    assert.match(assert.throws(() => list.toJs({ depth }), TypeError).message, /depth/);
  }
  assert.deepEqual(list.toJs(), [[1]]);
  list.destroy();
});
