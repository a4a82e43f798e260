"""Count the words of a text: a small whole job for a Python interpreter.

The text is read from disk and checked against the SHA-256 recorded beside it, tokenised with
``re``, counted into an SQLite file, ranked once by SQLite and once by the C library's ``qsort``
through ``ctypes``, compressed and restored with ``zlib`` and ``lzma``, and summed up in a table.

The output depends on the text and the options only, never on the interpreter or on the versions of
the libraries behind it: no times, and no compressed sizes.

    python wordcount.py [--top N] [--database FILE] [TEXT]

Exit status: 0 when everything was checked and printed, 1 when the text or the database is missing,
damaged or unusable, 2 when the command line is wrong.
"""

from __future__ import annotations

import argparse
import ctypes
import hashlib
import lzma
import re
import sqlite3
import sys
import tempfile
import zlib
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DEFAULT_TEXT = Path(__file__).resolve().parent / "stdtypes.rst"
WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
CHUNK = 16 * 1024

SCHEMA = """
    DROP TABLE IF EXISTS words;
    CREATE TABLE words (
        word TEXT PRIMARY KEY,
        count INTEGER NOT NULL CHECK (count > 0),
        first_line INTEGER NOT NULL
    ) WITHOUT ROWID;
"""


class WordCountError(Exception):
    """The job cannot be done; the message says why and what to do next."""


class Row(NamedTuple):
    """One word of the table."""

    word: str
    times: int
    first_line: int  # 1-based


class Totals(NamedTuple):
    """What the whole table adds up to."""

    words: int
    distinct: int
    once: int  # words that occur exactly once


class _Ranked(ctypes.Structure):
    """One element of the array given to ``qsort``."""

    _fields_ = (("count", ctypes.c_uint32), ("index", ctypes.c_uint32))


def read_verified(path: Path) -> bytes:
    """Return the bytes of *path* once they match the SHA-256 in ``<path>.sha256``.

    The hash file has the format of ``sha256sum``. Raises WordCountError when either file cannot be
    read or the hash differs.
    """
    sums = path.with_name(path.name + ".sha256")
    try:
        data = path.read_bytes()
        expected = sums.read_text(encoding="ascii").split()
    except OSError as error:
        message = f"cannot read {error.filename}: {error.strerror}; give a readable text"
        raise WordCountError(message) from error
    actual = hashlib.sha256(data).hexdigest()
    if expected[:1] != [actual]:
        message = (
            f"{path} is not the recorded text: its sha256 is {actual}, {sums.name} says "
            f"{expected[0] if expected else 'nothing'}; restore the file, or record the new hash"
        )
        raise WordCountError(message)
    return data


def decode(data: bytes, path: Path) -> str:
    """Return *data* as text; raises WordCountError with the byte offset when it is not UTF-8."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"{path} is not UTF-8 at byte {error.start}; convert it first"
        raise WordCountError(message) from error


def tokenise(text: str) -> Iterator[tuple[str, int]]:
    """Yield each word of *text* in lower case with its 1-based line number."""
    for number, line in enumerate(text.splitlines(), start=1):
        for match in WORD.finditer(line):
            yield match.group().casefold(), number


def count_words(text: str) -> list[Row]:
    """Return the distinct words of *text* in the order of their first occurrence."""
    counts: Counter[str] = Counter()
    first_line: dict[str, int] = {}
    for word, line in tokenise(text):
        counts[word] += 1
        first_line.setdefault(word, line)
    return [Row(word, count, first_line[word]) for word, count in counts.items()]


def store(database: Path, rows: list[Row]) -> None:
    """Write *rows* to the table ``words`` of the file *database*, replacing an older table."""
    with closing(sqlite3.connect(database)) as connection:
        connection.executescript(SCHEMA)
        with connection:
            connection.executemany("INSERT INTO words VALUES (?, ?, ?)", rows)


def query(database: Path, top: int) -> tuple[Totals, list[Row]]:
    """Return the totals and the *top* most frequent words, read back from the file *database*."""
    with closing(sqlite3.connect(database)) as connection:
        totals = connection.execute(
            "SELECT sum(count), count(*), count(*) FILTER (WHERE count = 1) FROM words"
        ).fetchone()
        ranking = connection.execute(
            "SELECT word, count, first_line FROM words ORDER BY count DESC, word LIMIT ?", (top,)
        ).fetchall()
    return Totals(totals[0] or 0, *totals[1:]), [Row(*row) for row in ranking]


def rank_with_qsort(rows: list[Row], top: int) -> list[Row]:
    """Return the *top* most frequent of *rows*, sorted by C code that calls back into Python."""
    ordered = sorted(rows)
    array = (_Ranked * len(ordered))(
        *(_Ranked(row.times, index) for index, row in enumerate(ordered))
    )
    element = ctypes.POINTER(_Ranked)
    comparison = ctypes.CFUNCTYPE(ctypes.c_int, element, element)

    def compare(left: ctypes._Pointer[_Ranked], right: ctypes._Pointer[_Ranked]) -> int:
        a, b = left.contents, right.contents
        return int(b.count) - int(a.count) or int(a.index) - int(b.index)

    qsort = ctypes.CDLL(None).qsort
    qsort.argtypes = (element, ctypes.c_size_t, ctypes.c_size_t, comparison)
    qsort.restype = None
    qsort(array, len(ordered), ctypes.sizeof(_Ranked), comparison(compare))
    return [ordered[item.index] for item in array[:top]]


def through_zlib(data: bytes) -> tuple[int, bytes]:
    """Return the size of *data* compressed with zlib, and what the compressed chunks restore to."""
    compressor = zlib.compressobj(level=9)
    chunks = (data[start : start + CHUNK] for start in range(0, len(data), CHUNK))
    packed = b"".join(map(compressor.compress, chunks)) + compressor.flush()
    decompressor = zlib.decompressobj()
    restored = bytearray()
    for start in range(0, len(packed), CHUNK):
        restored += decompressor.decompress(packed[start : start + CHUNK])
    restored += decompressor.flush()
    return len(packed), bytes(restored) if decompressor.eof else b""


def through_lzma(data: bytes) -> tuple[int, bytes]:
    """Return the size of *data* as .xz with a SHA-256 check, and what it restores to."""
    packed = lzma.compress(data, check=lzma.CHECK_SHA256)
    return len(packed), lzma.decompress(packed)


def describe_round_trip(name: str, data: bytes, packed_size: int, restored: bytes) -> str:
    """Return a line on one compressor; raises WordCountError when it lost or changed something."""
    if restored != data:
        message = f"{name} did not restore the text; the interpreter's {name} module is broken"
        raise WordCountError(message)
    # The exact size differs between versions of the libraries, which output must not depend on.
    size = "less" if 2 * packed_size < len(data) else "no less"
    return f"{name:<8}  restores every byte from {size} than half of them"


def report(path: Path, data: bytes, totals: Totals, ranking: list[Row]) -> Iterator[str]:
    """Yield the lines of the summary and the table of *ranking*."""
    yield f"text      {path.name}, {len(data)} bytes"
    yield f"sha256    {hashlib.sha256(data).hexdigest()}"
    yield f"crc32     {zlib.crc32(data):08x}"
    yield f"words     {totals.words}, {totals.distinct} distinct, {totals.once} seen once"
    yield describe_round_trip("zlib", data, *through_zlib(data))
    yield describe_round_trip("lzma", data, *through_lzma(data))
    yield ""
    yield f"{'rank':>4}  {'count':>5}  {'line':>5}  word"
    for rank, row in enumerate(ranking, start=1):
        yield f"{rank:>4}  {row.times:>5}  {row.first_line:>5}  {row.word}"


def run(path: Path, database: Path, top: int) -> Iterator[str]:
    """Do the whole job and yield the lines to print; raises WordCountError when a step fails."""
    data = read_verified(path)
    rows = count_words(decode(data, path))
    try:
        store(database, rows)
        totals, ranking = query(database, top)
    except sqlite3.Error as error:
        message = f"cannot use the database {database}: {error}; name another with --database"
        raise WordCountError(message) from error
    if rank_with_qsort(rows, top) != ranking:
        message = "qsort and SQLite rank the words differently; the interpreter is broken"
        raise WordCountError(message)
    yield from report(path, data, totals, ranking)


def positive(text: str) -> int:
    """Return *text* as an integer of at least 1 (an argparse type)."""
    number = int(text)
    if number < 1:
        message = f"{number} is not a positive number"
        raise argparse.ArgumentTypeError(message)
    return number


def parse_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the parsed command line; exits with status 2 when it is wrong."""
    parser = argparse.ArgumentParser(prog="wordcount", description="Count the words of a text.")
    parser.add_argument("text", nargs="?", type=Path, default=DEFAULT_TEXT, metavar="TEXT")
    parser.add_argument("--top", type=positive, default=20, metavar="N", help="rows of the table")
    parser.add_argument(
        "--database",
        type=Path,
        metavar="FILE",
        help="keep the counts in this SQLite file (default: a temporary one)",
    )
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status."""
    options = parse_arguments(arguments)
    try:
        with tempfile.TemporaryDirectory(prefix="wordcount-") as scratch:
            database = options.database or Path(scratch, "words.sqlite")
            lines = list(run(options.text, database, options.top))
    except WordCountError as error:
        print(f"wordcount: {error}", file=sys.stderr)
        return 1
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
