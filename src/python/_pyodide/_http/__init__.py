"""HTTP requests that wait for their answer, over what JavaScript has for it.

`send` is where it is decided how a request goes out; ``pyodide.http``, ``http.client`` and httpx
are built on it. ``fetch`` comes first, since Python waits for it as for anything else: other
tasks run, it can be interrupted, and bodies are read as they arrive. A synchronous
XMLHttpRequest has none of that, but needs no stack switching.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from _pyodide_core import can_run_sync

from . import fetch, xhr
from .scope import js

if TYPE_CHECKING:
    from .messages import Reply, Request

CANNOT_WAIT = (
    "Python cannot wait for an answer here: either the JavaScript engine has no stack switching, "
    "or JavaScript called Python synchronously. Have JavaScript call by runPythonAsync() or "
    "callPromising(); or use await pyodide.http.pyfetch()"
)


def send(request: Request) -> Reply:
    """Send *request* and wait until status and headers of the answer are there.

    Raises TimeoutError, another OSError when there is no answer, and OSError where nothing can wait
    for one.
    """
    request.check()
    if can_run_sync():
        return fetch.Exchange(request).send()
    if hasattr(js, "XMLHttpRequest"):
        return xhr.send(request)
    raise OSError(CANNOT_WAIT)


async def send_async(request: Request) -> fetch.FetchReply:
    """Do as `send` does, for a coroutine: only its task waits."""
    request.check()
    return await fetch.Exchange(request).send_async()
