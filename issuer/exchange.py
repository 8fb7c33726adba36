"""The files that travel between the ministry and a phone: the offer, and the result of issuing."""

from __future__ import annotations

from datetime import UTC, datetime

from credential.codes import MAX_BYTES, CodeTables
from did import base64url, strict_json
from issuer.enrolment import Issued


def write_offer(issuer: str, *, nonce: str, expires: int) -> bytes:
    """The offer of both credentials, single-use, until `expires` (epoch seconds)."""
    return strict_json.dumps(
        {
            "montrey": "offer",
            "version": 1,
            "credential_issuer": issuer,
            "nonce": nonce,
            "expires": datetime.fromtimestamp(expires, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "credentials": ["live", "sd-jwt"],
        }
    )


def write_result(issuer: str, issued: Issued, codes: CodeTables) -> bytes:
    """The credentials, with what the phone needs to show them: the template and the code tables."""
    credentials: list[object] = []
    if issued.live is not None and issued.template is not None:
        live, template = base64url.encode(issued.live), issued.template.to_json()
        credentials.append({"format": "sd-cwt", "credential": live, "template": template})
    if issued.vc is not None:
        credentials.append({"format": "dc+sd-jwt", "credential": issued.vc})
    return strict_json.dumps(
        {
            "montrey": "credentials",
            "version": 1,
            "credential_issuer": issuer,
            "credentials": credentials,
            "codes": strict_json.loads(codes.to_json(), max_bytes=MAX_BYTES),
        }
    )
