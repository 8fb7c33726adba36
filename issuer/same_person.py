"""Who may be one person under two employee numbers: the same names and birth date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from issuer.faults import Fault, FaultKind
from issuer.models import Person
from issuer.sheet_rows import Row

_AT_ONCE = 5000


@dataclass(slots=True)
class Alike:
    """The people of a file by names and birth date; then also who the register has under the same.

    `shared` holds the employee numbers whose photo the register has of somebody else.
    """

    shared: set[str] = field(default_factory=set)
    _rows: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    _others: dict[int, int | None] = field(default_factory=dict)

    def add(self, number: int, row: Row) -> None:
        """Takes in one row of the file."""
        group = self._rows.setdefault(_key(row.name_km, row.name_la, row.date_of_birth), [])
        for other, employee_id in group:
            if employee_id != row.employee_id:
                self._others[number] = other
                self._others.setdefault(other, number)
                break
        group.append((number, row.employee_id))

    def look_in(self, session: Session, photos: Mapping[str, bytes]) -> None:
        """Looks through the whole register once; `photos` are those of the file, by employee number."""
        owners = {digest: employee_id for employee_id, digest in photos.items()}
        columns = (
            Person.employee_id,
            Person.name_km,
            Person.name_la,
            Person.date_of_birth,
            Person.photo_sha256,
        )
        people = session.execute(select(*map(col, columns)).execution_options(yield_per=_AT_ONCE))
        for employee_id, name_km, name_la, born, digest in people:
            for number, other_id in self._rows.get(_key(name_km, name_la, born), ()):
                if other_id != employee_id:
                    self._others.setdefault(number, None)
            if digest is not None and owners.get(digest, employee_id) != employee_id:
                self.shared.add(owners[digest])

    def warning(self, number: int) -> Fault | None:
        """What to say of this row: the other row, or no row where the register has the other one."""
        if number not in self._others:
            return None
        return Fault(number, "", FaultKind.PERHAPS_SAME_PERSON, self._others[number])


def _key(name_km: str, name_la: str, born: date) -> int:
    """Names as they stand in the register, without spaces; hashed, for there are many."""
    return hash((name_km.replace(" ", ""), name_la.replace(" ", ""), born))
