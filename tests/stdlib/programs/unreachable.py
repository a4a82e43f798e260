"""What programs are told where OpenSSL cannot be loaded, and what goes on working."""

import hashlib
import hmac
import ssl
from collections.abc import Callable

assert hashlib.sha256(b"abc").hexdigest().startswith("ba7816bf")
assert hmac.new(b"k", b"m", "sha1").hexdigest()
key = hashlib.pbkdf2_hmac("sha256", b"password", b"salt", 1)
assert key.hex().startswith("120fb6cffcf8b32c"), key.hex()
assert hashlib.algorithms_available == hashlib.algorithms_guaranteed
CALLS: list[tuple[Callable[[], object], type[Exception], str]] = [
    (lambda: hashlib.new("sm3"), ValueError, "unsupported hash type sm3 (OpenSSL: "),
    (lambda: hashlib.scrypt, AttributeError, "hashlib.scrypt needs OpenSSL: "),
    (lambda: ssl.SSLContext, ImportError, ""),
    (lambda: ssl.create_default_context, ImportError, ""),  # the second time as the first
]
for call, error, text in CALLS:
    try:
        call()
    except error as reason:
        assert text in str(reason) and "libcoil_crypto.so" in str(reason), reason
    else:
        raise AssertionError(text)
print("done")
