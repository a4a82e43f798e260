"""Compare what ran with what the expectation file says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from expectations import Expectation, find
from model import Outcome, TestRecord, UnitRun

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FINE_WHEN_UNNAMED = {Outcome.PASS, Outcome.SKIP}

# What an entry names that is about a unit which skips itself as a whole.
WHOLE_UNIT = "(unit)"


@dataclass(frozen=True)
class Surprise:
    """A difference between a run and the expectation file; it fails the run."""

    unit: str
    test: str
    problem: str
    detail: str = ""


def surprises(
    run: UnitRun, entries: list[Expectation], *, may_skip: bool = False
) -> list[Surprise]:
    """Return every difference between *run* and the *entries* of its unit.

    Unless it *may_skip*, as it does in native Python, a unit that skips itself has to be named.
    """
    if run.skipped is not None:
        named = find(entries, WHOLE_UNIT) is not None
        problem = f"skipped itself and is not named: {run.skipped}"
        return [] if may_skip or named else [Surprise(run.unit, WHOLE_UNIT, problem)]
    found = [s for test in run.tests if (s := _judge(run.unit, test, entries)) is not None]
    return found + list(_stale(run, entries))


def _judge(unit: str, test: TestRecord, entries: list[Expectation]) -> Surprise | None:
    entry = find(entries, test.id)
    if entry is None:
        if test.outcome in FINE_WHEN_UNNAMED:
            return None
        word = "crashed the interpreter" if test.outcome is Outcome.CRASH else "failed"
        return Surprise(unit, test.id, f"{word} and is not named", test.detail)
    if test.outcome in {entry.outcome, Outcome.OMIT}:
        return None
    return Surprise(
        unit,
        test.id,
        f"is named {entry.test!r} with outcome {entry.outcome} and ended with {test.outcome}",
        test.detail,
    )


def _stale(run: UnitRun, entries: list[Expectation]) -> Iterator[Surprise]:
    for entry in entries:
        if not any(entry.matches(test.id) for test in run.tests):
            yield Surprise(run.unit, entry.test, "is named and there is no such test")


def named_failures(runs: Iterable[UnitRun]) -> int:
    """Return how many tests of *runs* failed or crashed."""
    return sum(run.count(Outcome.FAIL) + run.count(Outcome.CRASH) for run in runs)


def proposed_entry(surprise: Surprise) -> str:
    """Return a line for the expectation file, for a human to complete, from a *surprise*."""
    outcome = "crash" if "crashed" in surprise.problem else "fail"
    if surprise.test == WHOLE_UNIT:
        outcome = "skip"
    lines = [line for line in surprise.detail.splitlines() if line.strip()]
    last = lines[-1] if lines else ""
    if outcome == "crash" and lines:
        last = lines[0]
    reason = last.replace("\\", "\\\\").replace('"', "'")[:120]
    return (
        f'    {{test = "{surprise.test}", outcome = "{outcome}", category = "", '
        f'reason = "{reason}"}},'
    )
