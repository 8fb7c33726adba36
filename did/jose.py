"""Encryption to a JWK (RFC 7516), private JWKs and thumbprint URIs: the one door to joserfc.

Signatures do not pass here: `did.jws` checks them in half the time.
"""

from __future__ import annotations

from collections.abc import Mapping

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from did import base64url, strict_json
from did.algorithm import Algorithm
from did.errors import DidError
from did.keys import PublicKey
from did.signer import SoftwareSigner

AGREEMENT = "ECDH-ES"
ENCRYPTIONS = ("A128GCM", "A256GCM")
"""What HAIP 1.0 §5 asks for, in the order of preference."""
MAX_PLAINTEXT = 48 << 10
"""Bytes: joserfc decrypts no more than 64 KB of base64url."""

_MAX_TOKEN = (64 << 10) + 2048
_MAX_HEADER = 768
_REGISTRY = jwe.JWERegistry(algorithms=(AGREEMENT, *ENCRYPTIONS), strict_check_header=False)

Jwk = Mapping[str, object]


def encrypt_jwe(
    plaintext: bytes, recipient_jwk: Jwk, *, enc: str = ENCRYPTIONS[0], content_type: str | None = None
) -> str:
    """The compact JWE of at most `MAX_PLAINTEXT` bytes for a P-256 public key; its `kid` is repeated.

    Raises:
        DidError: what the key is refused for.
        ValueError: for a plaintext that is too long or another `enc`.
    """
    if len(plaintext) > MAX_PLAINTEXT or enc not in ENCRYPTIONS:
        raise ValueError("plaintext too long, or an encryption that is not used here")
    header = {"alg": AGREEMENT, "enc": enc}
    if isinstance(kid := recipient_jwk.get("kid"), str):
        header["kid"] = kid
    if content_type is not None:
        header["cty"] = content_type
    recipient = ECKey.import_key(dict(_agreement_key(recipient_jwk).to_jwk()))
    return jwe.encrypt_compact(header, plaintext, recipient, registry=_REGISTRY)


def decrypt_jwe(token: str, private_jwk: Jwk) -> bytes:
    """The plaintext of a compact JWE for this P-256 private key.

    Raises:
        DidError: `malformed_jwe`, `wrong_algorithm`, `decryption_failed`, or
            what a key is refused for.
    """
    parts = token.split(".") if len(token) <= _MAX_TOKEN else []
    if len(parts) != 5 or parts[1] or not token.isascii():
        raise DidError("malformed_jwe", "a compact JWE by direct agreement has four parts and an empty one")
    _check_header(strict_json.loads(base64url.decode(parts[0]), max_bytes=_MAX_HEADER))
    signer = signer_from_jwk(private_jwk)
    _agreement_key(private_jwk)
    key = ECKey.import_key(dict(signer_to_jwk(signer)))
    try:
        return jwe.decrypt_compact(token, key, registry=_REGISTRY).plaintext or b""
    except (JoseError, ValueError) as error:
        raise DidError("decryption_failed", "the JWE is not for this key, or was changed") from error


def generate_recipient() -> dict[str, str]:
    """A fresh private JWK to be encrypted to; its `kid` is its thumbprint."""
    signer = SoftwareSigner.generate(Algorithm.P256)
    kid = base64url.encode(signer.public_key.thumbprint())
    return {**signer_to_jwk(signer), "use": "enc", "alg": AGREEMENT, "kid": kid}


def public_jwk(jwk: Jwk) -> dict[str, object]:
    """`jwk` without its private member.

    Raises:
        DidError: what the key is refused for.
    """
    public = {name: value for name, value in jwk.items() if name != "d"}
    PublicKey.from_jwk(public)
    return public


def signer_to_jwk(signer: SoftwareSigner) -> dict[str, str]:
    """The private JWK (RFC 7518 §6.2.2, RFC 8037 §2). It is not encrypted: prefer `did.keyfile`."""
    return {**signer.public_key.to_jwk(), "d": base64url.encode(signer.secret)}


def signer_from_jwk(jwk: Jwk) -> SoftwareSigner:
    """The signer of a private JWK, whose two halves must belong together.

    Raises:
        DidError: `malformed_key`, `unsupported_key`, `malformed_base64url`.
    """
    public = PublicKey.from_jwk({name: value for name, value in jwk.items() if name != "d"})
    secret = jwk.get("d")
    if not isinstance(secret, str):
        raise DidError("malformed_key", "a private JWK has a member d")
    signer = SoftwareSigner(public.algorithm, base64url.decode(secret))
    if signer.public_key != public:
        raise DidError("malformed_key", "the two halves of the JWK do not belong together")
    return signer


def thumbprint_uri(key: PublicKey) -> str:
    """The JWK thumbprint URI of `key`, SHA-256 (RFC 9278 §3)."""
    return f"urn:ietf:params:oauth:jwk-thumbprint:sha-256:{base64url.encode(key.thumbprint())}"


def _agreement_key(jwk: Jwk) -> PublicKey:
    key = PublicKey.from_jwk({name: value for name, value in jwk.items() if name != "d"})
    if key.algorithm is not Algorithm.P256:
        raise DidError("unsupported_key", "only P-256 keys are encrypted to")
    if jwk.get("use", "enc") != "enc" or jwk.get("alg", AGREEMENT) != AGREEMENT:
        raise DidError("unsupported_key", "the key is not for encryption by ECDH-ES")
    return key


def _check_header(header: object) -> None:
    """Refuses what joserfc would take or answer untyped: compression, extensions, a foreign curve."""
    if not isinstance(header, dict) or "zip" in header or "crit" in header:
        raise DidError("malformed_jwe", "the JWE header is compressed, critical or no object")
    if header.get("alg") != AGREEMENT or header.get("enc") not in ENCRYPTIONS:
        raise DidError("wrong_algorithm", "only ECDH-ES with A128GCM or A256GCM is accepted")
    if PublicKey.from_jwk(header.get("epk")).algorithm is not Algorithm.P256:
        raise DidError("malformed_jwe", "the ephemeral key is not on P-256")
