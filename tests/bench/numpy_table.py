"""Times NumPy's kernels in several runtimes by turns, and writes the medians as a table.

    python3 tests/bench/numpy_table.py --out FILE LABEL=FOLDER=COMMAND...

COMMAND starts Python (words are separated by spaces); FOLDER is what PYTHONPATH shall be, such as
an unpacked wheel of numpy for the target, or nothing. Ratios are to the last runtime, which is
meant to be native CPython. The kernels are those of numpy_kernels.py.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

PROGRAM = Path(__file__).resolve().parent / "numpy_kernels.py"
TOLERANCE = 1e-4  # float32 is summed in another order with other instructions


class Column(NamedTuple):
    """A runtime of the table."""

    label: str
    folder: str
    command: list[str]


class Timing(NamedTuple):
    """One kernel in one process."""

    milliseconds: float
    check: float


def column(text: str) -> Column:
    """Return what an argument describes."""
    label, folder, command = text.split("=", 2)
    return Column(label, folder, command.split())


def run(runtime: Column) -> dict[str, Timing]:
    """Return the times of all kernels in a fresh process."""
    environment = {**os.environ, "PYTHONPATH": runtime.folder}
    done = subprocess.run(
        [*runtime.command, str(PROGRAM)], env=environment, check=True, capture_output=True
    )
    found = {}
    for line in done.stdout.decode().splitlines():
        name, milliseconds, check = line.split("\t")
        found[name] = Timing(float(milliseconds), float(check))
    return found


def differs(a: float, b: float) -> bool:
    """Return whether two results are not the same but for rounding."""
    return abs(a - b) > TOLERANCE * max(abs(a), abs(b), 1)


def table(columns: list[Column], runs: dict[str, list[dict[str, Timing]]]) -> str:
    """Return the medians in milliseconds, and the ratios to the last column."""
    *mine, native = [c.label for c in columns]
    head = [*(f"{label}: ms | ratio" for label in mine), f"{native}: ms"]
    lines = [f"| kernel | {' | '.join(head)} |", f"|---|{'---:|' * (2 * len(mine) + 1)}"]
    ratios: dict[str, list[float]] = {label: [] for label in mine}
    for name, expected in runs[native][0].items():
        middle = {
            label: statistics.median(found[name].milliseconds for found in several)
            for label, several in runs.items()
        }
        cells = []
        for label in mine:
            ratio = middle[label] / middle[native]
            ratios[label].append(ratio)
            wrong = " (other result)" if differs(runs[label][0][name].check, expected.check) else ""
            cells.append(f"{middle[label]:.3f}{wrong} | {ratio:.2f}")
        lines.append(f"| {name} | {' | '.join(cells)} | {middle[native]:.3f} |")
    means = [f" | {statistics.geometric_mean(ratios[label]):.2f}" for label in mine]
    lines.append(f"| geometric mean | {' | '.join(means)} |  |")
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    """Run the command line described above; return its exit status."""
    parser = argparse.ArgumentParser(description="Time NumPy's kernels.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--out", type=Path, help="where the table goes, else it is printed")
    parser.add_argument("runtimes", nargs="+", type=column, metavar="LABEL=FOLDER=COMMAND")
    options = parser.parse_args(arguments)
    runs: dict[str, list[dict[str, Timing]]] = {c.label: [] for c in options.runtimes}
    for _ in range(options.rounds):
        for runtime in options.runtimes:
            runs[runtime.label].append(run(runtime))
    text = table(options.runtimes, runs)
    if options.out:
        options.out.write_text(text, encoding="utf-8")
    print(text, end="")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
