"""Two pieces of work measured side by side. Standard library only: the judges' environment runs this too.

Times drift by half on a shared machine; the ratio of two times taken in turns
drifts much less. A round alternates short batches of the work and of its floor
and gives one ratio, of their medians; a figure is the median of the rounds,
with the smallest and the largest.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter_ns

Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured: rounds, batches a round, and how many µs a batch lasts at least."""

    rounds: int = 25
    batches: int = 8
    batch_micros: float = 1500


QUICK = Effort(rounds=3, batches=2, batch_micros=200)


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
        rounds = [_round(pieces, effort.batches) for _ in range(effort.rounds)]
    finally:
        if was_on:
            gc.enable()
    times = [median(column) / per for column in zip(*rounds, strict=True)]
    ratios = [each[0] / each[1] for each in rounds if floor]
    spread = (median(ratios), min(ratios), max(ratios)) if ratios else ()
    return Figure(
        subject=subject,
        micros=times[0],
        floor_micros=times[1] if floor else 0,
        ratios=spread,
        aim=aim,
        note=note,
    )


def _round(pieces: list[tuple[Work, int]], batches: int) -> list[float]:
    turns = [[_time(work, calls) for work, calls in pieces] for _ in range(batches)]
    return [median(times) for times in zip(*turns, strict=True)]


def _calls(work: Work, effort: Effort) -> int:
    """Warms up, and says how many calls a batch needs."""
    calls = 1
    while (taken := _time(work, calls) * calls) < effort.batch_micros:
        calls = max(calls + 1, int(calls * min(4, 1.1 * effort.batch_micros / taken)))
    return calls


def _time(work: Work, calls: int) -> float:
    """µs a call."""
    repeat = range(calls)
    begin = perf_counter_ns()
    for _ in repeat:
        work()
    return (perf_counter_ns() - begin) / calls / 1000
