"""The two signature algorithms of the project, and their names elsewhere.

An algorithm is a property of a key, never of a message: a header may only
repeat what the key says (RFC 8725 §3.1).
"""

from __future__ import annotations

from enum import Enum


class Algorithm(Enum):
    """Ed25519 (RFC 8032) or ECDSA over P-256 with SHA-256 (FIPS 186-5).

    `jose` and `cose` are the identifiers we write; `jose_names` and
    `cose_ids` those we accept for a key of this kind: the older polymorphic
    ones and the fully-specified ones of RFC 9864.
    """

    ED25519 = ("EdDSA", -19, frozenset({"EdDSA", "Ed25519"}), frozenset({-8, -19}))
    P256 = ("ES256", -9, frozenset({"ES256"}), frozenset({-7, -9}))

    def __init__(self, jose: str, cose: int, jose_names: frozenset[str], cose_ids: frozenset[int]) -> None:
        self.jose = jose
        self.cose = cose
        self.jose_names = jose_names
        self.cose_ids = cose_ids
