"""JavaScript functions and objects with Python signatures: _pyodide.jsbind."""

from __future__ import annotations

import sys
import types
import unittest
from typing import Annotated, Any

import fake_core  # noqa: F401 -- makes the packages importable
from _pyodide.jsbind import BindClass, BoundObject, Deep, Default, Json, bind_class, bind_sig
from fake_core import JsProxy
from pyodide.webloop import PyodideFuture

FROM_ENTRIES = object()


class Data(JsProxy):
    """An object with content."""

    def __init__(self, content: Any) -> None:
        super().__init__(types.SimpleNamespace())
        object.__setattr__(self, "content", content)

    def to_py(self) -> Any:
        """Return a copy."""
        return ("copy", self.content)

    def as_py_json(self) -> Any:
        """Return a view."""
        return ("view", self.content)


def echo(*args: Any, **kwargs: Any) -> Any:
    """Return the arguments, as a function of JavaScript gets them."""
    return args, kwargs


class Point(BindClass):
    """What a point is like."""

    tags: Deep
    plain: Any

    def get(self) -> Json:
        """Return data."""
        raise NotImplementedError

    def move(self, to: Deep, /, *, steps: Deep = ...) -> Any:
        """Return its arguments."""

    def next(self) -> Point:
        """Return another one."""
        raise NotImplementedError


class Point3(Point):
    """A point in space."""

    plain: Deep

    def __call__(self, x: Deep, /) -> Deep:
        raise NotImplementedError


class BindSigTest(unittest.TestCase):
    """Functions."""

    def setUp(self) -> None:
        scope: Any = JsProxy(
            types.SimpleNamespace(Object=types.SimpleNamespace(fromEntries=FROM_ENTRIES))
        )
        sys.modules["js"] = scope
        self.addCleanup(sys.modules.pop, "js")
        self.function: Any = JsProxy(echo)

    def test_arguments(self) -> None:
        def signature(
            a: Any,
            b: Deep,
            /,
            c: Annotated[dict[str, int], Json],
            *rest: Deep,
            d: Default,
            e: Deep = ...,
            **more: Deep,
        ) -> Any: ...

        bound = bind_sig(self.function, signature)
        args, kwargs = bound([1], [2], {"k": 3}, [4], [5], d=[6], f=[7])
        json = ("js", {"k": 3}, {"dict_converter": FROM_ENTRIES})
        self.assertEqual(args, ([1], ("js", [2]), json, ("js", [4]), ("js", [5])))
        self.assertEqual(kwargs, {"d": [6], "f": ("js", [7])})
        self.assertEqual(bound(1, 2, 3, d=4, e=5)[1], {"d": 4, "e": ("js", 5)})

    def test_what_the_signature_refuses(self) -> None:
        bound = bind_sig(self.function, lambda a, /, *, b: None)
        for args, kwargs in (
            ((), {"b": 1}),
            ((1, 2), {"b": 1}),
            ((1,), {}),
            ((1,), {"a": 1, "b": 1}),
        ):
            with self.subTest(args=args, kwargs=kwargs), self.assertRaises(TypeError):
                bound(*args, **kwargs)
        with self.assertRaises(TypeError):
            bind_sig(self.function, 5)  # type: ignore[arg-type]

    def test_left_out_arguments(self) -> None:
        bound = bind_sig(self.function, lambda a=1, b=2, c=3: None)
        self.assertEqual(bound(), ((), {}))
        self.assertEqual(bound(5), ((5,), {}))
        self.assertEqual(bound(c=5), ((None, None, 5), {}))

    def test_results(self) -> None:
        data = Data(5)
        function: Any = JsProxy(lambda: data)

        def deep() -> Deep: ...  # type: ignore[empty-body]
        def json() -> Json: ...  # type: ignore[empty-body]
        def plain() -> Any: ...
        def point() -> Point: ...  # type: ignore[empty-body]

        self.assertEqual(bind_sig(function, deep)(), ("copy", 5))
        self.assertEqual(bind_sig(function, json)(), ("view", 5))
        self.assertIs(bind_sig(function, plain)(), data)
        self.assertIsInstance(bind_sig(function, point)(), BoundObject)
        number: Any = JsProxy(lambda: 7)
        for signature in (deep, json, plain, point):
            self.assertEqual(bind_sig(number, signature)(), 7)

    def test_bound_function_is_the_function(self) -> None:
        bound = bind_sig(self.function, lambda: None)
        self.assertIs(bound.js_proxy, self.function)
        self.assertEqual(bound, self.function)
        self.assertEqual(bound.typeof, "function")
        argument = bind_sig(self.function, lambda x: None)(bound)
        self.assertIs(argument[0][0], self.function)


class PromiseTest(unittest.IsolatedAsyncioTestCase):
    """Functions that return promises."""

    async def test_what_it_gives_is_converted(self) -> None:
        future: PyodideFuture[Any] = PyodideFuture()
        function: Any = JsProxy(lambda: future)

        async def signature() -> Deep: ...  # type: ignore[empty-body]

        result = bind_sig(function, signature)()
        future.set_result(Data(1))
        self.assertEqual(await result, ("copy", 1))


class BindClassTest(unittest.TestCase):
    """Objects."""

    def setUp(self) -> None:
        self.target = types.SimpleNamespace(
            tags=Data(1), plain=Data(2), other=Data(3), get=lambda: Data(4), move=echo
        )
        self.target.next = lambda: self.object
        self.object: Any = JsProxy(self.target)
        self.bound: Any = self.bind(Point)

    def bind(self, cls: Any) -> Any:
        """Bind the object to a class."""
        return bind_class(self.object, cls)

    def test_attributes(self) -> None:
        self.assertEqual(self.bound.tags, ("copy", 1))
        self.assertIs(self.bound.plain, self.target.plain)
        self.assertIs(self.bound.other, self.target.other)
        self.bound.tags = [1]
        self.bound.other = [2]
        self.assertEqual((self.target.tags, self.target.other), (("js", [1]), [2]))
        with self.assertRaises(AttributeError):
            _ = self.bound.nope

    def test_methods(self) -> None:
        self.assertEqual(self.bound.get(), ("view", 4))
        self.assertEqual(self.bound.move([1], steps=[2]), ((("js", [1]),), {"steps": ("js", [2])}))
        with self.assertRaises(TypeError):
            self.bound.move()
        self.assertEqual(self.bound.next().next().tags, ("copy", 1))
        self.assertEqual(self.bound.next(), self.object)

    def test_inherited(self) -> None:
        bound: Any = bind_class(self.object, Point3)
        self.assertEqual((bound.tags, bound.plain), (("copy", 1), ("copy", 2)))
        self.assertEqual(bound.get(), ("view", 4))

    def test_calls(self) -> None:
        function: Any = JsProxy(Data)
        self.assertEqual(bind_class(function, Point3)([1]), ("copy", ("js", [1])))
        self.assertEqual(bind_class(function, Point)([1]).content, [1])

    def test_wrong_classes(self) -> None:
        wrong: tuple[Any, ...] = (int, 5, Point.get)
        for cls in wrong:
            with self.subTest(cls=cls), self.assertRaises(TypeError):
                bind_class(self.object, cls)
        with self.assertRaisesRegex(TypeError, "no instances"):
            Point()


if __name__ == "__main__":
    unittest.main()
