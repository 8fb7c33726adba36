"""Long work on many cards, on several processes where there are processors for it."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

_AHEAD = 3
"""Batches a process that may be under way or wait to be taken: results are not heaped up in memory."""
_WORTH = 3
"""Fewer batches than these, and a second process takes longer to start than the work does."""


def in_parallel(
    work: Callable[[Item], Result],
    items: Sequence[Item],
    *,
    at_a_time: int = 8,
    processes: int | None = None,
    progress: Callable[[int], object] | None = None,
) -> Iterator[Result]:
    """`work` done for each item, the results in the items' order.

    `work` and the items must be picklable (a module's function, or a partial of
    one); processes are spawned, so a program that calls this has its
    `if __name__ == "__main__"`. With one processor, few items, or where no
    process can be started or one dies, the rest is done in this process. A
    process takes `at_a_time` items.
    `progress` is told after each result how many there are.

    Raises:
        whatever `work` raises, for the first item in order that it fails for.
    """
    batches = -(-len(items) // at_a_time)
    count = min(processors() if processes is None else processes, batches)
    several = count > 1 and (processes is not None or batches >= _WORTH)
    results = _spread(work, items, count, at_a_time) if several else map(work, items)
    for number, result in enumerate(results, 1):
        if progress:
            progress(number)
        yield result


def processors() -> int:
    """How many processors this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def _spread(
    work: Callable[[Item], Result], items: Sequence[Item], count: int, at_a_time: int
) -> Iterator[Result]:
    """Batches to processes; what they did not finish is done here."""
    done, batches = 0, [items[start : start + at_a_time] for start in range(0, len(items), at_a_time)]
    try:
        pool = ProcessPoolExecutor(count, mp_context=get_context("spawn"), initializer=_end_with_parent)
        try:
            for result in _from_pool(pool, work, batches, count):
                done += 1
                yield result
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
    except (BrokenProcessPool, NotImplementedError, PermissionError):
        yield from map(work, items[done:])


def _from_pool(
    pool: ProcessPoolExecutor,
    work: Callable[[Item], Result],
    batches: Sequence[Sequence[Item]],
    count: int,
) -> Iterator[Result]:
    task, waiting = partial(_batch, work), deque[Future[list[Result]]]()
    for batch in batches:
        waiting.append(pool.submit(task, batch))
        if len(waiting) >= count * _AHEAD:
            yield from waiting.popleft().result()
    while waiting:
        yield from waiting.popleft().result()


def _end_with_parent() -> None:
    """A process that waits for more work does not learn by itself that the one it works for was killed."""
    Thread(target=_outlive_nobody, daemon=True).start()


def _outlive_nobody() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _batch(work: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
    return [work(item) for item in items]
