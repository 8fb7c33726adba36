"""Lists of genuine seals: the answer to a stolen seal key.

Plastic cannot be re-issued by a command. When a seal key is compromised the
issuer publishes `genuine/<kid>`, the prefixes of every seal it made with that
key, and a verifier then accepts no other seal of it.

The prefixes have 16 bytes. With 8, whoever holds the stolen key could try
2^46 seals until one falls on one of 220,000 prefixes.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from operator import lt

from trust.errors import TrustError

PREFIX = 16
"""Bytes of SHA-256 kept of each seal."""
MAX_BYTES = PREFIX << 19
"""Half a million seals of one key; a quarter's are some ten thousand."""


@dataclass(frozen=True, slots=True)
class GenuineList:
    """Every seal made with the key `kid`: sorted 16-byte SHA-256 prefixes, one after the other.

    Raises:
        TrustError: `malformed_genuine` for a wrong length, a wrong order or a repeated prefix.
    """

    kid: str
    digests: bytes

    def __post_init__(self) -> None:
        if len(self.digests) % PREFIX or len(self.digests) > MAX_BYTES:
            raise TrustError("malformed_genuine", "a list of genuine seals has a wrong length")
        prefixes = [self.digests[at : at + PREFIX] for at in range(0, len(self.digests), PREFIX)]
        if not all(map(lt, prefixes, islice(prefixes, 1, None))):
            raise TrustError("malformed_genuine", "a list of genuine seals is not in strict order")

    @classmethod
    def build(cls, kid: str, digests: Iterable[bytes]) -> GenuineList:
        """The list of these 16-byte prefixes, in any order and repeated or not."""
        prefixes = sorted(set(digests))
        if any(len(prefix) != PREFIX for prefix in prefixes):
            raise ValueError("a prefix has 16 bytes")
        return cls(kid, b"".join(prefixes))

    def holds(self, digest: bytes) -> bool:
        """Whether the seal with this 16-byte prefix was made by the issuer."""
        count = len(self.digests) // PREFIX
        at = bisect_left(range(count), digest, key=self._prefix)
        return at < count and self._prefix(at) == digest

    def _prefix(self, index: int) -> bytes:
        return self.digests[index * PREFIX : (index + 1) * PREFIX]
