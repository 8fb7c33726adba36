"""One picture of the demo: the card, the phone, what the camera saw, and every answer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from credential.codes import CodeTables
from examples.demo_folder import Folder
from examples.demo_gate import Outcome
from examples.demo_pen import INK, PALE, PAPER, Pen, complaint, khmer_font
from examples.demo_script import SCRIPT
from issuer.views import CardView

_BLUE, _GREY, _LINE = (27, 58, 115), (236, 239, 244), (205, 212, 222)
_VERDICTS = {
    "accepted": ((26, 127, 55), "ទទួលយក"),
    "refused": ((179, 38, 30), "បដិសេធ"),
    "cannot_tell": ((178, 94, 0), "មិនអាចដឹង"),
}
_WIDTH, _TOP, _ROW, _COLUMNS = 1800, 700, 84, 3


def draw_sheet(folder: Folder, card: CardView, codes: CodeTables, outcomes: Sequence[Outcome]) -> str:
    """Writes `pictures.png`; returns what is missing in it and how to mend that, or an empty text."""
    rows = -(-len(outcomes) // _COLUMNS)
    sheet = Image.new("RGB", (_WIDTH, _TOP + rows * _ROW + 40), _GREY)
    font = khmer_font()
    pen = Pen(sheet, font)
    _draw_card(sheet, pen, folder, card, codes)
    _draw_phone(sheet, pen, folder)
    _draw_photograph(sheet, pen, folder, outcomes[0])
    for number, outcome in enumerate(outcomes):
        column, row = divmod(number, rows)
        _draw_outcome(pen, 40 + column * 580, _TOP + row * _ROW, outcome)
    sheet.save(folder.path / "pictures.png")
    return "" if font else complaint()


def _draw_card(sheet: Image.Image, pen: Pen, folder: Folder, card: CardView, codes: CodeTables) -> None:
    """The plastic, 85.6 mm by 54 mm."""
    x, y, width, height = 40, 60, 760, 480
    number, ministry = card.card_number or "", codes.ministries[card.ministry]
    pen.draw.rounded_rectangle((x, y, x + width, y + height), 30, PAPER, _LINE, 2)
    pen.draw.rounded_rectangle((x, y, x + width, y + 110), 30, _BLUE, corners=(True, True, False, False))
    pen.khmer((x + 36, y + 50), ministry.km, 32, PAPER)
    pen.latin((x + 36, y + 90), ministry.en, 22, PAPER)
    _draw_face(sheet, pen, x + 36, y + 140, photo=folder.photo(number))
    pen.khmer((x + 230, y + 185), card.name_km, 34)
    pen.latin((x + 230, y + 230), card.name_la, 26)
    pen.khmer((x + 230, y + 280), "មានសុពលភាពដល់", 18, PALE)
    pen.latin((x + 230, y + 308), f"valid until {_last_day(card)}", 18, PALE)
    pen.latin((x + 36, y + 430), f"{number[:3]} {number[3:6]} {number[6:]}", 44)
    seal = Image.open(folder.cards / number / "seal.png").convert("RGB")
    sheet.paste(seal.resize((260, 260), Image.Resampling.LANCZOS), (x + width - 284, y + height - 284))
    _caption(pen, x, 600, "The plastic card, with the printed code", "កាតប្លាស្ទិក ជាមួយកូដបោះពុម្ព")


def _draw_face(sheet: Image.Image, pen: Pen, x: int, y: int, *, photo: Path | None) -> None:
    """The photograph that the card is printed with, or nobody's."""
    if photo is not None:
        sheet.paste(Image.open(photo).convert("RGB").resize((165, 220), Image.Resampling.LANCZOS), (x, y))
        return
    pen.draw.rectangle((x, y, x + 165, y + 220), (221, 227, 236))
    pen.draw.ellipse((x + 48, y + 40, x + 117, y + 122), (158, 170, 188))
    pen.draw.pieslice((x + 18, y + 135, x + 147, y + 305), 180, 360, (158, 170, 188))


def _last_day(card: CardView) -> str:
    """As it is printed on the card."""
    return "" if card.valid_until is None else card.valid_until.isoformat()


def _draw_phone(sheet: Image.Image, pen: Pen, folder: Folder) -> None:
    x, y, width, height = 870, 40, 320, 520
    pen.draw.rounded_rectangle((x, y, x + width, y + height), 40, INK)
    pen.draw.rounded_rectangle((x + 10, y + 10, x + width - 10, y + height - 10), 32, PAPER)
    pen.khmer((x + width / 2, y + 70), "កាតមន្ត្រីរាជការ", 24, anchor="ms")
    pen.latin((x + width / 2, y + 98), "Civil servant's card", 18, PALE, anchor="ms")
    code = Image.open(folder.presentations / "live.png").convert("RGB")
    sheet.paste(code.resize((290, 290), Image.Resampling.LANCZOS), (x + 15, y + 120))
    pen.khmer((x + width / 2, y + 450), "បង្ហាញទៅ៖ ច្រកចូលណាមួយ", 20, anchor="ms")
    pen.latin((x + width / 2, y + 480), "shown to: any gate", 17, PALE, anchor="ms")
    _caption(pen, x, 600, "The live code on a phone", "កូដផ្ទាល់លើទូរស័ព្ទ")


def _draw_photograph(sheet: Image.Image, pen: Pen, folder: Folder, outcome: Outcome) -> None:
    x, y = 1260, 60
    photograph = Image.open(folder.presentations / "live-photographed.jpg").convert("RGB")
    sheet.paste(photograph.resize((500, 281), Image.Resampling.LANCZOS), (x, y))
    pen.latin((x, y + 312), "What the camera saw", 20)
    pen.khmer((x + 500, y + 312), "អ្វីដែលកាមេរ៉ាឃើញ", 20, anchor="rs")
    colour, word = _VERDICTS[outcome.verdict]
    pen.draw.rounded_rectangle((x, 400, x + 500, 540), 20, PAPER, colour, 5)
    pen.mark(x + 70, 470, 90, outcome.verdict, colour)
    pen.khmer((x + 140, 452), word, 32, colour)
    pen.latin((x + 140, 486), outcome.verdict.replace("_", " "), 24, colour)
    pen.khmer((x + 140, 520), str(outcome.claims.get("name_km", "")), 20)
    pen.latin((x + 480, 520), str(outcome.claims.get("name_la", "")), 20, anchor="rs")
    _caption(pen, x, 600, "The gate's answer, without a network", "ចម្លើយរបស់ច្រក ដោយគ្មានបណ្ដាញ")


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
