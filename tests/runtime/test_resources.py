"""Locks of multiprocessing, hard links, resource: what needs no other process works."""

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
