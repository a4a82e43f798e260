"""What an event loop of JavaScript cannot do: methods that say why."""

from __future__ import annotations

from typing import Any

_DESCRIPTORS = "JavaScript does not tell when a file descriptor is ready"
_SOCKETS = "there are no sockets below this event loop; use pyodide.http, or fetch of the module js"
_SERVERS = "programs in JavaScript engines cannot listen"
_PROCESSES = "JavaScript engines start no processes"
_SIGNALS = "signals are handled by signal.signal(), between two instructions of Python"
_FILES = "files are in memory; read and write them directly"


def _unavailable(name: str, reason: str) -> Any:
    """Return a method that raises NotImplementedError with *reason*."""

    def method(self: object, *args: object, **kwargs: object) -> None:
        del args, kwargs
        raise NotImplementedError(f"{type(self).__name__}.{name}(): {reason}")

    method.__name__ = name
    method.__doc__ = f"Raise NotImplementedError: {reason}."
    return method


class UnavailableLoop:
    """The part of the interface of an event loop that `pyodide.webloop.WebLoop` lacks."""

    add_reader = _unavailable("add_reader", _DESCRIPTORS)
    remove_reader = _unavailable("remove_reader", _DESCRIPTORS)
    add_writer = _unavailable("add_writer", _DESCRIPTORS)
    remove_writer = _unavailable("remove_writer", _DESCRIPTORS)
    connect_read_pipe = _unavailable("connect_read_pipe", _DESCRIPTORS)
    connect_write_pipe = _unavailable("connect_write_pipe", _DESCRIPTORS)

    sock_recv = _unavailable("sock_recv", _SOCKETS)
    sock_recv_into = _unavailable("sock_recv_into", _SOCKETS)
    sock_recvfrom = _unavailable("sock_recvfrom", _SOCKETS)
    sock_recvfrom_into = _unavailable("sock_recvfrom_into", _SOCKETS)
    sock_sendall = _unavailable("sock_sendall", _SOCKETS)
    sock_sendto = _unavailable("sock_sendto", _SOCKETS)
    sock_connect = _unavailable("sock_connect", _SOCKETS)
    sock_accept = _unavailable("sock_accept", _SOCKETS)
    create_connection = _unavailable("create_connection", _SOCKETS)
    create_datagram_endpoint = _unavailable("create_datagram_endpoint", _SOCKETS)
    create_unix_connection = _unavailable("create_unix_connection", _SOCKETS)
    connect_accepted_socket = _unavailable("connect_accepted_socket", _SOCKETS)
    start_tls = _unavailable("start_tls", _SOCKETS)

    create_server = _unavailable("create_server", _SERVERS)
    create_unix_server = _unavailable("create_unix_server", _SERVERS)

    sendfile = _unavailable("sendfile", _FILES)
    sock_sendfile = _unavailable("sock_sendfile", _FILES)

    subprocess_exec = _unavailable("subprocess_exec", _PROCESSES)
    subprocess_shell = _unavailable("subprocess_shell", _PROCESSES)

    add_signal_handler = _unavailable("add_signal_handler", _SIGNALS)
    remove_signal_handler = _unavailable("remove_signal_handler", _SIGNALS)
