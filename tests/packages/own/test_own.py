"""The program that runs packages' own tests: deaths lose nothing; what it counts and writes."""

from __future__ import annotations

import json
import os
import tempfile
import unittest
from pathlib import Path

import outcomes
import process
import report
from outcomes import Outcome, Record
from suites import SUITES, Suite
from tree import Tree, title, unpack

PYTEST = Path(os.environ["COIL_PYTEST_WHEELS"])
# Two tests that end the process, one of them in its tear-down, between others.
DEADLY = """
import os, pytest

@pytest.fixture
def fatal():
    yield
    os._exit(0)

def test_first(): pass
def test_dies(): os._exit(1)
def test_fails(): assert 1 + 1 == 3, "sum"
def test_dies_late(fatal): pass
@pytest.mark.xfail
def test_expected(): assert 0
def test_skips(): pytest.skip("no")
@pytest.mark.parametrize("n", range(5))
def test_last(n): pass
"""


def ran(suite: Suite, *found: Outcome) -> report.Ran:
    """Return what the report is made of, with one file that has not run."""
    return report.Ran(suite, [*(each.file for each in found), "t/test_z.py"], list(found))


class RunTest(unittest.TestCase):
    """Runs a suite that is made here."""

    def setUp(self) -> None:
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        folder = Path(holder.name)
        self.tree = Tree(folder / "site", folder / "work", folder / "records")
        unpack(PYTEST.glob("*.whl"), self.tree.site)
        self.tree.work.mkdir()
        self.tree.records.mkdir()

    def file(self, name: str, text: str) -> str:
        (self.tree.work / name).write_text(text, encoding="utf-8")
        return name

    def test_a_process_that_dies_loses_nothing(self) -> None:
        file = self.file("test_deadly.py", DEADLY)
        (found,) = process.run(Suite("x", (file,)), self.tree, [file])
        self.assertEqual([test for test, _ in found.failed], [f"{file}::test_fails"])
        self.assertTrue(found.failed[0][1].startswith("AssertionError: sum"), found.failed)
        died = {test.partition("::")[2] for test, _ in found.died}
        self.assertEqual(died, {"test_dies", "test_dies_late"})
        self.assertEqual((found.passed, found.xfailed, found.skipped), (6, 1, 1))

    def test_a_death_in_an_import_is_of_its_file_alone(self) -> None:
        bad = self.file("test_bad.py", "import os; os._exit(1)")
        good = self.file("test_good.py", "def test_it(): pass")
        found = process.run(Suite("x", ("*",)), self.tree, [bad, good])
        self.assertEqual([(each.file, each.passed) for each in found], [(bad, 0), (good, 1)])
        self.assertEqual([len(each.died) for each in found], [1, 0])

    def test_a_file_that_cannot_be_imported_has_failed(self) -> None:
        file = self.file("test_wrong.py", "import nowhere")
        (found,) = process.run(Suite("x", (file,)), self.tree, [file])
        self.assertEqual([test for test, _ in found.failed], [file])

    def test_silence_ends_a_process(self) -> None:
        file = self.file("test_long.py", "import time\ndef test_it(): time.sleep(600)")
        (found,) = process.run(Suite("x", (file,), silence=8), self.tree, [file])
        self.assertIn("nothing happened for 8 s", found.died[0][1])


class ReportTest(unittest.TestCase):
    """The Markdown and what it is made of."""

    def test_a_record_keeps_the_last_outcome_of_a_file(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            record = Record(Path(folder), "x")
            record.begin(["b", "a"], anew=True)
            for found in (Outcome("a", 1), Outcome("b"), Outcome("a", 2)):
                record.append(found)
            record.begin(["b", "a"], anew=False)
            self.assertEqual(record.load(), (["b", "a"], [Outcome("a", 2), Outcome("b")]))

    def test_the_worst_part_of_a_test_counts(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            record = Path(folder) / "record"
            events = [("a", "passed"), ("b", "passed"), ("b", "failed"), ("c", "passed")]
            lines = (json.dumps({"test": f"f::{a}", "outcome": b, "text": ""}) for a, b in events)
            record.write_text("\n".join(lines), encoding="utf-8")
            results = outcomes.read(record)
        (found,) = outcomes.by_file(["f"], results, {"f::c": "ended"})
        expected = Outcome("f", passed=1, failed=[("f::b", "")], died=[("f::c", "ended")])
        self.assertEqual(found, expected)

    def test_failures_are_told_by_reason(self) -> None:
        suite = Suite("x", (), reasons={"no sun": "it is dark"})
        tests = [(f"t/test_a.py::test_p[{n}]", "no sun") for n in range(4)]
        tests += [("t/test_a.py::test_q", "who | knows")]
        text = "\n".join(report.section(ran(suite, Outcome("t/test_a.py", failed=tests))))
        self.assertIn("It is dark (4):\n\n- `t/test_a.py`: `test_p` with 4 parameters", text)
        self.assertIn("Cause not known (1):\n\n- `t/test_a.py::test_q`: who   knows", text)
        self.assertIn("There was no time for:\n\n- `t`: `test_z.py`", text)

    def test_every_suite_has_a_recipe(self) -> None:
        for suite in SUITES:
            self.assertRegex(title(suite), r"^\S+ \d+\.\d+\.\d+$")


if __name__ == "__main__":
    unittest.main()
