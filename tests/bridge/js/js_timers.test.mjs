import * as assert from "../harness/assert.mjs";
import { call, run, runAsync } from "../harness/python.mjs";
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

/**
 * An event loop inside of calls, as some engines have it: what asks for the next turn is collected
 * between `begin` and `end`, and `turn` calls it, up to a hundred times over.
 */
function nestedLoop() {
  const waiting = [];
  const host = Object.getOwnPropertyDescriptor(globalThis, "setImmediate");
  return {
    waiting,
    begin() {
      globalThis.setImmediate = (callback) => waiting.push(callback);
    },
    turn() {
      let calls = 0;
      for (let round = 0; round < 100 && waiting.length > 0; round++) {
        for (const callback of waiting.splice(0)) {
          calls += 1;
          callback();
        }
      }
      return calls;
    },
    end() {
      if (host) {
        Object.defineProperty(globalThis, "setImmediate", host);
      } else {
        delete globalThis.setImmediate;
      }
    },
  };
}

test("callbacks that come in the middle of a call wait for its end, in order", (t) => {
  const loop = nestedLoop();
  const names = call(
    t,
    `
from _pyodide_core import cancel_callback, schedule_callback
def f(loop):
    log = []
    loop.begin()
    for n in range(3):
        schedule_callback(lambda n=n: log.append(n), 0)
    assert loop.turn() == 3
    cancelled = schedule_callback(lambda: log.append("cancelled"), 0)
    schedule_callback(lambda: log.append(3), 0)
    assert loop.turn() == 2
    assert loop.turn() == 0, "it does not ask again and again"
    cancel_callback(cancelled)
    log.append("end")
    return log
f`,
    loop,
  );
  try {
    assert.same(loop.waiting.length, 1, "the end of the call asks for a turn");
    assert.ok(loop.turn() > 3, "a turn for each");
    assert.deepEqual(names.toJs(), ["end", 0, 1, 2, 3]);
  } finally {
    loop.end();
    names.destroy();
  }
});

test("a callback waits for the outermost call, and for the end of the call it would wake in", (t) => {
  const loop = nestedLoop();
  const seen = [];
  const steps = {
    ...loop,
    log: (what) => seen.push(what),
    /** JavaScript between two calls of Python. */
    inner(again) {
      again();
      seen.push(`${loop.turn()} calls after the inner call`);
    },
  };
  run(
    t,
    `
from _pyodide_core import schedule_callback
def again():
    schedule_callback(lambda: a.log("turn"), 0)
    a.log("inner")
a.begin()
a.inner(again)
a.log("outer")`,
    steps,
  );
  try {
    // The turn that was asked for finds another call on the stack.
    run(t, "assert a.turn() == 1; a.log('other')", steps);
    loop.turn();
    const expected = ["inner", "1 calls after the inner call", "outer", "other", "turn"];
    assert.deepEqual(seen, expected);
  } finally {
    loop.end();
  }
});

test("timers that come in the middle of a call wait for its end", async (t) => {
  const { setTimeout: hostTimeout } = globalThis;
  const timers = [];
  const clock = {
    begin() {
      globalThis.setTimeout = (callback) => timers.push(callback);
    },
    end() {
      globalThis.setTimeout = hostTimeout;
    },
    ring() {
      for (const callback of timers) {
        callback();
      }
      return timers.length;
    },
  };
  await runAsync(
    t,
    `
import asyncio, time
from _pyodide_core import schedule_callback
log = []
def f(clock):
    clock.begin()
    try:
        schedule_callback(lambda: log.append("timer"), 5)
    finally:
        clock.end()
    time.sleep(0.01)
    assert clock.ring() == 1
    log.append("end")
f(a)
await asyncio.sleep(0.02)
assert log == ["end", "timer"], log`,
    clock,
  );
});

test("no step of a task begins inside that of another", async (t) => {
  await runAsync(
    t,
    `
import asyncio
log = []
async def other():
    log.append("other")
    await asyncio.sleep(0)
    log.append("other again")
async def one():
    a.begin()
    task = asyncio.ensure_future(other())
    log.append("before")
    calls = a.turn()
    a.end()
    log.append("after")
    await task
    return calls
assert await one() == 1
assert log == ["before", "after", "other", "other again"], log`,
    nestedLoop(),
  );
});

test("a timer that is due while it is asked for is not called before its asker goes on", async (t) => {
  const { performance } = globalThis;
  // Time goes by between any two looks at the clock: another program runs, or garbage is collected.
  const late = {
    begin() {
      let hurry = 0;
      performance.now = () => {
        hurry += 50;
        return Object.getPrototypeOf(performance).now.call(performance) + hurry;
      };
    },
    end() {
      delete performance.now;
    },
  };
  await runAsync(
    t,
    `
import asyncio
from _pyodide_core import schedule_callback
log = []
for milliseconds in (1, 20):
    a.begin()
    try:
        schedule_callback(lambda: log.append("timer"), milliseconds)
    finally:
        a.end()
    log.append("asker")
assert log == ["asker", "asker"], log
while len(log) < 4:
    await asyncio.sleep(0.01)
assert log == ["asker", "asker", "timer", "timer"], log`,
    late,
  );
});
