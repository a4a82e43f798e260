"""The lint target's own rules: each complains about what it is for, and about nothing else."""

from __future__ import annotations

import sys
import tempfile
import unittest
import unittest.mock
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "src" / "cmake" / "tools"))

import house_rules
import js_globals

README = "# Files\n\n`code/` is code.\n"


class HouseRulesTest(unittest.TestCase):
    """Runs all rules over small trees."""

    def complaints(self, **files: str) -> list[str]:
        """Return what is said of a tree; `__` in a keyword stands for a slash, `_` for a dot."""
        with tempfile.TemporaryDirectory() as directory:
            root = Path(directory)
            names = [name.replace("__", "/").replace("_", ".") for name in files]
            for name, text in zip(names, files.values(), strict=True):
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_bytes(text.encode())
            return list(house_rules.check_files(root, names))

    def assert_one(self, part: str, **files: str) -> None:
        """Check that exactly one thing is said, and that it has *part*."""
        said = self.complaints(**files)
        self.assertEqual(len(said), 1, said)
        self.assertIn(part, said[0])

    def test_whitespace(self) -> None:
        self.assert_one("a.txt:1: trailing", a_txt="x \n")
        self.assert_one("a.c:2: tab", a_c="x\n\ty\n")
        self.assert_one("newline", a_txt="x")
        self.assert_one("newline", a_txt="x\n\n")
        self.assertEqual(self.complaints(a_txt="x\ty\n", b_s="\tnop\n"), [])

    def test_empty_file(self) -> None:
        self.assert_one("empty", a_txt="")

    def test_remarks_of_diff_in_a_patch(self) -> None:
        self.assert_one("a.patch:2: diff", a_patch="text\nBinary files a/x and b/x differ\n")
        self.assert_one("a.patch:1: diff", a_patch="Only in b: x.orig\n")
        patch = "+Binary files are read\n Only in context \n-Only in b: x\n"
        self.assertEqual(self.complaints(a_patch=patch, a_txt="Only in b: x\n"), [])

    def test_lengths(self) -> None:
        self.assert_one("801 lines", a_c="\n" * 800 + ";\n")
        self.assertEqual(self.complaints(a_c="\n" * 799 + ";\n"), [])
        long = "def f():\n" + "    x = 1\n" * 80
        self.assert_one("f has 81 lines", a_py=long)
        self.assertEqual(self.complaints(a_py=long.replace("    x = 1\n", "", 1)), [])

    def test_javascript_in_c(self) -> None:
        for macro in ("EM_JS(int, f, (), {})", "EM_ASM({})", "MAIN_THREAD_EM_ASM_INT({})"):
            with self.subTest(macro):
                self.assert_one("JavaScript in C", a_c=f"x;\n{macro};\n")
        self.assertEqual(self.complaints(a_c="/* not EM_JS(x) */ THEM_JSON(x);\n"), [])

    def test_goto(self) -> None:
        self.assert_one("goto again", a_c="goto again;\n")
        self.assertEqual(self.complaints(a_c="goto error;\ngoto done; /* goto x */\n"), [])

    def test_preprocessor_in_javascript(self) -> None:
        self.assert_one("preprocessor", a_js="f({{{ cDefs.X }}});\n")
        self.assert_one("preprocessor", a_js="#if ASSERTIONS\n")
        self.assertEqual(self.complaints(a_js="// not {{{ macros }}}\nf(a);\n"), [])

    def test_prototypes_without_ownership(self) -> None:
        self.assert_one("a.h:1: f:", a_h="int f(void);\n")
        self.assert_one("a.h:3: g:", a_h="/* Returns 0. */\nint f(void);\nPyObject *g(int a);\n")
        self.assert_one("a.h:2: f:", a_h="/* Makes it. */\nextern int\nf(char *a,\n  int b);\n")

    def test_headers_with_ownership(self) -> None:
        for text in (
            "/* Returns a new reference, or NULL with an exception set. */\nPyObject *f(void);\n",
            "/* Steals `a`. */\nvoid f(PyObject *a);\n",
            "#define F(x) \\\n  g(x);\n#include <a.h>\ntypedef int (*call)(void);\n",
            "struct s {\n  int a;\n  int (*f)(void);\n};\nextern int a[2];\n",
            "static inline int\nf(int a)\n{\n  return g(a);\n}\n",
        ):
            with self.subTest(text):
                self.assertEqual(self.complaints(a_h=text), [])

    def test_names_of_machines_and_registries(self) -> None:
        # Put together here, since this file is checked as well.
        registry = "https://" + "registry.example.org/a"
        self.assert_one("a.txt:1:", a_txt=f"{registry}\n")
        with unittest.mock.patch("socket.gethostname", return_value="builder-17"):
            self.assert_one("a.txt:1:", a_txt="made on builder-17\n")
            self.assertEqual(self.complaints(a_txt="made on builder-170\n"), [])
        self.assertEqual(self.complaints(a_txt="~/.cache and https://example.org/home/a\n"), [])

    def test_folders_need_a_readme_here_or_above(self) -> None:
        self.assert_one("other:1:", README_md=README, code__a_c=";\n", other__a_c=";\n")
        self.assertEqual(self.complaints(README_md=README, code__a_c=";\n"), [])
        self.assertEqual(self.complaints(code__README_md="# Code\n", code__a_c=";\n"), [])


class JavaScriptGlobalsTest(unittest.TestCase):
    """Finds the names that a library file may use."""

    def test_definitions_and_dependencies(self) -> None:
        text = """
        addToLibrary({
          $NAME__deps: ["$OTHER", "c_function"],
          $NAME: { member: 1, __deps: 2 },
          $method(a) {},
          entry__deps: [
            "$LATER",
          ],
          entry: () => NAME.member,
        });
        """
        names = set(js_globals.globals_of(text))
        self.assertEqual(names, {"NAME", "method", "OTHER", "_c_function", "LATER"})


if __name__ == "__main__":
    unittest.main()
