"""Makes OWNERSHIP.md: who owns what at each function of the bridge, from the headers.

Usage: ownership.py [--check]

A function's entry is the comment above its prototype in ``c/*.h``. With --check the script only
tells whether the file is current and every prototype has its comment (exit status 1 if not).
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).resolve().parent
OUTPUT = HERE / "OWNERSHIP.md"
DECLARATION = re.compile(
    r"(?P<comment>/\*(?:[^*]|\*(?!/))*\*/\n)?"
    r"(?P<prototype>^(?!typedef|extern|#|return)[A-Za-z_][\w ]*[ *]+(?P<name>\w+)\([^;{]*\);)",
    re.MULTILINE,
)
# What such a comment speaks of; the house rules ask for the same of every header.
OWNERSHIP = re.compile(r"\b(returns?|steals?|raises?|borrow\w*|owns?|owned)\b", re.IGNORECASE)

HEAD = """\
# Ownership

Made by `ownership.py` from the comments in `c/*.h`; a test compares them. *Borrowed*: the caller
keeps its reference. *Steals*: the reference or handle belongs to the callee from then on, also when
it fails. *New*: the caller gets a reference of its own.

"""


class Entry(NamedTuple):
    """One function of a header."""

    name: str
    prototype: str
    comment: str | None


def entries(text: str) -> Iterator[Entry]:
    """Yield the functions that the header *text* declares."""
    for match in DECLARATION.finditer(text):
        comment = match["comment"]
        words = comment and " ".join(comment.strip("/* \n").split())
        yield Entry(match["name"], " ".join(match["prototype"].split()), words)


def document(headers: dict[str, list[Entry]]) -> str:
    """Return the text of OWNERSHIP.md."""
    parts = [HEAD]
    for name, found in headers.items():
        parts.append(f"## {name}\n\n")
        parts += [f"- `{entry.prototype}`\n  {entry.comment}\n" for entry in found]
        parts.append("\n")
    return "".join(parts).rstrip("\n") + "\n"


def complaints(headers: dict[str, list[Entry]]) -> Iterator[str]:
    """Yield what is missing in the headers."""
    for name, found in headers.items():
        for entry in found:
            if entry.comment is None or not OWNERSHIP.search(entry.comment):
                yield f"{name}: {entry.name}: say above it what it returns, steals and raises"


def read_headers() -> dict[str, list[Entry]]:
    """Return the functions by header, for headers that declare any."""
    found = {
        path.name: list(entries(path.read_text("utf-8")))
        for path in sorted((HERE / "c").glob("*.h"))
    }
    return {name: functions for name, functions in found.items() if functions}


def main(arguments: list[str]) -> int:
    """Run the command line described above; return its exit status."""
    parser = argparse.ArgumentParser(description="Make OWNERSHIP.md from the headers.")
    parser.add_argument(
        "--check", action="store_true", help="only say whether it is what it should be"
    )
    options = parser.parse_args(arguments)
    headers = read_headers()
    problems = list(complaints(headers))
    text = document(headers)
    if not options.check:
        OUTPUT.write_text(text, encoding="utf-8")
    elif not OUTPUT.exists() or OUTPUT.read_text("utf-8") != text:
        problems.append("OWNERSHIP.md is not what the headers say; run ownership.py")
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
