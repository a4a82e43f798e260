"""Writes into a linked module where in its table its exported functions are.

Usage: function_addresses.py INPUT OUTPUT

The custom section "coil.addresses" gets JSON: the name of each export that is in the table, and
its place. A function pointer is such a place, and the linker of side modules
(src/runtime/link_table.js) must give a function that the program has put into the table the same
one. JavaScript can find out only by asking the engine for every entry of the table: at ten thousand
of them, tens of milliseconds at the first import of an extension module.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from wasm_binary import CUSTOM, Module, Section, WasmError, read_name, read_uleb

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "coil.addresses"
EXPORT, ELEMENT = 7, 9
FUNCTION = 0
ACTIVE_IN_FIRST_TABLE = 0
I32_CONST, END = 0x41, 0x0B


def read_sleb(data: bytes, pos: int) -> tuple[int, int]:
    """Return the signed LEB128 number at *pos* and the position behind it."""
    value, end = read_uleb(data, pos)
    bits = 7 * (end - pos)
    return (value - (1 << bits) if data[end - 1] & 0x40 else value), end


def exported_functions(payload: bytes) -> Iterator[tuple[str, int]]:
    """Yield name and index of each function in an export section."""
    count, pos = read_uleb(payload, 0)
    for _ in range(count):
        name, pos = read_name(payload, pos)
        kind = payload[pos]
        index, pos = read_uleb(payload, pos + 1)
        if kind == FUNCTION:
            yield name, index


def table_entries(payload: bytes) -> Iterator[tuple[int, int]]:
    """Yield place and function index of each entry of an element section.

    WasmError for segments that are not at a constant place of the first table; there are none in C.
    """
    count, pos = read_uleb(payload, 0)
    for _ in range(count):
        flags, pos = read_uleb(payload, pos)
        if flags != ACTIVE_IN_FIRST_TABLE or payload[pos] != I32_CONST:
            raise WasmError(f"an element segment of kind {flags}, or not at a constant place")
        place, pos = read_sleb(payload, pos + 1)
        if payload[pos] != END:
            raise WasmError("an element segment at a computed place")
        length, pos = read_uleb(payload, pos + 1)
        for offset in range(length):
            index, pos = read_uleb(payload, pos)
            yield place + offset, index


def addresses(module: Module) -> dict[str, int]:
    """Return the first place of each exported function that is in the table, by name."""
    elements, exports = module.find(ELEMENT), module.find(EXPORT)
    places: dict[int, int] = {}
    for place, index in table_entries(elements.payload if elements else b"\0"):
        places.setdefault(index, place)
    exported = exported_functions(exports.payload if exports else b"\0")
    return {name: places[index] for name, index in exported if index in places}


def add(data: bytes) -> tuple[bytes, int]:
    """Return a module with the section, and how many functions it names."""
    found = addresses(Module.decode(data))
    text = json.dumps(found, sort_keys=True, separators=(",", ":")).encode()
    return data + Section(CUSTOM, text, NAME).encode(), len(found)


def main(arguments: list[str]) -> int:
    """Run the command line described above; return its exit status."""
    source, target = map(Path, arguments)
    try:
        data, count = add(source.read_bytes())
    except WasmError as error:
        print(f"{source}: {error}", file=sys.stderr)
        return 1
    target.write_bytes(data)
    print(f"{count} exported functions are in the table")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
