"""The linker: side modules that use each other, come and go, are broken or made for others."""

from __future__ import annotations

import os
import subprocess
import textwrap
import unittest

from engines import ENGINES, SIDE_MODULES, Engine, interrupt

PRELUDE = f"""
import ctypes, os, shutil, sys, tempfile
from ctypes import *
folder = {str(SIDE_MODULES)!r}
thrower, catcher = (os.path.join(folder, f"link_{{name}}.so") for name in ("thrower", "catcher"))

def refuse(path, mode=os.RTLD_NOW):
    try:
        CDLL(path, mode)
    except OSError as error:
        return str(error)
"""

# Runs before the command line: an engine that compiles nothing of this many bytes at once, as pages
# refuse it above some megabytes.
LIMIT = 12_000
REFUSING = f"""
const {{ Module, Instance }} = WebAssembly;
const refuse = () => {{ throw new RangeError("use WebAssembly.compile"); }};
const small = new WeakSet();
WebAssembly.Module = class extends Module {{
  constructor(bytes) {{ if (bytes.byteLength > {LIMIT}) refuse(); super(bytes); small.add(this); }}
}};
WebAssembly.Instance = class extends Instance {{
  constructor(module, imports) {{ if (!small.has(module)) refuse(); super(module, imports); }}
}};
"""


class LinkTest(unittest.TestCase):
    """Each test runs a program on every engine."""

    maxDiff = None

    def check(self, code: str, *expected: str, options: str = "", path: str = "") -> None:
        """Run code after the prelude; expected are the lines that it prints."""
        for engine in ENGINES:
            with self.subTest(engine=str(engine)):
                process = run(engine, PRELUDE + textwrap.dedent(code), options, path)
                self.assertEqual((process.stderr, process.returncode), ("", 0), process.stdout)
                self.assertEqual(process.stdout.splitlines(), list(expected))

    def test_all_missing_symbols_are_named_at_once(self) -> None:
        code = """
            text = refuse(os.path.join(folder, "unbound.so"))
            print(text.count(folder), sorted(text.split("undefined symbol: ")[1].split(", ")))
        """
        names = ["no_such_address", "no_such_function_anywhere", "no_such_variable"]
        self.check(code, f"1 {names}")

    def test_symbols_are_seen_by_others_only_when_global(self) -> None:
        code = """
            local = CDLL(thrower, os.RTLD_NOW | os.RTLD_LOCAL)
            print("link_throw" in refuse(catcher), hasattr(CDLL(None), "link_call"))
            CDLL(thrower, os.RTLD_NOW | os.RTLD_GLOBAL)
            print(CDLL(catcher).read_answer(), hasattr(CDLL(None), "link_call"))
            c_int.in_dll(local, "link_answer").value = 7
            print(CDLL(catcher).read_answer())
        """
        self.check(code, "True False", "42 True", "7")

    def test_exceptions_and_longjmp_cross_libraries(self) -> None:
        code = """
            CDLL(thrower, os.RTLD_NOW | os.RTLD_GLOBAL)
            library = CDLL(catcher)
            buffer = create_string_buffer(100)
            library.catch_it(b"not today", buffer)
            print(buffer.value.decode(), library.jump_back(7))
        """
        self.check(code, "7Refusal: not today 70")

    def test_an_exception_that_nothing_catches_ends_the_program(self) -> None:
        code = "CDLL(thrower).link_throw(b'for nobody')"
        for engine in ENGINES:
            with self.subTest(engine=str(engine)):
                process = run(engine, PRELUDE + code, "", "")
                self.assertEqual(process.returncode, 134)
                self.assertIn(
                    "terminating with uncaught exception Refusal: for nobody", process.stderr
                )

    def test_a_function_has_one_address(self) -> None:
        code = """
            first = CDLL(thrower, os.RTLD_NOW | os.RTLD_GLOBAL)
            library = CDLL(catcher)
            library.address_of_throw.restype = c_void_p
            print(library.address_of_throw() == cast(first.link_throw, c_void_p).value)
            pythonapi.PyObject_GenericGetAttr.restype = py_object
            slot = cast(pythonapi.PyObject_GenericGetAttr, c_void_p).value
            words = cast(id(type("T", (), {})), POINTER(c_size_t * 60)).contents
            print(slot in words)  # tp_getattro, which C code of the program put there
        """
        self.check(code, "True", "True")

    def test_python_can_wait_below_calls_between_libraries(self) -> None:
        code = """
            import time
            CDLL(thrower, os.RTLD_NOW | os.RTLD_GLOBAL)
            library = CDLL(catcher)

            @CFUNCTYPE(c_int, c_int)
            def wait(value):
                print("waiting", flush=True)
                try:
                    time.sleep(30)
                except KeyboardInterrupt:
                    print("interrupted")
                return value

            print(library.call_through(wait, 20))
        """
        for engine in ENGINES:
            with self.subTest(engine=str(engine)):
                output = interrupt(engine, PRELUDE + textwrap.dedent(code))
                self.assertEqual(output, "interrupted\n42\n")

    def test_closing_runs_destructors_and_gives_everything_back(self) -> None:
        code = """
            import _ctypes
            CDLL(thrower, os.RTLD_NOW | os.RTLD_GLOBAL)
            ended, places = c_int(0), set()
            for _ in range(50):
                library = CDLL(catcher)
                library.watch(byref(ended))
                assert library.watch_exit(byref(ended)) == 0
                places.add(cast(library.jump_back, c_void_p).value)
                assert library.jump_back(3) == 30
                _ctypes.dlclose(library._handle)
            print(ended.value, len(places))
        """
        self.check(code, "5050 1")

    def test_the_end_of_the_program_ends_open_libraries(self) -> None:
        code = """
            CDLL(thrower, os.RTLD_NOW | os.RTLD_GLOBAL)
            print(CDLL(catcher).speak_at_exit())
            import atexit
            atexit.register(print, "the end of Python")
        """
        self.check(code, "0", "the end of Python", "the end")

    def test_a_place_in_the_table_serves_the_next_library(self) -> None:
        # What is remembered of a function's type must not outlive the function.
        code = """
            import _ctypes
            CDLL(thrower, os.RTLD_NOW | os.RTLD_GLOBAL)
            for _ in range(3):
                library = CDLL(catcher)
                assert library.jump_back(5) == 50 and library.read_answer() == 42
                _ctypes.dlclose(library._handle)
                library = CDLL(os.path.join(folder, "ctypes_library.so"))
                library.half.restype, library.half.argtypes = c_float, [c_float]
                library.add_64.restype, library.add_64.argtypes = c_int64, [c_int64] * 2
                assert library.half(5) == 2.5 and library.add_64(2**40, 1) == 2**40 + 1
                assert library.increment() == 42
                _ctypes.dlclose(library._handle)
            print("right")
        """
        self.check(code, "right")

    def test_a_place_that_dlsym_made_serves_the_next_symbol(self) -> None:
        code = """
            import _ctypes

            class Method(Structure):
                _fields_ = [("name", c_char_p), ("f", c_void_p), ("flags", c_int),
                            ("doc", c_char_p)]

            new = pythonapi.PyCFunction_NewEx
            new.restype, new.argtypes = py_object, [c_void_p, py_object, c_void_p]

            def method(library, name, flags):
                address = cast(getattr(library, name), c_void_p).value
                definition = Method(name.encode(), address, flags, None)
                return address, definition, new(addressof(definition), 5, None)

            METH_O, METH_NOARGS, seen = 8, 4, set()
            for name, flags in [("first_method", METH_NOARGS), ("second_method", METH_O)] * 3:
                library = CDLL(os.path.join(folder, "opens_itself.so"))
                address, definition, function = method(library, name, flags)
                seen.add(address)
                wanted = "argument" if flags == METH_O else 5
                value = function("argument") if flags == METH_O else function()
                pythonapi.Py_IncRef(py_object(value))
                assert value == wanted, (name, value)
                del function
                _ctypes.dlclose(library._handle)
            print(len(seen))
        """
        self.check(code, "1")

    def test_a_constructor_may_open_its_library(self) -> None:
        code = """
            import _ctypes
            for _ in range(2):
                library = CDLL(os.path.join(folder, "opens_itself.so"))
                print(library.count_openings())
                _ctypes.dlclose(library._handle)
        """
        self.check(code, "1", "1")

    def test_libraries_that_need_each_other_are_an_error(self) -> None:
        code = """
            with tempfile.TemporaryDirectory() as other:
                circle = os.path.join(other, "ctypes_library.so")
                shutil.copy(os.path.join(folder, "needs_library.so"), circle)
                for _ in range(2):
                    print("need each other" in refuse(circle))
            print(CDLL(os.path.join(folder, "needs_library.so")).increment_twice())
        """
        self.check(code, "True", "True", "43043")

    def test_a_library_has_the_symbols_of_those_it_needs_and_of_libc(self) -> None:
        code = """
            CDLL(thrower, os.RTLD_NOW | os.RTLD_GLOBAL)
            library = CDLL(os.path.join(folder, "needs_library.so"))
            print(hasattr(library, "increment"), library.strlen(b"four"))
            print(hasattr(library, "link_call"), hasattr(CDLL(None), "link_call"))
        """
        self.check(code, "True 4", "False True")

    def test_a_needed_library_stays_as_long_as_it_is_needed(self) -> None:
        code = """
            import _ctypes
            needing = CDLL(os.path.join(folder, "needs_library.so"))
            needed = CDLL(os.path.join(folder, "ctypes_library.so"))
            needed.increment()
            _ctypes.dlclose(needed._handle)
            try:
                _ctypes.dlclose(needed._handle)
            except OSError as error:
                print(str(error).endswith("ctypes_library.so: shared object not open"))
            print(needing.increment_twice())
            _ctypes.dlclose(needing._handle)
            print(CDLL(os.path.join(folder, "ctypes_library.so")).increment())
        """
        self.check(code, "True", "44044", "42")

    def test_a_global_library_stays_as_long_as_symbols_of_it_are_bound(self) -> None:
        code = """
            import _ctypes
            first = CDLL(thrower, os.RTLD_NOW | os.RTLD_GLOBAL)
            library = CDLL(catcher)
            c_int.in_dll(first, "link_answer").value = 43
            _ctypes.dlclose(first._handle)
            print(library.read_answer(), hasattr(CDLL(None), "link_throw"))
            _ctypes.dlclose(library._handle)
            print(hasattr(CDLL(None), "link_throw"), refuse(catcher).split(": ", 1)[1][:16])
            CDLL(thrower, os.RTLD_NOW | os.RTLD_GLOBAL)
            print(CDLL(catcher).read_answer())
        """
        self.check(code, "43 True", "False undefined symbol", "42")

    def test_libraries_are_found_by_name_in_ld_library_path(self) -> None:
        code = """
            print(CDLL("ctypes_library.so").increment())
            print("no_such.so: cannot open" in refuse("no_such.so"))
        """
        self.check(code, "42", "True", path=f"/nowhere::{SIDE_MODULES}")

    def test_one_file_is_one_library(self) -> None:
        code = """
            with tempfile.TemporaryDirectory() as other:
                link = os.path.join(other, "link.so")
                os.symlink(os.path.join(folder, "ctypes_library.so"), link)
                first = CDLL(link)
            os.chdir(folder)
            print(first.increment(), CDLL("./ctypes_library.so").increment())
        """
        self.check(code, "42 43")

    def test_a_file_that_is_cut_off_anywhere_is_an_error(self) -> None:
        code = """
            whole = open(catcher, "rb").read()
            CDLL(thrower, os.RTLD_NOW | os.RTLD_GLOBAL)
            with tempfile.TemporaryDirectory() as other:
                path = os.path.join(other, "cut.so")
                for size in [*range(0, 600, 7), *range(600, len(whole), 101)]:
                    with open(path, "wb") as file:
                        file.write(whole[:size])
                    text = refuse(path)
                    assert text and text.startswith(path), (size, text)
                for place in range(8, len(whole), 37):
                    with open(path, "wb") as file:
                        file.write(whole[:place] + b"\\xff\\xff\\xff" + whole[place + 3:])
                    text = refuse(path)  # some bytes may be anything
                    assert text is None or text.startswith(path), (place, text)
            print(CDLL(catcher).read_answer())
        """
        self.check(code, "42")

    def test_sizes_that_there_is_no_room_for_are_errors(self) -> None:
        code = """
            whole = open(catcher, "rb").read()
            CDLL(thrower, os.RTLD_NOW | os.RTLD_GLOBAL)

            def leb(number):
                more = number >> 7
                return bytes([number & 127 | (128 if more else 0)]) + (leb(more) if more else b"")

            def number(position):
                value = shift = 0
                while True:
                    byte = whole[position]
                    value |= (byte & 127) << shift
                    position, shift = position + 1, shift + 7
                    if byte < 128:
                        return value, position

            def part(position):
                size, start = number(position)
                return start, start + size

            def with_sizes(*sizes):
                start, end = part(9)  # the section dylink.0, behind the header and its number
                name = start + 9
                old = part(name + 1)[1]  # its first part: sizes and alignments
                inner = b"".join(map(leb, sizes))
                section = whole[start:name] + b"\\1" + leb(len(inner)) + inner + whole[old:end]
                return whole[:9] + leb(len(section)) + section + whole[end:]

            with tempfile.NamedTemporaryFile(suffix=".so") as file:
                for sizes in ((2**32 - 8, 4, 40, 0), (4096, 60, 40, 0), (4096, 31, 40, 0),
                              (4096, 4, 20_000_000, 0), (4096, 4, 2**32 - 1, 0)):
                    file.seek(0)
                    file.truncate()
                    file.write(with_sizes(*sizes))
                    file.flush()
                    print(refuse(file.name).split(": ", 1)[1].split(" for ")[0])
            print(CDLL(catcher).read_answer())
        """
        self.check(
            code,
            "no memory",
            "the file is cut off or damaged",
            "the file is cut off or damaged",
            "no room in the table",
            "no room in the table",
            "42",
        )

    def test_what_is_no_library_for_this_machine_is_told_apart(self) -> None:
        elf = os.environ["COIL_NATIVE_PYTHON"]
        code = f"""
            print(refuse({elf!r}).split(": ", 1)[1])
            print(refuse(os.path.join(folder, "inline_js.so")).split(": ", 1)[1])
            print(refuse(folder).split(": ", 1)[1])
            with tempfile.NamedTemporaryFile(suffix=".so") as file:
                file.write(b"\\0asm\\1\\0\\0\\0")
                file.flush()
                print(refuse(file.name).split(": ", 1)[1])
                try:
                    import importlib.machinery
                    importlib.machinery.ExtensionFileLoader("m", {elf!r}).create_module(
                        importlib.machinery.ModuleSpec("m", None, origin={elf!r}))
                except ImportError as error:
                    print(type(error).__name__, str(error).startswith({elf!r}))
        """
        self.check(
            code,
            "not a WebAssembly module: this is a library for another kind of machine",
            "contains inline JavaScript (EM_ASM or EM_JS), which is not supported",
            "cannot open shared object file: Is a directory",
            "the file is cut off or damaged",
            "ImportError True",
        )

    def test_modes_and_handles_are_checked(self) -> None:
        code = """
            print("not loaded" in refuse(thrower, os.RTLD_NOLOAD | os.RTLD_NOW))
            import _ctypes
            try:
                _ctypes.dlclose(12345)
            except OSError as error:
                print("Invalid library handle" in str(error))
            libc = CDLL(None)
            print(hasattr(libc, "emscripten_resize_heap"), hasattr(libc, "strlen"))
            libc.dlerror.restype = c_char_p
            print(libc.dlopen(thrower.encode(), os.RTLD_GLOBAL), libc.dlerror().decode()[:12])
            class Info(Structure):
                _fields_ = [(name, c_void_p) for name in ("file", "base", "symbol", "address")]
            info, library = Info(), CDLL(thrower)
            print(libc.dladdr(cast(library.link_call, c_void_p), byref(info)),
                  string_at(info.file).decode() == thrower)
        """
        self.check(code, "True", "True", "False True", "0 invalid mode", "1 True")

    def test_a_module_is_compiled_in_the_background_where_the_engine_wants_it(self) -> None:
        code = """
            CDLL(thrower, os.RTLD_NOW | os.RTLD_GLOBAL)
            import _coil_bindings
            print(CDLL(catcher).jump_back(6), _coil_bindings.use_all()[0])
            print("undefined symbol" in refuse(os.path.join(folder, "unbound.so")))
        """
        self.assertGreater((SIDE_MODULES / "_coil_bindings.so").stat().st_size, LIMIT)
        options = "--import=data:text/javascript," + "".join(
            f"%{byte:02x}" for byte in REFUSING.encode()
        )
        expected = ["60 caught out_of_range: vector", "True"]
        self.check(code, *expected, options=options)

    def test_a_library_that_another_thread_is_loading_is_waited_for(self) -> None:
        # Each compiles in the background, so that the others come while the first one waits.
        code = """
            import threading
            CDLL(thrower, os.RTLD_NOW | os.RTLD_GLOBAL)
            found = []
            with tempfile.TemporaryDirectory() as other:
                broken = os.path.join(other, "broken.so")
                with open(os.path.join(folder, "_coil_bindings.so"), "rb") as file:
                    data = bytearray(file.read())
                data = data.replace(b"PyModule_Create2", b"PyModule_Create9")
                with open(broken, "wb") as file:
                    file.write(data)

                def open_both():
                    error = refuse(broken)
                    found.append((error is None, CDLL(catcher).jump_back(6)))

                threads = [threading.Thread(target=open_both) for _ in range(4)]
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join()
            print(found)
        """
        options = "--import=data:text/javascript," + "".join(
            f"%{byte:02x}" for byte in REFUSING.replace(str(LIMIT), "1000").encode()
        )
        self.check(code, str([(False, 60)] * 4), options=options)


def run(
    engine: Engine, code: str, options: str, library_path: str
) -> subprocess.CompletedProcess[str]:
    """Run Python code with options for Node and an LD_LIBRARY_PATH."""
    return subprocess.run(
        engine.command("-c", code),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        env={
            **os.environ,
            "PYTHONPATH": str(SIDE_MODULES),
            "NODE_OPTIONS": options,
            "LD_LIBRARY_PATH": library_path,
        },
    )


if __name__ == "__main__":
    unittest.main()
