r"""Compare what crosses between Python and JavaScript in Coil and in the npm package pyodide.

    python3 tests/bench/bridge.py --coil build/dist --node NODE26 --rounds 7 \
        --out tests/bench/bridge_results.md

All runtimes take turns in every round, in an order shuffled anew; crossings.mjs has the rows and
times each in a fresh process. Nothing here asserts a time: the aims are shown beside the ratios.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from pathlib import Path
from statistics import median

from ratios import geometric_mean_of_ratios, ratio_of_medians
from report import table
from results import processor
from run import shown_command
from runtimes import HERE, BenchError, Node, install_peers, output, peer_names

COIL = "Coil"

# Row -> the ratio to the newest pyodide that is aimed at; strings of 1,000 and more are compared
# with the better of the two peers.
AIMS = {
    "JS to Python: f()": 0.45,
    "JS to Python: f(1, 2, 3)": 0.35,
    "JS to Python: attribute": 0.35,
    "JS to Python: method(i)": 0.45,
    "Python to JS: f()": 0.30,
    "Python to JS: f(1, 2, 3)": 0.30,
    "Python to JS: method(i)": 0.20,
    "Python to JS: attribute": 0.35,
    "PyProxy created and destroyed": 0.15,
    "to_js of 1,000 ints": 0.15,
    "to_py of 1,000 numbers": 0.6,
    "to_js of a dict of 100": 0.4,
    "to_py of an object of 100": 0.4,
    "JS to Python: string of 10": 0.5,
    "Python to JS: string of 10": 0.5,
    "JS to Python: string of 1000": 1.0,
    "Python to JS: string of 1000": 1.0,
    "JS to Python: string of 100000": 1.0,
    "Python to JS: string of 100000": 1.0,
    "JS to Python: 1 MB of bytes": 1.05,
    "Python to JS: 1 MB of bytes": 1.05,
    "runPython of one source": 0.2,
    "runPython of distinct sources": 0.6,
    "exception: Python to JS": 0.3,
    "exception: JS to Python": 0.3,
}
MEAN_AIM = 0.35

# Runtime -> row -> the nanoseconds of each round.
Found = dict[str, dict[str, list[float]]]


def parse(arguments: list[str]) -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    add = parser.add_argument
    add("--coil", type=Path, required=True, metavar="DIST", help="folder of a distribution")
    add("--node", required=True, metavar="PROGRAM")
    add("--rounds", type=int, default=5)
    add("--sample", type=float, default=0.05, metavar="SECONDS", help="least time of a sample")
    add("--samples", type=int, default=5, help="of each row in each process")
    add("--rows", nargs="+", default=[], metavar="PART", help="only rows with one of these in them")
    add("--out", type=Path, metavar="FILE")
    return parser.parse_args(arguments)


def modules(options: argparse.Namespace, peers: Path) -> dict[str, str]:
    """Return the URL of the module with loadPyodide() for each runtime, newest peer first."""
    found = {COIL: (options.coil.resolve() / "pyodide.mjs").as_uri()}
    for name in peer_names():
        folder = peers / "node_modules" / name
        version = json.loads((folder / "package.json").read_text())["version"]
        found[f"pyodide {version}"] = (folder / "pyodide.mjs").as_uri()
    return found


def run_rounds(options: argparse.Namespace, urls: dict[str, str]) -> Found:
    """Return, by runtime and row, the nanoseconds of each round. BenchError if a row fails."""
    found: Found = {name: {} for name in urls}
    generator = random.Random()  # noqa: S311
    for number in range(options.rounds):
        print(f"round {number + 1} of {options.rounds}", file=sys.stderr, flush=True)
        for name in generator.sample(list(urls), len(urls)):
            command = [options.node, str(HERE / "crossings.mjs"), urls[name]]
            settings = [f"--sample={options.sample}", f"--samples={options.samples}"]
            line = output([*command, *settings, *options.rows], seconds=1200)
            for row, value in json.loads(line).items():
                if value is None:
                    raise BenchError(f"{name}: {row} failed")
                found[name].setdefault(row, []).append(value)
    return found


def better(found: Found, row: str) -> str:
    """Return the peer that a row is compared with: the newest, or the better one for long text."""
    newest, *others = [name for name in found if name != COIL]
    if "string of 1000" not in row:
        return newest
    return min([newest, *others], key=lambda name: median(found[name][row]))


def tables(found: Found) -> list[str]:
    """Return the table of all rows and the geometric mean of their ratios."""
    own = found[COIL]
    rows = []
    for row in own:
        ratio = ratio_of_medians(own[row], found[better(found, row)][row])
        times = [f"{median(found[name][row]):,.0f}" for name in found]
        rows.append([row, *times, str(ratio), f"{AIMS[row]}"])
    against = [found[better(found, row)][row] for row in own]
    mean = geometric_mean_of_ratios(list(own.values()), against)
    rows.append(["**geometric mean**", *("" for _ in found), f"**{mean}**", f"{MEAN_AIM}"])
    return table(["ns, median of processes", *found, "ratio", "aim"], rows)


def main(arguments: list[str]) -> int:
    """Measure, print the table, write it where asked; return the exit code."""
    options = parse(arguments)
    try:
        node = Node.find(options.node)
        found = run_rounds(options, modules(options, install_peers()))
    except BenchError as error:
        print(error, file=sys.stderr)
        return 1
    command = shown_command(arguments, [node]).replace("run.py", "bridge.py")
    load = f"load average {os.getloadavg()[0]:.2f} at the end"
    lines = [
        "# The bridge, measured",
        "",
        f"Made on {time.strftime('%Y-%m-%d')} by",
        "",
        f"    {command}",
        "",
        f"on {processor()}, {os.cpu_count()} processors, {load}; {node.label} (V8 {node.v8}).",
        "",
        "Nanoseconds for one operation; ratios of medians, below 1 where Coil is faster, with the",
        "95 % interval of a bootstrap over rounds. The ratio is to the newest peer, for strings of",
        "1,000 and more to the better one.",
        "",
        *tables(found),
    ]
    text = "\n".join(lines).rstrip("\n") + "\n"
    print(text)
    if options.out:
        options.out.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
