"""The object that ``loadPyodide`` gave to JavaScript."""

from typing import Any

def __getattr__(name: str) -> Any: ...
