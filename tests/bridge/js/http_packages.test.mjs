import * as assert from "../harness/assert.mjs";
import { runAsync } from "../harness/python.mjs";
import { test } from "../harness/test.mjs";

const FOLDER = "/packages_of_http";

/** Looking for leaks would take long in an interpreter that has imported all this. */
const ALONE = { interpreter: false };

/** @type {Promise<object> | undefined} The interpreter of these tests. */
let loading;

/** Loads an interpreter that has the wheels of wheels.txt as they are in a folder on sys.path. */
async function loadWithPackages(t) {
  assert.ok(t.wheels.length > 0, "COIL_TEST_WHEELS names no folder with the wheels of wheels.txt");
  const pyodide = await t.load();
  for (const name of t.wheels) {
    const response = await fetch(`${t.server}downloaded/${name}`);
    assert.ok(response.ok, name);
    pyodide.unpackArchive(await response.arrayBuffer(), "wheel", { extractDir: FOLDER });
  }
  pyodide.runPython(`import sys; sys.path.append("${FOLDER}")`);
  return pyodide;
}

/** What a test gets, with that interpreter. */
async function withPackages(t) {
  loading ??= loadWithPackages(t);
  return { pyodide: await loading };
}

test("the command line can import them first", { ...ALONE, hosts: ["node"] }, async (t) => {
  const { execFileSync } = await import("node:child_process");
  const { fileURLToPath } = await import("node:url");
  const wheels = t.wheels.map((name) => `${process.env.COIL_TEST_WHEELS}/${name}`);
  const program = fileURLToPath(`${t.dist}bin/coil`);
  for (const name of ["requests", "urllib3", "httpx"]) {
    const options = { encoding: "utf8", env: { ...process.env, PYTHONPATH: wheels.join(":") } };
    const code = `import ${name}; print(${name}.__name__)`;
    assert.same(execFileSync(process.execPath, [program, "-c", code], options), `${name}\n`);
  }
});

test("requests sends and receives", ALONE, async (t) => {
  await runAsync(
    await withPackages(t),
    `
import requests
response = requests.get(a + "http/echo", params={"x": ["1", "2"]}, headers={"X-Test": "yes"})
asked = response.json()
assert response.status_code == 200 and asked["query"] == [["x", "1"], ["x", "2"]], asked
assert asked["headers"]["x-test"] == "yes", asked
assert response.headers["Content-Type"] == "application/json"
with requests.Session() as session:
    session.headers["X-Session"] = "1"
    asked = session.post(a + "http/echo", json={"key": "value"}).json()
    assert asked["body"] == '{"key": "value"}', asked
    assert (asked["method"], asked["headers"]["x-session"]) == ("POST", "1"), asked
    asked = session.put(a + "http/echo", data={"field": "a b"}).json()
    assert asked["body"] == "field=a+b", asked
    asked = session.post(a + "http/echo", data=bytes(range(256))).json()
    assert [ord(c) for c in asked["body"]] == list(range(256)), asked
expected = bytes((n * 31 + 7) % 251 for n in range(1000000))
assert requests.get(a + "http/bytes?size=1000000").content == expected
assert requests.get(a + "http/gzip?size=1000").content == expected[:1000]
response = requests.get(a + "http/redirect?to=/http/echo")
assert response.json()["path"] == "/http/echo"
response = requests.get(a + "http/text?charset=iso-8859-1&text=caf%C3%A9")
assert response.text == "caf\\xe9", response.text`,
    t.server,
  );
});

test("requests streams, and raises its own errors", ALONE, async (t) => {
  await runAsync(
    await withPackages(t),
    `
import requests
def error_of(kind, call, *args, **options):
    try:
        call(*args, **options)
    except kind as error:
        return error
    assert False, (kind, args)

with requests.get(a + "http/stream?name=r1", stream=True) as response:
    pieces = response.iter_content(6)
    assert next(pieces) == b"first\\n"
    assert requests.get(a + "http/release?name=r1").text == "released"
    assert b"".join(pieces) == b"second\\n"
error = error_of(requests.HTTPError, requests.get(a + "http/status?code=503").raise_for_status)
assert error.response.status_code == 503
error_of(requests.ReadTimeout, requests.get, a + "http/hang?name=r2", timeout=0.1)
error_of(requests.ReadTimeout, requests.get, a + "http/hang?name=r4", timeout=(60, 0.1))
error_of(requests.ReadTimeout, requests.get, a + "http/hang?name=r5", timeout=(None, 0.1))
assert requests.get(a + "http/echo", timeout=(0.001, 60)).ok
assert requests.get(a + "http/abandoned?name=r2").text == "abandoned"
port = requests.get(a + "http/closed-port").text
error_of(requests.ConnectionError, requests.get, f"http://127.0.0.1:{port}/")
error_of(requests.ConnectionError, requests.get, a + "http/drop?at=once")
error_of(requests.exceptions.ChunkedEncodingError, requests.get, a + "http/drop")
error_of(requests.ConnectionError, requests.get, a + "http/hang?name=r3&begin", timeout=1)`,
    t.server,
  );
});

test("sessions keep cookies, where the host shows them", {
  ...ALONE,
  hosts: ["node"],
}, async (t) => {
  await runAsync(
    await withPackages(t),
    `
import httpx, requests, urllib3
for make in (requests.Session, httpx.Client):
    with make() as session:
        session.get(a + "http/status?code=200")
        assert dict(session.cookies) == {"a": "1", "b": "2"}, dict(session.cookies)
        asked = session.get(a + "http/echo").json()
        assert asked["headers"]["cookie"] == "a=1; b=2", asked
answer = urllib3.request("GET", a + "http/status?code=200")
assert answer.headers.getlist("Set-Cookie") == ["a=1", "b=2"], answer.headers`,
    t.server,
  );
});

test("a proxy that a program names is an error of the packages'", ALONE, async (t) => {
  await runAsync(
    await withPackages(t),
    `
import requests
for scheme in ("http", "https"):
    address = scheme + "://127.0.0.1:9/"
    try:
        requests.get(address, proxies={scheme: "http://127.0.0.1:9"})
    except requests.exceptions.ProxyError as error:
        assert "proxy" in str(error), error
    else:
        assert False, scheme`,
  );
});

test("urllib3 sends, streams and raises its own errors", ALONE, async (t) => {
  await runAsync(
    await withPackages(t),
    `
import urllib3
pool = urllib3.PoolManager()
response = pool.request("POST", a + "http/echo", fields={"field": "value"})
assert response.status == 200 and "value" in response.json()["body"], response.json()
response = pool.request("GET", a + "http/stream?name=u1", preload_content=False)
assert response.read(6) == b"first\\n"
assert pool.request("GET", a + "http/release?name=u1").data == b"released"
assert response.read() == b"second\\n"
for path, kind in (("hang?name=u2", urllib3.exceptions.ReadTimeoutError), ("drop?at=once", OSError)):
    try:
        pool.request("GET", a + "http/" + path, timeout=0.1, retries=False)
    except (kind, urllib3.exceptions.HTTPError) as error:
        assert path.startswith("drop") or isinstance(error, kind), error
    else:
        assert False, path
assert pool.request("GET", a + "http/abandoned?name=u2").data == b"abandoned"
assert pool.request("GET", a + "http/status?code=404").status == 404`,
    t.server,
  );
});

test("httpx sends, streams and raises its own errors", ALONE, async (t) => {
  await runAsync(
    await withPackages(t),
    `
import httpx
def error_of(kind, call, *args, **options):
    try:
        call(*args, **options)
    except kind as error:
        assert type(error) is kind and error.request is not None, error
        return error
    assert False, (kind, args)

response = httpx.get(a + "http/echo", params={"x": "1"}, headers={"X-Test": "yes"})
asked = response.json()
assert asked["query"] == [["x", "1"]] and asked["headers"]["x-test"] == "yes", asked
assert (response.status_code, response.reason_phrase) == (200, "OK")
with httpx.Client(base_url=a, follow_redirects=True) as client:
    asked = client.post("/http/echo", json={"key": 1}).json()
    assert (asked["method"], asked["body"].replace(" ", "")) == ("POST", '{"key":1}'), asked
    asked = client.post("/http/echo", files={"file": ("name.txt", b"content")}).json()
    assert "content" in asked["body"] and "name.txt" in asked["body"], asked
    asked = client.post("/http/echo", content=(piece for piece in (b"in ", b"pieces"))).json()
    assert asked["body"] == "in pieces", asked
    response = client.get("/http/redirect?to=/http/echo")
    assert response.url == a + "http/echo" and response.json()["path"] == "/http/echo"
    assert len(client.get("/http/gzip?size=1000").content) == 1000
    with client.stream("GET", "/http/stream?name=x1") as response:
        lines = response.iter_lines()
        assert next(lines) == "first"
        assert client.get("/http/release?name=x1").text == "released"
        assert list(lines) == ["second"]
    response = client.get("/http/status?code=404")
    error = error_of(httpx.HTTPStatusError, response.raise_for_status)
    assert error.response.status_code == 404
    error_of(httpx.ReadTimeout, client.get, "/http/hang?name=x2", timeout=0.1)
    assert client.get("/http/abandoned?name=x2").text == "abandoned"
    with client.stream("GET", "/http/hang?name=x3&begin", timeout=1) as response:
        error_of(httpx.ReadTimeout, response.read)
    assert client.get("/http/abandoned?name=x3").text == "abandoned"
    port = client.get("/http/closed-port").text
    error_of(httpx.ConnectError, client.get, f"http://127.0.0.1:{port}/")
    dropped = httpx.RemoteProtocolError if b == "node" else httpx.ConnectError
    error_of(dropped, client.get, "/http/drop?at=once")
    error_of(httpx.ReadError, client.get, "/http/drop")
with httpx.Client(proxy="http://127.0.0.1:9") as client:
    error_of(httpx.ProxyError, client.get, a + "http/echo")
with httpx.Client(transport=httpx.HTTPTransport(uds="/tmp/socket")) as client:
    error_of(httpx.UnsupportedProtocol, client.get, a + "http/echo")`,
    t.server,
    t.host,
  );
});

test("httpx leaves redirects alone where the host does", {
  ...ALONE,
  hosts: ["node"],
}, async (t) => {
  await runAsync(
    await withPackages(t),
    `
import httpx
response = httpx.get(a + "http/redirect?to=/http/echo&status=307")
assert response.status_code == 307 and response.text == "elsewhere"
assert response.headers["Location"] == "/http/echo"
response = httpx.get(a + "http/redirect?to=/http/echo", follow_redirects=True)
assert [earlier.status_code for earlier in response.history] == [302]`,
    t.server,
  );
});

test(
  "httpx in coroutines: many at once, streams, time limits, cancelled tasks",
  ALONE,
  async (t) => {
    await runAsync(
      await withPackages(t),
      `
import asyncio, httpx
async with httpx.AsyncClient(base_url=a) as client:
    asked = (await client.post("/http/echo", json=[1])).json()
    assert asked["body"] == "[1]", asked
    streams = [asyncio.ensure_future(client.get(f"/http/stream?name=y{n}")) for n in range(3)]
    for n in (2, 1, 0):
        assert (await client.get(f"/http/release?name=y{n}")).text == "released"
    assert [response.text for response in await asyncio.gather(*streams)] == ["first\\nsecond\\n"] * 3
    async with client.stream("GET", "/http/stream?name=y4") as response:
        lines = response.aiter_lines()
        assert await anext(lines) == "first"
        await client.get("/http/release?name=y4")
        assert await anext(lines) == "second"
    try:
        await client.get("/http/hang?name=y5", timeout=0.1)
    except httpx.ReadTimeout:
        pass
    else:
        assert False
    assert (await client.get("/http/abandoned?name=y5")).text == "abandoned"
    task = asyncio.ensure_future(client.get("/http/hang?name=y6"))
    await asyncio.sleep(0.05)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        pass
    else:
        assert False
    assert (await client.get("/http/abandoned?name=y6")).text == "abandoned"
    for path, kind in (("drop", httpx.ReadError), ("status?code=500", httpx.HTTPStatusError)):
        try:
            (await client.get("/http/" + path)).raise_for_status()
        except kind:
            pass
        else:
            assert False, path`,
      t.server,
    );
  },
);

// The last one where it runs.
test("where nothing can wait, the packages' errors say what to do", {
  ...ALONE,
  hosts: ["node"],
}, async (t) => {
  const { pyodide } = await withPackages(t);
  loading = undefined;
  pyodide.globals.set("server", t.server);
  pyodide.runPython(`
import httpx, requests
try:
    httpx.get(server + "http/echo")
except httpx.ConnectError as error:
    assert "runPythonAsync() or callPromising()" in str(error), error
else:
    assert False
try:
    requests.get(server + "http/echo")
except requests.ConnectionError as error:
    assert "runPythonAsync" in str(error), error
else:
    assert False
`);
});

// The last one where it runs: pyodide_http changes requests and urllib for good.
test("requests, httpx and pyodide_http work in synchronous calls of pages and workers", {
  ...ALONE,
  hosts: ["page", "worker"],
}, async (t) => {
  const { pyodide } = await withPackages(t);
  loading = undefined;
  pyodide.globals.set("server", t.server);
  pyodide.runPython(`
import httpx, requests
assert requests.post(server + "http/echo", data="text").json()["body"] == "text"
asked = httpx.post(server + "http/echo", content=bytes(range(256))).json()
assert [ord(c) for c in asked["body"]] == list(range(256)), asked
try:
    httpx.get(server + "http/drop?at=once")
except httpx.ConnectError:
    pass
else:
    assert False
import pyodide_http
pyodide_http.patch_all()
assert requests.get(server + "http/echo", params={"x": 1}).json()["query"] == [["x", "1"]]
from urllib.request import urlopen
assert urlopen(server + "http/status?code=200").read() == b"status 200"
`);
});
