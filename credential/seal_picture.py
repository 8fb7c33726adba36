"""A seal's QR code as a printer takes it: SVG in millimetres, PNG in dots. Needs the extra `qr`.

Error correction M, and the quiet zone lies inside the width. A module is a
whole number of dots, four at least: below that a card printer smears it.

zxing-cpp makes the modules here, where hundreds of thousands are drawn: a third
of the time of `qrcode` with a fixed mask, and it tries all eight.
"""

from __future__ import annotations

from io import BytesIO
from math import isqrt
from typing import cast

import zxingcpp
from PIL import Image

from credential.errors import CredentialError
from credential.qr_draw import QUIET, path

WIDTH_MM = 25.0
"""How wide the code is printed, its quiet zone included."""
DPI = 600
LEAST_DOTS = 4
"""Printer dots a module."""
_LEVEL = "M"
_INCH_MM = 25.4
_MAX_DOTS = 4096
_GREY = bytes((255, 0)).ljust(256)
_DARK = bytes((1,)) + bytes(255)
"""zxing-cpp's pixels, 0 for a dark module and 255 for a light one, to 1 and 0."""


def seal_svg(text: str, *, width_mm: float = WIDTH_MM) -> str:
    """The code as an SVG of one path on a white ground, `width_mm` millimetres wide and high.

    Raises:
        CredentialError: `qr_too_long`.
        ValueError: for an empty text, or a width that is not above 0.
    """
    if not 0 < width_mm < float("inf"):
        raise ValueError("a width is above 0 millimetres")
    rows = modules(text, border=QUIET)
    size = len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width_mm:g}mm" height="{width_mm:g}mm"'
        f' viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
        f'<rect width="{size}" height="{size}" fill="#fff"/><path d="{path(rows)}"/></svg>\n'
    )


def seal_png(text: str, *, dpi: int = DPI, width_mm: float = WIDTH_MM) -> bytes:
    """The code as a PNG of black and white, at `dpi` dots an inch, which the file says itself.

    It is as many dots wide as fit into `width_mm`, 590 by default; what the
    modules leave of them widens the quiet zone evenly.

    Raises:
        CredentialError: `qr_too_long`; `qr_too_dense` where a module would have
            fewer than four dots.
        ValueError: for an empty text, or a size outside 1 to 4096 dots.
    """
    image = seal_image(text, dots=int(width_mm / _INCH_MM * dpi))
    file = BytesIO()
    image.save(file, "PNG", dpi=(dpi, dpi))
    return file.getvalue()


def seal_image(text: str, *, dots: int) -> Image.Image:
    """The code in black and white (mode `1`), `dots` wide and high, a module a whole number of them.

    Raises:
        CredentialError, ValueError: like `seal_png`.
    """
    if not 1 <= dots <= _MAX_DOTS:
        raise ValueError("a picture is 1 to 4096 dots wide")
    rows = modules(text, border=0)
    count = len(rows)
    scale = dots // (count + 2 * QUIET)
    if scale < LEAST_DOTS:
        raise CredentialError("qr_too_dense", "a module would have fewer than four dots: print it wider")
    small = Image.frombytes("L", (count, count), b"".join(rows).translate(_GREY))
    code = small.convert("1", dither=Image.Dither.NONE).resize((count * scale,) * 2, Image.Resampling.NEAREST)
    image = Image.new("1", (dots, dots), 1)
    image.paste(code, ((dots - code.width) // 2,) * 2)
    return image


def modules(text: str, *, border: int = QUIET) -> list[bytes]:
    """The rows of the code, 1 for a dark module, with so many light modules around it.

    Raises:
        CredentialError: `qr_too_long`.
        ValueError: for an empty text, or one that is no Unicode.
    """
    if not text:
        raise ValueError("a QR code has a text")
    text.encode()  # a lone surrogate is no Unicode: UnicodeEncodeError, which is a ValueError
    try:
        code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=_LEVEL)
    except ValueError as refusal:
        raise CredentialError("qr_too_long", "the text does not fit into a QR code") from refusal
    # zxing-cpp's stubs do not say that its images are buffers.
    pixels = memoryview(cast("bytes", code.to_image(scale=1, add_quiet_zones=False)))
    count, dark = isqrt(pixels.nbytes), pixels.tobytes().translate(_DARK)
    side, around = bytes(border), [bytes(count + 2 * border)] * border
    rows = (side + dark[start : start + count] + side for start in range(0, count * count, count))
    return [*around, *rows, *around]
