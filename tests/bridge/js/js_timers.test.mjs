import * as assert from "../harness/assert.mjs";
import { runAsync } from "../harness/python.mjs";
import { test } from "../harness/test.mjs";

test("callbacks of the next turn come in order, timers never early", async (t) => {
  await runAsync(
    t,
    `
import asyncio, time
from _pyodide_core import schedule_callback
loop = asyncio.get_running_loop()
done, log = loop.create_future(), []
start = time.perf_counter()
def timer(ms, name):
    def f():
        log.append((ms, name, (time.perf_counter() - start) * 1000))
        if len(log) == 6: done.set_result(None)
    return f
for name, ms in enumerate((20, 2, 0, 0, 7, 0)):
    assert schedule_callback(timer(ms, name), ms) > 0
await done
assert [name for ms, name, _ in log if ms == 0] == [2, 3, 5], log
assert all(at >= ms - 0.1 for ms, _, at in log), log`,
  );
});

test("a callback that is cancelled is not called, and cancelling again does nothing", async (t) => {
  await runAsync(
    t,
    `
import asyncio
from _pyodide_core import cancel_callback, schedule_callback
log = []
for ms in (0, 1, 5):
    handle = schedule_callback(lambda: log.append(1), ms)
    cancel_callback(handle)
    cancel_callback(handle)
cancel_callback(10**6)
await asyncio.sleep(0.02)
assert log == []`,
  );
});

test("a hundred turns do not take four milliseconds each", async (t) => {
  await runAsync(
    t,
    `
import asyncio, time
start = time.perf_counter()
for _ in range(100):
    await asyncio.sleep(0)
assert time.perf_counter() - start < 0.3`,
  );
});

test("wrong arguments are named", async (t) => {
  await runAsync(
    t,
    `
from _pyodide_core import schedule_callback
for args, error in (((5, 0), TypeError), ((print, "x"), TypeError), ((print, float("nan")), ValueError)):
    try: schedule_callback(*args)
    except error: pass
    else: raise AssertionError(args)`,
  );
  assert.ok(true);
});
