"""The register's small tables as one text: each link of the chain says what they were before and after.

Acts cover what is done to people and cards. Keys, codes, gates, banks, staff
and the like have no acts; with this nobody changes a row of theirs between two
commands, nor before the first or after the last, without a link that tells.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from sqlalchemy import Select, select
from sqlmodel import Session

from did import base64url, strict_json
from issuer import database
from issuer.duties import Order
from issuer.models import METADATA

NAMES = (
    *("agency", "bank_key", "code", "erasure", "print_batch", "print_order", "print_report", "printing_key"),
    *("published_key", "purpose", "reissue", "relying_party", "restoration", "signing_key", "staff"),
    *("status_list", "stolen_key", "template"),
)
"""The tables; what a publication counts up by itself is in none."""
_COUNTED = frozenset({("status_list", "sequence")})
_KEYS = frozenset({"signing_key", "status_list", "template"})
CHANGED: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        **dict.fromkeys(
            (Order.IMPORT, Order.AMEND, Order.AMEND_REPLACE, Order.AGENCY_ADD), frozenset({"agency"})
        ),
        **dict.fromkeys((Order.ADD_STAFF, Order.END_STAFF), frozenset({"staff"})),
        **dict.fromkeys((Order.REISSUE, Order.REISSUE_PART), frozenset({"reissue"})),
        Order.BANK_ADD: frozenset({"bank_key"}),
        Order.ERASE: frozenset({"erasure"}),
        Order.GATE_ADD: frozenset({"relying_party"}),
        Order.KEY_STOLEN: frozenset({"printing_key", "stolen_key"}),
        Order.KEYS_RENEW: _KEYS,
        Order.PRINTED: frozenset({"print_report"}),
        Order.PRINTING_KEY: frozenset({"printing_key"}),
        Order.PRINT_ORDER: frozenset({"print_batch", "print_order"}),
        Order.PUBLISH: frozenset({"published_key"}),
        Order.RESTORE: frozenset({"restoration"}),
    }
)
"""The tables that a command changes, by its order; of any other, none."""
_BEFORE = "reference_tables"
_EACH_SINCE = "0016"
"""The version since which a digest tells tables apart."""
_HALF = 16
"""Bytes of a table's digest."""


def _rows_of(name: str) -> Select[Any]:
    columns = METADATA.tables[name].columns
    return select(*(column for column in columns if (name, column.name) not in _COUNTED))


_ROWS = {name: _rows_of(name) for name in NAMES}


def digest(session: Session) -> str:
    """The version of the register's form, and of each table's rows as they stand now half of their SHA-256.

    Rows are sorted here: each database, and each of its locales, sorts texts in its own way.
    """
    connection, halves = session.connection(), b""
    for statement in _ROWS.values():
        rows = [[_plain(value) for value in row] for row in connection.execute(statement)]
        every = b"".join(sorted(map(strict_json.dumps, rows)))
        halves += hashlib.sha256(every).digest()[:_HALF]
    return f"{database.HEAD} {base64url.encode(halves)}"


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


def moved(one: str, other: str) -> frozenset[str]:
    """The tables that two digests of one version have in different states; none for those of all in one.

    Raises:
        DidError: one of them is no digest.
    """
    if not tells_apart(one):
        return frozenset()
    halves = [base64url.decode(text.partition(" ")[2]) for text in (one, other)]
    if any(len(each) != _HALF * len(NAMES) for each in halves):
        return frozenset(NAMES)
    starts = range(0, len(halves[0]), _HALF)
    return frozenset(
        name
        for name, start in zip(NAMES, starts, strict=True)
        if len({each[start : start + _HALF] for each in halves}) > 1
    )


def tells_apart(one: str) -> bool:
    """Whether a digest is of each table by itself."""
    return one.partition(" ")[0] >= _EACH_SINCE


def may_follow(one: str, other: str) -> bool:
    """Whether a digest's version can come after another's: never an older one, nor one that is not yet."""
    return one.partition(" ")[0] <= other.partition(" ")[0] <= database.HEAD


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return [value.hex()]  # no text looks like it
    return value.isoformat() if isinstance(value, date) else value
