"""Every line of UNAVAILABLE.md is true: the call raises or prints what the line says.

All calls of an engine run in one interpreter, so that one that harms it harms the ones after it.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

TABLE = Path(__file__).parent / "UNAVAILABLE.md"
ROW = re.compile(r"^\| `(?P<code>[^`]+)` \| `(?P<error>\w+)` \|", re.MULTILINE)
PRINTING_ROW = re.compile(
    r"^\| `(?P<code>[^`]+)` \| prints `(?P<printed>.+?)` \| .+ \| .+ \|$", re.MULTILINE
)
# The descriptor that the table says is not handed down.
INHERITED = 99

# Runs in the interpreter under test: prints the name of the exception of each call, or None, and
# the exception's text or what the call printed.
CHECK = """
import contextlib, io, json, sys
for code in json.loads(sys.argv[1]):
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            exec(code, {})
    except BaseException as error:
        outcome = [type(error).__name__, str(error)]
    else:
        outcome = [None, printed.getvalue().strip()]
    print(json.dumps(outcome), flush=True)
"""


class UnavailableTest(unittest.TestCase):
    """The tables of what cannot work, and of what works otherwise."""

    def test_each_call_raises_what_the_table_says(self) -> None:
        rows = ROW.findall(TABLE.read_text(encoding="utf-8"))
        self.assertGreater(len(rows), 20)
        for node in os.environ["COIL_NODES"].split(":"):
            outcomes = self.run_calls(node, [code for code, _ in rows])
            for (code, error), (name, message) in zip(rows, outcomes, strict=True):
                with self.subTest(node=node, call=code):
                    self.assertEqual(name, error, message)
                    self.assertTrue(message, "an error without a text helps nobody")

    def test_each_call_prints_what_the_table_says(self) -> None:
        rows = PRINTING_ROW.findall(TABLE.read_text(encoding="utf-8"))
        self.assertGreater(len(rows), 3)
        for node in os.environ["COIL_NODES"].split(":"):
            outcomes = self.run_calls(node, [code for code, _ in rows])
            for (code, expected), outcome in zip(rows, outcomes, strict=True):
                with self.subTest(node=node, call=code):
                    self.assertEqual(list(outcome), [None, expected])

    def run_calls(self, node: str, calls: list[str]) -> list[tuple[str | None, str]]:
        """Return what each of *calls* raises and says in a Coil on *node*.

        Its working directory has a file that this process locks, and it inherits a descriptor.
        """
        with tempfile.TemporaryDirectory() as folder, (Path(folder) / "held").open("w") as held:
            fcntl.lockf(held, fcntl.LOCK_EX)
            fcntl.flock(held, fcntl.LOCK_EX)
            inherited = fcntl.fcntl(held, fcntl.F_DUPFD, INHERITED)
            self.addCleanup(os.close, inherited)
            script = Path(folder) / "check.py"
            script.write_text(CHECK, encoding="utf-8")
            done = subprocess.run(
                [node, os.environ["COIL_CLI"], str(script), json.dumps(calls)],
                capture_output=True,
                text=True,
                timeout=120,
                cwd=folder,
                pass_fds=[inherited],
                check=False,
            )
        self.assertEqual(done.returncode, 0, done.stderr)
        return [json.loads(line) for line in done.stdout.splitlines()]


if __name__ == "__main__":
    unittest.main()
