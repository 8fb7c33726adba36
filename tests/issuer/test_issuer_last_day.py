"""A card's last day is one day, wherever it is said: register, seal, batch and picture."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from issuer_desk import CONFIG, Desk, open_desk
from print_desk import NAMES, add_banks, approved, open_at_bank, order

from credential.seal import parse_seal
from issuer import card_face, civil_days
from issuer.batch import BatchCard
from issuer.card_face import CardFace, Side
from issuer.card_fonts import find_fonts
from issuer.card_look import CardLook
from issuer.errors import IssuerError


@pytest.mark.parametrize("hour", [0, 16, 17, 23], ids=lambda hour: f"approved at {hour:02d} UTC")
def test_the_last_day_is_one(hour: int, tmp_path: Path) -> None:
    """Approved at any hour: in Phnom Penh the next day begins at 17:00 UTC."""
    look = _look()
    desk = open_desk(tmp_path)
    add_banks(desk, NAMES[0])
    desk.now = desk.now.replace(hour=hour)
    (number,) = approved(desk, 1)

    day = desk.office.show(number).card.valid_until
    assert day is not None
    assert _seals_last_day(desk) == day

    proofs, opened = tmp_path / "proofs", tmp_path / "opened"
    (made,) = order(desk, tmp_path / "out", proofs=proofs if look else None).orders
    (card,) = open_at_bank(desk, made.file, opened, bank=NAMES[0]).cards
    assert card.valid_until == day
    (row,) = csv.DictReader((opened / "cards.csv").read_text("utf-8-sig").splitlines())
    (entry,) = json.loads((opened / "cards.json").read_text())["cards"]
    assert row["valid_until"] == entry["valid_until"] == day.isoformat()
    if look:
        (front,) = proofs.rglob(f"{number}-front.png")
        face = _face(card)
        assert front.read_bytes() == card_face.draw(face, look=look, side=Side.FRONT)
        other = replace(face, valid_until=day - timedelta(days=1))
        assert front.read_bytes() != card_face.draw(other, look=look, side=Side.FRONT)


def test_no_more_is_printed_than_was_signed(tmp_path: Path) -> None:
    """Of a card approved by an earlier version, the register says a day more than its seal."""
    desk = open_desk(tmp_path)
    add_banks(desk, NAMES[0])
    (number,) = approved(desk, 1)
    signed = desk.office.show(number).card.valid_until
    with desk.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER card_once")
        connection.exec_driver_sql("UPDATE card SET valid_until = date(valid_until, '+1 day')")
    (made,) = order(desk, tmp_path / "out").orders
    (card,) = open_at_bank(desk, made.file, tmp_path / "opened", bank=NAMES[0]).cards
    assert card.valid_until == signed == _seals_last_day(desk)


def _face(card: BatchCard) -> CardFace:
    return CardFace(
        name_km=card.name_km,
        name_la=card.name_la,
        card_number=card.number,
        valid_until=card.valid_until,
        seal=card.seal,
    )


def _seals_last_day(desk: Desk) -> date:
    """The last day in Phnom Penh on which a gate takes the code on the plastic until midnight."""
    (token,) = desk.rows("SELECT seal FROM card")
    ends = datetime.fromtimestamp(parse_seal(bytes(token)).expires_at, UTC)
    return (ends.astimezone(civil_days.PHNOM_PENH) - timedelta(days=1)).date()


def _look() -> CardLook | None:
    """What the ministry's cards look like; nothing where the machine has no fonts to draw them."""
    try:
        return CardLook(fonts=find_fonts(), issuer=CONFIG.name)
    except IssuerError:
        return None
