"""Who may speak to the gate: this machine's own page, and nobody that another page sends.

A service on loopback is reached by every page that the machine's browser
opens. So the host must be the loopback's own name (DNS rebinding gives
another), and where a browser names an origin it must be this service. The
same is asked of the WebSocket, which browsers open across origins freely.
"""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from verifier.gate.errors import GateError
from verifier.gate.problems import problem

_NAMES = ("127.0.0.1", "localhost")
_WRITES = ("application/json", "application/octet-stream")
"""Content types that no form and no simple request across origins can have (Fetch, "CORS-safelisted")."""
_OURS = ("same-origin", "none")


class Doorkeeper:
    """ASGI middleware in front of everything; `port` is the one that the service listens on."""

    def __init__(self, app: ASGIApp, *, port: int) -> None:
        self._app = app
        self._hosts = frozenset(f"{name}:{port}" for name in _NAMES) | (
            frozenset(_NAMES) if port == 80 else frozenset()
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets a request through, or answers it with a problem."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        error = self._complaint(scope)
        if error is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await problem(error)(scope, receive, send)
        else:  # before the handshake is answered: the server refuses it with 403
            await receive()
            await send({"type": "websocket.close", "code": 1008})

    def _complaint(self, scope: Scope) -> GateError | None:
        headers = Headers(scope=scope)
        if headers.getlist("host") != [headers.get("host")] or headers["host"].lower() not in self._hosts:
            return GateError("wrong_host", "the host is not this machine's loopback")
        if not self._is_ours(headers, must_say=scope["type"] == "websocket"):
            return GateError("foreign_page", "the request comes from another page")
        if scope["type"] == "http" and scope["method"] not in ("GET", "HEAD"):
            kind = headers.get("content-type", "").partition(";")[0].strip().lower()
            if kind not in _WRITES:
                return GateError("foreign_page", "a content type that a foreign page could send")
        return None

    def _is_ours(self, headers: Headers, *, must_say: bool) -> bool:
        origins = headers.getlist("origin")
        if origins:
            return len(origins) == 1 and origins[0].lower() == f"http://{headers['host'].lower()}"
        return not must_say and headers.get("sec-fetch-site", "none") in _OURS
