"""Digests of what acts write: they stand in the audit chain, so that a changed row is found.

A person's is salted: when the salt is gone, nobody can try out names against it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from did import strict_json
from issuer.models import PublishedList, ReissuePart

SALT_BYTES = 16

PERSON = (
    *("employee_id", "name_km", "name_la", "date_of_birth", "ministry", "position_code", "position_text"),
    *("grade", "agency", "employment_status", "photo_sha256"),
)
"""The columns of a person that an application says."""
PLASTIC = ("employee_id", "name_km", "name_la", "date_of_birth", "photo_sha256")
"""Those that tell whose a card is: of a living card they change with the card alone."""
REJECTION = ("person_id", "reason", "note")
CARD = ("number", "valid_from", "valid_until", "seal", "seal_template", "replaces_id")
PRINT_ORDER = ("number", "bank", "ordered_at")


def of_person(columns: Mapping[str, Any], salt: bytes) -> bytes:
    """The 32 bytes for a person's columns."""
    return hashlib.sha256(salt + _text(columns, PERSON)).digest()


def of_whole_person(columns: Mapping[str, Any], salt: bytes) -> bytes:
    """The 64 bytes of an act that says who somebody is: `of_person`, and the same of `PLASTIC` alone.

    Acts from before the migration 0016 have the first half.
    """
    return of_person(columns, salt) + hashlib.sha256(salt + b"plastic" + _text(columns, PLASTIC)).digest()


def of_card(columns: Mapping[str, Any]) -> bytes:
    """The 32 bytes for a card's holder, number, validity and seal, none of which ever changes."""
    return hashlib.sha256(_text(columns, (*CARD, "person_id"))).digest()


def of_whole_card(columns: Mapping[str, Any], list_id: int, index: int) -> bytes:
    """The 64 bytes of an act that makes a card: `of_card`, and the same without the seal, with its index.

    Acts from before the migration 0016 have the first half. The second is all there is
    of a card whose seal was erased.
    """
    return of_card(columns) + of_placed_card(columns, list_id, index)


def of_placed_card(columns: Mapping[str, Any], list_id: int, index: int) -> bytes:
    """The second 32 bytes of `of_whole_card`."""
    names = (*(name for name in CARD if name != "seal"), "person_id")
    return hashlib.sha256(_text(columns, names) + repr((list_id, index)).encode()).digest()


def of_card_until_0009(columns: Mapping[str, Any]) -> bytes:
    """The same of cards that were approved before the migration 0009: their digests name no holder."""
    return hashlib.sha256(_text(columns, CARD)).digest()


def of_rejection(columns: Mapping[str, Any]) -> bytes:
    """The 32 bytes for whose application was rejected, and why; a note is nobody's to try out."""
    return hashlib.sha256(columns["salt"] + _text(columns, REJECTION)).digest()


def of_offer(nonce_sha256: bytes, expires_at: int) -> bytes:
    """The 32 bytes for what answers an offer, and until when (epoch seconds)."""
    return hashlib.sha256(strict_json.dumps([nonce_sha256.hex(), expires_at])).digest()


def of_wallet(thumbprints: Mapping[str, bytes], indices: Mapping[int, int]) -> bytes:
    """The 32 bytes for the holder keys of a wallet, by kind, and its index in each list."""
    keys = sorted((kind, thumbprint.hex()) for kind, thumbprint in thumbprints.items())
    return hashlib.sha256(strict_json.dumps([keys, sorted(indices.items())])).digest()


def of_wallet_until_0013(thumbprints: Collection[bytes], indices: Mapping[int, int]) -> bytes:
    """The same of phones that were enrolled before the migration 0014: their digests name no kinds."""
    keys = sorted(thumbprint.hex() for thumbprint in thumbprints)
    return hashlib.sha256(strict_json.dumps([keys, sorted(indices.items())])).digest()


def of_print_row(order: Mapping[str, Any], sequence: int) -> bytes:
    """The 32 bytes for a card's place in a print order."""
    return hashlib.sha256(strict_json.dumps([*(order[name] for name in PRINT_ORDER), sequence])).digest()


def of_prepared(
    reissue_id: int, indices: Mapping[int, int], seal: bytes | None, live: bytes | None, sd_jwt: str | None
) -> bytes:
    """The 64 bytes for what a re-issue made for a card, and its index in each list; and of these alone.

    Acts from before the migration 0016 have the first half.
    """
    tokens = [token or b"" for token in (seal, live, None if sd_jwt is None else sd_jwt.encode())]
    sizes = [len(token) for token in tokens]
    first = repr((reissue_id, sorted(indices.items()), sizes)).encode()
    return hashlib.sha256(b"".join((first, *tokens))).digest() + of_places(reissue_id, indices)


def of_places(reissue_id: int, indices: Mapping[int, int]) -> bytes:
    """The second 32 bytes of `of_prepared`: all there is of somebody who was erased."""
    return hashlib.sha256(repr((reissue_id, sorted(indices.items()))).encode()).digest()


def of_published(row: PublishedList) -> str:
    """The SHA-256 in hexadecimal for a status list or delta as it was signed, with all that is kept of it."""
    facts = (row.list_id, row.sequence, row.form, row.kid, row.issued_at, row.expires_at, row.token.hex())
    return hashlib.sha256(strict_json.dumps(facts)).hexdigest()


def of_parts(parts: Iterable[ReissuePart]) -> str:
    """The SHA-256 in hexadecimal for the parts of a re-issue, by number, but for when each was done."""
    facts = [(part.number, part.first_card, part.last_card, part.indices.hex()) for part in parts]
    return hashlib.sha256(strict_json.dumps(facts)).hexdigest()


def _text(columns: Mapping[str, Any], names: Collection[str]) -> bytes:
    return strict_json.dumps([_plain(columns[name]) for name in names])


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    return value.isoformat() if isinstance(value, date) else value
