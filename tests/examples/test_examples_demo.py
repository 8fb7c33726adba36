"""The demo from end to end: every scene's answer, what is left on disk, and what can be done with it."""

from __future__ import annotations

import json
import re
import socket
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from examples_played import ROOT, Played, copied, play
from PIL import Image, ImageChops, ImageStat

from credential import live_layout
from credential.qr_read import read_image
from examples.demo import is_complete, main
from examples.demo_folder import Folder, FolderError, prepare
from examples.demo_gate import Gate, NetworkUsedError, Outcome, Scene, no_network
from examples.demo_pen import complaint
from examples.demo_pictures import draw_sheet
from examples.demo_script import SCRIPT
from issuer.office import Issuer
from issuer.qr_length import MAX_LIVE, MAX_SEAL
from trust import TrustSnapshot
from verifier import Policy, Refused, ReplayCache, verify, verify_seal
from verifier.cli import run as run_verifier
from verifier.verdict import CANNOT_TELL, REFUSED

KHMER = re.compile("[\u1780-\u17d3]")
EXITS = {"accepted": 0, "refused": 10, "cannot_tell": 20}


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """The demo, run once."""
    return play(tmp_path_factory.getbasetemp())


@pytest.fixture
def demo_copy(played: Played, tmp_path: Path) -> Path:
    """The demo's folder, for a test that leaves traces: a gate remembers times and codes."""
    return copied(played, tmp_path / "copy")


def check_arguments(played: Played, scene: dict[str, Any]) -> list[str]:
    """The command that judges a scene again."""
    arguments = ["--home", str(played.out / scene["home"]), "check", "--json", "--now", scene["judged_at"]]
    arguments += {"live": [], "seal": ["--seal"], "sd-jwt": ["--sd-jwt"]}[scene["kind"]]
    for option in ("card", "challenge", "purpose", "audience", "nonce"):
        arguments += [f"--{option}", scene[option]] if scene[option] else []
    return [*arguments, played.text(scene["name"])]


def test_every_scene_played(played: Played) -> None:
    """The report has the whole script in its order, each scene with the answer it must get."""
    assert [scene["name"] for scene in played.report["scenes"]] == list(SCRIPT)
    for scene in played.report["scenes"]:
        assert scene["code"] == scene["expected"] == SCRIPT[scene["name"]].expected
        verdict = "refused" if scene["code"] in REFUSED else "accepted"
        assert scene["verdict"] == ("cannot_tell" if scene["code"] in CANNOT_TELL else verdict)


def test_answers_asked_for() -> None:
    """No answer that a newcomer should see is missing from the script."""
    codes = {line.expected for line in SCRIPT.values()}
    asked = "accepted replayed too_old bad_signature card_mismatch challenge_mismatch suspended revoked"
    asked += " status_stale trust_expired clock_untrusted purpose_not_permitted not_montrey kind_not_accepted"
    assert codes >= set(asked.split())


@pytest.mark.parametrize("name", [name for name in SCRIPT if name != "replay"])
def test_judged_again(played: Played, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`montrey-verifier check --now` gives the reported answer to the text that was left."""
    scene = played.scene(name)
    code = run_verifier(check_arguments(played, scene))
    answer = json.loads(capsys.readouterr().out)
    assert (answer["verdict"], answer["code"], answer["assurance"]) == (
        scene["verdict"],
        scene["code"],
        scene["assurance"],
    )
    assert set(scene["claims"]) <= answer["claims"].keys()
    assert code == EXITS[scene["verdict"]]


def test_replay_judged_again(played: Played) -> None:
    """The replay's text is the first scene's, and only a gate that has seen it refuses it."""
    text, trust = played.text("replay"), TrustSnapshot.load(played.out / "trust")
    assert text == played.text("live")
    first, again = (datetime.fromisoformat(played.scene(name)["judged_at"]) for name in ("live", "replay"))
    shown = ReplayCache()
    shown.admit(verify(text, trust=trust, policy=Policy(), now=first), first)
    with pytest.raises(Refused) as refusal:
        shown.admit(verify(text, trust=trust, policy=Policy(), now=again), again)
    assert refusal.value.code == "replayed"


def test_times(played: Played) -> None:
    """Time moves only by what is passed: the script's distances, and nothing judged before it was made."""

    def moved(name: str) -> timedelta:
        scene = played.scene(name)
        shown, judged = (datetime.fromisoformat(scene[key]) for key in ("presented_at", "judged_at"))
        return judged - shown

    moves = {"replay": timedelta(seconds=20), "screenshot": timedelta(minutes=2), "clock": -timedelta(days=1)}
    for name in SCRIPT:
        assert moved(name) == moves.get(name, timedelta(0)), name


def test_presentations_on_disk(played: Played) -> None:
    """Every scene has its text, and but for a bank's token a picture that reads back as that text."""
    for scene in played.report["scenes"]:
        picture = (played.out / scene["file"]).with_suffix(".png")
        assert picture.exists() == (scene["kind"] != "sd-jwt")
        if picture.exists():
            assert read_image(picture) == [played.text(scene["name"])]
    photograph = played.out / "presentations" / "live-photographed.jpg"
    assert read_image(photograph) == [played.text("live")]
    status = played.out / "presentations" / "status-code.png"
    assert read_image(status)[0].startswith("MS1:")


def test_cards_on_disk(played: Played) -> None:
    """Eight cards and a replacement, their codes good but for the lost and the suspended one's."""
    folders = sorted((played.out / "cards").iterdir())
    assert len(folders) == 9
    trust, now, codes = TrustSnapshot.load(played.out / "trust"), datetime.now(UTC), []
    for folder in folders:
        text = (folder / "seal.txt").read_text("ascii").removesuffix("\n")
        assert (folder / "seal.svg").read_text("ascii").startswith("<svg")
        assert read_image(folder / "seal.png") == [text]
        try:
            verify_seal(text, trust=trust, policy=Policy(), now=now, card_number=folder.name)
        except Refused as refusal:
            codes.append(refusal.code)
    assert sorted(codes) == ["revoked", "suspended"]


def test_report(played: Played) -> None:
    """Sizes and seconds stand in the report, within what the formats promise."""
    sizes = played.report["sizes"]
    assert sizes["live_characters"] == len(played.text("live"))
    assert sizes["seal_characters"] == len(played.text("seal")) <= MAX_SEAL
    assert sizes["stick_bytes"] < 100_000
    assert {"import", "approve", "order", "open", "reports", "publish"} <= played.report["seconds"].keys()
    datetime.fromisoformat(played.report["made"])


def test_what_a_live_code_is_long_for(played: Played) -> None:
    """Both names, of whichever official the demo takes, and a position without a code; no more."""
    office = Issuer.open(played.out / "ministry", clock=lambda: datetime.now(UTC))
    card = office.show(played.scene("seal")["card"]).card
    written_out = (card.position,) if isinstance(card.position, str) else ()
    size = live_layout.size(card.name_km, card.name_la, *written_out)
    assert size is not None
    sizes, challenge = played.report["sizes"], 8
    assert sizes["challenge_answer_characters"] == _characters(size) <= MAX_LIVE
    assert sizes["live_characters"] == _characters(size - challenge)
    assert _characters(live_layout.size("ក" * 12, "A" * 16) or 0) == 330  # docs/qr-profile.md


def _characters(size: int) -> int:
    """Of so many packed bytes: three for two, behind `MQ1:`."""
    return 4 + (3 * size + 1) // 2


def test_both_languages(played: Played) -> None:
    """Scenes, faults and the printed answer are in English and in Khmer."""
    launch = played.report["launch"]
    faults = [bad for agency in launch["agencies"] for bad in agency["bad_rows"]]
    for entry in (*played.report["scenes"], *launch["figures"], *launch["agencies"], *faults):
        assert entry["en"].isascii()
        assert KHMER.search(entry["km"])
    for line in SCRIPT.values():
        assert line.title.en in played.printed
        assert line.title.km in played.printed
    assert "Accepted." in played.printed
    assert "ទទួលយក" in played.printed


def test_bank_sees_four_claims(played: Played) -> None:
    """What the wallet kept to itself is not in the token that was left."""
    assert len(played.scene("bank")["claims"]) == 4
    assert played.text("bank").count("~") == 5  # four disclosures, then the key binding


def test_next_commands(played: Played, demo_copy: Path) -> None:
    """Every command that the demo tells to try works, one after the other, and ends as it says."""
    for entry in played.report["next"]:
        assert entry["command"] in played.printed
    commands = [entry["command"].replace(str(played.out), str(demo_copy)) for entry in played.report["next"]]
    script = "".join(f"{command}\necho ended with $?\n" for command in commands)
    done = subprocess.run(
        ["bash", "-c", script], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )
    ends = [int(end) for end in re.findall(r"^ended with (\d+)$", done.stdout, re.MULTILINE)]
    assert ends == [entry["ends_with"] for entry in played.report["next"]], done.stdout + done.stderr
    assert "[suspended]" in done.stdout


def test_secrets_are_labelled(played: Played) -> None:
    """The one passphrase says itself that it is no secret, and the folder's description as well."""
    assert "not a secret" in (played.out / "passphrase.txt").read_text("utf-8")
    assert "no secret" in (played.out / "README.txt").read_text("utf-8")
    assert not (played.out / "stick" / "left-over").exists()


@pytest.mark.parametrize("what", ["folder", "file", "link"])
def test_foreign_folder(tmp_path: Path, what: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What no demo made is left alone, with a clear word."""
    place, kept = tmp_path / "place", tmp_path / "real" / "kept.txt"
    kept.parent.mkdir()
    kept.write_text("mine")
    if what == "folder":
        place = kept.parent
    elif what == "file":
        place = kept
    else:
        (kept.parent / ".montrey-demo").touch()
        place.symlink_to(kept.parent)
    assert main(["--out", str(place)]) == 2
    assert "choose another" in capsys.readouterr().err
    assert kept.read_text() == "mine"


def test_own_folder_is_replaced(tmp_path: Path) -> None:
    """An empty folder, or one that a demo made, is taken; nothing of the earlier one stays."""
    (tmp_path / "out").mkdir()
    first = prepare(tmp_path / "out")
    (first.gate / "clock").parent.mkdir()
    (first.gate / "clock").write_text("left")
    again = prepare(tmp_path / "out")
    assert sorted(path.name for path in again.path.iterdir()) == [
        ".montrey-demo",
        "README.txt",
        "passphrase.txt",
        "presentations",
    ]
    (again.path / ".montrey-demo").unlink()
    with pytest.raises(FolderError):
        prepare(tmp_path / "out")


def test_no_network() -> None:
    """While something is judged no socket can be had, and afterwards they can again."""
    kept = socket.socket
    with no_network():
        for ask in (socket.socket, socket.socketpair, lambda: socket.getaddrinfo("localhost", 80)):
            with pytest.raises(NetworkUsedError):
                ask()
    assert socket.socket is kept
    socket.socket().close()


def test_judging_without_network_is_real(played: Played, monkeypatch: pytest.MonkeyPatch) -> None:
    """A verifier that asked for a socket would break the demo, not pass unnoticed."""
    gate, now = Gate(played.out / "trust"), datetime.now(UTC)
    scene = Scene(name="foreign-url", text="https://www.example.org", presented_at=now, judged_at=now)
    assert gate.judge(scene).as_expected
    monkeypatch.setattr("examples.demo_gate.verify", lambda *_, **__: socket.socket())
    with pytest.raises(NetworkUsedError):
        gate.judge(scene)


def outcomes_as_expected() -> list[Outcome]:
    """What a good run of the script gives."""
    now = datetime.now(UTC)
    return [
        Outcome(
            scene=Scene(name=name, text="", presented_at=now, judged_at=now),
            verdict="accepted",
            code=line.expected,
            assurance="",
            claims={},
            seconds=0,
        )
        for name, line in SCRIPT.items()
    ]


def test_pictures(played: Played, demo_copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One sheet with the printed and the live code on it; without a Khmer font it says what to install."""
    found = read_image(played.out / "pictures.png")
    assert {played.text("live"), played.text("seal")} <= set(found)
    monkeypatch.setattr("examples.demo_pictures.khmer_font", lambda: None)
    office = Issuer.open(demo_copy / "ministry", clock=lambda: datetime.now(UTC))
    shown = played.scene("seal")["card"]
    folder, card = Folder(demo_copy), office.show(shown).card
    assert draw_sheet(folder, card, office.config.name, outcomes_as_expected()) == complaint()
    assert (demo_copy / "pictures.png").read_bytes() != (played.out / "pictures.png").read_bytes()


@pytest.mark.parametrize("side", ["front", "back"])
def test_the_card_in_the_picture_is_the_card(played: Played, side: str) -> None:
    """As its proof for the bank is drawn, name and heading and all."""
    number = played.scene("seal")["card"]
    (proof,) = (played.out / "proofs").rglob(f"{number}-{side}.png")
    left, top = 40, 30 if side == "front" else 30 + 366 + 24
    with Image.open(played.out / "pictures.png") as sheet, Image.open(proof) as drawn:
        shown = sheet.convert("RGB").crop((left, top, left + 580, top + 366))
        expected = drawn.convert("RGB").resize((580, 366), Image.Resampling.LANCZOS)
    differing = ImageStat.Stat(ImageChops.difference(shown, expected)).mean
    assert max(differing) < 3  # a proof has 256 colours


@pytest.mark.parametrize(("shapes", "lacks"), [(True, "fonts-khmeros"), (False, "libfribidi0")])
def test_only_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, shapes: bool, lacks: str) -> None:
    """Whoever has fonts is not told to install them."""
    monkeypatch.setattr("examples.demo_pen.features.check", lambda _: shapes)
    assert lacks in complaint()
    assert ("font" in complaint()) is shapes


def test_the_passphrase_is_its_owners(played: Played) -> None:
    """Though it is no secret: what the demo shows is how it is done."""
    assert (played.out / "passphrase.txt").stat().st_mode & 0o777 == 0o600


def test_a_wrong_answer_fails() -> None:
    """The demo ends well only with every scene, in order, answered as it must be."""
    outcomes = outcomes_as_expected()
    assert is_complete(outcomes)
    assert not is_complete(outcomes[:-1])
    assert not is_complete([outcomes[1], outcomes[0], *outcomes[2:]])
    assert not is_complete([replace(outcomes[0], code="revoked"), *outcomes[1:]])


def test_titles() -> None:
    """The table fits 80 columns."""
    assert max(len(line.title.en) for line in SCRIPT.values()) <= 36
