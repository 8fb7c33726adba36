"""The answer to a stolen key, of whatever kind: what is entered, what it touches, and what takes its place.

Seals stay good (`seal_keys.genuine_lists`). Every other key leaves the next
trust list, and what it made is issued again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, exists
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from issuer import key_use
from issuer.enrolment import OFFER_LIFETIME
from issuer.errors import IssuerError
from issuer.key_use import WAITS
from issuer.lifecycle import FINAL, Act
from issuer.models import (
    ActRow,
    Card,
    Prepared,
    Reissue,
    SigningKey,
    StatusIndex,
    StatusList,
    StolenKey,
    TemplateRow,
    Wallet,
)
from trust import KeyKind, ceremony
from trust.tuf_keys import key_id

ROLES = ("online", "root", "targets")
"""Keys that the register does not hold: the newest root names them, by their TUF key ids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Theft:
    """What a stolen key touches.

    `kind` is a `KeyKind`, `printing` or one of `ROLES`; `seals` were made with a seal key and
    stay good; `phones` hold a credential of a live or SD-JWT key, at most, that
    has to be issued again; `successor` is the key in use in its place, None
    before custodians have signed one.
    """

    kid: str
    kind: str
    seals: int = 0
    phones: int = 0
    successor: str | None = None


def report(
    session: Session, kid: str, *, signed: Collection[str] | None, now: int, only: KeyKind | None = None
) -> Theft:
    """Enters for good that a key of the register was stolen (`now` in epoch seconds). Twice is once.

    Raises:
        IssuerError: `unknown_signing_key`; `unknown_seal_key` for one that is not of the `only` kind.
    """
    found = session.get(SigningKey, kid)
    if only is not None and (found is None or found.kind != only.value):
        raise IssuerError("unknown_seal_key", "the register has no seal key of this name: see seal-key list")
    key = _key(session, kid)
    if session.get(StolenKey, kid) is None:
        session.add(StolenKey(kid=kid, at=now))
        session.flush()
    kind = KeyKind(key.kind)
    used = key_use.current(session, kind, signed=signed, now=now)
    return Theft(
        kid=kid,
        kind=key.kind,
        seals=_seals(session, kid) if kind is KeyKind.SEAL else 0,
        phones=len(phones(session, kid)),
        successor=None if used is None or used.kid in key_use.stolen_keys(session) else used.kid,
    )


def of_custodian(root: bytes, identity: str) -> Theft | None:
    """The key of a TUF role with this id in the newest root, or None; the next root is the answer.

    Raises:
        TrustError: `malformed_metadata`.
    """
    keys = ceremony.role_keys(root)
    for role in ROLES:
        if identity in map(key_id, getattr(keys, role)):
            return Theft(kid=identity, kind=role)
    return None


def phones(session: Session, kid: str) -> list[str]:
    """The numbers of the cards whose phone may hold a credential made with a live or SD-JWT key.

    The register does not keep which live key served a phone. So these are all
    that were served while the key could be in use, and some too many, and those
    for which a re-issue made something with it; but for phones that have fetched
    since what a later re-issue made with a key that nobody stole.

    Raises:
        IssuerError: `unknown_signing_key`.
    """
    key = _key(session, kid)
    if key.kind == KeyKind.SD_JWT.value:
        lists = select(StatusList.id).where(StatusList.kid == kid)
    elif key.kind == KeyKind.LIVE.value:
        lists = select(TemplateRow.list_id).where(TemplateRow.kid == kid)
    else:
        return []
    made_with = _made_with(KeyKind(key.kind), [kid])
    again = select(Prepared.wallet_id).join(Reissue, col(Reissue.id) == Prepared.reissue_id).where(made_with)
    stolen = _made_with(KeyKind(key.kind), [kid, *key_use.stolen_keys(session)])
    served = (col(Wallet.created_at) >= key.not_before - OFFER_LIFETIME) & (
        col(Wallet.created_at) < _used_until(session, key)
    )
    cards = (
        select(Card.number)
        .distinct()
        .join(Wallet, col(Wallet.card_id) == Card.id)
        .join(StatusIndex, col(StatusIndex.wallet_id) == Wallet.id)
        .where(col(StatusIndex.list_id).in_(lists), col(Wallet.ended_at).is_(None))
        .where(served | col(Wallet.id).in_(again))
        .where(col(Wallet.id).not_in(_mended(KeyKind(key.kind), stolen)))
        .where(col(Card.state).not_in([state.value for state in FINAL]))
        .order_by(col(Card.number))
    )
    return [str(number) for number in session.exec(cards)]


def _made_with(kind: KeyKind, kids: Collection[str]) -> ColumnElement[bool]:
    """Whether a re-issue made credentials of this kind with one of these keys."""
    if kind is KeyKind.SD_JWT:
        return col(Reissue.sd_jwt_list).in_(select(StatusList.id).where(col(StatusList.kid).in_(kids)))
    return col(Reissue.live_template).in_(select(TemplateRow.number).where(col(TemplateRow.kid).in_(kids)))


def _mended(kind: KeyKind, stolen: ColumnElement[bool]) -> Select[tuple[int]]:
    """Phones that have fetched what the newest re-issue of a kind made for them, unless that is `stolen`."""
    token = Prepared.sd_jwt if kind is KeyKind.SD_JWT else Prepared.live
    newest = (
        select(Prepared.card_id, Prepared.wallet_id, func.max(Prepared.reissue_id).label("number"))
        .where(col(token).is_not(None))
        .group_by(col(Prepared.card_id), col(Prepared.wallet_id))
        .subquery()
    )
    made, fetched = aliased(ActRow), aliased(ActRow)

    def of(act: type[ActRow], what: Act) -> ColumnElement[bool]:
        theirs = (col(act.card_id) == newest.c.card_id) & (col(act.wallet_id) == newest.c.wallet_id)
        return theirs & (col(act.act) == what.value)

    after = (col(made.at) >= Reissue.opened_at) & (col(fetched.id) > made.id)
    return (
        select_columns(newest.c.wallet_id)
        .join(Reissue, col(Reissue.id) == newest.c.number)
        .where(~stolen, exists().where(of(made, Act.REISSUE), of(fetched, Act.COLLECT), after))
    )


def _used_until(session: Session, key: SigningKey) -> int:
    """When the key was used no more: it was reported stolen, or a later one that had waited took over."""
    published, stolen = key_use.published_since(session), key_use.stolen_keys(session)
    keys = key_use.of_kind(session, KeyKind(key.kind))
    later: Sequence[SigningKey] = keys[[each.kid for each in keys].index(key.kid) + 1 :]
    ripe = (published[k.kid] + WAITS for k in later if k.kid in published and k.kid not in stolen)
    reported = session.get(StolenKey, key.kid)
    return min((key.issue_until, *ripe, *([] if reported is None else [reported.at + 1])))


def _seals(session: Session, kid: str) -> int:
    sealed = select(func.count(col(Card.id))).join(TemplateRow, col(TemplateRow.number) == Card.seal_template)
    further = select(func.count(col(Prepared.seal))).join(Reissue, col(Reissue.id) == Prepared.reissue_id)
    further = further.join(TemplateRow, col(TemplateRow.number) == Reissue.seal_template)
    first, again = (session.exec(each.where(TemplateRow.kid == kid)).one() for each in (sealed, further))
    return first + again


def _key(session: Session, kid: str) -> SigningKey:
    key = session.get(SigningKey, kid)
    if key is None:
        raise IssuerError(
            "unknown_signing_key", "the register has no signing key of this name: see keys list"
        )
    return key
