"""A re-issue for a whole civil service, beside what its parts need at least, all in one run.

    python -m bench.bulk --people 220000

The register is an SQLite file in a temporary folder, or the empty database that
MONTREY_DATABASE_URL names. Times drift on a shared machine, so each floor is
measured in the same run: the raw signatures, the hashes and the Base64 of
SD-JWT VCs, the same rows into tables without a rule, the compression and
signatures of the lists. Signing and encoding are processor seconds of all
processes together; the rest is time that passed.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from tempfile import TemporaryDirectory
from time import perf_counter

from bench import bulk_floors, enrolled
from credential.codes import Name
from did import keyfile
from did.keyfile import Cost
from examples.two_people import TwoPeople
from issuer import database, reissue_run
from issuer.custody import KEY_FILE, PASSPHRASE_FILE
from issuer.foundation import found
from issuer.home import Config
from issuer.order_book import Waiting
from issuer.reissue_part import Spent
from issuer.reissue_run import Report
from trust import KeyKind

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ISSUER = "https://montrey.example"
_PASSPHRASE = "a passphrase of the bench"
_CHEAP = Cost(1, 8192)


@dataclass(slots=True)
class Clock:
    """A ministry's clock, which the bench moves on."""

    now: datetime = START

    def __call__(self) -> datetime:
        """The time it is."""
        return self.now


def main(arguments: Sequence[str] | None = None) -> int:
    """Fills a register, issues again, publishes, and prints where the time went."""
    parser = argparse.ArgumentParser(prog="python -m bench.bulk", description=__doc__)
    parser.add_argument("--people", type=int, default=220_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--alone", type=int, default=0, metavar="N", help="so many parts by one worker first")
    parser.add_argument("--examine", action="store_true", help="hold the audit chain against it afterwards")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args(arguments)
    with TemporaryDirectory(prefix="montrey-bulk-") as folder:
        result = measure(Path(folder), options.people, options.workers, alone=options.alone)
        if options.examine:
            result["problems"] = len(_opened(Path(folder)).examine().problems)
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n")
    print(table(result))
    return 0


def measure(folder: Path, people: int, workers: int, *, alone: int = 0) -> dict[str, object]:
    """All figures of one run, by name."""
    clock = Clock()
    office = ministry(folder, people, clock)
    told("issuing again")
    began, used = perf_counter(), _processor_seconds()
    number = _begin(office)
    opened = perf_counter() - began
    rate = Rate()
    report = Report()
    if alone:
        report = _run(office, number, 1, most=alone, rate=(single := Rate()))
    rest = _run(office, number, workers, rate=rate)
    office._finish(number)
    published = perf_counter()
    office.publish(folder / "stick")
    ended, used = perf_counter(), _processor_seconds() - used
    told("measuring floors")
    spent = Spent()
    for each in (report, rest):
        spent.add(each.spent)
    floors = bulk_floors.measure(office._engine, people, workers)
    return {
        "people": report.people + rest.people,
        "database": office._engine.dialect.name,
        "workers": workers,
        "elapsed": ended - began,
        "opening": opened,
        "processor": used,
        "signing": [spent.signing, floors.signing],
        "encoding": [spent.encoding, floors.encoding],
        "database_seconds": [spent.database + opened, floors.database],
        "publication": [ended - published, floors.publication],
        "raw_scaling": floors.scaling,
        "scaling": rate.people_per_second / single.people_per_second if alone else None,
        "peak_mb": getrusage(RUSAGE_SELF).ru_maxrss / 1024,
        "peak_worker_mb": getrusage(RUSAGE_CHILDREN).ru_maxrss / 1024,
    }


def table(result: dict[str, object]) -> str:
    """One line a figure; a pair is a measured time beside its floor."""
    lines = []
    for name, value in result.items():
        if isinstance(value, list):
            measured, floor = value
            lines.append(f"{name:18} {measured:8.1f} s  floor {floor:8.1f} s  {measured / floor:6.2f} x")
        elif isinstance(value, float):
            lines.append(f"{name:18} {value:8.2f}")
        else:
            lines.append(f"{name:18} {value}")
    return "\n".join(lines)


class Rate:
    """People a second between the first part that was done and the last: without what it takes to start."""

    def __init__(self) -> None:
        self.marks: list[tuple[int, float]] = []

    def __call__(self, done: int, _total: int) -> None:
        """Takes down how many are done now."""
        self.marks.append((done, perf_counter()))

    @property
    def people_per_second(self) -> float:
        """0 where fewer than two parts were done."""
        if len(self.marks) < 2:
            return 0.0
        (first, began), (last, ended) = self.marks[0], self.marks[-1]
        return (last - first) / (ended - began)


def ministry(folder: Path, people: int, clock: Clock) -> TwoPeople:
    """A home with so many people, the second keys of each kind ripe for use."""
    config = Config(issuer=ISSUER, name=Name("ក្រសួង", "Ministry"))
    found(folder / "home", config=config, passphrase=_PASSPHRASE, now=START, cost=_CHEAP)
    office = _opened(folder, clock)
    enrolled.fill(
        *(office, people),
        now=int(START.timestamp()),
        progress=lambda done, total: told(f"people: {done} of {total}", end="\r"),
    )
    office.authority.renew([KeyKind.SEAL, KeyKind.LIVE, KeyKind.SD_JWT], cost=_CHEAP)
    drawn = office.authority.draw_up_trust_list()
    for name in ("targets-1", "targets-2"):
        place = office.home.offline / name
        drawn = drawn.signed(keyfile.load(place / KEY_FILE, (place / PASSPHRASE_FILE).read_text().strip()))
    office.authority.accept_trust_list(drawn)
    for _ in range(2):  # for longer than gates may go without a publication
        office.publish(folder / "stick")
        clock.now += timedelta(days=18)
    return office


def _opened(folder: Path, clock: Callable[[], datetime] = Clock()) -> TwoPeople:  # noqa: B008 (its own clock)
    return TwoPeople.sit_down(folder / "home", _PASSPHRASE, staff_passphrase=_PASSPHRASE, clock=clock)


def _begin(office: TwoPeople) -> int:
    asked = office.officer.reissue()
    assert isinstance(asked, Waiting)
    number: int = office.confirm(asked.number).number
    return number


def _run(office: TwoPeople, number: int, workers: int, *, rate: Rate, most: int | None = None) -> Report:
    with database.reading(office._engine) as session:
        signers = reissue_run.signers(session, office._keyring, number)
    return reissue_run.run(
        *(office._engine, office._desk, number, signers), workers=workers, most=most, progress=rate
    )


def _processor_seconds() -> float:
    usages = [getrusage(who) for who in (RUSAGE_SELF, RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def told(text: str, *, end: str = "\n") -> None:
    """Says on the error stream what is being done."""
    print(text, end=end, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
