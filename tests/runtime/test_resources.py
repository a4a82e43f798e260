"""What needs no other process works, and what would start one says why it does not."""

from __future__ import annotations

import tempfile
import unittest

from engines import ENGINES
from support import NATIVE, Case

# Programs whose output and status must be native CPython's.
PROGRAMS = {
    "multiprocessing's locks, events and queues among threads": (
        "import multiprocessing as mp, queue, threading, time\n"
        "lock, total = mp.Lock(), [0]\n"
        "def add():\n"
        "  for _ in range(20):\n"
        "    with lock: n = total[0]; time.sleep(0); total[0] = n + 1\n"
        "threads = [threading.Thread(target=add) for _ in range(4)]\n"
        "for t in threads: t.start()\n"
        "for t in threads: t.join()\n"
        "print(total, lock.acquire(), lock.acquire(timeout=0.01), lock.release())\n"
        "s = mp.Semaphore(2); print(s.acquire(), s.get_value(), s.acquire(), s.acquire(False))\n"
        "r = mp.RLock(); print(r.acquire(), r.acquire(), r.release(), r.release())\n"
        "e = mp.Event(); threading.Timer(0.02, e.set).start(); print(e.wait(9), e.wait(0))\n"
        "v = mp.Value('i', 3)\n"
        "with v.get_lock(): v.value += 1\n"
        "print(v.value, mp.Array('d', [1, 2])[:])\n"
        "q = mp.Queue(); q.put([1]); print(q.get(timeout=9)); q.close(); q.join_thread()\n"
        "mp.SimpleQueue().close(); s.release(); s.release()\n"
        "try: mp.BoundedSemaphore(1).release()\n"
        "except ValueError as error: print(error)\n"
    ),
    "whoever waits for a lock of multiprocessing gets it": (
        "import multiprocessing as mp, threading, time\n"
        "def contend(lock):\n"
        "  lock.acquire(); taken = []\n"
        "  take = lambda: taken.append(lock.acquire()) or lock.release()\n"
        "  threads = [threading.Thread(target=take) for _ in range(3)]\n"
        "  for t in threads: t.start()\n"
        "  time.sleep(0.02); before = list(taken); lock.release()\n"
        "  for t in threads: t.join()\n"
        "  return before, taken\n"
        "for kind in (mp.Semaphore, mp.BoundedSemaphore, mp.Lock, mp.RLock):\n"
        "  print(contend(kind()), contend(kind()))\n"
        "c, heard = mp.Condition(), []\n"
        "def listen():\n"
        "  with c: heard.append(c.wait(9))\n"
        "threads = [threading.Thread(target=listen) for _ in range(3)]\n"
        "for t in threads: t.start()\n"
        "time.sleep(0.02)\n"
        "with c: c.notify()\n"
        "while not heard: time.sleep(0.001)\n"
        "print(heard)\n"
        "with c: c.notify_all()\n"
        "for t in threads: t.join()\n"
        "e, b, done = mp.Event(), mp.Barrier(3), []\n"
        "def meet(): e.wait(); done.append(b.wait(9))\n"
        "threads = [threading.Thread(target=meet) for _ in range(3)]\n"
        "for t in threads: t.start()\n"
        "time.sleep(0.02); e.set()\n"
        "for t in threads: t.join()\n"
        "print(heard, sorted(done), e.is_set())\n"
    ),
    "locks and queues of every way to start processes": (
        "import compileall, multiprocessing as mp\n"
        "for method in mp.get_all_start_methods():\n"
        "  context = mp.get_context(method)\n"
        "  lock, q = context.Lock(), context.Queue()\n"
        "  with lock: q.put('in ' + context.__class__.__name__)\n"
        "  print(q.get(timeout=9)); q.close(); q.join_thread()\n"
        "open('m.py', 'w').close(); print(compileall.compile_dir('.', quiet=1, workers=2))\n"
    ),
    "named semaphores are there once": (
        "from _multiprocessing import SemLock, sem_unlink\n"
        "a = SemLock(1, 0, 1, '/coil-test', False)\n"
        "try: SemLock(1, 0, 1, '/coil-test', False)\n"
        "except FileExistsError as error: print(error.strerror)\n"
        "sem_unlink('/coil-test')\n"
        "try: sem_unlink('/coil-test')\n"
        "except FileNotFoundError as error: print(error.strerror)\n"
        "b = SemLock(1, 1, 1, '/coil-test', True); print(a._is_zero(), b._is_zero())\n"
        "a.release(); print(a._get_value(), b._get_value(), b.acquire(), b._get_value())\n"
    ),
    "hard links": (
        "import os\n"
        "open('one', 'w').write('text'); os.link('one', 'two')\n"
        "print(open('two').read(), os.stat('one').st_nlink, os.path.samefile('one', 'two'))\n"
        "os.unlink('one'); print(open('two').read(), os.stat('two').st_nlink)\n"
        "try: os.link('one', 'three')\n"
        "except FileNotFoundError as error: print(error.strerror)\n"
        "try: os.link('two', 'two')\n"
        "except FileExistsError as error: print(error.strerror)\n"
    ),
    "resource": (
        "import resource as r, time\n"
        "begin, stop = r.getrusage(r.RUSAGE_SELF), time.monotonic() + 0.1\n"
        "while time.monotonic() < stop: pass\n"
        "end = r.getrusage(r.RUSAGE_SELF)\n"
        "print(end.ru_utime + end.ru_stime > begin.ru_utime + begin.ru_stime)\n"
        "print(end.ru_maxrss > 1000, r.getrusage(r.RUSAGE_CHILDREN).ru_utime)\n"
        "print(r.getrusage(r.RUSAGE_THREAD).ru_utime > 0)\n"
        "soft, hard = r.getrlimit(r.RLIMIT_NOFILE); r.setrlimit(r.RLIMIT_NOFILE, (soft, hard))\n"
        "print(soft >= 256, hard >= soft, len(r.getrlimit(r.RLIMIT_CPU)))\n"
        "for wrong in (lambda: r.getrusage(99), lambda: r.getrlimit(99)):\n"
        "  try: wrong()\n"
        "  except ValueError as error: print(error)\n"
    ),
}


# What starts a process, or makes this one another. "true" is a program of every host.
STARTS_OF_PROCESSES = """
import asyncio, multiprocessing, os, pty, subprocess
from concurrent.futures import ProcessPoolExecutor

def process(method):
    return multiprocessing.get_context(method).Process(target=print).start()

path, no_such, command = "/bin/true", "/no/such", ["true"]
for start in (
    os.fork,
    lambda: os.posix_spawn(path, command, {}), lambda: os.posix_spawnp("true", command, {}),
    lambda: os.execv(path, command), lambda: os.execve(no_such, command, {}),
    lambda: os.execvp("true", command), lambda: os.execlpe("no-such", "no-such", {}),
    lambda: os.spawnv(os.P_WAIT, path, command), lambda: os.spawnlp(os.P_NOWAIT, "true", "true"),
    pty.fork, lambda: pty.spawn(command), lambda: os.popen("true"),
    lambda: subprocess.Popen(command), lambda: subprocess.run("true", shell=True),
    lambda: subprocess.check_output(command), lambda: subprocess.getoutput("true"),
    lambda: asyncio.run(asyncio.create_subprocess_exec("true")),
    lambda: asyncio.run(asyncio.create_subprocess_shell("true")),
    lambda: process("fork"), lambda: process("spawn"), lambda: process("forkserver"),
    lambda: multiprocessing.Pool(1), multiprocessing.Manager, lambda: ProcessPoolExecutor(1),
):
    try:
        start()
        print("started")
    except (OSError, NotImplementedError) as error:
        kind = type(error), getattr(error, "errno", None)
        kinds = (OSError, 138), (NotImplementedError, None)
        print(kind in kinds, "WebAssembly has no processes" in str(error))
for wrong in (lambda: os.execv(path, []), lambda: os.execve(path, [""], {})):
    try: wrong()
    except ValueError: print("wrong")
try: os.waitpid(-1, 0)
except ChildProcessError: print("no child")
"""
ENDS_OF_STARTS = b"True True\n" * 24 + b"wrong\n" * 2 + b"no child\n"


class ProcessTest(unittest.TestCase):
    """There is one process."""

    def test_each_start_of_a_process_says_that_there_are_none(self) -> None:
        for engine in ENGINES:
            with self.subTest(engine=str(engine)):
                outcome = Case(["-c", STARTS_OF_PROCESSES]).run(engine.command())
                self.assertEqual(outcome.errors, b"")
                self.assertEqual((outcome.status, outcome.output), (0, ENDS_OF_STARTS))


class SameAsNativeTest(unittest.TestCase):
    """Compares whole runs with native CPython."""

    maxDiff = None

    def test_programs(self) -> None:
        for name, code in PROGRAMS.items():
            case = Case(["-W", "ignore", "-c", code])
            with tempfile.TemporaryDirectory() as folder:
                expected = case.run(NATIVE, folder)
            for engine in ENGINES:
                with (
                    self.subTest(engine=str(engine), case=name),
                    tempfile.TemporaryDirectory() as folder,
                ):
                    outcome = case.run(engine.command(), folder)
                    self.assertEqual(
                        (outcome.status, outcome.output),
                        (expected.status, expected.output),
                        outcome.errors.decode(),
                    )
                    self.assertEqual((expected.status, expected.errors), (0, b""))


if __name__ == "__main__":
    unittest.main()
