"""What a restored register must not do: give out again what it gave out after its backup.

Between a backup and the loss of the register, cards may have got indices, keys
and templates numbers, gates lists and publications. Nobody knows which. So a
list that was there gives no more indices, names and numbers skip a stretch that
no register covers in the life of a backup, and what gates compare goes on from above it.
"""

from __future__ import annotations

from sqlmodel import Session, col, func, select

from issuer.models import Restoration, StatusList, TemplateRow

VERSIONS_SKIPPED = 1_000
"""Publications that may have been made after a backup: more than two a day for a year."""
SEQUENCES_SKIPPED = 100_000
"""The same of each list, with deltas: gates compare them (`trust.lists`)."""
LISTS_SKIPPED = 100
TEMPLATES_SKIPPED = 100


def last_closed_list(session: Session) -> int:
    """The newest list that gives no more indices; 0 where none is closed."""
    return session.exec(select(func.max(Restoration.last_list))).one() or 0


def template_floor(session: Session) -> int:
    """The number that the next template is above."""
    floor = session.exec(select(func.max(Restoration.template_floor))).one() or 0
    return max(floor, session.exec(select(func.max(TemplateRow.number))).one() or 0)


def list_floor(session: Session, kind: str) -> int:
    """The number that the name of the next list of `kind` is above."""
    floor = session.exec(select(func.max(Restoration.list_floor))).one() or 0
    names = session.exec(select(StatusList.name).where(StatusList.kind == kind))
    return max([floor, *(number_of(name) for name in names)])


def suffix(session: Session) -> str:
    """What is added to the names of keys, so that none is called as a lost one."""
    lossy = select(func.max(Restoration.number)).where(col(Restoration.last_list) > 0)
    number = session.exec(lossy).one()
    return "" if number is None else f"-r{number}"


def closed_keys(session: Session) -> set[str]:
    """The keys whose lists give no more indices: they issue nothing, and what they made stands."""
    last = last_closed_list(session)
    templates = select(TemplateRow.kid).where(col(TemplateRow.list_id) <= last)
    own = select(StatusList.kid).where(StatusList.kind == "sd-jwt", col(StatusList.id) <= last)
    return {*session.exec(templates), *session.exec(own)}


def number_of(name: str) -> int:
    """The number at the end of a list's name or URI."""
    number = name.rpartition("-")[2]
    return int(number) if number.isdecimal() and len(number) < 7 else 0
