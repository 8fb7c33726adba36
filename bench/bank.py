"""An SD-JWT VC of 16 claims issued, shown with key binding and judged, over its raw signature operations."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from bench import ministry
from bench.measure import Effort, Figure, compare
from bench.ministry import BANK_ISSUER, MOMENT, NOW
from credential import sd_jwt
from credential.sd_jwt_vc import issue_sd_jwt_vc
from did import Algorithm
from issuer.default_codes import DEFAULT_CODES
from verifier import Policy, verify_sd_jwt

_BANK = {"audience": "https://bank.example", "nonce": "n-0S6_WzA2Mj-8b1"}
_SHOWN = ("name_km", "card_number", "employment_status", "name_la")


def figures(effort: Effort) -> Iterator[Figure]:
    """All P-256, as other wallets speak it."""
    holder = ministry.key("bank-holder", Algorithm.P256)
    issue = partial(
        issue_sd_jwt_vc,
        ministry.PERSON,
        iss=ministry.ISS,
        vct=ministry.BANK_TYPE,
        kid="sd-jwt-1",
        status_uri=ministry.BANK_LIST,
        index=ministry.INDEX,
        issued_at=NOW - 86400,
        expires_at=NOW + 86400,
        holder=holder.public_key,
        signer=BANK_ISSUER,
        codes=DEFAULT_CODES,
    )
    for claims in (3, 4):
        show = partial(sd_jwt.present, issue(), disclose=_SHOWN[:claims], **_BANK, now=NOW, signer=holder)
        text = show()
        token = sd_jwt.parse(text)
        assert token.key_binding is not None
        issued, bound = token.jws, token.key_binding.jws
        check = ministry.raw_check(BANK_ISSUER.public_key, issued.signing_input, issued.signature)
        bound_check = ministry.raw_check(
            holder.public_key, bound.signing_input, bound.signature, load="uncompressed"
        )
        judge = partial(verify_sd_jwt, text, trust=ministry.trust(), policy=Policy(), now=MOMENT, **_BANK)
        subject, note = f"verify SD-JWT VC + KB, {claims} claims", f"{len(text)} characters, ES256"
        floor = ministry.both(check, bound_check)
        yield compare(subject, judge, floor, effort=effort, aim="≤ 1.4", note=note)
    raw = ministry.raw_signature(BANK_ISSUER, issued.signing_input)
    yield compare("issue SD-JWT VC, 16 claims", issue, raw, effort=effort)
    raw = ministry.raw_signature(holder, bound.signing_input)
    yield compare("present SD-JWT VC + KB, 4 claims", show, raw, effort=effort)
