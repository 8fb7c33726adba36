"""The threads of the service: each kind of work has its own, so that none takes another's.

What hangs, a stick or a disk, holds the threads of its kind for as long; a scan
still gets its verdict. Nothing of the gate runs in the threads that Starlette
shares out among everybody.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from verifier.gate.errors import GateError

P = ParamSpec("P")
T = TypeVar("T")


class Lane:
    """Threads for one kind of work. `waiting` is how much of it may wait; more is refused with `busy`."""

    def __init__(
        self, name: str, threads: int, *, waiting: int | None = None, busy: str = "gate_busy"
    ) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=f"montrey-{name}")
        self._most = None if waiting is None else threads + waiting
        self._busy = busy
        self._inside = 0

    async def run(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """What `work` returns or raises; to be called in the event loop's thread.

        Raises:
            GateError: the lane's `busy`, at once, when too much waits already.
        """
        if self._most is not None and self._inside >= self._most:
            raise GateError(self._busy, "too much of this is under way already")
        self._inside += 1
        try:
            return await asyncio.wrap_future(self._pool.submit(work, *args, **kwargs))
        finally:
            self._inside -= 1

    def close(self) -> None:
        """Begins nothing more, and waits for nothing."""
        self._pool.shutdown(wait=False, cancel_futures=True)


class Lanes:
    """Every lane of one service."""

    def __init__(self) -> None:
        self.judging = Lane("judging", 8)
        """Keys, numbers, frames: a page has one of each at a time, and there are few pages."""
        self.beat = Lane("beat", 1)
        self.telling = Lane("telling", 2)
        """How the gate is, for whoever asks."""
        self.drops = Lane("drops", 2)
        self.acts = Lane("acts", 2, waiting=8)
        """A supervisor's, which write to the disk."""
        self.log = Lane("log", 2)
        self.updates = Lane("updates", 1, waiting=0, busy="busy_updating")
        """The beginning of one, which looks for a stick."""

    def close(self) -> None:
        """Begins nothing more."""
        for lane in vars(self).values():
            lane.close()
