"""Status lists as a home holds them: authentic, of the right kind of key, and never older than before.

One floor a list, (sequence, iat) of its newest state, whatever carried it: the
state itself is kept, so an older stick, or one that leaves the list out, does
not un-revoke anybody. The floor falls only with the keys that signed it: once
`issuers.json` no longer names them, the next list counts as the first one. So
what the thief of a status key signed, under whatever sequence, ends with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from did.errors import IdentityError
from revocation.delta import Delta, apply, peek, read_delta
from revocation.token import SignedList, peek_kid, read_cwt, read_jwt
from trust import names
from trust.errors import TrustError
from trust.issuer_keys import IssuerKey, KeyKind

TOLERANCE = 60
"""Seconds a clock may stand behind a signed time."""
_SIGNED_BY = {"cwt": KeyKind.STATUS, "jwt": KeyKind.SD_JWT}
"""Seal and live lists by status keys, never by a seal key; an SD-JWT VC's list by the credential's key."""


@dataclass(frozen=True, slots=True)
class HeldList:
    """The tokens behind one list.

    `full` and the `delta` on top of it, if any, make the newest state known.
    `pending` is a full list that was published later but says less; the next
    delta may be based on it.
    """

    full: bytes
    delta: bytes | None = None
    pending: bytes | None = None


def read_list(target: str, data: bytes, keys: Mapping[str, IssuerKey]) -> SignedList:
    """Reads and checks the full list that stands in the target `status/<name>.<form>`.

    Raises:
        TrustError: `unknown_key`, `wrong_key_kind`, `key_window`, `list_uri_mismatch`, `bad_list`.
    """
    split = names.split_status(target)
    if split is None:
        raise TrustError("unsafe_name", "a status list has an unexpected name")
    name, form = split
    try:
        key = _signing_key(peek_kid(data), form, keys)
        uri = f"{key.iss}/status/{name}"
        if form == "cwt":
            signed = read_cwt(data, uri=uri, key=key.key)
        else:
            signed = read_jwt(data.decode("ascii", "replace"), uri=uri, key=key.key)
    except TrustError as error:
        raise TrustError(error.code, f"{target}: {error}") from error
    except IdentityError as error:
        code = error.code if error.code == "list_uri_mismatch" else "bad_list"
        raise TrustError(code, f"{target}: {error}") from error
    _check_window(key, signed.issued_at, target)
    return signed


def newest(target: str, held: HeldList, keys: Mapping[str, IssuerKey]) -> SignedList:
    """The newest state of a held list: the full list, with its delta applied.

    Raises:
        TrustError: as `read_list` and `apply_delta`.
    """
    full = read_list(target, held.full, keys)
    return full if held.delta is None else apply_delta(target, full, held.delta, keys)


def apply_delta(target: str, base: SignedList, data: bytes, keys: Mapping[str, IssuerKey]) -> SignedList:
    """The state that `data`, a delta on the full list `base`, leads to; its own expiry is not judged.

    Raises:
        TrustError: `unknown_key`, `wrong_key_kind`, `key_window`, `bad_delta`.
    """
    changed = _applied(target, base, _read_delta(target, data, keys))
    _check_window(keys[changed.kid], changed.issued_at, target)
    return changed


def merge(
    target: str, published: bytes, held: HeldList | None, keys: Mapping[str, IssuerKey], *, now: int
) -> tuple[HeldList, SignedList]:
    """What to hold once `published` came, and the newest state of it.

    A list that says less than the held state, by (sequence, iat), is only
    remembered; anything newer, or the same, takes its place, deltas included.

    Raises:
        TrustError: as `read_list`, about the published list only;
            `clock_untrusted` when it was issued more than a minute from now.
    """
    new = read_list(target, published, keys)
    _check_future(new.issued_at, now, target)
    held = still_signed(target, held, keys) if held else None
    if held is None:
        return HeldList(published), new
    known = newest(target, held, keys)
    if floor_of(new) >= floor_of(known):
        return HeldList(published), new
    return HeldList(held.full, held.delta, published if published != held.full else None), known


def still_signed(target: str, held: HeldList, keys: Mapping[str, IssuerKey]) -> HeldList | None:
    """What is left of a held list once `keys` are believed: without a delta whose key was withdrawn, or None.

    What a withdrawn key signed is a floor no longer.
    """
    for rest in (held, HeldList(held.full, None, held.pending)):
        try:
            newest(target, rest, keys)
        except TrustError:
            continue
        return rest
    return None


def add_delta(
    target: str, held: HeldList, data: bytes, keys: Mapping[str, IssuerKey], *, now: int
) -> tuple[HeldList, SignedList]:
    """What to hold once the delta `data` came, and the newest state of it.

    The same delta again changes nothing.

    Raises:
        TrustError: `delta_base_missing` when it changes a full list this home
            does not have, `delta_old`, `delta_expired`, `clock_untrusted`, or
            as `apply_delta`.
    """
    delta = _read_delta(target, data, keys)
    _check_future(delta.issued_at, now, target)
    if delta.expires_at <= now:
        raise TrustError("delta_expired", f"{target}: the delta has expired; fetch a newer one")
    known = newest(target, held, keys)
    if (delta.sequence, delta.issued_at) < floor_of(known):
        raise TrustError("delta_old", f"{target}: the delta is older than what is known")
    pending = held.pending
    base = read_list(target, held.full, keys)
    if pending is not None and base.digest != delta.base_digest:
        held, base, pending = HeldList(pending), read_list(target, pending, keys), None
    if base.digest != delta.base_digest:
        raise TrustError(
            "delta_base_missing", f"{target}: the delta changes a list that is not here; sync first"
        )
    changed = apply_delta(target, base, data, keys)
    return HeldList(held.full, data, pending), changed


def floor_of(signed: SignedList) -> tuple[int, int]:
    """What a later state of the list must not fall below."""
    return signed.sequence, signed.issued_at


def _signing_key(kid: str, form: str, keys: Mapping[str, IssuerKey]) -> IssuerKey:
    key = keys.get(kid)
    if key is None:
        raise TrustError("unknown_key", "signed with a key that issuers.json does not name")
    if key.kind is not _SIGNED_BY.get(form):
        raise TrustError("wrong_key_kind", "signed with a key of another kind")
    return key


def _check_window(key: IssuerKey, issued_at: int, target: str) -> None:
    if not key.covers(issued_at):
        raise TrustError("key_window", f"{target}: signed outside its key's window")


def _check_future(issued_at: int, now: int, target: str) -> None:
    if issued_at > now + TOLERANCE:
        raise TrustError("clock_untrusted", f"{target}: issued in the future, or this clock is behind")


def _read_delta(target: str, data: bytes, keys: Mapping[str, IssuerKey]) -> Delta:
    form = (names.split_status(target) or ("", ""))[1]
    try:
        return read_delta(data, key=_signing_key(peek(data)[1], form, keys).key)
    except TrustError as error:
        raise TrustError(error.code, f"{target}: {error}") from error
    except IdentityError as error:
        raise TrustError("bad_delta", f"{target}: {error}") from error


def _applied(target: str, base: SignedList, delta: Delta) -> SignedList:
    try:
        return apply(base, delta)
    except IdentityError as error:
        raise TrustError("bad_delta", f"{target}: {error}") from error
