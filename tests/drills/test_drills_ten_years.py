"""Ten years, each quarter a new key of every kind, and what gates of all ages make of what was issued.

`MONTREY_QUARTERS=40` plays all of it; without it three years are played.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from drill import Drill, Gate, Phone

from examples.people import to_csv
from issuer.key_use import WAITS
from trust import KeyKind
from trust.ceremony import ExpiryWarning

QUARTERS = int(os.environ.get("MONTREY_QUARTERS", "12"))
QUARTER = 91
KINDS = tuple(kind.value for kind in KeyKind)
NO_WAIT = timedelta()


def newcomers(drill: Drill, quarter: int) -> list[str]:
    """Two people who are given a card this quarter; the numbers on their cards."""
    path = drill.folder / "people.csv"
    path.write_text(to_csv(2, seed=100 + quarter), encoding="utf-8-sig")
    assert drill.desk.office.import_file(path).imported == 2
    return [card for _, card in drill.desk.office.approve()]


def travels(stick: Path) -> dict[str, int]:
    """Bytes of each file that a gate fetches: all but the lists of banks."""
    files = (path for path in stick.rglob("*") if path.is_file() and path.suffix != ".jwt")
    return {path.relative_to(stick).as_posix(): path.stat().st_size for path in files}


class Years:
    """A ministry that keeps to the calendar of docs/operations.md, and all that it issued."""

    def __init__(self, drill: Drill, sign_list: Callable[[], None], renew_root: Callable[..., None]) -> None:
        self.drill = drill
        self.cards: list[str] = []
        self.phones: list[tuple[Phone, int]] = []
        self._sign_list, self._renew_root = sign_list, renew_root

    def quarter(self, number: int) -> None:
        """New keys, a root if the last one ends, two lists, three monthly sticks; a few cards and a phone."""
        drill = self.drill
        assert drill.ministry("keys", "renew", *KINDS) == 0
        self.meeting()
        drill.stick("stick")
        drill.desk.later(days=30)
        drill.stick("stick")
        drill.desk.later(days=15)
        self.meeting()  # a list lasts 90 days, a quarter up to 92
        drill.desk.later(days=15)
        new = newcomers(drill, number)
        self.cards += new
        self.phones.append((Phone(drill.desk, new[0]), int(drill.desk.now.timestamp())))
        drill.gate.take(drill.stick("stick"))
        self.check_newest()
        drill.desk.later(days=QUARTER - 60, hours=-3)

    def meeting(self) -> None:
        """Custodians sign the list, and a root when its end is warned of; then nothing is warned of."""
        authority = self.drill.desk.office.authority
        if any(isinstance(each, ExpiryWarning) and each.role == "root" for each in authority.warnings()):
            self._renew_root()
        self._sign_list()
        assert authority.warnings() == ()

    def check_newest(self) -> None:
        """This quarter's cards and phone are accepted, made with this quarter's keys, which had waited."""
        drill, (phone, made) = self.drill, self.phones[-1]
        assert [drill.gate.card(card) for card in self.cards[-2:]] == ["accepted"] * 2
        assert drill.gate.live(phone.show()) == "accepted"
        assert drill.gate.bank(phone.answer("n"), "n", behind=NO_WAIT) == "accepted"
        views = drill.desk.office.authority.keys()
        used = {key.kind: key for key in views if key.standing == "in_use"}
        for kind in KINDS:
            (since,) = drill.desk.rows(
                f"SELECT at FROM published_key WHERE kid = '{used[kind].kid}'"  # noqa: S608
            )
            assert since + WAITS <= made
        sealed = (
            "SELECT kid FROM card JOIN template ON template.number = seal_template "  # noqa: S608
            f"WHERE card.number = '{self.cards[-1]}'"
        )
        assert drill.desk.rows(sealed) == [used["seal"].kid]

    def check_phones(self, gate: Gate) -> None:
        """Every phone ever served is accepted for a year, at gates and banks, and afterwards refused."""
        now = int(self.drill.desk.now.timestamp())
        for phone, made in self.phones:
            codes = {gate.live(phone.show()), gate.bank(phone.answer("n"), "n", behind=NO_WAIT)}
            if now - made < 364 * 86_400:
                assert codes == {"accepted"}
            else:
                assert codes <= {"expired", "untrusted_issuer"}


def test_a_new_key_each_quarter_for_ten_years(
    drill: Drill,
    sign_list: Callable[[], None],
    renew_root: Callable[..., None],
) -> None:
    """Every seal verifies to its end, at a gate that went along and at one that begins with the last."""
    years = Years(drill, sign_list, renew_root)
    years.cards += drill.cards
    drill.gate.take(drill.stick("stick"))
    first = sum(travels(drill.folder / "stick").values())
    for quarter in range(QUARTERS):
        years.quarter(quarter)
    drill.gate.take(stick := drill.stick("stick"))
    late = Gate(drill.folder / "late", drill.desk)
    late.take(stick)
    assert len(years.cards) == 3 + 2 * QUARTERS
    for gate in (drill.gate, late):
        assert {gate.card(card) for card in years.cards} == {"accepted"}
        years.check_phones(gate)
    assert drill.gate.trust.lists.keys() == late.trust.lists.keys()
    assert drill.gate.trust.keys == late.trust.keys

    kinds = [key.kind for key in late.trust.keys.values()]
    counts = {kind.value: kinds.count(kind) for kind in KeyKind}
    assert counts["seal"] == QUARTERS + 1
    assert max(counts["live"], counts["sd-jwt"]) <= 7
    assert counts["status-cwt"] <= 3
    assert len(late.trust.templates) == counts["seal"] + counts["live"]
    size = sum(travels(stick).values())
    banks = sum(path.stat().st_size for path in stick.rglob("*.jwt"))
    figures = {"quarters": QUARTERS, "first": first, "now": size, "banks": banks, **counts}
    print(figures, travels(stick))  # the figures of docs/operations.md, with -s
    assert size - first <= 480 * QUARTERS + 10_000  # 10 KB for roots, and a year's keys of phones


def test_what_no_card_needs_any_more_travels_no_more(
    drill: Drill, sign_list: Callable[[], None], renew_root: Callable[..., None]
) -> None:
    """When the last card of a key has expired, its key and template leave; a later card stays good."""
    drill.gate.take(drill.stick("stick"))
    drill.desk.later(days=367)
    assert drill.ministry("keys", "renew", *KINDS) == 0
    sign_list()
    assert drill.ministry("publish", drill.folder / "stick", "--clock-is-right") == 0
    new = drill.desk.office.replace(drill.cards[1])
    for days, kept in ((3652 - 367 - 1, True), (1, False)):
        drill.desk.later(days=days)
        if kept:
            assert drill.ministry("keys", "renew", *KINDS) == 0
            renew_root()
        sign_list()
        assert drill.ministry("publish", drill.folder / "stick", "--clock-is-right") == 0
        late = Gate(drill.folder / f"gate-{days}", drill.desk)
        late.take(drill.folder / "stick")
        assert ("seal-2026q4" in late.trust.keys) is kept
        assert (2 in late.trust.templates) is kept
        assert late.card(drill.cards[0]) == ("accepted" if kept else "untrusted_issuer")
        assert late.card(new) == "accepted"
    assert {uri.rpartition("/")[2] for uri in late.trust.lists} == {"live-1", "seal-1", "sd-jwt-3"}
