"""A `_pyodide_core` for native Python: enough of the C module to run the Python side on it.

Importing this module makes the fake importable, with the packages of ``src/python``. JavaScript
objects are namespaces of Python; JavaScript's event loop is `EventLoop`, with a clock that
only moves when a test says so.
"""

from __future__ import annotations

import heapq
import math
import sys
from itertools import count
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[3]


class JsException(Exception):  # noqa: N818 -- the name of the real one
    """An error of JavaScript."""


class JsNull:
    """The type of `jsnull`."""

    def __bool__(self) -> bool:
        return False


class JsProxy:
    """A JavaScript object, given as a Python object whose attributes are its properties."""

    def __init__(self, target: object, attributes: dict[str, Any] | None = None) -> None:
        object.__setattr__(self, "_target", target)
        object.__setattr__(self, "_attributes", attributes or {})

    @property
    def typeof(self) -> str:
        """What ``typeof`` says; it is among the target's attributes for primitive values."""
        default = "function" if callable(self._target) else "object"
        return str(getattr(self._target, "_typeof", default))

    @property
    def js_id(self) -> int:
        """A number for the object."""
        return id(self._target)

    def object_keys(self) -> list[str]:
        """Return the names of the properties."""
        return list(vars(self._target))

    def __getattribute__(self, name: str) -> Any:
        attributes = object.__getattribute__(self, "_attributes")
        if name in attributes:
            return attributes[name]
        if name == "__all__" and attributes:
            return [key for key in self.object_keys() if not key.startswith("_")]
        return object.__getattribute__(self, name)

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._target, name)
        return JsProxy(value) if isinstance(value, SimpleNamespace) else value

    def __setattr__(self, name: str, value: object) -> None:
        if name in self._attributes:
            self._attributes[name] = value
        elif not (
            isinstance(value, JsProxy)
            and value._attributes.get("__name__") == f"{self._attributes.get('__name__')}.{name}"
        ):
            setattr(self._target, name, value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, JsProxy) and self._target is other._target

    __hash__ = None  # type: ignore[assignment]

    def __call__(self, *args: object, **kwargs: object) -> Any:
        return self._target(*args, **kwargs)


class Handle:
    """What `create_proxy` and `create_once_callable` give."""

    def __init__(self, function: Callable[..., object], *, once: bool) -> None:
        self.function = function
        self.once = once
        self.destroyed = False

    def __call__(self, *args: object) -> object:
        """Call the function, as JavaScript would."""
        if self.destroyed:
            raise JsException("destroyed")
        if self.once:
            self.destroyed = True
        return self.function(*args)

    def destroy(self) -> None:
        """Release the function."""
        self.destroyed = True


class EventLoop:
    """JavaScript's event loop, run by the test."""

    def __init__(self) -> None:
        self.now = 1000.0  # seconds
        self.calls = 0
        self.alive: dict[int, tuple[float, Callable[[], object]]] = {}
        self.queue: list[tuple[float, int]] = []
        self.numbers = count(1)

    def time(self) -> float:
        """Return the time."""
        return self.now

    def schedule(self, callback: Callable[[], object], milliseconds: float) -> int:
        """Stand for `schedule_callback`."""
        assert milliseconds >= 0, milliseconds
        assert not math.isinf(milliseconds)
        number = next(self.numbers)
        due = self.now + milliseconds / 1000
        self.alive[number] = (due, callback)
        heapq.heappush(self.queue, (due, number))
        return number

    def cancel(self, number: int) -> None:
        """Stand for `cancel_callback`."""
        self.alive.pop(number, None)

    def turn(self) -> bool:
        """Make the call that is due first, after waiting for it; False if there is none."""
        while self.queue:
            due, number = heapq.heappop(self.queue)
            if number in self.alive:
                self.now = max(self.now, due)
                self.calls += 1
                self.alive.pop(number)[1]()
                return True
        return False

    def run(self, turns: int = 10_000) -> None:
        """Make calls until none is left; fail if there are more than *turns*."""
        for _ in range(turns):
            if not self.turn():
                return
        raise AssertionError(f"not idle after {turns} turns")


js_loop = EventLoop()


def module_proxy(jsproxy: JsProxy, attributes: dict[str, Any]) -> JsProxy:
    """Return a proxy that import shows as a module."""
    return JsProxy(jsproxy._target, attributes)


class Refusal:
    """The entry that Python is in: whether it can block."""

    can_block = False


def run_sync(awaitable: Any) -> Any:
    """Run JavaScript's loop until *awaitable* is done, outside of the current task."""
    from asyncio.tasks import _swap_current_task  # type: ignore[attr-defined]  # noqa: PLC0415

    loop = awaitable.get_loop()
    task = _swap_current_task(loop, None)
    while not awaitable.done():
        assert js_loop.turn(), "deadlock"
    _swap_current_task(loop, task)
    return awaitable.result()


def make_module() -> ModuleType:
    """Return the fake."""
    stand_in = ModuleType("_pyodide_core")
    module: Any = stand_in
    names = [line.strip(" ,\n") for line in PUBLIC.split()]
    for name in names:
        setattr(module, name, type(name, (JsProxy,), {"__module__": "pyodide.ffi"}))
    module.JsProxy = JsProxy
    module.JsException = JsException
    module.JsNull = JsNull
    module.jsnull = JsNull()
    module.JsBigInt = type("JsBigInt", (int,), {})
    module.ConversionError = type("ConversionError", (Exception,), {})
    module.InternalError = type("InternalError", (Exception,), {})
    module.create_proxy = lambda function: Handle(function, once=False)
    module.create_once_callable = lambda function: Handle(function, once=True)
    module.destroy_proxies = lambda proxies: [proxy.destroy() for proxy in proxies]
    module.to_js = lambda value, **options: ("js", value, options) if options else ("js", value)
    module.module_proxy = module_proxy
    module.schedule_callback = js_loop.schedule
    module.cancel_callback = js_loop.cancel
    module.can_run_sync = lambda: Refusal.can_block
    module.run_sync = run_sync
    module.attach_loop = lambda _loop: None
    module.cancel_wait = lambda _task: False
    module.check_blocking = lambda: None
    module.promising_handler = lambda proxy: proxy
    return stand_in


PUBLIC = """JsArray JsAsyncGenerator JsAsyncIterable JsAsyncIterator JsBuffer JsCallable
JsCallableDoubleProxy JsDomElement JsDoubleProxy JsFetchResponse JsGenerator JsIterable JsIterator
JsMap JsMutableMap JsOnceCallable JsPromise JsTypedArray JsWeakRef"""


def make_js(**properties: object) -> Any:
    """Return a JavaScript object with *properties*."""
    return JsProxy(SimpleNamespace(**properties))


sys.path.insert(0, str(ROOT / "src" / "python"))
sys.modules["_pyodide_core"] = make_module()
