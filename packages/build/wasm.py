"""Reads WebAssembly files as far as the builder must: sections, LEB128 numbers and names.

Every position is checked: a file that is cut off or made by somebody else must end in an error. The
formats are those of the WebAssembly specification and of Linking.md and DynamicLinking.md in
WebAssembly's tool-conventions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

HEADER = b"\0asm\x01\0\0\0"
CUSTOM = 0
LAST_SECTION = 13  # the section of exception tags
CUT_OFF = "the file is cut off or damaged"


class WasmError(ValueError):
    """A file that is not WebAssembly, or damaged."""


class Reader:
    """A position in bytes that does not pass their end."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.position = 0

    @property
    def done(self) -> bool:
        """Whether everything was read."""
        return self.position >= len(self.data)

    def take(self, size: int) -> bytes:
        """Return the next bytes."""
        start = self.position
        if start + size > len(self.data):
            raise WasmError(CUT_OFF)
        self.position += size
        return self.data[start : self.position]

    def byte(self) -> int:
        """Return the next byte."""
        return self.take(1)[0]

    def number(self) -> int:
        """Return an unsigned LEB128 number of up to 32 bits."""
        value = 0
        for shift in range(0, 35, 7):
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:  # noqa: PLR2004  # the bit that says that more follows
                return value
        raise WasmError(CUT_OFF)

    def part(self) -> bytes:
        """Return bytes that come after their size."""
        return self.take(self.number())

    def name(self) -> str:
        """Return a string that comes after its size."""
        try:
            return self.part().decode()
        except UnicodeDecodeError as error:
            raise WasmError(CUT_OFF) from error

    def names(self) -> list[str]:
        """Return strings that come after their count."""
        return [self.name() for _ in range(self.number())]


class Section(NamedTuple):
    """One section of a file."""

    kind: int
    content: bytes


def leb128(number: int) -> bytes:
    """Return an unsigned number as LEB128."""
    found = bytearray()
    while number > 0x7F:  # noqa: PLR2004  # what fits into seven bits
        found.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*found, number])


def sized(data: bytes) -> bytes:
    """Return bytes after their size."""
    return leb128(len(data)) + data


def sections(data: bytes) -> Iterator[Section]:
    """Yield the sections of a file; WasmError where it is cut off."""
    if not data.startswith(HEADER):
        raise WasmError("not a WebAssembly module of version 1")
    reader = Reader(data[len(HEADER) :])
    while not reader.done:
        kind = reader.byte()
        if kind > LAST_SECTION:
            raise WasmError(CUT_OFF)
        yield Section(kind, reader.part())


def joined(parts: list[Section]) -> bytes:
    """Return a file of sections."""
    return HEADER + b"".join(bytes([each.kind]) + sized(each.content) for each in parts)


def subsections(reader: Reader) -> Iterator[Section]:
    """Yield what is left of a section that has parts of its own."""
    while not reader.done:
        yield Section(reader.byte(), reader.part())
