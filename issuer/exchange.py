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
    """Both credentials, with what the phone needs to show them: the template and the code tables."""
    return strict_json.dumps(
        {
            "montrey": "credentials",
            "version": 1,
            "credential_issuer": issuer,
            "credentials": [
                {
                    "format": "sd-cwt",
                    "credential": base64url.encode(issued.live),
                    "template": issued.template.to_json(),
                },
                {"format": "dc+sd-jwt", "credential": issued.vc},
            ],
            "codes": strict_json.loads(codes.to_json(), max_bytes=MAX_BYTES),
        }
    )
