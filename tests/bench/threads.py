r"""Compare waiting and threads in Coil with the npm package pyodide and with native CPython.

    python3 tests/bench/threads.py --coil build/dist --node NODE26 --rounds 7 \
        --out tests/bench/threads_results.md

The runtimes take turns in every round, in an order shuffled anew (waiting.mjs, threads_rows.py).
Nothing here asserts a time: the aims are shown beside the ratios.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import sys
import time
from pathlib import Path
from statistics import median

from bridge import COIL, modules
from ratios import ratio_of_medians
from report import table
from results import processor
from run import find_native, shown_command
from runtimes import HERE, BenchError, Node, install_peers, output

# Row -> the aimed ratio: of run_sync to pyodide, of threads to native CPython.
AIMS = {
    "run_sync(resolved promise)": "0.1",
    "create and join": "2",
    "hand a lock over": "2",
}
# Number and stack size in KB of threads that sleep at once.
CROWDS = ((1500, 0), (10000, 128))
NATIVE = "CPython, native"
INTERRUPTS = 1000

# Runtime -> row -> the microseconds of each round.
Found = dict[str, dict[str, list[float]]]


def parse(arguments: list[str]) -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    add = parser.add_argument
    add("--coil", type=Path, required=True, metavar="DIST", help="folder of a distribution")
    add("--node", required=True, metavar="PROGRAM")
    add("--native", default=None, metavar="PROGRAM", help="default: a CPython 3.13 of the cache")
    add("--rounds", type=int, default=5)
    add("--out", type=Path, metavar="FILE")
    return parser.parse_args(arguments)


def run_rounds(commands: dict[str, list[str]], rounds: int) -> Found:
    """Return, by runtime and row, what each round measured."""
    found: Found = {name: {} for name in commands}
    generator = random.Random()  # noqa: S311
    for number in range(rounds):
        print(f"round {number + 1} of {rounds}", file=sys.stderr, flush=True)
        for name in generator.sample(list(commands), len(commands)):
            for row, value in json.loads(output(commands[name], seconds=600)).items():
                found[name].setdefault(row, []).append(value)
    return found


def rows_of(found: Found, other: str) -> list[str]:
    """Return the table of Coil beside *other*."""
    own = found[COIL]
    lines = [
        [
            row,
            f"{median(own[row]):.2f}",
            f"{median(found[other][row]):.2f}",
            str(ratio_of_medians(own[row], found[other][row])),
            AIMS.get(row, ""),
        ]
        for row in own
    ]
    return table(["us, median of processes", COIL, other, "ratio", "aim"], lines)


def crowds(command: list[str]) -> list[str]:
    """Return the table of threads that were alive at once."""
    lines = []
    for number, kilobytes in CROWDS:
        text = output([*command, str(number), str(kilobytes)], seconds=600)
        stack = f"{kilobytes} KB" if kilobytes else "default"
        lines.append([stack, str(number), str(json.loads(text)["alive"])])
    return table(["C stack of each", "threads started", "asleep at once"], lines)


def interrupts(command: list[str]) -> list[str]:
    """Return the table of how long interrupts take."""
    found: dict[str, list[float]] = json.loads(output([*command, str(INTERRUPTS)], seconds=600))
    lines = [
        [row, str(len(times)), *(f"{pick(times):.2f}" for pick in (median, p99, max))]
        for row, times in found.items()
    ]
    return table(["ms until KeyboardInterrupt, in", "interrupts", "median", "p99", "max"], lines)


def p99(values: list[float]) -> float:
    """Return what 99 of 100 values do not exceed."""
    return sorted(values)[math.ceil(0.99 * len(values)) - 1]


def main(arguments: list[str]) -> int:
    """Measure, print the tables, write them where asked; return the exit code."""
    options = parse(arguments)
    program = str(HERE / "threads_rows.py")
    try:
        node = Node.find(options.node)
        urls = dict(list(modules(options, install_peers()).items())[:2])
        peer = next(name for name in urls if name != COIL)
        waiting = {name: [node.path, str(HERE / "waiting.mjs"), url] for name, url in urls.items()}
        own = [node.path, str(options.coil / "bin" / "coil"), program]
        threads = {COIL: own, NATIVE: [find_native(options), program]}
        tables = [
            *rows_of(run_rounds(waiting, options.rounds), peer),
            "",
            *rows_of(run_rounds(threads, options.rounds), NATIVE),
            "",
            *crowds(own),
            "",
            *interrupts([node.path, str(HERE / "interrupts.mjs"), urls[COIL]]),
        ]
    except BenchError as error:
        print(error, file=sys.stderr)
        return 1
    command = shown_command(arguments, [node]).replace("run.py", "threads.py")
    load = f"load average {os.getloadavg()[0]:.2f} at the end"
    lines = [
        "# Waiting and threads, measured",
        "",
        f"Made on {time.strftime('%Y-%m-%d')} by",
        "",
        f"    {command}",
        "",
        f"on {processor()}, {os.cpu_count()} processors, {load}; {node.label} (V8 {node.v8}).",
        "",
        "Microseconds for one operation; ratios of medians, below 1 where Coil is faster, with the",
        "95 % interval of a bootstrap over rounds.",
        "",
        *tables,
    ]
    text = "\n".join(lines).rstrip("\n") + "\n"
    print(text)
    if options.out:
        options.out.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
