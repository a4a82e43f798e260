"""asyncio on JavaScript's event loop: order, timers, tasks, errors. The clock is the test's."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import inspect
import io
import math
import sys
import threading
import unittest
import unittest.mock
from typing import TYPE_CHECKING, Any

import fake_core
from _pyodide import _running_loop
from fake_core import EventLoop
from pyodide import webloop
from pyodide.webloop import PyodideFuture, PyodideTask, WebLoop

if TYPE_CHECKING:
    from collections.abc import Coroutine

variable: contextvars.ContextVar[str] = contextvars.ContextVar("variable", default="none")


class LoopCase(unittest.TestCase):
    """A WebLoop that is the running loop, on a JavaScript loop of its own."""

    def setUp(self) -> None:
        gc.collect()  # what other tests left has its say now
        self.js = EventLoop()
        for name, function in (
            ("schedule_callback", self.js.schedule),
            ("cancel_callback", self.js.cancel),
        ):
            patch = unittest.mock.patch.object(webloop, name, function)
            patch.start()
            self.addCleanup(patch.stop)
        self.loop = WebLoop()
        self.loop.time = self.js.time  # type: ignore[method-assign]
        asyncio._set_running_loop(self.loop)
        self.addCleanup(asyncio._set_running_loop, None)
        self.log: list[Any] = []

    def finish[T](self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run JavaScript's loop until it is idle; return the result of a task for *coroutine*."""
        task = self.loop.create_task(coroutine)
        self.js.run()
        return task.result()

    def errors(self) -> str:
        """Run JavaScript's loop until it is idle; return what was written to stderr."""
        with unittest.mock.patch("sys.stderr", new=io.StringIO()) as stream:
            self.js.run()
            gc.collect()
        return stream.getvalue()


class OrderTest(LoopCase):
    """When callbacks run."""

    def test_first_asked_first_called(self) -> None:
        for number in range(5):
            self.loop.call_soon(self.log.append, number)
        self.js.run()
        self.assertEqual(self.log, [0, 1, 2, 3, 4])

    def test_not_before_the_caller_is_done(self) -> None:
        self.loop.call_soon(self.log.append, 1)
        self.assertEqual(self.log, [])

    def test_by_due_time(self) -> None:
        for delay in (0.3, 0.1, 0.2, 0.1, 0):
            self.loop.call_later(delay, self.log.append, (delay, len(self.log)))
        start = self.js.now
        self.js.run()
        self.assertEqual([delay for delay, _ in self.log], [0, 0.1, 0.1, 0.2, 0.3])
        self.assertAlmostEqual(self.js.now - start, 0.3)

    def test_equal_times_are_first_come_first_served(self) -> None:
        when = self.js.now + 1
        for number in range(20):
            self.loop.call_at(when, self.log.append, number)
        self.js.run()
        self.assertEqual(self.log, list(range(20)))

    def test_soon_comes_before_any_later_timer(self) -> None:
        self.loop.call_soon(self.log.append, "soon")
        self.loop.call_later(0.002, self.log.append, "timer")
        self.loop.call_soon(self.log.append, "soon again")
        self.js.now += 0.010
        self.js.run()
        self.assertEqual(self.log, ["soon", "soon again", "timer"])

    def test_soon_comes_after_a_timer_that_was_due(self) -> None:
        self.loop.call_later(0.002, self.log.append, "timer")
        self.js.now += 0.010
        self.loop.call_soon(self.log.append, "soon")
        self.js.run()
        self.assertEqual(self.log, ["timer", "soon"])

    def test_what_a_callback_asks_for_comes_in_a_later_turn(self) -> None:
        """So that JavaScript can do other things between two steps of a program."""

        def step(number: int) -> None:
            self.log.append((number, self.js.calls))
            if number < 3:
                self.loop.call_soon(step, number + 1)

        self.loop.call_soon(step, 0)
        self.js.run()
        self.assertEqual(self.log, [(0, 1), (1, 2), (2, 3), (3, 4)])

    def test_callbacks_of_one_moment_share_a_turn(self) -> None:
        for number in range(100):
            self.loop.call_soon(self.log.append, number)
        self.js.run()
        self.assertLessEqual(self.js.calls, 2)

    def test_other_callbacks_run_while_one_blocks(self) -> None:
        def block() -> None:
            self.log.append("blocked")
            self.js.run()  # what a suspended call leaves to JavaScript
            self.log.append("going on")

        self.loop.call_soon(block)
        self.loop.call_soon(self.log.append, "other")
        self.loop.call_later(0.1, self.log.append, "timer")
        self.loop.call_soon(self.loop.call_soon, self.log.append, "another")
        self.js.run()
        self.assertEqual(self.log, ["blocked", "other", "another", "timer", "going on"])


class TimerTest(LoopCase):
    """Delays."""

    def test_never_early(self) -> None:
        def note(when: float) -> None:
            self.log.append(self.js.now - when)

        for delay in (0.0001, 0.00049, 0.001, 0.0015, 0.1, 12.34567):
            self.loop.call_later(delay, note, self.js.now + delay)
        self.js.run()
        self.assertEqual(len(self.log), 6)
        for late in self.log:
            self.assertGreaterEqual(late, 0)
            self.assertLess(late, 0.0011)

    def test_alarm_that_rings_early_is_set_again(self) -> None:
        handle = self.loop.call_later(0.010, self.log.append, 1)
        ((_, ring),) = self.js.alive.values()
        self.js.alive.clear()
        self.js.now += 0.005
        ring()
        self.assertEqual(self.log, [])
        self.js.run()
        self.assertEqual(self.log, [1])
        self.assertGreaterEqual(self.js.now, handle.when())

    def test_cancelled_timers_leave_nothing(self) -> None:
        handles = [self.loop.call_later(1 + n, self.log.append, n) for n in range(10)]
        for handle in handles:
            handle.cancel()
            handle.cancel()
        self.assertEqual(self.js.alive, {})
        self.js.run()
        self.assertEqual(self.log, [])

    def test_cancelled_timers_are_given_up_early(self) -> None:
        keep = self.loop.call_later(1, self.log.append, "kept")
        for number in range(1000):
            self.loop.call_later(100 + number, self.log.append, number).cancel()
        self.assertLess(len(self.loop._timers), 10)
        self.js.run()
        self.assertEqual((self.log, keep.cancelled()), (["kept"], False))
        self.assertLess(self.js.now, 1002)

    def test_cancelled_while_due(self) -> None:
        handles = [self.loop.call_later(0.1, self.log.append, n) for n in range(3)]
        for handle in handles[::2]:
            self.loop.call_later(0.05, handle.cancel)
        self.js.run()
        self.assertEqual(self.log, [1])
        self.assertEqual(self.loop._cancelled_timers, 0)

    def test_cancelled_callback(self) -> None:
        self.loop.call_soon(self.log.append, 1).cancel()
        self.js.run()
        self.assertEqual(self.log, [])

    def test_odd_times(self) -> None:
        self.loop.call_later(-5, self.log.append, "past")
        self.loop.call_later(math.inf, self.log.append, "never")
        with self.assertRaises(ValueError):
            self.loop.call_later(math.nan, self.log.append, "?")
        self.js.run()
        self.assertEqual(self.log, ["past"])
        self.loop.call_later(1e12, self.log.append, "late")
        self.assertEqual(len(self.js.alive), 1)

    def test_random_timers_run_in_order(self) -> None:
        import random  # noqa: PLC0415

        numbers = random.Random(5)  # noqa: S311 -- the same every time
        expected = []
        for index in range(500):
            delay = numbers.choice([0, 0.001, 0.5, numbers.random()])
            handle = self.loop.call_later(delay, self.log.append, index)
            if numbers.random() < 0.3:
                handle.cancel()
            else:
                expected.append((handle.when(), index))
        self.js.run()
        self.assertEqual(self.log, [index for _, index in sorted(expected)])


class TaskTest(LoopCase):
    """Coroutines."""

    def test_the_loop_runs_everywhere(self) -> None:
        self.assertIs(asyncio.get_running_loop(), self.loop)
        self.assertIs(asyncio.get_event_loop(), self.loop)
        self.assertEqual((self.loop.is_running(), self.loop.is_closed()), (True, False))
        for method in (self.loop.run_forever, self.loop.stop, self.loop.close):
            self.assertIsNone(method())
        self.assertEqual((self.loop.is_running(), self.loop.is_closed()), (True, False))

    def test_asyncio_works(self) -> None:
        async def worker(queue: asyncio.Queue[int], done: list[int]) -> None:
            while (item := await queue.get()) >= 0:
                await asyncio.sleep(item / 100)
                done.append(item)

        async def main() -> list[Any]:
            queue: asyncio.Queue[int] = asyncio.Queue(2)
            done: list[int] = []
            async with asyncio.TaskGroup() as group:
                for _ in range(2):
                    group.create_task(worker(queue, done))
                for item in (3, 1, 1, 2, -1, -1):
                    await queue.put(item)
            with self.assertRaises(TimeoutError):
                await asyncio.wait_for(asyncio.sleep(10), 0.5)
            results = await asyncio.gather(
                asyncio.sleep(0, "a"), asyncio.to_thread(len, "abc"), asyncio.wait_for(f(), 5)
            )
            return [done, results]

        async def f() -> str:
            return "f"

        self.assertEqual(self.finish(main()), [[1, 1, 3, 2], ["a", 3, "f"]])
        self.assertEqual(self.js.alive, {})

    def test_kinds(self) -> None:
        async def main() -> Any:
            return asyncio.current_task()

        task = self.finish(main())
        self.assertIsInstance(task, PyodideTask)
        self.assertIsInstance(task, PyodideFuture)
        self.assertIsInstance(task, asyncio.Task)
        self.assertIsInstance(self.loop.create_future(), PyodideFuture)

    def test_names_and_factories(self) -> None:
        async def main() -> None:
            pass

        self.assertEqual(self.loop.create_task(main(), name="n").get_name(), "n")
        self.loop.set_task_factory(lambda loop, coro, **kw: asyncio.Task(coro, loop=loop, **kw))
        self.assertIs(type(asyncio.create_task(main())), asyncio.Task)
        self.js.run()

    def test_context_variables(self) -> None:
        async def child() -> str:
            await asyncio.sleep(0.1)
            return variable.get()

        async def main() -> list[str]:
            variable.set("a")
            first = asyncio.create_task(child())
            variable.set("b")
            self.loop.call_soon(lambda: self.log.append(variable.get()))
            context = contextvars.copy_context()
            context.run(variable.set, "c")
            second = asyncio.create_task(child(), context=context)
            return [await first, await second]

        self.assertEqual(self.finish(main()), ["a", "c"])
        self.assertEqual((self.log, variable.get()), (["b"], "none"))

    def test_asynchronous_generators_are_closed(self) -> None:
        async def numbers() -> Any:
            try:
                yield 1
                yield 2
            finally:
                await asyncio.sleep(0)
                self.log.append("closed")

        async def main() -> None:
            async for _ in numbers():
                break

        hooks = sys.get_asyncgen_hooks()
        self.addCleanup(sys.set_asyncgen_hooks, *hooks)
        loop: Any = self.loop
        sys.set_asyncgen_hooks(loop._asyncgen_firstiter_hook, loop._asyncgen_finalizer_hook)
        self.finish(main())
        gc.collect()
        self.js.run()
        self.assertEqual(self.log, ["closed"])
        self.finish(self.loop.shutdown_asyncgens())
        self.finish(main())
        self.assertEqual(self.log, ["closed", "closed"])

    def test_executors(self) -> None:
        def work(event: threading.Event | None) -> int:
            if event:
                event.wait(10)
            return threading.get_ident()

        async def main(*, threads: bool) -> tuple[Any, bool]:
            with unittest.mock.patch.object(webloop, "can_run_sync", lambda: threads):
                release = threading.Event()
                future = self.loop.run_in_executor(None, work, release if threads else None)
                inline = future.done()
                release.set()
            while not future.done():  # noqa: ASYNC110 -- nothing else moves the clock
                await asyncio.sleep(0.001)
            return await future == threading.get_ident(), inline

        self.assertEqual(self.finish(main(threads=False)), (True, True))
        self.assertEqual(self.finish(main(threads=True)), (False, False))
        with unittest.mock.patch.object(webloop, "can_run_sync", lambda: False):
            executor: Any = self.loop._default_executor
            executor.shutdown()
            self.loop._default_executor = None
            future = self.loop.run_in_executor(None, int, "x")
        self.assertIsInstance(future.exception(), ValueError)

    def test_what_is_missing_says_why(self) -> None:
        for name, part in (
            ("add_reader", "descriptor"),
            ("create_server", "listen"),
            ("create_connection", "fetch"),
            ("subprocess_exec", "processes"),
            ("add_signal_handler", "signal.signal"),
            ("sendfile", "memory"),
        ):
            with (
                self.subTest(name=name),
                self.assertRaisesRegex(NotImplementedError, part) as caught,
            ):
                getattr(self.loop, name)(1, 2)
            self.assertIn(f"WebLoop.{name}()", str(caught.exception))


class ErrorTest(LoopCase):
    """Exceptions that nobody catches."""

    def test_of_a_callback_is_printed(self) -> None:
        self.loop.call_soon(lambda: 1 / 0)
        self.loop.call_soon(self.log.append, "next")
        errors = self.errors()
        self.assertIn("Traceback (most recent call last):", errors)
        self.assertIn("ZeroDivisionError", errors)
        self.assertEqual(self.log, ["next"])

    def test_of_a_task_is_printed(self) -> None:
        async def main() -> None:
            await asyncio.sleep(0)
            raise KeyError(5)

        self.loop.create_task(main())
        errors = self.errors()
        self.assertIn("Task exception was never retrieved", errors)
        self.assertIn("KeyError: 5", errors)

    def test_handler_of_the_program(self) -> None:
        self.loop.set_exception_handler(lambda loop, context: self.log.append((loop, context)))
        self.loop.call_soon(lambda: 1 / 0)
        self.assertEqual(self.errors(), "")
        ((loop, context),) = self.log
        self.assertIs(loop, self.loop)
        self.assertIsInstance(context["exception"], ZeroDivisionError)

    def test_exits_do_not_end_the_loop(self) -> None:
        for error in (SystemExit(3), KeyboardInterrupt()):
            with self.subTest(error=error):

                def fail(error: BaseException = error) -> None:
                    raise error

                self.loop.call_soon(fail)
                self.loop.call_soon(self.log.append, "next")
                self.assertIn(type(error).__name__, self.errors())
        self.assertEqual(self.log, ["next", "next"])

    def test_exit_of_a_task_is_for_who_awaits_it(self) -> None:
        async def main() -> None:
            await asyncio.sleep(0)
            raise SystemExit(3)

        task = self.loop.create_task(main())
        self.loop.call_soon(self.log.append, "next")
        self.assertEqual(self.errors(), "")
        with self.assertRaises(SystemExit):
            task.result()
        self.assertEqual(self.log, ["next"])


class BlockingTest(LoopCase):
    """run_until_complete and asyncio.run."""

    def setUp(self) -> None:
        super().setUp()
        for target, value in (("can_block", True),):
            patch = unittest.mock.patch.object(fake_core.Refusal, target, value)
            patch.start()
            self.addCleanup(patch.stop)
        patch2 = unittest.mock.patch.object(fake_core, "js_loop", self.js)
        patch2.start()
        self.addCleanup(patch2.stop)

    async def sleeper(self, value: str) -> str:
        """Take a second."""
        await asyncio.sleep(1)
        self.log.append(value)
        return value

    def test_blocks(self) -> None:
        self.assertEqual(self.loop.run_until_complete(self.sleeper("a")), "a")
        with self.assertRaises(ZeroDivisionError):
            self.loop.run_until_complete(eval_soon("1/0"))

    def test_inside_of_a_task(self) -> None:
        async def main() -> list[str]:
            other = asyncio.create_task(self.sleeper("other"))
            result = self.loop.run_until_complete(self.sleeper("inner"))
            task = asyncio.current_task()
            assert task is not None
            return [result, await other, task.get_name()]

        task = self.loop.create_task(main(), name="main")
        self.js.run()
        self.assertEqual(task.result(), ["inner", "other", "main"])

    def test_where_nothing_can_block(self) -> None:
        coroutine = self.sleeper("a")
        with (
            unittest.mock.patch.object(fake_core.Refusal, "can_block", new=False),
            self.assertRaisesRegex(RuntimeError, "callPromising"),
        ):
            self.loop.run_until_complete(coroutine)
        self.assertEqual(inspect.getcoroutinestate(coroutine), inspect.CORO_CLOSED)
        done = self.loop.create_future()
        done.set_result(5)
        self.assertEqual(self.loop.run_until_complete(done), 5)

    def test_option_off(self) -> None:
        loop = WebLoop(enable_run_until_complete=False)
        loop.time = self.js.time  # type: ignore[method-assign]
        task: Any = loop.run_until_complete(self.sleeper("a"))
        self.assertIsInstance(task, PyodideTask)
        self.assertFalse(task.done())
        asyncio._set_running_loop(loop)
        self.js.run()
        self.assertEqual(task.result(), "a")

    def test_asyncio_run(self) -> None:
        keep_runners(self)
        _running_loop.install(WebLoop)
        self.assertEqual(asyncio.run(self.sleeper("a")), "a")
        with self.assertRaises(ValueError):
            asyncio.run(5)  # type: ignore[arg-type]
        asyncio._set_running_loop(None)
        self.assertEqual(asyncio.run(asyncio.sleep(0, "stock")), "stock")


def keep_runners(case: unittest.TestCase) -> None:
    """Undo at the end of a test what installing a loop does to asyncio."""
    for holder, name in (
        (asyncio, "run"),
        (asyncio.runners, "run"),
        (asyncio.Runner, "run"),
        (asyncio.Runner, "_lazy_init"),
    ):
        case.addCleanup(setattr, holder, name, getattr(holder, name))


async def eval_soon(source: str) -> Any:
    """Evaluate an expression after a step of the loop."""
    await asyncio.sleep(0)
    return eval(source)


class PolicyTest(LoopCase):
    """Which loop whom."""

    def setUp(self) -> None:
        super().setUp()
        policy, hooks = asyncio.get_event_loop_policy(), sys.get_asyncgen_hooks()
        self.addCleanup(asyncio.set_event_loop_policy, policy)
        self.addCleanup(sys.set_asyncgen_hooks, *hooks)
        keep_runners(self)

    def test_installed(self) -> None:
        loop = webloop.install(enable_run_until_complete=False)
        self.assertIs(asyncio.get_running_loop(), loop)
        self.assertIsInstance(asyncio.get_event_loop_policy(), webloop.WebLoopPolicy)
        coroutine = asyncio.sleep(0)
        with self.assertRaisesRegex(RuntimeError, "running event loop"):
            asyncio.run(coroutine)
        coroutine.close()

    def test_new_loop_is_installed(self) -> None:
        webloop.install()
        loop = asyncio.new_event_loop()
        self.assertIsInstance(loop, WebLoop)
        self.assertIs(asyncio.get_running_loop(), loop)
        self.assertIs(asyncio.get_event_loop(), loop)

    def test_threads_have_ordinary_loops(self) -> None:
        webloop.install()
        outcome: list[Any] = []

        def work() -> None:
            outcome.append(asyncio.run(asyncio.sleep(0.001, "slept")))
            loop = asyncio.new_event_loop()
            outcome.append(type(loop).__name__)
            loop.close()
            outcome.append(loop.is_closed())

        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        self.assertEqual(outcome, ["slept", "_UnixSelectorEventLoop", True])


if __name__ == "__main__":
    unittest.main()
