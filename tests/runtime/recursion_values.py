"""Recursion probes: operators, iterators and data formats on deep or endless values."""

from __future__ import annotations

import collections
import copy
import functools
import io
import itertools
import json
import marshal
import operator
import pickle
import re
import sys
import types
from typing import TYPE_CHECKING, Any

from recursion_kit import DEEP, PROBES, Node, nested_list, nested_tuple, probe, wrapped

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator


@probe
def _comparison_of_lists() -> object:
    return nested_list() == nested_list()


@probe
def _comparison_method() -> object:
    class A(Node):
        def __eq__(self, other: object) -> bool:
            return bool(self.inner == other)

        __hash__ = None  # type: ignore[assignment]

    return wrapped(A) == 1


@probe
def _addition_method() -> object:
    class A(Node):
        def __add__(self, other: object) -> Any:
            return self.inner + other

    return wrapped(A, 1) + 1


@probe
def _index_method() -> object:
    class A:
        def __index__(self) -> int:
            return operator.index(self)

    return [1][A()]


@probe
def _bool_and_length() -> object:
    class A:
        def __len__(self) -> int:
            return bool(self)

    return bool(A())


@probe
def _hash_of_tuple() -> object:
    return hash(nested_tuple())


@probe
def _hash_of_slice() -> object:
    return hash(wrapped(slice))


@probe
def _hash_of_generic_alias() -> object:
    return hash(wrapped(lambda inner: types.GenericAlias(list, (inner,)), int))


@probe
def _dictionary_key() -> object:
    return {nested_tuple(): 1}


@probe
def _contains() -> object:
    class A:
        def __contains__(self, item: object) -> bool:
            return item in self

    return 1 in A()


@probe
def _str_and_format() -> object:
    class A(Node):
        def __str__(self) -> str:
            return f"{self.inner!s:>3}"

    return str(wrapped(A))


@probe
def _repr_of_deque_dict_and_set() -> object:
    return repr(
        wrapped(
            lambda inner: collections.deque([{1: collections.OrderedDict(a=inner)}]), None, 40_000
        )
    )


@probe
def _mappingproxy_length() -> object:
    return len(wrapped(types.MappingProxyType, {}))


@probe
def _mappingproxy_item() -> object:
    return wrapped(types.MappingProxyType, {1: 1})[1]


@probe
def _mappingproxy_contains() -> object:
    return 1 in wrapped(types.MappingProxyType, {})


@probe
def _mappingproxy_iteration() -> object:
    return list(wrapped(types.MappingProxyType, {}))


@probe
def _mappingproxy_method() -> object:
    return wrapped(types.MappingProxyType, {}).get(1)


@probe
def _mappingproxy_union() -> object:
    return wrapped(types.MappingProxyType, {}) | {}


@probe
def _generic_alias_attribute() -> object:
    return getattr(wrapped(lambda inner: types.GenericAlias(inner, (int,)), list), "no_such", None)


@probe
def _generic_alias_call() -> object:
    return wrapped(lambda inner: types.GenericAlias(inner, (int,)), list)()


@probe
def _method_attribute() -> object:
    return getattr(wrapped(lambda inner: types.MethodType(inner, 1), len), "no_such", None)


def nested_reader(content: bytes) -> io.BufferedReader:
    """Return 3,000 readers in one another; each holds one byte, which keeps reading quick."""
    wrap = functools.partial(io.BufferedReader, buffer_size=1)
    reader: io.BufferedReader = wrapped(wrap, io.BytesIO(content), 3_000)
    return reader


@probe
def _buffered_reader_name() -> object:
    # In the end BytesIO, which has no name.
    return getattr(nested_reader(b""), "name", None)


@probe
def _buffered_reader_read() -> object:
    return nested_reader(b"a").read(1)


ITERATORS: dict[str, Callable[[Any], Iterator[Any]]] = {
    "filter": lambda inner: filter(None, inner),
    "zip": lambda inner: zip(inner, strict=False),
    "enumerate": enumerate,
    "accumulate": itertools.accumulate,
    "batched": lambda inner: itertools.batched(inner, 1),
    "chain": itertools.chain,
    "chain_from_iterable": lambda inner: itertools.chain.from_iterable(zip(inner, strict=False)),
    "compress": lambda inner: itertools.compress(inner, itertools.repeat(1)),
    "cycle": itertools.cycle,
    "dropwhile": lambda inner: itertools.dropwhile(lambda _: False, inner),
    "filterfalse": lambda inner: itertools.filterfalse(lambda _: False, inner),
    "groupby": lambda inner: (group for _, group in itertools.groupby(inner)),
    "groupby_keys": lambda inner: itertools.groupby(inner),
    "islice": lambda inner: itertools.islice(inner, None),
    "map_of_two": lambda inner: map(lambda one, _: one, inner, itertools.repeat(0)),
    "pairwise": itertools.pairwise,
    "starmap": lambda inner: itertools.starmap(lambda *a: a, inner),
    "takewhile": lambda inner: itertools.takewhile(lambda _: True, inner),
    "tee": lambda inner: itertools.tee(inner)[0],
    "zip_longest": itertools.zip_longest,
    "generator_expression": lambda inner: (item for item in inner),
    "callable_iterator": lambda inner: iter(inner.__next__, None),
}


def chain_of(make: Callable[[Any], Iterator[Any]]) -> Callable[[], object]:
    """Return a probe that takes one item through a long chain of iterators, and frees the chain."""

    def run() -> object:
        chain = wrapped(make, iter([(1,)] * 3), 50_000)
        try:
            return next(chain, None)
        finally:
            del chain

    return run


PROBES.update({f"iterator_{name}": chain_of(make) for name, make in ITERATORS.items()})


@probe
def _generators() -> object:
    def deeper(count: int) -> Generator[int, None, None]:
        yield from deeper(count + 1)

    sys.setrecursionlimit(10**6)
    return next(deeper(0))


def suspended_generators() -> Any:
    """Return the outermost of many generators that delegate to each other."""

    def delegate(inner: Any) -> Any:
        yield from inner

    sys.setrecursionlimit(10**6)
    generator: Any = iter([1, 2])
    for _ in range(DEEP):
        generator = delegate(generator)
        # Each is started at once, so that no step is deep.
    return generator


@probe
def _generator_throw() -> object:
    generator = suspended_generators()
    next(generator)
    return generator.throw(KeyError)


@probe
def _generator_close() -> object:
    generator = suspended_generators()
    next(generator)
    return generator.close()


@probe
def _coroutines() -> object:
    async def deeper() -> None:
        await deeper()

    sys.setrecursionlimit(10**6)
    return deeper().send(None)


@probe
def _json_load() -> object:
    return json.loads("[" * DEEP + "]" * DEEP)


@probe
def _json_load_objects() -> object:
    return json.loads('{"a":' * DEEP + "1" + "}" * DEEP)


@probe
def _json_default() -> object:
    return json.dumps(1j, default=lambda value: [value])


@probe
def _marshal_dump() -> object:
    return marshal.dumps(nested_tuple())


@probe
def _marshal_load() -> object:
    return marshal.loads(b"(\x01\x00\x00\x00" * DEEP + b"N")  # noqa: S302


@probe
def _pickle_load() -> object:
    return pickle.loads(b"]" * DEEP + b"a" * (DEEP - 1) + b".")


@probe
def _pickle_reduce() -> object:
    class A:
        def __reduce__(self) -> Any:
            return (list, ([A()],))

    return pickle.dumps(A())


@probe
def _pickle_in_python() -> object:
    return pickle._dumps(nested_list())  # type: ignore[attr-defined]


@probe
def _deep_copy() -> object:
    return copy.deepcopy(nested_list())


@probe
def _regular_expression() -> object:
    return re.compile("(" * 5_000 + ")" * 5_000)


@probe
def _regular_expression_match() -> object:
    return re.match("(?:a|b)*" * 3 + "c", "a" * 300 + "c")


@probe
def _inheritance() -> object:
    kind: type = object
    bottom = None
    for _ in range(1_200):
        kind = type("A", (kind,), {})
        bottom = bottom or kind
    bottom.__len__ = lambda _: 1  # type: ignore[union-attr]
    return len(kind())
