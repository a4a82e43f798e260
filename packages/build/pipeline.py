"""Building one package: from the recipe to a wheel in the cache."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import tarfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

import rust
import sources
import wheel
from environment import HERE, Environment, Headers
from hostpaths import HostPaths
from repack import repack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recipe import Recipe
    from settings import Settings

TAIL = 40
RECORD = "build.json"
# Of the builder, what does not shape wheels.
NOT_IN_KEY = {
    "__main__.py", "lock.py", "output.py", "plan.py", "requirements.py", "rust.py", "settings.py",
    "smoke.py", "sources.py", "values.py",
}  # fmt: skip


class BuildError(Exception):
    """A build that failed; the text has the end of its log and the log's place."""


class Builder:
    """Builds recipes in the order given; each finds the wheels of those before it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.built: dict[str, tuple[Recipe, Path]] = {}
        self.keys: dict[str, str] = {}
        self.target = target_digest(settings)

    def key(self, recipe: Recipe) -> str:
        """Return a hash over everything that makes the wheel."""
        material = hashlib.sha256()
        for path in [*recipe.files, *sorted(HERE.glob("*.py")), HERE / "requirements.txt"]:
            if path.name not in NOT_IN_KEY:
                material.update(f"{path.name} {sources.digest(path)}\n".encode())
        for name in recipe.build.libraries:
            material.update(f"{name} {self.settings.libraries[name].name}\n".encode())
        for name in recipe.build.headers:
            material.update(f"{name} {self.keys[name]}\n".encode())
        material.update(" ".join(self.settings.toolchain).encode())
        material.update(self.target.encode())
        if recipe.build.rust:
            text = f"{self.settings.rust.name} {sources.digest(HERE / 'rust.py')}"
            material.update(text.encode())
        return material.hexdigest()[:16]

    def build(self, recipe: Recipe) -> tuple[Path, str]:
        """Return the wheel of a recipe and how it came about ("cached" or the seconds it took)."""
        key = self.keys[recipe.normalised] = self.key(recipe)
        folder = self.settings.wheels / f"{recipe.normalised}-{key}"
        with self.locked(f"wheel-{recipe.normalised}-{key}"):
            path, how = cached(folder), "cached"
            if path is None:
                path, seconds = self.make(recipe, folder)
                how = f"{seconds:.0f} s"
        self.built[recipe.normalised] = (recipe, path)
        return path, how

    @contextmanager
    def locked(self, name: str) -> Iterator[None]:
        """Keep other builds of the same wheel waiting."""
        locks = self.settings.cache / "locks"
        locks.mkdir(parents=True, exist_ok=True)
        with (locks / name).open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def make(self, recipe: Recipe, folder: Path) -> tuple[Path, float]:
        """Build a wheel into a folder of the cache; return it and the seconds it took."""
        started = time.monotonic()
        archive = sources.fetch(self.settings, recipe)
        work = self.settings.cache / "work" / folder.name
        shutil.rmtree(work, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)
        work.mkdir(parents=True)
        logs = self.settings.cache / "logs"
        logs.mkdir(exist_ok=True)
        with (logs / f"wheel-{folder.name}.log").open("w", encoding="utf-8") as log:
            source = unpack(archive, work)
            self.patch(recipe, source, log)
            made = self.run_backend(recipe, source, work, log)
        wheel.check_tag(made)
        finished = work / "finished"
        finished.mkdir()
        folders = [self.settings.libraries[name] / "lib" for name in recipe.build.libraries]
        path = finished / made.name
        found = repack(made, path, self.host_paths(work), folders)
        seconds = time.monotonic() - started
        hashes = {"sha256": recipe.source.sha256, "wheel": {made.name: sources.digest(path)}}
        record = {**vars(found), "seconds": round(seconds), **hashes}
        (finished / RECORD).write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
        folder.parent.mkdir(parents=True, exist_ok=True)
        finished.rename(folder)
        shutil.rmtree(work)
        return folder / made.name, seconds

    def host_paths(self, work: Path) -> HostPaths:
        """Return the folders of this machine that a build in a folder may write into its wheel."""
        others = [
            work / "environment" / "bin",
            self.settings.python.parent.parent,
            self.settings.build_tools,
            self.settings.cache,
            self.settings.tools,
            self.settings.sysconfig_data.parent,
            HERE,
        ]
        return HostPaths(work, others)

    def patch(self, recipe: Recipe, source: Path, log: IO[str]) -> None:
        """Apply the recipe's patches; BuildError names the first that does not fit.

        In a folder of somebody's repository, where a cache may be, git would pass over files that
        are not of that repository without a word.
        """
        variables = {**os.environ, "GIT_CEILING_DIRECTORIES": str(source.resolve().parent)}
        for each in recipe.patches:
            command = ["git", "apply", "--whitespace=nowarn", "-p1", str(recipe.folder / each.file)]
            run(command, source, variables, log)

    def run_backend(self, recipe: Recipe, source: Path, work: Path, log: IO[str]) -> Path:
        """Let the package's own build backend make the wheel; return its file."""
        environment = Environment(self.settings, recipe, work / "environment")
        headers = {name: self.headers_of(name, work) for name in recipe.build.headers}
        environment.prepare(headers)
        variables = environment.variables(source)
        if recipe.build.rust:
            rust.prepare(environment)
            variables = {**rust.variables(environment), **variables}
        out = work / "wheel"
        command = [str(self.settings.python), "-m", "build", "--wheel", "--no-isolation"]
        command += ["--skip-dependency-check", f"--outdir={out}"]
        for option in recipe.build.options:
            filled = option.format(cross_file=environment.cross_file, jobs=self.settings.jobs)
            command.append(f"--config-setting={filled}")
        run([*command, str(source)], work, variables, log)
        return next(out.glob("*.whl"))

    def headers_of(self, name: str, work: Path) -> Headers:
        """Return the include folder in the wheel of another package, unpacked."""
        recipe, path = self.built[name]
        headers = Headers(work / "headers" / name, recipe.include)
        wheel.unpack([path], headers.root)
        if not headers.folder.is_dir():
            raise BuildError(
                f"{path.name} has no folder {recipe.include!r}; correct include in {recipe.path}"
            )
        return headers


def cached(folder: Path) -> Path | None:
    """Return the wheel that is in a folder of the cache; None if it is not there or not whole."""
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        ((name, digest),) = record["wheel"].items()
        return folder / name if sources.digest(folder / name) == digest else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def target_digest(settings: Settings) -> str:
    """Return a hash over what wheels see of the target's CPython: headers and sysconfig data.

    Not the key of CPython's build: most of its patches leave both as they are.
    """
    material = hashlib.sha256()
    for path in [*sorted(settings.headers.rglob("*.h")), settings.sysconfig_data]:
        material.update(f"{path.name} {sources.digest(path)}\n".encode())
    return material.hexdigest()


def unpack(archive: Path, work: Path) -> Path:
    """Unpack a source; return its top folder, under a name without its version."""
    with tarfile.open(archive) as tar:
        tar.extractall(work / "unpacked", filter="data")
    (top,) = (work / "unpacked").iterdir()
    return top.rename(work / "source")


def run(command: list[str], folder: Path, environment: dict[str, str] | None, log: IO[str]) -> None:
    """Run a command with its output in the log; BuildError with the log's end when it fails."""
    print("+", *command, file=log, flush=True)
    done = subprocess.run(
        command, cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT, check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    if done.returncode != 0:
        lines = Path(log.name).read_text(encoding="utf-8", errors="replace").splitlines()
        tail = "\n  ".join(lines[-TAIL:])
        raise BuildError(f"failed ({done.returncode}). Last lines of {log.name}:\n  {tail}")
