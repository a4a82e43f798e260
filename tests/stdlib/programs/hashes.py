"""Prints digests of many inputs by all algorithms that are named on the command line, as JSON."""

import hashlib
import hmac
import json
import random
import sys

generator = random.Random(20261126)  # noqa: S311  # test data
inputs = [generator.randbytes(size) for size in (0, 1, 63, 64, 65, 127, 128, 129, 1000, 100_000)]


def digest(name: str, data: bytes) -> str:
    """Return a digest, given its data in two parts."""
    whole = hashlib.new(name, usedforsecurity=False)
    whole.update(data[: len(data) // 3])
    branch = whole.copy()
    branch.update(data[len(data) // 3 :])
    return str(branch.hexdigest(*([32] if name.startswith("shake") else [])))


result = {name: [digest(name, data) for data in inputs] for name in sys.argv[1:]}
result["hmac"] = [
    hmac.new(key, inputs[-1], name).hexdigest()
    for name in ("sha256", "sha512_256", "ripemd160", "sm3")
    for key in inputs[1:-1]
]
result["pbkdf2"] = [
    hashlib.pbkdf2_hmac(name, data, data[:8], 7, length).hex()
    for name in ("sha256", "sha512_256")
    for data in inputs
    for length in (None, 1, 100)
]
result["scrypt"] = [
    hashlib.scrypt(data[:100], salt=data[:16], n=1 << power, r=8, p=2, dklen=64).hex()
    for power, data in enumerate(inputs, 1)
]
print(json.dumps(result))
