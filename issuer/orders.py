"""Orders as they are written down and signed: who wants what done to which cards.

A member of staff signs the SHA-256 of the order's text; who confirms or turns
it down signs the same digest with the decision. So nobody's name stands under
anything but what they saw, and neither signature serves for another order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from did import PublicKey, Signer, strict_json
from did.errors import DidError
from issuer.duties import Order
from issuer.errors import IssuerError

MAX_TEXT = 1 << 22
"""Characters of an order: 220,000 single cards fit."""
NONCE_BYTES = 16
_PREFIX = "montrey order 1"


class Decision(StrEnum):
    """What becomes of an order that waits for a second person."""

    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """An order: `cards` are the numbers of the applications it is about.

    `content` is the SHA-256, in hexadecimal, of what those cards and their
    holders were when it was given: of anything else it is no order. `details`
    are JSON values, `at` is in epoch seconds.
    """

    order: Order
    issuer: str
    asked_by: str
    at: int
    nonce: bytes
    cards: tuple[int, ...]
    content: str
    details: Mapping[str, Any] = field(default_factory=dict)

    def to_text(self) -> str:
        """The canonical JSON text."""
        return strict_json.dumps(
            {
                "montrey": "order",
                "version": 1,
                "order": self.order.value,
                "issuer": self.issuer,
                "asked_by": self.asked_by,
                "at": self.at,
                "nonce": self.nonce.hex(),
                "cards": write_ranges(self.cards),
                "content": self.content,
                "details": dict(self.details),
            }
        ).decode("utf-8")

    @classmethod
    def from_text(cls, text: str) -> Written:
        """Reads what `to_text` wrote.

        Raises:
            IssuerError: `malformed_order`.
        """
        try:
            document = strict_json.loads(text, max_bytes=4 * MAX_TEXT)
            match document:
                case {
                    "order": str(order),
                    "issuer": str(issuer),
                    "asked_by": str(asked_by),
                    "at": int(at),
                    "nonce": str(nonce),
                    "cards": str(cards),
                    "content": str(content),
                    "details": dict(details),
                } if type(at) is int:  # true is no time
                    written = cls(
                        order=Order(order),
                        issuer=issuer,
                        asked_by=asked_by,
                        at=at,
                        nonce=bytes.fromhex(nonce),
                        cards=read_ranges(cards),
                        content=content,
                        details=details,
                    )
                    if written.to_text() == text:
                        return written
        except (DidError, ValueError) as error:
            raise malformed() from error
        raise malformed()


def digest(text: str) -> bytes:
    """The 32 bytes that are signed."""
    return hashlib.sha256(text.encode("utf-8")).digest()


def sign(text: str, signer: Signer, *, decision: Decision | None = None, by: str = "", at: int = 0) -> bytes:
    """The 64-byte signature of who asks, or of who decides (`by`, `at` epoch seconds)."""
    return signer.sign(_statement(text, decision, by, at))


def is_signed(
    text: str,
    signature: bytes,
    key: PublicKey,
    *,
    decision: Decision | None = None,
    by: str = "",
    at: int = 0,
) -> bool:
    """Whether `key` signed this order, or this decision on it."""
    return key.verify(_statement(text, decision, by, at), signature)


def write_ranges(numbers: Iterable[int]) -> str:
    """Numbers in their order, runs of them short: `1-3,7`."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ",".join(f"{first}" if first == last else f"{first}-{last}" for first, last in runs)


def read_ranges(text: str) -> tuple[int, ...]:
    """Reads what `write_ranges` wrote, a million numbers at most.

    Raises:
        ValueError: for any other text.
    """
    numbers: list[int] = []
    for part in text.split(",") if text else ():
        first, _, last = part.partition("-")
        run = range(int(first), int(last or first) + 1)
        if len(numbers) + len(run) > 1_000_000:
            raise ValueError("more cards than there are")
        numbers.extend(run)
    if write_ranges(numbers) != text:
        raise ValueError("no ranges")
    return tuple(numbers)


def _statement(text: str, decision: Decision | None, by: str, at: int) -> bytes:
    parts = [_PREFIX, digest(text).hex()] + ([decision.value, by, str(at)] if decision else ["asked"])
    return "\n".join(parts).encode("utf-8")


def malformed() -> IssuerError:
    """What an order is refused with that is none."""
    return IssuerError("malformed_order", "a request in the register cannot be read: it was tampered with")
