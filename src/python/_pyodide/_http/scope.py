"""JavaScript's global scope, and its promises as they are.

Not ``import js``: that tells the command line to have JavaScript run the event loop of asyncio.
"""

from __future__ import annotations

from typing import Any

from _pyodide_core import to_js

from _pyodide._importhook import js_modules

js: Any = js_modules["js"]


def to_object(fields: dict[str, Any]) -> Any:
    """Return an object of JavaScript with these properties; dicts in it become objects, too."""
    return to_js(fields, dict_converter=js.Object.fromEntries)


def calls(**functions: Any) -> Any:
    """Return an object whose attributes are what these functions of JavaScript return each time.

    A promise that is read is a promise, and waiting for it concerns no event loop. That a function
    returns becomes a future of the loop that runs, which may be the one that is to wait.
    """
    getters = {name: {"get": function} for name, function in functions.items()}
    return js.Object.defineProperties(js.Object.new(), to_object(getters))
