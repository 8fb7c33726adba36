"""The three small programs that a reader may copy, run on what the demo leaves."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from examples_played import ROOT, Played, copied, play

from credential.card_number import parse
from credential.challenge import Challenge
from trust import TrustSnapshot
from verifier import Assurance, Policy, verify

PROGRAMS = ("gate", "phone", "salary_desk")


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """The demo, run once."""
    return play(tmp_path_factory.getbasetemp())


@pytest.fixture
def demo_copy(played: Played, tmp_path: Path) -> Path:
    """The demo's folder, for a test that leaves traces: a gate remembers times and codes."""
    return copied(played, tmp_path / "copy")


def run(program: str, *arguments: object, said: str = "", folder: Path) -> subprocess.CompletedProcess[str]:
    """Runs an example with `said` on its standard input."""
    return subprocess.run(
        [sys.executable, "-m", f"examples.{program}", *map(str, arguments)],
        cwd=ROOT,
        env=os.environ | {"MONTREY_PASSPHRASE_FILE": str(folder / "passphrase.txt")},
        input=said,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def present(folder: Path, *arguments: object) -> str:
    """What the phone shows now."""
    done = run("phone", folder / "wallet", *arguments, folder=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def at_the_bank(folder: Path, card: str, *, other_nonce: bool = False) -> tuple[int, dict[str, Any]]:
    """The desk asks, the phone answers, the desk prints its receipt: exit code and receipt."""
    desk = subprocess.Popen(
        [sys.executable, "-m", "examples.salary_desk", str(folder / "trust"), "--card", card],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert desk.stdout is not None
    question = desk.stdout.readline()
    if other_nonce:
        question = json.dumps(json.loads(question) | {"nonce": "another-time"})
    printed, _ = desk.communicate(present(folder, "--ask", question) + "\n", timeout=60)
    return desk.returncode, json.loads(printed)


@pytest.fixture
def card(played: Played) -> str:
    """The card number of the wallet that the demo leaves."""
    return str(played.scene("seal")["card"])


def test_short() -> None:
    """A reader can take each in: at most 60 lines."""
    for name in PROGRAMS:
        assert len((ROOT / "examples" / f"{name}.py").read_text("utf-8").splitlines()) <= 60, name


@pytest.mark.parametrize("name", PROGRAMS)
def test_numbers_in_docstrings_are_card_numbers(name: str) -> None:
    """What is typed as it stands is understood."""
    for number in re.findall(r"--card (\S+)", (ROOT / "examples" / f"{name}.py").read_text("utf-8")):
        assert parse(number) == number


def test_gate_without_a_home(tmp_path: Path) -> None:
    """It is told, though no code was read."""
    done = subprocess.run(
        [sys.executable, "-m", "examples.gate", str(tmp_path)],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert done.stderr.startswith(b"no_home: ")


def test_gate_reads_lines(demo_copy: Path, card: str) -> None:
    """A fresh code passes once; then it is a replay; something else is something else."""
    text = present(demo_copy)
    said = f"{text}\r\n{text}\nhttps://www.example.org\n\udcff\n".encode("utf-8", "surrogateescape")
    done = subprocess.run(
        [sys.executable, "-m", "examples.gate", str(demo_copy / "trust"), "--opening", "--card", card],
        cwd=ROOT,
        input=said,
        capture_output=True,
        check=True,
        timeout=60,
    )
    answers = [line.split("]")[0] for line in done.stdout.decode().splitlines() if "[" in line]
    assert answers == ["✓ [accepted", "✗ [replayed", "✗ [not_montrey", "✗ [not_montrey"]
    assert "ទទួលយក" in done.stdout.decode()


def test_gate_starts_carefully(demo_copy: Path) -> None:
    """What may have been shown before the gate's start is asked for again."""
    done = run("gate", demo_copy / "trust", said=present(demo_copy), folder=demo_copy)
    assert done.stdout.startswith("? [show_again]")


def test_gate_reads_a_picture(demo_copy: Path, card: str) -> None:
    """From a picture, with the card's number and with another's."""
    other = next(path.name for path in (demo_copy / "cards").iterdir() if path.name != card)
    for number, mark in ((other, "✗ [card_mismatch]"), (card, "✓ [accepted]")):
        present(demo_copy, "--out", demo_copy / "me.png")
        arguments = ("--image", demo_copy / "me.png", "--card", number, "--opening")
        done = run("gate", demo_copy / "trust", *arguments, folder=demo_copy)
        assert done.stdout.startswith(mark), done.stderr


def test_gate_follows_the_stick(demo_copy: Path, card: str) -> None:
    """What the home has learnt counts for the next code: the program knows nothing by itself."""
    for module, arguments in (
        *(
            ("issuer", ["--home", "ministry", "--as", name, "revoke", "--card", card])
            for name in ("officer", "approver")
        ),
        ("issuer", ["--home", "ministry", "publish", "stick"]),
        ("verifier", ["--home", "trust", "sync", "stick"]),
    ):
        environment = os.environ | {"MONTREY_PASSPHRASE_FILE": "passphrase.txt", "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", module, *arguments]
        subprocess.run(command, cwd=demo_copy, env=environment, check=True, capture_output=True, timeout=60)
    done = run("gate", demo_copy / "trust", "--opening", said=present(demo_copy), folder=demo_copy)
    assert done.stdout.startswith("✗ [revoked]")


def test_challenge_answered(demo_copy: Path) -> None:
    """The phone answers a gate's challenge, and the answer is worth more than a plain code."""
    challenge = Challenge(7, b"8 bytes!")
    text, now = present(demo_copy, "--challenge", challenge.to_text()), datetime.now(UTC)
    policy = Policy(audience=challenge.audience, min_assurance=Assurance.LIVE_CHALLENGE)
    trust = TrustSnapshot.load(demo_copy / "trust")
    verified = verify(text, trust=trust, policy=policy, now=now, challenge=challenge.nonce)
    assert verified.assurance is Assurance.LIVE_CHALLENGE


def test_salary_desk(demo_copy: Path, card: str) -> None:
    """Four claims and a receipt; another card, or an answer to another question, and none of it."""
    code, receipt = at_the_bank(demo_copy, card)
    assert (code, receipt["code"], receipt["purpose"]) == (0, "accepted", "salary")
    assert receipt["claims"].keys() == {"name_km", "name_la", "employment_status", "card_number"}
    assert receipt["claims"]["card_number"] == card
    assert receipt["card_compared"]
    datetime.fromisoformat(receipt["status_as_of"])
    other = next(path.name for path in (demo_copy / "cards").iterdir() if path.name != card)
    code, receipt = at_the_bank(demo_copy, other)
    assert (code, receipt["code"], receipt["claims"]) == (1, "card_mismatch", {})
    code, receipt = at_the_bank(demo_copy, card, other_nonce=True)
    assert (code, receipt["code"]) == (1, "challenge_mismatch")


@pytest.mark.parametrize(
    ("program", "arguments", "code"),
    [
        ("gate", ["trust", "--card", "1234"], "bad_card_number"),
        ("gate", ["trust", "--image", "README.txt"], "unreadable_image"),
        ("salary_desk", ["trust", "--card", "1234"], "bad_card_number"),
        ("phone", ["trust"], "no_wallet"),
        ("phone", ["wallet", "--challenge", "MC1:"], "malformed_challenge"),
        ("phone", ["wallet", "--ask", "{"], "malformed_json"),
        ("phone", ["wallet", "--ask", "{}"], "no bank's question"),
    ],
)
def test_bad_input(played: Played, program: str, arguments: list[str], code: str) -> None:
    """Wrong input ends with a word, not with a traceback."""
    paths = [str(played.out / word) if (played.out / word).exists() else word for word in arguments]
    done = run(program, *paths, folder=played.out)
    assert done.returncode == 1
    assert code in done.stderr
    assert "Traceback" not in done.stderr
