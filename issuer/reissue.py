"""A re-issue of the credentials of everybody who has a phone: begun once, done in parts, and closed.

Who is in it, with which keys, and which indices are reserved for each part is
settled when it is opened. What a killed command left is a part that is still
to be done, so the same command goes on, and nothing is made twice.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, func, select

from issuer import allotment, contents, key_use, link_notes, reserved, restoration
from issuer.credentials import Making, VcMaking
from issuer.errors import IssuerError
from issuer.lifecycle import REISSUED, WALLET_KINDS, ListKind
from issuer.models import Card, HolderKey, Reissue, ReissuePart, SigningKey, StatusList, TemplateRow, Wallet

PART = 2000
"""People done at once: it fits into memory, and what a killed command loses is a second's work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far a re-issue has come; `left_out` have phones whose keys the register did not keep."""

    number: int
    kinds: tuple[ListKind, ...]
    opened_at: int
    closed_at: int | None
    people: int
    parts: int
    parts_done: int
    left_out: int


def current(session: Session) -> Reissue | None:
    """The re-issue that is open."""
    return session.exec(select(Reissue).where(col(Reissue.closed_at).is_(None))).first()


def latest(session: Session) -> Standing | None:
    """The re-issue that is open, or was last."""
    found = session.exec(select(Reissue).order_by(col(Reissue.id).desc()).limit(1)).first()
    return None if found is None else standing(session, found)


def standing(session: Session, reissue: Reissue) -> Standing:
    """How far it has come."""
    parts = select(func.count(), func.count(col(ReissuePart.done_at))).where(
        ReissuePart.reissue_id == reissue.id
    )
    total, done = session.exec(parts).one()
    return Standing(
        number=number_of(reissue),
        kinds=kinds_of(reissue),
        opened_at=reissue.opened_at,
        closed_at=reissue.closed_at,
        people=reissue.people,
        parts=total,
        parts_done=done,
        left_out=reissue.left_out,
    )


def kinds_of(reissue: Reissue) -> tuple[ListKind, ...]:
    """What is issued again."""
    made = (reissue.seal_template, reissue.live_template, reissue.sd_jwt_list)
    return tuple(kind for kind, with_ in zip(ListKind, made, strict=True) if with_ is not None)


def begin(
    session: Session, seal: Making | None, live: Making | None, vc: VcMaking | None, *, now: int
) -> Reissue:
    """Opens a re-issue of what there is a making for, and reserves every index it will need.

    Raises:
        StatusError: `list_full`.
    """
    makings = {ListKind.SEAL: seal, ListKind.LIVE: live, ListKind.SD_JWT: vc}
    lists = {kind: making.list_id for kind, making in makings.items() if making is not None}
    last = session.exec(select(func.max(Wallet.id))).one() or 0
    phones = eligible(lists, last_wallet=last)
    everybody = eligible((), last_wallet=last).subquery()
    with_phones = session.execute(select_columns(func.count()).select_from(everybody)).scalar_one()
    cards = list(session.execute(phones).scalars())
    reissue = Reissue(
        opened_at=now,
        seal_template=None if seal is None else seal.template.number,
        live_template=None if live is None else live.template.number,
        sd_jwt_list=None if vc is None else vc.list_id,
        last_wallet=last,
        people=len(cards),
        left_out=with_phones - len(cards),
    )
    session.add(reissue)
    session.flush()
    drawn = {kind: allotment.draw_indices(session, list_id, len(cards)) for kind, list_id in lists.items()}
    for number, start in enumerate(range(0, len(cards), PART)):
        members = cards[start : start + PART]
        session.add(
            ReissuePart(
                reissue_id=number_of(reissue),
                number=number,
                first_card=members[0],
                last_card=members[-1],
                indices=reserved.write({kind: all_[start : start + PART] for kind, all_ in drawn.items()}),
            )
        )
    session.flush()
    parts = select(ReissuePart).where(ReissuePart.reissue_id == reissue.id).order_by(col(ReissuePart.number))
    link_notes.note(session, "made", contents.of_parts(session.exec(parts)))
    return reissue


def eligible(kinds: Collection[ListKind], *, last_wallet: int, columns: Collection[Any] = ()) -> Select[Any]:
    """Cards that stand and have a phone whose keys for these kinds are kept, by number; `columns` follow it.

    Of phones up to a wallet's number: whoever enrols later has new credentials anyway.
    """
    statement = (
        select_columns(col(Card.id), *columns)
        .join(Wallet, col(Wallet.card_id) == Card.id)
        .where(
            col(Wallet.ended_at).is_(None),
            col(Wallet.id) <= last_wallet,
            col(Card.state).in_([state.value for state in sorted(REISSUED)]),
        )
        .order_by(col(Card.id))
    )
    for kind in sorted(WALLET_KINDS & set(kinds)):
        kept = select_columns(col(HolderKey.wallet_id)).where(
            col(HolderKey.wallet_id) == Wallet.id,
            col(HolderKey.kind) == kind.value,
            col(HolderKey.public_key).is_not(None),
        )
        statement = statement.where(kept.exists())
    return statement


def can_go_on(session: Session, reissue: Reissue, *, signed: Collection[str] | None, now: int) -> bool:
    """Whether every key it was begun with may still issue: none was stolen, restored, or has ended."""
    ended = key_use.stolen_keys(session) | restoration.closed_keys(session)
    return all(
        kid not in ended
        and (signed is None or kid in signed)
        and session.get_one(SigningKey, kid).not_before <= now < session.get_one(SigningKey, kid).issue_until
        for kid in kids_of(session, reissue).values()
    )


def kids_of(session: Session, reissue: Reissue) -> Mapping[ListKind, str]:
    """The names of the keys it was begun with."""
    found = {
        kind: session.get_one(TemplateRow, number).kid
        for kind, number in ((ListKind.SEAL, reissue.seal_template), (ListKind.LIVE, reissue.live_template))
        if number is not None
    }
    if reissue.sd_jwt_list is not None:
        found[ListKind.SD_JWT] = session.get_one(StatusList, reissue.sd_jwt_list).kid
    return found


def check_kinds(reissue: Reissue, wanted: Collection[ListKind]) -> None:
    """Refuses to go on with other kinds than those it was begun with; none stands for these.

    Raises:
        IssuerError: `reissue_open`.
    """
    if wanted and set(wanted) != set(kinds_of(reissue)):
        raise another_open(reissue)


def another_open(reissue: Reissue) -> IssuerError:
    """`reissue_open`: one at a time."""
    kinds = ", ".join(kinds_of(reissue))
    return IssuerError(
        "reissue_open", f"a re-issue of {kinds} is open: finish it first (reissue without --kind)"
    )


def is_done(session: Session, number: int) -> bool:
    """Whether it is open, and every part of it is done."""
    left = select(ReissuePart.number).where(
        ReissuePart.reissue_id == number, col(ReissuePart.done_at).is_(None)
    )
    return session.get_one(Reissue, number).closed_at is None and session.exec(left).first() is None


def close(session: Session, number: int, *, now: int) -> None:
    """Closes it for good, if it is open; what was reserved and not used is free again."""
    found = session.get_one(Reissue, number)
    if found.closed_at is None:
        found.closed_at = max(now, found.opened_at)
        session.flush()


def number_of(reissue: Reissue) -> int:
    """The number of a re-issue that has been written."""
    if reissue.id is None:
        raise ValueError("the re-issue has not been written yet")
    return reissue.id
