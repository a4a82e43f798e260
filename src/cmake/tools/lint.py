"""Check or format every tracked file with the linter of its language, in parallel.

    python lint.py lint   --tools DIR --node-modules DIR [--tidy-arg=ARG]...
    python lint.py format --tools DIR --node-modules DIR

The targets ``lint`` and ``format`` of the build call it with the tools it has pinned. ``lint``
changes nothing and ends with 1 when any tool has anything to say: warnings are errors here.
``format`` rewrites files in place. Third-party files and those that programs write
(``linguist-vendored`` and ``linguist-generated`` in .gitattributes) are left alone.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import house_rules
import js_globals

ROOT = Path(__file__).resolve().parents[3]
C_SUFFIXES = (".c", ".h", ".cpp")
PYTHON_SUFFIXES = (".py", ".pyi")
BIOME_SUFFIXES = (".js", ".mjs", ".ts", ".json")


class Job(NamedTuple):
    """One run of one tool."""

    name: str
    command: list[str]
    environment: dict[str, str] | None = None  # on top of the caller's


class Result(NamedTuple):
    """What became of a job."""

    name: str
    status: int
    output: str
    seconds: float


def tracked_files() -> list[str]:
    """Return the tracked files that exist and are ours, as paths relative to ROOT."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True)
    command = ["git", "check-attr", "-z", "--stdin", "linguist-vendored", "linguist-generated"]
    attributes = subprocess.run(
        command, cwd=ROOT, check=True, capture_output=True, input=listing.stdout
    )
    fields = attributes.stdout.decode().split("\0")
    left_alone = {
        name for name, value in zip(fields[0::3], fields[2::3], strict=False) if value == "set"
    }
    names = listing.stdout.decode().split("\0")
    return [name for name in names if name not in left_alone and (ROOT / name).is_file()]


def is_shell_script(name: str) -> bool:
    """Tell whether *name* is for a shell, by its suffix or its first line."""
    if name.endswith(".sh"):
        return True
    with (ROOT / name).open("rb") as file:
        first = file.readline(64)
    return first.startswith(b"#!") and first.split()[-1].endswith(b"sh")


def import_folder(name: str, files: list[str]) -> PurePosixPath:
    """Return the folder that must be on `sys.path` to import the Python file *name*."""
    folder = PurePosixPath(name).parent
    while str(folder / "__init__.py") in files:
        folder = folder.parent
    return folder


class Toolbox:
    """Where the tools are, and how each is run."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.tools: Path = options.tools
        self.node_modules: Path = options.node_modules
        self.tidy_arguments: list[str] = options.tidy_arg

    def llvm(self, name: str) -> str:
        """Return the path of an LLVM program; the script pip makes for it names pip's Python."""
        return str(self.tools / name.replace("-", "_") / "data" / "bin" / name)

    def program(self, name: str) -> str:
        """Return the path of a program that pip installed as it is."""
        return str(self.tools / "bin" / name)

    def lint_jobs(self, files: list[str]) -> list[Job]:
        """Return the jobs of ``lint``, the slow ones first."""
        c_files = [name for name in files if name.endswith(C_SUFFIXES)]
        python = [name for name in files if name.endswith(PYTHON_SUFFIXES)]
        tidy = [self.llvm("clang-tidy"), "--quiet", "--warnings-as-errors=*"]
        flags = ["-std=c11", "-Wall", "-Wextra", "-Wno-unused-parameter"]
        flags += self.tidy_arguments
        jobs = [
            Job(f"clang-tidy {name}", [*tidy, name, "--", *flags])
            for name in c_files
            if name.endswith(".c")
        ]
        jobs += [
            *self.mypy_jobs(python),
            Job("ruff check", [self.program("ruff"), "check", *python]),
            Job("ruff format", [self.program("ruff"), "format", "--diff", *python]),
            Job("clang-format", [self.llvm("clang-format"), "--dry-run", "-Werror", *c_files]),
            self.biome_job(files, "--error-on-warnings"),
            self.shellcheck_job(files),
            *self.typescript_jobs(files),
        ]
        return [job for job in jobs if takes_files(job, files)]

    def format_jobs(self, files: list[str]) -> list[Job]:
        """Return the jobs of ``format``."""
        c_files = [name for name in files if name.endswith(C_SUFFIXES)]
        python = [name for name in files if name.endswith(PYTHON_SUFFIXES)]
        jobs = [
            Job("clang-format", [self.llvm("clang-format"), "-i", *c_files]),
            Job("ruff imports", [self.program("ruff"), "check", "--select=I", "--fix", *python]),
            Job("ruff format", [self.program("ruff"), "format", *python]),
            self.biome_job(files, "--write"),
        ]
        return [job for job in jobs if takes_files(job, files)]

    def mypy_jobs(self, python: list[str]) -> list[Job]:
        """Return one job for each folder whose modules import each other by plain names.

        Two folders may each have a module `run`, which one run of mypy would not accept. The
        modules of a package belong to the folder that has the package.
        """
        folders: dict[str, list[str]] = {}
        for name in python:
            folders.setdefault(str(import_folder(name, python)), []).append(name)
        command = [sys.executable, "-m", "mypy", "--cache-dir"]
        return [
            Job(
                f"mypy {folder}",
                [*command, f".mypy_cache/{folder}", *names],
                {"PYTHONPATH": str(self.tools), "MYPYPATH": folder},
            )
            for folder, names in sorted(folders.items())
        ]

    def typescript_jobs(self, files: list[str]) -> list[Job]:
        """Return one job for each tsconfig.json: types are checked, nothing is written."""
        tsc = self.node_modules / "@typescript" / "typescript-linux-x64" / "lib" / "tsc"
        types = self.node_modules / "@types"
        arguments = ["--noEmit", "--pretty", "false", "--typeRoots", str(types), "--project"]
        projects = [name for name in files if Path(name).name == "tsconfig.json"]
        return [Job(f"tsc {name}", [str(tsc), *arguments, name]) for name in projects]

    def shellcheck_job(self, files: list[str]) -> Job:
        """Return the job for shell scripts; those of build steps have no first line to say sh."""
        scripts = filter(is_shell_script, files)
        return Job("shellcheck", [self.program("shellcheck"), "--shell=sh", *scripts])

    def biome_job(self, files: list[str], option: str) -> Job:
        """Return the job for JavaScript, TypeScript and JSON."""
        chosen = [name for name in files if name.endswith(BIOME_SUFFIXES)]
        # The program itself: the package's front end in JavaScript only finds and starts it.
        biome = self.node_modules / "@biomejs" / "cli-linux-x64" / "biome"
        return Job("biome", [str(biome), "check", "--colors=off", option, *chosen])


def takes_files(job: Job, files: list[str]) -> bool:
    """Tell whether *job* names any file: without one, most tools would check the whole tree."""
    return not set(files).isdisjoint(job.command)


def run(job: Job) -> Result:
    """Run *job* from ROOT."""
    start = time.monotonic()
    try:
        process = subprocess.run(
            job.command,
            cwd=ROOT,
            env={**os.environ, **(job.environment or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        status, output = process.returncode, process.stdout
    except OSError as error:
        status, output = 127, f"cannot run it: {error}; build the target lint-tools\n"
    return Result(job.name, status, output, time.monotonic() - start)


def show(results: list[Result], *, verbose: bool) -> bool:
    """Print the output of failed jobs; return whether all passed."""
    for result in results:
        if result.status:
            print(f"== {result.name} (status {result.status})\n{result.output.rstrip()}\n")
        elif verbose:
            print(f"== {result.name}: {result.seconds:.1f} s")
    return not any(result.status for result in results)


def parse_arguments() -> argparse.Namespace:
    """Return the parsed command line."""
    parser = argparse.ArgumentParser(description="Check or format every tracked file.")
    parser.add_argument("mode", choices=("lint", "format"))
    parser.add_argument("--tools", type=Path, required=True, help="what requirements.txt installs")
    parser.add_argument("--node-modules", type=Path, required=True, help="what npm ci installs")
    parser.add_argument("--tidy-arg", action="append", default=[], help="compiler flag for C files")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 2)
    parser.add_argument("--verbose", action="store_true", help="also print times")
    return parser.parse_args()


def main() -> int:
    """Run the command line and return its exit status."""
    options = parse_arguments()
    files = tracked_files()
    toolbox = Toolbox(options)
    if options.mode == "format":
        js_globals.update(ROOT, files)
        # One after the other: two of them change the same files.
        return 0 if show([run(job) for job in toolbox.format_jobs(files)], verbose=False) else 1
    with ThreadPoolExecutor(options.jobs) as pool:
        results = list(pool.map(run, toolbox.lint_jobs(files)))
    complaints = list(house_rules.check_files(ROOT, files))
    if not js_globals.is_current(ROOT, files):
        complaints.append(
            "biome.json:1: globals of the JavaScript libraries; run the target format"
        )
    results.append(Result("house rules", 1 if complaints else 0, "\n".join(complaints), 0))
    passed = show(results, verbose=options.verbose)
    print(f"lint: {len(files)} files, {'no complaints' if passed else 'complaints above'}")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
