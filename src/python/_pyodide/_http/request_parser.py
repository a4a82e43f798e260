"""Requests as http.client writes them to a connection, read again."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Buffer, Iterator


class Written(NamedTuple):
    """A whole request: the method, the target of its first line, headers and body."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes | None


class RequestParser:
    """Takes the bytes of requests as they are sent and says when one is complete."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._head: Written | None = None
        self._body = bytearray()
        self._missing: int | None = 0
        """Bytes of the body that are still to come; None: it comes in chunks."""

    @property
    def incomplete(self) -> bool:
        """Whether a request has begun that is not complete."""
        return self._head is not None or bool(self._bytes)

    def feed(self, data: Buffer) -> Iterator[Written]:
        """Give the requests that are complete with *data*. Raises TypeError for str."""
        self._bytes += memoryview(data)
        while True:
            if self._head is None and not self._take_head():
                return
            if not (self._take_chunks() if self._missing is None else self._take_body()):
                return
            assert self._head is not None  # noqa: S101 -- for the type checker
            request = self._head
            if request.body is not None:
                request = request._replace(body=bytes(self._body))
            self._head = None
            self._body.clear()
            yield request

    def _take_head(self) -> bool:
        """Read the first line and the headers, if all of them are there."""
        end = self._bytes.find(b"\r\n\r\n")
        if end < 0:
            return False
        # A value of several lines goes on after white space.
        text = self._bytes[:end].decode("latin-1").replace("\r\n\t", " ").replace("\r\n ", " ")
        del self._bytes[: end + 4]
        first, *lines = text.split("\r\n")
        method, _, rest = first.partition(" ")
        pairs = (line.partition(":") for line in lines)
        headers = [(name, value.strip()) for name, _, value in pairs]
        by_name = {name.lower(): value for name, value in headers}
        chunked = by_name.get("transfer-encoding", "").lower() == "chunked"
        length = by_name.get("content-length")
        body = None if length is None and not chunked else b""
        self._missing = None if chunked else int(length or 0)
        self._head = Written(method, rest.rpartition(" ")[0], headers, body)
        return True

    def _take_body(self) -> bool:
        """Read a body whose length is known; return whether it is complete."""
        piece = self._bytes[: self._missing]
        del self._bytes[: len(piece)]
        self._body += piece
        self._missing = (self._missing or 0) - len(piece)
        return self._missing == 0

    def _take_chunks(self) -> bool:
        """Read the chunks that are there; return whether the last one was among them."""
        while (end := self._bytes.find(b"\r\n")) >= 0:
            size = int(self._bytes[:end].partition(b";")[0], 16)
            after = end + 2 + size
            if len(self._bytes) < after + 2:
                return False
            self._body += self._bytes[end + 2 : after]
            del self._bytes[: after + 2]
            if size == 0:
                return True
        return False
