"""A status list and its publication, for the tests beside it."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from did import Algorithm, SoftwareSigner, base64url, cbor, cose, jws, strict_json
from revocation import SignedList, StatusList, read_cwt, sign_cwt, sign_jwt

ED25519 = SoftwareSigner(Algorithm.ED25519, bytes(range(32)))
P256 = SoftwareSigner(Algorithm.P256, bytes(range(1, 33)))

URI = "https://id.mcs.gov.kh/status/live-2026-1"
KID = "status-2026-1"
IAT = 1_790_000_000
EXP = IAT + 35 * 86_400
TTL = 604_800

SMALL = StatusList.build(16, 2, {0: 1, 5: 2, 9: 3, 15: 1})


def full_cwt(statuses: StatusList = SMALL, *, sequence: int = 7, signer: SoftwareSigner = ED25519) -> bytes:
    """A full list as the online role publishes it for gates."""
    return sign_cwt(
        statuses, uri=URI, kid=KID, issued_at=IAT, expires_at=EXP, ttl=TTL, sequence=sequence, signer=signer
    )


def full_jwt(statuses: StatusList = SMALL, *, sequence: int = 7, signer: SoftwareSigner = P256) -> str:
    """The same for wallets and banks."""
    return sign_jwt(
        statuses, uri=URI, kid=KID, issued_at=IAT, expires_at=EXP, ttl=TTL, sequence=sequence, signer=signer
    )


def full_list(statuses: StatusList = SMALL, *, sequence: int = 7) -> SignedList:
    """What a gate holds after a sync."""
    return read_cwt(full_cwt(statuses, sequence=sequence), uri=URI, key=ED25519.public_key)


def big_statuses(seed: int, size: int = 1 << 18) -> StatusList:
    """A list of which 2% are not VALID, at random indices, nine in ten of them INVALID."""
    chance = random.Random(seed)
    indices = chance.sample(range(size), size // 50)
    return StatusList.build(size, 2, {i: chance.choices((1, 2, 3), (90, 8, 2))[0] for i in indices})


def cwt_claims(**changed: Any) -> dict[int, Any]:
    """The claims of `full_cwt()` with some replaced (`c2=…` for claim 2), or left out by `...`."""
    status_list = {"bits": 2, "lst": SMALL.compressed()}
    claims = {2: URI, 6: IAT, 4: EXP, 65534: TTL, 65533: status_list, -65537: {1: 7}}
    claims |= {int(name[1:].replace("_", "-")): value for name, value in changed.items()}
    return {name: value for name, value in claims.items() if value is not ...}


def jwt_claims(**changed: Any) -> dict[str, Any]:
    """The claims of `full_jwt()` with some replaced, or left out by `...`."""
    status_list = {"bits": 2, "lst": base64url.encode(SMALL.compressed())}
    claims = {"sub": URI, "iat": IAT, "exp": EXP, "ttl": TTL, "seq": 7, "status_list": status_list} | changed
    return {name: value for name, value in claims.items() if value is not ...}


def cwt(
    payload: bytes | Mapping[int, Any],
    headers: Mapping[int, object] | None = None,
    unprotected: Mapping[int, object] | None = None,
) -> bytes:
    """A properly signed CWT, whatever stands in it."""
    content = payload if isinstance(payload, bytes) else cbor.encode(payload)
    if headers is None:
        headers = {4: KID.encode(), 16: "application/statuslist+cwt"}
    return cose.sign1(headers, content, ED25519, unprotected=unprotected)


def jwt(payload: bytes | Mapping[str, Any], header: Mapping[str, object] | None = None) -> str:
    """A properly signed JWT, whatever stands in it."""
    content = payload if isinstance(payload, bytes) else strict_json.dumps(payload)
    return jws.sign(header if header is not None else {"kid": KID, "typ": "statuslist+jwt"}, content, P256)
