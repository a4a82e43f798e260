"""The part of ``run_sync`` for awaitables of Python; promises are waited for in C."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from _pyodide_core import current_fiber, wait_for_future, wake_fiber

if TYPE_CHECKING:
    from collections.abc import Awaitable


def result_of[T](awaitable: Awaitable[T]) -> T:
    """Suspend the running fiber until *awaitable* is done; return its result or raise.

    A coroutine becomes a task of the event loop that JavaScript drives, whichever thread this is.
    It is cancelled when the wait is interrupted.
    """
    future = _future_of(awaitable)
    if future is _current_task():
        raise RuntimeError(f"Task cannot await on itself: {future!r}")
    if not future.done():
        fiber = current_fiber()

        def wake(_: object) -> None:
            wake_fiber(fiber)

        future.add_done_callback(wake)
        try:
            while not future.done():
                wait_for_future(future)
        except BaseException:
            future.remove_done_callback(wake)
            future.cancel()
            raise
    return future.result()


def _current_task() -> asyncio.Task[Any] | None:
    """Return the task that runs here; None outside of all event loops."""
    try:
        return asyncio.current_task()
    except RuntimeError:
        return None


def _future_of[T](awaitable: Awaitable[T]) -> asyncio.Future[T]:
    if asyncio.isfuture(awaitable):
        return awaitable
    from pyodide.webloop import main_loop  # noqa: PLC0415 -- it imports this package

    loop: Any = main_loop()
    return asyncio.ensure_future(awaitable, loop=loop)
