"""Listeners and timers whose proxies are released when they are over: pyodide.ffi.wrappers."""

from __future__ import annotations

import asyncio
import gc
import sys
import types
import unittest
import weakref
from typing import TYPE_CHECKING, Any

import fake_core  # noqa: F401 -- makes the packages importable
from fake_core import JsException, JsProxy
from pyodide.ffi import wrappers
from pyodide.ffi.wrappers import (
    add_event_listener,
    clear_interval,
    clear_timeout,
    remove_event_listener,
    set_interval,
    set_timeout,
)

if TYPE_CHECKING:
    from collections.abc import Callable


class Target:
    """A target of events, as JavaScript has it."""

    def __init__(self) -> None:
        self.listeners: list[tuple[str, Any]] = []

    def addEventListener(self, event: str, listener: Any) -> None:  # noqa: N802
        """Add a listener."""
        self.listeners.append((event, listener))

    def removeEventListener(self, event: str, listener: Any) -> None:  # noqa: N802
        """Remove a listener."""
        self.listeners.remove((event, listener))


class ListenerTest(unittest.TestCase):
    """add_event_listener and remove_event_listener."""

    def setUp(self) -> None:
        self.target = Target()
        self.element: Any = JsProxy(self.target)
        self.log: list[str] = []

    def tearDown(self) -> None:
        self.assertEqual(wrappers._listeners, {})

    def test_added_and_removed(self) -> None:
        add_event_listener(self.element, "click", self.log.append)
        ((event, proxy),) = self.target.listeners
        proxy("x")
        proxy("y")
        self.assertEqual((event, self.log), ("click", ["x", "y"]))
        # Another proxy of the element and another object for the method are the same listener.
        other: Any = JsProxy(self.target)
        remove_event_listener(other, "click", self.log.append)
        self.assertEqual(self.target.listeners, [])
        self.assertTrue(proxy.destroyed)

    def test_unknown_listener(self) -> None:
        add_event_listener(self.element, "click", print)
        wrong: list[tuple[Any, str, Any]] = [
            (self.element, "keyup", print),
            (self.element, "click", repr),
            (JsProxy(Target()), "click", print),
        ]
        for element, event, listener in wrong:
            with self.assertRaises(KeyError):
                remove_event_listener(element, event, listener)
        remove_event_listener(self.element, "click", print)
        with self.assertRaises(KeyError):
            remove_event_listener(self.element, "click", print)

    def test_added_twice(self) -> None:
        add_event_listener(self.element, "click", print)
        add_event_listener(self.element, "click", print)
        self.assertEqual(len(self.target.listeners), 1)
        remove_event_listener(self.element, "click", print)
        self.assertEqual(self.target.listeners, [])


class TimerTest(unittest.TestCase):
    """set_timeout, set_interval and what ends them; timers as in browsers and as in Node."""

    def setUp(self) -> None:
        self.timers: dict[int, Any] = {}
        self.log: list[int] = []
        self.as_objects = False
        scope = types.SimpleNamespace(
            setTimeout=self.start,
            setInterval=self.start,
            clearTimeout=self.end,
            clearInterval=self.end,
        )
        js: Any = JsProxy(scope)
        sys.modules["js"] = js
        self.addCleanup(sys.modules.pop, "js")

    def tearDown(self) -> None:
        self.assertEqual((wrappers._timeouts, wrappers._intervals), ({}, {}))

    def start(self, callback: Callable[[], object], milliseconds: float) -> Any:
        """Stand for setTimeout and setInterval."""
        target = types.SimpleNamespace(milliseconds=milliseconds)
        number = id(target) if self.as_objects else len(self.timers) + 1
        self.timers[number] = (callback, target)
        return JsProxy(target) if self.as_objects else number

    def end(self, timer: Any) -> None:
        """Stand for clearTimeout and clearInterval."""
        self.timers.pop(timer.js_id if isinstance(timer, JsProxy) else timer, None)

    def test_timeout(self) -> None:
        for self.as_objects in (False, True):
            with self.subTest(as_objects=self.as_objects):
                timer = set_timeout(lambda: self.log.append(1), 20)
                (callback, target), *_ = self.timers.values()
                self.assertEqual(target.milliseconds, 20)
                callback()
                self.assertEqual(wrappers._timeouts, {})
                with self.assertRaises(JsException):
                    callback()
                clear_timeout(timer)
                self.assertEqual(self.log, [1])
                self.log.clear()

    def reports_of(self, callback: Callable[[], object]) -> list[str]:
        """Return the exceptions that the event loop hears of when a timeout is over."""
        seen: list[str] = []

        async def main() -> None:
            loop = asyncio.get_running_loop()
            loop.set_exception_handler(lambda _, context: seen.append(repr(context["exception"])))
            set_timeout(callback, 0)
            self.assertIsNone(self.timers[max(self.timers)][0]())
            await asyncio.sleep(0.01)

        asyncio.run(main())
        return seen

    def test_timeout_that_raises_is_over(self) -> None:
        self.assertEqual(self.reports_of(lambda: 1 / 0), ["ZeroDivisionError('division by zero')"])
        self.assertEqual(wrappers._timeouts, {})

    def test_coroutine_that_raises(self) -> None:
        async def fail() -> None:
            raise ValueError(1)

        self.assertEqual(self.reports_of(fail), ["ValueError(1)"])
        self.assertEqual(wrappers._tasks, set())

    def test_exit_passes(self) -> None:
        set_timeout(sys.exit, 0)
        with self.assertRaises(SystemExit):
            self.timers[1][0]()

    def test_wrong_arguments(self) -> None:
        element: Any = JsProxy(Target())
        wrong: list[tuple[Callable[..., Any], tuple[Any, ...], str]] = [
            (set_timeout, (5, 1), "callback must be callable"),
            (set_interval, (print, "1"), "interval must be a number"),
            (clear_timeout, ("1",), "a timer is"),
            (clear_interval, (None,), "a timer is"),
            (add_event_listener, (5, "x", print), "elt must be"),
            (add_event_listener, (element, 5, print), "event must be"),
            (add_event_listener, (element, "x", 5), "listener must be"),
            (remove_event_listener, (None, "x", print), "elt must be"),
        ]
        for function, arguments, message in wrong:
            with self.subTest(message), self.assertRaisesRegex(TypeError, message):
                function(*arguments)

    def test_cleared_timeout(self) -> None:
        for self.as_objects in (False, True):
            with self.subTest(as_objects=self.as_objects):
                timer = set_timeout(lambda: self.log.append(1), 20)
                ((callback, _),) = self.timers.values()
                clear_timeout(timer)
                self.assertEqual((self.timers, callback.destroyed), ({}, True))

    def test_function_is_released(self) -> None:
        def function() -> None:
            pass

        reference = weakref.ref(function)
        set_timeout(function, 0)
        del function
        self.timers.pop(1)[0]()
        gc.collect()
        self.assertIsNone(reference())

    def test_interval(self) -> None:
        for self.as_objects in (False, True):
            with self.subTest(as_objects=self.as_objects):
                timer = set_interval(lambda: self.log.append(1), 20)
                ((callback, _),) = self.timers.values()
                callback()
                callback()
                clear_interval(timer)
                clear_interval(timer)
                self.assertEqual((self.log, self.timers, callback.destroyed), ([1, 1], {}, True))
                self.log.clear()


if __name__ == "__main__":
    unittest.main()
