"""The wheels that the build made: every recipe's smoke test, in every engine, and the lock file."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "packages" / "build"))

import recipe  # noqa: E402
import smoke  # noqa: E402

BUILT = Path(os.environ["COIL_BUILD"]) / "packages"
CLI = os.environ["COIL_CLI"]
NODES = os.environ["COIL_NODES"].split(":")
LOCK = json.loads((BUILT / "pyodide-lock.json").read_text(encoding="utf-8"))
RECIPES = {each.normalised: each for each in recipe.load_all(ROOT / "packages").values()}


def wheels_of(name: str) -> list[Path]:
    """Return the wheels of a package and of all that it depends on, by the lock file."""
    found: dict[str, Path] = {}
    waiting = [name]
    while waiting:
        entry = LOCK["packages"][waiting[-1]]
        found[waiting.pop()] = BUILT / entry["file_name"]
        waiting += [each for each in entry["depends"] if each not in found]
    return list(found.values())


class SmokeTest(unittest.TestCase):
    """What the build put into build/packages."""

    def test_quick_recipes_are_built(self) -> None:
        quick = {name for name, each in RECIPES.items() if not each.slow}
        self.assertLessEqual({"markupsafe", "pyyaml", "tornado", "numpy"}, quick)
        self.assertLessEqual(quick, set(LOCK["packages"]))

    def test_every_built_wheel_is_used(self) -> None:
        built = [name for name in LOCK["packages"] if name in RECIPES]
        for node in NODES:
            for name in built:
                with self.subTest(node=node, package=name):
                    smoke.run(RECIPES[name], wheels_of(name), [node, CLI])

    def test_the_lock_file_fits_the_files(self) -> None:
        self.assertEqual(LOCK["info"]["abi_version"], "2025_0")
        self.assertEqual(LOCK["info"]["python"], "3.13.15")
        for name, entry in LOCK["packages"].items():
            data = (BUILT / entry["file_name"]).read_bytes()
            self.assertEqual(hashlib.sha256(data).hexdigest(), entry["sha256"], name)
            self.assertLessEqual(set(entry["depends"]), set(LOCK["packages"]), name)
            self.assertTrue(entry["imports"], name)

    def test_a_smoke_test_that_fails_is_told(self) -> None:
        broken = RECIPES["markupsafe"]
        wrong = recipe.Recipe(**{**vars(broken), "smoke": "raise SystemExit(markupsafe.__name__)"})
        with self.assertRaisesRegex(smoke.SmokeError, r"failed \(1\):\s+markupsafe"):
            smoke.run(wrong, wheels_of("markupsafe"), [NODES[0], CLI])


if __name__ == "__main__":
    unittest.main()
