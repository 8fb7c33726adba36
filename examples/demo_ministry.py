"""The demo's ministry: its home, the codes of its cards, and the phones it serves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from credential import seal_picture
from credential.codes import Name
from did import keyfile
from examples.demo_folder import PASSPHRASE, Folder
from examples.two_people import TwoPeople
from issuer import foundation
from issuer.foundation import Founding
from issuer.home import Config
from wallet_sdk import Wallet

CONFIG = Config(
    issuer="https://montrey.example", name=Name(km="ក្រសួងមុខងារសាធារណៈ", en="Ministry of Civil Service")
)
COST = keyfile.INTERACTIVE
"""Cheaper key files than a ministry's: the demo makes a dozen, and its passphrase is no secret."""

Told = Callable[[int, int], None]
"""Told how much is done, of how much."""


def clock() -> datetime:
    """The machine's clock."""
    return datetime.now(UTC)


def found(folder: Folder, told: Told) -> tuple[Founding, TwoPeople]:
    """Makes the ministry's home with its root, and opens it."""
    made = foundation.found(
        folder.ministry, config=CONFIG, passphrase=PASSPHRASE, now=clock(), cost=COST, told=told
    )
    return made, TwoPeople.sit_down(folder.ministry, PASSPHRASE, staff_passphrase=PASSPHRASE, clock=clock)


def print_card(office: TwoPeople, folder: Folder, number: str) -> str:
    """Writes the files for one card's printed code; returns its text."""
    text = office.seal(number)
    place = folder.cards / number
    place.mkdir(parents=True)
    (place / "seal.txt").write_text(f"{text}\n", "ascii")
    (place / "seal.svg").write_text(seal_picture.seal_svg(text), "ascii")
    (place / "seal.png").write_bytes(seal_picture.seal_png(text))
    return text


def enrol(office: TwoPeople, home: Path, number: str) -> tuple[Wallet, bytes]:
    """A new phone for a card: offer, request, issue, receive. Returns the wallet, and what was issued."""
    wallet = Wallet.create(home, PASSPHRASE, cost=COST)
    request = wallet.request(office.offer(number), now=clock())
    result = office.issue(request)
    wallet.receive(result, now=clock())
    return wallet, result
