"""The commands: what they print, write and leave, and their exit codes."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tiny_ministry import CARD, NAME_KM, NAME_LA, NOW, PASSPHRASE, Ministry, filled_wallet, new_wallet, offer

from credential import packed, qr_draw, sd_jwt
from credential.challenge import Challenge
from credential.live import LiveToken
from did import base64url
from wallet_sdk import Wallet
from wallet_sdk.cli import run

GATE = Challenge(7, b"8 bytes!")
BANK = ("--sd-jwt", "--audience", "https://bank.example", "--nonce", "N-1")


@dataclass
class Shell:
    """Runs commands on the wallet of one test; gives exit code, output and errors."""

    home: Path
    capsys: pytest.CaptureFixture[str]

    def __call__(self, *arguments: str, lang: str = "en", now: datetime = NOW) -> tuple[int, str, str]:
        arguments = ("--home", str(self.home), "--lang", lang, *arguments)
        code = run(arguments, clock=lambda: now, sleep=_interrupt)
        captured = self.capsys.readouterr()
        return code, captured.out, captured.err


def _interrupt(seconds: float) -> None:
    """The first time somebody waits, Ctrl-C is pressed."""
    raise KeyboardInterrupt


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    """A shell with the passphrase in its file."""
    (tmp_path / "passphrase").write_text(PASSPHRASE + "\n", "utf-8")
    monkeypatch.setenv("MONTREY_PASSPHRASE_FILE", str(tmp_path / "passphrase"))
    return Shell(tmp_path / "wallet", capsys)


def read_live(text: str, ministry: Ministry) -> LiveToken:
    """A live presentation."""
    token = packed.read(text, {1: ministry.template})
    assert isinstance(token, LiveToken)
    return token


def test_whole_way(tmp_path: Path, shell: Shell) -> None:
    """request makes the wallet and a file, receive takes the answer, list and present show it."""
    (tmp_path / "offer.json").write_text(offer())
    code, out, err = shell("request", str(tmp_path / "offer.json"), "--out", str(tmp_path / "request.json"))
    assert (code, out) == (0, "")
    assert "A new wallet was made" in err
    issued = Ministry().issue((tmp_path / "request.json").read_text())
    (tmp_path / "issued.json").write_text(json.dumps(issued))
    code, out, _ = shell("receive", str(tmp_path / "issued.json"))
    assert code == 0
    assert CARD not in out
    assert "•••••••897" in out
    code, out, _ = shell("list", "--full")
    assert code == 0
    assert all(text in out for text in (CARD, NAME_KM, NAME_LA, "Ministry of Civil Service", "2027-11-22"))
    code, out, _ = shell("present")
    assert (code, out[:4]) == (0, "MQ1:")


def test_request_by_text(tmp_path: Path, shell: Shell) -> None:
    """An offer may be the text itself; the request is printed, and nothing else."""
    new_wallet(tmp_path)
    code, out, err = shell("request", offer(), "--alg", "p256")
    assert (code, err) == (0, "")
    assert set(json.loads(out)["proofs"]) == {"live", "sd-jwt"}
    assert json.loads(out)["montrey"] == "request"


def test_bad_offer_makes_no_wallet(tmp_path: Path, shell: Shell) -> None:
    """A refused offer is named by its code and leaves nothing behind."""
    code, out, err = shell("request", "{}")
    assert (code, out) == (1, "")
    assert err.startswith("not_an_offer: ")
    assert not (tmp_path / "wallet").exists()


def test_missing_file(tmp_path: Path, shell: Shell) -> None:
    """A file that is not there is a refusal that names it, not a traceback."""
    new_wallet(tmp_path)
    for name in ("request", "receive", "read"):
        code, _, err = shell(name, str(tmp_path / "nothing"))
        assert code == 1
        assert err.startswith("unreadable_file: ")
        assert "nothing" in err


@pytest.mark.parametrize(("lang", "text"), [("en", "is no offer"), ("km", "មិនមែនជាការផ្ដល់ជូន")])
def test_languages(shell: Shell, lang: str, text: str) -> None:
    """A refusal is told in the language that was chosen, with the same code."""
    code, _, err = shell("request", "{}", lang=lang)
    assert code == 1
    assert err.startswith("not_an_offer: ")
    assert text in err


def test_wrong_passphrase(tmp_path: Path, shell: Shell) -> None:
    """A wrong passphrase is a refusal that says so."""
    new_wallet(tmp_path)
    (tmp_path / "passphrase").write_text("other")
    code, _, err = shell("list")
    assert code == 1
    assert err.startswith("wrong_passphrase: ")


def test_a_wrong_passphrase_out_of_a_file(tmp_path: Path, shell: Shell) -> None:
    """The file is named, for nobody has typed anything."""
    new_wallet(tmp_path)
    (tmp_path / "passphrase").write_text("another one")
    for lang in ("en", "km"):
        assert str(tmp_path / "passphrase") in shell("list", lang=lang)[2]


def test_no_way_to_ask(tmp_path: Path, shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a terminal and without the variable the program says what to set."""
    new_wallet(tmp_path)
    monkeypatch.delenv("MONTREY_PASSPHRASE_FILE")
    code, _, err = shell("list")
    assert code == 2
    assert "MONTREY_PASSPHRASE_FILE" in err


def test_new_passphrase_is_asked_twice(tmp_path: Path, shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal a new wallet's passphrase is typed twice; two different ones make no wallet."""
    monkeypatch.delenv("MONTREY_PASSPHRASE_FILE")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    typed = iter(["one passphrase", "another one", *["the same one"] * 3])
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(typed))
    code, _, err = shell("request", offer())
    assert code == 2
    assert "not the same" in err
    assert not (tmp_path / "wallet").exists()
    assert shell("request", offer())[0] == 0
    assert shell("list")[0] == 0


def test_list_json(tmp_path: Path, shell: Shell) -> None:
    """list --json holds what list shows; whole numbers and claims only with --full."""
    wallet = filled_wallet(tmp_path)
    wallet.request(offer(nonce="m" * 22, credentials=["live"]), now=NOW)
    code, out, _ = shell("list", "--json")
    assert code == 0
    document = json.loads(out)
    live, bank = document["credentials"]
    assert CARD not in out
    assert NAME_LA not in out
    assert (live["format"], live["standing"], live["expires_at"]) == ("live", "valid", "2027-11-22T00:00:00Z")
    assert {"card_number", "date_of_birth", "grade"} <= set(bank["disclosable"])
    assert [item["format"] for item in document["waiting"]] == ["live"]
    _, out, _ = shell("list", "--json", "--full")
    assert json.loads(out)["credentials"][0]["claims"]["card_number"] == CARD


def test_list_empty_and_waiting(tmp_path: Path, shell: Shell) -> None:
    """An empty wallet says what to do; a waiting key is shown."""
    wallet = new_wallet(tmp_path)
    assert "wallet is empty" in shell("list")[1]
    wallet.request(offer(), now=NOW)
    assert shell("list")[1].count("not yet received") == 2


def test_remove(tmp_path: Path, shell: Shell) -> None:
    """A second credential for one request is told of, and either is taken out by the id that list shows."""
    wallet = new_wallet(tmp_path)
    request = wallet.request(offer(credentials=["live"]), now=NOW)
    for ministry, told in ((Ministry(validity_days=99), False), (Ministry(), True)):
        code, out, err = shell("receive", json.dumps(ministry.issue(request)))
        assert code == 0
        assert ("it has to go: remove ID" in err) is told
    forged, right = (item["id"] for item in json.loads(shell("list", "--json")[1])["credentials"])
    assert forged in err
    assert right in err
    code, out, err = shell("remove", forged, "--yes")
    assert (code, out) == (0, "")
    assert forged in err
    assert [item["id"] for item in json.loads(shell("list", "--json")[1])["credentials"]] == [right]
    code, _, err = shell("remove", forged, "--yes")
    assert code == 1
    assert err.startswith("no_credential: ")


def test_remove_asks(tmp_path: Path, shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """For good is for good: without a terminal --yes is needed, and at one a word for yes."""
    new_wallet(tmp_path).request(offer(credentials=["live"]), now=NOW)
    waiting = json.loads(shell("list", "--json")[1])["waiting"][0]["id"]
    monkeypatch.setattr("sys.stdin", io.StringIO("yes\n"))
    code, _, err = shell("remove", waiting)
    assert (code, "--yes" in err) == (2, True)
    for typed, ends in (("no\n", 1), ("", 1), ("ចាស\n", 0)):
        assert "not yet received" in shell("list")[1]
        terminal = io.StringIO(typed)
        monkeypatch.setattr(terminal, "isatty", lambda: True)
        monkeypatch.setattr("sys.stdin", terminal)
        code, _, err = shell("remove", waiting)
        assert code == ends
        assert waiting in err
    assert "wallet is empty" in shell("list")[1]


def test_remove_what_waits(tmp_path: Path, shell: Shell) -> None:
    """What was asked for is listed with an id, and given up by it."""
    new_wallet(tmp_path).request(offer(credentials=["live"]), now=NOW)
    waiting = json.loads(shell("list", "--json")[1])["waiting"][0]["id"]
    assert waiting in shell("list")[1]
    assert shell("remove", waiting, "--yes")[0] == 0
    assert "wallet is empty" in shell("list")[1]


def test_request_says_what_it_gives_up(tmp_path: Path, shell: Shell) -> None:
    """When too much was asked for, the oldest goes and is named."""
    wallet = new_wallet(tmp_path)
    for i in range(32):
        wallet.request(offer(nonce=f"{i:022}"), now=NOW)
    code, _, err = shell("request", offer(credentials=["live"]))
    assert code == 0
    assert "No longer waited for: live QR credential from https://ministry.example" in err


def test_warning_before_the_end(tmp_path: Path, shell: Shell) -> None:
    """Within 30 days of its end a credential is named by list and by present, and still shown."""
    filled_wallet(tmp_path)
    assert "by the date alone" in shell("list")[2]
    late = NOW + timedelta(days=340)
    for arguments in (("list",), ("present",), ("present", *BANK)):
        code, _, err = shell(*arguments, now=late)
        assert code == 0
        assert "ends on 2027-11-22" in err
    code, out, err = shell("present", now=NOW + timedelta(days=366))
    assert (code, out) == (1, "")
    assert err.startswith("credential_expired: ")


def test_present_challenge(tmp_path: Path, shell: Shell) -> None:
    """A challenge is answered to its gate; bare bytes go to any gate, or to the gate that is named."""
    ministry = Ministry()
    filled_wallet(tmp_path, ministry)
    bare = base64url.encode(GATE.nonce)
    for arguments, audience in (
        ((GATE.to_text(),), "gate-7"),
        ((bare,), "any-gate"),
        ((bare, "--audience", "gate-9"), "gate-9"),
    ):
        code, out, err = shell("present", "--challenge", *arguments)
        assert code == 0
        token = read_live(out.strip(), ministry)
        assert (token.audience, token.challenge) == (audience, GATE.nonce)
        assert "Shown to: " in err


@pytest.mark.parametrize("challenge", ["", "MC1:", "MC1:ABC", "AAAA", "x y", "MQ1:000"])
def test_malformed_challenge(tmp_path: Path, shell: Shell, challenge: str) -> None:
    """What is no challenge is refused: an answer without one would be refused at the gate."""
    filled_wallet(tmp_path)
    code, out, err = shell("present", "--challenge", challenge)
    assert (code, out) == (1, "")
    assert err.startswith("malformed_challenge: ")


def test_present_says_what_is_shown(tmp_path: Path, shell: Shell) -> None:
    """Before a live code is printed, the person reads to whom and what."""
    filled_wallet(tmp_path)
    _, _, err = shell("present", "--text")
    assert "any gate" in err
    assert all(text in err for text in (NAME_KM, NAME_LA, CARD, "Officer"))
    _, _, err = shell("present", "--text", lang="km")
    assert "បង្ហាញទៅ" in err


def test_present_image(tmp_path: Path, shell: Shell) -> None:
    """--out writes an image that reads as the text beside it; `read` explains it."""
    filled_wallet(tmp_path)
    code, out, _ = shell("present", "--out", str(tmp_path / "code.png"))
    assert (code, out) == (0, "")
    text = (tmp_path / "code.txt").read_text().strip()
    assert (tmp_path / "code.png").stat().st_mode & 0o777 == 0o600
    code, out, err = shell("read", str(tmp_path / "code.png"))
    assert (code, out.strip()) == (0, text)
    assert "A Montrey code" in err


@pytest.mark.parametrize("arguments", [(), ("--challenge", GATE.to_text())])
def test_present_on_a_terminal(
    tmp_path: Path, shell: Shell, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    """On a terminal the code is drawn, with what it shows; Ctrl-C ends it as done."""
    filled_wallet(tmp_path)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("LINES", "60")
    code, out, _ = shell("present", *arguments)
    assert code == 0
    assert "█" in out
    assert NAME_LA in out
    assert ("gate-7" if arguments else "any gate") in out
    assert "MQ1:" not in out


def test_window_too_small(tmp_path: Path, shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a window that is too small the person is told what to do instead."""
    filled_wallet(tmp_path)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("LINES", "24")
    code, _, err = shell("present")
    assert code == 1
    assert "terminal_too_small: " in err


def test_read_challenge(tmp_path: Path, shell: Shell) -> None:
    """A photographed challenge is explained with the command that answers it."""
    (tmp_path / "gate.png").write_bytes(qr_draw.png(GATE.to_text()))
    code, out, err = shell("read", str(tmp_path / "gate.png"))
    assert (code, out.strip()) == (0, GATE.to_text())
    assert "gate-7" in err
    assert f"present --challenge '{GATE.to_text()}'" in err
    _, out, _ = shell("read", str(tmp_path / "gate.png"), "--json")
    assert json.loads(out)["texts"] == [{"text": GATE.to_text(), "kind": "challenge", "audience": "gate-7"}]


def test_read_other_images(tmp_path: Path, shell: Shell) -> None:
    """Other codes are named as such, their texts made harmless; no image is a refusal."""
    (tmp_path / "other.png").write_bytes(qr_draw.png("hello\x1b[2J"))
    code, out, err = shell("read", str(tmp_path / "other.png"))
    assert (code, out.strip()) == (0, "hello\ufffd[2J")
    assert "Not a Montrey code" in err
    _, out, _ = shell("read", str(tmp_path / "other.png"), "--json")
    assert json.loads(out)["texts"][0]["text"] == "hello\x1b[2J"
    assert "\x1b" not in out
    (tmp_path / "text.png").write_text("no image")
    code, _, err = shell("read", str(tmp_path / "text.png"))
    assert code == 1
    assert err.startswith("unreadable_image: ")


def test_present_sd_jwt(tmp_path: Path, shell: Shell) -> None:
    """The token is printed alone; beside it the person reads what the bank will see and what not."""
    filled_wallet(tmp_path)
    code, out, err = shell("present", *BANK, "--disclose", "name_la, card_number")
    assert code == 0
    assert sd_jwt.parse(out.strip()).disclosed == {"name_la", "card_number"}
    shown, kept = (line for line in err.splitlines() if line.startswith("What is"))
    assert NAME_LA in shown
    assert "date of birth" in kept
    assert "1990" not in err
    assert "https://bank.example" in err
    code, out, _ = shell("present", *BANK, "--out", str(tmp_path / "token"))
    assert (code, out) == (0, "")
    assert sd_jwt.parse((tmp_path / "token").read_text().strip()).disclosed == frozenset()


def test_claim_not_held(tmp_path: Path, shell: Shell) -> None:
    """A claim that is not there is refused with the way to the list of claims."""
    filled_wallet(tmp_path)
    code, out, err = shell("present", *BANK, "--disclose", "salary")
    assert (code, out) == (1, "")
    assert err.startswith("claim_not_held: ")


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        ((), "COMMAND"),
        (("burn",), "COMMAND"),
        (("request",), "OFFER"),
        (("request", "x", "--alg", "rsa"), "--alg"),
        (("receive", "x", "--tx-code", "1"), "--tx-code"),
        (("receive", "openid-credential-offer://?credential_offer={}"), "online"),
        (("present", "--sd-jwt"), "--audience"),
        (("present", "--sd-jwt", "--audience", "a"), "--nonce"),
        (("present", *BANK, "--challenge", "MC1:X"), "--challenge"),
        (("present", *BANK, "--text"), "--text"),
        (("present", "--nonce", "n"), "--sd-jwt"),
        (("present", "--disclose", "name_km"), "--sd-jwt"),
        (("present", "--audience", "gate-7"), "--audience"),
        (("present", "--audience", "gate-7", "--challenge", GATE.to_text()), "--audience"),
        (("present", "--out", "code.jpg"), ".png"),
        (("present", "--out", "code.png", "--text"), "--text"),
    ],
)
def test_usage(shell: Shell, arguments: tuple[str, ...], hint: str) -> None:
    """A wrong command line ends with 2 and says what is wrong with it."""
    code, out, err = shell(*arguments)
    assert (code, out) == (2, "")
    assert hint in err


def test_home_is_needed(capsys: pytest.CaptureFixture[str]) -> None:
    """Every command that opens the wallet says so when --home is missing."""
    assert run(["list"]) == 2
    assert "--home" in capsys.readouterr().err


def test_extra_not_installed() -> None:
    """Without its libraries the program ends with 2 and names the extra; the library still imports."""
    script = (
        "import sys, importlib.util as u; real = u.find_spec;"
        "u.find_spec = lambda name, *rest: None if name == 'rich' else real(name, *rest);"
        "from wallet_sdk.__main__ import main; sys.exit(main())"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "montrey[wallet]" in done.stderr


def test_library_loads_no_screen() -> None:
    """`import wallet_sdk` loads neither rich nor anything that draws or reads images."""
    script = (
        "import sys, wallet_sdk; print({'rich', 'qrcode', 'PIL', 'zxingcpp', 'joserfc'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_as_a_program(tmp_path: Path, shell: Shell) -> None:
    """The module runs as a program, and its help names every command."""
    new_wallet(tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "wallet_sdk", "--home", str(tmp_path / "wallet"), "list", "--json"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout) == {"credentials": [], "waiting": []}
    done = subprocess.run(
        [sys.executable, "-m", "wallet_sdk", "--help"], capture_output=True, text=True, check=True
    )
    assert all(name in done.stdout for name in ("request", "receive", "list", "remove", "present", "read"))
    assert Wallet.open(tmp_path / "wallet", PASSPHRASE).credentials() == ()
