"""Card faces: sizes, the seal read back, ink that stays in its box, photographs, days."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from issuer_faces import LONGEST, NAMES, face, look, photograph
from PIL import Image, ImageChops

from credential.errors import CredentialError
from credential.qr_read import read_image
from issuer import card_days, card_face, card_text, civil_days
from issuer.card_face import NAME_KM, NAME_LA, PHOTO, SEAL, CardFace, Side, draw, grouped, picture
from issuer.card_fonts import Typeface, find_fonts
from issuer.card_text import Box, Style, clusters, width_of, write
from issuer.errors import IssuerError

LOOK = look()
HOSTILE = (
    "\u202e\u202d\u2066SOK\u2069 abc",
    "Z" + "\u0301\u0323\u0336" * 13,
    "ក" + "\u17d2\u1780" * 19 + "\u17b6",
    "\u17d2\u17b7\u17c6",
    "سلام שלום 漢字 😀👨‍👩‍👧",
    "\u200b\u200d\u200c",
    "\x00\x07\ud83d\n\t",
    "",
    "ﷺ" * 40,
    "W" * 40,
    "ក្ក្ត្រឹ្ឋ" * 4,
)


def box_of_changes(before: Image.Image, after: Image.Image) -> tuple[int, int, int, int] | None:
    """The smallest box that holds every pixel that differs."""
    return ImageChops.difference(before, after).getbbox()


def inside(found: tuple[int, int, int, int] | None, box: Box) -> bool:
    """Whether all of it lies in `box`."""
    return found is None or (
        found[0] >= box.left and found[1] >= box.top and found[2] <= box.right and found[3] <= box.bottom
    )


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("names", [NAMES, LONGEST])
def test_size_and_resolution(side: Side, names: tuple[str, str]) -> None:
    """ID-1 at 300 dots an inch, and the file says so."""
    image = Image.open(BytesIO(draw(face(names), look=LOOK, side=side)))
    assert (image.format, image.size) == ("PNG", (1012, 638))
    assert [round(dpi) for dpi in image.info["dpi"]] == [300, 300]


@pytest.mark.parametrize("length", [203, 246, 336])
def test_the_seal_reads_back_from_the_proof(length: int) -> None:
    """From the shortest to the longest, off the picture of the whole back; 25 mm are 295 dots."""
    text = "MQ1:" + ("P6XA9 8K*/DJ52:+BOQ%$." * 20)[:length]
    assert read_image(draw(face(seal=text), look=LOOK, side=Side.BACK)) == [text]
    assert (SEAL.right - SEAL.left, SEAL.bottom - SEAL.top) == (295, 295)


@pytest.mark.parametrize("names", [NAMES, LONGEST, *((name, name[:40]) for name in HOSTILE)])
def test_names_stay_in_their_boxes(names: tuple[str, str]) -> None:
    """What the names change on the front lies in the two name boxes, nothing beside or beyond them."""
    empty = picture(face(("", "")), look=LOOK, side=Side.FRONT)
    khmer = picture(face((names[0], "")), look=LOOK, side=Side.FRONT)
    latin = picture(face(("", names[1])), look=LOOK, side=Side.FRONT)
    assert inside(box_of_changes(empty, khmer), NAME_KM)
    assert inside(box_of_changes(empty, latin), NAME_LA)


@pytest.mark.parametrize("names", [NAMES, LONGEST, ("ក" * 40, "W" * 40)])
def test_names_are_not_cut(names: tuple[str, str]) -> None:
    """All the letters are there, smaller; the longest names that a register takes are 40 long."""
    assert max(map(len, names)) <= 40
    for text, box, bold in ((names[0], NAME_KM, 54), (names[1], NAME_LA, 36)):
        image = Image.new("RGB", (1012, 638), "white")
        style = Style(typeface=LOOK.fonts.bold, size=bold, colour=(0, 0, 0), shrink_to=25, line=1.3)
        write(image, text, box, style)
        assert inside(ImageChops.invert(image.convert("L")).getbbox(), box)
        room = Image.new("RGB", (3000, 1000), "white")
        write(room, text, Box(0, 0, 3000, 1000), style)
        assert darkness(image) > 0.15 * darkness(room)  # the same letters, smaller


def darkness(image: Image.Image) -> int:
    """How much ink there is."""
    return sum((255 - value) * count for value, count in enumerate(image.convert("L").histogram()))


def test_a_long_name_is_wrapped_before_it_is_tiny() -> None:
    """Two lines of ink with a clear row between, where one line would be below the least size."""
    image = Image.new("L", (400, 120), 255).convert("RGB")
    write(
        image,
        LONGEST[1],
        Box(0, 0, 400, 120),
        Style(typeface=LOOK.fonts.bold, size=40, colour=(0, 0, 0), shrink_to=25, line=1.3),
    )
    rows = [min(image.crop((0, y, 400, y + 1)).convert("L").tobytes()) < 128 for y in range(120)]
    assert sum(1 for above, here in pairwise(rows) if here and not above) >= 2


def lines_of(
    text: str, box: Box, style: Style, monkeypatch: pytest.MonkeyPatch
) -> tuple[tuple[str, ...], int]:
    """The lines that a text is written in, and their size."""
    placed: list[Any] = []
    monkeypatch.setattr(card_text, "_draw", lambda _image, chosen, *_: placed.append(chosen))
    write(Image.new("RGB", (1012, 638)), text, box, style)
    (chosen,) = placed
    return chosen.lines, chosen.size


@pytest.mark.parametrize(
    "text",
    [
        "ឃឹម ច័ន្ទតារាសុវណ្ណារិទ្ធពិសិដ្ឋសុភ័ក្ត្រ",
        "ឃឹមច័ន្ទតារាសុវណ្ណារិទ្ធពិសិដ្ឋ សុភ័ក្ត្រ",
        "ច័ន្ទតារាសុវណ្ណារិទ្ធពិសិដ្ឋសុភ័ក្ត្រមករា",
        "CHHIM SOVANNARITHCHANTARAPISETHSOTHEARY",
    ],
)
def test_a_long_name_is_not_torn(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An import keeps no zero-width spaces: a line ends where a space stands, and else the type shrinks."""
    box, shrink_to = (NAME_KM, 34) if not text.isascii() else (NAME_LA, 25)
    style = Style(typeface=LOOK.fonts.bold, size=54, colour=(0, 0, 0), shrink_to=shrink_to, line=1.36)
    lines, size = lines_of(text, box, style, monkeypatch)
    assert " ".join(lines) == text
    assert size >= 0.6 * shrink_to


def test_what_no_line_holds_is_torn_between_clusters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eighty letters without a space: legible on several lines rather than tiny on one."""
    text = "ច័ន្ទតារា" * 8
    style = Style(typeface=LOOK.fonts.bold, size=54, colour=(0, 0, 0), shrink_to=34, line=1.36)
    lines, size = lines_of(text, Box(0, 0, 400, 200), style, monkeypatch)
    assert len(lines) > 1
    assert "".join(lines) == text
    assert [cluster for line in lines for cluster in clusters(line)] == list(clusters(text))
    assert size > 20


@given(st.text(max_size=60), st.integers(1, 300), st.integers(1, 90))
@settings(max_examples=60)
def test_any_text_stays_in_any_box(text: str, width: int, height: int) -> None:
    """Whatever the text and however small the box: no crash, and no ink outside."""
    image = Image.new("RGB", (340, 130), "white")
    box = Box(20, 20, 20 + width, 20 + height)
    write(image, text, box, Style(typeface=LOOK.fonts.bold, size=40, colour=(0, 0, 0)))
    assert inside(ImageChops.invert(image.convert("L")).getbbox(), box)


def test_a_text_of_any_length_is_refused_not_drawn() -> None:
    """Time is bounded."""
    with pytest.raises(ValueError, match="400"):
        write(
            Image.new("RGB", (9, 9)),
            "A" * 401,
            Box(0, 0, 9, 9),
            Style(typeface=LOOK.fonts.bold, size=9, colour=(0, 0, 0)),
        )


def test_khmer_is_shaped() -> None:
    """A subscript stands below its letter and takes little room in the row."""
    bold = LOOK.fonts.bold
    assert width_of("ក្រ", bold, 60) < width_of("ករ", bold, 60) * 0.98
    assert list(clusters("ច័ន្ទតារា")) == ["ច័", "ន្ទ", "តា", "រា"]


def test_same_card_same_bytes() -> None:
    """And another card others."""
    photo = photograph()
    for side in Side:
        first, second = (draw(face(photo=photo), look=LOOK, side=side) for _ in range(2))
        assert first == second != draw(replace(face(photo=photo), card_number="1"), look=LOOK, side=side)


@pytest.mark.parametrize(
    ("kind", "size", "mode"),
    [
        ("JPEG", (480, 640), "RGB"),
        ("PNG", (480, 640), "RGBA"),
        ("PNG", (200, 900), "L"),
        ("JPEG", (1600, 300), "RGB"),
        ("PNG", (1, 1), "P"),
        ("JPEG", (900, 1200), "CMYK"),
        ("PNG", (30, 40), "1"),
    ],
)
def test_photographs_of_all_kinds(kind: str, size: tuple[int, int], mode: str) -> None:
    """Any shape and kind fills the frame, and nothing else changes."""
    nobody = picture(face(), look=LOOK, side=Side.FRONT)
    somebody = picture(face(photo=photograph(kind, size, mode)), look=LOOK, side=Side.FRONT)
    assert inside(box_of_changes(nobody, somebody), PHOTO)
    assert box_of_changes(nobody, somebody) is not None


def test_the_photograph_keeps_its_shape() -> None:
    """A portrait's head is as high as it was wide: it is cut, not pressed."""
    image = picture(face(photo=photograph(size=(1200, 640))), look=LOOK, side=Side.FRONT).crop(PHOTO)
    head = image.convert("RGB").split()[0].crop((0, 0, 280, 240))
    assert head.getpixel((5, 5)) != head.getpixel((140, 150))


@pytest.mark.parametrize(
    "photo",
    [
        b"",
        b"GIF89a",
        photograph()[:900],
        photograph("PNG")[:300],
        b"\x89PNG\r\n\x1a\n" + bytes(50),
        photograph("GIF", mode="P"),
        photograph("PNG", (4000, 3100)),
        photograph() + bytes(5_000_000),
    ],
    ids=["empty", "start of GIF", "cut JPEG", "cut PNG", "no PNG", "GIF", "12.4 million pixels", "5 MB"],
)
def test_unusable_photographs(photo: bytes) -> None:
    """A typed error, before much is decoded."""
    with pytest.raises(IssuerError) as refused:
        draw(face(photo=photo), look=LOOK, side=Side.FRONT)
    assert refused.value.code == "unusable_photo"


def test_a_seal_that_cannot_be_printed_is_refused() -> None:
    """No smaller dots, no lost characters."""
    with pytest.raises(CredentialError) as refused:
        draw(face(seal="A" * 500), look=LOOK, side=Side.BACK)
    assert refused.value.code == "qr_too_dense"


def test_what_stands_on_a_card() -> None:
    """Nothing that may change in ten years, and no birth date: the face has no room for it."""
    assert {field.name for field in fields(CardFace)} == {
        "name_km",
        "name_la",
        "card_number",
        "valid_until",
        "seal",
        "photo",
    }


def test_number_in_groups() -> None:
    """Three by three, and no digit alone."""
    numbers = ("4738291056", "473829105", "12345678901", "1234", "123456789012")
    assert [grouped(number) for number in numbers] == [
        "473 829 1056",
        "473 829 105",
        "123 456 789 01",
        "1234",
        "123 456 789 012",
    ]


def test_the_day_is_phnom_penhs() -> None:
    """Midnight UTC is seven in the morning there: the day before is the last whole one."""
    ends = datetime(2036, 10, 14, tzinfo=UTC)
    assert civil_days.last_day(ends).isoformat() == "2036-10-13"
    assert civil_days.last_day(ends.astimezone(timezone(timedelta(hours=-9)))).isoformat() == "2036-10-13"
    assert civil_days.last_day(datetime(2036, 10, 13, 17, tzinfo=UTC)).isoformat() == "2036-10-13"
    assert civil_days.last_day(datetime(2036, 10, 13, 16, 59, tzinfo=UTC)).isoformat() == "2036-10-12"
    assert card_days.khmer(civil_days.last_day(ends)) == "១៣ តុលា ២០៣៦"
    assert card_days.english(civil_days.last_day(ends)) == "13 Oct 2036"


def test_no_fonts_says_what_to_install(tmp_path: Path) -> None:
    """A machine without fonts, and one with Khmer fonts alone."""
    for name in (None, "KhmerOS.ttf"):
        if name:
            (tmp_path / name).symlink_to(LOOK.fonts.bold.khmer)
        with pytest.raises(IssuerError, match="apt install fonts-noto-core") as refused:
            find_fonts([tmp_path, tmp_path / "missing"])
        assert refused.value.code == "no_card_fonts"


def test_no_shaping_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Khmer without Raqm would be wrong letters; none are drawn."""
    monkeypatch.setattr("issuer.card_fonts.features.check", lambda _: False)
    with pytest.raises(IssuerError, match="libfribidi0") as refused:
        find_fonts()
    assert refused.value.code == "no_shaping"


def test_a_font_that_is_gone(tmp_path: Path) -> None:
    """Or was never one."""
    (tmp_path / "broken.ttf").write_bytes(b"no font")
    for name in ("gone.ttf", "broken.ttf"):
        typeface = Typeface(str(tmp_path / name), str(tmp_path / name))
        with pytest.raises(IssuerError) as refused:
            width_of("A", typeface, 20)
        assert refused.value.code == "no_card_fonts"


def test_the_ground_is_one_colour_on_every_card() -> None:
    """Whatever the photograph: what lies beside it is the same to the last dot."""

    nobody, somebody = (
        Image.open(BytesIO(draw(face(photo=photo), look=LOOK, side=Side.FRONT))).convert("RGB")
        for photo in (None, photograph(mode="L"))
    )
    assert inside(box_of_changes(nobody, somebody), PHOTO)
    exact = picture(face(photo=photograph()), look=LOOK, side=Side.FRONT)
    written = Image.open(BytesIO(draw(face(photo=photograph()), look=LOOK, side=Side.FRONT))).convert("RGB")
    off = ImageChops.difference(exact, written).crop(PHOTO).tobytes()
    assert sum(off) / len(off) < 2  # of 255 shades, on average


def test_blank_cards_are_not_drawn_on() -> None:
    """A card's number does not shine through on the next one."""
    first = draw(face(), look=LOOK, side=Side.FRONT)
    draw(face(LONGEST, photo=photograph()), look=LOOK, side=Side.FRONT)
    assert draw(face(), look=LOOK, side=Side.FRONT) == first
    assert card_face._front_blank.cache_info().currsize >= 1
