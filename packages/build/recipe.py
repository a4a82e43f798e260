"""Recipes: one declarative file for each package, ``packages/recipes/<name>/recipe.toml``.

The file says where the source is, what builds it and how it is tried; packages/README.md describes
every key. Unknown keys and values of another type are errors: a misspelt option must not be a
silent default.
"""

from __future__ import annotations

import tomllib
from dataclasses import MISSING, dataclass, field, fields
from typing import TYPE_CHECKING, Any, TypeVar

import values
from names import normalised

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

RECIPES = "recipes"
FILE = "recipe.toml"
# What each key holds, whichever table it is in.
CHECKS: dict[str, Callable[[object], object]] = {
    "name": values.text,
    "imports": values.modules,
    "depends": values.packages,
    "include": values.inner_path,
    "smoke": values.text,
    "slow": values.flag,
    "source": values.table,
    "build": values.table,
    "patches": values.tables,
    "version": values.text,
    "sha256": values.sha256,
    "options": values.options,
    "cflags": values.texts,
    "libraries": values.texts,
    "headers": values.packages,
    "environment": values.variables,
    "rust": values.flag,
    "file": values.inner_path,
    "reason": values.text,
}

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
    imports: tuple[str, ...]
    smoke: str
    build: Build = field(default_factory=Build)
    depends: tuple[str, ...] = ()
    patches: tuple[Patch, ...] = ()
    include: str = ""  # where the wheel has headers for other packages
    slow: bool = False

    @property
    def normalised(self) -> str:
        """The name as indexes and lock files compare it."""
        return normalised(self.name)

    @property
    def path(self) -> Path:
        """The recipe's file."""
        return self.folder / FILE

    @property
    def files(self) -> list[Path]:
        """Everything of the recipe that shapes the wheel."""
        return [self.path, *(self.folder / patch.file for patch in self.patches)]


class Recipes(dict[str, Recipe]):
    """Sound recipes by their normalised names; the errors of all others are in *bad*."""

    def __init__(self) -> None:
        super().__init__()
        self.bad: dict[str, RecipeError] = {}

    def find(self, name: str) -> Recipe:
        """Return a recipe; RecipeError when it is bad or there is none."""
        if name in self.bad:
            raise self.bad[name]
        if name not in self:
            raise RecipeError(f"There is no recipe {name!r}; there are {', '.join(self)}")
        return self[name]


def checked(
    path: Path, table: dict[str, object], kind: type[Part | Recipe], heading: str = ""
) -> dict[str, Any]:
    """Return the values of a table for a dataclass's fields; RecipeError for any that are wrong."""
    known = [each for each in fields(kind) if each.name != "folder"]
    names = [each.name for each in known]
    if unknown := sorted(set(table) - set(names)):
        raise RecipeError(
            f"{path}: {heading}unknown key {', '.join(unknown)}; known: {', '.join(names)}"
        )
    needed = (each.name for each in known if each.default is each.default_factory is MISSING)
    if missing := sorted(set(needed) - set(table)):
        raise RecipeError(f"{path}: {heading}{', '.join(missing)} missing")
    found: dict[str, Any] = {}
    for key, value in table.items():
        try:
            found[key] = CHECKS[key](value)
        except ValueError as error:
            raise RecipeError(f"{path}: {heading}{key} {error}") from error
    return found


def part(path: Path, table: dict[str, object], kind: type[Part], heading: str) -> Part:
    """Return the dataclass of an inner table."""
    return kind(**checked(path, table, kind, f"{heading} "))


def parse(path: Path, table: dict[str, object]) -> Recipe:
    """Return the recipe of a parsed file; RecipeError when a part is missing, unknown or wrong."""
    found = checked(path, table, Recipe)
    found["source"] = part(path, found["source"], Source, "[source]")
    found["build"] = part(path, found.get("build", {}), Build, "[build]")
    found["patches"] = tuple(
        part(path, each, Patch, "[[patches]]") for each in found.get("patches", ())
    )
    made = Recipe(folder=path.parent, **found)
    if made.normalised != normalised(path.parent.name):
        raise RecipeError(
            f"{path}: name {made.name!r} does not fit the folder; call that {made.normalised}"
        )
    for each in made.patches:
        if not (made.folder / each.file).is_file():
            raise RecipeError(f"{path}: [[patches]] file {each.file!r} is not beside the recipe")
    return made


def load(folder: Path) -> Recipe:
    """Return the recipe in a folder."""
    path = folder / FILE
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RecipeError(f"There is no recipe {path}") from None
    except OSError as error:
        raise RecipeError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise RecipeError(f"{path}: not UTF-8 at byte {error.start}; save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise RecipeError(f"{path}: {error}") from error
    return parse(path, table)


def load_all(packages: Path) -> Recipes:
    """Return all recipes below ``packages/recipes``, sorted; bad ones are kept apart."""
    found = Recipes()
    for path in sorted((packages / RECIPES).glob(f"*/{FILE}")):
        name = normalised(path.parent.name)
        try:
            found[name] = load(path.parent)
        except RecipeError as error:
            found.bad[name] = error
    return found


def in_order(recipes: Recipes, wanted: list[str]) -> list[Recipe]:
    """Return the wanted recipes and those they need for building, each after what it needs."""
    ordered: dict[str, Recipe] = {}

    def visit(name: str, chain: tuple[str, ...]) -> None:
        if name in chain:
            raise RecipeError(f"Recipes need each other: {' -> '.join((*chain, name))}")
        found = recipes.find(name)
        for needed in (*found.build.headers, *found.depends):
            if needed in recipes or needed in recipes.bad:
                visit(needed, (*chain, name))
        ordered.setdefault(name, found)

    for name in wanted:
        visit(normalised(name), ())
    return list(ordered.values())
