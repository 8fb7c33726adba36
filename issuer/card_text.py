"""Khmer and Latin text on a picture, fitted into its box: shrunk, then wrapped, never cut."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

from issuer.card_fonts import Typeface, font

Colour = tuple[int, int, int]

BREAK = "\u200b"
"""Zero-width space: Khmer has no spaces between words, so a text says where it may be broken."""
_KHMER_RUNS = re.compile(
    "[\u1780-\u17ff\u19e0-\u19ff](?:[\u1780-\u17ff\u19e0-\u19ff\u200c\u200d ]*[\u1780-\u17ff\u19e0-\u19ff])?"
)
_WORDS = re.compile(f"[^ {BREAK}]+[ {BREAK}]*")
_COENG = "\u17d2"
_JOINERS = "\u200c\u200d"
_LEAST = 8
"""Pixels: below that a text is drawn at this size and reduced as a picture."""
_WHOLE_DOWN_TO = 0.6
"""A name of a card in Khmer is whole down to 20 dots then, 1.7 mm."""
_MAX_TEXT = 400


class Box(NamedTuple):
    """Pixels of a picture, `right` and `bottom` outside."""

    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How a text is written: at `size` pixels, smaller where needed; on one line down to `shrink_to`."""

    typeface: Typeface
    size: int
    colour: Colour
    shrink_to: int = _LEAST
    align: str = "left"
    line: float = 1.45
    """Line height over size: Khmer stacks signs above and below."""


class _Set(NamedTuple):
    """Lines at a size, and each one's ink around the start of the first base line."""

    lines: tuple[str, ...]
    size: int
    inks: tuple[Box, ...]

    def ink(self) -> Box:
        """The box of them all."""
        lefts, tops, rights, bottoms = zip(*self.inks, strict=True)
        return Box(min(lefts), min(tops), max(rights), max(bottoms))


def write(image: Image.Image, text: str, box: Box, style: Style) -> None:
    """Writes `text` into `box`, in the middle of its height: its ink stays inside, whatever the text.

    One line if it fits at `shrink_to` or more; else as many lines as fit, at the
    largest size that tears no word apart; else smaller. A word is torn only where that
    would be less than `_WHOLE_DOWN_TO` of `shrink_to`. Control characters are left
    out, and what is longer than 400 characters is refused.

    Raises:
        ValueError: for a text of more than 400 characters.
    """
    if len(text) > _MAX_TEXT:
        raise ValueError("a text on a card has at most 400 characters")
    clean = "".join(c for c in text if c in _JOINERS + BREAK or unicodedata.category(c)[0] != "C").strip()
    if not clean:
        return
    width, height = box.right - box.left, box.bottom - box.top
    chosen = (
        _one_line(clean, style, width, height)
        or _wrapped(clean, style, width, height, least=max(_LEAST, round(_WHOLE_DOWN_TO * style.shrink_to)))
        or _wrapped(clean, style, width, height, least=_LEAST, tear=True)
    )
    if chosen:
        _draw(image, chosen, box, style)
    else:
        _reduce(image, clean, box, style)


def width_of(text: str, typeface: Typeface, size: int) -> float:
    """How far `text` advances on one line, in pixels."""
    return sum(face.getlength(run) for run, face in _runs(text, typeface, size))


def _one_line(text: str, style: Style, width: int, height: int) -> _Set | None:
    """The largest size that puts the text on one line, if it is not below `shrink_to`."""
    size = style.size
    while size >= style.shrink_to:
        placed = _set((text,), style, size)
        left, top, right, bottom = placed.ink()
        if right - left <= width and bottom - top <= height:
            return placed
        ratio = min(width / max(1, right - left), height / max(1, bottom - top))
        size = min(size - 1, int(size * ratio) + 1)
    return None


def _wrapped(
    text: str, style: Style, width: int, height: int, *, least: int, tear: bool = False
) -> _Set | None:
    """The largest size down to `least` at which the text fills its box in several lines of whole words."""
    words = [word.strip() for word in _WORDS.findall(text)]
    for size in range(style.size, least - 1, -1):
        if not tear and any(width_of(word, style.typeface, size) > width for word in words):
            continue
        placed = _set(tuple(_wrap(text, style.typeface, size, width)), style, size)
        left, top, right, bottom = placed.ink()
        if right - left <= width and bottom - top <= height:
            return placed
    return None


def _wrap(text: str, typeface: Typeface, size: int, width: int) -> Iterator[str]:
    """Lines no wider than `width`, broken at spaces and `BREAK`s; inside a word only if it is wider alone."""
    line = ""
    for piece in _pieces(text, typeface, size, width):
        if line and width_of((line + piece).strip(), typeface, size) > width:
            yield line.strip()
            line = ""
        line += piece
    if line.strip():
        yield line.strip()


def _pieces(text: str, typeface: Typeface, size: int, width: int) -> Iterator[str]:
    for word in _WORDS.findall(text):
        if width_of(word.strip(), typeface, size) <= width:
            yield word
        else:
            yield from clusters(word)


def clusters(text: str) -> Iterator[str]:
    """What must not be torn apart: a letter with its subscripts, vowels and marks."""
    cluster = ""
    for character in text:
        joined = unicodedata.category(character)[0] == "M" or character in _JOINERS
        if cluster and not joined and not cluster.endswith((_COENG, "\u200d")):
            yield cluster
            cluster = ""
        cluster += character
    if cluster:
        yield cluster


def _runs(text: str, typeface: Typeface, size: int) -> list[tuple[str, ImageFont.FreeTypeFont]]:
    """Khmer in the Khmer font, everything else in the Latin one."""
    runs, end, text = [], 0, text.replace(BREAK, "")
    for match in _KHMER_RUNS.finditer(text):
        if match.start() > end:
            runs.append((text[end : match.start()], font(typeface.latin, size)))
        runs.append((match[0], font(typeface.khmer, size)))
        end = match.end()
    if end < len(text):
        runs.append((text[end:], font(typeface.latin, size)))
    return runs


def _set(lines: tuple[str, ...], style: Style, size: int) -> _Set:
    """The lines with their ink, every one starting at 0."""
    inks = []
    for number, text in enumerate(lines):
        x, base, boxes = 0.0, round(number * size * style.line), []
        for run, face in _runs(text, style.typeface, size):
            left, top, right, bottom = face.getbbox(run, anchor="ls")
            boxes.append((int(x + left) - 1, base + int(top) - 1, int(x + right) + 2, base + int(bottom) + 1))
            x += face.getlength(run)
        lefts, tops, rights, bottoms = zip(*boxes, strict=True)
        inks.append(Box(min(lefts), min(tops), max(rights), max(bottoms)))
    return _Set(lines, size, tuple(inks))


def _draw(image: Image.Image, placed: _Set, box: Box, style: Style) -> None:
    draw = ImageDraw.Draw(image)
    base = _base_line(box, style, placed)
    for number, (text, ink) in enumerate(zip(placed.lines, placed.inks, strict=True)):
        spare = (box.right - box.left) - (ink.right - ink.left)
        # A letter's own room on the left stays, so that lines of any size begin level.
        start = {"left": min(spare, max(0, ink.left)), "centre": spare // 2, "right": spare}[style.align]
        x = float(box.left - ink.left + start)
        for run, face in _runs(text, style.typeface, placed.size):
            draw.text((x, base + round(number * placed.size * style.line)), run, style.colour, face, "ls")
            x += face.getlength(run)


def _base_line(box: Box, style: Style, placed: _Set) -> int:
    """By the size alone, so that neighbours stand level; moved where the ink would leave the box."""
    block, ink = placed.size * (1 + style.line * (len(placed.lines) - 1)), placed.ink()
    base = box.top + round((box.bottom - box.top - block) / 2 + placed.size * 0.82)
    return max(box.top - ink.top, min(base, box.bottom - ink.bottom))


def _reduce(image: Image.Image, text: str, box: Box, style: Style) -> None:
    """The last resort, for what no size fits: drawn on its own and made smaller as a picture."""
    left, top, right, bottom = _set((text,), style, _LEAST).ink()
    mask = Image.new("L", (right - left, bottom - top), 0)
    x, draw = float(-left), ImageDraw.Draw(mask)
    for run, face in _runs(text, style.typeface, _LEAST):
        draw.text((x, -top), run, 255, face, "ls")
        x += face.getlength(run)
    mask.thumbnail((box.right - box.left, box.bottom - box.top), Image.Resampling.LANCZOS)
    image.paste(style.colour, (box.left, box.top), mask)
