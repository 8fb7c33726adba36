"""The banks that print: each has a folder with its keys and no home, and a clerk who makes mistakes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from credential import card_number
from did import PublicKey
from examples.demo_folder import PASSPHRASE
from examples.demo_ministry import COST
from issuer import bank_keys, batch_file, opened_batch, print_report
from issuer.bank_keys import BankKeys
from issuer.batch import BatchCard
from issuer.cli_bank import KEY_FILE, MINISTRY_FILE, PUBLIC_FILE
from issuer.errors import IssuerError
from issuer.opened_batch import OpenedBatch
from issuer.print_report import ReportRow
from issuer.reconciliation import Difference, DifferenceKind

_K = DifferenceKind
MISTAKES = (
    *(_K.MISSING, _K.SPOILED, _K.NOT_PRINTED, _K.DUPLICATE, _K.WRONG_NUMBER, _K.EXTRA),
    *(_K.MISSING, _K.SPOILED, _K.NOT_PRINTED, _K.DUPLICATE, _K.WRONG_NUMBER),
)
"""What is wrong with each report, on cards of their own."""
STAYS = frozenset({_K.MISSING, _K.WRONG_NUMBER})
"""Mistakes after which a card still stands in its batch."""

Seed = tuple[DifferenceKind, str]
"""What is wrong, and the card number that it is told of."""


@dataclass(frozen=True, slots=True)
class Bank:
    """A bank and its folder."""

    name: str
    folder: Path
    keys: BankKeys

    @classmethod
    def open(cls, name: str, folder: Path) -> Bank:
        """A new bank: its keys under a passphrase, and their public halves for the ministry."""
        keys = BankKeys.generate()
        folder.mkdir(parents=True)
        (folder / KEY_FILE).write_bytes(bank_keys.encrypt(keys, PASSPHRASE, cost=COST))
        (folder / KEY_FILE).chmod(0o600)
        (folder / PUBLIC_FILE).write_bytes(keys.public.to_jwks())
        return cls(name, folder, keys)

    def pin(self, ministry: bytes) -> None:
        """Keeps the ministry's public key, as it was handed to the bank."""
        (self.folder / MINISTRY_FILE).write_bytes(ministry)

    def unseal(self, batch: Path) -> OpenedBatch:
        """Opens a batch into a folder of its own.

        Raises:
            IssuerError: as `open_batch`.
        """
        place = self.folder / batch.stem
        with batch.open("rb") as source:
            opened_batch.open_batch(source, place, bank=self.keys.to_decrypt(), ministry=self._ministry())
        return opened_batch.read_opened(place)

    def can_read(self, batch: Path) -> bool:
        """Whether this bank's key opens the letter of a batch."""
        try:
            with batch.open("rb") as source:
                batch_file.read_letter(source, bank=self.keys.to_decrypt(), ministry=self._ministry())
        except IssuerError:
            return False
        return True

    def report(self, batch: OpenedBatch, rows: Sequence[ReportRow], *, at: datetime) -> str:
        """The signed report on a batch, and its file beside the batch's folder."""
        text = sign(batch, rows, self.keys, at=at)
        (self.folder / f"{batch.batch}.report").write_text(f"{text}\n", "ascii")
        return text

    def _ministry(self) -> tuple[PublicKey, ...]:
        return bank_keys.read_pinned((self.folder / MINISTRY_FILE).read_bytes())


def sign(batch: OpenedBatch, rows: Sequence[ReportRow], keys: BankKeys, *, at: datetime) -> str:
    """A report on a batch, whoever's `keys` sign it."""
    return print_report.sign(
        rows,
        batch=batch.batch,
        batch_sha256=batch.sha256,
        bank=batch.bank,
        at=at,
        signer=keys.to_sign(),
    )


def changed(report: str) -> str:
    """A report with another first letter in its signature."""
    said, _, signature = report.rpartition(".")
    return f"{said}.{'B' if signature.startswith('A') else 'A'}{signature[1:]}"


def all_printed(batch: OpenedBatch) -> list[ReportRow]:
    """The rows of a bank that has printed everything."""
    return [ReportRow(card.sequence, card.number, True) for card in batch.cards]


def with_mistakes(batch: OpenedBatch) -> tuple[list[ReportRow], list[Seed]]:
    """The rows of a clerk who made every one of `MISTAKES`, spread over the batch, and which they are."""
    rows = {row.number: row for row in all_printed(batch)}
    step = len(batch.cards) // len(MISTAKES)
    seeds, more = list[Seed](), list[ReportRow]()
    for place, kind in enumerate(MISTAKES):
        card = batch.cards[place * step + step // 2]
        seeds.append((kind, _make(kind, card, rows, more)))
    return [*rows.values(), *more], seeds


def named(differences: Sequence[Difference]) -> list[Seed]:
    """What a reconciliation names, as seeds have it."""
    return [(each.kind, each.reported if each.kind is _K.EXTRA else each.number) for each in differences]


def _make(kind: DifferenceKind, card: BatchCard, rows: dict[str, ReportRow], more: list[ReportRow]) -> str:
    """Makes one mistake in a report; returns the number that it must be told of."""
    number, row = card.number, rows[card.number]
    if kind is _K.MISSING:
        del rows[number]
    elif kind is _K.NOT_PRINTED:
        rows[number] = replace(row, printed=False)
    elif kind is _K.WRONG_NUMBER:
        rows[number] = replace(row, number=number[:-1] + str((int(number[-1]) + 1) % 10))
    elif kind is _K.SPOILED:
        rows[number] = replace(row, spoiled=1)
    elif kind is _K.DUPLICATE:
        more.append(row)
    elif kind is _K.EXTRA:
        number = next(drawn for drawn in iter(card_number.draw, "") if drawn not in rows)
        more.append(ReportRow(0, number, True))
    return number
