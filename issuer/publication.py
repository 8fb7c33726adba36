"""What gates and banks fetch: status lists signed anew, and deltas between them.

Everything is signed and recorded in one transaction, kept before anything of
it is written anywhere and not before nothing stands in the way any more. So
sequence and version never go back: what kills a command half-way costs a
number, and the same command again publishes the next one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from did import PublicKey, Signer, strict_json
from did.errors import IdentityError
from issuer import allotment, contents, key_needs, key_use, link_notes, register
from issuer.errors import IssuerError
from issuer.lifecycle import ListKind
from issuer.models import (
    PublicationRow,
    PublishedList,
    SigningKey,
    StatusIndex,
    StatusList,
    TemplateRow,
    WrittenPublication,
)
from issuer.signing import Keyring
from revocation import delta
from revocation.allocation import LIST_SIZE
from revocation.status_list import Status
from revocation.status_list import StatusList as Statuses
from revocation.token import SignedList, read_cwt, read_jwt, sign_cwt, sign_jwt
from trust import KeyKind, names
from trust.publication import LIFETIME
from trust.state import MAX_VERSION

TTL = 86_400
"""Seconds after which an online reader may look for a newer list."""
_LIFETIME = int(LIFETIME.total_seconds())


@dataclass(frozen=True, slots=True)
class SignedDelta:
    """What changed in the list `name` since the last publication, signed."""

    name: str
    sequence: int
    data: bytes


@dataclass(frozen=True, slots=True)
class _Next:
    """A list about to be signed: its entries now, by which key, under which sequence number and times."""

    row: StatusList
    key: SigningKey
    signer: Signer
    statuses: Statuses
    sequence: int
    issued_at: int
    expires_at: int


def check_clock(session: Session, *, now: int) -> None:
    """Refuses a clock that stands before the last publication, or so far after it as is unlikely.

    A list dated ahead of the time would be refused by every gate, and cards
    whose end lies between would be ended for good.

    Raises:
        IssuerError: `clock_behind`, `clock_ahead`.
    """
    # Not the list's own sequence: that of a restored register is above all that was published.
    last = (
        select(func.max(col(PublishedList.sequence)))
        .where(PublishedList.list_id == StatusList.id)
        .correlate(StatusList)
        .scalar_subquery()
    )
    newest = session.exec(
        select(func.max(PublishedList.issued_at))
        .join(StatusList, col(StatusList.id) == PublishedList.list_id)
        .where(col(PublishedList.sequence) == last)
    ).one()
    if newest is not None and now < newest:
        raise IssuerError(
            "clock_behind",
            "this machine's clock stands before the last publication: set it; if it is right, and was "
            "wrong at the last publication, add --clock-is-right",
        )
    before = newest or session.exec(select(func.max(SigningKey.not_before))).one() or now
    if now > before + _LIFETIME:
        raise IssuerError(
            "clock_ahead",
            f"this machine's clock stands {(now - before) // 86_400} days after the last publication: "
            "set it; if it is right, add --clock-is-right",
            days=(now - before) // 86_400,
        )


def sign_lists(
    session: Session, keyring: Keyring, *, signed: Collection[str], now: int, expires: int
) -> Mapping[str, bytes]:
    """Every status list as it stands, signed: online target → token. `signed` are the keys gates will know.

    Raises:
        IssuerError: `no_issuing_key`, or as `Keyring.signer`.
        DidError: as `Keyring.signer`.
    """
    tokens = {}
    for entry in _advance(session, keyring, signed, now, expires):
        form = form_of(entry.row)
        token = _sign(entry, form)
        _keep(session, entry, form, token)
        tokens[names.status_target(entry.row.name, form)] = token
    return tokens


def sign_deltas(
    session: Session, keyring: Keyring, *, signed: Collection[str], now: int
) -> list[SignedDelta]:
    """One delta a list that was published, from the last full publication to now.

    That publication must have been wholly written, of one that was cut short no
    gate has the lists; and it has to stand in the register as it was signed.

    Raises:
        IssuerError: `not_published`, `no_issuing_key`, or as `Keyring.signer`.
        DidError: as `Keyring.signer`.
    """
    if session.get(WrittenPublication, last_version(session)) is None:
        raise IssuerError(
            "not_published", "there is no publication yet, or the last one was cut short: publish first"
        )
    deltas = []
    for entry in _advance(session, keyring, signed, now, now + _LIFETIME):
        base = _base(session, entry.row)
        if base is None:  # a new list: the next publication brings it
            continue
        if base.sequence >= entry.sequence or base.issued_at > now:
            raise _no_base()
        data = delta.make_delta(
            base,
            entry.statuses,
            kid=entry.key.kid,
            sequence=entry.sequence,
            issued_at=entry.issued_at,
            expires_at=entry.expires_at,
            signer=entry.signer,
        )
        _keep(session, entry, "delta", data)
        deltas.append(SignedDelta(entry.row.name, entry.sequence, data))
    if not deltas:
        raise IssuerError("not_published", "a delta needs a publication that it changes: publish first")
    return deltas


def sequences(session: Session) -> dict[str, int]:
    """How far each status list has come."""
    return dict(session.exec(select(StatusList.name, StatusList.sequence)).all())


def last_version(session: Session) -> int:
    """The version of the online metadata that was written last, or begun to be; 0 before the first."""
    return session.exec(select(func.max(PublicationRow.version))).one() or 0


def record_version(session: Session, version: int, *, now: int) -> None:
    """Enters a version of the online metadata that is about to be written; it is never given again.

    Raises:
        IssuerError: `register_refused` for a version that every gate would refuse.
    """
    if version > MAX_VERSION:
        raise IssuerError(
            "register_refused",
            f"version {version} is more than any gate accepts: the register was tampered with; "
            "restore it from a copy",
        )
    session.add(PublicationRow(version=version, at=now))
    session.flush()


def record_written(session: Session, version: int, *, now: int) -> None:
    """Enters that this version was wholly written."""
    session.add(WrittenPublication(version=version, at=now))
    session.flush()


def form_of(row: StatusList) -> str:
    """An SD-JWT VC's reader wants a JWT, signed with the credential's own key; a gate a CWT."""
    return "jwt" if row.kind == ListKind.SD_JWT.value else "cwt"


def _advance(
    session: Session, keyring: Keyring, signed: Collection[str], now: int, expires: int
) -> Iterator[_Next]:
    """Every list in its present state, under its next sequence number.

    But for the lists of SD-JWT keys that gates would not know yet, or whose
    window, and with it every credential of theirs, has ended; and those of QR
    credentials to which no template leads any more.
    """
    register.expire(session, now=now)
    rows = session.exec(
        select(StatusList, SigningKey)
        .join(SigningKey, col(SigningKey.kid) == StatusList.kid)
        .order_by(col(StatusList.id))
    ).all()
    status_key = key_use.current(session, KeyKind.STATUS, signed=signed, now=now)
    if status_key is None:
        raise IssuerError("no_issuing_key", "no status key may sign lists now: see keys list, keys renew")
    pointed_into = _pointed_into(session, signed, now)
    for row, own in rows:
        kind = KeyKind.SD_JWT if form_of(row) == "jwt" else KeyKind.STATUS
        if kind is KeyKind.SD_JWT and not (own.kid in signed and own.not_before <= now < own.not_after):
            continue
        if kind is KeyKind.STATUS and row.id not in pointed_into:
            continue
        key = own if kind is KeyKind.SD_JWT else status_key
        signer = keyring.signer(key, kind)
        allotment.stir_decoys(session, row.id or 0)
        row.sequence += 1
        session.flush()
        entries = select(StatusIndex.idx, StatusIndex.status).where(
            col(StatusIndex.list_id) == row.id, col(StatusIndex.status) != int(Status.VALID)
        )
        statuses = Statuses.build(LIST_SIZE, entries=dict(session.exec(entries).all()))
        yield _Next(row, key, signer, statuses, row.sequence, now, expires)


def _pointed_into(session: Session, signed: Collection[str], now: int) -> set[int]:
    """The lists of templates that gates have or will have: a new one is published before its first use."""
    known = {*signed, *key_needs.needed(session, now=now)}
    return {
        list_id for kid, list_id in session.exec(select(TemplateRow.kid, TemplateRow.list_id)) if kid in known
    }


def _base(session: Session, row: StatusList) -> SignedList | None:
    found = session.exec(
        select(PublishedList)
        .where(col(PublishedList.list_id) == row.id, col(PublishedList.form) != "delta")
        .order_by(col(PublishedList.sequence).desc())
    ).first()
    if found is None:
        return None
    key = session.get(SigningKey, found.kid)
    try:
        public = PublicKey.from_jwk(strict_json.loads(key.public_jwk if key else "", max_bytes=1024))
        if found.form == "jwt":
            return read_jwt(found.token.decode("ascii"), uri=row.uri, key=public)
        return read_cwt(found.token, uri=row.uri, key=public)
    except (IdentityError, UnicodeDecodeError) as error:
        raise _no_base() from error


def _no_base() -> IssuerError:
    refusal = "the last publication in the register was changed, or is a later one: publish first"
    return IssuerError("not_published", refusal)


def _keep(session: Session, entry: _Next, form: str, token: bytes) -> None:
    row = PublishedList(
        list_id=entry.row.id or 0,
        sequence=entry.sequence,
        form=form,
        kid=entry.key.kid,
        token=token,
        issued_at=entry.issued_at,
        expires_at=entry.expires_at,
    )
    session.add(row)
    session.flush()
    link_notes.note(session, "signed", contents.of_published(row))


def _sign(entry: _Next, form: str) -> bytes:
    if form == "jwt":
        text = sign_jwt(
            entry.statuses,
            uri=entry.row.uri,
            kid=entry.key.kid,
            issued_at=entry.issued_at,
            expires_at=entry.expires_at,
            ttl=TTL,
            sequence=entry.sequence,
            signer=entry.signer,
        )
        return text.encode("ascii")
    return sign_cwt(
        entry.statuses,
        uri=entry.row.uri,
        kid=entry.key.kid,
        issued_at=entry.issued_at,
        expires_at=entry.expires_at,
        ttl=TTL,
        sequence=entry.sequence,
        signer=entry.signer,
    )
