"""The successor of a key: what is entered when it is made, to be signed by custodians and used later."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from credential.template import Kind
from did.keyfile import Cost
from issuer import allotment, list_room, restoration
from issuer.issuing_keys import ALGORITHMS, key_row, name_of, template_row
from issuer.lifecycle import ListKind
from issuer.models import SigningKey, StatusList
from issuer.signing import Keyring
from trust import KeyKind

_ROOM = list_room.HALF
"""Entries a list must have left for another key: about as many as the last one used."""


def renew(
    session: Session,
    keyring: Keyring,
    issuer: str,
    kind: KeyKind,
    *,
    now: datetime,
    cost: Cost,
    token: str | None = None,
) -> str:
    """Makes the next key of `kind`, in a file or in a token, with what it needs; returns its name.

    A live or seal key has a new template, on the list of the last one while
    that has room; an SD-JWT key a list of its own, which it signs. A status
    key signs the lists there are.

    Raises:
        IssuerError: `passphrase_needed`, `pin_needed`, `key_missing`.
        DidError: `wrong_passphrase`, `malformed_key_file`, or as `TokenKeys.generate`.
        OSError: the key file cannot be written.
    """
    wanted = name_of(kind, now) + restoration.suffix(session)
    name, public = keyring.make(wanted, ALGORITHMS[kind], cost=cost, token=token)
    seconds = int(now.timestamp())
    session.add(key_row(kind, name, public, issuer, now=seconds))
    session.flush()
    if kind is KeyKind.SD_JWT:
        allotment.add_list(session, ListKind.SD_JWT, issuer, kid=name, now=seconds)
    elif kind is not KeyKind.STATUS:
        status_list = _list_with_room(session, ListKind(kind.value), issuer, seconds)
        number = restoration.template_floor(session) + 1
        session.add(template_row(Kind(kind.value), name, status_list, issuer, number=number))
    session.flush()
    return name


def _list_with_room(session: Session, kind: ListKind, issuer: str, now: int) -> StatusList:
    lists = select(StatusList).where(StatusList.kind == kind.value).order_by(col(StatusList.id).desc())
    newest = session.exec(lists.limit(1)).one()
    if list_room.left_in(session, newest) >= _ROOM:
        return newest
    status_keys = select(SigningKey.kid).where(SigningKey.kind == KeyKind.STATUS.value)
    kid = session.exec(status_keys.order_by(col(SigningKey.not_before).desc()).limit(1)).one()
    return allotment.add_list(session, kind, issuer, kid=kid, now=now)
