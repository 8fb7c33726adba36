"""The challenge QR that a gate may show: `MC1:` and Base45 of ten bytes (docs/qr-profile.md §6)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from credential.errors import CredentialError
from credential.template import audience_text
from did import base45
from did.errors import DidError

PREFIX = "MC1:"
LIFETIME = 60
"""Seconds for which a gate accepts an answer."""


@dataclass(frozen=True, slots=True)
class Challenge:
    """A gate's registered number (0: none) and its 8-byte single-use nonce."""

    audience_number: int
    nonce: bytes

    def __post_init__(self) -> None:
        if not 0 <= self.audience_number <= 0xFFFF or len(self.nonce) != 8:
            raise ValueError("a gate number has 16 bits and a nonce 8 bytes")

    @classmethod
    def new(cls, audience_number: int) -> Challenge:
        """A challenge with a random nonce, for a gate to show once."""
        return cls(audience_number, secrets.token_bytes(8))

    @property
    def audience(self) -> str:
        """The `aud` that an answer must carry."""
        return audience_text(self.audience_number)

    def to_text(self) -> str:
        """The QR text."""
        return PREFIX + base45.encode(self.audience_number.to_bytes(2, "big") + self.nonce)

    @classmethod
    def from_text(cls, text: str) -> Challenge:
        """Reads a challenge QR.

        Raises:
            CredentialError: `malformed_challenge`.
        """
        if text[:4] != PREFIX or len(text) > 32:
            raise CredentialError("malformed_challenge", "not a challenge of a gate")
        try:
            data = base45.decode(text.removesuffix("\n").removesuffix("\r")[4:].encode("ascii"))
        except (DidError, UnicodeEncodeError) as error:
            raise CredentialError("malformed_challenge", "not a challenge of a gate") from error
        if len(data) != 10:
            raise CredentialError("malformed_challenge", "not a challenge of a gate")
        return cls(int.from_bytes(data[:2], "big"), data[2:])
