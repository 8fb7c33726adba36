"""What must come out of the launch day, beside what came out: every figure is counted twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from credential.codes import Name
from examples.launch_plan import LAUNCH, REJECTED, TWINS, Way
from issuer.day_chart import AgencyCounts, DayStage
from issuer.lifecycle import CardState

STAGES = {
    CardState.APPLIED: DayStage.APPLIED,
    CardState.REJECTED: DayStage.REJECTED,
    CardState.APPROVED: DayStage.APPROVED,
    CardState.IN_BATCH: DayStage.IN_BATCH,
    CardState.PRINTED: DayStage.PRINTED,
    CardState.ACTIVE: DayStage.ACTIVE,
}
Standing = Mapping[str, Mapping[CardState, int]]


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the day: what it counts, what was `found`, and what is `due`."""

    name: Name
    found: int
    due: int

    @property
    def holds(self) -> bool:
        """Whether it is what it must be."""
        return self.found == self.due


@dataclass(slots=True)
class Figures:
    """All that was counted; anything found that nobody seeded, or missed, makes a figure wrong."""

    all: list[Figure] = field(default_factory=list)

    def count(self, km: str, en: str, found: int, due: int) -> None:
        """Enters a figure."""
        self.all.append(Figure(Name(km=km, en=en), found, due))

    def compare(self, km: str, en: str, found: Collection[Any], seeded: Collection[Any]) -> None:
        """Enters how many of what was `seeded` were found, and how many were found that are none of it."""
        hit, invented = Counter(found) & Counter(seeded), Counter(found) - Counter(seeded)
        self.count(f"{km}៖ រកឃើញ", f"{en}: seeded ones found", hit.total(), len(seeded))
        self.count(f"{km}៖ ដែលគ្មានពិត", f"{en}: named that are none", invented.total(), 0)

    def hold(self) -> bool:
        """Whether all are what they must be."""
        return all(figure.holds for figure in self.all)

    def to_json(self) -> list[dict[str, Any]]:
        """For the report."""
        return [
            {"en": figure.name.en, "km": figure.name.km, "found": figure.found, "due": figure.due}
            for figure in self.all
        ]


def due_table(unprinted: Collection[str], given_back: Collection[str]) -> dict[str, dict[CardState, int]]:
    """Where everybody must stand in the evening, by the plan alone.

    `unprinted` holds an agency's Khmer name for each card that its bank did not print and
    still has, `given_back` for each that it gave back.
    """
    rejected = Counter[int]()
    for number, count, _ in REJECTED:
        rejected[number] += count
    doubtful = Counter(number for pair in TWINS for number in pair)
    at_bank, back = Counter(unprinted), Counter(given_back)
    table = {}
    for agency in LAUNCH:
        name, out = agency.name.km, rejected[agency.number]
        waits = agency.people if agency.way is Way.LATE else doubtful[agency.number]
        made = agency.people - out - waits
        printed = made - at_bank[name] - back[name] - agency.handed
        goes: dict[CardState, int] = {CardState.APPLIED: waits, CardState.REJECTED: out}
        if agency.way is Way.APPROVED:
            goes[CardState.APPROVED] = made
        elif agency.way is Way.AT_BANK:
            goes[CardState.IN_BATCH] = made
        elif agency.way is not Way.LATE:
            goes[CardState.APPROVED], goes[CardState.IN_BATCH] = back[name], at_bank[name]
            goes[CardState.PRINTED], goes[CardState.ACTIVE] = printed, agency.handed
        table[name] = {state: count for state, count in goes.items() if count}
    return table


def chart_rows(standing: Standing) -> list[AgencyCounts]:
    """The rows of the day's table in the order of the plan, with both names of each agency."""
    return [
        AgencyCounts(agency=agency.name, counts=dict(_stages(standing.get(agency.name.km, {}))))
        for agency in LAUNCH
    ]


def _stages(states: Mapping[CardState, int]) -> Iterator[tuple[DayStage, int]]:
    counts = Counter[DayStage]()
    for state, count in states.items():
        counts[STAGES.get(state, DayStage.OTHER)] += count
    yield from counts.items()
