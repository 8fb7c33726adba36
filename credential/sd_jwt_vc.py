"""The civil servant's credential as an SD-JWT VC (draft-ietf-oauth-sd-jwt-vc-18), for banks and wallets.

In the clear stand only claims about the credential: `iss`, `vct`, `iat`,
`exp`, `cnf.jwk` (the holder's whole key) and `status.status_list`. There is no
`sub`: the holder's key names the credential, and nothing is derived from the
card number. Everything about the person is selectively disclosable, the
`CLAIMS`. Every credential has one digest for each of them: where a claim is
absent a decoy stands in, so that their number tells nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from credential import sd_jwt, vc_text
from credential.claims import CivilServant
from credential.codes import CodeTables, Name
from credential.errors import CredentialError
from credential.sd_jwt import SdJwt
from did import base64url
from did.errors import DidError
from did.keys import PublicKey
from did.signer import Signer

TYPE: Final = "dc+sd-jwt"
CLAIMS: Mapping[str, str] = MappingProxyType(
    {
        "name_km": "text: the name in Khmer",
        "name_la": "text: the name in Latin letters",
        "date_of_birth": "text: YYYY-MM-DD",
        "ministry": "number: a code of the table of ministries",
        "ministry_km": "text: its Khmer name on the day of issue; absent for an unknown code",
        "ministry_en": "text: its English name on the day of issue; absent for an unknown code",
        "agency": "text: the agency or department; absent for some",
        "position": "number: a code of the table of positions; or text: a position without a code",
        "position_km": "text: its Khmer name on the day of issue; absent without a known code",
        "position_en": "text: its English name on the day of issue; absent without a known code",
        "grade": "number: a code of the table of grades",
        "employment_status": "text: active, probation, seconded, on_leave or retired",
        "card_number": "text: the digits on the plastic",
        "valid_from": "text: YYYY-MM-DD, the first day of the card",
        "valid_until": "text: YYYY-MM-DD, the last day of the card",
        "photo_sha256": "text: SHA-256 of the photo file in base64url; absent without a photo",
    }
)
"""The selectively disclosable claims, with their JSON type."""
NEVER_DISCLOSED: Final = frozenset({"iss", "nbf", "exp", "cnf", "vct", "vct#integrity", "status"})
"""What must stand in the clear (§2.2.2.2 of the draft)."""
_TECHNICAL: Final = NEVER_DISCLOSED | {"iat", "sub", "jti", "aud"}
_MAX_NUMBER: Final = 1 << 53
_INTEGERS: Final = {int}
_NEW: Final = tuple.__new__  # what SdJwtVc(...) comes to, less half of its time


class SdJwtVc(NamedTuple):
    """A parsed SD-JWT VC; nothing in it is to be believed before its signatures are checked.

    Times are epoch seconds. `claims` are those about the person, disclosed or
    in the clear; `token` has the signatures and the key binding.
    """

    token: SdJwt
    kid: str
    iss: str
    vct: str
    issued_at: int
    not_before: int
    expires_at: int
    holder: PublicKey
    status_uri: str
    status_index: int
    claims: dict[str, Any]


def issue_sd_jwt_vc(
    person: CivilServant,
    *,
    iss: str,
    vct: str,
    kid: str,
    status_uri: str,
    index: int,
    issued_at: int,
    expires_at: int,
    holder: PublicKey,
    signer: Signer,
    codes: CodeTables,
    salt: Callable[[int], bytes] = secrets.token_bytes,
) -> str:
    """The SD-JWT VC of `person`, bound to the `holder` key; times in epoch seconds.

    `salt(n)` gives n random bytes; anything but the default is for tests.
    """
    about = _claims(person, codes)
    concealed, disclosures = vc_text.conceal(about, decoys=len(CLAIMS) - len(about), salt=salt)
    payload = vc_text.payload(
        concealed,
        iss=iss,
        vct=vct,
        status_uri=status_uri,
        index=index,
        issued_at=issued_at,
        expires_at=expires_at,
        holder=holder,
    )
    signed = f"{vc_text.header(signer.public_key.algorithm, kid, TYPE)}.{base64url.encode(payload)}"
    signature = base64url.encode(signer.sign(signed.encode("ascii")))
    return "~".join((f"{signed}.{signature}", *disclosures, ""))


def read_sd_jwt_vc(text: str) -> SdJwtVc:
    """Parses an SD-JWT VC of any issuer that names key, status and validity as this project's do.

    No signature, time or status is checked here.

    Raises:
        CredentialError: `malformed_sd_jwt`.
    """
    token = sd_jwt.parse(text)
    if not NEVER_DISCLOSED.isdisjoint(token.disclosed):
        raise _malformed("a claim about the credential is selectively disclosable")
    claims, header = token.claims, token.jws.header
    try:
        kid, iss, vct, jwk = header["kid"], claims["iss"], claims["vct"], claims["cnf"]["jwk"]
        status = claims["status"]["status_list"]
        uri, index, issued_at, expires_at = status["uri"], status["idx"], claims["iat"], claims["exp"]
    except (KeyError, TypeError) as error:
        raise _malformed("a claim about the credential is missing, or no object") from error
    if header.get("typ") != TYPE or not (type(kid) is type(iss) is type(vct) is type(uri) is str):
        raise _malformed("not an SD-JWT VC with a key, an issuer, a type and a status list")
    not_before = claims.get("nbf", issued_at)
    numbers = (issued_at, not_before, expires_at, index)
    if {*map(type, numbers)} != _INTEGERS or min(numbers) < 0 or max(numbers) >= _MAX_NUMBER:
        raise _malformed("a number is out of range, or none")
    try:
        holder = PublicKey.from_jwk(jwk)
    except DidError as error:
        raise _malformed("the holder's key is not acceptable") from error
    about = {name: claims[name] for name in claims if name not in _TECHNICAL}
    fields = (token, kid, iss, vct, issued_at, not_before, expires_at, holder, uri, index, about)
    return _NEW(SdJwtVc, fields)


def _claims(person: CivilServant, codes: CodeTables) -> dict[str, int | str]:
    named = _names("ministry", person.ministry, codes.ministries)
    named |= _names("position", person.position, codes.positions)
    if person.agency:
        named["agency"] = person.agency
    if person.photo_sha256 is not None:
        named["photo_sha256"] = base64url.encode(person.photo_sha256)
    return {
        "name_km": person.name_km,
        "name_la": person.name_la,
        "date_of_birth": person.date_of_birth.isoformat(),
        "ministry": person.ministry,
        "position": person.position,
        "grade": person.grade,
        "employment_status": person.employment_status.value,
        "card_number": person.card_number,
        "valid_from": person.valid_from.isoformat(),
        "valid_until": person.valid_until.isoformat(),
        **named,
    }


def _names(claim: str, code: int | str, table: Mapping[int, Name]) -> dict[str, int | str]:
    name = table.get(code) if isinstance(code, int) else None
    return {f"{claim}_km": name.km, f"{claim}_en": name.en} if name else {}


def _malformed(message: str) -> CredentialError:
    return CredentialError("malformed_sd_jwt", message)
