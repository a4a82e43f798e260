"""ctypes: the C library and a library of our own, values of every kind both ways, callbacks."""

from __future__ import annotations

import textwrap
import unittest

from engines import ENGINES, SIDE_MODULES, interrupt

PRELUDE = f"""
import ctypes, errno
from ctypes import *
libc = CDLL(None, use_errno=True)
path = {str(SIDE_MODULES / "ctypes_library.so")!r}
"""

LIBRARY = """
library = CDLL(path, use_errno=True)


class Point(Structure):
    _fields_ = [("x", c_double), ("y", c_double)]


class Mixed(Structure):
    _fields_ = [("tag", c_int8), ("small", c_int16), ("middle", c_int32), ("large", c_int64),
                ("fraction", c_float), ("text", c_char * 5)]


class Single(Structure):
    _fields_ = [("alone", c_float)]


def declare(name, result, *arguments):
    function = library[name]
    function.restype, function.argtypes = result, arguments
    return function
"""


class CtypesTest(unittest.TestCase):
    """Each test runs a program on every engine."""

    maxDiff = None

    def check(self, code: str, *expected: str, prelude: str = PRELUDE + LIBRARY) -> None:
        """Run code after prelude; expected are the lines that it prints."""
        for engine in ENGINES:
            with self.subTest(engine=str(engine)):
                process = engine.run(prelude + textwrap.dedent(code))
                self.assertEqual((process.stderr, process.returncode), ("", 0), process.stdout)
                self.assertEqual(process.stdout.splitlines(), list(expected))

    def test_functions_and_data_of_the_c_library(self) -> None:
        code = """
            libc.pow.restype, libc.pow.argtypes = c_double, [c_double, c_double]
            libc.strtoll.restype, libc.strtoll.argtypes = c_int64, [c_char_p, c_void_p, c_int]
            libc.strchr.restype, libc.strchr.argtypes = c_char_p, [c_char_p, c_int]
            libc.toupper.restype = c_int
            print(libc.strlen(b"length"), libc.abs(-5), libc.pow(2, 0.5))
            print(libc.strtoll(b"-9007199254740993", None, 10))
            print(libc.strchr(b"key=value", ord("=")), chr(libc.toupper(ord("x"))))
            buffer = create_string_buffer(32)
            print(libc.memset(buffer, ord("z"), 3) == addressof(buffer), buffer.value)
            print(bool(c_void_p.in_dll(libc, "stdout")))
        """
        lines = [
            "6 5 1.4142135623730951",
            "-9007199254740993",
            "b'=value' X",
            "True b'zzz'",
            "True",
        ]
        self.check(code, *lines, prelude=PRELUDE)

    def test_variable_arguments(self) -> None:
        code = """
            buffer = create_string_buffer(100)
            libc.snprintf.argtypes = [c_char_p, c_size_t, c_char_p]
            count = libc.snprintf(buffer, 100, b"%d %s %.3f %lld %c", 7, b"text", c_double(2.5),
                                  c_longlong(1 << 40), ord("!"))
            print(count, buffer.value.decode())
            total = declare("sum_of", c_double, c_int)
            print(total(3, c_double(1), c_double(2.5), c_double(-0.25)), total(0))
        """
        self.check(code, "28 7 text 2.500 1099511627776 !", "3.25 0.0")

    def test_variable_arguments_need_no_declaration(self) -> None:
        code = """
            import os, stat, tempfile
            libc.printf(b"Hello, %s\\n", b"World!")
            libc.printf(b"%c %hd %g %.1f\\n", c_char(b"c"), c_short(-3), c_float(1.5), c_double(2))
            libc.fflush(None)
            buffer = create_string_buffer(50)
            libc.snprintf(buffer, 50, b"%d-%g-%c %lld %Lg", 7, c_double(2.5), ord("A"),
                          c_longlong(1 << 40), c_longdouble(0.25))
            print(buffer.value.decode())
            whole, word = c_int(), create_string_buffer(10)
            print(libc.sscanf(b"12 abc", b"%d %s", byref(whole), word), whole.value, word.value)
            with tempfile.TemporaryDirectory() as folder:
                path = os.path.join(folder, "file")
                file = libc.open(path.encode(), os.O_CREAT | os.O_WRONLY, 0o640)
                libc.dprintf(file, b"%s=%d", b"size", 6)
                print(oct(stat.S_IMODE(os.stat(path).st_mode)), open(path).read())
            pythonapi.PyUnicode_FromFormat.restype = py_object
            print(pythonapi.PyUnicode_FromFormat(b"%s %d", b"formatted", 5))
        """
        lines = ["Hello, World!", "c -3 1.5 2.0", "7-2.5-A 1099511627776 0.25", "2 12 b'abc'"]
        self.check(code, *lines, "0o640 size=6", "formatted 5", prelude=PRELUDE)

    def test_variable_arguments_may_all_be_declared(self) -> None:
        code = """
            libc.printf.argtypes = [c_char_p, c_char_p, c_int, c_double]
            libc.printf(b"String '%s', Int %d, Double %f\\n", b"Hi", 10, 2.2)
            libc.fflush(None)
            libc.sprintf.argtypes = [c_void_p]
            buffer = create_string_buffer(50)
            print(libc.sprintf(buffer, b"%d %d", 1, 2), buffer.value)
        """
        self.check(code, "String 'Hi', Int 10, Double 2.200000", "3 b'1 2'", prelude=PRELUDE)

    def test_numbers_of_every_width(self) -> None:
        code = """
            print(declare("add_64", c_int64, c_int64, c_int64)(2**62, 2**61 + 5))
            print(declare("add_64", c_uint64, c_uint64, c_uint64)(2**63, 2**62))
            print(declare("wrap_8", c_uint8, c_uint8, c_int8)(250, 10))
            third = declare("third", c_longdouble, c_longdouble)
            print(declare("half", c_float, c_float)(3), third(6))
            arguments = c_int, c_double, c_int64, c_float, c_int8, c_void_p, c_uint16, c_double
            print(declare("many", c_int, *arguments)(1, 2.5, 2**20, 1.5, -3, 1, 65535, 0.5))
        """
        big = str(1 + 2**62 + 2**61 + 4)
        self.check(code, big, str(2**63 + 2**62), "4", "1.5 2.0", str(2**20 + 65535 + 3))

    def test_structures_by_value(self) -> None:
        code = """
            point = declare("mirror", Point, Point)(Point(1.5, -2))
            print(point.x, point.y)
            mixed = Mixed(1, 1000, 100000, 2**40, 0.5, b"abc")
            grown = declare("grow", Mixed, Mixed, c_int)(mixed, 2)
            print(*(getattr(grown, name) for name, _ in Mixed._fields_))
            print(*(getattr(mixed, name) for name, _ in Mixed._fields_))
            print(declare("twice", Single, Single)(Single(1.25)).alone)
        """
        grown = "3 1002 100002 1099511627778 2.5 b'cbc'"
        mixed = "1 1000 100000 1099511627776 0.5 b'abc'"
        self.check(code, "-2.0 1.5", grown, mixed, "2.5")

    def test_callbacks(self) -> None:
        code = """
            comparison = CFUNCTYPE(c_int, POINTER(c_int), POINTER(c_int))
            numbers = (c_int * 6)(5, 3, 9, -1, 7, 3)
            libc.qsort.restype = None
            libc.qsort(numbers, 6, sizeof(c_int), comparison(lambda a, b: a[0] - b[0]))
            print(list(numbers))
            folding = CFUNCTYPE(c_double, c_double, Point)
            points = (Point * 3)(Point(1, 2), Point(3, 4), Point(5, 6))
            fold = declare("fold", c_double, folding, c_double, POINTER(Point), c_size_t)
            print(fold(folding(lambda sum, point: sum + point.x * point.y), 0, points, 3))
            wide = CFUNCTYPE(c_int64, c_int64)
            print(declare("call_64", c_int64, wide, c_int64)(wide(lambda value: value * 3), 2**50))
            nothing = CFUNCTYPE(None)
            print(declare("call_nothing", c_int, nothing)(nothing(lambda: print("called back"))))
        """
        self.check(code, "[-1, 3, 3, 5, 7, 9]", "44.0", str(3 * 2**50), "called back", "1")

    def test_many_callbacks_come_and_go(self) -> None:
        code = """
            nothing, wide = CFUNCTYPE(None), CFUNCTYPE(c_int64, c_int64)
            call_64 = declare("call_64", c_int64, wide, c_int64)
            call_nothing = declare("call_nothing", c_int, nothing)
            seen = []
            total = 0
            for i in range(3000):
                total += call_64(wide(lambda value: value + i), 1)
                call_nothing(nothing(lambda: seen.append(i)))
            print(total, len(seen), sum(seen))
        """
        self.check(code, "4501500 3000 4498500")

    def test_an_exception_in_a_callback_is_reported_and_the_call_goes_on(self) -> None:
        code = """
            import sys
            sys.unraisablehook = lambda info: print("unraisable:", info.exc_value)
            nothing = CFUNCTYPE(None)
            print(declare("call_nothing", c_int, nothing)(nothing(lambda: 1 / 0)))
        """
        self.check(code, "unraisable: division by zero", "1")

    def test_calls_without_a_declared_signature(self) -> None:
        # Natively they work as well; each is of another wasm type than what ctypes assumes.
        code = """
            numbers = (c_int * 3)(3, 1, 2)
            comparison = CFUNCTYPE(c_int, POINTER(c_int), POINTER(c_int))
            print(libc.qsort(numbers, 3, 4, comparison(lambda a, b: a[0] - b[0])), list(numbers))
            print(libc.abs(-3, 4, 5), library.increment(1, 2), library.half(c_int(8)))
            libc.free(c_void_p(libc.malloc(10)))
        """
        self.check(code, "0 [1, 2, 3]", "3 42 4")

    def test_integers_of_another_width_than_declared(self) -> None:
        code = """
            print(libc.llabs(5), libc.llabs(-5), libc.abs(c_longlong(-6)), library.add_64(-1, 2))
            wide = CFUNCTYPE(c_int64, c_int64)
            print(library.call_64(wide(lambda value: value * 3), -7))
            for function in libc.llabs, libc.labs, library.half, library.increment:
                print(function(8, 9), end=" ")
        """
        self.check(code, "5 5 6 1", "-21", "8 8 4 42 ")

    def test_a_call_that_cannot_be_made_is_an_error(self) -> None:
        code = """
            for function, *arguments in [
                (library.add_64, c_double(1), 2),
                (library.add_64, 1),
                (library.third, c_double(6)),
                (library.third, c_longdouble(6)),
                (libc.abs, c_double(1)),
                (library.sum_of, c_longdouble(1)),
                (libc.toupper, b"", c_longdouble(1)),
            ]:
                try:
                    print(function(*arguments))
                except TypeError as error:
                    print("argtypes" in str(error))
            print(libc.abs(-5))
        """
        self.check(code, *["True"] * 7, "5")

    def test_large_structures_by_value(self) -> None:
        # Larger than the stack of C, where smaller ones are copied to.
        code = """
            for size in 1000, 100_000, 9_000_000, 50_000_000:
                class Large(Structure):
                    _fields_ = [("bytes", c_char * size), ("number", c_int)]


                large = Large(b"start", size)
                callback = CFUNCTYPE(c_int, Large, c_int)
                print(callback(lambda copy, more: copy.number + more)(large, 1), large.bytes)
            print(libc.abs(-3))
        """
        lines = [f"{size + 1} b'start'" for size in (1000, 100_000, 9_000_000, 50_000_000)]
        self.check(code, *lines, "3", prelude=PRELUDE)

    def test_a_large_structure_without_memory_is_an_error(self) -> None:
        # ctypes finds room for its copy, the call itself for none. Nothing of the rest is touched.
        code = """
            class Large(Structure):
                _fields_ = [("bytes", c_char * (100 << 20)), ("number", c_int)]


            large, blocks = Large(), []
            libc.malloc.restype, libc.free.argtypes = c_void_p, [c_void_p]
            while block := libc.malloc(50 << 20):
                blocks.append(block)
            for block in blocks[-3:]:
                libc.free(block)
            try:
                print(libc.abs(-3, large))
            except MemoryError:
                print("MemoryError")
            print(libc.abs(-3))
        """
        self.check(code, "MemoryError", "3", prelude=PRELUDE)

    def test_no_javascript_lies_between_a_call_and_its_callback(self) -> None:
        # Only then does the signal arrive: without suspension sleep() would last to its end.
        code = """
            import sys, time
            sys.unraisablehook = lambda info: print("raised:", type(info.exc_value).__name__)
            nothing = CFUNCTYPE(None)
            call_nothing = declare("call_nothing", c_int, nothing)
            print(call_nothing(nothing(lambda: (print("ready", flush=True), time.sleep(100)))))
        """
        for engine in ENGINES:
            with self.subTest(engine=str(engine)):
                printed = interrupt(engine, PRELUDE + LIBRARY + textwrap.dedent(code))
                self.assertEqual(printed, "raised: KeyboardInterrupt\n1\n")

    def test_signals_reach_a_callback_of_a_function_whose_result_is_not_declared(self) -> None:
        # qsort() returns nothing, where ctypes expects an int: wasm adapts the call.
        code = """
            import sys, time
            sys.unraisablehook = lambda info: print("raised:", type(info.exc_value).__name__)


            def compare(a, b):
                print("ready", flush=True)
                time.sleep(100)


            comparison = CFUNCTYPE(c_int, POINTER(c_int), POINTER(c_int))
            print(libc.qsort((c_int * 2)(2, 1), 2, sizeof(c_int), comparison(compare)))
        """
        for engine in ENGINES:
            with self.subTest(engine=str(engine)):
                printed = interrupt(engine, PRELUDE + textwrap.dedent(code))
                self.assertEqual(printed, "raised: KeyboardInterrupt\n0\n")

    def test_errno_is_kept_for_each_library_call(self) -> None:
        code = """
            print(declare("fail_with", c_int, c_int)(errno.ERANGE), get_errno() == errno.ERANGE)
            set_errno(0)
            print(libc.open(b"/no/such/file", 0), errno.errorcode[get_errno()])
        """
        self.check(code, "-1 True", "-1 ENOENT")

    def test_data_of_a_library(self) -> None:
        code = """
            counter = c_int.in_dll(library, "counter")
            print(counter.value, library.increment(), counter.value)
            counter.value = 100
            print(library.increment(), c_char_p.in_dll(library, "greeting").value.decode())
        """
        self.check(code, "41 42 42", "101 greetings from a side module")

    def test_a_library_is_loaded_once_and_can_be_closed(self) -> None:
        code = """
            import _ctypes
            library.increment()
            again = CDLL(path)
            print(again.increment(), again._handle == library._handle)
            _ctypes.dlclose(again._handle)
            print(library.increment())
        """
        self.check(code, "43 True", "44")

    def test_a_library_brings_those_it_needs_once(self) -> None:
        code = """
            import os, shutil, tempfile
            needing = os.path.join(os.path.dirname(path), "needs_library.so")
            with tempfile.TemporaryDirectory() as folder:
                alone = shutil.copy(needing, folder)
                try:
                    CDLL(alone)
                except OSError as error:
                    print("ctypes_library.so" in str(error))
            print(CDLL(needing).increment_twice(), CDLL(path).increment())
        """
        self.check(code, "True", "43043 44", prelude=PRELUDE)

    def test_what_is_missing_or_broken_is_an_error(self) -> None:
        code = """
            import os, tempfile


            def attempt(function):
                try:
                    function()
                except (OSError, AttributeError, ValueError, ArgumentError) as error:
                    print(type(error).__name__, "no_such" in str(error))


            attempt(lambda: CDLL("/no/no_such_library.so"))
            attempt(lambda: CDLL("no_such_library.so"))
            attempt(lambda: library.no_such_function)
            attempt(lambda: libc.no_such_function)
            attempt(lambda: c_int.in_dll(library, "no_such_data"))
            whole = open(path, "rb").read()
            with tempfile.TemporaryDirectory() as folder:
                for number, content in enumerate([b"", b"no_such", whole[:50], whole[:-20],
                                                  whole[:300] + b"\\xff" * 50 + whole[350:]]):
                    broken = os.path.join(folder, f"no_such{number}.so")
                    with open(broken, "wb") as file:
                        file.write(content)
                    attempt(lambda: CDLL(broken))
                    attempt(lambda: CDLL(broken))
            print(library.increment())
        """
        missing = ["OSError True"] * 2 + ["AttributeError True"] * 2 + ["ValueError True"]
        self.check(code, *missing, *["OSError True"] * 10, "42")


if __name__ == "__main__":
    unittest.main()
