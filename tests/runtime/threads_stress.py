"""64 threads that lock, wait, sleep, raise, compute and call JavaScript at random.

Usage: threads_stress.py SEED SECONDS

Fails when a count is wrong, or when a wake-up gets lost: then a thread does not end in time.
"""

from __future__ import annotations

import queue
import random
import sys
import threading
import time
from typing import TYPE_CHECKING

import js
from pyodide.ffi import JsException, run_sync, to_js

if TYPE_CHECKING:
    from collections.abc import Callable

THREADS = 64


class Shared:
    """What the threads fight over, with what they should find there."""

    def __init__(self) -> None:
        self.locks = [threading.Lock() for _ in range(4)]
        self.counts = [0] * 4
        self.recursive = threading.RLock()
        self.depth = 0
        self.condition = threading.Condition()
        self.tokens = 0
        self.semaphore = threading.Semaphore(3)
        self.inside = 0
        self.mail: queue.Queue[int] = queue.Queue(5)
        self.posted = 0
        self.taken = 0
        self.event = threading.Event()
        self.errors: list[str] = []

    def check(self, condition: bool, text: str) -> None:
        """Note what must not be."""
        if not condition:
            self.errors.append(text)


class Worker:
    """One thread's random deeds."""

    def __init__(self, shared: Shared, seed: str) -> None:
        self.shared = shared
        self.random = random.Random(seed)  # noqa: S311 -- repeatable
        self.added = [0] * 4

    def pause(self) -> None:
        """Give way in one of several manners, or not at all."""
        choice = self.random.randrange(6)
        if choice == 0:
            time.sleep(0)
        elif choice == 1:
            time.sleep(self.random.random() / 500)
        elif choice == 2:
            sum(range(self.random.randrange(20_000)))

    def count(self) -> None:
        """Add one under a lock, with a pause between reading and writing."""
        which = self.random.randrange(4)
        timeout = self.random.choice([-1, -1, 0.001])
        if self.shared.locks[which].acquire(timeout=timeout):
            try:
                self.add_one(which)
            except ValueError:
                pass
            finally:
                self.shared.locks[which].release()

    def add_one(self, which: int) -> None:
        """Do what the lock protects; sometimes raise then."""
        seen = self.shared.counts[which]
        self.pause()
        self.shared.counts[which] = seen + 1
        self.added[which] += 1
        if self.random.random() < 0.05:
            raise ValueError("thrown while the lock was held")

    def recurse(self) -> None:
        """Hold the recursive lock several times over."""
        levels = self.random.randrange(1, 5)
        for _ in range(levels):
            self.shared.recursive.acquire()
            self.shared.depth += 1
        self.pause()
        self.shared.check(self.shared.depth == levels, "a recursive lock was shared")
        for _ in range(levels):
            self.shared.depth -= 1
            self.shared.recursive.release()

    def pass_token(self) -> None:
        """Give a token or take one, waiting for a limited time."""
        with self.shared.condition:
            if self.random.random() < 0.5:
                self.shared.tokens += 1
                self.shared.condition.notify()
            elif self.shared.condition.wait_for(lambda: self.shared.tokens > 0, timeout=0.01):
                self.shared.tokens -= 1

    def enter(self) -> None:
        """Be one of three behind the semaphore."""
        with self.shared.semaphore:
            self.shared.inside += 1
            self.pause()
            self.shared.check(self.shared.inside <= 3, "a semaphore let in too many")
            self.shared.inside -= 1

    def write(self) -> None:
        """Post to the bounded queue and take from it, so that both kinds are as many."""
        try:
            self.shared.mail.put(1, timeout=0.01)
            self.shared.posted += 1
        except queue.Full:
            pass
        try:
            letters = self.shared.mail.get(timeout=0.01)
            self.shared.taken += letters
        except queue.Empty:
            pass

    def start_another(self) -> None:
        """Start a thread and wait for it, or wait for an event that nobody may set."""
        if self.random.random() < 0.5:
            result: list[int] = []
            thread = threading.Thread(target=result.append, args=(1,))
            thread.start()
            thread.join()
            self.shared.check(result == [1], "a joined thread had not run")
        else:
            self.shared.event.wait(0.002)

    def be_called_back(self) -> None:
        """Sort by a function that JavaScript calls, and that sometimes raises."""
        numbers = self.random.sample(range(100), 9)
        unlucky = self.random.choice([*numbers[:2], None])

        def compare(left: int, right: int) -> int:
            if unlucky in (left, right):
                raise ValueError(unlucky)
            return left - right

        try:
            result = to_js(numbers).sort(compare).to_py()
        except ValueError as error:
            self.shared.check(error.args == (unlucky,), "another callback's exception came")
        else:
            self.shared.check(result == sorted(numbers), "JavaScript sorted wrongly")

    def wait_for_promise(self) -> None:
        """Wait for what a timer of JavaScript resolves or rejects."""
        number, resolves = self.random.randrange(1000), self.random.random() < 0.7

        def begin(resolve: js.JsProxy, reject: js.JsProxy) -> None:
            js.setTimeout(resolve if resolves else reject, number % 5, js.Error.new(str(number)))

        try:
            message = run_sync(js.Promise.new(begin)).message
        except JsException as error:
            message, resolves = error.message, not resolves
        self.shared.check(
            (message, resolves) == (str(number), True), "another promise's value came"
        )

    def run(self, end: float) -> None:
        """Do deeds until it is time to stop."""
        deeds: list[Callable[[], None]] = [
            self.count,
            self.recurse,
            self.pass_token,
            self.enter,
            self.write,
            self.start_another,
            self.be_called_back,
            self.wait_for_promise,
        ]
        while time.monotonic() < end:
            self.random.choice(deeds)()


def main() -> int:
    """Run all threads; return the exit status."""
    seed, seconds = sys.argv[1], float(sys.argv[2])
    sys.setswitchinterval(0.001)
    shared, end = Shared(), time.monotonic() + seconds
    threading.excepthook = lambda args: shared.errors.append(repr(args.exc_value))
    workers = [Worker(shared, f"{seed}.{number}") for number in range(THREADS)]
    threads = [threading.Thread(target=w.run, args=(end,), daemon=True) for w in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    lost = sum(thread.is_alive() for thread in threads)
    shared.check(lost == 0, f"{lost} threads never ended")
    for which in range(4):
        added = sum(worker.added[which] for worker in workers)
        shared.check(shared.counts[which] == added, f"lock {which} was shared")
    shared.check(shared.posted - shared.taken == shared.mail.qsize(), "mail was lost")
    print("seed", seed, *shared.errors, sep="\n")
    return 1 if shared.errors else 0


if __name__ == "__main__":
    sys.exit(main())
