"""Plugin of pytest that runs under Coil: writes what each test did as soon as it is known.

The file that COIL_TEST_RECORD names gets one line of JSON for each event. What is in it stays when
the process dies, and a process that is started again with the same file passes over the tests that
it has: it goes on behind the test that its predecessor died in.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

RECORD = Path(os.environ["COIL_TEST_RECORD"])
LONGEST = 3000


def write(**event: Any) -> None:
    """Append an event to the record."""
    with RECORD.open("a", encoding="utf-8", errors="backslashreplace") as file:
        file.write(json.dumps(event) + "\n")


def text_of(report: Any) -> str:
    """Return why a test failed or was skipped, the message first."""
    if report.outcome == "skipped":
        return str(report.longrepr[2] if isinstance(report.longrepr, tuple) else "")
    crash = getattr(report.longrepr, "reprcrash", None)
    message = "" if crash is None else crash.message
    return f"{message[:LONGEST]}\n{str(report.longrepr)[-LONGEST:]}"


def verdict(report: Any) -> str:
    """Return passed, failed, skipped or xfailed for a part of a test, or nothing to be said."""
    if report.when != "call" and report.outcome == "passed":
        return ""
    # An expected failure is a skip to pytest; one that passes is a pass, or a failure if strict.
    expected = report.outcome == "skipped" and hasattr(report, "wasxfail")
    return "xfailed" if expected else str(report.outcome)


def pytest_runtest_logstart(nodeid: str) -> None:
    """Note the test that is about to run."""
    write(test=nodeid, outcome="started", text="")


def pytest_runtest_logfinish(nodeid: str) -> None:
    """Note a test that is over, its tear-down too."""
    write(test=nodeid, outcome="finished", text="")


def pytest_runtest_logreport(report: Any) -> None:
    """Note what a test did."""
    if outcome := verdict(report):
        text = "" if outcome in {"passed", "xfailed"} else text_of(report)
        write(test=report.nodeid, outcome=outcome, text=text)


def pytest_collectreport(report: Any) -> None:
    """Note files that could not be imported or skip themselves."""
    if report.outcome != "passed":
        write(test=report.nodeid, outcome=report.outcome, text=text_of(report))


def pytest_collection_modifyitems(config: Any, items: list[Any]) -> None:
    """Leave out the tests that the record has, those that the process died in among them."""
    lines = RECORD.read_text(encoding="utf-8").splitlines() if RECORD.exists() else []
    known = {json.loads(line)["test"] for line in lines}
    done = [each for each in items if each.nodeid in known]
    if done:
        config.hook.pytest_deselected(items=done)
        items[:] = [each for each in items if each.nodeid not in known]
