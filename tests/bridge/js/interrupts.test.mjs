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

test("calls of C that take long are few until a limit is seen", (t) => {
  const globals = t.pyodide.toPy({ n: 0 });
  const code = "while True:\n    n += 1\n    bytes(10_000_000)";
  assert.throws(() => t.pyodide.runPython(code, { timeout: 20, globals }), {
    name: "TimeoutError",
  });
  assert.ok(globals.get("n") < 500, `${globals.get("n")} calls`);
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

test("an interrupt cancels the coroutine of asyncio.run", async (t) => {
  const globals = t.pyodide.toPy({ log: [] });
  const code = `
import asyncio
async def main(reraise):
    try:
        await asyncio.sleep(100)
    except asyncio.CancelledError:
        log.append("cancelled")
        if reraise:
            raise
        return "result"
asyncio.run(main(a))`;
  await withBuffer(t, async (buffer) => {
    for (const a of [true, false]) {
      globals.set("a", a);
      const run = t.pyodide.runPythonAsync(code, { globals });
      setTimeout(() => {
        buffer[0] = 2;
      }, 20);
      if (a) {
        await assert.rejects(run, { type: "KeyboardInterrupt" });
      } else {
        assert.same(await run, "result");
      }
    }
  });
  assert.same(t.pyodide.runPython("log.count('cancelled') == len(log) == 2", { globals }), true);
  globals.destroy();
});

/** Calls `use` while JavaScript calls Python all the time; none of these calls may fail. */
async function whileTimersCall(t, use) {
  const callback = t.pyodide.runPython("lambda: sum(range(300))");
  const failures = [];
  const timer = setInterval(() => {
    try {
      callback();
    } catch (error) {
      failures.push(error.type);
    }
  }, 1);
  try {
    await use();
  } finally {
    clearInterval(timer);
    callback.destroy();
  }
  assert.deepEqual(failures, []);
}

test("what a thread raises interrupts the program that waits, not a callback that comes before", async (t) => {
  await whileTimersCall(t, async () => {
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
  });
});

/** What a thread does soon, and callbacks of JavaScript and of Python's loop that come all the time. */
const LATER = `
import asyncio, _thread, signal, threading, time
raisers = [_thread.interrupt_main, lambda: signal.raise_signal(signal.SIGINT)]
ticks = 0
def tick():
    global ticks, handle
    ticks += sum(range(300)) > 0
    handle = asyncio.get_event_loop().call_later(0.001, tick)
def later(raiser):
    thread = threading.Thread(target=lambda: (time.sleep(0.02), raisers[raiser](), time.sleep(0.01)))
    thread.start()
    return thread
tick()`;

async function whileCallbacksCome(t, use) {
  const globals = t.pyodide.toPy({});
  const run = (code) => t.pyodide.runPythonAsync(code, { globals });
  await run(LATER);
  try {
    await whileTimersCall(t, async () => {
      await use(run, globals);
      const before = globals.get("ticks");
      await after(20);
      assert.ok(globals.get("ticks") > before, "callbacks of the loop go on");
    });
  } finally {
    await run("handle.cancel()");
    globals.destroy();
  }
}

test("what a thread raises interrupts a run that awaits, with and without a buffer", async (t) => {
  const check = () =>
    whileCallbacksCome(t, async (run) => {
      for (const raiser of [0, 1, 0, 1]) {
        const older = run("await asyncio.sleep(0.1); 5");
        const newer = run(`
ended = False
thread = later(${raiser})
try:
    await asyncio.sleep(100)
finally:
    ended = True`);
        await assert.rejects(newer, { type: "KeyboardInterrupt" });
        assert.same(await run("thread.join(); ended"), true);
        assert.same(await older, 5);
      }
    });
  await check();
  await withBuffer(t, check);
});

test("what a thread raises when no program runs any more ends nobody", async (t) => {
  await whileCallbacksCome(t, async (run) => {
    for (const raiser of [0, 1]) {
      await run(`thread = later(${raiser})`);
      await after(60);
      assert.same(await run("thread.join(); sum(range(1000))"), 499500);
    }
    // The last that it does.
    await run("threading.Timer(0.01, raisers[0]).start()");
    await after(20);
  });
});

test("what a thread raises does not end a callback of the loop that computes", async (t) => {
  await whileCallbacksCome(t, async (run) => {
    const compute = `
raised, finished = [], []
def compute():
    while not raised: sum(range(300))
    finished.append(1)
def later_still(raiser):
    time.sleep(0.02)
    raiser()
    time.sleep(0.01)
    raised.append(1)
def start(raiser):
    asyncio.get_event_loop().call_soon(compute)
    threading.Thread(target=later_still, args=(raiser,)).start()`;
    for (const raiser of [0, 1]) {
      await run(compute);
      const awaits = run(`start(raisers[${raiser}])\nawait asyncio.sleep(100)`);
      await assert.rejects(awaits, { type: "KeyboardInterrupt" });
      await run(`while not finished: await asyncio.sleep(0.001)`);
      await run(`raised.clear(); finished.clear(); start(raisers[${raiser}])`);
      await after(60);
      await run(`while not finished: await asyncio.sleep(0.001)`);
    }
  });
});

test("what a thread raises comes to a handler of the program's own", async (t) => {
  await whileCallbacksCome(t, async (run) => {
    await run(`
came = []
former = signal.signal(signal.SIGINT, lambda *_: came.append(threading.current_thread()))
thread = later(1)`);
    await after(60);
    assert.same(await run("signal.signal(signal.SIGINT, signal.SIG_IGN); len(came)"), 1);
    assert.same(await run("came[0] is threading.main_thread()"), true);
    await run("await asyncio.to_thread(raisers[0]); await asyncio.to_thread(raisers[1])");
    await run("signal.signal(signal.SIGINT, former); thread.join()");
  });
});

test("an ignored SIGINT leaves the interrupt buffer without effect", async (t) => {
  await withBuffer(t, (buffer) => {
    const code = `
import signal, time
former = signal.signal(signal.SIGINT, signal.SIG_IGN)
try:
    buffer[0] = 2
    while buffer[0]: sum(range(1000))
    time.sleep(0.01)
finally:
    signal.signal(signal.SIGINT, former)
"went on"`;
    const globals = t.pyodide.toPy({});
    globals.set("buffer", buffer);
    assert.same(t.pyodide.runPython(code, { globals }), "went on");
    globals.destroy();
  });
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
