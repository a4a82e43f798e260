"""Runs files of tests in one process of Coil after the other, until all tests have run or died."""

from __future__ import annotations

import os
import re
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import outcomes
from outcomes import Outcome

if TYPE_CHECKING:
    from suites import Suite
    from tree import Tree

PLUGIN = Path(__file__).resolve().parent / "target"
# How many processes may die in tests of the same files.
DEATHS = 25
# Exit status of pytest: all passed, some failed, a file could not be imported, there were none.
# Node ends with 1 of itself too, so that the last line of pytest must be there as well.
ENDED = (0, 1, 2, 5)
SUMMARY = re.compile(r" in \d+\.\d+s(?: \(.*\))?$", re.MULTILINE)


def command(suite: Suite, tree: Tree, files: list[str]) -> list[str]:
    """Return the command that runs files of tests in the newest Node."""
    node = os.environ["COIL_NODES"].split(":")[-1]
    made = [node, os.environ["COIL_CLI"], "-X", "utf8", "-m", "pytest", "-q", "--tb=short"]
    made += ["-p", "record_tests", "--color=no"]
    made += [f"--rootdir={tree.work}", "--continue-on-collection-errors"]
    made += [*(("-c", "own.ini") if suite.ini else ()), *suite.options]
    return [*made, *(f"--deselect={each}" for each in suite.deselected), *files]


def ends(process: subprocess.Popen[bytes], record: Path, silence: int) -> str:
    """Wait for a process and return how it ended; one that is silent for too long is killed."""
    grown, size = time.monotonic(), -1
    while time.monotonic() - grown < silence:
        try:
            status = process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            now = record.stat().st_size if record.exists() else 0
            if now != size:
                grown, size = time.monotonic(), now
        else:
            return f"ended with {status}"
    process.kill()
    process.wait()
    return f"nothing happened for {silence} s"


def start(suite: Suite, tree: Tree, files: list[str], record: Path) -> str:
    """Run what the record has not; return how that ended if it was too early, else nothing."""
    environment = {**os.environ, **suite.environment, "COIL_TEST_RECORD": str(record)}
    environment["PYTHONPATH"] = f"{PLUGIN}:{tree.site}"
    log = record.with_suffix(".log")
    with log.open("wb") as output:
        process = subprocess.Popen(
            command(suite, tree, files), cwd=tree.work, env=environment,
            stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
        ended = ends(process, record, suite.silence)
    text = log.read_text(encoding="utf-8", errors="replace")
    complete = ended in {f"ended with {status}" for status in ENDED} and SUMMARY.search(text[-600:])
    return "" if complete else f"{ended}: {text[-600:]}"


def run(suite: Suite, tree: Tree, files: list[str]) -> list[Outcome]:
    """Run files of tests and return what they did; a process is started again behind each death.

    When one dies outside of tests, as in an import, each file has a process of its own.
    """
    record = tree.records / f"{len(files)}-{files[0].replace('/', '-')}.jsonl"
    died: dict[str, str] = {}
    while len(died) < DEATHS and (ended := start(suite, tree, files, record)):
        test = outcomes.unfinished(record, died)
        if not test and len(files) > 1:
            return [each for file in files for each in run(suite, tree, [file])]
        died[test or f"{files[0]}, in no test"] = ended
        if not test:
            break
    return outcomes.by_file(files, outcomes.read(record), died)
