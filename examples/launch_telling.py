"""What is said of the launch day on a terminal, in English and Khmer.

Khmer stands at the end of its line: terminals disagree how wide it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from examples.demo_table import Teller
from examples.launch_figures import Figures
from examples.launch_intake import Taken
from examples.launch_printing import Printing
from issuer.day_chart import ALL, STAGES, AgencyCounts, DayStage

_NAMES = 38


def show_bad_rows(teller: Teller, taken: Sequence[Taken]) -> None:
    """Each bad row with its file, row and column, and once what to do about each kind of fault."""
    for each in taken:
        agency = each.sheet.agency
        faults = [f"row {row} {column}: {kind}" for row, column, kind in sorted(each.found)]
        head = f"  {agency.label} {agency.name.en}"
        counts = f"{each.first.rows:>4} rows, {each.first.imported:>3} taken"
        teller.say(f"{head:<{_NAMES + 4}}{counts}  {agency.name.km}")
        teller.say(f"     {'; '.join(faults)}", "yellow")
    advice = {fault.kind: fault.advice for each in taken for fault in each.first.faults}
    for kind, words in sorted(advice.items()):
        teller.say(f"  {kind:<20}{words.en}\n{'':22}{words.km}", "dim")


def show_differences(teller: Teller, printing: Printing) -> None:
    """How many differences of which kind each order has, and once what each kind means."""
    for order in printing.orders:
        kinds = Counter(each.kind for number, each in printing.named if number == order.number)
        found = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
        teller.say(
            f"  {order.number}  {order.bank:<8}{order.cards:>5} cards  {found}", "yellow" if found else ""
        )
    for kind, words in sorted({each.kind: each.words for _, each in printing.named}.items()):
        teller.say(f"  {kind:<13}{words.en}\n{'':15}{words.km}", "dim")


def show_table(teller: Teller, rows: Sequence[AgencyCounts]) -> None:
    """Agencies x stages, the numbers first."""
    whole = AgencyCounts(agency=ALL, counts={stage: sum(row.of(stage) for row in rows) for stage in DayStage})
    stages = [stage for stage in DayStage if stage is not DayStage.OTHER or whole.of(stage)]
    teller.say("\nWhere every application stands · ពាក្យសុំស្ថិតនៅឯណា", "bold")
    teller.say(f"  {'':<{_NAMES}}{''.join(f'{stage:>9}' for stage in stages)}{'total':>7}", "dim")
    for row in (*rows, whole):
        cells = "".join(f"{row.of(stage) or '·':>9}" for stage in stages)
        style = "bold" if row is whole else ""
        teller.say(f"  {row.agency.en:<{_NAMES}}{cells}{row.total:>7}  {row.agency.km}", style)
    for stage in stages:
        name = STAGES[stage][0]
        teller.say(f"  {stage:<9} {name.en} · {name.km}", "dim")


def show_figures(teller: Teller, figures: Figures) -> None:
    """Every figure of the day beside what it must be."""
    teller.say("\nThe day in figures · តួលេខនៃថ្ងៃនេះ", "bold")
    for figure in figures.all:
        mark = "✓" if figure.holds else "✗"
        wrong = "" if figure.holds else f"  (must be {figure.due:,})"
        line = f"  {mark} {figure.found:>6,}  {figure.name.en:<54}{figure.name.km}{wrong}"
        teller.say(line, "green" if figure.holds else "bold white on red")
