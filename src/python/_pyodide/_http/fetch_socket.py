"""What http.client takes for the socket of a connection; `send` carries what is written to it.

http.client writes requests to a socket and reads answers from a file. Both stay as they are: this
reads the requests again and writes the answers as a server would, decoded, in chunks where
their length is not known. So all of http.client works, and whatever is built on it or derives from
its classes: states, errors, ``IncompleteRead`` for a connection that is lost.
"""

from __future__ import annotations

import io
import socket
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from . import send
from .messages import Request
from .request_parser import RequestParser

if TYPE_CHECKING:
    from collections.abc import Buffer

    from .messages import Reply
    from .request_parser import Written

_PROXY = (
    "requests are sent by JavaScript's fetch, which no program can send through a proxy. Leave the "
    "proxy out (urllib.request.ProxyHandler({})); the host's own settings hold, which for Node are "
    "NODE_USE_ENV_PROXY=1 and HTTP_PROXY or HTTPS_PROXY"
)


def refuse_proxy() -> None:
    """Raise the OSError for requests that name a proxy: going around it would betray them."""
    raise OSError(_PROXY)


def open_connection(scheme: str, host: str, port: int, timeout: float | None) -> FetchSocket:
    """Return a connection to a server: the place to choose between JavaScript's and others."""
    name = f"[{host}]" if ":" in host else host
    return FetchSocket(f"{scheme}://{name}:{port}", timeout)


class FetchSocket:
    """A connection to one server; *timeout* in seconds, or None."""

    def __init__(self, origin: str, timeout: float | None) -> None:
        self._origin = origin
        self._parser = RequestParser()
        self._answer: io.RawIOBase | None = None
        self._reply: Reply | None = None
        self._timeout: float | None = None
        self.settimeout(timeout)

    @property
    def url_reached(self) -> str | None:
        """Where the last answer came from, if the host followed redirects."""
        reply = self._reply
        return reply.url if reply is not None and reply.redirected else None

    def settimeout(self, seconds: float | None) -> None:
        """Limit each wait from now on. Raises ValueError below 0."""
        if seconds is not None and seconds < 0:
            raise ValueError("Timeout value out of range")
        self._timeout = seconds
        if self._reply is not None:
            self._reply.timeout = seconds

    def gettimeout(self) -> float | None:
        """Return the limit of each wait in seconds, None without one."""
        return self._timeout

    def setsockopt(self, *options: Any) -> None:
        """Do nothing: the connection is the host's."""

    def sendall(self, data: Buffer, flags: int = 0) -> None:
        """Take more of a request; send it when it is complete, and wait until it is answered.

        So what keeps it from being answered is raised while it is being sent, as by a connection
        that is refused. Raises OSError.
        """
        del flags
        for request in self._parser.feed(data):
            self._send(request)

    def _send(self, written: Written) -> None:
        if not written.target.startswith("/"):
            refuse_proxy()
        method, target, headers, body = written
        request = Request(method, self._origin + target, headers, body, self._timeout, follow=False)
        self._answer = self._reply = None
        try:
            self._reply = send(request)
        except TimeoutError as error:
            self._answer = FailedFile(error)  # it is the answer that does not come
        except ConnectionResetError:
            self._answer = FailedFile(None)  # which is RemoteDisconnected to http.client
        else:
            self._answer = ReplyFile(method, self._reply)

    def makefile(self, mode: str = "r", buffering: int | None = None) -> io.BufferedIOBase:
        """Return the file that the answer is read from, once; reading fails if there is none."""
        del buffering
        if mode != "rb":
            raise ValueError(f"answers are read in mode 'rb', not {mode!r}")
        answer, self._answer = self._answer, None
        if answer is None:
            what = "is not complete" if self._parser.incomplete else "was not sent"
            answer = FailedFile(OSError(f"there is no answer: the request {what}"))
        return io.BufferedReader(answer)

    def shutdown(self, how: int) -> None:
        """Do nothing: the connection is the host's."""

    def close(self) -> None:
        """Give up an answer that nobody reads; a file of `makefile` stays open."""
        if self._answer is not None:
            self._answer.close()
            self._answer = None


class FailedFile(io.RawIOBase):
    """An answer that does not come: reading raises *error*, or finds the end without one.

    Not `FetchSocket.makefile`: a HTTPResponse that has no file complains when it is collected.
    """

    def __init__(self, error: OSError | None) -> None:
        self._error = error

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Buffer) -> int:
        """Raise the error, or return 0."""
        del buffer
        if self._error is not None:
            raise self._error
        return 0


class ReplyFile(io.RawIOBase):
    """An answer as the bytes that a server might have sent."""

    def __init__(self, method: str, reply: Reply) -> None:
        self._reply = reply
        has_body = method != "HEAD" and reply.status not in {204, 304}
        self._chunked = has_body and reply.header("content-length") is None
        self._pending = memoryview(self._head())
        self._ended = False

    def _head(self) -> bytes:
        reply = self._reply
        reason = reply.reason or _phrase(reply.status)
        lines = [f"HTTP/1.1 {reply.status} {reason}"]
        lines += [f"{_title(name)}: {value}" for name, value in reply.headers]
        if self._chunked:
            lines.append("Transfer-Encoding: chunked")
        return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace")

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Buffer) -> int:
        """Read at most as many bytes as *buffer* has. Raises TimeoutError."""
        if not self._pending and not self._ended:
            self._pending = memoryview(self._next())
        view = memoryview(buffer).cast("B")
        count = min(len(view), len(self._pending))
        view[:count] = self._pending[:count]
        self._pending = self._pending[count:]
        return count

    def _next(self) -> bytes:
        """Return what comes next, b"" at the end.

        A connection that is lost is an end, too. It comes before the announced length or the last
        chunk, and http.client makes an `IncompleteRead` of it, with the bytes that there are.
        """
        try:
            piece = self._reply.read_chunk()
        except TimeoutError:
            raise
        except OSError:
            self._ended = True
            return b""
        self._ended = not piece
        if self._chunked:
            return b"%x\r\n%b\r\n" % (len(piece), piece)
        return piece

    def close(self) -> None:
        """Stop the transfer if it has not come to its end."""
        if not self.closed:
            self._reply.close()
        super().close()


def _phrase(status: int) -> str:
    """Return the usual words for a status: later versions of HTTP do not send any."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _title(name: str) -> str:
    """Return a header's name as servers write it."""
    return "-".join(part.capitalize() for part in name.split("-"))


def seconds_of(timeout: Any) -> float | None:
    """Return the timeout of a connection of http.client in seconds."""
    if timeout is socket._GLOBAL_DEFAULT_TIMEOUT:  # type: ignore[attr-defined]  # noqa: SLF001
        return socket.getdefaulttimeout()
    return None if timeout is None else float(timeout)
