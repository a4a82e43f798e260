"""Markdown of what numpy's own tests did (run_numpy_tests.py)."""

from __future__ import annotations

import re
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from run_numpy_tests import Outcome

RESULTS = Path(__file__).resolve().parents[2] / "packages" / "NUMPY_RESULTS.md"
# Compilers and type checkers are programs of the host that these folders start.
LEFT_OUT = ("numpy/f2py/", "numpy/typing/", "numpy/distutils/")
# What the text of a failure says about its cause. A failure that none fits has no known cause.
REASONS = (
    (
        "needs status flags of floating point, which WebAssembly's arithmetic does not set",
        r"FloatingPointError not raised",
    ),
    ("starts a process, which WebAssembly cannot", r"does not support processes"),
)


def reason(text: str) -> str:
    """Return why a test failed, as far as the text of its failure tells."""
    known = (why for why, pattern in REASONS if re.search(pattern, text))
    return next(known, "cause not known")


def package(outcome: Outcome) -> str:
    """Return the sub-package that a file tests, as ``numpy.linalg``."""
    return outcome.file.partition("/tests/")[0].replace("/", ".")


def one_line(text: str) -> str:
    """Return a text as one short line, without characters that Markdown would take for its own."""
    return re.sub(r"[`*_<>|]", " ", " ".join(text.split()))[:160].strip()


def row(name: str, outcomes: list[Outcome], files: int) -> str:
    """Return a line of the table for a sub-package that has a number of files."""
    passed, skipped, xfailed = (
        sum(getattr(each, kind) for each in outcomes) for kind in ("passed", "skipped", "xfailed")
    )
    failed, died = (
        sum(len(getattr(each, kind)) for each in outcomes) for kind in ("failures", "died")
    )
    run = passed + failed + xfailed + died
    numbers = (run, passed, failed, died, xfailed, skipped)
    cells = " | ".join(f"{each:,}" for each in numbers)
    return f"| {name} | {len(outcomes)} of {files} | {cells} |"


def table(outcomes: list[Outcome], files: list[str]) -> Iterable[str]:
    """Yield the lines of the table of sub-packages; files are all files of the suite."""
    yield "| sub-package | files | run | passed | failed | died | xfailed | skipped |"
    yield f"|---|{'---:|' * 7}"
    for name, group in groupby(sorted(outcomes, key=lambda each: each.file), package):
        of_all = sum(each.startswith(f"{name.replace('.', '/')}/tests/") for each in files)
        yield row(f"`{name}`", list(group), of_all)
    yield row("all", outcomes, len(files))


def broken(outcomes: list[Outcome]) -> Iterable[str]:
    """Yield a line for each test that failed or in which the process ended."""
    for each in outcomes:
        for test, how in each.died:
            yield f"- `{test}` **died**: {one_line(how)}"
        for test, text in each.failures:
            message = one_line(text.partition("\n")[0])
            yield f"- `{each.file}`, `{test}`: {reason(text)} ({message})"


def write(outcomes: list[Outcome], files: list[str]) -> None:
    """Write the results of some or all files of the suite."""
    run = {each.file for each in outcomes}
    missing = sorted(set(files) - run)
    lines = [
        "# numpy's own tests under Coil",
        "",
        "Written by `run_numpy_tests.py` (target `test-numpy-full`); do not edit. Node 26, without",
        "the tests marked slow. `xfailed` are failures that numpy expects. Left out are folders",
        "whose tests start compilers or type checkers:",
        f"{', '.join(f'`{name}`' for name in LEFT_OUT)}.",
        "",
        *table(outcomes, files),
    ]
    lines += ["", "## Failures", "", *(list(broken(outcomes)) or ["None in the files that ran."])]
    if missing:
        lines += ["", "## Files that have not run", ""]
        lines += [f"- `{each}`" for each in missing]
    RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")
