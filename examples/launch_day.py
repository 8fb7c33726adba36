"""The launch day, from 17 agencies' files to 497 cards in hands, and the picture of it."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from typing import Any

from credential.codes import Name
from examples import demo_report, launch_figures, launch_telling
from examples.demo_folder import Folder
from examples.demo_table import Teller
from examples.launch_figures import Figures, Standing
from examples.launch_intake import Intake, Taken
from examples.launch_plan import APPLICATIONS, HANDED, HANDED_AGENCIES, LAUNCH
from examples.launch_printing import PROOFS, Printing
from examples.two_people import TwoPeople
from issuer import handing_over
from issuer.card_fonts import CardFonts, find_fonts
from issuer.day_chart import draw_png, draw_svg
from issuer.errors import IssuerError
from issuer.lifecycle import CardState

TITLE = Name(km="ថ្ងៃចាប់ផ្ដើម៖ ពាក្យសុំស្ថិតនៅឯណា", en="The launch day: where every application stands")


class LaunchDay:
    """One day at the ministry; `officials` are cards that were handed over, with proofs drawn of them.

    `complaint` says what has to be installed where pictures could not be drawn.
    """

    def __init__(self, office: TwoPeople, folder: Folder, teller: Teller) -> None:
        self.office = office
        self.figures = Figures()
        self.intake = Intake(office, folder.path / "agencies", self.figures)
        self.printing = Printing(office, folder.path, self.figures)
        self.officials: list[str] = []
        self.complaint = ""
        self._folder = folder
        self._teller = teller
        self._standing: Standing = {}

    def run(self) -> None:
        """Everything that happens before the gates are opened."""
        fonts = self._fonts()
        self._applications()
        self._print(draws=fonts is not None)
        self._hand_over()
        self._stand()
        self._draw(fonts)

    def describe(self) -> dict[str, Any]:
        """For the report."""
        printing = self.printing
        return {
            "figures": self.figures.to_json(),
            "agencies": [self._describe(taken) for taken in self.intake.taken],
            "orders": [
                {
                    "number": order.number,
                    "bank": order.bank,
                    "cards": order.cards,
                    "file": self._folder.shown(order.file),
                }
                for order in printing.orders
            ],
            "differences": [
                {"order": order, "kind": each.kind.value, "card": each.number or each.reported}
                for order, each in printing.named
            ],
        }

    def _describe(self, taken: Taken) -> dict[str, Any]:
        name = taken.sheet.agency.name
        return {
            "number": taken.sheet.agency.number,
            "en": name.en,
            "km": name.km,
            "mended": taken.again.imported,
            **demo_report.describe_import(taken.first),
            "stands": {state.value: count for state, count in self._standing[name.km].items()},
        }

    def _applications(self) -> None:
        teller, intake = self._teller, self.intake
        with teller.stage("write", "17 agencies write their files", "ស្ថាប័ន ១៧ រៀបចំឯកសារ") as told:
            intake.write(told)
        with teller.stage("import", "Files read, mended, read again", "អាន កែ ហើយអានឯកសារម្ដងទៀត") as told:
            intake.take(told, late=False)
        with teller.stage("approve", "Officer asks, approver confirms", "មន្ត្រីស្នើ អ្នកអនុម័តបញ្ជាក់") as told:
            intake.reject()
            intake.approve(told)
        with teller.stage("late", "Two agencies come after that", "ស្ថាប័នពីរមកក្រោយ") as told:
            intake.take(told, late=True)
        launch_telling.show_bad_rows(teller, intake.taken)
        intake.count()

    def _print(self, *, draws: bool) -> None:
        teller, printing = self._teller, self.printing
        with teller.stage("banks", "Three banks, by two administrators", "ធនាគារបី ដោយអ្នកគ្រប់គ្រងពីរនាក់"):
            printing.register_banks()
        with teller.stage("order", "Cards ordered, batches sealed", "បញ្ជាបោះពុម្ព បិទត្រាបាច់") as told:
            printing.order(told, draws=draws)
        with teller.stage("open", "The banks open their batches", "ធនាគារបើកបាច់របស់ខ្លួន") as told:
            printing.open(told)
        with teller.stage(
            "reports", "The banks report, differences named", "ធនាគាររាយការណ៍ រកភាពខុសគ្នា"
        ) as told:
            printing.take_reports(told)
        launch_telling.show_differences(teller, printing)

    def _hand_over(self) -> None:
        """A list of the cards that were handed over at the launch; two people make them count."""
        with self._teller.stage("hand-over", "Cards handed over", "ប្រគល់កាត"):
            printed = self.office.cards(state=CardState.PRINTED)
            numbers = [
                card.card_number or ""
                for agency in LAUNCH
                for card in [card for card in printed if card.agency == agency.name.km][: agency.handed]
            ]
            path = self._folder.path / "handed-over.csv"
            with path.open("w", encoding="ascii", newline="") as file:
                csv.writer(file).writerows([["card"], *([number] for number in numbers)])
            rows = handing_over.read_list(path.read_text("ascii"))
            report, _ = self.office.activate_list(rows)
        self.figures.count("កាតបានប្រគល់", "cards handed over", report.activated, HANDED)
        self.officials = [number for number in self.printing.proofs if number in set(numbers)]
        self.figures.count(
            "កាតនៃការបញ្ជាទីមួយ បានប្រគល់", "cards of the first order, handed over", len(self.officials), PROOFS
        )

    def _stand(self) -> None:
        """The table of the day, held against the plan."""
        self._standing = self.office.standing()
        due = launch_figures.due_table(self.printing.unprinted, self.printing.given_back)
        rows = launch_figures.chart_rows(self._standing)
        given = [states for states in self._standing.values() if states.get(CardState.ACTIVE)]
        figures = self.figures
        figures.count("ស្ថាប័នបានទទួលកាត", "agencies whose officials got cards", len(given), HANDED_AGENCIES)
        figures.count(
            "តារាង៖ ពាក្យសុំ", "applications in the table", sum(row.total for row in rows), APPLICATIONS
        )
        cells = [_cells(each) for each in (self._standing, due)]
        figures.count(
            "ក្រឡាតារាងខុស", "cells of the table that are wrong", len(set(cells[0]) ^ set(cells[1])), 0
        )
        for state, km, en in (
            (CardState.APPLIED, "កំពុងរង់ចាំ", "still wait"),
            (CardState.APPROVED, "អនុម័ត មិនទាន់បញ្ជា", "approved, not at a bank"),
            (CardState.IN_BATCH, "ក្នុងបាច់", "in a bank's batch"),
            (CardState.PRINTED, "បោះពុម្ពហើយ", "printed, to be handed over"),
        ):
            figures.count(km, en, _sum(self._standing, state), _sum(due, state))
        launch_telling.show_table(self._teller, rows)

    def _draw(self, fonts: CardFonts | None) -> None:
        rows = launch_figures.chart_rows(self._standing)
        with self._teller.stage("chart", "The day drawn", "គូររូបភាពនៃថ្ងៃនេះ"):
            (self._folder.path / "launch-day.svg").write_text(draw_svg(rows, title=TITLE), "utf-8")
            if fonts:
                (self._folder.path / "launch-day.png").write_bytes(draw_png(rows, title=TITLE, fonts=fonts))

    def _fonts(self) -> CardFonts | None:
        """What pictures are written with; None, and a complaint, where something has to be installed."""
        try:
            return find_fonts()
        except IssuerError as error:
            self.complaint = str(error)
            return None


def _cells(table: Mapping[str, Mapping[CardState, int]]) -> list[tuple[str, CardState, int]]:
    return [(name, state, count) for name, states in table.items() for state, count in states.items()]


def _sum(table: Mapping[str, Mapping[CardState, int]], state: CardState) -> int:
    return sum(states.get(state, 0) for states in table.values())
