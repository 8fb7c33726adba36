"""The checks that the three verify functions share; each is pure and stands alone.

A check raises `Refused`, or returns a doubt: the code of a "cannot tell" that
any later refusal wins over, or an empty string.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, NoReturn

from credential.errors import CredentialError
from credential.live import LiveToken
from credential.packed import is_seal, read
from credential.sd_jwt_vc import SdJwtVc
from credential.seal import SealToken
from did.algorithm import Algorithm
from revocation import Status, StatusError
from trust import IssuerKey, KeyKind, TrustSnapshot
from verifier.messages import MESSAGES
from verifier.policy import Kind, Policy
from verifier.verdict import Assurance, CannotTell, Refused

_VALID: Final = int(Status.VALID)
_INVALID: Final = int(Status.INVALID)
_SUSPENDED: Final = int(Status.SUSPENDED)
_NOT_ACTIVE: Final = int(Status.NOT_ACTIVE)
"""Named once: on the hot path a look-up in an enumeration's class is slow."""

CLOCK_TOLERANCE: Final = 60
"""Seconds by which a clock may stand behind the newest signed time it has seen."""


def refuse(code: str) -> NoReturn:
    """Raises `Refused` with the message that belongs to `code`."""
    raise Refused(code, MESSAGES[code].en)


def cannot_tell(code: str) -> NoReturn:
    """Raises `CannotTell` with the message that belongs to `code`."""
    raise CannotTell(code, MESSAGES[code].en)


def epoch(now: datetime) -> float:
    """Seconds since 1970.

    Raises:
        ValueError: for a naive datetime.
    """
    if now.tzinfo is None:
        raise ValueError("now must be an aware datetime")
    return now.timestamp()


def token(
    text: object, kind: Kind, *, trust: TrustSnapshot, policy: Policy, now: float
) -> LiveToken | SealToken:
    """Form: the parsed token behind a QR text."""
    if not isinstance(text, str):
        refuse("not_montrey")
    try:
        return read(text, trust.templates)
    except CredentialError as error:
        if error.code != "unknown_template":
            refuse(error.code)
        if is_seal(text) is not (kind is Kind.SEAL) or kind not in policy.kinds:
            refuse("kind_not_accepted")
        unknown_issuer(trust, now)


def unknown_issuer(trust: TrustSnapshot, now: float) -> NoReturn:
    """An unknown key under expired trust may be a newcomer's: nobody can tell."""
    if now >= trust.expires:
        cannot_tell("trust_expired")
    refuse("untrusted_issuer")


def issuer_key(
    trust: TrustSnapshot, *, kid: str, kind: KeyKind, vct: str, iss: str, issued_at: float, now: float
) -> IssuerKey:
    """Key: the one trusted key with this id, if it may sign this."""
    key = trust.keys.get(kid)
    if key is None:
        unknown_issuer(trust, now)
    if key.kind is not kind:
        refuse("untrusted_issuer")
    if vct not in key.vct:
        refuse("untrusted_issuer")
    if iss != key.iss:
        refuse("untrusted_issuer")
    if not key.not_before <= issued_at < key.not_after:
        refuse("untrusted_issuer")
    return key


def cose_algorithm(algorithm: Algorithm, cose_id: int) -> None:
    """Key: a header may only repeat what the key says (RFC 8725 §3.1)."""
    if cose_id not in algorithm.cose_ids:
        refuse("wrong_algorithm")


def trust_doubt(trust: TrustSnapshot, now: float, *, clock: bool) -> str:
    """Key: whether trust data and clock (`clock_trusted`) may be relied upon at all."""
    if now >= trust.expires:
        return "trust_expired"
    if not clock:
        return "clock_untrusted"
    return ""


def clock_trusted(trust: TrustSnapshot, now: float) -> bool:
    """Whether `now` is not behind what has been signed or seen."""
    latest = now + CLOCK_TOLERANCE
    return latest >= trust.signed_floor and latest >= trust.local_floor


def validity(not_before: float, expires_at: float, now: float) -> None:
    """Time: the credential's own validity."""
    if now < not_before:
        refuse("not_yet_valid")
    if now >= expires_at:
        refuse("expired")


def freshness(signed_at: float, policy: Policy, now: float) -> None:
    """Time: the presentation's own time, where no challenge proves it fresh."""
    if now - signed_at > policy.window_seconds:
        refuse("too_old")
    if signed_at - now > policy.window_seconds:
        refuse("too_new")


def status_doubt(
    uri: str, index: int, *, trust: TrustSnapshot, policy: Policy, now: float
) -> tuple[str, int]:
    """Status: a doubt, and when the list was signed (seconds since 1970).

    INVALID is final, so it counts on an authentic list of any age. Of a value
    that this reader does not know nothing can be told.
    """
    signed = trust.lists.get(uri)
    if signed is None:
        return "status_unknown", 0
    as_of = signed.issued_at
    try:
        value = signed.statuses.get(index)
    except StatusError:
        return "status_unknown", as_of
    if value == _INVALID:
        refuse("revoked")
    if value not in (_VALID, _SUSPENDED):
        return "not_active" if value == _NOT_ACTIVE else "status_unknown", as_of
    if now - as_of > policy.status_age_seconds or (
        signed.expires_at is not None and now >= signed.expires_at
    ):
        return "status_stale", as_of
    if value == _SUSPENDED:
        refuse("suspended")
    return "", as_of


def status_time(uri: str, trust: TrustSnapshot) -> int | None:
    """When the list was signed (seconds since 1970), if there is one."""
    signed = trust.lists.get(uri)
    return None if signed is None else signed.issued_at


def purpose(trust: TrustSnapshot, policy: Policy) -> None:
    """Purpose: only what the ministry has declared permitted."""
    declared = trust.purposes.get(policy.purpose)
    if declared is None or not declared.permitted:
        refuse("purpose_not_permitted")


def assurance(reached: Assurance, policy: Policy) -> None:
    """Assurance: whether the presentation proves enough for this place."""
    if reached < policy.min_assurance:
        refuse("assurance_too_low")


def conditions(
    credential: SealToken | SdJwtVc,
    doubt: str,
    reached: Assurance,
    *,
    trust: TrustSnapshot,
    policy: Policy,
    now: float,
    clock: bool,
    card_number: str | None,
) -> int:
    """Everything behind signatures and nonce, for a seal or an SD-JWT VC; returns when the status was signed.

    `verifier.live` has its own: more is asked there, and every call costs.
    """
    # Time; under an untrusted clock nothing is refused for its time.
    if clock:
        validity(max(credential.not_before, credential.issued_at), credential.expires_at, now)
    # Card; whoever does not disclose the number has not shown a wrong one.
    disclosed = credential.claims.get("card_number")
    if card_number is not None and disclosed is not None and disclosed != card_number:
        refuse("card_mismatch")
    # Status, purpose, assurance.
    unsure, status_signed = status_doubt(
        credential.status_uri, credential.status_index, trust=trust, policy=policy, now=now
    )
    purpose(trust, policy)
    assurance(reached, policy)
    # Only now the doubts: a refusal wins over them.
    doubt = doubt or unsure
    if doubt:
        cannot_tell(doubt)
    return status_signed
