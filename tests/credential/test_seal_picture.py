"""A seal as the printer gets it: its size in millimetres and dots, and that it reads back."""

from __future__ import annotations

import re
from io import BytesIO
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from credential import seal_picture
from credential.errors import CredentialError
from credential.qr_read import read_frame, read_image
from credential.seal_picture import modules
from did.base45 import ALPHABET
from examples.photograph import Conditions, photograph

BASE45 = ALPHABET.decode("ascii")
SEALS = st.integers(200, 340).flatmap(lambda n: st.text(BASE45, min_size=n - 4, max_size=n - 4))
LONGEST = "MQ1:" + (BASE45 * 8)[:336]
HURRIED = Conditions(width=640, height=480, pixels=3.8, yaw=12, pitch=-9, roll=8, blur=1.0, noise=8, glare=50)


def seal(length: int, seed: int) -> str:
    """A text like a seal's."""
    draw = Random(seed)
    return "MQ1:" + "".join(draw.choice(BASE45) for _ in range(length - 4))


@given(SEALS)
@settings(max_examples=20)
def test_png_reads_back(rest: str) -> None:
    """Every text a seal can have, in the size it is printed in."""
    text = "MQ1:" + rest
    assert read_image(seal_picture.seal_png(text)) == [text]


@pytest.mark.parametrize(("dpi", "dots"), [(600, 590), (300, 295), (1200, 1181)])
@pytest.mark.parametrize("length", [207, 250, 340])
def test_png_dots(length: int, dpi: int, dots: int) -> None:
    """As many dots as 25 mm hold, black and white; the file tells dots a metre (PNG §11.3.5.3)."""
    file = seal_picture.seal_png(seal(length, 1), dpi=dpi)
    image = Image.open(BytesIO(file))
    assert (image.format, image.mode, image.size) == ("PNG", "1", (dots, dots))
    assert dots / dpi * 25.4 <= 25.0
    density = round(dpi / 0.0254).to_bytes(4, "big")
    assert b"pHYs" + density + density + b"\1" in file


@pytest.mark.parametrize("length", [207, 250, 340])
def test_png_modules_are_whole_dots(length: int) -> None:
    """Each module is one square of one colour, and around them are at least four light ones."""
    text = seal(length, 2)
    rows = modules(text, border=0)
    image = Image.open(BytesIO(seal_picture.seal_png(text, dpi=300))).convert("L")
    scale = 295 // (len(rows) + 8)
    start = (295 - scale * len(rows)) // 2
    assert scale >= 4
    assert start >= 4 * scale
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            left, top = start + x * scale, start + y * scale
            square = image.crop((left, top, left + scale, top + scale))
            assert square.getextrema() == ((0, 0) if dark else (255, 255))
    assert image.crop((0, 0, 295, start)).getextrema() == (255, 255)
    assert image.crop((0, 0, start, 295)).getextrema() == (255, 255)


def test_svg_is_25_millimetres_of_one_path() -> None:
    """The width is in millimetres, the modules are those of the code, and a light ground lies under them."""
    text = seal(207, 3)
    drawing = seal_picture.seal_svg(text)
    rows = [bytearray(57) for _ in range(57)]
    assert re.findall(r"<(\w+)", drawing) == ["svg", "rect", "path"]
    assert 'width="25mm" height="25mm" viewBox="0 0 57 57" shape-rendering="crispEdges"' in drawing
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", drawing):
        rows[int(y)][int(x) : int(x) + int(width)] = b"\1" * int(width)
    assert [bytes(row) for row in rows] == modules(text)
    assert 'width="30.5mm"' in seal_picture.seal_svg(text, width_mm=30.5)


@pytest.mark.parametrize("seed", range(12))
def test_read_by_a_camera(seed: int) -> None:
    """Tilted, blurred, noisy and glaring: many seals, from the shortest to the longest."""
    text = seal(200 + 12 * seed, seed)
    frame = photograph(text, HURRIED, error="M", seed=seed)
    assert read_frame(frame.tobytes(), width=640, height=480) == [text]


def test_read_from_a_smeared_print() -> None:
    """A 300-dpi print of the longest seal, its ink spread by a dot."""
    image = Image.open(BytesIO(seal_picture.seal_png(LONGEST, dpi=300))).convert("L")
    smeared = image.resize((885, 885), Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(3))
    assert read_frame(smeared.tobytes(), width=885, height=885) == [LONGEST]


def test_same_text_same_bytes() -> None:
    """Two drawings are one."""
    text = seal(250, 4)
    assert seal_picture.seal_png(text) == seal_picture.seal_png(text)
    assert seal_picture.seal_svg(text) == seal_picture.seal_svg(text)


def test_too_dense_to_print() -> None:
    """Fewer than four dots a module is a typed refusal, which says nothing of the text."""
    with pytest.raises(CredentialError) as refused:
        seal_picture.seal_png(seal(420, 5), dpi=300, width_mm=20)
    assert refused.value.code == "qr_too_dense"
    assert "MQ1" not in str(refused.value)


def test_too_long() -> None:
    """What no code holds."""
    with pytest.raises(CredentialError) as refused:
        seal_picture.seal_svg("A" * 3392)
    assert refused.value.code == "qr_too_long"


@pytest.mark.parametrize("width", [0, -1, float("inf"), float("nan")])
def test_no_such_width(width: float) -> None:
    """A programmer's mistake."""
    with pytest.raises(ValueError, match="width"):
        seal_picture.seal_svg("A", width_mm=width)


@pytest.mark.parametrize(("dpi", "width"), [(0, 25), (600, 0), (100_000, 25), (600, 1e9)])
def test_no_such_size(dpi: int, width: float) -> None:
    """Nothing is drawn that would fill the memory."""
    with pytest.raises(ValueError, match="dots"):
        seal_picture.seal_png("A", dpi=dpi, width_mm=width)
