"""The builder: recipes, the compiler's command lines, wheels, keys and failures."""

from __future__ import annotations

import contextlib
import dataclasses
import importlib.util
import io
import json
import os
import subprocess
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path
from typing import Any
from unittest import mock

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "packages" / "build"))

import compiler  # noqa: E402
import hostpaths  # noqa: E402
import lock  # noqa: E402
import output  # noqa: E402
import pipeline  # noqa: E402
import plan  # noqa: E402
import recipe  # noqa: E402
import repack  # noqa: E402
import requirements  # noqa: E402
import settings  # noqa: E402
import smoke  # noqa: E402
import sources  # noqa: E402
import vendor  # noqa: E402
import wasm  # noqa: E402
import wheel  # noqa: E402
from environment import Environment, Headers  # noqa: E402
from symbols import DATA, FUNCTION, HIDDEN, LOCAL, UNDEFINED, WEAK  # noqa: E402

HASH = "0123456789abcdef" * 4
WHEEL = "p-1-cp313-cp313-pyemscripten_2025_0_wasm32.whl"
REQUIREMENTS = [
    "Plain.Name>1", 'colorama; platform_system == "Windows"', 'tomli; python_version < "3.11"',
    'late; python_version >= "3.13"', 'pytest; extra == "test"', 'wasm; sys_platform=="emscripten"',
    'linux; sys_platform == "linux" and platform_machine == "x86_64"',
]  # fmt: skip
Date = tuple[int, int, int, int, int, int]
TOML = f"""
name = "NAME"
imports = ["some"]
smoke = "assert some"
[source]
version = "1.0"
sha256 = "{HASH}"
"""


def side_module(needed: tuple[str, ...] = (), paths: tuple[str, ...] = ()) -> bytes:
    """Return a library that needs others and looks for them in folders."""
    parts = []
    for kind, texts in ((vendor.NEEDED, needed), (vendor.RUNTIME_PATH, paths)):
        content = wasm.leb128(len(texts)) + b"".join(wasm.sized(each.encode()) for each in texts)
        parts.append(wasm.Section(kind, content))
    code = wasm.Section(10, b"x" * 200)
    return wasm.joined([vendor.Dylink(parts).section(), code])


MODULE = side_module()


class FolderTest(unittest.TestCase):
    """Tests with a folder of their own."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def write_recipe(self, name: str, text: str = TOML) -> recipe.Recipe:
        """Write a recipe and return it loaded."""
        path = self.folder / "recipes" / name / "recipe.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("NAME", name))
        return recipe.load(path.parent)

    def write_bad_recipe(self, name: str, text: str) -> None:
        """Write a recipe that cannot be loaded."""
        with self.assertRaises(recipe.RecipeError):
            self.write_recipe(name, text)


class RecipeTest(FolderTest):
    """What a recipe may say."""

    def test_all_recipes_of_the_repository_are_sound(self) -> None:
        recipes = recipe.load_all(ROOT / "packages")
        self.assertEqual(recipes.bad, {})
        for name, each in recipes.items():
            self.assertEqual(name, each.normalised)
            self.assertTrue(each.imports and each.smoke.count("assert"), name)
            compile(each.smoke, name, "exec")

    def test_names_are_compared_as_the_index_does(self) -> None:
        self.assertEqual(self.write_recipe("Some._Name").normalised, "some-name")
        with self.assertRaisesRegex(recipe.RecipeError, "'other' does not fit the folder; call"):
            self.write_recipe("a", TOML.replace("NAME", "other"))

    def test_misspelt_and_missing_keys_are_named(self) -> None:
        cases = {
            "import = 1\n" + TOML: "unknown key import; known: name, source",
            TOML + "[build]\noption = []\n": "unknown key option; known: options",
            TOML.replace("smoke", "#"): "smoke missing",
            TOML.replace("sha256", "#"): r"\[source\] sha256 missing",
            TOML.replace("version", "#"): r"\[source\] version missing",
            "name = [": "Invalid value",
        }
        for text, message in cases.items():
            with self.subTest(message), self.assertRaisesRegex(recipe.RecipeError, message):
                self.write_recipe("a", text)

    def test_values_of_another_type_are_refused(self) -> None:
        strings = "must be a list of strings"
        cases = {
            TOML.replace('["some"]', '"xyz"'): f"imports {strings}",
            TOML.replace('["some"]', "[]"): "imports must name at least one",
            TOML.replace('"NAME"', "3"): "name must be a string",
            TOML.replace('"assert some"', "1"): "smoke must be a string",
            TOML.replace('"1.0"', "1.0"): r"\[source\] version must be a string",
            TOML.replace(HASH, HASH.upper()): r"\[source\] sha256 must be a string of 64",
            TOML.replace(HASH, "00"): "sha256 must be",
            TOML.replace("[source]", "[[source]]"): "source must be a table",
            'source = "foo"\n' + TOML.partition("[source]")[0]: "source must be a table",
            "include = '../x'\n" + TOML: "include must be a relative path",
            TOML + "[[build]]\n": "build must be a table: one",
            TOML + "[patches]\nfile = 'x'\n": "patches must be a list of tables",
        }
        for value in ('depends = "numpy"', "depends = 3", "depends = [3]"):
            cases[f"{value}\n{TOML}"] = f"depends {strings}"
        for value in ('"no"', "1"):
            cases[f"slow = {value}\n{TOML}"] = "slow must be true or false"
            cases[f"{TOML}[build]\nrust = {value}\n"] = r"\[build\] rust must be true or false"
        for key in ("options", "libraries", "cflags", "headers"):
            cases[f'{TOML}[build]\n{key} = "xyz"\n'] = rf"\[build\] {key} {strings}"
        cases[TOML + "[build]\nenvironment = { X = 1 }\n"] = (
            "environment must be a table of strings"
        )
        cases[TOML + '[build]\nenvironment = { "A=B" = "1" }\n'] = (
            "'A=B', which is no name of a variable"
        )
        cases[TOML.replace('"some"', '"os; x"')] = "'os; x', which is no name of a module"
        for text, message in cases.items():
            with self.subTest(message), self.assertRaisesRegex(recipe.RecipeError, message) as got:
                self.write_recipe("a", text)
            self.assertIn("a/recipe.toml: ", str(got.exception))

    def test_options_are_filled_in_with_what_is_known_only(self) -> None:
        for option in ("{foo}", "{}", "{", "{jobs.x}", "{jobs[x]}"):
            with self.subTest(option), self.assertRaisesRegex(recipe.RecipeError, "options has"):
                self.write_recipe("a", f"{TOML}[build]\noptions = ['{option}']\n")
        text = TOML + "[build]\noptions = ['-j{jobs}', '{{x}}={cross_file}']\n"
        self.assertEqual(len(self.write_recipe("a", text).build.options), 2)

    def test_patches_are_beside_the_recipe(self) -> None:
        for file, message in {
            "../../../etc/passwd": "file must be a relative path without ..",
            "/etc/passwd": "file must be a relative path",
            "no.patch": "'no.patch' is not beside the recipe",
        }.items():
            text = f'{TOML}[[patches]]\nfile = "{file}"\nreason = "x"\n'
            with self.subTest(file), self.assertRaisesRegex(recipe.RecipeError, message):
                self.write_recipe("a", text)

    def test_files_that_cannot_be_read(self) -> None:
        path = self.folder / "recipes" / "a" / "recipe.toml"
        path.parent.mkdir(parents=True)
        with self.assertRaisesRegex(recipe.RecipeError, "There is no recipe"):
            recipe.load(path.parent)
        path.write_bytes(b'name = "\xe9"')
        with self.assertRaisesRegex(recipe.RecipeError, "not UTF-8 at byte 8; save it as UTF-8"):
            recipe.load(path.parent)
        path.unlink()
        path.mkdir()
        with self.assertRaisesRegex(recipe.RecipeError, "cannot be read: Is a directory"):
            recipe.load(path.parent)

    def test_a_bad_recipe_stops_those_alone_that_need_it(self) -> None:
        self.write_recipe("a")
        self.write_bad_recipe("b", "name = 3")
        self.write_recipe("c", 'depends = ["B"]\n' + TOML)
        recipes = recipe.load_all(self.folder)
        self.assertEqual((list(recipes), list(recipes.bad)), (["a", "c"], ["b"]))
        self.assertEqual([each.name for each in recipe.in_order(recipes, ["A"])], ["a"])
        for name in ("b", "c"):
            with self.assertRaisesRegex(recipe.RecipeError, "b/recipe.toml: "):
                recipe.in_order(recipes, [name])

    def test_what_is_needed_comes_first(self) -> None:
        self.write_recipe("a", TOML + '[build]\nheaders = ["c"]\n')
        self.write_recipe("b")
        self.write_recipe("c", 'depends = ["b", "elsewhere"]\n' + TOML)
        recipes = recipe.load_all(self.folder)
        ordered = recipe.in_order(recipes, ["a"])
        self.assertEqual([each.folder.name for each in ordered], ["b", "c", "a"])
        with self.assertRaisesRegex(recipe.RecipeError, "no recipe 'd'; there are a, b, c"):
            recipe.in_order(recipes, ["d"])

    def test_circles_are_refused(self) -> None:
        self.write_recipe("a", 'depends = ["b"]\n' + TOML)
        self.write_recipe("b", 'depends = ["a"]\n' + TOML)
        with self.assertRaisesRegex(recipe.RecipeError, "a -> b -> a"):
            recipe.in_order(recipe.load_all(self.folder), ["a"])


class CompilerTest(unittest.TestCase):
    """Command lines of build systems, as emcc gets them."""

    def test_compiling_adds_the_abi_and_drops_the_host(self) -> None:
        with mock.patch.dict("os.environ", {"COIL_CFLAGS": "-g0 -DX=1"}):
            line = compiler.translate(
                ["-pthread", "-O3", "-I/usr/include", "-c", "a.c", "-o", "a.o"]
            )
        expected = ["-O3", "-c", "a.c", "-o", "a.o", *compiler.ABI, "-g0", "-DX=1"]
        self.assertEqual(line, expected)

    def test_folders_of_the_host_are_dropped_with_their_flag(self) -> None:
        given = ["-I", "/usr/include", "-L", "/usr/lib", "-L", "/lib", "-isystem", "/usr/include"]
        given += ["-I/usr", "-L/lib64", "-I", "/x", "-I/usrx", "-L", "lib"]
        self.assertEqual(compiler.kept(given), ["-I", "/x", "-I/usrx", "-L", "lib"])

    def test_runtime_paths_within_the_wheel_are_kept(self) -> None:
        given = ["-Wl,-rpath,/x", "-Wl,-rpath=/x", "-rpath", "/x", "-Wl,-rpath-link,$ORIGIN"]
        self.assertEqual(compiler.kept([*given, "-Wl,-rpath", "-Wl,/x"]), [])
        given = ["-Wl,-rpath,$ORIGIN/a", "-Wl,-rpath=$ORIGIN:/x", "-Wl,-rpath", "-Wl,$ORIGIN/b"]
        expected = ["-Wl,-rpath,$ORIGIN/a", "-Wl,-rpath,$ORIGIN", "-Wl,-rpath,$ORIGIN/b"]
        self.assertEqual(compiler.kept(given), expected)

    def test_an_extension_without_objects_exports_its_init_function(self) -> None:
        name = "build/lib/pkg/_mod.cpython-313-wasm32-emscripten.so"
        line = compiler.translate(["-shared", "-O2", "a.o", "-lm", "-Wl,-rpath,/x", "-o", name])
        self.assertIn("-sSIDE_MODULE=2", line)
        self.assertIn("-sEXPORTED_FUNCTIONS=_PyInit__mod", line)
        self.assertFalse({"-shared", "-lm", "-Wl,-rpath,/x"} & set(line))

    def test_a_library_exports_everything(self) -> None:
        self.assertIn("-sSIDE_MODULE=1", compiler.translate(["-shared", "a.o", "-olibx.so"]))

    def test_a_program_of_configure_uses_release_libraries(self) -> None:
        for given in (["a.c"], ["-O0", "a.c", "-o", "a"]):
            line = compiler.translate(given)
            self.assertEqual(line[-1], "-O1")
            self.assertIn("-sASSERTIONS=0", line)

    def test_questions_pass_unchanged(self) -> None:
        self.assertEqual(compiler.translate(["--version"]), ["--version"])

    def test_names_that_are_not_ascii(self) -> None:
        self.assertEqual(compiler.init_function("x/é.so"), "PyInitU_9ca")


class SymbolsTest(FolderTest):
    """What a linked extension exports besides its init function."""

    def write_object(self, name: str, symbols: list[tuple[int, int, str]]) -> str:
        """Write an object file with functions and data of given flags."""
        table = wasm.leb128(len(symbols))
        for kind, flags, text in symbols:
            place = b"" if kind == DATA else b"\1"
            end = b"\0\0\1" if kind == DATA and not flags & UNDEFINED else b""
            known = b"" if flags & UNDEFINED and kind != DATA else wasm.sized(text.encode())
            table += bytes([kind, flags]) + place + known + end
        content = wasm.sized(b"linking") + b"\2\x08" + wasm.sized(table)
        path = self.folder / name
        path.write_bytes(wasm.joined([wasm.Section(1, b"\0"), wasm.Section(0, content)]))
        return str(path)

    def test_visible_functions_and_data_of_objects(self) -> None:
        first = self.write_object(
            "a.o",
            [
                (FUNCTION, 0, "forward_pointer"), (FUNCTION, LOCAL, "static_one"),
                (FUNCTION, HIDDEN, "hidden"), (FUNCTION, WEAK, "inline_one"),
                (FUNCTION, UNDEFINED, "elsewhere"), (DATA, UNDEFINED, "data_elsewhere"),
                (DATA, 0, "data"), (FUNCTION, 0, "with,comma"),
            ],
        )  # fmt: skip
        second = self.write_object("b.o", [(FUNCTION, 0, "other")])
        bitcode = self.folder / "c.o"
        bitcode.write_bytes(b"BC\xc0\xde")
        damaged = self.folder / "d.o"
        damaged.write_bytes(Path(second).read_bytes()[:-2])
        response = self.folder / "x.rsp"
        response.write_text(f"'{first}' {bitcode} {damaged} -shared")
        line = compiler.translate([f"@{response}", second, "libz.a", "gone.o", "-o", "m.so"])
        exported = [each for each in line if each.startswith("-Wl,--export=")]
        names = ["data", "forward_pointer", "other"]
        self.assertEqual(exported, [f"-Wl,--export={name}" for name in names])
        self.assertIn("-sEXPORTED_FUNCTIONS=_PyInit_m", line)


class WheelTest(FolderTest):
    """Wheels as they come from a backend, and as they leave the builder."""

    def make(self, name: str, files: dict[str, bytes], date: Date) -> Path:
        """Write a wheel with times of its own."""
        path = self.folder / name
        with zipfile.ZipFile(path, "w") as archive:
            for inner, data in files.items():
                entry = zipfile.ZipInfo(inner, date)
                archive.writestr(entry, data)
        return path

    def files(self, module: bytes = MODULE) -> dict[str, bytes]:
        """Return the files of a small wheel."""
        return {
            "p/__init__.py": b"x = 1\n",
            "p/_c.cpython-313-wasm32-emscripten.so": module,
            "p/__pycache__/__init__.cpython-313.pyc": b"?",
            "p-1.dist-info/METADATA": b"Name: p\nVersion: 1\nRequires-Dist: q>1\n",
            "p-1.dist-info/RECORD": b"stale",
        }

    def test_the_same_files_give_the_same_bytes(self) -> None:
        files = self.files()
        first = self.make("a.whl", files, (2020, 1, 2, 0, 0, 0))
        second = self.make("b.whl", dict(reversed(files.items())), (2024, 5, 6, 0, 0, 0))
        for source in (first, second):
            repack.repack(source, source.with_suffix(".out"))
        self.assertEqual(
            first.with_suffix(".out").read_bytes(), second.with_suffix(".out").read_bytes()
        )

    def test_the_record_is_true(self) -> None:
        target = self.folder / "out.whl"
        found = repack.repack(self.make("a.whl", self.files(), (2020, 1, 2, 0, 0, 0)), target)
        self.assertEqual((found.name, found.version, found.libraries), ("p", "1", 1))
        with zipfile.ZipFile(target) as archive:
            record = archive.read("p-1.dist-info/RECORD").decode().splitlines()
            names = [line.split(",")[0] for line in record]
            self.assertEqual(sorted(names), sorted(archive.namelist()))
            self.assertNotIn("p/__pycache__/__init__.cpython-313.pyc", names)
            for line in record[:-1]:
                name = line.split(",")[0]
                self.assertEqual(line + "\n", wheel.record_line(name, archive.read(name)))

    def packed(self, files: dict[str, bytes], name: str = WHEEL, **how: Any) -> dict[str, bytes]:
        """Return the files of a wheel after it was packed anew."""
        target = self.folder / "out.whl"
        repack.repack(self.make(name, files, (2020, 1, 2, 0, 0, 0)), target, **how)
        return wheel.read(target)

    def test_a_library_for_another_machine_is_refused(self) -> None:
        with self.assertRaisesRegex(wheel.WheelError, "_c.cpython.* is not for this target"):
            self.packed(self.files(b"\x7fELF..."))
        with self.assertRaisesRegex(wheel.WheelError, "cut off or damaged"):
            self.packed(self.files(MODULE[:-1]))
        with self.assertRaisesRegex(wheel.WheelError, "any platform, but p/_c.* is machine code"):
            self.packed(self.files(), "p-1-py3-none-any.whl")

    def test_extension_names_for_other_machines_are_refused(self) -> None:
        for tag in ("cpython-313-x86_64-linux-gnu", "cpython-312-wasm32-emscripten", "cp313-win32"):
            with self.subTest(tag), self.assertRaisesRegex(wheel.WheelError, "named for another"):
                self.packed({**self.files(), f"p/x.{tag}.so": MODULE})
        for name in ("p/x.abi3.so", "p/x.so", "p/libx-1.2.so.1.2", "p/x.data.so"):
            self.assertIn(name, self.packed({**self.files(), name: MODULE}))

    def test_tags(self) -> None:
        platform = "pyemscripten_2025_0_wasm32"
        good = ["cp313-cp313", "cp32-abi3", "cp39-abi3", "cp310-abi3", "cp313-abi3", "py3-none"]
        good = [f"{tag}-{platform}" for tag in good] + ["py3-none-any", "py2.py3-none-any"]
        for tag in good:
            wheel.check_tag(Path(f"p-1-{tag}.whl"))
            wheel.check_tag(Path(f"p-1-2-{tag}.whl"))
        bad = ["cp312-cp312", "cp313-cp313t", "cp314-abi3", "cp31-abi3", "cp27-abi3", "cp313-none"]
        bad = [f"{tag}-{platform}" for tag in bad] + ["cp313-cp313-linux_x86_64", "py2-none-any"]
        bad += ["cp313-cp313-any", "cp313-cp313-pyemscripten_2024_0_wasm32", "py2.py3-none-linux"]
        for tag in bad:
            with self.subTest(tag), self.assertRaisesRegex(wheel.WheelError, f"is for {tag}; exp"):
                wheel.check_tag(Path(f"p-1-{tag}.whl"))

    def test_what_is_no_wheel_is_refused(self) -> None:
        files = self.files()
        del files["p-1.dist-info/METADATA"]
        with self.assertRaisesRegex(wheel.WheelError, "has no METADATA"):
            self.packed(files)
        path = self.folder / WHEEL
        path.write_bytes(b"no zip")
        with self.assertRaisesRegex(wheel.WheelError, "no sound zip archive"):
            repack.repack(path, self.folder / "out.whl")
        with self.assertRaisesRegex(wheel.WheelError, "no sound zip archive"):
            wheel.contents(path)

    def test_paths_of_the_build_host_are_replaced_in_texts(self) -> None:
        work = self.folder / "cache" / "work" / "p-key"
        texts = [f"{work}/environment/bin/coil-cc", f"{work.parent}/q", f"{self.folder}/cache-2/x"]
        files = {**self.files(), "p/config.py": "\n".join(texts).encode(), "p/x.bin": b"\0\xff"}
        paths = hostpaths.HostPaths(work, [self.folder / "cache", work / "environment" / "bin"])
        packed = self.packed(files, paths=paths)
        expected = f"/coil/coil-cc\n/coil/work/q\n{self.folder}/cache-2/x"
        self.assertEqual(packed["p/config.py"].decode(), expected)
        for name in ("p/x.bin", "p/_d.so"):
            section = wasm.Section(10, f"{work}/x.c".encode() + b"\0")
            code = wasm.joined([*wasm.sections(MODULE), section])
            message = f"{name} has the path .*p-key of this machine"
            with self.subTest(name), self.assertRaisesRegex(wheel.WheelError, message):
                self.packed({**files, name: code}, paths=paths)

    def test_the_lock_file_names_what_a_wheel_needs(self) -> None:
        requires = "\n".join(f"Requires-Dist: {each}" for each in REQUIREMENTS)
        files = {
            "p/__init__.py": b"",
            "q.py": b"",
            "p.libs/libx.so": MODULE,
            "p-1.dist-info/METADATA": f"Name: p\nVersion: 1\n{requires}\n".encode(),
        }
        path = self.make("p-1-py3-none-any.whl", files, (2020, 1, 2, 0, 0, 0))
        lock.write({}, [path], self.folder / "lock.json")
        entry = json.loads((self.folder / "lock.json").read_text())["packages"]["p"]
        self.assertEqual(entry["depends"], ["late", "plain-name", "wasm"])
        self.assertEqual(entry["imports"], ["p", "q"])
        self.assertEqual(entry["sha256"], sources.digest(path))

    def test_a_requirement_that_cannot_be_read_is_named(self) -> None:
        with self.assertRaisesRegex(wheel.WheelError, "p.whl: .* 'a b', which cannot be read"):
            requirements.needed_packages(Path("p.whl"), ["a b"])


class VendorTest(FolderTest):
    """Shared libraries that a wheel needs."""

    def run_vendor(self, name: str, needed: tuple[str, ...]) -> dict[str, vendor.Dylink]:
        """Return the sections of a wheel's libraries after vendoring for one library in it."""
        files = {name: side_module(needed), "a/libown.so": MODULE}
        done = vendor.Vendor("My_Pkg-1-x.whl", files, [self.folder / "none", self.folder]).run()
        return {each: vendor.dylink(data) for each, data in done.items()}

    def test_needed_libraries_are_added_with_what_they_need(self) -> None:
        (self.folder / "libx.so").write_bytes(side_module(("liby.so", "libx.so"), ("/old",)))
        (self.folder / "liby.so").write_bytes(side_module(("libx.so",)))
        found = self.run_vendor("a/b/c.abi3.so", ("libown.so", "libx.so"))
        libraries = {"a/b/c.abi3.so", "a/libown.so", "my_pkg.libs/libx.so", "my_pkg.libs/liby.so"}
        self.assertEqual(set(found), libraries)
        paths = {name: each.strings(vendor.RUNTIME_PATH) for name, each in found.items()}
        self.assertEqual(paths["a/b/c.abi3.so"], ["$ORIGIN/../../my_pkg.libs"])
        self.assertEqual(paths["a/libown.so"], [])
        self.assertEqual(paths["my_pkg.libs/libx.so"], ["/old", "$ORIGIN"])
        self.assertEqual(paths["my_pkg.libs/liby.so"], ["$ORIGIN"])
        self.assertEqual(found["a/b/c.abi3.so"].strings(vendor.NEEDED), ["libown.so", "libx.so"])

    def test_a_library_beside_the_packages_finds_the_folder(self) -> None:
        (self.folder / "libx.so").write_bytes(MODULE)
        found = self.run_vendor("c.so", ("libx.so",))
        self.assertEqual(found["c.so"].strings(vendor.RUNTIME_PATH), ["$ORIGIN/my_pkg.libs"])

    def test_the_rest_of_a_library_stays(self) -> None:
        changed = vendor.with_runtime_path(MODULE, "$ORIGIN/" + "x" * 200)
        self.assertEqual(list(wasm.sections(changed))[1:], list(wasm.sections(MODULE))[1:])
        self.assertEqual(vendor.with_runtime_path(changed, "$ORIGIN/" + "x" * 200), changed)

    def test_what_cannot_be_vendored_is_named(self) -> None:
        with self.assertRaisesRegex(wheel.WheelError, "c.so needs libz.so, which is neither in"):
            self.run_vendor("c.so", ("libz.so",))
        (self.folder / "libx.so").write_bytes(b"\x7fELF")
        with self.assertRaisesRegex(wheel.WheelError, "libx.so is not for this target"):
            self.run_vendor("c.so", ("libx.so",))
        files = {"p/_c.so": wasm.HEADER}
        with self.assertRaisesRegex(wheel.WheelError, "first section is not dylink.0"):
            vendor.Vendor("p-1-x.whl", files, []).run()


class BuilderTest(FolderTest):
    """Tests with a builder over an empty cache."""

    def builder(self, **changes: Any) -> pipeline.Builder:
        """Return a builder over an empty cache."""
        (self.folder / "headers").mkdir(exist_ok=True)
        data = self.folder / "sysconfig.py"
        data.write_text("build_time_vars = {}")
        values: dict[str, Any] = {
            each.name: self.folder for each in dataclasses.fields(settings.Settings)
        }
        made = settings.Settings(**values)
        made = dataclasses.replace(
            made,
            offline=True,
            jobs=1,
            headers=self.folder / "headers",
            sysconfig_data=data,
            libraries={"z": Path("/cache/z-1")},
            toolchain=("t-1",),
        )
        return pipeline.Builder(dataclasses.replace(made, **changes))


class PipelineTest(BuilderTest):
    """Keys and failures."""

    def test_a_key_changes_with_everything_that_shapes_the_wheel(self) -> None:
        uses = TOML + '[build]\nlibraries = ["z"]\n'
        each = self.write_recipe("a", uses)
        keys = [
            self.builder().key(each),
            self.builder(toolchain=("t-2",)).key(each),
            self.builder(libraries={"z": Path("/cache/z-2")}).key(each),
        ]
        keys.append(self.builder().key(self.write_recipe("a", uses + 'cflags = ["-DX"]\n')))
        (self.folder / "headers" / "Python.h").write_text("#define NEW 1")
        keys.append(self.builder().key(self.write_recipe("a", uses)))
        self.assertEqual(len(set(keys)), 5)
        self.assertEqual(keys[4], self.builder(jobs=7).key(each))

    def test_offline_without_the_source_says_what_to_do(self) -> None:
        with self.assertRaisesRegex(sources.SourceError, "Build once without it"):
            self.builder().build(self.write_recipe("a"))

    def test_headers_are_where_the_recipe_says(self) -> None:
        text = 'include = "pkg/inner/include"\n' + TOML
        builder = self.builder(tools=self.folder / "tools")
        for name, inner in {"a": "pkg/inner/include/a.h", "b": "pkg/b.h"}.items():
            path = self.folder / f"{name}.whl"
            with zipfile.ZipFile(path, "w") as archive:
                archive.writestr(inner, "")
                archive.writestr("pkg/x.pxd", "")
            builder.built[name] = (self.write_recipe(name, text), path)
        headers = builder.headers_of("a", self.folder)
        self.assertTrue((headers.folder / "a.h").is_file())
        with self.assertRaisesRegex(pipeline.BuildError, "no folder 'pkg/inner/include'; correct"):
            builder.headers_of("b", self.folder)
        self.check_stand_in(builder, headers)

    def check_stand_in(self, builder: pipeline.Builder, headers: Headers) -> None:
        """Check what a build is told of the headers of package a."""
        made = Environment(builder.settings, builder.built["a"][0], self.folder / "environment")
        made.prepare({"a": headers})
        self.assertTrue((made.site / "pkg" / "x.pxd").is_file())
        self.assertIn(repr(str(headers.folder)), (made.site / "pkg" / "__init__.py").read_text())
        self.assertIn(f"a-include-dir = '{headers.folder}'", made.cross_file.read_text())

    def test_the_callers_environment_shapes_no_wheel(self) -> None:
        made = Environment(self.builder().settings, self.write_recipe("a"), self.folder / "e")
        kept = {"HOME": "/h", "HTTPS_PROXY": "p", "SSL_CERT_FILE": "c", "CARGO_HTTP_TIMEOUT": "9"}
        lost = {
            "CPPFLAGS": "-DX",
            "LDSHARED": "gcc",
            "RUSTFLAGS": "-g",
            "CPATH": "/",
            "CARGO_TARGET_DIR": "t",
        }
        given = {**kept, **lost, "PATH": "/usr/bin", "CFLAGS": "-DX"}
        with mock.patch.dict(os.environ, given, clear=True):
            variables = made.variables(self.folder)
        self.assertEqual({each: variables.get(each) for each in kept}, kept)
        self.assertFalse(set(lost) & set(variables))
        self.assertNotIn("-DX", variables.values())
        self.assertTrue(variables["PATH"].endswith(":/usr/bin"))

    def test_patches_are_applied_in_a_folder_of_another_repository(self) -> None:
        subprocess.run(["git", "init", "--quiet", str(self.folder)], check=True)
        source = self.folder / "work" / "source"
        source.mkdir(parents=True)
        (source / "a.txt").write_text("old\n")
        text = "diff --git a/a.txt b/a.txt\n--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-old\n+new\n"
        folder = self.folder / "recipes" / "a"
        folder.mkdir(parents=True)
        (folder / "a.patch").write_text(text)
        each = self.write_recipe("a", TOML + '[[patches]]\nfile = "a.patch"\nreason = "x"\n')
        with (self.folder / "log").open("w") as log:
            self.builder().patch(each, source, log)
            self.assertEqual((source / "a.txt").read_text(), "new\n")
            with self.assertRaisesRegex(pipeline.BuildError, "patch does not apply"):
                self.builder().patch(each, source, log)

    def test_a_failing_command_shows_its_last_lines(self) -> None:
        path = self.folder / "log"
        command = [sys.executable, "-c", "print('first'); raise SystemExit('no such compiler')"]
        with (
            path.open("w") as log,
            self.assertRaisesRegex(
                pipeline.BuildError, r"failed \(1\)[\s\S]*no such compiler"
            ) as got,
        ):
            pipeline.run(command, self.folder, None, log)
        self.assertIn(str(path), str(got.exception))
        self.assertIsInstance(io.StringIO(path.read_text()).readline(), str)


class PlanTest(BuilderTest):
    """Which recipes are built, and which are refused."""

    def setUp(self) -> None:
        super().setUp()
        self.write_recipe("quick")
        self.write_recipe("needs", 'depends = ["quick", "Pure"]\nslow = true\n' + TOML)

    def plan(self, *names: str) -> plan.Plan:
        """Return the plan for names."""
        planner = plan.Planner(self.builder(), recipe.load_all(self.folder), {"pure"})
        return planner.plan(list(names))

    def names(self, *names: str) -> list[str]:
        """Return the names of planned recipes."""
        return [each.name for each in self.plan(*names).ordered]

    def test_groups(self) -> None:
        self.assertEqual(self.names("needs"), ["quick", "needs"])
        self.assertEqual(self.names("quick"), ["quick"])
        self.assertEqual(self.names("cached"), [])
        builder = self.builder()
        key = builder.key(recipe.load_all(self.folder)["needs"])
        folder = builder.settings.wheels / f"needs-{key}"
        folder.mkdir(parents=True)
        (folder / "a.whl").write_bytes(b"whole")
        record = {"wheel": {"a.whl": sources.digest(folder / "a.whl")}}
        (folder / pipeline.RECORD).write_text(json.dumps(record))
        self.assertEqual(self.names("cached"), [])  # what it needs is not in the cache
        self.assertEqual(self.names("cached", "quick"), ["quick", "needs"])
        self.assertEqual(pipeline.cached(folder), folder / "a.whl")
        (folder / "a.whl").write_bytes(b"hole")
        self.assertEqual(self.names("cached", "quick"), ["quick"])
        (folder / "a.whl").unlink()
        self.assertIsNone(pipeline.cached(folder))
        for damaged in ("{", "[]", '{"wheel": {}}', '{"wheel": 3}'):
            (folder / pipeline.RECORD).write_text(damaged)
            self.assertIsNone(pipeline.cached(folder))

    def test_unknown_names_are_refused_before_anything_is_built(self) -> None:
        self.write_recipe("plain")
        cases = {
            'depends = ["gone"]\n' + TOML: "bad/.* depends names 'gone', which is neither a recipe",
            TOML + '[build]\nlibraries = ["gone"]\n': "no library 'gone' in libraries; known: z",
            TOML + '[build]\nheaders = ["gone"]\n': "headers names 'gone', which is no recipe",
            TOML + '[build]\nheaders = ["plain"]\n': "plain/recipe.toml does not say with the key",
        }
        for text, message in cases.items():
            self.write_recipe("bad", text)
            with self.subTest(message), self.assertRaisesRegex(recipe.RecipeError, message):
                self.plan("plain", "bad")
            found = self.plan("quick", "cached")
            self.assertRegex(str(found.refused["bad"]), message)
            self.assertEqual([each.name for each in found.ordered], ["plain", "quick"])

    def test_groups_go_on_without_bad_recipes(self) -> None:
        self.write_bad_recipe("bad", "name = 3")
        self.write_recipe("worse", 'depends = ["bad"]\n' + TOML)
        found = self.plan("quick", "cached")
        self.assertEqual(sorted(found.refused), ["bad", "worse"])
        self.assertEqual([each.name for each in found.ordered], ["quick"])
        self.assertEqual(self.plan("needs").refused, {})
        with self.assertRaisesRegex(recipe.RecipeError, "bad/recipe.toml"):
            self.plan("worse")


class SettingsFolderTest(FolderTest):
    """Tests with a file of settings."""

    def values(self) -> dict[str, Any]:
        """Return settings whose paths are all there."""
        found: dict[str, Any] = {
            each.name: str(self.folder) for each in dataclasses.fields(settings.Settings)
        }
        return {**found, "jobs": "1", "offline": "ON", "libraries": {}, "toolchain": []}


class SettingsTest(SettingsFolderTest):
    """The file that CMake writes."""

    def test_sound_settings(self) -> None:
        path = self.folder / "settings.json"
        path.write_text(json.dumps(self.values()))
        self.assertTrue(settings.load(path).offline)

    def test_bad_settings_say_what_to_do(self) -> None:
        path = self.folder / "settings.json"
        with self.assertRaisesRegex(settings.SettingsError, "No such file.* Configure the build"):
            settings.load(path)
        missing = {key: value for key, value in self.values().items() if key != "cli"}
        cases = {
            "{": "are damaged: .*Configure the build",
            "[]": "are damaged",
            json.dumps(missing): "have no 'cli'",
            json.dumps({**self.values(), "jobs": "many"}): "are damaged: .*many",
            json.dumps(
                {**self.values(), "node": "/gone"}
            ): "/gone, .* as node, is not there. Build",
        }
        for text, message in cases.items():
            path.write_text(text)
            with self.subTest(message), self.assertRaisesRegex(settings.SettingsError, message):
                settings.load(path)


class RunTest(SettingsFolderTest):
    """The command line as a whole, with a pipeline that builds nothing."""

    def setUp(self) -> None:
        super().setUp()
        path = ROOT / "packages" / "build" / "__main__.py"
        spec = importlib.util.spec_from_file_location("builder_main", path)
        assert spec and spec.loader
        self.main = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(self.main)
        vars(self.main)["PACKAGES"] = self.folder
        self.settings = self.folder / "settings.json"
        values = {**self.values(), "sysconfig_data": str(self.settings), "pure": "/"}
        self.settings.write_text(json.dumps(values))
        self.out = self.folder / "out"
        self.out.mkdir()
        self.own = self.out / "mine-1-py3-none-any.whl"
        self.own.write_text("the user's")
        for name in ("a", "b"):
            self.write_recipe(name)
        self.write_recipe("c", 'depends = ["b"]\n' + TOML)

    def build(self, builder: pipeline.Builder, each: recipe.Recipe) -> tuple[Path, str]:
        """Make a wheel of nothing, in place of Builder.build()."""
        path = self.folder / f"{each.name}-1-py3-none-any.whl"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(f"{each.name}-1.dist-info/METADATA", f"Name: {each.name}\nVersion: 1")
        builder.built[each.normalised] = (each, path)
        return path, "0 s"

    def run_main(self, *names: str, fails: str = "") -> tuple[int, str]:
        """Run the command line with smoke tests of which one fails; return status and output."""

        def smoke_test(each: recipe.Recipe, *_: object) -> None:
            if each.name == fails:
                raise smoke.SmokeError("smoke test failed")

        said = io.StringIO()
        with (
            mock.patch.object(pipeline.Builder, "build", lambda *given: self.build(*given)),
            mock.patch.object(smoke, "run", smoke_test),
            contextlib.redirect_stdout(said),
            contextlib.redirect_stderr(said),
        ):
            status = self.main.main(
                ["--settings", str(self.settings), "--out", str(self.out), *names]
            )
        return status, said.getvalue()

    def wheels(self) -> list[str]:
        """Return the names of packages whose wheels are in the folder; "mine" is the user's own."""
        return sorted(path.name.partition("-")[0] for path in self.out.glob("*.whl"))

    def locked(self) -> list[str]:
        """Return the names of packages in the lock file."""
        return sorted(json.loads((self.out / output.LOCK).read_text())["packages"])

    def test_only_wheels_of_an_earlier_run_are_removed(self) -> None:
        self.assertEqual(self.run_main("a", "b")[0], 0)
        self.assertEqual((self.wheels(), self.locked()), (["a", "b", "mine"], ["a", "b"]))
        self.assertEqual(self.run_main("gone")[0], 1)
        self.assertEqual((self.wheels(), self.locked()), (["a", "b", "mine"], ["a", "b"]))
        self.assertEqual(self.run_main("a")[0], 0)
        self.assertEqual((self.wheels(), self.locked()), (["a", "mine"], ["a"]))
        self.assertEqual(self.own.read_text(), "the user's")

    def test_a_lock_file_of_somebody_else_removes_nothing(self) -> None:
        outside = self.folder / "outside.whl"
        outside.write_text("")
        for text in ("{", "[]", '{"packages": {"x": {"file_name": "../outside.whl"}}}'):
            (self.out / output.LOCK).write_text(text)
            self.assertEqual(self.run_main("a")[0], 0)
            self.assertTrue(outside.exists())

    def test_what_fails_is_not_locked_nor_what_needs_it(self) -> None:
        status, said = self.run_main("a", "c", fails="b")
        self.assertEqual((status, self.wheels(), self.locked()), (1, ["a", "mine"], ["a"]))
        self.assertIn("b: smoke test failed", said)
        self.assertIn("c: not built: it needs b, which failed", said)
        self.assertIn("1 packages built and tried, 2 failed", said)

    def test_bad_recipes_are_told_and_counted(self) -> None:
        self.write_recipe("d", 'depends = ["gone"]\n' + TOML)
        status, said = self.run_main("quick")
        self.assertEqual((status, self.locked()), (1, ["a", "b", "c"]))
        self.assertRegex(said, "d: .*d/recipe.toml: depends names 'gone'")
        self.assertIn("3 packages built and tried, 1 failed", said)
        status, said = self.run_main("a", "d")
        self.assertEqual((status, said.count("depends names 'gone'")), (1, 1))
        self.assertEqual(self.locked(), ["a", "b", "c"])

    def test_bad_settings_are_told(self) -> None:
        self.settings.unlink()
        status, said = self.run_main("a")
        self.assertEqual(status, 1)
        self.assertIn("Configure the build", said)


if __name__ == "__main__":
    unittest.main()
