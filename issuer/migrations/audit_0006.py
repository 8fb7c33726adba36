"""The audit chain and the digests of contents as they were at migration 0006: it never changes again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

SALT_BYTES = 16
BEGINNING = bytes(32)
_PERSON = (
    *("employee_id", "name_km", "name_la", "date_of_birth", "ministry", "position_code", "position_text"),
    *("grade", "agency", "employment_status", "photo_sha256"),
)


class ActFacts(NamedTuple):
    """The columns of one act, as its digest has them."""

    id: int
    at: int
    act: str
    card_id: int
    wallet_id: int | None
    content: bytes | None


def of_person(columns: Mapping[str, Any], salt: bytes) -> bytes:
    """The 32 bytes for a person's columns."""
    return hashlib.sha256(salt + _text([_plain(columns[name]) for name in _PERSON])).digest()


def entry(event: str, *, at: int, acts: tuple[int, int], acts_sha256: str) -> str:
    """The text of an entry; `acts` are the first and last act that it covers."""
    return _text({"event": event, "at": at, "acts": list(acts), "acts_sha256": acts_sha256}).decode("utf-8")


def link(before: bytes, text: str) -> bytes:
    """The 32 bytes of the link that holds the entry `text`."""
    return hashlib.sha256(before + text.encode("utf-8")).digest()


def digest(acts: Iterable[ActFacts]) -> str:
    """SHA-256 in hexadecimal over acts, in the order of their numbers."""
    hashed = hashlib.sha256()
    for act in acts:
        content = act.content.hex() if act.content is not None else "-"
        wallet = "-" if act.wallet_id is None else act.wallet_id
        hashed.update(f"{act.id} {act.at} {act.act} {act.card_id} {wallet} {content}\n".encode("ascii"))
    return hashed.hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    return value.isoformat() if isinstance(value, date) else value


def _text(value: object) -> bytes:
    """As `did.strict_json.dumps` wrote it then: sorted, without spaces, in UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")
