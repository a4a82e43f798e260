/**
 * Recursion through both languages ends in an exception that either of them can catch, wherever the
 * engine's stack ends, and the interpreter goes on.
 */

import * as assert from "../harness/assert.mjs";
import { call, evaluate } from "../harness/python.mjs";
import { test } from "../harness/test.mjs";

/** What both languages and all engines call it. */
const NAMES = /RecursionError|RangeError|InternalError|too much recursion|Maximum call stack/;

/** Whether an error says that a stack was full. */
function isOverflow(error) {
  return NAMES.test(`${error.name} ${error.type} ${error.message}`);
}

/** What `f` throws; undefined if it returns. */
function caught(f) {
  try {
    f();
  } catch (error) {
    return error;
  }
  return undefined;
}

function assertOverflows(f) {
  const error = caught(f);
  assert.ok(error !== undefined, "it did not end in an exception");
  assert.ok(isOverflow(error), assert.show(error));
}

/** The interpreter computes, compiles, calls, raises, converts, in both directions. */
function assertAlive(t) {
  const alive = `
def fibonacci(n):
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)
def alive(f):
    try:
        f(None)
    except Exception as error:
        assert "length" in str(error), error
    else:
        raise AssertionError
    return [fibonacci(10), f([3]), eval("6 * 7")]
alive`;
  const f = (list) => list.length;
  const answer = call(t, alive, f);
  assert.deepEqual(answer.toJs(), [55, 1, 42]);
  answer.destroy();
}

const PING = `
def ping(f):
    return f(ping, f)
ping`;

const pong = (ping, f) => ping(f);

/** Endless recursions through both sides: (t) => that runs one. */
const ENDLESS = {
  "functions call each other": (t) => call(t, PING, pong),
  "methods call each other": (t) =>
    call(
      t,
      `
class Ping:
    def go(self, object):
        return object.go(self)
Ping().go`,
      {
        go(ping) {
          return ping.go(this);
        },
      },
    ),
  "a getter reads a property": (t) =>
    call(
      t,
      `
class Ping:
    def __init__(self, object):
        self.object = object
        object.ping = self
    @property
    def value(self):
        return self.object.value
lambda object: Ping(object).value`,
      Object.defineProperty({}, "value", {
        get() {
          return this.ping.value;
        },
      }),
    ),
  "a callback runs code": (t) => {
    const globals = t.pyodide.runPython("{}");
    globals.set("f", () => t.pyodide.runPython("f()", { globals }));
    try {
      t.pyodide.runPython("f()", { globals });
    } finally {
      globals.destroy();
    }
  },
  "an iterator iterates": (t) =>
    call(
      t,
      `
def start(f):
    def ping():
        for item in f:
            pass
    f.again = ping
    ping()
start`,
      {
        *[Symbol.iterator]() {
          yield this.again();
        },
      },
    ),
  "a text is asked of the other side": (t) =>
    call(
      t,
      `
class Ping:
    def __str__(self):
        return str(self.object)
def f(object):
    ping = Ping()
    ping.object = object
    object.ping = ping
    return str(ping)
f`,
      {
        toString() {
          return this.ping.toString();
        },
      },
    ),
  "each side catches and goes on": (t) =>
    call(
      t,
      `
def ping(f):
    try:
        return f(ping, f)
    finally:
        len("cleanup")
ping`,
      (ping, f) => {
        try {
          return ping(f);
        } finally {
          String(f.name);
        }
      },
    ),
};

const OPTIONS = { leaks: "engines and CPython keep what a deep stack needed", timeout: 120 };

for (const [name, run] of Object.entries(ENDLESS)) {
  test(`without end: ${name}`, OPTIONS, (t) => {
    for (let i = 0; i < 3; i++) {
      assertOverflows(() => run(t));
      assertAlive(t);
    }
  });
}

test("Python catches it, too", OPTIONS, (t) => {
  const text = call(
    t,
    `
def ping(f):
    return f(ping, f)
def f(pong):
    try:
        ping(pong)
    except Exception as error:
        return f"{type(error).__name__} {error}"
f`,
    pong,
  );
  assert.match(text, NAMES);
  assertAlive(t);
});

test(
  "JavaScript that recurses without end and calls Python leaves it whole, tasks and threads too",
  OPTIONS,
  async (t) => {
    const { pyodide } = t;
    const f = pyodide.runPython("lambda *values: list(values)");
    const calls = [
      () => f().destroy(),
      () => f.__name__,
      () => pyodide.runPython("1 + 1"),
      () => pyodide.toPy([1, { a: 2 }]).destroy(),
    ];
    for (const call of calls) {
      const recurse = () => {
        call();
        recurse();
      };
      for (let i = 0; i < 20; i++) {
        assertOverflows(recurse);
        assert.same(pyodide.runPython("6 * 7"), 42);
      }
      assert.same(await pyodide.runPythonAsync("import asyncio; await asyncio.sleep(0.001); 7"), 7);
    }
    f.destroy();
    assertAlive(t);
  },
);

/** `depth` lists or objects in each other. */
function nested(depth, wrap) {
  let value = 1;
  for (let i = 0; i < depth; i++) {
    value = wrap(value);
  }
  return value;
}

/** It works or overflows, and the interpreter goes on. */
function assertWorksOrOverflows(t, f) {
  const error = caught(f);
  assert.ok(error === undefined || isOverflow(error), assert.show(error));
  assertAlive(t);
}

for (const depth of [100, 1_000, 10_000, 100_000]) {
  test(`values ${depth} deep are converted or refused`, OPTIONS, (t) => {
    assertWorksOrOverflows(t, () => t.pyodide.toPy(nested(depth, (value) => [value])).destroy());
    assertWorksOrOverflows(t, () => t.pyodide.toPy(nested(depth, (a) => ({ a }))).destroy());
    assertWorksOrOverflows(t, () =>
      t.pyodide.toPy(nested(depth, (value) => new Map([["a", value]]))).destroy(),
    );
    for (const wrap of ["[value]", "{'a': value}", "(value,)"]) {
      const make = `
def make(depth):
    value = 1
    for _ in range(depth):
        value = ${wrap}
    return value
make`;
      assertWorksOrOverflows(t, () => {
        const value = call(t, make, depth);
        try {
          value.toJs();
        } finally {
          value.destroy();
        }
      });
    }
  });
}

/** Calls `f` with `depth` frames of JavaScript above it. */
function descend(depth, f) {
  return depth === 0 ? f() : descend(depth - 1, f);
}

/** How many of these frames the stack holds. */
function depthOfStack() {
  let depth = 0;
  const down = () => {
    depth += 1;
    descend(0, down);
  };
  caught(down);
  return depth;
}

/** What Python does at the bottom of a deep stack of JavaScript. */
const AT_BOTTOM = {
  "a call": "lambda: None",
  "an exception": "lambda: 1 / 0",
  "a sorted list": "lambda: len(sorted([[3], [2], [1]], key=repr))",
  "a compiled expression": "lambda: eval('(((1 + 2))) * [3][0]')",
  "recursion of its own": "(f := lambda: f())",
};

for (const [name, code] of Object.entries(AT_BOTTOM)) {
  test(`a nearly full stack of JavaScript: ${name}`, OPTIONS, (t) => {
    const globals = t.pyodide.runPython("{}");
    const f = t.pyodide.runPython(code, { globals });
    const full = depthOfStack();
    for (let i = 0; i <= 40; i++) {
      const error = caught(() => descend(Math.floor((full * 2 * i) / 40), f));
      const expected = error === undefined || error.type === "ZeroDivisionError";
      assert.ok(expected || isOverflow(error), `${i}: ${assert.show(error)}`);
      assert.same(evaluate(t, "6 * 7"), 42, `after a call at ${i}/40`);
    }
    f.destroy();
    globals.destroy();
    assertAlive(t);
  });
}

for (const [name, code] of Object.entries(AT_BOTTOM)) {
  test(`a nearly full stack, in a call that may wait: ${name}`, OPTIONS, async (t) => {
    const globals = t.pyodide.runPython("{}");
    const f = t.pyodide.runPython(code, { globals });
    const full = depthOfStack();
    for (let i = 0; i <= 40; i++) {
      let pending;
      let error = caught(() =>
        descend(Math.floor((full * 2 * i) / 40), () => {
          pending = f.callPromising();
        }),
      );
      await pending?.catch((reason) => {
        error = reason;
      });
      const expected = error === undefined || error.type !== undefined;
      assert.ok(expected || isOverflow(error), `${i}: ${assert.show(error)}`);
      assert.same(await t.pyodide.runPythonAsync("6 * 7"), 42, `after a call at ${i}/40`);
    }
    f.destroy();
    globals.destroy();
    assertAlive(t);
  });
}
