"""What is inside the box: holder keys that wait for their credential, and those that have it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import Any

from credential.codes import CodeTables
from credential.template import Template
from did import Algorithm, SoftwareSigner, base64url, strict_json
from did.errors import IdentityError
from wallet_sdk.errors import WalletError
from wallet_sdk.exchange import Format

Place = tuple[Format, str, str]
ID_LENGTH = 10
MAX_BYTES = 1 << 20
MAX_ITEMS = 64
"""Credentials, and likewise waiting keys, in one wallet: three decades of yearly renewal."""
MAX_OFFER_AGE = 30 * 86_400
"""Seconds that an offer is given at most, whatever it says of itself; a ministry's ends in a day."""
KEEP_PENDING = 90 * 86_400
"""Seconds after its offer's end for which a waiting key is kept: results travel slowly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A holder key made for an offer; `expires` is the offer's end in epoch seconds."""

    format: Format
    credential_issuer: str
    nonce: str
    expires: int
    signer: SoftwareSigner = field(compare=False)

    @property
    def id(self) -> str:
        """A name for people: stable, and of the public key alone."""
        return self.signer.public_key.thumbprint().hex()[:ID_LENGTH]

    @property
    def place(self) -> Place:
        """Which credential of which offer it waits for."""
        return self.format, self.credential_issuer, self.nonce


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A credential as it travelled, with its holder key; `codes` holds the names it uses, no more."""

    format: Format
    credential_issuer: str
    nonce: str
    credential: str
    template: Template | None
    codes: CodeTables
    received: int
    signer: SoftwareSigner = field(compare=False)

    @property
    def id(self) -> str:
        """A name for people: stable, and saying nothing of the person."""
        return identify(self.credential)

    @property
    def place(self) -> Place:
        """Which credential of which offer it came for."""
        return self.format, self.credential_issuer, self.nonce


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything a wallet keeps; changed only as a whole.

    A key in `pending` stays when a credential came for it, until its offer is
    long over: the one that came may be a forgery, and the right one still on its way.
    """

    pending: tuple[Pending, ...] = ()
    held: tuple[Held, ...] = ()

    @property
    def unanswered(self) -> tuple[Pending, ...]:
        """The keys for which nothing has come, one credential of an offer being enough."""
        answered = {item.place for item in self.held}
        return tuple(item for item in self.pending if item.place not in answered)

    def with_pending(self, new: tuple[Pending, ...], *, now: int) -> Contents:
        """These contents with more waiting keys, and without those whose offer ended long ago.

        Where they do not fit, answered ones give way first, then the oldest.
        """
        kept = tuple(item for item in self.pending if item.expires + KEEP_PENDING > now) + new
        answered = {item.place for item in self.held}
        by_worth = sorted(kept, key=lambda item: item.place not in answered)  # and by age, as they stand
        gone = {item.id for item in by_worth[: max(0, len(kept) - MAX_ITEMS)]}
        return replace(self, pending=tuple(item for item in kept if item.id not in gone))

    def with_held(self, received: tuple[Held, ...]) -> Contents:
        """These contents with more credentials; none takes another's place.

        Raises:
            WalletError: `wallet_full`.
        """
        if len(self.held) + len(received) > MAX_ITEMS:
            raise WalletError("wallet_full", f"a wallet holds at most {MAX_ITEMS} credentials")
        return replace(self, held=self.held + received)

    def without(self, id_: str) -> Contents:
        """These contents without the credential or the waiting key of this id.

        Raises:
            WalletError: `no_credential`.
        """
        held = tuple(item for item in self.held if item.id != id_)
        waiting = {item.id for item in self.unanswered}
        pending = tuple(item for item in self.pending if item.id != id_ or id_ not in waiting)
        if len(held) + len(pending) == len(self.held) + len(self.pending):
            raise WalletError("no_credential", "the wallet has nothing of this id")
        return Contents(pending, held)

    def to_json(self) -> bytes:
        """The text that goes into the box.

        Raises:
            WalletError: `wallet_full`.
        """
        data = strict_json.dumps(
            {
                "pending": [_pending_entry(item) for item in self.pending],
                "held": [_held_entry(item) for item in self.held],
            }
        )
        if len(data) > MAX_BYTES:
            raise WalletError("wallet_full", "the wallet would become larger than it may")
        return data

    @classmethod
    def from_json(cls, data: bytes) -> Contents:
        """Reads what `to_json` wrote, followed by any white space.

        Raises:
            WalletError: `damaged_wallet`.
        """
        try:
            document = strict_json.loads(data.rstrip(), max_bytes=MAX_BYTES)
            return cls(
                tuple(_read_pending(entry) for entry in document["pending"]),
                tuple(_read_held(entry) for entry in document["held"]),
            )
        except (IdentityError, KeyError, TypeError, ValueError) as error:
            raise WalletError("damaged_wallet", "the wallet's content cannot be read") from error


def identify(credential: str) -> str:
    """The id of a credential, from its text as it travelled."""
    return hashlib.sha256(credential.encode("utf-8")).hexdigest()[:ID_LENGTH]


def _pending_entry(item: Pending) -> dict[str, object]:
    return {
        "format": item.format.value,
        "issuer": item.credential_issuer,
        "nonce": item.nonce,
        "expires": item.expires,
        **_key_entry(item.signer),
    }


def _held_entry(item: Held) -> dict[str, object]:
    return {
        "format": item.format.value,
        "issuer": item.credential_issuer,
        "nonce": item.nonce,
        "credential": item.credential,
        "template": item.template.to_json() if item.template else None,
        "codes": strict_json.loads(item.codes.to_json(), max_bytes=MAX_BYTES),
        "received": item.received,
        **_key_entry(item.signer),
    }


def _key_entry(signer: SoftwareSigner) -> dict[str, object]:
    return {"alg": signer.public_key.algorithm.jose, "secret": base64url.encode(signer.secret)}


def _read_pending(entry: Any) -> Pending:
    return Pending(
        format=Format(entry["format"]),
        credential_issuer=str(entry["issuer"]),
        nonce=str(entry["nonce"]),
        expires=int(entry["expires"]),
        signer=_read_key(entry),
    )


def _read_held(entry: Any) -> Held:
    return Held(
        format=Format(entry["format"]),
        credential_issuer=str(entry["issuer"]),
        nonce=str(entry["nonce"]),
        credential=str(entry["credential"]),
        template=Template.from_json(entry["template"]) if entry["template"] else None,
        codes=CodeTables.from_json(strict_json.dumps(entry["codes"])),
        received=int(entry["received"]),
        signer=_read_key(entry),
    )


def _read_key(entry: Any) -> SoftwareSigner:
    algorithm = {a.jose: a for a in Algorithm}[entry["alg"]]
    return SoftwareSigner(algorithm, base64url.decode(entry["secret"]))
