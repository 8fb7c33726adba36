"""Seal keys: those the ministry has, and the answer to a stolen one.

Plastic cannot be issued again by a command. So publications name every seal
that was made with a stolen key, and gates take no other of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import chain

from sqlmodel import Session, col, func, select

from credential.seal import seal_digest
from issuer.guards_keeping import ERASED_SEAL
from issuer.models import Card, Prepared, Reissue, SigningKey, StolenKey, TemplateRow
from trust import GenuineList, KeyKind


@dataclass(frozen=True, slots=True, kw_only=True)
class SealKey:
    """A seal key: seals made with it, whether custodians signed it, when it was stolen (epoch seconds)."""

    kid: str
    seals: int
    signed: bool
    issue_until: int
    stolen_at: int | None


def listing(session: Session, signed: Collection[str] | None) -> list[SealKey]:
    """Every seal key, oldest first; `signed` are the keys that custodians have signed, None all."""
    rows = session.exec(
        select(SigningKey, col(TemplateRow.number), col(StolenKey.at), func.count(col(Card.id)))
        .join(TemplateRow, col(TemplateRow.kid) == SigningKey.kid)
        .join(StolenKey, col(StolenKey.kid) == SigningKey.kid, isouter=True)
        .join(Card, col(Card.seal_template) == TemplateRow.number, isouter=True)
        .where(col(SigningKey.kind) == KeyKind.SEAL.value)
        .group_by(col(SigningKey.kid), col(TemplateRow.number), col(StolenKey.at))
        .order_by(col(TemplateRow.number))
    )
    made = select(TemplateRow.kid, func.count(col(Prepared.seal)))
    made = made.join(Reissue, col(Reissue.seal_template) == TemplateRow.number)
    made = made.join(Prepared, col(Prepared.reissue_id) == Reissue.id).group_by(col(TemplateRow.kid))
    again = dict(session.exec(made).all())
    return [
        SealKey(
            kid=key.kid,
            seals=seals + again.get(key.kid, 0),
            signed=signed is None or key.kid in signed,
            issue_until=key.issue_until,
            stolen_at=stolen_at,
        )
        for key, _, stolen_at, seals in rows
    ]


def further(session: Session, kid: str) -> Iterable[bytes | None]:
    """The seals that re-issues made with a key."""
    made = select(Prepared.seal).join(Reissue, col(Reissue.id) == Prepared.reissue_id)
    made = made.join(TemplateRow, col(TemplateRow.number) == Reissue.seal_template)
    return session.exec(made.where(TemplateRow.kid == kid, col(Prepared.seal).is_not(None)))


def genuine_lists(session: Session, signed: Collection[str]) -> dict[str, bytes]:
    """`genuine/<kid>` for each stolen seal key that gates believe: every seal it made, of ended cards too.

    It loses those of people who were erased, and grows no more: the register takes no further seal of
    such a key.
    """
    stolen = select(StolenKey.kid).join(SigningKey, col(SigningKey.kid) == StolenKey.kid)
    stolen = stolen.where(SigningKey.kind == KeyKind.SEAL.value).order_by(col(StolenKey.kid))
    lists = {}
    for kid in sorted(session.exec(stolen)):
        if kid not in signed:
            continue
        seals = session.exec(
            select(Card.seal)
            .join(TemplateRow, col(TemplateRow.number) == Card.seal_template)
            .where(TemplateRow.kid == kid)
        )
        every = chain(seals, further(session, kid))
        digests = (seal_digest(seal) for seal in every if seal not in (None, ERASED_SEAL))
        lists[f"genuine/{kid}"] = GenuineList.build(kid, digests).digests
    return lists
