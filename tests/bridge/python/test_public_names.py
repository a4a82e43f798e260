"""The names that programs import, and that importing the package costs little."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
import unittest
import unittest.mock
from types import SimpleNamespace

import fake_core

NAMES = {
    "pyodide": "__version__ code console ffi http webloop",
    "pyodide.code": """eval_code eval_code_async CodeRunner find_imports should_quiet run_js
        relaxed_call relaxed_wrap""",
    "pyodide.ffi": """JsProxy JsCallable JsOnceCallable JsPromise JsIterable JsAsyncIterable
        JsIterator JsAsyncIterator JsGenerator JsAsyncGenerator JsMap JsMutableMap JsArray
        JsTypedArray JsBuffer JsDoubleProxy JsCallableDoubleProxy JsFetchResponse JsDomElement
        JsWeakRef JsException JsNull jsnull JsBigInt ConversionError InternalError to_js
        create_proxy create_once_callable destroy_proxies run_sync can_run_sync
        register_js_module unregister_js_module ToJsConverter IN_PYODIDE IN_BROWSER wrappers""",
    "pyodide.ffi.wrappers": """add_event_listener remove_event_listener set_timeout
        clear_timeout set_interval clear_interval""",
    "pyodide.http": """pyfetch FetchResponse AbortError BodyUsedError HttpStatusError open_url pyxhr
        XHRResponse XHRError XHRNetworkError""",
    "pyodide.http.pyxhr": """get post put patch delete head options XHRResponse XHRError
        XHRNetworkError""",
    "pyodide.console": "Console PyodideConsole ConsoleFuture repr_shorten BANNER",
    "pyodide.webloop": "WebLoop WebLoopPolicy PyodideFuture PyodideTask",
    "_pyodide": "_base _importhook jsbind",
    "_pyodide.jsbind": "Json Deep Default BindClass",
}
# What a start may import besides what is imported already; all of it is small.
START = r"(_pyodide|pyodide|importlib)(\..*)?|__future__"


class NamesTest(unittest.TestCase):
    """Modules and what is in them."""

    def setUp(self) -> None:
        # Without an interpreter in JavaScript nobody has registered it.
        scope = fake_core.JsProxy(SimpleNamespace())
        importlib.import_module("_pyodide._importhook").js_modules.setdefault("js", scope)
        patch = unittest.mock.patch.dict(sys.modules, {"js": scope})
        patch.start()
        self.addCleanup(patch.stop)

    def test_names(self) -> None:
        for module, names in NAMES.items():
            for name in names.split():
                with self.subTest(module=module, name=name):
                    exec(f"from {module} import {name}", {})

    def test_listed_names_exist(self) -> None:
        for module_name in NAMES:
            module = importlib.import_module(module_name)
            for name in getattr(module, "__all__", []):
                with self.subTest(module=module_name, name=name):
                    self.assertTrue(hasattr(module, name))

    def test_submodules_are_attributes(self) -> None:
        code = "import pyodide; print(pyodide.ffi.wrappers.__name__, dir(pyodide)[-1])"
        self.assertEqual(run(code), "pyodide.ffi.wrappers webloop\n")
        self.assertEqual(run("import pyodide; print(hasattr(pyodide, 'nope'))"), "False\n")

    def test_version(self) -> None:
        version = importlib.import_module("pyodide").__version__
        self.assertRegex(version, r"^0\.29\.5\+coil\.\d+\.\d+\.\d+$")
        package = (fake_core.ROOT / "web" / "package.json").read_text()
        found = re.search(r'"version": "(.*?)"', package)
        assert found is not None
        self.assertEqual(version.partition("+coil.")[2], found.group(1))


class StartTest(unittest.TestCase):
    """What the bridge imports when the interpreter starts."""

    def test_little_is_imported(self) -> None:
        code = """
core = type(sys)("_pyodide_core")
def make(name):
    setattr(core, name, type(name, (Exception,), {"typeof": "object"}))
    return getattr(core, name)
core.__getattr__ = make
sys.modules["_pyodide_core"] = core
before = set(sys.modules)
import _pyodide._start
_pyodide._start.start(core.JsProxy(), core.JsProxy())
print(*sorted(set(sys.modules) - before))
"""
        imported = run(code, stand_in="").split()
        self.assertIn("pyodide.ffi", imported)
        self.assertEqual([name for name in imported if not re.fullmatch(START, name)], [])

    def test_loop_comes_with_asyncio(self) -> None:
        for first in ("import asyncio", "import pyodide.webloop, asyncio"):
            for late in (True, False):
                with self.subTest(first=first, late=late):
                    start = "import sys, fake_core, _pyodide_core as core, _pyodide._start as s\n"
                    start += "s.start(core.JsProxy(sys), core.JsProxy(sys))\n"
                    lines = [start, first] if late else [f"import fake_core\n{first}", start]
                    code = "\n".join([*lines, "print(type(asyncio.get_running_loop()).__name__)"])
                    self.assertEqual(run(code), "WebLoop\n")

    def test_js_modules_are_registered(self) -> None:
        code = """
import fake_core, _pyodide_core as core, _pyodide._start, types
scope = types.SimpleNamespace(answer=42)
_pyodide._start.start(core.JsProxy(scope), core.JsProxy(types.SimpleNamespace(version="v")))
from js import answer
import pyodide_js
print(answer, pyodide_js.version)
"""
        self.assertEqual(run(code), "42 v\n")


def run(code: str, stand_in: str = "import fake_core") -> str:
    """Run a program in a new process of this Python; return its output."""
    paths = [str(fake_core.ROOT / "src" / "python"), os.path.dirname(os.path.abspath(__file__))]
    program = f"import sys\nsys.path[:0] = {paths!r}\n{stand_in}\n{code}"
    command = [sys.executable, "-c", program]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


if __name__ == "__main__":
    unittest.main()
