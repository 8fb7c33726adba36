"""Run in the judges' environment: sd-jwt, cwt and claim169, each over its own raw signatures.

The floor is the signature library that the peer itself uses, with loaded keys
and over the very bytes; claim169 has its own in Rust, and is held against
PyNaCl where that is installed, else against cryptography.
"""

# mypy: disable-error-code="import-not-found, import-untyped, no-untyped-call"
from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import cbor2
import claim169
import cwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from jwcrypto.common import base64url_decode
from jwcrypto.jwk import JWK
from sd_jwt.common import SDObj
from sd_jwt.holder import SDJWTHolder
from sd_jwt.issuer import SDJWTIssuer
from sd_jwt.verifier import SDJWTVerifier

from bench.measure import Effort, Figure, Work, compare

_SHA256 = ec.ECDSA(SHA256())
_CLAIMS = {f"claim_{n}": f"value of claim {n}" for n in range(12)}
_SHOWN = dict.fromkeys(list(_CLAIMS)[:3], True)
_LATER = 4_000_000_000


def figures(effort: Effort) -> Iterator[Figure]:
    """Issue and verify with each of the three."""
    yield from _sd_jwt(effort)
    yield from _cwt(effort)
    yield from _claim169(effort)


def _sd_jwt(effort: Effort) -> Iterator[Figure]:
    issuer, holder = (JWK.generate(kty="EC", crv="P-256") for _ in range(2))
    claims: dict[Any, str] = {SDObj(name): value for name, value in _CLAIMS.items()}
    issue = lambda: SDJWTIssuer(claims, issuer, holder, sign_alg="ES256")  # noqa: E731
    wallet = SDJWTHolder(issue().sd_jwt_issuance)
    wallet.create_presentation(_SHOWN, "nonce", "https://bank.example", holder, "ES256")
    text = wallet.sd_jwt_presentation
    first, last = text.split("~")[0], text.split("~")[-1]

    def verify() -> None:
        SDJWTVerifier(text, lambda *_: issuer, "https://bank.example", "nonce").get_verified_payload()

    checks = [_p256(key.get_op_key("verify"), *_jws(jwt)) for key, jwt in ((issuer, first), (holder, last))]
    private, message = issuer.get_op_key("sign"), _jws(first)[0]
    note = "12 claims, ES256"
    yield compare(
        "peer sd-jwt: issue", issue, lambda: private.sign(message, _SHA256), effort=effort, note=note
    )
    floor = lambda: [check() for check in checks]  # noqa: E731
    yield compare("peer sd-jwt: verify + KB", verify, floor, effort=effort, note=f"{note}, 3 shown")


def _cwt(effort: Effort) -> Iterator[Figure]:
    private = ec.generate_private_key(ec.SECP256R1())
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    signer = cwt.COSEKey.from_pem(pem, alg="ES256", kid="issuer-1")
    claims = {1: "https://id.mcs.example", 2: "1-123456", 4: _LATER, 6: 1_700_000_000, -70001: _CLAIMS}
    issue = lambda: cwt.encode(dict(claims), signer)  # noqa: E731
    token = issue()
    protected, _, payload, signature = cbor2.loads(token).value
    message = cbor2.dumps(["Signature1", protected, b"", payload])
    check = _p256(private.public_key(), message, signature)
    yield compare(
        "peer cwt: issue", issue, lambda: private.sign(message, _SHA256), effort=effort, note="ES256"
    )
    yield compare("peer cwt: verify", lambda: cwt.decode(token, signer), check, effort=effort, note="ES256")


def _claim169(effort: Effort) -> Iterator[Figure]:
    seed = bytes(range(32))
    person = claim169.Claim169Input(id="4203918577", full_name="SOK CHAN DARA VY")
    person.secondary_full_name, person.secondary_language = "សុខ ចាន់តារា", "khm"
    person.date_of_birth = "1988-04-14"
    meta = claim169.CwtMetaInput(issuer="https://id.mcs.example", expires_at=_LATER)
    public = ed25519.Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    issue = lambda: claim169.encode(person, meta, sign_with_ed25519=seed)  # noqa: E731
    text = issue()
    verify = lambda: claim169.decode(text, verify_with_ed25519=public)  # noqa: E731
    sign, check, library = _ed25519(seed, bytes(len(text) * 2 // 3 - 64))
    note = f"{len(text)} characters, no holder, no status; floor: {library}"
    yield compare("peer claim169: issue", issue, sign, effort=effort, note=note)
    yield compare("peer claim169: verify", verify, check, effort=effort, note=note)


def _ed25519(seed: bytes, message: bytes) -> tuple[Work, Work, str]:
    """Raw signature and raw check, and whose they are."""
    private = ed25519.Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = private.public_key(), private.sign(message)
    try:
        from nacl.bindings import crypto_sign, crypto_sign_open, crypto_sign_seed_keypair
    except ImportError:
        return lambda: private.sign(message), lambda: public.verify(signature, message), "cryptography"
    raw, secret = crypto_sign_seed_keypair(seed)
    signed = signature + message
    return lambda: crypto_sign(message, secret), lambda: crypto_sign_open(signed, raw), "PyNaCl"


def _jws(jwt: str) -> tuple[bytes, bytes]:
    signing_input, _, signature = jwt.rpartition(".")
    return signing_input.encode(), base64url_decode(signature)


def _p256(public: Any, message: bytes, signature: bytes) -> Work:
    der = encode_dss_signature(int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))
    return lambda: public.verify(der, message, _SHA256)


if __name__ == "__main__":
    measured = figures(Effort(*json.loads(sys.argv[1])))
    print(json.dumps([asdict(figure) for figure in measured]))
