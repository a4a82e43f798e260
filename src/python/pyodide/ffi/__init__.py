"""JavaScript objects in Python, Python objects in JavaScript, and the conversions between them.

`isinstance` of a JavaScript object with one of the classes tells what the object can do, not
which JavaScript class it has. None of them can be instantiated.
"""

from __future__ import annotations

from _pyodide._importhook import register_js_module, unregister_js_module
from _pyodide_core import (
    ConversionError,
    InternalError,
    JsArray,
    JsAsyncGenerator,
    JsAsyncIterable,
    JsAsyncIterator,
    JsBigInt,
    JsBuffer,
    JsCallable,
    JsCallableDoubleProxy,
    JsDomElement,
    JsDoubleProxy,
    JsException,
    JsFetchResponse,
    JsGenerator,
    JsIterable,
    JsIterator,
    JsMap,
    JsMutableMap,
    JsNull,
    JsOnceCallable,
    JsPromise,
    JsProxy,
    JsTypedArray,
    JsWeakRef,
    can_run_sync,
    create_once_callable,
    create_proxy,
    destroy_proxies,
    jsnull,
    run_sync,
    to_js,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _pyodide._protocols import ToJsConverter

__all__ = [
    "IN_BROWSER",
    "IN_PYODIDE",
    "ConversionError",
    "InternalError",
    "JsArray",
    "JsAsyncGenerator",
    "JsAsyncIterable",
    "JsAsyncIterator",
    "JsBigInt",
    "JsBuffer",
    "JsCallable",
    "JsCallableDoubleProxy",
    "JsDomElement",
    "JsDoubleProxy",
    "JsException",
    "JsFetchResponse",
    "JsGenerator",
    "JsIterable",
    "JsIterator",
    "JsMap",
    "JsMutableMap",
    "JsNull",
    "JsOnceCallable",
    "JsPromise",
    "JsProxy",
    "JsTypedArray",
    "JsWeakRef",
    "ToJsConverter",
    "can_run_sync",
    "create_once_callable",
    "create_proxy",
    "destroy_proxies",
    "jsnull",
    "register_js_module",
    "run_sync",
    "to_js",
    "unregister_js_module",
]

IN_PYODIDE = True
"""True: this module exists only where Python runs in JavaScript."""
IN_BROWSER = IN_PYODIDE
"""The older name of `IN_PYODIDE`; it is True in Node, too."""


def __getattr__(name: str) -> object:
    """Import what is seldom used when it is: `ToJsConverter` and the submodule `wrappers`."""
    if name == "ToJsConverter":
        from _pyodide._protocols import ToJsConverter  # noqa: PLC0415

        return ToJsConverter
    if name == "wrappers":
        import importlib  # noqa: PLC0415

        return importlib.import_module("pyodide.ffi.wrappers")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
