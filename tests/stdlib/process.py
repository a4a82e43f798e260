"""Run one unit in the interpreter under test, in as many processes as its crashes cost."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import stat
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from model import EXIT, FIXTURE, LOAD, Outcome, TestRecord, UnitRun

DRIVER = Path(__file__).resolve().parent / "target" / "run_unit.py"
POLL_SECONDS = 0.1
LOG_TAIL_BYTES = 4000
MAX_PROCESSES = 60  # per unit: a crash costs one


@dataclass(frozen=True)
class Target:
    """The interpreter under test.

    *command* starts it, with this process's PATH if *inherit_path*, else with a folder of its own.
    *test_directory* is the package ``test`` to use (None: its own), *extensions* the folder of the
    extension modules that the tests import (None: it has them). A process is killed when it ran for
    *timeout* seconds, or *stall* seconds without an event.
    """

    command: list[str]
    test_directory: Path | None
    extensions: Path | None
    timeout: float
    stall: float
    inherit_path: bool = False


@dataclass
class Progress:
    """What the events of one process say."""

    records: list[TestRecord] = field(default_factory=list)
    running: str | None = None
    loaded: bool = False
    finished: bool = False
    skipped: str | None = None


def run_unit(target: Target, unit: str, omit: list[str], scratch: Path) -> UnitRun:
    """Run *unit* without the tests that match *omit*; *scratch* is a new folder for its files.

    After a crash, the rest of the unit is run in another process, so that one test hides no other.
    """
    run = UnitRun(unit)
    begin = time.monotonic()
    while run.processes < MAX_PROCESSES:
        run.processes += 1
        directory = scratch / str(run.processes)
        directory.mkdir(parents=True)
        progress, ending = _run_process(target, run, omit, directory)
        run.tests += progress.records
        run.skipped = progress.skipped
        if ending is not None:
            run.tests.append(ending)
        if ending is None or ending.id in {LOAD, FIXTURE, EXIT}:
            break
    run.seconds = round(time.monotonic() - begin, 2)
    _remove_tree(scratch)
    return run


def _run_process(
    target: Target, run: UnitRun, omit: list[str], directory: Path
) -> tuple[Progress, TestRecord | None]:
    events, log = directory / "events.jsonl", directory / "log.txt"
    config = {
        "unit": run.unit,
        "events": str(events),
        "test_directory": str(target.test_directory) if target.test_directory else None,
        "omit": omit,
        "done": [test.id for test in run.tests],
    }
    (directory / "config.json").write_text(json.dumps(config), encoding="utf-8")
    events.touch()
    status = _wait(target, directory, events, log)
    progress = read_events(events)
    return progress, _ending(progress, status, log)


def _wait(target: Target, directory: Path, events: Path, log: Path) -> str | None:
    """Run the process to its end; return what is wrong with how it ended, or None."""
    work, temporary = directory / "work", directory / "tmp"
    work.mkdir()
    temporary.mkdir()
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*target.command, str(DRIVER), str(directory / "config.json")],
            cwd=work,
            env=_environment(target, temporary),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            return _watch(process, target, events)
        finally:
            _kill_session(process)


def _watch(process: subprocess.Popen[bytes], target: Target, events: Path) -> str | None:
    begin = changed = time.monotonic()
    size = 0
    while process.poll() is None:
        time.sleep(POLL_SECONDS)
        now = time.monotonic()
        if (new_size := events.stat().st_size) != size:
            size, changed = new_size, now
        if now - changed > target.stall:
            return f"no progress for {target.stall:.0f} s"
        if now - begin > target.timeout:
            return f"not finished after {target.timeout:.0f} s"
    return f"exit status {process.returncode}" if process.returncode else None


def _kill_session(process: subprocess.Popen[bytes]) -> None:
    """End the process and what it started; the tests of native Python leave children behind."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _environment(target: Target, temporary: Path) -> dict[str, str]:
    """Return a small environment that is the same on every machine.

    The tests would start programs of the host that they find, such as bunzip2, to compare results.
    """
    path = os.environ["PATH"] if target.inherit_path else str(_program_folder(temporary))
    kept = {"PATH": path}
    if target.extensions:
        # Not sys.path.append() in the driver: the tests start further interpreters in the process.
        kept["PYTHONPATH"] = str(target.extensions)
    return {**kept, "LANG": "C.UTF-8", "HOME": str(temporary), "TMPDIR": str(temporary)}


def _program_folder(temporary: Path) -> Path:
    """Make a folder with the programs that the interpreter itself needs; Node has no mkfifo()."""
    folder = temporary.parent / "bin"
    folder.mkdir()
    if program := shutil.which("mkfifo"):
        (folder / "mkfifo").symlink_to(program)
    return folder


def read_events(path: Path) -> Progress:
    """Return what the event file says; a line cut off by a crash is ignored."""
    progress = Progress()
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            event = json.loads(line)
        except ValueError:
            continue
        _apply(progress, event)
    return progress


def _apply(progress: Progress, event: dict[str, Any]) -> None:
    match event["event"]:
        case "start":
            progress.running = event["id"]
        case "result":
            progress.running = None
            outcome = Outcome(event["outcome"])
            record = TestRecord(event["id"], outcome, event["detail"], event["seconds"])
            progress.records.append(record)
        case "loaded":
            progress.loaded = True
        case "load-failed":
            progress.loaded = True
            progress.records.append(TestRecord(LOAD, Outcome.FAIL, event["detail"]))
        case "module-skipped":
            progress.loaded = True
            progress.skipped = event["detail"]
        case "finished":
            progress.finished = True


def _ending(progress: Progress, status: str | None, log: Path) -> TestRecord | None:
    """Return the record of a process that ended otherwise than well, or None."""
    if progress.finished and status is None:
        return None
    if progress.finished:
        place = EXIT
    elif progress.running is not None:
        place = progress.running
    else:
        place = FIXTURE if progress.loaded else LOAD
    tail = log.read_bytes()[-LOG_TAIL_BYTES:].decode(errors="replace")
    return TestRecord(place, Outcome.CRASH, f"{status or 'exit before the end'}\n{tail}")


def _remove_tree(path: Path) -> None:
    """Remove *path* although tests take rights away from folders they leave behind."""
    for folder, _, _ in os.walk(path):
        Path(folder).chmod(stat.S_IRWXU)
    shutil.rmtree(path, ignore_errors=True)
