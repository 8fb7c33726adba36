"""The register's small tables as one digest: each link of the chain says what they were before and after.

Acts cover what is done to people and cards. Keys, codes, gates, banks, staff
and the like have no acts; with this nobody changes a row of theirs between two
commands, nor before the first or after the last, without a link that tells.
"""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlmodel import Session

from did import strict_json
from issuer import database
from issuer.models import METADATA

NAMES = (
    *("agency", "bank_key", "code", "erasure", "print_batch", "print_order", "print_report", "printing_key"),
    *("published_key", "purpose", "reissue", "relying_party", "restoration", "signing_key", "staff"),
    *("status_list", "stolen_key", "template"),
)
"""The tables; what a publication counts up by itself is in none."""
_COUNTED = frozenset({("status_list", "sequence")})
_BEFORE = "reference_tables"


def _rows_of(name: str) -> Select[Any]:
    columns = METADATA.tables[name].columns
    return select(*(column for column in columns if (name, column.name) not in _COUNTED))


_ROWS = {name: _rows_of(name) for name in NAMES}


def digest(session: Session) -> str:
    """The version of the register's form and the SHA-256, in hexadecimal, of every row as it stands now.

    Rows are sorted here: each database, and each of its locales, sorts texts in its own way.
    """
    connection, hashed = session.connection(), hashlib.sha256()
    for name, statement in _ROWS.items():
        rows = [[_plain(value) for value in row] for row in connection.execute(statement)]
        hashed.update(strict_json.dumps(name) + b"".join(sorted(map(strict_json.dumps, rows))))
    return f"{database.HEAD} {hashed.hexdigest()}"


def remember(session: Session) -> None:
    """Takes down what they are, in a transaction that has not changed them yet; once in each."""
    if _BEFORE not in session.info:
        session.info[_BEFORE] = digest(session)


def details(session: Session) -> dict[str, str]:
    """What a link says of them: as they are, and as they were, where that was taken down."""
    before = session.info.get(_BEFORE)
    return {"tables": digest(session)} | ({} if before is None else {"before": before})


def same_form(one: str, other: str) -> bool:
    """Whether two digests are of registers of one version, and can be compared."""
    return one.partition(" ")[0] == other.partition(" ")[0]


def may_follow(one: str, other: str) -> bool:
    """Whether a digest's version can come after another's: never an older one, nor one that is not yet."""
    return one.partition(" ")[0] <= other.partition(" ")[0] <= database.HEAD


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return [value.hex()]  # no text looks like it
    return value.isoformat() if isinstance(value, date) else value
