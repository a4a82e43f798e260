"""The engine of a console: chunks, values, errors, streams, completion."""

from __future__ import annotations

import asyncio
import sys
import types
import unittest
from typing import Any

import fake_core
from pyodide.console import BANNER, Console, ConsoleFuture, PyodideConsole, repr_shorten


class ConsoleCase(unittest.IsolatedAsyncioTestCase):
    """A console that writes into a list."""

    def setUp(self) -> None:
        self.out: list[str] = []
        self.err: list[str] = []
        self.console = Console(stdout_callback=self.out.append, stderr_callback=self.err.append)

    async def value(self, *lines: str) -> Any:
        """Push lines and return the value of the last chunk."""
        future = None
        for line in lines:
            future = self.console.push(line)
        assert future is not None
        self.assertEqual(future.syntax_check, "complete")
        return await future


class ChunkTest(ConsoleCase):
    """What is complete, and what runs."""

    async def test_syntax_check(self) -> None:
        for source, expected in {
            "1": "complete",
            "": "complete",
            "# comment": "complete",
            "if 1: pass": "incomplete",
            "if 1:\n  pass": "incomplete",
            "if 1:\n  pass\n": "complete",
            "def f():\n  return 5\n\n": "complete",
            "for x in y:": "incomplete",
            "@f": "incomplete",
            "class A: pass": "incomplete",
            "(1,": "incomplete",
            "'''a": "incomplete",
            "x = (1,\n2)": "complete",
            "x = 1\ny = 2": "complete",
            "x = 1 +": "syntax-error",
            "def f(:": "syntax-error",
            "return 5": "syntax-error",
            "x = '\0'": "syntax-error",
            "await asyncio.sleep(0)": "complete",
            "async with x:\n  pass": "incomplete",
        }.items():
            with self.subTest(source=source):
                future = self.console.runsource(source)
                self.assertIsInstance(future, ConsoleFuture)
                self.assertEqual(future.syntax_check, expected)
                if expected == "incomplete":
                    self.assertIsNone(await future)
                elif expected == "complete":
                    await asyncio.wait([future])
                    future.exception()

    async def test_lines_make_chunks(self) -> None:
        checks = [self.console.push(line).syntax_check for line in ("def f():", "  return 5\n", "")]
        self.assertEqual(checks, ["incomplete", "incomplete", "complete"])
        self.assertEqual(self.console.buffer, [])
        self.assertEqual(await self.value("f()"), 5)
        self.console.push("(1 +")
        self.assertEqual(self.console.buffer, ["(1 +"])
        self.assertEqual(await self.value("2)"), 3)

    async def test_error_ends_the_chunk(self) -> None:
        self.console.push("(1")
        self.assertEqual(self.console.push("x y").syntax_check, "syntax-error")
        self.assertEqual(self.console.buffer, [])

    async def test_values(self) -> None:
        self.assertEqual(await self.value("'a'"), "a")
        self.assertIsNone(await self.value("x = 5"))
        self.assertIsNone(await self.value("x;"))
        self.assertEqual(await self.value("await __import__('asyncio').sleep(0, x)"), 5)
        self.assertEqual(self.out, [])
        self.assertNotIn("_", self.console.globals)

    async def test_globals(self) -> None:
        given: dict[str, Any] = {"a": 1}
        self.console = Console(given)
        await self.value("b = a")
        self.assertEqual(given["b"], 1)
        self.assertIs(self.console.globals, given)
        self.assertEqual(Console().globals["__name__"], "__console__")

    async def test_chunks_run_one_after_the_other(self) -> None:
        self.console.globals["sleep"] = asyncio.sleep
        first = self.console.push("await sleep(0.01); print('first')")
        second = self.console.push("print('second')")
        await second
        self.assertTrue(first.done())
        self.assertEqual(self.out, ["first", "\n", "second", "\n"])

    async def test_future_statements_hold_from_then_on(self) -> None:
        await self.value("from __future__ import annotations")
        await self.value("def f(x: nowhere): pass", "")
        self.assertEqual(await self.value("f.__annotations__"), {"x": "nowhere"})

    async def test_cancelled(self) -> None:
        self.console.globals["sleep"] = asyncio.sleep
        future = self.console.push("await sleep(100)")
        await asyncio.sleep(0)
        future.cancel()
        self.assertEqual(await self.value("5"), 5)
        future = self.console.push("raise __import__('asyncio').CancelledError")
        with self.assertRaises(asyncio.CancelledError):
            await future


class ErrorTest(ConsoleCase):
    """What is shown of exceptions."""

    async def failure(self, *lines: str) -> ConsoleFuture:
        """Push lines and wait for the last one."""
        futures = [self.console.push(line) for line in lines]
        await asyncio.wait(futures[-1:])
        futures[-1].exception()  # asked for, so that no warning comes
        return futures[-1]

    async def test_traceback_begins_in_the_chunk(self) -> None:
        await self.value("def f():", "  return 1/0", "")
        future = await self.failure("f()")
        self.assertIsInstance(future.exception(), ZeroDivisionError)
        self.assertEqual(
            future.formatted_error,
            "Traceback (most recent call last):\n"
            '  File "<console>", line 1, in <module>\n'
            '  File "<console>", line 2, in f\n'
            "ZeroDivisionError: division by zero\n",
        )
        self.assertIs(sys.last_exc, future.exception())

    async def test_frames_below_are_shown(self) -> None:
        future = await self.failure("__import__('json').loads('{')")
        assert future.formatted_error is not None
        self.assertTrue(
            future.formatted_error.startswith(
                'Traceback (most recent call last):\n  File "<console>", line 1, in <module>\n'
            )
        )
        self.assertIn("decoder.py", future.formatted_error)

    async def test_syntax_error(self) -> None:
        future = await self.failure("x y")
        self.assertIsInstance(future.exception(), SyntaxError)
        assert future.formatted_error is not None
        self.assertTrue(future.formatted_error.startswith('  File "<console>", line 1\n    x y\n'))
        self.assertIs(sys.last_exc, future.exception())

    async def test_exit(self) -> None:
        future = await self.failure("raise SystemExit(3)")
        self.assertIsInstance(future.exception(), SystemExit)
        self.assertEqual(await self.value("1"), 1)

    async def test_success_has_no_error(self) -> None:
        future = self.console.push("1")
        await future
        self.assertIsNone(future.formatted_error)

    async def test_formatting_can_be_replaced(self) -> None:
        class Own(Console):
            def formattraceback(self, error: BaseException) -> str:
                return f"T {error}"

            def formatsyntaxerror(self, error: Exception) -> str:
                return f"S {type(error).__name__}"

        self.console = Own()
        self.assertEqual((await self.failure("1/0")).formatted_error, "T division by zero")
        self.assertEqual((await self.failure("1 1")).formatted_error, "S SyntaxError")


class StreamTest(ConsoleCase):
    """Standard streams."""

    async def test_output(self) -> None:
        source = "import sys; print('a', 5); print('b', file=sys.stderr)"
        await self.value(source)
        self.assertEqual("".join(self.out), "a 5\n")
        self.assertEqual("".join(self.err), "b\n")
        shown = await self.value("sys.stdout.isatty(), sys.stdout.encoding, sys.stderr.name")
        self.assertEqual(shown, (True, "utf-8", "<stderr>"))
        with self.assertRaises(TypeError):
            await self.value("sys.stdout.write(5)")

    async def test_streams_are_given_back(self) -> None:
        before = sys.stdout, sys.stderr, sys.stdin
        await self.value("1")
        with self.assertRaises(ZeroDivisionError):
            await self.value("1/0")
        self.assertEqual((sys.stdout, sys.stderr, sys.stdin), before)

    async def test_blocks_nest(self) -> None:
        before = sys.stdout
        with self.console.redirect_streams():
            with self.console.redirect_streams():
                print("a")
            print("b")
            await self.value("print('c')")
        self.assertIs(sys.stdout, before)
        self.assertEqual("".join(self.out), "a\nb\nc\n")

    async def test_persistent(self) -> None:
        before = sys.stdout
        console = Console(stdout_callback=self.out.append, persistent_stream_redirection=True)
        try:
            console.persistent_redirect_streams()
            print("a")
            await console.push("1")
            print("b")
        finally:
            console.persistent_restore_streams()
            console.persistent_restore_streams()
        self.assertIs(sys.stdout, before)
        self.assertEqual("".join(self.out), "a\nb\n")

    async def test_input(self) -> None:
        pieces = iter(["one\ntw", "o\n", "three", "", "four\n"])
        asked: list[int] = []

        def read(size: int) -> str:
            asked.append(size)
            return next(pieces, "")

        self.console = Console(stdin_callback=read)
        self.assertEqual(await self.value("input()"), "one")
        await self.value("import sys")
        self.assertEqual(await self.value("sys.stdin.read(1), sys.stdin.readline()"), ("t", "wo\n"))
        self.assertEqual(await self.value("sys.stdin.readline(2)"), "th")
        self.assertEqual(await self.value("sys.stdin.readline(2)"), "re")
        self.assertEqual(await self.value("sys.stdin.read()"), "e")
        self.assertEqual(
            await self.value("sys.stdin.isatty(), list(sys.stdin)"), (True, ["four\n"])
        )
        self.assertEqual(asked, [-1, -1, 2, -1, -1, -1])
        with self.assertRaises(EOFError):
            await self.value("input()")


class CompletionTest(ConsoleCase):
    """How words go on."""

    async def test_complete(self) -> None:
        self.console = Console({"foo": lambda: 1, "bar": lambda x: x, "L": [], "xx": 1})
        for source, expected in {
            "xx": (["xx"], 0),
            "fo": (["foo()", "for ", "format("], 0),
            "ba": (["bar("], 0),
            "L.app": (["L.append("], 0),
            "print(L.po": (["L.pop("], 6),
            "a = imp": (["import "], 4),
            "f(x).y": ([], 4),
            "nope.x": ([], 0),
        }.items():
            with self.subTest(source=source):
                self.assertEqual(self.console.complete(source), expected)
        self.assertIn("True", self.console.complete("")[0])


class PackagesTest(unittest.IsolatedAsyncioTestCase):
    """PyodideConsole."""

    async def test_packages_are_loaded_before_the_chunk(self) -> None:
        log: list[str] = []

        async def load(source: str) -> None:
            await asyncio.sleep(0)
            log.append(source)

        api: Any = fake_core.JsProxy(types.SimpleNamespace(loadPackagesFromImports=load))
        sys.modules["pyodide_js"] = api
        self.addCleanup(sys.modules.pop, "pyodide_js")
        console = PyodideConsole({"log": log})
        source = "try: import no_such_module\nexcept ImportError: log.append('ran')\n"
        await console.runsource(source)
        self.assertEqual(log, [source, "ran"])

    async def test_modules_that_are_there_need_no_package(self) -> None:
        sys.modules.pop("colorsys", None)
        console = PyodideConsole()
        for source in ("1", "import colorsys, xml.dom, sys", "from __future__ import annotations"):
            await console.push(source)


class TextTest(unittest.TestCase):
    """repr_shorten and BANNER."""

    def test_repr_shorten(self) -> None:
        self.assertEqual(repr_shorten("a" * 50, limit=10), "'aaaa...aaaa'")
        self.assertEqual(
            repr_shorten(list(range(9)), limit=20, split=3, separator="--"), "[0,-- 8]"
        )
        self.assertEqual(repr_shorten("abc", limit=5), "'abc'")
        self.assertEqual(repr_shorten("abcd", limit=5, split=0, separator=""), "")
        self.assertEqual(len(repr_shorten("x" * 5000)), 1003)

    def test_banner(self) -> None:
        first, second = BANNER.split("\n")
        self.assertTrue(first.startswith(f"Python {sys.version_info[0]}.{sys.version_info[1]}."))
        self.assertIn('"help"', second)


if __name__ == "__main__":
    unittest.main()
