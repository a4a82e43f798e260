"""What a run says in numbers, without the single tests; small enough to be committed.

    summary.py RESULTS.jsonl SUMMARY.json

makes ``native.json`` of the results of native CPython.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from model import Outcome, UnitRun, load_runs


@dataclass(frozen=True)
class UnitSummary:
    """The counts of one unit; *skipped_itself* is the reason of a module that did, or None."""

    executed: int
    passed: int
    skipped: int
    failed: int
    crashed: int
    omitted: int
    seconds: float
    skipped_itself: str | None


@dataclass(frozen=True)
class Summary:
    """The counts of all units of one interpreter, by unit."""

    label: str
    units: dict[str, UnitSummary]

    def total(self, field: str) -> int:
        """Return the sum of *field* over all units."""
        return sum(int(getattr(unit, field)) for unit in self.units.values())

    def skips(self, unit: str) -> bool:
        """Return whether *unit* skipped itself, or was not run."""
        return unit not in self.units or self.units[unit].skipped_itself is not None


def summarise_unit(run: UnitRun) -> UnitSummary:
    """Return the counts of *run*."""
    return UnitSummary(
        executed=run.executed,
        passed=run.count(Outcome.PASS),
        skipped=run.count(Outcome.SKIP),
        failed=run.count(Outcome.FAIL),
        crashed=run.count(Outcome.CRASH),
        omitted=run.count(Outcome.OMIT),
        seconds=run.seconds,
        skipped_itself=run.skipped,
    )


def load_summary(path: Path) -> Summary:
    """Read the results of a run, or a summary of them as save_summary() wrote it (.json)."""
    if path.suffix == ".json":
        document = json.loads(path.read_text(encoding="utf-8"))
        units = {name: UnitSummary(**unit) for name, unit in document["units"].items()}
        return Summary(document["label"], units)
    label, runs = load_runs(path)
    return Summary(label, {run.unit: summarise_unit(run) for run in runs})


def save_summary(path: Path, summary: Summary) -> None:
    """Write *summary* as JSON, one unit per line."""
    lines = [f" {json.dumps(n)}: {json.dumps(asdict(u))}" for n, u in summary.units.items()]
    body = ",\n".join(lines)
    path.write_text(
        f'{{"label": {json.dumps(summary.label)}, "units": {{\n{body}\n}}}}\n', encoding="utf-8"
    )


if __name__ == "__main__":
    save_summary(Path(sys.argv[2]), load_summary(Path(sys.argv[1])))
