"""Invented cards to draw, their photographs painted."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from PIL import Image, ImageDraw

from issuer.card_face import CardFace
from issuer.card_fonts import find_fonts
from issuer.card_look import CardLook
from issuer.default_codes import DEFAULT_CODES
from issuer.errors import IssuerError

LAST_DAY = date(2036, 10, 13)
SEAL = "MQ1:" + ("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:" * 8)[:203]
NAMES = ("សុខ ច័ន្ទតារា", "SOK CHANTARA")
LONGEST = ("ឃឹម ច័ន្ទតារាសុវណ្ណារិទ្ធសុភ័ក្ត្រមករាវី", "CHHIM SOVANNARITHCHANTARA SOTHEARYPISETH")


def look() -> CardLook:
    """The look of the first ministry in the fonts found; where there are none the test, or module, skips."""
    try:
        fonts = find_fonts()
    except IssuerError as missing:
        pytest.skip(str(missing), allow_module_level=True)
    return CardLook(fonts=fonts, issuer=DEFAULT_CODES.ministries[1])


def face(names: tuple[str, str] = NAMES, *, photo: bytes | None = None, seal: str = SEAL) -> CardFace:
    """A card that says these names."""
    return CardFace(
        name_km=names[0],
        name_la=names[1],
        card_number="4738291056",
        valid_until=LAST_DAY,
        seal=seal,
        photo=photo,
    )


def photograph(kind: str = "JPEG", size: tuple[int, int] = (480, 640), mode: str = "RGB") -> bytes:
    """Somebody painted: a blue ground, a brown head in the middle."""
    width, height = size
    image = Image.new("RGB", size, (180, 205, 230))
    pen = ImageDraw.Draw(image)
    pen.ellipse((width * 0.3, height * 0.2, width * 0.7, height * 0.65), (170, 120, 90))
    pen.rectangle((width * 0.1, height * 0.75, width * 0.9, height), (40, 50, 80))
    file = BytesIO()
    image.convert(mode).save(file, kind)
    return file.getvalue()
