"""The ZIP file that an XLSX is: bounded before anything is unpacked, and packed anew from the parts we read.

Two programs may see different things in one hostile ZIP file, so the one that
is parsed is our own: every part in it went through `sheet_scan` on its way.
An XLSX is specified in ECMA-376 part 1 (SpreadsheetML) and part 2 (packages).
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from issuer.errors import IssuerError
from issuer.sheet_scan import Scan

MAX_UNZIPPED = 200_000_000
"""Bytes of all parts that are read; 100,000 applications take 40 million."""
MAX_DIRECTORY = 1_000_000
"""Bytes of the table of entries, at least 46 each; a workbook has some dozen."""
_CHUNK = 1 << 16
_END = b"PK\x05\x06"
_END_SIZE = 22
_LONGEST_COMMENT = 0xFFFF
_KEPT = re.compile(r"\[content_types\]\.xml|_rels/\.rels|xl/_rels/[^/]+\.rels|xl/(worksheets/)?[^/]+\.xml")
_FIRST = ("xl/sharedstrings.xml", "xl/styles.xml")
"""Cells name texts and formats by number: those have to be known before."""
_BINARY = "xl/workbook.bin"
_ODS = "mimetype"
_DAMAGED = (BadZipFile, zlib.error, struct.error, EOFError, ValueError, NotImplementedError, LookupError)
_KNOWN = ("xl/workbook.xml",)


def repacked(file: IO[bytes]) -> tuple[BytesIO, Scan]:
    """The parts of the XLSX in `file` that hold its tables, packed anew, and what was seen in them.

    Raises:
        IssuerError: `damaged_spreadsheet` for what is no XLSX file or a hostile one,
            `spreadsheet_file` for another kind, `file_too_large`, and a code of `Scan.feed`.
    """
    _check_directory(file)
    with _named(), ZipFile(file) as archive:
        entries = _entries(archive)
        scan, made = Scan(), BytesIO()
        with ZipFile(made, "w", ZIP_DEFLATED, compresslevel=1) as new:
            for name in sorted(entries, key=lambda name: name.casefold() not in _FIRST):
                with archive.open(entries[name]) as source, new.open(name, "w") as target:
                    scan.start(name)
                    while chunk := source.read(_CHUNK):
                        scan.feed(chunk)
                        target.write(chunk)
                    scan.finish()
    made.seek(0)
    return made, scan


def _check_directory(file: IO[bytes]) -> None:
    """Holds the table of entries to `MAX_DIRECTORY` (APPNOTE.TXT 4.3.16): Python would read all of any."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _END_SIZE - _LONGEST_COMMENT))
    tail = file.read()
    place = tail.rfind(_END)
    if place < 0 or len(tail) - place < _END_SIZE:
        raise _damaged("its end is missing: it was perhaps not copied whole")
    declared = int.from_bytes(tail[place + 12 : place + 16], "little")
    if tail[max(0, len(tail) - _END_SIZE) :][:4] == _END:  # where Python looks first
        declared = max(declared, int.from_bytes(tail[-10:-6], "little"))
    if declared > MAX_DIRECTORY:  # also what points to a larger one elsewhere: ZIP64
        raise _damaged("it has more entries than a spreadsheet")
    file.seek(0)


def _entries(archive: ZipFile) -> dict[str, ZipInfo]:
    """The entries that are read, by their names."""
    entries: dict[str, ZipInfo] = {}
    seen = set()
    for info in archive.infolist():
        name = info.filename.replace("\\", "/")
        if name.startswith("/") or ".." in name.split("/"):
            raise _damaged("an entry points out of it")
        if name.casefold() in seen:
            raise _damaged("it holds two entries of one name")
        seen.add(name.casefold())
        if _KEPT.fullmatch(name.casefold()):
            entries[name] = info
            if info.flag_bits & 1 or info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
                raise _damaged("an entry is encrypted, or packed in a way that spreadsheets are not")
    if not seen.issuperset(_KNOWN):
        if _BINARY in seen or _ODS in seen:
            raise IssuerError(
                "spreadsheet_file", "this is a spreadsheet, but no XLSX: save it as XLSX or CSV UTF-8"
            )
        raise _damaged("it is a ZIP file, but no XLSX")
    if sum(info.file_size for info in entries.values()) > MAX_UNZIPPED:
        raise IssuerError("file_too_large", f"unpacked it has more than {MAX_UNZIPPED:,} bytes: divide it")
    return entries


@contextmanager
def _named() -> Iterator[None]:
    try:
        yield
    except _DAMAGED as error:
        raise _damaged("it cannot be unpacked") from error


def _damaged(why: str) -> IssuerError:
    return IssuerError("damaged_spreadsheet", f"the spreadsheet is damaged: {why}; save it again as XLSX")
