"""Triggers that hold the register's rules against whoever writes, a database console included.

They are made from `issuer.lifecycle`; the migrations carry the text they had
when they were written, and a test holds the two together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlalchemy import Table, UniqueConstraint

from issuer.lifecycle import BORN, STATUS, TRANSITIONS, CardState
from issuer.models import METADATA, one_of
from revocation.status_list import Status

_APPEND_ONLY = (
    *("holder_key", "signing_key", "stolen_key", "published_key", "template", "code"),
    *("act", "published_list", "publication"),
)
_FIXED = {
    "person": "id employee_id created_at",
    "card": "id person_id replaces_id created_at",
    "wallet": "id card_id created_at",
    "offer": "nonce_sha256 card_id created_at expires_at",
    "status_list": "id name uri kind",
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


def sqlite() -> list[str]:
    """One `CREATE TRIGGER` each, for SQLite."""
    return [*_card(), *_status(), *_wallet(), *_stolen(), *_unchanging(), *_undeletable(), *_irreplaceable()]


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
        "NEW.sequence < OLD.sequence",
        "a sequence never goes back",
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


def _stolen() -> Iterator[str]:
    kind = "(SELECT kind FROM signing_key WHERE kid = NEW.kid)"
    yield _refuse("stolen_key_kind", "INSERT", "stolen_key", f"{kind} IS NOT 'seal'", "no seal key")
    made = "SELECT 1 FROM template JOIN stolen_key USING (kid) WHERE number = NEW.seal_template"
    for event, name in (("INSERT", "insert"), ("UPDATE OF seal_template", "update")):
        yield _refuse(f"card_seal_{name}", event, "card", f"EXISTS ({made})", "this seal key was stolen")


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
