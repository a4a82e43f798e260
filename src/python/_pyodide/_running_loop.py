"""`asyncio.run` and `asyncio.Runner` in threads whose event loop runs already.

Their own say that they cannot be called from a running event loop. That of JavaScript always runs,
and it can block until a task is done.
"""

from __future__ import annotations

import asyncio
import contextvars
from functools import wraps
from typing import TYPE_CHECKING, Any

from _pyodide_core import can_run_sync

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from pyodide.webloop import WebLoop

type Main = Coroutine[Any, Any, Any]


def install(loop_class: type[WebLoop]) -> None:
    """Have both block where the running loop is one of *loop_class*."""

    def running() -> WebLoop | None:
        loop = asyncio._get_running_loop()  # noqa: SLF001 -- unlike the public one it raises nothing
        return loop if isinstance(loop, loop_class) else None

    runner: Any = asyncio.Runner
    asyncio.run = asyncio.runners.run = _blocking_run(asyncio.run, running)
    runner.run = _blocking_runner_run(runner.run, running)
    runner._lazy_init = _beginning(runner._lazy_init, running, loop_class)  # noqa: SLF001


def _check(main: Main) -> None:
    if not asyncio.iscoroutine(main):
        raise ValueError(f"a coroutine was expected, got {main!r}")


def _block(loop: asyncio.AbstractEventLoop, main: Main, context: contextvars.Context) -> Any:
    """Run *main* as a task, which the first KeyboardInterrupt cancels, as in other loops."""
    if not can_run_sync():
        return loop.run_until_complete(main)  # raises
    task = loop.create_task(main, context=context)
    try:
        return loop.run_until_complete(task)
    except KeyboardInterrupt:
        if task.done():
            raise
    if not task.cancelling():
        task.cancel()
    try:
        return loop.run_until_complete(task)
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


def _blocking_run(
    run: Callable[..., Any], running: Callable[[], WebLoop | None]
) -> Callable[..., Any]:
    """Return an `asyncio.run` that uses the running loop, which stays as it is after it."""

    @wraps(run)
    def blocking_run(main: Main, **options: Any) -> Any:
        loop = running()
        if loop is None:
            return run(main, **options)
        _check(main)
        return _block(loop, main, contextvars.copy_context())

    return blocking_run


def _blocking_runner_run(
    run: Callable[..., Any], running: Callable[[], WebLoop | None]
) -> Callable[..., Any]:
    """Return the method of runners, which have a loop of their own."""

    @wraps(run)
    def blocking_run(self: Any, coro: Main, *, context: contextvars.Context | None = None) -> Any:
        if running() is None:
            return run(self, coro, context=context)
        _check(coro)
        self._lazy_init()
        return _block(self._loop, coro, context or self._context)

    return blocking_run


def _beginning(
    begin: Callable[[Any], None],
    running: Callable[[], WebLoop | None],
    make_loop: Callable[[], WebLoop],
) -> Callable[[Any], None]:
    """Return the method that makes a runner's loop: one that does not become everybody's."""

    @wraps(begin)
    def begin_with_loop(self: Any) -> None:
        if self._loop_factory is None and running() is not None:
            self._loop_factory = make_loop
        begin(self)

    return begin_with_loop
