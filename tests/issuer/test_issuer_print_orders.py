"""Approved cards go to banks and come back as printed ones, and the register knows of each where it is."""

from __future__ import annotations

import os
import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from issuer_desk import Desk, gone, open_desk
from print_desk import (
    NAMES,
    K,
    add_banks,
    all_printed,
    approved,
    keys_of,
    open_at_bank,
    order,
    report,
    spoil,
)

from credential.errors import CredentialError
from did import SoftwareSigner
from issuer import agencies, database, print_orders
from issuer.bank_keys import BankKeys
from issuer.errors import IssuerError
from issuer.lifecycle import CardState
from issuer.print_cards import Obstacle
from issuer.print_orders import ChangedMeanwhileError
from issuer.print_report import ReportRow
from issuer.printing import Delivery
from revocation.status_list import Status

pytestmark = pytest.mark.postgres


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A ministry with three banks."""
    made = open_desk(tmp_path)
    add_banks(made)
    return made


def code_of(work: object, *given: object) -> str:
    """The code that something is refused with."""
    with pytest.raises(IssuerError) as caught:
        work(*given)  # type: ignore[operator]
    return caught.value.code


def clean(desk: Desk) -> None:
    """The audit finds nothing, and no card is in two living places."""
    assert desk.office.examine().problems == []
    twice = "SELECT card_id FROM print_row WHERE returned_at IS NULL GROUP BY card_id HAVING count(*) > 1"
    assert desk.rows(twice) == []


def test_every_card_goes_to_one_bank_and_comes_back_printed(desk: Desk, tmp_path: Path) -> None:
    """All of them, each once, whole agencies to one bank; a gate finds them not active."""
    numbers = approved(desk, 40, photos=True)
    made = order(desk, tmp_path / "out")
    assert desk.office.counts() == {CardState.IN_BATCH: 40}
    assert [each.bank for each in made.orders] == list(NAMES)
    seen: list[str] = []
    codes: dict[str, str] = {}
    for each in made.orders:
        assert (each.without_photo, each.file) == ((), tmp_path / "out" / f"{each.number}.mbatch")
        batch = open_at_bank(desk, each.file, tmp_path / each.number, bank=each.bank)
        assert (batch.batch, batch.bank, len(batch.cards)) == (each.number, each.bank, each.cards)
        for card in batch.cards:
            assert codes.setdefault(card.agency, each.bank) == each.bank
            seen.append(card.number)
        taken = desk.office.printing.take_report(report(batch, all_printed(batch), at=desk.now))
        assert (taken.counts, taken.printed, taken.differences) == (True, each.cards, ())
    assert Counter(seen) == Counter(numbers)
    assert desk.office.counts() == {CardState.PRINTED: 40}
    assert [each.number for each in made.orders] == ["2026-0001", "2026-0002", "2026-0003"]
    assert {tuple(s) for n in numbers for s in desk.statuses(n).values()} == {(Status.NOT_ACTIVE,)}
    assert order(desk, tmp_path / "out").orders == ()
    clean(desk)


def test_what_is_chosen(desk: Desk, tmp_path: Path) -> None:
    """By bank, by shares, by agency, so many; the first approved first."""
    numbers = approved(desk, 30)
    (made,) = order(desk, tmp_path, bank=NAMES[1], limit=4).orders
    batch = open_at_bank(desk, made.file, tmp_path / "a", bank=NAMES[1])
    assert {card.number for card in batch.cards} == set(numbers[:4])
    assert len(made.without_photo) == 4
    codes = desk.office.printing.agencies()
    chosen = next(code for name, code in codes.items() if name)
    for each in order(desk, tmp_path, agencies=[chosen]).orders:
        batch = open_at_bank(desk, each.file, tmp_path / each.number, bank=each.bank)
        assert {card.agency for card in batch.cards} == {chosen}
    left = desk.office.counts()[CardState.APPROVED]
    shares = order(desk, tmp_path, shares={NAMES[0]: 50, NAMES[2]: 50}).orders
    assert [each.bank for each in shares] == [NAMES[0], NAMES[2]]
    assert {each.cards for each in shares} <= {left // 2, left // 2 + left % 2}
    assert desk.office.counts() == {CardState.IN_BATCH: 30}
    clean(desk)


def test_refused_choices_change_nothing(desk: Desk, tmp_path: Path) -> None:
    """No such bank or agency, shares that are no whole, an order that is none, nothing left of one."""
    approved(desk, 2)
    before = desk.rows("SELECT count(*) FROM audit")
    printing, delivery = desk.office.printing, Delivery(out=tmp_path / "out")
    assert code_of(lambda: order(desk, tmp_path, bank="Nobody")) == "unknown_bank"
    assert code_of(lambda: order(desk, tmp_path, agencies=["A99"])) == "unknown_agency"
    assert code_of(lambda: order(desk, tmp_path, shares={NAMES[0]: 99})) == "bad_split"
    assert code_of(printing.order_again, "2026-0001", delivery) == "unknown_order"
    assert code_of(printing.give_back, "2026-0001", None) == "unknown_order"
    assert desk.office.counts() == {CardState.APPROVED: 2}
    assert desk.rows("SELECT count(*) FROM audit") == before
    assert not (tmp_path / "out").exists()
    order(desk, tmp_path / "out", bank=NAMES[0])
    printing.give_back("2026-0001", None)
    assert code_of(printing.order_again, "2026-0001", delivery) == "order_closed"
    locked = Desk(desk.home, passphrase=None)
    assert code_of(lambda: order(locked, tmp_path / "out")) == "passphrase_needed"


def test_no_bank_yet(tmp_path: Path) -> None:
    """It is told."""
    desk = open_desk(tmp_path)
    assert code_of(lambda: order(desk, tmp_path)) == "no_banks"


@pytest.mark.parametrize("seed", range(8))
def test_seeded_differences_are_all_found_and_none_invented(seed: int, desk: Desk, tmp_path: Path) -> None:
    """Whatever a report has wrong: each is named with its card; the rest becomes printed."""
    approved(desk, 24, seed=seed + 1)
    (made,) = order(desk, tmp_path / "out", bank=NAMES[0]).orders
    batch = open_at_bank(desk, made.file, tmp_path / "opened", bank=NAMES[0])
    spoilt = spoil(batch, seed)
    taken = desk.office.printing.take_report(report(batch, spoilt.rows, at=desk.now))
    found = {(each.kind, each.number or each.reported) for each in taken.differences}
    assert (found, len(taken.differences)) == (spoilt.expected, len(spoilt.expected))
    unprinted = {
        number for kind, number in spoilt.expected if kind in (K.MISSING, K.NOT_PRINTED, K.WRONG_NUMBER)
    }
    assert (taken.printed, taken.vouched) == (24 - len(unprinted),) * 2
    states = {card.card_number for card in desk.office.cards(state=CardState.IN_BATCH)}
    assert states == unprinted
    assert all(each.words.km and each.words.en for each in taken.differences)
    print(f"seed {seed}: {len(found)} seeded and found")
    clean(desk)


def test_a_report_as_a_whole(desk: Desk, tmp_path: Path) -> None:
    """Altered, another bank's, of another batch, of a wrong day: nothing counts, nothing changes."""
    approved(desk, 6)
    first, second = order(desk, tmp_path / "out", shares={NAMES[0]: 50, NAMES[1]: 50}).orders
    batch = open_at_bank(desk, first.file, tmp_path / "a", bank=NAMES[0])
    other = open_at_bank(desk, second.file, tmp_path / "b", bank=NAMES[1])
    rows, at = all_printed(batch), desk.now
    good = report(batch, rows, at=at)
    head, payload, signature = good.split(".")
    cut = ".".join([head, payload, ("B" if signature[0] == "A" else "A") + signature[1:]])
    wrong = {
        cut: K.ALTERED,
        report(batch, rows, at=at, signer=keys_of(NAMES[1]).to_sign()): K.WRONG_BANK,
        report(batch, rows, at=at, bank=NAMES[1]): K.WRONG_BANK,
        report(batch, rows, at=at, batch_sha256=other.sha256): K.WRONG_BATCH,
        report(batch, rows, at=at - timedelta(days=2)): K.WRONG_TIME,
        report(batch, rows, at=at + timedelta(days=2)): K.WRONG_TIME,
    }
    acts = desk.rows("SELECT count(*) FROM act")
    for token, kind in wrong.items():
        taken = desk.office.printing.take_report(token)
        assert (taken.counts, [each.kind for each in taken.differences], taken.printed) == (False, [kind], 0)
    assert desk.rows("SELECT count(*) FROM act") == acts
    assert desk.rows("SELECT count(*) FROM print_report") == [0]
    unknown = report(replace(batch, batch="2026-0009"), rows, at=at)
    assert code_of(desk.office.printing.take_report, unknown) == "unknown_order"
    assert code_of(desk.office.printing.take_report, "nonsense") == "malformed_report"
    desk.later(hours=1)
    assert desk.office.printing.take_report(report(batch, rows, at=desk.now)).printed == 3
    assert [d.kind for d in desk.office.printing.take_report(good).differences] == [K.LATE]
    clean(desk)


def test_the_same_report_again_changes_nothing(desk: Desk, tmp_path: Path) -> None:
    """It is known; a corrected one is held against what the first one said."""
    approved(desk, 4)
    (made,) = order(desk, tmp_path / "out", bank=NAMES[0]).orders
    batch = open_at_bank(desk, made.file, tmp_path / "a", bank=NAMES[0])
    rows = all_printed(batch)
    first = report(batch, rows[:3], at=desk.now)
    assert desk.office.printing.take_report(first).printed == 3
    acts = desk.rows("SELECT count(*) FROM act")
    again = desk.office.printing.take_report(first)
    assert ([each.kind for each in again.differences], again.printed) == ([K.DOUBLED], 0)
    assert desk.rows("SELECT count(*) FROM act") == acts
    desk.later(hours=1)
    corrected = [ReportRow(rows[0].sequence, rows[0].number, False), *rows[1:]]
    taken = desk.office.printing.take_report(report(batch, corrected, at=desk.now))
    assert (taken.printed, taken.vouched) == (1, 3)
    assert [(d.kind, d.number) for d in taken.differences] == [
        (K.NOT_PRINTED, rows[0].number),
        (K.RETRACTED, rows[0].number),
    ]
    clean(desk)


def test_a_card_that_ended_in_its_batch(desk: Desk, tmp_path: Path) -> None:
    """Printed all the same it has to be destroyed; not printed it is no difference."""
    approved(desk, 4)
    (made,) = order(desk, tmp_path / "out", bank=NAMES[0]).orders
    batch = open_at_bank(desk, made.file, tmp_path / "a", bank=NAMES[0])
    first, second, third, _ = (card.number for card in batch.cards)
    desk.office.revoke(first)
    desk.office.revoke(second)
    rows = [row for row in all_printed(batch) if row.number != second]
    taken = desk.office.printing.take_report(report(batch, rows, at=desk.now))
    assert [(each.kind, each.number) for each in taken.differences] == [(K.ENDED, first)]
    assert desk.office.show(first).card.state is CardState.REVOKED
    (view,) = desk.office.printing.orders()
    assert (view.cards, view.printed, view.in_batch, view.returned, view.ended) == (4, 2, 0, 0, 2)
    desk.office.revoke(third)  # after it was printed
    desk.later(hours=1)
    again = desk.office.printing.take_report(report(batch, rows, at=desk.now))
    assert [(each.kind, each.number) for each in again.differences] == [(K.ENDED, first)]
    assert desk.office.printing.orders()[0].printed == 2
    clean(desk)


def test_cards_taken_back(desk: Desk, tmp_path: Path) -> None:
    """They may be ordered elsewhere; the first bank's plastic is then one too many."""
    approved(desk, 5)
    (made,) = order(desk, tmp_path / "out", bank=NAMES[0]).orders
    batch = open_at_bank(desk, made.file, tmp_path / "a", bank=NAMES[0])
    numbers = [card.number for card in batch.cards]
    printing = desk.office.printing
    assert printing.give_back(made.number, numbers[:2]) == numbers[:2]
    assert code_of(printing.give_back, made.number, numbers[:1]) == "not_in_order"
    (moved,) = order(desk, tmp_path / "out", bank=NAMES[1]).orders
    other = open_at_bank(desk, moved.file, tmp_path / "b", bank=NAMES[1])
    assert {card.number for card in other.cards} == set(numbers[:2])
    assert printing.take_report(report(other, all_printed(other), at=desk.now)).printed == 2
    taken = printing.take_report(report(batch, all_printed(batch)[1:], at=desk.now))
    assert [(each.kind, each.number) for each in taken.differences] == [(K.RETURNED, numbers[1])]
    assert (taken.printed, taken.vouched) == (3, 4)
    first, second = printing.orders()
    assert (first.printed, first.returned, first.in_batch) == (3, 2, 0)
    assert (second.printed, second.reported_at) == (2, int(desk.now.timestamp()))
    clean(desk)


def test_a_batch_that_was_returned_as_a_whole(desk: Desk, tmp_path: Path) -> None:
    """A report made after that is late."""
    approved(desk, 2)
    (made,) = order(desk, tmp_path / "out", bank=NAMES[0]).orders
    batch = open_at_bank(desk, made.file, tmp_path / "a", bank=NAMES[0])
    desk.office.printing.give_back(made.number, None)
    desk.later(hours=1)
    taken = desk.office.printing.take_report(report(batch, all_printed(batch), at=desk.now))
    assert [each.kind for each in taken.differences] == [K.LATE]
    assert desk.office.counts() == {CardState.APPROVED: 2}


def test_sealed_once_more(desk: Desk, tmp_path: Path) -> None:
    """For the bank's new keys: what still waits, without a card that ended; both files may be reported on."""
    approved(desk, 5)
    (made,) = order(desk, tmp_path / "out", bank=NAMES[0]).orders
    first = open_at_bank(desk, made.file, tmp_path / "a", bank=NAMES[0])
    numbers = [card.number for card in first.cards]
    printing = desk.office.printing
    taken = printing.take_report(report(first, all_printed(first)[:1], at=desk.now))
    assert taken.printed == 1
    desk.office.revoke(numbers[1])
    fresh = BankKeys.generate()
    desk.office.add_bank(NAMES[0], fresh.public)
    (again,) = printing.order_again(made.number, Delivery(out=tmp_path / "new")).orders
    assert again.cards == 3
    with pytest.raises(IssuerError) as caught:
        open_at_bank(desk, again.file, tmp_path / "b", bank=NAMES[0])
    assert caught.value.code == "other_bank"
    desk.later(hours=1)
    old = report(first, all_printed(first)[:3], at=desk.now)  # signed with the key that has ended
    assert printing.take_report(old).printed == 1
    assert printing.orders()[0].batches == 2
    clean(desk)


def test_a_card_without_its_photo_waits(desk: Desk, tmp_path: Path) -> None:
    """One whose file is gone or damaged is named and stays approved; the others are ordered."""
    numbers = approved(desk, 3, photos=True)
    photos = sorted(path for path in (desk.home / "photos").glob("*.jpg"))
    photos[0].unlink()
    photos[1].write_bytes(b"other")
    made = order(desk, tmp_path / "out", bank=NAMES[0])
    assert [each.obstacle for each in made.left_out] == [Obstacle.PHOTO_LOST] * 2
    assert sum(each.cards for each in made.orders) == 1
    waiting = {card.card_number for card in desk.office.cards(state=CardState.APPROVED)}
    assert waiting == {each.number for each in made.left_out} <= set(numbers)


def test_a_card_that_changes_while_the_order_is_made(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The order is drawn up anew without it; where that never ends, nothing was done."""
    numbers = approved(desk, 6)
    enter, tries = print_orders.enter, 0

    def changed(*_: object, **__: object) -> None:
        raise ChangedMeanwhileError

    def meddle(*given: object, **named: object) -> None:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise ChangedMeanwhileError
        enter(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(print_orders, "enter", meddle)
    desk.office.revoke(numbers[0])
    made = order(desk, tmp_path / "out", bank=NAMES[0])
    assert (tries, [each.cards for each in made.orders]) == (2, [5])
    monkeypatch.setattr(print_orders, "enter", changed)
    approved(desk, 2, seed=9)
    assert code_of(lambda: order(desk, tmp_path / "other")) == "register_busy"
    monkeypatch.setattr(print_orders, "enter_again", print_orders.enter)
    (first,) = made.orders
    again = Delivery(out=first.file.parent)
    assert code_of(desk.office.printing.order_again, first.number, again) == "register_busy"
    assert open_at_bank(desk, first.file, tmp_path / "a", bank=NAMES[0]).batch == first.number
    assert list((tmp_path / "other").iterdir()) == []
    assert desk.office.counts()[CardState.APPROVED] == 2


def test_the_register_refuses_an_order_that_is_out_of_date(desk: Desk, tmp_path: Path) -> None:
    """A card that is not approved any more, a number that was given, keys that have ended."""
    numbers = approved(desk, 2)
    sealed: list[object] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(print_orders, "enter", lambda _, drafts, **__: sealed.append(drafts))
        order(desk, tmp_path / "out", bank=NAMES[0])
    (drafts,) = sealed

    def enter() -> None:
        with database.writing(desk.engine) as session:
            print_orders.enter(session, drafts, now=1)  # type: ignore[arg-type]

    def undone(change: object) -> None:
        change()  # type: ignore[operator]
        with pytest.raises(ChangedMeanwhileError):
            enter()

    undone(lambda: desk.office.add_bank(NAMES[0], BankKeys.generate().public))
    desk.office.revoke(numbers[0])
    undone(lambda: None)
    assert desk.rows("SELECT count(*) FROM print_order") == [0]


def test_a_stolen_printing_key(desk: Desk, tmp_path: Path) -> None:
    """Another signs from then on; the old one is pinned no more, and no trust list ever names either."""
    approved(desk, 2)
    (first,) = desk.office.printing.key_views()
    assert desk.office.authority.report_stolen(first.kid).kind == "printing"
    made = order(desk, tmp_path / "out", bank=NAMES[0])  # a home without a key gets one
    old, new = desk.office.printing.key_views()
    assert (old.stolen_at is None, new.in_use, old.in_use) == (False, True, False)
    assert open_at_bank(desk, made.orders[0].file, tmp_path / "a", bank=NAMES[0]).cards
    listed = desk.office.authority.keys()
    assert [key.kind for key in listed][-2:] == ["printing", "printing"]
    files = desk.office.authority.draw_up_trust_list().files
    assert not any(b"printing" in data for data in files.values())
    third = desk.office.printing.renew_key()
    pinned = desk.office.printing.ministry_keys()
    assert pinned.count(b'"kid"') == 2
    assert desk.office.printing.key_views()[-1].kid == third


def test_banks(desk: Desk) -> None:
    """The same again is nothing; another bank's keys, and ones that have ended, are refused."""
    printing = desk.office.printing
    assert [bank.name for bank in printing.banks()] == list(NAMES)
    desk.office.add_bank(NAMES[0], keys_of(NAMES[0]).public)
    assert len(desk.rows("SELECT id FROM bank_key")) == 3
    mixed = BankKeys(
        keys_of(NAMES[1]).decryption,
        SoftwareSigner.generate(keys_of(NAMES[1]).to_sign().public_key.algorithm),
    )
    for public in (keys_of(NAMES[1]).public, mixed.public):
        assert code_of(printing.add_bank, NAMES[0], public) == "bank_key_known"
    fresh = BankKeys.generate().public
    assert desk.office.add_bank(NAMES[0], fresh).public == fresh
    assert code_of(printing.add_bank, NAMES[0], keys_of(NAMES[0]).public) == "bank_key_known"
    with pytest.raises(CredentialError):
        desk.office.add_bank("a\x1bb", BankKeys.generate().public)
    assert [bank.name for bank in printing.banks()] == list(NAMES)
    clean(desk)


def test_agencies_have_codes(tmp_path: Path) -> None:
    """By number as they come up, or as somebody said before; none changes, and no import moves any."""
    desk = open_desk(tmp_path)
    printing = desk.office.printing
    assert printing.agencies() == {"": agencies.UNNAMED}
    printing.add_agency("A02", "Somewhere else")
    approved(desk, 30)
    named = desk.rows("SELECT DISTINCT agency FROM person WHERE agency <> ''")
    codes = printing.agencies()
    assert codes.keys() == {"", "Somewhere else", *named}
    assert len(set(codes.values())) == len(codes)
    approved(desk, 30, seed=6)
    assert codes.items() <= printing.agencies().items()
    name = named[0]
    printing.add_agency(codes[name], name)
    printing.add_agency(codes[name], name.upper() + " (HQ)")
    assert printing.agencies()[name.upper() + " (HQ)"] == codes[name]
    assert code_of(printing.add_agency, "OTHER", name) == "agency_exists"
    for code, of in (("", "x"), ("a b", "x"), ("A" * 33, "x"), (agencies.UNNAMED, "x"), ("X", "")):
        assert code_of(printing.add_agency, code, of) == "bad_agency"
    clean(desk)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE print_order SET bank = 'thief'",
        "UPDATE print_row SET sequence = sequence + 10",
        "UPDATE print_row SET returned_at = NULL",
        "UPDATE bank_key SET jwks = 'x'",
        "UPDATE agency SET code = 'x'",
        "UPDATE print_report SET at = 1",
        "INSERT INTO print_row VALUES (1, 9, 3, NULL)",
    ],
)
def test_the_database_keeps_it(statement: str, desk: Desk, tmp_path: Path) -> None:
    """Whoever writes; and what is changed past its rules, the audit finds."""
    approved(desk, 3)
    (made,) = order(desk, tmp_path / "out", bank=NAMES[0], limit=2).orders
    batch = open_at_bank(desk, made.file, tmp_path / "a", bank=NAMES[0])
    desk.office.printing.take_report(report(batch, all_printed(batch)[:1], at=desk.now))
    desk.office.printing.give_back(made.number, None)
    with (
        pytest.raises(
            Exception, match=r"never changes|append only|set once|only a card|no row|nobody has ordered"
        ),
        desk.engine.begin() as raw,
    ):
        raw.exec_driver_sql(statement)
    clean(desk)


def test_the_audit_finds_another_bank_or_report(desk: Desk, tmp_path: Path) -> None:
    """Where somebody took the rules away first."""
    approved(desk, 2)
    (made,) = order(desk, tmp_path / "out", bank=NAMES[0]).orders
    batch = open_at_bank(desk, made.file, tmp_path / "a", bank=NAMES[0])
    desk.office.printing.take_report(report(batch, all_printed(batch)[:1], at=desk.now))
    clean(desk)
    rules = ("print_order_append_only", "print_report_append_only")
    for trigger in rules:
        with desk.engine.begin() as raw:
            raw.exec_driver_sql(f"DROP TRIGGER {trigger}")
    with desk.engine.begin() as raw:
        raw.exec_driver_sql("UPDATE print_report SET sha256 = x'00'")
    assert desk.office.examine().problems[:2] == gone(*rules)
    assert {problem.code for problem in desk.office.examine().problems[2:]} == {
        "printing_differs",
        "tables_changed",
    }
    with desk.engine.begin() as raw:
        raw.exec_driver_sql("UPDATE print_order SET bank = 'Canadia'")
    assert len(desk.office.examine().problems[2:]) == 3


def test_a_full_disk(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever room ends, in the batch or in the register, nothing was done; with room the same works."""
    approved(desk, 6)
    out = tmp_path / "out"
    sync = os.fsync
    calls = random.Random(3).sample(range(1, 7), 3)
    for failing in calls:
        count = 0

        def full(descriptor: int, failing: int = failing) -> None:
            nonlocal count
            count += 1
            if count == failing:
                raise OSError(28, "No space left on device")
            sync(descriptor)

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises((IssuerError, OSError)):
            order(desk, out)
        monkeypatch.setattr(os, "fsync", sync)
        assert list(out.iterdir()) == []
        assert desk.office.counts() == {CardState.APPROVED: 6}
        assert desk.rows("SELECT count(*) FROM print_order") == [0]
    assert sum(each.cards for each in order(desk, out).orders) == 6
    clean(desk)
