"""The committed list of the tests that do not pass, each with its reason.

``expectations.toml`` has one table of entries per unit; a unit that is absent passes::

    test_os = [
        {test = "ForkTests.*", outcome = "skip", category = "processes", reason = "os.fork() ..."},
    ]

*test* is the id of a test without the name of its unit, or a pattern of such ids; ``(unit)`` stands
for a unit that skips itself as a whole, though it does not in native Python. *outcome* is

- ``fail``: the test runs and must fail;
- ``crash``: the interpreter must die or hang; the full run verifies it, the core run omits it;
- ``skip``: the test is never run, because it could only hang or take too long.

*category* is one of CATEGORIES. *engines*, if given, lists the engines for which the entry holds.
"""

from __future__ import annotations

import fnmatch
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from model import Outcome

if TYPE_CHECKING:
    from pathlib import Path

CATEGORIES = {
    "processes": "No process can be started: no fork, no exec, no subprocess. This stays so.",
    "threads": "Threads take turns on one of the machine; blocking calls of the host stop all.",
    "sockets": "Sockets come later.",
    "host": "The host gives Node no such facility.",
    "floats": "WebAssembly has no floating-point status flags and one rounding mode.",
    "libc": "Emscripten's C library (musl) differs from glibc or lacks the function.",
    "engine": "A limit of the JavaScript engine.",
    "abi": "WebAssembly passes arguments otherwise than the machines the test has in mind.",
    "build": "The module, option or file is left out of this build on purpose.",
    "time": "Too slow to be run here.",
    "bug": "A bug of ours that is not fixed yet.",
}
OUTCOMES = {"fail": Outcome.FAIL, "crash": Outcome.CRASH, "skip": Outcome.OMIT}
KEYS = {"test", "outcome", "category", "reason", "engines"}


class ExpectationError(Exception):
    """The expectation file says something that has no meaning; the message names the entry."""


@dataclass(frozen=True)
class Expectation:
    """One entry: the tests that match *test* end with *outcome*."""

    unit: str
    test: str
    outcome: Outcome
    category: str
    reason: str
    engines: tuple[str, ...] = ()

    def matches(self, test_id: str) -> bool:
        """Return whether the entry is about the test *test_id*."""
        return test_id == self.test or fnmatch.fnmatchcase(test_id, self.test)


def load_expectations(path: Path, engine: str) -> dict[str, list[Expectation]]:
    """Read the entries of *path* that hold for *engine*, by unit.

    Raises ExpectationError for an unknown key, outcome or category and for a missing reason.
    """
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    expectations = {}
    for unit, entries in document.items():
        parsed = [_parse(unit, entry) for entry in entries]
        expectations[unit] = [e for e in parsed if not e.engines or engine in e.engines]
    return expectations


def find(entries: list[Expectation], test_id: str) -> Expectation | None:
    """Return the first of *entries* about the test *test_id*, or None."""
    return next((entry for entry in entries if entry.matches(test_id)), None)


def _parse(unit: str, entry: dict[str, object]) -> Expectation:
    where = f"expectations.toml: {unit}: {entry.get('test')}"
    if unknown := entry.keys() - KEYS:
        raise ExpectationError(f"{where}: unknown key {', '.join(sorted(unknown))}")
    if missing := (KEYS - {"engines"}) - entry.keys():
        raise ExpectationError(f"{where}: {', '.join(sorted(missing))} is missing")
    outcome, category = str(entry["outcome"]), str(entry["category"])
    if outcome not in OUTCOMES:
        raise ExpectationError(f"{where}: outcome {outcome!r} is not one of {sorted(OUTCOMES)}")
    if category not in CATEGORIES:
        raise ExpectationError(f"{where}: category {category!r} is not one of {sorted(CATEGORIES)}")
    engines = entry.get("engines", [])
    if not isinstance(engines, list):
        raise ExpectationError(f"{where}: engines must be a list")
    reason, test = str(entry["reason"]), str(entry["test"])
    if not reason.strip():
        raise ExpectationError(f"{where}: the reason is empty")
    return Expectation(unit, test, OUTCOMES[outcome], category, reason, tuple(map(str, engines)))
