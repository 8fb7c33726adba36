"""A folder of photos beside a file of applications: NUMBER.jpg, NUMBER.jpeg or NUMBER.png for each person."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from issuer.errors import IssuerError
from issuer.faults import Fault, FaultKind
from issuer.photo import MAX_BYTES, normalised
from issuer.photo_store import PhotoStore
from issuer.progress import Progress
from issuer.sheet_cells import CellError, clean, digits
from issuer.sheet_rows import shown

MAX_ENTRIES = 500_000
_ENDINGS = (".jpg", ".jpeg", ".png")
_PASSED_OVER = frozenset({"thumbs.db", "desktop.ini"})
"""What systems put into folders, beside hidden files."""
COLUMN = "photo_sha256"


class StrayReason(StrEnum):
    """Why something in the folder was not used."""

    NOBODY = "nobody"
    NOT_A_FILE = "not_a_file"
    NOT_A_PHOTO = "not_a_photo"


@dataclass(frozen=True, slots=True)
class Stray:
    """Something in the folder that belongs to no row; its name is cut short and made safe to be shown."""

    name: str
    reason: StrayReason


class PhotoFolder:
    """The photos in a folder, found by employee number; what is made of them goes to `store`.

    Links, pipes and folders in it are never followed nor opened.

    Raises:
        IssuerError: `unreadable_file`, `too_many_photos`.
    """

    def __init__(self, folder: Path, store: PhotoStore) -> None:
        self._folder, self._store = folder, store
        self._files: dict[str, list[str]] = {}
        self._strays: list[Stray] = []
        try:
            with os.scandir(folder) as entries:
                for count, entry in enumerate(entries):
                    if count >= MAX_ENTRIES:
                        raise IssuerError(
                            "too_many_photos", f"the folder holds more than {MAX_ENTRIES:,} files: divide it"
                        )
                    self._sort_in(entry)
        except OSError as error:
            raise IssuerError("unreadable_file", f"{folder}: {error.strerror}") from error

    def strays(self, *, known: set[str]) -> list[Stray]:
        """What belongs to none of these employee numbers, by name."""
        nobodys = [
            Stray(shown(name), StrayReason.NOBODY)
            for number, names in self._files.items()
            if number not in known
            for name in names
        ]
        return sorted([*self._strays, *nobodys], key=lambda stray: stray.name)

    def take(
        self, wanted: Mapping[str, tuple[int, bytes | None]], *, progress: Progress | None = None
    ) -> tuple[dict[str, bytes], list[Fault]]:
        """Takes in the photos of these employee numbers, each with its row and the SHA-256 that stands there.

        Returns the SHA-256 of each photo as it is kept, and what is wrong with the
        others; who has none at all is in neither. A SHA-256 in a row must be that
        of the file as it was sent, or as it is kept.

        Raises:
            IssuerError: `unwritable_file`.
        """
        kept: dict[str, bytes] = {}
        faults: list[Fault] = []
        for done, (number, (row, stated)) in enumerate(wanted.items(), start=1):
            try:
                if (digest := self._photo(number, stated)) is not None:
                    kept[number] = digest
            except CellError as error:
                faults.append(Fault(row, COLUMN, error.kind))
            if progress:
                progress(done, len(wanted))
        self._store.settle()
        return _apart(kept, faults, wanted)

    def _sort_in(self, entry: os.DirEntry[str]) -> None:
        stem, ending = os.path.splitext(entry.name)  # noqa: PTH122  # a name, no path
        if entry.name.startswith(".") or entry.name.casefold() in _PASSED_OVER:
            return
        if not entry.is_file(follow_symlinks=False):
            self._strays.append(Stray(shown(entry.name), StrayReason.NOT_A_FILE))
        elif ending.casefold() not in _ENDINGS:
            self._strays.append(Stray(shown(entry.name), StrayReason.NOT_A_PHOTO))
        else:
            self._files.setdefault(digits(clean(stem)), []).append(entry.name)

    def _photo(self, number: str, stated: bytes | None) -> bytes | None:
        names = self._files.get(number, [])
        if len(names) > 1:
            raise CellError(FaultKind.PHOTO_TWICE)
        if not names:
            return stated if stated and self._store.holds(stated) else None  # sent before
        data = self._read(names[0])
        sent = hashlib.sha256(data).digest()
        digest = self._store.made_of(sent)
        if digest is None:
            digest = self._store.keep(normalised(data), sent=sent)
        if stated not in (None, sent, digest):
            raise CellError(FaultKind.PHOTO_MISMATCH)
        return digest

    def _read(self, name: str) -> bytes:
        """The bytes of a file that is one still, when it is opened."""
        try:
            descriptor = os.open(self._folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            with os.fdopen(descriptor, "rb") as file:
                about = os.fstat(file.fileno())
                if not stat.S_ISREG(about.st_mode):
                    raise CellError(FaultKind.PHOTO_BROKEN)
                data = file.read(MAX_BYTES + 1)
        except OSError as error:
            raise CellError(FaultKind.PHOTO_BROKEN) from error
        if len(data) > MAX_BYTES:
            raise CellError(FaultKind.PHOTO_TOO_LARGE)
        return data


def _apart(
    kept: dict[str, bytes], faults: list[Fault], wanted: Mapping[str, tuple[int, bytes | None]]
) -> tuple[dict[str, bytes], list[Fault]]:
    """Takes the photos away from everybody who shares one with somebody else."""
    owners: dict[bytes, list[str]] = {}
    for number, digest in kept.items():
        owners.setdefault(digest, []).append(number)
    for numbers in owners.values():
        if len(numbers) > 1:
            for number in numbers:
                other = numbers[1] if number == numbers[0] else numbers[0]
                faults.append(Fault(wanted[number][0], COLUMN, FaultKind.PHOTO_SHARED, wanted[other][0]))
                del kept[number]
    return kept, faults
