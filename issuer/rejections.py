"""Rejecting applications, each with its reason."""

from __future__ import annotations

import secrets
from collections.abc import Collection

from sqlalchemy import insert
from sqlmodel import Session, col, func, select

from issuer import contents, register
from issuer.errors import IssuerError
from issuer.lifecycle import Act
from issuer.models import Rejection
from issuer.rejection_reasons import RejectionReason
from issuer.sheet_cells import CellError, clean, printable


def reject(
    session: Session, applications: Collection[int], reason: RejectionReason, *, note: str = "", now: int
) -> int:
    """Rejects these applications, all or none, for one reason; returns how many.

    `note` is kept in the register and shown with the application; no log and no audit link holds it.

    Raises:
        IssuerError: `unknown_application`, `wrong_state`, `bad_note`.
    """
    said = _checked(note)
    cards = register.applied(session, applications, Act.REJECT)
    said_of = {"reason": reason.value, "note": said}
    salts = {card: secrets.token_bytes(contents.SALT_BYTES) for card in cards}
    digests = {card: contents.of_rejection({**said_of, "salt": salt}) for card, salt in salts.items()}
    register.enact_all(session, cards, Act.REJECT, now=now, content=digests)
    rows = [{"card_id": card, "salt": salt, **said_of} for card, salt in salts.items()]
    if rows:
        session.execute(insert(Rejection), rows)
    return len(cards)


def counts(session: Session) -> dict[RejectionReason, int]:
    """How many applications were rejected for each reason."""
    rows = session.exec(select(Rejection.reason, func.count()).group_by(col(Rejection.reason))).all()
    return {RejectionReason(reason): count for reason, count in sorted(rows)}


def _checked(note: str) -> str:
    """A note that can be shown, and holds no bank card's number."""
    said = clean(note)
    try:
        return printable(said) if said else ""
    except CellError as error:
        raise IssuerError("bad_note", f"this note cannot be kept: {error.kind}") from error
