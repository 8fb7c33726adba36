"""Two at once, with two real connections: they take turns, and no rule is slipped past between two."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Barrier, Event

import pytest
from issuer_desk import PASSPHRASE, Desk, open_desk
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import Session, col, select

from did import IdentityError
from examples.two_people import TwoPeople
from issuer import database, database_postgres
from issuer.lifecycle import CardState
from issuer.models import Card

pytestmark = pytest.mark.postgres_only

CONSOLE = {"montrey_shared": True}
"""A connection that does not wait for an exclusive turn at its beginning, as a console's does not."""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk whose home nobody has used."""
    return open_desk(tmp_path)


def at_once(*works: Callable[[], object]) -> list[str]:
    """Begins all in the same moment; how each ended: `done`, or the code that it was refused with."""
    together = Barrier(len(works))

    def one(work: Callable[[], object]) -> str:
        together.wait(30)
        try:
            work()
        except IdentityError as error:
            return error.code
        return "done"

    with ThreadPoolExecutor(len(works)) as pool:
        return sorted(pool.map(one, works))


@pytest.mark.parametrize("act", ["replace", "suspend", "revoke"])
def test_of_two_officers_one_wins(act: str, desk: Desk) -> None:
    """Each with a connection and an office of their own; the other is told how the card stands now."""
    desk.apply(5)
    other = desk.sit_down()
    for _, card in desk.office.approve():
        ends = at_once(*(partial(getattr(office, act), card) for office in (desk.office, other)))
        assert ends == ["done", "wrong_state"]
    wanted = {"replace": CardState.REPLACED, "suspend": CardState.SUSPENDED, "revoke": CardState.REVOKED}[act]
    assert desk.office.counts()[wanted] == 5
    assert len(desk.rows(f"SELECT id FROM act WHERE act = '{act}'")) == 5  # noqa: S608


def test_two_approve_everybody_at_once(desk: Desk) -> None:
    """No application gets two cards, and no index or number is given twice."""
    desk.apply(40)
    other = TwoPeople.sit_down(desk.home, PASSPHRASE, staff_passphrase=PASSPHRASE, clock=lambda: desk.now)
    made: list[tuple[int, str]] = []
    assert at_once(lambda: made.extend(desk.plain.approve()), lambda: made.extend(other.approve())) == [
        "done",
        "done",
    ]
    assert len(made) == len(dict(made)) == len({number for _, number in made}) == 40


def test_a_writer_waits_for_its_turn_and_then_gives_up(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has the turn keeps it until the end; a reader is never in anybody's way."""
    monkeypatch.setattr(database_postgres, "WAIT_MS", 50)
    with database.writing(desk.engine) as first:
        first.connection()
        for shared in (False, True):
            with (
                pytest.raises(IdentityError) as caught,
                database.writing(desk.engine, shared=shared) as second,
            ):
                second.connection()
            assert caught.value.code == "register_busy"
        assert desk.office.counts() == {}


def test_workers_share_what_is_to_be_done(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two that write at the same time lock different applications; an officer waits for both."""
    monkeypatch.setattr(database_postgres, "WAIT_MS", 50)
    desk.apply(6)
    part = select(Card.id).order_by(col(Card.id)).limit(3).with_for_update(skip_locked=True)

    def take(session: Session) -> set[int | None]:
        return set(session.exec(part).all())

    with database.writing(desk.engine, shared=True) as one, database.writing(desk.engine, shared=True) as two:
        assert sorted([*take(one), *take(two)], key=str) == [1, 2, 3, 4, 5, 6]
        with pytest.raises(IdentityError) as caught:
            desk.office.suspend(desk.office.cards()[0].card_number or "0000000000")
        assert caught.value.code == "register_busy"


def test_acts_are_numbered_in_the_order_they_are_kept(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two workers that share a turn, the second records when the first has ended: nothing comes late."""
    monkeypatch.setattr(database_postgres, "WAIT_MS", 50)
    desk.apply(1)
    desk.permit()
    record = "INSERT INTO act (at, act, card_id) VALUES (0, 'suspend', 1)"
    with database.writing(desk.engine, shared=True) as one:
        one.connection().exec_driver_sql(record)
        with (
            pytest.raises(IdentityError) as caught,
            database.writing(desk.engine, shared=True) as two,
        ):
            two.connection().exec_driver_sql(record)
        assert caught.value.code == "register_busy"


def test_a_console_takes_turns_too(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its first statement that writes waits for the officer, and an officer for its end."""
    desk.permit()
    monkeypatch.setattr(database_postgres, "WAIT_MS", 50)
    card = desk.card()
    with console(desk) as raw:
        raw.exec_driver_sql("UPDATE code SET en = en WHERE false")
        with pytest.raises(IdentityError) as caught:
            desk.office.suspend(card)
        assert caught.value.code == "register_busy"
        raw.rollback()
        desk.office.suspend(card)
        with database.writing(desk.engine) as session:
            session.connection()
            raw.exec_driver_sql("SET lock_timeout = 50")
            with pytest.raises(DBAPIError, match="lock timeout"):
                raw.exec_driver_sql("UPDATE card SET state = 'revoked'")


class console:  # noqa: N801  # reads as what it is
    """A raw connection that the program knows nothing of; what it did is taken back at the end."""

    def __init__(self, desk: Desk) -> None:
        self._engine = database_postgres.engine(desk.engine.url)

    def __enter__(self) -> Connection:
        self._connection = self._engine.connect()
        return self._connection

    def __exit__(self, *_: object) -> None:
        self._connection.rollback()
        self._connection.close()


def crossing(first: Connection, one: str, second: Connection, other: str) -> Future[object]:
    """`first` says `one` and has not committed when `second` says `other`; the answer to `other`."""
    first.exec_driver_sql(one)
    begun = Event()

    def say() -> object:
        begun.set()
        second.exec_driver_sql(other)
        second.commit()
        return None

    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(say)
        begun.wait(30)
        waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        with first.engine.connect() as watch:
            while not watch.exec_driver_sql(waits).scalar_one():
                assert not answer.done(), "nobody waits: the two do not see each other"
                watch.rollback()
        first.commit()
    return answer


VALID_INDEX = """
INSERT INTO status_index SELECT 2, max(idx) - 1, 2, NULL, 0, 0 FROM status_index WHERE list_id = 2
"""
SUSPENDED = "UPDATE card SET state = 'suspended' WHERE id = 2"


def without_its_index(desk: Desk) -> None:
    """Card 2 becomes active, but has no index yet: as between two statements of somebody else."""
    desk.apply(2)
    desk.office.approve([1])
    desk.permit()
    with desk.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE card SET state = 'approved', number = '0000000000', seal = x'00', seal_template = 2, "
            "valid_from = '2026-11-22', valid_until = '2036-11-22' WHERE id = 2"
        )
        for state in ("in_batch", "printed", "active"):
            connection.exec_driver_sql(f"UPDATE card SET state = '{state}' WHERE id = 2")  # noqa: S608


def test_an_index_of_a_card_that_is_being_suspended(desk: Desk) -> None:
    """Its insertion waits for the suspension, and is refused then."""
    without_its_index(desk)
    with console(desk) as one, console(desk) as other:
        answer = crossing(one, SUSPENDED, other, VALID_INDEX)
        with pytest.raises(IntegrityError, match="an index says what its card says"):
            answer.result()
    assert desk.rows("SELECT status FROM status_index WHERE card_id = 2") == []


def test_a_card_that_is_being_given_an_index(desk: Desk) -> None:
    """Its suspension waits for the index, and reaches it then."""
    without_its_index(desk)
    with console(desk) as one, console(desk) as other:
        crossing(one, VALID_INDEX, other, SUSPENDED).result()
    assert desk.rows("SELECT status FROM status_index WHERE card_id = 2") == [2]


def test_a_phone_for_a_card_that_is_being_suspended(desk: Desk) -> None:
    """Waits, and is refused."""
    desk.card()
    desk.permit()
    with console(desk) as one, console(desk) as other:
        wallet = "INSERT INTO wallet (card_id, created_at) VALUES (1, 0)"
        answer = crossing(one, "UPDATE card SET state = 'suspended'", other, wallet)
        with pytest.raises(IntegrityError, match="only an active card"):
            answer.result()


def test_two_indices_of_one_phone_at_once(desk: Desk) -> None:
    """A wallet has one in a list: the second waits, and is refused."""
    desk.card()
    with desk.raw() as connection:
        connection.exec_driver_sql("INSERT INTO wallet (card_id, created_at) VALUES (1, 0)")
    newest = "FROM status_index WHERE list_id = 1"
    index = f"INSERT INTO status_index SELECT 1, max(idx) - 1, 1, 1, 0, 0, NULL {newest}"
    with console(desk) as one, console(desk) as other:
        answer = crossing(one, index, other, index.replace("- 1,", "- 2,"))
        with pytest.raises(IntegrityError, match="one index in a list"):
            answer.result()


@pytest.mark.parametrize("isolation", ["REPEATABLE READ", "SERIALIZABLE"])
def test_who_writes_sees_the_register_as_it_is(isolation: str, desk: Desk) -> None:
    """Under a snapshot from before, a rule would be asked about rows that are no more so."""
    desk.card()
    with console(desk) as raw:
        raw.exec_driver_sql(f"SET TRANSACTION ISOLATION LEVEL {isolation}")
        with pytest.raises(IntegrityError, match="READ COMMITTED"):
            raw.exec_driver_sql("UPDATE card SET state = 'suspended'")
