import * as assert from "../harness/assert.mjs";
import { evaluate, run } from "../harness/python.mjs";
import { test } from "../harness/test.mjs";

test("arguments and results", (t) => {
  const all = (...values) => values.length;
  for (const n of [0, 1, 2, 3, 8, 9, 100]) {
    assert.same(evaluate(t, `a(*range(${n}))`, all), n);
  }
  assert.same(
    evaluate(t, "a(1, 2.5, 'x', True)", (...v) => JSON.stringify(v)),
    '[1,2.5,"x",true]',
  );
  assert.same(
    evaluate(t, "a(None)", (v) => v === undefined),
    true,
  );
});

test("keyword arguments are one object at the end", (t) => {
  let got;
  const f = (...values) => {
    got = values;
  };
  run(t, "a(1, x=2, y='z')", f);
  assert.deepEqual(got, [1, { x: 2, y: "z" }]);
  run(t, "a(**{'__proto__': 5})", f);
  assert.deepEqual(Object.keys(got[0]), ["__proto__"]);
  run(t, "a(1)", f);
  assert.deepEqual(got, [1]);
});

test("new", (t) => {
  class Point {
    constructor(x, options) {
      this.x = x;
      this.options = options;
    }
  }
  run(
    t,
    `
p = a.new(3, color="red")
assert p.x == 3 and p.options.color == "red" and p.constructor == a
assert b.new([1, 2]).size == 0 if False else True
assert b.new().size == 0`,
    Point,
    Map,
  );
  assert.throws(() => evaluate(t, "a.new()", () => 1), {
    type: "JsException",
    message: /constructor/,
  });
  assert.throws(() => evaluate(t, "a.new()", {}), { type: "AttributeError" });
});

test("what is no function cannot be called", (t) => {
  assert.throws(() => evaluate(t, "a()", {}), { type: "TypeError" });
  assert.same(evaluate(t, "callable(a)", {}), false);
  assert.same(
    evaluate(t, "callable(a)", () => 1),
    true,
  );
});

test("a class called without new raises", (t) => {
  assert.throws(() => evaluate(t, "a()", class A {}), { type: "JsException", message: /new/ });
});

test("arguments that are Python objects end with the call", (t) => {
  let kept;
  run(t, "a([1, 2])", (list) => {
    assert.same(list.length, 2);
    kept = list;
  });
  assert.throws(() => kept.length, { message: /destroyed at the end of a function call/ });
});

test("an argument that is returned comes back as itself", (t) => {
  run(t, "x = [1]\nassert a(x) is x", (x) => x);
});

test("a function in the body of a class is a method", (t) => {
  function f(x) {
    return [this.n, x];
  }
  run(
    t,
    `
class A:
    n = 5
    m = a
x = A()
assert x.m(3).to_py() == [5, 3]
assert A.m == a`,
    f,
  );
});

test("functions with properties of their own can do both", (t) => {
  const f = Object.assign(() => 1, {
    get: (k) => `<${k}>`,
    has: () => true,
    size: 3,
  });
  run(t, "assert a() == 1 and a['x'] == '<x>' and 'y' in a and len(a) == 3", f);
});

test("a call of a method that throws leaves its error", (t) => {
  const o = {
    m() {
      throw new SyntaxError("oops");
    },
  };
  assert.throws(() => evaluate(t, "a.m()", o), {
    type: "JsException",
    message: /SyntaxError: oops/,
  });
});

test("a method is read before its arguments are evaluated", (t) => {
  const log = [];
  const o = {
    get m() {
      log.push("read");
      return (...values) => values.length;
    },
    first: () => "first",
    second: () => "second",
    other: () => 2,
  };
  run(
    t,
    `
assert a.m(b("argument"), b("another")) == 2
try: a.missing(b("never"))
except AttributeError: pass
else: raise AssertionError
assert a.first(setattr(a, "first", None)) == "first"
a.first = a.second
assert a.first() == "second"
assert a.other(a.other(), a.other(x=1)) == 2`,
    o,
    (text) => log.push(text),
  );
  assert.deepEqual(log, ["read", "argument", "another"]);
});

test("methods: this, keyword arguments, many arguments, what is no function", (t) => {
  const o = {
    n: 3,
    add(...values) {
      return this.n + values.length;
    },
    options(options) {
      return this.n + options.x;
    },
    five: 5,
    nothing: undefined,
    python: undefined,
  };
  run(
    t,
    `
assert a.add() == 3 and a.add(1) == 4 and a.add(*range(20)) == 23
assert a.options(x=4) == 7
for name in ("five", "nothing"):
    try: exec(f"a.{name}()", {"a": a})
    except TypeError: pass
    else: raise AssertionError(name)
x = [1]
m = a.add
assert m(1) == 4 and getattr(a, "add")(1, 2) == 5 and type(m).__name__ == type(a.add).__name__
assert [a.add(i) for i in range(3)] == [4, 4, 4]
assert a.add.name == "add" and callable(a.add)`,
    o,
  );
});

test("a Python function that is a property is called as what it is", (t) => {
  run(
    t,
    `
from pyodide.ffi import create_proxy
def f(*args, **kwargs): return (args, kwargs)
p = create_proxy(f, roundtrip=False)
a.cb = p
assert a.cb(1, x=[2]) == ((1,), {"x": [2]})
a.cb = None
p.destroy()`,
    {},
  );
});

test("methods of values that are no objects", (t) => {
  run(t, "assert a.toString() == 'Symbol(s)' and b.toFixed(1) == '5.0'", Symbol("s"), Object(5));
});

test("a method that was read and not called is not the one that is called next", (t) => {
  run(
    t,
    `
def interrupted():
    try:
        a.g(1 / 0)
    except ZeroDivisionError:
        pass
assert a.f(interrupted()) == "f"`,
    { f: () => "f", g: () => "g" },
  );
});
