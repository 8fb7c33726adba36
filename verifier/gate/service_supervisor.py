"""The supervisor's part of the service: behind a PIN, for five minutes without an act."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from itertools import islice
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.responses import StreamingResponse

from verifier.gate import screen
from verifier.gate.errors import GateError
from verifier.gate.service_bodies import read_object
from verifier.gate.service_threads import Lane, Lanes
from verifier.gate.settings import Settings
from verifier.gate.station import Station

COOKIE = "supervisor"
_READERS = 2
"""Who may read the log at a time: a disk that hangs holds no more connections than that."""
_AT_ONCE = 500
"""Lines of the log that are read, and sent, in one go."""


def routes(station: Station, lanes: Lanes) -> APIRouter:
    """Everything under /supervisor."""
    router = APIRouter(prefix="/supervisor")
    readers = asyncio.Semaphore(_READERS)

    def check(request: Request) -> str:
        token = request.cookies.get(COOKIE, "")
        if not station.supervisors.holds(token):
            raise GateError("supervisor_needed", "the PIN is needed")
        return token

    @router.post("/enter")
    async def enter(request: Request, response: Response) -> dict[str, Any]:
        pin = _text(await read_object(request), "pin")
        await lanes.acts.run(_enter, station, pin)
        token = station.supervisors.open()
        response.set_cookie(COOKIE, token, path="/supervisor", samesite="strict", httponly=True)
        await lanes.telling.run(station.tell_state)
        return {"settings": station.settings.to_json()}

    @router.post("/leave")
    async def leave(request: Request, response: Response) -> dict[str, Any]:
        station.supervisors.close(request.cookies.get(COOKIE, ""))
        response.delete_cookie(COOKIE, path="/supervisor")
        await lanes.telling.run(station.tell_state)
        return {}

    @router.get("/settings")
    async def settings(request: Request) -> dict[str, Any]:
        check(request)
        return station.settings.to_json()

    @router.put("/settings")
    async def put_settings(request: Request) -> dict[str, Any]:
        check(request)
        await lanes.acts.run(station.set, Settings.from_json(await read_object(request)))
        return station.settings.to_json()

    @router.post("/pass")
    async def let_in(request: Request) -> dict[str, Any]:
        check(request)
        await lanes.acts.run(station.let_in, _text(await read_object(request), "reason"))
        return {}

    @router.post("/clock")
    async def clock(request: Request) -> dict[str, Any]:
        check(request)
        acts: dict[object, Callable[[], None]] = {
            "lower": station.lower_floor,
            "right": station.clock_is_right,
        }
        act = acts.get(_text(await read_object(request), "do"))
        if act is None:
            raise GateError("not_json", "the clock is lowered, or right")
        await lanes.acts.run(act)
        return {}

    @router.post("/pin")
    async def change_pin(request: Request, response: Response) -> dict[str, Any]:
        check(request)
        body = await read_object(request)
        await lanes.acts.run(_change_pin, station, _text(body, "pin"), _text(body, "new"))
        token = station.supervisors.open()  # everybody else has to give the new one
        response.set_cookie(COOKIE, token, path="/supervisor", samesite="strict", httponly=True)
        return {}

    @router.get("/log.csv")
    async def log(request: Request) -> Response:
        check(request)
        if readers.locked():
            raise GateError("gate_busy", "the log is being read already")
        language = request.query_params.get("lang", "")
        lines = station.log.csv(language if language in screen.LANGUAGES else screen.LANGUAGES[0])
        headers = {**screen.HEADERS, "Content-Disposition": 'attachment; filename="gate-log.csv"'}
        return StreamingResponse(
            _read(lanes.log, readers, lines), media_type="text/csv; charset=utf-8", headers=headers
        )

    return router


async def _read(lane: Lane, readers: asyncio.Semaphore, lines: Iterator[str]) -> AsyncIterator[str]:
    """Lines that come from a disk, many at a time."""
    async with readers:
        while part := await lane.run(lambda: "".join(islice(lines, _AT_ONCE))):
            yield part


def _text(document: dict[str, Any], name: str) -> str:
    value = document.get(name)
    if not isinstance(value, str):
        raise GateError("not_json", f"{name} is a text")
    return value


def _enter(station: Station, pin: str) -> None:
    try:
        station.pin.check(pin, station.now())
    except GateError as error:
        station.note_supervisor(error.code)
        raise
    station.note_supervisor("entered")


def _change_pin(station: Station, old: str, new: str) -> None:
    _enter(station, old)
    if new == old:
        raise GateError("pin_weak", "the new PIN is the old one")
    station.pin.set(new)
    station.supervisors.close_all()
    station.note_supervisor("pin_changed")
