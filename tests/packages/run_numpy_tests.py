"""Runs numpy's own test suite under Coil and writes what came of it to NUMPY_RESULTS.md.

    run_numpy_tests.py --pytest DIR [--jobs N] [--only TEXT...]

DIR has pytest and hypothesis as wheels. Every file of tests runs in a process of its own, so that
one that dies takes no other with it. Tests marked slow are left out. The target
``test-numpy-full`` calls it; it takes tens of minutes.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "NUMPY_RESULTS.md"
TIMEOUT = 1800
COUNT = re.compile(r"(\d+) (passed|failed|skipped|xfailed|xpassed|error)")
FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+?)(?: - (.*))?$", re.MULTILINE)
# Compilers and type checkers are programs of the host that these folders start.
LEFT_OUT = ("numpy/f2py/", "numpy/typing/", "numpy/distutils/")


@dataclass
class Outcome:
    """What a file of tests did."""

    file: str
    counts: dict[str, int] = field(default_factory=dict)
    failures: list[tuple[str, str]] = field(default_factory=list)
    died: str = ""
    seconds: float = 0


def unpack(wheels: list[Path], folder: Path) -> None:
    """Unpack wheels into a folder."""
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder)


def run_file(file: str, folder: Path) -> Outcome:
    """Run one file of tests; its path is below folder."""
    node = os.environ["COIL_NODES"].split(":")[-1]
    command = [node, os.environ["COIL_CLI"], "-X", "utf8", "-m", "pytest", "-q", "-rfE", "--tb=no"]
    command += ["-p", "no:cacheprovider", "-m", "not slow", "--color=no", str(folder / file)]
    started = time.monotonic()
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=TIMEOUT,
            env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "300"},
        )
    except subprocess.TimeoutExpired:
        return Outcome(file, died=f"not done after {TIMEOUT} s")
    outcome = Outcome(file, seconds=time.monotonic() - started)
    summary = done.stdout.strip().rpartition("\n")[2]
    outcome.counts = {kind: int(number) for number, kind in COUNT.findall(summary)}
    outcome.failures = [(name, why or "") for name, why in FAILED.findall(done.stdout)]
    if not outcome.counts and "no tests ran" not in summary:
        outcome.died = f"ended with {done.returncode}: {(done.stderr or done.stdout)[-300:]}"
    return outcome


def table(outcomes: list[Outcome], files: int) -> str:
    """Return the results as Markdown; files is the number of all files of the suite."""
    kinds = ("passed", "failed", "error", "skipped", "xfailed", "xpassed")
    totals = {kind: sum(each.counts.get(kind, 0) for each in outcomes) for kind in kinds}
    lines = [
        "# numpy's own tests under Coil",
        "",
        "Written by `run_numpy_tests.py` (target `test-numpy-full`), Node 26, without the tests",
        "marked slow. Left out are folders whose tests start compilers or type checkers:",
        f"{', '.join(f'`{name}`' for name in LEFT_OUT)}.",
        "",
        f"{len(outcomes)} of {files} files have run.",
        "",
        f"**{', '.join(f'{totals[kind]:,} {kind}' for kind in kinds)}.**",
        "",
        f"| file | {' | '.join(kinds)} | s |",
        f"|---|{'---:|' * (len(kinds) + 1)}",
    ]
    for each in outcomes:
        cells = [str(each.counts.get(kind, "") or "") for kind in kinds]
        lines.append(f"| `{each.file}` | {' | '.join(cells)} | {each.seconds:.0f} |")
    lines += ["", "## What failed", ""]
    for each in outcomes:
        if each.died:
            lines.append(f"- `{each.file}` {one_line(each.died)}")
        lines += [f"- `{name}` {one_line(why)}".rstrip() for name, why in each.failures]
    return "\n".join(lines) + "\n"


def one_line(text: str) -> str:
    """Return a text as one short line, without characters that Markdown would take for its own."""
    return re.sub(r"[`*_<>|]", " ", " ".join(text.split()))[:160]


def main(arguments: list[str]) -> int:
    """Run the command line described above; return its exit status."""
    parser = argparse.ArgumentParser(description="Run numpy's own test suite under Coil.")
    parser.add_argument("--pytest", type=Path, required=True, help="folder of pytest's wheels")
    parser.add_argument("--jobs", type=int, default=2, help="processes at a time")
    parser.add_argument(
        "--only", nargs="+", default=[""], help="parts of the paths of files to run"
    )
    options = parser.parse_args(arguments)
    built = Path(os.environ["COIL_BUILD"]) / "packages"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        unpack([*options.pytest.glob("*.whl"), *built.glob("numpy-*.whl")], folder)
        files = sorted(str(each.relative_to(folder)) for each in folder.glob("numpy/**/test_*.py"))
        files = [each for each in files if not each.startswith(LEFT_OUT)]
        wanted = [each for each in files if any(part in each for part in options.only)]
        outcomes: list[Outcome] = []
        with ThreadPoolExecutor(options.jobs) as pool:
            for outcome in pool.map(lambda file: run_file(file, folder), wanted):
                outcomes.append(outcome)
                # Written as it grows: a run that is stopped has not been for nothing.
                RESULTS.write_text(table(outcomes, len(files)), encoding="utf-8")
                print(outcome.file, outcome.counts, outcome.died, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
