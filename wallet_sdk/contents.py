"""What is inside the box: holder keys that wait for their credential, and those that have it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from credential.codes import CodeTables
from credential.template import Template
from did import Algorithm, SoftwareSigner, base64url, strict_json
from did.errors import IdentityError
from wallet_sdk.errors import WalletError
from wallet_sdk.exchange import Format

_Item = TypeVar("_Item")
MAX_BYTES = 1 << 20
MAX_ITEMS = 64
"""Credentials, and likewise waiting keys, in one wallet: three decades of yearly renewal."""
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

    def same_place(self, other: Pending) -> bool:
        """Whether both wait for the same credential of the same offer."""
        return (self.format, self.credential_issuer, self.nonce) == (
            other.format,
            other.credential_issuer,
            other.nonce,
        )


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


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything a wallet keeps; changed only as a whole."""

    pending: tuple[Pending, ...] = ()
    held: tuple[Held, ...] = ()

    def with_pending(self, new: tuple[Pending, ...], *, now: int) -> Contents:
        """These contents with more waiting keys, and without those whose offer ended long ago.

        Raises:
            WalletError: `wallet_full`.
        """
        kept = tuple(item for item in self.pending if item.expires + KEEP_PENDING > now)
        return replace(self, pending=_bounded(kept + new))

    def with_held(self, received: tuple[tuple[Pending, Held], ...]) -> Contents:
        """These contents after pending keys have got their credentials.

        Raises:
            WalletError: `wallet_full`.
        """
        done = [pending for pending, _ in received]
        pending = tuple(item for item in self.pending if not any(item.same_place(other) for other in done))
        return Contents(pending, _bounded(self.held + tuple(held for _, held in received)))

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


def _bounded(items: tuple[_Item, ...]) -> tuple[_Item, ...]:
    if len(items) > MAX_ITEMS:
        raise WalletError("wallet_full", f"a wallet holds at most {MAX_ITEMS} of these")
    return items


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
