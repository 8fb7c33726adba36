"""Runs under `.judges/bin/python`: one JSON question on stdin, one JSON answer on stdout."""

from __future__ import annotations

import json
import sys
from typing import Any

import cbor2
from cwt import COSE, COSEKey  # type: ignore[import-not-found]
from jwcrypto.jwk import JWK  # type: ignore[import-untyped]
from sd_jwt.common import SDObj  # type: ignore[import-not-found]
from sd_jwt.holder import SDJWTHolder  # type: ignore[import-not-found]
from sd_jwt.issuer import SDJWTIssuer  # type: ignore[import-not-found]
from sd_jwt.verifier import SDJWTVerifier  # type: ignore[import-not-found]


def verify_sd_jwt(*, token: str, issuer: dict[str, str], audience: str | None, nonce: str | None) -> Any:
    """The processed payload, after checking both signatures (ES256 holders only)."""
    key = JWK(**issuer)
    verifier = SDJWTVerifier(token, lambda _issuer, _header: key, audience, nonce)
    return verifier.get_verified_payload()


def issue_sd_jwt(
    *,
    claims: dict[str, Any],
    disclosable: list[str],
    header: dict[str, str],
    issuer: dict[str, str],
    algorithm: str,
    holder: dict[str, str],
) -> str:
    """An SD-JWT with decoys."""
    marked = {SDObj(name) if name in disclosable else name: value for name, value in claims.items()}
    issued = SDJWTIssuer(
        marked,
        JWK(**issuer),
        JWK(**holder),
        sign_alg=algorithm,
        add_decoy_claims=True,
        extra_header_parameters=header,
    )
    return str(issued.sd_jwt_issuance)


def present_sd_jwt(
    *, token: str, disclose: dict[str, Any], audience: str, nonce: str, holder: dict[str, str]
) -> str:
    """A presentation with key binding."""
    wallet = SDJWTHolder(token)
    wallet.create_presentation(disclose, nonce, audience, JWK(**holder), "ES256")
    return str(wallet.sd_jwt_presentation)


def verify_cose(*, token: str, key: dict[str, Any]) -> str:
    """The payload of a COSE_Sign1, in hexadecimal, after checking its signature."""
    return bytes(COSE.new().decode(bytes.fromhex(token), COSEKey.from_jwk(key))).hex()


def verify_cose_pem(*, token: str, pem: str, kid: str) -> str:
    """The same, with a P-384 key in PEM."""
    key = COSEKey.from_pem(pem, kid=kid, alg="ES384")
    return bytes(COSE.new().decode(bytes.fromhex(token), key)).hex()


def verify_live(*, token: str, holder: dict[str, Any], issuer: dict[str, Any]) -> dict[str, str]:
    """Both payloads of a key-binding token, after checking the holder's and the issuer's signature."""
    data = bytes.fromhex(token)
    binding = COSE.new().decode(data, COSEKey.from_jwk(holder))
    sd_cwt = cbor2.dumps(cbor2.loads(cbor2.loads(data).value[0])[13])
    credential = COSE.new().decode(sd_cwt, COSEKey.from_jwk(issuer))
    return {"binding": bytes(binding).hex(), "credential": bytes(credential).hex()}


def make_live(
    *, credential: str, binding: str, kid: str, holder: dict[str, Any], issuer: dict[str, Any]
) -> str:
    """A key-binding token over an SD-CWT with these payloads, in hexadecimal."""
    sd_cwt = _sign(bytes.fromhex(credential), issuer, {4: kid.encode(), 16: 293})
    return _sign(bytes.fromhex(binding), holder, {13: cbor2.loads(sd_cwt), 16: 294}).hex()


def sign_cose(*, payload: str, key: dict[str, Any], kid: str) -> str:
    """A tagged COSE_Sign1 over `payload`, in hexadecimal."""
    return _sign(bytes.fromhex(payload), key, {4: kid.encode()}).hex()


def _sign(payload: bytes, key: dict[str, Any], protected: dict[int, Any]) -> bytes:
    signer = COSE.new(alg_auto_inclusion=True, deterministic_header=True)
    return bytes(signer.encode(payload, COSEKey.from_jwk(key), protected))


TASKS = {
    task.__name__: task
    for task in (
        verify_sd_jwt,
        issue_sd_jwt,
        present_sd_jwt,
        verify_cose,
        verify_cose_pem,
        verify_live,
        make_live,
        sign_cose,
    )
}


def main() -> None:
    """Answers the question on stdin."""
    question = json.load(sys.stdin)
    try:
        answer: Any = {"result": TASKS[question.pop("task")](**question)}
    except Exception as error:  # noqa: BLE001 (whatever a judge objects with is its verdict)
        answer = {"error": f"{type(error).__name__}: {error}"}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
