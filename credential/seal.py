"""The seal: the QR printed on plastic, a plain CWT (RFC 8392) without a holder key.

It can be copied, so it never counts as live: its own `vct`, its own `typ`, its
own keys. It carries what stays true for ten years.
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from credential import fragments as f
from credential.claims import check_text
from credential.errors import CredentialError
from credential.live import MAX_TIME, MAX_TOKEN, Claims, check_issue, read_common
from credential.template import Kind, Template
from did import cbor, cose
from did.errors import DidError
from did.signer import Signer

DIGEST = 16
"""Bytes of a seal's entry in a genuine list.

Eight would let the thief of a seal key search 2^46 forgeries for one that
hits any of 220,000 entries; sixteen make that 2^110.
"""


class SealToken(NamedTuple):
    """A parsed seal; nothing in it is to be believed before its signature is checked. Times in seconds."""

    template: Template | None
    iss: str
    kid: str
    vct: str
    status_uri: str
    issuer_algorithm: int
    status_index: int
    issued_at: int
    expires_at: int
    not_before: int
    claims: Claims
    protected: bytes
    payload: bytes
    signature: bytes

    @property
    def signed(self) -> bytes:
        """The Sig_structure that the issuer signed."""
        return cose.to_be_signed(self.protected, self.payload)

    @property
    def digest(self) -> bytes:
        """This seal's entry in a genuine list: 16 bytes of SHA-256 over what was signed."""
        return hashlib.sha256(self.signed).digest()[:DIGEST]

    def to_cbor(self) -> bytes:
        """The CWT, whole."""
        return cbor.encode(cbor.Tag(cose.TAG, [self.protected, {}, self.payload, self.signature]))


def issue_seal(
    template: Template,
    *,
    name_km: str,
    name_la: str,
    card_number: str,
    photo_sha256: bytes,
    index: int,
    day: int,
    signer: Signer,
) -> bytes:
    """The tagged CWT to be printed on a card; `day` counts from 1970-01-01 UTC.

    Raises:
        CredentialError: `bad_claim`.
        ValueError: when signer and template do not belong together.
    """
    check_issue(template, Kind.SEAL, card_number, index=index, day=day, signer=signer)
    check_text("name_km", name_km)
    check_text("name_la", name_la)
    if len(photo_sha256) != 32:
        raise CredentialError("bad_claim", "photo_sha256: 32 bytes")
    payload = payload_of(
        template, (name_km, name_la, card_number), photo_sha256, index=index, issued_at=day * 86400
    )
    return f.sign(template.fragments, payload, signer)


def payload_of(
    template: Template, person: tuple[str, str, str], photo: bytes, *, index: int, issued_at: int
) -> bytes:
    """The claims that are signed; `person` is the name in Khmer, in Latin letters, and the card number."""
    name_km, name_la, card_number = person
    return b"".join(
        (
            f.times_and_index(template.fragments, index, issued_at),
            f.text(name_km),
            b"\x02",
            f.text(name_la),
            template.fragments.card,
            card_number.encode("ascii"),
            b"\x06\x58\x20",
            photo,
        )
    )


def seal_digest(token: bytes) -> bytes:
    """The 16-byte entry of a tagged seal in a genuine list.

    Raises:
        CredentialError: `malformed`.
    """
    return parse_seal(token).digest


def parse_seal(token: bytes) -> SealToken:
    """Reads a tagged seal CWT.

    Raises:
        CredentialError: `malformed`.
    """
    try:
        outer = cose.parse_sign1(token, max_bytes=MAX_TOKEN)
        claims = cbor.decode(outer.payload, max_bytes=MAX_TOKEN)
    except DidError as error:
        raise CredentialError("malformed", "not a CWT") from error
    if outer.protected.get(cose.TYP) != f.SEAL_TYP or len(outer.protected) != 3 or outer.unprotected:
        raise CredentialError("malformed", "not a seal")
    common = read_common(outer, claims)
    times = (common.issued_at, common.expires_at, common.not_before)
    if f.CNF in claims or any(type(t) is not int or not 0 <= t <= MAX_TIME for t in times):
        raise CredentialError("malformed", "a seal has no holder key, and times within range")
    return SealToken(
        template=None,
        **common._asdict(),
        protected=outer.protected_bytes,
        payload=outer.payload,
        signature=outer.signature,
    )
