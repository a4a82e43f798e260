"""Markdown of what packages' own tests did."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from outcomes import Outcome, Record
from suites import REASONS, SUITES
from tree import PACKAGES, title

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from suites import Suite

UNKNOWN = "cause not known"
# A test function with more parameters that fail than these is told once, with their number.
PARAMETERS = 3
# How many folders of a path tell the part of a suite that a file belongs to.
DEPTH = 3


@dataclass(frozen=True)
class Ran:
    """A suite, all its files of tests, and what those did that have run."""

    suite: Suite
    files: list[str]
    outcomes: list[Outcome]

    @property
    def wanted(self) -> list[str]:
        """The files that are not left out."""
        return [each for each in self.files if not each.startswith(tuple(self.suite.left_out))]


def reason(suite: Suite, text: str) -> str:
    """Return why a test failed, as far as the text of its failure tells."""
    known = (REASONS | suite.reasons).items()
    return next((why for pattern, why in known if re.search(pattern, text)), UNKNOWN)


def part(file: str) -> str:
    """Return the folder that stands for the part of the suite that a file is in."""
    return "/".join(file.split("/")[:-1][:DEPTH])


def one_line(text: str) -> str:
    """Return a text as one short line, without the host's paths and marks of Markdown."""
    own = re.sub(r"/\S*/(?=(?:dist|site|work|records)/)", "", text)
    return re.sub(r"[`*_<>|]", " ", " ".join(own.split()))[:160].strip()


def row(name: str, outcomes: list[Outcome], files: int) -> str:
    """Return a line of a table for outcomes of some of a number of files."""
    passed, skipped, xfailed = (
        sum(getattr(each, kind) for each in outcomes) for kind in ("passed", "skipped", "xfailed")
    )
    failed, died = (
        sum(len(getattr(each, kind)) for each in outcomes) for kind in ("failed", "died")
    )
    run = passed + failed + xfailed + died
    numbers = (run, passed, failed, died, xfailed, skipped)
    cells = " | ".join(f"{each:,}" for each in numbers)
    return f"| {name} | {len(outcomes)} of {files} | {cells} |"


def table(first: str, rows: Iterable[str]) -> Iterable[str]:
    """Yield the lines of a table."""
    yield f"| {first} | files | run | passed | failed | died | xfailed | skipped |"
    yield f"|---|{'---:|' * 7}"
    yield from rows


def parts(ran: Ran) -> Iterable[str]:
    """Yield a line of the table for each part of a suite."""
    for name, group in groupby(sorted(ran.wanted, key=part), part):
        files = set(group)
        yield row(f"`{name}`", [each for each in ran.outcomes if each.file in files], len(files))
    yield row("all", ran.outcomes, len(ran.wanted))


def functions(tests: list[str]) -> Iterable[str]:
    """Yield test ids without their file; many parameters of one function become one."""
    names = [test.partition("::")[2] or test for test in tests]
    for name, group in groupby(names, lambda each: each.partition("[")[0]):
        same = list(group)
        if len(same) > PARAMETERS:
            yield f"`{name}` with {len(same)} parameters"
        else:
            yield from (f"`{each}`" for each in same)


def failures(ran: Ran) -> Iterable[str]:
    """Yield lines for the tests that failed, by reason and by file."""
    found = [
        (reason(ran.suite, text), each.file, test, text)
        for each in ran.outcomes
        for test, text in each.failed
    ]
    found.sort(key=lambda each: (each[0] == UNKNOWN, each[0], each[1]))
    for why, group in groupby(found, lambda each: each[0]):
        same = list(group)
        yield from ("", f"{why[0].upper()}{why[1:]} ({len(same)}):", "")
        if why == UNKNOWN:
            yield from (f"- `{test}`: {one_line(text)}" for _, _, test, text in same)
        else:
            yield from in_files(same)


def in_files(failed: list[tuple[str, str, str, str]]) -> Iterable[str]:
    """Yield a line for each file with the tests that failed for one reason."""
    for file, group in groupby(failed, lambda each: each[1]):
        yield f"- `{file}`: {', '.join(functions([test for _, _, test, _ in group]))}"


def deaths(ran: Ran) -> Iterable[str]:
    """Yield lines for the tests in which the process ended."""
    found = [each for outcome in ran.outcomes for each in outcome.died]
    if found:
        yield from ("", f"The process died or was killed in these ({len(found)}):", "")
    for test, how in found:
        known = reason(ran.suite, how)
        yield f"- `{test}`: {one_line(how) if known == UNKNOWN else known}"


def left_out(ran: Ran) -> Iterable[str]:
    """Yield lines for what is not run on purpose, and for what has not been run."""
    found = [*ran.suite.left_out.items(), *ran.suite.deselected.items()]
    if found:
        yield from ("", "Not run on purpose:", "")
        yield from (f"- `{name}`: {why}" for name, why in found)
    run = {each.file for each in ran.outcomes}
    missing = sorted(each for each in ran.wanted if each not in run)
    if missing:
        yield from ("", "There was no time for:", "")
    for name, group in groupby(missing, lambda each: each.rpartition("/")[0]):
        yield f"- `{name}`: {', '.join(f'`{each[len(name) + 1 :]}`' for each in group)}"


def section(ran: Ran) -> Iterable[str]:
    """Yield all that is said of a suite below its heading."""
    if ran.suite.note:
        yield from ("", ran.suite.note)
    if len({part(each) for each in ran.wanted}) > 1:
        yield from ("", *table("part", parts(ran)))
    yield from left_out(ran)
    yield from deaths(ran)
    yield from failures(ran)
    if not any(each.failed or each.died for each in ran.outcomes):
        yield from ("", "No failures.")


def write(results: str, folder: Path) -> None:
    """Write the results of the suites that go into a file and have run."""
    suites = [each for each in SUITES if each.results == results]
    ran = [Ran(suite, *Record(folder, suite.name).load()) for suite in suites]
    ran = [each for each in ran if each.outcomes]
    rows = [row(title(each.suite), each.outcomes, len(each.wanted)) for each in ran]
    lines = [
        "# Own tests of packages under Coil",
        "",
        "Written by `tests/packages/own/run.py`; do not edit. Node 26. `xfailed` are failures that",
        "the package expects, `skipped` tests that left themselves out; neither is told below.",
        "",
        *table("package", rows),
    ]
    for each in ran:
        lines += ["", f"## {title(each.suite)}", *section(each)]
    (PACKAGES / results).write_text("\n".join(lines) + "\n", encoding="utf-8")
