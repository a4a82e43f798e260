"""Signals, timers and sleeping: what native CPython does with them.

No test measures how soon: what must never happen is that a signal waits for the end of what it
should interrupt, and each program here would run for a minute or for ever.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
import unittest

from engines import ENGINES, Engine
from support import NATIVE, Case, start

# Longer than any interruption takes, shorter than what is interrupted (for ever, or 60 s).
SOON = 10.0

# Each prints "ready", runs for a long time, and prints "KeyboardInterrupt" when interrupted.
BUSY = {
    "a loop": "while True: pass",
    "calls": "def f(n): return n and f(n - 1)\nwhile True: f(50)",
    "a generator": "sum(x for x in iter(int, 1))",
    "a comprehension": "[[y for y in range(9)] for x in iter(int, 1)]",
    "slow calls": "while True: sorted(range(100_000))",
    "a regular expression": "import re; re.match('(a+)+$', 'a' * 99 + 'b')",
    "a huge power": "while True: pow(3, 10**5)",
    "sleep": "import time; time.sleep(60)",
    "sleep in a loop": "import time\nwhile True: time.sleep(0)",
    "input()": "input()",
    "reading bytes": "import sys; sys.stdin.buffer.read()",
    "reading a descriptor": "import os; os.read(0, 1)",
    "pause": "import signal; signal.pause()",
}

PROGRAM = """
import sys
try:
    print("ready", flush=True)
{body}
except KeyboardInterrupt as error:
    print(type(error).__name__, flush=True)
"""


def in_body(code: str) -> str:
    """Return PROGRAM with code as its body."""
    return PROGRAM.format(body="\n".join(f"    {line}" for line in code.splitlines()))


class InterruptTest(unittest.TestCase):
    """SIGINT while Python computes or waits."""

    def interrupt(self, engine: Engine, code: str) -> None:
        """Start a program, interrupt it, check that it saw the interruption soon."""
        process = start(
            engine.command("-c", in_body(code)), stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert process.stdin
        assert process.stdout
        try:
            self.assertEqual(process.stdout.readline(), b"ready\n")
            time.sleep(0.2)
            process.send_signal(signal.SIGINT)
            self.assertEqual(process.wait(SOON), 0)
            self.assertEqual(process.stdout.read(), b"KeyboardInterrupt\n")
        finally:
            process.kill()
            process.wait()
            process.stdin.close()
            process.stdout.close()

    def test_control_c_is_a_keyboard_interrupt(self) -> None:
        for engine in ENGINES:
            for name, code in BUSY.items():
                with self.subTest(engine=str(engine), busy_with=name):
                    self.interrupt(engine, code)

    def test_uncaught_interrupt_ends_the_process_by_its_signal(self) -> None:
        for engine in ENGINES:
            with self.subTest(engine=str(engine)):
                code = "print('ready', flush=True)\nwhile True: pass"
                process = start(
                    engine.command("-c", code), stdout=subprocess.PIPE, stderr=subprocess.PIPE
                )
                assert process.stdout
                process.stdout.readline()
                process.send_signal(signal.SIGINT)
                _, errors = process.communicate(timeout=SOON)
                self.assertEqual(process.returncode, -signal.SIGINT)
                self.assertTrue(errors.endswith(b"\nKeyboardInterrupt\n"), errors)


# Name, program, signal sent when it prints "ready". Whole outcomes are compared with native's.
HANDLERS = {
    "handler in a loop": (
        (
            "import signal, sys\n"
            "signal.signal(signal.SIGTERM, lambda *a: sys.exit(f'handled {a[0]}'))\n"
            "print('ready', flush=True)\n"
            "while True: pass\n"
        ),
        signal.SIGTERM,
    ),
    "handler in a sleep that goes on": (
        (
            "import signal, time\n"
            "signal.signal(signal.SIGHUP, lambda *a: print('handled', flush=True))\n"
            "begin = time.monotonic(); print('ready', flush=True)\n"
            "time.sleep(2); print(time.monotonic() - begin >= 2)\n"
        ),
        signal.SIGHUP,
    ),
    "ignored": (
        (
            "import signal, time\n"
            "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
            "print('ready', flush=True); time.sleep(1); print('still here')\n"
        ),
        signal.SIGINT,
    ),
    "default": (
        (
            "import signal\n"
            "signal.signal(signal.SIGINT, signal.SIG_DFL)\n"
            "print('ready', flush=True)\n"
            "while True: pass\n"
        ),
        signal.SIGINT,
    ),
    "default that was never touched": (
        "print('ready', flush=True)\nwhile True: pass\n",
        signal.SIGTERM,
    ),
    "default after a handler": (
        (
            "import signal, time\n"
            "signal.signal(signal.SIGUSR2, print); signal.signal(signal.SIGUSR2, signal.SIG_DFL)\n"
            "print('ready', flush=True); time.sleep(60)\n"
        ),
        signal.SIGUSR2,
    ),
    "default of SIGUSR1, where Node would open a debugger": (
        "import time\nprint('ready', flush=True); time.sleep(60)\n",
        signal.SIGUSR1,
    ),
    "default of SIGUSR1 after a handler": (
        (
            "import signal, time\n"
            "signal.signal(signal.SIGUSR1, print); signal.signal(signal.SIGUSR1, signal.SIG_DFL)\n"
            "print('ready', flush=True); time.sleep(60)\n"
        ),
        signal.SIGUSR1,
    ),
    "handler of SIGUSR1": (
        (
            "import signal\n"
            "signal.signal(signal.SIGUSR1, lambda *a: print('handled', flush=True))\n"
            "print('ready', flush=True); signal.pause()\n"
        ),
        signal.SIGUSR1,
    ),
    "blocked and pending": (
        (
            "import signal, time\n"
            "signal.signal(signal.SIGUSR2, lambda *a: print('handled'))\n"
            "signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2])\n"
            "print('ready', flush=True); time.sleep(1)\n"
            "print(signal.SIGUSR2 in signal.sigpending())\n"
            "signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGUSR2]); print('end')\n"
        ),
        signal.SIGUSR2,
    ),
    "blocked without a handler": (
        (
            "import signal, time\n"
            "signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])\n"
            "print('ready', flush=True); time.sleep(1); print(signal.sigpending())\n"
            "print(signal.sigwait([signal.SIGTERM]), signal.sigpending())\n"
        ),
        signal.SIGTERM,
    ),
    "waited for": (
        (
            "import signal\n"
            "signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2])\n"
            "print('ready', flush=True); print(signal.sigwait([signal.SIGUSR2]))\n"
        ),
        signal.SIGUSR2,
    ),
    "handler in a select that goes on": (
        (
            "import select, signal, time\n"
            "signal.signal(signal.SIGHUP, lambda *a: print('handled', flush=True))\n"
            "begin = time.monotonic(); print('ready', flush=True)\n"
            "print(select.select([0], [], [], 2), time.monotonic() - begin >= 2)\n"
        ),
        signal.SIGHUP,
    ),
    "exception from a handler while reading": (
        (
            "import signal\n"
            "def handler(*arguments): raise TimeoutError('too long')\n"
            "signal.signal(signal.SIGTERM, handler)\n"
            "print('ready', flush=True)\n"
            "try: input()\n"
            "except TimeoutError as error: print(repr(error))\n"
        ),
        signal.SIGTERM,
    ),
}

# Programs that send signals to themselves, and such that only wait.
ALONE = {
    "os.kill": "import os, signal\n"
    "signal.signal(signal.SIGUSR1, lambda s, f: print('got', s, f.f_lineno))\n"
    "os.kill(os.getpid(), signal.SIGUSR1)\nprint('end')\n",
    "os.kill with SIGUSR1 by default": "import os, signal, time\n"
    "os.kill(os.getpid(), signal.SIGUSR1)\ntime.sleep(60)\n",
    "os.kill of nobody": "import os\n"
    "try: os.kill(2**22 + 1, 0)\nexcept ProcessLookupError: print('nobody')\n",
    "raise_signal": "import signal\ntry: signal.raise_signal(signal.SIGINT)\n"
    "except KeyboardInterrupt: print('interrupted')\n",
    "alarm in a loop": "import signal\n"
    "def handler(*arguments): raise TimeoutError\n"
    "signal.signal(signal.SIGALRM, handler); signal.alarm(1)\n"
    "try:\n  while True: pass\nexcept TimeoutError: print('alarm')\n",
    "alarm in a sleep": "import signal, time\n"
    "signal.signal(signal.SIGALRM, lambda *a: print('alarm'))\n"
    "signal.setitimer(signal.ITIMER_REAL, 0.2); time.sleep(0.5); print('slept')\n",
    "alarm while reading": "import os, signal\n"
    "def handler(*arguments): raise TimeoutError\n"
    "signal.signal(signal.SIGALRM, handler); signal.setitimer(signal.ITIMER_REAL, 0.2)\n"
    "r, w = 0, 1\ntry: os.read(0, 1)\nexcept TimeoutError: print('alarm')\n",
    "alarm by default": "import signal, time; signal.alarm(1); time.sleep(60)\n",
    "alarm that is called off": "import signal, time\n"
    "signal.alarm(100); print(99 <= signal.alarm(0) <= 100, signal.alarm(0))\n",
    "interval timer": "import signal, time\n"
    "ticks = []\nsignal.signal(signal.SIGALRM, lambda *a: ticks.append(time.monotonic()))\n"
    "begin = time.monotonic(); signal.setitimer(signal.ITIMER_REAL, 0.1, 0.05)\n"
    "while len(ticks) < 5: pass\n"
    "print(all(tick - begin >= 0.1 + 0.05 * i for i, tick in enumerate(ticks)))\n"
    "print(signal.getitimer(signal.ITIMER_REAL)[1], signal.setitimer(signal.ITIMER_REAL, 0)[1])\n",
    "timer with a wrong time": "import signal\n"
    "try: signal.setitimer(signal.ITIMER_REAL, -1)\n"
    "except signal.ItimerError as e: print('wrong')\n",
    "sleeping": "import time\n"
    "for wanted in (0, 1e-6, 0.0004, 0.001, 0.0123, 0.25):\n"
    "  begin = time.monotonic(); time.sleep(wanted); print(time.monotonic() - begin >= wanted)\n"
    "try: time.sleep(-1)\nexcept ValueError as error: print(error)\n",
    "faulthandler": "import faulthandler, os\nfaulthandler.enable()\n"
    "print(faulthandler.is_enabled())\nos.abort()\n",
    "select and poll honour their time-outs": (
        "import select, time\n"
        "begin = time.monotonic(); print(select.select([], [], [], 0.2))\n"
        "print(select.select([0], [], [], 0.2)); poll = select.poll()\n"
        "poll.register(0, select.POLLIN); print(poll.poll(200), poll.poll(0))\n"
        "print(time.monotonic() - begin >= 0.6)\n"
    ),
    "sigtimedwait": (
        "import signal, time\n"
        "begin = time.monotonic(); print(signal.sigtimedwait([signal.SIGUSR1], 0.2))\n"
        "print(time.monotonic() - begin >= 0.2)\n"
        "signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])\n"
        "signal.raise_signal(signal.SIGUSR1)\n"
        "print(signal.sigtimedwait([signal.SIGUSR1], 9).si_signo, signal.sigpending())\n"
    ),
    "masks": (
        "import signal as s\n"
        "print(s.pthread_sigmask(s.SIG_BLOCK, [s.SIGTERM, s.SIGKILL]))\n"
        "print(s.pthread_sigmask(s.SIG_SETMASK, [s.SIGHUP]))\n"
        "print(s.pthread_sigmask(s.SIG_UNBLOCK, [s.SIGHUP]), s.pthread_sigmask(s.SIG_BLOCK, []))\n"
        "try: s.pthread_sigmask(99, [])\nexcept OSError as error: print(error.strerror)\n"
    ),
    "signal numbers": "import signal\n"
    "print(sorted(signal.valid_signals())[:31], signal.SIGINT.value, signal.strsignal(15))\n",
    "ignored signals": (
        "import _thread, os, signal as s, time\n"
        "print(repr(s.SIG_IGN), int(s.SIG_IGN), repr(s.SIG_DFL), list(s.Handlers), s.Handlers(1))\n"
        "print(s.signal(s.SIGINT, s.SIG_IGN), s.getsignal(s.SIGINT) is s.SIG_IGN)\n"
        "s.raise_signal(s.SIGINT); os.kill(os.getpid(), s.SIGINT); _thread.interrupt_main()\n"
        "time.sleep(0.05); print('goes on', s.signal(s.SIGINT, s.default_int_handler))\n"
        "print(s.signal(s.SIGTERM, 1), s.signal(s.SIGTERM, 0), repr(s.getsignal(s.SIGTERM)))\n"
        "for wrong in (2, -2, 2**32 - 2):\n"
        "  try: s.signal(s.SIGTERM, wrong)\n"
        "  except TypeError as error: print(error)\n"
        "try: _thread.interrupt_main(); time.sleep(0.05)\n"
        "except KeyboardInterrupt: print('interrupted')\n"
    ),
    "handlers at the start": "import signal\n"
    "for s in (signal.SIGINT, signal.SIGTERM, signal.SIGPIPE, signal.SIGXFSZ):\n"
    "  print(getattr(signal.getsignal(s), 'name', signal.getsignal(s)))\n",
}


class SameAsNativeTest(unittest.TestCase):
    """Compares whole runs with native CPython."""

    maxDiff = None

    def signalled(self, python: list[str], code: str, signum: signal.Signals) -> tuple[int, bytes]:
        """Run a program, send a signal when it is ready, return its status and output."""
        process = start(
            [*python, "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        assert process.stdout
        try:
            process.stdout.readline()
            time.sleep(0.2)
            process.send_signal(signum)
            # Not communicate(): standard input stays open, so that a read waits.
            output = process.stdout.read()
            return process.wait(SOON), output
        finally:
            process.kill()
            process.communicate()

    def test_signals_from_outside(self) -> None:
        for name, (code, signum) in HANDLERS.items():
            expected = self.signalled(NATIVE, code, signum)
            for engine in ENGINES:
                with self.subTest(engine=str(engine), case=name):
                    self.assertEqual(self.signalled(engine.command(), code, signum), expected)

    def alone(self, python: list[str], code: str) -> tuple[int, bytes]:
        """Run a program with an open, silent standard input; return its status and output."""
        reader, writer = os.pipe()
        try:
            process = start(
                [*python, "-c", code],
                stdin=reader,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            output, _ = process.communicate(timeout=60)
        finally:
            os.close(reader)
            os.close(writer)
        return process.returncode, output

    def test_signals_from_inside_and_timers(self) -> None:
        for name, code in ALONE.items():
            expected = self.alone(NATIVE, code)
            for engine in ENGINES:
                with self.subTest(engine=str(engine), case=name):
                    self.assertEqual(self.alone(engine.command(), code), expected)


class OtherProcessTest(unittest.TestCase):
    """Signals that Python sends to processes of the host."""

    def test_signal_to_another_process(self) -> None:
        for engine in ENGINES:
            with self.subTest(engine=str(engine)):
                other = subprocess.Popen(["sleep", "60"])
                outcome = Case(["-c", f"import os; os.kill({other.pid}, 15)"]).run(engine.command())
                self.assertEqual(outcome.status, 0, outcome.errors)
                self.assertEqual(other.wait(SOON), -signal.SIGTERM)

    def test_process_numbers_are_the_hosts(self) -> None:
        for engine in ENGINES:
            with self.subTest(engine=str(engine)):
                process = start(
                    engine.command("-c", "import os; print(os.getpid(), os.getppid())"),
                    stdout=subprocess.PIPE,
                )
                output, _ = process.communicate()
                self.assertEqual(output.split(), [b"%d" % process.pid, b"%d" % os.getpid()])
