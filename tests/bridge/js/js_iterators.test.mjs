import * as assert from "../harness/assert.mjs";
import { evaluate, run, runAsync } from "../harness/python.mjs";
import { test } from "../harness/test.mjs";

function* counting() {
  const got = [];
  try {
    for (let i = 0; i < 3; i++) {
      got.push(yield i);
    }
    return got.length;
  } finally {
    counting.closed = true;
  }
}

test("iterables and iterators", (t) => {
  run(
    t,
    `
assert list(a) == [0, 1, 2] and list(b) == ["x", "y"] and list(c) == [1, 2]
i = iter(d)
assert iter(i) is i and next(i) == 5 and next(i, None) is None`,
    counting(),
    new Set(["x", "y"]),
    [1, 2].values(),
    [5].values(),
  );
});

test("a generator: send, the value of return, throw, close", (t) => {
  run(
    t,
    `
assert next(a) == 0 and a.send("v") == 1 and a.send(None) == 2
try: next(a)
except StopIteration as e: assert e.value == 3
else: raise AssertionError
assert next(b) == 0
b.close()
assert list(b) == []`,
    counting(),
    counting(),
  );
  assert.ok(counting.closed);
});

test("an exception thrown into a generator comes back as itself, or as what it makes of it", (t) => {
  function* g() {
    try {
      yield 1;
    } catch (e) {
      yield e.type ?? e.name;
    }
    yield 3;
  }
  run(
    t,
    `
import js
next(a)
assert a.throw(ValueError("x")) == "ValueError" and list(a) == [3]
next(b)
error = KeyError("k")
try:
    b.throw(error)
except KeyError as e:
    assert e is error
    e.__traceback__ = None  # V8's generators hold what was thrown into them: a circle through f's frame
else: raise AssertionError
next(c)
assert c.throw(js.TypeError.new("t")) == "TypeError" and next(c) == 3
next(d)
d.close()
try: d.throw(5)
except TypeError: pass
else: raise AssertionError`,
    g(),
    counting(),
    g(),
    g(),
  );
});

test("StopIteration carries a tuple as one value", (t) => {
  run(
    t,
    `
x = (1, 2)
def make(): return x
g = a(make)
try: next(g)
except StopIteration as e: assert e.value is x
else: raise AssertionError`,
    // biome-ignore lint/correctness/useYield: its value is what matters
    function* (f) {
      return f();
    },
  );
});

test("what throws while iterated raises", (t) => {
  const bad = {
    [Symbol.iterator]() {
      return {
        next() {
          throw new RangeError("no more");
        },
      };
    },
  };
  assert.throws(() => evaluate(t, "list(a)", bad), { type: "JsException", message: /no more/ });
  const odd = { [Symbol.iterator]: () => ({ next: () => 5 }) };
  assert.throws(() => evaluate(t, "list(a)", odd), {
    type: "JsException",
    message: /not an object/,
  });
  const none = { [Symbol.iterator]: () => ({}) };
  assert.throws(() => evaluate(t, "list(a)", none), { type: "TypeError", message: /next/ });
  const getter = {
    [Symbol.iterator]: () => ({
      next: () => ({
        get done() {
          throw new Error("done?");
        },
      }),
    }),
  };
  assert.throws(() => evaluate(t, "list(a)", getter), { type: "JsException", message: /done\?/ });
});

test("asynchronous iteration", async (t) => {
  async function* letters() {
    yield await "a";
    yield "b";
  }
  await runAsync(
    t,
    `
assert [x async for x in a] == ["a", "b"]
i = aiter(b)
assert await anext(i) == "a" and await i.asend(None) == "b"
try: await anext(i)
except StopAsyncIteration: pass
else: raise AssertionError`,
    letters(),
    letters(),
  );
});

test("an asynchronous generator: asend, athrow, aclose", async (t) => {
  let closed = false;
  async function* g() {
    try {
      const x = yield await 1;
      yield x;
    } catch (e) {
      yield e.type;
    } finally {
      closed = true;
    }
  }
  await runAsync(
    t,
    `
assert await anext(a) == 1 and await a.asend(7) == 7
await a.aclose()
assert await anext(b) == 1 and await b.athrow(OSError("x")) == "OSError"
await b.aclose()
assert await anext(c) == 1
await c.aclose()
try: await c.athrow(KeyError("k"))
except KeyError: pass
else: raise AssertionError`,
    g(),
    g(),
    g(),
  );
  assert.ok(closed);
});

test("a rejection while iterating is raised where it is awaited", async (t) => {
  // biome-ignore lint/correctness/useYield: it fails before
  async function* g() {
    await null;
    throw new TypeError("late");
  }
  await runAsync(
    t,
    `
from pyodide.ffi import JsException
try:
    async for x in a: pass
except JsException as e: assert e.name == "TypeError" and e.message == "late"
else: raise AssertionError`,
    g(),
  );
});

test("with statements dispose", async (t) => {
  if (Symbol.dispose === undefined || Symbol.asyncDispose === undefined) {
    return;
  }
  const log = [];
  const o = {
    [Symbol.dispose]() {
      log.push("sync");
    },
    async [Symbol.asyncDispose]() {
      await null;
      log.push("async");
    },
  };
  await runAsync(
    t,
    `
with a as x:
    assert x == a
async with a as y:
    assert y == a
try:
    with a: raise KeyError("k")
except KeyError: pass
else: raise AssertionError`,
    o,
  );
  assert.deepEqual(log, ["sync", "async", "sync"]);
});
