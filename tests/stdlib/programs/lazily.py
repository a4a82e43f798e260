"""What a program has loaded of OpenSSL, step by step: nothing before it is needed."""

import asyncio
import hashlib
import hmac
import http.client
import inspect
import secrets
import smtplib
import ssl
import sys
import urllib.request
import uuid


def loaded() -> set[str]:
    """Return the modules of OpenSSL that are there."""
    return {"_hashlib", "_ssl"} & set(sys.modules)


modules = [asyncio, http.client, smtplib, urllib.request]
for use in (
    lambda: [vars(module) for module in modules],
    lambda: uuid.uuid5(uuid.NAMESPACE_DNS, "example.org"),
    secrets.token_hex,
    lambda: hmac.digest(b"k", b"m", "sha256"),
    lambda: hmac.new(b"k", b"m", "sha3_256").hexdigest(),
    lambda: hashlib.new("sha3_256", b"").hexdigest(),
    lambda: not hasattr(ssl, "__path__"),
    lambda: "scrypt" in dir(hashlib),
):
    assert use()
    assert loaded() == set(), loaded()

assert "sm3" in hashlib.algorithms_available
assert loaded() == {"_hashlib"}, loaded()

try:
    getattr(ssl, "no_such_name")  # noqa: B009
except AttributeError as error:
    assert str(error) == "module 'ssl' has no attribute 'no_such_name'", error
else:
    raise AssertionError("no error")
assert loaded() == {"_hashlib", "_ssl"}, loaded()
assert ssl.SSLContext.__module__ == "ssl"
assert "__getattr__" not in vars(ssl)
assert "class SSLContext(_SSLContext):" in inspect.getsource(ssl.SSLContext)
names: dict[str, object] = {}
exec("from ssl import *", names)  # a function cannot contain it
assert names["SSLContext"] is ssl.SSLContext
print("done")
