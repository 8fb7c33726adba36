"""What a file of applications looks like, for whoever fills one in: `import --columns|--codes|--example`."""

from __future__ import annotations

import csv
import sys
from argparse import Namespace

from credential.codes import TABLES, Name
from issuer.cli_output import print_json, tell
from issuer.cli_session import Session
from issuer.default_codes import DEFAULT_CODES
from issuer.sheet_rows import COLUMNS, OPTIONAL

MEANINGS = {
    "employee_id": Name(
        "អត្តលេខមន្ត្រី ១០ ខ្ទង់ រក្សាលេខសូន្យខាងដើម", "employee number, ten digits, leading zeros kept"
    ),
    "name_km": Name("ឈ្មោះជាអក្សរខ្មែរ មិនលើស ៨០ តួ", "name in Khmer letters, at most 80 characters"),
    "name_la": Name("ឈ្មោះជាអក្សរឡាតាំង (ប្តូរជាអក្សរធំ)", "name in Latin letters (made capitals)"),
    "date_of_birth": Name(
        "ឆ្នាំ-ខែ-ថ្ងៃ ឧ. 1980-04-23 (ថ្ងៃ/ខែ/ឆ្នាំ ជាមួយ --day-first)",
        "year-month-day, such as 1980-04-23 (with --day-first also 23/04/1980)",
    ),
    "ministry": Name("លេខកូដ ឬឈ្មោះពេញ", "code, or its whole name in Khmer or English (--codes)"),
    "position": Name("លេខកូដ ឈ្មោះពេញ ឬសរសេរដោយសេរី", "code or whole name (--codes), or written out"),
    "grade": Name("លេខកូដ ឬឈ្មោះ", "code, or its name in Khmer or English (--codes)"),
    "agency": Name("អង្គភាព (មិនចាំបាច់)", "agency or department (may be empty)"),
    "employment_status": Name(
        "active, probation, seconded, on_leave, retired (ទទេ = active)",
        "active, probation, seconded, on_leave or retired (empty: active)",
    ),
    "photo_sha256": Name(
        "SHA-256 នៃឯកសាររូបថត (មិនចាំបាច់)",
        "SHA-256 of the photo file, 64 hexadecimal digits (may be empty, also with --photos)",
    ),
}
EXAMPLE = (
    ("0012345678", "សុខ ច័ន្ទតារា", "SOK CHANTARA", "1980-04-23", "1", "15", "A.1", "", "active", ""),
    ("០០១២៣៤៥៦៧៩", "កែវ បុប្ផា", "KEO BOPHA", "1991-12-02", "ក្រសួងសុខាភិបាល", "Nurse", "21", "", "", ""),
)
"""Two invented people."""


def print_help(session: Session, options: Namespace) -> None:
    """Prints what was asked for instead of importing."""
    if options.example:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerows([tuple(COLUMNS), *EXAMPLE])
    elif options.columns:
        _print_columns(as_json=options.json)
    else:
        _print_codes(session, homeless=options.home is None, as_json=options.json)


def _print_columns(*, as_json: bool) -> None:
    if as_json:
        print_json(
            [
                {"name": name, "name_km": khmer, "required": name not in OPTIONAL, "en": MEANINGS[name].en}
                for name, khmer in COLUMNS.items()
            ]
        )
        return
    for name, khmer in COLUMNS.items():
        for line in (f"{name} ({khmer})", f"    {MEANINGS[name].en}", f"    {MEANINGS[name].km}"):
            tell(line)


def _print_codes(session: Session, *, homeless: bool, as_json: bool) -> None:
    """The tables of a home; without one those that a new home begins with."""
    tables = DEFAULT_CODES if homeless else session.open().codes()
    if as_json:
        print_json({t: {c: [n.km, n.en] for c, n in getattr(tables, t).items()} for t in TABLES})
        return
    for table in TABLES:
        tell(table)
        for code, name in getattr(tables, table).items():
            tell(f"{code:>6}  {name.en}  {name.km}")
