"""Who may not speak to the gate: whatever a foreign page can make a browser send."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from gate_client import Client, Gate, Page, problem, speak
from gate_town import Town
from websockets.exceptions import InvalidStatus

PATHS = ("/", "/health", "/page/gate.js", "/supervisor/settings", "/supervisor/log.csv")
FOREIGN = (
    "null",
    "https://evil.example",
    "http://127.0.0.1",
    "http://127.0.0.1:1",
    "https://127.0.0.1:{port}",
    "http://localhost:{port}",
    "http://127.0.0.1:{port}.evil.example",
    "http://127.0.0.1:{port}/",
    "http://user@127.0.0.1:{port}",
    "http://127.0.0.1:{port} http://evil.example",
    "file://",
    "",
)
"""Origins that are not this service's, asked at 127.0.0.1."""


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gate]:
    """One gate for all; what it told is looked at when everything is over."""
    folder: Path = tmp_path_factory.mktemp("door")
    with Gate(Town(folder, people=1).home(folder / "gate")) as running:
        yield running
        running.assert_calm()


@pytest.fixture
def client(gate: Gate) -> Iterator[Client]:
    """Somebody at this machine."""
    with Client(gate.address) as made:
        yield made


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:{port}",
        "127.0.0.1",
        "127.0.0.1:1",
        "127.0.0.2:{port}",
        "localhost",
        "localhost.:{port}",
        "localhost.evil.example:{port}",
        "127.0.0.1.nip.example:{port}",
        "127.0.0.1:{port}.evil.example",
        "[::1]:{port}",
        "0.0.0.0:{port}",
        "2130706433:{port}",
        "127.1:{port}",
        "gate.local:{port}",
        "127.0.0.1:{port}, evil.example",
        "",
    ],
)
def test_other_hosts(client: Client, gate: Gate, host: str) -> None:
    """DNS rebinding brings a page's own name, which is not served: not even the page's pictures."""
    for path in PATHS:
        answer = client.get(path, headers={"Host": host.format(port=gate.port)})
        assert answer.status_code == 421
        assert problem(answer) == "wrong_host"


def test_own_hosts(client: Client, gate: Gate) -> None:
    """Both names of this machine's loopback are good, in any case of letters."""
    for host in ("127.0.0.1", "localhost", "LocalHost"):
        assert client.get("/health", headers={"Host": f"{host}:{gate.port}"}).status_code == 200


def test_two_hosts_or_none(gate: Gate) -> None:
    """A second Host is refused, and a request without one, also of HTTP/1.0."""
    own = b"Host: 127.0.0.1:%d\r\n" % gate.port
    end = b"Connection: close\r\n\r\n"
    for head in (
        b"GET / HTTP/1.1\r\n" + own + own + end,
        b"GET / HTTP/1.1\r\n" + own + b"Host: evil.example\r\n" + end,
        b"GET / HTTP/1.1\r\nHost: evil.example\r\n" + own + end,
        b"GET / HTTP/1.1\r\n" + end,
        b"GET / HTTP/1.0\r\n\r\n",
        b"GET / HTTP/1.0\r\nHost: evil.example\r\n\r\n",
    ):
        assert speak(gate.port, head).split(b"\r\n", 1)[0].split(b" ")[1] in (b"400", b"421")
    assert speak(gate.port, b"GET /health HTTP/1.0\r\n" + own + b"\r\n").startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("method", [b"GET", b"get", b"POST", b"OPTIONS", b"CONNECT", b"TRACE"])
def test_the_gate_is_no_proxy(gate: Gate, method: bytes) -> None:
    """A request target with a host of its own (RFC 9112 §3.2) finds nothing."""
    end = b" HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n\r\n" % gate.port
    for target in (
        b"http://evil.example/",
        b"http://127.0.0.1/",
        b"//evil.example/",
        b"*",
        b"evil.example:443",
    ):
        heard = speak(gate.port, method + b" " + target + end)
        assert heard.split(b" ")[1] in (b"400", b"403", b"404", b"405")
        assert b"access-control" not in heard.lower()
        assert b"<html" not in heard


@pytest.mark.parametrize("origin", FOREIGN)
def test_other_origins(client: Client, gate: Gate, origin: str) -> None:
    """A request that names the page it comes from is done for the gate's own page alone."""
    headers = {"Origin": origin.format(port=gate.port)}
    for path in PATHS:
        assert problem(client.get(path, headers=headers)) == "foreign_page"
    for path in ("/drop", "/update", "/supervisor/enter", "/supervisor/pass", "/supervisor/leave"):
        assert problem(client.post(path, json={"from": "stick"}, headers=headers)) == "foreign_page"
    assert problem(client.put("/supervisor/settings", json={}, headers=headers)) == "foreign_page"


def test_two_origins(client: Client, gate: Gate) -> None:
    """One of them is not ours."""
    for origins in ((gate.address, "http://evil.example"), (gate.address, gate.address)):
        answer = client.get("/health", headers=[("Origin", origin) for origin in origins])
        assert problem(answer) == "foreign_page"


def test_fetch_metadata(client: Client, gate: Gate) -> None:
    """Pictures, frames and links of other pages bring no Origin, but say that they are foreign.

    A page on another port of this machine is of the same site, and foreign all the same.
    """
    for site in ("cross-site", "same-site", "nonsense", ""):
        for path in PATHS:
            assert problem(client.get(path, headers={"Sec-Fetch-Site": site})) == "foreign_page"
    for site in ("same-origin", "none"):
        assert client.get("/", headers={"Sec-Fetch-Site": site}).status_code == 200


def test_no_page_is_told_that_it_may(client: Client) -> None:
    """A preflight is refused, and no answer has a header that lets another page read it."""
    asked = {
        "Origin": "http://evil.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
        "Access-Control-Request-Private-Network": "true",
    }
    for path in ("/", "/drop", "/supervisor/enter", "/ws"):
        for origin in ({}, asked):
            answer = client.options(path, headers=origin)
            assert problem(answer) == "foreign_page"
            assert not [name for name in answer.headers if name.startswith("access-control")]
    for path in PATHS:
        assert not [name for name in client.get(path).headers if name.startswith("access-control")]


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "text/plain; application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonp",
        "application/csp-report",
        "",
        None,
    ],
)
def test_posts_that_every_page_can_send(client: Client, kind: str | None) -> None:
    """Without a preflight a page can send three content types (Fetch, "CORS-safelisted"); none is taken."""
    headers = {} if kind is None else {"Content-Type": kind}
    for path in ("/drop", "/update", "/supervisor/enter", "/supervisor/pass", "/supervisor/pin"):
        answer = client.post(path, content=b'{"from":"stick","pin":"402815"}', headers=headers)
        assert problem(answer) == "foreign_page"


def test_methods(client: Client) -> None:
    """What there is answers to its own methods; a header that names another one changes nothing."""
    for method in ("PUT", "DELETE", "PATCH", "PROPFIND", "M-SEARCH"):
        for path in ("/", "/drop", "/supervisor/enter"):
            answer = client.request(method, path, json={})
            assert answer.status_code == 405
            assert answer.headers["allow"]
            problem(answer)
    over = {"X-HTTP-Method-Override": "PUT", "X-Method-Override": "PUT"}
    assert client.get("/supervisor/settings", headers=over).status_code == 401
    assert client.head("/").status_code == 405
    for path in (
        "/page/../gate.js",
        "/page/%2e%2e/station.py",
        "/page/..%2fstation.py",
        "/page/%00",
        "/.git",
    ):
        answer = client.get(path)
        assert answer.status_code == 404
        problem(answer)
    forwarded = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "Forwarded": "host=evil"}
    assert client.get("/health", headers=forwarded).status_code == 200


def test_the_page_holds_nothing_of_others(client: Client) -> None:
    """Its policy allows nothing from elsewhere and no frame around it; a language is one of two."""
    for query in (
        "",
        "?lang=en",
        "?lang=km",
        "?lang=%3Cscript%3E",
        "?lang=en&lang=xx",
        "?lang=" + "x" * 5000,
    ):
        answer = client.get(f"/{query}")
        assert answer.status_code == 200
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert "script>xx" not in answer.text
        # Without a choice it is as the program was started, in English.
        assert ('lang="km"' in answer.text.split("<head>")[0]) == (query == "?lang=km")
        client.cookies.clear()
    client.cookies.set("lang", "en")
    for query in ("", "?lang=xx"):
        assert '<html lang="en">' in client.get(f"/{query}").text


def test_floods_of_headers(gate: Gate, client: Client) -> None:
    """A head without end is cut off; many cookies are no supervisor's."""
    head = b"GET / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n" % gate.port
    assert b" 400 " in speak(gate.port, head + b"X: " + b"a" * 1_000_000)[:20]
    assert b" 400 " in speak(gate.port, head + b"".join(b"X-%d: y\r\n" % i for i in range(100_000)))[:20]
    assert b" 400 " in speak(gate.port, b"G" * 1_000_000)[:20]
    cookies = "; ".join(f"supervisor=x{i}" for i in range(2000))
    assert problem(client.get("/supervisor/settings", headers={"Cookie": cookies})) == "supervisor_needed"
    for cookie in ("supervisor=", "supervisor", "=", ";;;", 'supervisor="\\"', "supervisor=é", "\x01"):
        answer = client.get("/supervisor/settings", headers=[(b"Cookie", cookie.encode("latin-1"))])
        assert answer.status_code in (400, 401)


def test_no_http_at_all(gate: Gate) -> None:
    """TLS, another protocol's words, noise: cut off, with nothing on the terminal."""
    own = b" HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n" % gate.port
    for words in (
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(300),
        b"EHLO evil.example\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET /\xff" + own + b"\r\n",
        b"POST /drop" + own + b"Content-Length: -1\r\n\r\n",
        b"POST /drop" + own + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"POST /drop" + own + b"Transfer-Encoding: x\r\n\r\n",
        b"POST /drop" + own + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nabc",
    ):
        assert b" 200 " not in speak(gate.port, words)[:20]


@pytest.mark.parametrize("origin", [*FOREIGN[:-1], None])
def test_the_socket_needs_our_origin(gate: Gate, origin: str | None) -> None:
    """Any page may open a socket to any address: it says where it comes from, and is refused."""
    own = origin and origin.format(port=gate.port)
    with pytest.raises(InvalidStatus) as error, Page(gate.address, origin=own):
        pass
    assert error.value.response.status_code == 403


def test_the_socket_of_others(gate: Gate) -> None:
    """A foreign Host with its own Origin (rebinding), two Origins, another path, an address for a target."""
    key = base64.b64encode(bytes(16))
    port = b"%d" % gate.port
    begin = b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    begin += b"Sec-WebSocket-Key: " + key
    host, origin = b"\r\nHost: 127.0.0.1:" + port, b"\r\nOrigin: http://127.0.0.1:" + port
    evil = b"\r\nHost: evil.example:" + port + b"\r\nOrigin: http://evil.example:" + port
    for target, headers in (
        (b"/ws", evil),
        (b"/ws", host + origin + b"\r\nOrigin: http://evil.example"),
        (b"/ws", host + host + origin),
        (b"/ws/", host + origin),
        (b"/", host + origin),
        (b"http://evil.example/ws", host + origin),
    ):
        heard = speak(gate.port, b"GET " + target + b" HTTP/1.1\r\n" + begin + headers + b"\r\n\r\n")
        assert heard.split(b" ")[1] in (b"400", b"403"), heard
    with Page(gate.address) as page:
        assert page.hear("state")["type"] == "state"
    with Page(f"http://localhost:{gate.port}") as page:
        assert page.is_there()
