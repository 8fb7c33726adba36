"""What the database lets an erasure do, and nothing else: the conditions of `issuer.guards` about it.

An erased person keeps a row, so that cards, acts and status indices stay whole,
and in it nothing by which anybody could be told. A seal has names in it, so it goes too,
and what a re-issue made.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from issuer.guards_number import Spelt
from issuer.lifecycle import FINAL
from issuer.models import one_of

ERASED_SEAL = b"\0"
"""What stands where a seal was; no seal is as short."""
ERASED_NUMBER = "erased-"
"""Before the number of the row, in the place of an employee number: no number has letters."""
ERASED = {
    "name_km": "",
    "name_la": "",
    "date_of_birth": date.min,
    "ministry": 0,
    "position_code": None,
    "position_text": "",
    "grade": 0,
    "agency": "",
    "employment_status": "",
    "photo_sha256": None,
    "salt": None,
}
"""What the other columns of an erased person hold."""


def is_erased(columns: Mapping[str, Any]) -> bool:
    """Whether nothing is left in a person's columns."""
    number = f"{ERASED_NUMBER}{columns['id']}"
    return columns["employee_id"] == number and all(columns[name] == was for name, was in ERASED.items())


_ENTERED = "EXISTS (SELECT 1 FROM erasure WHERE person_id = NEW.{})"


def _is(column: str, value: object) -> str:
    if value is None:
        return f"NEW.{column} IS NULL"
    return f"NEW.{column} = {value}" if isinstance(value, int) else f"NEW.{column} = '{value}'"


_EMPTY = " AND ".join(
    [f"NEW.employee_id = '{ERASED_NUMBER}' || NEW.id", *(_is(*each) for each in ERASED.items())]
)
PERSON = (
    f"(OLD.employee_id <> NEW.employee_id OR {_ENTERED.format('id')}) "
    f"AND NOT ({_ENTERED.format('id')} AND {_EMPTY})"
)
"""Refused: another employee number, or anything left of a person that is entered as erased."""
_GONE = "EXISTS (SELECT 1 FROM erasure WHERE person_id = NEW.person_id) AND NEW.seal = {}"
_CHANGED = "OLD.seal IS NOT NULL AND OLD.seal IS {} NEW.seal AND NOT ({})"
SEAL = Spelt(
    _CHANGED.format("NOT", _GONE.format(f"x'{ERASED_SEAL.hex()}'")),
    _CHANGED.format("DISTINCT FROM", _GONE.format(f"'\\x{ERASED_SEAL.hex()}'::bytea")),
)
"""Refused: another seal, but for the erased one of an erased person."""
_OWNER = "SELECT 1 FROM card JOIN erasure USING (person_id) WHERE card.id = NEW.card_id"
PREPARED = f"NOT (NEW.seal IS NULL AND NEW.live IS NULL AND NEW.sd_jwt IS NULL AND EXISTS ({_OWNER}))"
"""Refused: any change of what a re-issue made, but that nothing is left of an erased person's."""
_ENDED = one_of("state", FINAL)
LIVING = f"EXISTS (SELECT 1 FROM card WHERE person_id = NEW.person_id AND NOT ({_ENDED}))"  # noqa: S608
"""Refused: the erasure of somebody who has a card, or an application, that has not ended."""
NEW_CARD = _ENTERED.format("person_id")
"""Refused: a card for somebody who was erased."""
CLOSED = "NEW.list_id <= (SELECT coalesce(max(last_list), 0) FROM restoration) AND NEW.card_id IS NOT NULL"
"""Refused: an index that may have been given to somebody after the backup."""
