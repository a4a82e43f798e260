/** The properties of a PyProxy: members, attributes, items. */

import * as assert from "../harness/assert.mjs";
import { test } from "../harness/test.mjs";

const OBJECT = `
class Point:
    x = 1
    type = "shadowed"
    def method(self): return self.x
    @property
    def broken(self): raise ValueError("broken")
    @property
    def fresh(self): return []
    items = []
Point()
`;

/** Runs code in a fresh namespace, so that tests leave no names behind. */
function fresh(t, code) {
  const globals = t.pyodide.runPython("{}");
  try {
    return t.pyodide.runPython(code, { globals });
  } finally {
    globals.destroy();
  }
}

test("attributes are properties; members come first, and $ forces the attribute", (t) => {
  const point = fresh(t, OBJECT);
  assert.same(point.x, 1);
  assert.same(point.$x, 1);
  assert.same(point.type, "Point");
  assert.same(point.$type, "shadowed");
  assert.same(point.method(), 1);
  assert.same(point.missing, undefined);
  assert.same("x" in point, true);
  assert.same("missing" in point, false);
  assert.same("$type" in point, true);
  assert.same("$copy" in point, false);
});

test("attributes can be set and deleted, also those that members hide", (t) => {
  const point = fresh(t, OBJECT);
  point.y = "new";
  assert.same(point.y, "new");
  delete point.y;
  assert.same(point.y, undefined);
  point.$destroy = 5;
  assert.same(point.$destroy, 5);
  assert.same(typeof point.destroy, "function");
  delete point.$destroy;
  assert.same(point.$destroy, undefined);
  assert.throws(() => delete point.missing, { name: "PythonError", type: "AttributeError" });
});

test("what is assigned to a member stays in JavaScript", (t) => {
  const point = fresh(t, OBJECT);
  point.toString = () => "mine";
  assert.same(`${point}`, "mine");
  assert.same(typeof point.$toString, "undefined");
  const other = point.copy();
  assert.match(`${other}`, "Point object");
  delete point.toString;
  assert.match(`${point}`, "Point object");
});

test("an attribute that raises throws when it is read, and is not there", (t) => {
  const point = fresh(t, OBJECT);
  assert.throws(() => point.broken, { name: "PythonError", type: "ValueError" });
  assert.same("broken" in point, false);
});

test("symbols never reach Python", (t) => {
  const point = fresh(t, OBJECT);
  const mine = Symbol("mine");
  assert.same(point[mine], undefined);
  point[mine] = 5;
  assert.same(point[mine], 5);
  assert.same(mine in point, true);
  delete point[mine];
  assert.same(mine in point, false);
  assert.same(Object.prototype.toString.call(point), "[object PyProxy]");
});

test("the proxy of an attribute is the same each time while the attribute is", (t) => {
  const point = fresh(t, OBJECT);
  assert.same(point.items, point.items);
  assert.same(point.method, point.method);
  assert.notSame(point.fresh, point.fresh);
  const before = point.items;
  before.destroy();
  assert.notSame(point.items, before);
  assert.same(point.items.length, 0);
});

test("keys are dir() and members; plain objects show none of them", (t) => {
  const point = fresh(t, OBJECT);
  const keys = Reflect.ownKeys(point);
  assert.ok(keys.includes("x") && keys.includes("method") && keys.includes("__class__"));
  assert.same(new Set(keys).size, keys.length);
  assert.same(keys.filter((key) => typeof key === "symbol").length, 1);
  assert.same(keys.find((key) => typeof key === "symbol").description, "pyproxy.attrs");
  assert.deepEqual(Object.keys(point), []);
  assert.deepEqual({ ...point }, {});
});

test("attributes with the names of members do not upset ownKeys", (t) => {
  const object = fresh(t, "class A:\n  length = get = 5\n  def __len__(self): return 1\nA()");
  const keys = Reflect.ownKeys(object);
  assert.same(keys.filter((key) => key === "length").length, 1);
  assert.deepEqual(Object.keys(object), []);
});

test("a proxy has no prototype to set and takes no descriptors", (t) => {
  const point = fresh(t, OBJECT);
  assert.throws(() => Object.setPrototypeOf(point, {}), TypeError);
  Object.defineProperty(point, "z", { value: 1, configurable: true });
  assert.same(point.z, undefined);
  assert.throws(() => Object.preventExtensions(point), TypeError);
});

test("functions look like functions, whose name and length are Python's affair", (t) => {
  const f = fresh(t, "def f(a, b): pass\nf");
  assert.same(typeof f, "function");
  assert.ok(f instanceof Function);
  assert.same(f.name, undefined);
  assert.same(f.length, undefined);
  assert.same(f.__name__, "f");
  assert.ok("prototype" in f && Reflect.ownKeys(f).includes("prototype"));
});

test("type is qualified but for builtins and __main__", (t) => {
  for (const [code, type] of [
    ["[]", "list"],
    ["import collections; collections.Counter()", "collections.Counter"],
    ["lambda: 1", "function"],
    ["class A:\n  class B: pass\nA.B()", "A.B"],
  ]) {
    const proxy = fresh(t, code);
    assert.same(proxy.type, type);
    proxy.destroy();
  }
});

const KINDS = [
  ["object()", []],
  [
    "[]",
    ["WithLength", "WithGet", "WithSet", "WithHas", "Iterable", "Sequence", "MutableSequence"],
  ],
  ["()", ["WithLength", "WithGet", "WithHas", "Iterable", "Sequence"]],
  ["range(3)", ["WithLength", "WithGet", "WithHas", "Iterable", "Sequence"]],
  ["{}", ["WithLength", "WithGet", "WithSet", "WithHas", "Iterable", "Dict"]],
  [
    "__import__('collections').OrderedDict()",
    ["WithLength", "WithGet", "WithSet", "WithHas", "Iterable"],
  ],
  ["set()", ["WithLength", "WithHas", "Iterable"]],
  ["b'x'", ["WithLength", "WithGet", "WithHas", "Iterable", "Sequence", "Buffer"]],
  [
    "bytearray()",
    [
      "WithLength",
      "WithGet",
      "WithSet",
      "WithHas",
      "Iterable",
      "Sequence",
      "MutableSequence",
      "Buffer",
    ],
  ],
  ["memoryview(b'x')", ["WithLength", "WithGet", "WithSet", "Iterable", "Buffer"]],
  ["iter([])", ["Iterable", "Iterator"]],
  ["(x for x in [])", ["Iterable", "Iterator", "Generator"]],
  ["lambda: 1", ["Callable"]],
  ["list", ["Callable", "WithGet"]],
  ["int", ["Callable"]],
];

test("instanceof answers from what the object can do, also after its end", (t) => {
  const { ffi } = t.pyodide;
  const all = Object.keys(ffi).filter((name) => name !== "PythonError" && name !== "PyBufferView");
  for (const [code, names] of KINDS) {
    const proxy = fresh(t, code);
    const expected = names.map((name) =>
      name.startsWith("With") ? `PyProxy${name}` : `Py${name}`,
    );
    const check = () =>
      assert.deepEqual(
        all.filter((name) => proxy instanceof ffi[name]).sort(),
        ["PyProxy", ...expected].sort(),
        code,
      );
    check();
    proxy.destroy();
    check();
  }
});

test("the classes make nothing, and instanceof takes anything", (t) => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  for (const [name, made] of Object.entries(t.pyodide.ffi)) {
    if (name !== "PythonError") {
      assert.throws(() => new made(), { name: "TypeError", message: /not a constructor/ });
    }
    for (const value of [null, undefined, 5, "x", {}, Object.create(null), proxy, Symbol()]) {
      assert.same(value instanceof made, false);
    }
  }
});

test("an object that inherits from a proxy, or copies it, is none", (t) => {
  const { PyProxy } = t.pyodide.ffi;
  const list = fresh(t, "[1]");
  assert.same(Object.create(list) instanceof PyProxy, false);
  assert.same(Object.assign({}, list) instanceof PyProxy, false);
});

test("the options of older clients find what they know behind a proxy", (t) => {
  const list = fresh(t, "[1]");
  const symbol = Reflect.ownKeys(list).find((key) => key.description === "pyproxy.attrs");
  const { shared, props } = list[symbol];
  assert.same(shared.gcRegistered, true);
  assert.same(typeof props, "object");
  assert.same(typeof list.$$flags, "number");
});
