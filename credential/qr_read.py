"""Reading QR codes from image files and camera frames. Needs the extra `qr`.

Images are other people's bytes: size and format are bounded before anything
is decoded, and only PNG and JPEG are opened at all.
"""

from __future__ import annotations

import warnings
from itertools import product
from pathlib import Path

import zxingcpp
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile

from credential.errors import CredentialError
from credential.pixel_data import DAMAGED, START_OF_SCAN, strip_jpeg, strip_png

MAX_BYTES = 20_000_000
MAX_PIXELS = 50_000_000
"""A phone's largest photograph has 50 million pixels."""
MAX_SIDE = 50_000
"""Pixels: a decoder and the search take long for what is all width."""
MAX_MEMORY = 85_000_000
"""Bytes for a file and its pixels while they are decoded."""
MAX_SEARCHED = 2_500_000
"""Pixels that are searched for codes; a larger image is reduced. One full of finder patterns takes long."""
MAX_SCANS = 50
"""Scans of a progressive JPEG, which usually has ten: a few bytes make the decoder pass over all pixels."""
_QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])

_STORED = {"1": 1, "L": 1, "P": 1, "I;16": 2}
"""Bytes that Pillow keeps for a pixel, where they are not 4."""
_TILE = 128
"""Side of the squares that are converted one by one: whole, the image would be in memory three times."""
_MONTREY = ("MQ", "MC1:", "MS1:")


def read_image(source: Path | str | bytes) -> list[str]:
    """The texts of the QR codes in a PNG or JPEG, given by its path or its bytes; empty when none is found.

    Montrey's codes come first, whatever else is in the picture. Of a file with
    several images the first one is read. It takes at most 150 MB in all.

    Raises:
        CredentialError: `unreadable_image` when there is no such file, or it
            is no PNG or JPEG, is damaged, or is larger than the bounds.
    """
    try:
        data = source if isinstance(source, bytes) else _read_file(Path(source))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about EXIF data, which nobody reads here
            return _texts(zxingcpp.read_barcodes(_grey(data), _QR, text_mode=zxingcpp.TextMode.Plain))
    except DAMAGED as error:
        raise _unreadable("no PNG or JPEG, or a damaged one") from error


def read_frame(
    grey: bytes | bytearray | memoryview, *, width: int, height: int, enlarged: bool = False
) -> list[str]:
    """The texts of the QR codes in a camera frame: `width` × `height` bytes, one a pixel, row by row.

    Light codes on a dark ground are not looked for: that would double the time.
    `enlarged` looks at twice the size, for a code that is small or blurred in
    its frame; it takes about five times as long.

    Raises:
        ValueError: when the buffer has another size.
    """
    if width < 1 or len(grey) != width * height or len(grey) > MAX_PIXELS:
        raise ValueError("a frame is width × height bytes")
    pixels: memoryview | Image.Image = memoryview(grey).cast("B", (height, width))
    if enlarged:
        small = Image.frombytes("L", (width, height), bytes(grey))
        pixels = small.resize((2 * width, 2 * height), Image.Resampling.BICUBIC)
    return _texts(zxingcpp.read_barcodes(pixels, _QR, text_mode=zxingcpp.TextMode.Plain, try_invert=False))


def _texts(found: list[zxingcpp.Barcode]) -> list[str]:
    texts = [str(code.text) for code in found if code.valid]
    return sorted(texts, key=lambda text: not text.startswith(_MONTREY))


def _read_file(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise _unreadable("no such file, or no right to read it") from error


def _grey(data: bytes) -> Image.Image:
    """The image in shades of grey, what is transparent on white, reduced to what is searched."""
    if len(data) > MAX_BYTES:
        raise _unreadable("the file is larger than allowed")
    # The format's own class: Image.open would try others, and warn of large images instead of refusing.
    image, held = _open_png(data) if data[:1] == b"\x89" else _open_jpeg(data)
    if held + image.width * image.height * _STORED.get(image.mode, 4) + 3 * len(data) > MAX_MEMORY:
        raise _unreadable("the image needs more memory than allowed")
    factor, width, height = _factor(image), image.width, image.height
    scale = _scale(image)
    searched = Image.new("L", (-(-width // factor), -(-height // factor)))
    step = _TILE * factor
    for top, left in product(range(0, height, step), range(0, width, step)):
        tile = image.crop((left, top, min(left + step, width), min(top + step, height)))
        searched.paste(_shades(tile, scale).reduce(factor), (left // factor, top // factor))
    return searched


def _scale(image: Image.Image) -> float | None:
    """What takes the shades of an image with 65,536 of them to 255; convert() would cut them off there."""
    if image.mode != "I;16":
        return None
    match image.getextrema():
        case _, int(brightest):
            return 255 / max(1, brightest)
    return None


def _shades(image: Image.Image, scale: float | None) -> Image.Image:
    """A part of the image in 256 shades of grey."""
    if scale is not None:
        image = image.point(lambda value: value * scale + 0)
    elif image.has_transparency_data:
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image.convert("RGBA"))
    return image.convert("L")


def _open_png(data: bytes) -> tuple[PngImageFile, int]:
    image = PngImageFile(strip_png(data))
    _check_pixels(image)
    return image, 0


def _open_jpeg(data: bytes) -> tuple[JpegImageFile, int]:
    """The image, to be decoded no larger than needed, and the bytes that its coefficients take."""
    file = strip_jpeg(data)
    scans = file.getvalue().count(START_OF_SCAN)
    if scans > MAX_SCANS:
        raise _unreadable("the image has more scans than allowed")
    image = JpegImageFile(file)
    _check_pixels(image)
    held = 0
    if (
        scans > 1 or "progressive" in image.info
    ):  # the decoder keeps two bytes for each sample until the last scan
        widest = max(across for _, across, _, _ in image.layer) * max(down for _, _, down, _ in image.layer)
        samples = sum(across * down for _, across, down, _ in image.layer)
        held = 2 * image.width * image.height * samples // widest
    factor = _factor(image)
    image.draft("L", (max(1, image.width // factor), max(1, image.height // factor)))
    return image, held


def _check_pixels(image: Image.Image) -> None:
    if image.width * image.height > MAX_PIXELS or max(image.size) > MAX_SIDE:
        raise _unreadable("the image has more pixels than allowed")


def _factor(image: Image.Image) -> int:
    """By how much the image is reduced before it is searched."""
    factor = 1
    while image.width * image.height > MAX_SEARCHED * factor * factor:
        factor += 1
    return factor


def _unreadable(message: str) -> CredentialError:
    return CredentialError("unreadable_image", message)
