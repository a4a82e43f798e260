"""Requests as http.client writes them, answers as it reads them, headers after decoding."""

from __future__ import annotations

import http.client
import io
import unittest
import unittest.mock
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import fake_core

if TYPE_CHECKING:
    from collections.abc import Iterator

from _pyodide._importhook import js_modules

SCOPE: Any = fake_core.JsProxy(SimpleNamespace())
js_modules.setdefault("js", SCOPE)

from _pyodide._http import fetch_socket, messages, request_parser, standard_library  # noqa: E402


class Answer(messages.Reply):
    """A reply of given pieces; an OSError among them is raised."""

    def __init__(self, pieces: list[Any], status: int = 200, **headers: str) -> None:
        self.status = status
        self.reason = ""
        self.url = "http://host/"
        self.redirected = False
        self.timeout = None
        self.headers = [(name.replace("_", "-"), value) for name, value in headers.items()]
        self.pieces = pieces
        self.closed = False

    def read_chunk(self) -> bytes:
        piece = self.pieces.pop(0) if self.pieces else b""
        if isinstance(piece, OSError):
            raise piece
        return piece

    def close(self) -> None:
        self.closed = True


class ParserTest(unittest.TestCase):
    """Bytes to requests, however they are cut."""

    def parse(self, data: bytes, size: int) -> list[request_parser.Written]:
        parser = request_parser.RequestParser()
        pieces = [data[start : start + size] for start in range(0, len(data), size)]
        found = [request for piece in pieces for request in parser.feed(piece)]
        self.assertFalse(parser.incomplete)
        return found

    def test_cut_anywhere(self) -> None:
        data = (
            b"GET /a?b HTTP/1.1\r\nHost: host\r\nX-Long: one\r\n\ttwo\r\n\r\n"
            b"POST / HTTP/1.1\r\nContent-Length: 6\r\n\r\n\r\n\r\nab"
            b"PUT /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n"
            b"POST /d HTTP/1.1\r\nContent-Length: 0\r\n\r\n"
        )
        for size in (*range(1, 20), len(data)):
            with self.subTest(size=size):
                get, post, put, empty = self.parse(data, size)
                self.assertEqual(get[:2], ("GET", "/a?b"))
                self.assertEqual(get.headers, [("Host", "host"), ("X-Long", "one two")])
                self.assertIsNone(get.body)
                self.assertEqual((post.target, post.body), ("/", b"\r\n\r\nab"))
                self.assertEqual((put.method, put.body), ("PUT", b"abc0123456789"))
                self.assertEqual(empty.body, b"")

    def test_text_is_no_bytes(self) -> None:
        with self.assertRaises(TypeError):
            list(request_parser.RequestParser().feed("GET / HTTP/1.1"))  # type: ignore[arg-type]


class ConnectionTest(unittest.TestCase):
    """http.client over a `FetchSocket`, whose requests a test answers."""

    def connection(self, *answers: Any) -> http.client.HTTPConnection:
        """Return a connection to ``host`` that gets these answers, or errors, in turn."""
        self.requests: list[messages.Request] = []
        left = iter(answers)

        def send(request: messages.Request) -> Any:
            self.requests.append(request)
            answer = next(left)
            if isinstance(answer, OSError):
                raise answer
            return answer

        patch = unittest.mock.patch.object(fetch_socket, "send", send)
        patch.start()
        self.addCleanup(patch.stop)
        connection = http.client.HTTPConnection("host", timeout=5)
        connection.sock = fetch_socket.open_connection("http", "host", 80, 5)
        return connection

    def test_pieces_become_chunks(self) -> None:
        connection = self.connection(Answer([b"ab", b"c" * 100_000, b"d"], content_type="text/x"))
        connection.request("GET", "/path")
        response = connection.getresponse()
        self.assertEqual((response.status, response.reason), (200, "OK"))
        self.assertEqual(response.headers["Content-Type"], "text/x")
        self.assertEqual(response.read(), b"ab" + b"c" * 100_000 + b"d")
        [request] = self.requests
        self.assertEqual((request.method, request.url), ("GET", "http://host:80/path"))
        self.assertEqual((request.timeout, request.body, request.follow), (5, None, False))

    def test_one_connection_for_many_requests(self) -> None:
        connection = self.connection(
            Answer([b"one"]), Answer([b"two"], content_length="3"), Answer([], 204), Answer([])
        )
        for method, body in (("GET", b"one"), ("POST", b"two"), ("PUT", b""), ("HEAD", b"")):
            connection.request(method, "/", b"x" if method == "POST" else None)
            self.assertEqual(connection.getresponse().read(), body)
        self.assertEqual([request.body for request in self.requests], [None, b"x", b"", None])

    def test_lost_connections(self) -> None:
        lost = ConnectionResetError("lost")
        for answer in (Answer([b"part", lost]), Answer([b"part", lost], content_length="100")):
            with self.subTest(headers=answer.headers):
                connection = self.connection(answer)
                connection.request("GET", "/")
                response = connection.getresponse()
                with self.assertRaises(http.client.IncompleteRead) as caught:
                    response.read()
                self.assertEqual(caught.exception.partial, b"part")
        connection = self.connection(ConnectionResetError("lost"))
        connection.request("GET", "/")
        with self.assertRaises(http.client.RemoteDisconnected):
            connection.getresponse()

    def test_time_limits(self) -> None:
        connection = self.connection(TimeoutError("timed out"), Answer([TimeoutError("timed out")]))
        connection.request("GET", "/")
        with self.assertRaises(TimeoutError):
            connection.getresponse()
        connection.close()
        connection.sock = fetch_socket.open_connection("http", "host", 80, 5)
        connection.request("GET", "/")
        response = connection.getresponse()
        connection.sock.settimeout(7)
        with self.assertRaises(TimeoutError):
            response.read()
        self.assertEqual(connection.sock.gettimeout(), 7)
        with self.assertRaises(ValueError):
            connection.sock.settimeout(-1)

    def test_other_errors_come_while_sending(self) -> None:
        connection = self.connection(ConnectionRefusedError("refused"))
        with self.assertRaises(ConnectionRefusedError):
            connection.request("GET", "/")

    def test_proxies_are_refused(self) -> None:
        connection = self.connection()
        with self.assertRaisesRegex(OSError, "proxy"):
            connection.request("GET", "http://other/")

    def test_what_is_not_read_is_closed(self) -> None:
        answers = [Answer([b"left"]), Answer([b"left"])]
        connection = self.connection(*answers)
        connection.request("GET", "/")
        connection.getresponse().close()
        self.assertTrue(answers[0].closed)
        connection.request("GET", "/")
        connection.close()
        self.assertTrue(answers[1].closed)

    def test_bodies_of_pieces(self) -> None:
        connection = self.connection(Answer([]), Answer([]))
        pieces: Iterator[bytes] = iter([b"a", b"", b"b" * 70_000])
        connection.request("POST", "/", pieces)
        connection.getresponse().read()
        connection.request("POST", "/", io.BytesIO(b"c" * 20_000))
        sent = [request.body for request in self.requests]
        self.assertEqual(sent, [b"a" + b"b" * 70_000, b"c" * 20_000])


class ChangeTest(unittest.TestCase):
    """What is changed in ``http.client``."""

    def test_https_without_ssl(self) -> None:
        client: Any = ModuleType("http.client")
        client.HTTPS_PORT = 443
        client.HTTPConnection = type("HTTPConnection", (http.client.HTTPConnection,), {})
        client.__all__ = []
        standard_library.change_client(client)
        connection = client.HTTPSConnection("host", timeout=3, context=object())
        connection.connect()
        self.assertEqual((connection.port, connection.sock.gettimeout()), (443, 3))
        self.assertEqual(client.__all__, ["HTTPSConnection"])
        client._create_https_context("HTTP/1.1").check_hostname = False
        plain = client.HTTPConnection("host")
        plain._create_connection = unittest.mock.Mock()
        plain.connect()
        plain._create_connection.assert_called_once()


class HeadersTest(unittest.TestCase):
    """Which headers go out, and which hold for a body that was decoded."""

    def test_sent(self) -> None:
        names = ("Host", "User-Agent", "Accept-Encoding", "Content-Length", "X-Own", "Connection")
        request = messages.Request("GET", "http://host/", [(name, "value") for name in names])
        self.assertEqual(request.sent_headers(browser=True), [("X-Own", "value")])
        kept = [name for name, _ in request.sent_headers(browser=False)]
        self.assertEqual(kept, ["User-Agent", "Accept-Encoding", "X-Own"])

    def test_decoded(self) -> None:
        length = ("content-length", "10")
        for encodings, complete, kept in (
            ([], True, [length]),
            ([], False, []),
            (["gzip"], True, []),
            (["br, gzip"], True, []),
            (["unknown"], True, [("content-encoding", "unknown"), length]),
        ):
            with self.subTest(encodings=encodings, complete=complete):
                headers = [*(("content-encoding", value) for value in encodings), length]
                headers.append(("transfer-encoding", "chunked"))
                self.assertEqual(messages.decoded_headers(headers, complete=complete), kept)

    def test_what_is_never_sent(self) -> None:
        for method, body in (("CONNECT", None), ("TRACE", None), ("GET", b"x"), ("HEAD", b"x")):
            with self.subTest(method=method), self.assertRaises(OSError):
                messages.Request(method, "http://host/", body=body).check()
        messages.Request("GET", "http://host/", body=b"").check()


if __name__ == "__main__":
    unittest.main()
