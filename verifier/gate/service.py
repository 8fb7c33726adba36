"""The gate as a web service on loopback: the page, dropped files, and the one socket between them."""

from __future__ import annotations

import asyncio
import sys
import traceback
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from fastapi import FastAPI, Request, Response, WebSocket, WebSocketDisconnect
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp

from did import strict_json
from did.errors import DidError, IdentityError
from verifier.gate import drop, screen
from verifier.gate.doorkeeper import Doorkeeper
from verifier.gate.errors import GateError
from verifier.gate.keyboard import read_keys
from verifier.gate.problems import problem
from verifier.gate.service_bodies import MAX_FILE, read_body, read_object
from verifier.gate.service_supervisor import routes
from verifier.gate.service_threads import Lane, Lanes
from verifier.gate.station import Station

BEAT = 1.0
"""Seconds between two looks at the clock and the disk."""
TELL = 3.0
"""Seconds until pages hear how the gate is, whatever happens: they count on hearing something."""
_MAX_MESSAGE = 1_000_000
_TRY_AGAIN_LATER, _POLICY = 1013, 1008
"""WebSocket close codes (RFC 6455 §7.4.1, and its registry)."""
_NO_TELEMETRY: Any = {"auto_configure": False, "tracing": False, "metrics": False, "logs": False}
"""Nothing of a gate leaves it, whatever the environment says (FastAPI's would go by OpenTelemetry)."""
_GONE = 400
_FILES = 2
"""Files that are held and read at a time; whoever drops more waits."""


def service(station: Station, *, port: int, language: str = screen.LANGUAGES[0]) -> ASGIApp:
    """The whole application, reached at `port`; `language` is the page's until somebody chooses another."""
    lanes = Lanes()
    app = FastAPI(
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=_lifespan(station, lanes),
        telemetry=_NO_TELEMETRY,
    )
    app.add_exception_handler(IdentityError, _on_error)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(ClientDisconnect, _on_parting)
    app.add_exception_handler(Exception, _on_fault)
    app.include_router(routes(station, lanes))
    files = asyncio.Semaphore(_FILES)

    @app.get("/")
    async def page(request: Request) -> Response:
        asked = (request.query_params.get("lang"), request.cookies.get("lang"), language)
        chosen = next(name for name in asked if name in screen.LANGUAGES)
        answer = Response(screen.page(chosen), media_type="text/html; charset=utf-8", headers=screen.HEADERS)
        answer.set_cookie("lang", chosen, max_age=400 * 86400, samesite="strict", httponly=True)
        return answer

    @app.get("/page/{name}")
    async def asset(name: str) -> Response:
        found = screen.asset(name)
        if found is None:
            raise GateError("not_found", "there is no such file")
        return Response(found[0], media_type=found[1], headers=screen.HEADERS)

    @app.get("/health")
    async def health() -> dict[str, Any]:
        state = await lanes.telling.run(station.state)
        return {"ok": True, "notices": [notice["code"] for notice in state["notices"]]}

    @app.post("/drop")
    async def dropped(request: Request) -> dict[str, Any]:
        async with files:
            data = await read_body(request, max_bytes=MAX_FILE)
            return await lanes.drops.run(drop.take, station, data)

    @app.post("/update", status_code=202)
    async def update(request: Request) -> dict[str, Any]:
        source = (await read_object(request)).get("from")
        if source not in ("stick", "network"):
            raise GateError("not_json", "an update is from a stick or from the network")
        await lanes.updates.run(station.update, source)
        return {"begun": True}

    @app.websocket("/ws")
    async def socket(web: WebSocket) -> None:
        await _serve(station, lanes, web)

    return Doorkeeper(app, port=port)


def _lifespan(station: Station, lanes: Lanes) -> Callable[[FastAPI], Any]:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async def again(lane: Lane, act: Callable[[], None], pause: float) -> None:
            while True:
                try:
                    await lane.run(act)
                except Exception:  # noqa: BLE001 (the next one may do better)
                    traceback.print_exc(file=sys.stderr)
                await asyncio.sleep(pause)

        # Apart: a disk that hangs holds up the beat, and no page shall say for it that the gate is gone.
        tasks = [
            asyncio.create_task(again(lanes.beat, station.beat, BEAT)),
            asyncio.create_task(again(lanes.telling, station.tell_state, TELL)),
        ]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            lanes.close()

    return lifespan


async def _on_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, IdentityError)  # noqa: S101 (registered for it)
    return problem(error)


async def _on_http(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 (registered for it)
    answer = problem(GateError("not_found", "there is nothing here"), status=error.status_code)
    answer.headers.update(error.headers or {})  # RFC 9110 §15.5.6: which methods there are
    return answer


async def _on_parting(_request: Request, _error: Exception) -> Response:
    """Whoever asked has gone: nobody reads this."""
    return Response(status_code=_GONE)


async def _on_fault(_request: Request, _error: Exception) -> Response:
    return problem(GateError("not_readable", "the request could not be carried out"))


async def _serve(station: Station, lanes: Lanes, web: WebSocket) -> None:
    """One page, from its first message to its last."""
    await web.accept()
    try:
        queue = station.pages.join()
    except GateError:
        await web.close(_TRY_AGAIN_LATER)
        return
    talking = asyncio.create_task(_talk(station, lanes, web, queue))
    try:
        await _listen(station, lanes, web)
    except (WebSocketDisconnect, RuntimeError):
        pass
    except (ValueError, DidError):  # no page of ours sends such
        with suppress(RuntimeError):
            await web.close(_POLICY)
    finally:
        station.pages.leave(queue)
        talking.cancel()


async def _talk(
    station: Station, lanes: Lanes, web: WebSocket, queue: asyncio.Queue[dict[str, Any] | None]
) -> None:
    with suppress(WebSocketDisconnect, RuntimeError):
        for message in await lanes.judging.run(station.first_words):
            await web.send_json(message)
        while (told := await queue.get()) is not None:
            await web.send_json(told)
        await web.close(_TRY_AGAIN_LATER)


async def _listen(station: Station, lanes: Lanes, web: WebSocket) -> None:
    looking: asyncio.Task[None] | None = None
    while True:
        message = await web.receive()
        if message["type"] == "websocket.disconnect":
            return
        if (data := message.get("bytes")) is not None:
            if looking is not None and not looking.done():  # a page of ours waits for the answer
                continue
            looking = asyncio.create_task(_look(station, lanes, web, data))
        else:
            await _read(station, lanes, web, message.get("text") or "")


async def _look(station: Station, lanes: Lanes, web: WebSocket, data: bytes) -> None:
    """A frame, beside the keys: its search may take longer. Without an answer none would follow."""
    found = False
    try:
        found = await lanes.judging.run(station.reception.frame, data)
    except ValueError:
        with suppress(RuntimeError):
            await web.close(_POLICY)
        return
    except Exception as error:  # noqa: BLE001 (the next frame may do better)
        traceback.print_tb(error.__traceback__, file=sys.stderr)  # without its message: that may be a code
        sys.stderr.write(f"{type(error).__name__}: a frame was not judged\n")
    with suppress(WebSocketDisconnect, RuntimeError):
        await web.send_json({"type": "frame", "found": found})


async def _read(station: Station, lanes: Lanes, web: WebSocket, text: str) -> None:
    message = strict_json.loads(text, max_bytes=_MAX_MESSAGE)
    match message:
        case {"keys": keys, "enter": bool(enter), "final": bool(final)}:
            taken = await lanes.judging.run(station.reception.keys, read_keys(keys), ended=enter or final)
            await web.send_json({"type": "keys", "taken": taken})
        case {"number": str(digits)}:
            await lanes.judging.run(station.reception.number, digits)
        case {"dismiss": True}:
            await lanes.judging.run(station.reception.dismiss)
        case _:
            raise ValueError("not a message of the page")
