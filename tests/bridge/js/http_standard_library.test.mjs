import * as assert from "../harness/assert.mjs";
import { runAsync } from "../harness/python.mjs";
import { test } from "../harness/test.mjs";

test("urlopen gets, posts, follows redirects and reads what was compressed", async (t) => {
  await runAsync(
    t,
    `
import json
from urllib.request import Request, urlopen
with urlopen(a + "http/echo?x=1") as response:
    assert (response.status, response.reason, response.url) == (200, "OK", a + "http/echo?x=1")
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["X-Echo"] == "caf\\xe9"
    asked = json.load(response)
assert (asked["method"], asked["query"], asked["body"]) == ("GET", [["x", "1"]], ""), asked
request = Request(a + "http/echo", b"\\x00\\xff", {"X-Test": "yes"}, method="PUT")
with urlopen(request) as response:
    asked = json.load(response)
assert (asked["method"], asked["body"]) == ("PUT", "\\x00\\xff"), asked
assert asked["headers"]["x-test"] == "yes", asked
with urlopen(a + "http/redirect?to=/http/echo") as response:
    assert response.url == a + "http/echo", response.url
    assert json.load(response)["path"] == "/http/echo"
with urlopen(a + "http/gzip?size=100000") as response:
    assert response.read() == bytes((n * 31 + 7) % 251 for n in range(100000))
with urlopen(a + "http/bytes?size=3000000") as response:
    body = response.read()
assert len(body) == 3000000 and body[2999999] == (2999999 * 31 + 7) % 251
with urlopen(Request(a + "http/bytes?size=1000", method="HEAD")) as response:
    assert response.read() == b""
with urlopen(a + "http/status?code=204") as response:
    assert (response.status, response.read()) == (204, b"")`,
    t.server,
  );
});

test("a length that does not hold for the decoded body is not told", async (t) => {
  await runAsync(
    t,
    `
from urllib.request import urlopen
for url in (a + "http/gzip?size=1000", b + "http/cors/gzip?size=1000"):
    with urlopen(url) as response:
        assert len(response.read()) == 1000
        assert response.headers["Content-Encoding"] is None, response.headers
with urlopen(a + "http/drop") as response:
    assert response.length == 100, response.length`,
    t.server,
    // Another origin, whose Content-Encoding browsers do not show.
    t.server.replace("127.0.0.1", "localhost"),
  );
});

test("a body is read while it arrives, and other tasks and threads go on", async (t) => {
  await runAsync(
    t,
    `
import asyncio, threading
from urllib.request import urlopen
def fetch(path):
    with urlopen(a + path) as response:
        return response.read()

with urlopen(a + "http/stream?name=s1") as response:
    assert response.readline() == b"first\\n"
    assert fetch("http/release?name=s1") == b"released"
    assert response.read() == b"second\\n"

log = []
async def other():
    await asyncio.sleep(0.02)
    log.append("task")
    fetch("http/release?name=s2")
task = asyncio.ensure_future(other())
with urlopen(a + "http/stream?name=s2") as response:
    assert response.read() == b"first\\nsecond\\n"
assert log == ["task"]
await task

results = {}
def work(name):
    results[name] = fetch("http/stream?name=" + name)
threads = [threading.Thread(target=work, args=(name,)) for name in ("s3", "s4")]
for thread in threads:
    thread.start()
for name in ("s4", "s3"):
    assert fetch("http/release?name=" + name) == b"released"
for thread in threads:
    thread.join()
assert results == {name: b"first\\nsecond\\n" for name in ("s3", "s4")}, results`,
    t.server,
  );
});

test("waiting needs no event loop, not even that of the thread that waits", async (t) => {
  await runAsync(
    t,
    `
import asyncio
from urllib.request import urlopen
async def main():
    with urlopen(a + "http/status?code=200") as response:
        return response.read()
assert await asyncio.to_thread(asyncio.run, main()) == b"status 200"
assert asyncio.run(main()) == b"status 200"`,
    t.server,
  );
});

test("what goes wrong are the errors that urllib and http.client have for it", async (t) => {
  await runAsync(
    t,
    `
import http.client, urllib.error
from urllib.request import ProxyHandler, Request, build_opener, urlopen
def error_of(kind, call, *args, **options):
    try:
        call(*args, **options)
    except kind as error:
        return error
    assert False, (kind, args)

error = error_of(urllib.error.HTTPError, urlopen, a + "http/status?code=404")
assert (error.code, error.read(), error.reason) == (404, b"status 404", "Not Found"), error
with urlopen(a + "http/closed-port") as response:
    port = int(response.read())
error = error_of(urllib.error.URLError, urlopen, f"http://127.0.0.1:{port}/")
assert type(error.reason) is (ConnectionRefusedError if b == "node" else OSError), error.reason
error_of(
    http.client.RemoteDisconnected if b == "node" else urllib.error.URLError,
    urlopen, a + "http/drop?at=once",
)
for path in ("http/drop", "http/drop?chunked"):
    with urlopen(a + path) as response:
        error = error_of(http.client.IncompleteRead, response.read)
        assert error.partial == b"only this", error.partial
error_of(urllib.error.URLError, urlopen, Request(a + "http/echo", b"data", method="GET"))
opener = build_opener(ProxyHandler({"http": "http://127.0.0.1:9", "https": "http://127.0.0.1:9"}))
for url in (a + "http/echo", "https://127.0.0.1:9/"):
    error = error_of(urllib.error.URLError, opener.open, url)
    assert "NODE_USE_ENV_PROXY" in str(error), error`,
    t.server,
    t.host,
  );
});

test("a time limit ends the wait for an answer and for its body, and the request", async (t) => {
  await runAsync(
    t,
    `
import http.client, socket, sys, time
from urllib.parse import urlsplit
sys.unraisablehook, unraisable, former = (lambda e: unraisable.append(e)), [], sys.unraisablehook
from urllib.request import urlopen
def fetch(path):
    with urlopen(a + path) as response:
        return response.read()
def times_out(call, *args, **options):
    start = time.monotonic()
    try:
        call(*args, **options)
    except TimeoutError as error:
        assert str(error) == "timed out", error
    else:
        assert False, "no time-out"
    assert time.monotonic() - start >= 0.1 - 0.01

times_out(urlopen, a + "http/hang?name=t1", timeout=0.1)
assert fetch("http/abandoned?name=t1") == b"abandoned"
connection = http.client.HTTPConnection(urlsplit(a).netloc)
connection.request("GET", "/http/hang?name=t2&begin")
response = connection.getresponse()
assert response.read(5) == b"begun"
connection.sock.settimeout(0.1)
times_out(response.read)
assert fetch("http/abandoned?name=t2") == b"abandoned"
socket.setdefaulttimeout(0.1)
try:
    times_out(urlopen, a + "http/hang?name=t3")
finally:
    socket.setdefaulttimeout(None)
    sys.unraisablehook = former
assert unraisable == [], unraisable
with urlopen(a + "http/echo", timeout=50) as response:
    response.read()`,
    t.server,
  );
});

test("a response that is closed or forgotten ends the transfer", async (t) => {
  await runAsync(
    t,
    `
import gc
from urllib.request import urlopen
def fetch(path):
    with urlopen(a + path) as response:
        return response.read()
response = urlopen(a + "http/hang?name=c1&begin")
assert response.read1() == b"begun"
response.close()
assert fetch("http/abandoned?name=c1") == b"abandoned"
response = urlopen(a + "http/hang?name=c2&begin")
del response
gc.collect()
assert fetch("http/abandoned?name=c2") == b"abandoned"`,
    t.server,
  );
});

test("an interrupt ends the wait with KeyboardInterrupt", async (t) => {
  const buffer = new Uint8Array(1);
  t.pyodide.setInterruptBuffer(buffer);
  const interrupt = () => setTimeout(() => buffer.fill(2), 50);
  try {
    await runAsync(
      t,
      `
from urllib.request import urlopen
def fetch(path):
    with urlopen(a + path) as response:
        return response.read()
response = urlopen(a + "http/hang?name=k2&begin")
assert response.read(5) == b"begun"
for call in (lambda: urlopen(a + "http/hang?name=k1"), response.read):
    b()
    try:
        call()
    except KeyboardInterrupt:
        pass
    else:
        assert False
for name in ("k1", "k2"):
    assert fetch("http/abandoned?name=" + name) == b"abandoned"`,
      t.server,
      interrupt,
    );
  } finally {
    t.pyodide.setInterruptBuffer(undefined);
  }
});

test("http.client has its states, its ways to send and its ways to read", async (t) => {
  await runAsync(
    t,
    `
import http.client, io, json
from urllib.parse import urlsplit
address = urlsplit(a)
connection = http.client.HTTPConnection(address.hostname, address.port)
def echoed():
    response = connection.getresponse()
    assert response.status == 200
    return json.load(response)

connection.request("GET", "/http/echo")
try:
    connection.request("GET", "/http/echo")
except http.client.CannotSendRequest:
    pass
else:
    assert False
assert echoed()["method"] == "GET"
try:
    connection.getresponse()
except http.client.ResponseNotReady:
    pass
else:
    assert False
connection.request("POST", "/http/echo", io.BytesIO(b"of a file"))
assert echoed()["body"] == "of a file"
connection.request("POST", "/http/echo", (piece for piece in (b"in ", b"pieces")))
assert echoed()["body"] == "in pieces"
connection.request("POST", "/http/echo", "caf\\xe9", {"Content-Length": "4"})
assert echoed()["body"] == "caf\\xe9"
connection.putrequest("POST", "/http/echo")
connection.putheader("Content-Length", "6")
connection.putheader("X-Long", "one", "two")
connection.endheaders()
connection.send(b"abc")
try:
    connection.getresponse()
except OSError as error:
    assert "not complete" in str(error), error
else:
    assert False
connection.send(b"def")
asked = echoed()
assert asked["body"] == "abcdef" and asked["headers"]["x-long"] == "one two", asked

connection.request("GET", "/http/bytes?size=100000")
response = connection.getresponse()
expected = bytes((n * 31 + 7) % 251 for n in range(100000))
start = response.read(10) + response.read1(10) + response.peek(1)[:1]
assert expected.startswith(start) and len(start) > 11, start
buffer = bytearray(1000)
count = response.readinto(buffer)
assert buffer[:count] == expected[len(start) - 1 :][:count]
response.read()
connection.request("HEAD", "/http/echo")
assert connection.getresponse().read() == b""
connection.close()

connection = http.client.HTTPConnection("127.0.0.1", 9)
connection.set_tunnel("example", 443)
try:
    connection.request("GET", "/")
except OSError as error:
    assert "proxy" in str(error)
else:
    assert False
assert http.client.HTTPSConnection("example").port == 443`,
    t.server,
  );
});

test("where the host leaves redirects to Python, urllib decides about them", {
  hosts: ["node"],
}, async (t) => {
  await runAsync(
    t,
    `
import http.client, json, urllib.error
from urllib.parse import urlsplit
from urllib.request import Request, urlopen
address = urlsplit(a)
connection = http.client.HTTPConnection(address.hostname, address.port)
connection.request("GET", "/http/redirect?to=/http/echo&status=307")
response = connection.getresponse()
assert (response.status, response.headers["Location"]) == (307, "/http/echo")
assert response.read() == b"elsewhere"
with urlopen(Request(a + "http/redirect?to=/http/echo&status=303", b"data")) as response:
    assert json.load(response)["method"] == "GET"
try:
    urlopen(a + "http/redirect?to=ftp://127.0.0.1/")
except urllib.error.URLError:
    pass
else:
    assert False
with urlopen(a + "http/status?code=200") as response:
    assert response.headers.get_all("Set-Cookie") == ["a=1", "b=2"]
    assert response.headers["Content-Type"] == "text/plain"`,
    t.server,
  );
});

test("https goes out as https", async (t) => {
  // Nobody speaks TLS on the server's port: the request fails, and not for want of a module.
  await runAsync(
    t,
    `
import urllib.error
from urllib.request import urlopen
try:
    urlopen(a.replace("http:", "https:") + "http/echo")
except urllib.error.URLError as error:
    assert "unknown url type" not in str(error) and "https" in str(error), error
else:
    assert False`,
    t.server,
  );
});

test("synchronous calls use what waits synchronously, or say what to do", (t) => {
  const { runPython } = t.pyodide;
  const globals = t.pyodide.toPy({ server: t.server });
  try {
    const result = runPython(
      `
import json, urllib.error
from urllib.request import Request, urlopen
try:
    with urlopen(Request(server + "http/echo", bytes(range(256)), {"X-Test": "yes"})) as response:
        asked = json.load(response)
    assert [ord(c) for c in asked["body"]] == list(range(256)), asked
    assert (asked["method"], asked["headers"]["x-test"]) == ("POST", "yes"), asked
    with urlopen(server + "http/bytes?size=1000") as response:
        assert response.length == 1000
        assert response.read() == bytes((n * 31 + 7) % 251 for n in range(1000))
    with urlopen(server + "http/redirect?to=/http/gzip%3Fsize=1000") as response:
        assert response.url == server + "http/gzip?size=1000", response.url
        assert len(response.read()) == 1000
    with urlopen(server + "http/text?charset=utf-8&bom&text=caf%C3%A9") as response:
        assert response.read() == "\\ufeffcaf\\xe9".encode()
    try:
        urlopen(server + "http/drop?at=once")
    except urllib.error.URLError as error:
        assert "CORS" in str(error), error
    else:
        assert False
    result = "sent"
except urllib.error.URLError as error:
    result = str(error)
result`,
      { globals },
    );
    if (t.host === "node") {
      assert.match(result, /runPythonAsync\(\) or callPromising\(\)/);
    } else {
      assert.same(result, "sent");
    }
  } finally {
    globals.destroy();
  }
});
