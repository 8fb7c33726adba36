"""What the manifest of a backup says of the register in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from issuer import database
from issuer.backup_file import malformed
from issuer.errors import IssuerError
from trust.documents import AuditHead

_SCHEMA = re.compile(r"\d{4}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """Version of the register, when it was taken (epoch seconds), rows by table, the audit chain's head.

    `problems` is how many an examination found then; `sha256` names the manifest itself.
    """

    schema: str
    at: int
    rows: Mapping[str, int]
    head: AuditHead
    problems: int
    sha256: str

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Manifest:
        """Takes a manifest that `backup_reader.checked` has returned.

        Raises:
            IssuerError: `malformed_backup`; `newer_backup`.
        """
        match document:
            case {
                "montrey": "backup",
                "schema": str(schema),
                "at": int(at),
                "rows": dict(rows),
                "head": [int(length), str(head)],
                "problems": int(problems),
                "sha256": str(sha256),
            } if _SCHEMA.fullmatch(schema) and _DIGEST.fullmatch(head):
                pass
            case _:
                raise malformed("has a manifest that says too little")
        if schema > database.HEAD:
            raise IssuerError("newer_backup", "a later version of this program made this backup")
        tables = {
            name.removeprefix("register/") for name in document["files"] if name.startswith("register/")
        }
        if tables != rows.keys() or not all(type(count) is int for count in rows.values()):
            raise malformed("has a manifest that speaks of other tables")
        return cls(
            schema=schema,
            at=at,
            rows=rows,
            head=AuditHead(length, head),
            problems=problems,
            sha256=sha256,
        )
