"""The packed live layout (docs/qr-profile.md §4): 215 to 246 bytes for what takes 500 as CBOR.

Reading stands on the path of every verdict at a gate, so it joins fragments
instead of encoding; `tests` hold it against the generic encoder.
"""

from __future__ import annotations

from collections.abc import Mapping
from struct import Struct
from typing import NamedTuple

from credential import packed_name
from credential.errors import CredentialError
from credential.fragments import Fragments
from credential.live import LiveToken, parse_live
from credential.template import Kind, Template, audience_number, audience_text
from did import cbor
from did.algorithm import Algorithm
from did.keys import PublicKey

LIVE = 0x10
P256, Y_ODD, CHALLENGE = 0x01, 0x02, 0x04
"""Flags in the low half of the kind byte."""
WRITTEN_OUT = 0xFFFF
"""The position code that says: a third name field holds the position."""

_HEAD = Struct(">BHBHHBIHHIH")
"""Kind and flags, template, index (24 bits), day, card (40 bits), ministry, position, time, audience."""
_SIGNATURES = 160
_U32 = Struct(">I").pack
_BYTES = [cbor.head(2, n) for n in range(3000)]
_TEXT = [cbor.head(3, n) for n in range(512)]
_UINT = [cbor.head(0, n) for n in range(256)]
_SIGNATURE1 = b"\x84\x6aSignature1"


def read(data: bytes, templates: Mapping[int, Template]) -> LiveToken:
    """Reads a packed presentation and rebuilds the bytes that were signed.

    Raises:
        CredentialError: `malformed`, or `unknown_template`.
    """
    fields = _divide(data)
    template = templates.get(fields.template)
    if template is None or template.kind is not Kind.LIVE:
        raise CredentialError("unknown_template", "no trusted template has this number")
    card_number = f"{fields.card:0{template.card_digits}d}"
    issued_at = fields.day * 86400
    fixed = template.fragments
    expires_at = issued_at + fixed.lifetime
    if len(card_number) != template.card_digits or expires_at > 0xFFFFFFFF:
        raise CredentialError("malformed", "a card number or day is out of range")
    claims = _claims_cbor(fixed, fields, card_number, issued_at, expires_at)
    body = _BYTES[len(claims)] + claims
    protected = b"".join(
        (
            b"\xa3\x01\x28\x0d" if fields.flags & P256 else b"\xa3\x01\x32\x0d",
            fixed.token,
            body,
            b"\x58\x40",
            fields.issuer_signature,
            b"\x10\x19\x01\x26",
        )
    )
    audience = audience_text(fields.audience)
    payload = _binding_cbor(audience, fields.signed_at, fields.challenge)
    return LiveToken(
        template,
        template.iss,
        template.kid,
        template.vct,
        template.status_uri,
        template.algorithm.cose,
        fields.status_index,
        issued_at,
        expires_at,
        issued_at,
        {
            "name_km": fields.name_km,
            "name_la": fields.name_la,
            "card_number": card_number,
            "ministry": fields.ministry,
            "position": fields.position,
        },
        fields.holder,
        fields.holder.algorithm.cose,
        audience,
        fields.signed_at,
        fields.challenge,
        fixed.signed + body,
        fields.issuer_signature,
        protected,
        payload,
        fields.holder_signature,
    )


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


class _Fields(NamedTuple):
    flags: int
    template: int
    status_index: int
    day: int
    card: int
    ministry: int
    position: int | str
    signed_at: int
    audience: int
    challenge: bytes | None
    name_km: str
    name_la: str
    holder: PublicKey
    issuer_signature: bytes
    holder_signature: bytes


def _divide(data: bytes) -> _Fields:
    end = len(data) - _SIGNATURES
    if end < _HEAD.size:
        raise CredentialError("malformed", "too short for a presentation")
    kind, template, index_high, index, day, card_high, card, ministry, position, signed_at, audience = (
        _HEAD.unpack_from(data)
    )
    at = _HEAD.size
    challenge = None
    if kind & CHALLENGE:
        challenge = data[at : at + 8]
        at += 8
    name_km, at = packed_name.decode(data, at)
    name_la, at = packed_name.decode(data, at)
    if position == WRITTEN_OUT:
        position, at = packed_name.decode(data, at)
    if at != end or kind & 0x08 or ministry == WRITTEN_OUT or not day or signed_at < 0x10000:
        raise CredentialError("malformed", "the fields do not make a presentation")
    raw = data[end : end + 32]
    if kind & P256:
        holder = PublicKey.from_p256_x(raw, odd=bool(kind & Y_ODD))
    elif kind & Y_ODD:
        raise CredentialError("malformed", "a flag that has no meaning here")
    else:
        holder = PublicKey(Algorithm.ED25519, raw)
    return _Fields(
        kind & 0x0F,
        template,
        index_high << 16 | index,
        day,
        card_high << 32 | card,
        ministry,
        position,
        signed_at,
        audience,
        challenge,
        name_km,
        name_la,
        holder,
        data[end + 32 : end + 96],
        data[end + 96 :],
    )


def _claims_cbor(
    fixed: Fragments, fields: _Fields, card_number: str, issued_at: int, expires_at: int
) -> bytes:
    subject = fixed.subject + b"%d" % fields.status_index
    name_km, name_la = fields.name_km.encode("utf-8"), fields.name_la.encode("utf-8")
    holder = fields.holder.raw
    position = fields.position
    return b"".join(
        (
            fixed.claims,
            _TEXT[len(subject)],
            subject,
            b"\x04\x1a",
            _U32(expires_at),
            b"\x06\x1a",
            _U32(issued_at),
            b"\x08\xa1\x01\xa3\x01\x01\x20\x06\x21\x58\x20" + holder
            if len(holder) == 32
            else b"\x08\xa1\x01\xa4\x01\x02\x20\x01\x21\x58\x20"
            + holder[:32]
            + b"\x22\x58\x20"
            + holder[32:],
            fixed.before_index,
            _uint(fields.status_index),
            fixed.after_index,
            _TEXT[len(name_km)],
            name_km,
            b"\x02",
            _TEXT[len(name_la)],
            name_la,
            fixed.card,
            card_number.encode("ascii"),
            b"\x04",
            _uint(fields.ministry),
            b"\x05",
            _uint(position) if isinstance(position, int) else _text(position),
        )
    )


def _binding_cbor(audience: str, signed_at: int, challenge: bytes | None) -> bytes:
    text = audience.encode("ascii")
    if challenge is None:
        return b"\xa2\x03" + _TEXT[len(text)] + text + b"\x06\x1a" + _U32(signed_at)
    return b"\xa3\x03" + _TEXT[len(text)] + text + b"\x06\x1a" + _U32(signed_at) + b"\x18\x27\x48" + challenge


def _uint(value: int) -> bytes:
    if value < 256:
        return _UINT[value]
    return b"\x19" + value.to_bytes(2, "big") if value < 65536 else b"\x1a" + _U32(value)


def _text(text: str) -> bytes:
    data = text.encode("utf-8")
    return _TEXT[len(data)] + data
