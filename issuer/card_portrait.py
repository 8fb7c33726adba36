"""The photograph on a card, cut to its frame; or nobody's, where there is none."""

from __future__ import annotations

import warnings
from functools import lru_cache

from PIL import Image, ImageDraw
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile

from credential.pixel_data import DAMAGED, START_OF_SCAN, strip_jpeg, strip_png
from issuer.errors import IssuerError

MAX_BYTES = 5_000_000
MAX_PIXELS = 12_000_000
"""A phone's photograph; a passport photograph has half a million."""
MAX_SCANS = 50
_PAPER, _SHADE, _FIGURE = (232, 237, 245), (214, 222, 235), (150, 164, 188)
_FACE_HEIGHT = 0.42
"""Where the middle of a cut lies: a face is above the middle of a portrait."""


def portrait(photo: bytes, size: tuple[int, int]) -> Image.Image:
    """A PNG or JPEG as an RGB picture of `size` pixels: reduced until it fills it, and the rest cut off.

    Raises:
        IssuerError: `unusable_photo` when it is no PNG or JPEG, is damaged, or
            has more than 5 MB or 12 million pixels.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about EXIF data, which is not read
            image = _opened(photo, size)
            return _filling(image, size)
    except DAMAGED as error:
        raise IssuerError(
            "unusable_photo", "the photograph is no PNG or JPEG, or a damaged one: ask for another"
        ) from error


@lru_cache(maxsize=4)
def silhouette(size: tuple[int, int]) -> Image.Image:
    """Head and shoulders of nobody, drawn four times as large and reduced. Not to be drawn on."""
    width, height = size[0] * 4, size[1] * 4
    image = Image.new("RGB", (width, height), _PAPER)
    draw = ImageDraw.Draw(image)
    draw.ellipse((width * 0.02, height * 0.10, width * 0.98, height * 0.90), _SHADE)
    draw.ellipse((width * 0.10, height * 0.66, width * 0.90, height * 1.40), _FIGURE)
    draw.rounded_rectangle((width * 0.41, height * 0.50, width * 0.59, height * 0.74), width * 0.08, _FIGURE)
    draw.ellipse((width * 0.30, height * 0.20, width * 0.70, height * 0.60), _FIGURE)
    return image.resize(size, Image.Resampling.LANCZOS)


def _opened(photo: bytes, size: tuple[int, int]) -> Image.Image:
    """The format's own class, as `Image.open` would try others; a JPEG is decoded no larger than needed."""
    if len(photo) > MAX_BYTES:
        raise _too_large()
    if photo[:1] == b"\x89":
        png = PngImageFile(strip_png(photo))
        _check(png)
        return png
    file = strip_jpeg(photo)
    if file.getvalue().count(START_OF_SCAN) > MAX_SCANS:
        raise _too_large()
    jpeg = JpegImageFile(file)
    _check(jpeg)
    jpeg.draft("RGB", size)
    return jpeg


def _check(image: Image.Image) -> None:
    if image.width * image.height > MAX_PIXELS:
        raise _too_large()


def _filling(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The part of the image that has the frame's shape, reduced to it."""
    scale = max(size[0] / image.width, size[1] / image.height)
    width, height = size[0] / scale, size[1] / scale
    left, top = (image.width - width) / 2, (image.height - height) * _FACE_HEIGHT
    if image.has_transparency_data:
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image.convert("RGBA"))
    part = (left, top, min(left + width, image.width), min(top + height, image.height))
    return image.convert("RGB").resize(size, Image.Resampling.LANCZOS, part, reducing_gap=2.0)


def _too_large() -> IssuerError:
    return IssuerError(
        "unusable_photo", "the photograph has more than 5 MB or 12 million pixels: make it smaller"
    )
