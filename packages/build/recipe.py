"""Recipes: one declarative file for each package, ``packages/recipes/<name>/recipe.toml``.

The file says where the source is, what builds it and how it is tried; packages/README.md describes
every key. Unknown keys are errors: a misspelt option must not be a silent default.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from pathlib import Path

RECIPES = "recipes"
FILE = "recipe.toml"


Part = TypeVar("Part", "Source", "Patch", "Build")


class RecipeError(Exception):
    """A recipe that says something wrong or unclear; the text names its file."""


@dataclass(frozen=True)
class Source:
    """The sdist on the package index: its version and the sha256 of the file."""

    version: str
    sha256: str


@dataclass(frozen=True)
class Patch:
    """A patch beside the recipe, and why it is needed."""

    file: str
    reason: str


@dataclass(frozen=True)
class Build:
    """How the wheel is made; see packages/README.md for each key."""

    options: tuple[str, ...] = ()
    cflags: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    rust: bool = False


@dataclass(frozen=True)
class Recipe:
    """One package to build."""

    folder: Path
    name: str
    source: Source
    build: Build
    imports: tuple[str, ...]
    depends: tuple[str, ...]
    patches: tuple[Patch, ...]
    smoke: str
    slow: bool

    @property
    def normalised(self) -> str:
        """The name as indexes and lock files compare it."""
        return re.sub(r"[-_.]+", "-", self.name).lower()

    @property
    def files(self) -> list[Path]:
        """Everything of the recipe that shapes the wheel."""
        return [self.folder / FILE, *(self.folder / patch.file for patch in self.patches)]


def checked(path: Path, kind: type[Part], table: dict[str, Any]) -> Part:
    """Return an instance of a dataclass made of a table; RecipeError for keys it does not have."""
    known = [each.name for each in fields(kind)]
    unknown = sorted(set(table) - set(known))
    if unknown:
        raise RecipeError(f"{path}: unknown key {', '.join(unknown)}; known: {', '.join(known)}")
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in table.items()
    }
    try:
        return kind(**values)
    except TypeError as error:
        raise RecipeError(f"{path}: [{kind.__name__.lower()}] {error}") from error


def parse(path: Path, table: dict[str, Any]) -> Recipe:
    """Return the recipe of a parsed file; RecipeError when a part is missing or unknown."""
    known = {"name", "imports", "depends", "slow", "source", "build", "patches", "smoke"}
    if unknown := sorted(set(table) - known):
        raise RecipeError(f"{path}: unknown key {', '.join(unknown)}; known: {', '.join(known)}")
    if missing := sorted({"name", "imports", "source", "smoke"} - set(table)):
        raise RecipeError(f"{path}: {', '.join(missing)} missing")
    return Recipe(
        folder=path.parent,
        name=table["name"],
        source=checked(path, Source, table["source"]),
        build=checked(path, Build, table.get("build", {})),
        imports=tuple(table["imports"]),
        depends=tuple(table.get("depends", ())),
        patches=tuple(checked(path, Patch, each) for each in table.get("patches", ())),
        smoke=table["smoke"],
        slow=table.get("slow", False),
    )


def load(folder: Path) -> Recipe:
    """Return the recipe in a folder."""
    path = folder / FILE
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RecipeError(f"There is no recipe {path}") from None
    except tomllib.TOMLDecodeError as error:
        raise RecipeError(f"{path}: {error}") from error
    return parse(path, table)


def load_all(packages: Path) -> dict[str, Recipe]:
    """Return all recipes below ``packages/recipes`` by the name of their folder, sorted."""
    folders = sorted(path.parent for path in (packages / RECIPES).glob(f"*/{FILE}"))
    return {folder.name: load(folder) for folder in folders}


def in_order(recipes: dict[str, Recipe], wanted: list[str]) -> list[Recipe]:
    """Return the wanted recipes and those they need for building, each after what it needs."""
    ordered: dict[str, Recipe] = {}

    def visit(name: str, chain: tuple[str, ...]) -> None:
        if name in chain:
            raise RecipeError(f"Recipes need each other: {' -> '.join((*chain, name))}")
        if name not in recipes:
            raise RecipeError(f"There is no recipe {name!r}; there are {', '.join(recipes)}")
        for needed in (*recipes[name].build.headers, *recipes[name].depends):
            if needed in recipes:
                visit(needed, (*chain, name))
        ordered.setdefault(name, recipes[name])

    for name in wanted:
        visit(name, ())
    return list(ordered.values())
