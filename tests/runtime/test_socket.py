"""Sockets without a network: what works, and that all else fails like on a host without one.

Connected pairs are in test_waiting.py.
"""

from __future__ import annotations

import textwrap
import unittest

from engines import ENGINES

PRELUDE = """
import errno, os, select, socket
stream, datagram = socket.socket(), socket.socket(type=socket.SOCK_DGRAM)


def attempt(name, function):
    try:
        print(name, function())
    except OSError as error:
        print(name, type(error).__name__, errno.errorcode.get(error.errno))
"""


class SocketTest(unittest.TestCase):
    """Each test runs a program on every engine."""

    maxDiff = None

    def check(self, code: str, *expected: str) -> None:
        """Run code after PRELUDE; expected are the lines that it prints."""
        for engine in ENGINES:
            with self.subTest(engine=str(engine)):
                process = engine.run(PRELUDE + textwrap.dedent(code))
                self.assertEqual((process.stderr, process.returncode), ("", 0), process.stdout)
                self.assertEqual(process.stdout.splitlines(), list(expected))

    def test_a_socket_is_made_named_and_closed(self) -> None:
        code = """
            stream.bind(("127.0.0.1", 8080))
            print(stream.getsockname(), datagram.getsockname())
            print(stream.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))
            print(os.fstat(stream.fileno()).st_mode & 0o170000 == 0o140000)
            copy = stream.dup()
            stream.close()
            print(copy.getsockname(), stream.fileno())
            attempt("bind again", lambda: copy.bind(("127.0.0.1", 8081)))
        """
        lines = ["('127.0.0.1', 8080) ('0.0.0.0', 0)", "0", "True", "('127.0.0.1', 8080) -1"]
        self.check(code, *lines, "bind again OSError EINVAL")

    def test_a_stream_reaches_nobody(self) -> None:
        code = """
            attempt("connect", lambda: stream.connect(("127.0.0.1", 80)))
            print("connect_ex", errno.errorcode[stream.connect_ex(("example.org", 80))])
            attempt("create", lambda: socket.create_connection(("localhost", 80), timeout=5))
            attempt("send", lambda: stream.send(b"x"))
            attempt("recv", lambda: stream.recv(1))
            attempt("sendmsg", lambda: stream.sendmsg([b"x"]))
            attempt("recvmsg", lambda: stream.recvmsg(10))
            attempt("read", lambda: os.read(stream.fileno(), 1))
            attempt("write", lambda: os.write(stream.fileno(), b"x"))
            attempt("getpeername", lambda: stream.getpeername())
        """
        lines = [
            "connect OSError ENETUNREACH",
            "connect_ex ENETUNREACH",
            "create OSError ENETUNREACH",
        ]
        calls = ("send", "recv", "sendmsg", "recvmsg", "read", "write", "getpeername")
        self.check(code, *lines, *(f"{call} OSError ENOTCONN" for call in calls))

    def test_nobody_is_listened_to(self) -> None:
        code = """
            stream.bind(("", 0))
            attempt("listen", lambda: stream.listen())
            attempt("accept", lambda: stream.accept())
            attempt("server", lambda: socket.create_server(("127.0.0.1", 0)))
        """
        lines = ["listen OSError ENOTSUP", "accept OSError EINVAL", "server OSError ENOTSUP"]
        self.check(code, *lines)

    def test_datagrams_go_nowhere_and_none_comes(self) -> None:
        code = """
            attempt("sendto", lambda: datagram.sendto(b"x", ("127.0.0.1", 9)))
            attempt("send", lambda: datagram.send(b"x"))
            attempt("recvfrom", lambda: datagram.recvfrom(10))
            datagram.settimeout(0.01)
            attempt("in time", lambda: datagram.recv(10))
        """
        lines = ["sendto OSError ENETUNREACH", "send OSError ENOTCONN"]
        self.check(code, *lines, "recvfrom BlockingIOError EAGAIN", "in time TimeoutError None")

    def test_other_families_and_types_are_refused(self) -> None:
        code = """
            attempt("inet6", lambda: socket.socket(socket.AF_INET6))
            attempt("raw", lambda: socket.socket(type=socket.SOCK_RAW))
            attempt("protocol", lambda: socket.socket(proto=socket.IPPROTO_UDP))
            attempt("no socket", lambda: socket.socket(fileno=os.open("/", os.O_RDONLY)))
        """
        lines = ["inet6 OSError EAFNOSUPPORT", "raw OSError EPROTONOSUPPORT"]
        self.check(code, *lines, "protocol OSError EPROTONOSUPPORT", "no socket OSError EBADF")

    def test_this_host_has_its_usual_name(self) -> None:
        code = """
            print(socket.gethostbyname("localhost"), socket.gethostbyname("10.1.2.3"))
            print({info[4] for info in socket.getaddrinfo("localhost", 80)})
        """
        self.check(code, "127.0.0.1 10.1.2.3", "{('127.0.0.1', 80)}")

    def test_texts_are_addresses_as_for_the_c_library(self) -> None:
        code = """
            def read(text):
                return socket.getaddrinfo(text, 0, type=1, flags=socket.AI_NUMERICHOST)[0][4][0]
            for text in "1.2.3.4", "0.0.0.0", "255.255.255.255", "0x7f.010.0.1":
                assert read(text) == socket.inet_ntoa(socket.inet_aton(text)), text
            for text in "256.0.0.1", "1.2.3.4.5", " 1.2.3.4", "+1.2.3.4", "1e1.0.0.1", "08.1.1.1":
                try:
                    print(text, read(text))
                except socket.gaierror:
                    pass
        """
        self.check(code)

    def test_options_are_kept_and_told(self) -> None:
        code = """
            SOCKET, TCP = socket.SOL_SOCKET, socket.IPPROTO_TCP
            print(*(stream.getsockopt(SOCKET, kind) for kind in (socket.SO_TYPE, socket.SO_ERROR)))
            keep, size = (SOCKET, "SO_KEEPALIVE"), (SOCKET, "SO_RCVBUF")
            for level, name in keep, size, (TCP, "TCP_NODELAY"):
                option = getattr(socket, name)
                before = stream.getsockopt(level, option)
                stream.setsockopt(level, option, 3)
                print(name, before, stream.dup().getsockopt(level, option))
            attempt("type", lambda: stream.setsockopt(SOCKET, socket.SO_TYPE, 1))
            attempt("unknown", lambda: stream.getsockopt(SOCKET, 9999))
            attempt("of TCP", lambda: datagram.getsockopt(TCP, socket.TCP_NODELAY))
            attempt("closed", lambda: (stream.close(), stream.getsockopt(SOCKET, socket.SO_TYPE)))
        """
        lines = ["1 0", "SO_KEEPALIVE 0 1", "SO_RCVBUF 65536 6", "TCP_NODELAY 0 1"]
        refused = [f"{name} OSError ENOPROTOOPT" for name in ("type", "unknown", "of TCP")]
        self.check(code, *lines, *refused, "closed OSError EBADF")

    def test_a_descriptor_tells_what_socket_it_is(self) -> None:
        code = """
            a, b = socket.socketpair()
            again = socket.socket(fileno=a.detach())
            print(again.family == b.family, again.type == socket.SOCK_STREAM)
            copy = socket.fromfd(again.fileno(), again.family, again.type)
            again.close()
            copy.sendall(b"x")
            print(b.recv(9), socket.socket(fileno=datagram.detach()).type == socket.SOCK_DGRAM)
        """
        self.check(code, "True True", "b'x' True")

    def test_datagrams_of_a_pair_stay_apart(self) -> None:
        code = """
            a, b = socket.socketpair(type=socket.SOCK_DGRAM)
            print(a.send(b"one"), a.send(b""), a.sendmsg([b"th", b"ree"]), end=" ")
            print(os.write(a.fileno(), b"4"))
            print(b.recv(2, socket.MSG_PEEK), b.recv(2), b.recv(9), b.recvmsg(9)[0], b.recv(9))
            attempt("none", lambda: b.recv(9, socket.MSG_DONTWAIT))
            attempt("large", lambda: a.send(bytes(1 << 22)))
            a.send(b"left")
            a.close()
            print(select.select([b], [], [], 0)[0] == [b], b.recv(9))
            attempt("closed", lambda: b.recv(9, socket.MSG_DONTWAIT))
            attempt("to closed", lambda: b.send(b"x"))
        """
        lines = ["3 0 5 1", "b'on' b'on' b'' b'three' b'4'", "none BlockingIOError EAGAIN"]
        lines += ["large OSError EMSGSIZE", "True b'left'", "closed BlockingIOError EAGAIN"]
        self.check(code, *lines, "to closed ConnectionRefusedError ECONNREFUSED")

    def test_datagrams_end_with_shutdown(self) -> None:
        code = """
            a, b = socket.socketpair(type=socket.SOCK_DGRAM)
            a.shutdown(socket.SHUT_WR)
            attempt("send", lambda: a.send(b"x"))
            attempt("recv", lambda: b.recv(9, socket.MSG_DONTWAIT))
            a.shutdown(socket.SHUT_RD)
            attempt("send to", lambda: b.send(b"x"))
            print(a.recv(9))
        """
        lines = ["send BrokenPipeError EPIPE", "recv BlockingIOError EAGAIN"]
        self.check(code, *lines, "send to BrokenPipeError EPIPE", "b''")

    def test_datagrams_wait_for_space_and_for_each_other(self) -> None:
        code = """
            import threading
            a, b = socket.socketpair(type=socket.SOCK_DGRAM)
            sizes = [60000] * 9 + [0] * 600 + [1]
            sender = threading.Thread(target=lambda: [a.send(bytes(size)) for size in sizes])
            sender.start()
            print([len(b.recv(65536)) for size in sizes] == sizes)
            sender.join()
        """
        self.check(code, "True")

    def test_what_is_attached_to_a_message_is_refused(self) -> None:
        code = """
            a, b = socket.socketpair()
            attempt("descriptors", lambda: socket.send_fds(a, [b"x"], [1]))
            attempt("nothing came", lambda: b.recv(9, socket.MSG_DONTWAIT))
        """
        lines = ["descriptors OSError ENOTSUP", "nothing came BlockingIOError EAGAIN"]
        self.check(code, *lines)

    def test_waiting_for_a_socket_ends(self) -> None:
        code = """
            poll = select.poll()
            poll.register(stream, select.POLLIN | select.POLLOUT)
            print(bool(poll.poll(0)[0][1] & select.POLLHUP))
            print(len(select.select([], [stream], [], 1)[1]))
        """
        self.check(code, "True", "1")


if __name__ == "__main__":
    unittest.main()
