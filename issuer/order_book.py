"""The orders of the register: asked for, decided on, carried out, and never changed or taken away.

What an order says and how it is signed is in `issuer.orders`; who may give it
in `issuer.duties`. The database refuses an order by anybody else, a decision
by the one who asked, and anything that is done without one (`issuer.guards_orders`).
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, select

from issuer import duties, order_form, orders, staff
from issuer.duties import ALONE, Order, Role
from issuer.errors import IssuerError
from issuer.models import Staff, StaffOrder
from issuer.orders import NONCE_BYTES, Decision, Written
from issuer.staff import Member

LIFETIME = 30 * 24 * 3600
"""Seconds that an order waits for a second person; then it has to be asked for anew."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An order that waits for a second person. `new` is False when the same was asked before."""

    number: int
    order: Order
    cards: int
    asked_by: str
    asked_at: int
    new: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """An order that may be carried out, and its row."""

    row: StaffOrder
    written: Written


def ask(
    session: Session,
    member: Member,
    order: Order,
    *,
    issuer: str,
    cards: Collection[int] = (),
    content: bytes = b"",
    details: Mapping[str, Any],
    now: int,
) -> Given:
    """Enters an order in the name of `member`, signed with their key.

    Raises:
        IssuerError: `not_their_duty`.
    """
    duties.check_ask(order, member.roles)
    written = Written(
        order=order,
        issuer=issuer,
        asked_by=member.name,
        at=now,
        nonce=secrets.token_bytes(NONCE_BYTES),
        cards=tuple(sorted(cards)),
        content=content.hex(),
        details=details,
    )
    text = written.to_text()
    row = StaffOrder(
        act=order.value,
        document=text,
        sha256=orders.digest(text),
        asked_by=member.id,
        asked_at=now,
        asked_signature=orders.sign(text, member.signer),
    )
    session.add(row)
    session.flush()
    return Given(row, written)


def decide(session: Session, given: Given, member: Member, decision: Decision, *, now: int) -> None:
    """Enters what `member` decided on an order that waits, signed with their key.

    Raises:
        IssuerError: `not_their_duty`, `same_person`, `order_expired`.
    """
    row = given.row
    if decision is Decision.WITHDRAWN:
        if row.asked_by != member.id:
            refusal = "only who asked withdraws a request; others decline it"
            raise IssuerError("not_their_duty", refusal, roles=(given.written.asked_by,))
    else:
        duties.check_confirm(given.written.order, member.roles)
        if row.asked_by == member.id:
            raise IssuerError(
                "same_person", "who asked for a request cannot decide on it: another person must"
            )
    if decision is Decision.CONFIRMED and now > row.asked_at + LIFETIME:
        raise IssuerError("order_expired", "this request waited for more than 30 days: ask for it anew")
    row.decision = decision.value
    row.decided_by = member.id
    row.decided_at = now
    row.decision_signature = orders.sign(
        row.document, member.signer, decision=decision, by=member.name, at=now
    )
    session.flush()


def finish(session: Session, given: Given, *, now: int) -> None:
    """Closes an order that was carried out: nothing more is done under it."""
    closed = update(StaffOrder).where(col(StaffOrder.id) == given.row.id).values(done_at=now)
    session.connection().execute(closed)  # whatever was done may have let go of the row


def find(session: Session, number: int) -> Given:
    """The order of this number, if it waits for a second person.

    Raises:
        IssuerError: `unknown_order`, `order_decided`, `malformed_order`.
    """
    return read(session, _waiting(session, number))


def find_any(session: Session, number: int) -> Given:
    """The same to be turned down: where a row is no order, what is known of it says who may do so.

    Raises:
        IssuerError: `unknown_order`, `order_decided`.
    """
    row = _waiting(session, number)
    with suppress(IssuerError):
        return read(session, row)
    asked_by = session.get_one(Staff, row.asked_by).name
    known = Written(
        order=Order(row.act), issuer="", asked_by=asked_by, at=row.asked_at, nonce=b"", cards=(), content=""
    )
    return Given(row, known)


def read(session: Session, row: StaffOrder) -> Given:
    """An order of the register, if whoever it names has signed it: nobody confirms a planted one.

    Raises:
        IssuerError: `malformed_order`, `key_mismatch`.
    """
    given, asked_by = parse(row), session.get_one(Staff, row.asked_by)
    signed = orders.is_signed(row.document, row.asked_signature, staff.key_of(asked_by))
    if not signed or given.written.asked_by != asked_by.name:
        raise orders.malformed()
    return given


def parse(row: StaffOrder) -> Given:
    """What a row of the register says, if it is an order at all.

    Raises:
        IssuerError: `malformed_order`.
    """
    written = Written.from_text(row.document)
    if written.order.value != row.act or not order_form.is_whole(written):
        raise orders.malformed()
    return Given(row, written)


def waiting(session: Session) -> Iterator[Given]:
    """Every order that waits for a second person, oldest first.

    A row that is none stands in nobody's way: an audit tells of it, and it can be turned down.
    """
    alone = [order.value for order in ALONE]
    undecided = select(StaffOrder).where(
        col(StaffOrder.done_at).is_(None),
        col(StaffOrder.decision).is_(None),
        col(StaffOrder.act).not_in(alone),
    )
    for row in session.exec(undecided.order_by(col(StaffOrder.id))).all():
        with suppress(IssuerError):
            yield read(session, row)


def same_as(
    session: Session,
    order: Order,
    *,
    cards: Collection[int],
    content: bytes,
    details: Mapping[str, Any],
    now: int,
) -> list[Given]:
    """The waiting orders that say the very same thing about the very same cards, and are not too old."""
    return [
        given
        for given in waiting(session)
        if given.written.order is order
        and given.written.cards == tuple(sorted(cards))
        and given.written.content == content.hex()
        and dict(given.written.details) == dict(details)
        and now <= given.row.asked_at + LIFETIME
    ]


def describe(given: Given, *, new: bool = False) -> Waiting:
    """What a person is told of an order that waits."""
    written = given.written
    return Waiting(given.row.id or 0, written.order, len(written.cards), written.asked_by, written.at, new)


def to_link(session: Session, given: Given) -> dict[str, object]:
    """What the audit chain keeps of an order: number, digest, and both people with their signatures."""
    row = given.row
    link: dict[str, object] = {
        "number": row.id,
        "sha256": row.sha256.hex(),
        "asked_by": given.written.asked_by,
        "asked": row.asked_signature.hex(),
    }
    if row.decision is not None and row.decision_signature is not None:
        link |= {
            "decision": row.decision,
            "decided_by": session.get_one(Staff, row.decided_by).name,
            "decided": row.decision_signature.hex(),
        }
    return link


def may_decide(given: Given, member: Member) -> bool:
    """Whether `member` is another person than the one who asked, and of a role that confirms this."""
    confirm: frozenset[Role] = duties.DUTIES[given.written.order].confirm
    return given.row.asked_by != member.id and not confirm.isdisjoint(member.roles)


def _waiting(session: Session, number: int) -> StaffOrder:
    row = session.get(StaffOrder, number)
    if row is None:
        raise IssuerError(
            "unknown_order", "the register has no request of this number: requests lists them", number=number
        )
    if row.decision is not None or row.act in ALONE:
        raise IssuerError("order_decided", "this request does not wait any more: it was decided on")
    return row
