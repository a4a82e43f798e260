"""What the bridge calls once, after CPython is initialised and before any user code."""

from __future__ import annotations

import importlib

from . import _importhook, _library_changes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType

    from _pyodide_core import JsProxy


def start(
    jsglobals: JsProxy, public_api: JsProxy, *, enable_run_until_complete: bool = True
) -> None:
    """Make this interpreter the Python side of the bridge.

    :param jsglobals: the object behind the module ``js``
    :param public_api: the object behind the module ``pyodide_js``
    :param enable_run_until_complete: the option of ``loadPyodide`` of that name

    The event loop is installed when asyncio is imported, by whomever, so that a program without
    asyncio does not pay for it.
    """
    _importhook.install()
    _importhook.register_js_module("js", jsglobals)
    _importhook.register_js_module("pyodide_js", public_api)
    _library_changes.install()
    importlib.import_module("pyodide.code")
    importlib.import_module("pyodide.ffi")

    # Ends in a call of wanted_loop() when asyncio is imported, or now if it was.
    _wanted_loop["enable_run_until_complete"] = enable_run_until_complete
    _importhook.module_changes.add("asyncio", _import_webloop)


# Arguments for webloop.install(); empty when nobody called start().
_wanted_loop: dict[str, bool] = {}


def wanted_loop() -> dict[str, bool] | None:
    """Return the arguments for ``pyodide.webloop.install``, which asks; None for no loop."""
    return _wanted_loop or None


def _import_webloop(asyncio: ModuleType) -> None:
    """Import ``pyodide.webloop``, which installs its loop when it has run.

    Where it is ``pyodide.webloop`` that imports asyncio, this does nothing, and the same holds.
    """
    del asyncio
    importlib.import_module("pyodide.webloop")
