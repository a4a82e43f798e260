"""Requests that wait for the whole answer, in the manner of the package requests.

They wait as `pyodide.ffi.run_sync` does where that is possible, so that other tasks go on and
Ctrl-C ends the wait. Where it is not, they are synchronous XMLHttpRequests, for which the
page or the worker stands still; elsewhere, as in Node below ``runPython``, they raise an OSError.

All functions take the address, in pages and workers also a relative one, and the keywords of
`Options`. They return the answer, whatever its status. They raise `XHRNetworkError` without an
answer, and `XHRError` where nothing can wait for one.
"""

from __future__ import annotations

import json as json_module
from base64 import b64encode
from email.message import Message
from typing import TYPE_CHECKING, Any, TypedDict
from urllib.parse import urlencode

from _pyodide._http import CANNOT_WAIT, send
from _pyodide._http.messages import Request

from ._errors import HttpStatusError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Unpack

    from _pyodide._http.messages import Reply

    Fields = Mapping[str, Any] | Iterable[tuple[str, Any]]

__all__ = [
    "XHRError",
    "XHRNetworkError",
    "XHRResponse",
    "delete",
    "get",
    "head",
    "options",
    "patch",
    "post",
    "put",
]

_FIRST_ERROR = 400


class XHRError(OSError):
    """A request failed."""


class XHRNetworkError(XHRError):
    """There was no answer: the network, the server or the browser's rules are in the way."""


class _XHRStatusError(HttpStatusError, XHRError):
    """A server answered with a status of 400 or above."""


class XHRResponse:
    """An answer, with all of its body."""

    status_code: int
    """The status, such as 200."""
    headers: dict[str, str]
    """Names in lower case; values that came under one name are joined by commas."""
    url: str
    """Where the answer came from, after redirects."""
    content: bytes
    """The body."""

    def __init__(self, reply: Reply) -> None:
        self.status_code = reply.status
        self.url = reply.url
        self._reason = reply.reason
        self.content = reply.read()
        self.headers = {}
        for name, value in reply.headers:
            self.headers[name] = f"{self.headers[name]}, {value}" if name in self.headers else value

    def __repr__(self) -> str:
        return f"<XHRResponse [{self.status_code}]>"

    @property
    def text(self) -> str:
        """The body as text, in the character set of the Content-Type, UTF-8 by default."""
        message = Message()
        message["Content-Type"] = self.headers.get("content-type", "")
        charset = message.get_content_charset("utf-8")
        try:
            return self.content.decode(charset, "replace")
        except LookupError:
            return self.content.decode("utf-8", "replace")

    @property
    def ok(self) -> bool:
        """Whether the status is below 400."""
        return self.status_code < _FIRST_ERROR

    def json(self, **kwargs: Any) -> Any:
        """Return the body read as JSON. Keywords are those of `json.loads`; raises ValueError."""
        return json_module.loads(self.content, **kwargs)

    def raise_for_status(self) -> None:
        """Raise what is `HttpStatusError` and `XHRError` when the status is 400 or above."""
        if not self.ok:
            raise _XHRStatusError(self.status_code, self._reason, self.url)


class Options(TypedDict, total=False):
    """Keywords of all functions; each may be left out or be None."""

    headers: Mapping[str, str] | None
    """Names and values; some names are the browser's to set, and left out."""
    params: Fields | None
    """Fields to add to the query of the address."""
    data: str | bytes | Fields | None
    """The body: str (sent as UTF-8), bytes, or the fields of a form."""
    json: Any
    """What to send as JSON, instead of *data*."""
    auth: tuple[str, str] | None
    """User and password, for Basic authentication."""


def _request(method: str, url: str, options: Options) -> XHRResponse:
    unknown = sorted(options.keys() - Options.__optional_keys__)
    if unknown:
        raise TypeError(f"{method.lower()}() got an unexpected keyword argument {unknown[0]!r}")
    headers = dict(options.get("headers") or {})
    body = _body_of(options.get("data"), options.get("json"), headers)
    if auth := options.get("auth"):
        token = b64encode(":".join(auth).encode()).decode("ascii")
        headers.setdefault("Authorization", f"Basic {token}")
    url = _with_query(url, options.get("params"))
    try:
        return XHRResponse(send(Request(method, url, list(headers.items()), body)))
    except OSError as error:
        kind = XHRError if str(error) == CANNOT_WAIT else XHRNetworkError
        raise kind(*error.args) from error


def _with_query(url: str, params: Any) -> str:
    """Return *url* with more fields in its query."""
    if not params:
        return url
    base, mark, fragment = url.partition("#")
    return f"{base}{'&' if '?' in base else '?'}{urlencode(params, doseq=True)}{mark}{fragment}"


def _body_of(data: Any, json: Any, headers: dict[str, str]) -> bytes | None:
    """Return the body; add its type to *headers*, unless there is one."""
    if data is not None and json is not None:
        raise ValueError("give data or json, not both")
    kind = None
    if json is not None:
        kind, data = "application/json", json_module.dumps(json)
    elif data is not None and not isinstance(data, (str, bytes, bytearray, memoryview)):
        kind, data = "application/x-www-form-urlencoded", urlencode(data, doseq=True)
    if kind is not None and not any(name.lower() == "content-type" for name in headers):
        headers["Content-Type"] = kind
    if isinstance(data, str):
        return data.encode()
    return None if data is None else bytes(data)


def get(url: str, **options: Unpack[Options]) -> XHRResponse:
    """Send a GET request; see the module's documentation and `Options`."""
    return _request("GET", url, options)


def post(url: str, **options: Unpack[Options]) -> XHRResponse:
    """Send a POST request; otherwise as `get`."""
    return _request("POST", url, options)


def put(url: str, **options: Unpack[Options]) -> XHRResponse:
    """Send a PUT request; otherwise as `get`."""
    return _request("PUT", url, options)


def patch(url: str, **options: Unpack[Options]) -> XHRResponse:
    """Send a PATCH request; otherwise as `get`."""
    return _request("PATCH", url, options)


def delete(url: str, **options: Unpack[Options]) -> XHRResponse:
    """Send a DELETE request; otherwise as `get`."""
    return _request("DELETE", url, options)


def head(url: str, **options: Unpack[Options]) -> XHRResponse:
    """Send a HEAD request; otherwise as `get`."""
    return _request("HEAD", url, options)


def options(url: str, **options: Unpack[Options]) -> XHRResponse:
    """Send an OPTIONS request; otherwise as `get`."""
    return _request("OPTIONS", url, options)
