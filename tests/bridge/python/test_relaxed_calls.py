"""Calls that drop what a function does not take: relaxed_call and relaxed_wrap."""

from __future__ import annotations

import inspect
import unittest
from typing import Any

import fake_core  # noqa: F401 -- makes the packages importable
from pyodide.code import relaxed_call, relaxed_wrap


def plain(a: Any, b: Any = 2, *, c: Any = 3) -> tuple[Any, ...]:
    """Take one to three arguments."""
    return a, b, c


class RelaxedCallTest(unittest.TestCase):
    """Which arguments arrive."""

    def test_surplus_is_dropped(self) -> None:
        self.assertEqual(relaxed_call(plain, 1, 5, 6, 7), (1, 5, 3))
        self.assertEqual(relaxed_call(plain, 1, c=4, d=5), (1, 2, 4))
        self.assertEqual(relaxed_call(lambda: 1, 1, 2, x=3), 1)

    def test_missing_is_an_error(self) -> None:
        with self.assertRaisesRegex(TypeError, "missing a required argument: 'a'"):
            relaxed_call(plain)
        with self.assertRaisesRegex(TypeError, "multiple values"):
            relaxed_call(plain, 1, a=2)

    def test_takers_of_everything_get_everything(self) -> None:
        self.assertEqual(relaxed_call(lambda a, *args: (a, args), 1, 2, 3, k=4), (1, (2, 3)))
        self.assertEqual(relaxed_call(lambda a, **kw: (a, kw), 1, 2, k=3), (1, {"k": 3}))

    def test_positional_only(self) -> None:
        def function(a: Any, /, b: Any = 0) -> tuple[Any, Any]:
            return a, b

        self.assertEqual(relaxed_call(function, 1, a=5, b=6), (1, 6))
        with self.assertRaisesRegex(TypeError, "missing a required"):
            relaxed_call(function, a=5)

    def test_methods_and_classes(self) -> None:
        class Point:
            def __init__(self, x: int) -> None:
                self.x = x

            def add(self, y: int) -> int:
                return self.x + y

        self.assertEqual(relaxed_call(Point, 1, 2).x, 1)
        self.assertEqual(relaxed_call(Point(3).add, 4, 5), 7)

    def test_builtins(self) -> None:
        self.assertEqual(relaxed_call(len, "abc", 5), 3)
        self.assertEqual(relaxed_call(max, 1, 5), 5)  # tells nothing of its arguments: gets all

    def test_not_callable(self) -> None:
        for call in (relaxed_call, relaxed_wrap):
            with self.subTest(call=call), self.assertRaises(TypeError):
                call(5)  # type: ignore[arg-type]


class RelaxedWrapTest(unittest.TestCase):
    """The wrapper."""

    def test_calls(self) -> None:
        wrapped = relaxed_wrap(plain)
        self.assertEqual(wrapped(1, 2, 3, 4, d=5), (1, 2, 3))
        self.assertEqual((wrapped.__name__, wrapped.__doc__), ("plain", plain.__doc__))

    def test_coroutine_functions_stay_such(self) -> None:
        async def function(a: int) -> int:
            return a

        wrapped = relaxed_wrap(function)
        self.assertTrue(inspect.iscoroutinefunction(wrapped))
        self.assertFalse(inspect.iscoroutinefunction(relaxed_wrap(plain)))
        with self.assertRaises(StopIteration) as caught:
            wrapped(1, 2).send(None)
        self.assertEqual(caught.exception.value, 1)


if __name__ == "__main__":
    unittest.main()
