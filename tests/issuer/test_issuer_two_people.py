"""What takes two people takes two: in the office, in the database, and in the audit."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from issuer_desk import CHEAP, PASSPHRASE, Desk, open_desk
from sqlalchemy.exc import IntegrityError

from did import Algorithm, SoftwareSigner
from did.errors import IdentityError
from issuer import staff
from issuer.duties import DUTIES, Order, Role
from issuer.home import Home
from issuer.lifecycle import CardState
from issuer.office import Issuer
from issuer.order_book import Waiting
from issuer.orders import Decision
from revocation.status_list import Status

pytestmark = pytest.mark.postgres

ACTS: dict[Order, Callable[[Issuer, str], Any]] = {
    Order.OFFER: Issuer.offer,
    Order.REPORT_LOST: Issuer.report_lost,
    Order.RETIRE: Issuer.retire,
    Order.REVOKE: Issuer.revoke,
    Order.REVOKE_WALLET: Issuer.revoke_wallet,
    Order.REPLACE: Issuer.replace,
}
"""Acts on an active card with a phone that take two."""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A fresh home."""
    return open_desk(tmp_path)


def refused(act: Callable[[], object]) -> str:
    """The code of the refusal."""
    with pytest.raises(IdentityError) as caught:
        act()
    return caught.value.code


def statuses(desk: Desk, card: str) -> set[Status]:
    """What stands at the indices of a card, of whatever kind."""
    return {status for kind in desk.statuses(card).values() for status in kind}


def waiting(result: object) -> Waiting:
    """What is returned by who asks first."""
    assert isinstance(result, Waiting)
    return result


def test_an_approval_waits_for_another(desk: Desk) -> None:
    """Nothing is done by one, however often; the other sees what was asked, and does it."""
    desk.apply(3)
    officer, approver = desk.one("officer"), desk.one("approver")
    asked = waiting(officer.approve())
    assert (asked.cards, asked.asked_by, asked.new) == (3, "officer", True)
    again = waiting(officer.approve())
    assert (again.number, again.new) == (asked.number, False)
    assert officer.counts() == {CardState.APPLIED: 3}
    ((told, written),) = approver.waiting()
    assert (told.number, written.cards, written.order) == (asked.number, (1, 2, 3), Order.APPROVE)
    assert [each.number for each in approver.to_confirm()] == [asked.number]
    assert officer.to_confirm() == []
    assert len(approver.confirm(asked.number)) == 3
    assert approver.waiting() == []
    assert refused(lambda: approver.confirm(asked.number)) == "order_decided"
    assert officer.approve() == []
    assert desk.office.examine().problems == []


@pytest.mark.parametrize("order", sorted(ACTS))
def test_the_same_call_by_another_confirms(order: Order, desk: Desk) -> None:
    """One who may do everything alone does nothing alone."""
    card = desk.card()
    desk.enrol(card)
    approver, act = desk.one("approver"), ACTS[order]
    if order is Order.REPORT_LOST:
        desk.one("officer").suspend(card)  # as the first report does
    before = desk.statuses(card)
    asked = waiting(act(approver, card))
    assert waiting(act(approver, card)).number == asked.number
    assert refused(lambda: approver.confirm(asked.number)) == "same_person"
    assert refused(lambda: desk.one("officer").confirm(asked.number)) == "not_their_duty"
    assert desk.statuses(card) == before
    officers = waiting(act(desk.one("officer"), card))  # may ask for it too, but confirms nothing
    assert officers.number != asked.number
    assert not isinstance(act(approver, card), Waiting)
    assert desk.office.examine().problems == []


def test_one_suspends_and_two_reinstate(desk: Desk) -> None:
    """Whoever sees that something is wrong stops a card at once."""
    card = desk.card()
    desk.one("officer").suspend(card)
    assert statuses(desk, card) == {Status.SUSPENDED}
    asked = waiting(desk.one("officer").reinstate(card))
    assert statuses(desk, card) == {Status.SUSPENDED}
    desk.one("approver").confirm(asked.number)
    assert statuses(desk, card) == {Status.VALID}


def test_who_reports_a_loss_stops_the_card(desk: Desk) -> None:
    """At once and alone; it ends when another confirms, and when another declines it stays suspended."""
    card = desk.card()
    desk.enrol(card)
    asked = waiting(desk.one("officer").report_lost(card))
    assert statuses(desk, card) == {Status.SUSPENDED}
    assert waiting(desk.one("officer").report_lost(card)).number == asked.number
    desk.one("approver").turn_down(asked.number)
    assert statuses(desk, card) == {Status.SUSPENDED}
    waiting(desk.one("officer").report_lost(card))
    assert desk.one("approver").report_lost(card) is None
    assert statuses(desk, card) == {Status.INVALID}
    assert desk.office.examine().problems == []
    assert refused(lambda: desk.one("admin-1").report_lost(card)) == "wrong_state"


def test_who_may_not_report_a_loss_stops_nothing(desk: Desk) -> None:
    """An administrator has no duty about cards."""
    card = desk.card()
    assert refused(lambda: desk.one("admin-1").report_lost(card)) == "not_their_duty"
    assert statuses(desk, card) == {Status.VALID}


def test_what_has_changed_since_is_not_confirmed(desk: Desk) -> None:
    """The approver would do something else than what was asked for."""
    card = desk.card()
    asked = waiting(desk.one("officer").revoke(card))
    desk.one("officer").suspend(card)
    assert refused(lambda: desk.one("approver").confirm(asked.number)) == "order_outdated"
    assert desk.office.show(card).card.state is CardState.SUSPENDED
    assert desk.one("approver").turn_down(asked.number) is Decision.DECLINED


def test_an_order_that_waits_too_long_lapses(desk: Desk) -> None:
    """After 30 days nobody remembers why; the same call asks anew then."""
    card = desk.card()
    asked = waiting(desk.one("officer").revoke(card))
    desk.later(days=31)
    assert refused(lambda: desk.one("approver").confirm(asked.number)) == "order_expired"
    assert waiting(desk.one("officer").revoke(card)).number > asked.number


def test_declined_and_withdrawn(desk: Desk) -> None:
    """An order is turned down once; whoever asked takes their own back."""
    card = desk.card()
    officer, approver = desk.one("officer"), desk.one("approver")
    first, second = waiting(officer.revoke(card)), waiting(officer.retire(card))
    assert officer.turn_down(first.number) is Decision.WITHDRAWN
    assert approver.turn_down(second.number) is Decision.DECLINED
    for number in (first.number, second.number):
        assert refused(lambda number=number: approver.confirm(number)) == "order_decided"  # type: ignore[misc]
        assert refused(lambda number=number: officer.turn_down(number)) == "order_decided"  # type: ignore[misc]
    assert refused(lambda: approver.confirm(99)) == "unknown_order"
    assert desk.office.examine().problems == []


def test_two_approvers_at_once(desk: Desk) -> None:
    """One of them confirms; for the other it is decided."""
    desk.apply(40)
    asked = waiting(desk.one("officer").approve())
    new = add(desk, "approver-2", [Role.APPROVER])
    offices = [desk.one("approver"), new]

    def confirm(office: Issuer) -> str:
        try:
            return f"{len(office.confirm(asked.number))} cards"
        except IdentityError as error:
            return error.code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(confirm, offices)) == ["40 cards", "order_decided"]
    assert desk.office.counts() == {CardState.APPROVED: 40}


def add(desk: Desk, name: str, roles: list[Role]) -> Issuer:
    """Somebody new, as two administrators add them."""
    public = staff.make_key(desk.home / "staff", name, PASSPHRASE, cost=CHEAP)
    asked = waiting(desk.one("admin-1").add_staff(name, roles, public))
    desk.one("admin-2").confirm(asked.number)
    return desk.one(name)


def test_staff_come_and_go(desk: Desk) -> None:
    """By two administrators; the last two stay, and a name, like a key, is one person's for good."""
    auditor = add(desk, "auditor", [Role.AUDITOR])
    desk.apply(1)
    assert refused(auditor.approve) == "not_their_duty"
    assert refused(lambda: desk.one("officer").end_staff("auditor")) == "not_their_duty"
    key = SoftwareSigner.generate(Algorithm.ED25519).public_key
    admin = desk.one("admin-1")
    for name, roles, public, code in (
        ("auditor", [Role.AUDITOR], key, "person_exists"),
        ("auditor-2", [Role.AUDITOR], staff.key_of(admin.staff()[-1]), "person_exists"),
        ("auditor-2", [], key, "no_roles"),
        ("../auditor", [Role.AUDITOR], key, "bad_staff_name"),
    ):
        assert refused(lambda: admin.add_staff(name, roles, public)) == code  # noqa: B023
    asked = waiting(admin.end_staff("auditor"))
    desk.one("admin-2").confirm(asked.number)
    assert refused(lambda: desk.one("auditor")) == "person_ended"
    assert refused(lambda: admin.end_staff("admin-2")) == "last_administrators"
    assert refused(lambda: admin.end_staff("auditor")) == "person_ended"
    assert refused(lambda: admin.end_staff("nobody")) == "unknown_person"
    assert refused(lambda: desk.one("nobody")) == "unknown_person"
    assert desk.office.examine().problems == []


def test_a_key_and_its_passphrase(desk: Desk, tmp_path: Path) -> None:
    """A passphrase of one's own opens one's own key, and nobody else's file serves for it."""
    folder = desk.home / "staff"
    staff.change_passphrase(Home(desk.home), "officer", PASSPHRASE, "quite another one", cost=CHEAP)
    assert refused(lambda: desk.one("officer")) == "wrong_passphrase"
    opened = Issuer.open(desk.home, person=("officer", "quite another one"), clock=lambda: desk.now)
    desk.apply(1)
    assert waiting(opened.approve()).asked_by == "officer"
    (folder / "officer.json").write_bytes((folder / "approver.json").read_bytes())
    assert refused(lambda: desk.one("officer")) == "key_mismatch"
    (folder / "officer.json").unlink()
    assert refused(lambda: desk.one("officer")) == "key_missing"
    nobody = Issuer.open(desk.home, PASSPHRASE, clock=lambda: desk.now)
    assert refused(nobody.approve) == "no_person"


ASKED = (
    "INSERT INTO staff_order (act, document, sha256, asked_by, asked_at, asked_signature) "
    "VALUES ('{act}', 'none', x'0123', {by}, 0, x'00')"
)
CONFIRM = (
    "UPDATE staff_order SET decision = '{decision}', decided_by = {by}, decided_at = 0, "
    "decision_signature = x'00' WHERE decision IS NULL AND act = 'revoke'"
)
RAW = {
    "no order": ["UPDATE card SET state = 'revoked' WHERE id = 1"],
    "an order that waits": ["UPDATE card SET state = 'retired' WHERE id = 1"],
    "an order for something else": [
        ASKED.format(act="suspend", by=1),
        "UPDATE card SET state = 'revoked' WHERE id = 1",
    ],
    "an act without an order": ["INSERT INTO act (at, act, card_id) VALUES (0, 'revoke', 1)"],
    "a record of what was never": ["INSERT INTO act (at, act, card_id) VALUES (0, 'record', 1)"],
    "an application without an order": [
        "INSERT INTO card (person_id, state, created_at, changed_at) VALUES (1, 'applied', 0, 0)"
    ],
    "a key that nobody published": ["INSERT INTO published_key SELECT kid, 0 FROM signing_key LIMIT 1"],
    "an offer without an order": ["INSERT INTO offer VALUES (x'00', 1, 0, 1, NULL)"],
    "the same person twice": [CONFIRM.format(decision="confirmed", by=1)],
    "the same approver twice": [
        ASKED.format(act="retire", by=2),
        CONFIRM.format(decision="confirmed", by=2).replace("'revoke'", "'retire' AND asked_by = 2"),
    ],
    "an officer who confirms": [
        ASKED.format(act="reinstate", by=2),
        CONFIRM.format(decision="confirmed", by=1).replace("'revoke'", "'reinstate'"),
    ],
    "an administrator who confirms": [CONFIRM.format(decision="confirmed", by=3)],
    "nobody who confirms": [CONFIRM.format(decision="confirmed", by=99)],
    "another who withdraws": [CONFIRM.format(decision="withdrawn", by=2)],
    "an administrator who asks": [ASKED.format(act="revoke", by=3)],
    "an officer who adds staff": [ASKED.format(act="add_staff", by=1)],
    "nobody who asks": [ASKED.format(act="revoke", by=99)],
    "no such order": [ASKED.format(act="nonsense", by=1)],
    "an order that begins confirmed": [
        (
            "INSERT INTO staff_order (act, document, sha256, asked_by, asked_at, asked_signature, decision, "
            "decided_by, decided_at, decision_signature) "
            "VALUES ('revoke', 'none', x'0123', 1, 0, x'00', 'confirmed', 2, 0, x'00')"
        )
    ],
    "an order done without the other": ["UPDATE staff_order SET done_at = 0 WHERE act = 'revoke'"],
    "an order that is opened again": ["UPDATE staff_order SET done_at = NULL WHERE act = 'approve'"],
    "an order that is rewritten": ["UPDATE staff_order SET document = 'x' WHERE act = 'approve'"],
    "a decision that is taken back": [
        (
            "UPDATE staff_order SET decision = NULL, decided_by = NULL, decided_at = NULL, "
            "decision_signature = NULL WHERE act = 'approve'"
        )
    ],
    "a suspension that is confirmed": [
        ASKED.format(act="suspend", by=1),
        CONFIRM.format(decision="confirmed", by=2).replace("'revoke'", "'suspend'"),
    ],
    "another key": ["UPDATE staff SET public_jwk = 'x' WHERE id = 1"],
    "other roles": ["UPDATE staff SET roles = 'approver officer' WHERE id = 1"],
    "the key of somebody else": [
        (
            "INSERT INTO staff (name, roles, public_jwk, created_at) SELECT 'x', 'approver', public_jwk, 0 "
            "FROM staff WHERE id = 1"
        )
    ],
}


@pytest.mark.parametrize("name", sorted(RAW))
def test_the_database_refuses_one_person(name: str, desk: Desk) -> None:
    """A console that goes past the program gets no further than the program does."""
    desk.card()
    waiting(desk.one("officer").revoke(desk.office.cards()[0].card_number or ""))
    waiting(desk.one("officer").retire(desk.office.cards()[0].card_number or ""))
    *before, last = RAW[name]
    with desk.engine.connect() as connection, connection.begin() as transaction:
        for statement in before:
            connection.exec_driver_sql(statement)
        with pytest.raises(IntegrityError):
            connection.exec_driver_sql(last)
        transaction.rollback()


EDITS = {
    "a document": ("UPDATE staff_order SET document = replace(document, '1', '2')", "order_differs"),
    "who asked": ("UPDATE staff_order SET asked_by = 1 WHERE act = 'import'", "order_differs"),
    "who decided": ("UPDATE staff_order SET decided_by = 3 WHERE act = 'approve'", "order_differs"),
    "a signature": ("UPDATE staff_order SET asked_signature = x'00'", "order_forged"),
    "a decision's signature": (
        "UPDATE staff_order SET decision_signature = x'00' WHERE act = 'approve'",
        "order_forged",
    ),
    "when it was decided": ("UPDATE staff_order SET decided_at = 9 WHERE act = 'approve'", "order_forged"),
    "an order gone": ("DELETE FROM staff_order WHERE act = 'approve'", "acts_unordered"),
    "a key": (
        "UPDATE staff SET public_jwk = replace(public_jwk, 'Ed25519', 'X25519') WHERE id = 1",
        "staff_differs",
    ),
    "a role": ("UPDATE staff SET roles = 'approver officer' WHERE id = 1", "staff_differs"),
    "a name": ("UPDATE staff SET name = 'x' WHERE id = 4", "staff_differs"),
    "somebody more": (
        "INSERT INTO staff (name, roles, public_jwk, created_at) VALUES ('x', 'approver', 'x', 0)",
        "staff_differs",
    ),
    "somebody gone": ("DELETE FROM staff WHERE id = 4", "staff_differs"),
}


@pytest.mark.parametrize("name", sorted(EDITS))
def test_what_goes_past_the_database_is_found(name: str, desk: Desk) -> None:
    """Whoever takes the rules away first is found by the audit, which knows every signature."""
    desk.card()
    statement, code = EDITS[name]
    with desk.engine.begin() as connection:
        for trigger in ("fixed", "once", "kept", "form_update", "form_insert", "moved"):
            for table in ("staff", "staff_order"):
                if trigger != "moved" or connection.dialect.name == "sqlite":
                    connection.exec_driver_sql(f"DROP TRIGGER {table}_{trigger}")
        connection.exec_driver_sql("DROP TRIGGER staff_unordered_insert")
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql(statement)
    assert code in {problem.code for problem in desk.office.examine().problems}


def test_every_order_of_two_names_another_role() -> None:
    """Whoever asks may not be the only one who could confirm: an officer's order has an approver."""
    for duty in DUTIES.values():
        assert not duty.confirm or duty.confirm & {Role.APPROVER, Role.ADMINISTRATOR}
