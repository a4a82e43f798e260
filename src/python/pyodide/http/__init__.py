"""HTTP requests by what JavaScript has for them.

`pyfetch` is for coroutines. `open_url` and `pyxhr` wait for the answer, as ``urllib.request``,
``http.client``, requests and httpx do, which work as they are.
"""

from __future__ import annotations

import io

from _pyodide import _importhook

# Before the modules that read from JavaScript's scope when they are imported.
_importhook.ensure_started()

from . import pyxhr  # noqa: E402
from ._errors import AbortError, BodyUsedError, HttpStatusError  # noqa: E402
from ._fetch import FetchResponse, pyfetch  # noqa: E402
from .pyxhr import XHRError, XHRNetworkError, XHRResponse  # noqa: E402

__all__ = [
    "AbortError",
    "BodyUsedError",
    "FetchResponse",
    "HttpStatusError",
    "XHRError",
    "XHRNetworkError",
    "XHRResponse",
    "open_url",
    "pyfetch",
    "pyxhr",
]


def open_url(url: str) -> io.StringIO:
    """Fetch *url* and wait for it; return its text as a file, whatever the status.

    The text is decoded by the character set of its Content-Type, UTF-8 by default. For anything
    else than text use `pyfetch`, `pyxhr` or ``urllib.request``.

    Raises `XHRNetworkError` without an answer, `XHRError` where nothing can wait for one; both
    are OSErrors.
    """
    return io.StringIO(pyxhr.get(url).text)
