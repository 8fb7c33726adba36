"""Judging an SD-JWT VC with key binding, as a bank receives it (RFC 9901)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from credential import sd_jwt
from credential.errors import CredentialError
from did import jws
from did.errors import DidError
from did.keys import PublicKey
from trust import KeyKind, TrustSnapshot
from verifier import checks
from verifier.policy import Kind, Policy
from verifier.verdict import Assurance, VerificationError, Verified

_TECHNICAL = frozenset(
    {"iss", "sub", "aud", "iat", "nbf", "exp", "jti", "cnf", "vct", "vct#integrity", "status"}
)
"""Claims about the credential, not about the person."""


def verify_sd_jwt(
    token: str,
    *,
    trust: TrustSnapshot,
    policy: Policy,
    now: datetime,
    audience: str,
    nonce: str,
    card_number: str | None = None,
) -> Verified:
    """Judges an SD-JWT VC presented with a key-binding JWT over this verifier's `nonce`.

    `audience` and `nonce` are what this verifier asked with, and key binding is
    always demanded; `policy.audience` and the phone's clock play no part.

    Raises:
        VerificationError: `Refused` or `CannotTell`, whatever the token holds.
        ValueError, TypeError: for arguments other than the token.
    """
    if not audience or not nonce:
        raise ValueError("audience and nonce must be what the holder was asked with")
    moment = checks.epoch(now)
    # Form and kind.
    presented, credential = _read(token)
    if Kind.SD_JWT not in policy.kinds:
        checks.refuse("kind_not_accepted")
    disclosed = credential.claims.get("card_number")
    needs_card = policy.require_card if card_number is None else disclosed is None
    doubt = "card_number_needed" if needs_card else ""
    # Key.
    issuer = checks.issuer_key(
        trust,
        kid=credential.kid,
        kind=KeyKind.SD_JWT,
        vct=credential.vct,
        iss=credential.iss,
        issued_at=credential.issued_at,
        now=moment,
    )
    _algorithm(presented.jws, issuer.key)
    if presented.key_binding is not None:
        _algorithm(presented.key_binding.jws, credential.holder)
    doubt = doubt or checks.trust_doubt(trust, moment)
    # Issuer signature, holder signature.
    if not issuer.key.verify(presented.jws.signing_input, presented.jws.signature):
        checks.refuse("bad_signature")
    binding = presented.key_binding
    if binding is None:
        checks.refuse("holder_mismatch")
    if not credential.holder.verify(binding.jws.signing_input, binding.jws.signature):
        checks.refuse("holder_mismatch")
    if binding.sd_hash != presented.sd_hash:
        checks.refuse("holder_mismatch")
    person = {name: value for name, value in credential.claims.items() if name not in _TECHNICAL}
    try:
        if binding.audience != audience:
            checks.refuse("audience_mismatch")
        if binding.nonce != nonce:
            checks.refuse("challenge_mismatch")
        status_time = _conditions(
            credential, doubt, trust=trust, policy=policy, now=moment, card_number=card_number
        )
    except VerificationError as error:
        error.claims, error.status_epoch = person, checks.status_time(credential.status_uri, trust)
        raise
    return Verified(
        assurance=Assurance.LIVE_CHALLENGE,
        claims=person,
        card_checked=card_number is not None,
        challenge_checked=True,
        status_epoch=status_time,
        trust_epoch=trust.expires,
        expires_epoch=int(credential.expires_at),
        signed_epoch=None,
        fresh_until_epoch=None,
        signed=binding.jws.signing_input,
    )


class _Credential(NamedTuple):
    kid: str
    iss: str
    vct: str
    issued_at: int
    not_before: int
    expires_at: int
    status_uri: str
    status_index: int
    holder: PublicKey
    claims: dict[str, Any]


def _conditions(
    credential: _Credential,
    doubt: str,
    *,
    trust: TrustSnapshot,
    policy: Policy,
    now: float,
    card_number: str | None,
) -> int:
    """Everything behind signatures, audience and nonce; returns when the status was signed."""
    # Time; under an untrusted clock nothing is refused for its time.
    if checks.clock_trusted(trust, now):
        checks.validity(max(credential.not_before, credential.issued_at), credential.expires_at, now)
    # Card.
    disclosed = credential.claims.get("card_number")
    if card_number is not None and disclosed is not None and disclosed != card_number:
        checks.refuse("card_mismatch")
    # Status and purpose; a nonce was answered, so no assurance is higher.
    status_doubt, status_time = checks.status_doubt(
        credential.status_uri, credential.status_index, trust=trust, policy=policy, now=now
    )
    checks.purpose(trust, policy)
    doubt = doubt or status_doubt
    if doubt:
        checks.cannot_tell(doubt)
    return status_time


def _read(token: str) -> tuple[sd_jwt.SdJwt, _Credential]:
    if not isinstance(token, str) or not token.startswith("eyJ"):  # base64url of '{"'
        checks.refuse("not_montrey")
    try:
        presented = sd_jwt.parse(token)
        credential = _credential(presented)
    except (CredentialError, DidError):
        checks.refuse("malformed")
    return presented, credential


def _credential(presented: sd_jwt.SdJwt) -> _Credential:
    claims = presented.claims
    match claims:
        case {
            "iss": str(iss),
            "vct": str(vct),
            "iat": int(issued_at),
            "exp": int(expires_at),
            "cnf": {"jwk": dict(jwk)},
            "status": {"status_list": {"idx": int(index), "uri": str(uri)}},
        }:
            not_before = claims.get("nbf", issued_at)
        case _:
            raise CredentialError("malformed_sd_jwt", "a claim is missing or has the wrong type")
    kid = presented.jws.header.get("kid")
    numbers = (issued_at, not_before, expires_at, index)
    if not isinstance(kid, str) or presented.jws.header.get("typ") != "dc+sd-jwt":
        raise CredentialError("malformed_sd_jwt", "not an SD-JWT VC")
    if any(type(number) is not int or not 0 <= number < 1 << 53 for number in numbers):
        raise CredentialError("malformed_sd_jwt", "a number is out of range")
    holder = PublicKey.from_jwk(jwk)
    return _Credential(kid, iss, vct, issued_at, not_before, expires_at, uri, index, holder, claims)


def _algorithm(token: jws.Jws, key: PublicKey) -> None:
    if token.header["alg"] not in key.algorithm.jose_names:
        checks.refuse("wrong_algorithm")
