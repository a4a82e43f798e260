import * as assert from "../harness/assert.mjs";
import { evaluate, run } from "../harness/python.mjs";
import { test } from "../harness/test.mjs";

test("arrays, objects, maps and sets at every depth", (t) => {
  run(
    t,
    `
from pyodide.ffi import jsnull
assert a.to_py() == [1, "x", None, jsnull, True, 1.5, [2, {"k": [3]}], {"m": [4]}, {5, "s"}]
assert type(a.to_py()[5]) is float and type(a.to_py()[8]) is set`,
    [1, "x", undefined, null, true, 1.5, [2, { k: [3] }], new Map([["m", [4]]]), new Set([5, "s"])],
  );
});

test("empty containers", (t) => {
  run(t, "assert a.to_py() == [[], {}, {}, set()]", [[], {}, new Map(), new Set()]);
});

test("objects without a class, with getters, and with keys that are special elsewhere", (t) => {
  const bare = Object.create(null);
  bare.x = 1;
  run(t, "assert a.to_py() == {'x': 1}", bare);
  run(
    t,
    "assert a.to_py() == {'v': 5, '__proto__': 1, 'constructor': 2, '': 3, 'ü': 4}",
    Object.defineProperty(
      {
        get v() {
          return 5;
        },
        constructor: 2,
        "": 3,
        ü: 4,
        [Symbol("s")]: 9,
      },
      "__proto__",
      { value: 1, enumerable: true },
    ),
  );
});

test("what has no counterpart stays what it is", (t) => {
  class A {
    x = 1;
  }
  const values = [
    new A(),
    () => 1,
    new Date(),
    /x/,
    Promise.resolve(),
    Object(5),
    Symbol("s"),
    Math,
  ];
  run(
    t,
    `
from pyodide.ffi import JsProxy
out = a.to_py()
assert all(isinstance(x, JsProxy) and x == y for x, y in zip(out, a, strict=True))
assert b.to_py() == b and b.to_py().x == 1`,
    values,
    new A(),
  );
  run(t, "from pyodide.ffi import JsException\nassert isinstance(a.to_py()[0], JsException)", [
    new Error("e"),
  ]);
});

test("depth", (t) => {
  run(
    t,
    `
from pyodide.ffi import JsArray, JsProxy
assert isinstance(a.to_py(depth=0), JsArray)
one = a.to_py(depth=1)
assert type(one) is list and isinstance(one[0], JsArray) and one[1] == 2
two = a.to_py(depth=2)
assert type(two[0]) is list and isinstance(two[0][0], JsArray)
assert a.to_py(depth=3) == a.to_py() == a.to_py(depth=-1) == [[[1]], 2]
out = b.to_py(depth=2)
assert isinstance(out["far"]["x"], JsProxy) and out["near"] == {"y": 1}`,
    [[[1]], 2],
    (() => {
      const shared = { y: 1 };
      return { far: { x: shared }, near: shared };
    })(),
  );
});

test("circles and shared references keep their structure", (t) => {
  const list = [1];
  list.push(list);
  const object = { list };
  object.self = object;
  object.map = new Map([["o", object]]);
  run(
    t,
    `
x = a.to_py()
assert x["self"] is x and x["list"][1] is x["list"] and x["map"]["o"] is x
s, t = b.to_py()
assert s is t
del x["self"], x["map"]["o"], x["list"][1]`,
    object,
    (() => {
      const shared = [];
      return [shared, shared];
    })(),
  );
});

test("integers of any length", (t) => {
  const globals = t.pyodide.toPy({});
  for (const bits of [64, 4095, 32_767, 32_768, 200_000]) {
    const value = 2n ** BigInt(bits) - 1n;
    for (const given of [value, -value]) {
      globals.set("given", given);
      const expected = `${given < 0 ? "-" : ""}(2**${bits} - 1)`;
      assert.ok(t.pyodide.runPython(`given == ${expected}`, { globals }), `${bits} bits`);
      assert.same(globals.get("given"), given);
    }
  }
  const many = Array.from({ length: 30 }, (_, i) => 2n ** BigInt(30_000 + i)); // more than fits at once
  const list = t.pyodide.toPy(many);
  assert.deepEqual(list.toJs(), many);
  list.destroy();
  globals.destroy();
});

test("keys that cannot be", (t) => {
  const bad = {
    "1 and true": new Map([
      [1, "a"],
      [true, "b"],
    ]),
    "0 and false": new Map([
      [0, "a"],
      [false, "b"],
    ]),
    "1 and 1n": new Map([
      [1, "a"],
      [1n, "b"],
    ]),
    "1 and true in a set": new Set([1, true]),
    "an array": new Map([[[1], 2]]),
    "an object": new Map([[{}, 2]]),
    "a function": new Map([[() => 1, 2]]),
    "an object in a set": new Set([{}]),
    "a set in a set": new Set([new Set()]),
  };
  for (const [what, value] of Object.entries(bad)) {
    assert.throws(() => evaluate(t, "a.to_py()", [value]), { type: "ConversionError" }, what);
  }
  run(
    t,
    "assert a.to_py() == {1: 2, '1': 3, None: 4}",
    new Map([
      [1, 2],
      ["1", 3],
      [undefined, 4],
    ]),
  );
});

/** What the message says of a key in a Map, and in a Set. */
const BAD_KEYS = [
  ["Array", "1,2", [1, 2]],
  ["Object", "[object Object]", {}],
  ["Map", "[object Map]", new Map()],
  ["Set", "[object Set]", new Set()],
  ["Uint8Array", "0,0", new Uint8Array(2)],
  ["ArrayBuffer", "[object ArrayBuffer]", new ArrayBuffer(2)],
  ["Function", "() => 1", () => 1],
  ["Symbol", "Symbol(s)", Symbol("s")],
  [
    "Mine",
    "me",
    new (class Mine {
      toString() {
        return "me";
      }
    })(),
  ],
  ["Object", "a value without a text", Object.create(null)],
];

for (const [type, text, key] of BAD_KEYS) {
  test(`the message names a key that cannot be: ${type} ${text}`, (t) => {
    const values = {
      dict: [
        new Map([
          ["first", 0],
          [key, 1],
        ]),
        { deep: [new Map([[key, 1]])] },
      ],
      set: [new Set(["first", key]), [new Set([key])]],
    };
    for (const [container, cases] of Object.entries(values)) {
      const message = `ConversionError: Cannot use key of type ${type} as a key to a Python ${container}: ${text}\n`;
      assert.throws(() => t.pyodide.toPy([key, cases[0]]), { type: "ConversionError" });
      for (const value of cases) {
        for (const options of [undefined, { defaultConverter: (object) => object }]) {
          const error = assert.throws(() => t.pyodide.toPy(value, options), {
            type: "ConversionError",
          });
          assert.same(error.message.endsWith(message), true, error.message);
        }
      }
    }
  });
}

test("the message names keys of Python", (t) => {
  const list = t.pyodide.runPython("[1]");
  assert.throws(() => t.pyodide.toPy(new Map([[list, 1]])), {
    message: /Cannot use key of type list as a key to a Python dict: \[1\]/,
  });
  const silent = t.pyodide.runPython(
    "class A:\n  __hash__ = None\n  def __repr__(self): raise ValueError\nA()",
  );
  assert.throws(() => t.pyodide.toPy(new Set([silent])), {
    message: /Cannot use key of type A as a key to a Python set: an object without a repr/,
  });
});

test("the message names both keys that are one in Python", (t) => {
  const pairs = {
    "1 and true": [1, true],
    "true and 1": [true, 1],
    "0 and false": [0, false],
    "1n and 1": [1n, 1],
  };
  for (const [names, keys] of Object.entries(pairs)) {
    const message = (what) => ({
      type: "ConversionError",
      message: new RegExp(
        `Cannot faithfully convert ${what} into Python since it contains both ${names} as keys\\.`,
      ),
    });
    assert.throws(
      () => t.pyodide.toPy(new Map([["x", 0], ...keys.map((key) => [key, 1])])),
      message("Map"),
    );
    assert.throws(() => t.pyodide.toPy(new Set(["x", ...keys])), message("Set"));
  }
});

test("a converter may make a key of what is none", (t) => {
  const key = [1];
  const convert = (value, options) => t.pyodide.toPy(value, options).toString();
  const date = new Date(0);
  const toText = { defaultConverter: () => "text" };
  assert.same(convert(new Map([[date, 1]]), toText), "{'text': 1}");
  assert.same(convert(new Map([[key, 1]]), { depth: 1, ...toText }), "{'text': 1}");
  const defaultConverter = (_, again, cache) => {
    cache(key, "cached");
    return again(new Map([[key, 1]]));
  };
  assert.same(convert([date], { defaultConverter }), "[{'cached': 1}]");
});

test("Python objects inside come back as themselves", (t) => {
  run(
    t,
    `
x = [1]
assert a(x).to_py()["list"][0] is x
class K: pass
k = K()
assert b(k).to_py() == {k: 1}`,
    (x) => ({ list: [x.copy()] }),
    (k) => new Map([[k.copy(), 1]]),
  );
});

test("a default converter gets what has no counterpart", (t) => {
  class Pair {
    constructor(first, second) {
      this.first = first;
      this.second = second;
    }
  }
  run(
    t,
    `
def converter(value, convert, cache):
    if hasattr(value, "first"):
        result = []
        cache(value, result)
        result.append(convert(value.first))
        result.append(convert(value.second))
        return result
    return "other"
out = a.to_py(default_converter=converter)
assert out[0] == [1, [2, [3]]] and out[1] == "other" and out[2] is out[0], out
assert out[3]["x"] == "other"
c = b.to_py(default_converter=converter)
assert c[1] is c
del c[1]`,
    (() => {
      const pair = new Pair(1, new Pair(2, [3]));
      return [pair, () => 1, pair, { x: new Date() }];
    })(),
    (() => {
      const pair = new Pair(1);
      pair.second = pair;
      return pair;
    })(),
  );
});

test("a default converter gets containers below the depth", (t) => {
  run(t, "assert a.to_py(depth=1, default_converter=lambda v, convert, cache: len(v)) == [2, 5]", [
    [1, 2],
    5,
  ]);
});

test("errors of a default converter come through, and its functions end with the call", (t) => {
  run(
    t,
    `
def bad(value, convert, cache): raise KeyError("mine")
try: a.to_py(default_converter=bad)
except KeyError as e: assert e.args == ("mine",)
else: raise AssertionError
kept = []
def keep(value, convert, cache):
    kept.extend((convert, cache))
    return 1
assert a.to_py(default_converter=keep) == [1, [2], 1]
try: kept[0](a)
except RuntimeError: pass
else: raise AssertionError
for wrong in (5, "x"):
    try: a.to_py(default_converter=wrong)
    except TypeError: pass
    else: raise AssertionError
try: a.to_py(1)
except TypeError: pass
else: raise AssertionError`,
    [() => 1, [2], () => 2],
  );
});

test("ten thousand levels", (t) => {
  let deep = [];
  for (let i = 0; i < 10_000; i++) {
    deep = [deep];
  }
  run(
    t,
    `
x = a.to_py()
for i in range(10000):
    x = x[0]
assert x == []`,
    deep,
  );
});

test("a hundred thousand items of all kinds", (t) => {
  const items = Array.from(
    { length: 100_000 },
    (_, i) => [i, i / 3, `s${i}`, null, [i], { i }][i % 6],
  );
  run(
    t,
    "x = a.to_py()\nassert len(x) == 100000 and x[99998] == 'S' [:0] + x[99998] and x[5] == {'i': 5}\nassert x[6] == 6 and x[8] == 's8' and x[10] == [10]",
    items,
  );
});

test("a getter that changes the array while it is converted", (t) => {
  const list = [];
  list.push(
    {
      get x() {
        list.length = 1;
        return 1;
      },
    },
    2,
    3,
  );
  run(t, "assert a.to_py() == [{'x': 1}, None, None]", list);
});

test("a getter that throws leaves nothing behind", (t) => {
  const bad = [
    { x: () => 1 },
    new Date(),
    "x".repeat(10_000),
    {
      get y() {
        throw new RangeError("y");
      },
    },
  ];
  assert.throws(() => evaluate(t, "a.to_py()", bad), {
    type: "JsException",
    message: /RangeError: y/,
  });
});

test("toPy gives JavaScript the Python object", (t) => {
  const { pyodide } = t;
  const list = pyodide.toPy([1, [2, { x: 3 }]]);
  assert.same(list.type, "list");
  assert.same(evaluate(t, "a == [1, [2, {'x': 3}]]", list), true);
  list.destroy();
  const cut = pyodide.toPy([[1]], { depth: 1 });
  assert.same(evaluate(t, "type(a[0]).__name__", cut) === "list", false);
  cut.destroy();
  class A {}
  const mine = pyodide.toPy([new A()], { defaultConverter: () => 5 });
  assert.same(evaluate(t, "a == [5]", mine), true);
  mine.destroy();
});

test("toPy returns what has no conversion, or needs none, as it is", (t) => {
  const { pyodide } = t;
  class A {}
  const symbol = Symbol("s");
  for (const value of [
    1,
    1.5,
    "x",
    true,
    undefined,
    null,
    10n,
    new A(),
    () => 1,
    new Date(),
    symbol,
    Promise.resolve(),
    new Error("e"),
  ]) {
    assert.same(pyodide.toPy(value), value);
  }
  const list = pyodide.toPy([1]);
  assert.same(pyodide.toPy(list), list);
  list.destroy();
});

test("toPy names what it cannot take", (t) => {
  const { pyodide } = t;
  assert.throws(() => pyodide.toPy(new Map([[{}, 1]])), { type: "ConversionError" });
  assert.throws(() => pyodide.toPy([], { depth: "x" }), { message: /depth/ });
  assert.throws(() => pyodide.toPy([], { defaultConverter: 5 }), {
    message: /defaultConverter|default_converter/,
  });
});

test("runs of integers between other items", (t) => {
  const items = [
    1,
    2,
    -3,
    2 ** 31 - 1,
    -(2 ** 31),
    2 ** 31,
    -0,
    0.5,
    Number.NaN,
    7,
    "x",
    8,
    9,
    10,
    null,
    11,
  ];
  run(
    t,
    `
import math
x = a.to_py()
assert x[:6] == [1, 2, -3, 2**31 - 1, -2**31, 2**31] and math.copysign(1, x[6]) == -1 and x[7] == 0.5
assert math.isnan(x[8]) and x[9:14] == [7, "x", 8, 9, 10] and x[15] == 11 and len(x) == 16
assert b.to_py() == [[0] * n for n in range(20)] and c.to_py() == {1, 2, 3} and d.to_py() == {1: 2, 3: 4}`,
    items,
    Array.from({ length: 20 }, (_, n) => new Array(n).fill(0)),
    new Set([1, 2, 3]),
    new Map([
      [1, 2],
      [3, 4],
    ]),
  );
});

test("what fails after a run of integers leaves nothing behind", (t) => {
  const numbers = Array.from({ length: 100 }, (_, i) => i);
  const thrower = {
    get x() {
      throw new RangeError("x");
    },
  };
  const values = [() => 1, numbers, { y: [new Date()] }];
  assert.throws(() => evaluate(t, "a.to_py()", [...values, thrower]), { type: "JsException" });
  const bad = new Map([[{}, 1]]);
  assert.throws(() => evaluate(t, "a.to_py()", [bad, ...values]), { type: "ConversionError" });
  assert.throws(() => evaluate(t, "a.to_py()", [...values, bad, numbers, () => 2]), {
    type: "ConversionError",
  });
});

test("objects with the same names and with many names", (t) => {
  const many = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`name${i}`, i]));
  run(
    t,
    "x = a.to_py()\nassert all(r == {'id': i, 'ü': None} for i, r in enumerate(x))\nassert b.to_py() == {f'name{i}': i for i in range(1000)}",
    Array.from({ length: 300 }, (_, id) => ({ id, ü: undefined })),
    many,
  );
});

test("subclasses of Map and Set are read by what they hold, whatever their methods do", (t) => {
  const fail = () => {
    throw new Error("it was asked");
  };
  class OddMap extends Map {
    forEach = fail;
    entries = fail;
  }
  class OddSet extends Set {
    forEach = fail;
    values = fail;
  }
  run(
    t,
    "assert a.to_py() == {1: [2]} and b.to_py() == {3}",
    new OddMap([[1, [2]]]),
    new OddSet([3]),
  );
});
