"""Status deltas: what changed since a full list, small enough for a QR code.

A delta is cumulative since its base, so a missed one costs nothing; it renews
how old the statuses are and never how long the list is trusted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from did import base45, cbor, cose
from did.keys import PublicKey
from did.signer import Signer
from revocation import golomb_rice
from revocation.errors import StatusError
from revocation.status_list import StatusList
from revocation.token import SignedList, is_number

TYPE = "status-delta"
PREFIX = "MS1:"
MAX_BYTES = 1 << 18
"""Any change of 2^18 entries, and more: beyond that a full list is shorter."""
MAX_TEXT = 4296
"""Characters of the largest QR code in alphanumeric mode (version 40-L)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delta:
    """An authentic delta; times are epoch seconds.

    `changes` (index → status of `bits` bits) says how the list differs from
    the full list whose token has the SHA-256 `base_digest`; the changed byte
    array has the SHA-256 `result_digest`.
    """

    uri: str
    kid: str
    sequence: int
    issued_at: int
    expires_at: int
    base_digest: bytes
    result_digest: bytes
    bits: int
    changes: Mapping[int, int]


def make_delta(
    base: SignedList,
    current: StatusList,
    *,
    kid: str,
    sequence: int,
    issued_at: int,
    expires_at: int,
    signer: Signer,
) -> bytes:
    """The delta that leads from the full list `base` to `current`, signed; no change makes a delta too.

    Raises:
        ValueError: the lists differ in size or bits, or the delta is not newer than its base.
    """
    full = base.full
    if (full.size, full.bits) != (current.size, current.bits):
        raise ValueError("a delta changes neither size nor bits")
    if sequence <= base.sequence or issued_at < base.issued_at:
        raise ValueError("a delta is newer than its base")
    changes = golomb_rice.encode(_changes(full, current), bits=full.bits)
    result = hashlib.sha256(current.data).digest()
    payload = cbor.encode([base.uri, base.digest, sequence, issued_at, expires_at, result, changes])
    return cose.sign1({cose.KID: kid.encode(), cose.TYP: TYPE}, payload, signer)


def read_delta(data: bytes, *, key: PublicKey) -> Delta:
    """Reads a delta that must be signed by `key`; its list, its times and its base are still to be judged.

    Raises:
        StatusError: `malformed_delta`.
        DidError: `wrong_algorithm`, `bad_signature`, `malformed_cbor`, `malformed_cose`.
    """
    token, kid = _parse(data)
    cose.verify_sign1(token, key)
    match _payload(token):
        case [str(uri), bytes(base), sequence, issued_at, expires_at, bytes(result), bytes(coded)]:
            pass
        case _:
            raise StatusError("malformed_delta", "the token's payload is no status delta")
    if not (is_number(sequence) and is_number(issued_at) and is_number(expires_at)):
        raise StatusError("malformed_delta", "a time or the sequence of a delta is no whole number")
    if len(base) != 32 or len(result) != 32:
        raise StatusError("malformed_delta", "a digest is no SHA-256")
    bits, changes = golomb_rice.decode(coded)
    return Delta(
        uri=uri,
        kid=kid,
        sequence=sequence,
        issued_at=issued_at,
        expires_at=expires_at,
        base_digest=base,
        result_digest=result,
        bits=bits,
        changes=changes,
    )


def apply(base: SignedList, delta: Delta) -> SignedList:
    """`base`, a full list or one that has had deltas applied, brought to the state of `delta`.

    The result keeps the full list's digest, expiry and ttl.

    Raises:
        StatusError: `delta_uri_mismatch`, `delta_base_mismatch`, `delta_older` when
            `base` is newer than the delta, `delta_result_mismatch`.
    """
    if delta.uri != base.uri:
        raise StatusError("delta_uri_mismatch", "the delta is of another list")
    if delta.base_digest != base.digest:
        raise StatusError("delta_base_mismatch", "the delta changes another full list")
    if newer(base, delta):
        raise StatusError("delta_older", "the list is newer than the delta")
    full = base.full
    if delta.bits != full.bits or max(delta.changes, default=0) >= full.size:
        raise StatusError("delta_result_mismatch", "the delta does not fit the list")
    statuses = full.with_changes(delta.changes)
    if hashlib.sha256(statuses.data).digest() != delta.result_digest:
        raise StatusError("delta_result_mismatch", "the delta does not lead where it says")
    return replace(
        base,
        statuses=statuses,
        base=full,
        issued_at=delta.issued_at,
        sequence=delta.sequence,
        kid=delta.kid,
    )


def newer(a: SignedList | Delta, b: SignedList | Delta) -> bool:
    """Whether `a` is a later publication than `b` of the same list: first by sequence, then by time."""
    return (a.sequence, a.issued_at) > (b.sequence, b.issued_at)


def peek(data: bytes) -> tuple[str, str]:
    """List URI and key id of a delta, unchecked: to find the key by.

    Raises:
        StatusError: `malformed_delta`.
        DidError: `malformed_cbor`, `malformed_cose`.
    """
    token, kid = _parse(data)
    match _payload(token):
        case [str(uri), *_]:
            return uri, kid
    raise StatusError("malformed_delta", "the token's payload is no status delta")


def to_text(data: bytes) -> str:
    """The text of a delta for a QR code in alphanumeric mode.

    Raises:
        StatusError: `delta_too_long` when no QR code holds it: it goes into a file, as bytes.
    """
    text = PREFIX + base45.encode(data)
    if len(text) > MAX_TEXT:
        raise StatusError("delta_too_long", "the delta does not fit a QR code")
    return text


def from_text(text: str) -> bytes:
    """The bytes of a delta that was read from a QR code; one line end is dropped.

    Raises:
        StatusError: `malformed_delta`.
        DidError: `malformed_base45`.
    """
    if len(text) > MAX_TEXT + 2 or not text.startswith(PREFIX) or not text.isascii():
        raise StatusError("malformed_delta", "the text is no status delta")
    return base45.decode(text[len(PREFIX) :].removesuffix("\n").removesuffix("\r").encode("ascii"))


def _changes(old: StatusList, new: StatusList) -> dict[int, int]:
    per_byte = 8 // old.bits
    changed = [at for at, (a, b) in enumerate(zip(old.data, new.data, strict=True)) if a != b]
    indices = (at * per_byte + offset for at in changed for offset in range(per_byte))
    return {index: new.get(index) for index in indices if new.get(index) != old.get(index)}


def _parse(data: bytes) -> tuple[cose.Sign1, str]:
    token = cose.parse_sign1(data, max_bytes=MAX_BYTES)
    match token.protected:
        case {4: bytes(kid), 16: str(typ)} if (
            typ == TYPE and len(token.protected) == 3 and not token.unprotected
        ):
            try:
                return token, kid.decode()
            except UnicodeDecodeError:
                pass
    raise StatusError("malformed_delta", "the token is no status delta")


def _payload(token: cose.Sign1) -> Any:
    return cbor.decode(token.payload, max_bytes=MAX_BYTES)
