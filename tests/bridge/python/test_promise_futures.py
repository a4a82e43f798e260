"""The methods that futures and tasks have in common with promises of JavaScript."""

from __future__ import annotations

import asyncio
import unittest
from typing import Any

import fake_core  # noqa: F401 -- makes the packages importable
from pyodide.webloop import PyodideFuture, PyodideTask


class FutureTest(unittest.IsolatedAsyncioTestCase):
    """Handlers and what comes of them."""

    def future(self, outcome: object = None) -> PyodideFuture[Any]:
        """Return a future that is done."""
        future: PyodideFuture[Any] = PyodideFuture()
        if isinstance(outcome, BaseException):
            future.set_exception(outcome)
        else:
            future.set_result(outcome)
        return future

    async def test_then(self) -> None:
        self.assertEqual(await self.future(5).then(lambda x: x + 1), 6)
        self.assertEqual(await self.future(5).then(lambda x: x + 1, lambda _: "no"), 6)
        self.assertEqual(await self.future(5).then(None), 5)

    async def test_handlers_come_later(self) -> None:
        log: list[int] = []
        self.future(1).then(log.append)
        self.assertEqual(log, [])
        await asyncio.sleep(0.01)
        self.assertEqual(log, [1])

    async def test_rejected(self) -> None:
        error = KeyError(1)
        self.assertIs(await self.future(error).then(None, lambda e: e), error)
        self.assertEqual(await self.future(error).catch(lambda e: repr(e)), "KeyError(1)")
        with self.assertRaises(KeyError):
            await self.future(error).then(lambda _: 1)

    async def test_handlers_that_raise(self) -> None:
        with self.assertRaises(ZeroDivisionError):
            await self.future(0).then(lambda x: 1 / x)
        with self.assertRaises(ZeroDivisionError) as caught:
            await self.future(KeyError(1)).catch(lambda _: 1 / 0)
        self.assertIsInstance(caught.exception.__context__, KeyError)

    async def test_exception_as_a_value(self) -> None:
        error = KeyError(1)
        future: PyodideFuture[Any] = PyodideFuture()
        future.set_result(error)
        self.assertIs(await future.then(lambda x: x, lambda _: "no"), error)

    async def test_asynchronous_handlers(self) -> None:
        async def double(x: int) -> int:
            await asyncio.sleep(0.001)
            return 2 * x

        self.assertEqual(await self.future(2).then(double).then(double), 8)
        self.assertEqual(await self.future(2).then(lambda x: self.future(x + 1)), 3)

    async def test_finally(self) -> None:
        log: list[str] = []
        self.assertEqual(await self.future(5).finally_(lambda: log.append("a")), 5)
        with self.assertRaises(KeyError):
            await self.future(KeyError(1)).finally_(lambda: log.append("b"))
        with self.assertRaises(ZeroDivisionError):
            await self.future(5).finally_(lambda: 1 / 0)

        async def later() -> str:
            await asyncio.sleep(0.001)
            log.append("c")
            return "ignored"

        self.assertEqual(await self.future(5).finally_(later), 5)
        self.assertEqual(log, ["a", "b", "c"])

    async def test_cancelled(self) -> None:
        future: PyodideFuture[Any] = PyodideFuture()
        follower = future.then(lambda _: 1)
        caught = future.catch(lambda e: type(e))
        future.cancel()
        self.assertIs(await caught, asyncio.CancelledError)
        with self.assertRaises(asyncio.CancelledError):
            await follower
        self.assertTrue(follower.cancelled())

    async def test_follower_that_was_cancelled_is_left(self) -> None:
        follower = self.future(1).then(lambda x: x)
        follower.cancel()
        await asyncio.sleep(0.01)
        self.assertTrue(follower.cancelled())

    async def test_tasks(self) -> None:
        task: PyodideTask[int] = PyodideTask(asyncio.sleep(0.001, 5))
        self.assertEqual(await task.then(lambda x: x + 1), 6)
        self.assertEqual(await task.finally_(lambda: None), 5)


if __name__ == "__main__":
    unittest.main()
