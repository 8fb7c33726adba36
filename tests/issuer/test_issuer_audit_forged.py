"""One member of staff with the register's file and their own key: what they forge is refused, or found."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from forging import act, add, codes, head, lawless, link, now, own
from issuer_desk import Desk, new_keys, open_desk, request
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from did import Algorithm, SoftwareSigner
from issuer import audit, contents, database, order_book, reference_tables, staff
from issuer.bank_keys import BankKeys
from issuer.duties import Order, Role
from issuer.enrolment import OFFER_LIFETIME
from issuer.errors import IssuerError
from issuer.lifecycle import Act, CardState
from issuer.models import ActRow, Card, Erasure, Offer, Person, Restoration, Staff, StaffOrder, StolenKey
from issuer.order_book import Given
from issuer.orders import Decision, Written
from issuer.print_models import BankKeyRow


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """1 is active and has a phone, 2 was revoked, 3 is active; all of it was published."""
    made = open_desk(tmp_path)
    made.apply(3)
    cards = [card for _, card in made.office.approve()]
    made.enrol(cards[0])
    made.office.revoke(cards[1])
    made.office.publish(tmp_path / "stick")
    return made


def a_ghost(desk: Desk, session: Session) -> None:
    public = SoftwareSigner.generate(Algorithm.ED25519).public_key
    staff.add(session, "ghost", [Role.APPROVER], public, now=now(desk))
    link(desk, session, "staff_begin", None, staff=[staff.describe("ghost", [Role.APPROVER], public)])


def a_revoked_card_again(desk: Desk, session: Session) -> None:
    done = session.exec(select(StaffOrder).where(StaffOrder.act == "activate")).first()
    assert done is not None
    session.get_one(Card, 2).state = "active"
    session.connection().exec_driver_sql("UPDATE status_index SET status = 0 WHERE card_id = 2")
    act(desk, session, Act.ACTIVATE, 2)
    told = order_book.to_link(session, Given(done, Written.from_text(done.document)))
    audit.append(session, "activate", now=now(desk), order=told)


def a_bank(desk: Desk, session: Session) -> None:
    jwks = BankKeys.generate().public.to_jwks().decode()
    session.add(BankKeyRow(bank="ACLEDA", jwks=jwks, added_at=now(desk)))
    session.flush()


def a_revocation(desk: Desk, session: Session) -> None:
    given = own(desk, session, Order.RESTORE)
    session.get_one(Card, 3).state = "revoked"
    session.connection().exec_driver_sql("UPDATE status_index SET status = 1 WHERE card_id = 3")
    act(desk, session, Act.REVOKE, 3)
    link(desk, session, "restore", given, kept=1, lost=1)


def a_card_that_expires(desk: Desk, session: Session) -> None:
    given = own(desk, session, Order.PUBLISH)
    session.get_one(Card, 3).state = "expired"
    session.connection().exec_driver_sql("UPDATE status_index SET status = 1 WHERE card_id = 3")
    act(desk, session, Act.EXPIRE, 3)
    link(desk, session, "publish", given)


def an_erasure(desk: Desk, session: Session) -> None:
    session.add(Erasure(person_id=2, at=now(desk)))
    link(desk, session, "erase", None, people=[2])


def a_phone_without_an_offer(desk: Desk, session: Session) -> None:
    given = own(desk, session, Order.ISSUE)
    session.connection().exec_driver_sql("INSERT INTO wallet (card_id, created_at) VALUES (3, 0)")
    act(desk, session, Act.ENROL, 3, wallet=2)
    link(desk, session, "issue", given)


def a_planted_offer(desk: Desk, session: Session) -> None:
    times = {"created_at": now(desk), "expires_at": now(desk) + OFFER_LIFETIME}
    session.add(Offer(nonce_sha256=bytes(32), card_id=3, **times))
    session.flush()


def an_offer_again(desk: Desk, session: Session) -> None:
    session.connection().exec_driver_sql("UPDATE offer SET closed_at = NULL")


def a_longer_offer(desk: Desk, session: Session) -> None:
    session.connection().exec_driver_sql("UPDATE offer SET expires_at = expires_at + 999999")


def somebody_who_left(desk: Desk, session: Session) -> None:
    session.get_one(Staff, 3).ended_at = now(desk)
    session.flush()


def a_restoration(desk: Desk, session: Session) -> None:
    last = head(desk).length
    audit.append(session, "restore", now=now(desk), kept=last, lost=10**6, backup="", unknown=0)


def a_restoration_with_its_row(desk: Desk, session: Session) -> None:
    session.add(Restoration(number=1, at=0, links=0, last_list=0, list_floor=0, template_floor=0))
    session.flush()


def a_link_without_an_order(desk: Desk, session: Session) -> None:
    audit.append(session, "approve", now=now(desk))


def an_order_that_is_open_again(desk: Desk, session: Session) -> None:
    session.connection().exec_driver_sql("UPDATE staff_order SET done_at = NULL WHERE act = 'activate'")


def an_order_moved(desk: Desk, session: Session) -> None:
    session.connection().exec_driver_sql("UPDATE staff_order SET id = id + 50 WHERE act = 'publish'")


def another_act_under_an_order(desk: Desk, session: Session) -> None:
    given = own(desk, session, Order.SUSPEND)
    session.get_one(Card, 3).state = "revoked"
    act(desk, session, Act.REVOKE, 3)
    link(desk, session, "suspend", given)


def a_two_persons_order_never_asked(desk: Desk, session: Session) -> None:
    given = own(desk, session, Order.REVOKE)
    approver = desk.one("approver")._desk.somebody()
    order_book.decide(session, given, approver, Decision.CONFIRMED, now=now(desk))
    link(desk, session, "revoke", given)


def a_theft(desk: Desk, session: Session) -> None:
    session.add(StolenKey(kid="seal-2026q4", at=now(desk)))
    session.flush()


def a_position(desk: Desk, session: Session) -> None:
    session.connection().exec_driver_sql("UPDATE code SET en = 'Minister' WHERE code = 1")


def a_template(desk: Desk, session: Session) -> None:
    session.connection().exec_driver_sql("UPDATE template SET document = '{}'")


def a_key_known_for_long(desk: Desk, session: Session) -> None:
    session.connection().exec_driver_sql("UPDATE published_key SET at = 0")


def a_key_for_another_use(desk: Desk, session: Session) -> None:
    swap = "CASE kind WHEN 'live' THEN 'sd-jwt' ELSE 'live' END"
    session.connection().exec_driver_sql(f"UPDATE holder_key SET kind = {swap}")  # noqa: S608


def a_link_that_is_none(desk: Desk, session: Session) -> None:
    session.connection().exec_driver_sql("UPDATE audit SET entry = '[]' WHERE seq = 3")


def a_time(desk: Desk, session: Session) -> None:
    session.connection().exec_driver_sql("UPDATE audit SET at = at - 1 WHERE seq = 3")


def a_record_of_another(desk: Desk, session: Session) -> None:
    person = session.get_one(Person, 3)
    person.name_la = "EVIL TWIN"
    session.flush()
    content = contents.of_whole_person(person.model_dump(), person.salt or b"")
    session.add(ActRow(at=now(desk), act=Act.RECORD.value, card_id=3, content=content))
    link(desk, session, "import", own(desk, session, Order.IMPORT))


def an_act_before_all(desk: Desk, session: Session) -> None:
    session.add(ActRow(id=-7, at=now(desk), act=Act.REVOKE.value, card_id=3))
    session.flush()


def _asked(desk: Desk, session: Session, **told: object) -> None:
    """A position, and a request that was asked before stands in the link over it."""
    a_position(desk, session)
    done = session.exec(select(StaffOrder).where(StaffOrder.act == "activate")).first()
    assert done is not None
    order = order_book.to_link(session, Given(done, Written.from_text(done.document)))
    audit.append(session, "ask", now=now(desk), order=order, **told)


def a_request_that_changes(desk: Desk, session: Session) -> None:
    reference_tables.remember(session)
    _asked(desk, session)


def a_request_that_does_not_say(desk: Desk, session: Session) -> None:
    _asked(desk, session)


def a_request_of_another_version(desk: Desk, session: Session) -> None:
    reference_tables.remember(session)
    _asked(desk, session, tables="0014 0", before="0014 0")


FORGED: dict[str, tuple[Callable[[Desk, Session], None], str]] = {
    "a ghost": (a_ghost, "link_changed"),
    "a revoked card again": (a_revoked_card_again, "acts_illegal"),
    "a bank": (a_bank, "bank_differs"),
    "a revocation": (a_revocation, "restoration_differs"),
    "a card that expires": (a_card_that_expires, "card_differs"),
    "an erasure": (an_erasure, "acts_unordered"),
    "a phone without an offer": (a_phone_without_an_offer, "acts_illegal"),
    "a planted offer": (a_planted_offer, "offer_differs"),
    "an offer again": (an_offer_again, "offer_differs"),
    "a longer offer": (a_longer_offer, "offer_differs"),
    "somebody who left": (somebody_who_left, "staff_differs"),
    "a restoration": (a_restoration, "restoration_differs"),
    "a restoration with its row": (a_restoration_with_its_row, "restoration_differs"),
    "a link without an order": (a_link_without_an_order, "acts_unordered"),
    "an order that is open again": (an_order_that_is_open_again, "order_differs"),
    "an order moved": (an_order_moved, "acts_unordered"),
    "another act under an order": (another_act_under_an_order, "acts_unordered"),
    "a two persons' order never asked": (a_two_persons_order_never_asked, "acts_unordered"),
    "a theft": (a_theft, "theft_differs"),
    "a position": (a_position, "tables_changed"),
    "a template": (a_template, "tables_changed"),
    "a key known for long": (a_key_known_for_long, "tables_changed"),
    "a key for another use": (a_key_for_another_use, "wallet_differs"),
    "a record of another": (a_record_of_another, "acts_unordered"),
    "an act before all": (an_act_before_all, "acts_uncovered"),
    "a request that changes": (a_request_that_changes, "acts_unordered"),
    "a request that does not say": (a_request_that_does_not_say, "tables_changed"),
    "a request of another version": (a_request_of_another_version, "tables_changed"),
    "a link that is none": (a_link_that_is_none, "link_changed"),
    "a time": (a_time, "link_changed"),
}


@pytest.mark.parametrize("name", FORGED)
def test_what_is_forged_is_found(name: str, desk: Desk) -> None:
    """With the rules taken away and put back; honest work that follows hides nothing."""
    assert codes(desk) == set()
    forge, code = FORGED[name]
    with lawless(desk) as session:
        forge(desk, session)
    assert code in codes(desk)
    desk.apply(1, seed=9)
    desk.office.publish(desk.home.with_name("other"))
    assert code in codes(desk)


RAW = {
    "staff": "INSERT INTO staff (name, roles, public_jwk, created_at) VALUES ('ghost', 'approver', '{}', 0)",
    "an end": "UPDATE staff SET ended_at = 1 WHERE id = 3",
    "a bank": "INSERT INTO bank_key (bank, jwks, added_at) VALUES ('ACLEDA', '{}', 0)",
    "a restoration": "INSERT INTO restoration VALUES (1, 0, 0, 0, 0, 0)",
    "an order to restore": "INSERT INTO staff_order (act, document, sha256, asked_by, asked_at, "
    "asked_signature) VALUES ('restore', '', x'01', 1, 0, x'01')",
    "an erasure": "INSERT INTO erasure VALUES (2, 0)",
    "a phone": "INSERT INTO wallet (card_id, created_at) VALUES (3, 0)",
    "an offer": "INSERT INTO offer VALUES (zeroblob(32), 3, 0, 1, NULL)",
    "a name": "UPDATE person SET name_la = 'X' WHERE id = 1",
    "an agency": "UPDATE person SET agency = 'X' WHERE id = 1",
    "a theft": "INSERT INTO stolen_key VALUES ('seal-2026q4', 0)",
    "a report": "INSERT INTO print_report VALUES (x'01', 1, 0, 0)",
    "a re-issue": "INSERT INTO reissue (opened_at, seal_template, last_wallet, people, left_out) "
    "VALUES (0, 2, 1, 1, 0)",
}


@pytest.mark.parametrize("name", RAW)
def test_a_raw_statement_is_refused(name: str, desk: Desk) -> None:
    """By rules that are awake."""
    with pytest.raises(IntegrityError), desk.engine.begin() as connection:
        connection.exec_driver_sql(RAW[name])


def test_under_an_order_of_ones_own(desk: Desk) -> None:
    """Which is open: a card does not expire before its day, a name on plastic is not amended by one."""
    for order, statement in (
        (Order.PUBLISH, "UPDATE card SET state = 'expired' WHERE id = 3"),
        (Order.AMEND, "UPDATE person SET name_la = 'X' WHERE id = 1"),
        (Order.ISSUE, "INSERT INTO wallet (card_id, created_at) VALUES (3, 0)"),
    ):
        with database.writing(desk.engine) as session:
            own(desk, session, order)
            with pytest.raises(IntegrityError):
                session.connection().exec_driver_sql(statement)
            session.rollback()


def test_what_was_offered_by_two_is_not_signed_for_one(desk: Desk) -> None:
    """An amendment by one person reaches a phone by a new offer alone."""
    card = desk.office.cards()[2].card_number or ""
    asked = request(desk.office.offer(card), new_keys(), now=desk.now)
    first = desk.office.issue(asked)
    assert len(desk.office.issue(asked)) == len(first)
    with database.reading(desk.engine) as session:
        number = session.execute(select(col(Card.person_id)).where(Card.id == 3)).scalar_one()
    (employee,) = desk.rows(f"SELECT employee_id FROM person WHERE id = {number}")  # noqa: S608
    desk.one("officer").amend(str(employee), {"position": "Chief of everything"})
    with pytest.raises(IssuerError) as caught:
        desk.one("officer").issue(asked)
    assert caught.value.code == "offer_used"


def test_a_request_that_was_asked_twice_does_not_come_alive_again(desk: Desk) -> None:
    """What was asked of one suspension does not end the next one."""
    card = desk.office.cards()[2].card_number or ""
    desk.one("officer").suspend(card)
    stale = desk.one("approver").reinstate(card)
    asked = desk.one("officer").reinstate(card)
    assert stale is not None
    assert asked is not None
    desk.one("approver").confirm(asked.number)
    desk.one("officer").suspend(card)
    add(desk, "approver-2", Role.APPROVER)
    with pytest.raises(IssuerError) as caught:
        desk.one("approver-2").confirm(stale.number)
    assert caught.value.code == "order_outdated"
    assert desk.office.show(card).card.state == CardState.SUSPENDED
