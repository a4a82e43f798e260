"""asyncio on the event loop of JavaScript.

There is one `WebLoop` in the main thread. It always runs: JavaScript calls it when something is
due. So `asyncio.get_running_loop` works everywhere, and ``run_forever`` has nothing to do.
"""

from __future__ import annotations

import asyncio
import heapq
import math
import sys
import threading
from collections import deque
from itertools import count
from typing import TYPE_CHECKING, Any

from _pyodide import _running_loop
from _pyodide._promise_future import PyodideFuture, PyodideTask
from _pyodide._start import take_wanted_loop
from _pyodide._unavailable_loop import UnavailableLoop
from _pyodide_core import (
    attach_loop,
    can_run_sync,
    cancel_callback,
    run_sync,
    schedule_callback,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine
    from concurrent.futures import Executor
    from contextvars import Context

__all__ = ["PyodideFuture", "PyodideTask", "WebLoop", "WebLoopPolicy"]

# Documented for event loops; unlike the public one, the first raises nothing without a loop.
_get_running_loop = asyncio._get_running_loop  # noqa: SLF001
_set_running_loop = asyncio._set_running_loop  # noqa: SLF001

# Wake-ups are timers of JavaScript; a number that is no time for one is replaced by this.
_LONGEST_MS = 2.0**53


class WebLoop(UnavailableLoop, asyncio.BaseEventLoop):
    """An event loop whose callbacks are called by that of JavaScript.

    Callbacks run in the order of the times at which they are due, and for the same time in the
    order in which they were asked for. Those that are due at one moment share one turn of
    JavaScript's loop; what they ask for comes in a later turn.

    What cannot be done raises NotImplementedError and says why.
    """

    def __init__(self, *, enable_run_until_complete: bool = True) -> None:
        super().__init__()
        self._blocks = enable_run_until_complete
        self._due: deque[asyncio.Handle] = deque()
        self._timers: list[tuple[float, int, asyncio.TimerHandle]] = []
        self._cancelled_timers = 0
        self._next_number = count().__next__
        # Handles of the calls that JavaScript owes: for what is due (0: none), and for a timer.
        self._turn = 0
        self._alarm = 0
        self._alarm_time = math.inf

    def __del__(self) -> None:
        """Do nothing: there is nothing to close, so that no warning is due."""

    def set_debug(self, enabled: bool) -> None:
        """Set what `get_debug` returns; with True, futures note where they were made."""
        self._debug = enabled

    # -- Callbacks

    def call_soon[*Ts](
        self, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.Handle:
        """Have *callback* called with *args* in one of the next turns of the loop."""
        handle = asyncio.Handle(callback, args, self, context)
        if self._timers:
            self._collect_timers()  # those that are due by now come first
        self._due.append(handle)
        if not self._turn:
            self._turn = schedule_callback(self._take_turn, 0)
        return handle

    call_soon_threadsafe = call_soon  # JavaScript runs one thread at a time

    def call_later[*Ts](
        self,
        delay: float,
        callback: Callable[[*Ts], object],
        *args: *Ts,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        """Have *callback* called with *args* in *delay* seconds."""
        return self.call_at(self.time() + delay, callback, *args, context=context)

    def call_at[*Ts](
        self,
        when: float,
        callback: Callable[[*Ts], object],
        *args: *Ts,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        """Have *callback* called with *args* when `time` is *when*."""
        if math.isnan(when):
            raise ValueError("the time of a callback is not a number")
        handle = asyncio.TimerHandle(when, callback, args, self, context)
        heapq.heappush(self._timers, (when, self._next_number(), handle))
        handle._scheduled = True  # type: ignore[attr-defined]  # noqa: SLF001 -- it reports cancel()
        self._set_alarm()
        return handle

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """Forget a timer, called when it is about to be cancelled.

        The next one goes at once, since an alarm for it would keep Node from ending; the others
        when half of all are cancelled.
        """
        timers = self._timers
        if not handle._scheduled:  # type: ignore[attr-defined]  # noqa: SLF001 -- due already
            return
        if timers[0][2] is handle:
            heapq.heappop(timers)
            while timers and timers[0][2].cancelled():
                heapq.heappop(timers)
                self._cancelled_timers -= 1
            self._set_alarm()
            return
        self._cancelled_timers += 1
        if self._cancelled_timers * 2 > len(timers):
            self._timers = [
                timer for timer in timers if timer[2] is not handle and not timer[2].cancelled()
            ]
            heapq.heapify(self._timers)
            self._cancelled_timers = 0

    def _collect_timers(self) -> None:
        """Move the timers that are due to the callbacks that are."""
        timers = self._timers
        now = self.time()
        while timers and timers[0][0] <= now:
            handle = heapq.heappop(timers)[2]
            handle._scheduled = False  # type: ignore[attr-defined]  # noqa: SLF001
            if handle.cancelled():
                self._cancelled_timers -= 1
            else:
                self._due.append(handle)

    def _set_alarm(self) -> None:
        """Have JavaScript call when the next timer is due; not at all without one."""
        when = self._timers[0][0] if self._timers else math.inf
        if when == self._alarm_time:
            return
        if self._alarm:
            cancel_callback(self._alarm)
            self._alarm = 0
        self._alarm_time = when
        if when < math.inf:
            milliseconds = min((when - self.time()) * 1000, _LONGEST_MS)
            self._alarm = schedule_callback(self._ring, max(0, math.ceil(milliseconds)))

    def _ring(self) -> None:
        """Run what is due, called by a timer of JavaScript."""
        self._alarm = 0
        self._alarm_time = math.inf
        self._run_due()

    def _take_turn(self) -> None:
        """Run what is due, called by the loop of JavaScript."""
        self._turn = 0
        self._run_due()

    def _run_due(self) -> None:
        """Run the callbacks that are due now.

        A callback may block, and then other calls of JavaScript come before it goes on. So before
        each of them, JavaScript must owe a call for what is left.
        """
        if self._timers:
            self._collect_timers()
        self._set_alarm()
        for _ in range(len(self._due)):
            if not self._due:  # another call has run them while a callback was blocked
                return
            handle = self._due.popleft()
            if handle.cancelled():
                continue
            if self._due and not self._turn:
                self._turn = schedule_callback(self._take_turn, 0)
            self._run_handle(handle)

    def _run_handle(self, handle: asyncio.Handle) -> None:
        """Run one callback; whatever it raises goes to the exception handler and not to JavaScript.

        SystemExit and KeyboardInterrupt of a task are in the task already, for those who await it.
        Of several loops the newest runs what JavaScript calls, and each its own callbacks.
        """
        former = _get_running_loop()
        if former is not self:
            _set_running_loop(self)
        try:
            handle._run()  # noqa: SLF001 -- as every event loop does
        except (SystemExit, KeyboardInterrupt) as error:
            callback: Any = handle._callback  # type: ignore[attr-defined]  # noqa: SLF001
            if not isinstance(getattr(callback, "__self__", None), asyncio.Task):
                self.call_exception_handler(
                    {
                        "message": f"{type(error).__name__} in a callback; the loop goes on",
                        "exception": error,
                        "handle": handle,
                    }
                )
        finally:
            latest = _loops[0] if _loops else former
            if latest is not self:
                _set_running_loop(latest)

    # -- Futures and tasks

    def create_future(self) -> PyodideFuture[Any]:
        """Return a new future."""
        return PyodideFuture(loop=self)

    def create_task[T](self, coro: Coroutine[Any, Any, T], **kwargs: Any) -> asyncio.Task[T]:
        """Return a new task for *coro*: a `PyodideTask`, unless a task factory is set.

        The keywords are those of `asyncio.create_task`: *name* and *context*.
        """
        if self.get_task_factory() is not None:
            return super().create_task(coro, **kwargs)
        return PyodideTask(coro, loop=self, **kwargs)

    # -- The life of the loop, which is that of the program

    def is_running(self) -> bool:
        """Return True: JavaScript runs the loop."""
        return True

    def is_closed(self) -> bool:
        """Return False."""
        return False

    def run_forever(self) -> None:
        """Do nothing: the loop runs anyway."""

    def stop(self) -> None:
        """Do nothing: JavaScript's loop cannot be stopped."""

    def close(self) -> None:
        """Do nothing: JavaScript's loop cannot be closed."""

    def run_until_complete[T](self, future: Awaitable[T]) -> T:
        """Block until *future* is done and return its result or raise its exception.

        A coroutine becomes a task first. It works inside of other tasks, too; the others go on.

        Raises RuntimeError where nothing can block (see `pyodide.ffi.can_run_sync`). When
        ``loadPyodide`` was called with ``enableRunUntilComplete: false``, it does not block at
        all, but returns the task.
        """
        if not self._blocks:
            return asyncio.ensure_future(future, loop=self)  # type: ignore[return-value]
        if isinstance(future, asyncio.Future) and future.done():
            result: T = future.result()
            return result
        if not can_run_sync():
            if asyncio.iscoroutine(future):
                future.close()
            raise RuntimeError(
                "This call cannot block until a future is done: either the JavaScript engine has "
                "no stack switching, or JavaScript called Python synchronously. Use await; or have "
                "JavaScript call by runPythonAsync() or callPromising()."
            )
        return run_sync(asyncio.ensure_future(future, loop=self))

    async def shutdown_asyncgens(self) -> None:
        """Close all asynchronous generators that were begun and not ended."""
        await super().shutdown_asyncgens()
        self._asyncgens_shutdown_called = False  # the loop goes on, and so may new ones begin

    async def shutdown_default_executor(self, timeout: float | None = None) -> None:  # noqa: ASYNC109
        """Wait until the threads of the default executor have ended, *timeout* seconds at most."""
        await super().shutdown_default_executor(timeout)
        self._executor_shutdown_called = False
        self._default_executor: Executor | None = None

    # -- Threads

    def run_in_executor[*Ts, T](
        self, executor: Executor | None, func: Callable[[*Ts], T], *args: *Ts
    ) -> asyncio.Future[T]:
        """Run ``func(*args)`` on a thread and return a future of its result.

        Where nothing can wait for a thread to begin, it runs at once in this one; an *executor*
        that is given is used in any case.
        """
        if executor is not None or self._default_executor is not None or can_run_sync():
            return super().run_in_executor(executor, func, *args)
        future = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as error:  # noqa: BLE001 -- it is the outcome
            future.set_exception(error)
        return future


class WebLoopPolicy(asyncio.DefaultEventLoopPolicy):
    """Gives a `WebLoop` to the main thread, and asyncio's own selector loop to other threads."""

    def __init__(self, *, enable_run_until_complete: bool = True) -> None:
        super().__init__()
        self._blocks = enable_run_until_complete

    def new_event_loop(self) -> asyncio.AbstractEventLoop:
        """Return a new event loop; a `WebLoop` becomes the running one."""
        if not isinstance(_get_running_loop(), WebLoop):
            return super().new_event_loop()
        return self.new_web_loop()

    def new_web_loop(self) -> WebLoop:
        """Return a new loop and make it the running one of all that JavaScript calls.

        Earlier loops and their tasks go on; a task that calls this still runs in its own loop.
        """
        loop = WebLoop(enable_run_until_complete=self._blocks)
        attach_loop(loop)
        _loops[:] = [loop]
        if threading.current_thread() is threading.main_thread():
            self.set_event_loop(loop)
            running = _get_running_loop()
            if running is None or asyncio.current_task(running) is None:
                _set_running_loop(loop)  # otherwise when the task that makes it gives way
            # Of the loop before, what it was asked for still happens.
            sys.set_asyncgen_hooks(loop._asyncgen_firstiter_hook, loop._asyncgen_finalizer_hook)  # type: ignore[attr-defined]  # noqa: SLF001
        return loop

    def get_event_loop(self) -> asyncio.AbstractEventLoop:
        """Return the loop of this thread; the main thread's is there from the start."""
        if _loops and threading.current_thread() is threading.main_thread():
            return main_loop()
        return super().get_event_loop()


_loops: list[WebLoop] = []
"""The loop that JavaScript calls, once there is one."""


def main_loop() -> WebLoop:
    """Return the loop that JavaScript drives, from whichever thread."""
    return _loops[0]


def install(*, enable_run_until_complete: bool = True) -> WebLoop:
    """Make a `WebLoop` the event loop of the main thread and return it.

    Unless told otherwise by *enable_run_until_complete*, `asyncio.run` blocks on it.
    """
    policy = WebLoopPolicy(enable_run_until_complete=enable_run_until_complete)
    asyncio.set_event_loop_policy(policy)
    if enable_run_until_complete:
        _running_loop.install(WebLoop)
    return policy.new_web_loop()


def install_if_wanted() -> None:
    """Make a `WebLoop` the event loop if the start of the interpreter asked for it."""
    options = take_wanted_loop()
    if options:
        install(**options)


install_if_wanted()
