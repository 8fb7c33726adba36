"""The rules that stand in the database, held against those that belong there.

Whoever owns the database can take a rule away, change it, or let it rest, and
put it back when they have written. An audit tells of what is so at its time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from sqlalchemy import Connection

from issuer import guards_postgres, guards_sqlite

_TRIGGER = re.compile(
    r"CREATE TRIGGER (?P<name>\w+) (?P<event>.*) ON (?P<table>\w+) (?P<over>.*?FOR EACH \w+) "
    r"(?:WHEN (?P<when>.*) )?(?P<does>EXECUTE FUNCTION .*)"
)
_FUNCTION = re.compile(
    r"CREATE FUNCTION (?P<name>\w+)\((?P<takes>.*?)\) .*?SET search_path = (?P<path>.*?) "
    r"AS \$\$(?P<body>.*)\$\$"
)
_SAID = re.compile(r"\b(?:new|old)\.\w+|'[^']*'|\b\d+\b|\b(?:true|false)\b")
_TRIGGERS = """
SELECT pg_get_triggerdef(t.oid, true), t.tgenabled::text
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE NOT t.tgisinternal AND c.relnamespace = quote_ident(current_schema())::regnamespace
"""
_FUNCTIONS = """
SELECT proname, pg_get_function_identity_arguments(oid), prosrc, array_to_string(proconfig, ';') FROM pg_proc
WHERE pronamespace = quote_ident(current_schema())::regnamespace
"""
_REWRITTEN = """
SELECT r.rulename FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
WHERE c.relkind <> 'v' AND c.relnamespace = quote_ident(current_schema())::regnamespace
"""
_ENABLED = "O"


def differing(connection: Connection) -> list[str]:
    """The names of rules that are not there, are changed, rest, or are none of this program's."""
    stand, belong = (_sqlite if connection.dialect.name == "sqlite" else _postgres)(connection)
    return sorted({name for name, _ in stand ^ belong})


def _sqlite(connection: Connection) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """Name and text of each trigger."""
    there = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
    stand = {(str(name), _one_line(str(sql))) for name, sql in there}
    return stand, {(text.split()[2], text) for text in map(_one_line, guards_sqlite.statements())}


def _postgres(connection: Connection) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """Name and outline of each trigger, and of each function of one."""
    schema = connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one()
    made = [_one_line(text) for text in guards_postgres.statements(str(schema))]
    belong = set(_functions(made)) | {_outline(text, _ENABLED) for text in made if _TRIGGER.match(text)}
    ours = {name for name, _ in belong}
    triggers, functions, rewritten = (
        connection.exec_driver_sql(text, execution_options={"no_parameters": True}).all()
        for text in (_TRIGGERS, _FUNCTIONS, _REWRITTEN)
    )
    stand = {_outline(_one_line(text), enabled) for text, enabled in triggers}
    stand |= {
        (name, _body(takes, str(path).removeprefix("search_path="), text))
        for name, takes, text, path in functions
        if name in ours
    }
    return stand | {(name, "") for (name,) in rewritten}, belong


def _functions(made: Iterable[str]) -> Iterator[tuple[str, str]]:
    for text in made:
        if found := _FUNCTION.match(text):
            yield found["name"], _body(found["takes"], found["path"], found["body"])


def _body(takes: str, path: str, text: str) -> str:
    return f"({takes}) {path}: {_one_line(text)}"


def _outline(text: str, enabled: str) -> tuple[str, str]:
    """Name of a trigger, and all of it but how its condition is put: PostgreSQL says that in its own words.

    Of the condition the columns and values, which it does not change.
    """
    found = _TRIGGER.match(text)
    if found is None:  # under a name, or of a kind, that no rule has
        return text.split()[2], text
    said = sorted({each.strip("'") for each in _SAID.findall((found["when"] or "").lower())})
    parts = (enabled, found["event"], found["table"], found["over"], " ".join(said), found["does"])
    return found["name"], " | ".join(parts)


def _one_line(text: str) -> str:
    return " ".join(text.split())
