"""Two pieces of work measured side by side. Standard library only: the judges' environment runs this too.

Times drift by half on a shared machine; the ratio of two times taken in turns
drifts much less. So short batches of the work and of its floor alternate, in
processor time, which does not count while another program runs. Each pair of
neighbours gives a ratio, a round is the median of its pairs, and a figure the
median of the rounds, with the smallest and the largest.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from statistics import median
from time import thread_time_ns

Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured: rounds, and how many µs a round and a batch last at least."""

    rounds: int = 25
    round_micros: float = 25_000
    batch_micros: float = 500


QUICK = Effort(rounds=3, round_micros=2000, batch_micros=200)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured line; times in µs. `ratios` are the median, the smallest and the largest."""

    subject: str
    micros: float = 0
    floor_micros: float = 0
    ratios: tuple[float, ...] = ()
    aim: str = ""
    note: str = ""


def compare(
    subject: str,
    work: Work,
    floor: Work | None = None,
    *,
    effort: Effort,
    per: int = 1,
    aim: str = "",
    note: str = "",
) -> Figure:
    """Measures `work` against `floor` in turns; `per` is how many operations one call of either makes."""
    pieces = [(piece, _calls(piece, effort)) for piece in (work, floor) if piece]
    was_on = gc.isenabled()
    gc.collect()
    gc.disable()
    try:
        rounds = [_round(pieces, effort.round_micros) for _ in range(effort.rounds)]
    finally:
        if was_on:
            gc.enable()
    times = [median(times) / per for times in zip(*chain.from_iterable(rounds), strict=True)]
    ratios = [median(taken / least for taken, least in pairs) for pairs in rounds] if floor else []
    return Figure(
        subject=subject,
        micros=times[0],
        floor_micros=times[1] if floor else 0,
        ratios=(median(ratios), min(ratios), max(ratios)) if ratios else (),
        aim=aim,
        note=note,
    )


def _round(pieces: list[tuple[Work, int]], least_micros: float) -> list[list[float]]:
    """Times of a batch of each, in turns."""
    turns: list[list[float]] = []
    spent = 0.0
    while not turns or spent < least_micros:
        turns.append([_time(work, calls) for work, calls in pieces])
        spent += sum(taken * calls for taken, (_, calls) in zip(turns[-1], pieces, strict=True))
    return turns


def _calls(work: Work, effort: Effort) -> int:
    """Warms up, and says how many calls a batch needs."""
    calls = 1
    while (taken := _time(work, calls) * calls) < effort.batch_micros:
        calls = max(calls + 1, int(calls * min(4, 1.1 * effort.batch_micros / taken)))
    return calls


def _time(work: Work, calls: int) -> float:
    """µs a call."""
    repeat = range(calls)
    begin = thread_time_ns()
    for _ in repeat:
        work()
    return (thread_time_ns() - begin) / calls / 1000
