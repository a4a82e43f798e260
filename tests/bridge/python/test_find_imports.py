"""Which modules a source imports: pyodide.code.find_imports."""

from __future__ import annotations

import unittest

import fake_core  # noqa: F401 -- makes the packages importable
from pyodide.code import find_imports


class FindImportsTest(unittest.TestCase):
    """Names of modules, by the source alone."""

    def check(self, expected: dict[str, list[str]]) -> None:
        """Compare the imports of several sources."""
        for source, names in expected.items():
            with self.subTest(source=source):
                self.assertEqual(find_imports(source), names)

    def test_packages_above_count(self) -> None:
        self.check(
            {
                "import a.b; from e.f import g": ["a", "a.b", "e", "e.f"],
                "import a.b.c": ["a", "a.b", "a.b.c"],
                "import a as b, c": ["a", "c"],
                "from a import *": ["a"],
            }
        )

    def test_each_once_in_order(self) -> None:
        self.check({"import z\nimport a\nimport z.y\nfrom a import b": ["z", "a", "z.y"]})

    def test_relative_ones_are_left_out(self) -> None:
        self.check({"from . import a": [], "from .a import b": [], "from ..a.b import c": []})

    def test_anywhere(self) -> None:
        source = """
            try:
                import a
            except ImportError:
                import b
            class C:
                import c
                def f(self):
                    if 0:
                        import d
                    async def g():
                        import e
            import f
        """
        self.check({source: ["a", "b", "c", "d", "e", "f"]})

    def test_nothing_else_is_an_import(self) -> None:
        self.check({"importlib.import_module('a')": [], "'import a'": [], "# import a": [], "": []})

    def test_invalid_source(self) -> None:
        deep = "(" * 500 + ")" * 500
        self.check({"import a\n1 +": [], "import": [], "\0": [], "import a\n" + deep: []})
        self.check({"import a # \ud800": []})

    def test_only_text(self) -> None:
        with self.assertRaises(TypeError):
            find_imports(b"import a")  # type: ignore[arg-type]


if __name__ == "__main__":
    unittest.main()
