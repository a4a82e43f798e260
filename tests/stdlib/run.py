"""Run CPython's own regression tests, one unit per process, and compare with the expectations.

    run.py --engine node24 --tests LIB/test --units core -- node build/dist/bin/coil
    run.py --engine native --tests LIB/test --own-tests --no-expectations -- python3.13

The command after ``--`` starts the interpreter under test. The exit status is 1 if a test failed
that ``expectations.toml`` does not name, or if a named one did otherwise than it says; README.md in
this folder describes the file and how to bring it up to date.
"""

from __future__ import annotations

import argparse
import itertools
import shutil
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import TYPE_CHECKING

from expectations import Expectation, load_expectations
from model import Outcome, ResultsWriter, UnitRun
from process import Target, run_unit
from summary import Summary, load_summary
from units import all_units
from verdict import Surprise, proposed_entry, surprises

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).resolve().parent
DETAIL_LINES = 12


def parse_arguments() -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(description="Run CPython's regression tests.")
    add = parser.add_argument
    add("command", nargs="+", help="command that starts the interpreter under test")
    add("--engine", required=True, help="name of the engine, for reports and expectations")
    add("--tests", type=Path, required=True, help="CPython's package 'test', a folder")
    add("--own-tests", action="store_true", help="the interpreter has that package: leave it alone")
    add("--inherit-path", action="store_true", help="let the tests find programs of the host")
    add("--extensions", type=Path, help="folder of the tests' extension modules")
    add("--units", default="all", help="'core', 'all', or names separated by commas")
    add("--jobs", type=int, default=2, help="units run at once")
    add("--timeout", type=float, default=900.0, help="seconds for one process")
    add("--stall", type=float, default=240.0, help="seconds without an event")
    add("--no-crashers", action="store_true", help="omit the tests that are named 'crash'")
    add("--no-expectations", action="store_true", help="report only, expect nothing")
    add("--exit-zero", action="store_true", help="exit with 0 whatever was unexpected")
    add("--propose", action="store_true", help="print lines for expectations.toml")
    add("--output", type=Path, help="file for the results, JSON lines")
    return parser.parse_args()


def longest_first(units: list[str], native: Summary) -> list[str]:
    """Return *units* ordered by native Python's time, so that no long one runs alone at the end."""
    known = native.units
    return sorted(units, key=lambda unit: known[unit].seconds if unit in known else 0, reverse=True)


def absolute(word: str) -> str:
    """Return a *word* of a command, made absolute if it is a path: units run elsewhere."""
    return str(Path(word).absolute()) if "/" in word and Path(word).exists() else word


def chosen_units(choice: str, everything: list[str]) -> list[str]:
    """Return the units that *choice* names; raises SystemExit for one that does not exist."""
    if choice == "all":
        return everything
    if choice == "core":
        lines = (HERE / "core.txt").read_text(encoding="utf-8").splitlines()
        names = [line for line in lines if line and not line.startswith("#")]
    else:
        names = choice.split(",")
    if unknown := sorted(set(names) - set(everything)):
        raise SystemExit(f"no such unit: {', '.join(unknown)}; see --units in --help")
    return names


class Session:
    """One run of many units in one interpreter."""

    def __init__(self, options: argparse.Namespace, target: Target, native: Summary) -> None:
        self._options = options
        self._target = target
        self._native = native
        self._scratch = Path(tempfile.mkdtemp(prefix="coil-"))
        self._numbers = itertools.count()
        self._expectations: dict[str, list[Expectation]] = {}
        if not options.no_expectations:
            path = HERE / "expectations.toml"
            self._expectations = load_expectations(path, options.engine)

    def run(self, units: list[str]) -> Iterator[tuple[UnitRun, list[Surprise]]]:
        """Run *units*, some at once; yield each when it is done, with what is unexpected in it."""
        try:
            with ThreadPoolExecutor(self._options.jobs) as pool:
                for future in as_completed([pool.submit(self._one, unit) for unit in units]):
                    run = future.result()
                    yield run, self._surprises(run)
        finally:
            shutil.rmtree(self._scratch, ignore_errors=True)

    def _one(self, unit: str) -> UnitRun:
        entries = self._expectations.get(unit, [])
        outcomes = {Outcome.OMIT, Outcome.CRASH} if self._options.no_crashers else {Outcome.OMIT}
        omit = [entry.test for entry in entries if entry.outcome in outcomes]
        # Short, because the path of a Unix socket has at most 107 characters.
        return run_unit(self._target, unit, omit, self._scratch / f"{next(self._numbers)}")

    def _surprises(self, run: UnitRun) -> list[Surprise]:
        if self._options.no_expectations:
            return []
        may_skip = self._native.skips(run.unit)
        return surprises(run, self._expectations.get(run.unit, []), may_skip=may_skip)


def progress_line(number: int, total: int, run: UnitRun, found: list[Surprise]) -> str:
    """Return what to print when a unit is done."""
    if run.skipped is not None:
        text = f"skipped itself: {run.skipped}"
    else:
        counts = {outcome: run.count(outcome) for outcome in Outcome}
        text = ", ".join(f"{n} {outcome}" for outcome, n in counts.items() if n) or "no test"
    mark = f"  ** {len(found)} UNEXPECTED" if found else ""
    return f"[{number}/{total}] {run.unit} ({run.seconds:.1f} s) {text}{mark}"


def print_surprises(found: list[Surprise], *, propose: bool) -> None:
    """Print what is unexpected: for reading, or as lines for the expectation file."""
    unit = None
    for surprise in sorted(found, key=lambda s: (s.unit, s.test)):
        if propose:
            if surprise.unit != unit:
                print(f"# {surprise.unit}")
            print(proposed_entry(surprise))
        else:
            print(f"\n{surprise.unit}: {surprise.test}: {surprise.problem}")
            for line in surprise.detail.splitlines()[-DETAIL_LINES:]:
                print(f"    {line}")
        unit = surprise.unit


def main() -> int:
    """Run the units and return the exit status."""
    options = parse_arguments()
    native = load_summary(HERE / "native.json")
    units = longest_first(chosen_units(options.units, all_units(options.tests)), native)
    target = Target(
        [absolute(word) for word in options.command],
        None if options.own_tests else options.tests,
        options.extensions,
        options.timeout,
        options.stall,
        inherit_path=options.inherit_path,
    )
    session = Session(options, target, native)
    writer = ResultsWriter(options.output, options.engine) if options.output else None
    runs: list[UnitRun] = []
    found: list[Surprise] = []
    begin = time.monotonic()
    for run, unexpected in session.run(units):
        runs.append(run)
        found += unexpected
        if writer:
            writer.add(run)
        print(progress_line(len(runs), len(units), run, unexpected), flush=True)
    print_surprises(found, propose=options.propose)
    executed = sum(run.executed for run in runs)
    print(
        f"\n{options.engine}: {len(runs)} units, {executed} tests executed in "
        f"{time.monotonic() - begin:.0f} s, {len(found)} unexpected results"
    )
    return 1 if found and not options.exit_zero else 0


if __name__ == "__main__":
    sys.exit(main())
