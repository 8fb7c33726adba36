"""The launch day: its figures, the rows and reports that a seeded hand spoilt, and what it leaves."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from datetime import date

import pytest
from examples_played import Played, play

from credential import card_number
from examples import launch_banks, launch_figures, launch_rows
from examples.launch_banks import MISTAKES
from examples.launch_figures import Figures, chart_rows, due_table
from examples.launch_plan import (
    AGENCIES,
    APPLICATIONS,
    BANKS,
    HANDED,
    HANDED_AGENCIES,
    LAUNCH,
    PHOTOGRAPHED,
    REJECTED,
    TWINS,
    Way,
)
from examples.people import COLUMNS
from issuer.batch import BatchCard
from issuer.card_fonts import find_fonts
from issuer.day_chart import DayStage
from issuer.errors import IssuerError
from issuer.lifecycle import CardState
from issuer.office import Issuer
from issuer.opened_batch import OpenedBatch, read_opened
from issuer.print_report import ReportRow
from issuer.reconciliation import DifferenceKind, compare


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """The demo, run once."""
    return play(tmp_path_factory.getbasetemp())


def figure(played: Played, name: str) -> int:
    """What was found for a figure."""
    (found,) = (each["found"] for each in played.report["launch"]["figures"] if each["en"] == name)
    return int(found)


def missing_fonts() -> str:
    """What has to be installed here before cards can be drawn."""
    try:
        find_fonts()
    except IssuerError as error:
        return str(error)
    return ""


def batch(cards: int) -> OpenedBatch:
    """A bank's batch of so many cards."""
    rows = [
        BatchCard(
            sequence=place,
            number=number,
            name_km="សុខ ដារ៉ា",
            name_la="SOK DARA",
            valid_until=date(2032, 12, 27),
            agency="A01",
            seal="MQ1:0",
        )
        for place, number in enumerate((card_number.draw() for _ in range(cards)), 1)
    ]
    return OpenedBatch("2026-0001", "ACLEDA", b"", tuple(rows))


def test_plan() -> None:
    """The plan has the programme's figures, and no agency hands over more than it can have."""
    assert (len(LAUNCH), AGENCIES) == (17, 17)
    assert sum(agency.people for agency in LAUNCH) == APPLICATIONS == 1859
    assert sum(agency.handed for agency in LAUNCH) == HANDED == 497
    assert sum(agency.way is Way.HANDED for agency in LAUNCH) == HANDED_AGENCIES == 11
    assert len(BANKS) == 3
    for agency in LAUNCH:
        assert bool(agency.handed) is (agency.way is Way.HANDED)
        out = sum(count for number, count, _ in REJECTED if number == agency.number)
        doubtful = sum(agency.number in pair for pair in TWINS)
        assert (
            agency.people - agency.handed - out - doubtful >= agency.people // 20 + 2
        )  # banks make mistakes
    assert len({agency.name for agency in LAUNCH}) == 17


def test_rows_spoilt() -> None:
    """Every kind is seeded; what was mended differs from what was sent in the seeded rows alone."""
    sheets = launch_rows.sheets()
    assert sheets == launch_rows.sheets()
    kinds = {kind for sheet in sheets for _, _, kind in sheet.seeds}
    assert kinds >= {kind for kind, _, _ in launch_rows.SPOILT}
    assert sum(sheet.bad_rows for sheet in sheets) >= 36
    for sheet in sheets:
        assert sheet.bad_rows >= 2
        differ = {at + 2 for at, (a, b) in enumerate(zip(sheet.sent, sheet.mended, strict=True)) if a != b}
        cells = {row for row, column, _ in sheet.seeds if column in COLUMNS}
        assert differ <= cells
        assert len(cells - differ) == (sheet.agency.number % 3 == 0)  # of two under one number one is right
    people = [row for sheet in sheets for row in sheet.mended]
    assert len({row["employee_id"] for row in people}) == len(people) == APPLICATIONS
    same = Counter((row["name_km"], row["name_la"], row["date_of_birth"]) for row in people)
    assert sorted(same.values())[-len(TWINS) - 1 :] == [1, *[2] * len(TWINS)]


def test_bad_rows_found(played: Played) -> None:
    """The report names the rows that were seeded, and no other."""
    agencies = {entry["number"]: entry for entry in played.report["launch"]["agencies"]}
    assert len(agencies) == AGENCIES
    for sheet in launch_rows.sheets():
        entry = agencies[sheet.agency.number]
        named = [(bad["row"], bad["column"], bad["kind"]) for bad in entry["bad_rows"]]
        assert sorted(named) == sorted((row, column, kind.value) for row, column, kind in sheet.seeds)
        assert entry["imported"] + entry["mended"] == entry["rows"] == sheet.agency.people
        assert (played.out / "agencies" / f"{sheet.agency.label}-wrong.xlsx").stat().st_size > 0


def test_figures(played: Played) -> None:
    """Every figure is what it must be, and those of the programme are there."""
    figures = played.report["launch"]["figures"]
    assert [each for each in figures if each["found"] != each["due"]] == []
    programme = {
        "agencies sent applications": 17,
        "applications": 1859,
        "banks that print": 3,
        "cards handed over": 497,
        "agencies whose officials got cards": 11,
        "applications in the table": 1859,
        "problems in the audit chain": 0,
    }
    assert {name: figure(played, name) for name in programme} == programme
    assert figure(played, "rejected, with a reason") == sum(count for _, count, _ in REJECTED)
    assert figure(played, "differences in reports: seeded ones found") == 3 * len(MISTAKES)
    for each in figures:
        assert each["en"] in played.printed
        assert each["km"] in played.printed


def test_table(played: Played) -> None:
    """Agencies x stages as reported: every application once, 497 cards in the hands of 11 agencies."""
    stands = [entry["stands"] for entry in played.report["launch"]["agencies"]]
    assert sum(sum(states.values()) for states in stands) == APPLICATIONS
    assert sum(states.get("active", 0) for states in stands) == HANDED
    assert sum("active" in states for states in stands) == HANDED_AGENCIES
    stages = {stage for states in stands for stage in states}
    assert stages == {"applied", "rejected", "approved", "in_batch", "printed", "active"}


def test_register_afterwards(played: Played) -> None:
    """The register says so too: since then one card was suspended, and one replaced."""
    office = Issuer.open(played.out / "ministry", clock=lambda: pytest.fail("no clock is needed"))
    counts = office.counts()
    changed = (CardState.ACTIVE, CardState.SUSPENDED, CardState.REPLACED)
    assert [counts[state] for state in changed] == [HANDED - 1, 1, 1]
    assert sum(counts.values()) == APPLICATIONS + 1
    with (played.out / "handed-over.csv").open(encoding="ascii", newline="") as file:
        (_, *rows) = csv.reader(file)
    assert len({number for (number,) in rows}) == HANDED
    states = {card.card_number: card.state for card in office.cards()}
    assert Counter(states[number] for (number,) in rows) == {
        CardState.ACTIVE: HANDED - 2,
        CardState.SUSPENDED: 1,
        CardState.REPLACED: 1,
    }
    assert not office.examine().problems


def test_banks(played: Played) -> None:
    """What the banks opened is what was ordered of them: every card at one bank."""
    opened = [read_opened(path.parent) for path in (played.out / "banks").rglob("batch.json")]
    assert {each.bank for each in opened} == set(BANKS)
    numbers = [card.number for each in opened for card in each.cards]
    assert len(numbers) == len(set(numbers))
    orders = {order["number"]: order for order in played.report["launch"]["orders"]}
    assert len(orders) == 7 + 1  # the last is the card that replaced another
    for each in opened:
        assert (orders[each.batch]["bank"], orders[each.batch]["cards"]) == (each.bank, len(each.cards))
    for order in orders.values():
        assert (played.out / order["file"]).read_bytes().startswith(b"MBATCH01")


def test_photographs(played: Played) -> None:
    """One agency sent a photograph of everybody, no two the same."""
    folder = played.out / "agencies" / f"{PHOTOGRAPHED:02d}-photos"
    photos = [hashlib.sha256(path.read_bytes()).digest() for path in folder.iterdir()]
    assert len(photos) == len(set(photos)) == LAUNCH[PHOTOGRAPHED - 1].people


def test_picture(played: Played) -> None:
    """The day is drawn with both names of every agency; with fonts there are proofs and a sheet as well."""
    drawn = (played.out / "launch-day.svg").read_text("utf-8")
    for text in ("1,859", "497", *(name for each in LAUNCH for name in (each.name.km, each.name.en))):
        assert f">{text}<" in drawn
    assert str(played.out / "launch-day.svg") in played.printed
    if missing := missing_fonts():
        assert missing in played.printed
        assert not (played.out / "launch-day.png").exists()
        return
    assert str(played.out / "launch-day.png") in played.printed
    assert (played.out / "launch-day.png").read_bytes().startswith(b"\x89PNG")
    first = played.report["launch"]["orders"][0]["number"]
    assert len(list((played.out / "proofs" / first).glob("*-front.png"))) == 8
    assert (played.out / "proofs" / f"{first}.pdf").read_bytes().startswith(b"%PDF")


def test_folder_is_described(played: Played) -> None:
    """Whatever the demo leaves is named in its README."""
    described = (played.out / "README.txt").read_text("utf-8")
    for path in played.out.iterdir():
        if path.name not in (".montrey-demo", "README.txt"):
            assert path.name in described, path.name


def test_mistakes_are_named() -> None:
    """What a clerk does wrong is named by a reconciliation, one for one; without mistakes nothing is."""
    made = batch(120)
    cards = [card.number for card in made.cards]
    assert compare(cards, launch_banks.all_printed(made))[0] == ()
    rows, seeds = launch_banks.with_mistakes(made)
    differences, vouched = compare(cards, rows)
    assert Counter(launch_banks.named(differences)) == Counter(seeds)
    assert Counter(kind for kind, _ in seeds) == Counter(MISTAKES)
    stays = {number for kind, number in seeds if kind in {*launch_banks.STAYS, DifferenceKind.NOT_PRINTED}}
    assert set(vouched) == set(cards) - stays


def test_what_nobody_seeded_is_told() -> None:
    """A mistake more than was seeded, or one that is not found, makes a figure wrong."""
    made = batch(40)
    rows, seeds = launch_banks.with_mistakes(made)
    more = [*rows, ReportRow(0, card_number.draw(), True)]
    for given, due in ((more, seeds), (rows, [*seeds, seeds[0]]), (rows, seeds[1:])):
        figures = Figures()
        differences, _ = compare([card.number for card in made.cards], given)
        figures.compare("ភាពខុសគ្នា", "differences", launch_banks.named(differences), due)
        assert not figures.hold()


def test_one_wrong_figure_fails() -> None:
    """The demo's exit code comes of all figures."""
    figures = Figures()
    figures.count("កាត", "cards", HANDED, HANDED)
    assert figures.hold()
    figures.count("កាត", "cards", HANDED - 1, HANDED)
    assert not figures.hold()
    assert figures.to_json()[1] == {"en": "cards", "km": "កាត", "found": HANDED - 1, "due": HANDED}


def test_table_due() -> None:
    """What must stand where sums up to the plan, whatever the banks did not print; the chart has it all."""
    name = LAUNCH[0].name.km
    for lost, back in ([], []), ([name, name], [name]):
        table = due_table(lost, back)
        assert sum(sum(states.values()) for states in table.values()) == APPLICATIONS
        assert sum(states.get(CardState.ACTIVE, 0) for states in table.values()) == HANDED
        assert table[name].get(CardState.IN_BATCH, 0) == len(lost)
        assert table[name].get(CardState.APPROVED, 0) == len(back)
    rows = chart_rows({name: {CardState.SUSPENDED: 1, CardState.REPLACED: 2, CardState.ACTIVE: 3}})
    assert (rows[0].of(DayStage.OTHER), rows[0].of(DayStage.ACTIVE), rows[1].total) == (3, 3, 0)
    assert set(launch_figures.STAGES.values()) == set(DayStage) - {DayStage.OTHER}


@pytest.mark.parametrize("signature", ["Axyz", "Bxyz"])
def test_changed_report(signature: str) -> None:
    """Only its signature is another."""
    said, _, changed = launch_banks.changed(f"head.body.{signature}").rpartition(".")
    assert said == "head.body"
    assert (changed[1:], changed[0] != signature[0]) == (signature[1:], True)
