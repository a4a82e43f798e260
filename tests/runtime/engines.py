"""Runs programs with the command line under test, once for each Node it must work with."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

BUILD = Path(os.environ["COIL_BUILD"])
CLI = os.environ["COIL_CLI"]
# Extension modules and libraries compiled from side_modules/ by CMake.
SIDE_MODULES = BUILD / "tests" / "side_modules"


@dataclass(frozen=True)
class Engine:
    """One Node binary with the command line."""

    node: str

    def __str__(self) -> str:
        version = subprocess.run(
            [self.node, "--version"], capture_output=True, text=True, check=True
        )
        return f"Node {version.stdout.strip()}"

    def command(self, *arguments: str) -> list[str]:
        """Return the command that runs the interpreter with arguments."""
        return [self.node, CLI, *arguments]

    def run(self, code: str, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        """Run Python code given with -c, with the compiled side modules importable."""
        return subprocess.run(
            self.command("-c", code),
            capture_output=True,
            text=True,
            check=False,
            timeout=timeout,
            env={**os.environ, "PYTHONPATH": str(SIDE_MODULES)},
        )


ENGINES = [Engine(node) for node in os.environ["COIL_NODES"].split(":")]


def interrupt(engine: Engine, code: str) -> str:
    """Run code, send SIGINT once it has printed a line, return what it printed after that."""
    process = subprocess.Popen(
        engine.command("-c", f"import sys; sys.path.insert(0, {str(SIDE_MODULES)!r})\n{code}"),
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        try:
            process.stdout.readline()
            time.sleep(0.2)
            process.send_signal(signal.SIGINT)
            output, _ = process.communicate(timeout=60)
        finally:
            process.kill()
    return output
