"""Fetching over HTTP(S) in bounded time, however slowly a server answers.

A timeout of a socket begins anew with every byte. So each wait here is no
longer than what is left of the whole.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from functools import partial
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from socket import SocketIO, socket
from typing import Any, cast
from urllib import request
from urllib.error import HTTPError

from tuf.api.exceptions import DownloadError, DownloadHTTPError, SlowRetrievalError
from tuf.ngclient.fetcher import FetcherInterface

SILENCE = 20.0
"""Seconds without a byte."""
GRACE, SLOWEST, LONGEST = 60.0, 2048, 600.0
"""Seconds for a whole sync: a minute, one more for every 2 KB that came, and ten minutes at most."""
_CHUNK = 1 << 16
Left = Callable[[], float]


class HttpFetcher(FetcherInterface):
    """Fetches over HTTP(S), through the proxies of the environment; made anew for each sync."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._received = 0
        self._opener = request.OpenerDirector()
        for handler in (
            request.ProxyHandler(),
            request.HTTPDefaultErrorHandler(),
            request.HTTPRedirectHandler(),
            request.HTTPErrorProcessor(),
            request.UnknownHandler(),
            _Http(self._left),
            _Https(self._left),
        ):
            self._opener.add_handler(handler)
        self._opener.addheaders = [("User-Agent", "montrey")]

    def _fetch(self, url: str) -> Iterator[bytes]:
        try:
            return self._chunks(cast("HTTPResponse", self._opener.open(url, timeout=self._left())))
        except HTTPError as error:
            error.close()
            if error.code in (403, 404):  # there is no such file; anything else is the server's trouble
                raise DownloadHTTPError("no such file", error.code) from error
            raise DownloadError(f"the server answers {error.code}") from error

    def _chunks(self, response: HTTPResponse) -> Iterator[bytes]:
        with response:
            while chunk := response.read1(_CHUNK):
                self._received += len(chunk)
                yield chunk

    def _left(self) -> float:
        """How long the next byte may take."""
        whole = min(GRACE + self._received / SLOWEST, LONGEST)
        left = min(self._began + whole - time.monotonic(), SILENCE)
        if left <= 0:
            raise SlowRetrievalError("the server is too slow")
        return left


class _Http(request.HTTPHandler):
    def __init__(self, left: Left) -> None:
        super().__init__()
        self._left = left

    def http_open(self, req: request.Request) -> HTTPResponse:
        """Called by the opener."""
        return self.do_open(_timed(HTTPConnection, self._left), req)


class _Https(request.HTTPSHandler):
    def __init__(self, left: Left) -> None:
        super().__init__()
        self._left = left

    def https_open(self, req: request.Request) -> HTTPResponse:
        """Called by the opener."""
        return self.do_open(_timed(HTTPSConnection, self._left), req)


def _timed(connection: type[HTTPConnection], left: Left) -> Any:
    def opened(*arguments: Any, **options: Any) -> HTTPConnection:
        made = connection(*arguments, **options)
        made.response_class = partial(_Response, left=left)  # type: ignore[assignment]
        return made

    return opened


class _Response(HTTPResponse):
    """A response of which headers, too, are read in the time that is left."""

    def __init__(self, sock: socket, *arguments: Any, left: Left, **options: Any) -> None:
        super().__init__(sock, *arguments, **options)
        self.fp = io.BufferedReader(_Timed(cast("SocketIO", self.fp.detach()), sock, left))


class _Timed(io.RawIOBase):
    """What comes from a socket, each wait bounded."""

    def __init__(self, raw: SocketIO, sock: socket, left: Left) -> None:
        super().__init__()
        self._raw, self._sock, self._left = raw, sock, left

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Reads once."""
        self._sock.settimeout(self._left())
        return self._raw.readinto(buffer)

    def close(self) -> None:
        """Lets the socket go."""
        self._raw.close()
        super().close()
