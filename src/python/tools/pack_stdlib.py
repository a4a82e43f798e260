"""Pack the standard library for the distribution: compiled for start, sources beside it, lazily.

    python3.13 pack_stdlib.py --lib LIB --out DIR [--extra PATH]... [--jobs N] [--node NODE]

Writes three stored (uncompressed) zip archives into DIR; their bytes depend on the input alone:

``python_stdlib.zip``
    the ``.pyc`` files, and ``.elsewhere``, the index of what the other two hold
``python_stdlib_src.zip``
    the sources and data files, read when somebody asks for one
``python_stdlib_test.zip``
    CPython's own tests, compiled and as source, with their data

Stored, because the transport compresses better than a zip does and the runtime then reads files
where they are in the archive (fs_archive.js mounts it). Must be run by the CPython whose
version the distribution has: the bytecode is its own.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import py_compile
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path, PurePosixPath
from typing import NamedTuple

VERSION = (3, 13)
TAG = "cpython-313"
# The path of a source as the compiled code names it. importlib changes it at import when the
# library is somewhere else; where it is at its usual place in memory, it has nothing to change.
HOME = PurePosixPath("/lib/python3.13")
INDEX = ".elsewhere"
STDLIB, SOURCES, TESTS = "python_stdlib.zip", "python_stdlib_src.zip", "python_stdlib_test.zip"
TEST_FOLDERS = ("test/", "idlelib/idle_test/")
# Of the source tree only: where programs and extensions get installed, and CPython's build files.
LEFT_OUT = ("site-packages/", "lib-dynload/")
EPOCH = (1980, 1, 1, 0, 0, 0)
CHUNK = 64  # files that one process compiles

# Prints the brotli size of each file named; Python has no brotli, the build has Node.
BROTLI = """
const { readFileSync } = require("node:fs");
const { brotliCompressSync, constants: c } = require("node:zlib");
const size = (name) => brotliCompressSync(readFileSync(name), { params: {
  [c.BROTLI_PARAM_QUALITY]: 9, [c.BROTLI_PARAM_LGWIN]: 24 } }).length;
console.log(JSON.stringify(process.argv.slice(1).map(size)));
"""


class Member(NamedTuple):
    """A file of an archive."""

    name: str
    data: bytes


class Compiled(NamedTuple):
    """A source and its bytecode; None when it is not valid Python, with the reason."""

    name: str
    bytecode: bytes | None
    reason: str


class Source(NamedTuple):
    """A file of the library: where it is, and its name below the library's folder."""

    name: str
    path: Path


def find_files(lib: Path, extras: list[Path]) -> list[Source]:
    """Return the files of the library, sorted by name."""
    found = [source for source in files_below(lib, lib) if not source.name.startswith(LEFT_OUT)]
    for path in extras:
        found += files_below(path, path.parent) if path.is_dir() else [Source(path.name, path)]
    return sorted(found)


def files_below(folder: Path, root: Path) -> list[Source]:
    """Return the files in *folder* and below, named from *root*."""
    return [
        Source(path.relative_to(root).as_posix(), path)
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]


def bytecode_name(name: str) -> str:
    """Return the name of the bytecode of the source *name*, below the same folder."""
    source = PurePosixPath(name)
    return str(source.parent / "__pycache__" / f"{source.stem}.{TAG}.pyc")


def compile_chunk(chunk: list[Source]) -> list[Compiled]:
    """Compile *chunk* in this process."""
    results = []
    with tempfile.TemporaryDirectory() as scratch:
        target = Path(scratch) / "compiled"
        for name, path in chunk:
            try:
                py_compile.compile(
                    str(path),
                    cfile=str(target),
                    dfile=str(HOME / name),
                    doraise=True,
                    optimize=0,
                    invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
                )
            except py_compile.PyCompileError as error:
                results.append(Compiled(name, None, error.msg.strip()))
            else:
                results.append(Compiled(name, target.read_bytes(), ""))
    return results


def compile_all(sources: list[Source], jobs: int) -> list[Compiled]:
    """Compile *sources* in *jobs* processes.

    What a process compiled before shows in its bytecode (marshal notes which objects are shared),
    so the chunks are the same for any number of processes and each gets a fresh one.
    """
    chunks = [sources[start : start + CHUNK] for start in range(0, len(sources), CHUNK)]
    context = multiprocessing.get_context("spawn")
    with context.Pool(jobs, maxtasksperchild=1) as pool:
        return [compiled for chunk in pool.imap(compile_chunk, chunks, 1) for compiled in chunk]


def divide(files: list[Source], compiled: list[Compiled]) -> dict[str, list[Member]]:
    """Return what goes into which archive.

    Raises ValueError for a source outside the tests that does not compile; CPython's tests have
    some on purpose.
    """
    archives: dict[str, list[Member]] = {STDLIB: [], SOURCES: [], TESTS: []}
    for name, bytecode, reason in compiled:
        is_test = name.startswith(TEST_FOLDERS)
        if bytecode is not None:
            member = Member(bytecode_name(name), bytecode)
            archives[TESTS if is_test else STDLIB].append(member)
        elif not is_test:
            raise ValueError(f"{name} does not compile: {reason}")
    for name, path in files:
        member = Member(name, path.read_bytes())
        archives[TESTS if name.startswith(TEST_FOLDERS) else SOURCES].append(member)
    archives[STDLIB].append(Member(INDEX, make_index(archives[SOURCES])))
    return archives


def make_index(sources: list[Member]) -> bytes:
    """Return the text that says which files are in the other archives; fs_archive.js reads it."""
    lines = [f"{TESTS}\t0\t{folder}\n" for folder in TEST_FOLDERS]
    lines += [f"{SOURCES}\t{len(data)}\t{name}\n" for name, data in sources]
    return "".join(lines).encode()


def write_archive(path: Path, members: list[Member]) -> None:
    """Write a stored zip whose bytes depend on *members* alone."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED, allowZip64=False) as archive:
        for name, data in sorted(members):
            info = zipfile.ZipInfo(name, EPOCH)
            info.create_system = 3  # Unix, wherever this runs
            info.external_attr = 0o100444 << 16
            archive.writestr(info, data)


def brotli_sizes(node: Path | None, paths: list[Path]) -> list[int] | None:
    """Return the compressed sizes of *paths*; None without Node."""
    if node is None:
        return None
    command: list[str | Path] = [node, "-e", BROTLI, *paths]
    sizes = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return [int(size) for size in sizes]


def report(paths: list[Path], counts: list[int], compressed: list[int] | None) -> None:
    """Print one line per archive."""
    for index, path in enumerate(paths):
        line = f"{path.name}: {counts[index]} files, {path.stat().st_size / 1e6:.2f} MB"
        if compressed is not None:
            line += f", brotli {compressed[index] / 1e6:.2f} MB"
        print(line)


def parse_arguments(arguments: list[str]) -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(description="Pack the standard library.")
    parser.add_argument("--lib", type=Path, required=True, help="CPython's Lib folder")
    parser.add_argument("--out", type=Path, required=True, help="folder for the archives")
    parser.add_argument(
        "--extra", type=Path, action="append", default=[], help="a module or a package to add"
    )
    parser.add_argument("--jobs", type=int, default=2, help="processes that compile")
    parser.add_argument("--node", type=Path, help="Node, to report compressed sizes")
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    """Run the command line described above; return its exit status."""
    options = parse_arguments(arguments)
    if sys.version_info[:2] != VERSION or sys.implementation.cache_tag != TAG:
        print("run me with the build's own CPython 3.13: bytecode of another", file=sys.stderr)
        return 2
    files = find_files(options.lib, options.extra)
    sources = [source for source in files if source.name.endswith(".py")]
    archives = divide(files, compile_all(sources, options.jobs))
    options.out.mkdir(parents=True, exist_ok=True)
    paths = [options.out / name for name in archives]
    for path, members in zip(paths, archives.values(), strict=True):
        write_archive(path, members)
    counts = [len(members) for members in archives.values()]
    report(paths, counts, brotli_sizes(options.node, paths))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
