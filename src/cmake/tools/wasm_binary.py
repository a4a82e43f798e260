"""Read and write the outer structure of a WebAssembly module, and step over its instructions.

Only what a pass over a *linked* module needs: sections, types, imports, and a scanner that finds
chosen instructions in a function body.  Objects before linking carry relocations and are refused by
the passes themselves.

The scanner is one regular expression of all instructions whose length a regular expression can
tell.  A decoder that looks at each instruction in Python needs half a minute for CPython's code;
the expression needs half a second and is at the same time the list of what is understood: an opcode
that is not in it stops the scan with an error and is never skipped by guess.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MAGIC = b"\0asm\x01\0\0\0"

CUSTOM, TYPE, IMPORT, FUNCTION, CODE = 0, 1, 2, 3, 10

BR_TABLE, CALL, CALL_INDIRECT, SELECT_TYPED, TRY_TABLE = 0x0E, 0x10, 0x11, 0x1C, 0x1F

_FUNCTION_TYPE = 0x60
_IMPORTED_FUNCTION, _IMPORTED_TABLE, _IMPORTED_MEMORY, _IMPORTED_GLOBAL, _IMPORTED_TAG = range(5)
_CATCHES_WITH_TAG = (0, 1)  # catch, catch_ref; the other two catch all
_MORE = 0x80  # the bit of a LEB128 byte that another byte follows
_REFERENCE_PREFIXES = (0x63, 0x64)


class WasmError(Exception):
    """The module is damaged, or uses something that this reader does not understand."""


def read_uleb(data: bytes, pos: int) -> tuple[int, int]:
    """Return the unsigned LEB128 number at *pos* and the position behind it."""
    value = shift = 0
    while True:
        byte = data[pos]
        pos += 1
        value |= (byte & 0x7F) << shift
        if byte < _MORE:
            return value, pos
        shift += 7


def uleb(value: int) -> bytes:
    """Encode *value* >= 0 as unsigned LEB128 of the least length."""
    out = bytearray()
    while value >= _MORE:
        out.append(value & 0x7F | _MORE)
        value >>= 7
    out.append(value)
    return bytes(out)


def vector(items: list[bytes]) -> bytes:
    """Encode *items* as a wasm vector: their number, then one after the other."""
    return uleb(len(items)) + b"".join(items)


def sized(payload: bytes) -> bytes:
    """Encode *payload* behind its length in bytes."""
    return uleb(len(payload)) + payload


@dataclass
class Section:
    """One section: its id, for a custom section its name, and what follows."""

    id: int
    payload: bytes
    name: str = ""

    def encode(self) -> bytes:
        """Return the section as it stands in a module."""
        head = sized(self.name.encode()) if self.id == CUSTOM else b""
        return bytes([self.id]) + sized(head + self.payload)


@dataclass
class Module:
    """The sections of a module in their order."""

    sections: list[Section] = field(default_factory=list)

    @classmethod
    def decode(cls, data: bytes) -> Module:
        """Split *data* into sections; WasmError if it is no module or ends too early."""
        if data[: len(MAGIC)] != MAGIC:
            raise WasmError("not a WebAssembly module of version 1")
        module, pos = cls(), len(MAGIC)
        while pos < len(data):
            try:
                size, start = read_uleb(data, pos + 1)
            except IndexError:
                raise WasmError("the module ends inside a section header") from None
            if start + size > len(data):
                raise WasmError(f"section {data[pos]} at {pos} is cut off")
            module.sections.append(_section(data[pos], data[start : start + size]))
            pos = start + size
        return module

    def encode(self) -> bytes:
        """Return the module's bytes."""
        return MAGIC + b"".join(section.encode() for section in self.sections)

    def find(self, section_id: int, name: str = "") -> Section | None:
        """Return the section with that id (and name, if custom), or None."""
        for section in self.sections:
            if section.id == section_id and section.name == name:
                return section
        return None


def _section(section_id: int, body: bytes) -> Section:
    if section_id != CUSTOM:
        return Section(section_id, body)
    name, pos = read_name(body, 0)
    return Section(CUSTOM, body[pos:], name)


def read_name(data: bytes, pos: int) -> tuple[str, int]:
    """Return the name at *pos* and the position behind it."""
    size, pos = read_uleb(data, pos)
    return data[pos : pos + size].decode(), pos + size


@dataclass(frozen=True)
class FunctionType:
    """A signature; each element is the encoding of one value type (one byte or a reference)."""

    params: tuple[bytes, ...]
    results: tuple[bytes, ...]

    def encode(self) -> bytes:
        """Return the type as it stands in the type section."""
        return bytes([_FUNCTION_TYPE]) + vector(list(self.params)) + vector(list(self.results))


def _skip_value_type(data: bytes, pos: int) -> int:
    return read_uleb(data, pos + 1)[1] if data[pos] in _REFERENCE_PREFIXES else pos + 1


def _value_types(data: bytes, pos: int) -> tuple[tuple[bytes, ...], int]:
    count, pos = read_uleb(data, pos)
    types = []
    for _ in range(count):
        end = _skip_value_type(data, pos)
        types.append(data[pos:end])
        pos = end
    return tuple(types), pos


def function_types(payload: bytes) -> list[FunctionType]:
    """Return the types of a type section; WasmError if one is not a plain function type."""
    count, pos = read_uleb(payload, 0)
    types = []
    for index in range(count):
        if payload[pos] != _FUNCTION_TYPE:
            raise WasmError(f"type {index} is 0x{payload[pos]:02x}: only function types are known")
        params, pos = _value_types(payload, pos + 1)
        results, pos = _value_types(payload, pos)
        types.append(FunctionType(params, results))
    return types


def _skip_limits(data: bytes, pos: int) -> int:
    has_maximum = data[pos] & 1
    pos = read_uleb(data, pos + 1)[1]
    return read_uleb(data, pos)[1] if has_maximum else pos


def _skip_import_description(data: bytes, pos: int) -> int:
    kind = data[pos]
    pos += 1
    if kind == _IMPORTED_FUNCTION:  # type index
        return read_uleb(data, pos)[1]
    if kind == _IMPORTED_TABLE:
        return _skip_limits(data, _skip_value_type(data, pos))
    if kind == _IMPORTED_MEMORY:
        return _skip_limits(data, pos)
    if kind == _IMPORTED_GLOBAL:  # type, mutability
        return _skip_value_type(data, pos) + 1
    if kind == _IMPORTED_TAG:  # attribute, type index
        return read_uleb(data, pos + 1)[1]
    raise WasmError(f"an import of unknown kind {kind}")


def imported_functions(payload: bytes) -> int:
    """Return how many functions an import section imports."""
    count, pos = read_uleb(payload, 0)
    functions = 0
    for _ in range(count):
        pos = read_name(payload, read_name(payload, pos)[1])[1]
        functions += payload[pos] == _IMPORTED_FUNCTION
        pos = _skip_import_description(payload, pos)
    return functions


def code_bodies(payload: bytes) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each function body (its locals first) in a code section."""
    count, pos = read_uleb(payload, 0)
    for _ in range(count):
        size, start = read_uleb(payload, pos)
        pos = start + size
        if pos > len(payload):
            raise WasmError("a function body is cut off")
        yield start, pos


_LEB = rb"[\x80-\xff]*+[\x00-\x7f]"
# Bit 6 of the alignment says that the index of the memory stands between it and the offset.
_MEMARG = rb"(?:[\x40-\x7f]" + _LEB + rb")?+" + _LEB + _LEB
_ORDINARY = re.compile(
    b"(?:"
    # No immediate: control without label, exceptions, parametric, numeric, tests of references.
    rb"[\x00\x01\x05\x0a\x0b\x0f\x19\x1a\x1b\x45-\xc4\xd1\xd3\xd4]++"
    # One index or constant: labels, tags, calls, variables, tables, memory size, constants.
    rb"|[\x07-\x09\x0c\x0d\x10\x12\x14\x15\x18\x20-\x26\x3f-\x42\xd0\xd2\xd5\xd6]" + _LEB +
    # block, loop, if, try (legacy): a block type, which may be a reference to a heap type.
    rb"|[\x02-\x04\x06](?:[\x63\x64])?+" + _LEB +
    rb"|[\x28-\x3e]" + _MEMARG +
    rb"|\x13" + _LEB + _LEB +  # return_call_indirect
    rb"|\x43[\x00-\xff]{4}|\x44[\x00-\xff]{8}"
    # 0xfc: saturating conversions, wide arithmetic; bulk memory and tables with one or two indices.
    rb"|\xfc(?:[\x00-\x07\x13-\x16]|[\x09\x0b\x0d\x0f-\x11]" + _LEB +
    rb"|[\x08\x0a\x0c\x0e]" + _LEB + _LEB + rb")"
    # 0xfd, SIMD: accesses; 16 bytes (constant, shuffle); lanes; accesses of lanes; all the rest.
    rb"|\xfd(?:[\x00-\x0b\x5c\x5d]" + _MEMARG +
    rb"|[\x0c\x0d][\x00-\xff]{16}|[\x15-\x22][\x00-\xff]"
    rb"|[\x54-\x5b]" + _MEMARG + rb"[\x00-\xff]"
    rb"|[\x0e-\x14\x23-\x53\x5e-\x7f]|[\x80-\xff][\x01\x02])"
    b")*+"
)  # fmt: skip
_LABELS = re.compile(_LEB)


def _skip_lebs(data: bytes, pos: int, count: int) -> int:
    for _ in range(count):
        match = _LABELS.match(data, pos)
        if match is None:
            raise WasmError("a number is cut off")
        pos = match.end()
    return pos


def _skip_catches(data: bytes, pos: int) -> int:
    pos = read_uleb(data, pos + (data[pos] in _REFERENCE_PREFIXES))[1]
    count, pos = read_uleb(data, pos)
    for _ in range(count):
        pos = _skip_lebs(data, pos + 1, 2 if data[pos] in _CATCHES_WITH_TAG else 1)
    return pos


def _skip_counted(data: bytes, pos: int) -> int:
    """Step over an instruction whose length depends on a count in it."""
    opcode = data[pos]
    if opcode == TRY_TABLE:
        return _skip_catches(data, pos + 1)
    if opcode == SELECT_TYPED:
        return _value_types(data, pos + 1)[1]
    if opcode == BR_TABLE:
        count, pos = read_uleb(data, pos + 1)
        return _skip_lebs(data, pos, count + 1)
    raise WasmError(
        f"unknown instruction {data[pos : pos + 2].hex()} at {pos} of the code section:"
        " add it to wasm_binary.py"
    )


def _skip_locals(data: bytes, pos: int) -> int:
    groups, pos = read_uleb(data, pos)
    for _ in range(groups):
        pos = _skip_value_type(data, read_uleb(data, pos)[1])
    return pos


def find_call_indirects(data: bytes, start: int, end: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield (start, end, type index, table index) of every `call_indirect` in one function body.

    *start* and *end* are as `code_bodies` gives them.  WasmError if an instruction is unknown or
    reaches over the end of the body.
    """
    pos = _skip_locals(data, start)
    while True:
        match = _ORDINARY.match(data, pos, end)
        pos = match.end() if match else pos
        if pos >= end:
            break
        if data[pos] == CALL_INDIRECT:
            type_index, after = read_uleb(data, pos + 1)
            table_index, after = read_uleb(data, after)
            yield pos, after, type_index, table_index
            pos = after
        else:
            pos = _skip_counted(data, pos)
    if pos > end:
        raise WasmError(f"the function body at {start} of the code section ends in an instruction")
