"""The global names of Emscripten's JavaScript libraries, which biome.json has to list.

A library file uses what emcc puts beside it: names that every library may use, the library symbols
it names in its ``__deps``, and the objects that the project's libraries define as ``$NAME``. The
target ``format`` writes this list into biome.json and the target ``lint`` compares it, so that a
misspelt global is found and a new library needs no second entry by hand.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

# What emcc gives to every library without being asked.
STANDARD = {
    "ABORT", "C_STRUCTS", "ENVIRONMENT_IS_NODE", "ENVIRONMENT_IS_WEB", "ENVIRONMENT_IS_WORKER",
    "ExitStatus",
    "HEAP16", "HEAP32", "HEAP64", "HEAP8", "HEAPF32", "HEAPF64", "HEAPU16", "HEAPU32", "HEAPU64",
    "HEAPU8", "LibraryManager", "Module", "abort", "addAtInit", "addToLibrary", "cDefs", "err",
    "out", "runtimeInitialized", "wasmExports", "wasmImports", "wasmMemory", "wasmTable",
    # Of the dynamic loader and the table: part of every main module; some are internal, and emcc
    # warns of those in __deps.
    "dlSetError", "getDylinkMetadata", "loadDynamicLibrary", "loadWebAssemblyModule",
    "setWasmTableEntry",
}  # fmt: skip
FOLDERS = ("src/runtime/", "pyjs_bridge/")

DEPENDENCIES = re.compile(r"__deps\s*:\s*\[([^\]]*)\]")
STRING = re.compile(r"""["'](\$?)([\w.]+)["']""")
DEFINITION = re.compile(r"^\s*(?:async\s+)?\$(\w+)\s*[:(,]", re.MULTILINE)


def globals_of(text: str) -> Iterator[str]:
    """Yield the globals that one library defines or names as its dependencies."""
    for match in DEFINITION.finditer(text):
        if "__" not in match.group(1):  # $NAME__deps and its like are no names
            yield match.group(1)
    for dependencies in DEPENDENCIES.finditer(text):
        for dollar, name in STRING.findall(dependencies.group(1)):
            yield name if dollar else f"_{name}"


def expected_globals(root: Path, names: Iterable[str]) -> list[str]:
    """Return the sorted globals of all libraries among the files *names*."""
    found = set(STANDARD)
    for name in names:
        if name.startswith(FOLDERS) and name.endswith(".js"):
            found.update(globals_of((root / name).read_text(encoding="utf-8")))
    return sorted(found)


def update(root: Path, names: Iterable[str]) -> bool:
    """Write the list into biome.json; return whether it was another one before."""
    path = root / "biome.json"
    settings = json.loads(path.read_text(encoding="utf-8"))
    listed = settings["overrides"][0]["javascript"]
    if listed["globals"] == (expected := expected_globals(root, names)):
        return False
    listed["globals"] = expected
    path.write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")
    return True


def is_current(root: Path, names: Iterable[str]) -> bool:
    """Tell whether biome.json has the list that update() would write."""
    settings = json.loads((root / "biome.json").read_text(encoding="utf-8"))
    listed = settings["overrides"][0]["javascript"]["globals"]
    return bool(listed == expected_globals(root, names))
