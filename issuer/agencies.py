"""Short codes for agencies, whose names applications write freely: batches and their rules speak of codes.

A name gets its code when it first comes up, and keeps it. A code that was
given never means another agency.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import count

from sqlmodel import Session, col, select

from issuer.errors import IssuerError
from issuer.models import Person
from issuer.print_models import AgencyRow

UNNAMED = "A00"
"""The code of cards whose applications name no agency."""
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,31}")


def codes(session: Session) -> Mapping[str, str]:
    """The code of each agency, by its name as applications write it; `UNNAMED` for none."""
    rows = session.exec(select(AgencyRow.name, AgencyRow.code).order_by(AgencyRow.code, AgencyRow.name))
    return {"": UNNAMED, **dict(rows.all())}


def add(session: Session, code: str, name: str) -> None:
    """Gives the agency `name` a code: one of its own, or that of another spelling. Twice is once.

    Raises:
        IssuerError: `bad_agency`: no code, or no name; `agency_exists`: it has another code already.
    """
    if not _CODE.fullmatch(code) or code == UNNAMED or not name:
        raise IssuerError(
            "bad_agency",
            f"a code has at most 32 letters, digits and . _ - and is not {UNNAMED}; a name is needed",
        )
    known = session.get(AgencyRow, name)
    if known is None:
        session.add(AgencyRow(name=name, code=code))
        session.flush()
    elif known.code != code:
        refusal = f"this agency has the code {known.code}; a code never changes"
        raise IssuerError("agency_exists", refusal, agency=known.code)


def enter_new(session: Session) -> None:
    """Gives each agency that applications name, and that has none yet, the next code: A01, A02 …"""
    known = codes(session)
    taken = set(known.values())
    named = select(Person.agency).where(col(Person.agency).not_in(select(AgencyRow.name))).distinct()
    fresh = sorted(set(session.exec(named)) - known.keys())
    numbered = (f"A{number:02d}" for number in count(len(known)))
    free = (code for code in numbered if code not in taken)
    session.add_all(AgencyRow(name=name, code=code) for name, code in zip(fresh, free, strict=False))
    session.flush()
