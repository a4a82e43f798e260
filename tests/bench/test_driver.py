"""The benchmark driver measures what it says and writes it down; no time is judged."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from access import Watch, measure_sizes  # noqa: E402
from kernels import KERNELS  # noqa: E402
from measure import KernelOptions, Process, Samples, job_once, kernels_once, start_once  # noqa: E402
from ratios import geometric_mean_of_ratios, ratio_of_medians  # noqa: E402
from report import kernel_tables, process_tables  # noqa: E402
from results import Results  # noqa: E402
from run import shown_command  # noqa: E402
from runtimes import BenchError, Node, Runtime, native  # noqa: E402

NODE = os.environ.get("COIL_NODES", "node").split(":")[0]
CLI = os.environ.get("COIL_CLI", "")


class Ratios(unittest.TestCase):
    """Statistics of rounds."""

    def test_equal_values_have_ratio_one_and_no_width(self) -> None:
        ratio = ratio_of_medians([3.0] * 5, [3.0] * 5)
        self.assertEqual((ratio.low, ratio.value, ratio.high), (1, 1, 1))

    def test_the_interval_holds_the_ratio_and_grows_with_the_spread(self) -> None:
        quiet = ratio_of_medians([2.0, 2.1, 1.9, 2.0, 2.05], [1.0] * 5)
        noisy = ratio_of_medians([2.0, 4.0, 1.0, 1.5, 2.5], [1.0] * 5)
        for ratio in (quiet, noisy):
            self.assertEqual(ratio.value, 2.0)
            self.assertLessEqual(ratio.low, 2.0)
            self.assertGreaterEqual(ratio.high, 2.0)
        self.assertGreater(noisy.high - noisy.low, quiet.high - quiet.low)

    def test_rounds_are_drawn_in_pairs(self) -> None:
        machine = [1.0, 5.0, 2.0, 9.0, 3.0]  # how slow the machine was in each round
        ratio = ratio_of_medians([2 * load for load in machine], machine)
        self.assertEqual((ratio.low, ratio.high), (2.0, 2.0))

    def test_geometric_mean_weighs_kernels_alike(self) -> None:
        ratio = geometric_mean_of_ratios([[2.0, 2.0], [50.0, 50.0]], [[1.0, 1.0], [100.0, 100.0]])
        self.assertAlmostEqual(ratio.value, 1.0)

    def test_the_same_values_give_the_same_interval(self) -> None:
        values = [2.0, 4.0, 1.0, 1.5, 2.5]
        self.assertEqual(ratio_of_medians(values, [1.0] * 5), ratio_of_medians(values, [1.0] * 5))


class Kernels(unittest.TestCase):
    """The programs that are timed."""

    def test_every_kernel_computes_the_same_each_time(self) -> None:
        for name, kernel in KERNELS.items():
            with self.subTest(kernel=name):
                self.assertEqual(kernel(), kernel())

    def test_samples_are_long_enough_and_complete(self) -> None:
        options = KernelOptions(("fib", "sort"), warm_up=0.02, sample=0.05, samples=2)
        found = kernels_once(native(sys.executable), ["sort", "fib"], options)
        self.assertEqual(found["fib"].check, "1597")
        self.assertEqual([len(found[name].wall) for name in ("fib", "sort")], [2, 2])
        # A busy machine may delay the reader past a sample, but not past all of them.
        self.assertTrue(any(value > 0 for sample in found.values() for value in sample.cpu))

    def test_a_failing_program_is_an_error_with_its_message(self) -> None:
        broken = Runtime("broken", "native", (), (sys.executable, "-c", "raise SystemExit('no')"))
        with self.assertRaisesRegex(BenchError, "broken: kernels ended with 1: no"):
            kernels_once(broken, ["fib"], KernelOptions(("fib",)))


class Starts(unittest.TestCase):
    """Starts as seen from outside."""

    def test_time_ends_at_the_first_line_and_cpu_at_the_end(self) -> None:
        program = "print(1+1, flush=True); sum(range(5_000_000)); import time; time.sleep(0.5)"
        start = start_once(Runtime("slow end", "native", (sys.executable, "-c", program)))
        self.assertGreater(start.cpu, 0)
        self.assertGreater(start.memory, 1)

    def test_another_output_is_an_error(self) -> None:
        wrong = Runtime("wrong", "native", (sys.executable, "-c", "print(3)"))
        with self.assertRaisesRegex(BenchError, "wrong printed '3'"):
            start_once(wrong)

    def test_the_job_prints_the_same_in_every_process(self) -> None:
        first, second = (job_once(native(sys.executable), 1) for _ in range(2))
        self.assertEqual(first.line, second.line)
        self.assertEqual(len(first.line.split()), 1 + len(KERNELS) + 2)  # sort gives three words


class Files(unittest.TestCase):
    """Which files are opened."""

    def test_opened_files_are_seen_and_others_are_not(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            root = Path(directory)
            (root / "inner").mkdir()
            for name in ("read", "inner/read", "untouched"):
                (root / name).write_bytes(b"abc" * 1000)
            with Watch(root) as watch:
                self.assertEqual(watch.files(), [])
                subprocess.run(
                    ["cat", root / "read", root / "inner/read"],
                    check=True,
                    stdout=subprocess.DEVNULL,
                )
                files = watch.files()
            self.assertEqual(files, [root / "inner/read", root / "read"])
            sizes = measure_sizes(NODE, root, files)
            self.assertEqual([size.raw for size in sizes], [3000, 3000])
            self.assertTrue(all(0 < size.brotli < 100 for size in sizes))


class Tables(unittest.TestCase):
    """What is written down."""

    def results(self) -> Results:
        fast, slow = (Runtime(label, "Node 1", ()) for label in ("Coil", "other"))
        results = Results([fast, slow])
        for runtime, factor in ((fast, 1), (slow, 4)):
            for _ in range(3):
                process = Process("2", 0.1 * factor, 0.05 * factor, 50)
                results.starts.setdefault(runtime, []).append(process)
                sample = Samples([0.002 * factor], [0.002 * factor], "1597")
                results.add_kernels(runtime, {"fib": sample})
        return results

    def test_starts(self) -> None:
        results = self.results()
        lines = process_tables(results, "Starts", results.starts)
        self.assertIn("| Coil | 100 | 100 | 50 | 50 |  |  |", lines)
        ratio = "0.25 [0.25, 0.25]"
        self.assertIn(f"| other | 400 | 400 | 200 | 50 | {ratio} | {ratio} |", lines)

    def test_kernels(self) -> None:
        lines = kernel_tables(self.results(), "Kernels")
        self.assertIn("| fib | 2 (2, 2) | 8 (8, 8) |", lines)
        self.assertIn("| fib | 0.25 [0.25, 0.25] |", lines)
        self.assertIn("| **geometric mean** | **0.25 [0.25, 0.25]** |", lines)

    def test_different_results_of_a_kernel_are_named(self) -> None:
        results = self.results()
        self.assertEqual(results.disagreements(), [])
        wrong = Samples([1.0], [1.0], "1598")
        results.add_kernels(results.runtimes[1], {"fib": wrong})
        self.assertEqual(results.disagreements(), ["fib: ['1597', '1598']"])

    def test_the_command_is_shown_without_paths_of_this_machine(self) -> None:
        node = Node("/opt/some/bin/node", "26.0.0", "14")
        cli = HERE.parents[1] / "build/dist/bin/coil"
        shown = shown_command(["--node", node.path, "--coil", str(cli), "--out=x"], [node])
        self.assertEqual(
            shown,
            "python3 tests/bench/run.py --node node-26.0.0 --coil build/dist/bin/coil --out=x",
        )


@unittest.skipUnless(CLI, "needs COIL_CLI, which ctest sets")
class WholeRun(unittest.TestCase):
    """The driver from its command line, without peers (they come from the network)."""

    def test_a_short_run_fills_the_tables(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            out = Path(directory, "results.md")
            command = [
                *(sys.executable, str(HERE / "run.py"), "--coil", CLI, "--node", NODE, "--peers"),
                *("--native", sys.executable, "--control", "--rounds", "1", "--kernels", "fib"),
                *("--warm-up", "0.05", "--sample", "0.02", "--samples", "1"),
                *(
                    "--measure",
                    "start",
                    "kernels",
                    "job",
                    "deopts",
                    "--passes",
                    "1",
                    "--out",
                    str(out),
                ),
            ]
            run = subprocess.run(command, capture_output=True, text=True, check=False)
            self.assertEqual(run.returncode, 0, run.stderr)
            text = out.read_text()
        for expected in (
            "| Coil again |",
            "| fib |",
            "fixed work",
            "thrown away",
        ):
            self.assertIn(expected, text)


if __name__ == "__main__":
    unittest.main()
