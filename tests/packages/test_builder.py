"""The builder: recipes, the compiler's command lines, wheels, keys and failures."""

from __future__ import annotations

import dataclasses
import io
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
import lock  # noqa: E402
import pipeline  # noqa: E402
import recipe  # noqa: E402
import settings  # noqa: E402
import sources  # noqa: E402
import wheel  # noqa: E402

MODULE = b"\0asm\x01\0\0\0" + b"x" * 100
Date = tuple[int, int, int, int, int, int]
TOML = """
name = "Some.Name"
imports = ["some"]
smoke = "assert some"
[source]
version = "1.0"
sha256 = "00"
"""


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
        path.write_text(text)
        return recipe.load(path.parent)


class RecipeTest(FolderTest):
    """What a recipe may say."""

    def test_all_recipes_of_the_repository_are_sound(self) -> None:
        for name, each in recipe.load_all(ROOT / "packages").items():
            self.assertEqual(name, each.normalised)
            self.assertRegex(each.source.sha256, "^[0-9a-f]{64}$")
            self.assertTrue(each.imports and each.smoke.count("assert"), name)
            self.assertTrue(all(path.exists() for path in each.files), name)
            compile(each.smoke, name, "exec")

    def test_names_are_compared_as_the_index_does(self) -> None:
        self.assertEqual(self.write_recipe("a").normalised, "some-name")

    def test_misspelt_and_missing_keys_are_named(self) -> None:
        cases = {
            "import = 1\n" + TOML: "unknown key import",
            TOML + "[build]\noption = []\n": "unknown key option; known: options",
            TOML.replace("smoke", "#"): "smoke missing",
            TOML.replace("sha256", "#"): "sha256",
            "name = [": "Invalid value",
        }
        for text, message in cases.items():
            with self.subTest(message), self.assertRaisesRegex(recipe.RecipeError, message):
                self.write_recipe("a", text)

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

    def test_an_extension_exports_its_init_function_alone(self) -> None:
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
            wheel.repack(source, source.with_suffix(".out"))
        self.assertEqual(
            first.with_suffix(".out").read_bytes(), second.with_suffix(".out").read_bytes()
        )

    def test_the_record_is_true(self) -> None:
        target = self.folder / "out.whl"
        found = wheel.repack(self.make("a.whl", self.files(), (2020, 1, 2, 0, 0, 0)), target)
        self.assertEqual((found.name, found.version, found.libraries), ("p", "1", 1))
        with zipfile.ZipFile(target) as archive:
            record = archive.read("p-1.dist-info/RECORD").decode().splitlines()
            names = [line.split(",")[0] for line in record]
            self.assertEqual(sorted(names), sorted(archive.namelist()))
            self.assertNotIn("p/__pycache__/__init__.cpython-313.pyc", names)
            for line in record[:-1]:
                name = line.split(",")[0]
                self.assertEqual(line + "\n", wheel.record_line(name, archive.read(name)))

    def test_a_library_for_another_machine_is_refused(self) -> None:
        source = self.make("a.whl", self.files(b"\x7fELF..."), (2020, 1, 2, 0, 0, 0))
        with self.assertRaisesRegex(wheel.WheelError, "_c.cpython.* is not for this target"):
            wheel.repack(source, self.folder / "out.whl")
        with self.assertRaisesRegex(wheel.WheelError, "is for linux_x86_64"):
            wheel.check_tag(Path("p-1-cp313-cp313-linux_x86_64.whl"))

    def test_the_lock_file_names_what_a_wheel_needs(self) -> None:
        path = self.make("p-1-py3-none-any.whl", self.files(), (2020, 1, 2, 0, 0, 0))
        lock.write({}, [path], self.folder / "lock.json")
        text = (self.folder / "lock.json").read_text()
        self.assertIn('"depends": [\n    "q"\n   ]', text)
        self.assertIn('"imports": [\n    "p"\n   ]', text)
        self.assertIn(sources.digest(path), text)


class PipelineTest(FolderTest):
    """Keys and failures."""

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


if __name__ == "__main__":
    unittest.main()
