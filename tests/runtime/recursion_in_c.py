"""Recursion probes: C called by C, without end and without any Python code between."""

from __future__ import annotations

import ctypes
import math
import operator
import select
import struct
from typing import TYPE_CHECKING, Any

from recursion_kit import PROBES, REPLACED, probe, wrapped

if TYPE_CHECKING:
    from collections.abc import Callable

# The name of a property, what gets it, and how it is asked for.
GETTERS: dict[str, tuple[str, Callable[[Any], Any], Callable[[Any], Any]]] = {
    "attrgetter": ("a", operator.attrgetter("a"), lambda value: value.a),
    "list": ("__iter__", list, list),
    "iteration": ("__iter__", tuple, lambda value: [*value]),
    "enumerate": ("__iter__", enumerate, set),
    "membership": (
        "__contains__",
        operator.methodcaller("__contains__", 1),
        lambda value: 1 in value,
    ),
    "item": ("__getitem__", operator.itemgetter(0), lambda value: value[0]),
    "bool": ("__bool__", bool, bool),
    "int": ("__int__", int, int),
    "index": ("__index__", operator.index, lambda value: struct.pack("i", value)),
    "float": ("__float__", float, math.sin),
    "format": ("__format__", format, "{}".format),
    "string": ("__str__", str, lambda value: f"{value}"),
    "length": ("__len__", len, len),
}


def probe_of(name: str) -> Callable[[], object]:
    """Return a probe of a property that is got in C."""
    attribute, getter, ask = GETTERS[name]
    return lambda: ask(type("A", (), {attribute: property(getter)})())


PROBES.update({f"property_{name}": probe_of(name) for name in GETTERS})

# What is got as `__iter__` and raises anything is no iterator, and ctypes names the argument.
REPLACED.update(
    dict.fromkeys(("property_list", "property_iteration", "property_enumerate"), "TypeError")
)
REPLACED["ctypes_as_parameter"] = "ArgumentError"


@probe
def _property_deleter() -> object:
    class A:
        a = property(None, None, operator.methodcaller("__delattr__", "a"))

    del A().a
    return None


@probe
def _method_wrappers() -> object:
    return wrapped(operator.attrgetter("__call__"), len)("")


@probe
def _ctypes_as_parameter() -> object:
    class A:
        pass

    A._as_parameter_ = property(lambda _: A())  # type: ignore[attr-defined]
    return ctypes.CDLL(None).abs(A())


@probe
def _select_of_fileno() -> object:
    """Frames of tens of kilobytes, with few levels between."""

    class A:
        def fileno(self) -> int:
            return len(select.select([self], [], [], 0))

    return A().fileno()


@probe
def _ctypes_structure_in_structure() -> object:
    def field(inner: Any) -> Any:
        return type("A", (ctypes.Structure,), {"_fields_": [("inner", inner)]})

    return bytes(wrapped(field, ctypes.c_int, 2_000)())
