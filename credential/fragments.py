"""The bytes that all tokens of one template share.

A reader rebuilds the two signed tokens for every scan. Encoding them with a
generic encoder costs more than half a signature check; joining fixed pieces
costs a few per cent of one. The pieces are cut from tokens that `did.cbor`
encoded, so the two cannot drift apart unnoticed.
"""

from __future__ import annotations

from struct import Struct
from typing import Final, NamedTuple

from did import cbor
from did.signer import Signer

ISS, SUB, AUD, EXP, NBF, IAT, CTI, CNF, VCT = 1, 2, 3, 4, 5, 6, 7, 8, 11
"""Claims of RFC 8392 and RFC 8747; `vct` of draft-ietf-spice-sd-cwt."""
CNONCE = 39
STATUS = 65535
"""draft-ietf-oauth-status-list-20 §6.3."""
CIVIL_SERVANT = -65537
"""The one private-use claim: a map with the keys of `Claim`."""
NAME_KM, NAME_LA, CARD_NUMBER, MINISTRY, POSITION, PHOTO_SHA256 = 1, 2, 3, 4, 5, 6
SD_CWT, SD_CWT_TYP, KB_CWT, KB_CWT_TYP = 293, "application/sd-cwt", 294, "application/kb+cwt"
SEAL_TYP = "application/vnd.montrey.seal+cwt"
KCWT = 13
"""Header parameter of a key-binding token that holds the whole SD-CWT."""


_TIMES: Final = Struct(">HIHI").pack


class Fragments(NamedTuple):
    """What stands between the variable parts of a token, in order.

    `protected` is the issuer's protected header, `signed` the Sig_structure
    up to the payload's head and `token` the COSE_Sign1 up to it; the others
    divide the payload.
    """

    protected: bytes
    signed: bytes
    token: bytes
    claims: bytes
    subject: bytes
    before_index: bytes
    after_index: bytes
    card: bytes
    lifetime: int


def times_and_index(fixed: Fragments, index: int, issued_at: int, holder_key: bytes = b"") -> bytes:
    """From the claim `sub` to the first member of the private claim; `holder_key` is an encoded `cnf`."""
    subject = fixed.subject + b"%d" % index
    return b"".join(
        (
            fixed.claims,
            cbor.head(3, len(subject)),
            subject,
            _TIMES(0x041A, issued_at + fixed.lifetime, 0x061A, issued_at),
            holder_key,
            fixed.before_index,
            cbor.head(0, index),
            fixed.after_index,
        )
    )


def text(value: str) -> bytes:
    """A text string (RFC 8949 §3.1, major type 3)."""
    data = value.encode("utf-8")
    return cbor.head(3, len(data)) + data


def sign(fixed: Fragments, payload: bytes, signer: Signer) -> bytes:
    """The tagged COSE_Sign1 of a payload, as `cose.sign1` makes it under the template's header."""
    body = cbor.head(2, len(payload)) + payload
    return b"".join((fixed.token, body, b"\x58\x40", signer.sign(fixed.signed + body)))


def build(
    *,
    live: bool,
    number: int,
    iss: str,
    kid: str,
    algorithm: int,
    vct: str,
    status_uri: str,
    validity_days: int,
    card_digits: int,
) -> Fragments:
    """Cuts the fragments of a template of these members; `algorithm` is the COSE one."""
    protected = cbor.encode({1: algorithm, 4: kid.encode("ascii"), 16: SD_CWT if live else SEAL_TYP})
    header = cbor.head(2, len(protected)) + protected
    members = 8 if live else 7
    people = 5 if live else 4
    return Fragments(
        protected=protected,
        signed=b"\x84\x6aSignature1" + header + b"\x40",
        token=b"\xd2\x84" + header + b"\xa0",
        claims=cbor.head(5, members) + cbor.encode(ISS) + cbor.encode(iss) + cbor.encode(SUB),
        subject=f"{number}-".encode("ascii"),
        before_index=(
            cbor.encode(VCT)
            + cbor.encode(vct)
            + cbor.encode(STATUS)
            + b"\xa1"
            + cbor.encode("status_list")
            + b"\xa2"
            + cbor.encode("idx")
        ),
        after_index=(
            cbor.encode("uri")
            + cbor.encode(status_uri)
            + cbor.encode(CIVIL_SERVANT)
            + cbor.head(5, people)
            + cbor.encode(NAME_KM)
        ),
        card=cbor.encode(CARD_NUMBER) + cbor.head(3, card_digits),
        lifetime=validity_days * 86400,
    )
