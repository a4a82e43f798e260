"""Recursion probes: freeing deep structures, and chains of exceptions."""

from __future__ import annotations

import copy
import functools
import io
import sys
import traceback
import types
import weakref
import xml.etree.ElementTree as ET
from typing import Any

from recursion_kit import DEEP, Node, probe, wrapped


@probe
def _free_instances() -> object:
    deep = wrapped(Node)
    del deep
    return None


@probe
def _free_instances_with_finalizers() -> object:
    class A(Node):
        def __del__(self) -> None:
            self.seen = True

    deep = wrapped(A)
    del deep
    return None


@probe
def _free_instances_with_slots() -> object:
    class A:
        __slots__ = ("inner",)

        def __init__(self, inner: Any) -> None:
            self.inner = inner

    deep = wrapped(A)
    del deep
    return None


@probe
def _free_partials_methods_and_slices() -> object:
    for wrap in (
        lambda inner: functools.partial(print, inner),
        lambda inner: types.MethodType(print, inner),
        slice,
        staticmethod,
        property,
        lambda inner: {1: inner},
        lambda inner: types.CellType(inner),
        lambda inner: types.SimpleNamespace(a=inner),
    ):
        deep = wrapped(wrap, 1, 50_000)
        del deep
    return None


@probe
def _free_exceptions() -> object:
    deep: BaseException | None = None
    for _ in range(DEEP):
        outer = ValueError()
        outer.__context__ = outer.__cause__ = deep
        deep = outer
        del outer
    del deep
    return None


@probe
def _free_with_weakref_callbacks() -> object:
    seen: list[object] = []
    deep: Any = None
    references = []
    for _ in range(DEEP):
        deep = Node(deep)
        references.append(weakref.ref(deep, seen.append))
    del deep
    if len(seen) != DEEP:
        raise AssertionError(len(seen))
    return None


@probe
def _finalizer_that_makes_another() -> object:
    class A:
        count = 0

        def __del__(self) -> None:
            A.count += 1
            if A.count < DEEP:
                A()

    A()
    return None


@probe
def _weakref_callback_that_frees_another() -> object:
    objects = [Node(None) for _ in range(20_000)]
    references = [weakref.ref(node, lambda _: objects and objects.pop()) for node in objects]
    objects.pop()
    return len(references)


@probe
def _element_tree() -> object:
    root = element = ET.Element("a")
    for _ in range(DEEP):
        element = ET.SubElement(element, "a")
    return len(list(root.iter()))


@probe
def _copy_of_element_tree() -> object:
    root = element = ET.Element("a")
    for _ in range(DEEP):
        element = ET.SubElement(element, "a")
    return copy.deepcopy(root)


@probe
def _parse_of_xml() -> object:
    return ET.fromstring("<a>" * DEEP + "</a>" * DEEP)  # noqa: S314


def chained_exception() -> BaseException:
    """Return an exception at the end of a long chain of causes."""
    error: BaseException = ValueError()
    for _ in range(20_000):
        outer = ValueError()
        outer.__cause__ = error
        error = outer
    return error


@probe
def _format_of_exception_chain() -> object:
    return len("".join(traceback.format_exception(chained_exception())))


@probe
def _display_of_exception_chain() -> object:
    stderr, sys.stderr = sys.stderr, io.StringIO()
    try:
        sys.__excepthook__(ValueError, chained_exception(), None)
        return sys.stderr
    finally:
        sys.stderr = stderr


@probe
def _exception_group_split() -> object:
    group = wrapped(lambda inner: ExceptionGroup("a", [inner or ValueError()]))
    return group.split(KeyError)


@probe
def _exception_whose_constructor_fails() -> object:
    class A(Exception):  # noqa: N818
        def __init__(self) -> None:
            raise A

    raise A


@probe
def _handler_that_overflows_again() -> object:
    retries = iter(range(100))

    class Shown:
        def __repr__(self) -> str:
            try:
                return repr(self)
            except RecursionError:
                return repr(self) if next(retries, None) is not None else "shown"

    return repr(Shown())
