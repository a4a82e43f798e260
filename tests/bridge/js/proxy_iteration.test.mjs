/** Iteration and awaiting of Python objects. */

import * as assert from "../harness/assert.mjs";
import { test } from "../harness/test.mjs";

const run = (t, code) => t.pyodide.runPython(code);

test("for...of goes over what is iterable, and its items live on", (t) => {
  const items = [];
  for (const item of run(t, "{'a': 1, 'b': 2}.items()")) {
    items.push(item);
  }
  assert.deepEqual(
    items.map((item) => item.toJs()),
    [
      ["a", 1],
      ["b", 2],
    ],
  );
  assert.deepEqual([...run(t, "{1}")], [1]);
  assert.deepEqual([...run(t, "b'ab'")], [97, 98]);
});

test("an iterator goes on where it was left", (t) => {
  const iterator = run(t, "iter([1, 2, 3])");
  for (const item of iterator) {
    assert.same(item, 1);
    break;
  }
  assert.deepEqual(iterator.next(), { done: false, value: 2 });
  assert.deepEqual([...iterator], [3]);
  assert.deepEqual(iterator.next(), { done: true, value: undefined });
  assert.same(iterator[Symbol.iterator](), iterator);
});

const GENERATOR = `
def generate(log):
    try:
        got = yield 1
        log.append(got)
        yield got
    except ValueError as error:
        yield 'caught'
    finally:
        log.append('end')
    return 'returned'
generate
`;

test("values are sent into a generator", (t) => {
  const log = run(t, "[]");
  const generator = run(t, GENERATOR)(log);
  assert.deepEqual(generator.next(), { done: false, value: 1 });
  assert.deepEqual(generator.next("sent"), { done: false, value: "sent" });
  assert.deepEqual(generator.next(), { done: true, value: "returned" });
  assert.deepEqual(log.toJs(), ["sent", "end"]);
  run(t, "del generate");
});

test("errors are thrown into a generator as what they are", (t) => {
  const generate = run(t, GENERATOR);
  const valueError = assert.throws(() => run(t, "raise ValueError"), { type: "ValueError" });
  const generator = generate(run(t, "[]"));
  generator.next();
  assert.deepEqual(generator.throw(valueError), { done: false, value: "caught" });
  const other = generate(run(t, "[]"));
  other.next();
  const error = new RangeError("mine");
  const thrown = assert.throws(() => other.throw(error), {
    name: "PythonError",
    type: "JsException",
  });
  assert.same(thrown.cause, error);
  assert.throws(() => generate(run(t, "[]")).throw(5), TypeError);
  run(t, "del generate");
});

test("return ends a generator, unless it goes on", (t) => {
  const log = run(t, "[]");
  const generator = run(t, GENERATOR)(log);
  generator.next();
  assert.deepEqual(generator.return("mine"), { done: true, value: "mine" });
  assert.deepEqual(log.toJs(), ["end"]);
  const stubborn = run(
    t,
    `
def stubborn():
    try:
        yield 1
    except GeneratorExit:
        yield 'still here'
        return 7
stubborn()`,
  );
  stubborn.next();
  assert.deepEqual(stubborn.return(2), { done: false, value: "still here" });
  assert.deepEqual(stubborn.next(), { done: true, value: 7 });
  assert.deepEqual(run(t, "(x for x in [1])").return(3), { done: true, value: 3 });
  run(t, "del generate, stubborn");
});

test("leaving a loop early ends a generator", (t) => {
  const log = run(t, "[]");
  for (const item of run(t, GENERATOR)(log)) {
    assert.same(item, 1);
    break;
  }
  assert.deepEqual(log.toJs(), ["end"]);
  run(t, "del generate");
});

test("what an iterator raises is thrown", (t) => {
  const iterator = run(t, "map(lambda x: 1 / x, [1, 0])");
  assert.same(iterator.next().value, 1);
  assert.throws(() => iterator.next(), { type: "ZeroDivisionError" });
  assert.throws(
    () => run(t, "class I:\n  def __iter__(self): raise KeyError\nI()")[Symbol.iterator](),
    {
      type: "KeyError",
    },
  );
});

test("an async function runs when it is called, and its result can be awaited twice", async (t) => {
  const log = run(t, "log = []; log");
  const f = run(
    t,
    `
import asyncio
async def f(x):
    log.append(x)
    await asyncio.sleep(0)
    return [x]
f`,
  );
  const result = f(5);
  assert.ok(result instanceof t.pyodide.ffi.PyAwaitable);
  assert.same(result.type, "coroutine");
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual(log.toJs(), [5]);
  const value = await result;
  assert.deepEqual(value.toJs(), [5]);
  assert.same(await result, value);
  const again = f(6);
  const promise = again.then((list) => list.length);
  again.destroy();
  assert.same(await promise, 1);
  run(t, "del log, f");
});

test("an awaitable that fails rejects with its exception", async (t) => {
  const f = run(
    t,
    `
async def f():
    raise KeyError('no')
f`,
  );
  await assert.rejects(f(), { name: "PythonError", type: "KeyError" });
  assert.same(await f().catch((error) => error.type), "KeyError");
  let finished = false;
  await f()
    .finally(() => {
      finished = true;
    })
    .catch(() => {});
  assert.same(finished, true);
  run(t, "del f");
});

test("futures, tasks and objects with __await__ are awaitables", async (t) => {
  const object = run(
    t,
    `
class Later:
    def __await__(self):
        yield
        return 5
Later()`,
  );
  assert.same(await object, 5);
  const future = run(t, "import asyncio; f = asyncio.get_event_loop().create_future(); f");
  run(t, "f.set_result('done'); del f");
  assert.same(await future, "done");
  const cancelled = run(t, "f = asyncio.get_event_loop().create_future(); f.cancel(); f");
  await assert.rejects(cancelled, { type: "CancelledError" });
  run(t, "del f, Later");
});

test("what is no awaitable is no thenable", async (t) => {
  const list = run(t, "[1]");
  assert.same(list.then, undefined);
  assert.same(await list, list);
  assert.same("then" in list, false);
});

const ASYNC = `
async def numbers(log):
    try:
        for i in range(3):
            got = yield [i]
            if got: log.append(got)
    finally:
        log.append('end')
numbers
`;

test("for await goes over asynchronous iterables", async (t) => {
  const log = run(t, "[]");
  const numbers = run(t, ASYNC);
  const items = [];
  for await (const item of numbers(log)) {
    items.push(item.toJs());
  }
  assert.deepEqual(items, [[0], [1], [2]]);
  for await (const item of numbers(log)) {
    assert.deepEqual(item.toJs(), [0]);
    break;
  }
  assert.deepEqual(log.toJs(), ["end", "end"]);
  run(t, "del numbers");
});

test("asynchronous generators take values, errors and their end", async (t) => {
  const log = run(t, "[]");
  const numbers = run(t, ASYNC);
  const generator = numbers(log);
  await generator.next();
  assert.deepEqual((await generator.next("sent")).value.toJs(), [1]);
  assert.deepEqual(log.toJs(), ["sent"]);
  assert.deepEqual(await generator.return("mine"), { done: true, value: "mine" });
  assert.deepEqual(log.toJs(), ["sent", "end"]);
  const other = numbers(log);
  await other.next();
  await assert.rejects(other.throw(new RangeError("mine")), { type: "JsException" });
  await assert.rejects(other.throw(5), TypeError);
  assert.deepEqual(await other.next(), { done: true, value: undefined });
  run(t, "del numbers");
});

test("leaving a loop early closes the generator of an iterable that keeps it", (t) => {
  const globals = t.pyodide.runPython("{}");
  const thing = t.pyodide.runPython(
    `
class Thing:
    closed = False
    def __iter__(self):
        self.generator = self.items()
        return self.generator
    def items(self):
        try:
            yield 1
            yield 2
        finally:
            self.closed = True
Thing()`,
    { globals },
  );
  for (const item of thing) {
    assert.same(item, 1);
    break;
  }
  assert.same(thing.closed, true);
  thing.destroy();
  globals.destroy();
});
