"""What is shown in the demo, and to whom.

Time moves by the `now` that is passed: nothing waits, and no clock is changed.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from credential import qr_draw, qr_read
from credential.challenge import Challenge
from examples import demo_forger
from examples.demo_gate import Gate, Scene
from examples.demo_ministry import clock
from examples.photograph import photograph
from verifier import Kind
from wallet_sdk import Wallet

BANK = "https://bank.example/salary"
ASKED = ("name_km", "name_la", "employment_status", "card_number")
"""What the bank asks for; the wallet keeps the other claims to itself."""
FAR = "trust-far"
"""The home of the gate that got the first stick only."""
_GATE = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Official:
    """One of the demo's people: the number and the code on the card, and the phone.

    `result` is the file with which the ministry answered the phone's request.
    """

    number: str
    name_km: str
    seal: str
    wallet: Wallet
    result: bytes


def at_the_gate(official: Official, photographed: Path) -> Iterator[Scene]:
    """One code: photographed from the phone, shown twice, and as a screenshot."""
    now = clock()
    text = _by_photograph(official.wallet.present_live(now=now), photographed)
    live = Scene(name="live", text=text, presented_at=now, judged_at=now)
    yield live
    yield replace(live, name="replay", judged_at=now + timedelta(seconds=20))
    yield replace(live, name="screenshot", judged_at=now + timedelta(seconds=120))


def fraud(official: Official, other: Official, gate: Gate) -> Iterator[Scene]:
    """What forgers and borrowers try."""
    now, template = clock(), gate.trust.templates[1]
    live = _live("", official, now)
    texts = {
        "forged": demo_forger.forge(official.number, template, now),
        "altered": demo_forger.alter_name(live.text, official.name_km, template),
        "copied": demo_forger.copy(official.result, template, now),
    }
    for name, text in texts.items():
        yield replace(live, name=name, text=text)
    yield replace(live, name="other-plastic", card=other.number)


def challenges(official: Official, picture: Path) -> Iterator[Scene]:
    """The gate shows a code of its own; the phone reads it from a picture and answers."""
    asked, earlier = (Challenge.new(_GATE) for _ in range(2))
    picture.write_bytes(qr_draw.png(asked.to_text()))
    read = Challenge.from_text(qr_read.read_image(picture)[0])
    right = _live("challenge", official, clock(), read)
    yield replace(right, challenge=asked, card=official.number)
    yield replace(_live("wrong-challenge", official, clock(), earlier), challenge=asked)


def out_of_place(official: Official) -> Iterator[Scene]:
    """A purpose that the card does not serve, and codes that are something else."""
    live = _live("national-id", official, clock())
    yield replace(live, purpose="national-id")
    for name, text in demo_forger.FOREIGN.items():
        yield replace(live, name=f"foreign-{name}", text=text)


def plastic(official: Official, other: Official) -> Iterator[Scene]:
    """The code printed on a card."""
    seal = _seal("seal", official.number, official.seal)
    yield seal
    yield replace(seal, name="seal-other-card", card=other.number)
    yield replace(seal, name="seal-as-live", kind=Kind.LIVE, card=None)


def bank(official: Official, name: str = "bank") -> Iterator[Scene]:
    """A bank asks with its name and a nonce; the wallet discloses four claims and nothing else."""
    now, nonce = clock(), secrets.token_urlsafe(16)
    yield Scene(
        name=name,
        text=official.wallet.present_sd_jwt(disclose=ASKED, audience=BANK, nonce=nonce, now=now),
        presented_at=now,
        judged_at=now,
        kind=Kind.SD_JWT,
        card=official.number,
        purpose="salary",
        audience=BANK,
        nonce=nonce,
    )


def lost_card(old: tuple[str, str], new: tuple[str, str]) -> Iterator[Scene]:
    """A lost card (number, printed code) where the news has not come and where it has; its replacement."""
    yield replace(_seal("lost-before", *old), home=FAR)
    yield _seal("lost-after", *old)
    yield _seal("replacement", *new)


def suspended(official: Official) -> Iterator[Scene]:
    """A suspension came with the second stick, for the gate and for the bank."""
    yield _live("suspended", official, clock())
    yield from bank(official, "bank-suspended")


def lost_phone(official: Official) -> Iterator[Scene]:
    """A status code came between two sticks: the phone's credentials have ended, the plastic has not."""
    yield _live("lost-phone", official, clock())
    yield _seal("lost-phone-card", official.number, official.seal)


def later(official: Official) -> Iterator[Scene]:
    """A gate that gets no stick, and one whose clock is wrong."""
    now = clock()
    yield replace(_live("stale", official, now + timedelta(days=9)), home=FAR)
    yield replace(_live("trust-expired", official, now + timedelta(days=40)), home=FAR)
    yield replace(_live("clock", official, now), judged_at=now - timedelta(days=1))


def _live(name: str, official: Official, now: datetime, challenge: Challenge | None = None) -> Scene:
    text = official.wallet.present_live(challenge=challenge, now=now)
    return Scene(name=name, text=text, presented_at=now, judged_at=now)


def _seal(name: str, number: str, text: str) -> Scene:
    now = clock()
    return Scene(name=name, text=text, presented_at=now, judged_at=now, kind=Kind.SEAL, card=number)


def _by_photograph(text: str, path: Path) -> str:
    """What is read from a photograph: tilted, blurred, noisy, compressed. A camera takes more than one."""
    for seed in range(9):
        photograph(text, seed=seed).save(path, "JPEG", quality=85)
        if found := qr_read.read_image(path):
            return found[0]
    raise RuntimeError("no photograph could be read")
