import * as assert from "../harness/assert.mjs";
import { run } from "../harness/python.mjs";
import { test } from "../harness/test.mjs";

/** Does the same to a Python list and to an array, which must end up with the same items. */
function alike(t, items, statement) {
  const array = [...items];
  run(
    t,
    `
x = a.to_py()
def do(x):
    try:
        r = None
        ${statement}
        return r if not hasattr(r, "to_py") else list(r)
    except (IndexError, ValueError, TypeError) as e:
        return type(e).__name__
expected = do(x)
got = do(a)
assert got == expected, (got, expected)
assert a.to_py() == x, (str(a), x)`,
    array,
  );
}

const STATEMENTS = [
  "r = x[0]",
  "r = x[-1]",
  "r = x[3]",
  "r = x[-9]",
  "x[1] = 7",
  "x[-2] = 7",
  "x[9] = 7",
  "del x[1]",
  "del x[-1]",
  "del x[9]",
  "r = x[1:3]",
  "r = x[::-1]",
  "r = x[::2]",
  "r = x[5:1:-2]",
  "r = x[-3:]",
  "x[1:3] = [10, 11, 12]",
  "x[::2] = [1] * len(x[::2])",
  "x[::2] = [1]",
  "x[::-1] = list(range(len(x)))",
  "x[2:1] = [5]",
  "x[:] = range(200)",
  "x[:] = []",
  "del x[::2]",
  "del x[::-3]",
  "del x[1:4]",
  "del x[5:1:-2]",
  "x.append('y')",
  "x.extend(range(150))",
  "x.insert(1, 9)",
  "x.insert(-1, 9)",
  "x.insert(100, 9)",
  "r = x.pop()",
  "r = x.pop(0)",
  "r = x.pop(-2)",
  "r = x.pop(77)",
  "x.remove(2)",
  "x.remove(77)",
  "r = x.index(2)",
  "r = x.index(2, 1)",
  "r = x.index(2, 3, 4)",
  "r = x.index(77)",
  "r = x.count(2)",
  "x.reverse()",
  "x.clear()",
  "x += (1, 2)",
  "x += 'ab'",
  "x *= 3",
  "x *= 0",
  "x *= -1",
  "r = x + [1]",
  "r = x * 2",
  "r = 2 * x",
  "r = x * 0",
  "r = x + 5",
  "r = x['a']",
  "x[1.5] = 2",
  "r = 2 in x",
  "r = 77 in x",
  "r = None in x",
  "r = list(reversed(x))",
  "r = list(x)",
  "r = [*x, 1]",
  "r = sorted(x)",
  "r = len(x)",
];

for (const statement of STATEMENTS) {
  test(`as with a list: ${statement}`, (t) => {
    for (const items of [[], [2], [1, 2, 3], [0, 1, 2, 3, 4, 5, 2, 1]]) {
      alike(t, items, statement);
    }
  });
}

test("comparison of items is Python's", (t) => {
  run(
    t,
    "assert True in a and 1.0 in a and None in b and b.index(None) == 1 and a.count(1) == 2",
    [1, true, 5n],
    [null, undefined],
  );
  run(t, "assert 5 in a and a.index(5) == 2", [1, true, 5n]);
});

test("a Python object in an array is found by its own equality", (t) => {
  run(t, "x = [1, 2]\na.append(x)\nassert a[0] is x and [1, 2] in a\na.pop()", []);
});

test("holes are None, and reading keeps them", (t) => {
  // biome-ignore lint/suspicious/noSparseArray: that is what is tested
  const array = [1, , 3];
  run(t, "assert list(a) == [1, None, 3] and a[1] is None", array);
  assert.ok(!(1 in array));
});

test("an array changes while it is iterated as a list does", (t) => {
  run(
    t,
    "r = []\nfor x in a:\n    r.append(x)\n    if x < 3: a.append(x + 1)\nassert r == [1, 2, 3]",
    [1],
  );
});

test("subclasses of Array and arrays whose methods were changed", (t) => {
  class Mine extends Array {
    splice() {
      throw new Error("mine");
    }
  }
  const mine = Mine.from([1, 2]);
  run(t, "a.append(3)\nassert list(a) == [1, 2, 3]", mine);
});

test("methods of JavaScript are there as well", (t) => {
  run(t, "assert a.indexOf(2) == 1 and a.join('-') == '1-2' and a.push(3) == 3", [1, 2]);
  run(t, "assert a.map(b).to_py() == [2, 4]", [1, 2], (x) => x * 2);
});

test("a frozen array refuses", (t) => {
  const frozen = Object.freeze([1, 2]);
  for (const statement of ["a[0] = 2", "a.append(1)", "del a[0]", "a.reverse()", "a.clear()"]) {
    assert.throws(() => run(t, statement, frozen), { type: "JsException" }, statement);
  }
});

test("typed arrays: items, slices, index, count", (t) => {
  const floats = new Float64Array([1.5, 2, 3]);
  run(
    t,
    `
assert a[0] == 1.5 and a[-1] == 3 and len(a) == 3 and list(a) == [1.5, 2, 3] and 2 in a
a[1] = 7
a[::2] = [8, 9]
assert a.index(7) == 1 and a.count(8) == 1 and list(a[1:]) == [7, 9]
for bad in (lambda: a[3], lambda: a.__setitem__(3, 1)):
    try: bad()
    except IndexError: pass
    else: raise AssertionError
try: del a[0]
except TypeError: pass
else: raise AssertionError
assert not hasattr(a, "append") and not hasattr(a, "keys")`,
    floats,
  );
  assert.deepEqual([...floats], [8, 7, 9]);
  run(
    t,
    "assert a[0] == 2**63 - 1 and type(a[0]).__name__ == 'JsBigInt' and type(a[0] ** -1) is float",
    BigInt64Array.of(2n ** 63n - 1n),
  );
});

test("lists of nodes and boxed strings are sequences that cannot be changed", (t) => {
  run(
    t,
    `
assert a[0] == "a" and a[-1] == "b" and len(a) == 2 and list(a) == ["a", "b"] and "b" in a
try: a[0] = "x"
except TypeError: pass
else: raise AssertionError`,
    Object("ab"),
  );
});

test("arrays of another realm", { hosts: ["node"] }, async (t) => {
  const vm = await import("node:vm");
  const foreign = vm.runInNewContext("[1, [2], {x: 3}, new Map([[1, 2]]), new Uint8Array([7])]");
  run(
    t,
    `
from pyodide.ffi import JsArray
assert isinstance(a, JsArray) and a[1][0] == 2
assert a.to_py() == [1, [2], {"x": 3}, {1: 2}, memoryview(b"\\x07")]
a.append(5)
assert len(a) == 6`,
    foreign,
  );
});

test("lists of nodes and objects of a frame", { hosts: ["page"] }, (t) => {
  const box = document.createElement("div");
  box.innerHTML = "<p></p><b></b>";
  run(
    t,
    `
from pyodide.ffi import JsArray
for nodes in (a, b):
    assert isinstance(nodes, JsArray) and len(nodes) == 2 and nodes[-1].tagName == "B"
    assert [n.tagName for n in nodes] == ["P", "B"] and not hasattr(nodes, "append")
    copy = nodes.to_py()
    assert type(copy) is list and copy[0] == nodes[0] and [copy] == [nodes, copy][1:]`,
    box.childNodes,
    box.children,
  );
  const frame = document.body.appendChild(document.createElement("iframe"));
  const { Array: FarArray, Map: FarMap, Object: FarObject, Error: FarError } = frame.contentWindow;
  run(
    t,
    `
from pyodide.ffi import JsException
assert a.to_py() == [1, {2: 3}, {}] and isinstance(b, JsException)`,
    FarArray.of(1, new FarMap([[2, 3]]), new FarObject()),
    new FarError("far"),
  );
  frame.remove();
});

test("as_py_json shows arrays and objects as lists and dicts at every depth", (t) => {
  const o = { list: [{ x: 1 }, [2]], inner: { y: { z: 3 } }, length: 9, get: null };
  run(
    t,
    `
from pyodide.ffi import jsnull
j = a.as_py_json()
assert j["list"][0]["x"] == 1 and j["list"][1][0] == 2 and j["inner"]["y"]["z"] == 3
assert len(j) == 4 and list(j) == ["list", "inner", "length", "get"] and j["length"] == 9
assert "inner" in j and "toString" not in j and 5 not in j and j.get("none", 4) == 4
assert j["get"] is jsnull
for item in j["list"]:
    assert item == j["list"][0] or item[0] == 2
try: j["none"]
except KeyError as e: assert e.args == ("none",)
else: raise AssertionError
j["new"] = 6
del j["list"]
assert dict(j.items()).keys() == {"inner", "length", "get", "new"}
assert [x["v"] for x in b.as_py_json()] == [1, 2]
assert [x["v"] for x in b.as_py_json()[::-1]] == [2, 1]`,
    o,
    [{ v: 1 }, { v: 2 }],
  );
  assert.deepEqual(Object.keys(o), ["inner", "length", "get", "new"]);
});

test("as_object_map", (t) => {
  const o = Object.assign(Object.create({ inherited: 1 }), { own: 2 });
  run(
    t,
    `
import warnings
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter("always")
    m, h = a.as_object_map(), a.as_object_map(hereditary=True)
assert len(w) == 2 and w[0].category is RuntimeWarning
assert list(m) == ["own"] and set(h) == {"own", "inherited"} and h["inherited"] == 1
assert "inherited" not in m and m.pop("own") == 2 and len(m) == 0
m.update(x=1)
assert a.x == 1`,
    o,
  );
});

test("what has a length and an iterator is searched as what it iterates over", (t) => {
  const items = ["a", "b", "a"];
  const likeArray = { ...items, length: 3, [Symbol.iterator]: () => items.values() };
  for (const value of [likeArray, Object("aba")]) {
    run(
      t,
      `
assert "b" in a and "c" not in a
assert a.index("b") == 1 and a.index("a", 1) == 2 and a.count("a") == 2
assert list(a) == [*a[:]] == ["a", "b", "a"]`,
      value,
    );
  }
});
