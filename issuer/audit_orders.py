"""Who ordered what, examined: every signature of staff, and that every act stands under an order for it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session, col, select

from did import DidError, PublicKey
from issuer import orders, staff
from issuer.chain import ActFacts
from issuer.duties import DUTIES, PERMITS, Order
from issuer.errors import IssuerError
from issuer.lifecycle import Act
from issuer.models import Card, Staff, StaffOrder
from issuer.orders import Decision, Written

Found = Callable[[str, str, int], None]
"""Takes down a problem: code, what it is about, its number."""


@dataclass(slots=True)
class Ledger:
    """Staff and orders as they stand, each checked; `covers` then tells of acts whether they were ordered."""

    orders: dict[str, Written] = field(default_factory=dict)
    signed: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    replaced: dict[int, int] = field(default_factory=dict)  # the card before, by card
    has_staff: bool = False
    said: dict[str, tuple[str, str]] = field(default_factory=dict)  # roles and key, by name
    reissues: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)  # when, and of which kinds

    def read_link(self, entry: Mapping[str, Any]) -> None:
        """Takes what a link says of the first staff."""
        for person in entry.get("staff", ()):
            self.add_staff(person)

    def covers(self, entry: Mapping[str, Any], acts: Collection[ActFacts]) -> bool:
        """Whether the acts of a link stand under an order for such acts, on such cards.

        The order is the one that the link names, with the signatures that it names.
        """
        told = entry.get("order")
        acts = [act for act in acts if act.act != Act.RECORD]
        if told is None:
            return not acts or not self.has_staff  # before there was staff nobody signed
        asked, decided = self.signed.get(told["sha256"], ("", None))
        if told["asked"] != asked or told.get("decided", decided) != decided:
            return False
        written = self.orders[told["sha256"]]
        permitted, cards = PERMITS.get(written.order, frozenset()), set(written.cards)
        return all(
            act.act in permitted
            and (not cards or act.card_id in cards or self.replaced.get(act.card_id) in cards)
            for act in acts
        )

    def add_staff(self, person: Mapping[str, Any]) -> None:
        """Takes somebody that the chain or an order made a member of staff."""
        self.has_staff = True
        key = staff.write_key(PublicKey.from_jwk(person["key"]))
        self.said[str(person["name"])] = (" ".join(sorted(person["roles"])), key)


def examine(session: Session, found: Found) -> Ledger:
    """Checks every order against the staff it names, and begins the ledger.

    The codes: `order_differs`, `order_forged`.
    """
    ledger, people = Ledger(), {person.id: person for person in staff.listing(session)}
    for row in session.exec(
        select(StaffOrder).order_by(col(StaffOrder.id)).execution_options(yield_per=1000)
    ):
        try:
            written = _check(row, people)
        except (IssuerError, KeyError):
            found("order_differs", "order", row.id or 0)
            continue
        if not _is_signed(row, people):
            found("order_forged", "order", row.id or 0)
        decided = None if row.decision_signature is None else row.decision_signature.hex()
        ledger.orders[row.sha256.hex()] = written
        ledger.signed[row.sha256.hex()] = row.asked_signature.hex(), decided
        if written.order is Order.ADD_STAFF and row.done_at is not None:
            ledger.add_staff(written.details)
        if written.order is Order.REISSUE and row.done_at is not None:
            ledger.reissues.append((row.done_at, tuple(written.details["kinds"])))
    rows = session.exec(select(Card.id, Card.replaces_id).where(col(Card.replaces_id).is_not(None)))
    ledger.replaced = {card or 0: before or 0 for card, before in rows}
    return ledger


def examine_staff(session: Session, ledger: Ledger, found: Found) -> None:
    """Holds the staff against what the chain and the orders say of them: `staff_differs`."""
    said = dict(ledger.said)
    for person in staff.listing(session):
        if said.pop(person.name, None) != (person.roles, person.public_jwk):
            found("staff_differs", "person", person.id or 0)
    for _ in said:
        found("staff_differs", "person", 0)


def _check(row: StaffOrder, people: Mapping[int | None, Staff]) -> Written:
    """What an order says, if its columns say the same, and nothing that cannot be.

    Raises:
        IssuerError: `malformed_order`.
        KeyError: nobody of the staff gave it.
    """
    written = Written.from_text(row.document)
    asked_by = people[row.asked_by]
    alone = not DUTIES[written.order].confirm
    confirmed = row.decision == Decision.CONFIRMED and row.decided_by != row.asked_by
    fits = (
        orders.digest(row.document) == row.sha256
        and (row.act, row.asked_at) == (written.order.value, written.at)
        and asked_by.name == written.asked_by
        and (row.done_at is None or (row.decision is None if alone else confirmed))
        and not staff.roles_of(asked_by).isdisjoint(DUTIES[written.order].ask)
    )
    if confirmed:
        roles = staff.roles_of(people[row.decided_by])
        fits = fits and not roles.isdisjoint(DUTIES[written.order].confirm)
    if not fits:
        raise IssuerError("malformed_order", "a row of the register does not fit its order")
    return written


def _is_signed(row: StaffOrder, people: Mapping[int | None, Staff]) -> bool:
    try:
        if not orders.is_signed(row.document, row.asked_signature, staff.key_of(people[row.asked_by])):
            return False
        if row.decision is None:
            return True
        decider = people[row.decided_by]
        return orders.is_signed(
            row.document,
            row.decision_signature or b"",
            staff.key_of(decider),
            decision=Decision(row.decision),
            by=decider.name,
            at=row.decided_at or 0,
        )
    except (DidError, IssuerError, KeyError, ValueError):
        return False
