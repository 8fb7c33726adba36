"""What a bank is given: all that a card needs, and nothing else of the person."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import stat
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from batch_desk import (
    BANK,
    MINISTRY,
    NOW,
    OTHER_BANK,
    batch,
    cards,
    open_into,
    photo,
    pictures,
    qr,
    refusal,
    sealed,
    sealed_with_header,
)
from issuer_desk import open_desk
from personal_values import other_values, people_by_card
from PIL import Image

from credential.qr_read import read_image
from did import Algorithm, SoftwareSigner, sealing
from issuer import batch_archive, batch_file
from issuer.batch import Batch, BatchCard, CardFiles
from issuer.errors import IssuerError

ALLOWED = re.compile(
    r"cards\.(json|csv)|photos/[0-9]{10}\.(jpg|png)|qr/[0-9]{10}\.(svg|png)|proofs/[0-9]{10}\.png"
)
FIELDS = {"sequence", "number", "name_km", "name_la", "valid_until", "agency", "seal_qr"}
FILES = {"photo", "qr_svg", "qr_png", "proof"}


def plain(data: bytes) -> bytes:
    """The ZIP in a sealed file, as the bank's key gives it."""
    source = BytesIO(data)
    letter = batch_file.read_letter(source, bank=BANK.to_decrypt(), ministry=[MINISTRY.public_key])
    return b"".join(sealing.open_chunks(source, letter.key, max_bytes=1 << 30))


def test_what_goes_in_comes_out(tmp_path: Path) -> None:
    """Rows as CSV and JSON, every picture, what the batch is, a table to fill in; for the owner alone."""
    made = batch(7)
    data, header = sealed_with_header(made)
    assert open_into(tmp_path / "opened", data) == header
    folder = tmp_path / "opened"
    rows = json.loads((folder / "cards.json").read_bytes())["cards"]
    table = list(csv.DictReader(io.StringIO((folder / "cards.csv").read_text("utf-8-sig"))))
    assert (folder / "cards.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    expected = {"cards.json", "cards.csv", "batch.json", "report.csv"}
    for card, row, line in zip(made.cards, rows, table, strict=True):
        files = pictures(card)
        assert {name: str(value) for name, value in row.items()} == {k: v for k, v in line.items() if v}
        assert (row["sequence"], row["number"], row["name_km"]) == (card.sequence, card.number, card.name_km)
        assert (row["name_la"], row["valid_until"]) == (card.name_la, "2036-11-21")
        assert (row["agency"], row["seal_qr"]) == (card.agency, card.seal)
        assert (folder / row["qr_svg"]).read_bytes() == files.qr_svg
        assert (folder / row["qr_png"]).read_bytes() == files.qr_png
        assert ("proof" in row) is (files.proof is not None)
        with Image.open(folder / row["photo"]) as got, Image.open(BytesIO(files.photo)) as given:
            assert got.tobytes() == given.tobytes()
        expected |= {row[kind] for kind in FILES & row.keys()}
    found = list(folder.rglob("*"))
    assert {str(path.relative_to(folder)) for path in found if path.is_file()} == expected
    assert {stat.S_IMODE(path.stat().st_mode) for path in found if path.is_file()} == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in [folder, *found] if path.is_dir()} == {0o700}
    assert (header.count, header.number, header.bank, header.made_at) == (7, "2026-0001", made.bank, NOW)
    assert header.sha256 == hashlib.sha256(data[batch_file.BLOCK :]).digest()
    assert header.size == len(data) - batch_file.BLOCK


def test_the_code_of_a_card_can_be_read(tmp_path: Path) -> None:
    """What a press takes from the folder is the seal of the row."""
    open_into(tmp_path / "opened", sealed(batch(1)))
    (row,) = json.loads((tmp_path / "opened/cards.json").read_bytes())["cards"]
    assert read_image((tmp_path / "opened" / row["qr_png"]).read_bytes()) == [row["seal_qr"]]


def test_one_batch_has_one_content() -> None:
    """The same cards make the same ZIP, sealed anew each time with another key."""
    first, second = sealed(batch(5)), sealed(batch(5))
    assert plain(first) == plain(second)
    assert first[batch_file.BLOCK :] != second[batch_file.BLOCK :]


def test_nothing_but_the_listed_fields() -> None:
    """Files and fields of a decrypted batch are those on the list, whatever is in it."""
    with ZipFile(BytesIO(plain(sealed(batch(12))))) as archive:
        assert all(ALLOWED.fullmatch(name) for name in archive.namelist())
        document = json.loads(archive.read("cards.json"))
        header = archive.read("cards.csv").decode("utf-8-sig").splitlines()[0].split(",")
    assert document.keys() == {"version", "cards"}
    assert all(FIELDS <= row.keys() <= FIELDS | FILES for row in document["cards"])
    assert set(header) == FIELDS | FILES


def test_no_other_value_of_a_person(tmp_path: Path) -> None:
    """Of people in a real register, nothing else stands in the decrypted bytes or in the seal's own bytes.

    Not even in a photo whose camera, or clerk, wrote it there.
    """
    desk = open_desk(tmp_path)
    desk.apply(25)
    approved = [number for _, number in desk.office.approve()]
    people = people_by_card(desk)
    made: list[BatchCard] = []
    exif = Image.Exif()
    for sequence, number in enumerate(approved, 1):
        person = people[number]
        exif[0x010E] = f"{person['employee_id']} {person['date_of_birth']}"
        made.append(
            BatchCard(
                sequence=sequence,
                number=number,
                name_km=person["name_km"],
                name_la=person["name_la"],
                valid_until=date.fromisoformat(person["valid_until"]),
                agency=f"A{sequence}",
                seal=desk.printed(number),
            )
        )
    portrait = photo(5, exif=exif.tobytes(), comment=b"employee " + person["employee_id"].encode())
    assert person["employee_id"].encode() in portrait
    out = BytesIO()
    svg, png = qr()
    batch_file.seal(
        out,
        batch(cards=tuple(made)),
        lambda card: CardFiles(photo=portrait, qr_svg=svg, qr_png=png),
        signer=MINISTRY,
        bank=BANK.public.encryption,
    )
    content = plain(out.getvalue()) + b"".join(desk.rows("SELECT seal FROM card"))
    for number in approved:
        assert content.count(number.encode()) > 0
        for value in other_values(people[number]):
            assert value.encode() not in content, "a value that a card does not need"


def test_the_letter_is_closed_to_others() -> None:
    """Neither the bank's name nor the batch's number nor a card's stands outside of the encryption."""
    made = batch(3)
    data = sealed(made)
    for text in (made.bank, made.number, made.issuer, *(card.number for card in made.cards)):
        assert text.encode() not in data


def test_another_bank(tmp_path: Path) -> None:
    """Of ten batches it opens none."""
    assert {refusal(tmp_path, sealed(batch(1, seed=n)), bank=OTHER_BANK) for n in range(1, 11)} == {
        "other_bank"
    }


def test_another_ministry(tmp_path: Path) -> None:
    """A batch signed by a key that is not pinned is refused; while keys change, several are pinned."""
    other = SoftwareSigner(Algorithm.P256, b"\7" * 32)
    data = sealed(batch(1), signer=other)
    assert refusal(tmp_path, data) == "other_ministry"
    assert refusal(tmp_path, data, ministry=()) == "other_ministry"
    open_into(tmp_path / "opened", data, ministry=[MINISTRY.public_key, other.public_key])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sequence", 0),
        ("number", "1234567890"),
        ("number", "４"),
        ("number", "4111111111111111"),
        ("name_km", ""),
        ("name_km", "ក\u200bខ"),
        ("name_la", "SOK\nDARA"),
        ("name_la", "=HYPERLINK(A1)"),
        ("name_la", "-1+1"),
        ("agency", ""),
        ("agency", "../A"),
        ("agency", "ក"),
        ("seal", "mq1:abc"),
        ("seal", ""),
    ],
)
def test_a_card_that_cannot_be_printed(field: str, value: Any) -> None:
    """It is refused before anything is sealed, by the field and without its value."""
    (card,) = cards(1)
    with pytest.raises(IssuerError) as caught:
        replace(card, **{field: value})
    assert caught.value.code == "bad_batch"
    assert str(caught.value).startswith(field)
    assert len(str(value)) < 2 or str(value) not in str(caught.value)


@pytest.mark.parametrize(
    "changed",
    [
        {"number": "../1"},
        {"number": ""},
        {"bank": ""},
        {"bank": "a\x1b[2J"},
        {"issuer": "http://montrey.example"},
        {"cards": ()},
        {"cards": cards(2)[1:]},
        {"cards": (cards(1)[0], replace(cards(1)[0], sequence=2))},
    ],
)
def test_a_batch_that_cannot_be_made(changed: dict[str, Any]) -> None:
    """Bad names, no cards, cards out of order, one card twice."""
    with pytest.raises(IssuerError) as caught:
        batch(1, **changed)
    assert caught.value.code == "bad_batch"


def test_a_time_without_a_zone() -> None:
    """It is the programmer's mistake."""
    with pytest.raises(ValueError, match="aware"):
        batch(1, made_at=datetime(2026, 1, 1))  # noqa: DTZ001 (that is the point)


@pytest.mark.parametrize(
    "changed",
    [
        {"photo": b"GIF89a"},
        {"photo": b""},
        {"photo": b"\xff\xd8\xff" + bytes(2 << 20)},
        {"photo": b"\xff\xd8\xff\xe0"},
        {"qr_svg": b"<html>"},
        {"qr_png": b"\xff\xd8\xff"},
        {"proof": b"%PDF"},
    ],
)
def test_a_picture_that_is_none(changed: dict[str, bytes]) -> None:
    """Wrong kinds, too large, cut: nothing is made that could be opened."""
    svg, png = qr()
    with pytest.raises(IssuerError) as caught:
        batch_file.seal(
            out := BytesIO(),
            batch(1),
            lambda card: CardFiles(**{"photo": photo(), "qr_svg": svg, "qr_png": png, **changed}),
            signer=MINISTRY,
            bank=BANK.public.encryption,
        )
    assert caught.value.code == "bad_picture"
    assert not out.getvalue().startswith(batch_file.MAGIC)


def test_more_than_a_batch_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told to order fewer cards."""
    monkeypatch.setattr(batch_archive, "MAX_BATCH", 10_000)
    with pytest.raises(IssuerError, match="fewer cards"):
        sealed(batch(3))


def test_progress() -> None:
    """It is told card by card, and ends with the last."""
    told: list[tuple[int, int]] = []
    made: Batch = batch(4)
    batch_file.seal(
        BytesIO(),
        made,
        pictures,
        signer=MINISTRY,
        bank=BANK.public.encryption,
        progress=lambda done, total: told.append((done, total)),
    )
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
