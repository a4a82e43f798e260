"""The example program does under Coil, on each Node, exactly what it does under native CPython."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import subprocess
import tempfile
import unittest
import unittest.mock
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

EXAMPLE = Path(__file__).resolve().parents[2] / "src" / "python" / "examples" / "wordcount"
PROGRAM = EXAMPLE / "wordcount.py"
TEXT = EXAMPLE / "stdtypes.rst"

NATIVE = [os.environ["COIL_NATIVE_PYTHON"]]
COIL = [[node, os.environ["COIL_CLI"]] for node in os.environ["COIL_NODES"].split(":")]


class Outcome(NamedTuple):
    """What a run of the program did."""

    status: int
    output: bytes
    errors: bytes


def run(python: list[str], *arguments: str | Path) -> Outcome:
    """Run the program with an interpreter's command."""
    command = [*python, PROGRAM, *arguments]
    process = subprocess.run(command, capture_output=True, check=False, timeout=300)
    return Outcome(process.returncode, process.stdout, process.stderr)


def table(database: Path) -> list[tuple[str, int, int]]:
    """Return the rows of the program's database as native SQLite reads them."""
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute("SELECT * FROM words ORDER BY word").fetchall()


class ExampleTest(unittest.TestCase):
    """Compares whole runs: exit status, standard output, standard error, files."""

    def setUp(self) -> None:
        """Make a directory for the files of one test."""
        self.directory = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="example-")))

    def recorded(self, name: str, data: bytes) -> Path:
        """Write a text and its hash; return its path."""
        path = self.directory / name
        path.write_bytes(data)
        Path(f"{path}.sha256").write_text(f"{hashlib.sha256(data).hexdigest()}  {name}\n")
        return path

    def assert_same(self, *arguments: str | Path, status: int) -> Outcome:
        """Check that Coil and native CPython agree, and return what both did."""
        native = run(NATIVE, *arguments)
        self.assertEqual(native.status, status, native)
        for coil in COIL:
            with self.subTest(node=coil[0]):
                self.assertEqual(run(coil, *arguments), native)
        return native

    def test_table_of_the_shipped_text(self) -> None:
        outcome = self.assert_same(status=0)
        self.assertEqual(outcome.errors, b"")
        rows = outcome.output.split(b"word\n")[1].splitlines()
        self.assertEqual(len(rows), 20)
        self.assertEqual(rows[0].split(), [b"1", b"1497", b"10", b"the"])

    def test_every_word_of_the_shipped_text(self) -> None:
        outcome = self.assert_same("--top", "100000", status=0)
        self.assertIn("straße".casefold().encode(), outcome.output)

    def test_database_written_by_coil_is_read_by_native_sqlite(self) -> None:
        self.assertEqual(run(NATIVE, "--database", self.directory / "native").status, 0)
        expected = table(self.directory / "native")
        self.assertGreater(len(expected), 2000)
        for number, coil in enumerate(COIL):
            with self.subTest(node=coil[0]):
                database = self.directory / f"coil-{number}"
                outcome = run(coil, "--database", database)
                self.assertEqual(outcome.status, 0, outcome)
                self.assertEqual(table(database), expected)

    def test_database_written_by_native_is_replaced_by_coil(self) -> None:
        database = self.directory / "words.sqlite"
        self.assertEqual(run(NATIVE, "--database", database).status, 0)
        text = self.recorded("short.txt", b"spam eggs spam\n")
        for coil in COIL:
            with self.subTest(node=coil[0]):
                self.assertEqual(run(coil, "--database", database, text).status, 0)
                self.assertEqual(table(database), [("eggs", 1, 1), ("spam", 2, 1)])

    def test_nothing_is_left_in_the_temporary_directory(self) -> None:
        with unittest.mock.patch.dict(os.environ, TMPDIR=str(self.directory)):
            self.assert_same(status=0)
        self.assertEqual(list(self.directory.iterdir()), [])

    def test_texts_too_short_to_compress(self) -> None:
        for name, data in (("empty.txt", b""), ("one.txt", b"x")):
            with self.subTest(name):
                self.assert_same(self.recorded(name, data), status=0)

    def test_missing_text(self) -> None:
        outcome = self.assert_same(self.directory / "nothing.txt", status=1)
        self.assertIn(b"cannot read", outcome.errors)

    def test_text_without_recorded_hash(self) -> None:
        path = self.directory / "text.txt"
        path.write_text("spam\n")
        self.assertIn(b".sha256", self.assert_same(path, status=1).errors)

    def test_changed_text(self) -> None:
        for path in (TEXT, TEXT.with_name(f"{TEXT.name}.sha256")):
            shutil.copy(path, self.directory)
        copy = self.directory / TEXT.name
        copy.write_bytes(copy.read_bytes().replace(b"the", b"teh", 1))
        outcome = self.assert_same(copy, status=1)
        self.assertIn(b"is not the recorded text", outcome.errors)
        self.assertEqual(outcome.output, b"")

    def test_text_that_is_not_utf8(self) -> None:
        outcome = self.assert_same(self.recorded("latin.txt", b"caf\xe9\n"), status=1)
        self.assertIn(b"is not UTF-8 at byte 3", outcome.errors)

    def test_database_in_a_missing_directory(self) -> None:
        missing = self.directory / "missing" / "words.sqlite"
        outcome = self.assert_same("--database", missing, status=1)
        self.assertIn(b"--database", outcome.errors)

    def test_database_that_is_something_else(self) -> None:
        outcome = self.assert_same("--database", self.recorded("a.txt", b"x" * 8192), status=1)
        self.assertIn(b"not a database", outcome.errors)

    def test_wrong_arguments(self) -> None:
        for arguments in (["--top", "0"], ["--top", "many"], ["--nonsense"]):
            with self.subTest(arguments):
                self.assertIn(b"usage: wordcount", self.assert_same(*arguments, status=2).errors)


if __name__ == "__main__":
    unittest.main()
