"""JavaScript functions and objects with Python signatures: ``JsProxy.bind_sig`` and ``bind_class``.

A signature says for each argument and for the result how it is converted. Its annotations are
`Default`, `Deep`, `Json`, a subclass of `BindClass`, or ``Annotated[T, ...]`` with one of these.
Everything else means `Default`. Experimental, as it is in the API that this follows.

::

    class Point(BindClass):
        tags: Deep                                     # an attribute that is read as a list
        def move(self, to: Json, /, *, steps: int) -> Point: ...

    point = js.point.bind_class(Point)
    point.move({"x": 1}, steps=2).tags
"""

from __future__ import annotations

import asyncio
import inspect
from typing import TYPE_CHECKING, Annotated, Any, get_args, get_origin, get_type_hints
from weakref import WeakKeyDictionary

from _pyodide_core import JsProxy, to_js

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["BindClass", "Deep", "Default", "Json", "bind_class", "bind_sig"]

_Parameter = inspect.Parameter
_IN_OBJECT = (_Parameter.KEYWORD_ONLY, _Parameter.VAR_KEYWORD)


class Default:
    """The conversion of every call: immutable values are converted, others become proxies."""

    @staticmethod
    def to_js(value: Any) -> Any:
        """Return what is passed to JavaScript for *value*."""
        return value.js_proxy if isinstance(value, (BoundFunction, BoundObject)) else value

    @staticmethod
    def to_py(value: Any) -> Any:
        """Return what Python gets for *value*."""
        return value


class Deep(Default):
    """A conversion of containers with all that is in them, as `to_js` and `to_py` do it."""

    @staticmethod
    def to_js(value: Any) -> Any:
        """Return a copy made of JavaScript's containers."""
        return to_js(Default.to_js(value))

    @staticmethod
    def to_py(value: Any) -> Any:
        """Return a copy made of Python's containers."""
        return value.to_py() if isinstance(value, JsProxy) else value


class Json(Default):
    """Plain objects and arrays: copied for JavaScript, seen as mappings and lists by Python."""

    @staticmethod
    def to_js(value: Any) -> Any:
        """Return a copy whose dicts are plain objects, whatever options are in effect."""
        import js  # noqa: PLC0415 -- registered by JavaScript after this module was imported

        return to_js(Default.to_js(value), dict_converter=js.Object.fromEntries)

    @staticmethod
    def to_py(value: Any) -> Any:
        """Return a view of the object: see ``JsProxy.as_py_json``."""
        return value.as_py_json() if isinstance(value, JsProxy) else value


class BindClass:
    """Base of classes that say how an object of JavaScript is used; they have no instances.

    Annotated attributes and the signatures of methods count, those of base classes included. With
    ``__call__``, the object can be called. What a class does not name is as without it.
    """

    def __new__(cls) -> BindClass:  # noqa: PYI034 -- it returns nothing
        raise TypeError(f"{cls.__name__} has no instances; use JsProxy.bind_class({cls.__name__})")


def _conversion_for(annotation: Any) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
    """Return the functions that convert to JavaScript and to Python for *annotation*."""
    kinds = get_args(annotation)[1:] if get_origin(annotation) is Annotated else (annotation,)
    for kind in kinds:
        if isinstance(kind, type) and issubclass(kind, Default):
            return kind.to_js, kind.to_py
        if isinstance(kind, type) and issubclass(kind, BindClass):
            return Default.to_js, lambda value, cls=kind: _bind_if_object(value, cls)
    return Default.to_js, Default.to_py


def _bind_if_object(value: Any, cls: type) -> Any:
    """Return *value* bound to *cls*; as it is when it is no object of JavaScript."""
    return bind_class(value, cls) if isinstance(value, JsProxy) else value


class _Call:
    """A signature, made ready for calls."""

    def __init__(self, function: Callable[..., Any], *, method: bool = False) -> None:
        signature = inspect.signature(function, eval_str=True)
        parameters = list(signature.parameters.values())[method:]
        self.signature = signature.replace(parameters=parameters)
        self.to_js = {p.name: _conversion_for(p.annotation)[0] for p in parameters}
        self.to_py = _conversion_for(signature.return_annotation)[1]

    def arguments(
        self, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[list[Any], dict[str, Any]]:
        """Return the converted arguments: positional ones, and those for the trailing object.

        Raises TypeError when the signature does not allow them.
        """
        given = self.signature.bind(*args, **kwargs).arguments
        positional: list[Any] = []
        options: dict[str, Any] = {}
        length = 0  # without what was left out at the end
        for parameter in self.signature.parameters.values():
            name, convert = parameter.name, self.to_js[parameter.name]
            values = given.get(name, ())
            if parameter.kind is _Parameter.VAR_POSITIONAL:
                positional += map(convert, values)
            elif parameter.kind is _Parameter.VAR_KEYWORD:
                options.update((key, convert(value)) for key, value in dict(values).items())
            elif parameter.kind is _Parameter.KEYWORD_ONLY:
                if name in given:
                    options[name] = convert(values)
                continue
            else:
                positional.append(convert(values) if name in given else None)
            if name in given and parameter.kind not in _IN_OBJECT:
                length = len(positional)
        return positional[:length], options

    def __call__(self, target: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call *target* with the arguments and return its result, all converted.

        Of a promise, what it gives is converted.
        """
        positional, options = self.arguments(args, kwargs)
        result = target(*positional, **options)
        if isinstance(result, asyncio.Future):
            return _then(result, self.to_py)
        return self.to_py(result)


def _then(future: Any, convert: Callable[[Any], Any]) -> Any:
    """Return a future of what *convert* makes of the result of *future*."""
    return future.then(convert)


class BoundFunction:
    """A function of JavaScript with a signature.

    ``js_proxy`` is the function itself, and all attributes are read from it.
    """

    __slots__ = ("_call", "js_proxy")

    def __init__(self, js_proxy: JsProxy, call: _Call) -> None:
        self.js_proxy = js_proxy
        self._call = call

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function; raise TypeError when the signature does not allow the arguments."""
        return self._call(self.js_proxy, args, kwargs)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.js_proxy, name)

    def __eq__(self, other: object) -> bool:
        return bool(self.js_proxy == Default.to_js(other))

    __hash__ = None  # type: ignore[assignment]  # as objects of JavaScript

    def __repr__(self) -> str:
        return repr(self.js_proxy)


class _Class:
    """What a class says of an object of JavaScript."""

    def __init__(self, cls: type) -> None:
        self.attributes = {
            name: _conversion_for(annotation)
            for name, annotation in get_type_hints(cls, include_extras=True).items()
        }
        self.methods = {
            name: _Call(function, method=True)
            for base in reversed(cls.__mro__)
            if base not in {object, BindClass}
            for name, function in vars(base).items()
            if inspect.isfunction(function)
        }


_classes: WeakKeyDictionary[type, _Class] = WeakKeyDictionary()


class BoundObject:
    """An object of JavaScript that is used as a class says.

    ``js_proxy`` is the object itself.
    """

    __slots__ = ("_class", "js_proxy")

    js_proxy: JsProxy
    _class: _Class

    def __init__(self, js_proxy: JsProxy, cls: _Class) -> None:
        object.__setattr__(self, "js_proxy", js_proxy)
        object.__setattr__(self, "_class", cls)

    def __getattr__(self, name: str) -> Any:
        value = getattr(self.js_proxy, name)
        if name in self._class.methods:
            return BoundFunction(value, self._class.methods[name])
        if name in self._class.attributes:
            return self._class.attributes[name][1](value)
        return value

    def __setattr__(self, name: str, value: Any) -> None:
        convert = (
            self._class.attributes[name][0] if name in self._class.attributes else Default.to_js
        )
        setattr(self.js_proxy, name, convert(value))

    def __delattr__(self, name: str) -> None:
        delattr(self.js_proxy, name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the object by the signature of ``__call__`` in its class, if there is one."""
        call = self._class.methods.get("__call__")
        if call is not None:
            return call(self.js_proxy, args, kwargs)
        function: Any = self.js_proxy
        return function(*args, **kwargs)

    def __eq__(self, other: object) -> bool:
        return bool(self.js_proxy == Default.to_js(other))

    __hash__ = None  # type: ignore[assignment]  # as objects of JavaScript

    def __repr__(self) -> str:
        return repr(self.js_proxy)


def bind_sig(jsproxy: JsProxy, signature: Callable[..., Any]) -> BoundFunction:
    """Return a function that calls *jsproxy* with the conversions of *signature*.

    :param jsproxy: a function of JavaScript
    :param signature: a function of Python that is never called. Keyword-only parameters go into
        one trailing object, all others are positional. What a promise gives is converted like
        another result.

    Raises TypeError when *signature* is not callable, NameError for an annotation that is
    text and cannot be evaluated.
    """
    return BoundFunction(jsproxy, _Call(signature))


def bind_class(jsproxy: JsProxy, cls: type) -> BoundObject:
    """Return an object that uses *jsproxy* as *cls*, a subclass of `BindClass`, says.

    Raises TypeError when *cls* is another type.
    """
    checked: object = cls
    if not (isinstance(checked, type) and issubclass(checked, BindClass)):
        raise TypeError(f"bind_class() takes a subclass of BindClass, not {cls!r}")
    described = _classes.get(cls)
    if described is None:
        described = _classes[cls] = _Class(cls)
    return BoundObject(jsproxy, described)
