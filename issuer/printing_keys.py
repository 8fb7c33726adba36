"""The ministry's printing keys: they sign batches, for banks that pin them. No gate ever believes one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from did import Algorithm, PublicKey, Signer, strict_json
from did.keyfile import Cost
from issuer.bank_keys import kid
from issuer.errors import IssuerError
from issuer.print_models import PrintingKey
from issuer.signing import Keyring

KIND = "printing"
ALGORITHM = Algorithm.ED25519
_PINNED = 2
"""Keys that `ministry.jwk` holds: the one in use, and the one that it follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintingKeyView:
    """A printing key as people see it; times are epoch seconds."""

    kid: str
    public: PublicKey
    in_use: bool
    stolen_at: int | None


def name_of(now: datetime) -> str:
    """What a key made now is called: its kind, and the quarter."""
    return f"{KIND}-{now.year}q{(now.month + 2) // 3}"


def row(name: str, public: PublicKey, *, now: int) -> PrintingKey:
    """A key as it is entered when it is made (`now` in epoch seconds)."""
    return PrintingKey(kid=name, public_jwk=strict_json.dumps(public.to_jwk()).decode(), made_at=now)


def make(
    session: Session, keyring: Keyring, *, now: datetime, cost: Cost, token: str | None = None
) -> PrintingKey:
    """Makes the next printing key, in a file or in a token; it is in use at once.

    Raises:
        IssuerError: `passphrase_needed`, `pin_needed`, `key_missing`.
        DidError: `wrong_passphrase`, `malformed_key_file`, or as `TokenKeys.generate`.
        OSError: the key file cannot be written.
    """
    name, public = keyring.make(name_of(now), ALGORITHM, cost=cost, token=token)
    made = row(name, public, now=int(now.timestamp()))
    session.add(made)
    session.flush()
    return made


def current(session: Session) -> PrintingKey | None:
    """The newest key that was not stolen, or None."""
    good = _good(session)
    return good[-1] if good else None


def signer(session: Session, keyring: Keyring) -> tuple[str, Signer]:
    """Name and private half of the key in use.

    Raises:
        IssuerError: `no_printing_key`, or as `Keyring.registered`.
        DidError: as `Keyring.registered`.
    """
    key = current(session)
    if key is None:
        raise IssuerError("no_printing_key", "the home has no printing key: keys renew printing")
    return key.kid, keyring.registered(key.kid, key.public_jwk)


def pinned(session: Session) -> bytes:
    """`ministry.jwk`: the public key in use, and the one before it, as a JWK Set for banks.

    Raises:
        IssuerError: `no_printing_key`.
    """
    good = _good(session)
    if not good:
        raise IssuerError("no_printing_key", "the home has no printing key: keys renew printing")
    keys = [_public(key) for key in reversed(good[-_PINNED:])]
    return (
        strict_json.dumps({"keys": [{**key.to_jwk(), "use": "sig", "kid": kid(key)} for key in keys]}) + b"\n"
    )


def report_stolen(session: Session, name: str, *, now: int) -> bool:
    """Enters for good that a printing key was stolen; False: there is none of this name."""
    key = session.get(PrintingKey, name)
    if key is None:
        return False
    if key.stolen_at is None:
        key.stolen_at = now
        session.flush()
    return True


def listing(session: Session) -> list[PrintingKeyView]:
    """Every printing key, oldest first."""
    used = current(session)
    return [
        PrintingKeyView(
            kid=key.kid,
            public=_public(key),
            in_use=used is not None and key.kid == used.kid,
            stolen_at=key.stolen_at,
        )
        for key in _all(session)
    ]


def _good(session: Session) -> list[PrintingKey]:
    return [key for key in _all(session) if key.stolen_at is None]


def _all(session: Session) -> list[PrintingKey]:
    """Oldest first; those of one second by the number in their names (`Keyring.make`)."""
    return sorted(session.exec(select(PrintingKey)), key=lambda key: (key.made_at, len(key.kid), key.kid))


def _public(key: PrintingKey) -> PublicKey:
    return PublicKey.from_jwk(strict_json.loads(key.public_jwk, max_bytes=1024))
