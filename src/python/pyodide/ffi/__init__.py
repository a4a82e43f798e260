"""JavaScript objects in Python, Python objects in JavaScript, and the conversions between them.

`isinstance` of a JavaScript object with one of the classes tells what the object can do, not
which JavaScript class it has. None of them can be instantiated.
"""

from collections.abc import Callable
from typing import Any, Protocol

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


class ToJsConverter(Protocol):
    """What `to_js` takes as *default_converter* and as *eager_converter*."""

    def __call__(
        self,
        value: Any,
        convert: Callable[[Any], JsProxy],
        cache: Callable[[Any, JsProxy], None],
        /,
    ) -> JsProxy:
        """Return the JavaScript object for *value*.

        :param value: the object to convert
        :param convert: converts an object inside *value* with the options of the same call
        :param cache: notes the result for *value* early, before its content is converted, so that
            references to itself are found
        """
