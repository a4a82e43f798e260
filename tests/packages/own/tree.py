"""The folder that a suite runs in: its wheels, and what of the sdist its tests need."""

from __future__ import annotations

import json
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

PACKAGES = Path(__file__).resolve().parents[3] / "packages"
sys.path.insert(0, str(PACKAGES / "build"))

import recipe  # noqa: E402
import settings  # noqa: E402
import sources  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterable

    from suites import Suite


@dataclass(frozen=True)
class Inputs:
    """Where a suite's wheels come from."""

    built: Path  # build/packages, with settings.json of the builder
    pytest: Path  # wheels that every suite needs
    extra: Path  # wheels that some name


@dataclass(frozen=True)
class Tree:
    """A suite's folders: what Python imports from, and where pytest runs."""

    site: Path
    work: Path
    records: Path

    def files(self, suite: Suite) -> list[str]:
        """Return the suite's files of tests in its order, those that are left out among them."""
        found = (sorted(self.work.glob(pattern)) for pattern in suite.files)
        names = (path.relative_to(self.work).as_posix() for paths in found for path in paths)
        return list(dict.fromkeys(names))

    def size(self, file: str) -> int:
        """Return how many bytes a file of tests has."""
        return (self.work / file).stat().st_size


def unpack(wheels: Iterable[Path], folder: Path) -> None:
    """Unpack wheels into a folder."""
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder)  # noqa: S202  # of wheels whose hash is known


def recipe_of(suite: Suite) -> recipe.Recipe:
    """Return the recipe of a suite's package."""
    return recipe.load(PACKAGES / recipe.RECIPES / suite.name)


def title(suite: Suite) -> str:
    """Return the name and version of a suite's package."""
    found = recipe_of(suite)
    return f"{found.name} {found.source.version}"


def wheels_of(built: Path, name: str) -> list[Path]:
    """Return the wheels of a package and of what it depends on, by the nearest lock file."""
    folder = next(
        (each for each in (built / name, built) if name in locked(each)),
        None,
    )
    if folder is None:
        raise SystemExit(f"{name} is not built: cmake --build build --target package-{name}")
    packages = locked(folder)
    found: dict[str, Path] = {}
    waiting = [name]
    while waiting:
        entry = packages[waiting[-1]]
        found[waiting.pop()] = folder / str(entry["file_name"])
        waiting += [each for each in entry["depends"] if each not in found]
    return list(found.values())


def locked(folder: Path) -> dict[str, dict[str, list[str]]]:
    """Return the packages of a lock file in a folder."""
    path = folder / "pyodide-lock.json"
    found = json.loads(path.read_text(encoding="utf-8"))["packages"] if path.exists() else {}
    return dict(found)


def unpack_sdist(suite: Suite, built: Path, folder: Path) -> None:
    """Unpack what the suite needs of the package's sdist, without its topmost folder."""
    source = sources.fetch(settings.load(built / "settings.json"), recipe_of(suite))
    with tarfile.open(source) as archive:
        for member in archive:
            member.name = member.name.partition("/")[2]
            if any(f"{member.name}/".startswith(f"{each}/") for each in suite.sdist):
                archive.extract(member, folder, filter="data")


def make(suite: Suite, inputs: Inputs, folder: Path) -> Tree:
    """Make the folders of a suite below an empty one."""
    made = Tree(
        folder / "site", folder / "work" if suite.sdist else folder / "site", folder / "records"
    )
    wheels = [*inputs.pytest.glob("*.whl")]
    wheels += [wheel for name in suite.extra for wheel in inputs.extra.glob(f"{name}-*.whl")]
    for name in (suite.name, *suite.built):
        wheels += wheels_of(inputs.built, name)
    unpack(wheels, made.site)
    if suite.sdist:
        unpack_sdist(suite, inputs.built, made.work)
    if suite.ini:
        (made.work / "own.ini").write_text(suite.ini, encoding="utf-8")
    made.records.mkdir()
    return made
