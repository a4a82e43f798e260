"""Values of Python that go to JavaScript and back, chosen by Hypothesis, which runs in Coil itself.

    coil round_trips.py FOLDER_OF_WHEELS [unittest's options]

COIL_EXAMPLES says how many values each property is tried with. The seed is fixed.
"""
# ruff: noqa: E402 -- where the wheels are is an argument
# mypy: disallow-untyped-decorators=False

import math
import os
import struct
import sys
import unittest
from pathlib import Path
from typing import Any

sys.path[:0] = [str(path) for path in sorted(Path(sys.argv.pop(1)).glob("*.whl"))]

import js
from hypothesis import given, settings
from hypothesis import strategies as st
from pyodide.code import run_js
from pyodide.ffi import ConversionError, JsBigInt, JsProxy, create_proxy, jsnull, to_js

settings.register_profile(
    "coil",
    max_examples=int(os.environ.get("COIL_EXAMPLES", "100")),
    deadline=None,
    database=None,
    derandomize=True,
)
settings.load_profile("coil")

SAFE = 2**53 - 1
IDENTITY = run_js("(x) => x")

edges = st.sampled_from(
    [s * 2**n + d for n in (30, 31, 32, 53, 63, 64) for s in (1, -1) for d in (-1, 0, 1)]
)
integers = st.one_of(st.integers(), edges)
texts = st.one_of(
    st.text(st.characters(exclude_categories=())),
    st.sampled_from(["__proto__", "\0", "\ud83d\ude00"]),
)
scalars = st.one_of(st.none(), st.just(jsnull), st.booleans(), integers, st.floats(), texts)
keys = st.one_of(texts, st.integers(2, SAFE), st.none())
buffers = st.one_of(st.binary(), st.binary().map(bytearray))
values = st.recursive(
    st.one_of(scalars, buffers),
    lambda children: st.one_of(
        st.lists(children, max_size=5),
        st.lists(children, max_size=5).map(tuple),
        st.dictionaries(keys, children, max_size=5),
        st.sets(keys, max_size=5),
    ),
    max_leaves=20,
)


def expected_scalar(value: Any) -> Any:
    """Return what comes back of a *value* with nothing in it."""
    if isinstance(value, float) and value.is_integer() and abs(value) <= SAFE:
        return value if value == 0 and math.copysign(1, value) < 0 else int(value)
    if type(value) is int and abs(value) > SAFE:
        return JsBigInt(value)
    # A pair of surrogates is one character when it comes from JavaScript.
    if isinstance(value, str):
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return memoryview(value) if isinstance(value, bytes | bytearray) else value


def expected(value: Any) -> Any:
    """Return what comes back of *value*: JavaScript does not tell all types apart."""
    if isinstance(value, list | tuple):
        return [expected(item) for item in value]
    if isinstance(value, dict):
        return {expected(key): expected(item) for key, item in value.items()}
    if isinstance(value, set):
        return {expected(item) for item in value}
    return expected_scalar(value)


def same(a: Any, b: Any) -> bool:
    """Tell whether two values have the same types and content all the way down."""
    if type(a) is not type(b):
        return False
    if isinstance(a, list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    if isinstance(a, float):
        return struct.pack("d", a) == struct.pack("d", b) or (math.isnan(a) and math.isnan(b))
    return bool(a == b)


def pairs_to_map(pairs: Any) -> Any:
    """Return a Map, whose keys keep their types."""
    return js.Map.new(pairs)


class RoundTrips(unittest.TestCase):
    """What goes to JavaScript and comes back is what was sent."""

    def assert_same(self, seen: Any, wanted: Any) -> None:
        """Compare types as well as values."""
        self.assertTrue(same(seen, wanted), f"{seen!r} is not {wanted!r}")

    @given(values)
    def test_deep(self, value: Any) -> None:
        there = to_js(value, dict_converter=pairs_to_map)
        back = there.to_py() if isinstance(there, JsProxy) else there
        self.assert_same(back, expected(value))

    @given(scalars)
    def test_scalars_through_a_call(self, value: Any) -> None:
        self.assert_same(IDENTITY(value), expected(value))

    @given(values)
    def test_objects_through_a_call(self, value: Any) -> None:
        wanted = expected(value) if isinstance(value, int | float | str) else value
        seen = IDENTITY(value)
        if isinstance(value, list | tuple | dict | set | bytes | bytearray):
            self.assertIs(seen, value)
        else:
            self.assert_same(seen, wanted)

    @given(st.dictionaries(texts, scalars, max_size=8))
    def test_objects_of_javascript(self, value: Any) -> None:
        wanted = expected(value)
        try:
            there = to_js(value)
        except ConversionError:
            self.assertLess(len(wanted), len(value))  # two keys with one string
            return
        self.assertEqual(sorted(there.object_keys()), sorted(wanted))
        self.assertTrue(all(same(there.as_py_json()[key], item) for key, item in wanted.items()))

    @given(texts, scalars)
    def test_attributes(self, name: Any, value: Any) -> None:
        there = js.Object.new()
        setattr(there, f"{name}!", value)
        self.assert_same(getattr(there, f"{name}!"), expected(value))
        delattr(there, f"{name}!")
        self.assertFalse(hasattr(there, f"{name}!"))

    @given(
        st.lists(scalars, max_size=8),
        st.integers(-10, 10),
        st.integers(-10, 10),
        st.sampled_from([1, 2, -1, -3]),
    )
    def test_arrays_are_sequences(self, items: Any, start: Any, stop: Any, step: Any) -> None:
        array, model = to_js(items), expected(items)
        self.assert_same(list(array), model)
        self.assert_same(array[start:stop:step].to_py(), model[start:stop:step])
        array[start:stop] = [1, "x"]
        model[start:stop] = [1, "x"]
        self.assert_same(array.to_py(), model)
        del array[start::step]
        del model[start::step]
        self.assert_same(array.to_py(), model)

    @given(st.binary(), st.sampled_from("bBhHiIqQfd"))
    def test_buffers(self, data: Any, code: Any) -> None:
        data = data[: len(data) - len(data) % struct.calcsize(code)]
        view = memoryview(data).cast(code)
        there = to_js(view)
        self.assertEqual(there.to_bytes(), data)
        back = there.to_py()
        self.assertEqual((back.format, back.tobytes()), (code, data))
        there.assign(bytearray(data[::-1]) if code == "B" else view)
        self.assertEqual(len(there), len(view))

    @given(values)
    def test_double_proxies(self, value: Any) -> None:
        proxy = create_proxy(value)
        self.assertIs(proxy.unwrap(), value)
        proxy.destroy()


if __name__ == "__main__":
    unittest.main()
