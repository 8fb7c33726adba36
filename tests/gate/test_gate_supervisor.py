"""The supervisor's part of the service: guessed at, stolen from, lied to, and asked well."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from gate_client import PIN, Client, Gate, Page, problem, served
from gate_house import HandClock, House, house, typed
from gate_town import Town

from verifier.gate.intake import By
from verifier.gate.pin import PAUSE, TRIES, Pin
from verifier.gate.supervisors import IDLE, IN_ALL, MOST, Supervisors

BANK_CARD = "5500000000000004"
GUESS = "918273"
NEW_PIN = "730164"
ACTS: tuple[tuple[str, str, object], ...] = (
    ("GET", "/supervisor/settings", None),
    ("PUT", "/supervisor/settings", {}),
    ("POST", "/supervisor/pass", {"reason": "forgot the phone"}),
    ("POST", "/supervisor/clock", {"do": "lower"}),
    ("POST", "/supervisor/clock", {"do": "right"}),
    ("POST", "/supervisor/pin", {"pin": PIN, "new": NEW_PIN}),
    ("GET", "/supervisor/log.csv", None),
)
WRONG_SETTINGS: dict[str, tuple[object, ...]] = {
    "mode": ("", "Plain", "off", None, 1, True, ["plain"], {"a": 1}),
    "printed": (1, 0, "true", None, [], "yes"),
    "gate": (-1, 65_536, 1.5, 1.0, "1", None, True, 10**19),
    "purpose": (
        "",
        "Entry",
        "e" * 65,
        "entry\n",
        "e e",
        "ចូល",
        1,
        None,
        "unknown-purpose",
        "4111111111111111",
    ),
    "least": ("", "none", "LIVE", "live-challenge", 0, None),
    "number_always": (1, "false", None, {}),
    "status_days": (0, 36, -1, 7.0, "7", None, True, 10**19),
    "log_days": (0, 32, -1, 7.5, "7", None, True),
    "source": (
        "http://montrey.example/",
        "ftp://montrey.example/",
        "file:///etc/passwd",
        "https://",
        "https://user:word@montrey.example/",
        "https://montrey.example/?a=1",
        "https://montrey.example/#a",
        "https://montrey.example/\n",
        "https://montrey.example/" + "a" * 500,
        "https://montrey.example:99999/",
        "javascript:alert(1)",
        "//montrey.example/",
        f"https://montrey.example/{BANK_CARD}/",
        None,
        1,
    ),
    "camera": (1, "true", None),
}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """A ministry and two people."""
    return Town(tmp_path_factory.mktemp("supervisor"), people=2)


@pytest.fixture(scope="module")
def made_home(tmp_path_factory: pytest.TempPathFactory, town: Town) -> Path:
    """A gate's home, to be copied."""
    return town.home(tmp_path_factory.mktemp("supervisor") / "gate")


@pytest.fixture
def hands(town: Town) -> HandClock:
    """The gate's clocks."""
    return HandClock(town.now)


@pytest.fixture
def gate(tmp_path: Path, made_home: Path, hands: HandClock) -> Iterator[House]:
    """A gate with a PIN, whose supervisors' idleness is measured by the clock in hand."""
    home = Path(shutil.copytree(made_home, tmp_path / "gate"))
    Pin(home / "gate").set(PIN)
    with house(home, time=hands) as made:
        made.station.supervisors = Supervisors(hands.monotonic)
        made.station.pin = Pin(home / "gate", monotonic=hands.monotonic)
        yield made


@pytest.fixture
def address(gate: House, capfd: pytest.CaptureFixture[str]) -> Iterator[str]:
    """The gate at work; nothing that was typed may stand on the terminal or in a file when it is over."""
    with served(gate) as made:
        yield made
    said = "".join(capfd.readouterr())
    assert "Traceback" not in said
    for secret in (PIN, NEW_PIN, GUESS, BANK_CARD):
        assert secret not in said
        for path in gate.station.home.rglob("*"):
            assert path.is_dir() or secret.encode() not in path.read_bytes()


@pytest.fixture
def client(address: str) -> Iterator[Client]:
    """The supervisor's browser, before the PIN."""
    with Client(address) as made:
        yield made


def logged(gate: House) -> list[tuple[str, str]]:
    """What and code of each entry of the log."""
    gate.station._writer.flush()
    return [(entry.what, entry.code) for entry in gate.station.log.read()]


def test_nothing_without_the_pin(client: Client, gate: House) -> None:
    """Every act is 401 without a cookie, with a made-up one, and after leaving; nothing is done or said."""
    before = gate.station.settings
    for cookie in (None, "", "x", "0" * 43, "é" * 20, "null"):
        headers = [] if cookie is None else [(b"Cookie", f"supervisor={cookie}".encode("latin-1"))]
        for method, path, body in ACTS:
            answer = client.request(method, path, json=body, headers=headers)
            assert (answer.status_code, problem(answer)) == (401, "supervisor_needed")
            assert "set-cookie" not in answer.headers
    client.enter()
    token = client.cookies["supervisor"]
    assert client.act("leave").status_code == 200
    for method, path, body in ACTS:
        answer = client.request(method, path, json=body, headers={"Cookie": f"supervisor={token}"})
        assert answer.status_code == 401
    assert gate.station.settings == before
    assert [what for what, _ in logged(gate)] == ["start", "supervisor"]


def test_the_cookie(client: Client) -> None:
    """No script reads it, no other site's request brings it, and it goes with the acts alone."""
    cookie = client.enter().headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "path=/supervisor" in cookie
    assert "domain" not in cookie
    assert "max-age" not in cookie  # it ends with the browser
    tokens = {client.enter().headers["set-cookie"].split(";")[0] for _ in range(5)}
    assert len(tokens) == 5
    assert all(len(token) > len("supervisor=") + 40 for token in tokens)


def test_a_stolen_cookie_is_no_use_to_another_page(client: Client, address: str, gate: House) -> None:
    """Whatever cookie comes along: what another page or site asks is not done."""
    client.enter()
    for headers in (
        {"Origin": "https://evil.example"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ):
        for method, path, body in ACTS:
            assert problem(client.request(method, path, json=body, headers=headers)) == "foreign_page"
    host = {"Host": f"evil.example:{address.rpartition(':')[2]}"}
    assert problem(client.get("/supervisor/settings", headers=host)) == "wrong_host"
    assert ("pass", "pass") not in logged(gate)
    assert client.get("/supervisor/settings").status_code == 200


def test_guessing(client: Client, gate: House, hands: HandClock) -> None:
    """Five wrong ones, then a pause that is told, in which the right one is wrong too; then a longer one."""
    answers = [client.enter(GUESS) for _ in range(TRIES)]
    assert {problem(answer) for answer in answers} == {"pin_wrong"}
    assert [answer.headers.get("retry-after") for answer in answers] == [None] * (TRIES - 1) + [str(PAUSE)]
    for pin in (GUESS, PIN):
        answer = client.enter(pin)
        assert (answer.status_code, problem(answer)) == (429, "pin_locked")
        assert int(answer.headers["retry-after"]) == answer.json()["seconds"]
        assert 0 < answer.json()["seconds"] <= PAUSE + 1
        assert "5 min" in answer.json()["detail_en"]
        assert "set-cookie" not in answer.headers
    hands.jump(86_400)  # a clock that is set ends no pause
    assert problem(client.enter()) == "pin_locked"
    hands.jump(-86_400)
    hands.pass_(PAUSE + 2)
    assert problem(client.enter(GUESS)) == "pin_wrong"
    hands.pass_(PAUSE + 2)
    assert problem(client.enter()) == "pin_locked"
    hands.pass_(PAUSE)
    assert client.enter().status_code == 200
    assert logged(gate).count(("supervisor", "pin_wrong")) == TRIES + 1
    assert logged(gate)[-1] == ("supervisor", "entered")


@pytest.mark.parametrize(
    "pin", ["", "0", PIN[:-1], f"{PIN}0", f" {PIN}", f"{PIN}\n", "x" * 9000, "\0", "+402815", "4e5"]
)
def test_what_is_no_pin(client: Client, pin: str) -> None:
    """Shorter, longer, with something around it: wrong, and counted; nothing is cut off or converted."""
    assert problem(client.enter(pin)) == "pin_wrong"
    for body in ({"pin": 402815}, {"pin": None}, {"pin": [PIN]}, {"PIN": PIN}, {}):
        assert problem(client.post("/supervisor/enter", json=body)) == "not_json"
    assert problem(client.get("/supervisor/enter", params={"pin": PIN})) == "not_found"
    assert client.enter().status_code == 200


def test_guessing_at_once(address: str, gate: House) -> None:
    """Twenty at the same time get no more tries than one after another; some do not even get their turn."""
    with ThreadPoolExecutor(20) as pool, Client(address) as client:
        answers = list(pool.map(client.enter, [f"91{i:04}" for i in range(20)]))
        codes = [problem(answer) for answer in answers]
        assert codes.count("pin_wrong") == TRIES
        assert set(codes) <= {"pin_wrong", "pin_locked", "gate_busy"}
        assert problem(client.enter()) == "pin_locked"


def test_guessing_over_restarts(tmp_path: Path, made_home: Path) -> None:
    """Killed after every guess, the program counts on."""
    home = Path(shutil.copytree(made_home, tmp_path / "gate"))
    Pin(home / "gate").set(PIN)
    with Gate(home) as gate:
        for attempt in range(2):
            with Client(gate.address) as client:
                for _ in range(2 + attempt):
                    assert problem(client.enter(GUESS)) == "pin_wrong"
            gate.kill()
            gate.start()
        with Client(gate.address) as client:
            assert problem(client.enter()) == "pin_locked"
        gate.assert_calm(PIN, GUESS)


def test_who_does_nothing_has_left(client: Client, gate: House, hands: HandClock) -> None:
    """Five minutes without an act, or half an hour in all; acts prolong it, the page's state does not."""
    client.enter()
    for _ in range(3):
        hands.pass_(IDLE - 1)
        assert client.get("/supervisor/settings").status_code == 200
    hands.pass_(IDLE)
    gate.station.state()
    assert problem(client.get("/supervisor/settings")) == "supervisor_needed"
    client.enter()
    for _ in range(IN_ALL // (IDLE - 1)):
        assert client.get("/supervisor/settings").status_code == 200
        hands.pass_(IDLE - 1)
    hands.pass_(IDLE - 1)
    assert problem(client.get("/supervisor/settings")) == "supervisor_needed"


def test_sleep_ages_a_supervisor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Idleness is measured by the clock that goes on while the machine sleeps."""
    slept = 0.0
    monkeypatch.setattr(time, "monotonic", lambda: 1000.0)
    monkeypatch.setattr(time, "clock_gettime", lambda _: 5000.0 + slept)
    supervisors = Supervisors()
    token = supervisors.open()
    assert supervisors.holds(token)
    slept = IDLE
    assert not supervisors.holds(token)


def test_too_many_supervisors(address: str) -> None:
    """A fifth sends the first away."""
    clients = [Client(address) for _ in range(MOST + 1)]
    for client in clients:
        client.enter()
    codes = [client.get("/supervisor/settings").status_code for client in clients]
    assert codes == [401] + [200] * MOST
    for client in clients:
        client.close()


def test_another_pin_sends_everybody_else_away(address: str, client: Client, gate: House) -> None:
    """The old one is asked for, a weak one refused, and who has the old one's cookie is nobody any more."""
    with Client(address) as other:
        other.enter()
        client.enter()
        assert problem(client.act("pin", pin=GUESS, new=NEW_PIN)) == "pin_wrong"
        for weak in (PIN, "", "12345", "111111", "123456", "987654", "1" * 13, "abcdef", "12345 ", BANK_CARD):
            assert problem(client.act("pin", pin=PIN, new=weak)) == "pin_weak"
        assert other.get("/supervisor/settings").status_code == 200
        assert client.act("pin", pin=PIN, new=NEW_PIN).status_code == 200
        assert problem(other.get("/supervisor/settings")) == "supervisor_needed"
        assert client.get("/supervisor/settings").status_code == 200
        assert problem(other.enter()) == "pin_wrong"
        assert other.enter(NEW_PIN).status_code == 200
    assert ("supervisor", "pin_changed") in logged(gate)


def test_the_pin_is_guessed_at_where_it_is_changed(client: Client) -> None:
    """A supervisor's forgotten browser gives no free tries at the PIN."""
    client.enter()
    for _ in range(TRIES):
        assert problem(client.act("pin", pin=GUESS, new=NEW_PIN)) == "pin_wrong"
    assert problem(client.act("pin", pin=PIN, new=NEW_PIN)) == "pin_locked"
    with Client(str(client.base_url)) as other:
        assert problem(other.enter()) == "pin_locked"


@pytest.mark.parametrize("name", WRONG_SETTINGS)
def test_settings_that_do_not_fit(client: Client, gate: House, name: str) -> None:
    """Each wrong value is refused with the name of its setting, and never repeated; the old ones stand."""
    client.enter()
    old = client.get("/supervisor/settings").json()
    for wrong in WRONG_SETTINGS[name]:
        answer = client.put("/supervisor/settings", json=old | {name: wrong})
        assert problem(answer) in ("settings_invalid", "unknown_gate")
        assert answer.json()["member"] == name
        if isinstance(wrong, str) and len(wrong) > 8:
            assert wrong not in answer.text
    without = {member: value for member, value in old.items() if member != name}
    assert client.put("/supervisor/settings", json=without).json()["member"] == name
    assert problem(client.put("/supervisor/settings", json=old | {"extra": 1})) == "settings_invalid"
    assert client.get("/supervisor/settings").json() == old


def test_settings_take_effect(client: Client, address: str, gate: House, town: Town) -> None:
    """Printed codes that are off are off with the next scan; the log says what changed, without values."""
    client.enter()
    old = client.get("/supervisor/settings").json()
    assert problem(client.put("/supervisor/settings", json=old | {"gate": 65_000})) == "unknown_gate"
    with Page(address) as page:
        for change, code in (
            ({"printed": False, "least": "live"}, "kind_not_accepted"),
            ({}, "card_number_needed"),
        ):
            answer = client.put("/supervisor/settings", json=old | change)
            assert answer.json() == old | change
            page.scan(typed(town.seal(0)[0]))
            assert page.verdicts()[-1]["code"] == code
        client.put("/supervisor/settings", json=old | {"mode": "challenge"})
        while (state := page.hear("state"))["challenge"] is None:
            assert state["mode"] == "plain"
    gate.station._writer.flush()
    notes = [entry.note for entry in gate.station.log.read() if entry.what == "settings"]
    assert notes[0] == "printed, least"


def test_somebody_is_let_in(client: Client, address: str, gate: House) -> None:
    """A pass needs a reason without a number; it is on disk before it is shown, and looks like no verdict."""
    client.enter()
    for reason in (
        "",
        " ",
        "...",
        "\u200b",
        "x" * 201,
        "x" * 5000,
        f"card {BANK_CARD}",
        "1234 567 890",
        "៤១១១១១១១១១",
    ):
        answer = client.act("pass", reason=reason)
        assert problem(answer) == "reason_needed"
    for body in ({}, {"reason": None}, {"reason": 5}, {"reason": ["x"]}):
        assert problem(client.post("/supervisor/pass", json=body)) == "not_json"
    with Page(address) as page:
        assert client.act("pass", reason="=cmd|' /C calc'!A1, no phone").status_code == 200
        told = page.hear("verdict")
        assert (told["verdict"], told["look"], told["person"], told["lines"]) == ("pass", "pass", None, [])
        assert "phone" not in json.dumps(page.heard)
    assert [entry.note for entry in gate.station.log.read() if entry.what == "pass"] == [
        "=cmd|' /C calc'!A1, no phone"
    ]
    table = client.get("/supervisor/log.csv?lang=en")
    assert "no phone" in table.text
    assert not [
        line for line in table.text.splitlines() if ",=" in line or ',"=' in line or line.startswith("=")
    ]


def test_the_log_that_is_taken_away(client: Client, gate: House, town: Town) -> None:
    """It has every verdict, and no name, no number and no code that was scanned."""
    client.enter()
    gate.time.pass_(120)
    shown = [town.live(0, gate.time.now), town.seal(1)[0], "MQ1:" + "0" * 40, "HTTPS://EVIL.EXAMPLE"]
    for text in shown:
        gate.station.reception.text(text, By.SERIAL)
        if text == shown[0]:
            claims = gate.station.first_words()[1]["person"]
    gate.station.reception.number(town.number(1))
    gate.station.reception.number(BANK_CARD)
    gate.station._writer.flush()
    for query in ("", "?lang=en", "?lang=xx", "?lang=" + "x" * 500):
        table = client.get(f"/supervisor/log.csv{query}")
        assert table.headers["content-type"].startswith("text/csv")
        assert "attachment" in table.headers["content-disposition"]
        assert table.headers["cache-control"] == "no-store"
        assert len(table.text.splitlines()) >= 6
        for secret in (
            *shown,
            town.number(0),
            town.number(1),
            BANK_CARD,
            claims["name_km"],
            claims["name_la"],
        ):
            assert secret not in table.text


def test_the_clock(client: Client, gate: House) -> None:
    """Two acts and no other; both are written down."""
    client.enter()
    for do in ("", "higher", "LOWER", "lower ", "__class__"):
        assert problem(client.act("clock", do=do)) == "not_json"
    assert problem(client.act("clock", do="right")) == "clock_not_doubted"
    gate.time.jump(7200)
    assert "clock_ahead" in gate.notices()
    assert client.act("clock", do="right").status_code == 200
    assert "clock_ahead" not in gate.notices()
    assert problem(client.act("clock", do="lower")) == "clock_not_behind"
    gate.time.jump(-7200)
    assert client.act("clock", do="lower").status_code == 200
    assert [code for what, code in logged(gate) if what == "clock"] == ["right", "lowered"]


def test_without_a_pin(tmp_path: Path, made_home: Path) -> None:
    """Never set, or in a damaged file: the gate opens to nobody, and is given a PIN from nowhere here."""
    home = Path(shutil.copytree(made_home, tmp_path / "gate"))
    for damage in (None, b"", b"{}", b'{"salt":"","hash":""}', b"\xff" * 100, b"0" * 100_000):
        if damage is not None:
            (home / "gate").mkdir(exist_ok=True)
            (home / "gate" / "pin.json").write_bytes(damage)
        with house(home) as gate, served(gate) as address, Client(address) as client:
            answers: list[httpx.Response] = [client.enter(pin) for pin in ("", "000000", PIN)]
            assert {problem(answer) for answer in answers} == {"pin_unset"}
            assert problem(client.act("pin", pin="", new=NEW_PIN)) == "supervisor_needed"
            assert problem(client.act("first-pin", pin=NEW_PIN)) == "not_found"
