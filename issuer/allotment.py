"""Drawing status indices and card numbers: random, recorded, never the same one twice."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from sqlmodel import Session, col, select

from credential import card_number
from issuer import database, reserved, restoration
from issuer.lifecycle import ListKind
from issuer.models import METADATA, Card, StatusIndex, StatusList
from revocation import allocation
from revocation.status_list import Status


def draw_indices(session: Session, list_id: int, count: int) -> list[int]:
    """`count` indices of a list that were never drawn before, nor reserved; `record` makes them taken.

    Raises:
        StatusError: `list_full`.
    """
    taken = set(session.scalars(select(StatusIndex.idx).where(col(StatusIndex.list_id) == list_id)))
    taken |= reserved.waiting(session, list_id)
    return allocation.draw(taken, allocation.LIST_SIZE, count, randbelow=secrets.randbelow)


def record(
    session: Session,
    list_id: int,
    drawn: Sequence[tuple[int, int, int | None]],
    *,
    status: Status,
    now: int,
) -> None:
    """Enters drawn indices as (index, card, wallet), all in the same status."""
    _insert(session, list_id, [(index, card, wallet, status) for index, card, wallet in drawn], now)


def add_list(session: Session, kind: ListKind, issuer: str, *, kid: str, now: int) -> StatusList:
    """The next status list of `kind`, with its decoys."""
    name = f"{kind.value}-{restoration.list_floor(session, kind.value) + 1}"
    status_list = StatusList(name=name, uri=f"{issuer}/status/{name}", kind=kind.value, kid=kid)
    session.add(status_list)
    session.flush()
    plant_decoys(session, status_list.id or 0, now=now)
    return status_list


def plant_decoys(session: Session, list_id: int, *, now: int) -> None:
    """Takes some indices of a new list for nobody (Token Status List §13.2)."""
    planted = allocation.decoys(allocation.LIST_SIZE, randbelow=secrets.randbelow)
    _insert(session, list_id, [(index, None, None, status) for index, status in planted.items()], now)


def stir_decoys(session: Session, list_id: int) -> None:
    """Changes a few decoys of a list, so that they cannot be told by never changing."""
    decoys = select(StatusIndex.idx, StatusIndex.status).where(
        col(StatusIndex.list_id) == list_id, col(StatusIndex.card_id).is_(None)
    )
    planted = dict(session.exec(decoys).all())
    for index, status in allocation.stir(planted, randbelow=secrets.randbelow).items():
        decoy = session.get_one(StatusIndex, (list_id, index))
        decoy.status = int(status)
    session.flush()


def draw_numbers(session: Session, count: int) -> list[str]:
    """`count` card numbers that no card ever had."""
    numbers: dict[str, None] = {}
    while len(numbers) < count:
        drawn = {card_number.draw() for _ in range(min(500, count - len(numbers)))} - numbers.keys()
        given = set(session.scalars(select(Card.number).where(col(Card.number).in_(drawn))))
        numbers |= dict.fromkeys(drawn - given)
    return list(numbers)


def _insert(
    session: Session, list_id: int, entries: Sequence[tuple[int, int | None, int | None, int]], now: int
) -> None:
    table = METADATA.tables["status_index"]
    session.flush()  # what these rows point to
    rows = ((list_id, index, card, wallet, int(status), now) for index, card, wallet, status in entries)
    database.append(session.connection(), table, "list_id idx card_id wallet_id status drawn_at", rows)
