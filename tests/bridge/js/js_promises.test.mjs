import * as assert from "../harness/assert.mjs";
import { call, evaluate, run, runAsync } from "../harness/python.mjs";
import { test } from "../harness/test.mjs";

const later = (value) => new Promise((resolve) => setTimeout(resolve, 1, value));

test("a promise can be awaited, more than once", async (t) => {
  await runAsync(
    t,
    "assert await a == 5 and await a == 5 and await b == 6",
    later(5),
    Promise.resolve(6),
  );
});

test("a thenable can be awaited", async (t) => {
  // biome-ignore lint/suspicious/noThenProperty: that is what is tested
  await runAsync(t, "assert await a == 5", { then: (resolve) => resolve(5) });
});

test("a promise that a call returns is a future, one that is read is a promise", async (t) => {
  await runAsync(
    t,
    `
import asyncio
from pyodide.ffi import JsPromise
from pyodide.webloop import PyodideFuture
f = a()
assert isinstance(f, PyodideFuture) and not isinstance(f, JsPromise)
p = b.p
assert isinstance(p, JsPromise) and not isinstance(p, asyncio.Future)
assert await f == 3 and await p == 4
assert await asyncio.gather(a(), asyncio.ensure_future(b.p), a()) == [3, 4, 3]
assert await asyncio.wait_for(a(), 5) == 3`,
    () => later(3),
    { p: later(4) },
  );
});

test("then, catch and finally_ of a promise", async (t) => {
  const reject = () => Promise.reject(new RangeError("r"));
  await runAsync(
    t,
    `
from pyodide.ffi import JsException
assert await a.p.then(lambda x: x + 1) == 4
assert await a.p.then(None) == 3
assert await a.p.then(lambda x: [x]) == [3]
async def double(x): return x * 2
assert await a.p.then(double) == 6
seen = []
assert await a.p.finally_(lambda: seen.append(1) or 7) == 3 and seen == [1]
assert await a.r.catch(lambda e: e.name) == "RangeError"
assert await a.r.then(None, lambda e: type(e) is JsException) is True
try: await a.r.then(lambda x: 1)
except JsException as e: assert e.message == "r"
else: raise AssertionError
try: await a.r.finally_(lambda: 1)
except JsException as e: assert e.message == "r"
else: raise AssertionError`,
    {
      p: later(3),
      get r() {
        return reject();
      },
    },
  );
});

test("an exception in a handler rejects, and is the same when it comes back", async (t) => {
  await runAsync(
    t,
    `
error = KeyError("k")
def fail(*_): raise error
for follow in (a.then, a.finally_, b):
    try: await follow(fail)
    except KeyError as e: assert e is error
    else: raise AssertionError
assert await a.then(fail).catch(lambda e: e is error)
assert await a.then(lambda x: x)`,
    Promise.resolve(1),
    (fail) => Promise.reject(new Error("x")).catch((e) => fail(e)),
  );
});

test("a handler must be callable", (t) => {
  for (const code of ["a.then(5)", "a.catch('x')", "a.finally_(None).then(1)", "a.then()"]) {
    assert.throws(() => evaluate(t, code, Promise.resolve()), { type: "TypeError" });
  }
});

test("what is rejected with is raised, whatever it is", async (t) => {
  for (const [reason, text] of [
    ["text", "Error: text"],
    [undefined, "undefined"],
    [null, "null"],
    [5, "number"],
    [{ a: 1 }, "object"],
    [Symbol("s"), "symbol"],
  ]) {
    await runAsync(
      t,
      `
from pyodide.ffi import JsException
for make in (a, lambda: b.p):
    try: await make()
    except JsException as e: assert c in str(e), str(e)
    else: raise AssertionError`,
      () => Promise.reject(reason),
      {
        get p() {
          return Promise.reject(reason);
        },
      },
      text,
    );
  }
});

test("a then that throws raises", async (t) => {
  const bad = {
    // biome-ignore lint/suspicious/noThenProperty: that is what is tested
    then() {
      throw new SyntaxError("bad then");
    },
  };
  await runAsync(
    t,
    `
from pyodide.ffi import JsException
try: await a
except JsException as e: assert e.message == "bad then"
else: raise AssertionError`,
    bad,
  );
});

test("a future that is cancelled stays so when the promise settles", async (t) => {
  let resolve;
  const promise = new Promise((r) => {
    resolve = r;
  });
  await runAsync(
    t,
    `
import asyncio
f = a()
f.cancel()
b(9)
await asyncio.sleep(0.01)
assert f.cancelled()`,
    () => promise,
    (v) => resolve(v),
  );
});

test("a promise that never settles leaves its future", async (t) => {
  await runAsync(
    t,
    `
import asyncio
try: await asyncio.wait_for(a(), 0.01)
except TimeoutError: pass
else: raise AssertionError`,
    () => new Promise(() => {}),
  );
});

test("what a thenable says after its first word counts for nothing", async (t) => {
  const thenable = {
    // biome-ignore lint/suspicious/noThenProperty: that is what it is about.
    then(resolve, reject) {
      resolve(1);
      resolve(2);
      reject(new Error("3"));
    },
  };
  await runAsync(t, "for _ in range(50): assert await a == 1", thenable);
});

test("promises of Python's results: a coroutine awaited by JavaScript", async (t) => {
  const f = t.pyodide.runPython("async def f(x):\n    return await x\nf");
  assert.same(await f(later(8)), 8);
  f.destroy();
  t.pyodide.runPython("del f");
});

test("call results of asynchronous functions that fail at once", async (t) => {
  await runAsync(
    t,
    `
from pyodide.ffi import JsException
try: await a()
except JsException as e: assert e.name == "TypeError"
else: raise AssertionError
try: b()
except JsException as e: assert e.name == "TypeError"
else: raise AssertionError`,
    async () => {
      await null;
      throw new TypeError("x");
    },
    () => {
      throw new TypeError("x");
    },
  );
});

test("arguments of an asynchronous function live until it is done", async (t) => {
  let kept;
  const f = async (list) => {
    kept = list;
    await later();
    return list.length;
  };
  await runAsync(t, "assert await a([1, 2]) == 2", f);
  await later();
  assert.throws(() => kept.length, { message: /destroyed/ });
});

test("a subclass of Promise and a promise of another realm", { hosts: ["node"] }, async (t) => {
  const vm = await import("node:vm");
  class Mine extends Promise {}
  await runAsync(
    t,
    "assert await a == 1 and await b == 2 and await c() == 2",
    Mine.resolve(1),
    vm.runInNewContext("Promise.resolve(2)"),
    () => vm.runInNewContext("Promise.resolve(2)"),
  );
});

test("many futures settle in order", async (t) => {
  const result = call(
    t,
    `
import asyncio
async def f(a):
    return sum(await asyncio.gather(*[a(i) for i in range(200)]))
f`,
    async (i) => i,
  );
  assert.same(await result, 19900);
});

test("await in a task without JavaScript values goes on as before", async (t) => {
  await runAsync(t, "import asyncio\nawait asyncio.sleep(0)\nawait asyncio.sleep(0.001)");
  run(t, "pass");
});

test("a thenable whose `then` throws is a promise that is rejected", async (t) => {
  const error = new Error("thrown");
  const make = () => ({
    // biome-ignore lint/suspicious/noThenProperty: that is what is tested
    then() {
      throw error;
    },
  });
  const late = () => ({
    // biome-ignore lint/suspicious/noThenProperty: that is what is tested
    then(resolve) {
      resolve(5);
      throw error;
    },
  });
  await runAsync(
    t,
    `
from pyodide.ffi import JsException
for promise in (a(), a([1])):
    try:
        await promise
    except JsException as error:
        assert str(error) == "Error: thrown", error
    else:
        raise AssertionError("not rejected")
assert await b() == 5`,
    make,
    late,
  );
});
