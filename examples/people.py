"""Invented civil servants: a seeded generator of a file that an agency could send.

    python -m examples.people 1859 > people.csv

Nobody in it exists: names are put together from common Cambodian name parts,
in Khmer and in Latin letters, with the lengths that names really have (median
12 characters in each script, one in a hundred longer than 24 and 28, none
longer than 40).
"""

from __future__ import annotations

import argparse
import csv
import io
import random
import sys
from collections.abc import Iterator
from datetime import date, timedelta

from issuer.default_codes import DEFAULT_CODES

COLUMNS = (
    "employee_id",
    "name_km",
    "name_la",
    "date_of_birth",
    "ministry",
    "position",
    "grade",
    "agency",
    "employment_status",
)
MAX_NAME = 40

FAMILY = (
    ("សុខ", "SOK"), ("ចាន់", "CHAN"), ("គឹម", "KIM"), ("លី", "LY"), ("ហេង", "HENG"), ("កែវ", "KEO"),
    ("អ៊ុក", "OUK"), ("ប៊ុន", "BUN"), ("សេង", "SENG"), ("ជា", "CHEA"), ("នួន", "NUON"), ("ទេព", "TEP"),
    ("ម៉ៅ", "MAO"), ("យឹម", "YIM"), ("ឈឹម", "CHHIM"), ("ប្រាក់", "PRAK"), ("ឃឹម", "KHIM"), ("ឡុង", "LONG"),
    ("អ៊ិន", "IN"), ("ផាន់", "PHAN"), ("រស់", "ROS"), ("ម៉ម", "MAM"), ("ណុប", "NOP"), ("ឌួង", "DUONG"),
)  # fmt: skip
GIVEN = (
    ("សុភ័ក្ត្រ", "SOPHEAK"), ("ច័ន្ទតារា", "CHANTARA"), ("វិចិត្រ", "VICHET"), ("សុធារី", "SOTHEARY"),
    ("ពិសិដ្ឋ", "PISETH"), ("រតនា", "RATANA"), ("បុប្ផា", "BOPHA"), ("ម៉ាលី", "MALY"), ("សំណាង", "SAMNANG"),
    ("វណ្ណា", "VANNA"), ("ដារ៉ា", "DARA"), ("កល្យាណ", "KALYAN"), ("មករា", "MAKARA"), ("សុវណ្ណារិទ្ធ", "SOVANNARITH"),
    ("ធីតា", "THIDA"), ("បញ្ញា", "PANHA"), ("ស្រីមុំ", "SREYMOM"), ("វាសនា", "VEASNA"), ("រ៉ាវី", "RAVY"),
    ("ចំរើន", "CHAMROEUN"), ("គន្ធា", "KUNTHEA"), ("នារី", "NEARY"), ("សុខា", "SOKHA"), ("ប៊ុនថន", "BUNTHAN"),
    ("សីហា", "SEIHA"), ("មុន្នី", "MONY"), ("ចាន់ថា", "CHANTHA"), ("លីណា", "LINA"), ("វុទ្ធី", "VUTHY"),
)  # fmt: skip
AGENCIES = (
    "នាយកដ្ឋានបុគ្គលិក",
    "នាយកដ្ឋានរដ្ឋបាល",
    "នាយកដ្ឋានហិរញ្ញវត្ថុ",
    "មន្ទីរខេត្តកំពត",
    "មន្ទីរខេត្តបាត់ដំបង",
    "Department of Information Technology",
    "Provincial Department of Siem Reap",
    "",
)
_PARTS = (1,) * 56 + (2,) * 41 + (4,) * 3
"""Given-name parts of a hundred people."""


def rows(count: int, *, seed: int = 1) -> Iterator[dict[str, str]]:
    """`count` people, the same ones for the same seed, each with an employee number of its own."""
    draw = random.Random(seed)
    numbers = draw.sample(range(10**8), count)  # leading zeros, as registers have them
    for number in numbers:
        name_km, name_la = _name(draw)
        position = draw.choice(list(DEFAULT_CODES.positions))
        yield {
            "employee_id": f"{number:010d}",
            "name_km": name_km,
            "name_la": name_la,
            "date_of_birth": (date(1964, 1, 1) + timedelta(days=draw.randrange(40 * 365))).isoformat(),
            "ministry": str(draw.choice(list(DEFAULT_CODES.ministries))),
            "position": str(position) if draw.random() < 0.97 else "ប្រធានក្រុមការងារពិសេស",
            "grade": str(draw.choice(list(DEFAULT_CODES.grades))),
            "agency": draw.choice(AGENCIES),
            "employment_status": draw.choices(("active", "probation", "seconded"), (94, 4, 2))[0],
        }


def to_csv(count: int, *, seed: int = 1) -> str:
    """The file's text, to be written as UTF-8 with a byte order mark, as spreadsheets do."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(rows(count, seed=seed))
    return text.getvalue()


def _name(draw: random.Random) -> tuple[str, str]:
    while True:
        family = draw.choice(FAMILY)
        given = [draw.choice(GIVEN) for _ in range(draw.choice(_PARTS))]
        name_km = f"{family[0]} {''.join(khmer for khmer, _ in given)}"
        between = "" if len(given) == 2 else " "  # two parts are a compound
        name_la = f"{family[1]} {between.join(latin for _, latin in given)}"
        if max(len(name_km), len(name_la)) <= MAX_NAME:
            return name_km, name_la


def main() -> None:
    """Writes the file to standard output."""
    parser = argparse.ArgumentParser(prog="people", description="Invented civil servants as CSV.")
    parser.add_argument("count", type=int, nargs="?", default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    sys.stdout.buffer.write(to_csv(options.count, seed=options.seed).encode("utf-8-sig"))


if __name__ == "__main__":
    main()
