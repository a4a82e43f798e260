"""Event listeners and timers of JavaScript, with their proxies released when they are over.

A Python function that JavaScript keeps needs a proxy that is destroyed some time. Here that
happens by itself: for a listener when it is removed, for a timer when it is over or is cleared.
The functions may block, where the engine can suspend.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from _pyodide_core import promising_handler

from . import create_proxy

if TYPE_CHECKING:
    from collections.abc import Callable

    from . import JsDoubleProxy, JsProxy

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


def add_event_listener(elt: JsProxy, event: str, listener: Callable[[Any], object]) -> None:
    """Have *listener* called with the event object for each *event* of *elt*.

    :param elt: a DOM element, or any other target of events
    :param event: name of the event, such as ``"click"``
    :param listener: a function, which may be ``async``; one that is there already is not added
        again, as in JavaScript
    """
    key = (elt.js_id, event, listener)
    if key in _listeners:
        return
    proxy = create_proxy(listener)
    handler = promising_handler(proxy)
    elt.addEventListener(event, handler)
    _listeners[key] = elt, proxy, handler


def remove_event_listener(elt: JsProxy, event: str, listener: Callable[[Any], object]) -> None:
    """Take back `add_event_listener` with the same arguments.

    Raises KeyError when there is no such listener.
    """
    _, proxy, handler = _listeners.pop((elt.js_id, event, listener))
    elt.removeEventListener(event, handler)
    proxy.destroy()


def _number_of(timer: Timer) -> int:
    """Return a number for what JavaScript returned for a timer."""
    return timer if isinstance(timer, int) else timer.js_id


def set_timeout(callback: Callable[[], object], timeout: float) -> Timer:
    """Have *callback* called once in *timeout* milliseconds.

    Returns what JavaScript's ``setTimeout`` returns, for `clear_timeout`.
    """
    import js  # noqa: PLC0415 -- registered by JavaScript after this module was imported

    number = 0

    def call() -> object:
        _timeouts.pop(number).destroy()
        return callback()

    proxy = create_proxy(call)
    timer: Timer = js.setTimeout(promising_handler(proxy), timeout)
    number = _number_of(timer)
    _timeouts[number] = proxy
    return timer


def clear_timeout(timeout_retval: Timer) -> None:
    """Forget what `set_timeout` was asked for; nothing happens if it is over."""
    import js  # noqa: PLC0415

    js.clearTimeout(timeout_retval)
    proxy = _timeouts.pop(_number_of(timeout_retval), None)
    if proxy is not None:
        proxy.destroy()


def set_interval(callback: Callable[[], object], interval: float) -> Timer:
    """Have *callback* called every *interval* milliseconds until `clear_interval`.

    Returns what JavaScript's ``setInterval`` returns.
    """
    import js  # noqa: PLC0415

    proxy = create_proxy(callback)
    timer: Timer = js.setInterval(promising_handler(proxy), interval)
    _intervals[_number_of(timer)] = proxy
    return timer


def clear_interval(interval_retval: Timer) -> None:
    """End what `set_interval` began; nothing happens if it is over."""
    import js  # noqa: PLC0415

    js.clearInterval(interval_retval)
    proxy = _intervals.pop(_number_of(interval_retval), None)
    if proxy is not None:
        proxy.destroy()
