"""Changes to ``http.client`` and ``urllib.request``, so that they reach servers."""

from __future__ import annotations

import socket
import sys
from functools import wraps
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from .fetch_socket import FetchSocket, open_connection, refuse_proxy, seconds_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType


def change_client(client: ModuleType) -> None:
    """Have connections of ``http.client`` carried by JavaScript; add those for https."""
    connection = _own_class(client)
    connection.connect = _connecting("http", connection.connect)
    connection.getresponse = _keeping_url(connection.getresponse)
    if not hasattr(client, "HTTPSConnection"):
        _add_https(client)
    secure: Any = client.HTTPSConnection
    secure.connect = _connecting("https", secure.connect)


def _own_class(client: ModuleType) -> Any:
    """Return ``HTTPConnection``, also when a test has put a class of its own in its place."""
    found: Any = client.HTTPConnection
    for base in getattr(found, "__mro__", ()):
        if (base.__module__, base.__qualname__) == (client.__name__, "HTTPConnection"):
            return base
    return found


def _connecting(scheme: str, connect: Callable[[Any], None]) -> Callable[[Any], None]:
    """Return the method `connect` of the connections of a *scheme*."""

    @wraps(connect)
    def connect_by_fetch(self: Any) -> None:
        if self._create_connection is not socket.create_connection:
            connect(self)  # a program gave it sockets of its own
            return
        sys.audit("http.client.connect", self, self.host, self.port)
        if self._tunnel_host:
            refuse_proxy()
        self.sock = open_connection(scheme, self.host, self.port, seconds_of(self.timeout))

    return connect_by_fetch


def _keeping_url(getresponse: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return a `getresponse` that notes where the answer came from."""

    @wraps(getresponse)
    def getresponse_with_url(self: Any) -> Any:
        sock = self.sock
        response = getresponse(self)
        response._url_reached = sock.url_reached if isinstance(sock, FetchSocket) else None  # noqa: SLF001
        return response

    return getresponse_with_url


def _add_https(client: ModuleType) -> None:
    """Add the class that ``http.client`` lacks without the module ``ssl``."""
    base: Any = client.HTTPConnection

    class HTTPSConnection(base):  # type: ignore[misc]
        """A connection by https; the host checks certificates, and *context* is not used."""

        default_port = client.HTTPS_PORT

        def __init__(
            self, host: str, port: int | None = None, *, context: Any = None, **options: Any
        ) -> None:
            super().__init__(host, port, **options)
            self._context = context

        def connect(self) -> None:
            """Connect; replaced by `change_client`."""
            super().connect()

    HTTPSConnection.__module__ = client.__name__
    HTTPSConnection.__qualname__ = "HTTPSConnection"
    names: Any = client
    names.HTTPSConnection = HTTPSConnection
    names._create_https_context = lambda _version: SimpleNamespace(check_hostname=True)  # noqa: SLF001
    names.__all__.append("HTTPSConnection")


def change_urllib(request: ModuleType) -> None:
    """Have ``urlopen(...).url`` say where redirects led to that the host followed."""
    handler: Any = request.AbstractHTTPHandler
    do_open = handler.do_open

    @wraps(do_open)
    def do_open_with_url(self: Any, *args: Any, **options: Any) -> Any:
        response = do_open(self, *args, **options)
        response.url = getattr(response, "_url_reached", None) or response.url
        return response

    handler.do_open = do_open_with_url
