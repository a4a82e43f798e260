"""Synchronous XMLHttpRequests: pages and workers have them, with or without stack switching."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from _pyodide_core import JsException, to_js

from .errors import network_error, unexplained_error
from .messages import Reply, decoded_headers
from .scope import js

if TYPE_CHECKING:
    from .messages import Request

_BOM = b"\xef\xbb\xbf"
_USER_DEFINED = re.compile("[\x00-\x7f\uf780-\uf7ff]*")


class BufferedReply(Reply):
    """An answer whose body is there already."""

    def __init__(self, request: Request, xhr: Any, body: bytes) -> None:
        self._body = body
        self.timeout = request.timeout
        self.status = xhr.status
        self.reason = xhr.statusText
        self.url = xhr.responseURL
        # What the browser made of the address it was given is not to be had otherwise.
        self.redirected = bool(self.url) and self.url != _absolute(request.url)
        headers = _parse(xhr.getAllResponseHeaders())
        self.headers = decoded_headers(headers, complete=request.method == "HEAD")
        if request.method != "HEAD":
            self.headers.append(("content-length", str(len(body))))

    def read_chunk(self) -> bytes:
        """Return the body, and b"" from then on."""
        body, self._body = self._body, b""
        return body


def _absolute(url: str) -> str:
    """Return *url* as the browser understands it, without the fragment."""
    parsed = js.URL.new(url, js.location.href)
    parsed.hash = ""
    return str(parsed.href)


def _parse(text: str) -> list[tuple[str, str]]:
    lines = (line.partition(":") for line in text.split("\r\n") if line)
    return [(name.strip().lower(), value.strip()) for name, _, value in lines]


def send(request: Request) -> Reply:
    """Send *request* and stand still until all of the answer is there.

    Raises OSError when there is none; TimeoutError in workers alone, since pages let
    no program set a time limit.
    """
    xhr = js.XMLHttpRequest.new()
    in_page = hasattr(js, "document")
    try:
        xhr.open(request.method, request.url, False)
        _prepare(xhr, request, in_page=in_page)
        xhr.send(to_js(request.sent_body()))
    except JsException as error:
        if error.name == "TimeoutError":
            raise TimeoutError("timed out") from error
        raise network_error(error, request.url, browser=True) from error
    if xhr.status == 0:  # the error of Firefox's workers for other origins
        raise unexplained_error(request.url, "no answer")
    body = _bytes_of(xhr.responseText) if in_page else xhr.response.to_bytes()
    return BufferedReply(request, xhr, body)


def _prepare(xhr: Any, request: Request, *, in_page: bool) -> None:
    if in_page:
        # Pages get text from synchronous requests. In this encoding it has all bytes.
        xhr.overrideMimeType("text/plain; charset=x-user-defined")
    else:
        xhr.responseType = "arraybuffer"
        if request.timeout is not None:
            xhr.timeout = max(1, int(request.timeout * 1000))
    for name, value in request.sent_headers(browser=True):
        xhr.setRequestHeader(name, value)


def _bytes_of(text: str) -> bytes:
    """Return the bytes that were decoded as x-user-defined: the lower half of each code unit.

    A byte order mark makes browsers decode as UTF-8 all the same, and leave it out. That shows by
    characters which are not of this encoding; where all of them are ASCII, it stays left out.
    """
    if _USER_DEFINED.fullmatch(text):
        return text.encode("utf-16-le")[::2]
    return _BOM + text.encode("utf-8", "surrogatepass")
