"""A folder of photos beside a file: taken in one form, or named with what is wrong."""

from __future__ import annotations

import hashlib
import io
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from issuer_desk import Desk, open_desk
from PIL import Image, ImageDraw, PngImagePlugin

from examples.people import rows as people
from issuer import photo, photo_folder
from issuer.applications import ImportReport
from issuer.errors import IssuerError
from issuer.faults import FaultKind
from issuer.photo import normalised
from issuer.sheet_cells import CellError
from issuer.sheet_rows import COLUMNS

K = FaultKind
NAMES = list(COLUMNS)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An empty register."""
    return open_desk(tmp_path, passphrase=None)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder for photos."""
    (tmp_path / "photos").mkdir()
    return tmp_path / "photos"


def picture(
    size: tuple[int, int] = (300, 400),
    *,
    seed: int = 0,
    form: str = "JPEG",
    mode: str = "RGB",
) -> bytes:
    """A picture with a mark in its upper left, one of its own for each seed."""
    image = Image.new("RGB", size, (40 + seed * 7 % 200, 90, 160))
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 3, size[1] // 3), fill=(250, 20, 20))
    file = io.BytesIO()
    image.convert(mode).save(file, form)
    return file.getvalue()


def opened(data: bytes) -> Image.Image:
    """A kept photo, as it is to be: JPEG, 600 × 800, RGB, small, without anything else."""
    image = Image.open(io.BytesIO(data))
    assert (image.format, image.size, image.mode) == ("JPEG", photo.SIZE, "RGB")
    assert len(data) <= photo.MAX_KEPT
    assert not image.getexif()
    assert not {"exif", "comment", "icc_profile", "photoshop", "xmp"} & set(image.info)
    return image


def kind_of(data: bytes) -> FaultKind:
    """What a photo is refused for."""
    with pytest.raises(CellError) as caught:
        normalised(data)
    return caught.value.kind


def send(desk: Desk, folder: Path | None, *, count: int = 3, **columns: str) -> ImportReport:
    """Imports some people with a folder of photos; `columns` stand in the first row."""
    rows = [{**person} for person in people(count)]
    rows[0].update(columns)
    lines = [NAMES, *([row.get(name, "") for name in NAMES] for row in rows)]
    path = desk.home.parent / "file.csv"
    path.write_text("\n".join(",".join(line) for line in lines), "utf-8")
    return desk.office.import_file(path, photos=folder)


def numbers(count: int = 3) -> list[str]:
    """Their employee numbers."""
    return [person["employee_id"] for person in people(count)]


def give(folder: Path, count: int = 3) -> None:
    """A photo for each."""
    for place, number in enumerate(numbers(count)):
        (folder / f"{number}.jpg").write_bytes(picture(seed=place))


@pytest.mark.parametrize(
    ("size", "form", "mode"),
    [
        ((300, 400), "JPEG", "RGB"),
        ((350, 450), "PNG", "RGB"),
        ((400, 600), "PNG", "RGBA"),
        ((1200, 1400), "PNG", "P"),
        ((480, 640), "PNG", "L"),
        ((480, 640), "PNG", "1"),
        ((480, 640), "PNG", "LA"),
        ((480, 640), "PNG", "I;16"),
        ((2448, 3264), "JPEG", "L"),
        ((900, 1200), "JPEG", "CMYK"),
        ((4500, 6000), "JPEG", "RGB"),
    ],
)
def test_photos_are_brought_into_one_form(size: tuple[int, int], form: str, mode: str) -> None:
    """Whatever they were: the mark is still up on the left, and no black stands where nothing stood."""
    if mode == "I;16":
        file = io.BytesIO()
        Image.new("I;16", size, 40_000).save(file, "PNG")
        grey = opened(normalised(file.getvalue())).getpixel((300, 400))
        assert isinstance(grey, tuple)
        assert abs(grey[0] - 156) < 4
        return
    image = opened(normalised(picture(size, form=form, mode=mode)))
    marked, other = (image.resize((6, 8)).convert("L").getpixel(place) for place in ((0, 0), (5, 7)))
    assert marked != other


def test_noise_is_kept_small() -> None:
    """What does not compress loses quality, not the bound; quality is not thrown away for others."""
    noise = Image.frombytes("RGB", (600, 800), os.urandom(600 * 800 * 3))
    file = io.BytesIO()
    noise.save(file, "PNG")
    opened(normalised(file.getvalue()))


@pytest.mark.parametrize("way", range(1, 9))
def test_a_photo_is_turned_upright(way: int) -> None:
    """As its EXIF data says; and that data is gone then."""
    upright = Image.open(io.BytesIO(picture((600, 800))))
    turned = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }.get(way)
    exif = Image.Exif()
    exif[0x0112] = way
    exif[0x010F] = "A maker of cameras"
    for form in ("JPEG", "PNG"):
        file = io.BytesIO()
        (upright if turned is None else upright.transpose(turned)).save(file, form, exif=exif)
        red, blue = (opened(normalised(file.getvalue())).getpixel(place) for place in ((60, 80), (540, 720)))
        assert isinstance(red, tuple)
        assert isinstance(blue, tuple)
        assert (red[0] > 200, blue[2] > 120) == (True, True)


def animated() -> bytes:
    """A PNG of two frames."""
    frames = [Image.new("RGB", (300, 400), colour) for colour in ("red", "blue")]
    file = io.BytesIO()
    frames[0].save(file, "PNG", save_all=True, append_images=frames[1:])
    return file.getvalue()


def bomb() -> bytes:
    """A PNG of 100 million pixels in a few kilobytes."""
    file = io.BytesIO()
    Image.new("1", (5000, 20_000)).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (lambda: b"", K.PHOTO_BROKEN),
        (lambda: b"not a photo but a text", K.PHOTO_BROKEN),
        (lambda: picture(form="GIF"), K.PHOTO_BROKEN),
        (lambda: picture()[:2000], K.PHOTO_BROKEN),
        (lambda: picture(form="PNG")[:200], K.PHOTO_BROKEN),
        (lambda: b"\xff\xd8\xff" + b"\xff" * 100, K.PHOTO_BROKEN),
        (animated, K.PHOTO_ANIMATED),
        (bomb, K.PHOTO_TOO_LARGE),
        (lambda: picture((5400, 6001)), K.PHOTO_TOO_LARGE),
        (lambda: picture() + bytes(photo.MAX_BYTES), K.PHOTO_TOO_LARGE),
        (lambda: picture((299, 400)), K.PHOTO_TOO_SMALL),
        (lambda: picture((400, 300)), K.PHOTO_NOT_PORTRAIT),
        (lambda: picture((400, 400)), K.PHOTO_NOT_PORTRAIT),
        (lambda: picture((300, 600)), K.PHOTO_NOT_PORTRAIT),
    ],
)
def test_what_is_no_photo_of_a_person_is_named(make: Callable[[], bytes], kind: FaultKind) -> None:
    """By what is in it."""
    assert kind_of(make()) is kind


def test_metadata_that_unfolds_is_cut_off() -> None:
    """A few kilobytes of text in a PNG would be a hundred megabytes."""
    info = PngImagePlugin.PngInfo()
    for number in range(10):
        info.add_text(f"t{number}", "x" * 5_000_000, zip=True)
    file = io.BytesIO()
    Image.new("RGB", (300, 400)).save(file, "PNG", pnginfo=info)
    opened(normalised(file.getvalue()))


def test_photos_are_kept_under_their_digest(desk: Desk, folder: Path) -> None:
    """Whole, for the owner's eyes, and named in the register; nothing else is left in the folder."""
    give(folder)
    report = send(desk, folder)
    assert (report.imported, report.faults, report.strays) == (3, [], [])
    kept = sorted(path for path in (desk.home / "photos").iterdir() if path.is_file())
    assert len(kept) == 3
    for path in kept:
        data = path.read_bytes()
        opened(data)
        assert path.name == f"{hashlib.sha256(data).hexdigest()}.jpg"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    stored = sorted(bytes(digest).hex() for digest in desk.rows("SELECT photo_sha256 FROM person"))
    assert stored == [path.stem for path in kept]


def test_the_same_photos_again_change_nothing(
    desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are known by what was sent: none is decoded again, so another encoder makes no other photo."""
    give(folder)
    send(desk, folder)

    def never(_data: bytes) -> bytes:
        raise AssertionError("a photo that is there already was made again")

    monkeypatch.setattr(photo_folder, "normalised", never)
    for again in (folder, None):
        report = send(desk, again)
        assert (report.already_there, report.faults) == (3, [])


def test_who_has_a_photo_there_needs_none_again(desk: Desk, folder: Path) -> None:
    """An agency that sends the missing photos alone is understood."""
    give(folder, 2)
    report = send(desk, folder)
    assert [(f.row, f.column, f.kind) for f in report.faults] == [(4, "photo_sha256", K.PHOTO_MISSING)]
    for path in folder.iterdir():
        path.unlink()
    (folder / f"{numbers()[2]}.PNG").write_bytes(picture(seed=9, form="PNG"))
    report = send(desk, folder)
    assert (report.imported, report.already_there, report.faults) == (1, 2, [])


@pytest.mark.parametrize(
    ("name", "good"),
    [
        ("{}.JPG", True),
        ("{}.jpeg", True),
        ("{}.PnG", True),
        ("{}.gif", False),
        ("x{}.jpg", False),
        ("{} (1).jpg", False),
    ],
)
def test_how_photos_are_named(desk: Desk, folder: Path, name: str, good: bool) -> None:
    """By the number alone, in any case; the content decides what it is."""
    (folder / name.format(numbers(1)[0])).write_bytes(picture())
    report = send(desk, folder, count=1)
    assert (report.imported, len(report.strays)) == ((1, 0) if good else (0, 1))
    assert [fault.kind for fault in report.faults] == ([] if good else [K.PHOTO_MISSING])


def test_a_number_in_khmer_digits_names_a_photo(desk: Desk, folder: Path) -> None:
    """As it may stand in the file."""
    khmer = numbers(1)[0].translate({48 + digit: 0x17E0 + digit for digit in range(10)})
    (folder / f"{khmer}.jpg").write_bytes(picture())
    assert send(desk, folder, count=1).imported == 1


def test_links_pipes_and_folders_are_not_opened(desk: Desk, folder: Path, tmp_path: Path) -> None:
    """Whatever they are named; each is in the report."""
    first, second, third = numbers()
    (tmp_path / "secret.jpg").write_bytes(picture())
    (folder / f"{first}.jpg").symlink_to(tmp_path / "secret.jpg")
    os.mkfifo(folder / f"{second}.jpg")
    (folder / f"{third}.jpg").mkdir()
    (folder / "Thumbs.db").write_bytes(b"x")
    (folder / ".DS_Store").write_bytes(b"x")
    report = send(desk, folder)
    assert [fault.kind for fault in report.faults] == [K.PHOTO_MISSING] * 3
    assert sorted((s.name, s.reason.value) for s in report.strays) == sorted(
        (f"{number}.jpg", "not_a_file") for number in numbers()
    )


def test_what_belongs_to_nobody_is_named(desk: Desk, folder: Path) -> None:
    """But not the photo of somebody whose row is at fault, and no bank card's number."""
    give(folder)
    (folder / "9999999999.jpg").write_bytes(picture())
    (folder / "4111111111111111.jpg").write_bytes(picture())
    (folder / "list.txt").write_text("x")
    report = send(desk, folder, grade="Z.9")
    assert [(f.row, f.column) for f in report.faults] == [(2, "grade")]
    assert [(s.name, s.reason.value) for s in report.strays] == [
        ("9999999999.jpg", "nobody"),
        ("list.txt", "not_a_photo"),
        ("…", "nobody"),
    ]


def test_two_photos_for_one_and_one_for_two(desk: Desk, folder: Path) -> None:
    """Which is right cannot be told; each of two names the other's row."""
    first, second, third = numbers()
    for name in (f"{first}.jpg", f"{second}.jpg"):
        (folder / name).write_bytes(picture(seed=1))
    (folder / f"{third}.jpg").write_bytes(picture(seed=2))
    (folder / f"{third}.png").write_bytes(picture(seed=3, form="PNG"))
    report = send(desk, folder)
    assert [(f.row, f.kind, f.other_row) for f in report.faults] == [
        (2, K.PHOTO_SHARED, 3),
        (3, K.PHOTO_SHARED, 2),
        (4, K.PHOTO_TWICE, None),
    ]
    assert desk.office.cards() == []


def test_the_photo_of_somebody_in_the_register(desk: Desk, folder: Path) -> None:
    """Is not taken for another person either."""
    first, second, _ = numbers()
    (folder / f"{first}.jpg").write_bytes(picture())
    assert send(desk, folder).imported == 1
    (folder / f"{first}.jpg").rename(folder / f"{second}.jpg")
    report = send(desk, folder)
    assert [(f.row, f.kind) for f in report.faults] == [(3, K.PHOTO_SHARED), (4, K.PHOTO_MISSING)]
    assert report.already_there == 1


@pytest.mark.parametrize("stated", ["sent", "kept", "other"])
def test_a_digest_in_the_row_is_held_against_the_photo(desk: Desk, folder: Path, stated: str) -> None:
    """It is that of the file as it was sent, or as it is kept."""
    give(folder, 1)
    data = picture(seed=0)
    digests = {"sent": data, "kept": normalised(data), "other": b"x"}
    report = send(desk, folder, count=1, photo_sha256=hashlib.sha256(digests[stated]).hexdigest())
    kinds = [fault.kind for fault in report.faults]
    assert kinds == ([K.PHOTO_MISMATCH] if stated == "other" else [])
    if not kinds:
        kept = hashlib.sha256(digests["kept"]).digest()
        assert [bytes(digest) for digest in desk.rows("SELECT photo_sha256 FROM person")] == [kept]


def test_a_folder_that_is_none_is_refused(desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is read; so is one without end."""
    with pytest.raises(IssuerError) as caught:
        send(desk, folder / "nothing")
    assert caught.value.code == "unreadable_file"
    give(folder)
    monkeypatch.setattr(photo_folder, "MAX_ENTRIES", 2)
    with pytest.raises(IssuerError) as caught:
        send(desk, folder)
    assert caught.value.code == "too_many_photos"


def test_a_full_disk_imports_nothing(desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And leaves no half photo behind; the same command finishes later."""
    give(folder)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("issuer.photo_store.os.fsync", full)
        with pytest.raises(IssuerError) as caught:
            send(desk, folder)
    assert caught.value.code == "unwritable_file"
    assert desk.office.cards() == []
    assert [path for path in (desk.home / "photos").rglob("*") if path.is_file()] == []
    assert send(desk, folder).imported == 3


def test_a_kept_photo_that_was_damaged_is_made_again(desk: Desk, folder: Path) -> None:
    """What lies under a digest is believed only while it has that digest."""
    give(folder, 1)
    send(desk, folder, count=1)
    (path,) = (desk.home / "photos").glob("*.jpg")
    whole = path.read_bytes()
    path.write_bytes(whole[:-100])
    assert send(desk, folder, count=1).already_there == 1
    assert path.read_bytes() == whole
