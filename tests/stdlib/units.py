"""Which test units CPython has.

``python -m test --list-tests`` names 481 units for 3.13.15: it splits ten of the 35 test packages
into modules and runs the other 25 whole. With *every* package expanded there are 714: each file
``test_*.py`` below ``Lib/test``, at any depth inside a package ``test_*``, is one unit, named by
its dotted path (``test_importlib.import_.test_path``).

That rule misses the tests that six packages keep in their ``__init__.py`` and nowhere else, as
``test_import`` and ``test_dataclasses`` do. They are run as well, so that nothing is lost by
counting files, and are reported beside the 714.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def test_files(test_directory: Path) -> list[str]:
    """Return the units that are files ``test_*.py``, sorted."""
    return sorted(_files(test_directory))


def packages_without_files(test_directory: Path) -> list[str]:
    """Return the packages ``test_*`` whose tests are all in their ``__init__.py``, sorted."""
    return sorted(
        package.name
        for package in _packages(test_directory)
        if next(package.rglob("test_*.py"), None) is None
    )


def all_units(test_directory: Path) -> list[str]:
    """Return every unit: the files and the packages without files."""
    return sorted(test_files(test_directory) + packages_without_files(test_directory))


def _packages(directory: Path) -> Iterator[Path]:
    for path in directory.glob("test_*"):
        if (path / "__init__.py").is_file():
            yield path


def _files(directory: Path) -> Iterator[str]:
    for path in directory.glob("test_*.py"):
        yield path.stem
    for package in _packages(directory):
        for path in package.rglob("test_*.py"):
            yield ".".join(path.relative_to(directory).with_suffix("").parts)
