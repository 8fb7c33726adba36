"""Reading QR codes from image files and camera frames. Needs the extra `qr`.

Images are other people's bytes: size and format are bounded before anything
is decoded, and only PNG and JPEG are opened at all.
"""

from __future__ import annotations

import struct
import warnings
from io import BytesIO
from pathlib import Path

import zxingcpp
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile

from credential.errors import CredentialError

MAX_BYTES = 20_000_000
MAX_PIXELS = 50_000_000
"""A phone's largest photograph has 50 million pixels."""
MAX_SEARCHED = 2_500_000
"""Pixels that are searched for codes; a larger image is reduced. One full of finder patterns takes long."""
MAX_SCANS = 50
"""Scans of a progressive JPEG, which usually has ten: a few bytes make the decoder pass over all pixels."""
_QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])

_DAMAGED = (
    ArithmeticError,
    AssertionError,
    EOFError,
    LookupError,
    OSError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
)
"""What Pillow raises for damaged files, each seen in its source or by fuzzing."""


def read_image(source: Path | str | bytes) -> list[str]:
    """The texts of the QR codes in a PNG or JPEG, given by its path or its bytes; empty when none is found.

    Raises:
        CredentialError: `unreadable_image` when there is no such file, or it
            is no PNG or JPEG, is damaged, or is larger than the bounds.
    """
    data = source if isinstance(source, bytes) else _read_file(Path(source))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about EXIF data, which nobody reads here
            return _texts(zxingcpp.read_barcodes(_grey(data), _QR, text_mode=zxingcpp.TextMode.Plain))
    except _DAMAGED as error:
        raise _unreadable("no PNG or JPEG, or a damaged one") from error


def read_frame(grey: bytes | bytearray | memoryview, *, width: int, height: int) -> list[str]:
    """The texts of the QR codes in a camera frame: `width` × `height` bytes, one a pixel, row by row.

    Light codes on a dark ground are not looked for: that would double the time.

    Raises:
        ValueError: when the buffer has another size.
    """
    if width < 1 or len(grey) != width * height or len(grey) > MAX_PIXELS:
        raise ValueError("a frame is width × height bytes")
    pixels = memoryview(grey).cast("B", (height, width))
    return _texts(zxingcpp.read_barcodes(pixels, _QR, text_mode=zxingcpp.TextMode.Plain, try_invert=False))


def _texts(found: list[zxingcpp.Barcode]) -> list[str]:
    return [str(code.text) for code in found if code.valid]


def _read_file(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise _unreadable("no such file, or no right to read it") from error


def _grey(data: bytes) -> Image.Image:
    """The image in shades of grey, what is transparent on white."""
    if len(data) > MAX_BYTES:
        raise _unreadable("the file is larger than allowed")
    if (
        data.count(b"\xff\xda") > MAX_SCANS
    ):  # start of scan: inside coded data no such pair occurs (T.81 §B.1.1.5)
        raise _unreadable("the image has more scans than allowed")
    # The format's own class: Image.open would try others, and warn of large images instead of refusing.
    image = PngImageFile(BytesIO(data)) if data[:1] == b"\x89" else JpegImageFile(BytesIO(data))
    if image.width * image.height > MAX_PIXELS:
        raise _unreadable("the image has more pixels than allowed")
    factor = 1
    while image.width * image.height > MAX_SEARCHED * factor * factor:
        factor += 1
    if image.has_transparency_data:
        small = image.convert("RGBA").reduce(factor)
        return Image.alpha_composite(Image.new("RGBA", small.size, "white"), small).convert("L")
    image.draft("L", image.size)  # a JPEG need not decode its colours
    return image.convert("L").reduce(factor)


def _unreadable(message: str) -> CredentialError:
    return CredentialError("unreadable_image", message)
