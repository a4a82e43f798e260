"""Python in JavaScript: evaluation of code, objects of the other language, the event loop.

The submodules are imported when they are first used:

``code``
    evaluation of source text
``ffi``
    JavaScript objects in Python and Python objects in JavaScript
``webloop``
    asyncio on the JavaScript event loop
``console``
    the engine of an interactive console
``http``
    HTTP requests
"""

from __future__ import annotations

import importlib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType

__version__ = "0.29.5+coil.0.1.0"
"""Level of the API and, after the plus sign, version of the program (PEP 440)."""

_SUBMODULES = ("code", "console", "ffi", "http", "webloop")

__all__ = ["__version__"]


def __getattr__(name: str) -> ModuleType:
    """Import a submodule when it is first read as an attribute."""
    if name in _SUBMODULES:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """Return the names of this module, submodules that are not imported yet included."""
    return sorted({*globals(), *_SUBMODULES})
