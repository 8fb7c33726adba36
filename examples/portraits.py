"""Painted portraits of nobody, for cards of invented people: a seed gives a face."""

from __future__ import annotations

import random
from io import BytesIO

from PIL import Image, ImageDraw, ImageFilter

_GROUNDS = ((196, 214, 232), (212, 222, 230), (186, 204, 224))
_SKINS = ((208, 162, 130), (188, 142, 110), (170, 122, 92), (220, 178, 148))
_HAIRS = ((34, 26, 24), (46, 36, 32), (92, 88, 88), (58, 42, 34))
_CLOTHES = ((52, 62, 88), (70, 74, 82), (96, 60, 58), (44, 74, 66))
_LIPS, _WHITE, _EYES = (156, 78, 76), (246, 246, 248), (40, 28, 24)


def portrait(seed: int, *, width: int = 360, height: int = 480) -> bytes:
    """A JPEG of somebody who does not exist; one seed gives one picture."""
    draw = random.Random(seed)
    skin, hair = draw.choice(_SKINS), draw.choice(_HAIRS)
    image = Image.new("RGB", (width * 2, height * 2), draw.choice(_GROUNDS))
    pen, across, down = ImageDraw.Draw(image), width * 2.0, height * 2.0

    def box(left: float, top: float, right: float, bottom: float) -> tuple[float, float, float, float]:
        return left * across, top * down, right * across, bottom * down

    if draw.random() < 0.5:
        pen.rounded_rectangle(box(0.25, 0.28, 0.75, 0.74), across * 0.18, hair)
    pen.ellipse(box(0.06, 0.72, 0.94, 1.5), draw.choice(_CLOTHES))
    pen.rectangle(box(0.42, 0.58, 0.58, 0.78), tuple(part - 18 for part in skin))
    pen.polygon([(across * x, down * y) for x, y in ((0.40, 0.75), (0.60, 0.75), (0.50, 0.92))], _WHITE)
    pen.ellipse(box(0.27, 0.14, 0.73, 0.60), hair)
    pen.ellipse(box(0.305, 0.21, 0.695, 0.68), skin)
    pen.pieslice(box(0.28, 0.13, 0.72, 0.30 + 0.14 * draw.random()), 180, 360, hair)
    for x in (0.425, 0.575):
        pen.ellipse(box(x - 0.032, 0.418, x + 0.032, 0.446), _WHITE)
        pen.ellipse(box(x - 0.016, 0.417, x + 0.016, 0.446), _EYES)
        pen.arc(box(x - 0.055, 0.38, x + 0.055, 0.43), 200, 340, hair, round(across / 70))
    pen.arc(box(0.42, 0.53, 0.58, 0.59 + 0.02 * draw.random()), 20, 160, _LIPS, round(across / 60))
    pen.line(
        [(across * 0.5, down * 0.46), (across * 0.485, down * 0.525), (across * 0.512, down * 0.53)], _LIPS, 3
    )
    if draw.random() < 0.25:
        for x in (0.425, 0.575):
            pen.ellipse(box(x - 0.06, 0.40, x + 0.06, 0.47), None, _EYES, round(across / 110))
        pen.line([(across * 0.485, down * 0.43), (across * 0.515, down * 0.43)], _EYES, round(across / 110))
    file = BytesIO()
    small = image.filter(ImageFilter.GaussianBlur(1.5)).resize((width, height), Image.Resampling.LANCZOS)
    small.save(file, "JPEG", quality=88)
    return file.getvalue()
