import * as assert from "../harness/assert.mjs";
import { runAsync } from "../harness/python.mjs";
import { test } from "../harness/test.mjs";

test("the loop of asyncio runs everywhere, in callbacks from JavaScript, too", (t) => {
  const name = t.pyodide.runPython(
    "import asyncio; type(asyncio.get_running_loop()).__name__ + str(asyncio.get_event_loop().is_running())",
  );
  assert.same(name, "WebLoopTrue");
  const namespace = t.pyodide.runPython("{}");
  const call = t.pyodide.runPython(
    "import asyncio\nlambda: asyncio.get_running_loop() is asyncio.get_event_loop()",
    { globals: namespace },
  );
  assert.same(call(), true);
  call.destroy();
  namespace.destroy();
});

test("callbacks come by due time, then in the order in which they were asked for", async (t) => {
  await runAsync(
    t,
    `
import asyncio, time
loop, log = asyncio.get_running_loop(), []
loop.call_soon(log.append, "soon 1")
loop.call_later(0.2, log.append, "timer")
loop.call_soon(log.append, "soon 2")
time.sleep(0.21)
loop.call_soon(log.append, "soon 3")
when = loop.time() + 0.02
for n in range(5):
    loop.call_at(when, log.append, n)
await asyncio.sleep(0.1)
assert log == ["soon 1", "soon 2", "timer", "soon 3", 0, 1, 2, 3, 4], log`,
  );
});

test("sleeping takes as long as it says, and not much longer", async (t) => {
  await runAsync(
    t,
    `
import asyncio, time
for seconds in (0.0005, 0.001, 0.003, 0.02):
    start = time.monotonic()
    await asyncio.sleep(seconds)
    taken = time.monotonic() - start
    assert seconds - 1e-9 <= taken < seconds + 1, (seconds, taken)`,
  );
});

test("JavaScript gets its turn between two steps of a program", async (t) => {
  let turns = 0;
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    turns += 1;
    port2.postMessage(0);
  };
  port2.postMessage(0);
  await runAsync(t, "import asyncio\nfor _ in range(50):\n    await asyncio.sleep(0)");
  port1.close();
  assert.ok(turns >= 10, `${turns} turns`);
});

test("task groups, time limits, queues and asynchronous generators work", async (t) => {
  await runAsync(
    t,
    `
import asyncio
async def produce(queue):
    for n in range(5):
        await queue.put(n)
        await asyncio.sleep(0.001)
    await queue.put(None)
async def consume(queue):
    async def items():
        try:
            while (item := await queue.get()) is not None:
                yield item
        finally:
            log.append("closed")
    return [item async for item in items()]
log, queue = [], asyncio.Queue(1)
async with asyncio.TaskGroup() as group:
    group.create_task(produce(queue))
    result = group.create_task(consume(queue))
assert result.result() == [0, 1, 2, 3, 4] and log == ["closed"]
try:
    async with asyncio.timeout(0.01):
        await asyncio.sleep(100)
except TimeoutError:
    log.append("late")
assert log == ["closed", "late"]
assert await asyncio.to_thread(len, "abc") == 3`,
  );
});

test("context variables are kept across awaits", async (t) => {
  await runAsync(
    t,
    `
import asyncio, contextvars
from pyodide.code import run_js
variable = contextvars.ContextVar("variable", default=0)
async def task(n):
    variable.set(n)
    await asyncio.sleep(0.001)
    await run_js("new Promise((resolve) => setTimeout(resolve, 1))")
    return variable.get()
assert await asyncio.gather(*map(task, range(5))) == list(range(5))
assert variable.get() == 0`,
  );
});

test("futures and tasks can be chained as promises", async (t) => {
  await runAsync(
    t,
    `
import asyncio
from pyodide.code import run_js
log = []
async def later(x):
    await asyncio.sleep(0.001)
    return x + 1
future = asyncio.ensure_future(later(1))
assert await future.then(later).then(lambda x: x * 10) == 30
assert await run_js("Promise.reject(new TypeError('no'))").catch(lambda e: e.name) == "TypeError"
assert await run_js("Promise.resolve(5)").finally_(lambda: log.append("done")) == 5
assert log == ["done"]`,
  );
});

test("an exception that nobody catches is printed, and the loop goes on", async (t) => {
  await runAsync(
    t,
    `
import asyncio, contextlib, gc, io
loop, log = asyncio.get_running_loop(), []
async def fail():
    raise KeyError("lost")
with contextlib.redirect_stderr(io.StringIO()) as stream:
    asyncio.ensure_future(fail())
    loop.call_soon(lambda: 1 / 0)
    loop.call_soon(log.append, "next")
    await asyncio.sleep(0.01)
    gc.collect()
    await asyncio.sleep(0)
text = stream.getvalue()
assert "KeyError: 'lost'" in text and "ZeroDivisionError" in text and "Traceback" in text, text
assert log == ["next"]`,
  );
});

test("what cannot be done on this loop says why", async (t) => {
  await runAsync(
    t,
    `
import asyncio
loop = asyncio.get_running_loop()
for name in ("add_reader", "create_server", "subprocess_exec", "add_signal_handler"):
    try:
        getattr(loop, name)(1, 2)
    except NotImplementedError as error:
        assert f"WebLoop.{name}()" in str(error)
    else:
        assert False, name
assert loop.stop() is loop.close() is loop.run_forever() is None
assert not loop.is_closed()`,
  );
});

test("with enableRunUntilComplete off, run_until_complete returns the task", async (t) => {
  const other = await t.load({ enableRunUntilComplete: false });
  const result = await other.runPythonAsync(`
import asyncio
log = []
async def f():
    await asyncio.sleep(0.001)
    log.append(1)
    return 5
task = asyncio.get_event_loop().run_until_complete(f())
assert isinstance(task, asyncio.Task) and not task.done() and log == []
coroutine = f()
try:
    asyncio.run(coroutine)
except RuntimeError as error:
    coroutine.close()
    assert "running event loop" in str(error)
else:
    assert False
await task`);
  assert.same(result, 5);
});

test("another loop does not end the tasks of the first, and takes its own", async (t) => {
  const pyodide = await t.load();
  const log = await pyodide.runPythonAsync(`
import asyncio
from pyodide.ffi import run_sync

log = []
async def sleeper(name):
    await asyncio.sleep(0.01)
    log.append((name, asyncio.get_running_loop() is asyncio.current_task().get_loop()))

first = asyncio.get_running_loop()
task = asyncio.create_task(sleeper("before"))
second = asyncio.new_event_loop()
assert asyncio.get_running_loop() is first
assert asyncio.get_event_loop_policy().get_event_loop() is second
await asyncio.sleep(0.001)
assert asyncio.get_running_loop() is first
await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(sleeper("second"), second))
await task
run_sync(asyncio.sleep(0.001))
assert asyncio.get_running_loop() is first
assert asyncio.current_task().get_loop() is first
await asyncio.create_task(sleeper("after"))
str(log)`);
  assert.same(log, "[('before', True), ('second', True), ('after', True)]");
  assert.same(
    pyodide.runPython(
      "asyncio.get_running_loop() is second and asyncio.get_event_loop() is second",
    ),
    true,
  );
  await pyodide.runPythonAsync(`
import asyncio
await asyncio.create_task(sleeper("third"))
assert asyncio.get_running_loop() is second
`);
});

test("tasks of two loops block at the same time", async (t) => {
  const pyodide = await t.load();
  const order = await pyodide.runPythonAsync(`
import asyncio, time
from pyodide.ffi import run_sync

log = []
async def blocker(name, seconds):
    task = asyncio.current_task()
    for _ in range(3):
        time.sleep(seconds)
        run_sync(asyncio.sleep(seconds))
        assert asyncio.current_task() is task, name
    log.append(name)

first = asyncio.get_running_loop()
second = asyncio.new_event_loop()
tasks = [asyncio.run_coroutine_threadsafe(blocker(f"{n}", 0.002 * (n + 1)), loop)
         for n, loop in enumerate([first, second, first, second])]
for task in tasks:
    await asyncio.wrap_future(task)
" ".join(sorted(log))`);
  assert.same(order, "0 1 2 3");
});
