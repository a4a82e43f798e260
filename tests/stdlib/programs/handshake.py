"""TLS between two SSLObjects in memory: handshakes, data, sessions, refusals."""

import contextlib
import ssl
import sys
from pathlib import Path
from typing import Any

folder = Path(sys.argv[1])
CHAIN, AUTHORITY = (str(folder / name) for name in ("keycert3.pem", "pycacert.pem"))


class Pair:
    """A client and a server, each connected to the other's memory."""

    def __init__(self, client: ssl.SSLContext, server: ssl.SSLContext, **options: Any) -> None:
        there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
        options.setdefault("server_hostname", "localhost")
        self.client = client.wrap_bio(back, there, **options)
        self.server = server.wrap_bio(there, back, server_side=True)

    def shake(self) -> None:
        """Let both sides speak until both are content."""
        waiting = [self.client, self.server]
        for _ in range(20):
            for side in list(waiting):
                try:
                    side.do_handshake()
                    waiting.remove(side)
                except ssl.SSLWantReadError:
                    pass
            if not waiting:
                return
        raise AssertionError("the handshake does not end")

    def send(self, data: bytes) -> bytes:
        """Return what the server has received of what the client sends, in one piece."""
        received = bytearray()
        view = memoryview(data)
        while view or len(received) < len(data):
            if view:
                view = view[self.client.write(view[:30_000]) :]
            try:
                while part := self.server.read(1 << 16):
                    received += part
            except ssl.SSLWantReadError:
                pass
        return bytes(received)


def contexts() -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return contexts of a client that knows the authority and of a server with a certificate."""
    client = ssl.create_default_context(cafile=AUTHORITY)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(CHAIN)
    return client, server


def refused(error: type[Exception], pair: Pair) -> str:
    """Return the text with which a handshake fails."""
    try:
        pair.shake()
    except error as reason:
        return str(reason)
    raise AssertionError(f"no {error.__name__}")


def check_version(version: ssl.TLSVersion, name: str) -> None:
    """Shake hands in one version of the protocol; send data both ways; close."""
    client, server = contexts()
    client.minimum_version = client.maximum_version = version
    server.set_alpn_protocols(["h2", "http/1.1"])
    client.set_alpn_protocols(["http/1.1"])
    asked: list[str | None] = []
    server.sni_callback = lambda _object, host, _context: asked.append(host)
    pair = Pair(client, server)
    pair.shake()
    assert pair.client.version() == pair.server.version() == name
    assert pair.client.selected_alpn_protocol() == "http/1.1"
    assert asked == ["localhost"], asked
    certificate = pair.client.getpeercert()
    assert certificate and ("DNS", "localhost") in certificate["subjectAltName"], certificate
    data = bytes(range(256)) * 4000
    assert pair.send(data) == data
    pair.server.write(b"and back")
    assert pair.client.read() == b"and back"
    if version is ssl.TLSVersion.TLSv1_2:
        binding = pair.client.get_channel_binding("tls-unique")
        assert binding and binding == pair.server.get_channel_binding("tls-unique")
        again = Pair(client, server, session=pair.client.session)
        again.shake()
        assert again.client.session_reused
    with contextlib.suppress(ssl.SSLWantReadError):
        pair.client.unwrap()
    assert pair.server.read() == b"", "the end was not seen"


def check_refusals() -> None:
    """See strangers, wrong names and nonsense refused."""
    client, server = contexts()
    pair = Pair(client, server, server_hostname="example.org")
    text = refused(ssl.SSLCertVerificationError, pair)
    assert "Hostname mismatch" in text, text
    text = refused(ssl.SSLCertVerificationError, Pair(ssl.create_default_context(), server))
    assert "unable to get local issuer certificate" in text, text
    server.verify_mode = ssl.CERT_REQUIRED
    client.maximum_version = ssl.TLSVersion.TLSv1_2
    assert "PEER_DID_NOT_RETURN_A_CERTIFICATE" in refused(ssl.SSLError, Pair(client, server))
    noise = ssl.MemoryBIO()
    noise.write(b"HTTP/1.1 200 OK\r\n\r\n")
    side = client.wrap_bio(noise, ssl.MemoryBIO(), server_hostname="localhost")
    try:
        side.do_handshake()
    except ssl.SSLError as error:
        assert error.reason == "WRONG_VERSION_NUMBER", error.reason
    else:
        raise AssertionError("no error")
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(CHAIN, str(folder / "ssl_key.pem"))
    except ssl.SSLError as error:
        assert error.reason == "KEY_VALUES_MISMATCH", error.reason
    else:
        raise AssertionError("no error")


assert ssl.OPENSSL_VERSION.startswith("OpenSSL 3.5."), ssl.OPENSSL_VERSION
assert ssl.get_default_verify_paths().openssl_capath == "/etc/ssl/certs"
assert ssl.HAS_TLSv1_3 and ssl.HAS_ALPN and ssl.HAS_SNI
names = {cipher["name"] for cipher in ssl.create_default_context().get_ciphers()}
assert {"TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"} <= names, names
assert len(set(ssl.RAND_bytes(32))) > 8
check_version(ssl.TLSVersion.TLSv1_2, "TLSv1.2")
check_version(ssl.TLSVersion.TLSv1_3, "TLSv1.3")
check_refusals()
print("done")
