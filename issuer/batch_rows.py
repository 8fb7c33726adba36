"""The rows of a batch as CSV, for people and printing programs, and as JSON, which is read back."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date

from did import DidError, strict_json
from issuer.batch import MAX_CARDS, VERSION, BatchCard
from issuer.errors import IssuerError

FIELDS = ("sequence", "number", "name_km", "name_la", "valid_until", "agency", "seal_qr")
"""All that is said of a card."""
FILES = ("photo", "qr_svg", "qr_png", "proof")
"""All the pictures that may come with it; a proof may be missing."""
MAX_ROWS_FILE = 16 << 20

FileNames = Mapping[str, str]
"""The names of one card's files in the batch, by the words of `FILES`."""


def to_json(cards: Sequence[BatchCard], names: Sequence[FileNames]) -> bytes:
    """`cards.json`: one object a card, with its fields and the names of its files."""
    rows = [{**_fields(card), **files} for card, files in zip(cards, names, strict=True)]
    return strict_json.dumps({"version": VERSION, "cards": rows}) + b"\n"


def to_csv(cards: Sequence[BatchCard], names: Sequence[FileNames]) -> bytes:
    """`cards.csv`: UTF-8 with a byte order mark, as spreadsheets know Khmer by."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, (*FIELDS, *FILES), restval="")
    writer.writeheader()
    for card, files in zip(cards, names, strict=True):
        writer.writerow({**_fields(card), **files})
    return text.getvalue().encode("utf-8-sig")


def from_json(data: bytes) -> tuple[tuple[BatchCard, ...], tuple[FileNames, ...]]:
    """The cards that `to_json` wrote, and the names of their files.

    Raises:
        IssuerError: `malformed_batch`; `bad_batch` for a value no card has.
    """
    try:
        document = strict_json.loads(data, max_bytes=MAX_ROWS_FILE)
    except DidError as error:
        raise IssuerError("malformed_batch", "cards.json is no JSON") from error
    match document:
        case {"version": int(version), "cards": list(rows)} if len(document) == 2 and version == VERSION:
            pass
        case _:
            raise IssuerError("malformed_batch", "cards.json is not a list of cards of this version")
    if len(rows) > MAX_CARDS:
        raise IssuerError("malformed_batch", f"cards.json: more than {MAX_CARDS} cards")
    cards, names = zip(*map(_read, rows), strict=True) if rows else ((), ())
    return cards, names


def _fields(card: BatchCard) -> dict[str, str | int]:
    return {
        "sequence": card.sequence,
        "number": card.number,
        "name_km": card.name_km,
        "name_la": card.name_la,
        "valid_until": card.valid_until.isoformat(),
        "agency": card.agency,
        "seal_qr": card.seal,
    }


def _read(row: object) -> tuple[BatchCard, FileNames]:
    """One row, with exactly the fields and files that are listed above."""
    if not isinstance(row, dict) or not {*FIELDS, *FILES[:-1]} <= row.keys() <= {*FIELDS, *FILES}:
        raise IssuerError("malformed_batch", "cards.json: a row has other fields than a card's")
    texts = {name: value for name, value in row.items() if name != "sequence"}
    if type(row["sequence"]) is not int or not all(isinstance(value, str) for value in texts.values()):
        raise IssuerError("malformed_batch", "cards.json: a field has a value of another kind")
    try:
        valid_until = date.fromisoformat(row["valid_until"])
    except ValueError as error:
        raise IssuerError("malformed_batch", "cards.json: a date is none") from error
    if valid_until.isoformat() != row["valid_until"]:
        raise IssuerError("malformed_batch", "cards.json: a date is written in another way")
    card = BatchCard(
        sequence=row["sequence"],
        number=row["number"],
        name_km=row["name_km"],
        name_la=row["name_la"],
        valid_until=valid_until,
        agency=row["agency"],
        seal=row["seal_qr"],
    )
    return card, {name: row[name] for name in FILES if name in row}
