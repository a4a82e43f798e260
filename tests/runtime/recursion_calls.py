"""Recursion probes: Python called by C called by Python, without end."""

from __future__ import annotations

import functools
import json
import operator
import pickle
import re
import sqlite3
import sys
import types
from typing import Any

from recursion_kit import DEEP, counted, nested_list, probe, wrapped


@probe
def _repr_of_nested_list() -> object:
    return repr(nested_list())


@probe
def _json_dump_of_nested_list() -> object:
    return json.dumps(nested_list())


@probe
def _pickle_of_nested_list() -> object:
    return pickle.dumps(nested_list())


@probe
def _instance_that_is_its_own_call() -> object:
    kind: Any = type("A", (), {})
    kind.__call__ = kind()
    return kind()()


@probe
def _sort_key() -> object:
    return counted(lambda again, count: sorted([count], key=again))


@probe
def _compile_attribute_chain() -> object:
    return compile("a" + ".a" * DEEP, "<chain>", "eval")


@probe
def _free_tuple() -> object:
    deep = wrapped(lambda inner: (inner,), count=2_000_000)
    del deep
    return None


@probe
def _map_of_map() -> object:
    return next(wrapped(lambda inner: map(abs, inner), iter([1])))


@probe
def _python_function_without_limit() -> object:
    sys.setrecursionlimit(10**6)

    def deeper(count: int) -> int:
        return deeper(count + 1) if count < 200_000 else count

    return deeper(0)


@probe
def _max_key_without_limit() -> object:
    sys.setrecursionlimit(10**6)
    return counted(lambda again, count: max([count], key=again))


@probe
def _getattr_hook() -> object:
    class A:
        def __getattr__(self, name: str) -> Any:
            return getattr(self, name + "x" if len(name) < 9 else "a")

    return A().a


@probe
def _getattribute_hook() -> object:
    class A:
        def __getattribute__(self, name: str) -> Any:
            return getattr(self, name)

    return A().a


@probe
def _setattr_hook() -> object:
    class A:
        def __setattr__(self, name: str, value: object) -> None:
            setattr(self, name, value)

    A().a = 1
    return None


@probe
def _property() -> object:
    class A:
        @property
        def a(self) -> Any:
            return operator.attrgetter("a")(A())

    return A().a


@probe
def _partial_of_partial() -> object:
    def flat(inner: Any) -> Any:
        outer: Any = functools.partial(len)
        outer.__setstate__((inner, (), {}, {"own": 1}))
        return outer

    return wrapped(flat, functools.partial(len))(())


@probe
def _partial_of_itself() -> object:
    partial: Any = functools.partial(len)
    partial.__setstate__((partial, (), {}, {"own": 1}))
    return partial()


@probe
def _method_of_method() -> object:
    return wrapped(lambda inner: types.MethodType(inner, 1), lambda *_: 1)()


@probe
def _staticmethod_of_staticmethod() -> object:
    return wrapped(staticmethod, len, 20_000)(())


@probe
def _abstract_staticmethod() -> object:
    return wrapped(staticmethod, len, 20_000).__isabstractmethod__


@probe
def _lru_cache() -> object:
    return counted(lambda again, count: functools.lru_cache(again)(count))


@probe
def _cmp_to_key() -> object:
    def compare(one: int, two: int) -> int:
        return max([two, one], key=functools.cmp_to_key(compare))

    return compare(1, 2)


@probe
def _regular_expression_callback() -> object:
    return counted(lambda again, count: re.sub("a", lambda _: str(again(count)), "a"))


@probe
def _reduce() -> object:
    return counted(lambda again, count: functools.reduce(lambda a, _: again(a), [count, 1]))


@probe
def _eval_of_eval() -> object:
    return counted(lambda again, count: eval("again(count)", {"again": again, "count": count}))


@probe
def _class_creation() -> object:
    def hook(count: int) -> Any:
        def init_subclass(cls: Any, /, **_: object) -> None:
            hook(count + 1)

        base = type("Base", (), {"__init_subclass__": classmethod(init_subclass)})
        return type("Derived", (base,), {})

    return hook(0)


@probe
def _import_hook() -> object:
    class Finder:
        @staticmethod
        def find_spec(name: str, *_: object) -> None:
            __import__(f"{name}x" if len(name) < 40 else "no_such_module")

    sys.meta_path.insert(0, Finder)
    try:
        return __import__("no_such_module")
    finally:
        del sys.meta_path[0]


@probe
def _subclass_check_of_metaclass() -> object:
    class Meta(type):
        def __instancecheck__(cls, instance: object) -> bool:
            return isinstance(instance, cls)

    return isinstance(1, Meta("A", (), {}))


@probe
def _isinstance_of_nested_tuple() -> object:
    return isinstance(1, wrapped(lambda inner: (inner,), str))


@probe
def _sqlite_function() -> object:
    connection = sqlite3.connect(":memory:")

    def again(count: int) -> int:
        (row,) = connection.execute("select f(?)", (count + 1,)).fetchone()
        return int(row)

    connection.create_function("f", 1, again)
    try:
        return again(0)
    except sqlite3.OperationalError:  # sqlite3 reports any exception of the function so
        return None
    finally:
        connection.close()
