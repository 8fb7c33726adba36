"""Drawing QR codes: sizes, modes, and that each form reads back."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from credential import qr_draw
from credential.errors import CredentialError
from credential.qr_read import read_image
from did.base45 import ALPHABET

BASE45 = ALPHABET.decode("ascii")
LIVE = "MQ1:" + (BASE45 * 8)[:331]


def picture(rows: list[bytes], scale: int = 6) -> bytes:
    """A PNG of dark and light modules, made without the code under test."""
    size = len(rows)
    image = Image.frombytes("L", (size, size), b"".join(bytes(0 if m else 255 for m in row) for row in rows))
    file = BytesIO()
    image.resize((size * scale, size * scale), Image.Resampling.NEAREST).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize(
    ("length", "error", "version"),
    [
        (335, "L", 9),
        (336, "L", 10),
        (395, "L", 10),
        (262, "M", 9),
        (263, "M", 10),
        (25, "L", 1),
        (26, "L", 2),
        (4296, "L", 40),
        (1852, "H", 40),
    ],
)
def test_version_of_alphanumeric_text(length: int, error: str, version: int) -> None:
    """The capacities of ISO/IEC 18004, table 7: a live code of 335 characters is a 9-L."""
    text = "A" * length
    assert qr_draw.version_of(text, error) == version
    assert len(qr_draw.modules(text, error=error, border=0)) == 17 + 4 * version


def test_bytes_take_more_room() -> None:
    """One character outside the alphabet, and the whole text is written in bytes."""
    assert qr_draw.version_of("a" * 230) == 9
    assert qr_draw.version_of("a" * 231) == 10


@pytest.mark.parametrize(("text", "error"), [("A" * 4297, "L"), ("A" * 3392, "M"), ("a" * 2954, "L")])
def test_too_long(text: str, error: str) -> None:
    """What no QR code holds is a typed refusal."""
    with pytest.raises(CredentialError) as refused:
        qr_draw.png(text, error=error)
    assert refused.value.code == "qr_too_long"


@pytest.mark.parametrize(("text", "error"), [("", "L"), ("A", "l"), ("A", ""), ("A\ud800", "L")])
def test_programmer_mistakes(text: str, error: str) -> None:
    """No text, no such level, or no Unicode."""
    with pytest.raises(ValueError, match=r"level|surrogates"):
        qr_draw.modules(text, error=error)


def test_the_segment_is_alphanumeric() -> None:
    """Base45 text takes 11 bits for two characters: with 8 for each these would not fit."""
    assert (len(LIVE), qr_draw.version_of(LIVE)) == (335, 9)
    assert qr_draw.version_of("MQ1:\n" + LIVE[5:]) > 9


@given(st.text(BASE45, min_size=1, max_size=420), st.sampled_from("LMQH"))
@settings(max_examples=25, deadline=None)
def test_png_reads_back(text: str, error: str) -> None:
    """Any text of the alphabet, at every level."""
    assert read_image(qr_draw.png(text, error=error, scale=4)) == [text]


def test_png_scale_and_border() -> None:
    """Black and white, whole pixels a module."""
    image = Image.open(BytesIO(qr_draw.png(LIVE, scale=3, border=2)))
    assert (image.mode, image.size) == ("1", (3 * (53 + 4),) * 2)
    assert qr_draw.png(LIVE) == qr_draw.png(LIVE)


@pytest.mark.parametrize("text", ["https://bank.example/r?u=កខ&é=1", "ក", "lower case", "0123456789" * 40])
def test_other_texts_read_back(text: str) -> None:
    """Whatever else is drawn comes back as the same text."""
    assert read_image(qr_draw.png(text)) == [text]


def test_svg_has_the_same_modules() -> None:
    """The one dark path covers exactly the dark modules, each once."""
    rows = [bytearray(61) for _ in range(61)]
    drawing = qr_draw.svg(LIVE, error="L", unit=0.5)
    [path] = re.findall(r'd="([^"]+)"', drawing)
    pieces = re.findall(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z", path)
    assert "".join(f"M{x} {y}h{n}v1h-{m}z" for x, y, n, m in pieces) == path
    for x, y, width, back in ((int(a), int(b), int(c), int(d)) for a, b, c, d in pieces):
        assert width == back
        assert not any(rows[y][x : x + width])
        rows[y][x : x + width] = b"\1" * width
    assert [bytes(row) for row in rows] == qr_draw.modules(LIVE)
    assert 'width="30.5mm" height="30.5mm" viewBox="0 0 61 61"' in drawing


@pytest.mark.parametrize("text", [LIVE, "MC1:ABC", "A" * 420])
def test_terminal_reads_back(text: str) -> None:
    """Half blocks, light characters on a dark ground; 80 columns are enough for 420 characters."""
    lines = qr_draw.terminal(text).splitlines()
    light = {"█": (1, 1), "▀": (1, 0), "▄": (0, 1), " ": (0, 0)}
    rows = [bytes(1 - light[c][half] for c in line) for line in lines for half in (0, 1)]
    assert all(len(line) == len(lines[0]) <= 80 for line in lines)
    assert read_image(picture(rows[:-1])) == [text]
    assert not any(1 - module for module in rows[-1])  # the half line below stays dark
