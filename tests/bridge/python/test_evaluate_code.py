"""What runs, what its value is, and what tracebacks show: pyodide.code and its CodeRunner."""

from __future__ import annotations
import __future__

import ast
import asyncio
import linecache
import textwrap
import traceback
import unittest
from typing import Any

import fake_core  # noqa: F401 -- makes the packages importable
from _pyodide._base import dedent
from pyodide.code import CodeRunner, eval_code, eval_code_async, should_quiet

AWAIT = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


class ValueTest(unittest.TestCase):
    """The value of the last expression."""

    def check(self, expected: dict[str, object], **options: Any) -> None:
        """Compare the values of several sources."""
        for source, value in expected.items():
            with self.subTest(source=source):
                self.assertEqual(eval_code(source, {"x": 1, "d": {}}, **options), value)

    def test_last_expression(self) -> None:
        self.check(
            {
                "1 + 1": 2,
                "y = 5\ny * 2": 10,
                "y = 5": None,
                "": None,
                "# nothing": None,
                "'text'": "text",
                "7 if x else 8": 7,
                "x and 'b' or 'c'": "b",
                "if x: 5": None,
                "def f(): pass": None,
                "(y := 3) + y": 6,
                "y = [i for i in range(3)]; y": [0, 1, 2],
                "x; 3": 3,
                "...": ...,
            }
        )

    def test_semicolon_silences(self) -> None:
        self.check(dict.fromkeys(["1;", "1 ;  ", "1; # ;)", "1;\n\n# end\n  \n", "'a#b';"]))
        self.check({"'a;'": "a;", "1 # ;": 1, "'''\n;'''": "\n;"})
        self.check({"1;": 1, "1; # comment": 1}, quiet_trailing_semicolon=False)

    def test_assignment(self) -> None:
        self.check(
            {
                "y = 5": 5,
                "y: int = 6": 6,
                "y = z = 7": 7,
                "x += 1": 2,
                "y, z = 1, 2": None,
                "d['k'] = 1": None,
                "d = y, *z = 1, 2": None,
                "y: int": None,
                "y = 5;": None,
                "8": 8,
                "y = 1\nfor y in 'ab': pass": None,
            },
            return_mode="last_expr_or_assign",
        )

    def test_none(self) -> None:
        self.check(dict.fromkeys(["5", "y = 5", "y = 5\ny"]), return_mode="none")

    def test_future_statements_hold_to_the_end(self) -> None:
        source = "from __future__ import annotations\n(lambda: 0).__code__.co_flags"
        flag = __future__.annotations.compiler_flag
        self.assertEqual(eval_code(source) & flag, flag)
        self.assertEqual(eval_code("(lambda: 0).__code__.co_flags") & flag, 0)

    def test_no_future_statement_comes_from_here(self) -> None:
        self.assertEqual(eval_code("def f(a: int): 0\nf.__annotations__"), {"a": int})

    def test_docstring_is_a_value(self) -> None:
        self.assertEqual(eval_code('"""doc"""'), "doc")


class NamesTest(unittest.TestCase):
    """Global and local names."""

    def test_fresh_globals(self) -> None:
        names = eval_code("sorted(globals())")
        self.assertEqual(names, ["__builtins__"])
        self.assertIsNot(eval_code("globals()"), eval_code("globals()"))

    def test_given_globals_are_used(self) -> None:
        globals_ = {"a": 1}
        eval_code("b = a + 1", globals_)
        self.assertEqual(globals_["b"], 2)

    def test_locals(self) -> None:
        globals_: dict[str, Any] = {"a": 1}
        locals_: dict[str, Any] = {"a": 2}
        self.assertEqual(eval_code("c = a\nc", globals_, locals_), 2)
        self.assertEqual((globals_.get("c"), locals_["c"]), (None, 2))

    def test_globals_must_be_a_dict(self) -> None:
        with self.assertRaises(TypeError):
            eval_code("1", [])  # type: ignore[arg-type]


class BadArgumentsTest(unittest.TestCase):
    """What is refused, and how."""

    def test_source_of_another_type(self) -> None:
        for source in (b"1", None, 5, ast.parse("1")):
            with self.subTest(source=source), self.assertRaisesRegex(TypeError, "must be a str"):
                eval_code(source)  # type: ignore[arg-type]

    def test_unknown_return_mode(self) -> None:
        with self.assertRaisesRegex(ValueError, "'last_expr', .*, not 'all'"):
            eval_code("1", return_mode="all")  # type: ignore[arg-type]

    def test_syntax_errors(self) -> None:
        for source in ("1 +", "return 5", "await x", "x = '\0'", "async for x in y: pass"):
            with self.subTest(source=source), self.assertRaises(SyntaxError):
                eval_code(source)


class DedentTest(unittest.TestCase):
    """The indentation that all lines have in common."""

    def test_common_indentation_goes(self) -> None:
        source = "\n    if True:\n        y = 1\n\n    # comment\n    y\n"
        self.assertEqual(eval_code(source), 1)
        self.assertEqual(eval_code("\t\t5\n\t\t6"), 6)

    def test_can_be_left(self) -> None:
        with self.assertRaises(IndentationError):
            eval_code("    5", dedent=False)

    def test_lines_of_blanks_do_not_count(self) -> None:
        self.assertEqual(eval_code("    a = 1\n \n  \n    a"), 1)

    def test_strings_of_code_in_column_0_are_left(self) -> None:
        source = "s = '''\n    a\n   \n    b'''\ns"
        self.assertEqual(eval_code(source), "\n    a\n   \n    b")

    def test_as_textwrap_does(self) -> None:
        for source in ("  a\n    b\n", "\ta\n\t\tb", "  a\n\tb", "    a\n  b\n c", "  a\n#x\n  b"):
            with self.subTest(source=source):
                self.assertEqual(dedent(source), textwrap.dedent(source))


class TracebackTest(unittest.TestCase):
    """File names and lines."""

    def failure(self, source: str, **options: Any) -> list[traceback.FrameSummary]:
        """Return the frames of the code in the traceback of its ZeroDivisionError."""
        frames: list[traceback.FrameSummary] = []
        try:
            eval_code(source, **options)
        except ZeroDivisionError as error:
            linecache.checkcache()
            frames = traceback.extract_tb(error.__traceback__)
        ours = {CodeRunner.run.__code__.co_filename, __file__}
        return [frame for frame in frames if frame.filename not in ours]

    def test_default_name(self) -> None:
        (frame,) = self.failure("\n1/0")
        self.assertEqual((frame.filename, frame.lineno, frame.name), ("<exec>", 2, "<module>"))
        self.assertEqual(frame.line, "")

    def test_named_source_is_shown(self) -> None:
        source = "    def f():\n        return 1/0\n    f()\n"
        frames = self.failure(source, filename="cell.py")
        self.assertEqual(
            [(frame.filename, frame.lineno, frame.line) for frame in frames],
            [("cell.py", 3, "f()"), ("cell.py", 2, "return 1/0")],
        )
        (frame,) = self.failure("1/0 # other", filename="cell.py")
        self.assertEqual(frame.line, "1/0 # other")

    def test_names_in_brackets_are_not_kept(self) -> None:
        self.failure("1/0", filename="<cell>")
        self.assertNotIn("<cell>", linecache.cache)


class RunnerTest(unittest.TestCase):
    """The steps one by one."""

    def test_steps(self) -> None:
        runner = CodeRunner("x = 1\nx + 1", filename="<a>")
        self.assertIsInstance(runner.ast, ast.Module)
        self.assertIsNone(runner.code)
        self.assertEqual(runner.filename, "<a>")
        self.assertIs(runner.compile(), runner)
        assert runner.code is not None
        self.assertEqual(runner.code.co_filename, "<a>")
        self.assertEqual([runner.run(), runner.run()], [2, 2])

    def test_compile_comes_first(self) -> None:
        with self.assertRaisesRegex(RuntimeError, "compile"):
            CodeRunner("1").run()

    def test_changed_tree(self) -> None:
        runner = CodeRunner("x = 1\nx + 1")
        assert isinstance(runner.ast, ast.Module)
        final = runner.ast.body[1]
        assert isinstance(final, ast.Expr)
        final.value = ast.copy_location(ast.Constant(42), final.value)
        self.assertEqual(runner.compile().run(), 42)

    def test_modes(self) -> None:
        self.assertEqual(CodeRunner(" 1 + 1", mode="eval").compile().run(), 2)
        globals_: dict[str, Any] = {}
        self.assertIsNone(CodeRunner("y = 3", mode="single").compile().run(globals_))
        self.assertEqual(globals_["y"], 3)

    def test_optimisation(self) -> None:
        source = "assert False\n__debug__"
        self.assertIs(CodeRunner(source, optimize=1).compile().run(), False)
        with self.assertRaises(AssertionError):
            CodeRunner(source, optimize=0).compile().run()

    def test_top_level_await_needs_run_async(self) -> None:
        runner = CodeRunner("await f()", flags=AWAIT).compile()
        with self.assertRaisesRegex(RuntimeError, "run_async"):
            runner.run()


class AsyncTest(unittest.IsolatedAsyncioTestCase):
    """Top-level await."""

    async def test_await_anywhere(self) -> None:
        source = """
            import asyncio
            async def f(x):
                await asyncio.sleep(0)
                return x
            async with asyncio.timeout(5):
                y = await f(1)
            z = [x async for x in g()]
            y + len(z) + await f(5)
        """

        async def g() -> Any:
            yield 1
            yield 2

        self.assertEqual(await eval_code_async(source, {"g": g}), 8)

    async def test_without_await(self) -> None:
        self.assertEqual(await eval_code_async("1 + 1"), 2)
        self.assertEqual(await eval_code_async("x = 5", return_mode="last_expr_or_assign"), 5)

    async def test_value_is_not_awaited(self) -> None:
        result = await eval_code_async("async def f(): return 3\nf()")
        self.assertTrue(asyncio.iscoroutine(result))
        self.assertEqual(await result, 3)

    async def test_exceptions(self) -> None:
        with self.assertRaises(ZeroDivisionError):
            await eval_code_async("import asyncio\nawait asyncio.sleep(0)\n1/0")

    async def test_same_code_twice_at_once(self) -> None:
        runner = CodeRunner("await sleep(n / 1000)\nn", flags=AWAIT).compile()
        runs = [runner.run_async({"n": n, "sleep": asyncio.sleep}) for n in (3, 1, 2)]
        self.assertEqual(await asyncio.gather(*runs), [3, 1, 2])


class QuietTest(unittest.TestCase):
    """The final semicolon."""

    def test_last_token_counts(self) -> None:
        for source in ("a;", "a; # b", "a;\n#\n\n"):
            with self.subTest(source=source):
                self.assertTrue(should_quiet(source))
        for source in ("", ";a", "a # b;", "'a;'", "'''\n#;\n'''", "a;\nb", "#;", "f'{a}#;'"):
            with self.subTest(source=source):
                self.assertFalse(should_quiet(source))

    def test_invalid_source(self) -> None:
        self.assertFalse(should_quiet("x = (; #"))
        self.assertFalse(should_quiet("'''; # "))


if __name__ == "__main__":
    unittest.main()
