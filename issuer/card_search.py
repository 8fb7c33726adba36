"""How a desk finds somebody's card: by employee number, by part of a name, by agency."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select
from sqlmodel import Session, col, func

from issuer import agencies
from issuer.errors import IssuerError
from issuer.models import Person
from issuer.sheet_cells import clean, digits


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Who is looked for, as people type it; what is empty narrows nothing. `agency` is a code."""

    employee: str = ""
    name: str = ""
    agency: str = ""

    def narrow(self, session: Session, statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
        """A statement over `Person`, for these alone.

        Raises:
            IssuerError: `unknown_agency`.
        """
        if self.employee:
            statement = statement.where(col(Person.employee_id) == digits(clean(self.employee)))
        if self.name:
            # As an import writes names; without spaces, which Khmer puts where the writer likes.
            part = clean(self.name).upper().replace(" ", "")
            names = (func.replace(col(name), " ", "") for name in (Person.name_km, Person.name_la))
            km, la = (name.contains(part, autoescape=True) for name in names)
            statement = statement.where(km | la)
        if self.agency:
            spelt = [name for name, code in agencies.codes(session).items() if code == self.agency]
            if not spelt:
                raise IssuerError("unknown_agency", "no agency has this code: agency list")
            statement = statement.where(col(Person.agency).in_(spelt))
        return statement
