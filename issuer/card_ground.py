"""What lies under the text of a card: calm guilloches, drawn by the rule and the same every time."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import cos, pi, sin

from PIL import Image, ImageDraw

from issuer.card_look import HEIGHT, WIDTH, Colours
from issuer.card_text import Box, Colour

HEADER, FOOTER, BACK_STRIP = 124, 616, 26
"""Where the coloured strips end and begin, in dots from the top."""
EMBLEM = (80, 62, 46)
"""Centre and radius of the rosette in the header."""
_FINE = 3
"""Lines are drawn three times as large and reduced: Pillow draws without smoothing."""
_TONES = 48
"""Few tones make the picture a quarter smaller and faster to write; the eye does not see it."""


@lru_cache(maxsize=8)
def front(colours: Colours) -> Image.Image:
    """The ground of the front, `WIDTH` × `HEIGHT`, RGB. Copy it before drawing on it."""
    image = Image.new("RGB", (WIDTH * _FINE, HEIGHT * _FINE), colours.ground)
    draw = ImageDraw.Draw(image)
    _waves(draw, colours.wave, middle=566, height=62, lines=12, turns=1.6)
    _waves(draw, colours.gilt, middle=588, height=36, lines=8, turns=2.3)
    _rosette(draw, (866, 318), 214, colours.wave, lines=13, petals=9, depth=0.30)
    _rosette(draw, (866, 318), 104, colours.gilt, lines=8, petals=9, depth=0.42)
    _strip(draw, Box(0, 0, WIDTH, HEADER), colours.deep)
    _header_lines(image, colours)
    _rosette(draw, EMBLEM[:2], EMBLEM[2], colours.accent, lines=8, petals=8, depth=0.34, width=2)
    _strip(draw, Box(0, HEADER, WIDTH, HEADER + 5), colours.accent)
    _strip(draw, Box(0, FOOTER, WIDTH, HEIGHT), colours.deep)
    _strip(draw, Box(0, FOOTER - 3, WIDTH, FOOTER), colours.accent)
    return _finished(image)


@lru_cache(maxsize=8)
def back(colours: Colours) -> Image.Image:
    """The ground of the back, like `front`."""
    image = Image.new("RGB", (WIDTH * _FINE, HEIGHT * _FINE), colours.ground)
    draw = ImageDraw.Draw(image)
    _waves(draw, colours.wave, middle=540, height=80, lines=12, turns=1.4)
    _waves(draw, colours.gilt, middle=566, height=44, lines=8, turns=2.1)
    _rosette(draw, (250, 300), 230, colours.wave, lines=13, petals=9, depth=0.30)
    _rosette(draw, (250, 300), 112, colours.gilt, lines=8, petals=9, depth=0.42)
    _strip(draw, Box(0, 0, WIDTH, BACK_STRIP), colours.deep)
    _strip(draw, Box(0, BACK_STRIP, WIDTH, BACK_STRIP + 4), colours.accent)
    _strip(draw, Box(0, FOOTER, WIDTH, HEIGHT), colours.deep)
    _strip(draw, Box(0, FOOTER - 3, WIDTH, FOOTER), colours.accent)
    return _finished(image)


def _waves(
    draw: ImageDraw.ImageDraw, colour: Colour, *, middle: int, height: int, lines: int, turns: float
) -> None:
    """A bundle of curves across the card that comes together and opens again."""
    for line in range(lines):
        phase = pi * line / lines
        points = []
        for x in range(-8, WIDTH + 9, 8):
            t = 2 * pi * turns * x / WIDTH
            opening = 0.55 + 0.45 * cos(t / 2 + 0.6)
            points.append((x, middle + height * opening * sin(t + 2 * phase) * cos(phase / 2)))
        _line(draw, points, colour)


def _rosette(
    draw: ImageDraw.ImageDraw,
    centre: tuple[int, int],
    radius: float,
    colour: Colour,
    *,
    lines: int,
    petals: int,
    depth: float,
    width: int = 3,
) -> None:
    """Waves around a circle, each turned a little against the last."""
    steps = 60 * petals
    for line in range(lines):
        turn, size = 2 * pi * line / lines, radius * (1 - 0.035 * line)
        points = []
        for step in range(steps + 1):
            angle = 2 * pi * step / steps
            reach = size * (1 - depth / 2 + depth / 2 * cos(petals * angle + turn))
            points.append((centre[0] + reach * cos(angle), centre[1] + reach * sin(angle)))
        _line(draw, points, colour, width)


def _header_lines(image: Image.Image, colours: Colours) -> None:
    """The same waves in the header, a shade off its colour."""
    shade = tuple(round(c + (255 - c) * 0.10) for c in colours.deep)
    layer = Image.new("RGB", (image.width, HEADER * _FINE), colours.deep)
    draw = ImageDraw.Draw(layer)
    _waves(draw, (shade[0], shade[1], shade[2]), middle=66, height=56, lines=14, turns=1.2)
    image.paste(layer, (0, 0))


def _strip(draw: ImageDraw.ImageDraw, box: Box, colour: Colour) -> None:
    left, top, right, bottom = (edge * _FINE for edge in box)
    draw.rectangle((left, top, right - 1, bottom - 1), colour)


def _line(
    draw: ImageDraw.ImageDraw, points: Sequence[tuple[float, float]], colour: Colour, width: int = 3
) -> None:
    draw.line([(x * _FINE, y * _FINE) for x, y in points], colour, width, joint="curve")


def _finished(image: Image.Image) -> Image.Image:
    small = image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    return small.quantize(_TONES, dither=Image.Dither.NONE).convert("RGB")
