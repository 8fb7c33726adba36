"""Rejecting applications, each with its reason."""

from __future__ import annotations

import secrets
from collections.abc import Collection

from sqlalchemy import insert
from sqlmodel import Session, col, func, select

from issuer import contents, register
from issuer.errors import IssuerError
from issuer.faults import ADVICE
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
    holders = register.holders(session, cards)
    rows = [
        {
            "card_id": card,
            "reason": reason.value,
            "note": said,
            "salt": secrets.token_bytes(contents.SALT_BYTES),
        }
        for card in cards
    ]
    digests = {
        card: contents.of_rejection({**row, "person_id": holders[card]})
        for card, row in zip(cards, rows, strict=True)
    }
    register.enact_all(session, cards, Act.REJECT, now=now, content=digests)
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
        advice = ADVICE[error.kind]
        raise IssuerError("bad_note", f"this note cannot be kept: {advice.en}", why=advice) from error
