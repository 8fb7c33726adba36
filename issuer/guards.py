"""Triggers that hold the register's rules against whoever writes, a database console included.

They are made from `issuer.lifecycle`; the migrations carry the text they had
when they were written, and a test holds the two together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from sqlalchemy import Column, Table, UniqueConstraint

from credential import card_number
from credential.codes import MAX_CODE
from issuer.gates import MAX_NUMBER
from issuer.lifecycle import BORN, STATUS, TRANSITIONS, CardState
from issuer.models import METADATA, one_of
from revocation.status_list import Status
from trust.fields import MAX_TEXT
from trust.publication import MAX_AHEAD

_APPEND_ONLY = (
    *("holder_key", "signing_key", "stolen_key", "published_key", "template", "code"),
    *("act", "audit", "published_list", "publication", "written_publication"),
)
_FIXED = {
    "person": "id employee_id created_at",
    "card": "id person_id replaces_id created_at",
    "wallet": "id card_id created_at",
    "offer": "nonce_sha256 card_id created_at expires_at",
    "status_list": "id name uri kind kid",
    "status_index": "list_id idx card_id wallet_id drawn_at",
}
"""Columns that never change."""
_ONCE = {
    "card": "number valid_from valid_until seal seal_template",
    "wallet": "ended_at",
    "offer": "closed_at",
}
"""Columns that change once, from NULL."""

_STATUS_STEPS = (
    (Status.NOT_ACTIVE, Status.VALID),
    (Status.VALID, Status.SUSPENDED),
    (Status.SUSPENDED, Status.VALID),
)
"""Beside these, every status may become INVALID, and INVALID nothing else."""

_MAX_WHOLE = 253_402_300_799
"""The last second of the year 9999: no later time can be written out, and no other number comes near."""
_TYPES = {
    int: f"typeof({{0}}) = 'integer' AND {{0}} BETWEEN 0 AND {_MAX_WHOLE}",
    bool: "{0} IN (0, 1)",
    object: "typeof({0}) = 'text'",  # SQLModel's texts name no type
    bytes: "typeof({0}) = 'blob' AND length({0}) > 0",
    date: "date({0}) IS {0} AND substr({0}, 1, 4) > '0000'",
}
"""What a column of this Python type holds, which SQLite by itself does not ask."""
_TITLED = tuple(f"length(NEW.{column}) BETWEEN 1 AND {MAX_TEXT}" for column in ("km", "en"))
_WORDS = tuple(f"NEW.{column} NOT GLOB '*[^!-~ ]*'" for column in ("purposes", "claims"))
_SHAPES = {
    "code": (f"NEW.code <= {MAX_CODE}", *_TITLED),
    "purpose": (
        *("NEW.name GLOB '[a-z]*'", "NEW.name NOT GLOB '*[^a-z0-9_-]*'", "length(NEW.name) <= 40"),
        *_TITLED,
    ),
    "relying_party": (f"NEW.number BETWEEN 1 AND {MAX_NUMBER}", *_TITLED, *_WORDS),
}
"""What custodians could not sign otherwise (`trust.documents`), as far as SQL can say it."""


def sqlite() -> list[str]:
    """One `CREATE TRIGGER` each, for SQLite."""
    rules = (_card, _status, _wallet, _keys_of_seals, _published, _formed)
    kept = (_unchanging, _undeletable, _irreplaceable)
    return [trigger for rule in (*rules, *kept) for trigger in rule()]


def _refuse(name: str, event: str, table: str, when: str, message: str) -> str:
    return (
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW WHEN {when} "
        f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )


def _follow(name: str, event: str, *, when: str, status: Status, owner: str) -> str:
    """The indices of a card or wallet follow it, but for those that are INVALID."""
    kept = ", ".join(str(int(value)) for value in sorted({status, Status.INVALID}))
    update = f"UPDATE status_index SET status = {int(status)}"  # noqa: S608
    return (
        f"CREATE TRIGGER {name} AFTER {event} FOR EACH ROW WHEN {when} "
        f"BEGIN {update} WHERE {owner} = NEW.id AND status NOT IN ({kept}); END"
    )


def _card() -> Iterator[str]:
    steps = one_of("OLD.state || '>' || NEW.state", (f"{a}>{b}" for a, b in TRANSITIONS))
    yield _refuse(
        "card_step",
        "UPDATE OF state",
        "card",
        f"OLD.state <> NEW.state AND NOT ({steps})",
        "illegal transition",
    )
    replacement = f"(NEW.state = '{CardState.APPROVED}') <> (NEW.replaces_id IS NOT NULL)"
    born = f"NOT ({one_of('NEW.state', BORN)}) OR {replacement}"
    yield _refuse("card_birth", "INSERT", "card", born, "a card begins as an application or a replacement")
    own = f"id = NEW.replaces_id AND person_id = NEW.person_id AND state = '{CardState.REPLACED}'"
    yield _refuse(
        "card_replaces",
        "INSERT",
        "card",
        f"NEW.replaces_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM card WHERE {own})",  # noqa: S608
        "a card replaces one of the same person that was replaced",
    )
    for event, name in (("INSERT", "insert"), ("UPDATE OF number", "update")):
        yield _refuse(f"card_number_{name}", event, "card", _bad_number(), "this is no card number")
    for status in Status:
        states = one_of("NEW.state", (state for state, meant in STATUS.items() if meant is status))
        yield _follow(
            f"card_status_{int(status)}",
            "UPDATE OF state ON card",
            when=f"OLD.state <> NEW.state AND {states}",
            status=status,
            owner="card_id",
        )


def _status() -> Iterator[str]:
    invalid = int(Status.INVALID)
    steps = " OR ".join(f"(OLD.status = {int(a)} AND NEW.status = {int(b)})" for a, b in _STATUS_STEPS)
    yield _refuse(
        "status_index_step",
        "UPDATE OF status",
        "status_index",
        f"OLD.status <> NEW.status AND (OLD.status = {invalid} OR NOT (NEW.status = {invalid} OR {steps}))",
        "illegal status",
    )
    cases = " ".join(f"WHEN '{state}' THEN {int(status)}" for state, status in sorted(STATUS.items()))
    stands = f"(SELECT CASE state {cases} END FROM card WHERE id = NEW.card_id)"  # noqa: S608
    for event, name in (("INSERT", "insert"), ("UPDATE OF status", "update")):
        yield _refuse(
            f"status_index_{name}",
            event,
            "status_index",
            f"NEW.card_id IS NOT NULL AND NEW.status <> {invalid} AND NEW.status IS NOT {stands}",
            "an index says what its card says",
        )
    kind = "(SELECT kind FROM status_list WHERE id = NEW.list_id)"
    owner = "(SELECT card_id FROM wallet WHERE id = NEW.wallet_id)"
    yield _refuse(
        "status_index_owner",
        "INSERT",
        "status_index",
        f"NEW.card_id IS NOT NULL AND ((NEW.wallet_id IS NULL) <> ({kind} = 'seal') "
        f"OR NEW.wallet_id IS NOT NULL AND {owner} IS NOT NEW.card_id)",
        "an index belongs to a seal or to a wallet of its card",
    )
    yield _refuse(
        "status_list_sequence",
        "UPDATE OF sequence",
        "status_list",
        "NEW.sequence NOT IN (OLD.sequence, OLD.sequence + 1)",
        "a sequence goes on by one",
    )
    yield _refuse("status_list_birth", "INSERT", "status_list", "NEW.sequence <> 0", "a list begins at 0")
    same = "list_id = NEW.list_id AND wallet_id = NEW.wallet_id"
    yield _refuse(
        "status_index_second",
        "INSERT",
        "status_index",
        f"EXISTS (SELECT 1 FROM status_index WHERE {same})",  # noqa: S608
        "a wallet has one index in a list",
    )


def _wallet() -> Iterator[str]:
    yield _follow(
        "wallet_status",
        "UPDATE OF ended_at ON wallet",
        when="NEW.ended_at IS NOT NULL",
        status=Status.INVALID,
        owner="wallet_id",
    )
    active = f"(SELECT state FROM card WHERE id = NEW.card_id) IS NOT '{CardState.ACTIVE}'"  # noqa: S608
    for table in ("wallet", "offer"):
        yield _refuse(f"{table}_card", "INSERT", table, active, "only an active card")


def _keys_of_seals() -> Iterator[str]:
    kind = "(SELECT kind FROM signing_key WHERE kid = NEW.kid)"
    yield _refuse("stolen_key_kind", "INSERT", "stolen_key", f"{kind} IS NOT 'seal'", "no seal key")
    made = "SELECT 1 FROM template JOIN stolen_key USING (kid) WHERE number = NEW.seal_template"
    for event, name in (("INSERT", "insert"), ("UPDATE OF seal_template", "update")):
        yield _refuse(f"card_seal_{name}", event, "card", f"EXISTS ({made})", "this seal key was stolen")


def _published() -> Iterator[str]:
    present = "(SELECT sequence FROM status_list WHERE id = NEW.list_id)"
    yield _refuse(
        "published_list_sequence",
        "INSERT",
        "published_list",
        f"NEW.sequence IS NOT {present} OR NEW.issued_at >= NEW.expires_at",
        "a list is published as it stands",
    )
    last = "(SELECT coalesce(max(version), 0) FROM publication)"
    yield _refuse(
        "publication_version",
        "INSERT",
        "publication",
        f"NEW.version NOT BETWEEN {last} + 1 AND {last} + {MAX_AHEAD + 1}",
        "a version follows the last one",
    )
    begins = "(SELECT not_before FROM signing_key WHERE kid = NEW.kid)"
    links = "(SELECT coalesce(max(seq), 0) FROM audit)"
    yield _refuse("audit_seq", "INSERT", "audit", f"NEW.seq <> {links} + 1", "a link follows the last one")
    yield _refuse(
        "published_key_time", "INSERT", "published_key", f"NEW.at < {begins}", "there was no such key then"
    )


def _formed() -> Iterator[str]:
    """Types, foreign keys (a console has them off) and the shapes of what custodians sign."""
    for name, table in sorted(METADATA.tables.items()):
        forms = [_typed(column) for column in table.columns if column is not table.autoincrement_column]
        forms += [
            f"(NEW.{key.parent.name} IS NULL OR EXISTS (SELECT 1 FROM {key.column.table.name} "  # noqa: S608
            f"WHERE {key.column.name} = NEW.{key.parent.name}))"
            for key in sorted(table.foreign_keys, key=lambda key: key.parent.name)
        ]
        forms += _SHAPES.get(name, ())
        for event in ("INSERT",) if name in _APPEND_ONLY else ("INSERT", "UPDATE"):
            wrong = f"NOT ({' AND '.join(forms)})"
            yield _refuse(f"{name}_form_{event.lower()}", event, name, wrong, "this is no row of the table")


def _typed(column: Column[Any]) -> str:
    form = _TYPES[column.type.python_type].format(f"NEW.{column.name}")
    return f"(NEW.{column.name} IS NULL OR {form})" if column.nullable else form


def _bad_number() -> str:
    """As `card_number.is_valid` says; an application, without a number, has no bad one.

    In two steps, because SQLite's parser is no deeper than that.
    """
    digits = card_number.DIGITS
    half = _interim("0", range(1, digits // 2 + 1))
    whole = _interim("half", range(digits // 2 + 1, digits + 1))
    rows = " || ".join(f"'{row}'" for row in card_number.QUASIGROUP)
    check = f"(SELECT {whole} FROM (SELECT rows, {half} AS half FROM (SELECT {rows} AS rows)))"  # noqa: S608
    return f"length(NEW.number) <> {digits} OR NEW.number GLOB '*[^0-9]*' OR {check} <> '0'"


def _interim(interim: str, places: Iterable[int]) -> str:
    """What Damm's check has come to behind these digits."""
    for place in places:
        interim = f"substr(rows, 1 + 10 * {interim} + substr(NEW.number, {place}, 1), 1)"
    return interim


def _unchanging() -> Iterator[str]:
    for table in _APPEND_ONLY:
        yield _refuse(f"{table}_append_only", "UPDATE", table, "1", "append only")
    for table, columns in _FIXED.items():
        changed = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in columns.split())
        yield _refuse(f"{table}_fixed", "UPDATE", table, changed, "this never changes")
    for table, columns in _ONCE.items():
        changed = " OR ".join(
            f"(OLD.{column} IS NOT NULL AND OLD.{column} IS NOT NEW.{column})" for column in columns.split()
        )
        yield _refuse(f"{table}_once", "UPDATE", table, changed, "this is set once")


def _undeletable() -> Iterator[str]:
    for table in sorted(METADATA.tables):
        yield _refuse(f"{table}_kept", "DELETE", table, "1", "nothing is deleted")


def _irreplaceable() -> Iterator[str]:
    """REPLACE deletes the rows that are in its way, and SQLite fires no DELETE trigger for them.

    So a key that is there is refused before that, whatever the conflict clause says.
    """
    for name, table in sorted(METADATA.tables.items()):
        rowid = table.dialect_options["sqlite"]["with_rowid"]
        keys = [*([("rowid", "")] if rowid else ()), *_keys(table)]
        taken = " OR ".join(_taken(table, columns, where) for columns, where in keys)
        yield _refuse(f"{name}_taken", "INSERT", name, taken, "it is there already")
        if rowid and name not in _APPEND_ONLY:  # elsewhere every column of a key is fixed
            others = " OR ".join(
                _taken(table, columns, where, but="OLD.rowid") for columns, where in keys[1:]
            )
            yield _refuse(
                f"{name}_moved", "UPDATE", name, f"OLD.rowid <> NEW.rowid OR {others}", "it is there already"
            )


def _keys(table: Table) -> list[tuple[str, str]]:
    """Every key of a table: its columns, with spaces between, and the condition under which it is one."""
    constraints = (table.primary_key, *(c for c in table.constraints if isinstance(c, UniqueConstraint)))
    keys = [(" ".join(constraint.columns.keys()), "") for constraint in constraints]
    for index in table.indexes:
        if index.unique:
            keys.append((" ".join(index.columns.keys()), str(index.dialect_options["sqlite"]["where"])))
    return sorted(keys)


def _taken(table: Table, columns: str, where: str, *, but: str | None = None) -> str:
    """The condition that a row (other than `but`) has the key of the new one."""
    same = [f"{column} = NEW.{column}" for column in columns.split()]
    other = [f"rowid <> {but}"] if but else []
    stands = [where, re.sub(rf"\b({'|'.join(table.columns.keys())})\b", r"NEW.\1", where)] if where else []
    return f"EXISTS (SELECT 1 FROM {table.name} WHERE {' AND '.join([*same, *other, *stands])})"  # noqa: S608
