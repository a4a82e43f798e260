"""JavaScript from the command line: the bridge starts when it is first asked for, not before."""

from __future__ import annotations

import unittest

from engines import ENGINES

ONLY_WITH_BRIDGE = "{'pyodide', '_pyodide', '_pyodide_core', 'js'}"


class JavaScriptTest(unittest.TestCase):
    """Each program runs on every engine."""

    def check(self, code: str, expected: str) -> None:
        """Run *code* and compare what it prints."""
        for engine in ENGINES:
            with self.subTest(engine=str(engine)):
                process = engine.run(code)
                self.assertEqual((process.stderr, process.stdout), ("", expected))

    def test_the_host_is_the_module_js(self) -> None:
        self.check(
            "import js; from js import Math, process\n"
            "print(js.Math.max(1, 2), Math.abs(-3), process.versions.node.split('.')[0] >= '24')",
            "2 3 True\n",
        )

    def test_the_interpreter_is_the_module_pyodide_js(self) -> None:
        self.check(
            "import pyodide_js, pyodide\n"
            "print(pyodide_js.version == pyodide.__version__, pyodide_js.runPython('6 * 7'))",
            "True 42\n",
        )

    def test_python_functions_are_called_by_javascript(self) -> None:
        self.check(
            "from js import Array\nprint(list(getattr(Array, 'from')([1, 2], lambda x, i: x + i)))",
            "[1, 3]\n",
        )

    def test_a_program_without_javascript_does_not_pay_for_it(self) -> None:
        self.check(f"import sys; print({ONLY_WITH_BRIDGE} & set(sys.modules))", "set()\n")

    def test_modules_of_these_names_come_from_files_first(self) -> None:
        code = (
            "import os, sys, tempfile\n"
            "folder = tempfile.mkdtemp(); sys.path.insert(0, folder)\n"
            "with open(os.path.join(folder, 'js.py'), 'w') as file: file.write('x = 42')\n"
            "import js; print(js.x, 'pyodide' in sys.modules)"
        )
        self.check(code, "42 False\n")


if __name__ == "__main__":
    unittest.main()
