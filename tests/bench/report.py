"""Write the results of a run as tables in Markdown."""

from __future__ import annotations

import os
from statistics import median
from typing import TYPE_CHECKING

from ratios import geometric_mean_of_ratios, ratio_of_medians
from results import Results, processor

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from measure import Process
    from runtimes import Runtime

NATIVE = "native"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return the lines of a table whose first column is text and whose others are numbers."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return [f"| {' | '.join(cells)} |" for cells in lines] + [""]


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.3g}" if seconds < 1 else f"{seconds * 1000:.0f}"


def _engines(results: Results) -> list[str]:
    return list(dict.fromkeys(r.engine for r in results.runtimes if r.engine != NATIVE))


def _columns(results: Results, engine: str, measured: Iterable[Runtime]) -> list[Runtime]:
    """Return the runtimes of one engine, and the native ones, that were measured."""
    known = set(measured)
    return [r for r in results.runtimes if r.engine in (engine, NATIVE) and r in known]


READING = """\
All runtimes took turns in every round, in an order shuffled anew for each round. Ratios are ratios
of medians, below 1 where the runtime named first is faster; in brackets the 95 % interval of a
bootstrap over rounds. A kernel's time in one process is that of its fastest sample. Peers run as
released, with default options.
"""

BYTES = """\
Files of the distribution that are opened between process start and end. Each is counted whole even
when only a part of it is read; brotli at quality 11, each file by itself.
"""


def header(results: Results, command: str, date: str) -> list[str]:
    """Return the title, the command, the machine and how to read the tables."""
    loads = results.loads
    load = f"{min(loads):.2f} to {max(loads):.2f}, median {median(loads):.2f}"
    machine = f"{processor()}, {os.cpu_count()} processors"
    return [
        "# Benchmark results",
        "",
        f"Made on {date} by",
        "",
        f"    {command}",
        "",
        f"on {machine}; load average {load} (1 to 1.5 is this run itself).",
        "",
        READING,
    ]


def process_tables(
    results: Results, title: str, processes: dict[Runtime, list[Process]]
) -> list[str]:
    """Return the tables of whole processes, one for each engine, under the heading *title*."""
    lines = [f"## {title}", ""]
    for engine in _engines(results) if processes else []:
        columns = _columns(results, engine, processes)
        name = columns[0].label
        head = ["", "median ms", "min ms", "CPU ms", "memory MB", f"{name} / this", "same, CPU"]
        own = processes[columns[0]]
        rows = (_process_row(runtime, processes[runtime], own) for runtime in columns)
        lines += [f"### {engine}", "", *table(head, rows)]
    return lines if processes else []


def _process_row(runtime: Runtime, found: list[Process], own: list[Process]) -> list[str]:
    seconds, cpu = [p.seconds for p in found], [p.cpu for p in found]
    row = [
        runtime.label,
        _milliseconds(median(seconds)),
        _milliseconds(min(seconds)),
        _milliseconds(median(cpu)),
        f"{median(p.memory for p in found):.0f}",
    ]
    if found is own:
        return [*row, "", ""]
    ratio = ratio_of_medians([p.seconds for p in own], seconds)
    return [*row, str(ratio), str(ratio_of_medians([p.cpu for p in own], cpu))]


def byte_tables(results: Results) -> list[str]:
    """Return the tables of the files that a start reads."""
    if not results.files:
        return []
    totals, parts = [], []
    for runtime, sizes in results.files.items():
        raw, brotli = sum(size.raw for size in sizes), sum(size.brotli for size in sizes)
        totals.append([runtime.label, str(len(sizes)), f"{raw:,}", f"{brotli:,}"])
        parts += [[runtime.label, s.name, f"{s.raw:,}", f"{s.brotli:,}"] for s in sizes]
    return [
        "## Bytes that a start reads",
        "",
        BYTES,
        *table(["", "files", "raw", "brotli"], totals),
        *table(["", "file", "raw", "brotli"], parts),
    ]


def kernel_tables(results: Results, title: str) -> list[str]:
    """Return the tables of the kernels, one for each engine."""
    lines = [f"## {title}", ""]
    for engine in _engines(results) if results.kernels else []:
        columns = _columns(results, engine, results.kernels)
        lines += [f"### {engine}: milliseconds, median of processes (least, most)", ""]
        lines += _time_table(results, columns)
        lines += [f"### {engine}: ratios", ""]
        lines += _ratio_table(results, columns)
    return lines if results.kernels else []


def _time_table(results: Results, columns: list[Runtime]) -> list[str]:
    def cell(runtime: Runtime, name: str) -> str:
        values = results.wall(runtime, name)
        least, most = _milliseconds(min(values)), _milliseconds(max(values))
        return f"{_milliseconds(median(values))} ({least}, {most})"

    names = results.kernel_names()
    rows = ([name, *(cell(runtime, name) for runtime in columns)] for name in names)
    return table(["", *(runtime.label for runtime in columns)], rows)


def _ratio_table(results: Results, columns: list[Runtime]) -> list[str]:
    subject, *others = columns
    names = results.kernel_names()
    rows = []
    for name in names:
        own = results.wall(subject, name)
        rows.append([name, *(str(ratio_of_medians(own, results.wall(r, name))) for r in others)])
    for label, values in (("geometric mean", results.wall), ("same, CPU time", results.cpu)):
        own_values = [values(subject, name) for name in names]
        means = (
            geometric_mean_of_ratios(own_values, [values(r, name) for name in names])
            for r in others
        )
        rows.append([f"**{label}**", *(f"**{mean}**" for mean in means)])
    return table(["", *(f"{subject.label} / {runtime.label}" for runtime in others)], rows)


def deopt_table(results: Results) -> list[str]:
    """Return the table of optimised wasm code that V8 threw away."""
    if not results.deopts:
        return []
    reasons = sorted({reason for found in results.deopts.values() for reason in found})
    rows = (
        [f"{runtime.label}, {runtime.engine}", *(str(found.get(r, 0)) for r in reasons)]
        for runtime, found in results.deopts.items()
    )
    return [
        "## Optimised wasm code thrown away by V8",
        "",
        "One run of all kernels with `--trace-deopt`, by reason.",
        "",
        *table(["", *(reasons or ["any reason"])], rows),
    ]
