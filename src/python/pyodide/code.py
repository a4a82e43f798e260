"""Evaluation of Python and JavaScript source text, and calls that forgive surplus arguments."""

from __future__ import annotations

from _pyodide._base import CodeRunner, eval_code, eval_code_async, find_imports, should_quiet
from _pyodide._relaxed import relaxed_call, relaxed_wrap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = [
    "CodeRunner",
    "eval_code",
    "eval_code_async",
    "find_imports",
    "relaxed_call",
    "relaxed_wrap",
    "run_js",
    "should_quiet",
]


def run_js(code: str, /) -> Any:
    """Evaluate JavaScript source text in the global scope, as an indirect call of ``eval``.

    Returns the value of its last expression, converted as the result of a call: a promise becomes a
    future. Raises TypeError when *code* is not a str, JsException for a syntax error and for what
    the code throws, and AttributeError when ``jsglobals`` has no ``eval``.
    """
    if not isinstance(code, str):
        raise TypeError(f"code must be a str, not {type(code).__name__!r}")
    import js  # noqa: PLC0415 -- registered by JavaScript after this module was imported

    return js.eval(code)
