"""Requests by JavaScript's ``fetch``, for callers that block and for coroutines."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from _pyodide_core import JsException, jsnull, run_sync

from .errors import network_error
from .messages import Reply, decoded_headers
from .scope import calls, js, to_object

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .messages import Request

# Of JavaScript's timers; more is as good as no limit.
_LONGEST_MS = 2**31 - 1


def in_browser() -> bool:
    """Tell whether fetch is a browser's, which keeps more from programs than Node's does."""
    process = getattr(js, "process", None)
    return getattr(getattr(process, "release", None), "name", None) != "node"


class Exchange:
    """One request and its answer, with what ends them early."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.timeout = request.timeout
        self._browser = in_browser()
        self._controller = js.AbortController.new()

    def send(self) -> FetchReply:
        """Block until status and headers are there."""
        with self.limited():
            response = run_sync(self._start())
        return FetchReply(self, response)

    async def send_async(self) -> FetchReply:
        """Wait until status and headers are there."""
        with self.limited():
            response = await self._start()
        return FetchReply(self, response)

    def _start(self) -> Any:
        """Return the promise of the answer."""
        request = self.request
        options = {
            "method": request.method,
            "headers": request.sent_headers(browser=self._browser),
            "signal": self._controller.signal,
            # In a browser, "manual" gives an answer that says nothing.
            "redirect": "follow" if request.follow or self._browser else "manual",
        }
        body = request.sent_body()
        if body is not None:
            options["body"] = body
        return calls(answer=js.fetch.bind(None, request.url, to_object(options))).answer

    @contextmanager
    def limited(self) -> Iterator[None]:
        """Wait within the time limit; what goes wrong is an OSError and ends the exchange."""
        timer = self._set_timer()
        try:
            yield
        except JsException as error:
            raise self._failure(error) from error
        except BaseException:
            self.abort()
            raise
        finally:
            if timer is not None:
                js.clearTimeout(timer)

    def _set_timer(self) -> Any:
        """Have JavaScript abort the exchange when the time is over; None without a limit."""
        if self.timeout is None:
            return None
        # A function of JavaScript's own: no proxy whose lifetime would have to be looked after.
        abort = self._controller.abort.bind(self._controller)
        return js.setTimeout(abort, min(self.timeout * 1000, _LONGEST_MS))

    def _failure(self, error: JsException) -> OSError:
        if self._controller.signal.aborted:
            return TimeoutError("timed out")
        return network_error(error, self.request.url, browser=self._browser)

    def abort(self) -> None:
        """End the exchange, whatever it has come to."""
        self._controller.abort()

    def shows_all_headers(self, response: Any) -> bool:
        """Tell whether nothing is kept from the program that read *response*."""
        return not self._browser or response.type == "basic"


class FetchReply(Reply):
    """An answer whose body is read piece by piece."""

    def __init__(self, exchange: Exchange, response: Any) -> None:
        self._exchange = exchange
        self._pieces: Any = None
        self._body = None if response.body is jsnull else response.body
        self.status = response.status
        self.reason = response.statusText
        self.url = response.url
        self.redirected = response.redirected
        pairs = js.Array.from_(response.headers.entries()).to_py()
        complete = exchange.shows_all_headers(response)
        self.headers = decoded_headers([(name, value) for name, value in pairs], complete=complete)
        length = self.header("content-length")
        self._left = int(length) if length is not None and length.isdecimal() else None

    @property
    def timeout(self) -> float | None:
        """Seconds until the next piece of the body must be there."""
        return self._exchange.timeout

    @timeout.setter
    def timeout(self, seconds: float | None) -> None:
        self._exchange.timeout = seconds

    def _next(self) -> Any:
        """Return the promise of the next piece, None at the end."""
        if self._body is None:
            return None
        if self._pieces is None:
            reader = self._body.getReader()
            self._pieces = calls(piece=reader.read.bind(reader))
        return self._pieces.piece

    def _bytes_of(self, result: Any) -> bytes:
        """Return the piece that a promise gave, b"" at the end."""
        if result.done:
            self._body = self._pieces = None
            return b""
        piece: bytes = result.value.to_bytes()
        if self._left is not None:
            self._left -= len(piece)
        return piece

    def read_chunk(self) -> bytes:
        """Block until the next piece of the body is there."""
        piece = b""
        while not piece and (promise := self._next()) is not None:
            with self._exchange.limited():
                piece = self._bytes_of(run_sync(promise))
        return piece

    async def read_chunk_async(self) -> bytes:
        """Wait until the next piece of the body is there."""
        piece = b""
        while not piece and (promise := self._next()) is not None:
            with self._exchange.limited():
                piece = self._bytes_of(await promise)
        return piece

    def close(self) -> None:
        """Stop the transfer if it has not come to its end.

        Who knows the length reads no further, and a connection that was aborted is not used again.
        """
        if self._body is not None:
            self._body = self._pieces = None
            if self._left != 0:
                self._exchange.abort()
