"""Endless recursion ends in an exception, never in a dead interpreter (see recursion_probes.py)."""

from __future__ import annotations

import functools
import subprocess
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from engines import ENGINES, Engine

PROBES = Path(__file__).with_name("recursion_probes.py")

# The engine's stack as pages have it; without this, the command line asks for a larger one.
DEFAULT_STACK = "--stack-size=984"

# Nothing but baseline code, whose frames are the largest.
BASELINE = "--liftoff-only"

# These have no other way out, on a stack of any size.
ALWAYS_OVERFLOW = {
    "comparison_of_lists",
    "compile_attribute_chain",
    "hash_of_tuple",
    "instance_that_is_its_own_call",
    "iterator_zip",
    "json_dump_of_nested_list",
    "json_load",
    "map_of_map",
    "max_key_without_limit",
    "partial_of_itself",
    "pickle_of_nested_list",
    "repr_of_nested_list",
    "sort_key",
}


def run(engine: Engine, options: tuple[str, ...], *arguments: str) -> tuple[int, dict[str, str]]:
    """Run probes; return the exit status and the outcome of each."""
    command = [engine.node, *options, *engine.command(str(PROBES), *arguments)[1:]]
    process = subprocess.run(command, capture_output=True, text=True, check=False, timeout=800)
    pairs = (line.split(" ", 1) for line in process.stdout.splitlines())
    outcomes = {pair[0]: pair[-1].strip() for pair in pairs}
    if process.returncode:
        outcomes["last lines of stderr"] = process.stderr[-400:]
    return process.returncode, outcomes


def flags(engine: Engine) -> str:
    """Return V8's own description of its options."""
    command = [engine.node, "--v8-options"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def names() -> list[str]:
    """Return the names of all probes."""
    status, listed = run(ENGINES[0], (), "--list")
    assert status == 0, listed
    return list(listed)


class RecursionTest(unittest.TestCase):
    """Every probe, after which the interpreter works; in one interpreter and each in its own."""

    names: list[str]

    @classmethod
    def setUpClass(cls) -> None:
        """Ask for the names of the probes."""
        cls.names = names()

    def assert_survives(self, engines: list[Engine], *options: str) -> None:
        """Check all probes in one interpreter, for each engine."""
        with ThreadPoolExecutor(2) as pool:
            results = list(pool.map(lambda engine: run(engine, options), engines))
        for engine, (status, outcomes) in zip(engines, results, strict=True):
            with self.subTest(engine=str(engine), options=options):
                self.assertEqual(status, 0, outcomes)
                self.assertEqual(list(outcomes), self.names)
                survived = {name for name in ALWAYS_OVERFLOW if outcomes[name] != "RecursionError"}
                self.assertEqual(survived, set())

    def test_there_are_many_kinds(self) -> None:
        self.assertGreaterEqual(len(self.names), 100)
        self.assertLessEqual(ALWAYS_OVERFLOW, set(self.names))

    def test_on_the_stack_of_the_command_line(self) -> None:
        self.assert_survives(ENGINES)

    def test_in_baseline_code(self) -> None:
        self.assert_survives(ENGINES, DEFAULT_STACK, BASELINE)

    def test_without_suspension(self) -> None:
        option = "--no-experimental-wasm-jspi"
        # Newer engines cannot be told to do without.
        able = [engine for engine in ENGINES if "--experimental-wasm-jspi" in flags(engine)]
        self.assert_survives(able, option)

    def test_each_in_a_fresh_interpreter(self) -> None:
        for engine in ENGINES:
            alone = functools.partial(run, engine, (DEFAULT_STACK,))
            with self.subTest(engine=str(engine)), ThreadPoolExecutor(2) as pool:
                failed = [result for result in pool.map(alone, self.names) if result[0] != 0]
                self.assertEqual(failed, [])


if __name__ == "__main__":
    unittest.main()
