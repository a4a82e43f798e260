"""What a run of CPython's regression tests is made of: records of tests, runs of units."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class Outcome(StrEnum):
    """How one test ended."""

    PASS = "pass"  # noqa: S105 -- the word is not a password
    SKIP = "skip"  # the test skipped itself: CPython says so, not we
    FAIL = "fail"  # failure, error or unexpected success
    CRASH = "crash"  # the interpreter died or hung while the test ran
    OMIT = "omit"  # named in the expectation file and not run


# Ids of what can go wrong outside a test; they are named in the expectation file like tests.
LOAD = "<load>"  # importing the module or collecting its tests
FIXTURE = "<fixture>"  # a crash between two tests
EXIT = "<exit>"  # the end of the process, after the last test


@dataclass(frozen=True)
class TestRecord:
    """One test of one unit: *id* without the unit's own name, duration in *seconds*."""

    id: str
    outcome: Outcome
    detail: str = ""
    seconds: float = 0.0


@dataclass
class UnitRun:
    """One unit run to its end, over as many processes as its crashes made necessary.

    *skipped* is the reason with which the whole module skipped itself, or None.
    """

    unit: str
    tests: list[TestRecord] = field(default_factory=list)
    skipped: str | None = None
    seconds: float = 0.0
    processes: int = 0

    def count(self, outcome: Outcome) -> int:
        """Return how many tests ended with *outcome*."""
        return sum(test.outcome is outcome for test in self.tests)

    @property
    def executed(self) -> int:
        """Tests that ran: all but those that skipped themselves and those not run."""
        return sum(test.outcome not in {Outcome.SKIP, Outcome.OMIT} for test in self.tests)


class ResultsWriter:
    """Writes the runs of the interpreter called *label*, one JSON object a line.

    A line is complete when its unit is, so that a run that is ended loses nothing it had.
    """

    def __init__(self, path: Path, label: str) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"label": label}) + "\n", encoding="utf-8")

    def add(self, run: UnitRun) -> None:
        """Append *run* with every test of it."""
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(run)) + "\n")


def load_runs(path: Path) -> tuple[str, list[UnitRun]]:
    """Read what a ResultsWriter wrote: the label and the runs in the order of their names."""
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    runs = []
    for unit in map(json.loads, lines):
        tests = [TestRecord(**{**t, "outcome": Outcome(t["outcome"])}) for t in unit.pop("tests")]
        runs.append(UnitRun(tests=tests, **unit))
    return str(json.loads(header)["label"]), sorted(runs, key=lambda run: run.unit)
