"""QR codes as PNG, SVG and terminal text. Needs the extra `qr`.

The mask is fixed: trying all eight costs ten times the drawing, and over the
random-looking characters of Base45 the best mask reads no better (measured).
"""

from __future__ import annotations

from io import BytesIO

import qrcode
from PIL import Image
from qrcode import constants, util

from credential.errors import CredentialError
from did.base45 import ALPHABET

QUIET = 4
"""Light modules around a code (ISO/IEC 18004 §9.1)."""
_LEVELS = {
    "L": constants.ERROR_CORRECT_L,
    "M": constants.ERROR_CORRECT_M,
    "Q": constants.ERROR_CORRECT_Q,
    "H": constants.ERROR_CORRECT_H,
}
_MASK = 0
_ALPHANUMERIC = frozenset(ALPHABET.decode("ascii"))
_GREY = bytes((255, 0)).ljust(256)
_HALF_BLOCKS = {(0, 0): "█", (0, 1): "▀", (1, 0): "▄", (1, 1): " "}


def version_of(text: str, error: str = "L") -> int:
    """The smallest QR version (1 to 40) that holds `text` at error correction `error`: L, M, Q or H.

    Raises:
        CredentialError: `qr_too_long`.
        ValueError: for an empty text or an unknown level.
    """
    if not text or error not in _LEVELS:
        raise ValueError("a QR code has a text, and a level L, M, Q or H")
    data = _data(text)
    bits = 11 * (len(data) // 2) + 6 * (len(data) % 2)
    if data.mode != util.MODE_ALPHA_NUM:
        bits = 8 * len(data)
    for version in range(1, 41):
        needed = 4 + util.length_in_bits(data.mode, version) + bits
        if needed <= util.BIT_LIMIT_TABLE[_LEVELS[error]][version]:
            return version
    raise CredentialError("qr_too_long", "the text does not fit into a QR code")


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
    """An SVG of one path, `unit` millimetres a module: for print.

    Raises:
        CredentialError, ValueError: like `version_of`.
    """
    rows = modules(text, error=error, border=border)
    size, width = len(rows), f"{len(rows) * unit:g}mm"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{width}"'
        f' viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{size}v{size}h-{size}z"/><path d="{path(rows)}"/></svg>\n'
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
    code = qrcode.QRCode(version=version_of(text, error), error_correction=_LEVELS[error], mask_pattern=_MASK)
    code.add_data(_data(text))
    code.make(fit=False)
    side, width = bytes(border), code.modules_count + 2 * border
    around = [bytes(width)] * border
    return [*around, *(side + bytes(row) + side for row in code.modules), *around]


def _data(text: str) -> util.QRData:
    """The one segment: alphanumeric where the alphabet allows it, bytes (UTF-8) otherwise."""
    plain = _ALPHANUMERIC.issuperset(text)
    mode = util.MODE_ALPHA_NUM if plain else util.MODE_8BIT_BYTE
    return util.QRData(text.encode("utf-8"), mode=mode, check_data=False)


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
