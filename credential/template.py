"""Templates: what a QR code leaves out because every reader already has it, signed.

A template is named by its number in the QR and never changes; a new signing
key or status list means a new number. It stays published until the last
credential made with it has expired.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from credential import fragments
from credential.card_number import MAX_DIGITS
from credential.errors import CredentialError
from credential.fragments import Fragments
from did.algorithm import Algorithm

ANY_GATE = "any-gate"
"""The audience of a presentation made without a challenge."""


class Kind(StrEnum):
    """What a template, and the key it names, makes: exactly one of these."""

    LIVE = "live"
    SEAL = "seal"


@dataclass(frozen=True, kw_only=True)
class Template:
    """One numbered template.

    `validity_days` counts from 00:00 UTC of the issue day; `card_digits` is
    how many digits a card number has, leading zeros included. `status_uri`
    is the `sub` of the status list that `index` points into.

    Raises:
        CredentialError: `bad_template`.
    """

    number: int
    kind: Kind
    iss: str
    kid: str
    algorithm: Algorithm
    vct: str
    status_uri: str
    validity_days: int
    card_digits: int = 10

    def __post_init__(self) -> None:
        texts = (self.iss, self.kid, self.vct, self.status_uri)
        if (
            not 1 <= self.number <= 0xFFFF
            or not 1 <= self.validity_days <= 0xFFFF
            or not 4 <= self.card_digits <= MAX_DIGITS
            or not all(0 < len(text) <= 200 and text.isascii() and text.isprintable() for text in texts)
        ):
            raise CredentialError(
                "bad_template", "a template's number, days, digits or texts are out of range"
            )

    @cached_property
    def fragments(self) -> Fragments:
        """The fixed bytes of every token made with this template, computed once."""
        return fragments.build(
            live=self.kind is Kind.LIVE,
            number=self.number,
            iss=self.iss,
            kid=self.kid,
            algorithm=self.algorithm.cose,
            vct=self.vct,
            status_uri=self.status_uri,
            validity_days=self.validity_days,
            card_digits=self.card_digits,
        )

    def to_json(self) -> dict[str, object]:
        """This template as an entry of the signed target `templates.json`."""
        return {
            "number": self.number,
            "kind": self.kind.value,
            "iss": self.iss,
            "kid": self.kid,
            "alg": self.algorithm.jose,
            "vct": self.vct,
            "status_uri": self.status_uri,
            "validity_days": self.validity_days,
            "card_digits": self.card_digits,
        }

    @classmethod
    def from_json(cls, entry: Any) -> Template:
        """Reads what `to_json` wrote.

        Raises:
            CredentialError: `bad_template`.
        """
        match entry:
            case {
                "number": int(number),
                "kind": "live" | "seal" as kind,
                "iss": str(iss),
                "kid": str(kid),
                "alg": "EdDSA" | "ES256" as alg,
                "vct": str(vct),
                "status_uri": str(status_uri),
                "validity_days": int(validity_days),
                "card_digits": int(card_digits),
            } if len(entry) == 9:
                return cls(
                    number=number,
                    kind=Kind(kind),
                    iss=iss,
                    kid=kid,
                    algorithm=Algorithm.ED25519 if alg == "EdDSA" else Algorithm.P256,
                    vct=vct,
                    status_uri=status_uri,
                    validity_days=validity_days,
                    card_digits=card_digits,
                )
        raise CredentialError("bad_template", "not a template")


def audience_text(number: int) -> str:
    """The `aud` of a registered relying party; number 0 stands for `any-gate`."""
    return f"gate-{number}" if number else ANY_GATE


def audience_number(audience: str) -> int | None:
    """The number behind an `aud` that `audience_text` made, or None for any other."""
    if audience == ANY_GATE:
        return 0
    prefix, _, digits = audience.partition("-")
    if prefix != "gate" or not (digits.isascii() and digits.isdigit() and len(digits) <= 5):
        return None
    number = int(digits)
    return number if 0 < number <= 0xFFFF and str(number) == digits else None
