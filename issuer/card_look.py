"""How a ministry's cards look: what is the same on all of them."""

from __future__ import annotations

from dataclasses import dataclass

from credential.codes import Name
from issuer.card_fonts import CardFonts
from issuer.card_text import BREAK, Colour

WIDTH, HEIGHT, DPI = 1012, 638, 300
"""ISO/IEC 7810 ID-1, 85.60 × 53.98 mm, in dots at 300 an inch."""


def dots(millimetres: float) -> int:
    """Whole dots in a length on the card."""
    return int(millimetres / 25.4 * DPI)


@dataclass(frozen=True, slots=True, kw_only=True)
class Colours:
    """Colours that a card printer keeps apart: dark on pale, nothing pure."""

    deep: Colour = (24, 48, 104)
    deeper: Colour = (15, 32, 76)
    accent: Colour = (182, 140, 60)
    ground: Colour = (247, 249, 252)
    wave: Colour = (206, 218, 237)
    gilt: Colour = (237, 224, 194)
    ink: Colour = (20, 26, 40)
    pale: Colour = (86, 98, 120)
    paper: Colour = (255, 255, 255)


TITLE = Name("កាតមន្ត្រីរាជការ", "Civil servant card")
FOUND = Name(
    BREAK.join(
        ("អ្នក", "រើសបាន ", "សូម", "ប្រគល់", "ជូន", "ក្រសួង ", "ឬ", "ប៉ុស្តិ៍", "នគរបាល", "ដែល", "នៅ", "ជិត", "បំផុត។")
    ),
    "If found, please hand it in at the ministry or the nearest police post.",
)
LIMITS = Name(
    BREAK.join(("កាតនេះ", "មិនអាច", "ជំនួស", "អត្តសញ្ញាណប័ណ្ណ", "សញ្ជាតិខ្មែរ", "ក្នុង", "គ្រប់", "កាលៈទេសៈ", "បានឡើយ។")),
    "This card does not replace the national identity card in every circumstance.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardLook:
    """Fonts, colours and the texts that every card of a ministry carries.

    In a Khmer text U+200B says where a line may be broken.
    """

    fonts: CardFonts
    issuer: Name
    title: Name = TITLE
    found: Name = FOUND
    limits: Name = LIMITS
    colours: Colours = Colours()
