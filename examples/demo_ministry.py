"""The demo's ministry: its home, the applications it gets, its cards, and the phones it serves."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from credential import seal_picture
from credential.codes import Name
from did import keyfile
from examples import people
from examples.demo_folder import PASSPHRASE, Folder
from examples.two_people import TwoPeople
from issuer import foundation
from issuer.foundation import Founding
from issuer.home import Config
from wallet_sdk import Wallet

PEOPLE = 200
CONFIG = Config(
    issuer="https://montrey.example", name=Name(km="ក្រសួងមុខងារសាធារណៈ", en="Ministry of Civil Service")
)
COST = keyfile.INTERACTIVE
"""Cheaper key files than a ministry's: the demo makes a dozen, and its passphrase is no secret."""
_MINISTRIES = ("1", "4")
_SEED = 2022

Told = Callable[[int, int], None]
"""Told how much is done, of how much."""


def clock() -> datetime:
    """The machine's clock."""
    return datetime.now(UTC)


def write_applications(path: Path) -> int:
    """Two hundred good rows of two ministries, eight bad ones among them; returns how many."""
    invented = list(people.rows(PEOPLE + len(_FAULTS), seed=_SEED))
    rows = [
        row | {"ministry": _MINISTRIES[number % 2], "employment_status": "active"}
        for number, row in enumerate(invented[:PEOPLE])
    ]
    for place, bad in zip(range(17, PEOPLE, 23), _bad_rows(invented[PEOPLE:]), strict=False):
        rows.insert(place, bad)
    text = io.StringIO()
    writer = csv.DictWriter(text, people.COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(text.getvalue(), "utf-8-sig")
    return len(rows)


def _bad_rows(rows: list[dict[str, str]]) -> Iterator[dict[str, str]]:
    """What really comes back from spreadsheets."""
    twice = rows[-1]["employee_id"]
    for row, fault in zip(rows, _FAULTS, strict=True):
        yield row | {"ministry": _MINISTRIES[0]} | fault | ({} if fault else {"employee_id": twice})


_FAULTS: tuple[dict[str, str], ...] = (
    {"name_km": ""},
    {"date_of_birth": "1979-02-30"},
    {"date_of_birth": "2523-04-12"},  # the Buddhist year
    {"ministry": "ក្រសួងដែលគ្មាន"},
    {"employee_id": "1.2E+07"},
    {"name_la": "សុខ ដារ៉ា"},
    {},  # the last two: one employee number for two people
    {},
)


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
