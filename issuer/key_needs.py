"""Until when gates and banks need a key: as long as anything that it made may be shown to them.

After that custodians sign it no more, and its template and list go with it. So
what travels stays small over the years, and a thief of old keys finds most of
them believed no more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlmodel import Session, col, select

from issuer import civil_days, key_use
from issuer.issuing_keys import OUTLASTS
from issuer.key_use import WAITS
from issuer.models import Card, Prepared, Reissue, SigningKey, TemplateRow
from trust import KeyKind


def needed(session: Session, *, now: int) -> frozenset[str]:
    """The names of the keys that the next trust list names (`now` in epoch seconds).

    - Seal: while it may seal cards, and until the last card it sealed has
      expired, stolen or not: plastic is not made anew by a command.
    - Live, SD-JWT: while it may issue, and until the last credential it can
      have issued has expired.
    - Status: while it may sign lists, and until the last list it can have
      signed has expired.

    Stolen ones of the other three kinds are needed no more: what they made is issued again.
    """
    stolen, published = key_use.stolen_keys(session), key_use.published_since(session)
    sealed = _sealed(session, now)
    found: set[str] = set()
    for kind in KeyKind:
        keys = key_use.of_kind(session, kind)
        if kind is KeyKind.SEAL:
            found |= {key.kid for key in keys if key.issue_until > now and key.kid not in stolen}
            found |= {key.kid for key in keys if key.kid in sealed}
            continue
        lasts = WAITS if kind is KeyKind.STATUS else OUTLASTS
        honest = [key for key in keys if key.kid not in stolen]
        for at, key in enumerate(honest):
            used_until = min(key_use.end_of(key), _superseded(honest[at + 1 :], published))
            if used_until + lasts > now:
                found.add(key.kid)
    return frozenset(found)


def whenever(session: Session) -> frozenset[str]:
    """The keys that were needed at any time: all, but stolen ones that made nothing which stays good."""
    stolen, sealed = key_use.stolen_keys(session), _sealed(session, 0)
    kids = {key.kid for kind in KeyKind for key in key_use.of_kind(session, kind)}
    return frozenset(kid for kid in kids if kid not in stolen or kid in sealed)


def _superseded(later: Sequence[SigningKey], published: Mapping[str, int]) -> int:
    """When the first of the `later` keys took over, or will; never, while none was published."""
    return min((published[key.kid] + WAITS for key in later if key.kid in published), default=1 << 62)


def _sealed(session: Session, now: int) -> set[str]:
    """The keys that cards were sealed with which have not expired."""
    today = civil_days.day_of(now)
    cards = select(TemplateRow.kid).join(Card, col(Card.seal_template) == TemplateRow.number)
    first = set(session.exec(cards.where(col(Card.valid_until) >= today).distinct()))
    again = select(TemplateRow.kid).join(Reissue, col(Reissue.seal_template) == TemplateRow.number)
    standing = select(Prepared.card_id).join(Card, col(Card.id) == Prepared.card_id)
    standing = standing.where(col(Card.valid_until) >= today, Prepared.reissue_id == Reissue.id)
    return first | set(session.exec(again.where(standing.exists())))
