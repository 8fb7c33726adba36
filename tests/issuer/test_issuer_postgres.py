"""A register in PostgreSQL from the outside: made, found, missed, and what is said when it cannot be used."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import postgres_server
import psycopg
import pytest
from issuer_desk import CHEAP, CONFIG, PASSPHRASE, START, Desk, gone, open_desk
from issuer_program import Program
from sqlalchemy import insert

from examples.people import to_csv
from issuer import cli, database, database_postgres, foundation
from issuer.errors import IssuerError
from issuer.foundation import found
from issuer.home import DATABASE_VARIABLE
from issuer.lifecycle import CardState
from issuer.models import METADATA, Person, PurposeRow
from issuer.office import Issuer

pytestmark = pytest.mark.postgres_only

SECRET = "hunter2-of-the-ministry"


@pytest.fixture
def url(register_kind: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The URL of an empty database, which MONTREY_DATABASE_URL is too."""
    name = postgres_server.new_database()
    monkeypatch.setenv(DATABASE_VARIABLE, postgres_server.url(name))
    yield postgres_server.url(name)
    postgres_server.drop_database(name)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk whose home nobody has used."""
    return open_desk(tmp_path)


def refused(work: Callable[[], object]) -> IssuerError:
    """What `work` is refused with."""
    with pytest.raises(IssuerError) as caught:
        work()
    return caught.value


def make(place: Path) -> None:
    """Makes a home."""
    found(place, config=CONFIG, passphrase=PASSPHRASE, now=START, cost=CHEAP)


def test_from_an_empty_database_to_a_stick(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The program does everything there that it does in a file; the home holds no register."""
    (tmp_path / "passphrase").write_text(PASSPHRASE + "\n")
    monkeypatch.setenv("MONTREY_PASSPHRASE_FILE", str(tmp_path / "passphrase"))
    (tmp_path / "people.csv").write_text(to_csv(12, seed=3), encoding="utf-8-sig")
    home = ("--home", str(tmp_path / "home"))
    settings = ("--issuer", CONFIG.issuer, "--name-km", CONFIG.name.km, "--name-en", CONFIG.name.en)
    for command in (
        ("init", *settings),
        ("import", str(tmp_path / "people.csv")),
        ("approve", "--all"),
        ("list",),
        ("publish", str(tmp_path / "stick")),
    ):
        assert cli.run([*home, *command], clock=lambda: START, cost=CHEAP) == 0, capsys.readouterr().err
    assert not (tmp_path / "home" / "register.sqlite").exists()
    office = Issuer.open(tmp_path / "home", PASSPHRASE, clock=lambda: START)
    assert sum(office.counts().values()) == 12
    again = cli.run(["--home", str(tmp_path / "second"), "init", *settings], clock=lambda: START, cost=CHEAP)
    assert again == 1
    assert "the database holds a register already" in capsys.readouterr().err


def test_a_database_that_holds_a_register_is_not_furnished_twice(url: str, tmp_path: Path) -> None:
    """Nor after another home was made with it."""
    make(tmp_path / "home")
    assert refused(lambda: make(tmp_path / "second")).code == "register_exists"
    assert not (tmp_path / "second").exists()


def test_an_init_that_failed_leaves_a_database_for_the_next(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its tables are there, without a row."""
    with monkeypatch.context() as patch:
        patch.setattr(foundation, "add_root", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            make(tmp_path / "home")
    make(tmp_path / "home")
    assert Issuer.open(tmp_path / "home", clock=lambda: START).counts() == {}


def test_an_empty_database_is_no_register(url: str) -> None:
    """Nothing is made in it by looking."""
    engine = database.connect(url)
    assert refused(lambda: database.upgrade(engine)).code == "register_missing"
    with engine.connect() as connection:
        assert connection.exec_driver_sql(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        ).all() == [(0,)]


@pytest.mark.parametrize("where", ["{server}", "/nowhere", "127.0.0.1&port=1"])
@pytest.mark.parametrize("secret", [f"montrey:{SECRET}@", "montrey@"])
def test_no_connection_is_told_without_the_password(where: str, secret: str) -> None:
    """Whatever stands in the URL, and wherever."""
    host = where.format(server=postgres_server.start())
    more = "" if SECRET in secret else f"&password={SECRET}"
    engine = database.connect(f"postgresql://{secret}/nothing?host={host}{more}")
    for work in (database.upgrade, database.create):
        error = refused(partial(work, engine))
        assert error.code == "register_unusable"
        assert SECRET not in str(error)


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://u:{SECRET}@h",
        f"postgresql+psycopg2://u:{SECRET}@h/d",
        f"mysql://u:{SECRET}@h/d",
        f"postgresql://u:{SECRET}@h:port/d",
    ],
)
def test_what_is_no_register_is_refused_without_the_password(url: str) -> None:
    """Another driver, another database, none, and what is no URL."""
    error = refused(lambda: database.connect(url))
    assert error.code == "unsupported_database"
    assert SECRET not in str(error)
    assert error.__cause__ is None


def test_without_its_driver_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """As with the other extras."""
    monkeypatch.setitem(sys.modules, "psycopg", None)
    error = refused(lambda: database.connect("postgresql://u@h/d"))
    assert error.code == "unsupported_database"
    assert "montrey[postgres]" in str(error)


def test_a_database_is_no_file_beside_a_publication(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its name is not taken for one: in the folder that a publication goes to, nothing lies."""
    (tmp_path / "stick").mkdir()
    monkeypatch.chdir(tmp_path / "stick")
    assert database.file_of(desk.engine) is None
    assert desk.office.publish(tmp_path / "stick").version == 1
    assert refused(lambda: desk.office.publish(desk.home / "out")).code == "unsafe_out"


def test_who_vanishes_in_a_turn_loses_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next one does not wait for a machine that is gone; nothing of its turn is kept."""
    card = desk.card()
    desk.permit()
    with monkeypatch.context() as patch:
        patch.setattr(database_postgres, "_SILENCE_MS", 100)

        def vanish() -> None:
            with database.writing(desk.engine) as session:
                session.connection().exec_driver_sql("UPDATE card SET state = 'revoked'")
                desk.office.suspend(card)  # waits for the turn that is never ended
                session.connection().exec_driver_sql("SELECT 1")

        assert refused(vanish).code == "register_unusable"
    assert desk.office.counts() == {CardState.SUSPENDED: 1}


def test_a_rule_is_named_and_no_value(desk: Desk) -> None:
    """PostgreSQL repeats the employee number that is there already; we do not."""
    desk.apply(1)
    (employee,) = desk.rows("SELECT employee_id FROM person")

    def again(**changed: object) -> Callable[[], None]:
        def work() -> None:
            with database.writing(desk.engine) as session:
                row = session.get_one(Person, 1).model_dump(exclude={"id"})
                session.execute(insert(Person), [row | changed])

        return work

    repeated = refused(again())
    assert repeated.code == "register_refused"
    assert "uq_person_employee_id" in str(repeated)
    assert employee not in str(repeated)
    too_large = refused(again(employee_id="x", grade=987_654_321_987))
    assert too_large.code == "register_refused"
    assert "987" not in str(too_large)
    wrong = refused(again(employee_id="x", created_at=-1))
    assert str(wrong).endswith("this is no row of the table")


def test_many_rows_at_once_are_rows(desk: Desk) -> None:
    """What a rule says of one of them is told as of any other statement."""
    desk.card()
    desk.apply(2, seed=2)
    table = METADATA.tables["status_index"]
    columns = "list_id idx card_id wallet_id status drawn_at"
    rows = [(2, 262_140 + card, card, None, 2, 0) for card in (2, 3)]

    def work() -> None:
        with database.writing(desk.engine) as session:
            database.append(session.connection(), table, columns, rows)

    error = refused(work)
    assert error.code == "register_refused"
    assert str(error).endswith("an index says what its card says")


def test_a_command_that_was_refused_leaves_no_hole_in_the_audit(desk: Desk) -> None:
    """PostgreSQL never gives the number of its act again."""
    desk.apply(3)
    card = desk.office.approve([1])[0][1]
    with desk.engine.begin() as connection:
        connection.exec_driver_sql("SELECT nextval(pg_get_serial_sequence('act', 'id'))")
    for act in (desk.office.suspend, desk.office.reinstate, desk.office.revoke):
        act(card)
    result = desk.office.examine()
    assert result.problems == []
    assert result.acts == len(desk.rows("SELECT id FROM act"))
    assert desk.rows("SELECT max(id) - count(*) FROM act") == [1]


def test_an_act_that_was_changed_is_found(desk: Desk) -> None:
    """By its link in the chain, when somebody took the rules away first; so is one that is gone."""
    desk.office.suspend(desk.card())
    with desk.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER act_kept")
        connection.exec_driver_sql("DELETE FROM act WHERE id = 3")
    assert desk.office.examine().problems[:1] == gone("act_kept")
    assert desk.office.examine().problems[1].code == "acts_changed"


def test_tables_that_are_gone_are_damage(desk: Desk) -> None:
    """The version is there, and what it speaks of is not."""
    with desk.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE person RENAME TO people")
    assert refused(desk.office.cards).code == "register_damaged"


def test_who_may_not_write_is_told(desk: Desk, tmp_path: Path) -> None:
    """A role without rights on the tables: the database says on which."""
    with desk.engine.begin() as connection:
        connection.exec_driver_sql(
            "DO $$ BEGIN CREATE ROLE clerk LOGIN; EXCEPTION WHEN duplicate_object THEN END $$"
        )
        connection.exec_driver_sql("GRANT SELECT ON ALL TABLES IN SCHEMA public TO clerk")
    clerk = database.connect(desk.engine.url.set(username="clerk"))

    def work() -> None:
        with database.writing(clerk) as session:
            session.execute(insert(PurposeRow), [{"name": "x", "permitted": True, "km": "ក", "en": "x"}])

    error = refused(work)
    assert error.code == "register_unusable"
    assert "permission denied for table purpose" in str(error)


def test_a_database_without_khmer(register_kind: str) -> None:
    """Is refused before anything is made in it."""
    name = f"ascii_{postgres_server.new_database()}"
    with psycopg.connect(
        host=str(postgres_server.start()), user="postgres", dbname="postgres", autocommit=True
    ) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'")
    error = refused(partial(database.create, database.connect(postgres_server.url(name))))
    postgres_server.drop_database(name)
    assert error.code == "register_unusable"
    assert "UTF8" in str(error)


def test_a_reader_sees_one_state(desk: Desk) -> None:
    """From its first statement to its last, whatever is committed meanwhile; and it writes nothing."""
    card = desk.card()
    desk.permit()
    with database.reading(desk.engine) as session:
        before = session.get_one(Person, 1).name_la
        desk.office.suspend(card)
        desk.apply(3, seed=5)
        assert len(session.connection().exec_driver_sql("SELECT id FROM person").all()) == 1
        assert before
    with pytest.raises(IssuerError) as caught, database.reading(desk.engine) as session:
        session.connection().exec_driver_sql("UPDATE card SET state = 'revoked'")
    assert caught.value.code == "register_unusable"


def test_the_program_says_what_to_do(program: Program) -> None:
    """In a person's words, when the database is away."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(DATABASE_VARIABLE, f"postgresql://u:{SECRET}@/d?host=/nowhere")
        code, _, err = program.home("list")
    assert code == 1
    assert "the register cannot be used: " in err
    assert SECRET not in err
