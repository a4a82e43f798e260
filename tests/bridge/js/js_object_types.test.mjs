import * as assert from "../harness/assert.mjs";
import { evaluate, run } from "../harness/python.mjs";
import { test } from "../harness/test.mjs";

/** Names of the classes of pyodide.ffi that a value is an instance of, without JsProxy. */
function classes(t, value) {
  return evaluate(
    t,
    `" ".join(n for n in ("JsCallable", "JsPromise", "JsIterable", "JsIterator", "JsAsyncIterable",
      "JsAsyncIterator", "JsGenerator", "JsAsyncGenerator", "JsMap", "JsMutableMap", "JsArray",
      "JsTypedArray", "JsBuffer", "JsDoubleProxy", "JsException")
      if isinstance(a, getattr(__import__("pyodide.ffi").ffi, n)))`,
    value,
  );
}

const CASES = [
  ["a plain object", () => ({}), ""],
  ["a date", () => new Date(), ""],
  ["a regular expression", () => /x/, ""],
  ["a symbol", () => Symbol("x"), ""],
  ["a boxed number", () => Object(5), ""],
  ["a function", () => () => 1, "JsCallable"],
  ["a class", () => class A {}, "JsCallable"],
  ["a promise", () => Promise.resolve(1), "JsPromise"],
  // biome-ignore lint/suspicious/noThenProperty: that is what is tested
  ["a thenable", () => ({ then() {} }), "JsPromise"],
  ["an array", () => [1], "JsIterable JsArray"],
  ["a map", () => new Map(), "JsIterable JsMap JsMutableMap"],
  ["a set", () => new Set(), "JsIterable"],
  ["search parameters", () => new URLSearchParams("a=1"), "JsIterable JsMap JsMutableMap"],
  ["a typed array", () => new Uint8Array(1), "JsIterable JsArray JsTypedArray JsBuffer"],
  [
    "an array of big integers",
    () => new BigInt64Array(1),
    "JsIterable JsArray JsTypedArray JsBuffer",
  ],
  ["a buffer", () => new ArrayBuffer(1), "JsBuffer"],
  ["a data view", () => new DataView(new ArrayBuffer(1)), "JsBuffer"],
  ["a boxed string", () => Object("ab"), "JsIterable JsArray"],
  ["an iterator of an array", () => [1].values(), "JsIterable JsIterator"],
  ["an object with next", () => ({ next() {} }), "JsIterator JsAsyncIterator"],
  [
    "a generator",
    () =>
      (function* () {
        yield 1;
      })(),
    "JsIterable JsIterator JsGenerator",
  ],
  [
    "an asynchronous generator",
    () =>
      (async function* () {
        yield await 1;
      })(),
    "JsAsyncIterable JsAsyncIterator JsAsyncGenerator",
  ],
  ["an error", () => new TypeError("x"), "JsException"],
];

for (const [what, make, expected] of CASES) {
  test(`the classes of ${what}`, (t) => {
    assert.same(classes(t, make()), expected);
  });
}

test("a revoked Proxy can be held, passed and described", (t) => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  assert.same(classes(t, proxy), "");
  assert.same(evaluate(t, "a", proxy), proxy);
  run(
    t,
    `
from pyodide.ffi import JsException
for use in (lambda: a.x, lambda: str(a), lambda: dir(a), lambda: a.to_py().y, lambda: a.object_keys()):
    try:
        use()
    except JsException as e:
        assert e.name == "TypeError", e
    else:
        raise AssertionError("nothing was raised")`,
    proxy,
  );
});

test("an object whose every getter throws is still an object", (t) => {
  const hostile = new Proxy(
    {},
    {
      get() {
        throw new RangeError("no");
      },
      has() {
        throw new RangeError("no");
      },
      ownKeys() {
        throw new RangeError("no");
      },
    },
  );
  assert.same(classes(t, hostile), "");
  run(
    t,
    `
from pyodide.ffi import JsException
for use in (lambda: a.x, lambda: str(a), lambda: dir(a), lambda: a.object_keys()):
    try:
        use()
    except JsException as e:
        assert e.name == "RangeError" and e.message == "no", e
    else:
        raise AssertionError("nothing was raised")`,
    hostile,
  );
});

test("all values are instances of JsProxy and of the classes that tell nothing", (t) => {
  for (const value of [{}, [], () => 1, new Error("x"), Symbol("x")]) {
    run(
      t,
      `
from pyodide.ffi import JsProxy, JsWeakRef, JsDomElement, JsFetchResponse
assert all(isinstance(a, c) for c in (JsProxy, JsWeakRef, JsDomElement, JsFetchResponse))
assert not isinstance(5, JsProxy) and not isinstance("", JsWeakRef)`,
      value,
    );
  }
});

test("no class can be instantiated and all can be subscripted", (t) => {
  run(
    t,
    `
import pyodide.ffi as ffi
for name in ("JsProxy", "JsArray", "JsMap", "JsPromise", "JsCallable", "JsBuffer", "JsDoubleProxy"):
    cls = getattr(ffi, name)
    try:
        cls()
    except TypeError:
        pass
    else:
        raise AssertionError(name)
    assert cls[int].__origin__ is cls`,
  );
});

test("abstract classes of Python know arrays and maps", (t) => {
  run(
    t,
    `
from collections.abc import Callable, Hashable, Iterable, Mapping, MutableMapping, MutableSequence, Sequence, Sized
assert isinstance(a, MutableSequence) and isinstance(a, Sequence) and not isinstance(a, Mapping)
assert isinstance(b, MutableMapping) and isinstance(b, Mapping) and not isinstance(b, Sequence)
assert isinstance(c, Sequence) and not isinstance(c, MutableSequence)
assert isinstance(d, Callable) and not isinstance(a, Callable)
assert not isinstance(a, Hashable) and isinstance(a, Iterable) and isinstance(b, Sized)`,
    [1],
    new Map(),
    new Uint8Array(2),
    () => 1,
  );
});

test("match statements take arrays for sequences and maps for mappings", (t) => {
  run(
    t,
    `
match a:
    case [1, *rest]:
        assert rest == [2, 3]
    case _:
        raise AssertionError
match b:
    case {"x": x}:
        assert x == 5
    case _:
        raise AssertionError`,
    [1, 2, 3],
    new Map([["x", 5]]),
  );
});

test("a proxy cannot be hashed, copied or pickled", (t) => {
  run(
    t,
    `
import copy, pickle
for use in (hash, copy.copy, copy.deepcopy, pickle.dumps):
    try:
        use(a)
    except TypeError:
        pass
    else:
        raise AssertionError(use)`,
    {},
  );
});

test("identity: ==, is not, js_id", (t) => {
  const o = {};
  run(
    t,
    `
assert a == b and not a != b and a.js_id == b.js_id and a != c and a.js_id != c.js_id
assert a != 5 and a != None and not (a == "x")
assert d.js_id == d.js_id`,
    o,
    o,
    {},
    Symbol("s"),
  );
});

test("comparisons of order are JavaScript's", (t) => {
  run(t, "assert a < b and a <= b and not a > b and not a >= b", new Date(1), new Date(2));
  run(t, "assert a < 5 and a > 3", Object(4));
});

test("truth is the length of what has one", (t) => {
  for (const empty of [[], new Map(), new Set(), new Uint8Array(0), { length: 0 }, Object("")]) {
    assert.same(evaluate(t, "bool(a)", empty), false);
  }
  for (const full of [{}, [0], new Set([0]), () => 0, new Date(), { length: 1 }, Symbol("x")]) {
    assert.same(evaluate(t, "bool(a)", full), true);
  }
});

test("text is what toString says, and there is one without it", (t) => {
  assert.same(evaluate(t, "str(a)", [1, 2]), "1,2");
  assert.same(evaluate(t, "repr(a)", { toString: () => "me" }), "me");
  assert.same(evaluate(t, "str(a)", Object.create(null)), "[object Object]");
  assert.same(evaluate(t, "str(a)", Symbol("s")), "Symbol(s)");
});

test("toString is what is called, and it must return a string", (t) => {
  const both = { toString: () => "text", [Symbol.toPrimitive]: () => "primitive" };
  assert.same(evaluate(t, "str(a)", both), "text");
  assert.throws(() => evaluate(t, "str(a)", { toString: () => 5 }), { type: "TypeError" });
});

test("typeof, object_keys, object_values, object_entries", (t) => {
  run(
    t,
    `
assert a.typeof == "object" and b.typeof == "function" and c.typeof == "symbol"
assert a.object_keys().to_py() == ["x", "y"]
assert a.object_values().to_py() == [1, 2]
assert a.object_entries().to_py() == [["x", 1], ["y", 2]]`,
    { x: 1, y: 2 },
    () => 1,
    Symbol("s"),
  );
});

test("dir() knows own and inherited names, for symbols too", (t) => {
  class A {
    m() {}
  }
  const o = new A();
  o.own = 1;
  run(
    t,
    `
names = dir(a)
assert {"own", "m", "toString", "to_py", "js_id"} <= set(names)
assert "description" in dir(b)
assert "push" in dir(c) and "append" in dir(c) and "0" not in dir(c)`,
    o,
    Symbol("s"),
    [1, 2],
  );
});

test("dir() spells names as attributes need them", (t) => {
  const o = { for: 1, None: 2, from: 3, from_: 4, if__: 5, match: 6, soft_: 7, plain: 8 };
  run(
    t,
    `
own = {"for_": 1, "None_": 2, "from_": 3, "from__": 4, "if___": 5, "match": 6, "soft_": 7, "plain": 8}
assert own.keys() <= set(dir(a)) and not {"for", "None", "from", "if__"} & set(dir(a))
for name, value in own.items(): assert getattr(a, name) == value
for name in dir(a): getattr(a, name)`,
    o,
  );
});

test("weak references of JavaScript", (t) => {
  const o = { x: 1 };
  run(t, "w = a.to_weakref()\nassert w.deref() == a and w.deref().x == 1", o);
});

test("weak references to symbols, where the engine has them", (t) => {
  const canBeHeld = (value) => {
    try {
      return Boolean(new WeakRef(value));
    } catch {
      return false;
    }
  };
  assert.throws(() => evaluate(t, "a.to_weakref()", Symbol.for("registered")), {
    type: "TypeError",
    message: /there are no weak references to Symbol\(registered\)/,
  });
  for (const symbol of [Symbol("own"), Symbol.iterator]) {
    if (canBeHeld(symbol)) {
      run(t, "assert a.to_weakref().deref() == a", symbol);
    } else {
      assert.throws(() => evaluate(t, "a.to_weakref()", symbol), { type: "TypeError" });
    }
  }
});

test("weak references of Python", (t) => {
  run(
    t,
    "import weakref\nx = a.x\nw = weakref.ref(x)\nassert w() is x\ndel x\nassert w() is None",
    { x: {} },
  );
});

test("what has a name and a message is an exception only with a stack", (t) => {
  const like = { name: "name", message: "message" };
  const python = "isinstance(a, __import__('pyodide.ffi').ffi.JsException)";
  assert.same(evaluate(t, python, like), false);
  assert.same(evaluate(t, python, { ...like, stack: "stack" }), true);
  assert.same(evaluate(t, python, { ...like, stack: 5 }), false);
});
