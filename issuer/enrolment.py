"""Credentials for a phone: the offer with its nonce, and what is issued for the request that answers it."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from credential.codes import CodeTables
from credential.template import Template
from did import PublicKey, base64url
from issuer import allotment, contents, prepared, register
from issuer.credentials import Making, VcMaking
from issuer.errors import IssuerError
from issuer.lifecycle import Act, CardState, ListKind, after
from issuer.models import ActRow, Card, HolderKey, Offer, Person, StatusIndex, Wallet
from issuer.proofs import Request
from revocation.status_list import Status

OFFER_LIFETIME = 24 * 3600
"""Seconds; the offer travels by hand."""
CLOCK_TOLERANCE = 300
"""Seconds by which a phone's clock may differ; the nonce makes a proof fresh, not its time."""


@dataclass(frozen=True, slots=True)
class Issued:
    """Both credentials of a wallet, or the one that was made again: SD-CWT with its template, SD-JWT VC.

    `ended` tells that an earlier wallet of the card ended for it.
    """

    live: bytes | None
    template: Template | None
    vc: str | None
    ended: bool


def offer(session: Session, number: str, *, now: int) -> tuple[str, int]:
    """Opens an offer for a card and closes the one before; returns nonce and end (epoch seconds).

    Raises:
        CredentialError: `bad_card_number`.
        IssuerError: `unknown_card`, `wrong_state`.
    """
    card = register.find(session, number)
    after(CardState(card.state), Act.OFFER)
    register.close_offer(session, card, now=now)
    nonce = base64url.encode(secrets.token_bytes(24))
    expires = now + OFFER_LIFETIME
    digest = _digest(nonce)
    session.add(Offer(nonce_sha256=digest, card_id=register.key_of(card), created_at=now, expires_at=expires))
    register.enact(session, card, Act.OFFER, now=now, content=contents.of_offer(digest, expires))
    return nonce, expires


def issue(
    session: Session, request: Request, live: Making, vc: VcMaking, *, codes: CodeTables, now: int
) -> Issued:
    """Issues both credentials; a wallet that the card had before ends here.

    The same request again fetches what a re-issue has made for the wallet since,
    whenever that is. Where nothing was made it is, while its offer lasts and nothing about the
    holder has changed, signed again for the same wallet and the same indices: what was lost on
    its way to a file costs nothing.

    Raises:
        IssuerError: `invalid_nonce`, `offer_used`, `offer_expired`,
            `invalid_proof`, `wrong_state`, `holder_key_known`.
        StatusError: `list_full`.
    """
    lists = {live.list_id, vc.list_id}
    offered = _find(session, request)
    wallet = _holder(session, offered, request)
    card = session.get_one(Card, offered.card_id)
    ready = None if wallet is None else prepared.for_wallet(session, wallet, now=now)
    if wallet is not None and ready is not None:
        register.enact(session, card, Act.COLLECT, now=now, wallet_id=wallet.id)
        return Issued(ready.live, ready.template, ready.sd_jwt, ended=False)
    _check_time(offered, request, now)
    if wallet is None and offered.closed_at is not None:
        raise _used()
    after(CardState(card.state), Act.ENROL)
    ended = None
    if wallet is None:
        ended = register.end_wallet(session, card, now=now)
        wallet = _enrol(session, request, offered, lists=lists, now=now)
    elif _amended(session, wallet):
        raise _used()  # what is to be signed is not what two people have offered
    indices = _indices(session, wallet)
    if indices.keys() != lists:  # a new list has taken the place of one since
        raise _used()
    person = session.get_one(Person, card.person_id)
    issued = Issued(
        live=live.live(
            person,
            str(card.number),
            index=indices[live.list_id],
            now=now,
            holder=request.keys[ListKind.LIVE],
        ),
        template=live.template,
        vc=vc.vc(
            person,
            card,
            index=indices[vc.list_id],
            now=now,
            holder=request.keys[ListKind.SD_JWT],
            codes=codes,
        ),
        ended=ended is not None,
    )
    content = contents.of_wallet(
        {kind.value: key.thumbprint() for kind, key in request.keys.items()}, indices
    )
    register.enact(session, card, Act.ENROL, now=now, wallet_id=wallet.id, content=content)
    return issued


def _find(session: Session, request: Request) -> Offer:
    """The offer that the request answers."""
    found = session.get(Offer, _digest(request.nonce))
    if found is None:
        raise IssuerError("invalid_nonce", "no offer has this nonce")
    return found


def _check_time(offered: Offer, request: Request, now: int) -> None:
    if now >= offered.expires_at:
        raise IssuerError("offer_expired", "this offer has ended; make a new one")
    earliest, latest = offered.created_at - CLOCK_TOLERANCE, now + CLOCK_TOLERANCE
    if not all(earliest <= time <= latest for time in request.issued_at):
        raise IssuerError("invalid_proof", "a proof was made before its offer, or in the future")


def _holder(session: Session, offered: Offer, request: Request) -> Wallet | None:
    """The wallet that this very request was given and still has, or None."""
    living = select(Wallet).where(Wallet.card_id == offered.card_id, col(Wallet.ended_at).is_(None))
    wallet = session.exec(living.where(Wallet.created_at == offered.closed_at)).first()
    if wallet is not None:
        keys = select(HolderKey.kind, HolderKey.thumbprint).where(HolderKey.wallet_id == wallet.id)
        asked = {kind.value: key.thumbprint() for kind, key in request.keys.items()}
        if dict(session.exec(keys).all()) == asked:
            return wallet
    return None


def _amended(session: Session, wallet: Wallet) -> bool:
    """Whether what is known of the holder has changed since the phone was enrolled."""
    first = select(func.min(ActRow.id)).where(ActRow.wallet_id == wallet.id)
    later = col(ActRow.id) > first.scalar_subquery()
    amended = select(ActRow.id).where(ActRow.card_id == wallet.card_id, ActRow.act == Act.AMEND.value)
    return session.exec(amended.where(later)).first() is not None


def _enrol(session: Session, request: Request, offered: Offer, *, lists: Iterable[int], now: int) -> Wallet:
    """Closes the offer for good and gives the card a wallet: its keys, and an index of each list."""
    offered.closed_at = now
    session.flush()  # the database takes a wallet for an answered offer only
    wallet = Wallet(card_id=offered.card_id, created_at=now)
    session.add(wallet)
    session.flush()
    _bind(session, register.key_of(wallet), request.keys)
    for list_id in lists:
        (index,) = allotment.draw_indices(session, list_id, 1)
        owned = (index, wallet.card_id, wallet.id)
        allotment.record(session, list_id, [owned], status=Status.VALID, now=now)
    return wallet


def _bind(session: Session, wallet_id: int, keys: Mapping[ListKind, PublicKey]) -> None:
    for kind, key in keys.items():
        thumbprint = key.thumbprint()
        if session.get(HolderKey, thumbprint) is not None:
            raise IssuerError(
                "holder_key_known", "a holder key was bound before: each credential needs a new one"
            )
        session.add(
            HolderKey(thumbprint=thumbprint, wallet_id=wallet_id, kind=kind.value, public_key=key.raw)
        )
    session.flush()


def _indices(session: Session, wallet: Wallet) -> dict[int, int]:
    """A wallet's first index in each list."""
    entries = select(StatusIndex.list_id, StatusIndex.idx).where(
        StatusIndex.wallet_id == wallet.id, col(StatusIndex.reissue_id).is_(None)
    )
    return dict(session.exec(entries).all())


def _used() -> IssuerError:
    return IssuerError("offer_used", "this offer was used already, or a later one took its place")


def _digest(nonce: str) -> bytes:
    return hashlib.sha256(nonce.encode("utf-8", "surrogatepass")).digest()
