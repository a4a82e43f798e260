/** `_hashlib` and `_ssl`: side modules of the distribution that are fetched when Python imports them. */

import * as assert from "../harness/assert.mjs";
import { test } from "../harness/test.mjs";

const ALONE = { interpreter: false };

/** What Python raises where it can neither read a file at once nor wait for it. */
const CANNOT_WAIT = /the file has to be fetched first, and Python cannot wait here/;

/** Imports a module; where Python cannot wait for its files, they are here a moment later. */
async function importModule(pyodide, name) {
  for (;;) {
    try {
      pyodide.runPython(`import ${name}`);
      return;
    } catch (error) {
      if (!CANNOT_WAIT.test(error.message)) {
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

test("what uses OpenSSL can be imported without it", ALONE, async (t) => {
  const pyodide = await t.load();
  const loaded = pyodide.runPython(`
import sys, asyncio, hashlib, hmac, http.client, ssl
hashlib.sha256(b"abc"); hmac.digest(b"k", b"m", "sha256")
" ".join({"_hashlib", "_ssl"} & set(sys.modules))`);
  assert.same(loaded, "");
});

test("hashes, keys and TLS contexts", ALONE, async (t) => {
  const pyodide = await t.load();
  if (t.host !== "node") {
    assert.throws(() => pyodide.runPython("import ssl; ssl.SSLContext"), { message: CANNOT_WAIT });
  }
  await importModule(pyodide, "_hashlib");
  await importModule(pyodide, "_ssl");
  const found = pyodide.runPython(`
import hashlib, json, ssl
context = ssl.create_default_context()
client, server = ssl.MemoryBIO(), ssl.MemoryBIO()
side = context.wrap_bio(client, server, server_hostname="example.org")
try:
    side.do_handshake()
except ssl.SSLWantReadError:
    pass
hello = server.read()
json.dumps([
    hashlib.new("sm3", b"abc").hexdigest()[:16],
    hashlib.scrypt(b"", salt=b"", n=16, r=1, p=1).hex()[:16],
    context.verify_mode.name,
    [hello[0], b"example.org" in hello],
    len(ssl.RAND_bytes(9)),
])`);
  assert.deepEqual(JSON.parse(found), [
    "66c7f0f462eeedd9",
    "77d6576238657b20",
    "CERT_REQUIRED",
    [22, true],
    9,
  ]);
});

// In Node this is a part of tests/stdlib/test_openssl.py.
const FETCHED = { interpreter: false, hosts: ["page", "worker"] };

test("a library that is not what was built is refused", FETCHED, async (t) => {
  const { fetch } = globalThis;
  const pyodide = await t.load();
  globalThis.fetch = async (...given) => {
    const response = await fetch(...given);
    return String(given[0]).endsWith("libcoil_crypto.so")
      ? new Response(new Uint8Array(await response.arrayBuffer()).fill(7, 100, 101))
      : response;
  };
  try {
    await assert.rejects(importModule(pyodide, "_hashlib"), {
      message: /libcoil_crypto\.so.*SHA-256/,
    });
  } finally {
    globalThis.fetch = fetch;
  }
  await importModule(pyodide, "_hashlib");
});
