"""The morning of the launch: 17 files come in, are mended and sent again, and two people approve."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from examples import launch_rows
from examples.demo_ministry import Told
from examples.launch_figures import Figures
from examples.launch_plan import AGENCIES, APPLICATIONS, LAUNCH, REJECTED, TWINS, Way
from examples.launch_rows import Seed, Sheet
from examples.two_people import TwoPeople
from issuer.applications import ImportReport
from issuer.lifecycle import CardState


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of an agency's file: as it was sent, and as it was sent again."""

    sheet: Sheet
    first: ImportReport
    again: ImportReport

    @property
    def found(self) -> list[Seed]:
        """Every bad row that was named."""
        return [(fault.row, fault.column, fault.kind) for fault in self.first.faults]


class Intake:
    """The files of the agencies, in `folder`, and what the ministry makes of them."""

    def __init__(self, office: TwoPeople, folder: Path, figures: Figures) -> None:
        self._office = office
        self._folder = folder
        self._figures = figures
        self._sheets = launch_rows.sheets()
        self._rejected = self._doubtful = self._approved = 0
        self.taken: list[Taken] = []

    def write(self, told: Told) -> None:
        """What the agencies send."""
        self._folder.mkdir()
        for done, sheet in enumerate(self._sheets, 1):
            launch_rows.write(sheet, sheet.sent, self._file(sheet))
            launch_rows.write(sheet, sheet.mended, self._file(sheet, "-mended"))
            if sheet.agency.photos:
                launch_rows.write_photos(sheet, self._photos(sheet))
            told(done, len(self._sheets))

    def take(self, told: Told, *, late: bool) -> None:
        """Every file that is there: good rows are filed, the others go back, mended ones come again."""
        sheets = [sheet for sheet in self._sheets if (sheet.agency.way is Way.LATE) is late]
        for done, sheet in enumerate(sheets, 1):
            self.taken.append(self._take(sheet))
            told(done, len(sheets))

    def reject(self) -> None:
        """The officer rejects some applications, each for a reason; none that somebody has to look into."""
        doubtful = self._office.doubtful()
        for number, some, reason in REJECTED:
            waiting = self._office.cards(state=CardState.APPLIED)
            theirs = [card.application for card in waiting if card.agency == LAUNCH[number - 1].name.km]
            wanted = [application for application in theirs if application not in doubtful][-some:]
            self._rejected += self._office.officer.reject(wanted, reason)

    def approve(self, told: Told) -> None:
        """The officer asks for all that wait, the approver confirms; who is doubtful is left out."""
        self._doubtful = len(self._office.doubtful())
        self._approved = len(self._office.approve(progress=told))

    def count(self) -> None:
        """The figures of all files, and of what was decided."""
        count, sheets = self._figures.count, self._sheets
        seeded = [(sheet.agency.number, *seed) for sheet in sheets for seed in sheet.seeds]
        found = [(each.sheet.agency.number, *seed) for each in self.taken for seed in each.found]
        bad = sum(sheet.bad_rows for sheet in sheets)
        rows, at_once = (
            sum(getattr(each.first, what) for each in self.taken) for what in ("rows", "imported")
        )
        mended = sum(each.again.imported for each in self.taken)
        count("ស្ថាប័នដាក់ពាក្យ", "agencies sent applications", len(self.taken), AGENCIES)
        count("ជួរបានផ្ញើ", "rows sent", rows, APPLICATIONS)
        self._figures.compare("ជួរខូច", "bad rows", found, seeded)
        count("ជួរល្អ យកភ្លាម", "good rows, taken at once", at_once, APPLICATIONS - bad)
        count("ជួរកែហើយ ផ្ញើម្ដងទៀត", "rows mended, taken when sent again", mended, bad)
        count("ពាក្យសុំទាំងអស់", "applications", len(self._office.cards()), APPLICATIONS)
        out, twins = sum(some for _, some, _ in REJECTED), 2 * len(TWINS)
        in_time = sum(agency.people for agency in LAUNCH if agency.way is not Way.LATE)
        count("ពាក្យសុំមិនអនុម័ត", "rejected, with a reason", self._rejected, out)
        count("សង្ស័យ ទុកឱ្យពិនិត្យ", "doubtful, left for somebody to look", self._doubtful, twins)
        count("អនុម័តដោយមនុស្សពីរនាក់", "approved, by two people", self._approved, in_time - out - twins)

    def _take(self, sheet: Sheet) -> Taken:
        photos, officer = self._photos(sheet) if sheet.agency.photos else None, self._office.officer
        answer = self._folder / f"{sheet.agency.label}-wrong.xlsx"
        first = officer.import_file(self._file(sheet), photos=photos, report=answer)
        if photos:
            launch_rows.mend_photos(sheet, photos)
        again = officer.import_file(self._file(sheet, "-mended"), photos=photos)
        return Taken(sheet, first, again)

    def _file(self, sheet: Sheet, more: str = "") -> Path:
        ending = "xlsx" if sheet.agency.is_spreadsheet else "csv"
        return self._folder / f"{sheet.agency.label}{more}.{ending}"

    def _photos(self, sheet: Sheet) -> Path:
        return self._folder / f"{sheet.agency.label}-photos"
