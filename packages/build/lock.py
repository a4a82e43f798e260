"""The lock file: pyodide-lock.json over all wheels that were built."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import wheel
from names import normalised
from requirements import needed_packages
from sources import digest

if TYPE_CHECKING:
    from pathlib import Path

    from recipe import Recipe

INFO = {
    "abi_version": "2025_0",
    "arch": "wasm32",
    "platform": "emscripten_4_0_9",
    "python": "3.13.15",
}
Entry = dict[str, str | bool | list[str]]


def entry(path: Path, imports: list[str], depends: list[str]) -> Entry:
    """Return what the lock file says of one wheel."""
    found = wheel.contents(path)
    return {
        "name": found.name,
        "version": found.version,
        "file_name": path.name,
        "install_dir": "site",
        "sha256": digest(path),
        "package_type": "package",
        "imports": imports,
        "depends": depends,
        "unvendored_tests": False,
    }


def pure_entry(path: Path) -> Entry:
    """Return the entry of a wheel from the index: it says itself what it has and needs."""
    found = wheel.contents(path)
    return entry(path, wheel.top_modules(path), needed_packages(path, found.requires))


def write(built: dict[str, tuple[Recipe, Path]], pure: list[Path], target: Path) -> None:
    """Write the lock file of built and of pure wheels; the same wheels give the same bytes."""
    packages = {
        recipe.normalised: entry(path, list(recipe.imports), list(recipe.depends))
        for recipe, path in built.values()
    }
    packages |= {normalised(path.name.partition("-")[0]): pure_entry(path) for path in pure}
    text = json.dumps({"info": INFO, "packages": packages}, indent=1, sort_keys=True)
    target.write_text(text + "\n", encoding="utf-8")
