"""The packed live layout (docs/qr-profile.md §4): 215 to 246 bytes for what takes 500 as CBOR.

Reading stands on the path of every verdict at a gate, so it joins fragments
instead of encoding; `tests` hold it against the generic encoder.
"""

from __future__ import annotations

from collections.abc import Mapping
from struct import Struct
from typing import Final

from credential import packed_name
from credential.errors import CredentialError
from credential.live import LiveToken, parse_live
from credential.template import ANY_GATE, Kind, Template, audience_number
from did import cbor
from did.algorithm import Algorithm
from did.errors import DidError
from did.keys import PublicKey

LIVE: Final = 0x10
P256: Final = 0x01
Y_ODD: Final = 0x02
CHALLENGE: Final = 0x04
"""Flags in the low half of the kind byte."""
WRITTEN_OUT: Final = 0xFFFF
"""The position code that says: a third name field holds the position."""

_NEW: Final = tuple.__new__  # what LiveToken(...) comes to, less half of its time
_LIVE_TEMPLATE: Final = Kind.LIVE
_ED25519: Final = Algorithm.ED25519
_HEAD: Final = Struct(">BHBHHBIHHIH")
"""Kind and flags, template, index (24 bits), day, card (40 bits), ministry, position, time, audience."""
_SIGNATURES: Final = 160
_U32: Final = Struct(">I").pack
_TIMES: Final = Struct(">HIHI").pack
_BYTES: Final = [cbor.head(2, n) for n in range(3000)]
_TEXT: Final = [cbor.head(3, n) for n in range(512)]
_UINT: Final = [cbor.head(0, n) for n in range(256)]
_SIGNATURE1: Final = b"\x84\x6aSignature1"
_ED25519_KEY: Final = b"\x08\xa1\x01\xa3\x01\x01\x20\x06\x21\x58\x20"
_P256_KEY: Final = b"\x08\xa1\x01\xa4\x01\x02\x20\x01\x21\x58\x20"
"""`cnf` up to the key's bytes (RFC 8747 §3.2, RFC 9053 §7)."""
_ED25519_HEADER: Final = b"\xa3\x01\x32\x0d"
_P256_HEADER: Final = b"\xa3\x01\x28\x0d"
"""{1: -19 or -9, 13: ...}, up to the SD-CWT."""
_KB_CWT_TYPE: Final = b"\x10\x19\x01\x26"


def read(data: bytes, templates: Mapping[int, Template]) -> LiveToken:
    """Reads a packed presentation and rebuilds the bytes that were signed.

    One function on purpose: this is the hot path, and every hand-over between
    smaller ones costs a per cent of a signature check.

    Raises:
        CredentialError: `malformed`, or `unknown_template`.
    """
    # The fields (docs/qr-profile.md §4).
    end = len(data) - _SIGNATURES
    if end < _HEAD.size:
        raise CredentialError("malformed", "too short for a presentation")
    kind, number, index_high, index, day, card_high, card, ministry, position, signed_at, audience_code = (
        _HEAD.unpack_from(data)
    )
    challenge, at = (data[23:31], 31) if kind & CHALLENGE else (None, 23)
    name_km, at = packed_name.decode(data, at)
    name_la, at = packed_name.decode(data, at)
    if position == WRITTEN_OUT:
        position, at = packed_name.decode(data, at)
    if at != end or kind & 0x08 or ministry == WRITTEN_OUT or not day or signed_at < 0x10000:
        raise CredentialError("malformed", "the fields do not make a presentation")
    key = data[end : end + 32]
    if kind & P256:
        holder = _p256(key, odd=bool(kind & Y_ODD))
        cose_key = b"".join((_P256_KEY, key, b"\x22\x58\x20", holder.raw[32:]))
    elif kind & Y_ODD:
        raise CredentialError("malformed", "a flag that has no meaning here")
    else:
        holder = PublicKey(_ED25519, key)
        cose_key = _ED25519_KEY + key
    # What the template adds.
    template = templates.get(number)
    if template is None or template.kind is not _LIVE_TEMPLATE:
        raise CredentialError("unknown_template", "no trusted template has this number")
    _, to_sign, token, before_subject, subject, before_index, after_index, before_card, lifetime = (
        template.fragments
    )
    index |= index_high << 16
    card_number = str(card_high << 32 | card).zfill(template.card_digits)
    issued_at = day * 86400
    expires_at = issued_at + lifetime
    if len(card_number) != template.card_digits or expires_at > 0xFFFFFFFF:
        raise CredentialError("malformed", "a card number or day is out of range")
    audience = f"gate-{audience_code}" if audience_code else ANY_GATE  # as audience_text has it
    # The SD-CWT's claims, then both Sig_structures.
    subject += b"%d" % index
    km, la, aud = name_km.encode(), name_la.encode(), audience.encode()
    claims = b"".join(
        (
            before_subject,
            _TEXT[len(subject)],
            subject,
            _TIMES(0x041A, expires_at, 0x061A, issued_at),
            cose_key,
            before_index,
            _UINT[index] if index < 256 else _uint(index),
            after_index,
            _TEXT[len(km)],
            km,
            b"\x02",
            _TEXT[len(la)],
            la,
            before_card,
            card_number.encode(),
            b"\x04",
            _UINT[ministry] if ministry < 256 else _uint(ministry),
            b"\x05",
            _UINT[position] if type(position) is int and position < 256 else _code_or_text(position),
        )
    )
    body = _BYTES[len(claims)] + claims
    issuer_signature = data[end + 32 : end + 96]
    protected = b"".join(
        (
            _P256_HEADER if kind & P256 else _ED25519_HEADER,
            token,
            body,
            b"\x58\x40",
            issuer_signature,
            _KB_CWT_TYPE,
        )
    )
    nonce = b"\x18\x27\x48" + challenge if challenge else b""
    payload = b"".join(
        (b"\xa3\x03" if challenge else b"\xa2\x03", _TEXT[len(aud)], aud, b"\x06\x1a", data[17:21], nonce)
    )
    fields = (
        template,
        template.iss,
        template.kid,
        template.vct,
        template.status_uri,
        template.algorithm.cose,
        index,
        issued_at,
        expires_at,
        issued_at,
        {
            "name_km": name_km,
            "name_la": name_la,
            "card_number": card_number,
            "ministry": ministry,
            "position": position,
        },
        holder,
        holder.algorithm.cose,
        audience,
        signed_at,
        challenge,
        to_sign + body,
        issuer_signature,
        b"".join((_SIGNATURE1, _BYTES[len(protected)], protected, b"\x40", _BYTES[len(payload)], payload)),
        data[end + 96 :],
    )
    return _NEW(LiveToken, fields)


def pack(token: bytes, template: Template) -> bytes | None:
    """The packed form of a key-binding token, or None when the layout cannot hold it exactly.

    Raises:
        CredentialError: `malformed` when `token` is no key-binding token.
    """
    live = parse_live(token)
    audience, names = audience_number(live.audience), [live.claims["name_km"], live.claims["name_la"]]
    position = live.claims.get("position")
    if isinstance(position, str):
        names.append(position)
        position = WRITTEN_OUT
    card = str(live.claims["card_number"])
    fields = [packed_name.encode(str(name)) for name in names]
    if audience is None or None in fields or not (card.isascii() and card.isdigit() and len(card) <= 12):
        return None
    p256 = live.holder.algorithm is Algorithm.P256
    flags = (P256 | Y_ODD * (live.holder.raw[-1] & 1)) if p256 else 0
    flags |= CHALLENGE if live.challenge is not None else 0
    values = (live.status_index, live.issued_at // 86400, int(card), live.claims.get("ministry"), position)
    limits = (0xFFFFFF, 0xFFFF, (1 << 40) - 1, WRITTEN_OUT - 1, WRITTEN_OUT)
    if not all(type(v) is int and 0 <= v <= m for v, m in zip(values, limits, strict=True)):
        return None
    index, day, number, ministry, code = values
    assert isinstance(ministry, int) and isinstance(code, int)  # noqa: S101, PT018 (just checked; for the type checker)
    data = b"".join(
        (
            _HEAD.pack(
                LIVE | flags,
                template.number,
                index >> 16,
                index & 0xFFFF,
                day,
                number >> 32,
                number & 0xFFFFFFFF,
                ministry,
                code,
                live.signed_at,
                audience,
            ),
            live.challenge or b"",
            *(field for field in fields if field),
            live.holder.raw[:32],
            live.issuer_signature,
            live.holder_signature,
        )
    )
    try:
        return data if read(data, {template.number: template}).to_cbor() == token else None
    except CredentialError:
        return None


def size(*names: str) -> int | None:
    """Bytes of an answer to a challenge with these names (a third one: the position, written out).

    None where a name does not fit the layout, so that the token would travel whole.
    """
    fields = [packed_name.encode(name) for name in names]
    if None in fields:
        return None
    return _HEAD.size + 8 + sum(len(field) for field in fields if field) + _SIGNATURES


def _p256(x: bytes, *, odd: bool) -> PublicKey:
    try:
        return PublicKey.from_p256_x(x, odd=odd)
    except DidError as error:
        raise CredentialError("malformed", "the holder key is no point on P-256") from error


def _uint(value: int) -> bytes:
    if value < 256:
        return _UINT[value]
    return b"\x19" + value.to_bytes(2, "big") if value < 65536 else b"\x1a" + _U32(value)


def _code_or_text(value: int | str) -> bytes:
    if isinstance(value, int):
        return _uint(value)
    data = value.encode("utf-8")
    return _TEXT[len(data)] + data
