"""Types of what programs pass to `pyodide.ffi`; apart, since they need `typing`."""

from collections.abc import Callable
from typing import Any, Protocol

from _pyodide_core import JsProxy


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
