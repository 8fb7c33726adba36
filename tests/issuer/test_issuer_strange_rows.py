"""A row that somebody planted past the program stops no honest command, and ends in no traceback."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from issuer_desk import Desk, open_desk
from issuer_program import Program
from outcomes import Code, outcome

from issuer import carried_over, database, order_book, order_subject, reserved, staff
from issuer.duties import Order
from issuer.lifecycle import ListKind
from issuer.models import ReissuePart, Staff
from issuer.order_book import Waiting
from issuer.orders import Decision
from issuer.published_state import Published
from revocation.allocation import LIST_SIZE
from revocation.status_list import Status, StatusList
from revocation.token import SignedList

pytestmark = pytest.mark.postgres

ADMINISTRATORS = (Order.BANK_ADD, Order.ADD_STAFF, Order.END_STAFF)
NONE = (
    "INSERT INTO staff_order (act, document, sha256, asked_by, asked_at, asked_signature) "
    "VALUES ('{}', '{}', x'01', {}, 0, x'00')"
)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """1 and 2 are active, 3 is an application."""
    made = open_desk(tmp_path)
    made.apply(3)
    made.office.approve([1, 2])
    return made


@pytest.mark.parametrize("document", ["none", "{}", "[]", '{"order":"revoke"}'])
def test_a_request_that_is_none(document: str, desk: Desk) -> None:
    """It is in no list, nobody confirms it, and it can be declined; an audit knows it."""
    with desk.engine.begin() as connection:
        connection.exec_driver_sql(NONE.format("approve", document, 1))
    number = max(desk.rows("SELECT id FROM staff_order"))
    assert desk.office.waiting() == []
    assert desk.office.lapsed() == {}
    assert number not in {past.asked.number for past in desk.office.orders()}
    assert [application for application, _ in desk.office.approve()] == [3]
    approver = desk.one("approver")
    assert approver.to_confirm() == []
    assert outcome(lambda: approver.confirm(number)) == Code("malformed_order")
    assert outcome(lambda: desk.office.order(number)) == Code("malformed_order")
    assert outcome(lambda: desk.one("admin-1").turn_down(number)) == Code("not_their_duty")
    assert approver.turn_down(number) is Decision.DECLINED
    assert outcome(lambda: approver.turn_down(number)) == Code("order_decided")
    assert "order_differs" in {problem.code for problem in desk.office.examine().problems}


def test_a_request_under_another_name(desk: Desk) -> None:
    """A revocation that its row calls something else is none."""
    number = planted(desk, Order.REVOKE, cards=[1])
    with desk.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER staff_order_fixed")
        connection.exec_driver_sql(f"UPDATE staff_order SET act = 'retire' WHERE id = {number}")  # noqa: S608
    assert desk.office.waiting() == []
    assert outcome(lambda: desk.one("approver").confirm(number)) == Code("malformed_order")


def test_a_request_in_anothers_name(desk: Desk) -> None:
    """Whoever writes rows cannot sign for the officer: the approver is not even asked."""
    number = planted(desk, Order.REVOKE, cards=[1])
    with desk.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER staff_order_fixed")
        statement = "UPDATE staff_order SET asked_signature = (SELECT asked_signature FROM staff_order {}) {}"
        others = statement.format("WHERE act = 'import'", f"WHERE id = {number}")
        connection.exec_driver_sql(others)
    assert desk.office.waiting() == []
    approver = desk.one("approver")
    assert outcome(lambda: approver.confirm(number)) == Code("malformed_order")
    assert isinstance(approver.revoke(desk.office.cards()[0].card_number or ""), Waiting)  # asks anew
    assert desk.office.cards()[0].state == "active"
    assert "order_forged" in {problem.code for problem in desk.office.examine().problems}


def planted(
    desk: Desk,
    order: Order,
    *,
    cards: list[int] | None = None,
    details: Mapping[str, Any] = MappingProxyType({}),
) -> int:
    """A request, signed by one who may ask for it, that no command would have asked for."""
    member = desk.one("admin-1" if order in ADMINISTRATORS else "officer")._desk.somebody()
    with database.writing(desk.engine) as session:
        asked = order_book.ask(
            session,
            member,
            order,
            issuer=desk.office.config.issuer,
            cards=cards or [],
            content=order_subject.digest(session, [card for card in cards or [] if card < 1 << 31]),
            details=details,
            now=int(desk.now.timestamp()),
        )
        return asked.row.id or 0


KEY = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
PLANTED: dict[str, tuple[Order, list[int], dict[str, Any]]] = {
    "revoking nothing": (Order.REVOKE, [], {}),
    "revoking two": (Order.REVOKE, [1, 2], {}),
    "an offer to nobody": (Order.OFFER, [], {}),
    "replacing two": (Order.REPLACE, [1, 2], {}),
    "approving nothing": (Order.APPROVE, [], {}),
    "a card beyond all": (Order.APPROVE, [1 << 70], {}),
    "an amendment of nobody": (Order.AMEND_REPLACE, [], {}),
    "somebody without roles": (Order.ADD_STAFF, [], {"name": "x", "roles": [], "key": KEY}),
    "somebody without a word of roles": (Order.ADD_STAFF, [], {"name": "x", "key": KEY}),
    "a king": (Order.ADD_STAFF, [], {"name": "x", "roles": ["king"], "key": KEY}),
    "somebody without a name": (Order.ADD_STAFF, [], {"roles": ["officer"], "key": KEY}),
    "somebody without a key": (Order.ADD_STAFF, [], {"name": "x", "roles": ["officer"], "key": 7}),
    "the end of nobody": (Order.END_STAFF, [], {}),
    "a bank without keys": (Order.BANK_ADD, [], {"bank": "x"}),
    "a bank with other keys": (Order.BANK_ADD, [], {"bank": "x", "keys": [KEY]}),
    "a re-issue of what there is not": (Order.REISSUE, [], {"kinds": ["gold"]}),
    "a re-issue of nothing": (Order.REISSUE, [], {"kinds": 7}),
    "an erasure of words": (Order.ERASE, [], {"people": ["x"]}),
    "an erasure of what is none": (Order.ERASE, [], {}),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_signed_request_that_no_command_asks_for(name: str, desk: Desk) -> None:
    """It is refused by its name, and declined."""
    order, cards, details = PLANTED[name]
    number = planted(desk, order, cards=cards, details=details)
    confirms = desk.one("admin-2" if order in ADMINISTRATORS else "approver")
    assert outcome(lambda: confirms.confirm(number)) == Code("malformed_order")
    assert (desk.office.waiting(), desk.office.orders(undecided=True)) == ([], [])
    assert desk.office.approve() != []
    assert confirms.turn_down(number) is Decision.DECLINED


def test_a_signed_request_about_no_card(desk: Desk) -> None:
    """Which is seen when it is carried out."""
    number = planted(desk, Order.REVOKE, cards=[99])
    assert outcome(lambda: desk.one("approver").confirm(number)) == Code("malformed_order")
    assert desk.one("approver").turn_down(number) is Decision.DECLINED


def test_the_commands(program: Program) -> None:
    """`requests` lists what can be read; one alone is refused, and `decline` takes it out of the way."""
    with program.desk.engine.begin() as connection:
        connection.exec_driver_sql(NONE.format("revoke", "none", 1))
    number = max(program.desk.rows("SELECT id FROM staff_order"))
    assert program.home("requests")[0] == 0
    assert program.home("requests", "--all")[0] == 0
    assert program.home("requests", number)[2].startswith("malformed_order: ")
    assert program.home("--as", "approver", "decline", number)[0] == 0


def test_a_role_that_there_is_not() -> None:
    """A member of staff with one is no member."""
    person = Staff(name="x", roles="officer king", public_jwk="{}", created_at=0)
    assert outcome(lambda: staff.roles_of(person)) == Code("register_damaged")


@pytest.mark.parametrize("lists", [{}, {ListKind.SEAL: 1}, {ListKind.SEAL: 1, ListKind.LIVE: 2}])
def test_reserved_indices_that_are_none(lists: dict[ListKind, int]) -> None:
    """Neither cut in the middle nor of another number of lists."""
    part = ReissuePart(reissue_id=1, number=1, first_card=1, last_card=1, indices=b"\0" * 5)
    assert outcome(lambda: reserved.read(part, lists)) == Code("register_damaged")


def test_an_index_of_an_application_that_was_published_as_ended(desk: Desk) -> None:
    """There is no card to be ended by a restoration."""
    with desk.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER status_index_owner")
        connection.exec_driver_sql(
            "INSERT INTO status_index SELECT 2, min(idx) + 1, 3, NULL, 1, 0, NULL FROM status_index "
            "WHERE list_id = 2 AND idx + 1 NOT IN (SELECT idx FROM status_index WHERE list_id = 2)"
        )
    (index,) = desk.rows("SELECT idx FROM status_index WHERE card_id = 3")
    (uri,) = desk.rows("SELECT uri FROM status_list WHERE id = 2")
    statuses = StatusList.build(LIST_SIZE, entries={index: Status.INVALID})
    signed = SignedList(
        uri=uri,
        statuses=statuses,
        issued_at=0,
        expires_at=None,
        ttl=None,
        sequence=1,
        kid="",
        digest=b"",
    )
    published = Published(version=1, lists={uri: signed}, template=1, head=None)
    with database.writing(desk.engine) as session:
        assert carried_over.carry_over(session, published, now=0).ended == ()
    assert desk.rows("SELECT state FROM card WHERE id = 3") == ["applied"]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE published_list SET token = x'ff'",
        "UPDATE published_list SET token = x'ff', form = 'jwt'",
        "UPDATE published_list SET form = 'jwt'",
        "UPDATE status_list SET sequence = 0",
    ],
)
def test_a_publication_that_stands_as_something_else(change: str, desk: Desk, tmp_path: Path) -> None:
    """No delta is made from it; where it can be followed, the next publication is one again."""
    for _ in range(2):
        desk.office.publish(tmp_path / "stick")
    with desk.engine.begin() as connection:
        for rule in ("published_list_append_only", "status_list_sequence"):
            connection.exec_driver_sql(f"DROP TRIGGER {rule}")
        connection.exec_driver_sql(change)
    desk.later(minutes=1)
    assert outcome(desk.office.deltas) == Code("not_published")
    if "sequence" not in change:
        desk.office.publish(tmp_path / "stick")
        assert len(desk.office.deltas()) == 3
