"""A portrait without what a camera writes beside it: places, times, devices, names, a second picture.

A bank needs the pixels, and which side is up; it gets no more.
"""

from __future__ import annotations

from credential import pixel_data
from issuer.batch import MAX_PHOTO, check_picture, photo_suffix
from issuer.errors import IssuerError

_EXIF = b"Exif\0\0"
_ORIENTATION, _SHORT = 0x0112, 3
_APP1 = 0xE1


def without_metadata(photo: bytes) -> bytes:
    """The JPEG or PNG `photo` with its pixels as they were; of a JPEG's EXIF only its orientation stays.

    Colour profiles go too: what is printed is taken to be sRGB.

    Raises:
        IssuerError: `bad_picture`.
    """
    check_picture("photo", photo)
    try:
        if photo_suffix(photo) == "png":
            return pixel_data.strip_png(photo).getvalue()
        stripped = pixel_data.strip_jpeg(photo).getvalue()
        turned = orientation(photo)
    except (ValueError, IndexError) as error:
        raise IssuerError("bad_picture", "photo: the file is damaged") from error
    if turned != 1:
        stripped = stripped[:2] + _orientation_segment(turned) + stripped[2:]
    check_picture("photo", stripped[: MAX_PHOTO + 1])
    return stripped


def orientation(jpeg: bytes) -> int:
    """How the picture has to be turned, 1 to 8 (Exif 2.32, table 6); 1, upright, where nothing says so."""
    place = 2
    for _ in range(pixel_data.MAX_CHUNKS):
        if jpeg[place : place + 1] != b"\xff" or jpeg[place : place + 2] == pixel_data.START_OF_SCAN:
            break
        if jpeg[place + 1] == 0xFF:  # a fill byte
            place += 1
            continue
        end = place + 2 + int.from_bytes(jpeg[place + 2 : place + 4], "big")
        if jpeg[place + 1] == _APP1 and jpeg.startswith(_EXIF, place + 4):
            return _of_tiff(jpeg[place + 10 : end])
        place = end
    return 1


def _of_tiff(tiff: bytes) -> int:
    """The orientation in the first directory of a TIFF header (TIFF 6.0 §2)."""
    order = {b"II*\0": "little", b"MM\0*": "big"}.get(tiff[:4])
    if order is None:
        return 1

    def number(place: int, size: int) -> int:
        return int.from_bytes(tiff[place : place + size], "little" if order == "little" else "big")

    first = number(4, 4)
    for entry in range(min(number(first, 2), 100)):
        place = first + 2 + 12 * entry
        if number(place, 2) == _ORIENTATION and number(place + 2, 2) == _SHORT:
            value = number(place + 8, 2)
            return value if 1 <= value <= 8 else 1
    return 1


def _orientation_segment(value: int) -> bytes:
    """An EXIF segment with this one entry."""
    entry = b"".join(number.to_bytes(size, "big") for number, size in
                     ((_ORIENTATION, 2), (_SHORT, 2), (1, 4), (value, 2), (0, 2)))  # fmt: skip
    tiff = b"MM\0*" + (8).to_bytes(4, "big") + (1).to_bytes(2, "big") + entry + bytes(4)
    body = _EXIF + tiff
    return b"\xff\xe1" + (2 + len(body)).to_bytes(2, "big") + body
