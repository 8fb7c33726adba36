"""Reading QR codes from other people's images."""

from __future__ import annotations

import random
import struct
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from outcomes import Code, outcome
from PIL import Image, ImageOps

from credential import qr_read
from credential.errors import CredentialError
from credential.qr_draw import png
from credential.qr_read import MAX_PIXELS, read_frame, read_image

TEXT = "MQ1:" + "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:" * 3
UNREADABLE = Code("unreadable_image")


def grey() -> Image.Image:
    """The code in shades of grey."""
    return Image.open(BytesIO(png(TEXT, scale=4))).convert("L")


def encode(image: Image.Image, format_: str, **options: Any) -> bytes:
    """The image as a file."""
    file = BytesIO()
    image.save(file, format_, **options)
    return file.getvalue()


def transparent() -> Image.Image:
    """Black modules on nothing at all."""
    image = Image.new("RGBA", grey().size, (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), mask=ImageOps.invert(grey()))
    return image


def chunk(name: bytes, data: bytes) -> bytes:
    """One chunk of a PNG."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_of(width: int, height: int, *chunks: bytes) -> bytes:
    """A PNG header of any size, with these chunks."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + b"".join(chunks) + chunk(b"IEND", b"")


def full_16_bit() -> Image.Image:
    """The code in the whole range of 65,536 shades, its black not quite black."""
    return grey().convert("I").point(lambda value: value * 240 + 4000).convert("I;16")


def turned_by_exif() -> bytes:
    """A photograph that a phone stored mirrored and lying on its side, and says so."""
    exif = Image.Exif()
    exif[274] = 5
    return encode(grey().transpose(Image.Transpose.TRANSPOSE), "JPEG", exif=exif)


def animated() -> bytes:
    """An animated PNG: the code, then nothing."""
    blank = Image.new("L", grey().size, 255)
    return encode(grey(), "PNG", save_all=True, append_images=[blank])


FILLED = encode(grey(), "JPEG")
FILLED = FILLED[:2] + b"\xff\xff" + FILLED[2:]

FILES = {
    "png": png(TEXT),
    "png-rgb": encode(grey().convert("RGB"), "PNG"),
    "png-palette": encode(grey().convert("P"), "PNG"),
    "png-transparent": encode(transparent(), "PNG"),
    "png-16-bit": encode(grey().convert("I;16"), "PNG"),
    "png-inverted": encode(ImageOps.invert(grey()), "PNG"),
    "png-turned": encode(grey().rotate(90), "PNG"),
    "jpeg": encode(grey(), "JPEG", quality=60),
    "jpeg-colours": encode(grey().convert("RGB"), "JPEG", progressive=True),
    "jpeg-cmyk": encode(grey().convert("CMYK"), "JPEG"),
    "png-16-bit-full": encode(full_16_bit(), "PNG"),
    "png-animated": animated(),
    "png-palette-transparent": encode(grey().convert("P"), "PNG", transparency=255),
    "jpeg-exif": turned_by_exif(),
    "jpeg-profile": encode(grey(), "JPEG", icc_profile=bytes(200_000), comment=b"c" * 60_000),
    "jpeg-two-images": encode(grey(), "JPEG") + encode(Image.new("L", (90, 90)), "JPEG"),
    "jpeg-fill-bytes": FILLED,
}


@pytest.mark.parametrize("name", FILES)
def test_formats(name: str) -> None:
    """PNG and JPEG in whatever colours a phone or a scanner writes."""
    assert read_image(FILES[name]) == [TEXT]


def test_from_a_path(tmp_path: Path) -> None:
    """A file by its path."""
    (tmp_path / "code.png").write_bytes(FILES["png"])
    assert read_image(tmp_path / "code.png") == [TEXT]
    assert read_image(str(tmp_path / "code.png")) == [TEXT]


def test_montrey_first() -> None:
    """A poster's code beside it does not hide the one that is asked for, wherever it stands."""
    for texts in (("https://a", "MQ1:A"), ("MQ1:A", "https://a"), ("0", "MC1:A"), ("0", "MS1:A")):
        tall = Image.new("L", (400, 900), 255)
        for text, y in zip(texts, (10, 450), strict=True):
            tall.paste(Image.open(BytesIO(png(text, scale=6))).convert("L"), (20, y))
        found = read_image(encode(tall, "PNG"))
        assert found[0] == next(text for text in texts if text[0] == "M")
        assert sorted(found) == sorted(texts)


def test_several_and_none() -> None:
    """All codes of an image; an empty list where there is none."""
    wide = Image.new("L", (900, 400), 255)
    for text, x in (("MQ1:A", 10), ("MC1:B", 400)):
        wide.paste(Image.open(BytesIO(png(text, scale=6))).convert("L"), (x, 20))
    assert sorted(read_image(encode(wide, "PNG"))) == ["MC1:B", "MQ1:A"]
    assert read_image(encode(Image.new("L", (300, 300), 200), "PNG")) == []


BOMB = zlib.compress(bytes(20_000_000), 9)
WRONG = {
    "empty": b"",
    "text": b"MQ1:ABC",
    "gif": encode(grey(), "GIF"),
    "tiff": encode(grey(), "TIFF"),
    "png-signature": FILES["png"][:8],
    "png-cut": FILES["png"][:-200],
    "png-damaged": FILES["png"][:300] + bytes(20) + FILES["png"][320:],
    "png-no-data": png_of(10, 10),
    "png-zero": png_of(0, 10),
    "png-bomb": png_of(40_000, 40_000, chunk(b"IDAT", BOMB)),
    "png-text-bomb": png_of(10, 10, chunk(b"zTXt", b"k\0\0" + BOMB)),
    "png-just-too-many-pixels": png_of(MAX_PIXELS // 1000 + 1, 1000, chunk(b"IDAT", BOMB)),
    "jpeg-cut": FILES["jpeg"][:400],
    "jpeg-marker": b"\xff\xd8\xff",
    "jpeg-no-scan": FILES["jpeg"][: FILES["jpeg"].index(b"\xff\xda")],
    "jpeg-segments": FILES["jpeg"][:2] + b"\xff\xfe\0\2" * 4_900_000,
    "jpeg-filled": FILES["jpeg"][:2] + b"\xff" * 19_000_000,
    "jpeg-junk": FILES["jpeg"][:2] + b"junk" + FILES["jpeg"][2:],
    "jpeg-two-beginnings": FILES["jpeg"][:2] + FILES["jpeg"],
    "too-large": bytes(qr_read.MAX_BYTES + 1),
}


@pytest.mark.parametrize("name", WRONG)
def test_refused(name: str) -> None:
    """Not an image of these formats, damaged, or too large: a typed refusal, soon."""
    assert outcome(lambda: read_image(WRONG[name])) == UNREADABLE


def test_files_that_are_not_there(tmp_path: Path) -> None:
    """A missing file and a folder."""
    assert outcome(lambda: read_image(tmp_path / "none.png")) == UNREADABLE
    assert outcome(lambda: read_image(tmp_path)) == UNREADABLE


def test_a_file_is_not_read_beyond_the_bound(tmp_path: Path) -> None:
    """A file larger than the bound is refused however large it is."""
    path = tmp_path / "huge.png"
    with path.open("wb") as file:
        file.truncate(1 << 36)  # sparse
    assert outcome(lambda: read_image(path)) == UNREADABLE


def mutate(data: bytes, chance: random.Random) -> bytes:
    """A few bytes changed, taken out or put in; checksums of a PNG made right again."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 2, 8))):
        place = chance.randrange(len(changed))
        size = chance.randrange(4)
        changed[place : place + size] = chance.randbytes(chance.randrange(4))
    return repair(bytes(changed)) if data[:1] == b"\x89" else bytes(changed)


def repair(data: bytes) -> bytes:
    """Chunks as far as they can be followed, each with a right checksum."""
    fixed, place = data[:8], 8
    while place + 8 <= len(data):
        size = min(int.from_bytes(data[place : place + 4], "big"), len(data))
        fixed += chunk(data[place + 4 : place + 8], data[place + 8 : place + 8 + size])
        place += 12 + size
    return fixed


def test_damaged_files_are_answered() -> None:
    """Texts or a typed refusal, never another exception or a warning."""
    chance = random.Random(1)
    small = Image.open(BytesIO(png("MQ1:HELLO", scale=2))).convert("L")
    exif = Image.Exif()
    exif[274] = 6
    seeds = [encode(small, "PNG"), encode(small.convert("P"), "PNG", transparency=0)]
    seeds += [encode(small, "JPEG", exif=exif), encode(small.convert("RGB"), "JPEG", progressive=True)]
    answers = [outcome(lambda: read_image(mutate(chance.choice(seeds), chance))) for _ in range(1500)]
    assert UNREADABLE in answers
    assert ["MQ1:HELLO"] in answers


def test_frames() -> None:
    """A camera's grey bytes, as bytes or any other buffer."""
    image = grey()
    data = image.tobytes()
    for frame in (data, bytearray(data), memoryview(data)):
        assert read_frame(frame, width=image.width, height=image.height) == [TEXT]


@pytest.mark.parametrize(("width", "height"), [(10, 11), (0, 0), (-10, -10), (1000, MAX_PIXELS)])
def test_frames_of_another_size(width: int, height: int) -> None:
    """A frame that is not width × height bytes is a programmer's mistake."""
    with pytest.raises(ValueError, match="frame"):
        read_frame(bytes(100), width=width, height=height)


def test_a_jpeg_of_many_scans_is_refused() -> None:
    """A few bytes a scan would make the decoder pass over all pixels thousands of times."""
    data = encode(grey(), "JPEG")
    scans = qr_read.MAX_SCANS
    with pytest.raises(CredentialError) as caught:
        read_image(data[:-2] + b"\xff\xda\x00\x08\x01\x01\x00\x01\x01\x00" * scans + data[-2:])
    assert caught.value.code == "unreadable_image"


def test_a_large_photograph_is_read_reduced() -> None:
    """A code in an image of fifty million pixels is found, in a part of a second's work."""
    image = Image.new("L", (7000, 7000), 255)
    code = Image.open(BytesIO(png(TEXT, scale=30)))
    image.paste(code.convert("L"), (1500, 1500))
    assert read_image(encode(image, "PNG")) == [TEXT]
