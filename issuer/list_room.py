"""How much room status lists have: a new one is opened, and published, long before one is full.

A list has the same size for ever, and no index is given twice. The list that
a key uses is fixed by its template, so a key whose list fills needs a
successor on a new list (`renewal`), which gates must know before its first use.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from issuer import key_use, restoration
from issuer.models import SigningKey, StatusIndex, StatusList, TemplateRow
from revocation.allocation import LIST_SIZE
from trust import KeyKind

HALF = LIST_SIZE // 2
"""From here on a list is said to fill, and the next key is given a new one (`renewal`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFills:
    """The list `name`, which the key of `kind` in use draws from, has `left` of its entries left."""

    name: str
    kind: str
    left: int


def left_in(session: Session, status_list: StatusList) -> int:
    """Entries that were never drawn; none of a list that was closed (`restoration`)."""
    if (status_list.id or 0) <= restoration.last_closed_list(session):
        return 0
    drawn = select(func.count()).select_from(StatusIndex).where(StatusIndex.list_id == status_list.id)
    return LIST_SIZE - session.exec(drawn).one()


def filling(session: Session, *, signed: Collection[str] | None, now: int) -> tuple[ListFills, ...]:
    """The lists in use that are more than half full, while no later key that waits has a list of its own."""
    found = []
    for kind in (KeyKind.SEAL, KeyKind.LIVE, KeyKind.SD_JWT):
        used = key_use.current(session, kind, signed=signed, now=now)
        status_list = _list_of(session, used) if used else None
        if used is None or status_list is None or (left := left_in(session, status_list)) >= HALF:
            continue
        keys = key_use.of_kind(session, kind)
        later = keys[[key.kid for key in keys].index(used.kid) + 1 :]
        ready = (_list_of(session, key) for key in later if signed is None or key.kid in signed)
        if all(other is None or other.id == status_list.id for other in ready):
            found.append(ListFills(name=status_list.name, kind=kind.value, left=left))
    return tuple(found)


def _list_of(session: Session, key: SigningKey) -> StatusList | None:
    """The list that a key draws from: an SD-JWT key's own, else that of its newest template."""
    if key.kind == KeyKind.SD_JWT.value:
        return session.exec(select(StatusList).where(StatusList.kid == key.kid)).first()
    lists = select(StatusList).join(TemplateRow, col(TemplateRow.list_id) == StatusList.id)
    return session.exec(
        lists.where(TemplateRow.kid == key.kid).order_by(col(TemplateRow.number).desc())
    ).first()
