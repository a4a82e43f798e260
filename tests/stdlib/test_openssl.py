"""OpenSSL as a library that is loaded when it is needed: _hashlib and _ssl under the command line.

What native Python computes with its own OpenSSL is the reference for digests and certificates.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path
from typing import Any

PROGRAMS = Path(__file__).resolve().parent / "programs"
CERTIFICATES = Path(os.environ["COIL_CPYTHON_TESTS"]) / "certdata"
CLI = Path(os.environ["COIL_CLI"])
NODES = os.environ["COIL_NODES"].split(":")
NATIVE = os.environ["COIL_NATIVE_PYTHON"]
# RFC 7914, section 12.
SCRYPT = """
import hashlib
key = hashlib.scrypt(b"pleaseletmein", salt=b"SodiumChloride", n=16384, r=8, p=1, maxmem=1 << 26)
print(key.hex())
"""
SCRYPT_KEY = (
    "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
    "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"
)
# What every OpenSSL 3 has besides the guaranteed algorithms, and other names for some of these.
MORE = {"md5-sha1", "ripemd160", "sha512_224", "sha512_256", "sm3"}
ALIASES = ["blake2b512", "blake2s256", "SHA2-256", "sha3-224", "SHA512-256"]


def run(command: list[str], program: str, *arguments: str) -> str:
    """Return what a program of the folder printed; AssertionError when it failed."""
    done = subprocess.run(
        [*command, str(PROGRAMS / f"{program}.py"), *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    if done.returncode != 0 or done.stderr:
        raise AssertionError(f"{program} ended with {done.returncode}:\n{done.stderr}")
    return done.stdout


class OpensslTest(unittest.TestCase):
    """Each test in both engines."""

    maxDiff = 2000

    def each_node(self, program: str, *arguments: str) -> list[Any]:
        """Return what a program printed, as JSON, in each engine."""
        return [json.loads(run([node, str(CLI)], program, *arguments)) for node in NODES]

    def check(self, program: str, *arguments: str, cli: Path = CLI) -> None:
        """Run a program that prints "done" at its end."""
        for node in NODES:
            with self.subTest(node=node):
                self.assertEqual(run([node, str(cli)], program, *arguments), "done\n")

    def algorithms(self, command: list[str]) -> set[str]:
        """Return what hashlib offers."""
        code = "import hashlib; print(*hashlib.algorithms_available)"
        return set(subprocess.check_output([*command, "-c", code], text=True).split())

    def test_digests_are_those_of_native_python(self) -> None:
        ours = self.algorithms([NODES[0], str(CLI)])
        self.assertLessEqual(MORE, ours)
        self.assertEqual(ours, self.algorithms([NATIVE]) & ours)
        names = [*sorted(ours), *ALIASES]
        expected = json.loads(run([NATIVE], "hashes", *names))
        for found in self.each_node("hashes", *names):
            self.assertEqual(found, expected)

    def test_scrypt(self) -> None:
        for node in NODES:
            printed = subprocess.check_output([node, CLI, "-c", SCRYPT], text=True)
            self.assertEqual(printed.strip(), SCRYPT_KEY)

    def test_certificates_are_read_as_native_python_reads_them(self) -> None:
        expected = json.loads(run([NATIVE], "certificates", str(CERTIFICATES)))
        self.assertGreater(len(expected), 10)
        for found in self.each_node("certificates", str(CERTIFICATES)):
            self.assertEqual(found, expected)

    def test_tls_in_memory(self) -> None:
        self.check("handshake", str(CERTIFICATES))

    def test_nothing_is_loaded_before_it_is_needed(self) -> None:
        self.check("lazily")

    def test_without_the_library(self) -> None:
        for harm in (Path.unlink, lambda path: path.write_bytes(path.read_bytes()[:-1] + b"?")):
            with tempfile.TemporaryDirectory() as folder:
                copy = Path(folder) / "dist"
                shutil.copytree(CLI.parents[1], copy, symlinks=True)
                harm(copy / "libcoil_crypto.so")
                self.check("unreachable", cli=copy / "bin" / "coil")


if __name__ == "__main__":
    unittest.main()
