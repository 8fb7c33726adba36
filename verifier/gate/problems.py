"""Errors as problem documents (RFC 9457), in both languages; the one place that maps them to statuses."""

from __future__ import annotations

from fastapi.responses import JSONResponse

from credential.codes import Name
from did.errors import IdentityError
from trust.messages import explain
from verifier.gate.errors import GateError
from verifier.gate.wording import REFUSALS, refusal

MEDIA_TYPE = "application/problem+json"
STATUS = {
    "settings_invalid": 422,
    "unknown_gate": 422,
    "pin_unset": 409,
    "pin_wrong": 403,
    "pin_locked": 429,
    "pin_weak": 422,
    "supervisor_needed": 401,
    "reason_needed": 422,
    "too_large": 413,
    "not_readable": 422,
    "several_codes": 422,
    "not_json": 400,
    "busy_updating": 409,
    "no_stick": 404,
    "no_source": 409,
    "disk_full": 507,
    "clock_not_doubted": 409,
    "clock_not_behind": 409,
    "foreign_page": 403,
    "wrong_host": 421,
    "not_found": 404,
    "too_many_pages": 429,
    "serial_unavailable": 409,
    "gate_busy": 409,
}
"""Every code of `GateError`; what comes from below it is 409: the request was good, the state is not."""


def problem(error: IdentityError, *, status: int | None = None) -> JSONResponse:
    """The answer to a request that `error` ended; `status` where its code does not say which."""
    words = _words(error)
    status = status or STATUS.get(error.code, 409)
    document: dict[str, object] = {
        "type": f"urn:montrey:problem:{error.code}",
        "title": error.code.replace("_", " "),
        "status": status,
        "code": error.code,
        "detail_km": words.km if words else "",
        "detail_en": words.en if words else "",
    }
    headers = {"Cache-Control": "no-store"}
    if isinstance(error, GateError):
        if error.seconds:
            document["seconds"] = error.seconds
            headers["Retry-After"] = str(error.seconds)
        if error.member:
            document["member"] = error.member
    return JSONResponse(document, status_code=status, media_type=MEDIA_TYPE, headers=headers)


def _words(error: IdentityError) -> Name | None:
    if isinstance(error, GateError) and error.code in REFUSALS:
        return refusal(error)
    return explain(error.code)
