"""Event listeners and timers of JavaScript, with their proxies released when they are over.

A Python function that JavaScript keeps needs a proxy that is destroyed some time. Here that
happens by itself: for a listener when it is removed, for a timer when it is over or is cleared.
The functions may block, where the engine can suspend. What they raise goes to the exception handler
of the event loop, as what its own callbacks raise, and not to JavaScript, where Node would end.
"""

from __future__ import annotations

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from _pyodide_core import JsProxy, promising_handler

from . import create_proxy

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from . import JsDoubleProxy

    Timer = int | JsProxy
    """What JavaScript returns for a timer: a number in browsers, an object in Node."""

__all__ = [
    "add_event_listener",
    "clear_interval",
    "clear_timeout",
    "remove_event_listener",
    "set_interval",
    "set_timeout",
]

# Elements, as timers, are not hashable but have a number. The proxies keep them alive.
_listeners: dict[tuple[int, str, Any], tuple[JsProxy, JsDoubleProxy[Any], JsProxy]] = {}
_timeouts: dict[int, JsDoubleProxy[Any]] = {}
_intervals: dict[int, JsDoubleProxy[Any]] = {}


# Tasks of functions that are async: the loop has only weak references to its tasks.
_tasks: set[asyncio.Task[Any]] = set()


def _report(callback: Callable[..., object], error: BaseException) -> None:
    """Hand an exception of a function to the event loop's handler."""
    import asyncio  # noqa: PLC0415 -- it takes long, and most programs never come here

    asyncio.get_event_loop().call_exception_handler(
        {"message": f"Exception in callback {callback!r}", "exception": error}
    )


def _run(callback: Callable[..., object], coroutine: Any) -> None:
    """Have a coroutine of a function run."""
    import asyncio  # noqa: PLC0415

    def finish(task: asyncio.Task[Any]) -> None:
        _tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            _report(callback, error)

    task = asyncio.ensure_future(coroutine)
    _tasks.add(task)
    task.add_done_callback(finish)


def _reporting(callback: Callable[..., object]) -> Callable[..., object]:
    """Return what calls a function and hands what it raises to the event loop."""

    def call(*args: Any) -> object:
        try:
            result = callback(*args)
        except Exception as error:  # noqa: BLE001 -- whatever it is
            _report(callback, error)
            return None
        if not isinstance(result, Coroutine):
            return result
        _run(callback, result)
        return None

    return call


def _check_callable(callback: object, name: str) -> None:
    """Raise TypeError for what is no function; *name* is that of the parameter."""
    if not callable(callback):
        raise TypeError(f"{name} must be callable, not {type(callback).__name__!r}")


def _check_event(elt: object, event: object) -> None:
    """Raise TypeError for what is no target of events, or no name of one."""
    if not isinstance(elt, JsProxy) or not hasattr(elt, "addEventListener"):
        kind = type(elt).__name__
        raise TypeError(f"elt must be a JavaScript object with addEventListener(), not {kind!r}")
    if not isinstance(event, str):
        raise TypeError(f"event must be a str, not {type(event).__name__!r}")


def _check_time(time: object, name: str) -> None:
    """Raise TypeError for what is no number; *name* is that of the parameter."""
    if not (hasattr(time, "__float__") or hasattr(time, "__index__")):
        raise TypeError(f"{name} must be a number of milliseconds, not {type(time).__name__!r}")


def add_event_listener(elt: JsProxy, event: str, listener: Callable[[Any], object]) -> None:
    """Have *listener* called with the event object for each *event* of *elt*.

    :param elt: a DOM element, or any other target of events
    :param event: name of the event, such as ``"click"``
    :param listener: a function, which may be ``async``; one that is there already is not added
        again, as in JavaScript

    Raises TypeError for arguments of other types.
    """
    _check_event(elt, event)
    _check_callable(listener, "listener")
    key = (elt.js_id, event, listener)
    if key in _listeners:
        return
    proxy = create_proxy(_reporting(listener))
    handler = promising_handler(proxy)
    elt.addEventListener(event, handler)
    _listeners[key] = elt, proxy, handler


def remove_event_listener(elt: JsProxy, event: str, listener: Callable[[Any], object]) -> None:
    """Take back `add_event_listener` with the same arguments.

    Raises KeyError when there is no such listener, TypeError for arguments of other types.
    """
    _check_event(elt, event)
    _, proxy, handler = _listeners.pop((elt.js_id, event, listener))
    elt.removeEventListener(event, handler)
    proxy.destroy()


def _number_of(timer: Timer) -> int:
    """Return a number for what JavaScript returned for a timer; raise TypeError if it is none."""
    if not isinstance(timer, int | JsProxy):
        raise TypeError(f"a timer is what was returned for it, not {type(timer).__name__!r}")
    return timer if isinstance(timer, int) else timer.js_id


def set_timeout(callback: Callable[[], object], timeout: float) -> Timer:
    """Have *callback* called once in *timeout* milliseconds.

    Returns what JavaScript's ``setTimeout`` returns, for `clear_timeout`. Raises TypeError for
    arguments of other types.
    """
    _check_callable(callback, "callback")
    _check_time(timeout, "timeout")
    import js  # noqa: PLC0415 -- registered by JavaScript after this module was imported

    number = 0

    report = _reporting(callback)

    def call() -> object:
        _timeouts.pop(number).destroy()
        return report()

    proxy = create_proxy(call)
    timer: Timer = js.setTimeout(promising_handler(proxy), timeout)
    number = _number_of(timer)
    _timeouts[number] = proxy
    return timer


def clear_timeout(timeout_retval: Timer) -> None:
    """Forget what `set_timeout` was asked for; nothing happens if it is over.

    Raises TypeError for what `set_timeout` does not return.
    """
    import js  # noqa: PLC0415

    proxy = _timeouts.pop(_number_of(timeout_retval), None)
    js.clearTimeout(timeout_retval)
    if proxy is not None:
        proxy.destroy()


def set_interval(callback: Callable[[], object], interval: float) -> Timer:
    """Have *callback* called every *interval* milliseconds until `clear_interval`.

    Returns what JavaScript's ``setInterval`` returns, for `clear_interval`. Raises TypeError for
    arguments of other types.
    """
    _check_callable(callback, "callback")
    _check_time(interval, "interval")
    import js  # noqa: PLC0415

    proxy = create_proxy(_reporting(callback))
    timer: Timer = js.setInterval(promising_handler(proxy), interval)
    _intervals[_number_of(timer)] = proxy
    return timer


def clear_interval(interval_retval: Timer) -> None:
    """End what `set_interval` began; nothing happens if it is over.

    Raises TypeError for what `set_interval` does not return.
    """
    import js  # noqa: PLC0415

    proxy = _intervals.pop(_number_of(interval_retval), None)
    js.clearInterval(interval_retval)
    if proxy is not None:
        proxy.destroy()
