"""montrey-verifier as a gate types it, on a home that a real ministry filled."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from issuer_desk import START, Desk, new_keys, open_desk, request

from credential import packed, qr_draw, qr_read, sd_jwt
from credential.challenge import Challenge
from credential.live import present_live
from credential.template import Template
from did import Signer, base64url, strict_json
from did.errors import IdentityError
from issuer.lifecycle import ListKind
from revocation.delta import to_text
from trust import TrustSnapshot
from verifier import cli
from verifier.cli_wording import refusal
from verifier.gate.errors import GateError

NONCE = b"8 bytes!"
CHALLENGE = Challenge(17, NONCE)


@dataclass
class Gate:
    """A verifier's home, its clock, and a phone to show it something."""

    home: Path
    desk: Desk
    stick: Path
    card: str
    template: Template
    credential: bytes
    bank_credential: str
    keys: dict[ListKind, Signer]
    now: datetime = START

    def show(self, *, challenge: Challenge | None = None, at: datetime | None = None) -> str:
        """The text of a live QR, made now."""
        token = present_live(
            self.credential,
            audience="any-gate" if challenge is None else challenge.audience,
            challenge=None if challenge is None else challenge.nonce,
            now=int((at or self.now).timestamp()),
            signer=self.keys[ListKind.LIVE],
        )
        return packed.pack(token, self.template)

    def run(self, *arguments: str) -> int:
        """The exit code of one command."""
        return cli.run(["--home", str(self.home), *arguments], clock=lambda: self.now)


Json = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def _ministry(tmp_path_factory: pytest.TempPathFactory) -> Gate:
    folder = tmp_path_factory.mktemp("verifier")
    desk = open_desk(folder / "ministry")
    card, keys = desk.card(), new_keys()
    result = strict_json.loads(
        desk.office.issue(request(desk.office.offer(card), keys, now=desk.now)), max_bytes=1 << 20
    )
    live, bank = result["credentials"]
    desk.office.publish(folder / "stick")
    home = folder / "home"
    root = desk.home / "trust" / "1.root.json"
    assert cli.run(["--home", str(home), "init", "--root", str(root)], clock=lambda: desk.now) == 0
    assert cli.run(["--home", str(home), "sync", str(folder / "stick")], clock=lambda: desk.now) == 0
    template = Template.from_json(live["template"])
    credential = base64url.decode(live["credential"])
    return Gate(home, desk, folder / "stick", card, template, credential, bank["credential"], keys)


@pytest.fixture
def gate(_ministry: Gate, tmp_path: Path) -> Gate:
    """A home of the test's own."""
    home = tmp_path / "home"
    shutil.copytree(_ministry.home, home)
    return Gate(**{**_ministry.__dict__, "home": home})


@pytest.fixture
def check(gate: Gate, capsys: pytest.CaptureFixture[str]) -> Json:
    """Runs `check --json`, and holds the exit code against the verdict."""

    def run(*arguments: str) -> dict[str, Any]:
        capsys.readouterr()
        code = gate.run("check", "--json", *arguments)
        entry: dict[str, Any] = json.loads(capsys.readouterr().out)
        assert code == {"accepted": 0, "refused": 10, "cannot_tell": 20}[entry["verdict"]]
        return entry

    return run


def test_accepted(gate: Gate, check: Json) -> None:
    """The whole object of an acceptance."""
    entry = check("--card", gate.card, gate.show())
    claims = entry.pop("claims")
    assert claims["card_number"] == gate.card
    assert {"name_km", "name_la", "ministry", "ministry_km", "ministry_en", "position"} <= set(claims)
    assert entry == {
        "verdict": "accepted",
        "code": "accepted",
        "assurance": "live",
        "card_checked": True,
        "challenge_checked": False,
        "remembered": True,
        "status_as_of": "2026-11-22T09:00:00Z",
        "trust_expires": entry["trust_expires"],
    }


def test_a_gate_leaves_out_what_only_banks_need(gate: Gate, check: Json) -> None:
    """`sync --no-bank` keeps no list of SD-JWT VCs; a live code is judged as before, a bank's token not."""
    shutil.rmtree(gate.home)
    assert gate.run("init", "--root", str(gate.desk.home / "trust" / "1.root.json")) == 0
    assert gate.run("sync", "--no-bank", str(gate.stick)) == 0
    assert all("sd-jwt" not in uri for uri in TrustSnapshot.load(gate.home).lists)
    assert check(gate.show())["code"] == "accepted"
    shown = sd_jwt.present(
        gate.bank_credential,
        disclose=(),
        audience="bank",
        nonce="n",
        now=int(START.timestamp()),
        signer=gate.keys[ListKind.SD_JWT],
    )
    asked = ("--sd-jwt", "--audience", "bank", "--nonce", "n")
    assert check(*asked, shown)["code"] == "status_unknown"
    assert gate.run("sync", str(gate.stick)) == 0
    assert check(*asked, shown)["code"] == "accepted"


def test_nothing_empty_is_passed_over(gate: Gate, capsys: pytest.CaptureFixture[str]) -> None:
    """A script whose variable is empty believes that it is looked at: that is wrong usage, no acceptance."""
    for option in ("--card", "--now", "--audience", "--challenge"):
        assert gate.run("check", gate.show(), option, "") == 2
        assert option in capsys.readouterr().err


def test_it_says_whether_a_second_showing_will_be_known(gate: Gate, check: Json) -> None:
    """Yes, unless the cache was left out, or the time is not the machine's."""
    assert check("--no-replay-cache", gate.show())["remembered"] is False
    assert check("--now", START.isoformat(), gate.show())["remembered"] is False
    assert check(gate.show())["remembered"] is True
    assert check(gate.show())["remembered"] is False  # replayed


def test_a_challenge_writes_pictures_alone(gate: Gate) -> None:
    """No file of the home can be named as one."""
    for name in ("trust/current", "replay.sqlite3", "picture"):
        assert gate.run("challenge", "--out", str(gate.home / name)) == 2
    assert gate.run("check", gate.show()) == 0


def test_a_home_of_challenges_that_was_never_finished(gate: Gate, check: Json) -> None:
    """A kill between the file and its table: other people's challenges are judged as before."""
    (gate.home / "challenges.sqlite3").touch()
    shown = gate.show(challenge=CHALLENGE)
    assert check("--challenge", CHALLENGE.to_text(), shown)["code"] == "accepted"


def test_replay_is_kept_over_processes(gate: Gate, check: Json) -> None:
    """The second showing is refused, unless nobody looks; a time of one's own remembers nothing."""
    text, then = gate.show(), START.isoformat()
    assert [check("--now", then, text)["code"] for _ in range(2)] == ["accepted", "accepted"]
    assert check("--no-replay-cache", text)["code"] == "accepted"
    assert check(text)["code"] == "accepted"
    assert check(text)["code"] == "replayed"
    assert check("--now", then, text)["code"] == "replayed"
    assert check("--no-replay-cache", text)["code"] == "accepted"


def test_challenge(gate: Gate, check: Json) -> None:
    """A challenge as its QR text carries the audience; as base64url it does not."""
    answer = gate.show(challenge=CHALLENGE)
    assert check("--challenge", CHALLENGE.to_text(), answer)["assurance"] == "live-challenge"
    code = base64url.encode(NONCE)
    quiet = ["--no-replay-cache", "--challenge", code]
    assert check(*quiet, "--audience", "gate-17", answer)["challenge_checked"] is True
    assert check(*quiet, answer)["code"] == "audience_mismatch"
    other = Challenge(17, b"another!").to_text()
    refused = check("--challenge", other, answer)
    assert refused["code"] == "challenge_mismatch"
    assert refused["challenge_checked"] is False
    assert refused["claims"]
    assert check("--audience", "gate-17", answer)["code"] == "challenge_unexpected"


def test_seal(gate: Gate, check: Json) -> None:
    """A seal needs --seal and --card; without them it is a kind that is not accepted."""
    seal = gate.desk.office.seal(gate.card)
    assert check("--seal", "--card", gate.card, seal)["assurance"] == "printed"
    assert check(seal)["code"] == "kind_not_accepted"
    assert check("--seal", "--card", gate.card, gate.show())["code"] == "kind_not_accepted"
    assert gate.run("check", "--seal", seal) == 2


def test_card_number_is_never_repeated(gate: Gate, capsys: pytest.CaptureFixture[str]) -> None:
    """A number that fails its check digit, a bank card's above all, is wrong usage and not echoed."""
    for number in ("4111111111111111", "1234567890", gate.card[:-1] + str((int(gate.card[-1]) + 1) % 10), ""):
        assert gate.run("check", "--no-replay-cache", "--card", number, gate.show()) == 2
        captured = capsys.readouterr()
        assert not number or number not in captured.out + captured.err


def test_khmer_digits_of_a_card(gate: Gate, check: Json) -> None:
    """The plastic's number may be typed with spaces and in Khmer digits."""
    khmer = "".join(chr(0x17E0 + int(digit)) for digit in gate.card)
    assert check("--card", f"{khmer[:4]} {khmer[4:]}", gate.show())["card_checked"] is True


def test_words(gate: Gate, capsys: pytest.CaptureFixture[str]) -> None:
    """A person reads what it is and what to do, in either language."""
    for lang, words in (("en", ("Accepted", ": live\n")), ("km", ("ទទួលយក", ": កូដផ្ទាល់\n"))):
        assert gate.run("--lang", lang, "check", "--no-replay-cache", gate.show()) == 0
        out = capsys.readouterr().out
        assert all(word in out for word in words)
        assert gate.card in out


def test_refusals_are_led_by_their_code(gate: Gate, capsys: pytest.CaptureFixture[str]) -> None:
    """As in the other two programs; in Khmer too, what was found stands behind."""
    capsys.readouterr()
    for language in ("en", "km"):
        assert gate.run("--lang", language, "sync", "MS1:nonsense") == 1
        err = capsys.readouterr().err
        assert err.startswith("bad_delta: ")
        assert err.endswith(")\n")


def test_image(gate: Gate, check: Json, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A picture of the code is read; one without a code is wrong usage that says what to do."""
    picture = tmp_path / "qr.png"
    picture.write_bytes(qr_draw.png(gate.show()))
    assert check("--image", str(picture))["code"] == "accepted"
    for data in (b"no picture", _blank()):
        picture.write_bytes(data)
        assert gate.run("check", "--image", str(picture)) == 2
        assert "Traceback" not in capsys.readouterr().err


def _blank() -> bytes:
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.new("L", (200, 200), 255).save(out, "PNG")
    return out.getvalue()


def test_a_picture_with_two_codes(
    gate: Gate, check: Json, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody can tell which one was meant; the same one twice, or beside a code of others, is one."""
    first, second = gate.show(), gate.show(at=START + timedelta(seconds=1))
    picture = tmp_path / "qr.png"
    picture.write_bytes(_side_by_side(first, second))
    for language, word in (("en", "several Montrey codes"), ("km", "លើសពីមួយ")):
        assert gate.run("--lang", language, "check", "--image", str(picture)) == 2
        assert word in capsys.readouterr().err
    for texts in ((first, first), ("https://example.org", second)):
        picture.write_bytes(_side_by_side(*texts))
        assert check("--image", str(picture))["code"] == "accepted"


def _side_by_side(*texts: str) -> bytes:
    import io

    from PIL import Image

    codes = [Image.open(io.BytesIO(qr_draw.png(text))).convert("L") for text in texts]
    picture = Image.new("L", (sum(code.width for code in codes), max(code.height for code in codes)), 255)
    left, out = 0, io.BytesIO()
    for code in codes:
        picture.paste(code, (left, 0))
        left += code.width
    picture.save(out, "PNG")
    return out.getvalue()


def test_sd_jwt(gate: Gate, check: Json) -> None:
    """A bank judges what it asked for, and sees only what was disclosed."""
    token = sd_jwt.present(
        gate.bank_credential,
        disclose=["name_la", "card_number"],
        audience="https://bank.example",
        nonce="n-1",
        now=int(START.timestamp()),
        signer=gate.keys[ListKind.SD_JWT],
    )
    asked = ["--sd-jwt", "--audience", "https://bank.example", "--purpose", "salary"]
    entry = check(*asked, "--nonce", "n-1", "--card", gate.card, token)
    assert entry["assurance"] == "live-challenge"
    assert set(entry["claims"]) == {"name_la", "card_number"}
    assert check(*asked, "--nonce", "n-2", token)["code"] == "challenge_mismatch"
    assert gate.run("check", *asked, token) == 2


def test_stale_expired_and_set_back(gate: Gate, check: Json) -> None:
    """What a gate without sticks answers as time goes by, and when its clock is turned back."""
    gate.now = START + timedelta(days=9)
    assert check(gate.show())["code"] == "status_stale"
    assert check("--max-status-age", "10", gate.show())["code"] == "accepted"
    gate.now = START + timedelta(days=40)
    assert check(gate.show())["code"] == "trust_expired"
    gate.now = START + timedelta(days=1)
    assert check(gate.show())["code"] == "clock_untrusted"


def test_own_time_moves_no_floor(gate: Gate, check: Json) -> None:
    """`--now` in the far future leaves the clock floor where it was."""
    check("--now", "2099-01-01T00:00:00Z", gate.show())
    assert check(gate.show())["code"] == "accepted"


def test_own_time_may_lie_before_what_this_machine_has_seen(gate: Gate, check: Json) -> None:
    """What was shown earlier can be judged as of then, but not as of before its status list was signed."""
    text = gate.show(at=START + timedelta(minutes=5))
    gate.now = START + timedelta(hours=1)
    assert check(gate.show())["code"] == "accepted"
    assert check("--now", (START + timedelta(minutes=5)).isoformat(), text)["code"] == "accepted"
    assert check("--now", (START - timedelta(minutes=5)).isoformat(), text)["code"] == "clock_untrusted"


def test_local_floor_can_be_lowered(gate: Gate, check: Json, capsys: pytest.CaptureFixture[str]) -> None:
    """A clock that once ran ahead stops the gate until a supervisor lowers the local floor."""
    gate.now = START + timedelta(days=300)
    check(gate.show())
    gate.now = START + timedelta(hours=1)
    assert check(gate.show())["code"] == "clock_untrusted"
    assert gate.run("clock", "--lower") == 0
    assert "signed floor: 2026-11-22 16:00 +07:00" in capsys.readouterr().out
    assert check(gate.show())["code"] == "accepted"


def test_suspension_by_stick_and_by_delta(gate: Gate, check: Json, tmp_path: Path) -> None:
    """A delta, as text or file, suspends; the next one lifts it; an older stick changes nothing."""
    desk = gate.desk
    deltas = []
    for act in (desk.office.suspend, desk.office.reinstate):
        act(gate.card)
        desk.later(minutes=1)
        deltas.append(desk.office.deltas())
    gate.now = desk.now
    texts = [to_text(next(d for d in drawn if "live" in d.name).data) for drawn in deltas]
    assert gate.run("sync", texts[0]) == 0
    suspended = check(gate.show())
    assert (suspended["code"], suspended["status_as_of"]) == ("suspended", "2026-11-22T09:01:00Z")
    assert gate.run("sync", str(gate.stick)) == 0
    assert check(gate.show())["code"] == "suspended"
    file = tmp_path / "delta.txt"
    file.write_text(texts[1] + "\r\n", encoding="ascii")
    assert gate.run("sync", str(file)) == 0
    assert check(gate.show())["code"] == "accepted"
    assert gate.run("sync", texts[0]) == 1  # older than what the home knows


def test_wrong_root(gate: Gate, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A root that is not the published one makes no home, not even a folder."""
    root = str(gate.desk.home / "trust" / "1.root.json")
    new = ["--home", str(tmp_path / "new"), "init", "--root", root]
    assert cli.run([*new, "--fingerprint", "00" * 32]) == 1
    assert "root_mismatch" in capsys.readouterr().err
    assert cli.run(["--home", str(tmp_path / "new"), "init", "--root", str(tmp_path / "absent.json")]) == 2
    (tmp_path / "noise.json").write_bytes(b"{}")
    assert cli.run(["--home", str(tmp_path / "new"), "init", "--root", str(tmp_path / "noise.json")]) == 1
    assert not (tmp_path / "new").exists()


def test_usage(gate: Gate, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever cannot be carried out as typed ends with 2, and says why."""
    wrong = [
        ["check", "--challenge", "MC1:", "x"],
        ["check", "--challenge", "AAAA", "x"],
        ["check", "--now", "yesterday", "x"],
        ["check", "--now", "2026-01-01T00:00:00", "x"],
        ["check", "--max-status-age", "-1", "x"],
        ["check", "--max-status-age", "1e300", "x"],
        ["check", "--seal", "x"],
        ["check", "--seal", "--card", gate.card, "--challenge", CHALLENGE.to_text(), "x"],
        ["check", "--seal", "--card", gate.card, "--sd-jwt", "--audience", "a", "--nonce", "n", "x"],
        ["check", "--sd-jwt", "--audience", "a", "--nonce", "n", "--challenge", CHALLENGE.to_text(), "x"],
        ["check", "--nonce", "n", "x"],
        ["check", "--image", "x.png", "x"],
        ["check", "--image", "x.png", "-"],
        ["sync", str(tmp_path / "nowhere")],
    ]
    for arguments in wrong:
        assert gate.run(*arguments) == 2, arguments
    assert cli.run(["--home", str(tmp_path / "empty"), "check", "x"]) == 2
    assert "no_home: This machine has not been set up. Run init first." in capsys.readouterr().err


def test_words_lead_on(gate: Gate, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is wrong is named, with what to type instead."""
    (tmp_path / "deltas").mkdir()
    answer = gate.show(challenge=Challenge(0, NONCE))
    for arguments, code, said in (
        (["check", "--lang", "km", "x"], 2, "--lang ត្រូវដាក់មុនពាក្យបញ្ជា"),
        (["check", "--home", "x"], 2, "--home stands before the command"),
        (["check", "--image", str(tmp_path / "nofile.png")], 2, "No such file"),
        (["sync", str(tmp_path / "deltas")], 1, ".delta"),
        (["challenge"], 0, "for 60 seconds"),
        (["check", answer], 10, "judge it with --challenge"),
        (["--version"], 0, "montrey-verifier "),
    ):
        assert gate.run(*arguments) == code
        assert said in "".join(capsys.readouterr())
    assert gate.run("check", "hello") == 10
    assert "Status as of" not in capsys.readouterr().out


def test_a_disk_that_does_not_remember(gate: Gate, capsys: pytest.CaptureFixture[str]) -> None:
    """Where nothing can be written the gate goes on judging, and says what it cannot keep."""
    (gate.home / "replay.sqlite3").unlink(missing_ok=True)
    (gate.home / "replay.sqlite3").mkdir()
    assert gate.run("check", gate.show()) == 0
    assert "cannot remember what was shown" in capsys.readouterr().err


def test_standard_input(gate: Gate) -> None:
    """Whatever comes from a pipe: a verdict and an exit code, never a traceback."""
    command = [sys.executable, "-m", "verifier", "--home", str(gate.home), "check", "--json", "-"]
    for data, code in (
        (b"\xff\xfe\x00", "not_montrey"),
        (b"MQ1:" + b"0" * 10**7, "malformed"),
        (b"", "not_montrey"),
    ):
        done = subprocess.run(command, input=data, capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (10, b"")
        assert json.loads(done.stdout)["code"] == code


def test_a_delta_is_read_from_a_picture(
    gate: Gate, check: Json, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was renewed is told, and how old each list is; other pictures are wrong usage."""
    gate.desk.office.suspend(gate.card)
    gate.desk.later(hours=25)
    drawn = gate.desk.office.deltas()
    gate.desk.office.reinstate(gate.card)
    gate.now = gate.desk.now + timedelta(minutes=5)
    picture = tmp_path / "delta.png"
    picture.write_bytes(qr_draw.png(to_text(next(d for d in drawn if "live" in d.name).data)))
    assert gate.run("sync", "--image", str(picture), str(gate.stick)) == 2
    assert gate.run("sync") == 2
    capsys.readouterr()
    assert gate.run("sync", "--image", str(picture)) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4
    assert [line for line in lines if "live-1: " in line and "(0 h 5 min ago), renewed" in line]
    assert [line for line in lines if "seal-1: " in line and "(1 d " in line and "as before" in line]
    assert gate.run("sync", "--image", str(picture), "--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert document["changed"] is False
    assert {entry["renewed"] for entry in document["lists"]} == {False}
    assert min(entry["age_seconds"] for entry in document["lists"]) == 300
    assert check("--no-replay-cache", gate.show())["code"] == "suspended"
    picture.write_bytes(qr_draw.png("hello"))
    assert gate.run("sync", "--image", str(picture)) == 2
    assert "no status update" in capsys.readouterr().err


def test_a_challenge_is_good_once_and_for_a_minute(
    gate: Gate, check: Json, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One that this home made; the caller's own are the caller's to keep, as ever."""

    def ask(*arguments: str) -> Challenge:
        capsys.readouterr()
        assert gate.run("challenge", "--json", *arguments) == 0
        return Challenge.from_text(json.loads(capsys.readouterr().out)["challenge"])

    first, second = ask("--out", str(tmp_path / "c.png")), ask()
    assert qr_read.read_image(tmp_path / "c.png") == [first.to_text()]
    assert first.nonce != second.nonce
    answer = gate.show(challenge=first)
    assert check("--challenge", second.to_text(), answer)["code"] == "challenge_mismatch"
    gate.now += timedelta(seconds=60)
    assert check("--challenge", first.to_text(), "--now", gate.now.isoformat(), answer)["code"] == "accepted"
    assert check("--challenge", first.to_text(), answer)["assurance"] == "live-challenge"
    for spent in (first.to_text(), base64url.encode(first.nonce)):
        shown = gate.show(challenge=first)
        refused = check("--no-replay-cache", "--audience", "any-gate", "--challenge", spent, shown)
        assert refused["code"] == "replayed"
        assert refused["claims"]
    gate.now += timedelta(seconds=1)
    late = ("--challenge", second.to_text(), gate.show(challenge=second))
    assert check(*late)["code"] == "challenge_mismatch"
    for _ in range(2):
        shown = gate.show(challenge=CHALLENGE)
        assert check("--no-replay-cache", "--challenge", CHALLENGE.to_text(), shown)["code"] == "accepted"


def test_a_nonce_that_begins_with_a_hyphen(gate: Gate, check: Json) -> None:
    """One of 64 does, in base64url: it is no option."""
    challenge = Challenge(0, b"\xf8" + CHALLENGE.nonce[1:])
    text = base64url.encode(challenge.nonce)
    assert text.startswith("-")
    assert check("--challenge", text, gate.show(challenge=challenge))["code"] == "accepted"
    assert gate.run("check", "--challenge") == 2


def test_a_gates_own_challenge(gate: Gate, capsys: pytest.CaptureFixture[str]) -> None:
    """A number that nobody registered is wrong usage; the words name audience and end."""
    for number in ("17", "-1", "70000", "x"):
        assert gate.run("challenge", f"--gate={number}") == 2
    capsys.readouterr()
    assert gate.run("--lang", "km", "challenge") == 0
    text, words = capsys.readouterr().out.splitlines()
    assert Challenge.from_text(text).audience == "any-gate"
    assert "2026-11-22 16:01:00 +07:00" in words
    assert cli.run(["--home", str(gate.home.parent / "none"), "challenge"]) == 1
    assert "no_home" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["current", "clock", "versions/1/state.json"])
def test_a_damaged_home_leads_out(
    gate: Gate, check: Json, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The advice, followed word by word, makes a home that judges; init alone does not forget anything."""
    root = str(gate.desk.home / "trust" / "1.root.json")
    (gate.home / "trust" / name).write_bytes(b"damaged")
    assert gate.run("init", "--root", root) == 0
    assert gate.run("check", "x") == 2
    assert gate.run("sync", str(gate.stick)) == 1
    assert "init --again" in capsys.readouterr().err
    assert gate.run("init", "--root", root, "--again", "--fingerprint", "00") == 1
    assert (gate.home / "trust").is_dir()
    assert gate.run("init", "--root", root, "--again") == 0
    assert "thrown away" in capsys.readouterr().out
    assert gate.run("sync", str(gate.stick)) == 0
    assert check(gate.show())["code"] == "accepted"
    assert {entry.name for entry in gate.home.iterdir()} >= {"trust"}
    assert not (gate.home / ".trust.gone").exists()


def test_a_refusal_is_said_once(gate: Gate, capsys: pytest.CaptureFixture[str]) -> None:
    """What was found follows only where it names something; an option there is not is named."""
    assert cli.run(["--home", str(gate.home.parent / "none"), "challenge"]) == 1
    assert "(" not in capsys.readouterr().err
    error = IdentityError("malformed_metadata", "2.root.json is not canonical")
    for language in ("en", "km"):
        assert refusal(language, error).endswith("(2.root.json is not canonical)")
        assert "(" not in refusal(language, IdentityError("no_home", "this is no home"))
        assert "at 6 to 12" not in refusal(language, GateError("pin_weak", "at 6 to 12 digits"))
    assert gate.run("clock", "Dara", "--fast") == 2
    err = capsys.readouterr().err
    assert ("--fast" in err, "Dara" in err) == (True, False)
