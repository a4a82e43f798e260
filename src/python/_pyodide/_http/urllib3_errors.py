"""Errors and time limits of urllib3's own back end for this platform as those of its others.

The back end sends by ``fetch`` and XMLHttpRequest itself. For what fails it raises base classes
only, which requests takes for other errors than they are, or not for its own at all. It knows one
limit only, that for the connection, which is nothing that a program sees here: so it gets the one
for the answer in its place.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import wraps
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType


def change_connection(connection: ModuleType) -> None:
    """Have answers that do not come in time be `ReadTimeoutError` (``requests.ReadTimeout``).

    The pool makes one of the TimeoutError that `getresponse` raises, as it does for sockets.
    """
    cls: Any = connection.EmscriptenHTTPConnection
    request, getresponse = cls.request, cls.getresponse
    timeout_error: Any = connection.TimeoutError

    @wraps(request)
    def request_in_time(self: Any, *args: Any, **options: Any) -> None:
        self._timed_out = None
        self.timeout = getattr(self, "coil_read_timeout", self.timeout)
        try:
            request(self, *args, **options)
        except timeout_error as error:
            self._timed_out = error

    @wraps(getresponse)
    def response_in_time(self: Any) -> Any:
        error, self._timed_out = self._timed_out, None
        if error is not None:
            raise TimeoutError("timed out") from error
        return getresponse(self)

    cls.request, cls.getresponse = request_in_time, response_in_time


def change_pool(pool: ModuleType) -> None:
    """Tell connections how long an answer may take before they ask for it."""
    cls: Any = pool.HTTPConnectionPool
    make_request: Callable[..., Any] = cls._make_request
    default: Any = pool._DEFAULT_TIMEOUT  # noqa: SLF001

    @wraps(make_request)
    def make_timed_request(self: Any, conn: Any, *args: Any, **options: Any) -> Any:
        timeout = self._get_timeout(options.get("timeout", default))
        timeout.start_connect()  # a total that began now
        conn.coil_read_timeout = timeout.resolve_default_timeout(timeout.read_timeout)
        return make_request(self, conn, *args, **options)

    cls._make_request = make_timed_request


def change_response(response: ModuleType) -> None:
    """Have bodies that break off be `ProtocolError`, and slow ones `ReadTimeoutError`."""
    exceptions: Any = import_module("urllib3.exceptions")
    cls: Any = response.EmscriptenHttpResponseWrapper
    catcher: Callable[[Any], Any] = cls._error_catcher
    timeout_error: Any = response.TimeoutError
    http_exception: Any = response.HTTPException

    @contextmanager
    def error_catcher(self: Any) -> Iterator[None]:
        try:
            with catcher(self):
                yield
        except timeout_error as error:
            raise exceptions.ReadTimeoutError(self._pool, None, "Read timed out.") from error
        except http_exception as error:
            text = f"Connection broken: {error!r}"
            raise exceptions.ProtocolError(text, error) from error

    cls._error_catcher = error_catcher
