"""Times the import of wheels from an unpacked folder, in Coil and in the npm package pyodide.

    python3 tests/bench/wheels.py --coil build/dist/bin/coil --node NODE --out FILE WHEEL...

The wheels are unpacked into one folder, where compiled copies of the Python files are there for all
after a first turn that does not count. Each import is one fresh process; the runtimes take turns.

"program" is the whole process by the clock, from its start to its end: what the user of a program
that imports the wheel waits for. Two times are taken inside Python. "whole" is the import as the
first thing that a program does, with what it imports of the standard library: other parts of that
are loaded before in each runtime, and the one that loads most at its start has least to do. "wheel"
is the import after what the wheel needs of the standard library was imported, which is the same in
all: files read, libraries linked.

With --warm SECONDS each process first runs other Python for so long, so that the engine has
optimised what all programs use, as the peer's start does by itself.

Processor time is not told: the threads in which V8 optimises code take most of it, and how far they
come differs more from process to process than an import takes.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
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
import {before}
import time
ending = time.perf_counter() + {warm}
while time.perf_counter() < ending:
    text = json.dumps([{{str(i): [i] * 3}} for i in range(99)])
    json.loads(text), re.sub("a|b", "c", text), sorted(text.split())
    exec(compile("class A:\\n  def f(self, x=1): return x", "warm", "exec"), {{}})
started = time.perf_counter()
import {module}
ended = time.perf_counter()
print(1000 * (ended - started))
"""
# Prints what a module needs of the standard library, and what no program can do without.
NEEDS = """
import sys
import {module}
found = {{name for name in sys.modules if name.partition(".")[0] in sys.stdlib_module_names}}
print(*sorted(found - {{"__main__"}} | {{"time"}}))
"""
NOTHING = "time"  # what every process imports


class Sample(NamedTuple):
    """Two processes, in milliseconds; see above."""

    program: float
    whole: float
    wheel: float


Found = dict[str, dict[str, list[Sample]]]


def commands(options: argparse.Namespace, folder: str) -> dict[str, list[str]]:
    """Return the start of the command of each runtime; the code comes behind it."""
    node = Node.find(options.node)
    script = install_peers() / "wheels.mjs"
    return {
        "Coil": [node.path, str(options.coil), "-c"],
        options.peer: [node.path, str(script), options.peer, folder],
    }


def once(command: list[str], module: str, before: str, warm: float) -> tuple[float, float]:
    """Return what a process and the import in it took by the clock."""
    before = f"json, re, {before}" if warm else before
    started = time.perf_counter()
    printed = output([*command, CODE.format(module=module, before=before, warm=warm)])
    ended = time.perf_counter()
    return 1000 * (ended - started), float(printed.split()[-1])


def needs(command: list[str], module: str) -> str:
    """Return the modules of the standard library that a module imports, separated by commas."""
    printed = output([*command, NEEDS.format(module=module)])
    return ", ".join(printed.splitlines()[-1].split())


def sample(command: list[str], module: str, needed: str, warm: float) -> Sample:
    """Return the times of a module without and with what it needs imported before."""
    return Sample(*once(command, module, NOTHING, warm), once(command, module, needed, warm)[1])


def measure(options: argparse.Namespace, folder: str) -> Found:
    """Return samples by module and runtime."""
    runtimes = commands(options, folder)
    ENVIRONMENT["PYTHONPATH"] = folder
    modules = [name for name in MODULES if Path(folder, name).exists()]
    needed = {module: needs(runtimes["Coil"], module) for module in modules}
    found: Found = {m: {r: [] for r in runtimes} for m in modules}
    for turn in range(options.rounds + 1):
        for module in modules:
            for label in random.sample(list(runtimes), len(runtimes)):
                taken = sample(runtimes[label], module, needed[module], options.warm)
                if turn > 0:  # the first one compiles the Python files
                    found[module][label].append(taken)
    return found


def medians(samples: list[Sample]) -> Sample:
    """Return the median of each figure."""
    return Sample(*(statistics.median(each) for each in zip(*samples, strict=True)))


def cells(mine: float, other: float, digits: int) -> str:
    """Return two figures and their ratio as cells of a table."""
    return f"{mine:.{digits}f} | {other:.{digits}f} | {mine / max(other, 1):.2f}"


def table(found: Found, peer: str) -> str:
    """Return the medians and their ratios as Markdown."""
    figures = ("program", "whole", "wheel")
    names = [f"{figure}: Coil ms | {peer} ms | ratio" for figure in figures]
    lines = [f"| import | {' | '.join(names)} |", f"|---|{'---:|' * 3 * len(figures)}"]
    for module, values in found.items():
        mine, other = (medians(values[label]) for label in ("Coil", peer))
        row = [
            cells(mine.program, other.program, 0),
            cells(mine.whole, other.whole, 1),
            cells(mine.wheel, other.wheel, 1),
        ]
        lines.append(f"| {module} | {' | '.join(row)} |")
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    """Run the command line described above; return its exit status."""
    parser = argparse.ArgumentParser(description="Time the import of wheels.")
    parser.add_argument("--coil", type=Path, required=True, metavar="CLI")
    parser.add_argument("--node", required=True, metavar="PROGRAM")
    parser.add_argument("--peer", default="pyodide-0.29", help="a name in peers/package.json")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--warm", type=float, default=0, metavar="SECONDS")
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
