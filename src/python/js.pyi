"""The global scope of JavaScript; every name is what it is there when it is read."""

from typing import Any

def __getattr__(name: str) -> Any: ...
