"""Judging a printed QR code, which proves less: compare the face and the number."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from credential.seal import SealToken
from trust import KeyKind, TrustSnapshot
from verifier import checks
from verifier.policy import Kind, Policy
from verifier.verdict import Assurance, VerificationError, Verified

_SEAL: Final = Kind.SEAL
_SEAL_KEY: Final = KeyKind.SEAL
_PRINTED: Final = Assurance.PRINTED
"""Named once: on the hot path a look-up in an enumeration's class is slow."""


def verify_seal(
    text: object, *, trust: TrustSnapshot, policy: Policy, now: datetime, card_number: str | None
) -> Verified:
    """Judges the text of the QR code printed on a card, against the number on that card.

    A seal can be copied. Without `card_number` nothing ties it to a card, and
    the answer is `card_number_needed`.

    Raises:
        VerificationError: `Refused` or `CannotTell`, whatever the text holds.
        ValueError, TypeError: for arguments other than the text.
    """
    moment = checks.epoch(now)
    # Form and kind.
    token = checks.token(text, _SEAL, trust=trust, policy=policy, now=moment)
    if not isinstance(token, SealToken):
        checks.refuse("kind_not_accepted")
    if _SEAL not in policy.kinds:
        checks.refuse("kind_not_accepted")
    doubt = "card_number_needed" if card_number is None else ""
    # Key.
    issuer = checks.issuer_key(
        trust,
        kid=token.kid,
        kind=_SEAL_KEY,
        vct=token.vct,
        iss=token.iss,
        issued_at=token.issued_at,
        now=moment,
    )
    checks.cose_algorithm(issuer.key.algorithm, token.issuer_algorithm)
    genuine = trust.genuine.get(token.kid)
    if genuine is not None and not genuine.holds(token.digest):  # of a stolen key, only what it made before
        checks.refuse("untrusted_issuer")
    clock = checks.clock_trusted(trust, moment)
    doubt = doubt or checks.trust_doubt(trust, moment, clock=clock)
    # Issuer signature.
    if not issuer.key.verify(token.signed, token.signature):
        checks.refuse("bad_signature")
    try:
        status_time = checks.conditions(
            token,
            doubt,
            _PRINTED,
            trust=trust,
            policy=policy,
            now=moment,
            clock=clock,
            card_number=card_number,
        )
    except VerificationError as error:
        error.claims, error.status_epoch = token.claims, checks.status_time(token.status_uri, trust)
        raise
    return Verified(
        assurance=_PRINTED,
        claims=token.claims,
        card_checked=True,
        challenge_checked=False,
        status_epoch=status_time,
        trust_epoch=trust.expires,
        expires_epoch=token.expires_at,
        signed_epoch=None,
        fresh_until_epoch=None,
        signed=token.signed,
    )
