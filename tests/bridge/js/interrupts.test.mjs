/** What ends code that computes, blocks or awaits: time limits, the interrupt buffer, cancelled tasks. */

import * as assert from "../harness/assert.mjs";
import { runAsync } from "../harness/python.mjs";
import { test } from "../harness/test.mjs";

const after = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

test("runPython takes a time limit, and a signal that is aborted already", (t) => {
  const { pyodide } = t;
  for (const code of ["while True: pass", "import time; time.sleep(100)"]) {
    assert.throws(() => pyodide.runPython(code, { timeout: 30 }), { name: "TimeoutError" });
  }
  const signal = AbortSignal.abort(new RangeError("not now"));
  assert.throws(() => pyodide.runPython("1 / 0", { signal }), { message: "not now" });
  assert.throws(() => pyodide.runPython("1 / 0", { timeout: 1000 }), { type: "ZeroDivisionError" });
  const { signal: idle } = new AbortController();
  assert.same(pyodide.runPython("6 * 7", { timeout: 1000, signal: idle }), 42);
  assert.throws(() => pyodide.runPython("1", { timeout: -1 }), { message: /timeout/ });
});

test("the innermost of several limits that is over ends its own run", (t) => {
  const inner = () =>
    assert.throws(() => t.pyodide.runPython("while True: pass", { timeout: 20 }), {
      name: "TimeoutError",
    }) && "went on";
  const globals = t.pyodide.toPy({});
  globals.set("inner", inner);
  assert.same(t.pyodide.runPython("inner()", { timeout: 10_000, globals }), "went on");
  globals.destroy();
});

test("limits that no timer can count are none", async (t) => {
  for (const timeout of [Number.POSITIVE_INFINITY, 2 ** 40]) {
    assert.same(await t.pyodide.runPythonAsync("6 * 7", { timeout }), 42);
    assert.same(t.pyodide.runPython("6 * 7", { timeout }), 42);
  }
});

/** Calls `use` with an interrupt buffer in effect. */
async function withBuffer(t, use) {
  const buffer = new Uint8Array(1);
  t.pyodide.setInterruptBuffer(buffer);
  try {
    await use(buffer);
  } finally {
    t.pyodide.setInterruptBuffer(undefined);
  }
}

test("the interrupt buffer is for the run that waits, not for callbacks meanwhile", async (t) => {
  const callback = t.pyodide.runPython("lambda: sum(range(2000))");
  await withBuffer(t, async (buffer) => {
    const blocking = "import time; time.sleep(100)";
    const promise =
      "from pyodide.ffi import run_sync; import asyncio; run_sync(asyncio.sleep(100))";
    for (const code of [blocking, promise, "import asyncio; await asyncio.sleep(100)"]) {
      const run = t.pyodide.runPythonAsync(code);
      const timer = setInterval(() => callback(), 1);
      setTimeout(() => {
        buffer[0] = 2;
      }, 20);
      await assert.rejects(run, { type: "KeyboardInterrupt" });
      clearInterval(timer);
      assert.same(buffer[0], 0);
      assert.same(await t.pyodide.runPythonAsync("import time; time.sleep(0.05); 7"), 7);
    }
  });
  callback.destroy();
});

test("what a thread raises interrupts the program that waits, not a callback that comes before", async (t) => {
  const callback = t.pyodide.runPython("lambda: sum(range(300))");
  const failures = [];
  const timer = setInterval(() => {
    try {
      callback();
    } catch (error) {
      failures.push(error.type);
    }
  }, 1);
  for (const raise of ["_thread.interrupt_main()", "signal.raise_signal(signal.SIGINT)"]) {
    const code = `
import _thread, signal, threading, time
def interrupt():
    time.sleep(0.02)
    ${raise}
thread = threading.Thread(target=interrupt)
thread.start()
try:
    while True: time.sleep(0.005)
finally:
    thread.join()`;
    for (let i = 0; i < 5; i++) {
      const globals = t.pyodide.toPy({});
      const run = t.pyodide.runPythonAsync(code, { globals });
      await assert.rejects(run, { type: "KeyboardInterrupt" });
      globals.destroy();
    }
  }
  clearInterval(timer);
  assert.deepEqual(failures, []);
  callback.destroy();
});

test("it is for the newest of several runs", async (t) => {
  await withBuffer(t, async (buffer) => {
    const older = t.pyodide.runPythonAsync("import asyncio; await asyncio.sleep(0.2); 5");
    const newer = t.pyodide.runPythonAsync("import asyncio; await asyncio.sleep(100)");
    await after(10);
    buffer[0] = 2;
    await assert.rejects(newer, { type: "KeyboardInterrupt" });
    assert.same(await older, 5);
  });
});

test("a task that blocks in run_sync can be cancelled", async (t) => {
  await runAsync(
    t,
    `
import asyncio
from js import Promise
from pyodide.ffi import run_sync

async def block(awaitable):
    run_sync(awaitable)

for make in (lambda: asyncio.sleep(100), lambda: Promise.new(lambda *_: None), lambda: a()):
    task = asyncio.create_task(block(make()))
    await asyncio.sleep(0.01)
    assert task.cancel() and not task.done()
    try: await task
    except asyncio.CancelledError: pass
    else: raise AssertionError("it was not cancelled")
    try: await asyncio.wait_for(block(make()), 0.02)
    except TimeoutError: pass
    else: raise AssertionError("its time was not over")

async def stubborn():
    try: run_sync(asyncio.sleep(100))
    except asyncio.CancelledError: pass
    await asyncio.sleep(0)  # what was raised is not raised again
    me = asyncio.current_task()
    return me.cancelling(), me.uncancel()

task = asyncio.create_task(stubborn())
await asyncio.sleep(0.01)
task.cancel()
assert await task == (1, 0)

try: run_sync(asyncio.current_task())
except RuntimeError as error: assert "await on itself" in str(error)
else: raise AssertionError("a task waited for itself")`,
    () => new Promise(() => {}),
  );
});
