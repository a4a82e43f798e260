import * as assert from "../harness/assert.mjs";
import { runAsync } from "../harness/python.mjs";
import { test } from "../harness/test.mjs";

/** What holds wherever something can wait; the argument is the server's address. */
const CHECKS = `
import base64
from pyodide.http import HttpStatusError, open_url, pyxhr
def error_of(kind, call, *args, **options):
    try:
        call(*args, **options)
    except kind as error:
        return error
    assert False, (kind, args)

file = open_url(a + "http/text?charset=utf-8&text=caf%C3%A9%0Atea")
assert file.readline() == "caf\\xe9\\n" and file.read() == "tea"
assert open_url(a + "http/status?code=404").read() == "status 404"
for charset in ("iso-8859-1", "no-such-charset"):
    text = open_url(a + f"http/text?charset={charset}&text=caf%C3%A9").read()
    assert text == ("caf\\xe9" if charset == "iso-8859-1" else "caf\\ufffd"), text

response = pyxhr.get(a + "http/echo?x=1", params={"y": ["2", "3"]}, headers={"X-Test": "yes"})
assert isinstance(response, pyxhr.XHRResponse)
assert response.status_code == 200 and response.ok and response.headers["x-echo"] == "caf\\xe9"
assert response.headers["content-type"] == "application/json"
assert response.url == a + "http/echo?x=1&y=2&y=3", response.url
asked = response.json()
assert asked["query"] == [["x", "1"], ["y", "2"], ["y", "3"]], asked
assert asked["headers"]["x-test"] == "yes" and response.text.startswith("{")
for name in ("post", "put", "patch", "delete", "options"):
    asked = getattr(pyxhr, name)(a + "http/echo", data="caf\\xe9").json()
    assert asked["method"] == name.upper(), asked
    assert asked["body"].encode("latin-1") == "caf\\xe9".encode(), asked
asked = pyxhr.post(a + "http/echo", json={"key": None}).json()
assert asked["body"] == '{"key": null}', asked
assert asked["headers"]["content-type"] == "application/json", asked
asked = pyxhr.post(a + "http/echo", data={"field": "a b"}).json()
assert asked["body"] == "field=a+b", asked
assert asked["headers"]["content-type"] == "application/x-www-form-urlencoded", asked
asked = pyxhr.post(a + "http/echo", data=bytes(range(256)), auth=("user", "p:w")).json()
assert [ord(c) for c in asked["body"]] == list(range(256)), asked
token = asked["headers"]["authorization"].partition("Basic ")[2]
assert base64.b64decode(token) == b"user:p:w", asked
response = pyxhr.head(a + "http/bytes?size=1000")
assert (response.status_code, response.content) == (200, b"")
expected = bytes((n * 31 + 7) % 251 for n in range(100000))
assert pyxhr.get(a + "http/bytes?size=100000").content == expected
assert pyxhr.get(a + "http/gzip?size=1000").content == expected[:1000]
response = pyxhr.get(a + "http/redirect?to=/http/echo")
assert response.url == a + "http/echo" and response.json()["path"] == "/http/echo"
response = pyxhr.get(a + "http/status?code=500")
assert not response.ok
for kind in (HttpStatusError, pyxhr.XHRError):
    assert error_of(kind, response.raise_for_status).status == 500
pyxhr.get(a + "http/status?code=204").raise_for_status()
port = pyxhr.get(a + "http/closed-port").text
error_of(pyxhr.XHRNetworkError, pyxhr.get, f"http://127.0.0.1:{port}/")
error_of(pyxhr.XHRNetworkError, open_url, a + "http/drop?at=once")
error_of(OSError, pyxhr.get, a + "http/echo", data="x")
error_of(TypeError, pyxhr.get, a + "http/echo", nope=1)
error_of(ValueError, pyxhr.post, a + "http/echo", data="x", json=1)`;

test("open_url and pyxhr wait for the answer where Python can block", async (t) => {
  await runAsync(t, CHECKS, t.server);
});

test("they wait where it cannot, by XMLHttpRequest", { hosts: ["page", "worker"] }, (t) => {
  const globals = t.pyodide.toPy({ a: t.server });
  try {
    t.pyodide.runPython(CHECKS, { globals });
  } finally {
    globals.destroy();
  }
});

test("elsewhere they say what to do", { hosts: ["node"] }, (t) => {
  for (const call of ["open_url", "pyxhr.get"]) {
    const code = `import pyodide.http; pyodide.http.${call}("${t.server}http/echo")`;
    const message = /runPythonAsync\(\) or callPromising\(\)/;
    assert.throws(() => t.pyodide.runPython(code), { type: "XHRError", message });
  }
});

test("relative addresses are the page's", { hosts: ["page", "worker"] }, async (t) => {
  await runAsync(
    t,
    `
from pyodide.http import open_url, pyfetch
assert open_url("/http/status?code=200").read() == "status 200"
assert await (await pyfetch("/http/status?code=200")).text() == "status 200"`,
  );
});
