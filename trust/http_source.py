"""Fetching over HTTP(S) in bounded time, however slowly a server answers, and in bounded bytes.

A timeout of a socket begins anew with every byte. So each wait here is no
longer than what is left of the whole. Of an answer that is not the file, a
redirection or an error, the body is never read.
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
MOST = 1 << 28
"""Bytes of a whole sync, headers included: above all roots and targets that a home takes together."""
_CHUNK = 1 << 16
Left = Callable[[], float]
Came = Callable[[int], object]


class Redirected(DownloadError):
    """The server sends elsewhere. Whoever chose the address chose its host, and HTTPS; no server may."""


class HttpFetcher(FetcherInterface):
    """Fetches over HTTP(S), through the proxies of the environment; made anew for each sync."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._received = 0
        self._opener = request.OpenerDirector()
        for handler in (
            request.ProxyHandler(),
            request.HTTPDefaultErrorHandler(),
            request.HTTPErrorProcessor(),
            request.UnknownHandler(),
            _Http(self._left, self._came),
            _Https(self._left, self._came),
        ):
            self._opener.add_handler(handler)
        self._opener.addheaders = [("User-Agent", "montrey")]

    def _fetch(self, url: str) -> Iterator[bytes]:
        try:
            return self._chunks(cast("HTTPResponse", self._opener.open(url, timeout=self._left())))
        except HTTPError as error:
            error.close()
            if error.code // 100 == 3:
                raise Redirected("the server sends elsewhere") from error
            if error.code in (403, 404):  # there is no such file; anything else is the server's trouble
                raise DownloadHTTPError("no such file", error.code) from error
            raise DownloadError(f"the server answers {error.code}") from error

    def _chunks(self, response: HTTPResponse) -> Iterator[bytes]:
        with response:
            while chunk := response.read1(_CHUNK):
                yield chunk

    def _came(self, count: int) -> None:
        """Counts what came, whatever it was: headers and trailers without end are no file."""
        self._received += count
        if self._received > MOST:
            raise DownloadError("the server sends more than a publication has")

    def _left(self) -> float:
        """How long the next byte may take."""
        whole = min(GRACE + self._received / SLOWEST, LONGEST)
        left = min(self._began + whole - time.monotonic(), SILENCE)
        if left <= 0:
            raise SlowRetrievalError("the server is too slow")
        return left


class _Http(request.HTTPHandler):
    def __init__(self, left: Left, came: Came) -> None:
        super().__init__()
        self._left, self._came = left, came

    def http_open(self, req: request.Request) -> HTTPResponse:
        """Called by the opener."""
        return self.do_open(_timed(HTTPConnection, self._left, self._came), req)


class _Https(request.HTTPSHandler):
    def __init__(self, left: Left, came: Came) -> None:
        super().__init__()
        self._left, self._came = left, came

    def https_open(self, req: request.Request) -> HTTPResponse:
        """Called by the opener."""
        return self.do_open(_timed(HTTPSConnection, self._left, self._came), req)


def _timed(connection: type[HTTPConnection], left: Left, came: Came) -> Any:
    def opened(*arguments: Any, **options: Any) -> HTTPConnection:
        made = connection(*arguments, **options)
        made.response_class = partial(_Response, left=left, came=came)  # type: ignore[assignment]
        return made

    return opened


class _Response(HTTPResponse):
    """A response of which headers, too, are read in the time that is left."""

    def __init__(self, sock: socket, *arguments: Any, left: Left, came: Came, **options: Any) -> None:
        super().__init__(sock, *arguments, **options)
        self.fp = io.BufferedReader(_Timed(cast("SocketIO", self.fp.detach()), sock, left, came))


class _Timed(io.RawIOBase):
    """What comes from a socket, counted, each wait bounded."""

    def __init__(self, raw: SocketIO, sock: socket, left: Left, came: Came) -> None:
        super().__init__()
        self._raw, self._sock, self._left, self._came = raw, sock, left, came

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Reads once."""
        self._sock.settimeout(self._left())
        count = self._raw.readinto(buffer)
        self._came(count or 0)
        return count

    def close(self) -> None:
        """Lets the socket go."""
        self._raw.close()
        super().close()
