"""The runtimes that are compared, and how each is started."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
PEERS = HERE / "peers"
START = "print(1+1)"

# The same for all, and nothing of the user's settings (compile caches, Python paths).
ENVIRONMENT = {
    "PATH": os.environ.get("PATH", os.defpath),
    "HOME": os.environ.get("HOME", "/"),
    "LC_ALL": "C.UTF-8",
}


class BenchError(Exception):
    """A runtime could not be started or did not do what it should."""


@dataclass(frozen=True)
class Node:
    """One Node binary and the versions that it reports."""

    path: str
    version: str
    v8: str

    @classmethod
    def find(cls, path: str) -> Node:
        """Ask the program at *path* for its versions; BenchError if it does not answer."""
        versions = json.loads(output([path, "-p", "JSON.stringify(process.versions)"]))
        return cls(path, versions["node"], versions["v8"])

    @property
    def label(self) -> str:
        """The name of the engine in tables."""
        return f"Node {self.version}"


@dataclass(frozen=True)
class Runtime:
    """A column of the tables.

    *start* prints the first result and ends; *program* runs the Python file appended to it, with
    arguments; *files* is the directory whose files a start reads, None for native programs.
    """

    label: str
    engine: str
    start: tuple[str, ...]
    program: tuple[str, ...] = ()
    files: Path | None = None


def output(command: list[str], seconds: float = 120) -> str:
    """Return what *command* prints; BenchError if it fails or takes longer than *seconds*."""
    try:
        run = subprocess.run(
            command, env=ENVIRONMENT, capture_output=True, text=True, check=False, timeout=seconds
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BenchError(f"{command[0]}: {error}") from error
    if run.returncode != 0:
        raise BenchError(f"{' '.join(command)} ended with {run.returncode}:\n{run.stderr}")
    return run.stdout


def cache_directory() -> Path:
    """Return the directory for what benchmarks keep between runs; it exists."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    directory = base / "coil" / "bench"
    directory.mkdir(parents=True, exist_ok=True)
    return directory


def install_peers() -> Path:
    """Return the directory with the peers' npm packages, installing them at the first use.

    The lock file's integrity values decide what is installed; a directory appears under its final
    name only when npm has verified all of it.
    """
    cache = cache_directory()
    content = b"".join(path.read_bytes() for path in sorted(PEERS.iterdir()))
    target = cache / f"peers-{hashlib.sha256(content).hexdigest()[:16]}"
    if target.is_dir():
        return target
    with tempfile.TemporaryDirectory(dir=cache) as scratch:
        work = Path(shutil.copytree(PEERS, Path(scratch, "peers")))
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        run = subprocess.run(command, cwd=work, capture_output=True, text=True, check=False)
        if run.returncode != 0:
            raise BenchError(f"npm ci failed in {PEERS}:\n{run.stderr}")
        work.rename(target)
    return target


def peer_names() -> list[str]:
    """Return the names under which package.json has the packages, newest first."""
    manifest = json.loads((PEERS / "package.json").read_text())
    return sorted(manifest["dependencies"], reverse=True)


def bare_node(node: Node) -> Runtime:
    """Return Node printing by itself: the floor of every start."""
    return Runtime("Node alone", node.label, (node.path, "-e", "console.log(1+1)"))


def coil(label: str, node: Node, cli: Path) -> Runtime:
    """Return the command line *cli* of a distribution run by *node*."""
    command = (node.path, str(cli))
    files = cli.resolve().parent.parent
    return Runtime(label, node.label, (*command, "-c", START), command, files)


def peer(name: str, node: Node, directory: Path) -> Runtime:
    """Return the npm package *name* run by *node* with its default options."""
    version = json.loads((directory / "node_modules" / name / "package.json").read_text())[
        "version"
    ]
    return Runtime(
        f"pyodide {version}",
        node.label,
        (node.path, str(directory / "start.mjs"), name),
        (node.path, str(directory / "program.mjs"), name),
        directory / "node_modules" / name,
    )


def native(python: str) -> Runtime:
    """Return the CPython of this machine at *python*."""
    version = output([python, "-c", "import sys; print(sys.version.split()[0])"]).strip()
    return Runtime(f"native CPython {version}", "native", (python, "-c", START), (python,))
