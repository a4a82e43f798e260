/** Threads of Python in programs that JavaScript has loaded. */

import * as assert from "../harness/assert.mjs";
import { runAsync } from "../harness/python.mjs";
import { test } from "../harness/test.mjs";

test("threads, pools, queues and locks work, and the loop goes on meanwhile", async (t) => {
  await runAsync(
    t,
    `
import asyncio, queue, threading, time
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(4) as pool:
    assert list(pool.map(lambda n: (time.sleep(0.001), n)[1], range(8))) == list(range(8))
items = queue.Queue(1)
def produce():
    for n in range(5):
        items.put(n)
    items.put(None)
thread = threading.Thread(target=produce)
thread.start()
assert list(iter(items.get, None)) == [0, 1, 2, 3, 4]
thread.join()
assert threading.get_native_id() != 0
ticks = 0
async def tick():
    global ticks
    while True:
        ticks += 1
        await asyncio.sleep(0.001)
def wait_for_ticks():
    while ticks < 5:
        time.sleep(0.001)
    return threading.current_thread().name
task = asyncio.ensure_future(tick())
name = await asyncio.to_thread(wait_for_ticks)
assert name.startswith("asyncio_"), name
task.cancel()
await asyncio.get_running_loop().shutdown_default_executor()`.replace(
      "global ticks",
      "nonlocal ticks",
    ),
  );
});

test("threads that compute take turns with each other and with JavaScript", async (t) => {
  const globals = t.pyodide.runPython("{}");
  let turns = 0;
  const timer = setInterval(() => {
    turns++;
  }, 1);
  await t.pyodide.runPythonAsync(
    `
import threading, time
counts, stop = [0, 0], False
def count(index):
    while not stop:
        counts[index] += 1
threads = [threading.Thread(target=count, args=(i,)) for i in range(2)]
for thread in threads:
    thread.start()
time.sleep(0.15)
stop = True
for thread in threads:
    thread.join()
assert min(counts) > 0, counts`,
    { globals },
  );
  clearInterval(timer);
  assert.ok(turns > 1);
  globals.destroy();
});

test("a thread can be started in a plain call, and begins when that has returned", async (t) => {
  const globals = t.pyodide.runPython("{}");
  t.pyodide.runPython(
    "import threading\nlog = []\nthread = threading.Thread(target=log.append, args=('ran',))\nthread.start()",
    { globals },
  );
  assert.same(t.pyodide.runPython("len(log)", { globals }), 0);
  await t.pyodide.runPythonAsync("thread.join(); assert log == ['ran']", { globals });
  globals.destroy();
});

test("a thread has a loop of its own, and awaits what belongs to JavaScript's by run_sync", async (t) => {
  await runAsync(
    t,
    `
import asyncio, js, threading
from pyodide.ffi import run_sync
log = []
async def f(n):
    await asyncio.sleep(0.001)
    return (n, type(asyncio.get_running_loop()).__name__)
def run(n):
    log.append(asyncio.run(f(n)))
    log.append((n, run_sync(js.Promise.resolve(n))))
    log.append((n, run_sync(f(n))))
threads = [threading.Thread(target=run, args=(n,)) for n in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert sorted(map(str, log)) == sorted(map(str, [
    entry for n in range(3)
    for entry in ((n, "_UnixSelectorEventLoop"), (n, n), (n, (n, "WebLoop")))])), log`,
  );
});

test("a coroutine in a thread's own loop can block for a promise that a call gives", async (t) => {
  await runAsync(
    t,
    `
import asyncio, threading
from pyodide.code import run_js
from pyodide.ffi import run_sync
later = run_js("(n) => new Promise((resolve) => setTimeout(resolve, 1, n))")
log = []
async def main():
    log.append(run_sync(later(1)))
    log.append(await later(2))
    log.append(run_sync(later(3)))
thread = threading.Thread(target=lambda: asyncio.run(main()))
thread.start()
thread.join()
assert log == [1, 2, 3], log`,
  );
});

test("a thread's exception is reported by threading.excepthook, and the others go on", async (t) => {
  await runAsync(
    t,
    `
import threading
seen = []
former, threading.excepthook = threading.excepthook, lambda args: seen.append(args.exc_type)
try:
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()
finally:
    threading.excepthook = former
assert seen == [ZeroDivisionError]`,
  );
});

test("JavaScript's functions can be called and awaited from threads", async (t) => {
  await runAsync(
    t,
    `
import js, threading
from pyodide.code import run_js
from pyodide.ffi import run_sync
later = run_js("(n) => new Promise((resolve) => setTimeout(resolve, 1, n * 2))")
results = {}
def work(n):
    results[n] = run_sync(later(n)) + js.Math.max(n, 0)
threads = [threading.Thread(target=work, args=(n,)) for n in range(10)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert results == {n: 3 * n for n in range(10)}, results`,
  );
});

test("os._exit in a thread ends the interpreter, and everything says so", async (t) => {
  const other = await t.load();
  other.runPython("import os, threading\nthreading.Thread(target=os._exit, args=(3,)).start()");
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.match(
    assert.throws(() => other.runPython("1")).message,
    /already exited with the status 3/,
  );
});
