"""Functions of extension modules whose C signature is not the one CPython calls them with.

The module _coil_signatures has one of each kind that native ABIs forgive; without help each call
would end the process with "function signature mismatch".
"""

from __future__ import annotations

import json
import textwrap
import unittest

from engines import ENGINES, Engine, interrupt

PRELUDE = "import json, sys; import _coil_signatures as module\n"

# Asked of the module itself, and of an instance of both of its types.
CALLS = """
class Recorder:
    def __init__(self):
        self.results = {}

    def __call__(self, name, function):
        try:
            result = function()
        except BaseException as error:
            result = f"{type(error).__name__}: {error}"
        self.results[name] = result


def call_all(owner, record):
    record("noargs_0", lambda: owner.noargs_0())
    record("noargs_1", lambda: owner.noargs_1())
    record("noargs_3", lambda: owner.noargs_3())
    record("o_0", lambda: owner.o_0(1))
    record("o_1", lambda: owner.o_1(1))
    record("o_3", lambda: owner.o_3("x"))
    record("varargs_1", lambda: owner.varargs_1(1, 2))
    record("varargs_3", lambda: owner.varargs_3(1, 2))
    record("keywords_1", lambda: owner.keywords_1(1, a=2))
    record("keywords_2", lambda: owner.keywords_2(1, a=2))
    record("fastcall_2", lambda: owner.fastcall_2("first", 2))
    record("fastcall_4", lambda: owner.fastcall_4("first", 2))
    record("fastcall_keywords_3", lambda: owner.fastcall_keywords_3(1, 2, a=3))
    record("void", lambda: owner.void())
    record("wide", lambda: owner.wide())
    record("fraction", lambda: owner.fraction(1))
    record("unpacked", lambda: owner.fastcall_2(*["first", 2]))
    record("mapped", lambda: list(map(owner.o_1, [1, 2])))
    record("repeated", lambda: list({owner.o_1(i) for i in range(5000)}))
    record("repeated without", lambda: list({owner.noargs_1() for i in range(5000)}))
    record("wrong number", lambda: owner.noargs_0(1))


record = Recorder()
call_all(OWNER, record)
print(json.dumps(record.results))
"""

UNSUPPORTED = (
    "SystemError: an extension module's function has parameters or a result that CPython never "
    "passes (64-bit or floating-point); its C signature must be corrected"
)


def expected(owner: str) -> dict[str, object]:
    """Return what CALLS prints; owner is the type of self."""
    return {
        "noargs_0": "nothing taken",
        "noargs_1": f"self: {owner}",
        "noargs_3": [0, 0],
        "o_0": "nothing taken",
        "o_1": f"self: {owner}",
        "o_3": ["x", None],
        "varargs_1": f"self: {owner}",
        "varargs_3": [[1, 2], None],
        "keywords_1": f"self: {owner}",
        "keywords_2": [1],
        "fastcall_2": "first",
        "fastcall_4": ["first", None],
        "fastcall_keywords_3": 2,
        "wide": UNSUPPORTED,
        "fraction": UNSUPPORTED,
        "unpacked": "first",
        "mapped": [f"self: {owner}"] * 2,
        "repeated": [f"self: {owner}"],
        "repeated without": [f"self: {owner}"],
    }


class SignatureTest(unittest.TestCase):
    """Each test runs on every engine."""

    maxDiff = None

    def run_json(self, engine: Engine, code: str) -> object:
        """Run code after PRELUDE and return what it printed as JSON."""
        process = engine.run(PRELUDE + textwrap.dedent(code))
        self.assertEqual((process.returncode, process.stderr), (0, ""), process.stdout)
        return json.loads(process.stdout)

    def check_calls(self, owner: str, self_type: str) -> None:
        """Call every function of owner, a Python expression, on every engine."""
        for engine in ENGINES:
            with self.subTest(engine=str(engine)):
                results = self.run_json(engine, CALLS.replace("OWNER", owner))
                assert isinstance(results, dict)
                # What a function returns that returns nothing is NULL, an error of the module.
                self.assertIn("returned NULL without setting", results.pop("void"))
                self.assertIn("takes no arguments (1 given)", results.pop("wrong number"))
                self.assertEqual(results, expected(self_type))

    def test_functions_of_a_module(self) -> None:
        self.check_calls("module", "module")

    def test_methods_of_a_static_type(self) -> None:
        self.check_calls("module.StaticOdd()", "_coil_signatures.StaticOdd")

    def test_methods_of_a_heap_type(self) -> None:
        self.check_calls("module.HeapOdd()", "_coil_signatures.HeapOdd")

    def test_class_and_static_methods_and_the_defining_class(self) -> None:
        code = """
            odd = module.HeapOdd
            print(json.dumps([odd.class_1(), odd.static_1(1), odd().defining_class() is odd,
                              odd().class_1()]))
        """
        for engine in ENGINES:
            with self.subTest(engine=str(engine)):
                results = self.run_json(engine, code)
                self.assertEqual(results, ["self: type", "nothing taken", True, "self: type"])

    def test_slots(self) -> None:
        code = """
            def use(odd):
                results = [odd.value, repr(odd), odd == odd, odd != odd, odd(1, 2), -odd, odd + 1,
                           odd ** 2, len(odd), odd["key"], "value" in list(odd)]
                odd.value = 12
                results += [odd.value, odd.constant]
                odd.negated = 5
                results += [odd.value]
                before = module.count_destroyed()
                with memoryview(odd) as view:
                    results.append(bytes(view).decode())
                results.append(module.count_destroyed() - before)
                return results


            class Derived(module.StaticOdd):
                pass


            kinds = (module.StaticOdd, module.HeapOdd, Derived)
            results = [use(kind()) for kind in kinds[:2]]
            before = module.count_destroyed()
            for kind in kinds:
                kind()
            results.append(module.count_destroyed() - before)
            print(json.dumps(results))
        """
        used = [7, "<Odd, and 0>", True, True, [1, 2], -7, "added", "raised", 7, "key", True]
        used += [12, "nothing taken", -5, "exported", 1]
        for engine in ENGINES:
            with self.subTest(engine=str(engine)):
                self.assertEqual(self.run_json(engine, code), [used, used, 3])

    def test_destructors_of_capsules(self) -> None:
        code = """
            before = module.count_destroyed()
            for _ in range(100):
                module.make_capsule()
            print(json.dumps(module.count_destroyed() - before))
        """
        for engine in ENGINES:
            with self.subTest(engine=str(engine)):
                self.assertEqual(self.run_json(engine, code), 100)

    def test_no_javascript_lies_between_caller_and_function(self) -> None:
        # Only a stack without JavaScript frames can be suspended, and only while it is suspended
        # does the signal arrive: otherwise sleep() would last its hundred seconds.
        code = """
            import time
            module.set_callback(lambda: (print("ready", flush=True), time.sleep(100)))
            try:
                module.call_back()
            except KeyboardInterrupt:
                print("interrupted")
        """
        for engine in ENGINES:
            with self.subTest(engine=str(engine)):
                printed = interrupt(engine, PRELUDE + textwrap.dedent(code))
                self.assertEqual(printed, "interrupted\n")


if __name__ == "__main__":
    unittest.main()
