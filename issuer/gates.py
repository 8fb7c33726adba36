"""Registered gates and banks: whom a phone may be asked by, and for what."""

from __future__ import annotations

from collections.abc import Collection

from sqlmodel import Session, col, select

from credential.claims import check_text
from credential.codes import Name
from issuer.errors import IssuerError
from issuer.models import PurposeRow, RelyingPartyRow
from trust import RelyingParty

MAX_NUMBER = 0xFFFF


def add(session: Session, number: int, name: Name, purposes: Collection[str]) -> None:
    """Registers a gate; the same one again changes nothing. It counts once custodians have signed.

    Raises:
        IssuerError: `bad_gate_number`, `unknown_purpose`, `gate_exists`.
        CredentialError: `bad_claim` for a name that could not be shown.
    """
    if not 1 <= number <= MAX_NUMBER:
        raise IssuerError("bad_gate_number", f"a gate has a number from 1 to {MAX_NUMBER}")
    check_text("name_km", name.km)
    check_text("name_en", name.en)
    permitted = set(session.exec(select(PurposeRow.name).where(col(PurposeRow.permitted))))
    if not purposes or not permitted.issuperset(purposes):
        raise IssuerError("unknown_purpose", f"a gate asks for one of: {', '.join(sorted(permitted))}")
    party = RelyingParty(number, name, frozenset(purposes), frozenset())
    known = {registered.number: registered for registered in listing(session)}
    if known.setdefault(number, party) != party:
        raise IssuerError("gate_exists", "another gate has this number; a number is never given again")
    session.merge(
        RelyingPartyRow(number=number, km=name.km, en=name.en, purposes=" ".join(sorted(purposes)), claims="")
    )
    session.flush()


def listing(session: Session) -> list[RelyingParty]:
    """Every registered gate and bank, by number."""
    return [
        RelyingParty(
            row.number,
            Name(row.km, row.en),
            frozenset(row.purposes.split()),
            frozenset(row.claims.split()),
        )
        for row in session.exec(select(RelyingPartyRow).order_by(col(RelyingPartyRow.number)))
    ]
