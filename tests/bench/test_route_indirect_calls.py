"""The pass over indirect calls keeps what a module computes, traps and catches, in each engine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / "src/cmake/tools"
sys.path[:0] = [str(TOOLS), str(Path(__file__).parent)]

from route_indirect_calls import format_signature, main, parse_signature, route  # noqa: E402
from wasm_assembler import (  # noqa: E402
    F32,
    F64,
    I32,
    I64,
    V128,
    Assembler,
    call_indirect,
    get,
    i32,
    signature,
)
from wasm_binary import (  # noqa: E402
    CODE,
    FUNCTION,
    IMPORT,
    TYPE,
    Module,
    Section,
    WasmError,
    code_bodies,
    find_call_indirects,
    function_types,
    sized,
    uleb,
    vector,
)

NODES = os.environ.get("COIL_NODES", "node").split(":")

# Calls each [function, arguments] of argv[2] in the module argv[1]; prints results or traps.
RUN = """
const fs = require("node:fs");
const module = new WebAssembly.Module(fs.readFileSync(process.argv[1]));
const { exports } = new WebAssembly.Instance(module, { m: { f: (a, b) => a * 1000 + b } });
const plain = (value) => (typeof value === "bigint" ? `${value}n` : value);
const outcome = (name, args) => {
  try {
    const value = exports[name](...args);
    return Array.isArray(value) ? value.map(plain) : plain(value);
  } catch (error) {
    return `${error.constructor.name}: ${error.message}`;
  }
};
console.log(JSON.stringify(JSON.parse(process.argv[2]).map(([name, args]) => outcome(name, args))));
"""

Calls = list[tuple[str, list[Any]]]


def run(node: str, data: bytes, calls: Calls) -> list[Any]:
    """Return what the *calls* into the module give in the engine *node*."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "module.wasm")
        path.write_bytes(data)
        done = subprocess.run(
            [node, "-e", RUN, str(path), json.dumps(calls)],
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode != 0:
        raise AssertionError(f"{node}: {done.stderr}")
    results: list[Any] = json.loads(done.stdout)
    return results


def remaining(data: bytes) -> list[int]:
    """Return how many indirect calls each defined function has."""
    code = Module.decode(data).find(CODE)
    assert code is not None
    return [
        len(list(find_call_indirects(code.payload, start, end)))
        for start, end in code_bodies(code.payload)
    ]


def kind_of_trap(result: object) -> object:
    """Return *result*, without the message if it is a trap's: engines word it differently."""
    return result.partition(":")[0] if isinstance(result, str) else result


BINARY = signature(I32 * 2, I32)
ADD, SUBTRACT, MULTIPLY = (get(0) + get(1) + op for op in (b"\x6a", b"\x6b", b"\x6c"))


class Routing(unittest.TestCase):
    """Modules before and after the pass, side by side."""

    def check_same(self, assembler: Assembler, calls: Calls, expected: list[Any]) -> bytes:
        before = assembler.encode()
        after, report = route(before)
        defined = len(assembler.functions)
        self.assertGreater(sum(report.routed.values()), 0)
        self.assertEqual(remaining(after), [0] * defined + [1] * report.thunks)
        for node in NODES:
            with self.subTest(node=node):
                results = run(node, before, calls)
                self.assertEqual([kind_of_trap(result) for result in results], expected)
                self.assertEqual(run(node, after, calls), results)
        return after

    def test_targets_arguments_and_traps_stay(self) -> None:
        caller = get(0) + get(1) + get(2) + call_indirect(0)
        assembler = Assembler(
            [BINARY, signature(I32 * 3, I32), signature(F64, F64)],
            [(0, ADD), (0, SUBTRACT), (0, MULTIPLY), (2, get(0)), (1, caller)],
            [[1, 2, 3, 0, 4]],
        )
        calls: Calls = [("f4", [30, 12, target]) for target in (0, 1, 2, 3, 4, 5, 16)]
        self.check_same(
            assembler,
            calls,
            # A wrong signature, an empty entry, and an index behind the table's end trap.
            [42, 18, 360, 30012, "RuntimeError", "RuntimeError", "RuntimeError"],
        )

    def test_one_function_for_each_signature_and_table(self) -> None:
        twice = i32(5) + i32(7) + get(0) + call_indirect(0)
        assembler = Assembler(
            # The first and the last type are the same signature under two indices.
            [BINARY, signature(I32, I32), BINARY],
            [
                (0, ADD),
                (2, MULTIPLY),
                (1, twice),
                (1, i32(5) + i32(7) + get(0) + call_indirect(2)),
                (1, i32(5) + i32(7) + get(0) + call_indirect(0, table=1)),
            ],
            [[1, 2], [2, 1]],
        )
        calls: Calls = [(f"f{f}", [target]) for f in (2, 3, 4) for target in (0, 1)]
        after = self.check_same(assembler, calls, [12, 35, 12, 35, 35, 12])
        self.assertEqual(sum(remaining(after)), 2)

    def test_many_results_and_wide_values(self) -> None:
        swap = signature(I64 + F64, F64 + I64)
        assembler = Assembler(
            [BINARY, swap, signature(F32, b""), signature(I32, F64 + I64)],
            [
                (1, get(1) + get(0)),
                (2, b""),
                (
                    3,
                    b"\x42\xc0\xbb\x78"  # i64.const -123456
                    b"\x44\x00\x00\x00\x00\x00\x00\xf8\x3f"  # f64.const 1.5
                    + get(0)
                    + call_indirect(1)
                    + b"\x43\x11\x11\x11\x11"  # f32.const whose bytes look like calls
                    + i32(1)
                    + call_indirect(2),
                ),
            ],
            [[1, 2]],
        )
        self.check_same(assembler, [("f2", [0])], [[1.5, "-123456n"]])

    def test_operands_that_look_like_calls_are_not_changed(self) -> None:
        constant = b"\x41\x91\xa2\xc4\x88\x01"  # i32.const 0x11111111
        vector_constant = b"\xfd\x0c" + b"\x11\x00" * 8 + b"\xfd\x1b\x00"  # lane 0 of i16x8 pairs
        lookalikes = constant + vector_constant + b"\x6a" + i32(0x11) + b"\x6a"
        assembler = Assembler(
            [BINARY, signature(I32, I32)],
            [(0, ADD), (1, lookalikes + i32(0x11) + get(0) + call_indirect(0))],
            [[1]],
        )
        self.check_same(assembler, [("f1", [0])], [0x11111111 + 0x00110011 + 0x11 + 0x11])

    def test_calls_inside_control_flow(self) -> None:
        pick = i32(9) + i32(4) + get(0) + call_indirect(0)
        # Three blocks: 0 leaves the first and picks, 1 the second, all else falls out of the third.
        table = (
            b"\x02\x40\x02\x40\x02\x40" + get(0) + b"\x0e\x02\x00\x01\x02\x0b"
            + pick + b"\x0f\x0b" + pick + i32(50) + b"\x6a\x0f\x0b"
        )  # fmt: skip
        # A loop with a parameter and a result (type 1) that counts down, then typed select.
        loop = (
            i32(3) + b"\x03\x01" + i32(1) + i32(1) + call_indirect(0) + b"\x22\x00"
            + get(0) + b"\x0d\x00\x0b" + i32(7) + i32(1) + b"\x1c\x01\x7f"
        )  # fmt: skip
        assembler = Assembler(
            [BINARY, signature(I32, I32)],
            [(0, ADD), (0, SUBTRACT), (1, table + i32(60)), (1, loop)],
            [[1, 2]],
        )
        self.check_same(
            assembler,
            [("f2", [0]), ("f2", [1]), ("f2", [2]), ("f3", [9])],
            [13, 55, 60, 0],
        )

    def test_exceptions_of_both_encodings_pass_through(self) -> None:
        throw = get(0) + b"\x08\x00"
        call = i32(33) + get(0) + call_indirect(1)
        legacy = b"\x06\x7f" + call + i32(1) + b"\x07\x00" + i32(4) + b"\x6a\x19" + i32(2) + b"\x0b"
        current = b"\x02\x7f\x1f\x40\x01\x00\x00\x00" + call + b"\x0b" + i32(1) + b"\x0b"
        assembler = Assembler(
            [BINARY, signature(I32), signature(I32, I32)],
            [(1, throw), (1, b""), (2, legacy)],
            [[1, 2]],
            tags=[1],
        )
        self.check_same(assembler, [("f2", [0]), ("f2", [1])], [37, 1])
        assembler.functions[2] = (2, current)
        self.check_same(assembler, [("f2", [0]), ("f2", [1])], [33, 1])

    def test_vectors_as_arguments(self) -> None:
        splat_add = get(0) + b"\xfd\x11" + get(0) + b"\xfd\x11\xfd\xae\x01"  # i32x4.splat, add
        shuffle = b"\xfd\x0d" + bytes(range(16))
        assembler = Assembler(
            [BINARY, signature(I32, V128), signature(I32, I32), signature(V128 * 2, V128)],
            [
                (1, splat_add),
                (3, get(0) + get(1) + shuffle),
                (
                    2,  # splat(21 + 21) and splat(1 + 1), of which the shuffle takes the first
                    i32(21) + get(0) + call_indirect(1)
                    + i32(1) + get(0) + call_indirect(1)
                    + i32(1) + call_indirect(3) + b"\xfd\x1b\x03",  # lane 3
                ),
            ],
            [[1, 2]],
        )  # fmt: skip
        self.check_same(assembler, [("f2", [0])], [42])


class Sections(unittest.TestCase):
    """What the pass does to the rest of the module."""

    def module(self, custom: Iterable[Section] = (), leading: Iterable[Section] = ()) -> bytes:
        return Assembler(
            [BINARY, signature(I32, I32)],
            [(0, ADD), (1, i32(1) + i32(2) + get(0) + call_indirect(0))],
            [[1]],
            custom=list(custom),
            leading=list(leading),
        ).encode()

    def test_other_sections_stay_byte_for_byte(self) -> None:
        dylink, features = Section(0, b"\x01\x02\x03", "dylink.0"), Section(0, b"x", "features")
        before = self.module(leading=[dylink], custom=[features])
        changed = {TYPE, FUNCTION, CODE}
        kept = [s for s in Module.decode(before).sections if s.id not in changed]
        after = Module.decode(route(before)[0])
        self.assertEqual([s for s in after.sections if s.id not in changed], kept)
        self.assertEqual(after.sections[0], dylink)

    def test_sections_that_state_positions_are_dropped(self) -> None:
        names = [".debug_line", "metadata.code.branch_hint", "sourceMappingURL"]
        before = self.module(custom=[Section(0, b"\x00", name) for name in names])
        after, report = route(before)
        self.assertEqual(report.dropped, names)
        self.assertFalse([s for s in Module.decode(after).sections if s.name in names])

    def test_new_functions_are_named_if_functions_are(self) -> None:
        functions = vector([uleb(1) + sized(b"add"), uleb(2) + sized(b"caller")])
        module_name = b"\x00" + sized(sized(b"module"))
        section = Section(0, module_name + b"\x01" + sized(functions), "name")
        before = self.module(custom=[section])
        result = Module.decode(route(before)[0]).find(0, "name")
        assert result is not None
        added = uleb(3) + sized(b"call_indirect_iii_0")
        grown = b"\x03" + functions[1:] + added
        self.assertEqual(result.payload, module_name + b"\x01" + sized(grown))

    def test_types_are_appended_and_none_twice(self) -> None:
        after, _ = route(self.module())
        section = Module.decode(after).find(TYPE)
        assert section is not None
        self.assertEqual(
            function_types(section.payload),
            [BINARY, signature(I32, I32), signature(I32 * 3, I32)],
        )

    def test_a_second_run_changes_no_result(self) -> None:
        once = route(self.module())[0]
        twice = route(once)[0]
        for node in NODES:
            self.assertEqual(run(node, twice, [("f1", [0])]), [3])


class Options(unittest.TestCase):
    """Places that are left out, and the command line."""

    def module(self, *, names: bool = False) -> bytes:
        functions = vector([uleb(2) + sized(b"first"), uleb(3) + sized(b"second")])
        section = Section(0, b"\x01" + sized(functions), "name")
        return Assembler(
            [BINARY, signature(I32, I32), signature(I32)],
            [
                (0, ADD),
                (1, i32(1) + i32(2) + get(0) + call_indirect(0)),
                (
                    1,
                    i32(1)
                    + i32(2)
                    + i32(3)
                    + get(0)
                    + call_indirect(0)
                    + get(0)
                    + call_indirect(0),
                ),
            ],
            [[1]],
            custom=[section] if names else [],
        ).encode()

    def test_a_signature_is_left(self) -> None:
        data, report = route(self.module(), left_signatures=frozenset({"iii"}))
        self.assertEqual((report.left, report.thunks, remaining(data)), (3, 0, [0, 1, 2]))

    def test_a_function_is_left(self) -> None:
        data, report = route(self.module(names=True), left_functions=frozenset({"second"}))
        self.assertEqual((report.left, remaining(data)), (2, [0, 0, 2, 1]))
        for node in NODES:
            self.assertEqual(run(node, data, [("f1", [0]), ("f2", [0])]), [3, 6])

    def test_a_function_without_a_name_is_an_error(self) -> None:
        with self.assertRaisesRegex(WasmError, "third.*--profiling-funcs"):
            route(self.module(names=True), left_functions=frozenset({"third"}))

    def test_signatures_in_letters(self) -> None:
        for letters in ("v", "iii", "vijfdV"):
            self.assertEqual(format_signature(parse_signature(letters)), letters)
        for wrong in ("", "iv", "x"):
            with self.assertRaises(WasmError):
                parse_signature(wrong)

    def test_command_line_replaces_the_file_in_place(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory, "m.wasm")
            path.write_bytes(self.module())
            self.assertEqual(main([str(path), str(path), "--node", NODES[0]]), 0)
            self.assertEqual(remaining(path.read_bytes()), [0, 0, 0, 1])
            self.assertEqual(list(Path(directory).iterdir()), [path])

    def test_an_invalid_result_is_not_written(self) -> None:
        broken = self.module().replace(ADD, get(0) + get(1) + b"\xa0")  # f64.add of integers
        with tempfile.TemporaryDirectory() as directory:
            path, out = Path(directory, "m.wasm"), Path(directory, "out.wasm")
            path.write_bytes(broken)
            self.assertEqual(main([str(path), str(out), "--node", NODES[0]]), 1)
            self.assertEqual(list(Path(directory).iterdir()), [path])


class Damage(unittest.TestCase):
    """Modules that are refused, each with a reason."""

    def simple(self, code: bytes) -> bytes:
        return Assembler([BINARY], [(0, code)], [[1]]).encode()

    def refuse(self, data: bytes, reason: str) -> None:
        with self.assertRaisesRegex(WasmError, reason):
            route(data)

    def test_not_a_module(self) -> None:
        self.refuse(b"", "not a WebAssembly module")
        self.refuse(b"\x7fELF" + bytes(40), "not a WebAssembly module")

    def test_every_cut_is_noticed(self) -> None:
        data = self.simple(ADD)
        for size in range(8, len(data)):
            with self.subTest(size=size), self.assertRaises(WasmError):
                route(data[:size])

    def test_unknown_instructions_are_not_skipped(self) -> None:
        self.refuse(self.simple(b"\xfe\x00\x02\x00"), "unknown instruction fe00")

    def test_an_object_before_linking(self) -> None:
        linking = Section(0, b"\x02", "linking")
        data = Assembler([BINARY], [(0, ADD)], [[1]], custom=[linking]).encode()
        self.refuse(data, "has not been linked")

    def test_a_module_without_code(self) -> None:
        data = Module([Section(TYPE, vector([])), Section(IMPORT, vector([]))]).encode()
        self.refuse(data, "no section 3")


if __name__ == "__main__":
    unittest.main()
