"""The command line does what native CPython's does: status, standard output, standard error."""

from __future__ import annotations

import concurrent.futures
import os
import re
import signal
import subprocess
import tempfile
import unittest
from pathlib import Path

from engines import CLI, ENGINES, Engine
from support import NATIVE, Case, Outcome, Terminal, start

SHOW_FLAGS = "import sys; print(sys.flags); print(sys.argv, sys.orig_argv[1:], sys._xoptions)"
SHOW_WARNINGS = (
    "import sys, warnings; print(sys.warnoptions); warnings.warn('old', DeprecationWarning)"
)
ECHO_BYTES = "import sys; sys.stdout.buffer.write(sys.stdin.buffer.read())"
SHOW_STREAMS = (
    "import sys\n"
    "for s in (sys.stdin, sys.stdout, sys.stderr):\n"
    "    print(s.name, s.encoding, s.errors, s.mode, s.isatty(), s.line_buffering, s.seekable())\n"
)
RUN_COMMANDS = (
    "import os; os.environ['WORD'] = 'set'\n"
    "for command in ('echo $WORD $(pwd | wc -l); exit 3', 'kill -TERM $$', 'no-such 2>&1', ''):\n"
    "    print(os.system(command), flush=True)\n"
)

# Directives of time formats that not every libc knows, and what none does.
FORMAT_TIMES = (
    "import datetime, time\n"
    "t = (2000, 1, 2, 13, 4, 5, 6, 2, 0)\n"
    "for f in ('%k|%l|%P', '%-d|%_d|%4Y|%Ey|%Od', '%Q|%E|%:z|a%Qb|%%k', '%', '100%', 'é%k€',\n"
    "          '%p%I', '%c|%x|%X', '%300Y', '', '%n%t', '%G-%V %j %U %w', 'x' * 3000 + '%H'):\n"
    "    print(ascii(time.strftime(f, t)))\n"
    "print(f'{datetime.datetime(2001, 2, 3, 4, 5):%-d %B %Y, %l:%M %P}')\n"
)

# Name of the case, what is run. Each runs in a folder with the files of FILES.
CASES = {
    "version": Case(["-V"]),
    "version of the build": Case(["-c", "import sys; print(sys.version_info, sys.hexversion)"]),
    "formats of times": Case(["-c", FORMAT_TIMES]),
    "command": Case(["-c", "print('Grüße', 6 * 7)"]),
    "command with arguments": Case(["-c", SHOW_FLAGS, "-x", "--", "ä b", ""]),
    "command from bytes that are not UTF-8": Case(
        ["-c", b"import sys; print(ascii(sys.argv))", b"\xff\xfe"]
    ),
    "script": Case(["script.py", "a", "-b"]),
    "script in a folder": Case(["package"]),
    "script that is missing": Case(["missing.py"]),
    "module": Case(["-m", "module", "a"]),
    "module of a package": Case(["-m", "package"]),
    "module of the standard library": Case(["-m", "json.tool"], input=b'{"b": [1, 2]}'),
    "module that is missing": Case(["-m", "no_such_module"]),
    "dash": Case(["-", "a"], input=b"import sys\nprint(sys.argv)\n"),
    "program on standard input": Case([], input=b"print(__name__)\nx = 1\nprint(x)\n"),
    "program on standard input that fails": Case([], input=b"print(1)\n1/0\n"),
    "source with an encoding": Case(["latin1.py"]),
    "source that is not UTF-8": Case(["broken.py"]),
    "syntax error": Case(["-c", "print(1"]),
    "unknown option": Case(["--no-such-option"]),
    "unknown short option": Case(["-y"]),
    "option without its value": Case(["-c"]),
    "help": Case(["-h"]),
    "help for -X": Case(["--help-xoptions"]),
    "help for the environment": Case(["--help-env"]),
    "exit with a status": Case(["-c", "raise SystemExit(7)"]),
    "exit with a message": Case(["-c", "import sys; sys.exit('no')"]),
    "exit with nothing": Case(["-c", "import sys; sys.exit()"]),
    "exit with a large status": Case(["-c", "import sys; sys.exit(1000)"]),
    "exit with a negative status": Case(["-c", "import sys; sys.exit(-1)"]),
    "exit from within the script": Case(["exits.py"]),
    "exit without clean-up": Case(["-c", "import os; print(1); os._exit(9)"]),
    "exit at the end of atexit": Case(["-c", "import atexit; atexit.register(print, 'bye'); 1/0"]),
    "commands of the host": Case(["-c", RUN_COMMANDS]),
    "traceback": Case(["fails.py"]),
    "traceback of a chain": Case(
        ["-c", "try:\n  1/0\nexcept Exception as e: raise KeyError(1) from e"]
    ),
    "traceback through the standard library": Case(["-c", "import json; json.loads('{')"]),
    "exception in __del__": Case(["-c", "class A:\n  def __del__(self): 1/0\ndel A().x"]),
    "quiet": Case(["-q", "-c", SHOW_FLAGS]),
    "optimized": Case(["-O", "-c", f"{SHOW_FLAGS}; assert False; print(__debug__)"]),
    "optimized twice": Case(["-OO", "-c", f"def f(): 'doc'\nprint(f.__doc__)\n{SHOW_FLAGS}"]),
    "unbuffered": Case(["-u", "-c", f"{SHOW_FLAGS}; print(sys.stdout.write_through)"]),
    "isolated": Case(["-I", "-c", SHOW_FLAGS], environment={"PYTHONOPTIMIZE": "1"}),
    "without environment": Case(["-E", "-c", SHOW_FLAGS], environment={"PYTHONOPTIMIZE": "1"}),
    "without user site": Case(["-s", "-c", SHOW_FLAGS]),
    "without site": Case(["-S", "-c", f"{SHOW_FLAGS}; print('site' in sys.modules)"]),
    "safe path": Case(["-P", "-c", f"{SHOW_FLAGS}; print('' in sys.path)"]),
    "without bytecode": Case(["-B", "-c", SHOW_FLAGS]),
    "bytes warnings": Case(["-bb", "-c", "print(b'1' == '1')"]),
    "development mode": Case(["-X", "dev", "-c", f"{SHOW_FLAGS}; print(sys.warnoptions)"]),
    "-X with a value": Case(["-X", "a=b", "-Xc", "-c", SHOW_FLAGS]),
    "-X utf8=0": Case(["-X", "utf8=0", "-c", SHOW_FLAGS]),
    "-X int_max_str_digits": Case(["-X", "int_max_str_digits=640", "-c", "int('1' * 641)"]),
    "-X frozen_modules is wrong": Case(["-X", "frozen_modules=maybe", "-c", "0"]),
    "-W error": Case(["-W", "error", "-c", SHOW_WARNINGS]),
    "-W default": Case(["-Wdefault", "-c", SHOW_WARNINGS]),
    "-W is wrong": Case(["-W", "nonsense", "-c", "print(1)"]),
    "-i": Case(["-i", "-c", "x = 5"], input=b"print(x)\nx / 0\nraise SystemExit(4)\n"),
    "-i with the end of input": Case(["-i", "-c", "1/0"], input=b""),
    "-i with blocks": Case(["-i"], input=b"for i in range(2):\n  i\n\n1 +\n'a' 'b'\nexit()\n"),
    "-x": Case(["-x", "skip.py"]),
    "--check-hash-based-pycs": Case(["--check-hash-based-pycs", "never", "-c", SHOW_FLAGS]),
    "PYTHONPATH": Case(["-m", "module"], environment={"PYTHONPATH": "package:other"}),
    "PYTHONSTARTUP is for terminals": Case(
        [], input=b"1", environment={"PYTHONSTARTUP": "script.py"}
    ),
    "PYTHONOPTIMIZE": Case(["-c", SHOW_FLAGS], environment={"PYTHONOPTIMIZE": "2"}),
    "PYTHONWARNINGS": Case(["-c", SHOW_WARNINGS], environment={"PYTHONWARNINGS": "error"}),
    "PYTHONIOENCODING": Case(
        ["-c", f"{SHOW_STREAMS}print('é')"], environment={"PYTHONIOENCODING": "latin-1:replace"}
    ),
    "PYTHONUNBUFFERED": Case(["-c", SHOW_FLAGS], environment={"PYTHONUNBUFFERED": "1"}),
    "PYTHONHASHSEED": Case(["-c", "print(hash('a') & 255)"], environment={"PYTHONHASHSEED": "x"}),
    "PYTHONINSPECT": Case(["-c", "x = 1"], input=b"x + 1\n", environment={"PYTHONINSPECT": "1"}),
    "PYTHONSAFEPATH": Case(["-c", SHOW_FLAGS], environment={"PYTHONSAFEPATH": "1"}),
    "PYTHONDONTWRITEBYTECODE": Case(
        ["-c", SHOW_FLAGS], environment={"PYTHONDONTWRITEBYTECODE": "1"}
    ),
    "environment": Case(
        ["-c", "import os; print(sorted(os.environ.items()))"],
        environment={"ONE": "1", "UMLAUT": "ö", "EMPTY": ""},
    ),
    "working directory": Case(["-c", "import os; print(os.getcwd(), os.listdir('package'))"]),
    "streams": Case(["-c", SHOW_STREAMS]),
    "streams in the C locale": Case(["-c", SHOW_STREAMS], environment={"LC_ALL": "C"}),
    "binary streams": Case(["-c", ECHO_BYTES], input=bytes(range(256)) * 1000),
    "text that is not UTF-8": Case(["-c", "print(ascii(input()))"], input=b"\xff\xe4\n"),
    "text that is not UTF-8, in the C locale": Case(
        ["-c", "x = input(); print(ascii(x)); print(x)"],
        input=b"\xff\n",
        environment={"LC_ALL": "C"},
    ),
    "surrogates on standard output": Case(["-c", "print('\\udcff')"]),
    "lines of input": Case(["-c", "print([input(), input('? ')]); input()"], input=b"a\r\nb"),
    "input by lines and blocks": Case(
        ["-c", "import sys; print(sys.stdin.readline(), sys.stdin.read(3), sys.stdin.readlines())"],
        input=b"one\ntwo\nthree\nfour",
    ),
    "descriptor read": Case(
        ["-c", "import os; print(os.read(0, 3), os.read(0, 99))"], input=b"abcdef"
    ),
    "output through all layers": Case(
        [
            "-c",
            "import os, sys; print(1); sys.stdout.flush(); os.write(1, b'2\\n'); os.write(2, b'3')",
        ]
    ),
    "output of C": Case(
        ["-c", "import ctypes; ctypes.CDLL(None).puts(b'from C')"],
    ),
    "uncaught KeyboardInterrupt": Case(["-c", "raise KeyboardInterrupt"]),
    "abort": Case(["-c", "import os; os.abort()"]),
    "killed by itself": Case(["-c", "import os, signal; os.kill(os.getpid(), signal.SIGTERM)"]),
    "fatal error": Case(["-c", "0"], environment={"PYTHONHOME": "/no/such/folder"}),
}

FILES = {
    "script.py": b"import sys\nprint(__name__, __file__, sys.argv, sys.path[0])\n",
    "module.py": b"import sys\nprint(__name__, __spec__.name, sys.argv)\n",
    "package/__init__.py": b"",
    "package/__main__.py": b"import sys\nprint(__name__, __package__, sys.argv)\n",
    "latin1.py": b"# -*- coding: latin-1 -*-\nprint(ascii('\xe4'))\n",
    "broken.py": b"print('\xe4')\n",
    "exits.py": b"import atexit\natexit.register(print, 'end')\nprint('begin')\n"
    b"raise SystemExit(3)\n",
    "fails.py": b"def f(x):\n    return g(x) + 1\n\ndef g(x):\n    return [][x]\n\nf(2)\n",
    "skip.py": b"#!not python\nprint('second line')\n",
}

NATIVE_PREFIX = Path(NATIVE[0]).parents[1]
DISTRIBUTION = Path(CLI).parents[1]

# What must differ, and what stands in its place. Numbers of errors are the C library's.
DIFFERENCES = (
    (re.compile(re.escape(f"{NATIVE[0]}")), "PYTHON"),
    (re.compile(re.escape(f"{CLI}")), "PYTHON"),
    (re.compile(re.escape(f"{NATIVE_PREFIX}")), "PREFIX"),
    (re.compile(re.escape(f"{DISTRIBUTION}")), "PREFIX"),
    (re.compile(r"\[Errno \d+\]"), "[Errno]"),
    (re.compile(r"0x[0-9a-f]{6,}"), "ADDRESS"),
    (re.compile(r"^Python 3.*\) \[.*\] on \w+$", re.MULTILINE), "BANNER"),
)


def normalized(outcome: Outcome, directory: str) -> Outcome:
    """Return an outcome without what must differ."""

    def clean(data: bytes) -> bytes:
        text = data.decode("latin-1").replace(directory, "DIRECTORY")
        for pattern, replacement in DIFFERENCES:
            text = pattern.sub(replacement, text)
        return text.encode("latin-1")

    return Outcome(outcome.status, clean(outcome.output), clean(outcome.errors))


class SameAsNativeTest(unittest.TestCase):
    """Compares whole runs of CASES."""

    maxDiff = None
    directory: str

    @classmethod
    def setUpClass(cls) -> None:
        """Write the files that the cases use."""
        cls.directory = os.path.realpath(
            cls.enterClassContext(tempfile.TemporaryDirectory(prefix="cli-"))
        )
        for name, content in FILES.items():
            path = Path(cls.directory, name)
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)

    def outcome(self, python: list[str], case: Case) -> Outcome:
        """Return what an interpreter does in a case."""
        case = Case(
            case.arguments, case.input, {"PYTHONDONTWRITEBYTECODE": "1", **case.environment}
        )
        return normalized(case.run(python, self.directory), self.directory)

    def compare(self, engine: Engine) -> None:
        """Check all cases on one engine, two at a time."""
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            native = pool.map(lambda case: self.outcome(NATIVE, case), CASES.values())
            coil = pool.map(lambda case: self.outcome(engine.command(), case), CASES.values())
            for name, expected, actual in zip(CASES, native, coil, strict=True):
                with self.subTest(case=name, engine=str(engine)):
                    self.assertEqual(actual, expected)

    def test_every_case_on_every_engine(self) -> None:
        for engine in ENGINES:
            self.compare(engine)


class StreamTest(unittest.TestCase):
    """Streams that end early, are files, or are terminals."""

    def test_closed_pipe_is_a_broken_pipe_error(self) -> None:
        code = (
            "import sys\ntry:\n  while True: print('x' * 999)\n"
            "except BrokenPipeError as e:\n  sys.exit(5)"
        )
        for engine in ENGINES:
            with self.subTest(engine=str(engine)):
                process = start(engine.command("-c", code), stdout=subprocess.PIPE)
                assert process.stdout
                process.stdout.read(10)
                process.stdout.close()
                self.assertEqual(process.wait(), 5)

    def test_pipe_that_closed_before_the_last_flush(self) -> None:
        programs = {
            "print('lost')": 120,
            "import os; os.write(1, b'lost')": 1,
            "import atexit; atexit.register(print, 'lost')": 120,
        }
        for python in (NATIVE, *(engine.command() for engine in ENGINES)):
            for program, status in programs.items():
                with self.subTest(python=python[0], program=program):
                    reader, writer = os.pipe()
                    os.close(reader)
                    process = start([*python, "-c", program], stdout=writer, stderr=subprocess.PIPE)
                    os.close(writer)
                    _, errors = process.communicate()
                    self.assertEqual(process.returncode, status, errors)

    def test_sigpipe_by_default_ends_the_process(self) -> None:
        code = (
            "import signal; signal.signal(signal.SIGPIPE, signal.SIG_DFL)\n"
            "while True: print('x' * 999)"
        )
        for python in (NATIVE, *(engine.command() for engine in ENGINES)):
            with self.subTest(python=python[0]):
                process = start([*python, "-c", code], stdout=subprocess.PIPE)
                assert process.stdout
                process.stdout.close()
                self.assertEqual(process.wait(), -signal.SIGPIPE)

    def test_files_as_standard_streams(self) -> None:
        code = (
            "import sys, os\n"
            "print(sys.stdin.read(3), sys.stdin.tell(), sys.stdin.seek(1), sys.stdin.read(2))\n"
            "print(sys.stdout.seekable(), os.fstat(0).st_size, os.isatty(0))\n"
            "sys.stdout.flush(); print(os.lseek(1, 0, os.SEEK_CUR))\n"
        )
        outcomes = set()
        for python in (NATIVE, *(engine.command() for engine in ENGINES)):
            with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as target:
                source.write(b"..abcdef")
                source.seek(2)
                target.write(b"before\n")
                target.flush()
                start([*python, "-c", code], stdin=source, stdout=target).wait()
                start([*python, "-c", "print('after')"], stdout=target).wait()
                target.seek(0)
                outcomes.add(target.read())
        self.assertEqual(outcomes, {b"before\nabc 5 1 .a\nTrue 8 False\n31\nafter\n"})

    def test_input_beyond_what_is_read_stays_in_the_pipe(self) -> None:
        for engine in ENGINES:
            with self.subTest(engine=str(engine)):
                reader, writer = os.pipe()
                os.write(writer, b"abcdef")
                os.close(writer)
                code = "import os; print(os.read(0, 2))"
                process = start(engine.command("-c", code), stdin=reader, stdout=subprocess.PIPE)
                self.assertEqual(process.communicate()[0], b"b'ab'\n")
                self.assertEqual(os.read(reader, 99), b"cdef")
                os.close(reader)

    def test_select_waits_for_input(self) -> None:
        code = (
            "import os, select, sys; print('ready', flush=True)\n"
            "print(select.select([0], [], []), os.read(0, 99), select.select([0], [], [], 9)[0])\n"
            "print(os.read(0, 99))\n"
        )
        for engine in ENGINES:
            with self.subTest(engine=str(engine)):
                process = start(
                    engine.command("-c", code), stdin=subprocess.PIPE, stdout=subprocess.PIPE
                )
                assert process.stdin
                assert process.stdout
                process.stdout.readline()
                process.stdin.write(b"x")
                process.stdin.flush()
                process.stdin.close()
                output = process.stdout.read()
                self.assertEqual(output, b"([0], [], []) b'x' [0]\nb''\n")
                self.assertEqual(process.wait(), 0)

    def test_output_that_nobody_reads_for_a_while(self) -> None:
        code = "import sys; sys.stdout.buffer.write(b'x' * 10**6); print(len(sys.stdin.read()))"
        for engine in ENGINES:
            with self.subTest(engine=str(engine)):
                outcome = Case(["-c", code], input=b"y" * 10**6).run(engine.command())
                self.assertEqual(outcome.output, b"x" * 10**6 + b"1000000\n")


class TerminalTest(unittest.TestCase):
    """Sessions on a pseudo terminal."""

    def test_prompt(self) -> None:
        for engine in ENGINES:
            with self.subTest(engine=str(engine)), Terminal(engine.command("-q")) as terminal:
                terminal.read_until(b">>> ")
                terminal.type(b"6 * 7\n")
                self.assertEqual(terminal.read_until(b">>> "), b"6 * 7\r\n42\r\n>>> ")
                terminal.type(b"for i in 'ab':\n")
                terminal.read_until(b"... ")
                terminal.type(b"  print(i)\n\n")
                self.assertIn(b"a\r\nb\r\n", terminal.read_until(b">>> "))
                terminal.type(b"1 / 0\n")
                self.assertIn(b"ZeroDivisionError", terminal.read_until(b">>> "))
                terminal.type(b"\x04")
                self.assertEqual(terminal.wait(), 0)

    def test_banner_comes_without_a_warning(self) -> None:
        for engine in ENGINES:
            with self.subTest(engine=str(engine)), Terminal(engine.command()) as terminal:
                banner = terminal.read_until(b">>> ")
                self.assertTrue(banner.startswith(b"Python 3.13."), banner)
                self.assertEqual(banner.count(b"\n"), 2, banner)
                terminal.type(b"exit(3)\n")
                self.assertEqual(terminal.wait(), 3)

    def test_control_c_at_the_prompt_and_while_computing(self) -> None:
        for engine in ENGINES:
            with self.subTest(engine=str(engine)), Terminal(engine.command("-q")) as terminal:
                terminal.read_until(b">>> ")
                terminal.type(b"half\x03")
                self.assertIn(b"KeyboardInterrupt", terminal.read_until(b">>> "))
                terminal.type(b"while True: pass\n")
                terminal.read_until(b"... ")
                terminal.type(b"\n")
                terminal.read_until(b"\r\n")
                terminal.type(b"\x03")
                self.assertIn(b"KeyboardInterrupt", terminal.read_until(b">>> "))
                terminal.type(b"'still ' + 'here'\n")
                terminal.read_until(b"'still here'")

    def test_end_of_input_is_not_for_ever(self) -> None:
        code = "import sys; print(repr(sys.stdin.read())); print('got', input())"
        for engine in ENGINES:
            with self.subTest(engine=str(engine)), Terminal(engine.command("-c", code)) as terminal:
                terminal.type(b"text\n\x04")
                terminal.read_until(b"'text\\n'")
                terminal.type(b"more\n")
                terminal.read_until(b"got more")
                self.assertEqual(terminal.wait(), 0)

    def test_streams_are_terminals_with_a_size(self) -> None:
        code = "import os, sys; print([os.isatty(f) for f in (0, 1, 2)], os.get_terminal_size(1))"
        for engine in ENGINES:
            command = engine.command("-c", code)
            with (
                self.subTest(engine=str(engine)),
                Terminal(command, rows=31, columns=99) as terminal,
            ):
                terminal.read_until(b"[True, True, True] os.terminal_size(columns=99, lines=31)")

    def test_password_is_not_shown(self) -> None:
        code = "import getpass; print('was', getpass.getpass('secret? '))"
        for engine in ENGINES:
            with self.subTest(engine=str(engine)), Terminal(engine.command("-c", code)) as terminal:
                terminal.read_until(b"secret? ")
                terminal.type(b"hidden\n")
                self.assertEqual(terminal.read_until(b"was hidden"), b"\r\nwas hidden")
                self.assertEqual(terminal.wait(), 0)

    def test_control_c_at_a_password(self) -> None:
        code = (
            "import getpass, os\n"
            "for i in range(3):\n"
            "    try: getpass.getpass('secret? ')\n"
            "    except KeyboardInterrupt: print('interrupted', len(os.listdir('/proc/self/fd')))\n"
        )
        for engine in ENGINES:
            with self.subTest(engine=str(engine)), Terminal(engine.command("-c", code)) as terminal:
                counts = set()
                for _ in range(3):
                    terminal.read_until(b"secret? ")
                    terminal.type(b"half\x03")
                    terminal.read_until(b"interrupted ")
                    counts.add(terminal.read_until(b"\r\n"))
                self.assertEqual(len(counts), 1, "descriptors were left open")
                self.assertEqual(terminal.wait(), 0)

    def test_modes_survive_a_change(self) -> None:
        code = (
            "import termios as t\n"
            "old = t.tcgetattr(0); new = list(old); new[3] &= ~(t.ECHO | t.ICANON)\n"
            "t.tcsetattr(0, t.TCSADRAIN, new); print(t.tcgetattr(0)[:4] == new[:4] != old[:4])\n"
            "t.tcsetattr(0, t.TCSADRAIN, old); print(t.tcgetattr(0) == old)\n"
        )
        for engine in ENGINES:
            with self.subTest(engine=str(engine)), Terminal(engine.command("-c", code)) as terminal:
                terminal.read_until(b"True\r\nTrue\r\n")
                self.assertEqual(terminal.wait(), 0)


class PlaceTest(unittest.TestCase):
    """Where the interpreter finds itself, and which files it sees."""

    def setUp(self) -> None:
        """Make a folder."""
        self.directory = os.path.realpath(self.enterContext(tempfile.TemporaryDirectory()))

    def run_case(self, command: list[str], *arguments: str) -> Outcome:
        """Run a command in the folder."""
        return Case(arguments).run(command, self.directory)

    def test_prefix_is_the_distribution(self) -> None:
        code = "import sys; print([sys.executable, sys.prefix, sys.exec_prefix, sys.base_prefix])"
        expected = f"{[CLI, *[str(DISTRIBUTION)] * 3]}\n".encode()
        for engine in ENGINES:
            with self.subTest(engine=str(engine)):
                outcome = self.run_case(engine.command(), "-c", code)
                self.assertEqual(outcome, Outcome(0, expected, b""))

    def test_links_to_the_command(self) -> None:
        link = Path(self.directory, "linked")
        link.symlink_to(CLI)
        code = "import json, sys; print([sys.executable, sys.prefix])"
        for engine in ENGINES:
            for command in (link, DISTRIBUTION / "bin" / "python"):
                with self.subTest(engine=str(engine), command=command.name):
                    outcome = self.run_case([engine.node, str(command)], "-c", code)
                    expected = f"{[str(command), str(DISTRIBUTION)]}\n".encode()
                    self.assertEqual(outcome, Outcome(0, expected, b""))

    def test_virtual_environment(self) -> None:
        environment = Path(self.directory, "env")
        for engine in ENGINES:
            with self.subTest(engine=str(engine)):
                made = self.run_case(
                    engine.command(), "-m", "venv", "--clear", "--without-pip", str(environment)
                )
                self.assertEqual(made, Outcome(0, b"", b""))
                python = [engine.node, str(environment / "bin" / "python")]
                outcome = self.run_case(python, "-c", "import sys; print(sys.prefix, sys.path[-1])")
                site = environment / "lib" / "python3.13" / "site-packages"
                self.assertEqual(outcome.output, f"{environment} {site}\n".encode())

    def test_isolated_files_are_in_memory(self) -> None:
        code = (
            "import json, os, sys\n"
            "print(sys.prefix, os.getcwd(), os.path.exists('/etc/passwd'))\n"
            "open('/tmp/file', 'w').write('x'); print(os.listdir('/tmp'))\n"
            "print(os.system('echo a command of the host'))\n"
        )
        for engine in ENGINES:
            with self.subTest(engine=str(engine)):
                outcome = self.run_case(engine.command("--isolated-fs"), "-c", code, "a")
                self.assertEqual(outcome, Outcome(0, b"/ / False\n['file']\n-1\n", b""))

    def test_isolated_program_on_standard_input(self) -> None:
        for engine in ENGINES:
            with self.subTest(engine=str(engine)):
                case = Case(["--isolated-fs", "-", "a"], input=b"import sys; print(sys.argv)")
                self.assertEqual(case.run(engine.command()), Outcome(0, b"['-', 'a']\n", b""))

    def test_working_directory_that_is_gone(self) -> None:
        for engine in ENGINES:
            with self.subTest(engine=str(engine)):
                gone = tempfile.mkdtemp(dir=self.directory)
                code = f'rmdir "{gone}"; exec "{engine.node}" "{CLI}" -c "print(1)"'
                process = start(["sh", "-c", code], cwd=gone, stdout=subprocess.PIPE)
                self.assertEqual(process.communicate()[0], b"1\n")


class EndTest(unittest.TestCase):
    """How the process ends: at once, but not before all that Node and the program have to do."""

    def run_with_listener(self, engine: Engine, listener: str, end: str = "") -> Outcome:
        """Run Python that adds a listener of "exit", a JavaScript function, and ends."""
        code = (
            "import js, sys\nfrom pyodide.code import run_js\n"
            "from pyodide.ffi import create_proxy\n"
            f"js.process.on('exit', {listener}); {end}"
        )
        return Case(["-c", code]).run(engine.command())

    def test_statuses(self) -> None:
        for python in (NATIVE, *(engine.command() for engine in ENGINES)):
            for end, status in {"sys.exit(300)": 44, "os._exit(255)": 255, "1/0": 1}.items():
                with self.subTest(python=python[0], end=end):
                    outcome = Case(["-c", f"import os, sys; print(1); {end}"]).run(python)
                    printed = b"" if "_exit" in end else b"1\n"
                    self.assertEqual((outcome.status, outcome.output), (status, printed))

    def test_listeners_run_and_may_change_the_status(self) -> None:
        for engine in ENGINES:
            with self.subTest(engine=str(engine)):
                listener = "run_js('(c) => { console.log(`was ${c}`); process.exitCode = 7; }')"
                outcome = self.run_with_listener(engine, listener, "sys.exit(3)")
                self.assertEqual(outcome, Outcome(7, b"was 3\n", b""))

    def test_functions_of_python_say_that_it_has_ended(self) -> None:
        for engine in ENGINES:
            with self.subTest(engine=str(engine)):
                outcome = self.run_with_listener(engine, "create_proxy(print)", "sys.exit(3)")
                self.assertEqual(outcome.status, 1)
                self.assertIn(b"Error: Python already exited with the status 3", outcome.errors)

    def test_coverage_of_node_is_written(self) -> None:
        for engine in ENGINES:
            with self.subTest(engine=str(engine)), tempfile.TemporaryDirectory() as folder:
                case = Case(["-c", "1"], environment={"NODE_V8_COVERAGE": folder})
                self.assertEqual(case.run(engine.command()), Outcome(0, b"", b""))
                self.assertEqual(len(os.listdir(folder)), 1)

    def test_options_of_node_are_obeyed(self) -> None:
        for engine in ENGINES:
            with self.subTest(engine=str(engine)), tempfile.TemporaryDirectory() as folder:
                options = ["--cpu-prof", f"--cpu-prof-dir={folder}"]
                command = [engine.node, *options, CLI]
                self.assertEqual(Case(["-c", "1"]).run(command), Outcome(0, b"", b""))
                self.assertEqual(len(os.listdir(folder)), 1)
