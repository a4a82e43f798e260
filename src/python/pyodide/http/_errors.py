"""The exceptions of this package; all of them are OSErrors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyodide.ffi import JsException


class AbortError(OSError):
    """A request or the reading of its answer was aborted, or the network failed.

    *reason* is the error of JavaScript.
    """

    def __init__(self, reason: JsException) -> None:
        super().__init__(getattr(reason, "message", None) or str(reason))
        self.reason = reason


class BodyUsedError(OSError):
    """The body of an answer was read already. Read a ``clone()`` that was made before."""

    def __init__(self) -> None:
        super().__init__(
            "the body of this response was read already; clone() the response before its first "
            "use, or keep what it gave"
        )


class HttpStatusError(OSError):
    """A server answered with a status of 400 or above."""

    status: int
    status_text: str
    url: str

    def __init__(self, status: int, status_text: str, url: str) -> None:
        kind = "Client" if status < 500 else "Server"  # noqa: PLR2004 -- classes of HTTP
        super().__init__(f"{status} {kind} Error: {status_text} for url: {url}")
        self.status = status
        self.status_text = status_text
        self.url = url

    def __reduce__(self) -> tuple[Any, ...]:
        """Support `pickle` and `copy`."""
        return type(self), (self.status, self.status_text, self.url)
