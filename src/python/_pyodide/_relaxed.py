"""Calls that drop the arguments a function does not take, as JavaScript callers expect.

This module is imported at every start; what it needs for the first call, it imports then.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import inspect
    from collections.abc import Callable
    from typing import Any


class _Limits:
    """What a callable takes, made once for many calls."""

    def __init__(self, function: Callable[..., Any]) -> None:
        from inspect import Parameter, signature  # noqa: PLC0415

        self.signature: inspect.Signature | None
        try:
            self.signature = signature(function)
        except ValueError:  # a builtin that does not tell: it gets everything
            self.signature = None
            return
        kinds = {name: p.kind for name, p in self.signature.parameters.items()}
        either = Parameter.POSITIONAL_OR_KEYWORD
        positional = [k for k in kinds.values() if k in {Parameter.POSITIONAL_ONLY, either}]
        self.positional = None if Parameter.VAR_POSITIONAL in kinds.values() else len(positional)
        self.any_keyword = Parameter.VAR_KEYWORD in kinds.values()
        self.keywords = {n for n, k in kinds.items() if k in {Parameter.KEYWORD_ONLY, either}}

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
    from functools import wraps  # noqa: PLC0415
    from inspect import iscoroutinefunction, markcoroutinefunction  # noqa: PLC0415

    limits = _Limits(function)

    @wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> T:
        args, kwargs = limits.cut(args, kwargs)
        return function(*args, **kwargs)

    if iscoroutinefunction(function):
        return markcoroutinefunction(wrapper)
    return wrapper
