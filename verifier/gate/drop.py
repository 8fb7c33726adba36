"""A file that was dropped on the page: a picture of a code, or an update."""

from __future__ import annotations

from typing import Any

from credential.errors import CredentialError
from credential.qr_read import read_image
from revocation.delta import MAX_BYTES, PREFIX
from verifier.gate.errors import GateError
from verifier.gate.intake import By
from verifier.gate.station import Station

_PICTURES = (b"\x89PNG", b"\xff\xd8")


def take(station: Station, data: bytes) -> dict[str, Any]:
    """Takes a file for what it is; the verdict, or the update's course, is told to the pages.

    Raises:
        GateError: `not_readable`, `several_codes`, `busy_updating`.
    """
    station.reception.take_down()  # whatever it is
    if data.startswith(_PICTURES):
        return _picture(station, data)
    if data.startswith((PREFIX.encode(), b"MQ")) and len(data) <= MAX_BYTES:
        text = data.decode("ascii", errors="replace").strip()
        station.reception.text(text, By.FILE)
        return {"what": "delta" if text.startswith(PREFIX) else "code"}
    if not data or len(data) > MAX_BYTES or data[:1] not in (b"\xd2", b"\x84"):
        raise GateError("not_readable", "neither a picture nor an update")
    station.delta(data)  # a COSE_Sign1, tagged or not (RFC 9052 §4.2)
    return {"what": "delta"}


def _picture(station: Station, data: bytes) -> dict[str, Any]:
    try:
        texts = read_image(data)
    except CredentialError as error:
        raise GateError("not_readable", "a picture that cannot be read") from error
    deltas = [text for text in texts if text.startswith(PREFIX)]
    codes = {text for text in texts if text.startswith("MQ")}
    if len(codes) > 1:
        raise GateError("several_codes", "several codes are in the picture")
    taken = [station.reception.text(text, By.FILE) for text in codes or deltas or texts[:1]]
    if not any(taken):  # digits among them, which are no code
        return {"what": "nothing"}
    return {"what": "code" if codes or not deltas else "delta"}
