"""The audit chain: each link is the SHA-256 of the one before and of its own entry.

An entry is the canonical JSON text of what one command did. So whoever knows
the last link and how many there are knows of every change to any of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from did import strict_json

BEGINNING = bytes(32)
"""What stands before the first link."""


class ActFacts(NamedTuple):
    """The columns of one act, as its digest has them."""

    id: int
    at: int
    act: str
    card_id: int
    wallet_id: int | None
    content: bytes | None


def entry(event: str, *, at: int, acts: tuple[int, int], acts_sha256: str, **details: object) -> str:
    """The text of an entry; `acts` are the first and last act that it covers, (n, n - 1) for none."""
    members: Mapping[str, object] = {
        "event": event,
        "at": at,
        "acts": list(acts),
        "acts_sha256": acts_sha256,
        **details,
    }
    return strict_json.dumps(members).decode("utf-8")


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
