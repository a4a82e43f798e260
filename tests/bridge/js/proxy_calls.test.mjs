/** Calls of Python from JavaScript. */

import * as assert from "../harness/assert.mjs";
import { test } from "../harness/test.mjs";

const run = (t, code) => t.pyodide.runPython(code);
const ECHO = "lambda *args, **kwargs: repr((args, kwargs))";

test("arguments of any number", (t) => {
  const echo = run(t, ECHO);
  assert.same(echo(), "((), {})");
  assert.same(echo(1), "((1,), {})");
  assert.same(echo(1, "b"), "((1, 'b'), {})");
  assert.same(echo(1, "b", true), "((1, 'b', True), {})");
  assert.same(echo(1, "b", true, undefined), "((1, 'b', True, None), {})");
  const many = Array.from({ length: 5000 }, (_, i) => i);
  assert.same(run(t, "lambda *a: sum(a)")(...many), 12497500);
});

test("call and apply drop this; apply takes what is like an array", (t) => {
  const echo = run(t, ECHO);
  assert.same(echo.call("this", 1, 2), "((1, 2), {})");
  assert.same(echo.apply("this", [1, 2]), "((1, 2), {})");
  assert.same(echo.apply("this", { length: 2, 0: 1, 1: 2 }), "((1, 2), {})");
  assert.same(echo.apply("this", run(t, "(1, 2)")), "((1, 2), {})");
  assert.same(echo.apply("this"), "((), {})");
  assert.throws(() => echo.apply("this", 5), TypeError);
  assert.same(Reflect.apply(echo, "this", [1]), "((1,), {})");
});

test("captureThis makes this the first argument", (t) => {
  const echo = run(t, "lambda *args: len(args) and args[0]");
  const object = { method: echo.captureThis() };
  assert.same(object.method(5), object);
  assert.same(echo.captureThis().call("self"), "self");
});

test("bind gives arguments and this ahead", (t) => {
  const echo = run(t, ECHO);
  const bound = echo.bind("this", 1, 2);
  assert.same(bound(3), "((1, 2, 3), {})");
  assert.same(bound.bind("other", 3)(4), "((1, 2, 3, 4), {})");
  assert.same(echo.captureThis().bind("this", 1)(2), "(('this', 1, 2), {})");
  assert.same(bound.callKwargs(3, { k: 4 }), "((1, 2, 3), {'k': 4})");
  echo.destroy();
  assert.throws(() => bound(), /destroyed/);
});

test("callKwargs takes a plain object of any realm as its last argument", (t) => {
  const echo = run(t, ECHO);
  assert.same(echo.callKwargs(1, { a: 2, b: "c" }), "((1,), {'a': 2, 'b': 'c'})");
  assert.same(echo.callKwargs({}), "((), {})");
  const bare = Object.assign(Object.create(null), { a: 1 });
  assert.same(echo.callKwargs(bare), "((), {'a': 1})");
  assert.throws(() => echo.callKwargs(), TypeError);
  for (const wrong of [5, "x", null, new Map(), run(t, "{}"), () => 1]) {
    assert.throws(() => echo.callKwargs(wrong), { name: "TypeError", message: /kwargs/ });
  }
});

test("relaxed calls drop what is too much and miss what is missing", (t) => {
  const f = run(t, "lambda a, b=2, *, k=3: (a, b, k)");
  assert.throws(() => f(1, 2, 3), { type: "TypeError" });
  assert.deepEqual(f.callRelaxed(1, 5, 6, 7).toJs(), [1, 5, 3]);
  assert.deepEqual(f.callKwargsRelaxed(1, { k: 4, unknown: 5 }).toJs(), [1, 2, 4]);
  assert.throws(() => f.callRelaxed(), {
    type: "TypeError",
    message: /missing a required argument/,
  });
  assert.deepEqual(
    f.callWithOptions({ relaxed: true, kwargs: true }, 1, 2, 3, { z: 1 }).toJs(),
    [1, 2, 3],
  );
  assert.deepEqual(f.callWithOptions({}, 1).toJs(), [1, 2, 3]);
});

test("too many arguments are Python's TypeError", (t) => {
  assert.throws(() => run(t, "lambda: 1")(1), { name: "PythonError", type: "TypeError" });
});

test("new calls a class", (t) => {
  const Point = run(t, "class Point:\n  def __init__(self, x): self.x = x\nPoint");
  assert.same(new Point(3).x, 3);
});

test("an object with __call__ can be called, and keeps its other members", (t) => {
  const object = run(t, "class C(list):\n  def __call__(self, x): return len(self) + x\nC([1, 2])");
  assert.same(object(3), 5);
  assert.same(object.length, 2);
  assert.same(object[1], 2);
});

test("exceptions come through every form of call", (t) => {
  const f = run(t, "def fails(*args, **kwargs): raise KeyError('no')\nfails");
  const error = { name: "PythonError", type: "KeyError" };
  assert.throws(() => f(), error);
  assert.throws(() => f(1), error);
  assert.throws(() => f(1, 2, 3, 4), error);
  assert.throws(() => f.call(), error);
  assert.throws(() => f.apply(null, [1]), error);
  assert.throws(() => f.bind(null)(), error);
  assert.throws(() => f.callKwargs({ a: 1 }), error);
  assert.throws(() => f.callRelaxed(1), error);
  run(t, "del fails");
});

test("an error of JavaScript that goes through Python is the cause of what comes out", (t) => {
  const error = new RangeError("from JavaScript");
  const thrown = assert.throws(
    () =>
      run(
        t,
        "lambda f: f()",
      )(() => {
        throw error;
      }),
    { name: "PythonError", type: "JsException" },
  );
  assert.same(thrown.cause, error);
});

test("arguments that cannot be converted leave nothing behind", (t) => {
  const f = run(t, ECHO);
  const dead = run(t, "[]");
  dead.destroy();
  assert.throws(() => f(dead), /destroyed/);
  assert.throws(() => f({}, dead), /destroyed/);
  assert.throws(() => f({}, {}, dead, {}), /destroyed/);
  assert.throws(() => f({}, {}, {}, {}, dead), /destroyed/);
  assert.throws(() => f.callKwargs({ a: {}, b: dead }), /destroyed/);
  assert.same(f(1), "((1,), {})");
});

test("functions of the bridge do not depend on what a page patches", (t) => {
  const f = run(t, "lambda *a: len(a)");
  const { apply, call } = Function.prototype;
  const patched = () => {
    throw new Error("patched");
  };
  Function.prototype.apply = patched;
  Function.prototype.call = patched;
  try {
    assert.same(f(1, 2), 2);
    assert.same(f.call(null, 1), 1);
    assert.same(
      run(t, "lambda f: f(1)")((x) => x + 1),
      2,
    );
  } finally {
    Function.prototype.apply = apply;
    Function.prototype.call = call;
  }
});

test("methods of a proxy refuse other receivers", (t) => {
  const list = run(t, "[1]");
  for (const name of ["toString", "copy", "destroy", "toJs", "get", "set", "push", "map"]) {
    assert.throws(() => Reflect.apply(list[name], undefined, []), TypeError);
    assert.throws(() => Reflect.apply(list[name], {}, []), TypeError);
  }
});
