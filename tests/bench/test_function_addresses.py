"""The addresses of functions that the build writes into the interpreter are those in engines.

That the interpreter's own are right is in tests/runtime/test_link.py.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src/cmake/tools"), str(Path(__file__).parent)]

from function_addresses import ELEMENT, EXPORT, NAME, add, main  # noqa: E402
from wasm_assembler import I32, Assembler, i32, signature  # noqa: E402
from wasm_binary import CUSTOM, Module, Section, WasmError, sized, uleb, vector  # noqa: E402

NODES = os.environ.get("COIL_NODES", "node").split(":")

# Prints, for a module that exports its table as "table": the section, and for each exported
# function the first place of the table that has it.
ASK = """
const fs = require("node:fs");
const module = new WebAssembly.Module(fs.readFileSync(process.argv[1]));
const { exports } = new WebAssembly.Instance(module, { m: { f: () => 0 } });
const { table, ...functions } = exports;
const places = {};
for (const [name, callee] of Object.entries(functions)) {
  for (let i = 0; i < table.length && !(name in places); i++) {
    if (table.get(i) === callee) places[name] = i;
  }
}
const [section] = WebAssembly.Module.customSections(module, "coil.addresses");
console.log(JSON.stringify([JSON.parse(new TextDecoder().decode(section)), places]));
"""


def module(*segments: bytes) -> bytes:
    """Return a module of four exported functions, f0 to f3, with indices from 1 on.

    Its table is exported as well; the segments fill it.
    """
    functions = [(0, i32(number)) for number in range(4)]
    decoded = Module.decode(Assembler([signature(b"", I32)], functions, [[]]).encode())
    for section in decoded.sections:
        if section.id == EXPORT:
            count, rest = section.payload[0], section.payload[1:]
            section.payload = uleb(count + 1) + rest + sized(b"table") + b"\x01\x00"
        elif section.id == ELEMENT:
            section.payload = vector(list(segments))
    return decoded.encode()


def segment(place: bytes, *functions: int) -> bytes:
    """Return an active segment of the first table; *place* is the constant as LEB128."""
    return b"\x00\x41" + place + b"\x0b" + vector([uleb(index) for index in functions])


class FunctionAddressesTest(unittest.TestCase):
    """The tool over small modules, and the section of the interpreter itself."""

    def ask(self, data: bytes) -> tuple[dict[str, int], dict[str, int]]:
        """Return what the tool writes and what an engine finds; the same in every engine."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "x.wasm"
            path.write_bytes(data)
            with contextlib.redirect_stdout(io.StringIO()):
                self.assertEqual(main([str(path), str(path)]), 0)
            answers = [subprocess.check_output([node, "-e", ASK, path]) for node in NODES]
        for answer in answers:
            self.assertEqual(answer, answers[0])
        written, found = json.loads(answers[0])
        return written, found

    def test_places_are_those_that_the_engine_finds(self) -> None:
        written, found = self.ask(module(segment(b"\x00", 2, 4, 2, 1)))
        self.assertEqual(written, {"f0": 3, "f1": 0, "f3": 1})
        self.assertEqual(found, written)

    def test_several_segments_at_places_of_several_bytes(self) -> None:
        # 5 in two bytes, as linkers write constants; 9 in one; the first place of f1 counts.
        written, found = self.ask(module(segment(b"\x85\x00", 1, 2), segment(b"\x09", 2)))
        self.assertEqual(written, {"f0": 5, "f1": 6})
        self.assertEqual(found, written)

    def test_a_module_with_nothing_in_its_table(self) -> None:
        written, found = self.ask(module())
        self.assertEqual(written, {})
        self.assertEqual(found, {})

    def test_the_module_is_otherwise_unchanged(self) -> None:
        data = module(segment(b"\x00", 1, 2))
        changed, count = add(data)
        self.assertEqual(count, 2)
        self.assertEqual(changed[: len(data)], data)
        added = Module.decode(changed).sections[-1]
        self.assertEqual((added.id, added.name), (CUSTOM, NAME))

    def test_segments_of_other_kinds_are_refused(self) -> None:
        passive = b"\x01\x00" + vector([uleb(1)])
        computed = b"\x00\x23\x00\x0b" + vector([uleb(1)])  # global.get
        sum_of_two = b"\x00\x41\x01\x41\x01\x6a\x0b" + vector([uleb(1)])
        for bad in (passive, computed, sum_of_two):
            with self.subTest(bad), self.assertRaises(WasmError):
                add(module(bad))

    def test_what_is_no_module_is_refused_with_its_name(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "x.wasm"
            path.write_bytes(Section(CUSTOM, b"", "x").encode())
            said = io.StringIO()
            with contextlib.redirect_stderr(said):
                self.assertEqual(main([str(path), str(path)]), 1)
            self.assertIn(str(path), said.getvalue())


if __name__ == "__main__":
    unittest.main()
