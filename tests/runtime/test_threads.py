"""Threads: the same as native CPython's; POSIX's promises, interruptions, deadlocks, recursion."""

from __future__ import annotations

import os
import signal
import subprocess
import time
import unittest
from pathlib import Path

from engines import ENGINES, SIDE_MODULES, interrupt
from support import NATIVE, Case, start

# Longer than any interruption takes, shorter than what is interrupted (for ever).
SOON = 20.0

# Programs whose output and status must be native CPython's.
PROGRAMS = {
    "results, names and the order of joins": (
        "import threading\n"
        "done = []\n"
        "def start(i): return threading.Thread(target=done.append, args=(i,), name=f't{i}')\n"
        "threads = [start(i) for i in range(9)]\n"
        "for t in threads: t.start()\n"
        "for t in threads: t.join(); print(t.name, t.is_alive())\n"
        "print(done, threading.active_count())\n"
        "print(threading.main_thread() is threading.current_thread())\n"
    ),
    "a lock excludes": (
        "import threading, time\n"
        "lock, total = threading.Lock(), 0\n"
        "def add():\n"
        "  global total\n"
        "  for _ in range(200):\n"
        "    with lock:\n"
        "      seen = total; time.sleep(0); total = seen + 1\n"
        "threads = [threading.Thread(target=add) for _ in range(5)]\n"
        "for t in threads: t.start()\n"
        "for t in threads: t.join()\n"
        "print(total)\n"
    ),
    "those who wait for a lock come first": (
        "import threading, time\n"
        "lock, order = threading.Lock(), []\n"
        "def take(i):\n"
        "  with lock: order.append(i)\n"
        "lock.acquire()\n"
        "threads = []\n"
        "for i in range(9):\n"
        "  t = threading.Thread(target=take, args=(i,)); t.start(); threads.append(t)\n"
        "  time.sleep(0.02)\n"
        "lock.release()\n"
        "for t in threads: t.join()\n"
        "print(order)\n"
    ),
    "deadlines are never early": (
        "import threading, time, queue\n"
        "def timed(function, *arguments):\n"
        "  begin = time.monotonic()\n"
        "  try: result = function(*arguments)\n"
        "  except queue.Empty: result = 'empty'\n"
        "  return result, time.monotonic() - begin >= arguments[-1]\n"
        "lock = threading.Lock(); lock.acquire()\n"
        "condition = threading.Condition()\n"
        "for seconds in (0.0001, 0.001, 0.0123, 0.05):\n"
        "  print(timed(lock.acquire, True, seconds), timed(threading.Event().wait, seconds))\n"
        "  print(timed(queue.Queue().get, True, seconds))\n"
        "  print(timed(queue.SimpleQueue().get, True, seconds))\n"
        "  with condition: print(timed(condition.wait, seconds))\n"
        "t = threading.Thread(target=time.sleep, args=(0.2,)); t.start()\n"
        "print(timed(t.join, 0.05), t.is_alive()); t.join(); print(t.is_alive())\n"
    ),
    "queues, conditions, barriers, semaphores, timers": (
        "import queue, threading\n"
        "q, out = queue.Queue(3), []\n"
        "def consume():\n"
        "  while (item := q.get()) is not None: out.append(item); q.task_done()\n"
        "t = threading.Thread(target=consume); t.start()\n"
        "for i in range(500): q.put(i)\n"
        "q.join(); q.put(None); t.join(); print(out == list(range(500)))\n"
        "barrier, places = threading.Barrier(6), []\n"
        "ts = [threading.Thread(target=lambda: places.append(barrier.wait())) for _ in range(6)]\n"
        "for t in ts: t.start()\n"
        "for t in ts: t.join()\n"
        "print(sorted(places))\n"
        "inside, most = 0, 0\n"
        "semaphore = threading.BoundedSemaphore(2)\n"
        "def enter():\n"
        "  global inside, most\n"
        "  with semaphore:\n"
        "    inside += 1; most = max(most, inside)\n"
        "    threading.Event().wait(0.005); inside -= 1\n"
        "ts = [threading.Thread(target=enter) for _ in range(8)]\n"
        "for t in ts: t.start()\n"
        "for t in ts: t.join()\n"
        "print(most, inside)\n"
        "event = threading.Event(); threading.Timer(0.01, event.set).start()\n"
        "print(event.wait(9))\n"
    ),
    "thread pools": (
        "from concurrent.futures import ThreadPoolExecutor, as_completed\n"
        "import time\n"
        "with ThreadPoolExecutor(4) as pool:\n"
        "  print(list(pool.map(lambda n: n * n, range(20))))\n"
        "  slow = [pool.submit(time.sleep, 0.05 * n) for n in (3, 1, 2)]\n"
        "  print([slow.index(f) for f in as_completed(slow)])\n"
        "  failed = pool.submit(lambda: 1 / 0)\n"
        "  print(repr(failed.exception()))\n"
    ),
    "functions of C that block, and call back what blocks": (
        "import ctypes, threading, time\n"
        "libc, out = ctypes.CDLL(None), []\n"
        "integer = ctypes.POINTER(ctypes.c_int)\n"
        "@ctypes.CFUNCTYPE(ctypes.c_int, integer, integer)\n"
        "def compare(a, b): time.sleep(0.001); return a[0] - b[0]\n"
        "def sort(i):\n"
        "  numbers = (ctypes.c_int * 8)(*[(7 * k + i) % 8 for k in range(8)])\n"
        "  libc.qsort(numbers, 8, 4, compare)\n"
        "  begin = time.monotonic(); libc.usleep(20_000)\n"
        "  out.append((i, list(numbers), time.monotonic() - begin >= 0.02))\n"
        "for size in (0, 512 * 1024):\n"
        "  threading.stack_size(size)\n"
        "  threads = [threading.Thread(target=sort, args=(i,)) for i in range(5)]\n"
        "  for t in threads: t.start()\n"
        "  for t in threads: t.join()\n"
        "print(sorted(out))\n"
    ),
    "recursion as deep as the interpreter allows": (
        "import json, threading\n"
        "def sort(n): return n and sorted([n], key=lambda _: sort(n - 1))\n"
        "def deep():\n"
        "  nested = []\n"
        "  for _ in range(900): nested = [nested]\n"
        "  print(len(json.dumps(nested)), len(repr(nested)), sort(200))\n"
        "t = threading.Thread(target=deep); t.start(); t.join()\n"
    ),
    "exceptions and exits of threads": (
        "import sys, threading\n"
        "def hook(args): print('hook', args.exc_type.__name__, args.exc_value)\n"
        "threading.excepthook = hook\n"
        "for body in (lambda: 1 / 0, lambda: sys.exit(3), lambda: int('x')):\n"
        "  t = threading.Thread(target=body); t.start(); t.join()\n"
        "print('end')\n"
    ),
    "what belongs to a thread": (
        "import contextvars, decimal, errno, os, threading, time\n"
        "local, variable = threading.local(), contextvars.ContextVar('v', default='main')\n"
        "local.x = 'main'\n"
        "def own(n):\n"
        "  local.x = n; variable.set(n); decimal.getcontext().prec = n + 5\n"
        "  for _ in range(5):\n"
        "    time.sleep(0.001)\n"
        "    try: os.stat('/no/such/file')\n"
        "    except OSError as e: error = e.errno\n"
        "    try: os.close(-1)\n"
        "    except OSError as e: errors = errno.errorcode[error], errno.errorcode[e.errno]\n"
        "  results[n] = local.x, variable.get(), decimal.getcontext().prec, errors\n"
        "results = {}\n"
        "ts = [threading.Thread(target=own, args=(n,)) for n in range(5)]\n"
        "for t in ts: t.start()\n"
        "for t in ts: t.join()\n"
        "print(sorted(results.items()), local.x, variable.get())\n"
    ),
    "computing threads take turns": (
        "import threading, time\n"
        "counts, end = [0] * 4, time.monotonic() + 1\n"
        "def count(i):\n"
        "  while time.monotonic() < end: counts[i] += 1\n"
        "ts = [threading.Thread(target=count, args=(i,)) for i in range(4)]\n"
        "for t in ts: t.start()\n"
        "begin = time.monotonic(); time.sleep(0.1); woken = time.monotonic() - begin < 0.6\n"
        "for t in ts: t.join()\n"
        "print(woken, max(counts) < 20 * min(counts))\n"
    ),
    "a recursive function gives way": (
        "import threading\n"
        "def f(n): return n < 2 or f(n - 1) + f(n - 2)\n"
        "stop = False\n"
        "def compute():\n"
        "  while not stop: f(12)\n"
        "t = threading.Thread(target=compute, daemon=True); t.start()\n"
        "print('main goes on'); stop = True; t.join()\n"
    ),
    "imports of one module by several threads": (
        "import sys, threading\n"
        "def load():\n"
        "  import json.tool, xml.dom.minidom; loaded.append(xml.dom.minidom.parseString)\n"
        "loaded = []\n"
        "ts = [threading.Thread(target=load) for _ in range(6)]\n"
        "for t in ts: t.start()\n"
        "for t in ts: t.join()\n"
        "print(len(loaded), len(set(loaded)))\n"
    ),
    "daemon threads do not keep the program": (
        "import atexit, threading, time\n"
        "def spin():\n"
        "  while True: sum(range(100))\n"
        "def sleep():\n"
        "  while True: time.sleep(0)\n"
        "lock = threading.Lock()\n"
        "for body in (spin, sleep, lambda: lock.acquire() and lock.acquire()):\n"
        "  for _ in range(5): threading.Thread(target=body, daemon=True).start()\n"
        "atexit.register(lambda: print('atexit', threading.active_count()))\n"
        "time.sleep(0.05); raise SystemExit(5)\n"
    ),
    "the program waits for its threads": (
        "import threading, time\n"
        "def late(): time.sleep(0.1); print('late')\n"
        "threading.Thread(target=late).start(); print('main')\n"
    ),
    "os._exit() in a thread": (
        "import os, threading\n"
        "threading.Thread(target=os._exit, args=(7,)).start()\n"
        "threading.Event().wait()\n"
    ),
    "a signal of a thread is handled by the main thread": (
        "import os, signal, threading, time\n"
        "main = threading.get_ident()\n"
        "def handle(number, frame): print(number, threading.get_ident() == main); event.set()\n"
        "signal.signal(signal.SIGUSR1, handle)\n"
        "event = threading.Event()\n"
        "threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGUSR1)).start()\n"
        "print(event.wait(9))\n"
        "event.clear(); signal.signal(signal.SIGALRM, handle)\n"
        "signal.setitimer(signal.ITIMER_REAL, 0.05); print(event.wait(9))\n"
    ),
    "interrupt_main": (
        "import _thread, threading, time\n"
        "threading.Timer(0.1, _thread.interrupt_main).start()\n"
        "try:\n"
        "  while True: time.sleep(0.01)\n"
        "except KeyboardInterrupt: print('interrupted')\n"
    ),
    "processor time is counted for each thread": (
        "import threading, time\n"
        "taken = []\n"
        "def burn():\n"
        "  start = time.thread_time()\n"
        "  while time.thread_time() - start < 0.05: pass\n"
        "  taken.append(time.thread_time() - start)\n"
        "before = time.thread_time()\n"
        "thread = threading.Thread(target=burn); thread.start(); thread.join()\n"
        "print(taken[0] >= 0.05, time.thread_time() - before < taken[0])\n"
    ),
    "C code of a thread recurses as deep as its stack allows": (
        "import threading\n"
        "def nest(): print(eval('(' * 150 + '7' + ')' * 150))\n"
        "thread = threading.Thread(target=nest); thread.start(); thread.join()\n"
    ),
    "identities": (
        "import sys, threading, time\n"
        "events = threading.Event()\n"
        "ts = [threading.Thread(target=events.wait) for _ in range(9)]\n"
        "for t in ts: t.start()\n"
        "print(len({t.ident for t in ts}), len({t.native_id for t in ts}))\n"
        "print(len(sys._current_frames()))\n"
        "events.set()\n"
        "for t in ts: t.join()\n"
        "import os; print(threading.get_native_id() == os.getpid())\n"
    ),
    "sizes of stacks": (
        "import threading\n"
        "print(threading.stack_size(262144), threading.stack_size())\n"
        "t = threading.Thread(target=print, args=('small',)); t.start(); t.join()\n"
        "try: threading.stack_size(100)\n"
        "except ValueError as e: print(e)\n"
    ),
}

# Kinds of endless recursion, on stacks of several sizes; native CPython dies of the small ones.
RECURSION = """
import threading

class Key:
    def __init__(self, n): self.n = n
    def __repr__(self): return repr(Key(self.n + 1))

def plain(n): return plain(n + 1)
def sort(n): return sorted([n], key=sort)

def run(f):
    try: f(0)
    except RecursionError: print('RecursionError')

for size in (0, 512 * 1024, 128 * 1024):
    threading.stack_size(size)
    for f in (plain, sort, lambda n: repr(Key(n))):
        t = threading.Thread(target=run, args=(f,)); t.start(); t.join()
"""

# Each prints "ready", waits for ever, and prints "KeyboardInterrupt" when interrupted.
WAITING = {
    "a lock": "import threading; l = threading.Lock(); l.acquire(); l.acquire()",
    "an event": "import threading; threading.Event().wait()",
    "a condition with a time-out": (
        "import threading; c = threading.Condition()\nwith c: c.wait(1000)"
    ),
    "a queue": "import queue; queue.Queue().get()",
    "a simple queue": "import queue; queue.SimpleQueue().get()",
    "a thread": (
        "import threading, time\n"
        "t = threading.Thread(target=time.sleep, args=(1000,), daemon=True); t.start(); t.join()"
    ),
    "a pool": (
        "import threading, time\n"
        "def spin():\n"
        "  while True: pass\n"
        "for _ in range(3): threading.Thread(target=spin, daemon=True).start()\n"
        "while True: pass"
    ),
}

STRESS = Path(__file__).with_name("threads_stress.py")


class SameAsNativeTest(unittest.TestCase):
    """Compares whole runs with native CPython."""

    maxDiff = None

    def test_programs(self) -> None:
        for name, code in PROGRAMS.items():
            expected = Case(["-c", code]).run(NATIVE)
            for engine in ENGINES:
                with self.subTest(engine=str(engine), case=name):
                    outcome = Case(["-c", code]).run(engine.command())
                    self.assertEqual(
                        (outcome.status, outcome.output), (expected.status, expected.output)
                    )


class PosixTest(unittest.TestCase):
    """The C functions, called by a library of ours."""

    def test_promises_of_posix(self) -> None:
        names = [
            "mutexes",
            "conditions",
            "rwlocks",
            "barriers_and_once",
            "keys_and_exit",
            "semaphores",
            "c11_and_errno",
            "stacks",
        ]
        path = str(SIDE_MODULES / "threads_library.so")
        code = f"import ctypes\nlibrary = ctypes.CDLL({path!r})\n" + "".join(
            f"print({name!r}, library.{name}(), flush=True)\n" for name in names
        )
        for engine in ENGINES:
            with self.subTest(engine=str(engine)):
                process = engine.run(code)
                self.assertEqual(process.stdout.splitlines(), [f"{name} 0" for name in names])

    def test_exceptions_in_flight_belong_to_a_thread(self) -> None:
        path = str(SIDE_MODULES / "threads_exceptions.so")
        code = f"import ctypes\nprint(ctypes.CDLL({path!r}).exceptions_found())"
        for engine in ENGINES:
            with self.subTest(engine=str(engine)):
                process = engine.run(code)
                self.assertEqual((process.stderr, process.stdout), ("", "80\n"))


class RecursionTest(unittest.TestCase):
    """Each thread has stacks of its own, which end in RecursionError."""

    def test_endless_recursion_in_a_thread(self) -> None:
        for engine in ENGINES:
            with self.subTest(engine=str(engine)):
                process = engine.run(RECURSION)
                self.assertEqual((process.stderr, process.returncode), ("", 0))
                self.assertEqual(process.stdout.split(), ["RecursionError"] * 9)


class InterruptTest(unittest.TestCase):
    """SIGINT while the main thread waits for others, or shares the time with them."""

    def test_waits_are_interrupted(self) -> None:
        for engine in ENGINES:
            for name, code in WAITING.items():
                body = "".join(f"    {line}\n" for line in code.splitlines())
                program = (
                    f"import os\nprint('ready', flush=True)\ntry:\n{body}"
                    "except KeyboardInterrupt:\n  print('KeyboardInterrupt', flush=True)\n"
                    "  os._exit(0)\n"
                )
                with self.subTest(engine=str(engine), waits_for=name):
                    self.assertEqual(interrupt(engine, program), "KeyboardInterrupt\n")


class DeadlockTest(unittest.TestCase):
    """Threads that wait for each other for ever."""

    PROGRAM = (
        "import threading, time\n"
        "one, other = threading.Lock(), threading.Lock()\n"
        "def take_other():\n"
        "  with other: time.sleep(0.05); one.acquire()\n"
        "one.acquire(); threading.Thread(target=take_other, daemon=True).start()\n"
        "time.sleep(0.02); other.acquire()\n"
    )

    def test_deadlock_is_reported_with_all_tracebacks_and_can_be_interrupted(self) -> None:
        for engine in ENGINES:
            with self.subTest(engine=str(engine)):
                process = start(engine.command("-c", self.PROGRAM), stderr=subprocess.PIPE)
                assert process.stderr
                report = b""
                while b"line 6 in <module>\n" not in report:
                    report += os.read(process.stderr.fileno(), 4096) or self.fail(report)
                self.assertIn(b"Deadlock: each thread waits for another one", report)
                self.assertIn(b'File "<string>", line 4 in take_other\n', report)
                time.sleep(0.2)
                process.send_signal(signal.SIGINT)
                _, errors = process.communicate(timeout=SOON)
                self.assertTrue(errors.endswith(b"KeyboardInterrupt\n"), errors)
                self.assertEqual(process.returncode, -signal.SIGINT)


class ManyThreadsTest(unittest.TestCase):
    """More threads than a machine has, and random ones."""

    def test_1500_sleeping_threads_at_the_default_stack(self) -> None:
        self.check_many(1500, 0)

    def test_10000_sleeping_threads_with_small_stacks(self) -> None:
        self.check_many(10_000, 128 * 1024)

    def check_many(self, count: int, stack: int) -> None:
        """Have `count` threads alive at once."""
        code = (
            "import threading\n"
            f"threading.stack_size({stack}); event = threading.Event(); done = []\n"
            "def wait(): done.append(event.wait())\n"
            f"ts = [threading.Thread(target=wait) for _ in range({count})]\n"
            "for t in ts: t.start()\n"
            "print(threading.active_count()); event.set()\n"
            "for t in ts: t.join()\n"
            "print(len(done))\n"
        )
        for engine in ENGINES:
            with self.subTest(engine=str(engine)):
                process = engine.run(code)
                self.assertEqual(process.stdout.split(), [str(count + 1), str(count)])

    def test_stress(self) -> None:
        """Random locks, sleeps, exceptions, calls of JavaScript; COIL_STRESS_SEED repeats a run."""
        seed = os.environ.get("COIL_STRESS_SEED", str(time.time_ns()))
        seconds = os.environ.get("COIL_STRESS_SECONDS", "10")
        for engine in ENGINES:
            with self.subTest(engine=str(engine), seed=seed):
                case = Case([str(STRESS), seed, seconds], timeout=float(seconds) + 60)
                outcome = case.run(engine.command())
                self.assertEqual(outcome.status, 0, outcome.output + outcome.errors)


if __name__ == "__main__":
    unittest.main()
