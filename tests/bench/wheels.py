"""Times the import of wheels from an unpacked folder, in Coil and in the npm package pyodide.

    python3 tests/bench/wheels.py --coil build/dist/bin/coil --node NODE --out FILE WHEEL...

The wheels are unpacked into one folder, where compiled copies of the Python files are there for all
after a first turn that does not count. Each import is one fresh process; the runtimes take turns.
The time is that of the import alone, inside Python. CPU is what the whole process took beyond one
that imports nothing: the figure to look at on a busy machine.
"""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import NamedTuple

from runtimes import ENVIRONMENT, Node, install_peers, output

MODULES = (
    "msgpack",
    "simplejson",
    "cramjam",
    "numpy",
    "contourpy",
    "boost_histogram",
    "awkward_cpp",
)
CODE = """
import time
started = time.perf_counter()
import {module}
ended = time.perf_counter()
print(1000 * (ended - started))
"""
NOTHING = "time"  # what every process imports


class Sample(NamedTuple):
    """One process: milliseconds of the import by the clock, and of CPU in all."""

    wall: float
    cpu: float


Found = dict[str, dict[str, list[Sample]]]


def commands(options: argparse.Namespace, folder: str) -> dict[str, list[str]]:
    """Return the start of the command of each runtime; the code comes behind it."""
    node = Node.find(options.node)
    script = install_peers() / "wheels.mjs"
    return {
        "Coil": [node.path, str(options.coil), "-c"],
        options.peer: [node.path, str(script), options.peer, folder],
    }


def cpu() -> float:
    """Return the milliseconds of CPU that ended child processes have taken."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (used.ru_utime + used.ru_stime)


def once(command: list[str], module: str) -> Sample:
    """Return what one import in a fresh process took."""
    before = cpu()
    printed = output([*command, CODE.format(module=module)])
    return Sample(float(printed.split()[-1]), cpu() - before)


def measure(options: argparse.Namespace, folder: str) -> Found:
    """Return samples by module and runtime."""
    runtimes = commands(options, folder)
    ENVIRONMENT["PYTHONPATH"] = folder
    modules = [NOTHING, *(name for name in MODULES if Path(folder, name).exists())]
    found: Found = {m: {r: [] for r in runtimes} for m in modules}
    for turn in range(options.rounds + 1):
        for module in modules:
            for label in random.sample(list(runtimes), len(runtimes)):
                sample = once(runtimes[label], module)
                if turn > 0:  # the first one compiles the Python files
                    found[module][label].append(sample)
    return found


def medians(samples: list[Sample]) -> Sample:
    """Return the median of each figure."""
    return Sample(*(statistics.median(each) for each in zip(*samples, strict=True)))


def table(found: Found, peer: str) -> str:
    """Return the medians and their ratios as Markdown."""
    lines = [
        f"| import | Coil ms | {peer} ms | ratio | Coil CPU ms | {peer} CPU ms | ratio |",
        f"|---|{'---:|' * 6}",
    ]
    nothing = {label: medians(samples) for label, samples in found[NOTHING].items()}
    for module, values in found.items():
        if module == NOTHING:
            continue
        coil, other = (medians(values[label]) for label in ("Coil", peer))
        extra, other_extra = coil.cpu - nothing["Coil"].cpu, other.cpu - nothing[peer].cpu
        cells = f"{coil.wall:.1f} | {other.wall:.1f} | {coil.wall / other.wall:.2f}"
        cells += f" | {extra:.0f} | {other_extra:.0f} | {extra / max(other_extra, 1):.2f}"
        lines.append(f"| {module} | {cells} |")
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    """Run the command line described above; return its exit status."""
    parser = argparse.ArgumentParser(description="Time the import of wheels.")
    parser.add_argument("--coil", type=Path, required=True, metavar="CLI")
    parser.add_argument("--node", required=True, metavar="PROGRAM")
    parser.add_argument("--peer", default="pyodide-0.29", help="a name in peers/package.json")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--out", type=Path, help="where the table goes, else it is printed")
    parser.add_argument("wheels", nargs="+", type=Path, metavar="WHEEL")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        for wheel in options.wheels:
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(folder)
        text = table(measure(options, folder), options.peer)
    if options.out:
        options.out.write_text(text, encoding="utf-8")
    print(text, end="")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
