r"""Compare Coil with the npm package pyodide and with native CPython, interleaved in one run.

    python3 tests/bench/run.py --coil build/dist/bin/coil --node NODE24 --node NODE26 \
        --rounds 7 --out tests/bench/results.md

A quick look of two to three minutes: one --node, --measure start job kernels, --rounds 2.  Without
--coil only the others run.
Is a difference real?  --control runs the same Coil twice, under two names: what the two differ by
is noise.  --coil-b OTHER/bin/coil compares two builds.  The peers are installed by npm into the
cache directory at the first use.  Nothing here asserts a time.
"""

from __future__ import annotations

import argparse
import json
import random
import shlex
import shutil
import sys
import time
from pathlib import Path

from access import Watch, measure_sizes
from kernels import KERNELS
from measure import KernelOptions, deoptimisations, job_once, kernels_once, start_once
from report import byte_tables, deopt_table, header, kernel_tables, process_tables
from results import Results
from runtimes import (
    BenchError,
    Node,
    Runtime,
    bare_node,
    coil,
    install_peers,
    native,
    peer,
    peer_names,
)

ROOT = Path(__file__).resolve().parents[2]
MEASURES = ("start", "bytes", "kernels", "job", "deopts")


def parse(arguments: list[str]) -> argparse.Namespace:
    """Return the options of the command line, checked."""
    summary, _, details = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser(
        description=summary, epilog=details, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--coil", type=Path, metavar="CLI", help="the command line of a Coil distribution")
    add("--coil-b", type=Path, metavar="CLI", help="another one, to compare builds")
    add("--control", action="store_true", help="run --coil twice in each round")
    add("--node", action="append", default=[], metavar="PROGRAM", help="may be repeated")
    add("--native", metavar="PYTHON", help="native CPython (default: the build's, else python3)")
    add("--peers", nargs="*", default=peer_names(), help="names in peers/package.json; none: omit")
    add("--measure", nargs="+", choices=MEASURES, default=list(MEASURES))
    add("--rounds", type=int, default=5, help="fresh processes of each runtime (default 5)")
    add("--kernels", nargs="+", choices=list(KERNELS), default=list(KERNELS), metavar="NAME")
    add("--inline", action="store_true", help="enter kernels from the program's first frame")
    add("--warm-up", type=float, default=0.5, metavar="SECONDS", help="for each kernel")
    add("--sample", type=float, default=0.1, metavar="SECONDS", help="least time of a sample")
    add("--samples", type=int, default=3, help="of each kernel in each process (default 3)")
    add("--passes", type=int, default=20, help="how much work the job is (default 20)")
    add("--out", type=Path, metavar="FILE", help="write the tables there, not only to the terminal")
    add("--json", type=Path, metavar="FILE", help="write every single measurement there")
    options = parser.parse_args(arguments)
    options.node = options.node or [shutil.which("node") or parser.error("give --node PROGRAM")]
    if options.rounds < 1 or (options.control and not options.coil):
        parser.error("--rounds is at least 1, and --control needs --coil")
    return options


def find_native(options: argparse.Namespace) -> str:
    """Return the native Python: the one asked for, the build's own, or the one on PATH."""
    cache = Path.home() / ".cache/coil/built"
    built = sorted(cache.glob("python-native*/bin/python3.13"), key=lambda p: p.stat().st_mtime)
    return str(options.native or (built[-1] if built else sys.executable))


def find_runtimes(options: argparse.Namespace, nodes: list[Node]) -> list[Runtime]:
    """Return the columns of the tables; the first of each engine is compared with the others."""
    runtimes: list[Runtime] = []
    directory = install_peers() if options.peers else Path()
    for node in nodes:
        if options.coil:
            runtimes.append(coil("Coil", node, options.coil.resolve()))
        if options.control:
            runtimes.append(coil("Coil again", node, options.coil.resolve()))
        if options.coil_b:
            runtimes.append(coil("Coil B", node, options.coil_b.resolve()))
        runtimes += [peer(name, node, directory) for name in options.peers]
        if "start" in options.measure:
            runtimes.append(bare_node(node))
    return [*runtimes, native(find_native(options))]


def progress(text: str) -> None:
    """Tell the person at the terminal what is going on."""
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def run_rounds(results: Results, options: argparse.Namespace) -> None:
    """Measure starts, the job and kernels of all runtimes in shuffled rounds."""
    generator = random.Random()  # noqa: S311
    kernel_options = kernel_settings(options)
    for number in range(options.rounds):
        progress(f"round {number + 1} of {options.rounds}")
        order = generator.sample(results.runtimes, len(results.runtimes))
        # Kernels change the state of the engine for those after them: one order for all runtimes.
        names = generator.sample(options.kernels, len(options.kernels))
        if "start" in options.measure:
            for runtime in order:
                results.starts.setdefault(runtime, []).append(start_once(runtime))
        results.note_load()
        programs = [runtime for runtime in order if runtime.program]
        for runtime in programs if "job" in options.measure else ():
            results.jobs.setdefault(runtime, []).append(job_once(runtime, options.passes))
            results.note_load()
        for runtime in programs if "kernels" in options.measure else ():
            results.add_kernels(runtime, kernels_once(runtime, names, kernel_options))
            results.note_load()


def kernel_settings(options: argparse.Namespace) -> KernelOptions:
    """Return the options that kernels.py gets."""
    return KernelOptions(
        tuple(options.kernels), options.warm_up, options.sample, options.samples, options.inline
    )


def run_bytes(results: Results, node: Node) -> None:
    """Measure which files a start of each runtime reads, in one engine."""
    for runtime in results.runtimes:
        if runtime.files and runtime.engine == node.label and runtime.label != "Coil again":
            with Watch(runtime.files) as watch:
                start_once(runtime)
                files = watch.files()
            progress(f"compressing {len(files)} files of {runtime.label}")
            results.files[runtime] = measure_sizes(node.path, runtime.files, files)


def run_deopts(results: Results, options: argparse.Namespace) -> None:
    """Count thrown-away code of each runtime that is a Node program."""
    for runtime in results.runtimes:
        if runtime.files and runtime.label != "Coil again":
            progress(f"deoptimisations of {runtime.label} in {runtime.engine}")
            results.deopts[runtime] = deoptimisations(runtime, kernel_settings(options))


def shown_command(arguments: list[str], nodes: list[Node]) -> str:
    """Return the command as another reader can give it: without this machine's paths."""
    names = {node.path: f"node-{node.version}" for node in nodes}

    def shown(argument: str) -> str:
        if argument in names:
            return names[argument]
        path = Path(argument)
        if path.is_absolute():
            inside = path.is_relative_to(ROOT)
            return str(path.relative_to(ROOT) if inside else Path("...", *path.parts[-2:]))
        return argument

    return shlex.join(["python3", "tests/bench/run.py", *map(shown, arguments)])


def measure(results: Results, options: argparse.Namespace, nodes: list[Node]) -> None:
    """Take all measurements that are asked for; those of many rounds come last."""
    results.note_load()
    if "bytes" in options.measure:
        run_bytes(results, nodes[-1])
    if "deopts" in options.measure:
        run_deopts(results, options)
    if {"start", "job", "kernels"} & set(options.measure):
        run_rounds(results, options)


def measure_and_keep(options: argparse.Namespace, nodes: list[Node]) -> Results:
    """Take the measurements; keep the single ones, if asked for, also when one fails."""
    results = Results(find_runtimes(options, nodes))
    try:
        measure(results, options, nodes)
    finally:
        if options.json:
            options.json.write_text(json.dumps(results.as_json(), indent=1) + "\n")
    return results


def main(arguments: list[str]) -> int:
    """Measure, print the tables, and write them where asked; return the exit code."""
    options = parse(arguments)
    try:
        nodes = [Node.find(path) for path in options.node]
        results = measure_and_keep(options, nodes)
    except BenchError as error:
        print(error, file=sys.stderr)
        return 1
    entered = "entered from the program's first frame" if options.inline else "entered through C"
    lines = [
        *header(results, shown_command(arguments, nodes), time.strftime("%Y-%m-%d")),
        *("Engines: " + ", ".join(f"Node {n.version} (V8 {n.v8})" for n in nodes) + ".", ""),
        *process_tables(results, "Process start to first print", results.starts),
        *byte_tables(results),
        *kernel_tables(results, f"Python kernels, {entered}"),
        *process_tables(results, "A job of fixed work, process start to end", results.jobs),
        *deopt_table(results),
    ]
    text = "\n".join(lines).rstrip("\n") + "\n"
    print(text)
    if options.out:
        options.out.write_text(text)
    disagreements = results.disagreements()
    if disagreements:
        print("Kernels with different results:", *disagreements, sep="\n  ", file=sys.stderr)
    return 1 if disagreements else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
