"""Small Python programs that are timed inside the interpreter, the same file in every runtime.

    kernels.py --warm-up 0.5 --sample 0.1 --samples 3 fib sort ...

Each kernel is a function that does a fixed piece of work and returns a value that depends on it, so
that runtimes can be checked against each other.  For each sample two lines are printed, ``begin
NAME`` right before it and ``end NAME REPEATS SECONDS CHECK`` right after; whoever reads them may
take the CPU time of the process meanwhile.

A wasm engine keeps running a function in the code it was entered with.  CPython's eval loop calls
Python functions without leaving itself, so what the first frame of a program calls stays in
baseline code for good.  By default each sample is entered through C (`functools.partial`), as
callbacks, methods of extension types and event loops do; ``--inline`` enters it directly, as a
script's main loop does.

``--job N`` is a program of fixed work instead: N times all kernels in turns, a little of each,
straight from the main program, and one line at the end.  Whoever starts it takes the time of the
whole process: tiering up and falling back are part of it, which warm samples leave out.
"""

from __future__ import annotations

import argparse
import functools
import gc
import hashlib
import json
import re
import sys
import zlib
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WORDS = [f"w{i * 7919 % 1000:03d}" for i in range(1000)]
TEXT = " ".join(WORDS) + ". user.name@example.org 2024-11-24; 17.5% of 1,234 items\n"
RECORDS = [{"id": i, "name": f"item {i}", "tags": ["a", "b"], "x": i / 8} for i in range(60)]
DATA = TEXT.encode() * 8


def _fib(n: int) -> int:
    return n if n < 2 else _fib(n - 1) + _fib(n - 2)


def fib() -> int:
    """Call recursively."""
    return _fib(17)


def loop() -> int:
    """Do integer arithmetic and branches in one frame."""
    total = 0
    for i in range(30000):
        if i & 3:
            total += i * 3 % 7
    return total


def nbody() -> float:
    """Do float arithmetic on attributes of three bodies."""
    bodies = [Body(0.0, 0.0, 1.0), Body(1.0, 0.0, 0.001), Body(0.0, 2.0, 0.002)]
    for _ in range(300):
        for body in bodies:
            for other in bodies:
                if body is not other:
                    body.attract(other)
        for body in bodies:
            body.x += body.vx * 0.01
            body.y += body.vy * 0.01
    return round(sum(body.x + body.y for body in bodies), 9)


class Body:
    """A mass point."""

    def __init__(self, x: float, y: float, mass: float) -> None:
        self.x, self.y, self.mass = x, y, mass
        self.vx = self.vy = 0.0

    def attract(self, other: Body) -> None:
        """Change this body's speed by the other's gravity in one step."""
        dx, dy = other.x - self.x, other.y - self.y
        pull = other.mass * 0.01 / ((dx * dx + dy * dy) ** 1.5)
        self.vx += dx * pull
        self.vy += dy * pull


class Account:
    """An object with small methods, a property and a slot in arithmetic."""

    def __init__(self) -> None:
        self.balance = 0

    def add(self, amount: int) -> Account:
        """Change the balance."""
        self.balance += amount
        return self

    @property
    def doubled(self) -> int:
        """Twice the balance."""
        return self.balance * 2

    def __len__(self) -> int:
        return self.balance & 7


def method() -> int:
    """Call methods, properties, special methods."""
    account, total = Account(), 0
    for i in range(4000):
        total += account.add(i).doubled + len(account)
    return total


def lists() -> int:
    """Use comprehensions, append, slices, enumerate, zip."""
    numbers = [i * 2 for i in range(6000)]
    copy = []
    for i, n in enumerate(numbers):
        copy.append(n + i)
    pairs = [a - b for a, b in zip(copy[1:], copy[:-1], strict=True)]
    return sum(pairs) + len(copy[::3]) + copy.pop()


def dicts() -> int:
    """Count, look up, iterate, with strings and integers as keys."""
    counts: dict[str, int] = {}
    for word in WORDS * 4:
        counts[word] = counts.get(word, 0) + 1
    squares = {i: i * i for i in range(1500)}
    return sum(counts.values()) + sum(v for k, v in squares.items() if k in squares and k % 2)


def strings() -> int:
    """Split, join, replace, format, find, change case."""
    total = 0
    for word in TEXT.split():
        total += len(f"<{word.upper()}:{len(word):>4}>".replace("W", "vv")) + word.find("9")
    return total + len("-".join(WORDS)) + TEXT.count("w1")


def _tree(depth: int) -> Iterator[int]:
    if depth:
        yield from _tree(depth - 1)
        yield depth
        yield from _tree(depth - 1)


def generator() -> int:
    """Run generators, nested by `yield from`."""
    return sum(_tree(9)) + sum(x for x in range(4000) if x % 3)


def _parse(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        return -1


def exception() -> int:
    """Raise and catch, and use `finally`."""
    total = 0
    for word in WORDS[:600]:
        try:
            total += _parse(word) + _parse(word[1:])
        finally:
            total += 1
    return total


def sort() -> str:
    """Sort integers, strings, and by a key."""
    numbers = sorted(i * 7919 % 10007 for i in range(2000))
    words = sorted(WORDS)
    last = sorted(WORDS, key=lambda word: word[::-1])
    return f"{numbers[1000]} {words[500]} {last[500]}"


def jsons() -> int:
    """Write and read JSON."""
    text = json.dumps(RECORDS)
    return len(text) + len(json.loads(text)) + len(json.dumps(RECORDS[:5], indent=1))


def regex() -> int:
    """Search, substitute and split with regular expressions."""
    words = re.findall(r"\bw(\d)\d(\d)\b", TEXT)
    mail = re.search(r"[\w.]+@[\w.]+\.\w+", TEXT)
    changed = re.sub(r"(\d+)", lambda match: match[1][::-1], TEXT)
    return len(words) + len(changed.split("9")) + (mail.start() if mail else 0)


def sha256() -> str:
    """Hash, nearly all of it in C."""
    return hashlib.sha256(DATA * 4).hexdigest()[:12]


def deflate() -> int:
    """Compress and decompress, nearly all of it in C."""
    return len(zlib.decompress(zlib.compress(DATA, 6)))


JOB_REPEATS = 10  # of each kernel before the next one: 1 to 15 ms of native CPython

KERNELS: dict[str, Callable[[], object]] = {
    kernel.__name__: kernel
    for kernel in (
        fib, loop, nbody, method, lists, dicts, strings, generator, exception, sort, jsons, regex,
        sha256, deflate,
    )
}  # fmt: skip


def repeat(kernel: Callable[[], object], count: int) -> object:
    """Run *kernel* *count* times; return its last value."""
    value = None
    for _ in range(count):
        value = kernel()
    return value


def calibrate(enter: Callable[..., object], kernel: Callable[[], object], warm_up: float) -> float:
    """Run for *warm_up* seconds; return the seconds that one run took at the end."""
    count, started = 1, perf_counter()
    while True:
        before = perf_counter()
        enter(kernel, count)
        after = perf_counter()
        if after - started >= warm_up:
            return (after - before) / count
        if after - before < 0.02:
            count *= 2


def measure(name: str, enter: Callable[..., object], options: argparse.Namespace) -> None:
    """Warm up, then print the lines of every sample of one kernel."""
    kernel = KERNELS[name]
    each = calibrate(enter, kernel, options.warm_up)
    count = max(1, round(1.2 * options.sample / each))
    for _ in range(options.samples):
        gc.collect()
        print("begin", name, flush=True)
        before = perf_counter()
        check = enter(kernel, count)
        seconds = perf_counter() - before
        print("end", name, count, f"{seconds:.9f}", check, flush=True)


def job(passes: int) -> None:
    """Do a fixed amount of all kernels and print their last values."""
    values: list[object] = []
    for _ in range(passes):
        values = [repeat(kernel, JOB_REPEATS) for kernel in KERNELS.values()]
    print("job", *values, flush=True)


def main(arguments: list[str]) -> None:
    """Measure the kernels that the command line names, in its order."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--warm-up", type=float, default=0.5, metavar="SECONDS")
    parser.add_argument("--sample", type=float, default=0.1, metavar="SECONDS")
    parser.add_argument("--samples", type=int, default=3)
    parser.add_argument("--inline", action="store_true")
    parser.add_argument("--job", type=int, metavar="N")
    parser.add_argument("kernels", nargs="*", default=list(KERNELS))
    options = parser.parse_args(arguments)
    if options.job:
        job(options.job)
        return
    for name in options.kernels:
        measure(name, repeat if options.inline else functools.partial(repeat), options)


if __name__ == "__main__":
    main(sys.argv[1:])
