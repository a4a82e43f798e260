"""Route every `call_indirect` of a linked wasm module through one function per signature.

V8 since 13.7 (Chrome 137, Node 26) inlines, on speculation, the targets that it has seen at a
`call_indirect`.  An interpreter calls other targets through the same place later: the optimised
code of the caller is thrown away ("wrong call target") and compiled again, time after time.  When
all places of one signature share one small function that does the call, the engine sees many
targets from the start and does not speculate.

    python3 route_indirect_calls.py IN.wasm OUT.wasm --node NODE

IN and OUT may be the same file; it is replaced only when all went well.

Types and functions are appended, so that no index changes.  Sections that state positions in the
code (DWARF, branch hints, source map) no longer hold and are dropped; all others stay.

The alternative, a helper in C for each slot signature, would be a patch at some 300 places of
CPython and would miss those in libraries.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from wasm_binary import (
    CALL,
    CALL_INDIRECT,
    CODE,
    CUSTOM,
    FUNCTION,
    IMPORT,
    TYPE,
    FunctionType,
    Module,
    Section,
    WasmError,
    code_bodies,
    find_call_indirects,
    function_types,
    imported_functions,
    read_name,
    read_uleb,
    sized,
    uleb,
    vector,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_I32 = b"\x7f"
_LOCAL_GET, _END = b"\x20", b"\x0b"
_FUNCTION_NAMES = 1  # the subsection of the name section
# Emscripten's letters for signatures: the result first, `v` for none.
_LETTERS = {"i": b"\x7f", "j": b"\x7e", "f": b"\x7d", "d": b"\x7c", "V": b"\x7b", "e": b"\x6f"}
_STATES_POSITIONS = (".debug_", "metadata.code.", "sourceMappingURL", "external_debug_info")
_UNLINKED = ("linking", "reloc.")


def parse_signature(text: str) -> FunctionType:
    """Return the type written as Emscripten does, `iii` = two i32 to an i32, `vi` = i32 to none."""
    unknown = set(text) - set(_LETTERS) - {"v"}
    if not text or unknown or "v" in text[1:]:
        raise WasmError(f"{text!r} is not a signature: one of ijfdVev, then any of ijfdVe")
    results = () if text[0] == "v" else (_LETTERS[text[0]],)
    return FunctionType(tuple(_LETTERS[letter] for letter in text[1:]), results)


def format_signature(signature: FunctionType) -> str:
    """Return *signature* in Emscripten's letters; several results stand in brackets."""
    letters = {code: letter for letter, code in _LETTERS.items()}
    params = "".join(letters.get(code, "?") for code in signature.params)
    results = "".join(letters.get(code, "?") for code in signature.results) or "v"
    return (results if len(results) == 1 else f"({results})") + params


@dataclass
class Thunks:
    """The functions to append: one for each signature and table that was asked for."""

    types: list[FunctionType]
    first_function: int
    keys: list[tuple[FunctionType, int]] = field(default_factory=list)
    _index: dict[tuple[FunctionType, int], int] = field(default_factory=dict)

    def function_for(self, signature: FunctionType, table: int) -> int:
        """Return the index of the function that calls entries of *table* with *signature*."""
        key = signature, table
        if key not in self._index:
            self._index[key] = self.first_function + len(self.keys)
            self.keys.append(key)
        return self._index[key]

    def type_index(self, signature: FunctionType) -> int:
        """Return the index of *signature*, appending the type where the module lacks it."""
        if signature not in self.types:
            self.types.append(signature)
        return self.types.index(signature)

    def bodies(self) -> list[bytes]:
        """Return the code: the arguments, the table index (the last parameter), the call."""
        codes = []
        for signature, table in self.keys:
            gets = [_LOCAL_GET + uleb(i) for i in range(len(signature.params) + 1)]
            call = bytes([CALL_INDIRECT]) + uleb(self.type_index(signature)) + uleb(table)
            codes.append(sized(uleb(0) + b"".join(gets) + call + _END))
        return codes

    def declarations(self) -> list[bytes]:
        """Return the type index of each function, encoded."""
        own = (FunctionType((*sig.params, _I32), sig.results) for sig, _ in self.keys)
        return [uleb(self.type_index(signature)) for signature in own]

    def names(self) -> list[bytes]:
        """Return the entries of the functions for the name section."""
        return [
            uleb(index) + sized(f"call_indirect_{format_signature(signature)}_{table}".encode())
            for (signature, table), index in self._index.items()
        ]


@dataclass
class Report:
    """What was done: places by signature, places left alone, functions appended."""

    routed: Counter[str] = field(default_factory=Counter)
    left: int = 0
    thunks: int = 0
    dropped: list[str] = field(default_factory=list)


def _required(module: Module, section_id: int) -> Section:
    section = module.find(section_id)
    if section is None:
        raise WasmError(f"the module has no section {section_id}: there is no code to change")
    return section


def _append(encoded: bytes, items: list[bytes]) -> bytes:
    count, pos = read_uleb(encoded, 0)
    return uleb(count + len(items)) + encoded[pos:] + b"".join(items)


def _function_names(payload: bytes) -> dict[int, str]:
    count, pos = read_uleb(payload, 0)
    names = {}
    for _ in range(count):
        index, pos = read_uleb(payload, pos)
        names[index], pos = read_name(payload, pos)
    return names


def _name_subsections(module: Module) -> list[tuple[int, bytes]]:
    section = module.find(CUSTOM, "name")
    found, pos = [], 0
    while section and pos < len(section.payload):
        size, start = read_uleb(section.payload, pos + 1)
        found.append((section.payload[pos], section.payload[start : start + size]))
        pos = start + size
    return found


def _add_names(module: Module, thunks: Thunks) -> None:
    section = module.find(CUSTOM, "name")
    if section is None:
        return
    out = []
    for number, payload in _name_subsections(module):
        added = _append(payload, thunks.names()) if number == _FUNCTION_NAMES else payload
        out.append(bytes([number]) + sized(added))
    section.payload = b"".join(out)


def _indices_of(module: Module, wanted: set[str]) -> set[int]:
    """Return the indices of the functions named *wanted*; each must be in the name section."""
    names: dict[int, str] = {}
    for number, payload in _name_subsections(module):
        if number == _FUNCTION_NAMES:
            names = _function_names(payload)
    missing = wanted - set(names.values())
    if missing:
        raise WasmError(
            f"no function is named {', '.join(sorted(missing))}: link with --profiling-funcs,"
            " which keeps the names, or leave the option out"
        )
    return {index for index, name in names.items() if name in wanted}


def _refuse_unlinked(module: Module) -> None:
    for section in module.sections:
        if section.name.startswith(_UNLINKED):
            raise WasmError(f"section {section.name!r}: the module has not been linked yet")


def _drop_positions(module: Module, report: Report) -> None:
    stale = [s for s in module.sections if s.name.startswith(_STATES_POSITIONS)]
    report.dropped = [section.name for section in stale]
    module.sections = [section for section in module.sections if section not in stale]


def _route_body(
    code: bytes, start: int, end: int, target: Callable[[int, int], int | None]
) -> bytes:
    """Return the body with each call replaced for which *target* gives a function."""
    pieces, done = [], start
    for at, after, type_index, table in find_call_indirects(code, start, end):
        function = target(type_index, table)
        if function is not None:
            pieces += [code[done:at], bytes([CALL]) + uleb(function)]
            done = after
    return b"".join((*pieces, code[done:end]))


@dataclass
class _Router:
    """Says for each place where it goes, and counts."""

    types: list[FunctionType]
    thunks: Thunks
    left_signatures: set[FunctionType]
    report: Report

    def target(self, type_index: int, table: int) -> int | None:
        signature = self.types[type_index]
        if signature in self.left_signatures:
            self.report.left += 1
            return None
        self.report.routed[format_signature(signature)] += 1
        return self.thunks.function_for(signature, table)

    def leave(self, _type_index: int, _table: int) -> None:
        self.report.left += 1


def route(
    data: bytes,
    left_signatures: frozenset[str] = frozenset(),
    left_functions: frozenset[str] = frozenset(),
) -> tuple[bytes, Report]:
    """Return the module *data* with its indirect calls routed, and what was done.

    Calls of a signature in *left_signatures* (Emscripten's letters) and those inside a function in
    *left_functions* (by the name section) stay as they are.  WasmError if the module is damaged,
    not linked, or has an instruction that wasm_binary.py does not know.
    """
    module = Module.decode(data)
    _refuse_unlinked(module)
    try:
        return _route_module(module, left_signatures, left_functions)
    except (IndexError, UnicodeDecodeError) as error:
        raise WasmError(f"a section is damaged ({error})") from error


def _route_module(
    module: Module, left_signatures: frozenset[str], left_functions: frozenset[str]
) -> tuple[bytes, Report]:
    report = Report()
    types = function_types(_required(module, TYPE).payload)
    imports = module.find(IMPORT)
    imported = imported_functions(imports.payload) if imports else 0
    functions = _required(module, FUNCTION)
    defined = read_uleb(functions.payload, 0)[0]
    thunks = Thunks(list(types), imported + defined)
    router = _Router(types, thunks, {parse_signature(s) for s in left_signatures}, report)
    left = _indices_of(module, set(left_functions)) if left_functions else set()

    code = _required(module, CODE)
    bodies = []
    for index, (start, end) in enumerate(code_bodies(code.payload), imported):
        target = router.leave if index in left else router.target
        bodies.append(sized(_route_body(code.payload, start, end, target)))
    code.payload = vector(bodies + thunks.bodies())
    functions.payload = _append(functions.payload, thunks.declarations())
    _required(module, TYPE).payload = vector([signature.encode() for signature in thunks.types])
    _add_names(module, thunks)
    _drop_positions(module, report)
    report.thunks = len(thunks.keys)
    return module.encode(), report


def validate(node: str, path: Path) -> None:
    """Let the engine of *node* validate the module at *path*; WasmError if it refuses it."""
    # Not WebAssembly.validate(), which does not say what is wrong and where.
    script = "new WebAssembly.Module(require('node:fs').readFileSync(process.argv[1]))"
    run = subprocess.run(
        [node, "-e", script, str(path)], capture_output=True, text=True, check=False
    )
    if run.returncode != 0:
        raise WasmError(f"{path} is not valid:\n{run.stderr.strip()}")


def _parser() -> argparse.ArgumentParser:
    summary, _, details = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser(
        description=summary, epilog=details, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("module", type=Path, help="the linked wasm module")
    parser.add_argument("output", type=Path, help="where to write the result")
    parser.add_argument("--node", help="validate the result with this Node program")
    parser.add_argument(
        "--leave-signature",
        action="append",
        default=[],
        metavar="SIG",
        help="do not touch calls of this signature, in Emscripten's letters (iiii: result first)",
    )
    parser.add_argument(
        "--leave-function",
        action="append",
        default=[],
        metavar="NAME",
        help="do not touch calls inside this function (needs the name section)",
    )
    parser.add_argument("-v", "--verbose", action="store_true", help="count calls by signature")
    return parser


def _print_report(report: Report, before: int, after: int, *, verbose: bool) -> None:
    total = sum(report.routed.values())
    print(
        f"{total} indirect calls routed through {report.thunks} functions,"
        f" {report.left} left; {before} -> {after} bytes"
    )
    if report.dropped:
        print("dropped, as they state positions in the code:", ", ".join(report.dropped))
    for signature, count in report.routed.most_common() if verbose else ():
        print(f"{count:7} {signature}")


def main(arguments: list[str]) -> int:
    """Run the pass as the command line says; return the exit code."""
    options = _parser().parse_args(arguments)
    data = options.module.read_bytes()
    partial = options.output.with_name(options.output.name + ".part")
    try:
        result, report = route(
            data, frozenset(options.leave_signature), frozenset(options.leave_function)
        )
        partial.write_bytes(result)
        if options.node:
            validate(options.node, partial)
        partial.replace(options.output)
    except WasmError as error:
        print(f"{options.module}: {error}", file=sys.stderr)
        return 1
    finally:
        partial.unlink(missing_ok=True)
    _print_report(report, len(data), len(result), verbose=options.verbose)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
