"""Seal keys: those the ministry has, and the answer to a stolen one.

Plastic cannot be issued again by a command. So publications name every seal
that was made with a stolen key, and gates take no other of it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from credential.seal import seal_digest
from issuer.errors import IssuerError
from issuer.models import Card, SigningKey, StolenKey, TemplateRow
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
    return [
        SealKey(
            kid=key.kid,
            seals=seals,
            signed=signed is None or key.kid in signed,
            issue_until=key.issue_until,
            stolen_at=stolen_at,
        )
        for key, _, stolen_at, seals in rows
    ]


def report_stolen(session: Session, kid: str, *, now: int) -> None:
    """Enters for good that a key was stolen: it makes no seal from now on. Twice is once.

    Raises:
        IssuerError: `unknown_seal_key`.
    """
    key = session.get(SigningKey, kid)
    if key is None or key.kind != KeyKind.SEAL.value:
        raise IssuerError("unknown_seal_key", "the register has no seal key of this name: see seal-key list")
    if session.get(StolenKey, kid) is None:
        session.add(StolenKey(kid=kid, at=now))
        session.flush()


def genuine_lists(session: Session) -> dict[str, bytes]:
    """`genuine/<kid>` for each stolen key: every seal made with it, those of ended cards too.

    It never changes, because the register takes no further seal of such a key.
    """
    lists = {}
    for kid in sorted(session.exec(select(StolenKey.kid))):
        seals = session.exec(
            select(Card.seal)
            .join(TemplateRow, col(TemplateRow.number) == Card.seal_template)
            .where(TemplateRow.kid == kid)
        )
        digests = (seal_digest(seal) for seal in seals if seal is not None)
        lists[f"genuine/{kid}"] = GenuineList.build(kid, digests).digests
    return lists
