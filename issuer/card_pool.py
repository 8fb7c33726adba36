"""Long work on many cards, on several processes where there are processors for it."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from itertools import chain
from multiprocessing import get_context
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

_BATCH = 8
"""Items that a process takes at a time."""
_AHEAD = 3
"""Batches a process that may be under way or wait to be taken: results are not heaped up in memory."""
_WORTH = 24
"""Below this many items a second process takes longer to start than the work does."""


def in_parallel(
    work: Callable[[Item], Result],
    items: Sequence[Item],
    *,
    processes: int | None = None,
    progress: Callable[[int], object] | None = None,
) -> Iterator[Result]:
    """`work` done for each item, the results in the items' order.

    `work` and the items must be picklable (a module's function, or a partial of
    one); processes are spawned, so a program that calls this has its
    `if __name__ == "__main__"`. With one processor, few items, or where no
    process can be started or one dies, the rest is done in this process.
    `progress` is told after each result how many there are.

    Raises:
        whatever `work` raises, for the first item in order that it fails for.
    """
    count = min(processes if processes is not None else processors(), -(-len(items) // _BATCH))
    several = count > 1 and (processes is not None or len(items) >= _WORTH)
    results = _spread(work, items, count) if several else map(work, items)
    for number, result in enumerate(results, 1):
        if progress:
            progress(number)
        yield result


def processors() -> int:
    """How many processors this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def _spread(work: Callable[[Item], Result], items: Sequence[Item], count: int) -> Iterator[Result]:
    """Batches to processes; what they did not finish is done here."""
    done = 0
    try:
        pool = ProcessPoolExecutor(count, mp_context=get_context("spawn"))
        try:
            for result in _from_pool(pool, work, items, count):
                done += 1
                yield result
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
    except (BrokenProcessPool, NotImplementedError, PermissionError):
        yield from map(work, items[done:])


def _from_pool(
    pool: ProcessPoolExecutor, work: Callable[[Item], Result], items: Sequence[Item], count: int
) -> Iterator[Result]:
    batches = iter([items[start : start + _BATCH] for start in range(0, len(items), _BATCH)])
    task = partial(_batch, work)
    waiting: deque[Future[list[Result]]] = deque()
    for batch in chain(batches, [None] * (count * _AHEAD)):
        if batch is not None:
            waiting.append(pool.submit(task, batch))
        if waiting and (batch is None or len(waiting) >= count * _AHEAD):
            yield from waiting.popleft().result()


def _batch(work: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
    return [work(item) for item in items]
