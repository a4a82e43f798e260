import * as assert from "../harness/assert.mjs";
import { evaluate, run } from "../harness/python.mjs";
import { test } from "../harness/test.mjs";

test("a Map is a mutable mapping", (t) => {
  const map = new Map([
    ["x", 1],
    [2, "two"],
  ]);
  run(
    t,
    `
assert len(a) == 2 and a["x"] == 1 and a[2] == "two" and "x" in a and 3 not in a
assert list(a) == ["x", 2] and list(a.keys()) == ["x", 2]
assert list(a.values()) == [1, "two"] and list(a.items()) == [("x", 1), (2, "two")]
assert a.get("x") == 1 and a.get("y") is None and a.get("y", 5) == 5
a["z"] = 3
del a["x"]
assert a.pop(2) == "two" and a.pop("none", 7) == 7 and a.setdefault("q", 8) == 8
a.update({"u": 1}, v=2)
assert dict(a) == {"z": 3, "q": 8, "u": 1, "v": 2}
assert a.popitem()[0] in ("z", "q", "u", "v")
a.clear()
assert len(a) == 0 and not a`,
    map,
  );
  assert.same(map.size, 0);
});

test("missing keys raise KeyError with the key", (t) => {
  run(
    t,
    `
def delete(): del a["k"]
for use in (lambda: a["k"], delete, lambda: a.pop("k")):
    try: use()
    except KeyError as e: assert e.args == ("k",)
    else: raise AssertionError`,
    new Map(),
  );
});

test("values that are undefined or null are there", (t) => {
  run(
    t,
    "from pyodide.ffi import jsnull\nassert a['u'] is None and a['n'] is jsnull and 'u' in a",
    new Map([
      ["u", undefined],
      ["n", null],
    ]),
  );
});

test("objects are keys by identity", (t) => {
  const key = {};
  run(t, "assert a[b] == 1 and b in a and c not in a", new Map([[key, 1]]), key, {});
});

test("search parameters", (t) => {
  run(
    t,
    "assert a['x'] == '1' and list(a) == ['x', 'y'] and len(a) == 2\na['z'] = '3'\ndel a['x']\nassert str(a) == 'y=2&z=3'",
    new URLSearchParams("x=1&y=2"),
  );
});

test("headers have items but are no map", (t) => {
  run(
    t,
    `
from pyodide.ffi import JsMap
assert a["x-a"] == "1" and "X-A" in a and "none" not in a and not isinstance(a, JsMap)
a["y"] = "2"
del a["x-a"]
assert [tuple(p) for p in a] == [("y", "2")]
try: a["none"]
except KeyError: pass
else: raise AssertionError`,
    new Headers({ "x-a": "1" }),
  );
});

test("only what there is of get, set, has, size", (t) => {
  run(t, "assert a['k'] == 'k!'", { get: (k) => `${k}!` });
  assert.throws(() => evaluate(t, "a['k']", { get: () => undefined }), { type: "KeyError" });
  run(t, "assert 5 in a and 6 not in a", { has: (k) => k === 5 });
  run(t, "assert 5 in a", { includes: () => 1 });
  run(t, "assert len(a) == 4", { size: 4 });
  assert.throws(() => evaluate(t, "a['k']", {}), { type: "TypeError" });
  assert.throws(() => evaluate(t, "len(a)", {}), { type: "TypeError" });
  assert.throws(() => evaluate(t, "'k' in a", {}), { type: "TypeError" });
});

test("a Set has a length, members and an order", (t) => {
  run(t, "assert len(a) == 2 and 1 in a and 3 not in a and list(a) == [1, 'x']", new Set([1, "x"]));
});

test("a Map with hostile methods raises what they throw", (t) => {
  class Bad extends Map {
    get() {
      throw new Error("bad get");
    }
    set() {
      throw new Error("bad set");
    }
  }
  const bad = new Bad();
  assert.throws(() => evaluate(t, "a['k']", bad), { type: "JsException", message: /bad get/ });
  assert.throws(() => run(t, "a['k'] = 1", bad), { type: "JsException", message: /bad set/ });
});

test("a length that is no size raises", (t) => {
  assert.throws(() => evaluate(t, "len(a)", { length: -1 }), { type: "ValueError" });
  assert.throws(() => evaluate(t, "len(a)", { length: 1.5 }), { type: "TypeError" });
  run(
    t,
    "assert all(a) and not any(b)",
    [1.5, -1, 2 ** 40].map((size) => ({ size })),
    [{ size: 0 }, { length: 0 }],
  );
});
