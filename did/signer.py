"""Signing: the one protocol, and the two software keys that satisfy it."""

from __future__ import annotations

import secrets
from typing import Protocol, runtime_checkable

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from nacl.bindings import crypto_sign, crypto_sign_seed_keypair

from did.algorithm import Algorithm
from did.errors import DidError
from did.keys import PublicKey

_ECDSA = ec.ECDSA(SHA256())
_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@runtime_checkable
class Signer(Protocol):
    """Whatever can sign: a software key, or later a key that never leaves its device."""

    @property
    def public_key(self) -> PublicKey:
        """The public half; its algorithm is the signer's."""

    def sign(self, message: bytes) -> bytes:
        """64 bytes over `message` (P-256: r ‖ s)."""


class SoftwareSigner:
    """A private key held in memory: a 32-byte Ed25519 seed or P-256 scalar.

    Raises:
        DidError: `malformed_key` when `secret` is no private key of `algorithm`.
    """

    __slots__ = ("_ed25519", "_p256", "public_key", "secret")

    def __init__(self, algorithm: Algorithm, secret: bytes) -> None:
        if len(secret) != 32:
            raise DidError("malformed_key", "a private key has 32 bytes")
        self.secret = secret
        self._ed25519 = b""
        self._p256: ec.EllipticCurvePrivateKey | None = None
        if algorithm is Algorithm.ED25519:
            raw, self._ed25519 = crypto_sign_seed_keypair(secret)
        else:
            scalar = int.from_bytes(secret, "big")
            if not 0 < scalar < _P256_ORDER:
                raise DidError("malformed_key", "not a P-256 private key")
            self._p256 = ec.derive_private_key(scalar, ec.SECP256R1())
            raw = self._p256.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)[1:]
        self.public_key = PublicKey(algorithm, raw)

    @classmethod
    def generate(cls, algorithm: Algorithm) -> SoftwareSigner:
        """A fresh key from the operating system's randomness."""
        if algorithm is Algorithm.ED25519:
            return cls(algorithm, secrets.token_bytes(32))
        return cls(algorithm, (secrets.randbelow(_P256_ORDER - 1) + 1).to_bytes(32, "big"))

    def sign(self, message: bytes) -> bytes:
        """64 bytes over `message` (P-256: r ‖ s)."""
        if self._p256 is None:
            return crypto_sign(message, self._ed25519)[:64]
        r, s = decode_dss_signature(self._p256.sign(message, _ECDSA))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    def __repr__(self) -> str:
        return f"SoftwareSigner({self.public_key.algorithm.name})"  # never the secret
