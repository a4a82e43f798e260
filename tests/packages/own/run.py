"""Runs packages' own test suites under Coil and writes what came of them to packages/.

    run.py SUITE... --pytest DIR --extra DIR --records DIR [--jobs N] [--minutes N]
           [--only TEXT...] [--missing] [--report]

SUITE is a name in suites.py. The folders --pytest and --extra have wheels, as CMake's coil_wheels
leaves them. --records keeps what each suite did, SUITE.jsonl, one line for each file of tests;
--only renews some of them, --missing adds files that have not run, --report writes the Markdown
and runs nothing. --minutes is for suites that take hours: after so many, no process is started, and
the Markdown says which files have not run. The targets ``test-packages-own`` and
``test-numpy-full`` call this.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import batched
from pathlib import Path
from typing import TYPE_CHECKING

import outcomes
import process
import report
import tree
from suites import BY_NAME

if TYPE_CHECKING:
    from suites import Suite


def parse(arguments: list[str]) -> argparse.Namespace:
    """Return the options of the command line described above."""
    parser = argparse.ArgumentParser(description="Run packages' own test suites under Coil.")
    parser.add_argument("suites", nargs="+", choices=list(BY_NAME), help="what to run")
    parser.add_argument("--pytest", type=Path, required=True, help="folder of pytest's wheels")
    parser.add_argument("--extra", type=Path, required=True, help="folder of some suites' wheels")
    parser.add_argument("--records", type=Path, required=True, help="folder for what suites did")
    parser.add_argument("--jobs", type=int, default=2, help="processes at a time")
    parser.add_argument("--minutes", type=float, default=10**6, help="time for each suite")
    parser.add_argument("--only", nargs="+", help="parts of the paths of files to run")
    parser.add_argument("--missing", action="store_true", help="keep what is there, run the rest")
    parser.add_argument("--report", action="store_true", help="write the Markdown, run nothing")
    return parser.parse_args(arguments)


def groups(suite: Suite, made: tree.Tree, only: list[str], done: set[str]) -> list[list[str]]:
    """Return the files of each process, without those that are done.

    Without groups the largest file comes first: whoever runs two at a time does not wait for one
    of them at the end.
    """
    files = [each for each in made.files(suite) if not each.startswith(tuple(suite.left_out))]
    files = [each for each in files if any(text in each for text in only) and each not in done]
    if suite.files_per_process == 1:
        files.sort(key=lambda each: -made.size(each))
    return [list(each) for each in batched(files, suite.files_per_process)]


def tell(suite: Suite, outcome: outcomes.Outcome) -> None:
    """Print a line about a file of tests."""
    died = "".join(f" died: {test}" for test, _ in outcome.died)
    print(
        f"{suite.name} {outcome.file}: {outcome.passed} passed, {len(outcome.failed)} failed,",
        f"{outcome.skipped} skipped{died}",
        flush=True,
    )


def run_suite(
    suite: Suite, made: tree.Tree, options: argparse.Namespace, record: outcomes.Record
) -> None:
    """Run a suite, each result going into the record when it is there."""
    ends = time.monotonic() + options.minutes * 60
    done = {each.file for each in record.load()[1]} if options.missing else set()
    waiting = groups(suite, made, options.only or [""], done)

    def run(files: list[str]) -> list[outcomes.Outcome]:
        return process.run(suite, made, files) if time.monotonic() < ends else []

    with ThreadPoolExecutor(options.jobs) as pool:
        for finished in as_completed([pool.submit(run, each) for each in waiting]):
            for outcome in finished.result():
                record.append(outcome)
                tell(suite, outcome)


def run_all(options: argparse.Namespace) -> None:
    """Run the suites of the command line, one after the other."""
    built = Path(os.environ["COIL_BUILD"]) / "packages"
    inputs = tree.Inputs(built, options.pytest, options.extra)
    for suite in [BY_NAME[name] for name in options.suites]:
        record = outcomes.Record(options.records, suite.name)
        with tempfile.TemporaryDirectory() as folder:
            made = tree.make(suite, inputs, Path(folder))
            record.begin(made.files(suite), anew=not (options.only or options.missing))
            run_suite(suite, made, options, record)


def main(arguments: list[str]) -> int:
    """Run the command line described above; return its exit status."""
    options = parse(arguments)
    if not options.report:
        run_all(options)
    for results in {BY_NAME[name].results for name in options.suites}:
        report.write(results, options.records)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
