"""Futures and tasks with the methods of a JavaScript promise."""

from __future__ import annotations

import asyncio
import inspect
from typing import TYPE_CHECKING, Any

from _pyodide_core import cancel_wait

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["PyodideFuture", "PyodideTask"]

# Tasks that nobody else holds, until they are done: the event loop has weak references only.
_kept: set[asyncio.Future[Any]] = set()


class PyodideFuture[T](asyncio.Future[T]):
    """A future with the methods of a JavaScript promise; ``WebLoop.create_future`` makes it.

    The functions that the methods take are called in a task of their own, soon after this future
    is done. They may be ``async``, or return any awaitable.
    """

    def then(
        self,
        onfulfilled: Callable[[T], Any] | None,
        onrejected: Callable[[BaseException], Any] | None = None,
    ) -> PyodideFuture[Any]:
        """Have one of two functions called when this future is done.

        :param onfulfilled: gets the result
        :param onrejected: gets the exception; that of a cancelled future is CancelledError
        :returns: a future of what the function returns (what it gives, if that is awaitable) or
            raises. Where there is no function for the case, it has the outcome of this future.
        """
        return self._follow(_Then(onfulfilled, onrejected))

    def catch(self, onrejected: Callable[[BaseException], Any]) -> PyodideFuture[Any]:
        """Have *onrejected* called with the exception; the same as ``then(None, onrejected)``."""
        return self.then(None, onrejected)

    def finally_(self, onfinally: Callable[[], Any]) -> PyodideFuture[T]:
        """Have *onfinally* called without arguments when this future is done.

        :returns: a future with the outcome of this one, or with the exception that *onfinally*
            raises.
        """
        return self._follow(_Finally(onfinally))

    def _follow(self, step: _Then | _Finally) -> PyodideFuture[Any]:
        """Return a future of what *step* makes of this one."""
        loop = self.get_loop()
        result: PyodideFuture[Any] = PyodideFuture(loop=loop)

        async def follow(done: asyncio.Future[Any]) -> None:
            try:
                value = await step.run(done)
            except asyncio.CancelledError:
                result.cancel()
            except BaseException as error:  # noqa: BLE001 -- it is the outcome, whatever it is
                if not result.done():
                    result.set_exception(error)
            else:
                if not result.done():
                    result.set_result(value)

        def start(done: asyncio.Future[Any]) -> None:
            task = loop.create_task(follow(done))
            _kept.add(task)
            task.add_done_callback(_kept.discard)

        self.add_done_callback(start)
        return result


class PyodideTask[T](PyodideFuture[T], asyncio.Task[T]):
    """A task with the methods of a JavaScript promise; ``WebLoop.create_task`` makes it.

    It may block in ``run_sync``. To asyncio it runs then, and a cancellation would wait for its
    next ``await``; so what it blocks in is cancelled, as an ``await`` is.
    """

    # Cancellations that were raised in run_sync: what a Task counts besides would raise them again.
    _raised = 0

    def cancel(self, msg: Any | None = None) -> bool:
        """Have CancelledError raised where the task waits. Returns False if it is done."""
        if not self.done() and cancel_wait(self):
            self._raised += 1
            return True
        return super().cancel(msg)

    def cancelling(self) -> int:
        """Return how many cancellations `uncancel` has not taken back."""
        return super().cancelling() + self._raised

    def uncancel(self) -> int:
        """Take a cancellation back; return how many are left."""
        if self._raised:
            self._raised -= 1
        else:
            super().uncancel()
        return self.cancelling()


class _Then:
    """What follows a future: one of two functions, by its outcome."""

    def __init__(
        self,
        onfulfilled: Callable[[Any], Any] | None,
        onrejected: Callable[[BaseException], Any] | None,
    ) -> None:
        self.onfulfilled = onfulfilled
        self.onrejected = onrejected

    async def run(self, done: asyncio.Future[Any]) -> Any:
        """Return what comes of *done*, or raise it."""
        try:
            value = done.result()
        except BaseException as error:
            if self.onrejected is None:
                raise
            return await _value_of(self.onrejected(error))
        if self.onfulfilled is None:
            return value
        return await _value_of(self.onfulfilled(value))


class _Finally:
    """What follows a future: one function, whatever the outcome."""

    def __init__(self, onfinally: Callable[[], Any]) -> None:
        self.onfinally = onfinally

    async def run(self, done: asyncio.Future[Any]) -> Any:
        """Return the result of *done*, or raise it, when the function is through."""
        await _value_of(self.onfinally())
        return done.result()


async def _value_of(value: Any) -> Any:
    """Return *value*, or what it gives if it is awaitable."""
    return await value if inspect.isawaitable(value) else value
