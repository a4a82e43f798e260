"""Runs numpy's own test suite under Coil and writes what came of it to packages/NUMPY_RESULTS.md.

    run_numpy_tests.py --pytest DIR --record FILE [--jobs N] [--only TEXT...] [--report]

DIR has pytest and hypothesis as wheels. Every file of tests runs in a process of its own. One that
dies is named with the test that it died in, and run again without that test. Tests marked slow are
left out. FILE keeps what each file did, one line of JSON each; --only renews some of them, --report
writes the Markdown from it and runs nothing. The target ``test-numpy-full`` calls this; it takes
tens of minutes.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy_report

TIMEOUT = 600
# How often a file is run again without the tests that it died in.
ATTEMPTS = 4
# Exit status of pytest: all passed, some failed, a file could not be imported, there were none.
ENDED = (0, 1, 2, 5)
# One line of pytest -v: "file::test" and, once it is over, how it went.
STARTED = re.compile(r"^(numpy/\S+::.+?) *(?:(?:PASSED|FAILED|SKIPPED|XFAIL|XPASS|ERROR).*)?$")


@dataclass
class Outcome:
    """What a file of tests did; ``died`` has pairs of a test and how the process ended in it."""

    file: str
    passed: int = 0
    skipped: int = 0
    xfailed: int = 0
    failures: list[tuple[str, str]] = field(default_factory=list)
    died: list[tuple[str, str]] = field(default_factory=list)
    seconds: float = 0


def unpack(wheels: list[Path], folder: Path) -> None:
    """Unpack wheels into a folder."""
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder)


def start(file: str, folder: Path, xml: Path, without: list[str]) -> tuple[str, str]:
    """Run a file of tests without some; return its output and how it ended if that was too early.

    The second text is empty when pytest came to its end and said so by its exit status.
    """
    node = os.environ["COIL_NODES"].split(":")[-1]
    command = [node, os.environ["COIL_CLI"], "-X", "utf8", "-m", "pytest", "-v", "--tb=short"]
    command += ["-p", "no:cacheprovider", "-m", "not slow", "--color=no", f"--junit-xml={xml}"]
    command += [f"--rootdir={folder}", *(f"--deselect={each}" for each in without), file]
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    log = xml.with_suffix(".log")
    with log.open("w", encoding="utf-8") as output:
        try:
            done = subprocess.run(
                command, cwd=folder, stdout=output, stderr=subprocess.STDOUT, check=False,
                stdin=subprocess.DEVNULL, timeout=TIMEOUT, env=environment,
            )  # fmt: skip
            ended = "" if done.returncode in ENDED else f"ended with {done.returncode}"
        except subprocess.TimeoutExpired:
            ended = f"not done after {TIMEOUT} s"
    text = log.read_text(encoding="utf-8", errors="replace")
    return text, ended


def last_started(output: str) -> str:
    """Return the test that pytest -v named last, or the empty string."""
    names = [match[1] for line in output.splitlines() if (match := STARTED.match(line))]
    return names[-1] if names else ""


def read(xml: Path, outcome: Outcome) -> None:
    """Add what pytest wrote about a run to an outcome."""
    for case in ET.parse(xml).iter("testcase"):  # noqa: S314  # we have just written it
        name = f"{case.get('classname', '').rpartition('.test_')[2]}.{case.get('name')}"
        broken = [each for each in case if each.tag in ("failure", "error")]
        left_out = case.find("skipped")
        if broken:
            message = broken[0].get("message") or ""
            outcome.failures.append((name, f"{message}\n{broken[0].text or ''}"[-3000:]))
        elif left_out is not None:
            expected = left_out.get("type") == "pytest.xfail"
            outcome.xfailed += expected
            outcome.skipped += not expected
        else:
            outcome.passed += 1


def run_file(file: str, folder: Path) -> Outcome:
    """Run one file of tests; its path is below folder."""
    outcome = Outcome(file)
    started = time.monotonic()
    without: list[str] = []
    for attempt in range(ATTEMPTS):
        xml = folder / "results" / f"{file.replace('/', '-')}.{attempt}.xml"
        output, ended = start(file, folder, xml, without)
        if xml.exists():
            read(xml, outcome)
            if ended:
                outcome.died.append((f"{file}, after its last test", f"{ended}: {output[-600:]}"))
            break
        test = last_started(output)
        outcome.died.append((test or file, f"{ended}: {output[-600:]}"))
        if not test:
            break
        without.append(test)
    outcome.seconds = time.monotonic() - started
    return outcome


def load(record: Path) -> dict[str, Outcome]:
    """Return what a record has, by the files of tests."""
    lines = record.read_text(encoding="utf-8").splitlines() if record.exists() else []
    return {each["file"]: Outcome(**each) for each in map(json.loads, lines)}


def run_all(options: argparse.Namespace, folder: Path, files: list[str]) -> None:
    """Run files of tests, each result going into the record when it is there."""
    (folder / "results").mkdir()
    with ThreadPoolExecutor(options.jobs) as pool:
        for done in as_completed([pool.submit(run_file, file, folder) for file in files]):
            outcome = done.result()
            with options.record.open("a", encoding="utf-8") as record:
                record.write(json.dumps(asdict(outcome)) + "\n")
            died = "".join(f" died: {test}" for test, _ in outcome.died)
            print(
                f"{outcome.file}: {outcome.passed} passed, {len(outcome.failures)} failed,",
                f"{outcome.skipped} skipped, {outcome.seconds:.0f} s{died}",
                flush=True,
            )


def main(arguments: list[str]) -> int:
    """Run the command line described above; return its exit status."""
    parser = argparse.ArgumentParser(description="Run numpy's own test suite under Coil.")
    parser.add_argument("--pytest", type=Path, required=True, help="folder of pytest's wheels")
    parser.add_argument("--record", type=Path, required=True, help="file for what each file did")
    parser.add_argument("--jobs", type=int, default=2, help="processes at a time")
    parser.add_argument("--only", nargs="+", help="parts of the paths of files to run")
    parser.add_argument("--report", action="store_true", help="write the Markdown, run nothing")
    options = parser.parse_args(arguments)
    built = Path(os.environ["COIL_BUILD"]) / "packages"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        unpack([*options.pytest.glob("*.whl"), *built.glob("numpy-*.whl")], folder)
        # The largest first: whoever runs two at a time does not wait for one of them at the end.
        paths = sorted(folder.glob("numpy/**/test_*.py"), key=lambda each: -each.stat().st_size)
        files = [str(each.relative_to(folder)) for each in paths]
        files = [each for each in files if not each.startswith(numpy_report.LEFT_OUT)]
        if not options.report:
            if not options.only:
                options.record.unlink(missing_ok=True)
            only = options.only or [""]
            run_all(options, folder, [each for each in files if any(o in each for o in only)])
    numpy_report.write(list(load(options.record).values()), files)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
