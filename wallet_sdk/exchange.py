"""The three files that pass between a ministry and a wallet: offer, request, result.

All three are JSON objects that name themselves (`"montrey"`) and their
version. Offer and result are other people's bytes: bounded before they are
parsed, and every member checked. Members this version does not know are
ignored.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from credential.codes import MAX_BYTES as MAX_CODES
from credential.codes import CodeTables
from credential.template import Kind, Template
from did import Signer, base64url, jws, strict_json
from did.errors import IdentityError
from wallet_sdk.errors import WalletError

MAX_OFFER = 1 << 14
MAX_RESULT = MAX_CODES + (1 << 19)
MAX_CREDENTIALS = 16
"""Credentials in one result, and names in one offer."""
MAX_TOKEN = 1 << 16
"""Characters of one credential; an SD-JWT VC of this project has about 3,000."""
PROOF_TYPE = "openid4vci-proof+jwt"

_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", re.ASCII)
_NONCE = re.compile(r"[A-Za-z0-9_-]{16,256}", re.ASCII)


class Format(StrEnum):
    """What an offer names: the live QR credential, or the SD-JWT VC for banks."""

    LIVE = "live"
    SD_JWT = "sd-jwt"


_FORMATS = {"sd-cwt": Format.LIVE, "dc+sd-jwt": Format.SD_JWT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a ministry offers: single-use, until `expires` (epoch seconds)."""

    credential_issuer: str
    nonce: str
    expires: int
    formats: tuple[Format, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """One credential of a result: text as it travelled, with its template if it is a live one."""

    format: Format
    credential: str
    template: Template | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a ministry issued; nothing in it is checked beyond its form."""

    credential_issuer: str
    credentials: tuple[Issued, ...]
    codes: CodeTables


def read_offer(data: bytes | str) -> Offer:
    """Reads an offer.

    Raises:
        WalletError: `malformed_offer`, `unsupported_offer`, `not_an_offer`.
    """
    document = _read(data, "offer", MAX_OFFER)
    match document:
        case {
            "credential_issuer": str(issuer),
            "nonce": str(nonce),
            "expires": str(expires),
            "credentials": [_, *_] as names,
        } if _is_issuer(issuer) and _NONCE.fullmatch(nonce) and len(names) <= MAX_CREDENTIALS:
            formats = tuple(_offered(name) for name in names)
            if len(set(formats)) == len(formats):
                return Offer(
                    credential_issuer=issuer, nonce=nonce, expires=_timestamp(expires), formats=formats
                )
    raise WalletError("malformed_offer", "a member of the offer is missing or not as it has to be")


def write_request(offer: Offer, keys: Mapping[Format, Signer], *, now: int) -> str:
    """The request that answers `offer`: one key proof a credential, each by its own holder key.

    A proof is a JWT that carries its public key and binds it to the offer's
    issuer and nonce (OpenID4VCI 1.0 appendix F.1). `now` is in epoch seconds.
    """
    payload = strict_json.dumps({"aud": offer.credential_issuer, "iat": now, "nonce": offer.nonce})
    proofs = {
        format_.value: jws.sign({"typ": PROOF_TYPE, "jwk": signer.public_key.to_jwk()}, payload, signer)
        for format_, signer in keys.items()
    }
    return strict_json.dumps({"montrey": "request", "version": 1, "proofs": proofs}).decode("ascii")


def read_result(data: bytes | str) -> Result:
    """Reads the result of issuing.

    Raises:
        WalletError: `malformed_result`, `unsupported_result`, `not_a_result`.
    """
    document = _read(data, "credentials", MAX_RESULT)
    match document:
        case {"credential_issuer": str(issuer), "credentials": [_, *_] as entries} if (
            _is_issuer(issuer) and len(entries) <= MAX_CREDENTIALS
        ):
            try:
                codes = CodeTables.from_json(strict_json.dumps(document.get("codes")))
                issued = tuple(_issued(entry) for entry in entries)
            except IdentityError as error:
                raise WalletError("malformed_result", f"the result's content: {error.code}") from error
            return Result(credential_issuer=issuer, credentials=issued, codes=codes)
    raise WalletError("malformed_result", "a member of the result is missing or not as it has to be")


def _read(data: bytes | str, kind: str, max_bytes: int) -> dict[str, Any]:
    name = "offer" if kind == "offer" else "result"
    try:
        document = strict_json.loads(data, max_bytes=max_bytes)
    except IdentityError as error:
        raise WalletError(f"malformed_{name}", f"the {name} is not a JSON text that is accepted") from error
    if not isinstance(document, dict) or document.get("montrey") != kind:
        code = "not_an_offer" if kind == "offer" else "not_a_result"
        raise WalletError(code, f"this file is no {name}")
    if type(document.get("version")) is not int or document["version"] != 1:
        raise WalletError(f"unsupported_{name}", f"this {name} is of a version this wallet does not know")
    return document


def _offered(name: object) -> Format:
    if not isinstance(name, str):
        raise WalletError("malformed_offer", "a credential is offered by its name")
    try:
        return Format(name)
    except ValueError as error:
        raise WalletError("unsupported_offer", "a kind of credential this wallet does not know") from error


def _issued(entry: Any) -> Issued:
    match entry:
        case {"format": ("sd-cwt" | "dc+sd-jwt") as name, "credential": str(credential)} if (
            len(credential) <= MAX_TOKEN
        ):
            format_ = _FORMATS[name]
            if format_ is Format.SD_JWT:
                return Issued(format=format_, credential=credential, template=None)
            template = Template.from_json(entry.get("template"))
            if template.kind is Kind.LIVE:
                base64url.decode(credential)
                return Issued(format=format_, credential=credential, template=template)
    raise WalletError("malformed_result", "a credential of the result is not as it has to be")


def _is_issuer(text: str) -> bool:
    # An identifier that is compared, never fetched, in this version.
    return (
        text.startswith(("https://", "http://"))
        and len(text) <= 200
        and text.isascii()
        and text.isprintable()
    )


def _timestamp(text: str) -> int:
    try:
        if _RFC3339.fullmatch(text):
            return int(datetime.fromisoformat(text).astimezone(UTC).timestamp())
    except (ValueError, OverflowError):
        pass
    raise WalletError("malformed_offer", "the offer's end is not an RFC 3339 time")
