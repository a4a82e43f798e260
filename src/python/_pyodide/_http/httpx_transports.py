"""httpx over ``fetch``: its two transports, which otherwise bring their own connections.

The methods of the classes are replaced, not the classes, since programs derive from them. What
their options say about connections (pools, HTTP/2, certificates, local addresses) is the host's.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from . import send, send_async
from .messages import Reply, Request

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from types import ModuleType, TracebackType

    from .fetch import FetchReply

_PROXY = (
    "requests are sent by JavaScript's fetch, which no program can send through a proxy. Leave the "
    "proxy out (trust_env=False leaves out those of the environment); the host's own settings hold"
)
_SOCKET = "JavaScript's fetch does not connect to Unix sockets"


class Errors:
    """OSErrors of a request as httpx's own exceptions."""

    def __init__(self, httpx: ModuleType) -> None:
        self._httpx: Any = httpx

    @contextmanager
    def of_sending(self) -> Iterator[None]:
        """Map what keeps a request from being answered."""
        try:
            yield
        except TimeoutError as error:
            raise self._httpx.ReadTimeout(str(error)) from error
        except ConnectionResetError as error:
            raise self._httpx.RemoteProtocolError(str(error)) from error
        except OSError as error:
            raise self._httpx.ConnectError(str(error)) from error

    @contextmanager
    def of_reading(self) -> Iterator[None]:
        """Map what ends a body too early."""
        try:
            yield
        except TimeoutError as error:
            raise self._httpx.ReadTimeout(str(error)) from error
        except OSError as error:
            raise self._httpx.ReadError(str(error)) from error

    def check(self, transport: Any) -> None:
        """Raise httpx's exception for a transport that fetch cannot stand for."""
        if transport._coil_proxy is not None:  # noqa: SLF001 -- set below
            raise self._httpx.ProxyError(_PROXY)
        if transport._coil_uds is not None:  # noqa: SLF001
            raise self._httpx.UnsupportedProtocol(_SOCKET)


def change_transports(transports: ModuleType) -> None:
    """Change ``httpx._transports.default``."""
    errors = Errors(transports)
    _change_sync(transports, errors)
    _change_async(transports, errors)


def _initialise(self: Any, *args: Any, proxy: Any = None, uds: Any = None, **options: Any) -> None:
    """Note what `Errors.check` looks at, when a request is sent: httpx makes transports early."""
    del args, options
    self._coil_proxy = proxy
    self._coil_uds = uds


def _request_of(request: Any, body: bytes) -> Request:
    """Return an httpx request with its body as ours."""
    limits = request.extensions.get("timeout", {})
    # There is one wait, for connection and answer, and nothing tells where the one ends.
    seconds = limits.get("read") if limits.get("read") is not None else limits.get("connect")
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in _raw(request)]
    url = str(request.url)
    return Request(request.method, url, headers, body or None, seconds, follow=False)


def _raw(request: Any) -> list[tuple[bytes, bytes]]:
    raw: list[tuple[bytes, bytes]] = request.headers.raw
    return raw


def _response_of(transports: Any, request: Any, reply: Reply, stream: Any) -> Any:
    """Return the httpx response for *reply*."""
    if reply.redirected:  # a browser followed redirects; Response.url is that of its request
        request.url = transports.URL(reply.url)
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in reply.headers]
    return transports.Response(
        reply.status,
        headers=headers,
        stream=stream,
        extensions={"http_version": b"HTTP/1.1", "reason_phrase": reply.reason.encode("latin-1")},
    )


def _stream_class(transports: Any, errors: Errors) -> Any:
    class FetchStream(transports.SyncByteStream):  # type: ignore[misc]
        def __init__(self, reply: Reply) -> None:
            self._reply = reply

        def __iter__(self) -> Iterator[bytes]:
            with errors.of_reading():
                yield from iter(self._reply.read_chunk, b"")

        def close(self) -> None:
            self._reply.close()

    return FetchStream


def _change_sync(transports: Any, errors: Errors) -> None:
    stream_class = _stream_class(transports, errors)

    def handle_request(self: Any, request: Any) -> Any:
        """Send the request and wait for the answer."""
        errors.check(self)
        with errors.of_sending():
            reply = send(_request_of(request, request.read()))
        return _response_of(transports, request, reply, stream_class(reply))

    def enter(self: Any) -> Any:
        return self

    def leave(
        self: Any,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        del exc_type, exc_value, traceback
        self.close()

    cls = transports.HTTPTransport
    cls.__init__, cls.__enter__, cls.__exit__ = _initialise, enter, leave
    cls.handle_request = handle_request
    cls.close = lambda _self: None


def _async_stream_class(transports: Any, errors: Errors) -> Any:
    class AsyncFetchStream(transports.AsyncByteStream):  # type: ignore[misc]
        def __init__(self, reply: FetchReply) -> None:
            self._reply = reply

        async def __aiter__(self) -> AsyncIterator[bytes]:
            with errors.of_reading():
                while piece := await self._reply.read_chunk_async():
                    yield piece

        async def aclose(self) -> None:
            self._reply.close()

    return AsyncFetchStream


def _change_async(transports: Any, errors: Errors) -> None:
    stream_class = _async_stream_class(transports, errors)

    async def handle_async_request(self: Any, request: Any) -> Any:
        """Send the request and wait for the answer."""
        errors.check(self)
        body = await request.aread()
        with errors.of_sending():
            reply = await send_async(_request_of(request, body))
        return _response_of(transports, request, reply, stream_class(reply))

    async def enter(self: Any) -> Any:
        return self

    async def leave(
        self: Any,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        del exc_type, exc_value, traceback
        await self.aclose()

    async def close(_self: Any) -> None:
        pass

    cls = transports.AsyncHTTPTransport
    cls.__init__, cls.__aenter__, cls.__aexit__ = _initialise, enter, leave
    cls.handle_async_request = handle_async_request
    cls.aclose = close
