"""QR texts: `MQ1:` and Base45, one text for one token (docs/qr-profile.md)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from credential import live_layout, seal_layout
from credential.errors import CredentialError
from credential.live import LiveToken, parse_live
from credential.seal import SealToken, parse_seal
from credential.template import Kind, Template
from did import base45
from did.errors import DidError

PREFIX: Final = "MQ1:"
MAX_TEXT: Final = 4296
"""Characters that the largest QR code holds in alphanumeric mode (ISO/IEC 18004, table 7)."""
LIVE_WHOLE: Final = 0x30
SEAL_WHOLE: Final = 0x40


def pack(token: bytes, template: Template) -> str:
    """The QR text of a live presentation or a seal; whole when it does not fit the packed layout.

    Raises:
        CredentialError: `malformed` when `token` is neither, or too large for a QR code.
    """
    if template.kind is Kind.LIVE:
        data = live_layout.pack(token, template) or bytes((LIVE_WHOLE,)) + token
    else:
        data = seal_layout.pack(token, template) or bytes((SEAL_WHOLE,)) + token
    text = PREFIX + base45.encode(data)
    if len(text) > MAX_TEXT:
        raise CredentialError("malformed", "the token is too large for a QR code")
    return text


def unpack(text: str, templates: Mapping[int, Template]) -> bytes:
    """The standard token (key-binding token or CWT) that `text` stands for, byte for byte.

    Raises:
        CredentialError: as `read`.
    """
    return read(text, templates).to_cbor()


def read(text: str, templates: Mapping[int, Template]) -> LiveToken | SealToken:
    """Parses a QR text in bounded time and memory, whatever it holds.

    One final line break, which scanners that type append, is dropped.

    Raises:
        CredentialError: `not_montrey` for some other QR code, `unsupported_version`
            for a later profile, `malformed`, or `unknown_template`.
    """
    data = _bytes(text)
    kind = data[0] & 0xF0
    if kind == live_layout.LIVE:
        return live_layout.read(data, templates)
    if kind == seal_layout.SEAL:
        return seal_layout.read(data, templates)
    if data[0] == LIVE_WHOLE:
        return _only_whole(parse_live(data[1:]), data, templates)
    if data[0] == SEAL_WHOLE:
        return _only_whole(parse_seal(data[1:]), data, templates)
    if kind in (LIVE_WHOLE, SEAL_WHOLE):
        raise CredentialError("malformed", "a whole token has no flags")
    raise CredentialError("unsupported_version", "a kind of token this reader does not know")


def is_seal(text: str) -> bool:
    """Whether `text` claims to be a printed seal; says nothing about its being one.

    Raises:
        CredentialError: as `read`, but for `unknown_template`.
    """
    return _bytes(text)[0] & 0xF0 in (seal_layout.SEAL, SEAL_WHOLE)


def _bytes(text: str) -> bytes:
    if text[:4] != PREFIX:
        if text[:2] == "MQ" and text[3:4] == ":" and text[2].isascii() and text[2].isdigit():
            raise CredentialError("unsupported_version", "a later version of the QR profile")
        raise CredentialError("not_montrey", "some other QR code")
    if len(text) > MAX_TEXT + 2:  # before anything is copied
        raise CredentialError("malformed", "longer than any QR code")
    if text[-1] < " ":
        text = text.removesuffix("\n").removesuffix("\r")
    if len(text) > MAX_TEXT:
        raise CredentialError("malformed", "longer than any QR code")
    try:
        data = base45.decode(text[4:].encode())
    except (DidError, UnicodeEncodeError) as error:
        raise CredentialError("malformed", "not Base45") from error
    if not data:
        raise CredentialError("malformed", "an empty text")
    return data


def _only_whole(
    token: LiveToken | SealToken, data: bytes, templates: Mapping[int, Template]
) -> LiveToken | SealToken:
    """Refuses a whole token that has a packed form: one token has one text."""
    pack_layout = live_layout.pack if isinstance(token, LiveToken) else seal_layout.pack
    for template in templates.values():
        if (template.kid, template.status_uri) == (token.kid, token.status_uri) and pack_layout(
            data[1:], template
        ):
            raise CredentialError("malformed", "a token with a packed form must come packed")
    return token
