"""A photo that somebody sent, as the one form in which the register keeps photos. A door to Pillow.

A file is other people's bytes: its size, pixels and scans are bounded before
anything is decoded, and what else it may carry (EXIF with the place where it
was taken, profiles, thumbnails) is cut off before and never written.
"""

from __future__ import annotations

import warnings
from io import BytesIO

from PIL import Image
from PIL.Image import Transpose
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile

from credential.pixel_data import DAMAGED, START_OF_SCAN, strip_jpeg, strip_png
from issuer.faults import FaultKind
from issuer.sheet_cells import CellError

SIZE = (600, 800)
"""Pixels of a kept photo, 3 by 4."""
MAX_KEPT = 120_000
"""Bytes of a kept photo."""
MAX_BYTES = 10_000_000
MIN_SIDE, MAX_SIDE = 300, 6000
MAX_PIXELS = 40_000_000
SLIMMEST, WIDEST = 0.6, 0.9
"""Width to height of a portrait: 4 × 6 has 0.67, 3 × 4 has 0.75, 35 × 45 has 0.78."""
MAX_SCANS = 50
"""Scans of a progressive JPEG, which usually has ten: each is a pass over all pixels."""
_QUALITIES = (90, 85, 80, 75, 70, 60, 50, 40, 30, 20, 10)
_PNG, _JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
_ORIENTATION = 0x0112
_UPRIGHT = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}
"""EXIF 2.32, 4.6.4, tag 0x0112: what brings the picture upright; from 5 on its sides are exchanged."""
_STRIP = 64
"""Rows that are converted at a time: whole, a picture would be in memory twice."""


def normalised(data: bytes) -> bytes:
    """The photo as a JPEG of 600 × 800 pixels in RGB, at most `MAX_KEPT` bytes, without metadata.

    It is turned upright as its EXIF data says, and cut to 3 by 4 around its centre.

    Raises:
        CellError: `photo_broken`, `photo_too_large`, `photo_too_small`, `photo_animated`,
            `photo_not_portrait`.
    """
    if len(data) > MAX_BYTES:
        raise CellError(FaultKind.PHOTO_TOO_LARGE)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image, turn = _opened(data)
            picture = _fitted(image, turn)
    except DAMAGED as error:
        raise CellError(FaultKind.PHOTO_BROKEN) from error
    for quality in _QUALITIES:
        kept = BytesIO()
        picture.save(kept, "JPEG", quality=quality, optimize=True)
        if kept.tell() <= MAX_KEPT:
            return kept.getvalue()
    raise CellError(FaultKind.PHOTO_BROKEN)


def _opened(data: bytes) -> tuple[Image.Image, Transpose | None]:
    """The picture, not decoded yet, and how it is turned upright."""
    image: Image.Image
    if data.startswith(_PNG):
        if _frames(data) > 1:
            raise CellError(FaultKind.PHOTO_ANIMATED)
        image = PngImageFile(strip_png(data))
    elif data.startswith(_JPEG):
        stripped = strip_jpeg(data)
        if stripped.getvalue().count(START_OF_SCAN) > MAX_SCANS:
            raise CellError(FaultKind.PHOTO_BROKEN)
        image = JpegImageFile(stripped)
    else:
        raise CellError(FaultKind.PHOTO_BROKEN)
    turn = _turn(data)
    width, height = _sides(image.size, turn)
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise CellError(FaultKind.PHOTO_TOO_LARGE)
    if min(width, height) < MIN_SIDE:
        raise CellError(FaultKind.PHOTO_TOO_SMALL)
    if not SLIMMEST <= width / height <= WIDEST:
        raise CellError(FaultKind.PHOTO_NOT_PORTRAIT)
    return image, turn


def _fitted(image: Image.Image, turn: Transpose | None) -> Image.Image:
    """The middle of the picture, 3 by 4, upright, in RGB, as large as photos are kept."""
    if isinstance(image, JpegImageFile):
        image.draft("RGB", _sides(SIZE, turn))  # decodes no more than is needed
    width, height = image.size
    across, down = _sides(SIZE, turn)
    factor = max(1, min(width // across, height // down))
    scale = _brightness(image)
    small = Image.new("RGB", (-(-width // factor), -(-height // factor)))
    for top in range(0, height, _STRIP * factor):
        strip = image.crop((0, top, width, min(top + _STRIP * factor, height)))
        small.paste(_rgb(strip, scale).reduce(factor), (0, top // factor))
    image.close()
    upright = small if turn is None else small.transpose(turn)
    width, height = upright.size
    wide, high = min(width, height * SIZE[0] / SIZE[1]), min(height, width * SIZE[1] / SIZE[0])
    left, above = (width - wide) / 2, (height - high) / 2
    return upright.resize(SIZE, Image.Resampling.LANCZOS, box=(left, above, left + wide, above + high))


def _brightness(image: Image.Image) -> float | None:
    """What takes the shades of a picture with 65,536 of them to 255; convert() would cut them off there."""
    return 255 / 65535 if image.mode == "I;16" else None


def _rgb(image: Image.Image, scale: float | None) -> Image.Image:
    """A part of the picture in RGB, what is transparent on white."""
    if scale is not None:
        image = image.point(lambda value: value * scale + 0).convert("L")
    elif image.has_transparency_data:
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image.convert("RGBA"))
    return image.convert("RGB")


def _sides(size: tuple[int, int], turn: Transpose | None) -> tuple[int, int]:
    return size[::-1] if turn in [_UPRIGHT[way] for way in (5, 6, 7, 8)] else size


def _turn(data: bytes) -> Transpose | None:
    """What EXIF says of how the camera was held; unreadable EXIF data says nothing."""
    exif = Image.Exif()
    try:
        exif.load(_exif(data))
        return _UPRIGHT.get(exif.get(_ORIENTATION, 1))
    except DAMAGED:
        return None


def _exif(data: bytes) -> bytes:
    """The EXIF data of a JPEG (first APP1 segment that has some) or a PNG (chunk eXIf), at most 64 KiB."""
    png = data.startswith(_PNG)
    place, header = (8, b"") if png else (2, b"Exif\0\0")
    for _ in range(100):
        if png:
            size, kind = int.from_bytes(data[place : place + 4], "big"), data[place + 4 : place + 8]
            start, end = place + 8, place + 12 + size
            found, over = kind == b"eXIf", kind in (b"", b"IDAT")
        else:
            size = int.from_bytes(data[place + 2 : place + 4], "big")
            start, end = place + 4, place + 2 + size
            found = data[place : place + 2] == b"\xff\xe1" and data[start : start + 6] == header
            over = data[place : place + 2] == START_OF_SCAN or size < 2
        if found:
            return b"Exif\0\0" + data[start + len(header) : min(start + size, start + 0xFFFF)]
        if over:
            break
        place = end
    return b""


def _frames(data: bytes) -> int:
    """The frames of an animated PNG (chunk acTL, which stands before the first IDAT), or 1."""
    place = data.find(b"acTL", 8, max(8, data.find(b"IDAT")))
    return 1 if place < 0 else int.from_bytes(data[place + 4 : place + 8], "big")
