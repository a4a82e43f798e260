"""What the interpreter's profile is made of: everyday Python, the same work each time.

    training.py PROFILE

Run by an interpreter that counts (see README.md); writes its raw profile to PROFILE. The pieces are
not those of tests/bench, which measures the result.
"""

from __future__ import annotations

import ast
import collections
import contextlib
import copy
import csv
import ctypes
import dataclasses
import datetime as dt
import decimal
import enum
import functools
import heapq
import io
import itertools
import json
import logging
import math
import pathlib
import pickle
import random
import re
import string
import struct
import sys
import textwrap
import time
import tokenize
import typing
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

SOURCE = pathlib.Path(__file__).read_text(encoding="utf-8")
RANDOM = random.Random(1)  # noqa: S311  # the same work each time
LIMIT, FEW = 1_000_000, 10
WORDS = re.findall(r"[a-z]+", SOURCE)
PIECES: list[tuple[Callable[[], object], int]] = []


def piece(rounds: int) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Register a function, and how often it runs: a third of a second of native Python for each."""

    def register(function: Callable[[], object]) -> Callable[[], object]:
        PIECES.append((function, rounds))
        return function

    return register


class Shape:
    """A class as programs have them: attributes, a property, methods that call methods."""

    sides = 0

    def __init__(self, width: float, height: float) -> None:
        self.width = width
        self.height = height

    @property
    def ratio(self) -> float:
        """Return width by height."""
        return self.width / (self.height or 1)

    def area(self) -> float:
        """Return the area."""
        return self.width * self.height

    def grown(self, by: float = 1, *, factor: float = 1.0) -> Shape:
        """Return a larger one of the same class."""
        return type(self)(self.width * factor + by, self.height * factor + by)

    def __lt__(self, other: Shape) -> bool:
        return self.area() < other.area()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Shape) and self.area() == other.area()

    def __hash__(self) -> int:
        return hash((self.width, self.height))


class Square(Shape):
    """Inherits, and calls the method of its base."""

    sides = 4

    def __init__(self, width: float, height: float = 0) -> None:
        super().__init__(width, width or height)

    def area(self) -> float:
        """Return the area, as the base computes it."""
        return super().area() + 0


@piece(500)
def _objects() -> object:
    shapes = [Square(i) if i % 3 else Shape(i, i + 1) for i in range(300)]
    total = 0.0
    for shape in shapes:
        bigger = shape.grown(2, factor=0.5)
        total += bigger.area() * shape.ratio + shape.sides
        if bigger in (shape, None) or hasattr(shape, "missing"):
            total -= 1
    return total, min(shapes), max(shapes, key=Shape.area), set(shapes)


@dataclasses.dataclass(order=True)
class Point:
    """A dataclass, whose methods are generated."""

    x: int
    y: int = 0
    tags: list[str] = dataclasses.field(default_factory=list)


class Colour(enum.Enum):
    """An enumeration."""

    RED = 1
    GREEN = 2


class Pair(typing.NamedTuple):
    """A named tuple."""

    left: int
    right: int


@piece(800)
def _records() -> object:
    points = [Point(i % 7, i % 5) for i in range(150)]
    points.sort(key=lambda point: (point.y, -point.x))
    pairs = [Pair(point.x, point.y)._replace(right=1) for point in points]
    return [dataclasses.replace(points[0], x=1), Colour(1).name, [a + b for a, b in pairs]]


@piece(300)
def _numbers() -> object:
    total, exact = 0.0, 0
    for i in range(3_000):
        if i % 2 and i & 4:
            total += i * 1.5 - i / 3
        elif not i % 3:
            exact += i**2 // 7
        else:
            exact ^= (i << 3) | 5
        while exact > LIMIT:
            exact >>= 2
    return math.sqrt(abs(total)), round(total, 3), exact, divmod(exact, 7), pow(3, 1000, 1009)


@piece(3_000)
def _large_numbers() -> object:
    a, b = 1, 1
    for _ in range(400):
        a, b = b, a + b
    return str(a * b)[:9], int("123456789" * 9) % 97, (a * 3) // 7, f"{b:x}", a.bit_length()


def queens(size: int) -> int:
    """Count the ways to place queens that do not meet."""

    def place(row: int, columns: int, left: int, right: int) -> int:
        if row == size:
            return 1
        found = 0
        free = ~(columns | left | right) & ((1 << size) - 1)
        while free:
            bit = free & -free
            free -= bit
            found += place(row + 1, columns | bit, (left | bit) << 1, (right | bit) >> 1)
        return found

    return place(0, 0, 0, 0)


@piece(4_000)
def _recursion() -> object:
    return queens(6)


@piece(200)
def _matrix() -> object:
    rows = [[float(i * j % 11) for j in range(18)] for i in range(18)]
    product = [
        [sum(a * b for a, b in zip(row, col, strict=True)) for col in zip(*rows, strict=True)]
        for row in rows
    ]
    for i in range(18):
        for j in range(18):
            rows[i][j] += product[j][i] if i != j else -1.0
    return rows[3][4]


@piece(400)
def _sieve() -> object:
    flags = bytearray(b"\1") * 4_000
    for i in range(2, 64):
        if flags[i]:
            flags[i * i :: i] = bytes(len(range(i * i, 4_000, i)))
    return [i for i, flag in enumerate(flags) if flag][2:]


@piece(300)
def _words() -> object:
    counts: dict[str, int] = {}
    for word in WORDS:
        counts[word] = counts.get(word, 0) + 1
    by_letter: collections.defaultdict[str, list[str]] = collections.defaultdict(list)
    for word in counts:
        by_letter[word[0]].append(word)
    best = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:10]
    index = {word: number for number, (word, _) in enumerate(best)}
    return best, collections.Counter(WORDS).most_common(3), index | {"a": 0}, set(counts) & {"self"}


@piece(800)
def _text() -> object:
    lines = []
    for number, line in enumerate(SOURCE.splitlines()[:150]):
        stripped = line.strip().replace("self", "this")
        if stripped.startswith("def ") or "return" in stripped:
            lines.append(f"{number:4d} {stripped!r:.40} {len(stripped) / 3:.2f}")
        lines.extend(part.title() for part in stripped.split(",") if part.isidentifier())
        lines.append("%s-%05d" % (stripped[:4].upper(), number))  # noqa: UP031
    text = "\n".join(lines)
    return (
        text.encode().decode("utf-8", "replace").count("\n"),
        text.translate({10: 32}),
        text[::-1],
    )


@piece(500)
def _text_tools() -> object:
    template = string.Template("$name is $age")
    return [
        textwrap.fill(SOURCE[:800], 60),
        template.substitute(name="A", age=3),
        "{:>10}|{:<8.3f}|{!s}".format("a", 2.5, None),
        textwrap.dedent("    a\n    b\n"),
        "".join(chr((ord(c) + 1) % 128) for c in SOURCE[:500]),
    ]


@piece(100)
def _expressions() -> object:
    pattern = re.compile(r"(?P<name>\w+)\s*=\s*(?P<value>[^\n#]+)")
    found = [match.groupdict() for match in pattern.finditer(SOURCE)]
    replaced = re.sub(r"\b(\w)(\w*)\b", lambda m: m[1].upper() + m[2], SOURCE[:2_000])
    return found, replaced, re.split(r"[,;:\s]+", SOURCE[:3_000]), re.match(r"(a|b)*c", "ababab")


@piece(1_500)
def _lists() -> object:
    numbers = [RANDOM.random() for _ in range(400)]
    heap: list[float] = []
    for number in numbers:
        heapq.heappush(heap, number)
    queue = collections.deque(numbers, maxlen=300)
    while len(queue) > FEW:
        queue.append(queue.popleft() + queue.pop())
    numbers.sort(reverse=True)
    numbers[10:20] = [1.0] * 3
    numbers.insert(4, 2.0)
    del numbers[7]
    first, *rest = numbers
    return heap[0], first, rest[-1], numbers.index(1.0), [*rest, first][::2], tuple(reversed(rest))


def countdown(number: int) -> Generator[int, int | None, str]:
    """Yield, receive and return."""
    while number > 0:
        received = yield number
        number -= received or 1
    return "done"


def delegate(number: int) -> Iterator[int]:
    """Yield from another generator."""
    yield from countdown(number)
    yield from (i * i for i in range(number) if i % 2)


@piece(6_000)
def _generators() -> object:
    generator = countdown(200)
    next(generator)
    with contextlib.suppress(StopIteration):
        while True:
            generator.send(2)
    chained = itertools.chain(delegate(60), itertools.islice(itertools.count(3), 40))
    grouped = {key: sum(group) for key, group in itertools.groupby(chained, lambda i: i // 10)}
    pairs = itertools.product("abc", range(5))
    return grouped, list(map("".join, itertools.permutations("abcd"))), list(pairs), any(grouped)


async def worker(number: int) -> int:
    """Await something that never waits."""
    if number:
        return number + await worker(number - 1)
    return 0


@piece(4_000)
def _coroutines() -> object:
    results = []
    for _ in range(20):
        coroutine = worker(15)
        try:
            coroutine.send(None)
        except StopIteration as stop:
            results.append(stop.value)
    return results


class OddError(ValueError):
    """An exception of a program's own."""

    def __init__(self, number: int) -> None:
        super().__init__(f"odd: {number}")
        self.number = number


def check(number: int) -> int:
    """Raise for odd numbers, through a clean-up."""
    try:
        if number % 2:
            raise OddError(number)
    finally:
        number += 1
    return number


@piece(1_500)
def _exceptions() -> object:
    caught = 0
    nothing: dict[str, int] = {}
    for number in range(200):
        try:
            check(number)
            nothing["missing" if number % 5 == 0 else "too"]
        except KeyError as error:
            caught += len(error.args)
        except (OddError, TypeError) as error:
            with contextlib.suppress(AttributeError):
                caught += error.missing  # type: ignore[union-attr]
    return caught


@contextlib.contextmanager
def manager(log: list[str]) -> Iterator[None]:
    """Be a context manager made of a generator."""
    log.append("in")
    try:
        yield
    finally:
        log.append("out")


@functools.lru_cache(maxsize=50)
def steps(number: int) -> int:
    """Collatz steps, remembered."""
    return 1 if number == 1 else 1 + steps(number // 2 if number % 2 == 0 else 3 * number + 1)


def keywords(a: int, /, b: int = 2, *rest: int, c: int = 3, **more: int) -> int:
    """Every kind of parameter."""
    return a + b + sum(rest) + c + len(more)


@piece(900)
def _functions() -> object:
    log: list[str] = []
    more = {"d": 1, "e": 2}
    for number in range(60):
        with manager(log):
            keywords(number, 1, *range(number % 4), c=4, **more)
    add = functools.partial(keywords, 1, c=2)
    adders: list[Callable[[int], int]] = [lambda x, y=i: x + y for i in range(30)]  # type: ignore[misc]
    values = [adder(add(3)) for adder in adders]
    return functools.reduce(lambda x, y: x + y, filter(None, map(steps, range(1, 40)))), values, log


@piece(400)
def _data_formats() -> object:
    data: dict[str, Any] = {"items": [{"id": i, "name": f"n{i}", "ok": None} for i in range(40)]}
    text = json.dumps(data, indent=1)
    rows = list(csv.reader(io.StringIO("\n".join(f"{i},b{i},'c'" for i in range(60)))))
    packed = struct.pack("<IHd8s", 1, 2, 3.5, b"abc") + pickle.dumps(data)
    tree = ET.fromstring("<a>" + "<b c='1'>text</b>" * 40 + "</a>")  # noqa: S314
    return [
        json.loads(text) == data,
        pickle.loads(packed[struct.calcsize("<IHd8s") :]) == copy.deepcopy(data),  # noqa: S301
        rows,
        [element.get("c") for element in tree.iter("b")],
    ]


@piece(700)
def _dates_and_decimals() -> object:
    day = dt.datetime(2024, 2, 28, tzinfo=dt.UTC)
    days = [day + dt.timedelta(hours=7 * i) for i in range(60)]
    total = sum((decimal.Decimal(i) / 7 for i in range(1, 60)), decimal.Decimal(0))
    return [d.isoformat() for d in days], days[3].strftime("%Y-%m-%d"), total.quantize(2)


@piece(60)
def _compiling() -> object:
    source = SOURCE[: SOURCE.index("@piece(")]
    tree = ast.parse(source)
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    namespace: dict[str, Any] = {}
    exec("def f(x):\n    return [i + x for i in range(9)]\ny = f(2)", namespace)  # noqa: S102
    tokens = sum(1 for _ in tokenize.generate_tokens(io.StringIO(source).readline))
    return names, compile(source, "training", "exec"), namespace["y"], tokens


@piece(300)
def _logging() -> object:
    stream = io.StringIO()
    logger = logging.getLogger("training")
    handler = logging.StreamHandler(stream)
    logger.addHandler(handler)
    for i in range(30):
        logger.warning("message %s of %d", "a", i)
    logger.removeHandler(handler)
    print(*range(20), sep=", ", file=stream)
    return stream.getvalue(), pathlib.PurePosixPath("/a/b") / "c.txt"


def main(arguments: list[str]) -> int:
    """Run every piece, then write the profile."""
    library = ctypes.CDLL(None)
    for function, rounds in PIECES:
        begin = time.perf_counter()
        for _ in range(rounds):
            function()
        print(f"{function.__name__[1:]}: {time.perf_counter() - begin:.2f} s", flush=True)
    library["__llvm_profile_set_filename"](arguments[0].encode())
    return int(library["__llvm_profile_write_file"]())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
