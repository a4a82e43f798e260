"""The standard library's archives: ordinary files to Python, clear errors when damaged."""

from __future__ import annotations

import hashlib
import json
import os
import struct
import subprocess
import tempfile
import unittest
import zipfile
from pathlib import Path

from engines import CLI, ENGINES, Engine
from support import NATIVE, Case

DIST = Path(CLI).parent.parent
ROOT = Path(__file__).resolve().parents[2]
PACK = ROOT / "src" / "python" / "tools" / "pack_stdlib.py"
SIMPLE = ("json/__init__.py", "textwrap.py", "dataclasses.py")

# Mounts the archive named by the first argument in the runtime itself and prints what happened.
MOUNT = """
import { readFileSync } from "node:fs";
const [glue, archive] = process.argv.slice(2);
const { default: create } = await import(glue);
const module = await create();
try {
  module.mountArchive("/lib/python3.13", new Uint8Array(readFileSync(archive)));
  console.log("mounted", module.FS.readdir("/lib/python3.13").join(" "));
} catch (error) {
  console.log(error instanceof module.ArchiveError, error.name, error.message);
}
"""


def make_zip(files: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    """Return a zip archive."""
    with tempfile.TemporaryFile() as file:
        with zipfile.ZipFile(file, "w", method) as archive:
            for name, data in files.items():
                archive.writestr(name, data)
        file.seek(0)
        return file.read()


def patched(data: bytes, offset: int, value: bytes) -> bytes:
    """Return *data* with *value* at *offset*, from the end if negative."""
    start = offset % len(data)
    return data[:start] + value + data[start + len(value) :]


def damaged_archives() -> dict[str, tuple[bytes, str]]:
    """Return archives that must be refused, each with a part of the message."""
    good = make_zip({"a.py": b"a", "b/c.py": b"c" * 100})
    directory = struct.unpack_from("<I", good, len(good) - 6)[0]
    twice = make_zip({"a.py": b"1", "b.py": b"2"}).replace(b"b.py", b"a.py")
    size_field = directory + 24
    return {
        "empty": (b"", "no end record"),
        "no zip": (b"x" * 1000, "no end record"),
        "cut at the end": (good[:-1], "no end record"),
        "cut in the middle": (good[: len(good) // 2], "no end record"),
        "bytes in front": (b"#!/bin/sh\n" + good, "not where its end record says"),
        "bytes behind": (good + b"\0" * 10, "no end record"),
        "directory elsewhere": (patched(good, -6, b"\xff\xff\xff\x7f"), "not where"),
        "more entries than there are": (patched(good, -12, b"\x09\x00"), "no entry at byte"),
        "fewer entries than there are": (patched(good, -12, b"\x01\x00"), "longer than"),
        "entry without signature": (patched(good, directory, b"XX"), "no entry at byte"),
        "name beyond the directory": (patched(good, directory + 28, b"\xff\xff"), "beyond"),
        "sizes that differ": (patched(good, size_field, b"\x02\0\0\0"), "compressed"),
        "size beyond the archive": (
            patched(good, directory + 20, b"\xff\xff\xff\xff\xff\xff\xff\xff"),
            "reaches into the directory",
        ),
        "compressed": (make_zip({"a.py": b"a" * 100}, zipfile.ZIP_DEFLATED), "compressed"),
        "a name twice": (twice, 'two entries "a.py"'),
        "a file that is a folder, too": (make_zip({"a": b"", "a/b": b""}), "is a file"),
        "name that climbs": (make_zip({"../a.py": b""}), "name"),
        "absolute name": (make_zip({"/a.py": b""}), "name"),
        "name that is not UTF-8": (good.replace(b"a.py", b"\xff.py"), "not UTF-8"),
        "unknown archive in the index": (
            make_zip({".elsewhere": b"new.zip\t1\ta.py\n"}),
            "new.zip",
        ),
    }


class DamageTest(unittest.TestCase):
    """Archives that are not exactly what the build writes."""

    maxDiff = None

    def mount(self, engine: Engine, data: bytes) -> str:
        """Mount an archive in a new runtime; return what the script above printed."""
        with tempfile.TemporaryDirectory() as folder:
            script, archive = Path(folder) / "mount.mjs", Path(folder) / "archive.zip"
            script.write_text(MOUNT)
            archive.write_bytes(data)
            command = [engine.node, str(script), (DIST / "pyodide.asm.mjs").as_uri(), str(archive)]
            process = subprocess.run(
                command, capture_output=True, text=True, check=False, timeout=120
            )
        self.assertEqual(process.stderr, "")
        return process.stdout

    def test_a_sound_archive_is_mounted(self) -> None:
        output = self.mount(ENGINES[0], make_zip({"a.py": b"a", "b/c.py": b"c"}))
        self.assertEqual(output, "mounted . .. a.py b site-packages lib-dynload\n")

    def test_every_damage_is_an_error_that_names_it(self) -> None:
        for name, (data, message) in damaged_archives().items():
            with self.subTest(damage=name):
                output = self.mount(ENGINES[-1], data)
                self.assertTrue(output.startswith("true ArchiveError Damaged archive: "), output)
                self.assertIn(message, output)

    def test_sources_of_another_build_are_an_input_output_error(self) -> None:
        """The hashes in the manifest are made to fit, as a wrongly mixed installation has them."""
        code = (
            "import sys\n"
            "print(1)\n"
            "try:\n"
            "    open(sys.prefix + '/lib/python3.13/textwrap.py').read()\n"
            "except OSError as error:\n"
            "    print(error.strerror)\n"
            "print(2)\n"
        )
        source = DIST / "python_stdlib_src.zip"
        foreign = make_zip({"textwrap.py": b"another build's"})
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder)
            for file in ("pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "coil.mjs"):
                (copy / file).symlink_to(DIST / file)
            (copy / "bin").mkdir()
            (copy / "bin" / "coil").write_bytes((DIST / "bin" / "coil").read_bytes())
            text = (DIST / "cli.mjs").read_text()
            old = hashlib.sha256(source.read_bytes()).hexdigest()
            self.assertIn(old, text)
            text = text.replace(old, hashlib.sha256(foreign).hexdigest())
            text = text.replace(f"size:{source.stat().st_size}", f"size:{len(foreign)}")
            (copy / "cli.mjs").write_text(text)
            (copy / source.name).write_bytes(foreign)
            command = [ENGINES[0].node, str(copy / "bin" / "coil")]
            outcome = Case(["-c", code]).run(command)
        self.assertEqual(outcome.output.decode(), "1\nI/O error\n2\n", outcome.errors.decode())
        self.assertIn(b"ArchiveError: Damaged archive: python_stdlib_src.zip", outcome.errors)


class LibraryTest(unittest.TestCase):
    """The mounted library, seen from Python."""

    maxDiff = None

    def check(self, code: str, expected: str, *options: str) -> None:
        """Run a program on every engine, on the host's files and in memory."""
        for engine in ENGINES:
            for mode in ([], ["--isolated-fs"]):
                with self.subTest(engine=str(engine), mode=mode):
                    outcome = Case([*mode, *options, "-c", code]).run(engine.command())
                    self.assertEqual(outcome.errors.decode(), "")
                    self.assertEqual(outcome.output.decode(), expected)

    def test_sources_are_those_of_the_build(self) -> None:
        code = (
            "import hashlib, inspect, importlib, sys\n"
            "for name in ('json', 'textwrap', 'dataclasses'):\n"
            "    module = importlib.import_module(name)\n"
            "    data = open(module.__file__, 'rb').read()\n"
            "    assert inspect.getsource(module) == data.decode()\n"
            "    print(hashlib.sha256(data).hexdigest())\n"
            "print(inspect.getsource(json.loads if 0 else module.dataclass).splitlines()[0])\n"
        )
        with zipfile.ZipFile(DIST / "python_stdlib_src.zip") as archive:
            hashes = [hashlib.sha256(archive.read(name)).hexdigest() for name in SIMPLE]
        first = "def dataclass(cls=None, /, *, init=True, repr=True, eq=True, order=False,"
        self.check(code, "\n".join([*hashes, first, ""]))

    def test_tracebacks_show_the_librarys_lines(self) -> None:
        code = "import json\njson.loads('{')\n"
        native = Case(["-c", code]).run(NATIVE).errors.decode().splitlines()
        lines = [line for line in native if not line.lstrip().startswith("File")]
        self.assertIn("    return _default_decoder.decode(s)", lines)
        for engine in ENGINES:
            for mode in ([], ["--isolated-fs"]):
                with self.subTest(engine=str(engine), mode=mode):
                    outcome = Case([*mode, "-c", code]).run(engine.command())
                    shown = outcome.errors.decode().splitlines()
                    self.assertEqual(
                        [line for line in shown if not line.lstrip().startswith("File")], lines
                    )
                    self.assertIn("/lib/python3.13/json/decoder.py", outcome.errors.decode())

    def test_compiled_code_is_used_and_names_its_file(self) -> None:
        code = (
            "import json.decoder, os, sys\n"
            "print(json.decoder.__cached__ == os.path.join(os.path.dirname(json.__file__),\n"
            "      '__pycache__', 'decoder.cpython-313.pyc'))\n"
            "print(json.decoder.JSONDecoder.decode.__code__.co_filename == json.decoder.__file__)\n"
            "print(open(json.decoder.__cached__, 'rb').read()[4:8])\n"  # flags: hash, unchecked
        )
        self.check(code, "True\nTrue\nb'\\x01\\x00\\x00\\x00'\n")

    def test_files_have_ordinary_attributes(self) -> None:
        code = (
            "import os, stat\n"
            "library = os.path.dirname(os.__file__)\n"
            "for name in ('os.py', 'json', 'json/__pycache__/decoder.cpython-313.pyc'):\n"
            "    s = os.stat(os.path.join(library, name))\n"
            "    print(oct(s.st_mode), s.st_size > 100, s.st_mtime, os.path.samestat(s, s))\n"
            "print(os.access(os.__file__, os.R_OK), os.access(os.__file__, os.W_OK))\n"
            "print(os.stat(os.__file__).st_size == len(open(os.__file__, 'rb').read()))\n"
            "with open(os.__file__, 'rb') as file:\n"
            "    print(file.seek(10), len(file.read(5)), file.seek(-3, 2))\n"
            "    print(len(file.read()), file.read())\n"
            "kinds = {entry.name: entry.is_dir() for entry in os.scandir(library)}\n"
            "print(kinds['json'], kinds['os.py'], kinds['__pycache__'], len(kinds) > 150)\n"
        )
        expected = (
            "0o100444 True 315532800.0 True\n0o40555 True 315532800.0 True\n"
            "0o100444 True 315532800.0 True\nTrue False\nTrue\n10 5 OFFSET\n3 b''\n"
            "True False True True\n"
        )
        size = zipfile.ZipFile(DIST / "python_stdlib_src.zip").getinfo("os.py").file_size
        self.check(code, expected.replace("OFFSET", str(size - 3)))

    def test_it_cannot_be_changed(self) -> None:
        code = (
            "import errno, os\n"
            "library = os.path.dirname(os.__file__)\n"
            "calls = {\n"
            "    'create': lambda: open(library + '/new.py', 'w'),\n"
            "    'write': lambda: open(os.__file__, 'r+'),\n"
            "    'truncate': lambda: os.truncate(os.__file__, 0),\n"
            "    'unlink': lambda: os.unlink(os.__file__),\n"
            "    'mkdir': lambda: os.mkdir(library + '/new'),\n"
            "    'rmdir': lambda: os.rmdir(library + '/json'),\n"
            "    'rename': lambda: os.rename(os.__file__, library + '/so.py'),\n"
            "    'chmod': lambda: os.chmod(os.__file__, 0o777),\n"
            "    'utime': lambda: os.utime(os.__file__),\n"
            "    'symlink': lambda: os.symlink('os.py', library + '/link'),\n"
            "}\n"
            "for name, call in calls.items():\n"
            "    try:\n"
            "        call()\n"
            "    except OSError as error:\n"
            "        print(name, errno.errorcode[error.errno])\n"
            "os.mkdir(library + '/site-packages/coil_test_folder')\n"
            "os.rmdir(library + '/site-packages/coil_test_folder')\n"
        )
        names = ["create", "write", "truncate", "unlink", "mkdir", "rmdir", "rename", "chmod"]
        self.check(code, "".join(f"{name} EROFS\n" for name in [*names, "utime", "symlink"]))

    def test_tests_and_data_files_are_found(self) -> None:
        code = (
            "import importlib.resources, os, test, test.support\n"
            "print(os.path.basename(test.__path__[0]), os.path.isdir(test.__path__[0]))\n"
            "print(len(os.listdir(test.__path__[0])) > 500)\n"
            "with open(os.path.join(test.__path__[0], 'audiodata/pluck-pcm8.wav'), 'rb') as file:\n"
            "    print(file.read(4))\n"
            "files = importlib.resources.files('pydoc_data')\n"
            "print({'topics.py', '_pydoc.css'} <= {path.name for path in files.iterdir()})\n"
            "print(len(files.joinpath('_pydoc.css').read_text()) > 50)\n"
        )
        self.check(code, "test True\nTrue\nb'RIFF'\nTrue\nTrue\n")

    def test_the_packages_of_the_bridge_are_beside_it(self) -> None:
        code = (
            "import inspect, os, pyodide.code\n"
            "library = os.path.dirname(os.__file__)\n"
            "print(os.path.dirname(os.path.dirname(pyodide.__file__)) == library)\n"
            "print(pyodide.code.eval_code('6 * 7'))\n"
            "print(inspect.getsource(pyodide.code.CodeRunner).splitlines()[0])\n"
        )
        self.check(code, "True\n42\nclass CodeRunner:\n")

    def test_every_module_of_native_python_is_there(self) -> None:
        code = (
            "import json, os, sys\n"
            "library = os.path.dirname(os.__file__)\n"
            "skipped = ('site-packages', 'lib-dynload', '__pycache__', 'config-', '_sysconfig')\n"
            "found = []\n"
            "for folder, folders, files in os.walk(library):\n"
            "    folders[:] = [f for f in folders if not f.startswith(skipped)]\n"
            "    found += [os.path.relpath(os.path.join(folder, f), library) for f in files\n"
            "              if f.endswith('.py') and not f.startswith(skipped)]\n"
            "print(json.dumps(sorted(found)))\n"
        )
        native = set(json.loads(Case(["-c", code]).run(NATIVE).output))
        for engine in ENGINES:
            with self.subTest(engine=str(engine)):
                coil = set(json.loads(Case(["-c", code]).run(engine.command()).output))
                self.assertEqual(native - coil, set())


class PackTest(unittest.TestCase):
    """The script that makes the archives."""

    def pack(self, lib: Path, out: Path, *options: str) -> subprocess.CompletedProcess[str]:
        """Run it with the native Python."""
        command = [*NATIVE, str(PACK), "--lib", str(lib), "--out", str(out), *options]
        environment = {**os.environ, "PYTHONHASHSEED": "random"}
        return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)

    def make_library(self, folder: Path) -> None:
        """Write a library of modules that share constants, so that sharing could show."""
        for index in range(150):
            package = folder / f"package{index % 7}"
            package.mkdir(parents=True, exist_ok=True)
            constants = f"x = ('a b', 'c d', {index} * 1000)\n"
            (package / f"module{index}.py").write_text(
                f"{constants}def f(a):\n    return a in {{'q', 'r', 's t', 'u'}}\n"
            )
        (folder / "test").mkdir()
        (folder / "test" / "bad_syntax.py").write_text("(\n")
        (folder / "test" / "data.bin").write_bytes(bytes(range(256)))

    def test_archives_depend_on_the_input_alone(self) -> None:
        with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
            archives = []
            for place, jobs in ((Path(first), "1"), (Path(second) / "elsewhere", "3")):
                self.make_library(place / "Lib")
                process = self.pack(place / "Lib", place / "out", "--jobs", jobs)
                self.assertEqual(process.returncode, 0, process.stderr)
                archives.append({p.name: p.read_bytes() for p in (place / "out").iterdir()})
            self.assertEqual(archives[0], archives[1])
            names = zipfile.ZipFile(Path(first) / "out" / "python_stdlib_test.zip").namelist()
            self.assertEqual(names, ["test/bad_syntax.py", "test/data.bin"])
            for data in archives[0].values():
                self.assertNotIn(first.encode(), data)

    def test_modules_and_packages_can_be_added(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            self.make_library(folder / "Lib")
            (folder / "more.py").write_text("")
            for file in ("pack/__init__.py", "pack/sub/data.txt", "pack/__pycache__/x.pyc"):
                (folder / file).parent.mkdir(parents=True, exist_ok=True)
                (folder / file).write_text("")
            options = [f"--extra={folder / extra}" for extra in ("more.py", "pack")]
            process = self.pack(folder / "Lib", folder / "out", *options)
            self.assertEqual(process.returncode, 0, process.stderr)
            found = [
                {
                    member
                    for member in zipfile.ZipFile(folder / "out" / archive).namelist()
                    if "pack/" in member or "more" in member
                }
                for archive in ("python_stdlib.zip", "python_stdlib_src.zip")
            ]
        compiled = {"pack/__pycache__/__init__.cpython-313.pyc", "__pycache__/more.cpython-313.pyc"}
        self.assertEqual(found, [compiled, {"pack/__init__.py", "pack/sub/data.txt", "more.py"}])

    def test_a_module_that_does_not_compile_is_named(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "Lib").mkdir()
            (Path(folder) / "Lib" / "broken.py").write_text("(\n")
            process = self.pack(Path(folder) / "Lib", Path(folder) / "out")
            self.assertNotEqual(process.returncode, 0)
            self.assertIn("broken.py does not compile", process.stderr)
            self.assertFalse((Path(folder) / "out").exists())

    def test_the_distributions_archives_are_stored_and_sorted(self) -> None:
        for name in ("python_stdlib.zip", "python_stdlib_src.zip", "python_stdlib_test.zip"):
            with zipfile.ZipFile(DIST / name) as archive:
                self.assertIsNone(archive.testzip())
                names = archive.namelist()
                self.assertEqual(names, sorted(names))
                for info in archive.infolist():
                    self.assertEqual(info.compress_type, zipfile.ZIP_STORED)
                    self.assertEqual(info.date_time, (1980, 1, 1, 0, 0, 0))


if __name__ == "__main__":
    unittest.main()
