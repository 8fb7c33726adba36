"""A server that answers slowly, wrongly or with somebody else's certificate holds no gate up for long."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from trust_simulator import START, Ministry

from trust import TrustError, http_source
from trust.sync import init_home, sync

DRIP = 0.02


class _Quiet(BaseHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Says nothing."""


class _Slow(_Quiet):
    """Drips, headers or body, for as long as anybody listens."""

    headers_too = False

    def do_GET(self) -> None:
        """One byte after another."""
        head = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\nX: "
        try:
            self.wfile.write(head if self.headers_too else head + b"y\r\n\r\n")
            while True:
                self.wfile.write(b"x")
                time.sleep(DRIP)
        except OSError:
            self.close_connection = True


class _SlowHeaders(_Slow):
    headers_too = True


class _Silent(_Quiet):
    def do_GET(self) -> None:
        """Nothing, for a while."""
        time.sleep(1)


class _Elsewhere(_Quiet):
    def do_GET(self) -> None:
        """Sends whoever asks to a file of his own machine."""
        self.send_response(302)
        self.send_header("Location", f"file://{Path(__file__)}")
        self.end_headers()


class _Endless(_Quiet):
    """An answer that is no file, with a body that never ends but at 64 MB, for the sake of this machine."""

    status = 0
    sent = 0

    def do_GET(self) -> None:
        """As much as anybody takes."""
        self.send_response(self.status)
        self.send_header("Location", "/elsewhere")
        self.end_headers()
        try:
            while type(self).sent < 1 << 26:
                type(self).sent += self.wfile.write(bytes(1 << 16))
        except OSError:
            self.close_connection = True


class _Continues(_Quiet):
    """Has the client wait for headers that count as none (RFC 9110 §15.2.1)."""

    def do_GET(self) -> None:
        """Again and again."""
        try:
            for _ in range(1 << 20):
                self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)
        except OSError:
            self.close_connection = True


class _Folder(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Says nothing."""


@contextmanager
def served(handler: Any, context: ssl.SSLContext | None = None) -> Iterator[int]:
    """A server on this machine, on the port that is given."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def refusal(home: Path, url: str) -> str:
    """The code that a sync is refused with."""
    with pytest.raises(TrustError) as caught:
        sync(home, url, now=START)
    return caught.value.code


@pytest.fixture
def bank(tmp_path: Path, ministry: Ministry) -> Path:
    """A home that has nothing yet."""
    init_home(tmp_path / "bank", ministry.roots[0])
    return tmp_path / "bank"


@pytest.mark.parametrize("handler", [_Slow, _SlowHeaders, _Silent])
def test_a_dripping_server_is_left(
    handler: Any, bank: Path, ministry: Ministry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bytes that keep coming renew the patience with silence, and not that with the whole."""
    monkeypatch.setattr(http_source, "GRACE", 0.5)
    monkeypatch.setattr(http_source, "SILENCE", 0.3)
    with served(handler) as port:
        began = time.monotonic()
        assert refusal(bank, f"http://127.0.0.1:{port}") == "source_unreadable"
        assert time.monotonic() - began < 3
    assert sync(bank, ministry.out, now=START).changed  # the home is free again


def test_no_sync_lasts_for_ever(bank: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even at a rate that is good enough."""
    monkeypatch.setattr(http_source, "SLOWEST", 1)
    monkeypatch.setattr(http_source, "LONGEST", 0.5)
    with served(_Slow) as port:
        assert refusal(bank, f"http://127.0.0.1:{port}") == "source_unreadable"


def test_no_server_leads_to_a_file(bank: Path) -> None:
    """Nor to another host, nor from HTTPS to HTTP: nothing is followed."""
    with served(_Elsewhere) as port:
        assert refusal(bank, f"http://127.0.0.1:{port}") == "redirected"


@pytest.mark.parametrize(
    ("status", "code"),
    [
        *((status, "redirected") for status in (300, 301, 302, 303, 307, 308)),
        (404, "no_publication"),
        (401, "source_unreadable"),
        (500, "source_unreadable"),
    ],
)
def test_of_an_answer_that_is_no_file_no_body_is_read(status: int, code: str, bank: Path) -> None:
    """What the server gets rid of is what fits into the sockets' buffers."""
    handler = type("_EndlessOf", (_Endless,), {"status": status})
    with served(handler) as port:
        assert refusal(bank, f"http://127.0.0.1:{port}") == code
    assert handler.sent < 1 << 24  # type: ignore[attr-defined]


def test_headers_without_end_are_left(bank: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All bytes count, not only a file's."""
    monkeypatch.setattr(http_source, "MOST", 1 << 20)
    with served(_Continues) as port:
        began = time.monotonic()
        assert refusal(bank, f"http://127.0.0.1:{port}") == "source_unreadable"
        assert time.monotonic() - began < 10


def test_https_with_a_certificate_that_is_known_and_no_other(
    bank: Path, ministry: Ministry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has no certificate that the machine trusts serves nothing."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(tmp_path / "cert.pem"))
    with served(partial(_Folder, directory=str(ministry.out)), context) as port:
        assert refusal(bank, f"https://127.0.0.1:{port}") == "source_unreadable"
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        assert refusal(bank, f"https://localhost:{port}") == "source_unreadable"
        assert sync(bank, f"https://127.0.0.1:{port}", now=START).changed


def certificate(path: Path) -> Path:
    """A key and its own certificate for 127.0.0.1, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a mirror")])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    plain = serialization.NoEncryption()
    path.write_bytes(key.private_bytes(encoding, form, plain) + made.public_bytes(encoding))
    return path
