"""The runner tells passing, failing, crashing and hanging tests apart, and judges them.

The units are made up and run in this Python; its own package ``test`` lends them regrtest's set-up.
"""

from __future__ import annotations

import importlib.util
import sys
import tempfile
import textwrap
import unittest
from pathlib import Path
from typing import ClassVar

from expectations import Expectation, ExpectationError, load_expectations
from model import EXIT, LOAD, Outcome, ResultsWriter, UnitRun, load_runs
from process import Target, run_unit
from units import all_units, packages_without_files, test_files
from verdict import surprises

UNITS = {
    "test_mixed": """
        import os, unittest
        class Mixed(unittest.TestCase):
            def test_1_passes(self): pass
            def test_2_fails(self): self.assertEqual(1, 2)
            def test_3_dies(self): os.abort()
            def test_4_errs(self): raise KeyError("key")
            @unittest.skip("not today")
            def test_5_skips(self): pass
            def test_6_fails_in_part(self):
                for i in range(3):
                    with self.subTest(i=i): self.assertNotEqual(i, 1)
            @unittest.expectedFailure
            def test_7_passes_unexpectedly(self): pass
            def test_8_loses_its_id(self): self.id = 8
        class Unusable(unittest.TestCase):
            @classmethod
            def setUpClass(cls): raise RuntimeError("no class")
            def test_never(self): pass
    """,
    "test_hanging": """
        import time, unittest
        class Hanging(unittest.TestCase):
            def test_1_hangs(self): time.sleep(600)
            def test_2_passes(self): pass
    """,
    "test_skipped": "import unittest\nraise unittest.SkipTest('no such system')",
    "test_broken": "import there_is_no_such_module",
    "test_bad_exit": """
        import atexit, os, unittest
        atexit.register(os._exit, 7)
        class Fine(unittest.TestCase):
            def test_passes(self): pass
    """,
}
# The fake package continues where the real one is, for test.support and test.libregrtest.
INIT = "__path__.append({real!r})\n"


class MadeUpUnits(unittest.TestCase):
    """Runs every made-up unit once."""

    folder: ClassVar[Path]
    runs: ClassVar[dict[str, UnitRun]]

    @classmethod
    def setUpClass(cls) -> None:
        """Write the units and run them."""
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        cls.folder = Path(temporary.name)
        package = cls.folder / "test"
        package.mkdir()
        spec = importlib.util.find_spec("test.support")
        assert spec is not None
        assert spec.origin is not None
        real = str(Path(spec.origin).parent.parent)
        (package / "__init__.py").write_text(INIT.format(real=real))
        for name, code in UNITS.items():
            (package / f"{name}.py").write_text(textwrap.dedent(code))
        target = Target([sys.executable], package, None, timeout=60, stall=3)
        cls.runs = {unit: run_unit(target, unit, [], cls.folder / "run" / unit) for unit in UNITS}


class RunnerTest(MadeUpUnits):
    """What the runner reports of the units."""

    def outcomes(self, unit: str) -> dict[str, Outcome]:
        """Return what became of each test of *unit*."""
        return {test.id: test.outcome for test in self.runs[unit].tests}

    def test_each_way_to_end_is_told_apart(self) -> None:
        self.assertEqual(
            self.outcomes("test_mixed"),
            {
                "Mixed.test_1_passes": Outcome.PASS,
                "Mixed.test_2_fails": Outcome.FAIL,
                "Mixed.test_3_dies": Outcome.CRASH,
                "Mixed.test_4_errs": Outcome.FAIL,
                "Mixed.test_5_skips": Outcome.SKIP,
                "Mixed.test_6_fails_in_part": Outcome.FAIL,
                "Mixed.test_7_passes_unexpectedly": Outcome.FAIL,
                "Mixed.test_8_loses_its_id": Outcome.PASS,
                "setUpClass (Unusable)": Outcome.FAIL,
            },
        )

    def test_a_crash_costs_one_process_and_hides_no_test(self) -> None:
        run = self.runs["test_mixed"]
        self.assertEqual(run.processes, 2)
        self.assertEqual(len(run.tests), len({test.id for test in run.tests}))

    def test_a_hang_is_ended_and_named(self) -> None:
        self.assertEqual(
            self.outcomes("test_hanging"),
            {"Hanging.test_1_hangs": Outcome.CRASH, "Hanging.test_2_passes": Outcome.PASS},
        )
        self.assertIn("no progress", self.runs["test_hanging"].tests[0].detail)

    def test_a_module_that_skips_itself_says_why(self) -> None:
        self.assertEqual(self.runs["test_skipped"].skipped, "no such system")

    def test_a_module_that_cannot_be_imported_fails(self) -> None:
        self.assertEqual(self.outcomes("test_broken"), {LOAD: Outcome.FAIL})

    def test_a_bad_exit_status_is_reported(self) -> None:
        expected = {"Fine.test_passes": Outcome.PASS, EXIT: Outcome.CRASH}
        self.assertEqual(self.outcomes("test_bad_exit"), expected)

    def test_tests_to_omit_are_recorded_and_not_run(self) -> None:
        target = Target([sys.executable], self.folder / "test", None, timeout=60, stall=30)
        run = run_unit(target, "test_hanging", ["Hanging.test_1_*"], self.folder / "run" / "again")
        outcomes = [test.outcome for test in run.tests]
        self.assertEqual(outcomes, [Outcome.OMIT, Outcome.PASS])

    def test_results_survive_the_file(self) -> None:
        path = self.folder / "results.jsonl"
        ResultsWriter(path, "name").add(self.runs["test_mixed"])
        self.assertEqual(load_runs(path), ("name", [self.runs["test_mixed"]]))


class VerdictTest(MadeUpUnits):
    """What the verdict makes of the same units."""

    def problems(self, *named: tuple[str, Outcome]) -> dict[str, str]:
        """Return what is unexpected in test_mixed when *named* is expected."""
        entries = [
            Expectation("test_mixed", test, outcome, "bug", "why") for test, outcome in named
        ]
        return {s.test: s.problem for s in surprises(self.runs["test_mixed"], entries)}

    def test_what_is_named_is_expected(self) -> None:
        problems = self.problems(
            ("Mixed.test_[2467]*", Outcome.FAIL),
            ("Mixed.test_3_dies", Outcome.CRASH),
            ("setUpClass (Unusable)", Outcome.FAIL),
        )
        self.assertEqual(problems, {})

    def test_what_is_not_named_is_unexpected(self) -> None:
        self.assertIn("failed and is not named", self.problems()["Mixed.test_2_fails"])
        self.assertIn("crashed", self.problems()["Mixed.test_3_dies"])
        self.assertNotIn("Mixed.test_5_skips", self.problems())

    def test_an_unexpected_pass_is_unexpected(self) -> None:
        problem = self.problems(("Mixed.test_1_passes", Outcome.FAIL))["Mixed.test_1_passes"]
        self.assertIn("ended with pass", problem)

    def test_an_entry_without_a_test_is_unexpected(self) -> None:
        self.assertIn("no such test", self.problems(("Mixed.test_9", Outcome.FAIL))["Mixed.test_9"])

    def test_a_unit_that_skips_itself_is_unexpected_unless_it_does_so_natively(self) -> None:
        run = self.runs["test_skipped"]
        named = [Expectation("test_skipped", "(unit)", Outcome.OMIT, "bug", "why")]
        self.assertEqual(["(unit)"], [s.test for s in surprises(run, [])])
        self.assertEqual([], surprises(run, named))
        self.assertEqual([], surprises(run, [], may_skip=True))
        self.assertIn("no such test", surprises(self.runs["test_mixed"], named)[-1].problem)


class ExpectationFileTest(unittest.TestCase):
    """What may stand in the expectation file."""

    def load(self, text: str, engine: str = "node24") -> dict[str, list[Expectation]]:
        """Return the expectations of a file with *text*."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "expectations.toml"
            path.write_text(text)
            return load_expectations(path, engine)

    def test_an_entry_can_be_for_one_engine(self) -> None:
        entry = 'test = "A.b", outcome = "fail", category = "bug", reason = "r"'
        text = f'test_x = [{{{entry}, engines = ["node26"]}}]'
        self.assertEqual(self.load(text, "node24"), {"test_x": []})
        self.assertEqual(len(self.load(text, "node26")["test_x"]), 1)

    def test_an_entry_without_sense_is_refused(self) -> None:
        good = {"test": "A.b", "outcome": "fail", "category": "bug", "reason": "r"}
        for key, value in {"outcome": "perhaps", "category": "odd", "reason": " "}.items():
            fields = ", ".join(f'{k} = "{v}"' for k, v in {**good, key: value}.items())
            with self.subTest(key=key), self.assertRaisesRegex(ExpectationError, "test_x: A.b"):
                self.load(f"test_x = [{{{fields}}}]")
        with self.assertRaisesRegex(ExpectationError, "reason is missing"):
            self.load('test_x = [{test = "A.b", outcome = "fail", category = "bug"}]')

    def test_the_committed_file_and_the_core_list_are_sound(self) -> None:
        here = Path(__file__).parent
        expectations = load_expectations(here / "expectations.toml", "node24")
        self.assertGreater(len(expectations), 0)
        spec = importlib.util.find_spec("test.support")
        assert spec is not None
        assert spec.origin is not None
        tests = Path(spec.origin).parent.parent
        units = set(all_units(tests))
        self.assertLessEqual(expectations.keys(), units)
        core = (here / "core.txt").read_text().splitlines()
        self.assertLessEqual({line for line in core if line and line[0] != "#"}, units)
        self.assertEqual(len(test_files(tests)), 714)
        self.assertIn("test_import", packages_without_files(tests))


if __name__ == "__main__":
    unittest.main()
