"""Code tables: ministries, positions and grades as numbers with their two names.

Tables are append-only. A code never changes its meaning, because a card that
carries it may live for ten years.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from credential.errors import CredentialError
from did import strict_json

MAX_BYTES = 1 << 20
MAX_CODE = 0xFFFE
"""0xFFFF in a QR says that the position is written out."""
TABLES = ("ministries", "positions", "grades")


@dataclass(frozen=True, slots=True)
class Name:
    """What a code stands for, in Khmer and English."""

    km: str
    en: str


@dataclass(frozen=True, slots=True)
class CodeTables:
    """The three tables: code → `Name`. An unknown code is shown as a code, never refused."""

    ministries: Mapping[int, Name] = field(default_factory=dict)
    positions: Mapping[int, Name] = field(default_factory=dict)
    grades: Mapping[int, Name] = field(default_factory=dict)

    def to_json(self) -> bytes:
        """The signed target `codes.json`."""
        return strict_json.dumps(
            {
                table: {str(code): [name.km, name.en] for code, name in getattr(self, table).items()}
                for table in TABLES
            }
        )

    @classmethod
    def from_json(cls, data: bytes) -> CodeTables:
        """Reads what `to_json` wrote.

        Raises:
            CredentialError: `malformed_codes`.
            DidError: `malformed_json`.
        """
        document = strict_json.loads(data, max_bytes=MAX_BYTES)
        if not isinstance(document, dict) or set(document) != set(TABLES):
            raise CredentialError("malformed_codes", "a code document holds ministries, positions and grades")
        return cls(**{table: MappingProxyType(_read_table(document[table])) for table in TABLES})

    def check_extends(self, older: CodeTables) -> None:
        """Refuses a table that drops or changes a code of `older`.

        Raises:
            CredentialError: `codes_changed`.
        """
        for table in TABLES:
            new, old = getattr(self, table), getattr(older, table)
            if any(new.get(code) != name for code, name in old.items()):
                raise CredentialError("codes_changed", f"a code of the table {table} was dropped or changed")


def _read_table(table: Any) -> dict[int, Name]:
    if not isinstance(table, dict):
        raise CredentialError("malformed_codes", "a code table is an object")
    codes = {}
    for code, names in table.items():
        match names:
            case [str(km), str(en)] if code.isascii() and code.isdigit() and str(int(code[:6])) == code:
                codes[int(code)] = Name(km, en)
            case _:
                raise CredentialError("malformed_codes", "an entry is a decimal code with two names")
    if any(code > MAX_CODE for code in codes):
        raise CredentialError("malformed_codes", f"codes end at {MAX_CODE}")
    return codes
