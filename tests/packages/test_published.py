"""Published wheels, unmodified: each is unpacked, imported and does real work, errors included."""

from __future__ import annotations

import os
import subprocess
import tempfile
import unittest
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
CLI = os.environ["COIL_CLI"]
NODES = os.environ["COIL_NODES"].split(":")
PUBLISHED = Path(os.environ["COIL_PUBLISHED_WHEELS"])
BUILT = Path(os.environ["COIL_BUILD"]) / "packages"


class PublishedTest(unittest.TestCase):
    """Each test runs programs/use_<name>.py on every engine."""

    folder: tempfile.TemporaryDirectory[str]

    @classmethod
    def setUpClass(cls) -> None:
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        for wheel in [*PUBLISHED.glob("*.whl"), *BUILT.glob("numpy-*.whl")]:
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(cls.folder.name)

    def check(self, name: str) -> None:
        """Run the program for a wheel; the last thing it does is to print "done"."""
        program = HERE / "programs" / f"use_{name}.py"
        for node in NODES:
            with self.subTest(node=node):
                process = subprocess.run(
                    [node, CLI, str(program)],
                    capture_output=True,
                    text=True,
                    check=False,
                    timeout=300,
                    env={**os.environ, "PYTHONPATH": self.folder.name},
                )
                self.assertEqual((process.stderr, process.returncode), ("", 0), process.stdout)
                self.assertEqual(process.stdout, "done\n")

    def test_msgpack(self) -> None:
        self.check("msgpack")

    def test_simplejson(self) -> None:
        self.check("simplejson")

    def test_cramjam(self) -> None:
        self.check("cramjam")

    def test_contourpy(self) -> None:
        self.check("contourpy")

    def test_boost_histogram(self) -> None:
        self.check("boost_histogram")

    def test_awkward_cpp(self) -> None:
        self.check("awkward_cpp")

    def test_every_wheel_has_a_program(self) -> None:
        names = {wheel.name.partition("-")[0] for wheel in PUBLISHED.glob("*.whl")}
        programs = {path.stem.removeprefix("use_") for path in HERE.glob("programs/use_*.py")}
        self.assertEqual(names, programs)


if __name__ == "__main__":
    unittest.main()
