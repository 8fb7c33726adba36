"""Connections to the gate's service: bounded in number, patience and memory, whoever is at the other end.

uvicorn waits for ever for a request that does not come to its end, and for a
reader who reads nothing. Here both are let go.
"""

from __future__ import annotations

import asyncio

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode, Frame

PATIENCE = 20.0
"""Seconds that a request may take to arrive; over loopback the largest takes one."""
STUCK = 10.0
"""Seconds for which somebody may read nothing of what is sent."""
MOST = 100
"""Connections at once: a browser has six for requests, and one for each page."""
PING = 10.0
"""Seconds between two pings of a page, and for the answer (RFC 6455 §5.5.2)."""
_PARTS = 1000
"""Frames of one message (RFC 6455 §5.4); browsers send it in a few dozen at most."""


def server(app: ASGIApp, *, max_message: int) -> uvicorn.Server:
    """A server of the application, to be run with a listening socket; of faults alone it tells anything."""
    config = uvicorn.Config(
        app,
        log_config=None,
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        lifespan="on",
        http=HttpConnection,
        ws=PageConnection,
        ws_max_size=max_message,
        ws_per_message_deflate=False,
        ws_ping_interval=PING,
        ws_ping_timeout=PING,
        limit_concurrency=MOST,
        timeout_graceful_shutdown=2,
    )
    return uvicorn.Server(config)


class _Timer:
    """One deadline of a connection: when it comes, the connection is gone."""

    def __init__(self) -> None:
        self._handle: asyncio.TimerHandle | None = None

    def start(self, loop: asyncio.AbstractEventLoop, seconds: float, transport: asyncio.Transport) -> None:
        """Runs, unless it runs already."""
        if self._handle is None:
            self._handle = loop.call_later(seconds, transport.abort)

    def stop(self) -> None:
        """Runs no more."""
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None


class HttpConnection(H11Protocol):
    """A connection for requests: dropped when none comes to its end in time, or no answer is read."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """The deadline runs from the first moment."""
        self._whole, self._read = _Timer(), _Timer()
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        """The deadline ends with the last byte of a request."""
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """What came behind the last request may be a part of one; and the answer has to be read."""
        super().on_response_complete()
        self._watch()
        self._part()

    def send_400_response(self, msg: str) -> None:
        """Says that it was no request, and parts."""
        super().send_400_response(msg)
        self._part()

    def timeout_keep_alive_handler(self) -> None:
        """No other request has come."""
        super().timeout_keep_alive_handler()
        self._part()

    def pause_writing(self) -> None:
        """Nobody reads."""
        super().pause_writing()
        self._read.start(self.loop, STUCK, self.transport)

    def resume_writing(self) -> None:
        """Somebody reads."""
        super().resume_writing()
        self._read.stop()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is over."""
        self._whole.stop()
        self._read.stop()
        super().connection_lost(exc)

    def _part(self) -> None:
        if self.transport.is_closing():  # which it would be for ever while something is unread
            self._read.start(self.loop, STUCK, self.transport)

    def _watch(self) -> None:
        is_ours = self.transport.get_protocol() is self  # and has not become a page's
        if is_ours and self.conn.their_state in (h11.IDLE, h11.SEND_BODY):
            self._whole.start(self.loop, PATIENCE, self.transport)
        else:
            self._whole.stop()


class PageConnection(WebSocketsSansIOProtocol):
    """A page's connection: dropped when it reads nothing, or sends what no browser does."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A page that has asked for the socket."""
        self._read, self._over = _Timer(), _Timer()
        super().connection_made(transport)

    def pause_writing(self) -> None:
        """Nobody reads."""
        super().pause_writing()
        self._read.start(self.loop, STUCK, self.transport)

    def resume_writing(self) -> None:
        """Somebody reads."""
        super().resume_writing()
        self._read.stop()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is over."""
        self._read.stop()
        self._over.stop()
        super().connection_lost(exc)

    def keepalive_timeout(self) -> None:
        """A ping was not answered; nor need the end be."""
        super().keepalive_timeout()
        self._over.start(self.loop, STUCK, self.transport)

    def on_task_complete(self, task: asyncio.Task[None]) -> None:
        """The service has parted with this page, whether it reads that or not."""
        super().on_task_complete(task)
        if not self.disconnected:
            self._over.start(self.loop, STUCK, self.transport)

    def handle_ping(self) -> None:
        """Answers, unless nobody reads the answers: those would pile up."""
        if self.writable.is_set():
            super().handle_ping()
        else:
            self.transport.abort()

    def handle_cont(self, event: Frame) -> None:
        """A part of a message, of which there are so many."""
        if len(self.frames) < _PARTS:
            super().handle_cont(event)
        else:
            self._refuse(CloseCode.MESSAGE_TOO_BIG)

    def send_receive_event_to_app(self) -> None:
        """A whole message; a text has to be one (uvicorn writes a traceback for any other)."""
        try:
            if self.curr_msg_data_type == "text":
                b"".join(self.frames).decode()
        except UnicodeDecodeError:
            self._refuse(CloseCode.INVALID_DATA)
        else:
            super().send_receive_event_to_app()

    def _refuse(self, code: CloseCode) -> None:
        if self.close_sent:
            return
        self.frames = []
        self.queue.put_nowait({"type": "websocket.disconnect", "code": int(code), "reason": ""})
        self.conn.send_close(code)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.transport.close()
