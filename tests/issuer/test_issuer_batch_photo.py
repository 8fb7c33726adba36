"""Portraits without what a camera or a person wrote beside the pixels."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from batch_desk import photo
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps
from PIL.PngImagePlugin import PngInfo

from did import IdentityError
from issuer.batch_photo import orientation, without_metadata
from issuer.errors import IssuerError

SECRET = b"born 1980-01-01, 0012345678"


def pixels(data: bytes) -> tuple[tuple[int, int], bytes]:
    """Size and pixels as a viewer shows them, turned as the file says."""
    with Image.open(BytesIO(data)) as image:
        shown = ImageOps.exif_transpose(image)
        return shown.size, shown.convert("RGB").tobytes()


def exif(turned: int | None = None, **more: Any) -> bytes:
    """EXIF as a phone writes it: a place, a remark, perhaps how the picture is turned."""
    made = Image.Exif()
    made[0x010E] = SECRET.decode()
    made.get_ifd(0x8825)[2] = (11.0, 33.0, 20.0)
    if turned is not None:
        made[0x0112] = turned
    return made.tobytes()


@pytest.mark.parametrize("turned", [None, *range(1, 9)])
@pytest.mark.parametrize("progressive", [False, True])
def test_jpeg(turned: int | None, progressive: bool) -> None:
    """The same picture, the same way up, without the remarks and without the place."""
    given = photo(1, exif=exif(turned), comment=SECRET, progressive=progressive, icc_profile=SECRET * 9)
    assert SECRET in given
    got = without_metadata(given)
    assert pixels(got) == pixels(given)
    assert SECRET not in got
    assert orientation(got) == orientation(given) == (turned or 1)
    assert dict(Image.open(BytesIO(got)).getexif()) == ({0x0112: turned} if turned not in (None, 1) else {})
    assert without_metadata(got) == got


def test_what_follows_the_picture() -> None:
    """A second picture or a film behind it is left out."""
    clean = without_metadata(photo(1))
    assert without_metadata(photo(1) + SECRET + photo(2)) == clean


def test_png() -> None:
    """Texts, times and EXIF go, and what is behind the end."""
    info = PngInfo()
    info.add_text("Comment", SECRET.decode())
    info.add_itxt("Author", SECRET.decode())
    file = BytesIO()
    with Image.open(BytesIO(photo(1, suffix="PNG"))) as image:
        image.save(file, "PNG", pnginfo=info, exif=exif())
    assert SECRET in file.getvalue()
    got = without_metadata(file.getvalue())
    assert SECRET not in got
    assert pixels(got)[1] == pixels(photo(1, suffix="PNG"))[1]


@pytest.mark.parametrize("order", [b"II*\0", b"MM\0*", b"XX\0\0", b""])
@pytest.mark.parametrize("rest", [b"", b"\xff" * 40, bytes(40), b"\0\0\0\x08" + b"\xff" * 9])
def test_odd_exif(order: bytes, rest: bytes) -> None:
    """It says nothing, and harms nothing."""
    body = b"Exif\0\0" + order + rest
    segment = b"\xff\xe1" + (2 + len(body)).to_bytes(2, "big") + body
    got = photo(1)[:2] + segment + photo(1)[2:]
    assert pixels(without_metadata(got)) == pixels(photo(1))


def outcome(data: bytes) -> str:
    """A refusal's code, or `stripped` for a file no longer than it was, but for an orientation."""
    try:
        return "stripped" if len(without_metadata(data)) <= len(data) + 36 else "longer"
    except IdentityError as error:
        return error.code


@given(st.binary(max_size=300), st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"]))
def test_any_bytes(rest: bytes, beginning: bytes) -> None:
    """They are refused by name, or come out as a file no longer than they were and an orientation."""
    assert outcome(beginning + rest) in ("bad_picture", "stripped")


@given(st.data())
def test_cut_and_changed_photos(data: st.DataObject) -> None:
    """The same for what was a photo."""
    given = bytearray(photo(1, exif=exif(6)))
    given[data.draw(st.integers(3, len(given) - 1))] ^= data.draw(st.integers(0, 255))
    assert outcome(bytes(given[: data.draw(st.integers(3, len(given)))])) in ("bad_picture", "stripped")


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"<svg ", b"\xff\xd8", b"BM" + bytes(100)])
def test_no_photo(data: bytes) -> None:
    """Other files are refused."""
    with pytest.raises(IssuerError) as caught:
        without_metadata(data)
    assert caught.value.code == "bad_picture"
