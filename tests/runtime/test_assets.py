"""Files of a distribution that are missing or damaged: a typed error, never a hang, never a start.

Every byte that runs is checked first, so each kind of damage to each file is tried.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path
from typing import TYPE_CHECKING

from engines import CLI, ENGINES
from support import TIMEOUT, Outcome, start

if TYPE_CHECKING:
    from collections.abc import Callable

DISTRIBUTION = Path(CLI).parents[1]
AT_START = ["pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"]
SOURCES = "python_stdlib_src.zip"

# Loads twice; the file named in argv[2] is put in its place from argv[3] in between.
LOAD_TWICE = """
import { copyFileSync, rmSync } from "node:fs";
const [, coil, damaged, good] = process.argv;
const { bootInterpreter, CoilError } = await import(coil);
async function attempt() {
  try {
    await bootInterpreter();
    return { loaded: true };
  } catch (error) {
    const { name, asset, message } = error;
    return { loaded: false, name, asset, message, isCoilError: error instanceof CoilError };
  }
}
const first = await attempt();
rmSync(damaged, { force: true });
copyFileSync(good, damaged);
console.log(JSON.stringify([first, await attempt()]));
"""


def link_or_copy(source: str, target: str) -> None:
    """Put a file at a second place; without copying it if that is possible."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def replace(path: Path, content: bytes) -> None:
    """Write a file anew, without touching what else is linked to its content."""
    path.unlink()
    path.write_bytes(content)


def flip(path: Path, position: int) -> None:
    """Change one bit."""
    content = bytearray(path.read_bytes())
    content[position] ^= 1
    replace(path, bytes(content))


def remove(path: Path) -> None:
    """Take the file away."""
    path.unlink()


def make_folder(path: Path) -> None:
    """Put a folder in the file's place."""
    path.unlink()
    path.mkdir()


MISSING: dict[str, Callable[[Path], None]] = {"removed": remove, "a folder": make_folder}
CORRUPT: dict[str, Callable[[Path], None]] = {
    "empty": lambda path: replace(path, b""),
    "cut in half": lambda path: replace(path, path.read_bytes()[: path.stat().st_size // 2]),
    "one byte short": lambda path: replace(path, path.read_bytes()[:-1]),
    "one byte long": lambda path: replace(path, path.read_bytes() + b"\n"),
    "first bit flipped": lambda path: flip(path, 0),
    "middle bit flipped": lambda path: flip(path, path.stat().st_size // 2),
    "last bit flipped": lambda path: flip(path, -1),
    "an error page": lambda path: replace(path, b"<html>404</html>"),
    "zeros": lambda path: replace(path, bytes(path.stat().st_size)),
}


class AssetTest(unittest.TestCase):
    """Works on copies of the distribution."""

    def setUp(self) -> None:
        """Make a folder for copies."""
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="assets-")))

    def copy(self) -> Path:
        """Return a new copy of the distribution."""
        target = Path(tempfile.mkdtemp(dir=self.folder)) / "dist"
        shutil.copytree(DISTRIBUTION, target, copy_function=link_or_copy, symlinks=True)
        return target

    def run_copy(self, node: str, distribution: Path, *arguments: str) -> Outcome:
        """Run the command line of a copy."""
        process = start(
            [node, str(distribution / "bin" / "coil"), *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        output, errors = process.communicate(timeout=TIMEOUT)
        return Outcome(process.returncode, output, errors)

    def check_command(self, asset: str, damage: Callable[[Path], None], error: str) -> None:
        """Damage a file and check that the command says so on each engine."""
        distribution = self.copy()
        damage(distribution / asset)
        for engine in ENGINES:
            outcome = self.run_copy(engine.node, distribution, "-c", "print('ran')")
            message = f"coil: {error}: {asset}: ".encode()
            self.assertEqual(outcome.output, b"")
            self.assertTrue(outcome.errors.startswith(message), outcome.errors)
            self.assertNotEqual(outcome.status, 0)

    def test_command_names_what_is_missing(self) -> None:
        for asset in AT_START:
            for name, damage in MISSING.items():
                with self.subTest(asset=asset, damage=name):
                    self.check_command(asset, damage, "AssetMissingError")

    def test_command_without_its_script_says_so_in_one_line(self) -> None:
        distribution = self.copy()
        (distribution / "cli.mjs").unlink()
        for engine in ENGINES:
            with self.subTest(engine=str(engine)):
                outcome = self.run_copy(engine.node, distribution, "-c", "print('ran')")
                self.assertEqual((outcome.status, outcome.output), (134, b""))
                self.assertRegex(outcome.errors, rb"\Acoil: the distribution .*cli\.mjs.*\n\Z")

    def test_command_names_what_is_corrupt(self) -> None:
        for asset in AT_START:
            for name, damage in CORRUPT.items():
                with self.subTest(asset=asset, damage=name):
                    self.check_command(asset, damage, "AssetCorruptError")

    def load_twice(self, node: str, distribution: Path, asset: str) -> list[dict[str, object]]:
        """Return what two attempts in one process give, the file repaired in between."""
        script = [node, "--input-type=module", "--eval", LOAD_TWICE]
        files = [distribution / "coil.mjs", distribution / asset, DISTRIBUTION / asset]
        process = start([*script, *map(str, files)], stdout=subprocess.PIPE)
        output, _ = process.communicate(timeout=TIMEOUT)
        result: list[dict[str, object]] = json.loads(output)
        return result

    def test_loading_rejects_and_a_second_attempt_works(self) -> None:
        kinds = {"AssetMissingError": remove, "AssetCorruptError": CORRUPT["cut in half"]}
        for asset in AT_START:
            for error, damage in kinds.items():
                for engine in ENGINES:
                    with self.subTest(asset=asset, error=error, engine=str(engine)):
                        distribution = self.copy()
                        damage(distribution / asset)
                        first, second = self.load_twice(engine.node, distribution, asset)
                        self.assertEqual((first["name"], first["asset"]), (error, asset))
                        self.assertTrue(first["isCoilError"])
                        self.assertIn(str(distribution / asset), str(first["message"]))
                        self.assertEqual(second, {"loaded": True})

    def test_damaged_sources_are_refused_when_they_are_read(self) -> None:
        code = (
            "import inspect, json\nprint('ran')\n"
            "try: inspect.getsource(json)\nexcept OSError: print('no source')"
        )
        for name, damage in {"removed": remove, **CORRUPT}.items():
            distribution = self.copy()
            damage(distribution / SOURCES)
            for engine in ENGINES:
                with self.subTest(damage=name, engine=str(engine)):
                    outcome = self.run_copy(engine.node, distribution, "-c", code)
                    self.assertEqual(outcome.output, b"ran\nno source\n")
                    self.assertIn(SOURCES.encode(), outcome.errors)
                    self.assertEqual(outcome.status, 0)

    def test_copy_without_damage_runs(self) -> None:
        distribution = self.copy()
        for engine in ENGINES:
            outcome = self.run_copy(engine.node, distribution, "-c", "print('ran')")
            self.assertEqual(outcome, Outcome(0, b"ran\n", b""))
