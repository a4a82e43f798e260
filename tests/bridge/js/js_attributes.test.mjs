import * as assert from "../harness/assert.mjs";
import { evaluate, run } from "../harness/python.mjs";
import { test } from "../harness/test.mjs";

test("attributes are properties, own and inherited", (t) => {
  class A {
    get twice() {
      return this.x * 2;
    }
  }
  const o = Object.assign(new A(), { x: 4 });
  run(t, "assert a.x == 4 and a.twice == 8\na.x = 5\nassert a.twice == 10\ndel a.x", o);
  assert.ok(!("x" in o));
});

test("a missing attribute raises AttributeError, one that is undefined is None", (t) => {
  assert.throws(() => evaluate(t, "a.nothing", {}), {
    type: "AttributeError",
    message: /nothing/,
  });
  run(t, 'assert a.u is None and hasattr(a, "u") and not hasattr(a, "v")', { u: undefined });
  run(t, "del a.nothing", {});
});

test("a getter or setter that throws raises JsException", (t) => {
  const o = {
    get x() {
      throw new RangeError("get");
    },
    set x(_) {
      throw new RangeError("set");
    },
  };
  run(
    t,
    `
from pyodide.ffi import JsException
def put(): a.x = 1
for use, text in ((lambda: a.x, "get"), (put, "set")):
    try:
        use()
    except JsException as e:
        assert e.name == "RangeError" and e.message == text
    else:
        raise AssertionError`,
    o,
  );
});

test("frozen objects refuse", (t) => {
  const frozen = Object.freeze({ x: 1 });
  assert.throws(() => run(t, "a.x = 2", frozen), { type: "JsException" });
  assert.throws(() => run(t, "del a.x", frozen), { type: "JsException" });
});

test("keywords take an underscore", (t) => {
  const o = { from: 1, from_: 2, class: 3, lambda_: 4, for: { return: 5 } };
  run(
    t,
    `
assert a.from_ == 1 and a.from__ == 2 and a.class_ == 3 and a.for_.return_ == 5
assert a.lambda__ == 4 and not hasattr(a, "lambda_")
a.import_ = 6
del a.class_`,
    o,
  );
  assert.same(o.import, 6);
  assert.ok(!("class" in o));
});

test("a method that was read keeps its object", (t) => {
  const o = {
    n: 7,
    get() {
      return this.n;
    },
  };
  run(t, "m = a.get\nassert m() == 7 and a.get() == 7", o);
});

test("a function read twice is the same function", (t) => {
  const o = { f() {} };
  run(t, "assert a.f == a.f and a.f.js_id == a.f.js_id", o);
});

test("keys of arrays is hidden, so that dict() takes pairs", (t) => {
  run(
    t,
    `
assert not hasattr(a, "keys") and dict(a) == {"x": 1}
assert list(a.entries())[0][0] == 0`,
    [["x", 1]],
  );
});

test("names of Python come before those of JavaScript", (t) => {
  run(t, 'assert callable(a.to_py) and a.typeof == "object"', { to_py: 1, typeof: 2 });
});

test("null is jsnull", (t) => {
  run(t, "from pyodide.ffi import jsnull\nassert a.x is jsnull and not a.x", { x: null });
});

test("names with any characters", (t) => {
  const o = { "a-b": 1, "": 2, ünï: 3, 𝒳: 4 };
  run(
    t,
    `
assert getattr(a, "a-b") == 1 and getattr(a, "") == 2 and getattr(a, "ünï") == 3
assert getattr(a, "\\U0001d4b3") == 4
setattr(a, "new name", 5)`,
    o,
  );
  assert.same(o["new name"], 5);
});

test("attributes of functions and classes", (t) => {
  class A {
    static n = 3;
    x = 1;
    static make() {
      return new this();
    }
  }
  run(t, 'assert a.n == 3 and a.name == "A" and a.make().constructor == a', A);
});
