"""A ministry with banks that print, their banks' machines, and cards that wait to be printed."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from issuer_desk import CHEAP, Desk
from PIL import Image

from credential import card_number
from did import Algorithm, SoftwareSigner
from examples.people import COLUMNS, rows
from issuer import bank_keys, opened_batch, print_report
from issuer.bank_keys import BankKeys
from issuer.opened_batch import OpenedBatch
from issuer.print_plan import Choice
from issuer.print_report import ReportRow
from issuer.printing import Delivery, Ordering
from issuer.reconciliation import DifferenceKind

NAMES = ("ACLEDA", "Canadia", "ធនាគារ Wing")
K = DifferenceKind


def keys_of(bank: str) -> BankKeys:
    """The private keys of a bank, always the same."""
    draw = random.Random(bank)
    return BankKeys(
        SoftwareSigner(Algorithm.P256, draw.randbytes(32)),
        SoftwareSigner(Algorithm.ED25519, draw.randbytes(32)),
    )


def add_banks(desk: Desk, *names: str) -> None:
    """Registers banks, all three where none is named."""
    for name in names or NAMES:
        desk.office.add_bank(name, keys_of(name).public)


def approved(desk: Desk, count: int, *, seed: int = 5, photos: bool = False) -> list[str]:
    """The numbers of that many cards that are approved and nothing more."""
    people = list(rows(count, seed=seed))
    folder = desk.home.parent / f"photos-{seed}"
    if photos:
        folder.mkdir()
        for at, person in enumerate(people):
            (folder / f"{person['employee_id']}.jpg").write_bytes(photograph(seed * 1000 + at))
    text = io.StringIO()
    table = csv.DictWriter(text, COLUMNS)
    table.writeheader()
    table.writerows(people)
    path = desk.home.parent / f"people-{seed}.csv"
    path.write_text(text.getvalue(), encoding="utf-8-sig")
    before = {card.application for card in desk.office.cards()}
    assert desk.office.import_file(path, photos=folder if photos else None).imported == count
    fresh = {card.application for card in desk.office.cards()} - before
    return [number for _, number in desk.plain.approve(fresh)]


def photograph(seed: int) -> bytes:
    """A small portrait that is no other's, with a camera's remarks in it."""
    small = Image.frombytes("RGB", (3, 4), random.Random(seed).randbytes(36))
    exif = Image.Exif()
    exif[0x010E] = "a remark of the camera"
    file = BytesIO()
    small.resize((300, 400), Image.Resampling.BILINEAR).save(file, "JPEG", exif=exif)
    return file.getvalue()


def order(desk: Desk, out: Path, *, proofs: Path | None = None, **choice: Any) -> Ordering:
    """Orders what waits, or what is chosen of it."""
    return desk.office.printing.order(Choice(**choice), Delivery(out=out, proofs=proofs))


def open_at_bank(desk: Desk, file: Path, folder: Path, *, bank: str) -> OpenedBatch:
    """A bank opens a batch with its own key and the ministry's."""
    ministry = bank_keys.read_pinned(desk.office.printing.ministry_keys())
    with file.open("rb") as source:
        opened_batch.open_batch(source, folder, bank=keys_of(bank).to_decrypt(), ministry=ministry)
    return opened_batch.read_opened(folder)


def all_printed(batch: OpenedBatch) -> list[ReportRow]:
    """The rows of a bank that has printed everything."""
    return [ReportRow(card.sequence, card.number, True) for card in batch.cards]


def report(batch: OpenedBatch, rows: Sequence[ReportRow], *, at: datetime, **changed: Any) -> str:
    """What a bank signs; `changed` goes to `print_report.sign`."""
    said: dict[str, Any] = {
        "batch": batch.batch,
        "batch_sha256": batch.sha256,
        "bank": batch.bank,
        "at": at,
        "signer": keys_of(batch.bank).to_sign(),
    }
    return print_report.sign(rows, **said | changed)


def print_some(desk: Desk, folder: Path) -> None:
    """Two banks with two cards each: one is printed, the other taken back. Two printing keys."""
    printing = desk.office.printing
    printing.renew_key(cost=CHEAP)
    for at, bank in enumerate(NAMES[:2]):
        printing.add_agency(f"X{at}", f"Agency {at}")
        add_banks(desk, bank)
        approved(desk, 2, seed=70 + at)
        (made,) = order(desk, folder / "batches", bank=bank).orders
        batch = open_at_bank(desk, made.file, folder / f"opened-{at}", bank=bank)
        assert printing.take_report(report(batch, all_printed(batch)[:1], at=desk.now)).printed == 1
        printing.give_back(made.number, None)


@dataclass
class Spoilt:
    """A report with differences that a seeded hand put in: `expected` holds (kind, number it is told of)."""

    rows: list[ReportRow]
    expected: set[tuple[DifferenceKind, str]]


def spoil(batch: OpenedBatch, seed: int) -> Spoilt:
    """Spoils some rows of a report, each in one way, on cards of their own."""
    draw = random.Random(seed)
    rows = {card.number: ReportRow(card.sequence, card.number, True) for card in batch.cards}
    more: list[ReportRow] = []
    expected: set[tuple[DifferenceKind, str]] = set()
    hands: list[Callable[[str], None]] = []

    def hand(spoiling: Callable[[str], None]) -> None:
        hands.extend([spoiling] * draw.randint(0, 3))

    def stranger() -> str:
        while (number := card_number.draw()) in rows:
            pass
        return number

    @hand
    def missing(number: str) -> None:
        del rows[number]
        expected.add((K.MISSING, number))

    @hand
    def not_printed(number: str) -> None:
        rows[number] = ReportRow(rows[number].sequence, number, False)
        expected.add((K.NOT_PRINTED, number))

    @hand
    def spoilt(number: str) -> None:
        rows[number] = ReportRow(rows[number].sequence, number, True, draw.randint(1, 9))
        expected.add((K.SPOILED, number))

    @hand
    def duplicate(number: str) -> None:
        more.append(rows[number])
        expected.add((K.DUPLICATE, number))

    @hand
    def extra(_: str) -> None:
        other = stranger()
        more.append(ReportRow(0, other, True))
        expected.add((K.EXTRA, other))

    @hand
    def mistyped(number: str) -> None:
        wrong = number[:-1] + str((int(number[-1]) + draw.randint(1, 9)) % 10)
        rows[number] = ReportRow(rows[number].sequence, wrong, True)
        expected.add((K.WRONG_NUMBER, number))

    chosen = draw.sample([card.number for card in batch.cards], len(hands))
    for spoiling, number in zip(hands, chosen, strict=True):
        spoiling(number)
    shuffled = [*rows.values(), *more]
    draw.shuffle(shuffled)
    return Spoilt(shuffled, expected)
