"""What one command is to have printed: which cards, by which banks, under which numbers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from issuer import agencies, banks, print_cards, print_orders
from issuer.banks import Bank
from issuer.batch import MAX_CARDS, Batch
from issuer.errors import IssuerError
from issuer.photo_store import PhotoStore
from issuer.print_cards import CardToPrint, LeftOut
from issuer.print_split import Rule, Shares, ToPrint, WholeAgencies, split
from issuer.progress import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which approved cards are ordered, and from whom.

    All from `bank`, or from several by their `shares` in 100; else whole agencies are
    spread evenly over all banks. `agencies` are codes, None all; `limit` the most cards.
    """

    bank: str | None = None
    shares: Mapping[str, int] | None = None
    agencies: Collection[str] | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A batch to be made."""

    number: str
    bank: Bank
    cards: tuple[CardToPrint, ...]

    def batch(self, issuer: str, made_at: datetime) -> Batch:
        """What is sealed; `issuer` is the ministry's URL."""
        cards = tuple(card.in_batch(place) for place, card in enumerate(self.cards, 1))
        return Batch(issuer=issuer, number=self.number, bank=self.bank.name, made_at=made_at, cards=cards)


@dataclass(frozen=True, slots=True)
class Plan:
    """The batches to be made, and the cards that have to wait."""

    drafts: tuple[Draft, ...]
    left_out: tuple[LeftOut, ...] = ()

    @property
    def cards(self) -> list[CardToPrint]:
        """The cards of all batches, in their order."""
        return [card for draft in self.drafts for card in draft.cards]


def draw_up(
    session: Session, choice: Choice, photos: PhotoStore, *, now: datetime, progress: Progress | None
) -> Plan:
    """New orders of the cards that are approved and can be printed.

    Raises:
        IssuerError: `no_banks`, `unknown_bank`, `unknown_agency`, `bad_split`.
    """
    known = banks.current(session)
    rule = _rule(known, choice)
    codes = agencies.codes(session)
    if choice.agencies is not None and not set(choice.agencies) <= set(codes.values()):
        raise IssuerError("unknown_agency", "no agency has such a code: see agency list")
    found = print_cards.approved(session, codes, choice.agencies)
    counter = print_orders.next_number(session, now.year)
    cards, left = print_cards.sift(found, photos, limit=choice.limit, progress=progress)
    by_number = {card.number: card for card in cards}
    portions = split([ToPrint(card.agency, card.number) for card in cards], rule, most=MAX_CARDS)
    drafts = (
        Draft(
            print_orders.number_of(now.year, counter + place),
            known[portion.bank],
            tuple(by_number[card.number] for card in portion.cards),
        )
        for place, portion in enumerate(portions)
    )
    return Plan(tuple(drafts), tuple(left))


def open_part(session: Session, number: str) -> Plan:
    """What of an order still waits to be printed, for the bank's keys of today.

    Raises:
        IssuerError: `unknown_order`, `order_closed`.
    """
    row = print_orders.find(session, number)
    rows = print_orders.waiting(session, row)
    if not rows:
        raise IssuerError(
            "order_closed", "no card of this order waits to be printed any more: see print-orders"
        )
    cards = print_cards.numbered(session, list(rows.values()), agencies.codes(session))
    return Plan((Draft(number, banks.find(session, row.bank), tuple(cards)),))


def _rule(known: Mapping[str, Bank], choice: Choice) -> Rule:
    if not known:
        raise IssuerError("no_banks", "the register has no bank yet: bank add")
    named = [choice.bank] if choice.bank is not None else list(choice.shares or ())
    if not set(named) <= known.keys():
        raise IssuerError("unknown_bank", "the register has no bank of this name: see bank list, bank add")
    return Shares(choice.shares) if choice.shares else WholeAgencies(tuple(named or known))
