"""What is refused in an SQLite file is refused in PostgreSQL, and so is what only PostgreSQL has."""

from __future__ import annotations

from collections.abc import Iterator

import postgres_server
import pytest
from hypothesis import given
from hypothesis import strategies as st
from issuer_databases import on_postgres, spell
from sqlalchemy import Connection
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
from test_issuer_guards_form import BAD, FOUNDED, GOOD, occupied
from test_issuer_guards_replace import REBORN

from credential import card_number
from issuer import database_postgres
from issuer.models import METADATA

ROUNDED = "a sequence that is none"
"""PostgreSQL makes a whole number of it before anybody sees it: the next one."""


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """The register of `test_issuer_guards_form`, in PostgreSQL."""
    try:
        postgres_server.start()
    except postgres_server.NoServerError as error:
        pytest.skip(str(error))
    with on_postgres():
        desk = occupied(tmp_path_factory.mktemp("desk"))
        with database_postgres.engine(desk.engine.url).connect() as connection:
            yield connection


@pytest.fixture
def console(register: Connection) -> Iterator[Connection]:
    """A raw connection; what a test changes is taken back."""
    for rule in FOUNDED:
        say(register, f"DROP TRIGGER {rule}")
    yield register
    register.rollback()


def say(console: Connection, statement: str) -> None:
    """A statement as it is."""
    console.exec_driver_sql(spell(statement), execution_options={"no_parameters": True})


@pytest.mark.parametrize("name", sorted(BAD.keys() - {ROUNDED}))
def test_no_such_row(name: str, console: Connection) -> None:
    """Refused by a rule, a constraint or the column's type."""
    with pytest.raises((IntegrityError, DataError, ProgrammingError)) as caught:
        say(console, BAD[name])
    state = str(getattr(caught.value.orig, "sqlstate", ""))
    assert state[:2] in ("23", "22") or state == "42804"  # a type of its own


@pytest.mark.parametrize("name", sorted(GOOD))
def test_what_is_right_passes(name: str, console: Connection) -> None:
    """Beside a rule stands a row that keeps it."""
    say(console, GOOD[name])


@pytest.mark.parametrize("day", ["infinity", "-infinity", "0044-03-15 BC", "10000-01-01"])
def test_a_day_that_nobody_can_read(day: str, console: Connection) -> None:
    """PostgreSQL has days that other calendars have not."""
    columns = [column for column in METADATA.tables["person"].columns.keys() if column != "id"]  # noqa: SIM118
    values = [{"date_of_birth": f"'{day}'::date", "employee_id": "'x'"}.get(name, name) for name in columns]
    with pytest.raises(IntegrityError, match="no row of the table"):
        say(console, f"INSERT INTO person ({', '.join(columns)}) SELECT {', '.join(values)} FROM person")  # noqa: S608


@pytest.mark.parametrize("table", sorted(METADATA.tables))
def test_no_table_is_emptied(table: str, console: Connection) -> None:
    """TRUNCATE goes past every trigger of a row."""
    for more in ("", " CASCADE"):
        with pytest.raises((IntegrityError, DBAPIError), match=r"nothing is deleted|cannot truncate"):
            say(console, f"TRUNCATE {table}{more}")
        console.rollback()


_UPSERTS = {
    "an index": "INSERT INTO status_index SELECT list_id, idx, NULL, NULL, 0, drawn_at FROM status_index "
    "WHERE status = 1 AND card_id IS NOT NULL ON CONFLICT (list_id, idx) DO UPDATE SET status = 0",
    "the owner of an index": "INSERT INTO status_index SELECT list_id, idx, NULL, NULL, status, drawn_at "
    "FROM status_index WHERE card_id IS NOT NULL ON CONFLICT (list_id, idx) DO UPDATE SET card_id = NULL",
    "an act": "INSERT INTO act SELECT * FROM act ON CONFLICT (id) DO UPDATE SET at = 0",
    "a code": "INSERT INTO code SELECT * FROM code ON CONFLICT (kind, code) DO UPDATE SET en = 'x'",
    "an offer": "INSERT INTO offer SELECT * FROM offer ON CONFLICT (nonce_sha256) "
    "DO UPDATE SET expires_at = 9",
    "a key": "INSERT INTO signing_key SELECT * FROM signing_key ON CONFLICT (kid) "
    "DO UPDATE SET not_after = 9",
    "a person": "INSERT INTO person SELECT * FROM person ON CONFLICT (employee_id) DO UPDATE "
    "SET employee_id = 'x'",
    "a state": "INSERT INTO card (id, person_id, state, created_at, changed_at) "
    "SELECT id, person_id, 'applied', 0, 0 FROM card WHERE state = 'revoked' ON CONFLICT (id) "
    "DO UPDATE SET state = 'active'",
    "a merge": "MERGE INTO card USING (SELECT 1) AS one ON card.state = 'revoked' "
    "WHEN MATCHED THEN UPDATE SET state = 'active'",
    "a merge that deletes": "MERGE INTO person USING (SELECT 1) AS one ON true WHEN MATCHED THEN DELETE",
}


@pytest.mark.parametrize("name", sorted(_UPSERTS))
def test_nothing_is_written_over(name: str, console: Connection) -> None:
    """ON CONFLICT DO UPDATE and MERGE are updates like any other."""
    with pytest.raises(IntegrityError):
        say(console, _UPSERTS[name])


@pytest.mark.parametrize("name", sorted(name for name, text in REBORN.items() if "REPLACE" not in text))
def test_nothing_comes_back(name: str, console: Connection) -> None:
    """What SQLite refuses of these PostgreSQL refuses."""
    text = REBORN[name].replace("ON CONFLICT DO", "ON CONFLICT (list_id, idx) DO")
    with pytest.raises(IntegrityError):
        say(console, text)


def test_copy_is_no_way_round(console: Connection) -> None:
    """Rows that come by COPY are rows."""
    say(console, "SELECT 1")  # begins what is taken back at the end
    cursor = console.connection.cursor()
    with (
        pytest.raises(Exception, match="an index says what its card says"),
        cursor.copy("COPY status_index FROM STDIN") as stream,
    ):
        stream.write_row((2, 262143, 4, None, 2, 0, None))


@pytest.mark.parametrize(
    ("table", "shadow", "statement"),
    [
        (
            "card",
            "SELECT id, 'active' AS state FROM public.card",
            "INSERT INTO wallet (card_id, created_at) VALUES (2, 0)",
        ),
        (
            "signing_key",
            "SELECT kid, 0::bigint AS not_before FROM public.signing_key",
            "INSERT INTO published_key SELECT kid, 1 FROM public.signing_key WHERE kind = 'live'",
        ),
        (
            "status_list",
            "SELECT id, 9 AS sequence, kind FROM public.status_list",
            BAD["a token of a sequence to come"],
        ),
    ],
)
def test_a_temporary_table_deceives_no_rule(
    table: str, shadow: str, statement: str, console: Connection
) -> None:
    """A console may make one of the same name, which comes before ours in its own search path."""
    say(console, f"CREATE TEMP TABLE {table} AS {shadow}")
    with pytest.raises(IntegrityError):
        say(console, statement)


@given(st.text("0123456789", min_size=10, max_size=10) | st.text(max_size=12).filter(lambda t: "\0" not in t))
def test_card_numbers_are_judged_alike(register: Connection, text: str) -> None:
    """Damm's check in the database is the check of the card."""
    for candidate in (text, card_number.draw(), text[:9] + "0"):
        asked = register.exec_driver_sql("SELECT card_number_is_valid(%s)", (candidate,)).scalar_one()
        assert asked is card_number.is_valid(candidate)


def test_it_is_the_triggers_that_refuse(console: Connection) -> None:
    """Without them statements pass that are refused above: so the tests see something."""
    found = console.exec_driver_sql("SELECT tgname, tgrelid::regclass FROM pg_trigger WHERE NOT tgisinternal")
    for name, table in found.all():
        say(console, f"DROP TRIGGER {name} ON {table}")
    passed = [BAD[name] for name in ("a wrong check digit", "a code too large", "a time after all times")]
    passed += [_UPSERTS[name] for name in ("an index", "an act", "a state", "a merge")]
    for statement in passed:
        with console.begin_nested():
            say(console, statement)
