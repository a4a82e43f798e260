"""Runs of code that can be interrupted: by an AbortSignal, or when their time is over."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from _pyodide_core import current_fiber, interrupt_fiber

from ._base import INTERRUPTED, eval_code_async

if TYPE_CHECKING:
    from types import TracebackType


class InterruptibleRun(Coroutine[Any, Any, Any]):
    """A coroutine into which `interrupt` raises KeyboardInterrupt, wherever it is.

    While it computes or blocks, its fiber is interrupted; while it awaits, the await ends. The code
    may catch the exception and go on.
    """

    def __init__(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        self._coroutine = coroutine
        self._fiber: int | None = None
        self._is_interrupted = False
        self._task: asyncio.Task[Any] | None = None

    def start(self) -> asyncio.Task[Any]:
        """Return the task that runs it."""
        self._task = asyncio.get_event_loop().create_task(self)
        return self._task

    def interrupt(self) -> None:
        """Raise KeyboardInterrupt in the code, unless it has ended."""
        if self._task is None or self._task.done():
            return
        if self._fiber is not None:
            interrupt_fiber(self._fiber)
            return
        self._is_interrupted = True
        self._task.cancel()

    def __await__(self) -> InterruptibleRun:
        """Return the iterator that tasks and ``await`` use."""
        return self

    def __iter__(self) -> InterruptibleRun:
        """Return itself."""
        return self

    def __next__(self) -> Any:
        """Go on until the next await."""
        return self.send(None)

    def send(self, value: Any) -> Any:
        """Go on with *value* as the result of an await."""
        self._fiber = current_fiber()
        try:
            return self._coroutine.send(value)
        finally:
            self._fiber = None

    def throw(
        self,
        typ: type[BaseException] | BaseException,
        val: BaseException | object = None,
        tb: TracebackType | None = None,
    ) -> Any:
        """Raise an exception at the await."""
        del val
        error = typ if isinstance(typ, BaseException) else typ()
        if self._is_interrupted and isinstance(error, asyncio.CancelledError):
            self._is_interrupted = False
            if self._task is not None:
                self._task.uncancel()
            error = KeyboardInterrupt()
        self._fiber = current_fiber()
        try:
            return self._coroutine.throw(error.with_traceback(tb))
        finally:
            self._fiber = None

    def close(self) -> None:
        """End it."""
        self._coroutine.close()


def begin_run(
    source: str,
    globals: dict[str, Any],  # noqa: A002
    locals: Any,  # noqa: A002
    **options: Any,
) -> InterruptibleRun:
    """Return the run of `eval_code_async` with these arguments; ``start`` makes it begin."""
    return InterruptibleRun(eval_code_async(source, globals, locals, **options))


def _number(task: asyncio.Task[Any]) -> int:
    """Return the number that asyncio has given to a task, 0 for one with a name of its own."""
    number = task.get_name().removeprefix("Task-")
    return int(number) if number.isdecimal() else 0


def interrupt_newest() -> None:
    """Cancel the newest task of `eval_code_async`, which then ends with KeyboardInterrupt.

    That is how Ctrl-C ends an ``asyncio.run()``. Without such a task there is nothing to end.
    """
    code = eval_code_async.__code__
    tasks = asyncio.all_tasks(asyncio.get_event_loop())
    runs = [task for task in tasks if getattr(task.get_coro(), "cr_code", None) is code]
    if runs:
        max(runs, key=_number).cancel(INTERRUPTED)
