"""Recursion without end, of many kinds. Runs under the interpreter that is tested.

    recursion_probes.py [--list] [name ...]

Runs the named probes (default: all) one after the other in one interpreter. After each of them the
same interpreter must still work. Prints one line `name outcome` for each, where the outcome is "ok"
or the name of the exception, and ends with status 0 if all were allowed ones.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import recursion_calls  # noqa: F401  # each registers its probes
import recursion_endings  # noqa: F401
import recursion_in_c  # noqa: F401
import recursion_sources  # noqa: F401
import recursion_values  # noqa: F401
from recursion_kit import PROBES, REPLACED

if TYPE_CHECKING:
    from collections.abc import Callable

# What may come out; CPython says MemoryError for the parser's own stack, ValueError in marshal.
ALLOWED = ("ok", "RecursionError", "MemoryError", "ValueError")


def alive() -> bool:
    """Whether this interpreter still computes, compiles, calls and frees."""
    rows = sorted({word: len(word) for word in ("a", "bb", "ccc")}.items(), key=repr)
    module: dict[str, Any] = {}
    exec("def f(n):\n    return n if n < 2 else f(n - 1) + f(n - 2)", module)
    again = json.loads(json.dumps(rows))
    return 1 + 1 == 2 and module["f"](15) == 610 and again == [["a", 1], ["bb", 2], ["ccc", 3]]


def outcome_of(function: Callable[[], object]) -> str:
    """Run a probe and name what came of it."""
    limit = sys.getrecursionlimit()
    try:
        function()
    except Exception as error:  # noqa: BLE001
        return type(error).__name__
    else:
        return "ok"
    finally:
        sys.setrecursionlimit(limit)


def main(arguments: list[str]) -> int:
    """Run the probes; return the exit status."""
    if arguments == ["--list"]:
        print(*PROBES, sep="\n")
        return 0
    status = 0
    for name in arguments or PROBES:
        outcome = outcome_of(PROBES[name])
        works = alive()
        print(name, outcome, "" if works else "BROKEN", flush=True)
        if not works or outcome not in (*ALLOWED, REPLACED.get(name)):
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
