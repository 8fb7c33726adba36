"""The answers: `Verified`, or one of a closed list of codes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import IntEnum
from types import MappingProxyType
from typing import NamedTuple

from credential.fragments import CNONCE
from did import base64url, cbor, strict_json
from did.errors import IdentityError


class Assurance(IntEnum):
    """How much an accepted presentation proves, from least to most."""

    PRINTED = 1
    """A copyable print: compare the face and the number."""
    LIVE = 2
    """Signed by the holder's key within the time window."""
    LIVE_CHALLENGE = 3
    """Signed by the holder's key over this verifier's own nonce."""

    @property
    def label(self) -> str:
        """The name in reports: `printed`, `live` or `live-challenge`."""
        return self.name.lower().replace("_", "-")


REFUSED = (
    "not_montrey",
    "unsupported_version",
    "malformed",
    "kind_not_accepted",
    "untrusted_issuer",
    "wrong_algorithm",
    "bad_signature",
    "holder_mismatch",
    "audience_mismatch",
    "challenge_mismatch",
    "challenge_unexpected",
    "not_yet_valid",
    "expired",
    "too_old",
    "too_new",
    "card_mismatch",
    "revoked",
    "suspended",
    "purpose_not_permitted",
    "assurance_too_low",
    "replayed",
)
"""Codes of a refusal, in the order in which the first that applies wins."""

CANNOT_TELL = (
    "card_number_needed",
    "trust_expired",
    "clock_untrusted",
    "status_unknown",
    "not_active",
    "status_stale",
    "show_again",
)
"""Codes of "cannot tell", in the same order; any refusal wins over them, but for two exceptions (docs)."""


class VerificationError(IdentityError):
    """No acceptance: the one class that leaves the verify functions, whatever was presented.

    `claims` are those of the presentation once every signature has held, and
    empty before: a guard may see who is suspended, but not what a forger wrote.
    `status_epoch` is then when the status list of the presentation was signed
    (seconds since 1970), None where there is no such list.
    """

    claims: Mapping[str, object] = MappingProxyType({})
    status_epoch: int | None = None


class Refused(VerificationError):
    """The presentation is not acceptable, and would not be with newer data."""


class CannotTell(VerificationError):
    """Nothing is known against the presentation, but what is known does not suffice to accept it."""


class Verified(NamedTuple):
    """An accepted presentation. Times are aware datetimes.

    `claims` are what the issuer signed and the holder disclosed;
    `fresh_until` is the end of the time window and `signed_epoch` its middle
    (seconds since 1970), both None where nothing depends on the phone's clock.
    """

    assurance: Assurance
    claims: Mapping[str, object]
    card_checked: bool
    challenge_checked: bool
    status_epoch: int
    trust_epoch: int
    expires_epoch: int
    signed_epoch: int | None
    fresh_until_epoch: int | None
    signed: bytes

    @property
    def answered(self) -> bytes | None:
        """The nonce of the verifier's own that the holder signed over; None where it gave none."""
        if not self.challenge_checked:
            return None
        if self.signed[:1] == b"\x84":  # an array: the Sig_structure of a key-binding token (RFC 9052 §4.4)
            binding = cbor.decode(self.signed, max_bytes=len(self.signed))[3]
            return bytes(cbor.decode(binding, max_bytes=len(binding))[CNONCE])
        payload = base64url.decode(
            self.signed.decode("ascii").partition(".")[2]
        )  # of a KB-JWT (RFC 9901 §4.3)
        return str(strict_json.loads(payload, max_bytes=len(payload))["nonce"]).encode()

    @property
    def replay_key(self) -> bytes:
        """SHA-256 of the challenge that was answered, else of what the holder signed: what passes once.

        Never of the text or the signature: a P-256 signature has a twin that verifies too.
        """
        return hashlib.sha256(self.answered or self.signed).digest()

    @property
    def status_as_of(self) -> datetime:
        """When the status data that was used was signed."""
        return datetime.fromtimestamp(self.status_epoch, UTC)

    @property
    def trust_expires(self) -> datetime:
        """Until when the trust data that was used may be used."""
        return datetime.fromtimestamp(self.trust_epoch, UTC)

    @property
    def expires(self) -> datetime:
        """When the credential expires."""
        return datetime.fromtimestamp(self.expires_epoch, UTC)

    @property
    def fresh_until(self) -> datetime | None:
        """Until when this very presentation could be shown again, if it has a time window."""
        moment = self.fresh_until_epoch
        return None if moment is None else datetime.fromtimestamp(moment, UTC)
