"""A gate that is never restarted: memory and file handles stay flat over as many scans as MONTREY_SCANS_DAY.

100,000 for the campaign. What it has to remember grows until the replay cache
is full (65,536 codes, some 10 MB); after that nothing may.
"""

from __future__ import annotations

import os
import random
import resource
from collections import deque
from collections.abc import Iterator
from pathlib import Path

import pytest
from gate_folk import Folk
from gate_house import HandClock, typed
from gate_listener import Screen, picture
from gate_town import Town

from verifier.gate.intake import By
from verifier.gate.station import Station
from verifier.replay import CAPACITY

SCANS = int(os.environ.get("MONTREY_SCANS_DAY", "3000"))
EACH = max(SCANS // 100, 50)
"""Scans between two samples."""
A_CODE = 400
"""Bytes that a code in the replay cache takes at most, and room."""
SLACK = 6 << 20
"""Bytes by which a Python process may breathe."""


class Ears(Screen):
    """A page that counts the codes it hears and keeps nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.codes: deque[str] = deque(maxlen=1)

    def tell(self, message: dict[str, object]) -> None:
        """Keeps the last verdict's code."""
        if message["type"] == "verdict":
            self.codes.append(str(message["code"]))


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[tuple[Station, HandClock, Folk, Ears]]:
    """A gate two minutes after its start, and people."""
    time = HandClock()
    town = Town(tmp_path, people=4, clock=lambda: time.now)
    folk = Folk(town, 500, random.Random(5))
    home = town.home(tmp_path / "gate")
    station = Station(home, clock=time.clock, monotonic=time.monotonic, usual=())
    ears = Ears()
    station.pages = ears
    time.pass_(120)
    try:
        yield station, time, folk, ears
    finally:
        station.close()


def test_a_gate_that_never_rests(gate: tuple[Station, HandClock, Folk, Ears]) -> None:
    """Every scan by keys, line, camera or number has its verdict; what the process holds is sampled."""
    station, time, folk, ears = gate
    rng = random.Random(6)
    samples: list[tuple[int, int, int]] = []
    fresh = 0
    for scan in range(SCANS):
        who = scan % folk.count
        time.pass_(0.4)
        if scan % 25 == 0:
            station.beat()
        if scan % 10 == 9:
            station.reception.text(f"SOME OTHER CODE {scan:09d}", By.SERIAL)
            expected = "not_montrey"
        elif scan % 50 == 5:
            station.reception.text(folk.seal(who).text, By.SERIAL)
            station.reception.number(folk.number(who))
            expected = "accepted"
        else:
            text = folk.live(who, time.now).text
            if scan % 500 == 7:
                assert station.reception.frame(picture(text))
            elif scan % 3:
                assert station.reception.keys(typed(text), ended=True)
            else:
                station.reception.text(text, By.SERIAL)
            expected = "accepted"
            fresh += 1
        assert ears.codes.pop() == expected, scan
        station.reception.dismiss()
        if scan % EACH == EACH - 1:
            samples.append((fresh, _resident(), _handles()))
        if rng.random() < 0.001:
            station.first_words()
    _show(samples)
    _check(samples)
    assert station._writer.lost == 0
    assert station._writer.flush()
    assert sum(entry.what == "verdict" for entry in station.log.read()) >= SCANS


def _check(samples: list[tuple[int, int, int]]) -> None:
    """From the tenth of the way on: handles the same, memory by no more than what the cache has grown."""
    begin = samples[len(samples) // 10]
    assert max(handles for *_, handles in samples) <= begin[2] + 3
    for fresh, resident, _ in samples[len(samples) // 10 :]:
        grown = min(fresh, CAPACITY) - min(begin[0], CAPACITY)
        assert resident <= begin[1] + A_CODE * grown + SLACK, samples
    full = [sample for sample in samples if sample[0] > CAPACITY]
    if len(full) > 5:
        assert max(resident for _, resident, _ in full) - full[1][1] <= SLACK, full


def _show(samples: list[tuple[int, int, int]]) -> None:
    print(f"\n{SCANS} scans; codes remembered at most, resident MB, handles:")
    for fresh, resident, handles in samples[:: max(1, len(samples) // 10)] + samples[-1:]:
        print(f"  {min(fresh, CAPACITY):6} {resident / 2**20:7.1f} {handles:3}")


def _resident() -> int:
    """Bytes of this process in memory (proc(5): the second number of statm, in pages)."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def _handles() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())
