"""Imports of JavaScript objects: registered names, submodules, what import statements see."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
import traceback
import types
import unittest
from typing import Any

import fake_core  # noqa: F401 -- makes the packages importable
from _pyodide import _importhook
from _pyodide._importhook import import_dotted
from fake_core import JsProxy, make_js
from pyodide.ffi import register_js_module, unregister_js_module

_importhook.install()


class ImportTest(unittest.TestCase):
    """Modules that are JavaScript objects."""

    def setUp(self) -> None:
        inner = types.SimpleNamespace(x=1, deep=types.SimpleNamespace(y=2))
        self.object: Any = make_js(number=5, text="t", sub=inner, _hidden=6)
        register_js_module("js_test", self.object)
        self.addCleanup(self.forget)

    def forget(self) -> None:
        """Remove every trace of the module."""
        _importhook.js_modules.clear()
        for name in [name for name in sys.modules if name.startswith("js_test")]:
            del sys.modules[name]

    def run_code(self, code: str) -> dict[str, Any]:
        """Run statements; return the names they made."""
        names: dict[str, Any] = {}
        exec(code, names)
        del names["__builtins__"]
        return names

    def test_module_is_the_object(self) -> None:
        module = self.run_code("import js_test")["js_test"]
        self.assertIsInstance(module, JsProxy)
        self.assertEqual(module, self.object)
        self.assertEqual(module.__name__, "js_test")
        self.assertEqual(module.__spec__.name, "js_test")
        self.assertIs(module.__loader__, module.__spec__.loader)
        self.assertEqual(self.object.object_keys(), ["number", "text", "sub", "_hidden"])

    def test_attributes_are_live(self) -> None:
        module: Any = importlib.import_module("js_test")
        self.object.number = 6
        self.assertEqual(module.number, 6)
        module.number = 7
        self.assertEqual(self.object.number, 7)
        self.object.later = 1
        self.assertEqual(self.run_code("from js_test import later"), {"later": 1})

    def test_from_import(self) -> None:
        names = self.run_code("from js_test import number, text as t, sub")
        self.assertEqual((names["number"], names["t"], names["sub"].x), (5, "t", 1))
        with self.assertRaisesRegex(ImportError, "cannot import name 'nope' from 'js_test'"):
            self.run_code("from js_test import nope")

    def test_star(self) -> None:
        names = self.run_code("from js_test import *")
        self.assertEqual(sorted(names), ["number", "sub", "text"])

    def test_objects_are_submodules(self) -> None:
        names = self.run_code(
            "import js_test.sub.deep as d\nfrom js_test.sub import x\nimport js_test"
        )
        self.assertEqual((names["d"].y, names["x"], names["js_test"].sub.x), (2, 1, 1))
        self.assertEqual(sys.modules["js_test.sub.deep"].__name__, "js_test.sub.deep")
        self.assertIs(type(self.object._target.sub), types.SimpleNamespace)  # not replaced

    def test_other_attributes_are_not(self) -> None:
        for name in ("js_test.nope", "js_test.number", "js_test.sub.nope"):
            with self.subTest(name=name), self.assertRaises(ModuleNotFoundError) as caught:
                importlib.import_module(name)
            self.assertEqual(caught.exception.name, name)
        self.assertIsNone(importlib.util.find_spec("js_test.nope"))

    def test_other_finders_come_first(self) -> None:
        register_js_module("json", self.object)
        register_js_module("this", self.object)
        sys.modules.pop("colorsys", None)
        register_js_module("colorsys", self.object)
        self.assertNotIsInstance(importlib.import_module("json"), JsProxy)
        self.assertNotIsInstance(importlib.import_module("colorsys"), JsProxy)

    def test_registered_again(self) -> None:
        before = importlib.import_module("js_test")
        other = make_js(number=1)
        register_js_module("js_test", other)
        self.assertIs(importlib.import_module("js_test"), before)
        del sys.modules["js_test"]
        self.assertEqual(importlib.import_module("js_test"), other)

    def test_unregistered(self) -> None:
        module = importlib.import_module("js_test")
        unregister_js_module("js_test")
        self.assertIs(importlib.import_module("js_test"), module)
        del sys.modules["js_test"]
        with self.assertRaises(ModuleNotFoundError):
            importlib.import_module("js_test")
        with self.assertRaisesRegex(ValueError, "js_test"):
            unregister_js_module("js_test")

    def test_wrong_types(self) -> None:
        for name, value in ((5, self.object), ("a", {}), ("a", None), ("a", types)):
            with self.subTest(name=name, value=value), self.assertRaises(TypeError):
                register_js_module(name, value)  # type: ignore[arg-type]
        with self.assertRaisesRegex(TypeError, "'symbol'"):
            register_js_module("a", make_js(_typeof="symbol"))
        with self.assertRaises(TypeError):
            unregister_js_module(5)  # type: ignore[arg-type]
        register_js_module("a", JsProxy(lambda: 0))  # type: ignore[arg-type]
        self.assertEqual(importlib.import_module("a")(), 0)  # type: ignore[operator]
        del sys.modules["a"]


class DottedNameTest(unittest.TestCase):
    """What pyimport finds."""

    def test_modules(self) -> None:
        self.assertIs(import_dotted("sys"), sys)
        sys.modules.pop("xml.dom.pulldom", None)
        self.assertEqual(import_dotted("xml.dom.pulldom").__name__, "xml.dom.pulldom")

    def test_attributes_come_first(self) -> None:
        self.assertIs(import_dotted("os.path.join"), os.path.join)
        self.assertIs(import_dotted("xml.dom.Node"), importlib.import_module("xml.dom").Node)

    def test_neither(self) -> None:
        for name in ("sys.nope", "nope.x", "nope", "os.path.join.x"):
            with self.subTest(name=name), self.assertRaises(ModuleNotFoundError):
                import_dotted(name)
        wrong: tuple[Any, ...] = (5, None)
        for name in wrong:
            with self.subTest(name=name), self.assertRaises(TypeError):
                import_dotted(name)
        for name in ("", ".x", "os.", "os..path"):
            with self.subTest(name=name), self.assertRaisesRegex(ValueError, "empty"):
                import_dotted(name)


class NotesTest(unittest.TestCase):
    """What is said of modules that are missing."""

    def notes(self, name: str) -> str:
        """Return the notes of the error of an import, without the path of this file."""
        with self.assertRaises(ModuleNotFoundError) as caught:
            importlib.import_module(name)
        self.assertEqual(str(caught.exception), f"No module named {name!r}")
        return "\n".join(getattr(caught.exception, "__notes__", []))

    def test_parts_of_what_is_there_have_none(self) -> None:
        with self.assertRaises(ModuleNotFoundError) as caught:
            import_dotted("os.nope")
        self.assertEqual(getattr(caught.exception, "__notes__", []), [])

    def test_unknown_modules_have_none(self) -> None:
        self.assertEqual(self.notes("no_such_module"), "")

    def test_removed_from_python(self) -> None:
        self.assertIn("removed from the standard library in Python 3.13", self.notes("telnetlib"))
        self.assertIn("3.12; setuptools has a copy", self.notes("distutils"))

    def test_left_out_of_the_distribution(self) -> None:
        self.assertIn("'nt' of the standard library is not part of", self.notes("nt"))
        self.assertIn("not part of this distribution: it needs", _note("curses", None))
        self.assertIn("see the module js", _note("tkinter.ttk", None))

    def test_in_a_package_that_is_not_loaded(self) -> None:
        table = types.SimpleNamespace(get={"no_such_module": "such-package"}.get)
        api = types.SimpleNamespace(_api=types.SimpleNamespace(_import_name_to_package_name=table))
        register_js_module("pyodide_js", JsProxy(api))  # type: ignore[arg-type]
        self.addCleanup(unregister_js_module, "pyodide_js")
        notes = self.notes("no_such_module")
        self.assertIn('await micropip.install("such-package")', notes)
        self.assertIn('await pyodide.loadPackage("such-package")', notes)
        self.assertEqual(self.notes("other_module"), "")

    def test_of_the_package_that_is_missing(self) -> None:
        with self.assertRaises(ModuleNotFoundError) as caught:
            importlib.import_module("telnetlib.sub.deep")
        self.assertEqual(caught.exception.name, "telnetlib")
        self.assertEqual(len(caught.exception.__notes__), 1)

    def test_traceback_is_that_of_the_statement(self) -> None:
        frames: list[traceback.FrameSummary] = []
        try:
            exec("import telnetlib")
        except ModuleNotFoundError as error:
            frames = traceback.extract_tb(error.__traceback__)
        self.assertEqual([frame.filename for frame in frames], [__file__, "<string>"])

    def test_looking_for_a_module_raises_nothing(self) -> None:
        self.assertIsNone(importlib.util.find_spec("telnetlib"))


def _note(name: str, package: str | None) -> str:
    """Return the note for a name, as if it was missing here."""
    from _pyodide._missing import note_for  # noqa: PLC0415

    return note_for(name, package) or ""


class LibraryChangesTest(unittest.TestCase):
    """Modules of the standard library that are changed after they were imported."""

    def fresh(self, name: str) -> Any:
        """Import a module again, as if for the first time."""
        for key in [key for key in sys.modules if key == name or key.startswith(name + ".")]:
            saved = sys.modules.pop(key)
            self.addCleanup(sys.modules.__setitem__, key, saved)
        return importlib.import_module(name)

    def test_change_comes_after_the_module_ran(self) -> None:
        changed = []
        sys.modules.pop("colorsys", None)
        _importhook.module_changes.add("colorsys", lambda m: changed.append(m.rgb_to_hls))
        self.assertEqual(changed, [])
        module = importlib.import_module("colorsys")
        self.assertEqual(changed, [module.rgb_to_hls])
        self.assertEqual(type(module.__loader__).__name__, "SourceFileLoader")
        self.assertNotIn("exec_module", vars(module.__loader__))
        importlib.reload(module)
        self.assertEqual(len(changed), 1)

    def test_change_of_what_is_imported_comes_at_once(self) -> None:
        changed: list[types.ModuleType] = []
        _importhook.module_changes.add("sys", changed.append)
        self.assertEqual(changed, [sys])

    def test_failed_import_can_be_tried_again(self) -> None:
        changed: list[types.ModuleType] = []
        _importhook.module_changes.add("no_such_module", changed.append)
        with self.assertRaises(ModuleNotFoundError):
            importlib.import_module("no_such_module")
        self.assertEqual(changed, [])
        del _importhook.module_changes.changes["no_such_module"]

    def test_json_knows_jsnull(self) -> None:
        from _pyodide import _library_changes  # noqa: PLC0415

        json = self.fresh("json")
        _library_changes.change_json(sys.modules["json.encoder"])
        null = sys.modules["_pyodide_core"].jsnull
        self.assertEqual(json.dumps([null, {"a": null}]), '[null, {"a": null}]')
        self.assertEqual(json.dumps({1, null}.__class__([null]), default=list), "[null]")
        self.assertEqual(json.dumps(null, default=lambda _: 1 / 0), "null")
        self.assertEqual(json.dumps([null], indent=1), "[\n null\n]")
        with self.assertRaisesRegex(TypeError, "complex is not JSON"):
            json.dumps(1j)

        class Encoder(json.JSONEncoder):  # type: ignore[misc, name-defined]
            def default(self, o: object) -> Any:
                return "own" if o == 1j else super().default(o)

        self.assertEqual(json.dumps([1j, null], cls=Encoder), '["own", null]')

    def test_webbrowser_opens_windows(self) -> None:
        from _pyodide import _library_changes  # noqa: PLC0415

        opened = []

        def open_window(url: str, target: str) -> object:
            opened.append((url, target))
            return None if url == "blocked" else object()

        register_js_module("js", make_js(window=types.SimpleNamespace(open=open_window)))
        self.addCleanup(unregister_js_module, "js")
        self.addCleanup(sys.modules.pop, "js", None)
        webbrowser = self.fresh("webbrowser")
        _library_changes.change_webbrowser(webbrowser)
        self.assertTrue(webbrowser.open("a"))
        self.assertTrue(webbrowser.open_new("b"))
        self.assertTrue(webbrowser.open_new_tab("c"))
        self.assertEqual(opened, [("a", "_blank"), ("b", "_blank"), ("c", "_blank")])
        self.assertFalse(webbrowser.get("javascript").open("blocked"))


if __name__ == "__main__":
    unittest.main()
