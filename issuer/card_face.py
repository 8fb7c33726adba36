"""A card as it will be printed, front and back: a proof for eyes, at 300 dots an inch.

What stands on it stays true for ten years: names, number, photograph, the last
day. No birth date, no rank, no agency; `docs/cards.md` says why.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageDraw

from credential.seal_picture import WIDTH_MM, seal_image
from issuer import card_days, card_ground
from issuer.card_look import DPI, CardLook, dots
from issuer.card_portrait import portrait, silhouette
from issuer.card_text import Box, Style, write

PHOTO = Box(44, 166, 324, 526)
NAME_KM, NAME_LA = Box(360, 272, 976, 352), Box(360, 360, 976, 418)
NUMBER, DAY_KM, DAY_EN = Box(360, 462, 664, 526), Box(676, 458, 976, 500), Box(676, 500, 976, 532)
SEAL = Box(1012 - 44 - dots(WIDTH_MM), 66, 1012 - 44, 66 + dots(WIDTH_MM))
BACK_NUMBER = Box(44, 92, 420, 150)
_ISSUER_KM, _ISSUER_EN = Box(150, 10, 980, 74), Box(150, 72, 980, 112)
_TITLE_KM, _TITLE_EN = Box(360, 142, 976, 198), Box(360, 194, 976, 226)
_FOUND_KM, _FOUND_EN = Box(44, 196, 610, 264), Box(44, 266, 610, 330)
_LIMITS_KM, _LIMITS_EN = Box(44, 430, 968, 486), Box(44, 486, 968, 524)
_BLANK_COLOURS = 72
_AFTER_BLANK = bytes(min(255, number + _BLANK_COLOURS) for number in range(256))


class Side(StrEnum):
    """Which face of the card."""

    FRONT = "front"
    BACK = "back"


_WRITTEN = {
    Side.FRONT: (NAME_KM, NAME_LA, NUMBER, DAY_KM, DAY_EN),
    Side.BACK: (BACK_NUMBER, SEAL),
}
"""Where a card differs from every other, its photograph apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFace:
    """What one card says.

    `valid_until` is its last day; `seal` the text of its QR code;
    `photo` a PNG or JPEG, None where the register has none.
    """

    name_km: str
    name_la: str
    card_number: str
    valid_until: date
    seal: str
    photo: bytes | None = None


def draw(face: CardFace, *, look: CardLook, side: Side) -> bytes:
    """One side of the card as a PNG of 1012 × 638 dots, 300 an inch; the same input gives the same bytes.

    Raises:
        IssuerError: `unusable_photo`, `no_card_fonts`.
        CredentialError: `qr_too_long`, `qr_too_dense`.
    """
    image, file = picture(face, look=look, side=side), BytesIO()
    _few_colours(image, look, side).save(file, "PNG", dpi=(DPI, DPI), compress_level=1)
    return file.getvalue()


def picture(face: CardFace, *, look: CardLook, side: Side) -> Image.Image:
    """Like `draw`, as a picture that is the caller's own."""
    return _front(face, look) if side is Side.FRONT else _back(face, look)


def grouped(number: str) -> str:
    """A card number in groups of three, the last one of four where one would be left over: 473 829 1056."""
    groups = [number[start : start + 3] for start in range(0, len(number), 3)]
    if len(groups) > 1 and len(groups[-1]) == 1:
        groups[-2:] = ["".join(groups[-2:])]
    return " ".join(groups)


def _front(face: CardFace, look: CardLook) -> Image.Image:
    image, fonts, ink = _front_of_day(look, face.valid_until).copy(), look.fonts, look.colours.ink
    size = (PHOTO.right - PHOTO.left, PHOTO.bottom - PHOTO.top)
    image.paste(silhouette(size) if face.photo is None else portrait(face.photo, size), PHOTO[:2])
    name = Style(typeface=fonts.bold, size=54, colour=ink, shrink_to=34, line=1.36)
    write(image, face.name_km, NAME_KM, name)
    write(image, face.name_la, NAME_LA, replace(name, size=36, shrink_to=25, line=1.1))
    write(image, grouped(face.card_number), NUMBER, _number_style(look))
    return image


def _back(face: CardFace, look: CardLook) -> Image.Image:
    image = _back_blank(look).copy()
    write(image, grouped(face.card_number), BACK_NUMBER, _number_style(look))
    image.paste(seal_image(face.seal, dots=dots(WIDTH_MM)), SEAL[:2])
    return image


@lru_cache(maxsize=16)
def _front_of_day(look: CardLook, day: date) -> Image.Image:
    """The blank with its last day: a batch is made on one day."""
    image, fonts, ink = _front_blank(look).copy(), look.fonts, look.colours.ink
    write(image, card_days.khmer(day), DAY_KM, Style(typeface=fonts.bold, size=30, colour=ink))
    write(image, card_days.english(day), DAY_EN, Style(typeface=fonts.plain, size=26, colour=ink))
    return image


@lru_cache(maxsize=4)
def _front_blank(look: CardLook) -> Image.Image:
    """What every front of this look shares."""
    image, fonts, colours = card_ground.front(look.colours).copy(), look.fonts, look.colours
    write(image, look.issuer.km, _ISSUER_KM, Style(typeface=fonts.title, size=34, colour=colours.paper))
    write(image, look.issuer.en, _ISSUER_EN, Style(typeface=fonts.plain, size=26, colour=(226, 210, 170)))
    write(image, look.title.km, _TITLE_KM, Style(typeface=fonts.title, size=32, colour=colours.deep))
    write(image, look.title.en.upper(), _TITLE_EN, Style(typeface=fonts.bold, size=20, colour=colours.accent))
    pen = ImageDraw.Draw(image)
    pen.line((360, 236, 976, 236), colours.accent, 2)
    left, top, right, bottom = PHOTO
    pen.rectangle((left - 5, top - 5, right + 4, bottom + 4), colours.paper, colours.deep, 2)
    _label(image, "គោត្តនាម និងនាម", "Name", Box(360, 242, 976, 268), look)
    _label(image, "លេខកាត", "Card number", Box(360, 434, 664, 460), look)
    _label(image, "មានសុពលភាពដល់", "Valid until", Box(676, 434, 976, 460), look)
    return image


@lru_cache(maxsize=4)
def _back_blank(look: CardLook) -> Image.Image:
    """What every back of this look shares."""
    image, fonts, colours = card_ground.back(look.colours).copy(), look.fonts, look.colours
    _label(image, "លេខកាត", "Card number", Box(44, 62, 420, 88), look)
    _texts(image, (look.found.km, _FOUND_KM), (look.found.en, _FOUND_EN), look)
    pen = ImageDraw.Draw(image)
    pen.line((44, 424, 968, 424), colours.accent, 2)
    _texts(image, (look.limits.km, _LIMITS_KM), (look.limits.en, _LIMITS_EN), look)
    left, top, right, bottom = SEAL
    pen.rectangle((left - 2, top - 2, right + 1, bottom + 1), colours.paper, colours.wave, 2)
    caption = Style(typeface=fonts.plain, size=19, colour=colours.pale, align="centre")
    write(image, "ស្កេន រួចផ្ទៀងលេខ និងមុខ", Box(left, bottom + 4, right, bottom + 34), caption)
    write(image, "Scan; compare number and face", Box(left, bottom + 32, right, bottom + 58), caption)
    write(
        image,
        look.issuer.km,
        Box(44, 526, 968, 570),
        Style(typeface=fonts.title, size=22, colour=colours.deep),
    )
    write(
        image,
        look.issuer.en,
        Box(44, 568, 968, 604),
        Style(typeface=fonts.plain, size=20, colour=colours.deep),
    )
    return image


def _few_colours(image: Image.Image, look: CardLook, side: Side) -> Image.Image:
    """The picture in 256 colours, written in a third of the time: 72 for the blank, the others for a face.

    Each has its own table, so that the ground is of one colour on every card. What every
    card shares is looked up once; of each only what is written in its boxes.
    """
    colours = list(_blank_colours(look, side))
    few, table = _few_blank(look, side).copy(), _table(colours)
    for box in _WRITTEN[side]:
        few.paste(image.crop(box).quantize(palette=table, dither=Image.Dither.NONE), box[:2])
    if side is Side.FRONT:
        photo = image.crop(PHOTO)
        known = photo.reduce(2).quantize(256 - _BLANK_COLOURS, dither=Image.Dither.NONE).getpalette() or []
        photo = photo.quantize(palette=_table(known), dither=Image.Dither.NONE)
        few.paste(Image.frombytes("P", photo.size, photo.tobytes().translate(_AFTER_BLANK)), PHOTO[:2])
        few.putpalette((colours + known)[: 3 * 256])
    return few


@lru_cache(maxsize=8)
def _few_blank(look: CardLook, side: Side) -> Image.Image:
    blank = _front_blank(look) if side is Side.FRONT else _back_blank(look)
    table = _table(list(_blank_colours(look, side)))
    return blank.quantize(palette=table, dither=Image.Dither.NONE)


def _table(colours: list[int]) -> Image.Image:
    table = Image.new("P", (1, 1))
    table.putpalette(colours)
    return table


@lru_cache(maxsize=8)
def _blank_colours(look: CardLook, side: Side) -> tuple[int, ...]:
    """The colours of every card's side, its photograph apart: red, green and blue in turns."""
    image = (_front_blank if side is Side.FRONT else _back_blank)(look).copy()
    write(image, "012 345 6789", BACK_NUMBER, _number_style(look))
    write(image, "ABCDEFGHIJ", NAME_LA, Style(typeface=look.fonts.bold, size=36, colour=look.colours.ink))
    image.paste((0, 0, 0), (SEAL.left, SEAL.top, SEAL.right, SEAL.top + 40))
    few = image.quantize(_BLANK_COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    return tuple(few.getpalette() or ())[: 3 * _BLANK_COLOURS]


def _number_style(look: CardLook) -> Style:
    return Style(typeface=look.fonts.bold, size=42, colour=look.colours.deep)


def _label(image: Image.Image, km: str, en: str, box: Box, look: CardLook) -> None:
    write(image, f"{km}  ·  {en}", box, Style(typeface=look.fonts.plain, size=18, colour=look.colours.pale))


def _texts(image: Image.Image, km: tuple[str, Box], en: tuple[str, Box], look: CardLook) -> None:
    style = Style(typeface=look.fonts.plain, size=24, colour=look.colours.ink, shrink_to=22)
    write(image, *km, style)
    write(image, *en, replace(style, size=21, shrink_to=20, line=1.3))
