"""What goes out and what comes back, whoever carries it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    Headers = Sequence[tuple[str, str]]

BODILESS_METHODS = frozenset({"GET", "HEAD"})
FORBIDDEN_METHODS = frozenset({"CONNECT", "TRACE", "TRACK"})

# Of the connection between the host and the server, which is the host's; Node refuses some of them.
_OF_THE_CONNECTION = frozenset(
    {
        "connection",
        "content-length",
        "expect",
        "host",
        "keep-alive",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
# Browsers have these of their own. Firefox would ask other origins for leave to send the second.
_OF_THE_BROWSER = frozenset({"accept-encoding", "user-agent"})

# What hosts decode before anybody sees it.
_DECODED = frozenset({"br", "deflate", "gzip", "x-gzip", "zstd"})
_OF_THE_TRANSFER = frozenset({"connection", "keep-alive", "transfer-encoding"})


class Request(NamedTuple):
    """A request; the body is sent as a whole."""

    method: str
    url: str
    headers: Headers = ()
    body: bytes | None = None
    timeout: float | None = None
    """Seconds without any answer, and without the next piece of its body, that are too many."""
    follow: bool = True
    """Whether the host follows redirects; browsers always do."""

    def check(self) -> None:
        """Raise OSError for what no host sends, since their own words for it say little."""
        if self.method in FORBIDDEN_METHODS:
            raise OSError(f"JavaScript sends no {self.method} requests")
        if self.method in BODILESS_METHODS and self.body:
            raise OSError(f"JavaScript sends no body with {self.method}; use another method")

    def sent_headers(self, *, browser: bool) -> list[tuple[str, str]]:
        """Return the headers that are for the host to take from a program."""
        left_out = _OF_THE_CONNECTION | _OF_THE_BROWSER if browser else _OF_THE_CONNECTION
        return [(name, value) for name, value in self.headers if name.lower() not in left_out]

    def sent_body(self) -> bytes | None:
        """Return the body, None where there must be none."""
        return None if self.method in BODILESS_METHODS else self.body


class Reply:
    """The answer to a request, whose body is still to be read."""

    status: int
    reason: str
    url: str
    """Where it came from, after redirects."""
    redirected: bool
    headers: list[tuple[str, str]]
    """Names in lower case, as they are after decoding: without Content-Encoding, and with a
    Content-Length only where it is the length of what `read_chunk` gives in all."""
    timeout: float | None

    def read_chunk(self) -> bytes:
        """Return the next piece of the body, b"" at its end.

        Raises TimeoutError, or another OSError when the connection is lost.
        """
        raise NotImplementedError

    def close(self) -> None:
        """Give up what was not read of the body."""

    def read(self) -> bytes:
        """Return the rest of the body."""
        return b"".join(iter(self.read_chunk, b""))

    def header(self, name: str) -> str | None:
        """Return a header by its name in lower case."""
        for found, value in self.headers:
            if found == name:
                return value
        return None


def decoded_headers(headers: Headers, *, complete: bool) -> list[tuple[str, str]]:
    """Return the headers of an answer as they hold for its decoded body.

    :param complete: whether the host shows all headers. An answer of another origin may have a
        Content-Encoding that is not shown, and then its Content-Length is of no use.
    """
    encodings = [value for name, value in headers if name == "content-encoding"]
    decoded = bool(encodings) and all(
        token.strip().lower() in _DECODED for value in encodings for token in value.split(",")
    )
    left_out = set(_OF_THE_TRANSFER)
    if decoded:
        left_out.add("content-encoding")
    if decoded or not complete:
        left_out.add("content-length")
    return [(name, value) for name, value in headers if name not in left_out]
