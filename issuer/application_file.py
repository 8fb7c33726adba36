"""Opening what an agency sent: CSV or XLSX, told by its first bytes and not by its name."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Iterator, Set
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from issuer import table
from issuer.csv_table import CsvTable
from issuer.errors import IssuerError
from issuer.sheet_rows import NEEDED
from issuer.sheet_xlsx import SheetTable
from issuer.table import Table

_ZIP, _OLE = b"PK", b"\xd0\xcf\x11\xe0"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""The stream that an encrypted XLSX is kept in ([MS-OFFCRYPTO] 2.3.4.4)."""


@contextmanager
def opened(path: Path, *, needed: Set[str] = NEEDED) -> Iterator[Table]:
    """The table in the file, whose header has the columns `needed`.

    In a CSV file bytes that are not UTF-8 come out as lone surrogates, so that their row can be named.

    Raises:
        IssuerError: `unreadable_file`, `file_too_large`, `empty_file`, `encrypted_file`,
            `spreadsheet_file`, `not_utf8`, `not_text`, and a code of `CsvTable` or `SheetTable`.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe would have us wait for ever
            raise IssuerError("unreadable_file", f"{path}: no file")
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_size > table.MAX_BYTES:
                raise IssuerError(
                    "file_too_large", f"the file has more than {table.MAX_BYTES:,} bytes: divide it"
                )
            head = file.read(4096)
            if not head.strip():
                raise IssuerError("empty_file", "the file is empty")
            yield _table(file, head, needed)
    except OSError as error:
        raise IssuerError("unreadable_file", f"{path}: {error.strerror}") from error


def _table(file: IO[bytes], head: bytes, needed: Set[str]) -> Table:
    if head.startswith(_ZIP):
        return SheetTable(file, needed=needed)
    if head.startswith(_OLE):
        raise _old_or_encrypted(file)
    if head.startswith(_UTF_16):
        raise IssuerError("not_utf8", "the file is in UTF-16: save it as CSV UTF-8")
    if b"\0" in head:
        raise IssuerError("not_text", "this is no text file: save the applications as XLSX or CSV UTF-8")
    return CsvTable(io.TextIOWrapper(file, "utf-8-sig", errors="surrogateescape"))


def _old_or_encrypted(file: IO[bytes]) -> IssuerError:
    """An OLE file is an old spreadsheet, or a new one behind a password."""
    file.seek(0)
    before = b""
    while chunk := file.read(1 << 20):
        if _ENCRYPTED in before + chunk:
            return IssuerError("encrypted_file", "the spreadsheet has a password: save it without one")
        before = chunk[-len(_ENCRYPTED) :]
    return IssuerError("spreadsheet_file", "this is an old spreadsheet (XLS): save it as XLSX or CSV UTF-8")
