"""Every line of UNAVAILABLE.md is true: the call raises what the line says, and nothing worse.

All calls of an engine run in one interpreter, so that one that harms it harms the ones after it.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

TABLE = Path(__file__).parent / "UNAVAILABLE.md"
ROW = re.compile(r"^\| `(?P<code>.+?)` \| `(?P<error>\w+)` \|", re.MULTILINE)

# Runs in the interpreter under test: prints the name of the exception of each call, or None.
CHECK = """
import json, sys
for code in json.loads(sys.argv[1]):
    try:
        exec(code, {})
    except BaseException as error:
        outcome = [type(error).__name__, str(error)]
    else:
        outcome = [None, ""]
    print(json.dumps(outcome), flush=True)
"""


class UnavailableTest(unittest.TestCase):
    """The table of what cannot work."""

    def test_each_call_raises_what_the_table_says(self) -> None:
        rows = ROW.findall(TABLE.read_text(encoding="utf-8"))
        self.assertGreater(len(rows), 20)
        for node in os.environ["COIL_NODES"].split(":"):
            outcomes = self.run_calls(node, [code for code, _ in rows])
            for (code, error), (name, message) in zip(rows, outcomes, strict=True):
                with self.subTest(node=node, call=code):
                    self.assertEqual(name, error, message)
                    self.assertTrue(message, "an error without a text helps nobody")

    def run_calls(self, node: str, calls: list[str]) -> list[tuple[str | None, str]]:
        """Return the name and text of the exception of each of *calls* in a Coil on *node*."""
        with tempfile.TemporaryDirectory() as folder:
            script = Path(folder) / "check.py"
            script.write_text(CHECK, encoding="utf-8")
            done = subprocess.run(
                [node, os.environ["COIL_CLI"], str(script), json.dumps(calls)],
                capture_output=True,
                text=True,
                timeout=120,
                cwd=folder,
                check=False,
            )
        self.assertEqual(done.returncode, 0, done.stderr)
        return [json.loads(line) for line in done.stdout.splitlines()]


if __name__ == "__main__":
    unittest.main()
