"""Drops from Emscripten's glue the variables of exports that no JavaScript uses.

Usage: trim_glue.py GLUE [NAME...]

Emscripten declares a JavaScript variable for every export of the module and assigns each at the
start: 900 KB of source for the 5,500 exports that side modules may bind, which they do through the
table of exports and never through these variables. What stays: variables that the rest of the glue
mentions, and the NAMEs (with their leading underscore), which the loader calls through the module
object. ``-sDECLARE_ASM_MODULE_EXPORTS=0`` is the other way; it does not work with ES modules.

Raises ValueError when the glue is not laid out as Emscripten 6.0.5 lays it out.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

BODY = re.compile(r"function assignWasmExports\(wasmExports\)\{(?P<body>[^{}]*)\}")
STATEMENT = re.compile(
    r"(?P<name>[\w$]+)=(?:Module\[\"[\w$]+\"\]=)?wasmExports\[\"[\w$]+\"\](?:\.value>>>0)?"
)
IDENTIFIER = re.compile(r"[\w$]+")


def used_names(glue: str) -> set[str]:
    """Return every identifier that occurs in glue."""
    return set(IDENTIFIER.findall(glue))


def find_declaration(glue: str, end: int) -> tuple[int, int, list[str]]:
    """Return start, end and names of the ``var a,b,...;`` statement that ends at end."""
    start = glue.rfind("var ", 0, end)
    text = glue[start:end]
    if start < 0 or not re.fullmatch(r"var [\w$]+(?:,[\w$]+)*;", text):
        raise ValueError("no declaration of the exports before assignWasmExports()")
    return start, end, text[len("var ") : -1].split(",")


def trim(glue: str, wanted: set[str]) -> str:
    """Return glue with only the export variables that it uses itself or that are in wanted."""
    match = BODY.search(glue)
    if match is None:
        raise ValueError("no assignWasmExports() in the glue")
    start, end, names = find_declaration(glue, match.start())
    statements = match["body"].split(";")
    parsed = [STATEMENT.fullmatch(statement) for statement in statements]
    strange = [text for text, found in zip(statements, parsed, strict=True) if not found and text]
    # wasmTable and wasmMemory are assigned here too, from exports of the same names.
    if any("wasmExports" not in text for text in strange):
        raise ValueError(f"unknown statement in assignWasmExports(): {strange[0][:100]}")
    assigned = {found["name"] for found in parsed if found}
    rest = glue[:start] + glue[match.end() :]
    keep = used_names(rest) | wanted
    missing = wanted - assigned
    if missing:
        raise ValueError(f"the module does not export {', '.join(sorted(missing))}")
    kept_names = [name for name in names if name in keep or name not in assigned]
    kept_statements = [
        text
        for text, found in zip(statements, parsed, strict=True)
        if not found or found["name"] in keep
    ]
    body = ";".join(kept_statements)
    return (
        glue[:start]
        + f"var {','.join(kept_names)};"
        + glue[end : match.start()]
        + f"function assignWasmExports(wasmExports){{{body}}}"
        + glue[match.end() :]
    )


def main(arguments: list[str]) -> int:
    """Run the command line described above; return its exit status."""
    path = Path(arguments[0])
    glue = path.read_text()
    trimmed = trim(glue, set(arguments[1:]))
    path.write_text(trimmed)
    print(f"{path.name}: {len(glue)} -> {len(trimmed)} characters")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
