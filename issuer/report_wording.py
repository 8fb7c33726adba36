"""What a report says, in Khmer and English: of each row, and of a file as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from credential.codes import Name
from issuer.applications import ImportReport
from issuer.faults import DIFFER, Fault, FaultKind
from issuer.photo_folder import StrayReason
from issuer.rejection_reasons import REASONS
from issuer.sheet_rows import COLUMNS

WRONG = Name("កំហុស", "What is wrong")
RESULT = Name("លទ្ធផល", "Result")


class Outcome(StrEnum):
    """What became of a row."""

    IMPORTED = "imported"
    ALREADY_THERE = "already_there"
    REPEATED = "repeated"
    AMENDED = "amended"
    UNCHANGED = "unchanged"
    AT_FAULT = "at_fault"


OUTCOMES = {
    Outcome.IMPORTED: Name("បានបញ្ចូល", "imported"),
    Outcome.ALREADY_THERE: Name("មានរួចហើយ", "already there"),
    Outcome.REPEATED: Name("ដដែល", "repeated"),
    Outcome.AMENDED: Name("បានកែ", "amended"),
    Outcome.UNCHANGED: Name("មិនប្រែប្រួល", "unchanged"),
    Outcome.AT_FAULT: Name("មានកំហុស", "at fault"),
}
_TAKEN = {
    False: (Outcome.IMPORTED, Outcome.ALREADY_THERE),
    True: (Outcome.AMENDED, Outcome.UNCHANGED),
}
"""What a good row comes to, new or known, in a file of applications and in one of amendments."""
STRAYS = {
    StrayReason.NOBODY: Name(
        "រូបថតនេះមិនមែនរបស់អ្នកណាក្នុងឯកសារទេ", "photo of nobody in the file: its name is no employee number there"
    ),
    StrayReason.NOT_A_FILE: Name(
        "មិនមែនជាឯកសារធម្មតា (link ឬថត) មិនបានបើកទេ", "no plain file (a link, folder or pipe): not opened"
    ),
    StrayReason.NOT_A_PHOTO: Name("មិនមែនជា .jpg, .jpeg ឬ .png", "no .jpg, .jpeg or .png"),
}
TOTALS = Name("សរុប", "Totals")
CODES = (
    Name("តារាង", "table"),
    Name("លេខកូដ", "code"),
    Name("ឈ្មោះ", "name"),
    Name("ឈ្មោះអង់គ្លេស", "English name"),
)
"""Titles of the sheet of codes."""
ROWS = Name("ជួរ", "rows")
LEGEND = Name("ពណ៌", "Colours")
FAULTY_CELL = Name("ក្រឡាមានកំហុស៖ សូមកែ", "a cell at fault: mend it")
DOUBTFUL_CELL = Name("បានបញ្ចូល តែសូមពិនិត្យ", "imported, but look into it")
NEXT = Name(
    "សូមកែជួរដែលមានកំហុស ក្នុងឯកសារនេះ ឬក្នុងឯកសារដើម ហើយផ្ញើទាំងមូលម្ដងទៀត។ ជួរដែលបានបញ្ចូល មិនត្រូវបានបញ្ចូលពីរដងទេ។",
    "Mend the rows at fault, here or in your own file, and send the whole file again. "
    "What was imported is not imported twice.",
)
IGNORED = Name("ជួរឈរដែលមិនបានប្រើ", "Columns not used")
STRAY_PHOTOS = Name("រូបថតដែលមិនបានប្រើ", "Photos not used")
_OTHER_ROW = Name("(មើលជួរ {row})", "(see row {row})")
_SAME_AS = Name("ដូចជួរ {row}។", "The same as row {row}.")
_DIFFERING = Name("(ខុសគ្នា៖ {columns})", "(differing: {columns})")


def both(name: Name) -> str:
    """The two texts in one line."""
    return f"{name.km} · {name.en}"


def outcomes(*, amends: bool) -> list[Outcome]:
    """What rows of such a file may come to."""
    return [*_TAKEN[amends], Outcome.REPEATED, Outcome.AT_FAULT]


class RowWords:
    """Looks up what there is to say of one row after another."""

    def __init__(self, report: ImportReport) -> None:
        self._report = report
        self._faults: dict[int, list[Fault]] = {}
        for fault in (*report.faults, *report.warnings):
            self._faults.setdefault(fault.row, []).append(fault)
        self._bad = {fault.row for fault in report.faults}
        self._there, self._repeated = set(report.there), dict(report.repeated)

    def faults(self, row: int) -> list[Fault]:
        """Faults and warnings of a row."""
        return self._faults.get(row, [])

    def outcome(self, row: int) -> Outcome:
        """What became of a row."""
        if row in self._bad:
            return Outcome.AT_FAULT
        if row in self._repeated:
            return self._of_repeated(row)
        taken, there = _TAKEN[self._report.amends]
        return there if row in self._there else taken

    def _of_repeated(self, row: int) -> Outcome:
        """A repetition of a row at fault is no better than that row."""
        return Outcome.AT_FAULT if self._repeated[row] in self._bad else Outcome.REPEATED

    def wrong(self, row: int) -> str:
        """A line in each language for everything that is wrong with a row."""
        lines = [line for fault in self.faults(row) for line in self._lines(fault)]
        if row in self._repeated:
            first = self._repeated[row]
            lines += [_SAME_AS.km.format(row=first), _SAME_AS.en.format(row=first)]
        return "\n".join(lines)

    def _lines(self, fault: Fault) -> Iterator[str]:
        where = Name(COLUMNS[fault.column], fault.column) if fault.column else None
        differing = self._report.changed.get(fault.row) if fault.kind in DIFFER else None
        for language in ("km", "en"):
            words = [f"{getattr(where, language)}:"] if where else []
            words.append(getattr(fault.advice, language))
            if fault.other_row is not None:
                words.append(getattr(_OTHER_ROW, language).format(row=fault.other_row))
            if fault.kind is FaultKind.REJECTED_BEFORE:
                words.append(f"({getattr(REASONS[self._report.reasons[fault.row]], language)})")
            if differing:
                shown = ", ".join(COLUMNS[name] if language == "km" else name for name in differing)
                words.append(getattr(_DIFFERING, language).format(columns=shown))
            yield " ".join(words)
