"""One picture of the demo: the card, the phone, what the camera saw, and every answer."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image

from credential.codes import Name
from examples.demo_folder import Folder
from examples.demo_gate import Outcome
from examples.demo_pen import INK, PALE, PAPER, Pen, complaint, khmer_font
from examples.demo_script import SCRIPT
from issuer.card_face import CardFace, Side, picture
from issuer.card_fonts import find_fonts
from issuer.card_look import CardLook
from issuer.errors import IssuerError
from issuer.views import CardView

_GREY, _LINE = (236, 239, 244), (205, 212, 222)
_VERDICTS = {
    "accepted": ((26, 127, 55), "ទទួលយក"),
    "refused": ((179, 38, 30), "បដិសេធ"),
    "cannot_tell": ((178, 94, 0), "មិនអាចដឹង"),
}
_WIDTH, _TOP, _ROW, _COLUMNS = 1800, 900, 84, 3
_FACE = (580, 366)
"""A card's side as it is shown, in the proportions of ID-1."""
_CAPTIONS = 836


def draw_sheet(folder: Folder, card: CardView, issuer: Name, outcomes: Sequence[Outcome]) -> str:
    """Writes `pictures.png`; returns what is missing in it and how to mend that, or an empty text.

    `issuer` is what the ministry is called on its cards.
    """
    rows = -(-len(outcomes) // _COLUMNS)
    sheet = Image.new("RGB", (_WIDTH, _TOP + rows * _ROW + 40), _GREY)
    font = khmer_font()
    pen = Pen(sheet, font)
    missing = _draw_card(sheet, pen, folder, card, issuer) if font else complaint()
    _draw_phone(sheet, pen, folder)
    _draw_photograph(sheet, pen, folder, outcomes[0])
    for number, outcome in enumerate(outcomes):
        column, row = divmod(number, rows)
        _draw_outcome(pen, 40 + column * 580, _TOP + row * _ROW, outcome)
    sheet.save(folder.path / "pictures.png")
    return missing


def _draw_card(sheet: Image.Image, pen: Pen, folder: Folder, card: CardView, issuer: Name) -> str:
    """The plastic, front and back, as its proofs are drawn; returns why not where it cannot be."""
    number, until = card.card_number or "", card.valid_until
    if until is None:
        raise ValueError("an application without a card has no picture")
    photo = folder.photo(number)
    face = CardFace(
        name_km=card.name_km,
        name_la=card.name_la,
        card_number=number,
        valid_until=until,
        seal=(folder.cards / number / "seal.txt").read_text("ascii").strip(),
        photo=photo.read_bytes() if photo else None,
    )
    _caption(pen, 40, _CAPTIONS, "The plastic card, front and back", "កាតប្លាស្ទិក ខាងមុខ និងខាងក្រោយ")
    try:
        look = CardLook(fonts=find_fonts(), issuer=issuer)
    except IssuerError as error:
        return str(error)
    for place, side in enumerate(Side):
        drawn = picture(face, look=look, side=side).resize(_FACE, Image.Resampling.LANCZOS)
        sheet.paste(drawn, (40, 30 + place * (_FACE[1] + 24)))
    return ""


def _draw_phone(sheet: Image.Image, pen: Pen, folder: Folder) -> None:
    x, y, width, height = 690, 70, 400, 640
    pen.draw.rounded_rectangle((x, y, x + width, y + height), 46, INK)
    pen.draw.rounded_rectangle((x + 12, y + 12, x + width - 12, y + height - 12), 36, PAPER)
    pen.khmer((x + width / 2, y + 90), "កាតមន្ត្រីរាជការ", 28, anchor="ms")
    pen.latin((x + width / 2, y + 122), "Civil servant's card", 20, PALE, anchor="ms")
    code = Image.open(folder.presentations / "live.png").convert("RGB")
    sheet.paste(code.resize((364, 364), Image.Resampling.LANCZOS), (x + 18, y + 150))
    pen.khmer((x + width / 2, y + 556), "បង្ហាញទៅ៖ ច្រកចូលណាមួយ", 23, anchor="ms")
    pen.latin((x + width / 2, y + 590), "shown to: any gate", 19, PALE, anchor="ms")
    _caption(pen, x, _CAPTIONS, "The live code on a phone", "កូដផ្ទាល់លើទូរស័ព្ទ")


def _draw_photograph(sheet: Image.Image, pen: Pen, folder: Folder, outcome: Outcome) -> None:
    x, y, width = 1160, 70, 600
    photograph = Image.open(folder.presentations / "live-photographed.jpg").convert("RGB")
    sheet.paste(photograph.resize((width, 337), Image.Resampling.LANCZOS), (x, y))
    pen.latin((x, y + 372), "What the camera saw", 20)
    pen.khmer((x + width, y + 372), "អ្វីដែលកាមេរ៉ាឃើញ", 20, anchor="rs")
    colour, word = _VERDICTS[outcome.verdict]
    top = 520
    pen.draw.rounded_rectangle((x, top, x + width, top + 190), 20, PAPER, colour, 5)
    pen.mark(x + 76, top + 95, 104, outcome.verdict, colour)
    pen.khmer((x + 160, top + 56), word, 34, colour)
    pen.latin((x + 160, top + 92), outcome.verdict.replace("_", " "), 24, colour)
    pen.khmer((x + 160, top + 134), str(outcome.claims.get("name_km", "")), 22)
    pen.latin((x + 160, top + 166), str(outcome.claims.get("name_la", "")), 20)
    _caption(pen, x, _CAPTIONS, "The gate's answer, without a network", "ចម្លើយរបស់ច្រក ដោយគ្មានបណ្ដាញ")


def _draw_outcome(pen: Pen, x: int, y: int, outcome: Outcome) -> None:
    colour, _ = _VERDICTS[outcome.verdict]
    title = SCRIPT[outcome.scene.name].title
    pen.draw.rounded_rectangle((x, y, x + 560, y + _ROW - 10), 10, PAPER, _LINE)
    pen.mark(x + 38, y + 37, 46, outcome.verdict, colour)
    pen.khmer((x + 76, y + 30), title.km, 18)
    pen.latin((x + 76, y + 58), title.en, 15, PALE)
    pen.latin((x + 548, y + 58), outcome.code, 15, colour, anchor="rs")


def _caption(pen: Pen, x: int, y: int, en: str, km: str) -> None:
    pen.khmer((x, y), km, 20)
    pen.latin((x, y + 30), en, 18, PALE)
