"""What lies on a stick that was put in: a publication, deltas, or nothing for a gate.

Told by names, kinds and sizes alone, of a stick's own folder and of the folders
in it, and of no more than 200 entries of either level: a stick is a stranger's.
Of a text the first four bytes are read. What is believed is `trust`'s affair.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from revocation.delta import MAX_BYTES, MAX_TEXT, PREFIX
from trust import TrustError, disk

USUAL = ("/media/*/*", "/run/media/*/*", "/media/*", "/mnt/*")
"""Where desktops and guards mount a stick."""
MAX_ENTRIES = 200
"""Names looked at in a stick's folder, and in all folders below it together."""
MAX_STICKS, MAX_DELTAS = 64, 32
_TIMESTAMP = Path("metadata", "timestamp.json")
_GROWS = (Path("metadata"), Path("targets"), Path("targets", "status"))
"""Folders of a publication that change while it is being copied."""
_FIRST = ("montrey", "trust", "stick", "delta", "deltas")
"""Folders that are looked into before others, and found among too many names."""
_PARTS = ("metadata", "targets")


@dataclass(frozen=True, slots=True)
class Found:
    """What a stick brings: the folder of a publication, or none, and the files of deltas beside it.

    `mark` changes when any of it changes, or grows.
    """

    publication: Path | None
    deltas: tuple[Path, ...]
    mark: tuple[object, ...] = field(default=(), repr=False)

    def __bool__(self) -> bool:
        """Whether there is anything."""
        return self.publication is not None or bool(self.deltas)


def find(folders: Sequence[Path], usual: Sequence[str] = USUAL) -> Found | None:
    """What there is to take over now, or None: from `folders` in order, then from where sticks usually are.

    Of several sticks in the usual places, it is the one whose publication was written last.
    """
    for folder in folders:
        if found := look(folder):
            return found
    sticks = [found for place in places((), usual) if (found := look(place))]
    return max(sticks, key=lambda found: _written(found.publication), default=None)


def places(folders: Sequence[Path], usual: Sequence[str] = USUAL) -> list[Path]:
    """The folders at which a stick may be found: those given, what is mounted in them, and the usual ones."""
    mounted = [inner for folder in folders for inner in _inside(folder, elsewhere=True)]
    there = (path for pattern in usual for path in _matching(pattern))
    return list(dict.fromkeys([*folders, *islice((*mounted, *there), MAX_STICKS)]))


def look(place: Path) -> Found:
    """What the stick at `place` holds; nothing if there is none, or it cannot be read.

    Of several publications on one stick it is the one that was written last.
    Another stick that is mounted inside is left out.
    """
    publications = [place] if _is_publication(place) else []
    deltas = list(_deltas(place, _entries(place, MAX_ENTRIES)))
    left = MAX_ENTRIES
    for folder in _inside(place, elsewhere=False):
        if publications == [place] and folder.name in _PARTS:
            continue
        if _is_publication(folder):
            publications.append(folder)
        entries = _entries(folder, left)
        left -= len(entries)
        deltas += _deltas(folder, entries)
    del deltas[MAX_DELTAS:]
    publication = max(publications, key=_written, default=None)
    return Found(publication, tuple(deltas), tuple(_marks(publication, deltas)))


def _inside(place: Path, *, elsewhere: bool) -> list[Path]:
    """The folders in `place` on the same file system, or those on another."""
    here = _device(place)
    listed = sorted(entry.name for entry in _folders(_entries(place, MAX_ENTRIES)))
    named = [name for name in _FIRST if name not in listed and _is_folder_at(place / name)]
    paths = [place / name for name in sorted([*listed, *named], key=_order)]
    return [path for path in paths if (_device(path) != here) is elsewhere]


def _device(folder: Path) -> int | None:
    try:
        return folder.stat().st_dev
    except (OSError, ValueError):
        return None


def _matching(pattern: str) -> Iterator[Path]:
    """The folders that a pattern of stars names, links left out."""
    parts = pattern.split("/")
    folders = [Path("/")]
    for part in parts[1:]:
        if part == "*":
            inner = [(folder, _folders(_entries(folder, MAX_ENTRIES))) for folder in folders]
            folders = [folder / entry.name for folder, entries in inner for entry in entries][:MAX_ENTRIES]
        else:
            folders = [folder / part for folder in folders]
    yield from folders


def _entries(folder: Path, most: int) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as names:
            return list(islice((entry for entry in names if not entry.name.startswith(".")), most))
    except (OSError, ValueError):
        return []


def _folders(entries: Iterable[os.DirEntry[str]]) -> list[os.DirEntry[str]]:
    return [entry for entry in entries if _is_folder(entry)]


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _order(name: str) -> int:
    return _FIRST.index(name) if name in _FIRST else len(_FIRST)


def _is_folder_at(path: Path) -> bool:
    found = _status(path)
    return found is not None and stat.S_ISDIR(found.st_mode)


def _is_publication(folder: Path) -> bool:
    timestamp = _status(folder / _TIMESTAMP)
    is_file = timestamp is not None and stat.S_ISREG(timestamp.st_mode)
    return is_file and _is_folder_at(folder / _TIMESTAMP.parent)


def _deltas(folder: Path, entries: Iterable[os.DirEntry[str]]) -> Iterator[Path]:
    """Files of deltas by name; the text of one that is there as bytes too is left out."""
    paths = [folder / name for name in sorted(entry.name for entry in entries)]
    stems = {path.stem for path in paths if path.suffix == ".delta"}
    for path in paths:
        if path.suffix == ".delta":
            if _is_file(path, MAX_BYTES):
                yield path
        elif path.suffix == ".txt" and path.stem not in stems and _is_file(path, MAX_TEXT + 2):
            try:
                begin = disk.read(path, max_bytes=len(PREFIX) - 1)
            except (OSError, TrustError):
                continue
            if begin == PREFIX.encode("ascii"):
                yield path


def _is_file(path: Path, most: int) -> bool:
    found = _status(path)
    return found is not None and stat.S_ISREG(found.st_mode) and 0 < found.st_size <= most


def _marks(publication: Path | None, deltas: Iterable[Path]) -> Iterator[object]:
    files: list[Path] = [*deltas]
    if publication is not None:
        files += [publication / _TIMESTAMP, *(publication / folder for folder in _GROWS)]
    for path in files:
        found = _status(path)
        if found is not None:
            yield os.fspath(path), found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size


def _written(publication: Path | None) -> int:
    found = None if publication is None else _status(publication / _TIMESTAMP)
    return 0 if found is None else found.st_mtime_ns


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.lstat()
    except (OSError, ValueError):
        return None
