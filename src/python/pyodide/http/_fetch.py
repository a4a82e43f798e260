"""`pyfetch` and what it returns."""

from __future__ import annotations

import asyncio
import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import js

from pyodide.ffi import JsException, JsProxy, to_js

from ._errors import AbortError, BodyUsedError, HttpStatusError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from pyodide.ffi import JsBuffer

# Statuses from here on are errors.
_FIRST_ERROR = 400


class FetchResponse:
    """An answer: JavaScript's ``Response`` with values of Python.

    `pyfetch` makes them. For a Response from elsewhere: ``FetchResponse(url, js_response)``.
    """

    js_response: JsProxy
    """The ``Response`` itself."""

    def __init__(self, url: str, js_response: JsProxy, abort_controller: Any = None) -> None:
        self._url = url
        self.js_response = js_response
        self._controller = abort_controller

    def __repr__(self) -> str:
        return f"<FetchResponse [{self.status}] {self.url}>"

    @property
    def url(self) -> str:
        """The address that the answer came from, after redirects."""
        return self.js_response.url or self._url

    @property
    def status(self) -> int:
        """The status, such as 200."""
        status: int = self.js_response.status
        return status

    @property
    def status_text(self) -> str:
        """The words for the status, such as ``"OK"``; empty in HTTP/2 and later."""
        text: str = self.js_response.statusText
        return text

    @property
    def ok(self) -> bool:
        """Whether the status is from 200 to 299."""
        ok: bool = self.js_response.ok
        return ok

    @property
    def redirected(self) -> bool:
        """Whether redirects were followed to get here."""
        redirected: bool = self.js_response.redirected
        return redirected

    @property
    def type(self) -> str:
        """JavaScript's kind of response, such as ``"basic"`` or ``"cors"``."""
        kind: str = self.js_response.type
        return kind

    @property
    def body_used(self) -> bool:
        """Whether reading the body has begun."""
        used: bool = self.js_response.bodyUsed
        return used

    @property
    def headers(self) -> dict[str, str]:
        """The headers that JavaScript is shown, with names in lower case."""
        pairs = js.Array.from_(self.js_response.headers.entries()).to_py()
        return {name: value for name, value in pairs}  # noqa: C416 -- the pairs are lists

    def raise_for_status(self) -> None:
        """Raise `HttpStatusError` when the status is 400 or above."""
        if self.status >= _FIRST_ERROR:
            raise HttpStatusError(self.status, self.status_text, self.url)

    def clone(self) -> FetchResponse:
        """Return a second response to read the same body from. Raises `BodyUsedError`."""
        self._check_unused()
        return FetchResponse(self._url, self.js_response.clone(), self._controller)

    def abort(self, reason: Any = None) -> None:
        """Stop the transfer; reading the body then raises `AbortError`.

        Without effect on a response that `pyfetch` did not make. *reason* is given to JavaScript.
        """
        if self._controller is not None:
            _abort(self._controller, reason)

    def _check_unused(self) -> None:
        if self.body_used:
            raise BodyUsedError

    async def _read(self, method: str) -> Any:
        self._check_unused()
        with _aborting(self._controller):
            try:
                return await getattr(self.js_response, method)()
            except JsException as error:
                raise AbortError(error) from error

    async def text(self) -> str:
        """Return the body decoded as UTF-8."""
        text: str = await self._read("text")
        return text

    async def string(self) -> str:
        """Return the same as `text`, the newer name."""
        return await self.text()

    async def json(self, **kwargs: Any) -> Any:
        """Return the body read as JSON. Keywords are those of `json.loads`; raises ValueError."""
        return json.loads(await self.text(), **kwargs)

    async def buffer(self) -> JsBuffer:
        """Return the body as an ``ArrayBuffer`` of JavaScript, without a copy."""
        buffer: JsBuffer = await self._read("arrayBuffer")
        return buffer

    async def bytes(self) -> bytes:
        """Return the body as bytes."""
        return (await self.buffer()).to_bytes()

    async def memoryview(self) -> memoryview:
        """Return the body as a memoryview of bytes."""
        return (await self.buffer()).to_memoryview()

    async def unpack_archive(
        self,
        *,
        extract_dir: str | None = None,
        format: str | None = None,  # noqa: A002 -- the public signature
    ) -> None:
        """Unpack the body, an archive, into a folder of Python's file system.

        :param extract_dir: the folder, made if it is missing; default: the working directory
        :param format: ``"zip"``, ``"tar.gz"``, ``"whl"``, or another format of
            `shutil.unpack_archive`; by default what the end of the URL says, or else the
            content type

        Raises ValueError when the format is not known, `shutil.ReadError` when the body is no such
        archive.
        """
        from ._archive import format_of, unpack_bytes  # noqa: PLC0415 -- seldom needed

        name = format or format_of(self.url, self.headers.get("content-type", ""))
        unpack_bytes(await self.bytes(), name, extract_dir)


def _abort(controller: Any, reason: Any = None) -> None:
    if reason is None:
        controller.abort()
    else:
        controller.abort(reason)


@contextmanager
def _aborting(controller: Any) -> Iterator[None]:
    """Abort when the task is cancelled, or what it waits for is interrupted."""
    try:
        yield
    except (asyncio.CancelledError, KeyboardInterrupt):
        if controller is not None:
            controller.abort()
        raise


async def pyfetch(
    request: str | JsProxy,
    /,
    *,
    signal: Any = None,
    fetcher: Callable[..., Awaitable[Any]] | None = None,
    **kwargs: Any,
) -> FetchResponse:
    """Send a request with JavaScript's ``fetch`` and wait for the answer, not for its body.

    :param request: the address, in pages also a relative one; or a ``Request`` of JavaScript
    :param signal: an ``AbortSignal`` that ends the request, and the reading of its body
    :param fetcher: a function to call instead of ``fetch``, with the same arguments
    :param kwargs: options of ``fetch``, such as ``method="POST"``, ``headers={...}``,
        ``body="..."`` (str or bytes), ``credentials="include"``; dicts become objects
    :returns: the answer, whatever its status

    Raises `AbortError` when the network fails or *signal* aborts, `JsException` when address or
    options are none that ``fetch`` takes. When the task is cancelled, the request is
    aborted.
    """
    controller = js.AbortController.new()
    options = to_js(kwargs, dict_converter=js.Object.fromEntries)
    options.signal = _joined(controller.signal, signal, request)
    try:
        with _aborting(controller):
            response = await (fetcher or js.fetch)(request, options)
    except JsException as error:
        if not options.signal.aborted and _refused(request, kwargs):
            raise
        raise AbortError(error) from error
    url = request if isinstance(request, str) else str(request.url)
    return FetchResponse(url, response, controller)


def _joined(own: Any, signal: Any, request: Any) -> Any:
    """Return a signal that aborts with any of these; that of options replaces a Request's own."""
    signals = [own]
    if signal is not None:
        signals.append(signal)
    if isinstance(request, JsProxy) and isinstance(getattr(request, "signal", None), JsProxy):
        signals.append(request.signal)
    return own if len(signals) == 1 else js.AbortSignal.any(to_js(signals))


def _refused(request: str | JsProxy, options: dict[str, Any]) -> bool:
    """Tell whether ``fetch`` did not even begin: for address or options there is no Request.

    Errors of the network have the same type, and engines differ in their words.
    """
    if not isinstance(request, str):
        return False
    if options.get("body") is not None:  # it may be used up, which would be another error
        options = {**options, "body": ""}
    try:
        js.Request.new(request, to_js(options, dict_converter=js.Object.fromEntries))
    except JsException:
        return True
    return False
