"""What a value in a recipe may be: a check for each kind, which returns the value as it is kept.

A check raises ValueError with words that complete "<file>: <key> ...".
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from string import Formatter

from names import normalised

FILLED_IN = {"cross_file", "jobs"}
BRACES = "Only {cross_file} and {jobs} can; write {{ and }} for braces of the option itself"


def text(value: object) -> str:
    """Return a string that says something."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError("must be a string that is not empty")
    return value


def flag(value: object) -> bool:
    """Return a truth value; the string "no" is none, although Python takes it for true."""
    if not isinstance(value, bool):
        raise ValueError("must be true or false, without quotes")  # noqa: TRY004  # see above
    return value


def texts(value: object) -> tuple[str, ...]:
    """Return strings; one string is no list of its letters."""
    if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
        raise ValueError("must be a list of strings")
    return tuple(value)


def packages(value: object) -> tuple[str, ...]:
    """Return normalised names of packages."""
    return tuple(normalised(each) for each in texts(value))


def modules(value: object) -> tuple[str, ...]:
    """Return names of modules, at least one."""
    found = texts(value)
    if not found:
        raise ValueError("must name at least one module")
    for each in found:
        if not all(part.isidentifier() for part in each.split(".")):
            raise ValueError(f"has {each!r}, which is no name of a module")
    return found


def sha256(value: object) -> str:
    """Return a hash as the package index writes it."""
    if not isinstance(value, str) or not re.fullmatch("[0-9a-f]{64}", value):
        raise ValueError("must be a string of 64 digits 0-9, a-f, as `sha256sum` prints it")
    return value


def variables(value: object) -> dict[str, str]:
    """Return environment variables."""
    if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
        raise ValueError('must be a table of strings; write numbers in quotes: X = "1"')
    for name in value:
        if not re.fullmatch(r"[A-Za-z_]\w*", name):
            raise ValueError(f"has {name!r}, which is no name of a variable")
    return dict(value)


def options(value: object) -> tuple[str, ...]:
    """Return options of a backend, in which nothing unknown is to be filled in."""
    found = texts(value)
    for each in found:
        try:
            fields = list(Formatter().parse(each))
        except ValueError as error:
            raise ValueError(f"has {each!r}: {error}. {BRACES}") from error
        for _, name, *rest in fields:
            if name is not None and (name not in FILLED_IN or any(rest)):
                raise ValueError(f"has {each!r}, where {name!r} cannot be filled in. {BRACES}")
    return found


def inner_path(value: object) -> str:
    """Return the path of something below a folder that the key implies."""
    path = PurePosixPath(text(value))
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise ValueError("must be a relative path without ..")
    return str(path)


def table(value: object) -> dict[str, object]:
    """Return a table."""
    if not isinstance(value, dict):
        raise ValueError("must be a table: one [heading], not two [[ ]], with keys below it")  # noqa: TRY004
    return value


def tables(value: object) -> list[dict[str, object]]:
    """Return tables."""
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise ValueError("must be a list of tables: [[heading]] for each")
    return value
