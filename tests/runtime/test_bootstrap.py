"""A machine without the programs that the build needs gets them, or one message that names them."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import textwrap
import unittest
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
CMAKE = shutil.which("cmake") or "cmake"
PRESENT = ("sh", "python3", "make", "cc", "git", "xz", "npm", "mmdebstrap")


class BootstrapTest(unittest.TestCase):
    """Runs Bootstrap.cmake where PATH leads to a folder without Ninja."""

    def setUp(self) -> None:
        """Make a folder with every program but one."""
        directory = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="bootstrap-")))
        self.programs = directory / "bin"
        self.programs.mkdir()
        self.log = directory / "log"
        for name in PRESENT:
            (self.programs / name).symlink_to(shutil.which(name) or "/bin/true")

    def program(self, name: str, script: str) -> None:
        """Add a shell script to PATH."""
        path = self.programs / name
        path.write_text(f"#!/bin/sh\n{textwrap.dedent(script)}")
        path.chmod(0o755)

    def user(self, number: int) -> None:
        """Let id(1) say who runs the build."""
        self.program("id", f"echo {number}\n")

    def apt(self, result: str) -> None:
        """Add an apt-get that notes its arguments and then does *result*."""
        self.program("apt-get", f'echo "$@" >> "{self.log}"\n[ "$1" = update ] || {result}\n')

    def bootstrap(self, *options: str) -> tuple[int, str]:
        """Run it and return exit status and output, its lines joined."""
        command = [CMAKE, "-DCMAKE_FIND_USE_CMAKE_SYSTEM_PATH=OFF", *options]
        process = subprocess.run(
            [*command, "-P", SOURCE / "src" / "cmake" / "Bootstrap.cmake"],
            env={**os.environ, "PATH": str(self.programs), "EMSDK": ""},
            capture_output=True,
            text=True,
            check=False,
        )
        return process.returncode, " ".join((process.stdout + process.stderr).split())

    def compiler(self, *folders: Path) -> None:
        """Replace cc(1) by one that looks for headers in *folders*."""
        (self.programs / "cc").unlink()
        self.program("cc", "".join(f"echo ' {folder}' >&2\n" for folder in folders))

    def assert_one_error(self, result: tuple[int, str], *parts: str) -> None:
        """Check that it failed with one error whose text has all *parts*."""
        status, output = result
        self.assertNotEqual(status, 0, output)
        self.assertEqual(output.count("CMake Error"), 1, output)
        for part in parts:
            self.assertIn(part, output)

    def test_ordinary_user_is_told_what_to_install(self) -> None:
        self.user(1000)
        self.apt("exit 0")
        result = self.bootstrap()
        self.assert_one_error(
            result, "Missing on this machine:", "sudo apt-get install", "ninja-build"
        )
        self.assertFalse(self.log.exists())

    def test_root_without_apt_is_told_what_to_install(self) -> None:
        self.user(0)
        self.assert_one_error(self.bootstrap(), "Missing on this machine:", "ninja-build")

    def test_root_with_apt_gets_what_is_missing(self) -> None:
        self.user(0)
        self.apt(f'/bin/ln -s /bin/true "{self.programs}/ninja"')
        status, output = self.bootstrap()
        self.assertEqual(status, 0, output)
        update, install = self.log.read_text().splitlines()
        self.assertIn("update", update.split())
        self.assertIn("ninja-build", install.split())
        self.assertNotIn("git", install.split())

    def test_headers_are_looked_for_where_the_compiler_does(self) -> None:
        self.user(1000)
        folders = [self.programs.parent / "include", self.programs.parent / "include64"]
        headers = ("zlib.h", "bzlib.h", "lzma.h", "sqlite3.h", "openssl/ssl.h")
        for path in [*(folders[0] / header for header in headers), folders[1] / "ffi.h"]:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        self.compiler(*folders)
        self.assertNotRegex(self.bootstrap()[1], "lib[a-z0-9]+-dev|zlib1g-dev")
        self.compiler(folders[0])
        _, output = self.bootstrap()
        self.assertIn("Missing on this machine: ninja-build libffi-dev", output)

    def test_offline_installs_nothing(self) -> None:
        self.user(0)
        self.apt("exit 0")
        self.assert_one_error(self.bootstrap("-DCOIL_OFFLINE=ON"), "ninja-build", "COIL_OFFLINE")
        self.assertFalse(self.log.exists())

    def test_failed_installation_shows_what_apt_says(self) -> None:
        self.user(0)
        self.apt("{ echo Unable to locate package; exit 100; }")
        self.assert_one_error(self.bootstrap(), "ninja-build", "Unable to locate package")

    def test_other_emscripten_on_path_is_not_used(self) -> None:
        self.program("ninja", "")
        self.program("emcc", "echo 'emcc (Emscripten gcc/clang-like replacement) 4.0.9 (abc)'\n")
        _, output = self.bootstrap()
        self.assertIn("it is not Emscripten 6.0.5", output)


if __name__ == "__main__":
    unittest.main()
