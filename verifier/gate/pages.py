"""The open pages of the gate, and what they are told; any thread may tell them."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

from verifier.gate.errors import GateError

MOST = 4
"""Pages at once: a gate has one screen, and somebody may have left tabs open."""
BEHIND = 64
"""Messages that may wait for one page; a page that is further behind is let go and comes anew."""

Message = dict[str, Any]


class Pages:
    """Who listens. `join` and `leave` are for the event loop's thread, `tell` for any."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._queues: set[asyncio.Queue[Message | None]] = set()

    def __len__(self) -> int:
        return len(self._queues)

    def join(self) -> asyncio.Queue[Message | None]:
        """A page's queue; None in it says that the page is let go.

        Raises:
            GateError: `too_many_pages`.
        """
        if len(self._queues) >= MOST:
            raise GateError("too_many_pages", "too many pages of this gate are open")
        self._loop = asyncio.get_running_loop()
        queue: asyncio.Queue[Message | None] = asyncio.Queue(BEHIND)
        self._queues.add(queue)
        return queue

    def leave(self, queue: asyncio.Queue[Message | None]) -> None:
        """A page is gone."""
        self._queues.discard(queue)

    def tell(self, message: Message) -> None:
        """Tells every page; without a page nothing happens."""
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop has ended
                self._loop.call_soon_threadsafe(self._spread, message)

    def _spread(self, message: Message) -> None:
        for queue in list(self._queues):
            try:
                queue.put_nowait(message)
            except asyncio.QueueFull:
                self._queues.discard(queue)
                queue.get_nowait()
                queue.put_nowait(None)
