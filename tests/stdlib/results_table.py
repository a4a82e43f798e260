"""Write RESULTS.md: what the interpreters made of CPython's tests, beside native CPython.

results_table.py --native native.json --output RESULTS.md RESULTS.jsonl...
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from expectations import CATEGORIES, Expectation, find, load_expectations
from model import Outcome, UnitRun, load_runs
from summary import Summary, load_summary, summarise_unit
from verdict import surprises

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

HERE = Path(__file__).resolve().parent
INTRODUCTION = """\
# CPython's own tests: results

Made by the target `test-stdlib-full`; do not edit. A *unit* is one test module of CPython 3.13.15
with every package expanded ([units.py](units.py) has the rule); `executed` leaves out the tests
that skipped themselves. Native is CPython 3.13.15, built from the same source with `./configure`,
on Linux on x86-64, and runs the same tests with the same runner and no optional resource.
"""


class EngineResults:
    """The runs of one engine and the expectations they are held against."""

    def __init__(self, path: Path) -> None:
        self.label, self.runs = load_runs(path)
        self.expectations = load_expectations(HERE / "expectations.toml", self.label)
        units = {run.unit: summarise_unit(run) for run in self.runs}
        self.summary = Summary(self.label, units)

    def entries(self, run: UnitRun) -> list[Expectation]:
        """Return the expectations of the unit of *run*."""
        return self.expectations.get(run.unit, [])

    def as_expected(self, native: Summary) -> list[UnitRun]:
        """Return the units in which nothing failed that is not named."""
        return [
            run
            for run in self.runs
            if not surprises(run, self.entries(run), may_skip=native.skips(run.unit))
        ]

    def categories(self) -> Counter[str]:
        """Return how many named tests each category has."""
        counts: Counter[str] = Counter()
        for run in self.runs:
            for test in run.tests:
                if test.outcome in {Outcome.PASS, Outcome.SKIP}:
                    continue
                entry = find(self.entries(run), test.id)
                counts[entry.category if entry else "not named"] += 1
        return counts


def table(header: list[str], rows: Iterable[list[str]]) -> str:
    """Return a Markdown table; all columns but the first are aligned to the right."""
    rule = ["---", *["---:"] * (len(header) - 1)]
    return "".join(f"| {' | '.join(row)} |\n" for row in [header, rule, *rows])


def totals(native: Summary, engines: list[EngineResults]) -> str:
    """Return the table of totals."""
    summaries = [native, *(engine.summary for engine in engines)]

    def row(title: str, number: Callable[[Summary], int]) -> list[str]:
        return [title, *(f"{number(summary):,}" for summary in summaries)]

    rows = [
        row("units run", lambda s: len(s.units)),
        row(
            "units that skipped themselves as a whole",
            lambda s: sum(unit.skipped_itself is not None for unit in s.units.values()),
        ),
        [
            "units without a failing test that is not named",
            "",
            *(f"{len(engine.as_expected(native)):,}" for engine in engines),
        ],
        [
            "those of them that ran tests",
            "",
            *(
                f"{sum(run.skipped is None for run in engine.as_expected(native)):,}"
                for engine in engines
            ),
        ],
        row("tests executed", lambda s: s.total("executed")),
        row("tests passed", lambda s: s.total("passed")),
        row("tests that skipped themselves", lambda s: s.total("skipped")),
        row("tests failed", lambda s: s.total("failed")),
        row("tests that ended the interpreter", lambda s: s.total("crashed")),
        row("tests not run, named", lambda s: s.total("omitted")),
    ]
    return table(["", *(summary.label for summary in summaries)], rows)


def categories(engines: list[EngineResults]) -> str:
    """Return the table of the reasons why tests are named."""
    counts = [engine.categories() for engine in engines]
    texts = {**CATEGORIES, "not named": "Not in the expectation file."}
    rows = [
        [f"{name}: {text}", *(str(count[name]) for count in counts)]
        for name, text in texts.items()
        if any(count[name] for count in counts)
    ]
    return table(["reason", *(engine.label for engine in engines)], rows)


def skip_reasons(engines: list[EngineResults], most: int = 40) -> str:
    """Return the table of the reasons tests gave for skipping themselves, the *most* frequent."""
    counts: list[Counter[str]] = []
    for engine in engines:
        count: Counter[str] = Counter()
        for run in engine.runs:
            if run.skipped is not None:
                count[f"{run.skipped} (whole unit)"] += 1
            count.update(test.detail for test in run.tests if test.outcome is Outcome.SKIP)
        counts.append(count)
    rows = [
        [" ".join(reason.replace("|", "\\|").split())[:110], *(str(c[reason]) for c in counts)]
        for reason, _ in counts[0].most_common(most)
    ]
    return table(["reason", *(engine.label for engine in engines)], rows)


def unit_rows(native: Summary, engines: list[EngineResults]) -> str:
    """Return the table of all units: executed and passed, then skipped."""

    def cell(summary: Summary, unit: str) -> str:
        counts = summary.units.get(unit)
        if counts is None:
            return "not run"
        if counts.skipped_itself is not None:
            return "skipped"
        bad = counts.failed + counts.crashed + counts.omitted
        return f"{counts.passed}, {counts.skipped} skipped" + (f", {bad} named" if bad else "")

    summaries = [native, *(engine.summary for engine in engines)]
    names = sorted({unit for summary in summaries for unit in summary.units})
    rows = [[name, *(cell(summary, name) for summary in summaries)] for name in names]
    return table(["unit: tests passed", *(summary.label for summary in summaries)], rows)


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description="Write RESULTS.md.")
    parser.add_argument("--native", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("results", type=Path, nargs="+")
    options = parser.parse_args()
    native = load_summary(options.native)
    engines = [EngineResults(path) for path in options.results]
    parts = [
        INTRODUCTION,
        totals(native, engines),
        "## Why tests are named\n\n" + categories(engines),
        "## Why tests skipped themselves (the most frequent reasons)\n\n" + skip_reasons(engines),
        "## Units\n\n" + unit_rows(native, engines),
    ]
    options.output.write_text("\n".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
