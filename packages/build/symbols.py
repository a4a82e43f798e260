"""The symbols of object files that a shared library of ELF would export.

A module written for ELF expects that programs find its visible functions by name, with ctypes for
one. ``wasm-ld --export-dynamic`` was the alternative: it exports, and keeps, those of static
libraries too, and wasm-ld has no ``--exclude-libs``. Symbols of static libraries, weak ones (inline
functions and templates of C++, of which every user has a copy) and bitcode are left out.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from wasm import HEADER, Reader, WasmError, sections, subsections

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SYMBOL_TABLE = 8  # a subsection of "linking"
FUNCTION, DATA, GLOBAL, SECTION, EVENT, TABLE = range(6)
WEAK, LOCAL, HIDDEN, UNDEFINED, EXPLICIT_NAME = 1, 2, 4, 0x10, 0x40
NOT_VISIBLE = WEAK | LOCAL | HIDDEN | UNDEFINED
EXPORTABLE = re.compile(r"[A-Za-z_$][\w.$]*", re.ASCII)


def read_symbol(reader: Reader) -> tuple[int, int, str]:
    """Return the kind, the flags and the name (if it has any) of the next symbol of a table."""
    kind, flags = reader.byte(), reader.number()
    if kind == SECTION:
        reader.number()
        return kind, flags, ""
    if kind == DATA:
        name = reader.name()
        if not flags & UNDEFINED:
            for _ in ("segment", "offset", "size"):
                reader.number()
        return kind, flags, name
    reader.number()
    named = not flags & UNDEFINED or flags & EXPLICIT_NAME
    return kind, flags, reader.name() if named else ""


def symbol_table(data: bytes) -> Iterator[tuple[int, int, str]]:
    """Yield the symbols of an object file."""
    for kind, content in sections(data):
        reader = Reader(content)
        if kind != 0 or reader.name() != "linking":
            continue
        reader.number()  # the version
        for part, table in subsections(reader):
            if part == SYMBOL_TABLE:
                symbols = Reader(table)
                for _ in range(symbols.number()):
                    yield read_symbol(symbols)


def visible(data: bytes) -> list[str]:
    """Return the names of an object file's visible functions and variables."""
    return [
        name
        for kind, flags, name in symbol_table(data)
        if kind in {FUNCTION, DATA} and not flags & NOT_VISIBLE and EXPORTABLE.fullmatch(name)
    ]


def of_objects(arguments: Iterable[str]) -> list[str]:
    """Return the visible symbols of the object files among arguments of a linker."""
    found: set[str] = set()
    for argument in arguments:
        path = Path(argument)
        if path.suffix not in {".o", ".obj"} or argument.startswith("-") or not path.is_file():
            continue
        data = path.read_bytes()
        try:
            found.update(visible(data) if data.startswith(HEADER) else ())
        except WasmError:
            continue  # the linker has better words for it
    return sorted(found)
