"""What the tests of the command line share: outcomes to compare, and sessions on a terminal."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Self

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType

NATIVE = [os.environ["COIL_NATIVE_PYTHON"]]
TIMEOUT = 60.0

# Settings of whoever runs the tests must not decide what the interpreters do.
CLEAN_ENVIRONMENT = {
    name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COIL_"))
}


class Outcome(NamedTuple):
    """What a run did, as its caller sees it."""

    status: int
    output: bytes
    errors: bytes


@dataclass(frozen=True)
class Case:
    """One run of an interpreter."""

    arguments: Sequence[str | bytes]
    input: bytes = b""
    environment: Mapping[str, str] = field(default_factory=dict)
    timeout: float = TIMEOUT

    def run(self, python: Sequence[str], directory: str | None = None) -> Outcome:
        """Run it with an interpreter's command, in a directory."""
        process = subprocess.run(
            [*python, *self.arguments],
            input=self.input,
            capture_output=True,
            check=False,
            timeout=self.timeout,
            cwd=directory,
            env={**CLEAN_ENVIRONMENT, **self.environment},
        )
        return Outcome(process.returncode, process.stdout, process.stderr)


def start(command: Sequence[str], **options: Any) -> subprocess.Popen[bytes]:
    """Start a command with a clean environment; options are those of Popen."""
    return subprocess.Popen(command, env=CLEAN_ENVIRONMENT, **options)


class Terminal:
    """An interpreter whose standard streams are one pseudo terminal."""

    def __init__(self, command: Sequence[str], *, rows: int = 24, columns: int = 80) -> None:
        """Start the command."""
        self.pid, self.descriptor = pty.fork()
        if self.pid == 0:
            os.environ.clear()
            os.environ.update(CLEAN_ENVIRONMENT, LINES="", COLUMNS="")
            subprocess.run(["stty", "rows", str(rows), "cols", str(columns)], check=True)
            os.execv(command[0], list(command))  # noqa: S606
        self.shown = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the session, whatever state it is in."""
        os.close(self.descriptor)
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)

    def read_until(self, text: bytes, timeout: float = TIMEOUT) -> bytes:
        """Return what was shown since the last call, up to a text; fail if it does not come."""
        end = time.monotonic() + timeout
        while text not in self.shown:
            left = end - time.monotonic()
            ready = left > 0 and select.select([self.descriptor], [], [], left)[0]
            chunk = self._read() if ready else b""
            if not chunk:
                raise AssertionError(f"{text!r} was not shown; the screen has {self.shown!r}")
            self.shown += chunk
        before, _, self.shown = self.shown.partition(text)
        return before + text

    def type(self, keys: bytes) -> None:
        """Send keys: byte 3 is Ctrl-C, byte 4 Ctrl-D."""
        os.write(self.descriptor, keys)

    def wait(self) -> int:
        """Read to the end and return the status as subprocess gives it: negative for a signal."""
        while chunk := self._read():
            self.shown += chunk
        _, status = os.waitpid(self.pid, 0)
        self.pid = 0
        return os.waitstatus_to_exitcode(status)

    def _read(self) -> bytes:
        try:
            return os.read(self.descriptor, 4096)
        except OSError:  # Linux: the other side has closed the terminal
            return b""
