"""hashlib.pbkdf2_hmac() derives the keys that native Python derives, also without OpenSSL."""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import random
import subprocess
import unittest

# Runs in the interpreter under test: derives a key for each case of the input. The argument is a
# module that cannot be imported.
DERIVE = """
import sys
sys.modules[sys.argv[1]] = None
import hashlib, json
for name, password, salt, iterations, length in json.load(sys.stdin):
    key = hashlib.pbkdf2_hmac(
        name, bytes.fromhex(password), bytes.fromhex(salt), iterations, length
    )
    print(key.hex())
"""


class Pbkdf2Test(unittest.TestCase):
    """OpenSSL's function, and the fallback for it."""

    def test_keys_are_those_of_native_python(self) -> None:
        generator = random.Random(20261124)  # noqa: S311 -- test data
        names = ["md5", "sha1", "sha256", "SHA256", "sha512", "sha3_256", "blake2b"]
        cases = [
            (
                generator.choice(names),
                generator.randbytes(generator.randrange(300)),
                generator.randbytes(generator.randrange(60)),
                generator.randrange(1, 20),
                generator.choice([None, 1, 20, 100, 257]),
            )
            for _ in range(200)
        ]
        expected = [hashlib.pbkdf2_hmac(*case).hex() for case in cases]
        text = json.dumps([(n, p.hex(), s.hex(), i, length) for n, p, s, i, length in cases])
        nodes = os.environ["COIL_NODES"].split(":")
        for node, missing in itertools.product(nodes, ["_hashlib", "none"]):
            with self.subTest(node=node, missing=missing):
                command = [node, os.environ["COIL_CLI"], "-c", DERIVE, missing]
                done = subprocess.run(
                    command, input=text, capture_output=True, text=True, timeout=120, check=True
                )
                self.assertEqual(done.stdout.split(), expected)


if __name__ == "__main__":
    unittest.main()
