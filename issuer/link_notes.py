"""What the link of a transaction says besides its order: a list, which grows while the command works."""

from __future__ import annotations

from sqlmodel import Session

_NOTES = "link_notes"


def note(session: Session, name: str, *values: object) -> None:
    """Adds JSON values, nothing personal, to what the link will say under a name."""
    session.info.setdefault(_NOTES, {}).setdefault(name, []).extend(values)


def take(session: Session) -> dict[str, list[object]]:
    """What was noted, once."""
    taken: dict[str, list[object]] = session.info.pop(_NOTES, {})
    return taken
