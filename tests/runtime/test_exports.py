"""What the linked module exports: the committed list, and all that published wheels bind."""

from __future__ import annotations

import os
import runpy
import tempfile
import unittest
from pathlib import Path
from types import SimpleNamespace

from engines import ENGINES, SIDE_MODULES

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "src" / "runtime" / "exports"
MODULE = Path(os.environ["COIL_CLI"]).resolve().parents[1] / "pyodide.asm.wasm"
WHEELS = Path(__file__).with_name("data") / "exports_of_published_wheels.txt"

assemble = SimpleNamespace(**runpy.run_path(str(SCRIPTS / "assemble.py")))
golden = SimpleNamespace(**runpy.run_path(str(SCRIPTS / "golden.py")))


def needed_by_wheels() -> set[str]:
    """Return the symbols that published wheels import."""
    lines = [line for line in WHEELS.read_text().splitlines() if not line.startswith("#")]
    return {line.split("\t")[1] for line in lines}


class ExportsTest(unittest.TestCase):
    """The module that is tested is the one of the distribution."""

    exports: dict[str, str]

    @classmethod
    def setUpClass(cls) -> None:
        cls.exports = {export.name: export.kind for export in golden.exports(MODULE)}

    def test_exports_are_those_of_the_committed_list(self) -> None:
        self.assertEqual(golden.differences(MODULE), [], "see golden.py --update")

    def test_the_difference_to_the_list_is_shown_by_name(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            cut = Path(folder, "cut.wasm")
            # A module with one export, "memory", and nothing else that is in the list.
            cut.write_bytes(golden.MAGIC + bytes([5, 3, 1, 0, 0, 7, 10, 1, 6, *b"memory", 2, 0]))
            changed = golden.differences(cut)
        self.assertIn("-func Py_IncRef", changed)
        self.assertNotIn("+memory memory", changed)

    def test_a_damaged_module_is_named_as_such(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            cut = Path(folder, "cut.wasm")
            cut.write_bytes(MODULE.read_bytes()[:1000])
            with self.assertRaisesRegex(golden.ModuleError, "cut off"):
                golden.exports(cut)
            cut.write_bytes(b"<html>")
            with self.assertRaises(golden.ModuleError):
                golden.exports(cut)

    def test_every_symbol_that_published_wheels_import_is_there(self) -> None:
        needed = needed_by_wheels()
        self.assertGreater(len(needed), 500)
        self.assertEqual(needed - self.exports.keys() - set(self.javascript()), set())

    def javascript(self) -> list[str]:
        """Return the symbols of the families that are JavaScript: the glue binds them."""
        glue = MODULE.with_suffix(".mjs").read_text()
        missing = set(assemble.assemble()) - self.exports.keys()
        return [name for name in missing if f'"{name}"' in glue or f"{name}:" in glue]

    def test_every_symbol_of_every_family_is_bound(self) -> None:
        missing = set(assemble.assemble()) - self.exports.keys()
        self.assertEqual(missing - set(self.javascript()), set())

    def test_data_is_exported_as_addresses_and_code_as_functions(self) -> None:
        for name in ("PyExc_ValueError", "_Py_NoneStruct", "PyType_Type", "stdout", "environ"):
            self.assertEqual(self.exports[name], "global", name)
        for name in ("PyObject_Call", "malloc", "_ZSt9terminatev", "__addtf3", "pthread_create"):
            self.assertEqual(self.exports[name], "func", name)
        for name in ("__cpp_exception", "__c_longjmp"):
            self.assertEqual(self.exports[name], "tag", name)

    def test_families_share_no_symbol_and_say_one_a_line(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            family = Path(folder, "family.txt")
            family.write_text("# comment\nmalloc free\n")
            with self.assertRaisesRegex(assemble.FamilyError, r"family\.txt:2: one symbol a line"):
                assemble.read_names(family)

    def test_the_linker_list_is_written_as_emscripten_spells_it(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder, "exports.txt")
            self.assertEqual(assemble.main(["--out", str(out)]), 0)
            written = out.read_text().splitlines()
        self.assertEqual(written, [f"_{name}" for name in assemble.assemble()])


class BindingTest(unittest.TestCase):
    """A side module binds functions, data, C++ and JavaScript symbols of the main module."""

    def test_a_side_module_in_cpp_binds_everything_it_uses(self) -> None:
        code = "import _coil_bindings; print(*_coil_bindings.use_all(), sep='\\n')"
        for engine in ENGINES:
            with self.subTest(engine=str(engine)):
                process = engine.run(code)
                self.assertEqual((process.stderr, process.returncode), ("", 0))
                self.assertEqual(
                    process.stdout.splitlines(),
                    [
                        "caught out_of_range: vector",
                        "stream 42 0x2a 1.5",
                        "sorted 1 2 3",
                        "long double 333333333333333333",
                        "complex 3",
                        "jumped 7",
                        "once",
                        "type_error True",
                        "regex match",
                    ],
                )

    def test_a_module_that_binds_what_does_not_exist_is_refused_by_name(self) -> None:
        path = SIDE_MODULES / "unbound.so"
        code = f"import ctypes\ntry: ctypes.CDLL({str(path)!r}).call_it()\n"
        code += (
            "except OSError as error: print('refused:', 'no_such_function_anywhere' in str(error))"
        )
        for engine in ENGINES:
            with self.subTest(engine=str(engine)):
                process = engine.run(code)
                self.assertEqual((process.stderr, process.returncode), ("", 0))
                self.assertEqual(process.stdout, "refused: True\n")


if __name__ == "__main__":
    unittest.main()
