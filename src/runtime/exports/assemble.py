"""Assembles the families of exported symbols into the linker's list.

Usage: assemble.py --out EXPORTS.txt [--also SYMBOL ...]

Each ``*.txt`` file beside this script is a family: one symbol a line as C spells it, ``#`` begins a
comment. ``golden.txt`` is no family, but the exports of the linked module (see golden.py). The
output is what Emscripten reads from ``-sEXPORTED_FUNCTIONS=@EXPORTS.txt``; the linker pulls each
symbol out of its archive and stops with an error when one does not exist, so that a list can never
promise more than the module keeps.

The alternative, exporting everything (MAIN_MODULE=1), costs each start the time to bind symbols
that no extension module has ever asked for.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
GOLDEN = FOLDER / "golden.txt"


class FamilyError(Exception):
    """A family file that says something twice or unclearly; the text names file and line."""


def read_names(path: Path) -> list[str]:
    """Return the symbols of a list, in its order; FamilyError for a line with more than one."""
    names: list[str] = []
    for number, line in enumerate(path.read_text(encoding="ascii").splitlines(), start=1):
        words = line.partition("#")[0].split()
        if len(words) > 1:
            raise FamilyError(f"{path}:{number}: one symbol a line, please")
        names += words
    return names


def families() -> list[Path]:
    """Return the files of all families."""
    return sorted(path for path in FOLDER.glob("*.txt") if path != GOLDEN)


def assemble() -> list[str]:
    """Return every symbol of every family, sorted; FamilyError if two families share one."""
    owner: dict[str, Path] = {}
    for family in families():
        for name in read_names(family):
            if name in owner:
                raise FamilyError(f"{family}: {name} is in {owner[name].name} already")
            owner[name] = family
    return sorted(owner)


def main(arguments: list[str]) -> int:
    """Run the command line described above; return its exit status."""
    parser = argparse.ArgumentParser(description="Assemble the linker's list of exported symbols.")
    parser.add_argument("--out", type=Path, required=True, help="where to write the list")
    parser.add_argument("--also", nargs="+", default=[], help="symbols of this build alone")
    options = parser.parse_args(arguments)
    try:
        names = assemble() + options.also
    except FamilyError as error:
        print(error, file=sys.stderr)
        return 1
    # Emscripten's own spelling of a C symbol has one underscore more.
    options.out.write_text("".join(f"_{name}\n" for name in names), encoding="ascii")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
