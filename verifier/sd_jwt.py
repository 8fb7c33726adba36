"""Judging an SD-JWT VC with key binding, as a bank receives it (RFC 9901)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from credential.errors import CredentialError
from credential.sd_jwt_vc import SdJwtVc, read_sd_jwt_vc
from did import jws
from did.keys import PublicKey
from trust import KeyKind, TrustSnapshot
from verifier import checks
from verifier.policy import Kind, Policy
from verifier.verdict import Assurance, VerificationError, Verified

_SD_JWT: Final = Kind.SD_JWT
_BANK_KEY: Final = KeyKind.SD_JWT
_CHALLENGED: Final = Assurance.LIVE_CHALLENGE
"""Named once: on the hot path a look-up in an enumeration's class is slow."""


def verify_sd_jwt(
    token: object,
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
    credential = _read(token)
    presented, binding = credential.token, credential.token.key_binding
    if _SD_JWT not in policy.kinds:
        checks.refuse("kind_not_accepted")
    disclosed = credential.claims.get("card_number")
    needs_card = policy.require_card if card_number is None else disclosed is None
    doubt = "card_number_needed" if needs_card else ""
    # Key.
    issuer = checks.issuer_key(
        trust,
        kid=credential.kid,
        kind=_BANK_KEY,
        vct=credential.vct,
        iss=credential.iss,
        issued_at=credential.issued_at,
        now=moment,
    )
    _algorithm(presented.jws, issuer.key)
    if binding is not None:
        _algorithm(binding.jws, credential.holder)
    clock = checks.clock_trusted(trust, moment)
    doubt = doubt or checks.trust_doubt(trust, moment, clock=clock)
    # Issuer signature, holder signature.
    if not issuer.key.verify(presented.jws.signing_input, presented.jws.signature):
        checks.refuse("bad_signature")
    if binding is None:
        checks.refuse("holder_mismatch")
    if not credential.holder.verify(binding.jws.signing_input, binding.jws.signature):
        checks.refuse("holder_mismatch")
    if binding.sd_hash != presented.sd_hash:
        checks.refuse("holder_mismatch")
    try:
        if binding.audience != audience:
            checks.refuse("audience_mismatch")
        if binding.nonce != nonce:
            checks.refuse("challenge_mismatch")
        status_time = checks.conditions(
            credential,
            doubt,
            _CHALLENGED,
            trust=trust,
            policy=policy,
            now=moment,
            clock=clock,
            card_number=card_number,
        )
    except VerificationError as error:
        error.claims, error.status_epoch = credential.claims, checks.status_time(credential.status_uri, trust)
        raise
    return Verified(
        _CHALLENGED,
        credential.claims,
        card_number is not None,
        True,
        status_time,
        trust.expires,
        credential.expires_at,
        None,
        None,
        binding.jws.signing_input,
    )


def _read(token: object) -> SdJwtVc:
    if not isinstance(token, str) or not token.startswith("eyJ"):  # base64url of '{"'
        checks.refuse("not_montrey")
    try:
        return read_sd_jwt_vc(token)
    except CredentialError:
        checks.refuse("malformed")


def _algorithm(token: jws.Jws, key: PublicKey) -> None:
    if token.header["alg"] not in key.algorithm.jose_names:
        checks.refuse("wrong_algorithm")
