"""What a re-issue made and a phone has still to fetch, and the seal that a card is printed with now."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from credential.template import Template
from issuer import key_use, reissue
from issuer.credentials import YEAR, read_template
from issuer.lifecycle import Act, ListKind
from issuer.models import ActRow, Card, Prepared, Reissue, TemplateRow, Wallet


@dataclass(slots=True)
class Ready:
    """The newest credentials made for a phone: SD-CWT with its template, SD-JWT VC, or one of the two."""

    live: bytes | None = None
    template: Template | None = None
    sd_jwt: str | None = None


def for_wallet(session: Session, wallet: Wallet, *, now: int) -> Ready | None:
    """What a phone may fetch: not what a stolen key made, nor what ends soon after `now` (epoch seconds)."""
    rows = select(Prepared, Reissue).join(Reissue, col(Reissue.id) == Prepared.reissue_id)
    rows = rows.where(Prepared.card_id == wallet.card_id, Prepared.wallet_id == wallet.id)
    stolen, ready = key_use.stolen_keys(session), Ready()
    for row, made_in in session.exec(rows.order_by(col(Prepared.reissue_id).desc())):
        kids = reissue.kids_of(session, made_in)
        if made_in.opened_at + YEAR <= now:
            break
        if ready.live is None and row.live is not None and kids[ListKind.LIVE] not in stolen:
            ready.live = row.live
            ready.template = read_template(session.get_one(TemplateRow, made_in.live_template))
        if ready.sd_jwt is None and row.sd_jwt is not None and kids[ListKind.SD_JWT] not in stolen:
            ready.sd_jwt = row.sd_jwt
    return None if ready == Ready() else ready


def waits(session: Session, card: Card) -> bool:
    """Whether something was made for the card's phone since it last fetched, or was enrolled."""
    living = select(Wallet.id).where(Wallet.card_id == card.id, col(Wallet.ended_at).is_(None))
    acts = select(col(ActRow.act), func.max(ActRow.id)).where(
        ActRow.card_id == card.id,
        col(ActRow.wallet_id).in_(living),
        col(ActRow.act).in_([Act.REISSUE.value, Act.COLLECT.value]),
    )
    last = {act: number or 0 for act, number in session.exec(acts.group_by(col(ActRow.act)))}
    return last.get(Act.REISSUE.value, 0) > last.get(Act.COLLECT.value, 0)


def seal_of(session: Session, card: Card) -> tuple[bytes, Template]:
    """The newest seal of a card whose key was not stolen, or else its first, with its template."""
    stolen = key_use.stolen_keys(session)
    further = select(Prepared.seal, TemplateRow).join(Reissue, col(Reissue.id) == Prepared.reissue_id)
    further = further.join(TemplateRow, col(TemplateRow.number) == Reissue.seal_template)
    further = further.where(Prepared.card_id == card.id, col(Prepared.seal).is_not(None))
    for seal, row in session.exec(further.order_by(col(Prepared.reissue_id).desc())):
        if row.kid not in stolen:
            return seal or b"", read_template(row)
    return card.seal or b"", read_template(session.get_one(TemplateRow, card.seal_template))
