"""What tests did: read from the plugin's record of a process, and kept from run to run."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# What is said of a test of which several parts report, the worst first: a test that was called
# and whose tear-down fails has failed.
WORST = ("failed", "xfailed", "skipped", "passed")
Results = dict[str, tuple[str, str]]


@dataclass
class Outcome:
    """What a file of tests did; ``failed`` and ``died`` have pairs of a test and why."""

    file: str
    passed: int = 0
    skipped: int = 0
    xfailed: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)
    died: list[tuple[str, str]] = field(default_factory=list)

    def add(self, test: str, kind: str, text: str) -> None:
        """Count a test."""
        if kind in {"failed", "died"}:
            getattr(self, kind).append((test, text))
        else:
            setattr(self, kind, getattr(self, kind) + 1)


def events(record: Path) -> list[dict[str, str]]:
    """Return what a process has noted (target/record_tests.py)."""
    lines = record.read_text(encoding="utf-8").splitlines() if record.exists() else []
    return [json.loads(line) for line in lines]


def read(record: Path) -> Results:
    """Return the outcome of each test in a record and the text that goes with it."""
    found: Results = {}
    for event in events(record):
        if event["outcome"] in WORST:
            new = (event["outcome"], event["text"])
            old = found.get(event["test"], new)
            found[event["test"]] = min(old, new, key=lambda each: WORST.index(each[0]))
    return found


def unfinished(record: Path, seen: dict[str, str]) -> str:
    """Return the test that a process died in, other than those seen to, or nothing."""
    noted = events(record)
    ended = {event["test"] for event in noted if event["outcome"] == "finished"}
    started = (event["test"] for event in noted if event["outcome"] == "started")
    return next((test for test in started if test not in ended and test not in seen), "")


def by_file(files: list[str], results: Results, died: dict[str, str]) -> list[Outcome]:
    """Return the outcomes of files of tests."""
    found = {file: Outcome(file) for file in files}
    for test, (kind, text) in (results | {test: ("died", died[test]) for test in died}).items():
        found.get(test.partition("::")[0], found[files[0]]).add(test, kind, text)
    return list(found.values())


@dataclass(frozen=True)
class Record:
    """What is kept of a suite, in a folder: its outcomes, and which files there are."""

    folder: Path
    suite: str

    @property
    def outcomes(self) -> Path:
        """The file that has an outcome in each line."""
        return self.folder / f"{self.suite}.jsonl"

    @property
    def files(self) -> Path:
        """The file that has the path of a file of tests in each line."""
        return self.folder / f"{self.suite}.files"

    def begin(self, files: list[str], *, anew: bool) -> None:
        """Note the suite's files of tests, and forget what they did when all begins anew."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.files.write_text("".join(f"{each}\n" for each in files), encoding="utf-8")
        if anew:
            self.outcomes.unlink(missing_ok=True)

    def append(self, outcome: Outcome) -> None:
        """Add an outcome, in place of an earlier one of the same file."""
        with self.outcomes.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(outcome)) + "\n")

    def load(self) -> tuple[list[str], list[Outcome]]:
        """Return the suite's files and the outcomes of those that have run, both sorted."""
        if not self.outcomes.exists():
            return [], []
        lines = self.outcomes.read_text(encoding="utf-8").splitlines()
        found = {each["file"]: Outcome(**each) for each in map(json.loads, lines)}
        files = self.files.read_text(encoding="utf-8").splitlines()
        return files, [found[file] for file in sorted(found)]
