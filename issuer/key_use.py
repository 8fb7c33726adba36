"""Which key is used now, which waits, and which ends soon.

A key that gates have never heard of would have honest newcomers refused. So
one that custodians have signed waits until publications have carried it for
as long as a gate may go without a new one; until then the one before goes on.
Where none has waited long enough, the oldest that may be used is: in a new
home, and when the only other one ended or was stolen.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import Session, col, select

from did import PublicKey, base64url, strict_json
from issuer import restoration
from issuer.models import PublishedKey, SigningKey, StolenKey
from trust import KeyKind
from trust.ceremony import ExpiryWarning
from trust.publication import LIFETIME

WAITS = int(LIFETIME.total_seconds())
"""Seconds for which publications carry a key before its first use: the lifetime of a timestamp."""
WARN_BEFORE = 60 * 86_400
"""Seconds before the end of a kind's last key: time to make the next one, sign it, and wait."""
_DAY = 86_400


class Standing(StrEnum):
    """What a key is doing now."""

    IN_USE = "in_use"
    NOT_SIGNED = "not_signed"
    NOT_PUBLISHED = "not_published"
    WAITING = "waiting"
    SUPERSEDED = "superseded"
    RETIRED = "retired"
    ENDED = "ended"
    CLOSED = "closed"
    STOLEN = "stolen"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyView:
    """A key as people see it; times are epoch seconds.

    `usable_from` is None before it was published, `ends` for one that only a later one ends.
    """

    kid: str
    kind: str
    standing: Standing
    usable_from: int | None
    ends: int | None
    thumbprint: str


def current(
    session: Session, kind: KeyKind, *, signed: Collection[str] | None, now: int
) -> SigningKey | None:
    """The key of this kind that is used now, or None; `signed` are the keys custodians signed, None all.

    A stolen key is none, but for the status key while there is no other: the
    thief signs lists in any case, and without the ministry's own no revocation
    would reach a gate.
    """
    stolen, published = stolen_keys(session), published_since(session)
    standing = [
        key
        for key in of_kind(session, kind)
        if (signed is None or key.kid in signed) and key.not_before <= now < end_of(key)
    ]
    closed = restoration.closed_keys(session)
    usable = [key for key in standing if key.kid not in stolen and key.kid not in closed]
    if not usable and kind is KeyKind.STATUS:
        usable = standing
    ripe = [key for key in usable if key.kid in published and published[key.kid] + WAITS <= now]
    return ripe[-1] if ripe else next(iter(usable), None)


def end_of(key: SigningKey) -> int:
    """When a key ends: one that signs nothing but lists signs them to the end of its window."""
    return key.not_after if key.kind == KeyKind.STATUS.value else key.issue_until


def record_published(session: Session, kids: Collection[str], *, now: int) -> None:
    """Enters since when publications carry these keys; those of the register that were not entered yet.

    Not those whose window has not begun by this clock: they count from a later publication on.
    """
    known = published_since(session)
    begun = select(SigningKey.kid).where(col(SigningKey.kid).in_(kids), SigningKey.not_before <= now)
    registered = session.exec(begun).all()
    session.add_all(PublishedKey(kid=kid, at=now) for kid in sorted({*registered} - known.keys()))
    session.flush()


def listing(
    session: Session, *, signed: Collection[str] | None, needed: Collection[str], now: int
) -> list[KeyView]:
    """Every key of the register, by kind, oldest first; `needed` are those that the next list will name."""
    stolen, published = stolen_keys(session), published_since(session)
    closed = restoration.closed_keys(session)
    views = []
    for kind in KeyKind:
        used = current(session, kind, signed=signed, now=now)
        for key in of_kind(session, kind):
            since = published.get(key.kid)
            usable_from = None if since is None else since + WAITS
            if key.kid in stolen:
                standing = Standing.STOLEN
            elif end_of(key) <= now:
                standing = Standing.ENDED
            elif key.kid in closed:
                standing = Standing.CLOSED
            elif signed is not None and key.kid not in signed:
                standing = Standing.NOT_SIGNED if key.kid in needed else Standing.RETIRED
            elif used is not None and key.kid == used.kid:
                standing = Standing.IN_USE
            elif usable_from is None:
                standing = Standing.NOT_PUBLISHED
            else:
                standing = Standing.WAITING if now < usable_from else Standing.SUPERSEDED
            views.append(_view(key, standing, usable_from))
    return views


def ending(session: Session, *, signed: Collection[str] | None, now: int) -> tuple[ExpiryWarning, ...]:
    """The last signed key of each kind that ends soon, or has ended; the warning's `role` is its name."""
    stolen = stolen_keys(session)
    warnings = []
    for kind in KeyKind:
        good = [
            key
            for key in of_kind(session, kind)
            if (signed is None or key.kid in signed) and key.kid not in stolen
        ]
        last = max(good, key=end_of, default=None)
        if last is not None and end_of(last) - now < WARN_BEFORE:
            warnings.append(ExpiryWarning(last.kid, end_of(last), (end_of(last) - now) // _DAY))
    return tuple(warnings)


def of_kind(session: Session, kind: KeyKind) -> list[SigningKey]:
    """The keys of a kind, oldest first; those of one day by the number in their names (`Keyring.make`)."""
    rows = session.exec(select(SigningKey).where(SigningKey.kind == kind.value))
    return sorted(rows, key=lambda key: (key.not_before, len(key.kid), key.kid))


def stolen_keys(session: Session) -> set[str]:
    """The names of the keys that were reported stolen."""
    return set(session.exec(select(StolenKey.kid)))


def is_stolen(session: Session, kind: KeyKind) -> bool:
    """Whether a key of this kind was ever reported stolen."""
    return any(key.kid in stolen_keys(session) for key in of_kind(session, kind))


def published_since(session: Session) -> dict[str, int]:
    """Since when publications carry each key that they ever carried (epoch seconds)."""
    return dict(session.exec(select(PublishedKey.kid, PublishedKey.at)).all())


def _view(key: SigningKey, standing: Standing, usable_from: int | None) -> KeyView:
    public = PublicKey.from_jwk(strict_json.loads(key.public_jwk, max_bytes=1024))
    return KeyView(
        kid=key.kid,
        kind=key.kind,
        standing=standing,
        usable_from=usable_from,
        ends=end_of(key),
        thumbprint=base64url.encode(public.thumbprint()),
    )
