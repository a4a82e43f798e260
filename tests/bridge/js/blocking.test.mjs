/** Python that waits for JavaScript: run_sync() and what may call it. */

import * as assert from "../harness/assert.mjs";
import { runAsync } from "../harness/python.mjs";
import { test } from "../harness/test.mjs";

/** Makes a Python function and calls `use` with it; everything is released afterwards. */
async function withFunction(t, source, use) {
  const globals = t.pyodide.runPython("{}");
  const f = t.pyodide.runPython(source, { globals });
  try {
    return await use(f, globals);
  } finally {
    f.destroy();
    globals.destroy();
  }
}

const after = (milliseconds, value) =>
  new Promise((resolve) => setTimeout(() => resolve(value), milliseconds));

/** Waits for as long as a test may take. */
async function until(condition) {
  while (!condition()) {
    await after(5);
  }
}

const refused = (t, attempt) => {
  const error = assert.throws(attempt, t.pyodide.ffi.PythonError);
  assert.same(error.type, "RuntimeError");
  assert.match(error.message, /callPromising\(\) or runPythonAsync\(\)/);
};

test("run_sync gives the value of a promise and raises what it was rejected with", async (t) => {
  await runAsync(
    t,
    `
from pyodide.ffi import JsException, can_run_sync, run_sync
import js
assert can_run_sync()
assert run_sync(js.Promise.resolve(7)) == 7
assert run_sync(js.Promise.new(lambda resolve, reject: js.setTimeout(resolve, 5, "late"))) == "late"
for reject, kind in ((lambda: js.Promise.reject(js.TypeError.new("no")), "TypeError"),
                     (lambda: js.Promise.reject("text"), "Error")):
    try:
        run_sync(reject())
    except JsException as error:
        assert error.name == kind, error.name
    else:
        assert False`,
  );
});

/** Counts the rejections that nobody handles while `run` runs. */
async function countUnhandled(run) {
  let count = 0;
  const listener = (event) => {
    count += 1;
    event?.preventDefault?.();
  };
  const { process } = globalThis;
  process?.on("unhandledRejection", listener);
  globalThis.addEventListener?.("unhandledrejection", listener);
  await run();
  await after(50);
  process?.off("unhandledRejection", listener);
  globalThis.removeEventListener?.("unhandledrejection", listener);
  return count;
}

test("a rejection that Python comes to later is not reported when others have their turn", async (t) => {
  const computing = `
import time
from pyodide.code import run_js
from pyodide.ffi import JsException, run_sync
rejecting = run_js("({ get promise() { return Promise.reject(new Error('late')); } })")
promises = [rejecting.promise for _ in range(3)]
end = time.monotonic() + 0.06
while time.monotonic() < end:
    pass
time.sleep(0.01)
for wait in (run_sync, None, run_sync):
    try:
        run_sync(promises.pop()) if wait else await promises.pop()
    except JsException as error:
        assert error.message == "late"
    else:
        assert False`;
  assert.same(await countUnhandled(() => runAsync(t, computing)), 0);
  const dropping = `
from pyodide.code import run_js
run_js("({ get promise() { return Promise.reject(new Error('dropped')); } })").promise
None`;
  assert.same(await countUnhandled(() => runAsync(t, dropping)), 1);
});

test("run_sync takes coroutines, tasks and futures, also of a loop of its own", async (t) => {
  await runAsync(
    t,
    `
import asyncio
from pyodide.ffi import run_sync
async def f(value):
    await asyncio.sleep(0.001)
    return value
async def fail():
    await asyncio.sleep(0)
    raise KeyError("inside")
assert run_sync(f(1)) == 1
assert run_sync(asyncio.ensure_future(f(2))) == 2
assert run_sync(asyncio.gather(f(3), f(4))) == [3, 4]
assert asyncio.run(f(5)) == 5
assert asyncio.get_event_loop().run_until_complete(f(6)) == 6
try:
    run_sync(fail())
except KeyError as error:
    assert error.args == ("inside",)
else:
    assert False
for wrong in (5, "x", object(), None):
    try:
        run_sync(wrong)
    except TypeError as error:
        assert "awaitable" in str(error), error
    else:
        assert False`,
  );
});

test("a Runner has a loop of its own, beside the one that runs", async (t) => {
  await runAsync(
    t,
    `
import asyncio, contextvars, unittest
variable = contextvars.ContextVar("variable", default=0)
loop = asyncio.get_running_loop()
log = []
async def left():
    try:
        await asyncio.sleep(60)
    finally:
        log.append("cancelled")
async def main(value):
    variable.set(variable.get() + value)
    log.append(asyncio.create_task(left()))
    await asyncio.sleep(0.001)
    assert asyncio.get_running_loop() is not loop
    return variable.get()
mine = asyncio.create_task(asyncio.sleep(0.002, "mine"))
with asyncio.Runner() as runner:
    assert runner.run(main(1)) == 1 and runner.run(main(2)) == 3
    assert asyncio.get_running_loop() is loop
assert log.count("cancelled") == 2 and variable.get() == 0, log
assert asyncio.get_running_loop() is loop and await mine == "mine"

class Case(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.value = await asyncio.sleep(0.001, 5)
    async def test(self):
        self.assertEqual(await asyncio.sleep(0, self.value), 5)
result = unittest.TestResult()
Case("test").run(result)
assert result.testsRun == 1 and result.wasSuccessful(), result.errors`,
  );
});

test("it works at any depth: sort keys, attributes, generators, callbacks of C, class bodies", async (t) => {
  await runAsync(
    t,
    `
import functools, js, re
from pyodide.ffi import run_sync
def later(value):
    return run_sync(js.Promise.resolve(value))
class Lazy:
    def __getattr__(self, name): return later(name)
    def __len__(self): return later(3)
    def __eq__(self, other): return later(True)
    def __hash__(self): return later(5)
    def __iter__(self):
        for n in range(3):
            yield later(n)
assert sorted([1, 3, 2], key=lambda x: later(-x)) == [3, 2, 1]
assert Lazy().anything == "anything" and len(Lazy()) == 3 and list(Lazy()) == [0, 1, 2]
assert Lazy() in [Lazy()] and len({Lazy(), Lazy()}) == 1
assert functools.reduce(lambda a, b: later(a + b), [1, 2, 3]) == 6
assert re.sub("b", lambda match: later("x"), "abc") == "axc"
assert max([1, 2], key=later) == 2 and list(map(later, [1, 2])) == [1, 2]
class Body:
    value = later("in a class body")
assert Body.value == "in a class body" and f"{later(1)}" == "1"
def deep(n):
    return later(n) if n == 0 else deep(n - 1)
assert deep(100) == 0`,
  );
});

test("every entry that may block does, and the plain ones say what to call instead", async (t) => {
  const source = `
import js
from pyodide.ffi import can_run_sync, run_sync
def f(*args, **kwargs):
    return run_sync(js.Promise.resolve(f"{args} {kwargs}")) if can_run_sync() else run_sync(js.Promise.resolve(1))
f`;
  await withFunction(t, source, async (f, globals) => {
    assert.same(await f.callPromising(1, 2), "(1, 2) {}");
    assert.same(await f.callPromisingKwargs(1, { a: 2 }), "(1,) {'a': 2}");
    assert.same(await f.callWithOptions({ promising: true }, 3), "(3,) {}");
    assert.same(
      await f.callWithOptions({ promising: true, kwargs: true }, { b: 1 }),
      "() {'b': 1}",
    );
    assert.same(await t.pyodide.runPythonAsync("f('async')", { globals }), "('async',) {}");
    refused(t, () => f());
    refused(t, () => f.call(undefined));
    refused(t, () => f.apply(undefined, []));
    refused(t, () => f.callKwargs({}));
    refused(t, () => t.pyodide.runPython("f()", { globals }));
    assert.same(t.pyodide.runPython("can_run_sync()", { globals }), false);
  });
});

test("below a frame of JavaScript nothing blocks, and the caller goes on blocking", async (t) => {
  await runAsync(
    t,
    `
import js
from pyodide.code import run_js
from pyodide.ffi import can_run_sync, run_sync
call = run_js("(f) => f()")
def plain():
    assert not can_run_sync()
    try:
        run_sync(js.Promise.resolve(1))
    except RuntimeError as error:
        return "callPromising" in str(error)
assert call(plain) is True
assert run_sync(js.Promise.resolve(2)) == 2
assert list(js.Array.of(1).map(lambda *_: plain())) == [True]
class Odd:
    def __repr__(self): return str(call(plain))
assert repr(Odd()) == "True"
assert can_run_sync()`,
  );
});

test("a promising call below Python runs up to its first wait, and ends by itself", async (t) => {
  await runAsync(
    t,
    `
import js
from pyodide.code import run_js
from pyodide.ffi import run_sync, to_js
log = []
def inner(n):
    log.append(("begins", n))
    run_sync(js.Promise.resolve(n))
    log.append(("ends", n))
    return n
start = run_js("(f, n) => f.copy().callPromising(n)")
promise = start(inner, 1)
assert log == [("begins", 1)], log
log.append("between")
assert run_sync(promise) == 1
assert log == [("begins", 1), "between", ("ends", 1)], log`,
  );
});

test("listeners, timeouts and callbacks of the loop may block; a listener runs at once first", async (t) => {
  await runAsync(
    t,
    `
import asyncio, js
from pyodide.ffi import run_sync
from pyodide.ffi.wrappers import add_event_listener, remove_event_listener, set_timeout
loop, log = asyncio.get_running_loop(), []
def later(value):
    log.append(run_sync(js.Promise.resolve(value)))
def listen(event):
    event.preventDefault()
    later(event.type)
target = js.EventTarget.new()
add_event_listener(target, "x", listen)
event = js.Event.new("x", cancelable=True)
target.dispatchEvent(event)
assert event.defaultPrevented and log == []
await asyncio.sleep(0.01)
remove_event_listener(target, "x", listen)
set_timeout(lambda: later("timeout"), 1)
loop.call_soon(later, "soon")
loop.call_later(0.001, later, "timer")
await asyncio.sleep(0.05)
assert sorted(log) == ["soon", "timeout", "timer", "x"], log`,
  );
});

test("while one stack waits, tasks and other calls go on", async (t) => {
  const source = `
import asyncio, js, time
from pyodide.ffi import run_sync
log = []
def f(name, pause):
    log.append(name + " begins")
    time.sleep(pause)
    log.append(name + " ends")
    return name
f`;
  await withFunction(t, source, async (f, globals) => {
    const names = await Promise.all([f.callPromising("a", 0.06), f.callPromising("b", 0.02)]);
    assert.deepEqual(names, ["a", "b"]);
    const log = t.pyodide.runPython("','.join(log)", { globals });
    assert.same(log, "a begins,b begins,b ends,a ends");
    await t.pyodide.runPythonAsync(
      `
log.clear()
async def ticks():
    for n in range(3):
        log.append(n)
        await asyncio.sleep(0.002)
task = asyncio.ensure_future(ticks())
time.sleep(0.05)
assert log == [0, 1, 2], log
assert asyncio.current_task() is not None and asyncio.current_task() is not task
await task`,
      { globals },
    );
  });
});

test("calls at the same time have identities, locals, contexts and exceptions of their own", async (t) => {
  const source = `
import contextvars, sys, threading, time
local, variable = threading.local(), contextvars.ContextVar("v", default=None)
def f(n):
    local.value, ident = n, threading.get_ident()
    variable.set(n)
    try:
        raise ValueError(n)
    except ValueError:
        time.sleep(0.02)
        assert sys.exception().args == (n,)
    assert local.value == n and variable.get() == n and threading.get_ident() == ident
    return ident
f`;
  await withFunction(t, source, async (f, globals) => {
    const calls = [f.callPromising(1), f.callPromising(2), f.callPromising(3)];
    const state = t.pyodide.runPython(
      "import threading, sys; (variable.get(), sys.exception(), threading.current_thread() is threading.main_thread())",
      { globals },
    );
    assert.deepEqual(state.toJs(), [undefined, undefined, true]);
    state.destroy();
    assert.same(new Set(await Promise.all(calls)).size, 3);
    const main = t.pyodide.runPython("threading.main_thread().ident", { globals });
    assert.same(await f.callPromising(4), main);
  });
});

test("the errno and the import of a call survive that another one runs meanwhile", async (t) => {
  await runAsync(
    t,
    `
import asyncio, ctypes, sys, threading, time, types
libc = ctypes.CDLL(None, use_errno=True)
async def other():
    ctypes.set_errno(77)
    import json
ctypes.set_errno(11)
task = asyncio.ensure_future(other())
time.sleep(0.005)
assert ctypes.get_errno() == 11, ctypes.get_errno()
await task`,
  );
});

test("time.sleep sleeps in plain calls as well, and never too short", async (t) => {
  const source = `
import time
def f(seconds):
    begin = time.monotonic()
    time.sleep(seconds)
    return time.monotonic() - begin
f`;
  await withFunction(t, source, async (f) => {
    for (const seconds of [0, 0.001, 0.0125]) {
      const least = seconds - 1e-6; // what the difference of two floats loses
      assert.ok(f(seconds) >= least);
      assert.ok((await f.callPromising(seconds)) >= least);
    }
  });
});

test("an exception from a promising call rejects its promise, and is the same object in Python", async (t) => {
  const source = `
import js
from pyodide.ffi import run_sync
error = KeyError("mine")
def f():
    run_sync(js.Promise.resolve(1))
    raise error
f`;
  await withFunction(t, source, async (f, globals) => {
    const error = await assert.rejects(f.callPromising(), t.pyodide.ffi.PythonError);
    assert.same(error.type, "KeyError");
    const rejected = Promise.reject(error);
    rejected.catch(() => {});
    globals.set("rejected", rejected);
    await t.pyodide.runPythonAsync(
      `
try:
    run_sync(rejected)
except KeyError as caught:
    assert caught is error
del rejected`,
      { globals },
    );
  });
});

test("a call that is given up on goes on; its function may be destroyed meanwhile", async (t) => {
  const globals = t.pyodide.runPython("{}");
  const f = t.pyodide.runPython(
    "import time\ndone = []\ndef f():\n  time.sleep(0.01)\n  done.append(1)\nf",
    { globals },
  );
  const promise = f.callPromising();
  f.destroy();
  await promise;
  assert.same(t.pyodide.runPython("len(done)", { globals }), 1);
  globals.destroy();
});

test("what blocks for ever in a plain call is refused at once, and the interpreter lives on", async (t) => {
  const source = `
import queue, threading
from concurrent.futures import ThreadPoolExecutor
def attempt(wait):
    try:
        wait()
    except RuntimeError as error:
        return "callPromising" in str(error)
def start_and_join():
    thread = threading.Thread(target=int)
    thread.start()
    thread.join()
def use_pool():
    with ThreadPoolExecutor() as pool:
        pool.submit(int)
def f():
    lock = threading.Lock()
    lock.acquire()
    event, condition = threading.Event(), threading.Condition()
    condition.acquire()
    return all(map(attempt, [
        lock.acquire, lambda: lock.acquire(timeout=1), event.wait, lambda: event.wait(1),
        condition.wait, queue.Queue().get, queue.SimpleQueue().get, lambda: queue.Queue().get(timeout=1),
        threading.Barrier(2).wait, threading.Semaphore(0).acquire, start_and_join, use_pool,
    ]))
f`;
  await withFunction(t, source, (f) => {
    assert.same(f(), true);
    assert.same(f(), true);
  });
});

test("system calls that would wait for ever in a plain call are refused and say why", async (t) => {
  const source = `
import multiprocessing, os, select, socket
def attempt(wait):
    try:
        wait()
    except RuntimeError as error:
        return "callPromising" in str(error)
def fill(write):
    while True:
        write(bytes(1000))
def f():
    end, other = os.pipe()
    a, b = socket.socketpair()
    semaphore = multiprocessing.Semaphore(0)
    poll = select.poll()
    poll.register(end, select.POLLIN)
    refused = list(map(attempt, [
        lambda: os.read(end, 1), open(end, "rb", closefd=False).read, lambda: a.recv(1), lambda: a.recvfrom(1),
        lambda: a.recv_into(bytearray(1)), lambda: a.recvmsg(1), lambda: os.read(a.fileno(), 1),
        lambda: select.select([end], [], []), poll.poll, semaphore.acquire,
        lambda: fill(lambda data: os.write(other, data)), lambda: fill(a.sendall),
    ]))
    os.set_blocking(end, False)
    os.read(end, 1 << 20)
    try:
        os.read(end, 1)
    except BlockingIOError:
        refused.append(select.select([end], [], [], 0.001) == ([], [], []))
    for fd in end, other:
        os.close(fd)
    a.close(), b.close()
    return all(refused) and len(refused)
f`;
  await withFunction(t, source, (f) => {
    assert.same(f(), 13);
    assert.same(f(), 13);
  });
});

test("an AbortSignal or a time limit ends a run with KeyboardInterrupt in it", async (t) => {
  const kinds = {
    computes: "while True: pass",
    sleeps: "time.sleep(100)",
    "waits for a lock": "lock = threading.Lock(); lock.acquire(); lock.acquire()",
    "waits for a queue": "queue.Queue().get()",
    selects: "select.select([], [], [], 100)",
    "waits for a promise": "run_sync(js.Promise.new(lambda *_: None))",
    awaits: "await asyncio.sleep(100)",
    "blocks on a coroutine": "run_sync(asyncio.sleep(100))",
  };
  const globals = t.pyodide.runPython("{}");
  for (const [kind, statement] of Object.entries(kinds)) {
    const code = `
import asyncio, js, queue, select, threading, time
from pyodide.ffi import run_sync
try:
    begun = ${JSON.stringify(kind)}
    ${statement}
except KeyboardInterrupt:
    seen = ${JSON.stringify(kind)}
`;
    const controller = new AbortController();
    const run = t.pyodide.runPythonAsync(code, { globals, signal: controller.signal });
    await until(() => globals.get("begun") === kind);
    setTimeout(() => controller.abort(new RangeError(kind)), 15);
    const error = await assert.rejects(run, RangeError);
    assert.same(error.message, kind);
    await until(() => globals.get("seen") === kind);
  }
  const late = t.pyodide.runPythonAsync("import time; time.sleep(100)", { globals, timeout: 10 });
  assert.same((await assert.rejects(late)).name, "TimeoutError");
  const aborted = AbortSignal.abort(new RangeError("before"));
  await assert.rejects(t.pyodide.runPythonAsync("1", { signal: aborted }), RangeError);
  await assert.rejects(t.pyodide.runPythonAsync("1", { signal: 5 }), TypeError);
  await assert.rejects(t.pyodide.runPythonAsync("1", { timeout: "soon" }), TypeError);
  await assert.rejects(t.pyodide.runPythonAsync("1", { timeout: -1 }), TypeError);
  assert.same(await t.pyodide.runPythonAsync("1 + 1", { timeout: 1000 }), 2);
  globals.destroy();
});

test("the interrupt buffer ends what waits, and only that", async (t) => {
  const buffer = new Uint8Array(1);
  t.pyodide.setInterruptBuffer(buffer);
  const source = `
import threading, time
from pyodide.ffi import run_sync
import js
def f(kind):
    try:
        {"sleep": lambda: time.sleep(100),
         "lock": lambda: threading.Semaphore(0).acquire(),
         "promise": lambda: run_sync(js.Promise.new(lambda *_: None)),
         "loop": lambda: [None for _ in iter(int, 1)]}[kind]()
    except KeyboardInterrupt:
        return kind
f`;
  try {
    await withFunction(t, source, async (f, globals) => {
      for (const kind of ["sleep", "lock", "promise", "loop"]) {
        const other = t.pyodide.runPythonAsync("import asyncio; await asyncio.sleep(0.04); 5", {
          globals,
        });
        const call = f.callPromising(kind);
        setTimeout(() => {
          buffer[0] = 2;
        }, 10);
        assert.same(await call, kind);
        assert.same(await other, 5);
        assert.same(buffer[0], 0);
      }
    });
  } finally {
    t.pyodide.setInterruptBuffer(undefined);
  }
});

test("input() waits for an asynchronous handler, and others go on; plain calls fail clearly", async (t) => {
  let asked = 0;
  let answer;
  const mayAnswer = new Promise((resolve) => {
    answer = resolve;
  });
  const errors = [];
  t.pyodide.setStderr({ batched: (line) => errors.push(line) });
  t.pyodide.setStdin({
    stdin: async () => {
      await mayAnswer;
      asked++;
      return asked < 4 ? `line ${asked}` : null;
    },
  });
  const globals = t.pyodide.runPython("{}");
  try {
    const other = t.pyodide.runPythonAsync("import asyncio; await asyncio.sleep(0.001); 5");
    const source = `
def read():
    lines = [input(), input()]
    import sys
    return lines + sys.stdin.readlines()
read`;
    const read = t.pyodide.runPython(source, { globals });
    const lines = read.callPromising();
    assert.same(await other, 5);
    assert.same(asked, 0);
    answer();
    const result = await lines;
    assert.deepEqual(result.toJs(), ["line 1", "line 2", "line 3\n"]);
    result.destroy();
    asked = 0;
    const error = assert.throws(() => read(), t.pyodide.ffi.PythonError);
    assert.match(error.message, /OSError|EOFError/);
    assert.match(errors.join(" "), /runPythonAsync\(\) or callPromising\(\)/);
    read.destroy();
    await after(1);
  } finally {
    globals.destroy();
    t.pyodide.setStdin();
    t.pyodide.setStderr();
  }
});
