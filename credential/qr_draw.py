"""QR codes as PNG, SVG and terminal text. Needs the extra `qr`.

zxing-cpp draws: a third of the time that `qrcode` takes with a fixed mask, and
it tries all eight. `credential/seal_picture.py` makes of it what a printer takes.
"""

from __future__ import annotations

from io import BytesIO
from math import isqrt
from typing import cast

import zxingcpp
from PIL import Image

from credential.errors import CredentialError

QUIET = 4
"""Light modules around a code (ISO/IEC 18004 §9.1)."""
_LEVELS = frozenset("LMQH")
_DARK = bytes((1,)) + bytes(255)
"""zxing-cpp's pixels, 0 for a dark module and 255 for a light one, to 1 and 0."""
_GREY = bytes((255, 0)).ljust(256)
_HALF_BLOCKS = {(0, 0): "█", (0, 1): "▀", (1, 0): "▄", (1, 1): " "}


def version_of(text: str, error: str = "L") -> int:
    """The smallest QR version (1 to 40) that holds `text` at error correction `error`: L, M, Q or H.

    Raises:
        CredentialError: `qr_too_long`.
        ValueError: for an empty text, one that is no Unicode, or an unknown level.
    """
    return (len(modules(text, error=error, border=0)) - 17) // 4


def png(text: str, *, error: str = "L", scale: int = 8, border: int = QUIET) -> bytes:
    """A black-and-white PNG, `scale` pixels a module.

    Raises:
        CredentialError, ValueError: like `version_of`.
    """
    rows = modules(text, error=error, border=border)
    size = len(rows)
    grey = b"".join(rows).translate(_GREY)
    image = Image.frombytes("L", (size, size), grey).convert("1", dither=Image.Dither.NONE)
    file = BytesIO()
    image.resize((size * scale, size * scale), Image.Resampling.NEAREST).save(file, "PNG")
    return file.getvalue()


def svg(text: str, *, error: str = "M", unit: float = 0.4, border: int = QUIET) -> str:
    """An SVG of one path on a white ground, `unit` millimetres a module: for print.

    Raises:
        CredentialError, ValueError: like `version_of`.
    """
    rows = modules(text, error=error, border=border)
    size, width = len(rows), f"{len(rows) * unit:g}mm"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{width}"'
        f' viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
        f'<rect width="{size}" height="{size}" fill="#fff"/><path d="{path(rows)}"/></svg>\n'
    )


def terminal(text: str, *, error: str = "L", border: int = QUIET) -> str:
    """Lines of half blocks, two rows of modules each, for light characters on a dark ground.

    335 alphanumeric characters take 61 columns and 31 lines. On a light ground
    the code is inverted, which most readers take too.

    Raises:
        CredentialError, ValueError: like `version_of`.
    """
    rows = modules(text, error=error, border=border)
    rows.append(bytes(1 for _ in rows))  # the row under the last: nothing
    pairs = zip(rows[0:-1:2], rows[1::2], strict=True)
    return "".join("".join(_HALF_BLOCKS[pair] for pair in zip(*two, strict=True)) + "\n" for two in pairs)


def modules(text: str, *, error: str = "L", border: int = QUIET) -> list[bytes]:
    """The rows of the code, 1 for a dark module, `border` light ones around.

    Raises:
        CredentialError, ValueError: like `version_of`.
    """
    if not text or error not in _LEVELS:
        raise ValueError("a QR code has a text, and a level L, M, Q or H")
    text.encode()  # a lone surrogate is no Unicode: UnicodeEncodeError, which is a ValueError
    try:
        code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=error)
    except ValueError as refusal:
        raise CredentialError("qr_too_long", "the text does not fit into a QR code") from refusal
    # zxing-cpp's stubs do not say that its images are buffers.
    pixels = memoryview(cast("bytes", code.to_image(scale=1, add_quiet_zones=False)))
    count, dark = isqrt(pixels.nbytes), pixels.tobytes().translate(_DARK)
    side, around = bytes(border), [bytes(count + 2 * border)] * border
    rows = (side + dark[start : start + count] + side for start in range(0, count * count, count))
    return [*around, *rows, *around]


def path(rows: list[bytes]) -> str:
    """The dark modules as the data of one SVG path, a module a unit, each run of a row one rectangle."""
    return "".join(f"M{x} {y}h{n}v1h-{n}z" for y, row in enumerate(rows) for x, n in _runs(row))


def _runs(row: bytes) -> list[tuple[int, int]]:
    """Start and length of each run of dark modules."""
    runs, end = [], 0
    while (start := row.find(1, end)) >= 0:
        end = row.find(0, start)
        end = len(row) if end < 0 else end
        runs.append((start, end - start))
    return runs
