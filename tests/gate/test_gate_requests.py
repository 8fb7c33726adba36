"""Requests of any content: the gate answers each with a document that says what is wrong, and goes on."""

from __future__ import annotations

import io
import json
import random
import socket
import struct
import time
import unicodedata
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from gate_client import PIN, Client, Gate, Page, problem, served, speak
from gate_damage import DAMAGE, WRONG_VALUES
from gate_house import HandClock, house
from gate_town import Town
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image

from credential.qr_draw import png
from verifier.gate import service_connections
from verifier.gate.pin import Pin
from verifier.gate.service_bodies import MAX_FILE, MAX_JSON

BANK_CARD = "4111111111111111"
BANK_CARDS = (BANK_CARD, "5500 0000 0000 0004", "3782-822463-10005", "៤១១១១១១១១១១១១១១១")
OPEN = (("POST", "/update"), ("POST", "/supervisor/enter"))
BEHIND_THE_PIN = (
    ("PUT", "/supervisor/settings"),
    ("POST", "/supervisor/pass"),
    ("POST", "/supervisor/clock"),
    ("POST", "/supervisor/pin"),
    ("POST", "/supervisor/leave"),
)
MEMBERS = ("pin", "new", "from", "reason", "do", "gate", "mode", "least", "log_days", "source", "purpose")
FEW = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
JSON = {"Content-Type": "application/json"}
BYTES = {"Content-Type": "application/octet-stream"}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """A ministry and one person."""
    return Town(tmp_path_factory.mktemp("requests"), people=1)


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory, town: Town) -> Iterator[Gate]:
    """One gate for all; what it told and kept is looked at when everything is over."""
    home: Path = town.home(tmp_path_factory.mktemp("requests") / "gate")
    Pin(home / "gate").set(PIN)
    with Gate(home) as running:
        yield running
        running.assert_calm(PIN, *BANK_CARDS)


@pytest.fixture(scope="module")
def client(gate: Gate) -> Iterator[Client]:
    """The supervisor at the machine; the cookie outlives what the others do."""
    with Client(gate.address) as made:
        assert made.enter().status_code == 200
        yield made


@pytest.fixture
def stranger(gate: Gate) -> Iterator[Client]:
    """Somebody without a cookie."""
    with Client(gate.address) as made:
        yield made


def answered(answer: httpx.Response) -> str:
    """The code of an answer; a good one is a JSON object."""
    if answer.is_success:
        assert isinstance(answer.json(), dict)
        return "ok"
    return problem(answer)


def test_bodies_that_are_no_json(client: Client) -> None:
    """Whatever JSON's readers disagree about is refused: doubles, NaN, depth, surrogates, encodings."""
    bodies = (
        b"",
        b"null",
        b"[]",
        b'"pin"',
        b"{",
        b'{"from":"stick","from":"stick"}',
        b'{"from":NaN}',
        b'{"from":1e999}',
        b'{"from":' + b"9" * 1000 + b"}",
        b'{"from":' + b"[" * 100 + b"]" * 100 + b"}",
        b"[" * 9_000,
        b'{"from":"\xff"}',
        b'{"from":"\\ud800"}',
        b'{"from":"stick"}x',
        b"\xef\xbb\xbf{}",
        '{"from":"stick"}'.encode("utf-16"),
        b"from=stick",
        b"\0" * 100,
    )
    for method, path in (*OPEN, *BEHIND_THE_PIN[:-1]):
        for body in bodies:
            assert answered(client.request(method, path, content=body, headers=JSON)) == "not_json", body


def test_bodies_that_are_too_large(client: Client, gate: Gate) -> None:
    """A size that is announced is believed, one that is not is counted; nothing waits for 100 MB."""
    for method, path in (*OPEN, *BEHIND_THE_PIN[:-1]):
        body = b'{"from":"' + b"x" * MAX_JSON + b'"}'
        assert answered(client.request(method, path, content=body, headers=JSON)) == "too_large"
        chunks = iter([body[:5000]] * 3)
        assert answered(client.request(method, path, content=chunks, headers=JSON)) == "too_large"
    own = f" HTTP/1.1\r\nHost: 127.0.0.1:{gate.port}\r\nContent-Type: application/octet-stream\r\n"
    for path in ("/drop", "/update"):
        for size in ("100000000", "9" * 20, "9" * 200, "00000000000000000000100000000"):
            head = f"POST {path}{own}Connection: close\r\nContent-Length: {size}\r\n\r\n"
            assert speak(gate.port, head.encode() + b"x" * 1000).split(b" ")[1] in (b"413", b"400")


def test_a_body_without_end(gate: Gate) -> None:
    """Chunks that never stop are cut off where the limit is."""
    head = (
        f"POST /drop HTTP/1.1\r\nHost: 127.0.0.1:{gate.port}\r\nConnection: close\r\n"
        "Content-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    chunk = b"%x\r\n%b\r\n" % (1 << 20, bytes(1 << 20))
    with socket.create_connection(("127.0.0.1", gate.port), timeout=30) as connection:
        connection.sendall(head.encode())
        sent = 0
        try:
            while sent < 20 * MAX_FILE:
                connection.sendall(chunk)
                sent += len(chunk)
        except ConnectionError:
            pass
        assert MAX_FILE - len(chunk) < sent < 3 * MAX_FILE


@pytest.mark.parametrize(("method", "path"), [*BEHIND_THE_PIN, *OPEN])
@FEW
@given(body=st.one_of(DAMAGE, st.dictionaries(st.sampled_from(MEMBERS), WRONG_VALUES).map(json.dumps)))
@example(body=json.dumps({"pin": PIN + "\0", "new": PIN, "reason": "\0\u202e", "do": "", "from": []}))
def test_any_body(client: Client, stranger: Client, method: str, path: str, body: bytes | str) -> None:
    """Done or refused in words: never a fault, with a cookie or without."""
    answered(stranger.request(method, path, content=body, headers=JSON))
    if path not in ("/supervisor/leave", "/supervisor/enter"):
        answered(client.request(method, path, content=body, headers=JSON))


@FEW
@given(
    begin=st.sampled_from(
        [b"", b"MS1:", b"MQ1:", b"MQ", b"\xd2\x84", b"\x84", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"]
    ),
    rest=st.one_of(st.binary(max_size=3000), st.text(max_size=300).map(str.encode)),
)
def test_any_file(stranger: Client, begin: bytes, rest: bytes) -> None:
    """Files that begin like something: refused, judged as no code, or told as an update that failed."""
    answered(stranger.post("/drop", content=begin + rest, headers=BYTES))


def test_pictures_that_lie(stranger: Client, town: Town) -> None:
    """Cut off, damaged, of billions of pixels, of 20 MB of noise: not readable, and soon."""
    rng = random.Random(7)
    photo = io.BytesIO()
    Image.effect_noise((640, 480), 90).save(photo, "JPEG")
    jpeg, code = photo.getvalue(), png(town.live(0))
    pictures = [jpeg[:size] for size in (2, 3, 20, 200, len(jpeg) // 2, len(jpeg) - 2)]
    pictures += [code[:size] for size in (8, 30, len(code) // 2, len(code) - 12)]
    pictures += [bomb(50_000, 50_000), bomb(1 << 31, 1), bomb(0, 0), bomb(7000, 7000), bomb(1, 49_000)]
    for _ in range(30):
        damaged = bytearray(rng.choice((jpeg, code)))
        for _ in range(rng.randint(1, 20)):
            damaged[rng.randrange(8, len(damaged))] = rng.randrange(256)
        pictures.append(bytes(damaged))
    for picture in pictures:
        assert answered(stranger.post("/drop", content=picture, headers=BYTES)) in ("ok", "not_readable")
    for begin in (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0"):
        noise = begin + rng.randbytes(MAX_FILE - len(begin))
        assert answered(stranger.post("/drop", content=noise, headers=BYTES)) == "not_readable"
        assert answered(stranger.post("/drop", content=noise + b"x", headers=BYTES)) == "too_large"


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few kilobytes that says it is so large; it is white, as far as that is no lie."""
    rows = zlib.compressobj(9)
    row = b"\0" + b"\xff" * min(width, 10_000)
    data = b"".join(rows.compress(row) for _ in range(min(height, 7000)))
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
        (b"IDAT", data + rows.flush()),
        (b"IEND", b""),
    )
    chunks = (struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def test_many_files_at_once(gate: Gate, town: Town) -> None:
    """While sixteen large pictures wait for their turn, a key is still answered."""
    picture, said = bomb(7000, 7000), []
    head = (
        f"POST /drop HTTP/1.1\r\nHost: 127.0.0.1:{gate.port}\r\nConnection: close\r\n"
        f"Content-Type: application/octet-stream\r\nContent-Length: {len(picture)}\r\n\r\n"
    )
    with ExitStack() as stack, Page(gate.address) as page:
        droppers = [
            stack.enter_context(socket.create_connection(("127.0.0.1", gate.port), timeout=60))
            for _ in range(16)
        ]
        for dropper in droppers:
            dropper.sendall(head.encode() + picture)
        assert page.is_there()
        for dropper in droppers:
            said.append(dropper.recv(100)[:15])
    assert set(said) == {b"HTTP/1.1 200 OK"}


@pytest.mark.parametrize("number", BANK_CARDS)
def test_a_bank_card_is_never_kept(stranger: Client, client: Client, gate: Gate, number: str) -> None:
    """Dropped as a picture or as a text, sent as a PIN, as a setting, as an address: no answer repeats it."""
    with Page(gate.address) as page:
        answers = [
            stranger.post("/drop", content=png(number), headers=BYTES),
            stranger.post("/drop", content=png(f"card {number} of somebody"), headers=BYTES),
            stranger.post("/drop", content=number.encode(), headers=BYTES),
            stranger.post("/drop", content=f"MQ1:{number}".encode(), headers=BYTES),
            stranger.post("/update", json={"from": number}),
            client.act("clock", do=number),
            client.act("pass", reason=number),
            client.act("pass", reason=f"the card {number} was shown"),
            client.get("/", params={"lang": number}),
            client.get(f"/page/{number}"),
        ]
        settings_ = client.get("/supervisor/settings").json()
        for name in settings_:
            answers.append(client.put("/supervisor/settings", json=settings_ | {name: number}))
        plain = "".join(str(unicodedata.decimal(char, "-")) for char in number)
        source = f"https://montrey.example/{plain}/"
        answers.append(client.put("/supervisor/settings", json=settings_ | {"source": source}))
        assert answers[0].json() == {"what": "nothing"}
        assert {answer.status_code for answer in answers[-len(settings_) - 1 :]} == {422}
        assert page.is_there()
        everything = json.dumps(page.heard, ensure_ascii=False) + "".join(answer.text for answer in answers)
        assert number not in everything
        assert {verdict["code"] for verdict in page.verdicts()} >= {"malformed", "not_montrey"}


def test_who_takes_too_long(
    tmp_path: Path, town: Town, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Nothing at all, half a head, half a body, half of the next request: after a while the line is cut."""
    monkeypatch.setattr(service_connections, "PATIENCE", 0.5)
    with house(town.home(tmp_path / "slow"), time=HandClock(town.now)) as gate, served(gate) as address:
        port = int(address.rpartition(":")[2])
        head = f"POST /drop HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/octet-stream\r\n"
        whole = f"GET /health HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n"
        for words, answers in (
            ("", 0),
            ("G", 0),
            (head, 0),
            (f"{head}Content-Length: 100\r\n\r\nabc", 0),
            (f"{head}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", 0),
            (whole + "GET", 1),
            (whole + head + "Content-Length: 100\r\n\r\nabc", 1),
        ):
            assert speak(port, words.encode()).count(b"HTTP/1.1 200") == answers
        with socket.create_connection(("127.0.0.1", port), timeout=20) as slow:
            slow.sendall(head.encode())
            with pytest.raises(ConnectionError):  # a byte now and then does not help
                dribble(slow)
        with Page(address) as page:  # an open page is in no hurry
            time.sleep(1)
            assert page.is_there()
    assert capfd.readouterr().err == ""


def dribble(connection: socket.socket) -> None:
    """Sends a byte now and then, for as long as somebody takes it."""
    while True:
        connection.sendall(b"X")
        time.sleep(0.05)


def test_many_who_say_nothing(gate: Gate, stranger: Client) -> None:
    """Connections are bounded; a page that is open goes on, and all is well when they are gone."""
    with Page(gate.address) as page:
        with ExitStack() as stack:
            for _ in range(2 * service_connections.MOST):
                stack.enter_context(socket.create_connection(("127.0.0.1", gate.port), timeout=20))
            assert stranger.get("/health").status_code == 503
            assert page.is_there()
        for _ in range(100):
            if stranger.get("/health").status_code == 200:
                break
            time.sleep(0.05)
        assert stranger.get("/health").status_code == 200


def test_who_leaves_in_the_middle(gate: Gate, town: Town) -> None:
    """Half a picture and gone: nobody's fault, and nothing on the terminal."""
    for path, rest in (("/drop", b"\x89PNG"), ("/update", b'{"from'), ("/supervisor/enter", b"{")):
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{gate.port}\r\nContent-Length: 5000\r\n"
            "Content-Type: application/json\r\n\r\n"
        )
        for _ in range(5):
            with socket.create_connection(("127.0.0.1", gate.port)) as connection:
                connection.sendall(head.encode() + rest)
    gate.assert_calm()
