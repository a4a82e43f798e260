import * as assert from "../harness/assert.mjs";
import { evaluate, run } from "../harness/python.mjs";
import { test } from "../harness/test.mjs";

const thrower = (value) => () => {
  throw value;
};

test("a thrown error is a JsException of it", (t) => {
  const error = Object.assign(new RangeError("too far"), { code: 7 });
  run(
    t,
    `
from pyodide.ffi import JsException, JsProxy
try: a()
except JsException as e:
    assert e.name == "RangeError" and e.message == "too far" and type(e.stack) is str
    assert str(e) == "RangeError: too far" and e.args == ("RangeError: too far",)
    assert e.js_error == b and e.js_error.code == 7 and e.code == 7
    assert isinstance(e, Exception) and isinstance(e, JsProxy)
    assert e == b and b == e and hash(e) == hash(b) and not hasattr(e, "nothing")
    assert c(e) is True
else: raise AssertionError`,
    thrower(error),
    error,
    (value) => value === error,
  );
});

test("its texts are those of the error as it is now", (t) => {
  const error = new RangeError("one");
  run(
    t,
    `
import traceback
from pyodide.ffi import JsException
try: a()
except JsException as e:
    assert str(e) == repr(e) == "RangeError: one"
    b.message, b.name = "two", "Other"
    assert str(e) == repr(e) == str(b) == repr(b) == "Other: two" and e.message == "two"
    assert traceback.format_exception_only(e) == ["pyodide.ffi.JsException: Other: two\\n"]
    b.toString = c
    assert str(e) == "RangeError: one"
    b.toString = d
    try: str(e)
    except KeyboardInterrupt: pass
    else: raise AssertionError`,
    thrower(error),
    error,
    thrower(new Error("no text")),
    t.pyodide.runPython("def stop(*args): raise KeyboardInterrupt\nstop"),
  );
});

test("js_error can be raised and is an exception as every other error", (t) => {
  run(
    t,
    `
from pyodide.ffi import JsException, JsProxy
try: a()
except JsException as e:
    assert isinstance(e.js_error, JsException) and isinstance(e.js_error, JsProxy)
    assert e.js_error == e and e.js_error.js_error == e and b(e.js_error)
    try: raise e.js_error
    except JsException as again: assert again == e
assert c.js_error == c
try: c.js_error = 1
except AttributeError: pass
else: raise AssertionError`,
    thrower(new Error("x")),
    (value) => value instanceof Error,
    new Error("read"),
  );
});

test("an error that is read or made can be raised and caught", (t) => {
  run(
    t,
    `
import js
from pyodide.ffi import JsException
for error in (a.e, js.TypeError.new("t")):
    assert isinstance(error, JsException)
    try: raise error
    except JsException as e: assert e is error and e.message in ("e", "t")`,
    { e: new Error("e") },
  );
});

test("a Python exception through JavaScript is the same object", (t) => {
  run(
    t,
    `
class Mine(Exception): pass
for error in (Mine("x"), KeyboardInterrupt(), SystemExit(3), GeneratorExit(), StopIteration(1)):
    def fail(): raise error
    try: a(fail)
    except BaseException as e: assert e is error, e
    else: raise AssertionError`,
    (f) => f(),
  );
});

test("it keeps its identity when JavaScript raises others meanwhile", (t) => {
  run(
    t,
    `
errors = [ValueError(i) for i in range(3)]
def fail(i): raise errors[i]
try: a(fail)
except ValueError as e: assert e is errors[0]
else: raise AssertionError`,
    (f) => {
      let first;
      for (let i = 0; i < 3; i++) {
        try {
          f(i);
        } catch (e) {
          first ??= e;
        }
      }
      throw first;
    },
  );
});

test("cause becomes __cause__", (t) => {
  const chained = new Error("outer", {
    cause: new TypeError("middle", { cause: new Error("inner") }),
  });
  run(
    t,
    `
from pyodide.ffi import JsException
try: a()
except JsException as e:
    assert e.message == "outer" and e.__cause__.message == "middle"
    assert e.__cause__.__cause__.message == "inner" and e.__cause__.__cause__.__cause__ is None
error = KeyError("k")
def fail(): raise error
try: b(fail)
except JsException as e: assert e.__cause__ is error
else: raise AssertionError`,
    thrower(chained),
    (f) => {
      try {
        f();
      } catch (cause) {
        throw new Error("wrapped", { cause });
      }
    },
  );
});

test("a circle of causes ends", (t) => {
  const a = new Error("a");
  const b = new Error("b", { cause: a });
  a.cause = b;
  run(
    t,
    `
import traceback
from pyodide.ffi import JsException
try: a()
except JsException as e:
    assert e.__cause__.message == "b"
    assert "Error: b" in "".join(traceback.format_exception(e))`,
    thrower(a),
  );
});

test("causes that are no errors or throw are passed over", (t) => {
  for (const cause of [5, "text", null, {}]) {
    run(
      t,
      "from pyodide.ffi import JsException\ntry: a()\nexcept JsException as e: assert e.__cause__ is None",
      thrower(new Error("x", { cause })),
    );
  }
  const hostile = new Error("x");
  Object.defineProperty(hostile, "cause", {
    get() {
      throw new Error("y");
    },
  });
  run(
    t,
    "from pyodide.ffi import JsException\ntry: a()\nexcept JsException as e: assert e.message == 'x'",
    thrower(hostile),
  );
});

test("what is no error is wrapped in one", (t) => {
  for (const [value, text] of [
    ["oops", "Error: oops"],
    [undefined, "undefined"],
    [null, "null"],
    [5, "5"],
    [10n, "10"],
    [{ toString: () => "mine" }, "mine"],
    [Symbol("s"), "Symbol(s)"],
    [Object.create(null), "object"],
  ]) {
    run(
      t,
      `
from pyodide.ffi import JsException
try: a()
except JsException as e: assert b in str(e), str(e)
else: raise AssertionError`,
      thrower(value),
      text,
    );
  }
});

test("a hostile error is raised all the same", (t) => {
  const hostile = new Proxy(new Error("x"), {
    get() {
      throw new RangeError("trap");
    },
  });
  run(
    t,
    `
from pyodide.ffi import JsException
try: a()
except JsException as e: repr(e), str(e)
else: raise AssertionError`,
    thrower(hostile),
  );
});

test("errors of another realm and DOMException", async (t) => {
  run(
    t,
    `
from pyodide.ffi import JsException
try: a()
except JsException as e: assert e.name == "AbortError" and e.message == "m"`,
    thrower(new DOMException("m", "AbortError")),
  );
  if (t.host === "node") {
    const vm = await import("node:vm");
    const foreign = vm.runInNewContext("new TypeError('far')");
    run(
      t,
      "from pyodide.ffi import JsException\ntry: a()\nexcept JsException as e: assert e.name == 'TypeError' and e.js_error == b",
      thrower(foreign),
      foreign,
    );
  }
});

test("a frame with a line that Python has no number for is there, and those around it", (t) => {
  for (const line of [-3, 0, 2 ** 31, "9".repeat(30)]) {
    const error = new Error("x");
    error.stack = `Error: x\n    at inner (a.js:7:1)\n    at odd (b.js:${line}:1)\n    at outer (c.js:9:1)`;
    run(
      t,
      `
import traceback
try: a()
except Exception as e:
    frames = [(f.filename, f.lineno, f.name) for f in traceback.extract_tb(e.__traceback__)][-3:]
    assert frames == [("c.js", 9, "outer"), ("b.js", 0, "odd"), ("a.js", 7, "inner")], frames
    assert "None" not in "".join(traceback.format_exception(e))`,
      thrower(error),
    );
  }
});

test("frames of JavaScript are in the traceback", (t) => {
  function innermostFunction() {
    throw new Error("deep");
  }
  function outerFunction() {
    innermostFunction();
  }
  run(
    t,
    `
import traceback
from pyodide.ffi import JsException
try: a()
except JsException as e:
    names = [f.name for f in traceback.extract_tb(e.__traceback__)]
    assert names == ["f", "outerFunction", "innermostFunction"], names
    assert traceback.extract_tb(e.__traceback__)[-1].lineno > 0`,
    outerFunction,
  );
});

test("a Python exception gets the frames of JavaScript that it goes through", (t) => {
  const raise = t.pyodide.runPython("def raising(): return 1 / 0\nraising");
  function passesOn(callback) {
    return callback();
  }
  run(
    t,
    `
import traceback
names = lambda error: [f.name for f in traceback.extract_tb(error.__traceback__)]
def callback(): a()
try: b(callback)
except ZeroDivisionError as e:
    assert names(e) == ["f", "passesOn", "callback", "callsPython", "raising"], names(e)`,
    function callsPython() {
      raise();
    },
    passesOn,
  );
  function catches() {
    try {
      raise();
    } catch (error) {
      return error.stack;
    }
  }
  assert.match(catches(), /catches/);
  raise.destroy();
});

test("pickle keeps name, message and stack", (t) => {
  run(
    t,
    `
import pickle, copy
from pyodide.ffi import JsException
try: a()
except JsException as e:
    for e2 in (pickle.loads(pickle.dumps(e)), copy.copy(e), copy.deepcopy(e)):
        assert isinstance(e2, JsException) and e2.name == e.name and e2.message == e.message
        assert e2.stack == e.stack and str(e2) == str(e)`,
    thrower(new RangeError("p")),
  );
});

test("an exception made by hand", (t) => {
  run(
    t,
    `
from pyodide.ffi import JsException
e = JsException("text")
assert str(e) == "text" and e.args == ("text",) and not hasattr(e, "stack")
assert repr(e) == "JsException('text')" and not hasattr(e, "js_error")
assert e == e and e != JsException("text") and isinstance(hash(e), int)
class Mine(JsException): pass
try: raise Mine("x")
except JsException as m: assert type(m) is Mine`,
  );
});

test("notes, __cause__ and attributes can be set", (t) => {
  const error = new Error("x");
  run(
    t,
    `
from pyodide.ffi import JsException
try: a()
except JsException as e:
    e.add_note("n")
    e.__cause__ = ValueError()
    e.extra = 5
    assert e.__notes__ == ["n"] and e.extra == 5`,
    thrower(error),
  );
  assert.same(error.extra, 5);
});

test("an uncaught JsException is a PythonError with the error as its cause", (t) => {
  const error = new TypeError("mine");
  const thrown = assert.throws(() => run(t, "a()", thrower(error)), {
    name: "PythonError",
    type: "JsException",
    message: /TypeError: mine/,
  });
  assert.same(thrown.cause, error);
});

test("exceptions of JavaScript in every kind of callback", (t) => {
  const fail = thrower(new EvalError("cb"));
  const objects = {
    "a.x": Object.defineProperty({}, "x", { get: fail }),
    "str(a)": { toString: fail },
    "a < 5": { valueOf: fail },
    "a > 5": { [Symbol.toPrimitive]: fail },
    "next(a)": { next: fail },
    "list(a)": { [Symbol.iterator]: fail },
    "a['k']": { get: fail },
    "'k' in a": { has: fail },
    "a.new()": class {
      constructor() {
        fail();
      }
    },
    "a()": fail,
    "a.m()": { m: fail },
    "a.to_py()": Object.defineProperty({}, "x", { get: fail, enumerable: true }),
    "a.object_values()": Object.defineProperty({}, "x", { get: fail, enumerable: true }),
    "a.object_keys()": new Proxy({}, { ownKeys: fail }),
    "hasattr(a, 'x')": new Proxy({}, { has: fail }),
    "setattr(a, 'x', 1)": new Proxy({}, { set: fail }),
    "delattr(a, 'x')": new Proxy({}, { deleteProperty: fail }),
  };
  for (const [code, object] of Object.entries(objects)) {
    assert.throws(() => evaluate(t, code, object), { type: "JsException", message: /cb/ }, code);
  }
});

test("recursion through both languages ends in an exception that can be caught", (t) => {
  run(
    t,
    `
def ping(): return a(ping)
try: ping()
except RecursionError: pass
except Exception as e: assert "RangeError" in str(e) or "RecursionError" in str(e), e
else: raise AssertionError
assert 6 * 7 == 42`,
    (f) => f(),
  );
});

test("what a PythonError says can be written", (t) => {
  const error = assert.throws(() => t.pyodide.runPython("1 / 0"), { name: "PythonError" });
  error.message = "mine";
  error.type = "Mine";
  assert.deepEqual([error.message, error.type], ["mine", "Mine"]);
  const read = assert.throws(() => t.pyodide.runPython("1 / 0"));
  assert.match(read.message, "ZeroDivisionError");
  read.message = `before ${read.message}`;
  assert.match(read.message, /^before Traceback/);
});
