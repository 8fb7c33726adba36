"""Judging a live QR code: a pure function of the text, the trust, the policy and the time."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from credential.live import LiveToken
from trust import KeyKind, TrustSnapshot
from verifier import checks
from verifier.policy import Kind, Policy
from verifier.verdict import Assurance, VerificationError, Verified

_LIVE: Final = Kind.LIVE
_LIVE_KEY: Final = KeyKind.LIVE
_PLAIN: Final = Assurance.LIVE
_CHALLENGED: Final = Assurance.LIVE_CHALLENGE
"""Named once: on the hot path a look-up in an enumeration's class is slow."""


def verify(
    text: object,
    *,
    trust: TrustSnapshot,
    policy: Policy,
    now: datetime,
    challenge: bytes | None = None,
    card_number: str | None = None,
) -> Verified:
    """Judges the text of a live QR code.

    `challenge` is the 8-byte nonce that this verifier showed; with it the
    phone's clock is not judged. `card_number` is the number on the plastic.
    No socket, no file, no clock: the same arguments give the same answer.

    Raises:
        VerificationError: `Refused` or `CannotTell`, whatever the text holds.
        ValueError, TypeError: for arguments other than the text.
    """
    moment = checks.epoch(now)
    # Form and kind.
    token = checks.token(text, _LIVE, trust=trust, policy=policy, now=moment)
    if not isinstance(token, LiveToken):
        checks.refuse("kind_not_accepted")
    if _LIVE not in policy.kinds:
        checks.refuse("kind_not_accepted")
    doubt = "card_number_needed" if policy.require_card and card_number is None else ""
    # Key.
    issuer = checks.issuer_key(
        trust,
        kid=token.kid,
        kind=_LIVE_KEY,
        vct=token.vct,
        iss=token.iss,
        issued_at=token.issued_at,
        now=moment,
    )
    checks.cose_algorithm(issuer.key.algorithm, token.issuer_algorithm)
    checks.cose_algorithm(token.holder.algorithm, token.holder_algorithm)
    clock = checks.clock_trusted(trust, moment)
    doubt = doubt or checks.trust_doubt(trust, moment, clock=clock)
    # Issuer signature, holder signature.
    if not issuer.key.verify(token.issuer_signed, token.issuer_signature):
        checks.refuse("bad_signature")
    signed = token.holder_signed
    if not token.holder.verify(signed, token.holder_signature):
        checks.refuse("holder_mismatch")
    reached = _PLAIN if challenge is None else _CHALLENGED
    try:
        status_time = _conditions(
            token,
            doubt,
            reached,
            trust=trust,
            policy=policy,
            now=moment,
            clock=clock,
            challenge=challenge,
            card_number=card_number,
        )
    except VerificationError as error:
        error.claims, error.status_epoch = token.claims, checks.status_time(token.status_uri, trust)
        raise
    return Verified(
        reached,
        token.claims,
        card_number is not None,
        challenge is not None,
        status_time,
        trust.expires,
        token.expires_at,
        None if challenge is not None else token.signed_at,
        None if challenge is not None else int(token.signed_at + policy.window_seconds),
        signed,
    )


def _conditions(
    token: LiveToken,
    doubt: str,
    reached: Assurance,
    *,
    trust: TrustSnapshot,
    policy: Policy,
    now: float,
    clock: bool,
    challenge: bytes | None,
    card_number: str | None,
) -> int:
    """Everything behind the signatures; returns when the status was signed (seconds since 1970)."""
    # Audience and challenge.
    if token.audience != policy.audience:
        checks.refuse("audience_mismatch")
    if challenge is not None and token.challenge != challenge:
        checks.refuse("challenge_mismatch")
    if challenge is None and token.challenge is not None:
        checks.refuse("challenge_unexpected")
    # Time; under an untrusted clock nothing is refused for its time.
    if clock:
        checks.validity(max(token.not_before, token.issued_at), token.expires_at, now)
        if challenge is None:
            checks.freshness(token.signed_at, policy, now)
    # Card.
    if card_number is not None and token.claims["card_number"] != card_number:
        checks.refuse("card_mismatch")
    # Status.
    status_doubt, status_time = checks.status_doubt(
        token.status_uri, token.status_index, trust=trust, policy=policy, now=now
    )
    # Purpose and assurance.
    checks.purpose(trust, policy)
    checks.assurance(reached, policy)
    # Only now the doubts: a refusal wins over them.
    doubt = doubt or status_doubt
    if doubt:
        checks.cannot_tell(doubt)
    return status_time
