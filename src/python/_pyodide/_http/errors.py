"""Errors of ``fetch`` and XMLHttpRequest as the OSErrors that Python programs expect."""

from __future__ import annotations

import errno
import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _pyodide_core import JsException

# Node says why, in the error's cause; browsers do not, on purpose.
_NUMBERS = {
    "ECONNREFUSED": errno.ECONNREFUSED,
    "ECONNRESET": errno.ECONNRESET,
    "EHOSTUNREACH": errno.EHOSTUNREACH,
    "ENETUNREACH": errno.ENETUNREACH,
    "EPIPE": errno.ECONNRESET,
    "ETIMEDOUT": errno.ETIMEDOUT,
    "UND_ERR_BODY_TIMEOUT": errno.ETIMEDOUT,
    "UND_ERR_CONNECT_TIMEOUT": errno.ETIMEDOUT,
    "UND_ERR_HEADERS_TIMEOUT": errno.ETIMEDOUT,
    "UND_ERR_SOCKET": errno.ECONNRESET,
}
_NO_SUCH_HOST = frozenset({"EAI_AGAIN", "EAI_NODATA", "ENODATA", "ENOTFOUND"})

_CORS = (
    "the server cannot be reached, or does not let pages of this origin read its answers (CORS); "
    "the browser's console says which"
)


def unexplained_error(url: str, text: str) -> OSError:
    """Return the OSError for a request that a browser failed."""
    return OSError(f"{url}: {text} ({_CORS})")


def network_error(error: JsException, url: str, *, browser: bool) -> OSError:
    """Return the OSError for a request to *url* that JavaScript failed with *error*."""
    if browser:
        return unexplained_error(url, error.message)
    cause = getattr(error, "cause", None)
    code = getattr(cause, "code", None)
    text = f"{url}: {getattr(cause, 'message', '') or error.message}"
    if code in _NO_SUCH_HOST:
        return socket.gaierror(socket.EAI_NONAME, text)
    number = _NUMBERS.get(code) if isinstance(code, str) else None
    return OSError(text) if number is None else OSError(number, text)
