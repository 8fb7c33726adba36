"""The packed seal layout (docs/qr-profile.md §5): about 135 bytes for what takes 330 as CBOR."""

from __future__ import annotations

from collections.abc import Mapping
from struct import Struct
from typing import Final

from credential import packed_name
from credential.errors import CredentialError
from credential.seal import SealToken, parse_seal, payload_of
from credential.template import Kind, Template

SEAL: Final = 0x20
_HEAD: Final = Struct(">BHBHHBI32s")
"""Kind, template, index (24 bits), day, card (40 bits), photo digest."""
_SIGNATURE: Final = 64


def size(name_km: str, name_la: str) -> int | None:
    """Bytes of a seal with these names; None where one does not fit, so that the token would travel whole."""
    fields = [packed_name.encode(name) for name in (name_km, name_la)]
    if None in fields:
        return None
    return _HEAD.size + sum(len(field) for field in fields if field) + _SIGNATURE


def read(data: bytes, templates: Mapping[int, Template]) -> SealToken:
    """Reads a packed seal and rebuilds the bytes that were signed.

    Raises:
        CredentialError: `malformed`, or `unknown_template`.
    """
    end = len(data) - _SIGNATURE
    if end < _HEAD.size:
        raise CredentialError("malformed", "too short for a seal")
    kind, number, index_high, index, day, card_high, card, photo = _HEAD.unpack_from(data)
    name_km, at = packed_name.decode(data, _HEAD.size)
    name_la, at = packed_name.decode(data, at)
    if at != end or kind != SEAL or not day:
        raise CredentialError("malformed", "the fields do not make a seal")
    template = templates.get(number)
    if template is None or template.kind is not Kind.SEAL:
        raise CredentialError("unknown_template", "no trusted template has this number")
    index |= index_high << 16
    card_number = f"{card_high << 32 | card:0{template.card_digits}d}"
    issued_at = day * 86400
    expires_at = issued_at + template.fragments.lifetime
    if len(card_number) != template.card_digits or expires_at > 0xFFFFFFFF:
        raise CredentialError("malformed", "a card number or day is out of range")
    person = (name_km, name_la, card_number)
    return SealToken(
        template=template,
        iss=template.iss,
        kid=template.kid,
        vct=template.vct,
        status_uri=template.status_uri,
        issuer_algorithm=template.algorithm.cose,
        status_index=index,
        issued_at=issued_at,
        expires_at=expires_at,
        not_before=issued_at,
        claims={
            "name_km": name_km,
            "name_la": name_la,
            "card_number": card_number,
            "photo_sha256": photo.hex(),
        },
        protected=template.fragments.protected,
        payload=payload_of(template, person, photo, index=index, issued_at=issued_at),
        signature=data[end:],
    )


def pack(token: bytes, template: Template) -> bytes | None:
    """The packed form of a seal, or None when the layout cannot hold it exactly.

    Raises:
        CredentialError: `malformed` when `token` is no seal.
    """
    seal = parse_seal(token)
    card, photo = str(seal.claims["card_number"]), str(seal.claims.get("photo_sha256", ""))
    names = [packed_name.encode(str(seal.claims[name])) for name in ("name_km", "name_la")]
    index, day = seal.status_index, seal.issued_at // 86400
    if None in names or len(photo) != 64 or not (card.isascii() and card.isdigit() and len(card) <= 12):
        return None
    number = int(card)
    if index > 0xFFFFFF:
        return None
    head = (SEAL, template.number, index >> 16, index & 0xFFFF, day, number >> 32, number & 0xFFFFFFFF)
    data = b"".join((_HEAD.pack(*head, bytes.fromhex(photo)), *filter(None, names), seal.signature))
    try:
        return data if read(data, {template.number: template}).to_cbor() == token else None
    except CredentialError:
        return None
