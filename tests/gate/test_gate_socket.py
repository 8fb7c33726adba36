"""The socket between page and gate, with whatever can be sent over it: a verdict or nothing; it goes on."""

from __future__ import annotations

import json
import random
import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from gate_client import Gate, Page, served
from gate_damage import DAMAGE, WRONG_VALUES
from gate_house import HandClock, house, typed
from gate_town import Town
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed

from verifier.gate import service_connections
from verifier.gate.frames import MAX_FRAME
from verifier.gate.pages import MOST

BANK_CARD = "4111111111111111"
POLICY, TOO_BIG, NO_TEXT, TRY_LATER = 1008, 1009, 1007, 1013
"""Close codes of RFC 6455 §7.4.1."""
FEW = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
MEMBERS = ("keys", "enter", "final", "number", "dismiss", "seen")
ANY_KEY = st.tuples(
    st.one_of(
        st.sampled_from(["KeyA", "Digit1", "Numpad7", "Space", "Key", "Key\ud7ff", ""]), st.text(max_size=32)
    ),
    st.one_of(st.sampled_from(["a", "4", "\u17e1", "ß", "ŉ", "Dead", "Process"]), st.text(max_size=32)),
    st.integers(0, 1),
    st.one_of(st.integers(-(10**15), 10**15), st.floats(allow_nan=False, allow_infinity=False)),
    st.one_of(st.none(), st.integers(0, 10**6), st.floats(allow_nan=False, allow_infinity=False)),
)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """A ministry and two people."""
    return Town(tmp_path_factory.mktemp("socket"), people=2)


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory, town: Town) -> Iterator[Gate]:
    """One gate for all; what it told and kept is looked at when everything is over."""
    with Gate(town.home(tmp_path_factory.mktemp("socket") / "gate")) as running:
        yield running
        running.assert_calm(BANK_CARD, town.number(0), "MQ1:", "SECRET")


@pytest.fixture
def page(gate: Gate) -> Iterator[Page]:
    """A page that is open, and still is when the test is over."""
    with Page(gate.address) as made:
        yield made
        made.say({"dismiss": True})
        assert made.is_there()


def frame(bits: int, width: int, height: int, pixels: bytes, *, flags: int = 0) -> bytes:
    """A frame as the page sends it."""
    return struct.pack("<BBHH", bits, flags, width, height) + pixels


def ends(gate: Gate, message: str | bytes | list[str], *, text: bool | None = None) -> int | None:
    """The code with which a page that sends this is sent away."""
    with Page(gate.address) as page:
        try:
            page.socket.send(message, text=text)
            while True:
                page.socket.recv(timeout=20)
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None


@pytest.mark.parametrize(
    "message",
    [
        "",
        "null",
        "[]",
        "{}",
        "SECRET",
        '{"keys":[]}',
        '{"keys":[],"enter":true}',
        '{"keys":[],"enter":1,"final":0}',
        '{"keys":{},"enter":true,"final":true}',
        '{"keys":[["KeyA","a",0,1]],"enter":true,"final":true}',
        '{"keys":[["KeyA","a",0,1,null,2]],"enter":true,"final":true}',
        '{"keys":[["KeyA","a",0,NaN,null]],"enter":true,"final":true}',
        '{"keys":[["KeyA","a",0,1e999,null]],"enter":true,"final":true}',
        '{"keys":[["KeyA","a","SECRET",1,null]],"enter":true,"final":true}',
        '{"keys":[[null,null,null,null,null]],"enter":true,"final":true}',
        '{"keys":["KeyA"],"enter":true,"final":true}',
        '{"keys":[],"keys":[],"enter":true,"final":true}',
        '{"number":1234567890}',
        '{"number":"\\ud800"}',
        '{"number":"1","number":"2"}',
        '{"dismiss":false}',
        '{"dismiss":1}',
        '{"dismiss":true}x',
        '{"SECRET":true}',
        "[" * 5000,
        json.dumps({"keys": [["K" * 33, "a", 0, 1, None]], "enter": True, "final": True}),
        json.dumps({"keys": [["KeyA", "a", 0, 1, None]] * 5001, "enter": True, "final": True}),
        json.dumps({"number": "1" * 1_000_001}),
    ],
)
def test_messages_that_no_page_sends(gate: Gate, page: Page, message: str) -> None:
    """Whoever sends one is sent away; the page beside it goes on."""
    assert ends(gate, message) == POLICY
    assert page.is_there()


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"\x08",
        b"\x08\x00\x10\x00\x10\x00",
        frame(8, 16, 16, bytes(255)),
        frame(8, 16, 16, bytes(257)),
        frame(4, 16, 16, bytes(256)),
        frame(8, 0, 0, b"\0"),
        frame(8, 0, 65535, bytes(100)),
        frame(8, 65535, 65535, bytes(100)),
        frame(8, 4097, 16, bytes(4097 * 16)),
        frame(1, 16, 16, bytes(32)),
        frame(16, 16, 16, bytes(512)),
        frame(0, 16, 16, b"\0"),
        b"\x89PNG\r\n\x1a\n" + bytes(1000),
    ],
)
def test_frames_that_no_camera_sends(gate: Gate, page: Page, sent: bytes) -> None:
    """Sizes that do not fit what follows, of nothing, or beyond all cameras."""
    assert ends(gate, sent) == POLICY
    assert page.is_there()


def test_messages_that_are_too_large(gate: Gate, page: Page) -> None:
    """10 MB, in one piece or in many; a text that is none; parts without end."""
    cut = (TOO_BIG, None)  # who is still sending may not hear why
    assert ends(gate, b"\x08" * 10_000_000) in cut
    assert ends(gate, "1" * 10_000_000) in cut
    assert ends(gate, ["1" * 100_000] * 100) in cut
    assert ends(gate, [""] * 3000) in cut
    assert ends(gate, frame(8, 16, 16, bytes(MAX_FRAME))) in cut
    assert ends(gate, b"\xff\xfe{}", text=True) == NO_TEXT
    assert page.is_there()


@FEW
@given(message=st.one_of(DAMAGE, st.dictionaries(st.sampled_from(MEMBERS), WRONG_VALUES).map(json.dumps)))
def test_any_message(gate: Gate, message: bytes | str) -> None:
    """A page that sends it goes on, or is sent away in the way of the protocol."""
    with Page(gate.address) as page:
        try:
            page.socket.send(message, text=True)
            page.is_there()
            code: int | None = POLICY
        except ConnectionClosed as closed:
            code = closed.rcvd.code if closed.rcvd else None
        assert code in (POLICY, NO_TEXT, TOO_BIG)
        assert {verdict["verdict"] for verdict in page.verdicts()} <= {"refused", "cannot_tell"}


@FEW
@given(burst=st.lists(ANY_KEY, max_size=40), enter=st.booleans(), final=st.booleans())
def test_any_typing(gate: Gate, burst: list[object], enter: bool, final: bool) -> None:
    """Keys of any name, in any order, at any time: never an acceptance, never the end of the page."""
    with Page(gate.address) as page:
        page.say({"keys": burst, "enter": enter, "final": final})
        assert page.hear("keys")["taken"] in (True, False)
        assert {verdict["verdict"] for verdict in page.verdicts()} <= {"refused", "cannot_tell"}
        assert page.is_there()


@pytest.mark.parametrize("seed", range(3))
def test_parts_of_a_scan(page: Page, town: Town, seed: int) -> None:
    """Half a code, one with a key left out, added or twice, with another beginning: never an acceptance."""
    rng = random.Random(seed)
    text = town.live(0)
    for _ in range(20):
        at = rng.randrange(len(text))
        damaged = rng.choice(
            (
                text[:at],
                text[at + 1 :],
                text[:at] + text[at + 1 :],
                text[:at] + rng.choice("0123456789ABCDEFZ$%*+-./:") + text[at:],
                text[:at] + text[at:].swapcase() + text[at:],
                rng.choice(("MC1:", "MS1:", "HC1:", "MQ2:", "MQ", "WIFI:", "http://")) + text[4:],
            )
        )
        if damaged.upper() != text:
            page.scan(typed(damaged))
    assert page.verdicts()
    assert {verdict["verdict"] for verdict in page.verdicts()} <= {"refused", "cannot_tell"}


def test_other_peoples_codes(page: Page) -> None:
    """Addresses, vaccination certificates, payments, a wireless network: none of ours, or damaged."""
    codes = (
        "HTTPS://EVIL.EXAMPLE/",
        "HC1:6BFOXN*TS0BI$ZD4N9:9S6RCVN5+O30K3/XIV0W23NTDE$VK",
        "00020101021229180014KHQR",
        "WIFI:T:WPA;S:GATE;P:SECRET;;",
        "MC1:" + "0" * 40,
        "MQ1:" + "0" * 400,
        "MQ1:",
    )
    for code in codes:
        before = len(page.verdicts())
        page.scan(typed(code))
        told = page.verdicts()[before:]
        assert all(verdict["verdict"] in ("refused", "cannot_tell") for verdict in told)
        assert all(verdict["person"] is None for verdict in told)
    assert len(page.verdicts()) >= 3


@pytest.mark.parametrize("number", [BANK_CARD, "4111 1111 1111 1111", "4111-1111-1111-1111"])
def test_a_bank_card_is_named_and_forgotten(page: Page, number: str) -> None:
    """Typed by a hand or by a scanner: the page hears what it was, and none of its digits."""
    page.say({"number": number})
    assert page.hear("number")["state"] == "bank_card"
    page.scan(typed(number))
    assert [message["state"] for message in page.heard if message["type"] == "number"] == ["bank_card"] * 2
    page.scan(typed(f"B{number}^NAME/SECRET^"))
    told = json.dumps(page.heard)
    assert "4111" not in told
    assert "SECRET" not in told


def test_numbers_of_any_kind(page: Page) -> None:
    """Too long, of no digits, of other scripts' digits: wrong, and never repeated."""
    for number in (
        "",
        "x",
        "0" * 9,
        "9" * 20,
        "9" * 900_000,
        "²³¹⁰⁰⁰⁰⁰⁰⁰",
        "١٢٣٤٥٦٧٨٩٠",
        "\u202e123",
        "\0" * 10,
    ):
        page.say({"number": number})
        assert page.hear("number")["state"] in ("wrong", "bank_card")
    assert "999" not in json.dumps(page.heard)


def test_frames_of_noise_and_keys_between(page: Page, town: Town) -> None:
    """A camera that sends faster than anybody can look holds up no key, and a scan gets its verdict."""
    rng = random.Random(3)
    noise = frame(8, 640, 480, rng.randbytes(640 * 480), flags=1)
    for _ in range(10):
        for _ in range(5):
            page.socket.send(noise)
        assert page.is_there()
    page.socket.send(frame(4, 1280, 720, rng.randbytes(1280 * 360)))
    assert page.scan(typed("MQ1:" + "0" * 40))
    if not page.verdicts():
        page.hear("verdict")
    while not any(message["type"] == "frame" for message in page.heard):  # what came too fast has no answer
        page.socket.send(noise)
        assert page.is_there()


def test_a_flood_of_everything(gate: Gate, page: Page) -> None:
    """Numbers and Escapes as fast as they go: the other page still hears the beat."""
    with Page(gate.address) as other:
        for i in range(1000):
            other.say({"number": str(i)} if i % 2 else {"dismiss": True})
        assert other.is_there()
    assert page.hear("state")["type"] == "state"


def test_a_fifth_page(gate: Gate) -> None:
    """It is told to try later; the first four go on, and where one leaves there is room again."""
    with ExitStack() as stack:
        pages = [stack.enter_context(Page(gate.address)) for _ in range(MOST)]
        assert all(page.is_there() for page in pages)
        assert ends(gate, "{}") == TRY_LATER
        assert all(page.is_there() for page in pages)
        pages[0].socket.close()
        assert comes_in(gate)


def test_storms_of_reloads(gate: Gate) -> None:
    """A hundred pages come and go, some in the middle of a word; nobody is locked out by them."""
    for i in range(100):
        with Page(gate.address) as page:
            if i % 3 == 0:
                page.say({"keys": [], "enter": False, "final": False})
            elif i % 3 == 1:
                page.socket.socket.shutdown(socket.SHUT_RDWR)
    assert comes_in(gate)


def comes_in(gate: Gate) -> bool:
    """Whether a page finds room within some seconds."""

    def once() -> bool:
        with Page(gate.address) as page:
            try:
                return page.is_there()
            except ConnectionClosed:
                return False

    return eventually(once)


def eventually(condition: Callable[[], bool]) -> bool:
    """Whether it comes true within some seconds."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def hasty(tmp_path: Path, town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A gate that waits for nobody longer than half a second."""
    monkeypatch.setattr(service_connections, "STUCK", 0.5)
    monkeypatch.setattr(service_connections, "PING", 0.5)
    with house(town.home(tmp_path / "hasty"), time=HandClock(town.now)) as made, served(made) as address:
        yield address


def deaf(address: str) -> socket.socket:
    """A page that reads nothing."""
    port = int(address.rpartition(":")[2])
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.settimeout(20)
    connection.connect(("127.0.0.1", port))
    words = (
        f"GET /ws HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: {address}\r\nConnection: Upgrade\r\n"
        f"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {22 * 'A'}==\r\n\r\n"
    )
    connection.sendall(words.encode())
    return connection


def test_pages_that_never_read(hasty: str, capfd: pytest.CaptureFixture[str]) -> None:
    """Whoever answers no ping, or lets messages and pongs pile up, is let go; there is room for others."""
    with ExitStack() as stack:
        quiet = [stack.enter_context(deaf(hasty)) for _ in range(2)]
        dismiss = masked(0x81, b'{"number":"1"}')
        asking, pinging = (stack.enter_context(deaf(hasty)) for _ in range(2))
        for connection, words in ((asking, dismiss * 2000), (pinging, masked(0x89, bytes(125)) * 2000)):
            with pytest.raises(ConnectionError):
                flood(connection, words)
        for connection in quiet:
            assert is_closed(connection)
        assert eventually(
            lambda: all_come_in(hasty)
        )  # what the deaf ones asked is answered before they leave
    assert capfd.readouterr().err == ""


def all_come_in(address: str) -> bool:
    """Whether as many pages as there may be find room."""
    with ExitStack() as stack:
        try:
            pages = [stack.enter_context(Page(address)) for _ in range(MOST)]
            return all(page.is_there() for page in pages)
        except ConnectionClosed:
            return False


def masked(first: int, payload: bytes) -> bytes:
    """A frame of a client (RFC 6455 §5.2) with a mask of zeros."""
    return bytes([first, 0x80 | len(payload)]) + bytes(4) + payload


def flood(connection: socket.socket, words: bytes) -> None:
    """Sends, again and again, without reading a word, until the other side has enough."""
    for _ in range(2000):
        connection.sendall(words)


def is_closed(connection: socket.socket) -> bool:
    """Whether the other side has hung up, once everything that it said is read."""
    try:
        while connection.recv(1 << 16):
            pass
    except ConnectionError:
        pass
    return True
