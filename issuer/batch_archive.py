"""The ZIP inside a batch: stored files in one fixed order, read back by the list of what must be there.

The same cards and pictures make the same bytes. What is read is held to names
that follow from the rows alone, so no entry can go anywhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO, Protocol, cast
from zipfile import ZIP_STORED, BadZipFile, LargeZipFile, ZipFile, ZipInfo

from issuer import batch_rows
from issuer.batch import (
    MAX_BATCH,
    MAX_PHOTO,
    MAX_PNG,
    MAX_PROOF,
    MAX_SVG,
    Batch,
    BatchCard,
    CardFiles,
    Pictures,
    check_picture,
    photo_suffix,
)
from issuer.batch_photo import without_metadata
from issuer.batch_rows import MAX_ROWS_FILE, FileNames
from issuer.errors import IssuerError

ROWS_JSON, ROWS_CSV = "cards.json", "cards.csv"
_LIMITS = {"photo": MAX_PHOTO, "qr_svg": MAX_SVG, "qr_png": MAX_PNG, "proof": MAX_PROOF}
_TIME = (1980, 1, 1, 0, 0, 0)
_REGULAR = 0o100600 << 16
_UNIX = 3
_SIZES_BEHIND = 0x08
_LOCAL, _DESCRIPTOR, _CENTRAL, _END = 30, 16, 46, 22
"""Bytes of a ZIP around names and contents (APPNOTE 6.3.10 §4.3)."""

Progress = Callable[[int, int], None]
Place = Callable[[str, bytes], None]
"""Takes one file of an opened batch: its name, with / between folders, and its content."""


class Writable(Protocol):
    """What a ZIP is written to; it need not be able to go back."""

    def write(self, data: bytes, /) -> object:
        """Takes all of `data`."""

    def flush(self) -> None:
        """Passes on what was held back."""


def write(out: Writable, batch: Batch, pictures: Pictures, *, progress: Progress | None = None) -> None:
    """Writes the pictures of each card of `batch`, asked for when its turn has come, and then the rows.

    `out` goes forwards only, as a `Sealer` does: what can go back is written a little differently.

    Raises:
        IssuerError: `bad_picture`, `bad_batch` (more than `MAX_BATCH` bytes), or what `pictures` raises.
    """
    names: list[FileNames] = []
    total = 0
    with ZipFile(cast("IO[bytes]", out), "w", ZIP_STORED, allowZip64=False) as archive:
        for card in batch.cards:
            files = pictures(card)
            names.append(_names(card, files))
            for name, data in _contents(names[-1], files):
                total += len(data)
                if total > MAX_BATCH:
                    raise IssuerError("bad_batch", "the pictures are too large: order fewer cards at a time")
                archive.writestr(_entry(name), data)
            if progress is not None:
                progress(card.sequence, len(batch.cards))
        archive.writestr(_entry(ROWS_JSON), batch_rows.to_json(batch.cards, names))
        archive.writestr(_entry(ROWS_CSV), batch_rows.to_csv(batch.cards, names))


def read(
    file: IO[bytes], *, size: int, place: Place, progress: Progress | None = None
) -> tuple[tuple[BatchCard, ...], tuple[FileNames, ...]]:
    """Hands every file of a ZIP of `size` bytes to `place`, after all names and sizes have been checked.

    Raises:
        IssuerError: `malformed_batch`, `bad_batch`, `bad_picture`.
        OSError: from `file`.
    """
    try:
        with ZipFile(file) as archive:
            return _read(archive, size, place, progress)
    except (BadZipFile, LargeZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        raise IssuerError("malformed_batch", "the ZIP in the batch is damaged") from error


def _read(
    archive: ZipFile, size: int, place: Place, progress: Progress | None
) -> tuple[tuple[BatchCard, ...], tuple[FileNames, ...]]:
    *entries, json_rows, csv_rows = archive.infolist()
    _check_entries(archive, size)
    if (json_rows.filename, csv_rows.filename) != (ROWS_JSON, ROWS_CSV):
        raise IssuerError("malformed_batch", "the ZIP does not end with its rows")
    if max(json_rows.file_size, csv_rows.file_size) > MAX_ROWS_FILE:
        raise IssuerError("malformed_batch", "the rows are larger than allowed")
    rows, table = archive.read(json_rows), archive.read(csv_rows)
    cards, names = batch_rows.from_json(rows)
    if table != batch_rows.to_csv(cards, names):
        raise IssuerError("malformed_batch", "cards.csv and cards.json do not say the same")
    expected = _expected(cards, names)
    if [entry.filename for entry in entries] != [name for _, name in expected]:
        raise IssuerError("malformed_batch", "the ZIP holds other files than its rows name")
    if any(entry.file_size > _LIMITS[kind] for entry, (kind, _) in zip(entries, expected, strict=True)):
        raise IssuerError("malformed_batch", "a picture is larger than allowed")
    for done, (entry, (kind, name)) in enumerate(zip(entries, expected, strict=True), 1):
        data = archive.read(entry)
        check_picture(kind, data)
        if kind == "photo" and not name.endswith(photo_suffix(data)):
            raise IssuerError("malformed_batch", "a photo has the name of another kind of picture")
        place(name, data)
        if progress is not None:
            progress(done, len(expected))
    place(ROWS_JSON, rows)
    place(ROWS_CSV, table)
    return cards, names


def _expected(cards: tuple[BatchCard, ...], names: tuple[FileNames, ...]) -> list[tuple[str, str]]:
    """Kind and name of every picture there must be; a name that is not its card's own is refused."""
    expected = []
    for card, files in zip(cards, names, strict=True):
        for kind in filter(files.__contains__, batch_rows.FILES):
            if files[kind] != _name(card, kind, files[kind][-3:]):
                raise IssuerError("malformed_batch", "a file has a name that is not its card's")
            expected.append((kind, files[kind]))
    return expected


def _check_entries(archive: ZipFile, size: int) -> None:
    """Plain stored files, one behind the other as `write` makes them: no links, folders, comments, gaps."""
    entries, place = archive.infolist(), 0
    for entry in entries:
        made = (entry.compress_type, entry.external_attr, entry.create_system, entry.flag_bits)
        if (
            made != (ZIP_STORED, _REGULAR, _UNIX, _SIZES_BEHIND)
            or entry.compress_size != entry.file_size
            or entry.date_time != _TIME
        ):
            raise IssuerError("malformed_batch", "the ZIP holds an entry that is no plain stored file")
        if entry.header_offset != place:
            raise IssuerError("malformed_batch", "the ZIP has gaps, or entries that overlap")
        place += _LOCAL + len(entry.filename) + entry.file_size + _DESCRIPTOR
    # Remarks, further fields and missing parts would make these sums come out otherwise.
    directory = sum(_CENTRAL + len(entry.filename) for entry in entries) + _END
    if archive.start_dir != place or place + directory != size:
        raise IssuerError("malformed_batch", "the ZIP holds something beside its entries")


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, _TIME)
    entry.external_attr, entry.create_system, entry.compress_type = _REGULAR, _UNIX, ZIP_STORED
    return entry


def _names(card: BatchCard, files: CardFiles) -> FileNames:
    suffixes = {"photo": photo_suffix(files.photo), "qr_svg": "svg", "qr_png": "png", "proof": "png"}
    kinds = batch_rows.FILES if files.proof is not None else batch_rows.FILES[:-1]
    return {kind: _name(card, kind, suffixes[kind]) for kind in kinds}


def _name(card: BatchCard, kind: str, suffix: str) -> str:
    """Where a picture stands: its folder, and the card's number, by which people and programs find it."""
    folder = {"photo": "photos", "proof": "proofs"}.get(kind, "qr")
    allowed = {"photo": ("jpg", "png"), "qr_svg": ("svg",)}.get(kind, ("png",))
    return f"{folder}/{card.number}.{suffix if suffix in allowed else allowed[0]}"


def _contents(names: FileNames, files: CardFiles) -> Iterator[tuple[str, bytes]]:
    for kind, name in names.items():
        data = getattr(files, kind)
        yield name, without_metadata(data) if kind == "photo" else data
