"""Run one unit of CPython's regression tests inside the interpreter under test.

``run_unit.py CONFIG`` reads a JSON file with the keys

- ``unit``: dotted name below the package ``test``;
- ``events``: file to which one JSON object per line is appended;
- ``test_directory``: the folder to use as package ``test``; null: the interpreter has one;
- ``omit``: patterns (or exact ids) of tests not to run;
- ``done``: ids that an earlier process of the same unit has dealt with.

``python -m test --junit-xml`` was the alternative. It writes its results when all is over, so that
a crash loses them, and its filters cannot tell a test that was not chosen from one that was not
run. Here every test writes a line when it starts and a line when it ends: whoever reads the file
knows after a crash which test it was. The set-up of the process is regrtest's own.
"""

import fnmatch
import importlib
import importlib.util
import io
import json
import sys
import time
import traceback
import unittest
from pathlib import Path
from types import TracebackType
from typing import Any, TypeAlias

# Kept here because the tests replace these in their modules.
_clock = time.perf_counter
_dumps = json.dumps
_FileIO = io.FileIO

# What a test failed with, as unittest passes it on.
ErrorInfo: TypeAlias = (
    tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]
)

# Some tests use these without importing them: regrtest, or a unit it ran before, has done so.
TAKEN_FOR_GRANTED = ("test.libregrtest.main", "unittest.mock", "importlib.metadata")

# Where these ask for sockets, it is to talk to a server of their own; nothing can listen yet.
SERVERS = {
    "test_docxmlrpc",
    "test_ftplib",
    "test_httpservers",
    "test_imaplib",
    "test_logging",
    "test_poplib",
    "test_robotparser",
    "test_smtplib",
    "test_socket",
    "test_socketserver",
    "test_timeout",
    "test_urllib2_localnet",
    "test_xmlrpc",
}

# These skip everything when there are no processes, which some of their tests start or none does.
ONLY_IN_PART_ABOUT_PROCESSES = {
    "test_argparse",
    "test_asyncio.test_subprocess",
    "test_clinic",
    "test_generated_cases",
    "test_getopt",
    "test_optparse",
    "test_regrtest",
    "test_tools.test_compute_changes",
    "test_tools.test_makeunicodedata",
    "test_tools.test_msgfmt",
    "test_tools.test_sundry",
}

DETAIL_LIMIT = 6000  # characters of a traceback that are worth keeping


class EventLog:
    """Appends events to a file that it opens anew for each, since tests close descriptors."""

    def __init__(self, path: str) -> None:
        self._path = path

    def write(self, event: str, **values: object) -> None:
        """Append one *event* with its *values*."""
        line = _dumps({"event": event, **values}) + "\n"
        with _FileIO(self._path, "a") as file:
            file.write(line.encode())


def whole_test(test: object) -> object:
    """Return the test that *test* is a sub-test of, or *test* itself."""
    sub_test: Any = getattr(unittest.case, "_SubTest")  # noqa: B009 -- typeshed omits it
    return test.test_case if isinstance(test, sub_test) else test


def short_id(test: object, unit: str) -> str:
    """Return the id of a test, or of a class-level error, without the name of its unit."""
    name = test.id() if hasattr(test, "id") else str(test)
    return str(name).removeprefix(f"test.{unit}.").replace(f"(test.{unit}.", "(")


class RecordingResult(unittest.TestResult):
    """Writes the start and the end of each test to the event log."""

    def __init__(self, log: EventLog, unit: str) -> None:
        super().__init__()
        self.buffer = True
        self._log = log
        self._unit = unit
        self._started = 0.0
        self._test: unittest.TestCase | None = None
        self._current = ""
        self._outcome = ""
        self._detail = ""

    def startTest(self, test: unittest.TestCase) -> None:  # noqa: N802
        super().startTest(test)
        self._test = test
        self._current = short_id(test, self._unit)
        self._outcome = self._detail = ""
        self._log.write("start", id=self._current)
        self._started = _clock()

    def stopTest(self, test: unittest.TestCase) -> None:  # noqa: N802
        super().stopTest(test)
        self._write(self._current, self._outcome or "pass", self._detail)
        self._test = None

    def _write(self, test_id: str, outcome: str, detail: str) -> None:
        seconds = round(_clock() - self._started, 4) if self._test else 0.0
        self._log.write("result", id=test_id, outcome=outcome, detail=detail, seconds=seconds)

    def _record(self, test: object, outcome: str, detail: str) -> None:
        test, detail = whole_test(test), detail[-DETAIL_LIMIT:]
        # Compared as objects: there are tests that set their own attribute "id".
        if test is not self._test:
            self._write(short_id(test, self._unit), outcome, detail)  # setUpClass and the like
        elif self._outcome != "fail":
            self._outcome, self._detail = outcome, detail

    def addError(self, test: unittest.TestCase, err: ErrorInfo) -> None:  # noqa: N802
        super().addError(test, err)
        self._record(test, "fail", self.errors[-1][1])

    def addFailure(self, test: unittest.TestCase, err: ErrorInfo) -> None:  # noqa: N802
        super().addFailure(test, err)
        self._record(test, "fail", self.failures[-1][1])

    def addSubTest(  # noqa: N802
        self, test: unittest.TestCase, subtest: unittest.TestCase, err: ErrorInfo | None
    ) -> None:
        super().addSubTest(test, subtest, err)
        if err is not None:
            self._record(test, "fail", (self.errors + self.failures)[-1][1])

    def addSkip(self, test: unittest.TestCase, reason: str) -> None:  # noqa: N802
        super().addSkip(test, reason)
        self._record(test, "skip", str(reason))

    def addExpectedFailure(self, test: unittest.TestCase, err: ErrorInfo) -> None:  # noqa: N802
        super().addExpectedFailure(test, err)
        self._record(test, "pass", "expected failure")

    def addUnexpectedSuccess(self, test: unittest.TestCase) -> None:  # noqa: N802
        super().addUnexpectedSuccess(test)
        self._record(test, "fail", "unexpected success")


class Selection:
    """Takes tests out of a suite: those that are done and those not to run."""

    def __init__(self, log: EventLog, config: dict[str, Any]) -> None:
        self._log = log
        self._unit = str(config["unit"])
        self._done = set(config["done"])
        self._omit = list(config["omit"])

    def _wanted(self, test: unittest.TestCase) -> bool:
        test_id = short_id(test, self._unit)
        if test_id in self._done:
            return False
        if any(test_id == p or fnmatch.fnmatchcase(test_id, p) for p in self._omit):
            self._done.add(test_id)
            self._log.write("result", id=test_id, outcome="omit", detail="", seconds=0.0)
            return False
        return True

    def apply(self, suite: unittest.TestSuite) -> None:
        """Remove the unwanted tests from *suite*, in place."""
        kept: list[unittest.TestCase | unittest.TestSuite] = []
        for test in suite:
            if isinstance(test, unittest.TestSuite):
                self.apply(test)
                kept.append(test)
            elif self._wanted(test):
                kept.append(test)
        suite._tests = kept  # type: ignore[assignment]  # typeshed says TestCase only


def use_test_package(directory: str) -> None:
    """Make *directory* the package ``test`` without a place on sys.path.

    On sys.path the folder above it, which holds the whole library as source, would stand in for
    modules that the interpreter under test lacks.
    """
    spec = importlib.util.spec_from_file_location(
        "test", f"{directory}/__init__.py", submodule_search_locations=[directory]
    )
    assert spec is not None
    assert spec.loader is not None
    package = importlib.util.module_from_spec(spec)
    sys.modules["test"] = package
    spec.loader.exec_module(package)


def correct_platform(unit: str, support: Any) -> None:
    """Tell the tests what this platform can do where they take it for Emscripten's own.

    They believe that it has no sockets at all, and skip everything of asyncio; that select() cannot
    wait, that pipes have no status, that a mapping is not its file's. Here all of that works. What
    needs a process shall fail by itself and be named, unless that is all there is in a unit. A
    patch of test.support was the alternative: the tests are to be CPython's, as they are.
    """
    support.has_socket_support = unit not in SERVERS
    support.is_emscripten = False
    support.has_subprocess_support = unit in ONLY_IN_PART_ABOUT_PROCESSES


def prepare_process(unit: str) -> None:
    """Set the process up as regrtest does, with no optional resource allowed."""
    for module in TAKEN_FOR_GRANTED:
        importlib.import_module(module)
    importlib.import_module("test.libregrtest.setup").setup_process()
    support: Any = importlib.import_module("test.support")
    support.verbose = False
    support.use_resources = {}  # every optional resource is denied
    if sys.platform == "emscripten":
        correct_platform(unit, support)


def load(unit: str, log: EventLog) -> unittest.TestSuite | None:
    """Import the module of *unit* and collect its tests; None if that ended the unit."""
    try:
        module = importlib.import_module(f"test.{unit}")
        loader = unittest.TestLoader()
        suite = loader.loadTestsFromModule(module)
    except unittest.SkipTest as reason:
        log.write("module-skipped", detail=str(reason))
        return None
    except BaseException:  # noqa: BLE001 -- reported, and the process ends
        log.write("load-failed", detail=traceback.format_exc()[-DETAIL_LIMIT:])
        return None
    for error in loader.errors:
        log.write("load-failed", detail=str(error)[-DETAIL_LIMIT:])
    return None if loader.errors else suite


def main() -> None:
    """Run the unit that the configuration names."""
    config = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    del sys.argv[1:]
    # The tests expect what `python -m test` gives them: the working directory, not this folder.
    sys.path[0] = str(Path.cwd())
    log = EventLog(config["events"])
    if config["test_directory"]:
        use_test_package(config["test_directory"])
    prepare_process(config["unit"])
    suite = load(config["unit"], log)
    if suite is not None:
        Selection(log, config).apply(suite)
        log.write("loaded", count=suite.countTestCases())
        suite.run(RecordingResult(log, config["unit"]))
    log.write("finished")


if __name__ == "__main__":
    main()
