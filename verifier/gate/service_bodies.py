"""Request bodies: bounded while they arrive, JSON where JSON belongs."""

from __future__ import annotations

from typing import Any

from fastapi import Request

from did import strict_json
from did.errors import DidError
from verifier.gate.errors import GateError

MAX_FILE = 20_000_000
"""Bytes of a dropped picture or update."""
MAX_JSON = 10_000


async def read_body(request: Request, *, max_bytes: int) -> bytes:
    """The whole body.

    Raises:
        GateError: `too_large`, as soon as it is known.
    """
    announced = request.headers.get("content-length", "0")
    if not announced.isdigit() or int(announced[:12]) > max_bytes:
        raise GateError("too_large", "the body is larger than allowed")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > max_bytes:
            raise GateError("too_large", "the body is larger than allowed")
    return bytes(body)


async def read_object(request: Request) -> dict[str, Any]:
    """The body as a JSON object.

    Raises:
        GateError: `too_large`, `not_json`.
    """
    body = await read_body(request, max_bytes=MAX_JSON)
    try:
        document = strict_json.loads(body, max_bytes=MAX_JSON)
    except DidError as error:
        raise GateError("not_json", "the body is no JSON") from error
    if not isinstance(document, dict):
        raise GateError("not_json", "the body is no JSON object")
    return document
