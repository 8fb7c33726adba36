"""A register with something in every table, and all of it as values that can be compared."""

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path
from typing import Any

from issuer_desk import Desk
from PIL import Image
from sqlalchemy import Engine

from credential.codes import Name
from examples.people import rows as people
from issuer import database, register_load
from issuer.rejection_reasons import RejectionReason
from issuer.sheet_rows import COLUMNS

Rows = dict[str, list[dict[str, Any]]]


def rows_of(engine: Engine) -> Rows:
    """Every row of every table, by column, in the order of the primary keys."""
    with database.connect(engine.url).connect() as connection:  # not in the words of `issuer_databases`
        return {
            name: [
                dict(row)
                for row in connection.execute(table.select().order_by(*table.primary_key.columns)).mappings()
            ]
            for name, table in register_load.tables_of(connection).items()
        }


def content_hash(rows: list[dict[str, Any]]) -> str:
    """One value for all that a table holds."""
    return hashlib.sha256(repr([sorted(row.items()) for row in rows]).encode()).hexdigest()


def photo(seed: int) -> bytes:
    """A picture of its own for every seed."""
    file = io.BytesIO()
    Image.new("RGB", (300, 400), (seed * 37 % 256, seed * 11 % 256, 90)).save(file, "JPEG")
    return file.getvalue()


def apply_with_photos(desk: Desk, folder: Path, count: int, *, seed: int = 1) -> list[dict[str, str]]:
    """Files applications with photos of invented people; returns the rows of the file."""
    given = list(people(count, seed=seed))
    photos = folder / f"photos-{seed}"
    photos.mkdir()
    file = folder / f"people-{seed}.csv"
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, list(COLUMNS), extrasaction="ignore")
        writer.writeheader()
        writer.writerows(given)
    for number, row in enumerate(given):
        (photos / f"{row['employee_id']}.jpg").write_bytes(photo(100 * seed + number))
    report = desk.office.import_file(file, photos=photos)
    assert report.imported == count, report
    return given


def fill(desk: Desk, folder: Path) -> list[str]:
    """Brings something into every table; returns the card numbers in the order of their applications.

    The last application waits; the others are active but for one that is suspended,
    one revoked, one replaced and one rejected. Two publications lie in folder/stick.
    """
    apply_with_photos(desk, folder, 8)
    cards = [number for _, number in desk.office.approve(range(1, 7))]
    desk.office.reject([7], RejectionReason.OTHER)
    for card in cards[:3]:
        desk.enrol(card)
    desk.office.publish(folder / "stick")
    desk.later(hours=1)
    desk.office.suspend(cards[1])
    desk.office.revoke_wallet(cards[2])
    desk.office.revoke(cards[3])
    cards.append(desk.office.replace(cards[4]))
    desk.office.offer(cards[0])
    desk.office.deltas()
    desk.office.authority.add_gate(7, Name("ច្រក", "Gate"), ["entry"])
    desk.office.publish(folder / "stick")
    return cards
