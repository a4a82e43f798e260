"""Shared libraries that a wheel needs are put into it, where its own libraries find them.

What a library needs and where that is looked for is in its section ``dylink.0``. Needed libraries
come from the ``lib`` folders of the recipe's host libraries into ``<package>.libs``, as auditwheel
puts them for Linux. auditwheel itself reads ELF alone.
"""

from __future__ import annotations

import posixpath
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

import wasm
from names import normalised
from wheel import WheelError, check_library, is_library

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

DYLINK = "dylink.0"
NEEDED = 2
RUNTIME_PATH = 5


class Dylink(NamedTuple):
    """The section for the dynamic linker."""

    parts: list[wasm.Section]

    def strings(self, kind: int) -> list[str]:
        """Return the strings in the parts of one kind."""
        return [
            text for part in self.parts if part.kind == kind
            for text in wasm.Reader(part.content).names()
        ]  # fmt: skip

    def with_runtime_path(self, path: str) -> Dylink:
        """Return the section with one path more to look for needed libraries."""
        paths = [*self.strings(RUNTIME_PATH), path]
        content = wasm.leb128(len(paths)) + b"".join(wasm.sized(each.encode()) for each in paths)
        others = [part for part in self.parts if part.kind != RUNTIME_PATH]
        return Dylink([*others, wasm.Section(RUNTIME_PATH, content)])

    def section(self) -> wasm.Section:
        """Return the section's bytes."""
        parts = b"".join(bytes([kind]) + wasm.sized(content) for kind, content in self.parts)
        return wasm.Section(wasm.CUSTOM, wasm.sized(DYLINK.encode()) + parts)


def dylink(data: bytes) -> Dylink:
    """Return the section of a library; WasmError when it has none where it must be."""
    first = next(wasm.sections(data), None)
    if first is not None and first.kind == wasm.CUSTOM:
        reader = wasm.Reader(first.content)
        if reader.name() == DYLINK:
            return Dylink(list(wasm.subsections(reader)))
    raise wasm.WasmError("not a shared library: its first section is not dylink.0")


def with_runtime_path(data: bytes, path: str) -> bytes:
    """Return a library that also looks for what it needs in a folder."""
    found = dylink(data)
    if path in found.strings(RUNTIME_PATH):
        return data
    _, *others = wasm.sections(data)
    return wasm.joined([found.with_runtime_path(path).section(), *others])


class Vendor:
    """Completes the files of one wheel."""

    def __init__(self, wheel: str, files: dict[str, bytes], folders: Sequence[Path]) -> None:
        self.wheel = wheel
        self.files = dict(files)
        self.folders = folders
        self.own = {PurePosixPath(name).name for name in files if is_library(name)}
        package = normalised(wheel.partition("-")[0]).replace("-", "_")
        self.target = f"{package}.libs"

    def run(self) -> dict[str, bytes]:
        """Return the files with all that their libraries need."""
        waiting = [name for name in self.files if is_library(name)]
        while waiting:
            name = waiting.pop()
            missing = [each for each in self.needed(name) if each not in self.own]
            for each in missing:
                added = f"{self.target}/{each}"
                if added not in self.files:
                    self.files[added] = self.find(each, name)
                    waiting.append(added)
            if missing:
                relative = posixpath.relpath(self.target, posixpath.dirname(name) or ".")
                path = "$ORIGIN" if relative == "." else f"$ORIGIN/{relative}"
                self.files[name] = with_runtime_path(self.files[name], path)
        return self.files

    def needed(self, name: str) -> list[str]:
        """Return what a library in the wheel needs."""
        try:
            return dylink(self.files[name]).strings(NEEDED)
        except wasm.WasmError as error:
            raise WheelError(f"{self.wheel}: {name}: {error}") from error

    def find(self, needed: str, name: str) -> bytes:
        """Return the bytes of a needed library."""
        for folder in self.folders:
            path = folder / needed
            if PurePosixPath(needed).name == needed and path.is_file():
                data = path.read_bytes()
                check_library(self.wheel, needed, data)
                return data
        places = ", ".join(map(str, self.folders)) or "the recipe has no libraries"
        raise WheelError(
            f"{self.wheel}: {name} needs {needed}, which is neither in the wheel nor in the "
            f"recipe's libraries ({places}). Add the library that has it to [build] libraries"
        )
