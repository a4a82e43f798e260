"""Smoke tests: a wheel is unpacked into an empty folder, imported and used by the command line."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import wheel

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recipe import Recipe

TIMEOUT = 300


class SmokeError(Exception):
    """A smoke test that failed; the text has what the program said."""


def run(recipe: Recipe, wheels: Iterable[Path], command: list[str]) -> str:
    """Run a recipe's smoke test with wheels on sys.path; return what it printed.

    *command* starts the interpreter. Raises SmokeError when the program fails or says something on
    its standard error.
    """
    with tempfile.TemporaryDirectory() as folder:
        wheel.unpack(wheels, Path(folder))
        imports = "".join(f"import {name}\n" for name in recipe.imports)
        done = subprocess.run(
            [*command, "-W", "error::ImportWarning", "-c", imports + recipe.smoke],
            capture_output=True,
            text=True,
            check=False,
            timeout=TIMEOUT,
            env={**os.environ, "PYTHONPATH": folder, "PYTHONDONTWRITEBYTECODE": "1"},
        )
    if done.returncode != 0 or done.stderr:
        said = f"{done.stdout}{done.stderr}".strip()
        raise SmokeError(f"smoke test failed ({done.returncode}):\n  {said}")
    return done.stdout
