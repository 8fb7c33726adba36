"""However an image is made, reading it stays within 150 MB; each is read in a process of its own."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from credential.qr_read import MAX_BYTES

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
MEGABYTE = 1_000_000
CHILD = """
import json, re, resource, sys
from pathlib import Path
from credential.errors import CredentialError
from credential.qr_read import read_image

room = int(sys.argv[2])
if room:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + room,) * 2)
try:
    answer = len(read_image(sys.argv[1]))
except CredentialError as error:
    answer = error.code
peak = re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())
print(json.dumps([answer, int(peak[1]) * 1024]))
"""


def chunk(name: bytes, data: bytes) -> bytes:
    """One chunk of a PNG."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def flat(megapixels: int, colours: int, depth: int, size: int, *chunks: bytes, interlaced: int = 0) -> bytes:
    """A PNG of nothing, `size` bits a pixel, with these chunks before its pixels."""
    width, height = 1000 * megapixels, 1000
    packer = zlib.compressobj(1)
    row = bytes(width * size // 8 + 1)
    data = b"".join(packer.compress(row) for _ in range(height + 8 * interlaced)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, depth, colours, 0, 0, interlaced)
    parts = chunk(b"IHDR", header), *chunks, chunk(b"IDAT", data), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def jpeg(megapixels: int, mode: str, **options: object) -> bytes:
    """A JPEG of nothing."""
    file = BytesIO()
    Image.new(mode, (1000 * megapixels, 1000)).save(file, "JPEG", **options)
    return file.getvalue()


def segment(marker: int, data: bytes) -> bytes:
    """One segment of a JPEG."""
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def exif_bomb() -> bytes:
    """EXIF of five thousand tags, each of which is all of it."""
    tags = b"".join(struct.pack(">HHII", tag, 7, 60_000, 8) for tag in range(5000))
    exif = b"Exif\0\0MM\0*" + struct.pack(">IH", 8, 5000) + tags
    file = jpeg(1, "L")
    return file[:2] + segment(0xE1, exif + bytes(65_000 - len(exif))) + file[2:]


def many_segments() -> bytes:
    """A file of the largest size, nearly all of it profiles."""
    file = jpeg(1, "L")
    profile = segment(0xE2, b"ICC_PROFILE\0\1\1" + bytes(65_000))
    return file[:2] + profile * ((MAX_BYTES - len(file)) // len(profile)) + file[2:]


def text_bomb() -> bytes:
    """A PNG with a text of 19 million characters, of four bytes each in memory."""
    text = "k\0\0\0\0\0\U0001f4a3".encode() + b"x" * (19 * MEGABYTE)
    return flat(1, 0, 8, 8, chunk(b"iTXt", text))


def one_row() -> bytes:
    """A PNG of 49 million pixels in one row."""
    data = flat(1, 0, 8, 8)
    header = struct.pack(">IIBBBBB", 49 * MEGABYTE, 1, 8, 3, 0, 0, 0)
    pixels = chunk(b"IDAT", zlib.compress(bytes(49 * MEGABYTE + 1), 1))
    return data[:8] + chunk(b"IHDR", header) + b"".join(PALETTE) + pixels + chunk(b"IEND", b"")


def tiny_chunks() -> bytes:
    """A PNG of the largest size, made of empty chunks of pixels."""
    return flat(1, 0, 8, 8, chunk(b"IDAT", b"") * 1_600_000)


PALETTE = chunk(b"PLTE", bytes(768)), chunk(b"tRNS", bytes(256))
FILES: dict[str, tuple[Callable[[], bytes], object]] = {
    "grey-49": (lambda: flat(49, 0, 8, 8), 0),
    "grey-transparent-49": (lambda: flat(49, 0, 8, 8, chunk(b"tRNS", bytes(2))), 0),
    "black-and-white-49": (lambda: flat(49, 0, 1, 1), 0),
    "palette-49": (lambda: flat(49, 3, 8, 8, *PALETTE), 0),
    "colours-20": (lambda: flat(20, 2, 8, 24), 0),
    "colours-48-bit-20": (lambda: flat(20, 2, 16, 48), 0),
    "transparent-20": (lambda: flat(20, 6, 8, 32), 0),
    "transparent-interlaced-20": (lambda: flat(20, 6, 8, 32, interlaced=1), 0),
    "grey-transparent-20": (lambda: flat(20, 4, 8, 16), 0),
    "16-bit-40": (lambda: flat(40, 0, 16, 16), 0),
    "transparent-49": (lambda: flat(49, 6, 8, 32), "unreadable_image"),
    "text-bomb": (text_bomb, 0),
    "one-row-49": (one_row, "unreadable_image"),
    "tiny-chunks": (tiny_chunks, "unreadable_image"),
    "jpeg-49": (lambda: jpeg(49, "RGB"), 0),
    "jpeg-cmyk-49": (lambda: jpeg(49, "CMYK"), 0),
    "jpeg-progressive-12": (lambda: jpeg(12, "RGB", progressive=True, subsampling=0), 0),
    "jpeg-progressive-49": (lambda: jpeg(49, "RGB", progressive=True), "unreadable_image"),
    "jpeg-exif-bomb": (exif_bomb, 0),
    "jpeg-many-segments": (many_segments, 0),
}


def read(path: Path, room: int = 0) -> tuple[object, int]:
    """The number of codes or the error of a file, and the memory that the process took; `room` limits it."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(path), str(room)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    answer, peak = json.loads(done.stdout)
    return answer, peak


@pytest.mark.parametrize("name", FILES)
def test_memory(tmp_path: Path, name: str) -> None:
    """Read or refused by its code, and never beyond the bound."""
    make, expected = FILES[name]
    path = tmp_path / "picture"
    path.write_bytes(make())
    assert path.stat().st_size <= MAX_BYTES
    answer, peak = read(path)
    assert answer == expected
    assert peak <= 150 * MEGABYTE


@pytest.mark.parametrize("room", [10, 30, 60])
def test_too_little_memory(tmp_path: Path, room: int) -> None:
    """On a machine that has not the memory it is a typed refusal, not a crash."""
    path = tmp_path / "picture"
    path.write_bytes(flat(20, 6, 8, 32))
    assert read(path, room * MEGABYTE)[0] == "unreadable_image"
