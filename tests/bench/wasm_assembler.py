"""Assemble small wasm modules byte by byte, for tests of the passes over linked modules.

An assembler of the toolchain would choose encodings itself; the tests are about encodings (numbers
longer than needed, operands that look like opcodes), so the instructions are written as bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from wasm_binary import MAGIC, FunctionType, Section, sized, uleb, vector

I32, I64, F32, F64, V128 = b"\x7f", b"\x7e", b"\x7d", b"\x7c", b"\x7b"
FUNCREF = b"\x70"
END = b"\x0b"


def signature(params: bytes = b"", results: bytes = b"") -> FunctionType:
    """Return the type whose value types are the bytes of *params* and *results*."""
    return FunctionType(
        tuple(bytes([code]) for code in params), tuple(bytes([code]) for code in results)
    )


def get(index: int) -> bytes:
    """local.get."""
    return b"\x20" + uleb(index)


def i32(value: int) -> bytes:
    """i32.const of a value in 0..63, whose encoding is the value itself."""
    return b"\x41" + bytes([value])


def call_indirect(type_index: int, table: int = 0) -> bytes:
    """call_indirect with its type written in five bytes, as a linker leaves it."""
    padded = bytes([type_index | 0x80, 0x80, 0x80, 0x80, 0x00])
    return b"\x11" + padded + uleb(table)


@dataclass
class Assembler:
    """A module with as many tables as asked for, an imported function and the given functions.

    Every function is exported under its number among the defined ones; *elements* are placed from
    index 0 of the tables on.
    """

    types: list[FunctionType]
    functions: list[tuple[int, bytes]]
    elements: list[list[int]]
    locals: bytes = b"\x00"
    tags: list[int] = field(default_factory=list)
    custom: list[Section] = field(default_factory=list)
    leading: list[Section] = field(default_factory=list)

    def encode(self) -> bytes:
        """Return the module's bytes."""
        sections = [
            *self.leading,
            Section(1, vector([kind.encode() for kind in self.types])),
            Section(2, vector([sized(b"m") + sized(b"f") + b"\x00" + uleb(0)])),
            Section(3, vector([uleb(kind) for kind, _ in self.functions])),
            Section(4, vector([FUNCREF + b"\x00\x10" for _ in self.elements])),
            *(
                [Section(13, vector([b"\x00" + uleb(tag) for tag in self.tags]))]
                if self.tags
                else []
            ),
            Section(7, vector(self._exports())),
            Section(9, vector(self._segments())),
            Section(10, vector([sized(self.locals + code + END) for _, code in self.functions])),
            *self.custom,
        ]
        return MAGIC + b"".join(section.encode() for section in sections)

    def _exports(self) -> list[bytes]:
        return [
            sized(f"f{number}".encode()) + b"\x00" + uleb(number + 1)
            for number in range(len(self.functions))
        ]

    def _segments(self) -> list[bytes]:
        return [
            b"\x02" + uleb(table) + i32(0) + END + b"\x00" + vector([uleb(f) for f in functions])
            for table, functions in enumerate(self.elements)
        ]
