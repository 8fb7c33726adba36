"""A credential in the wallet, read: what it says, until when, and what of it can be left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from credential.claims import check_text
from credential.codes import CodeTables
from credential.live import LiveToken, parse_live, present_live
from credential.sd_jwt_vc import SdJwtVc, read_sd_jwt_vc
from credential.template import ANY_GATE
from did import PublicKey, Signer, base64url
from did.errors import IdentityError
from wallet_sdk.contents import Held, identify
from wallet_sdk.errors import WalletError
from wallet_sdk.exchange import Format

SOON = timedelta(days=30)
"""A credential that ends within this time is due for renewal."""
SKEW = timedelta(minutes=5)
"""A credential that just came from a ministry whose clock is ahead can be shown: the gate judges its time."""
_MAX_TIME = 253_402_300_799  # 9999-12-31T23:59:59Z


class Standing(StrEnum):
    """Where a credential stands in time; whether it is revoked only a verifier's fresh list says."""

    VALID = "valid"
    EXPIRES_SOON = "expires_soon"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """What a held credential says.

    `issuer` is the one who signed it, `claims` its statements about the
    person by name, `disclosable` those that a presentation may leave out
    (none in a live credential), `codes` the names behind its codes. `id` is
    stable and says nothing about the person.
    """

    id: str
    format: Format
    issuer: str
    vct: str
    holder: PublicKey
    issued_at: datetime
    not_before: datetime
    expires_at: datetime
    claims: Mapping[str, object] = field(repr=False)
    disclosable: frozenset[str]
    codes: CodeTables

    @property
    def card_number(self) -> str:
        """The number on the plastic; empty when the credential holds none."""
        return str(self.claims.get("card_number", ""))

    def standing(self, now: datetime) -> Standing:
        """Where this credential stands at `now` (aware)."""
        if now >= self.expires_at:
            return Standing.EXPIRED
        if now < self.not_before - SKEW:
            return Standing.NOT_YET_VALID
        return Standing.EXPIRES_SOON if now >= self.expires_at - SOON else Standing.VALID


def read(held: Held) -> Credential:
    """Reads a credential that the wallet holds.

    Raises:
        WalletError: `malformed_credential`.
    """
    return read_credential(held.format, held.credential, held.signer, held.codes)


def read_credential(format_: Format, credential: str, signer: Signer, codes: CodeTables) -> Credential:
    """Reads a credential as it travelled; `signer` may be any key when only the content matters.

    Raises:
        WalletError: `malformed_credential`.
    """
    try:
        if format_ is Format.LIVE:
            return _from_live(credential, read_live(credential, signer), codes)
        return _from_sd_jwt(credential, read_sd_jwt_vc(credential), codes)
    except WalletError:
        raise
    except IdentityError as error:
        raise WalletError("malformed_credential", f"a credential cannot be read: {error.code}") from error


def read_live(credential: str, signer: Signer) -> LiveToken:
    """Parses a live credential by way of a presentation that is shown to nobody.

    Raises:
        CredentialError, DidError: when it is no live credential.
    """
    sd_cwt = base64url.decode(credential)
    return parse_live(present_live(sd_cwt, audience=ANY_GATE, challenge=None, now=0, signer=signer))


def _from_live(credential: str, token: LiveToken, codes: CodeTables) -> Credential:
    _check_signature(token.issuer_signature)
    for claim, value in token.claims.items():
        if isinstance(value, str):
            check_text(claim, value)
    return Credential(
        id=identify(credential),
        format=Format.LIVE,
        issuer=token.iss,
        vct=token.vct,
        holder=token.holder,
        issued_at=_moment(token.issued_at),
        not_before=_moment(token.not_before),
        expires_at=_moment(token.expires_at),
        claims=token.claims,
        disclosable=frozenset(),
        codes=_used(codes, token.claims),
    )


def _from_sd_jwt(credential: str, read: SdJwtVc, codes: CodeTables) -> Credential:
    if read.token.key_binding is not None:
        raise WalletError("malformed_credential", "this is a presentation already")
    if not (read.iss.isprintable() and read.vct.isprintable()):
        raise WalletError("malformed_credential", "an issuer or a type cannot be shown")
    _check_signature(read.token.jws.signature)
    return Credential(
        id=identify(credential),
        format=Format.SD_JWT,
        issuer=read.iss,
        vct=read.vct,
        holder=read.holder,
        issued_at=_moment(read.issued_at),
        not_before=_moment(read.not_before),
        expires_at=_moment(read.expires_at),
        claims=read.claims,
        disclosable=read.token.disclosed,
        codes=_used(codes, read.claims),
    )


def _check_signature(signature: bytes) -> None:
    if len(signature) != 64:
        raise WalletError("malformed_credential", "a signature of this project has 64 bytes")


def _moment(seconds: int) -> datetime:
    if not 0 <= seconds <= _MAX_TIME:
        raise WalletError("malformed_credential", "a time is out of range")
    return datetime.fromtimestamp(seconds, UTC)


def _used(codes: CodeTables, claims: Mapping[str, object]) -> CodeTables:
    """The entries of `codes` that `claims` use: the rest is not the wallet's business."""

    def pick(table: Mapping[int, Any], claim: str) -> dict[int, Any]:
        code = claims.get(claim)
        return {code: table[code]} if type(code) is int and code in table else {}

    return CodeTables(
        pick(codes.ministries, "ministry"), pick(codes.positions, "position"), pick(codes.grades, "grade")
    )
