"""The rows of an issuing key and its template, as they are entered when the key is made."""

from __future__ import annotations

from datetime import datetime

from credential.template import Kind, Template
from did import Algorithm, PublicKey, strict_json
from issuer.models import SigningKey, StatusList, TemplateRow
from trust import KeyKind

ALGORITHMS = {kind: Algorithm.P256 if kind is KeyKind.SD_JWT else Algorithm.ED25519 for kind in KeyKind}
_DAY = 86_400
_ISSUING = 366 * _DAY
"""Seconds for which a key issues, unless a new one takes its place (each quarter)."""
OUTLASTS = 366 * _DAY
"""Seconds after which nothing stands any more that a live or SD-JWT key issued; till then it signs lists."""
_DAYS = {Kind.LIVE: 365, Kind.SEAL: 3652}
_VCT = {KeyKind.SEAL: "seal", KeyKind.LIVE: "live", KeyKind.SD_JWT: "civil-servant"}


def name_of(kind: KeyKind, now: datetime) -> str:
    """What a key made now is called: its kind, and the quarter."""
    return f"{kind.value}-{now.year}q{(now.month + 2) // 3}"


def key_row(kind: KeyKind, kid: str, key: PublicKey, issuer: str, *, now: int) -> SigningKey:
    """A key that issues from the beginning of this day on (`now` in epoch seconds)."""
    day = now // _DAY * _DAY
    return SigningKey(
        kid=kid,
        kind=kind.value,
        vct=f"{issuer}/vct/{_VCT[kind]}" if kind in _VCT else "",
        public_jwk=strict_json.dumps(key.to_jwk()).decode(),
        not_before=day,
        issue_until=day + _ISSUING,
        not_after=day + _ISSUING + (OUTLASTS if kind in (KeyKind.STATUS, KeyKind.SD_JWT) else 0),
    )


def template_row(kind: Kind, kid: str, status_list: StatusList, issuer: str, *, number: int) -> TemplateRow:
    """What the key `kid` makes from now on, with indices of `status_list`."""
    template = Template(
        number=number,
        kind=kind,
        iss=issuer,
        kid=kid,
        algorithm=ALGORITHMS[KeyKind(kind.value)],
        vct=f"{issuer}/vct/{_VCT[KeyKind(kind.value)]}",
        status_uri=status_list.uri,
        validity_days=_DAYS[kind],
    )
    document = strict_json.dumps(template.to_json()).decode()
    return TemplateRow(number=number, kid=kid, list_id=status_list.id or 0, document=document)
