"""urllib3's ordinary connections over what carries those of ``http.client``.

On this platform urllib3 exchanges its connections for a back end of its own, which asks ``fetch``
itself. That one knows no cookies, raises base classes of errors only, and takes the time limit of
the connection for that of the answer. The ordinary connections derive from those of http.client,
so that with a socket which sends by JavaScript they are what they are elsewhere.
"""

from __future__ import annotations

import socket
import sys
from functools import wraps
from typing import TYPE_CHECKING, Any

from .fetch_socket import FetchSocket, open_connection, refuse_proxy

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType


def keep_ordinary(back_end: ModuleType) -> None:
    """Have urllib3 not exchange its connections."""
    names: Any = back_end
    names.inject_into_urllib3 = lambda: None


def change_connection(connection: ModuleType) -> None:
    """Have connections of urllib3 carried by JavaScript."""
    plain: Any = connection.HTTPConnection
    secure: Any = connection.HTTPSConnection
    plain._new_conn = _connect  # noqa: SLF001
    plain.is_connected = property(_is_connected)
    plain.request = _sending(plain.request, connection)
    plain.getresponse = _keeping_url(plain.getresponse)
    secure.connect = _connect_securely


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


def _open(self: Any, scheme: str) -> FetchSocket:
    if self.proxy is not None or self._tunnel_host:
        refuse_proxy()
    sys.audit("http.client.connect", self, self.host, self.port)
    return open_connection(scheme, self._dns_host, self.port, self.timeout)


def _connect(self: Any) -> FetchSocket:
    """Replace `_new_conn` of connections by http."""
    return _open(self, "http")


def _connect_securely(self: Any) -> None:
    """Replace `connect` of connections by https. The host checks certificates, always."""
    self.sock = _open(self, "https")
    self.is_verified = True


def _is_connected(self: Any) -> bool:
    """Return whether there is a connection, which the host makes anew whenever it must."""
    return self.sock is not None


def _sending(request: Callable[..., None], connection: ModuleType) -> Callable[..., None]:
    """Return a `request` that waits for the answer's head, as long as an answer may take.

    What keeps a request from being answered is known only then; to urllib3 it is that there is no
    connection. An answer that comes too late is not: `getresponse` raises that.
    """
    errors: Any = connection

    @wraps(request)
    def request_in_time(self: Any, *args: Any, **options: Any) -> None:
        limit, self.timeout = self.timeout, getattr(self, "coil_read_timeout", self.timeout)
        try:
            request(self, *args, **options)
        except socket.gaierror as error:
            raise errors.NameResolutionError(self.host, self, error) from error
        except OSError as error:
            text = f"Failed to establish a new connection: {error}"
            raise errors.NewConnectionError(self, text) from error
        finally:
            self.timeout = limit

    return request_in_time


def _keeping_url(getresponse: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return a `getresponse` whose answers know where redirects led to that the host followed."""

    @wraps(getresponse)
    def getresponse_with_url(self: Any) -> Any:
        response = getresponse(self)
        reached = getattr(response._original_response, "_url_reached", None)  # noqa: SLF001
        response.url = reached or response.url
        return response

    return getresponse_with_url
