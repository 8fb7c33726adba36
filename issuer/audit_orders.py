"""Who ordered what, examined: every signature of staff, and that every act stands under an order for it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session, col, select

from did import DidError, PublicKey, strict_json
from issuer import order_book, orders, staff
from issuer.bank_keys import BankPublic
from issuer.chain import ActFacts
from issuer.duties import DUTIES, PERMITS, REPEATED, Order
from issuer.errors import IssuerError
from issuer.models import Card, Staff, StaffOrder, StolenKey
from issuer.orders import Decision, Written
from issuer.print_models import BankKeyRow, PrintingKey

NEVER = 1 << 62
"""Later than any second or act there is."""
FOUNDING = frozenset({"found", "staff_begin"})
"""Links that make the first staff."""
UNSIGNED = FOUNDING | {"restore"}
"""Links without an order, once there is staff: of a restoration nothing is said but that it was."""
REQUESTS = frozenset({"ask", *map(str, Decision)})
"""Links in which an order is asked for, or turned down."""
_UNNAMED = frozenset(
    {
        *(Order.IMPORT, Order.AMEND, Order.ISSUE, Order.REISSUE_PART, Order.PUBLISH, Order.DELTA),
        *(Order.RESTORE, Order.PRINT_ORDER, Order.PRINT_RETURN, Order.PRINTED),
    }
)
"""Orders that name no cards; all others are about those that they name."""
Found = Callable[[str, str, int], None]
"""Takes down a problem: code, what it is about, its number."""


@dataclass(slots=True)
class Ledger:
    """Staff and orders as they stand, each checked; `covers` then tells of acts whether they were ordered.

    An order is asked for in a link where it takes two, and carried out in one, whose event is the
    order's own: no link stands on the order of another one.
    """

    orders: dict[str, Written] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    done: dict[str, int | None] = field(default_factory=dict)  # when, in epoch seconds
    asked: set[str] = field(default_factory=set)
    requests: set[tuple[str, str]] = field(default_factory=set)
    carried: set[str] = field(default_factory=set)
    staffed_at: int = NEVER
    staffed_after: int = NEVER  # the last act before there was staff
    signed: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    replaced: dict[int, int] = field(default_factory=dict)  # the card before, by card
    said: dict[str, tuple[str, str]] = field(default_factory=dict)  # roles and key, by name
    signed_lists: list[str] = field(default_factory=list)  # digests of what publications and deltas signed
    lists_told_at: int = NEVER  # since when links tell of them
    parts: list[str | None] = field(default_factory=list)  # the digest of each re-issue's, in their order
    parts_done: dict[tuple[int, int], int] = field(default_factory=dict)  # when, by re-issue and part
    reissues: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)  # when, and of which kinds
    confirmed: list[tuple[int, Written, int]] = field(
        default_factory=list
    )  # before which act, and its number

    @property
    def is_staffed(self) -> bool:
        """Whether a link was read that made the first staff."""
        return self.staffed_at < NEVER

    def read_link(self, entry: Mapping[str, Any]) -> None:
        """Takes what a link says of the first staff; of any other staff, orders do.

        Raises:
            ValueError: it is not the first.
        """
        if "staff" not in entry:
            return
        if self.is_staffed or entry["event"] not in FOUNDING:
            raise ValueError("there is staff already")
        self.staffed_at, self.staffed_after = int(entry["at"]), int(entry["acts"][1])
        for person in entry["staff"]:
            self.add_staff(person)

    def covers(self, entry: Mapping[str, Any], acts: Collection[ActFacts]) -> bool:
        """Whether the acts of a link stand under an order for such acts, on such cards.

        The order is the one that the link names, with the signatures that it names.
        """
        event, told = str(entry["event"]), entry.get("order")
        if told is None:  # before there was staff nobody signed, and then alone acts were recorded
            return not self.is_staffed or (not acts and event in UNSIGNED)
        number = str(told["sha256"])
        asked, decided = self.signed.get(number, ("", None))
        if told.get("number", self.numbers.get(number)) != self.numbers.get(number):
            return False
        if told["asked"] != asked or told.get("decided", decided) != decided:
            return False
        if event in REQUESTS:
            repeated = (event, number) in self.requests
            self.requests.add((event, number))
            self.asked.add(number)
            return not acts and not repeated and entry.get("before") == entry.get("tables")
        if number in self.carried:
            return False
        self.carried.add(number)
        self._read_made(entry)
        written = self.orders.get(number)
        if written is not None and DUTIES[written.order].confirm and written.order not in REPEATED:
            self.confirmed.append((int(entry["acts"][0]), written, self.numbers[number]))
        return self._permits(self.orders[number], number, entry, acts)

    def _permits(
        self, written: Written, number: str, entry: Mapping[str, Any], acts: Collection[ActFacts]
    ) -> bool:
        if (entry["event"], entry["at"]) != (written.order.value, self.done[number]):
            return False
        if any(entry.get(name) != value for name, value in written.details.items()):
            return False
        if DUTIES[written.order].confirm and number not in self.asked:
            return False
        if written.order is Order.RESTORE and written.content != entry.get("backup"):
            return False
        permitted, cards = PERMITS.get(written.order, frozenset()), set(written.cards)
        anybody = not cards and written.order in _UNNAMED
        return all(
            act.act in permitted
            and act.at == entry["at"]
            and (anybody or act.card_id in cards or self.replaced.get(act.card_id) in cards)
            for act in acts
        )

    def _read_made(self, entry: Mapping[str, Any]) -> None:
        """Takes what a link tells of what its command made (`audit_made`)."""
        if entry["event"] in (Order.PUBLISH, Order.DELTA) and "signed" in entry:
            self.signed_lists += map(str, entry["signed"])
            self.lists_told_at = min(self.lists_told_at, int(entry["at"]))
        elif entry["event"] == Order.REISSUE:
            self.parts.append(next(map(str, entry.get("made", ())), None))
        elif entry["event"] == Order.REISSUE_PART:
            for part in entry.get("parts", ()):
                self.parts_done[int(entry["reissue"]), int(part)] = int(entry["at"])

    def add_staff(self, person: Mapping[str, Any]) -> None:
        """Takes somebody that the chain or an order made a member of staff."""
        key = staff.write_key(PublicKey.from_jwk(person["key"]))
        self.said[str(person["name"])] = (" ".join(sorted(person["roles"])), key)


def examine(session: Session, ledger: Ledger, found: Found) -> None:
    """Checks every order against the staff it names, and enters it into the ledger.

    The codes: `order_differs`, `order_forged`.
    """
    people = {person.id: person for person in staff.listing(session)}
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
        ledger.numbers[row.sha256.hex()] = row.id or 0
        ledger.done[row.sha256.hex()] = row.done_at
        if written.order is Order.ADD_STAFF and row.done_at is not None:
            ledger.add_staff(written.details)
        if written.order is Order.REISSUE and row.done_at is not None:
            ledger.reissues.append((row.done_at, tuple(written.details["kinds"])))
    rows = session.exec(select(Card.id, Card.replaces_id).where(col(Card.replaces_id).is_not(None)))
    ledger.replaced = {card or 0: before or 0 for card, before in rows}


def examine_carried(session: Session, ledger: Ledger, found: Found) -> None:
    """Holds what orders made, or ended, against them, when every link was read.

    The codes: `order_differs`, `staff_differs`, `bank_differs`, `theft_differs`.
    """
    for sha256, done_at in ledger.done.items():
        if (done_at is not None) is not (sha256 in ledger.carried):
            found("order_differs", "order", ledger.numbers[sha256])
    _examine_staff(session, ledger, found)
    _examine_banks(session, ledger, found)
    _examine_thefts(session, ledger, found)


def _done(ledger: Ledger, order: Order) -> Iterator[tuple[Written, int]]:
    """The orders of this kind that were carried out, and when."""
    for sha256, written in ledger.orders.items():
        at = ledger.done[sha256]
        if written.order is order and at is not None and sha256 in ledger.carried:
            yield written, at


def _examine_staff(session: Session, ledger: Ledger, found: Found) -> None:
    said = dict(ledger.said)
    ended = {str(written.details["name"]): at for written, at in _done(ledger, Order.END_STAFF)}
    for person in staff.listing(session):
        known = said.pop(person.name, None)
        if known != (person.roles, person.public_jwk) or person.ended_at != ended.get(person.name):
            found("staff_differs", "person", person.id or 0)
    for _ in said:
        found("staff_differs", "person", 0)


def _examine_banks(session: Session, ledger: Ledger, found: Found) -> None:
    said = {
        (str(written.details["bank"]), BankPublic.from_jwks(strict_json.dumps(written.details["keys"])))
        for written, _ in _done(ledger, Order.BANK_ADD)
    }
    there = {}
    for row in session.exec(select(BankKeyRow)):
        there[(row.bank, BankPublic.from_jwks(row.jwks.encode()))] = row.id or 0
    for bank in said ^ there.keys():
        found("bank_differs", "bank", there.get(bank, 0))


def _examine_thefts(session: Session, ledger: Ledger, found: Found) -> None:
    """Since there is staff; before that nobody signed."""
    said = {(str(written.details["kid"]), at) for written, at in _done(ledger, Order.KEY_STOLEN)}
    there = {(row.kid, row.at) for row in session.exec(select(StolenKey))}
    kids = {kid for kid, _ in there} | set(
        session.exec(select(PrintingKey.kid).where(col(PrintingKey.stolen_at).is_not(None)))
    )
    unsaid = {kid for kid, at in there - said if at >= ledger.staffed_at}
    for kid in unsaid | {kid for kid, _ in said} - kids:
        found("theft_differs", kid, 0)


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
        and _was_there(asked_by, row.asked_at)
    )
    if confirmed:
        decided_by = people[row.decided_by]
        fits = (
            fits
            and not staff.roles_of(decided_by).isdisjoint(DUTIES[written.order].confirm)
            and _was_there(decided_by, row.decided_at or 0)
            and (row.decided_at or 0) <= row.asked_at + order_book.LIFETIME
        )
    if not fits:
        raise IssuerError("malformed_order", "a row of the register does not fit its order")
    return written


def _was_there(person: Staff, at: int) -> bool:
    """Whether somebody had not ended their work by then (epoch seconds)."""
    return person.ended_at is None or at <= person.ended_at


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
