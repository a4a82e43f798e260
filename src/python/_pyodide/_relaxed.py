"""Calls that drop the arguments a function does not take, as JavaScript callers expect."""

from __future__ import annotations

import inspect
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
T = TypeVar("T")

_POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
_BY_KEYWORD = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)


class _Limits:
    """What a callable takes, made once for many calls."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.signature: inspect.Signature | None
        try:
            self.signature = inspect.signature(function)
        except ValueError:  # a builtin that does not tell: it gets everything
            self.signature = None
            return
        kinds = [parameter.kind for parameter in self.signature.parameters.values()]
        self.positional: int | None = sum(kind in _POSITIONAL for kind in kinds)
        if inspect.Parameter.VAR_POSITIONAL in kinds:
            self.positional = None
        self.any_keyword = inspect.Parameter.VAR_KEYWORD in kinds
        self.keywords = {
            name
            for name, parameter in self.signature.parameters.items()
            if parameter.kind in _BY_KEYWORD
        }

    def cut(
        self, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Return the arguments that the callable takes.

        Raises TypeError when one that it needs is not among them.
        """
        if self.signature is None:
            return args, kwargs
        args = args[: self.positional]
        if not self.any_keyword:
            kwargs = {name: value for name, value in kwargs.items() if name in self.keywords}
        self.signature.bind(*args, **kwargs)
        return args, kwargs


def relaxed_call[T](function: Callable[..., T], /, *args: Any, **kwargs: Any) -> T:
    """Call *function* without the surplus of *args* and the keywords that it does not know.

    Returns its result. Raises TypeError when *function* is not callable or an argument that it
    needs is missing.
    """
    args, kwargs = _Limits(function).cut(args, kwargs)
    return function(*args, **kwargs)


def relaxed_wrap[**P, T](function: Callable[P, T], /) -> Callable[..., T]:
    """Return a function that calls *function* as `relaxed_call` does. It can be a decorator.

    Raises TypeError when *function* is not callable.
    """
    limits = _Limits(function)

    @wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> T:
        args, kwargs = limits.cut(args, kwargs)
        return function(*args, **kwargs)

    if inspect.iscoroutinefunction(function):
        return inspect.markcoroutinefunction(wrapper)
    return wrapper
