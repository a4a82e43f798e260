"""What the bridge calls once, after CPython is initialised and before any user code."""

from __future__ import annotations

import importlib

from . import _importhook, _library_changes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType

    from _pyodide_core import JsProxy


def start(
    jsglobals: JsProxy,
    public_api: JsProxy,
    *,
    enable_run_until_complete: bool = True,
    loop_on_import: bool = False,
) -> None:
    """Make this interpreter the Python side of the bridge.

    :param jsglobals: the object behind the module ``js``
    :param public_api: the object behind the module ``pyodide_js``
    :param enable_run_until_complete: the option of ``loadPyodide`` of that name
    :param loop_on_import: whether JavaScript gets asyncio's event loop only when the program
        imports JavaScript's modules: one that does not may be in the middle of a loop of its own

    The event loop is installed when asyncio is imported, by whomever, so that a program without
    asyncio does not pay for it.
    """
    _importhook.install()
    _importhook.register_js_module("js", jsglobals)
    _importhook.register_js_module("pyodide_js", public_api)
    _library_changes.install()
    importlib.import_module("pyodide.code")
    importlib.import_module("pyodide.ffi")

    options = {"enable_run_until_complete": enable_run_until_complete}
    if loop_on_import:
        _importhook.when_javascript_is_imported.append(lambda: _want_loop(options))
    else:
        _want_loop(options)


def _want_loop(options: dict[str, bool]) -> None:
    """Have the event loop installed when asyncio is imported, or now if it was."""
    _wanted_loop.update(options)
    _importhook.module_changes.add("asyncio", _import_webloop)


# Arguments for webloop.install(); empty when nobody called start().
_wanted_loop: dict[str, bool] = {}


def take_wanted_loop() -> dict[str, bool]:
    """Return the arguments for ``pyodide.webloop.install``, once; empty when it is not wanted."""
    wanted = dict(_wanted_loop)
    _wanted_loop.clear()
    return wanted


def _import_webloop(asyncio: ModuleType) -> None:
    """Import ``pyodide.webloop`` and have it install its loop.

    Where it is ``pyodide.webloop`` that imports asyncio, it is not complete yet. It installs the
    loop when it is.
    """
    del asyncio
    webloop = importlib.import_module("pyodide.webloop")
    if hasattr(webloop, "install_if_wanted"):
        webloop.install_if_wanted()
