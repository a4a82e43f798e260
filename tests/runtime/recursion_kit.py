"""What the recursion probes are made of: their register, deep values, endless calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

# Deeper than any stack the engine gives, and still quick to build.
DEEP = 100_000

PROBES: dict[str, Callable[[], object]] = {}

# Probes in which CPython puts another exception into the place of the RecursionError.
REPLACED: dict[str, str] = {}


def probe(function: Callable[[], object]) -> Callable[[], object]:
    """Register a function under its name."""
    PROBES[function.__name__.strip("_")] = function
    return function


def wrapped(wrap: Callable[[Any], Any], start: Any = None, count: int = DEEP) -> Any:
    """Apply a one-argument function to its own result `count` times."""
    value = start
    for _ in range(count):
        value = wrap(value)
    return value


def nested_list() -> Any:
    """Return a list in a list in a list, DEEP times."""
    return wrapped(lambda inner: [inner])


def nested_tuple() -> Any:
    """Return a tuple in a tuple in a tuple, DEEP times."""
    return wrapped(lambda inner: (inner,))


def counted(step: Callable[[Callable[[int], Any], int], Any]) -> Any:
    """Call a function that calls itself through `step`, for ever."""

    def again(count: int) -> Any:
        return step(again, count + 1)

    return again(0)


class Node:
    """Refers to one other object."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner
