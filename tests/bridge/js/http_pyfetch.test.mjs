import * as assert from "../harness/assert.mjs";
import { run, runAsync } from "../harness/python.mjs";
import { test } from "../harness/test.mjs";

test("pyfetch sends what it is told, and the answer says what came", async (t) => {
  await runAsync(
    t,
    `
from pyodide.http import FetchResponse, pyfetch
response = await pyfetch(
    a + "http/echo?x=1&x=2", method="PUT", headers={"X-Test": "yes"}, body=b"\\x00\\xff"
)
assert isinstance(response, FetchResponse)
assert (response.status, response.ok, response.status_text) == (200, True, "OK"), response
assert response.url == a + "http/echo?x=1&x=2" and not response.redirected, response.url
assert response.headers["content-type"] == "application/json", response.headers
assert response.headers["x-echo"] == "caf\\xe9", response.headers
assert response.js_response.status == 200 and response.type in {"basic", "default"}, response.type
assert not response.body_used
asked = await response.json()
assert response.body_used
assert (asked["method"], asked["body"]) == ("PUT", "\\x00\\xff"), asked
assert asked["query"] == [["x", "1"], ["x", "2"]] and asked["headers"]["x-test"] == "yes", asked`,
    t.server,
  );
});

test("pyfetch takes a Request of JavaScript, and another function to fetch with", async (t) => {
  const calls = [];
  const fetcher = (...args) => {
    calls.push(args);
    return fetch(...args);
  };
  await runAsync(
    t,
    `
import js
from pyodide.http import pyfetch
response = await pyfetch(js.Request.new(a + "http/echo", method="POST", body="text"))
assert (await response.json())["body"] == "text"
response = await pyfetch(a + "http/echo", fetcher=b, method="DELETE")
assert (await response.json())["method"] == "DELETE"`,
    t.server,
    fetcher,
  );
  const methods = calls.map(([url, options]) => [url, options.method]);
  assert.deepEqual(methods, [[`${t.server}http/echo`, "DELETE"]]);
});

test("a body is read as text, bytes, a view, a buffer or JSON, once", async (t) => {
  await runAsync(
    t,
    `
from pyodide.http import BodyUsedError, pyfetch
async def fetched(path):
    return await pyfetch(a + "http/" + path)
expected = bytes((n * 31 + 7) % 251 for n in range(1000))
response = await fetched("bytes?size=1000")
copy = response.clone()
assert await response.bytes() == expected
view = await copy.memoryview()
assert type(view) is memoryview and view == expected
buffer = await (await fetched("bytes?size=1000")).buffer()
assert buffer.byteLength == 1000 and buffer.to_bytes() == expected
text = await fetched("text?charset=utf-8&text=caf%C3%A9")
assert await text.string() == "caf\\xe9"
assert await (await fetched("text?charset=utf-8&text=caf%C3%A9")).text() == "caf\\xe9"
assert await (await fetched("gzip?size=1000")).bytes() == expected
assert await (await fetched("text?charset=utf-8&text=1.5")).json(parse_float=str) == "1.5"
for read in (text.text, text.bytes, text.json, text.buffer, text.memoryview):
    try:
        await read()
    except BodyUsedError as error:
        assert isinstance(error, OSError)
    else:
        assert False, read
try:
    text.clone()
except BodyUsedError:
    pass
else:
    assert False`,
    t.server,
  );
});

test("statuses from 400 on are errors when they are asked for", async (t) => {
  await runAsync(
    t,
    `
import copy
from pyodide.http import HttpStatusError, pyfetch
for code in (200, 204):
    (await pyfetch(f"{a}http/status?code={code}")).raise_for_status()
for code, kind in ((404, "Client"), (500, "Server")):
    url = f"{a}http/status?code={code}"
    response = await pyfetch(url)
    assert not response.ok
    try:
        response.raise_for_status()
    except HttpStatusError as error:
        assert isinstance(error, OSError)
        assert (error.status, error.url) == (code, url) and kind in str(error), error
        assert error.status_text in {"Not Found", "Internal Server Error"}, error.status_text
        assert copy.copy(error).status == code
    else:
        assert False, code
    assert await response.text() == f"status {code}"`,
    t.server,
  );
});

test("redirects are followed, and the answer knows", async (t) => {
  await runAsync(
    t,
    `
from pyodide.http import pyfetch
response = await pyfetch(a + "http/redirect?to=/http/echo")
assert response.redirected and response.url == a + "http/echo", response.url
assert (await response.json())["path"] == "/http/echo"`,
    t.server,
  );
});

test("a network that fails is an AbortError; an address that is none is not", async (t) => {
  await runAsync(
    t,
    `
from pyodide.ffi import JsException
from pyodide.http import AbortError, pyfetch
port = await (await pyfetch(a + "http/closed-port")).string()
for url in (f"http://127.0.0.1:{port}/", a + "http/drop?at=once"):
    try:
        await pyfetch(url)
    except AbortError as error:
        assert isinstance(error, OSError) and str(error), error
        assert isinstance(error.reason, JsException), error.reason
    else:
        assert False, url
for url, options in (("http://:bad:/", {}), (a + "http/echo", {"method": "GET", "body": "x"})):
    try:
        await pyfetch(url, **options)
    except JsException as error:
        assert error.name == "TypeError", error.name
    else:
        assert False, url
response = await pyfetch(a + "http/drop")
try:
    await response.bytes()
except AbortError:
    pass
else:
    assert False`,
    t.server,
  );
});

test("a signal, abort() and the end of the task end requests, and the server sees it", async (t) => {
  await runAsync(
    t,
    `
import asyncio, js
from pyodide.http import AbortError, pyfetch
async def abandoned(name):
    return await (await pyfetch(f"{a}http/abandoned?name={name}")).text() == "abandoned"

async def expect_abort(awaitable):
    try:
        await awaitable
    except AbortError as error:
        return error
    assert False, "not aborted"

controller = js.AbortController.new()
request = asyncio.ensure_future(pyfetch(a + "http/hang?name=1", signal=controller.signal))
asyncio.get_running_loop().call_later(0.05, controller.abort)
await expect_abort(request)
assert await abandoned("1")

response = await pyfetch(a + "http/hang?name=2&begin")
asyncio.get_running_loop().call_later(0.05, response.abort)
await expect_abort(response.text())
assert await abandoned("2")

task = asyncio.ensure_future(pyfetch(a + "http/hang?name=3"))
await asyncio.sleep(0.05)
task.cancel()
try:
    await task
except asyncio.CancelledError:
    pass
else:
    assert False
assert await abandoned("3")

response = await pyfetch(a + "http/hang?name=4&begin")
task = asyncio.ensure_future(response.bytes())
await asyncio.sleep(0.05)
task.cancel()
try:
    await task
except asyncio.CancelledError:
    pass
assert await abandoned("4")
error = await expect_abort(pyfetch(a + "http/echo", signal=js.AbortSignal.abort()))
assert error.reason.name == "AbortError", error.reason.name`,
    t.server,
  );
});

test("a Request's own signal still holds", async (t) => {
  await runAsync(
    t,
    `
import asyncio, js
from pyodide.http import AbortError, pyfetch
controller = js.AbortController.new()
request = js.Request.new(a + "http/hang?name=5", signal=controller.signal)
asyncio.get_running_loop().call_later(0.05, controller.abort)
try:
    await pyfetch(request)
except AbortError:
    pass
else:
    assert False
assert (await (await pyfetch(a + "http/abandoned?name=5")).text()) == "abandoned"`,
    t.server,
  );
});

test("an archive is unpacked by the end of its address, or as it is said", async (t) => {
  await runAsync(
    t,
    `
import io, os, shutil, tempfile, zipfile
from pyodide.ffi import to_js
from pyodide.http import FetchResponse, pyfetch
import js
data = io.BytesIO()
with zipfile.ZipFile(data, "w") as archive:
    archive.writestr("folder/file.txt", "content")

def response(url, content_type="text/plain"):
    headers = to_js({"Content-Type": content_type}, dict_converter=js.Object.fromEntries)
    return FetchResponse(url, js.Response.new(to_js(data.getvalue()), headers=headers))

with tempfile.TemporaryDirectory() as folder:
    for n, (found, options) in enumerate([
        (response("https://example/a.zip?x=1"), {}),
        (response("https://example/a-1-py3-none-any.whl"), {}),
        (response("https://example/a", "application/zip"), {}),
        (response("https://example/a"), {"format": "zip"}),
    ]):
        await found.unpack_archive(extract_dir=f"{folder}/{n}", **options)
        with open(f"{folder}/{n}/folder/file.txt") as file:
            assert file.read() == "content"
    for found, options, kind in [
        (response("https://example/a"), {}, ValueError),
        (response("https://example/a"), {"format": "nope"}, ValueError),
        (response("https://example/a.tar"), {}, shutil.ReadError),
    ]:
        try:
            await found.unpack_archive(extract_dir=folder, **options)
        except kind as error:
            pass
        else:
            assert False, found`,
    t.server,
  );
});

test("what is there by which name", (t) => {
  run(
    t,
    `
import pyodide, pyodide.http
for name in pyodide.http.__all__:
    assert hasattr(pyodide.http, name), name
for name in "get post put patch delete head options XHRResponse XHRError XHRNetworkError".split():
    assert hasattr(pyodide.http.pyxhr, name), name
assert "http" in dir(pyodide)
assert issubclass(pyodide.http.pyxhr.XHRNetworkError, pyodide.http.pyxhr.XHRError)
assert issubclass(pyodide.http.pyxhr.XHRError, OSError)`,
  );
});
