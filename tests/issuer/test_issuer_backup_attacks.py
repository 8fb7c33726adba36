"""A backup that was cut, altered or made by somebody else: refused by its code, and nothing is written."""

from __future__ import annotations

import io
import random
import struct
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from issuer_desk import CHEAP, PASSPHRASE, Desk, open_desk
from register_state import rows_of
from test_issuer_backup import back_up, restored

from did import keyfile, strict_json
from did.errors import IdentityError
from issuer import backup_reader
from issuer.backup_file import FRAME, MAGIC, MANIFEST
from issuer.backup_writer import BackupWriter

SEEDS = range(15)
Entries = list[tuple[str, bytes]]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A small register."""
    made = open_desk(tmp_path)
    made.apply(3)
    made.office.approve([1])
    return made


@pytest.fixture
def plain(desk: Desk, tmp_path: Path) -> Path:
    """An unencrypted backup, which anybody can write anew."""
    return back_up(desk, tmp_path / "plain", passphrase=None)


def code_of(work: Callable[[], object], place: Path) -> str:
    """What a restoration is refused for; nothing is there afterwards."""
    with pytest.raises(IdentityError) as caught:
        work()
    assert not place.exists()
    assert not list(place.parent.glob(".*"))
    return caught.value.code


def read(file: Path) -> tuple[Entries, dict[str, Any]]:
    """What stands in a backup."""
    entries: Entries = []
    with file.open("rb") as opened:
        stream = backup_reader.open_stream(opened, lambda: PASSPHRASE)
        for name, body in backup_reader.entries(stream):
            entries.append((name, b"".join(body)))
    return entries[:-1], strict_json.loads(entries[-1][1], max_bytes=1 << 20)


def write(file: Path, entries: Entries, manifest: dict[str, Any]) -> None:
    """A backup of these entries whose manifest agrees with them."""
    with file.open("wb") as out:
        writer = BackupWriter(out, None, cost=CHEAP)
        for name, data in entries:
            writer.add(name, [data])
        writer.finish(manifest)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("sealed", [True, False])
def test_cut_anywhere(seed: int, sealed: bool, desk: Desk, tmp_path: Path) -> None:
    """A part of a backup is none."""
    file = back_up(desk, tmp_path / "backup", passphrase=PASSPHRASE if sealed else None)
    data = file.read_bytes()
    at = random.Random(seed).randrange(len(data))
    file.write_bytes(data[:at])
    print("seed", seed, "cut at", at)
    code = code_of(lambda: restored(file, tmp_path / "new", desk.now), tmp_path / "new")
    assert code in ("backup_cut", "not_a_backup", *(["backup_altered"] if sealed else []))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("sealed", [True, False])
def test_one_bit_changed(seed: int, sealed: bool, desk: Desk, tmp_path: Path) -> None:
    """Wherever it is; beside the wrapping of the key in words of that."""
    file = back_up(desk, tmp_path / "backup", passphrase=PASSPHRASE if sealed else None)
    data = bytearray(file.read_bytes())
    at = random.Random(seed).randrange(len(data))
    data[at] ^= 1 << random.Random(seed).randrange(8)
    file.write_bytes(data)
    print("seed", seed, "changed at", at)
    code = code_of(lambda: restored(file, tmp_path / "new", desk.now), tmp_path / "new")
    assert code in {
        *("backup_cut", "backup_altered", "malformed_backup", "not_a_backup", "newer_backup"),
        *("wrong_passphrase", "malformed_key_file", "malformed_base64url"),
    }


@pytest.mark.parametrize("sealed", [True, False])
def test_something_behind_the_end(sealed: bool, desk: Desk, tmp_path: Path) -> None:
    """Is no part of it."""
    file = back_up(desk, tmp_path / "backup", passphrase=PASSPHRASE if sealed else None)
    file.write_bytes(file.read_bytes() + b"x")
    code = code_of(lambda: restored(file, tmp_path / "new", desk.now), tmp_path / "new")
    assert code in ("backup_altered", "malformed_backup")


@pytest.mark.parametrize(
    "name",
    [
        *(
            "../outside",
            "/etc/passwd",
            "keys/../../outside.json",
            "keys/.json",
            "keys/a/b.json",
            "trust/..",
            "",
        ),
        *("register.sqlite", "register/../x", "photos/x.jpg", "photos/sent/../x", "offline/root-1/key.json"),
        *("keys/a.json\n", "KEYS/a.json", "trust/" + "a" * 200, "register/\u1780", "keys/a.json\0"),
    ],
)
def test_a_place_outside(name: str, plain: Path, desk: Desk, tmp_path: Path) -> None:
    """No entry leads out of a home, nor where no backup has one."""
    entries, manifest = read(plain)
    write(plain, [*entries, (name, b"x")], manifest)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    assert (
        code_of(lambda: restored(plain, tmp_path / "new", desk.now), tmp_path / "new") == "malformed_backup"
    )
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()} == before


def test_an_entry_twice(plain: Path, desk: Desk, tmp_path: Path) -> None:
    """The second would take the place of the first."""
    entries, manifest = read(plain)
    write_twice = io.BytesIO()
    writer = BackupWriter(write_twice, None, cost=CHEAP)
    for name, data in entries:
        writer.add(name, [data])
    writer._entry("config.json", [b"{}"])
    writer.finish(manifest)
    plain.write_bytes(write_twice.getvalue())
    assert (
        code_of(lambda: restored(plain, tmp_path / "new", desk.now), tmp_path / "new") == "malformed_backup"
    )


def _table(entries: Entries, name: str, change: Callable[[list[Any]], list[Any]]) -> Entries:
    """The rows of a table, changed."""
    changed = []
    for each, data in entries:
        if each == f"register/{name}":
            lines = [strict_json.loads(line, max_bytes=1 << 20) for line in data.splitlines()]
            changed.append((each, b"".join(strict_json.dumps(line) + b"\n" for line in change(lines))))
        else:
            changed.append((each, data))
    return changed


def _set(table: str, column: str, value: Any) -> Callable[[Entries], Entries]:
    def change(lines: list[Any]) -> list[Any]:
        lines[1][lines[0].index(column)] = value
        return lines

    return lambda entries: _table(entries, table, change)


FORGED = {
    "a name changed": _set("person", "name_km", "សុខ"),
    "a state changed": _set("card", "state", "revoked"),
    "no such state": _set("card", "state", "golden"),
    "a card of nobody": _set("card", "person_id", 77),
    "a number that is none": _set("card", "number", "1234567890"),
    "a text for a number": _set("card", "id", "1"),
    "a number too large": _set("card", "id", 1 << 63),
    "a negative number": _set("card", "created_at", -1),
    "a truth for a number": _set("person", "grade", True),
    "a day that is none": _set("person", "date_of_birth", "2026-02-31"),
    "bytes that are none": _set("person", "salt", "!!"),
    "nothing where something has to be": _set("person", "name_km", None),
    "a NUL": _set("person", "name_km", "a\0b"),
    "an array": _set("person", "name_km", [1]),
    "a row too few": lambda entries: _table(entries, "act", lambda lines: lines[:-1]),
    "a row twice": lambda entries: _table(entries, "act", lambda lines: [*lines, lines[-1]]),
    "a row too short": lambda entries: _table(entries, "act", lambda lines: [*lines[:-1], lines[-1][:-1]]),
    "another column": lambda entries: _table(
        entries, "act", lambda lines: [["x", *lines[0][1:]], *lines[1:]]
    ),
    "no columns": lambda entries: _table(entries, "act", lambda lines: []),
    "no table": lambda entries: [each for each in entries if each[0] != "register/act"],
    "a table of one's own": lambda entries: [*entries, ("register/sqlite_master", b'["sql"]\n["x"]\n')],
    "a line without an end": lambda entries: [
        (name, data[:-1] if name == "register/act" else data) for name, data in entries
    ],
    "a link changed": _set("audit", "entry", "{}"),
    "no chain": lambda entries: _table(entries, "audit", lambda lines: lines[:1]),
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
def test_rows_of_somebody_else(
    forged: Callable[[Entries], Entries], plain: Path, desk: Desk, tmp_path: Path
) -> None:
    """An unencrypted backup written anew, its manifest with it: rules, types and the chain tell."""
    entries, manifest = read(plain)
    changed = forged(entries)
    manifest["rows"] = {
        name.removeprefix("register/"): max(data.count(b"\n") - 1, 0)
        for name, data in changed
        if name.startswith("register/")
    }
    write(plain, changed, manifest)
    code = code_of(lambda: restored(plain, tmp_path / "new", desk.now), tmp_path / "new")
    assert code in ("malformed_backup", "backup_altered", "register_refused", "register_unusable")


@pytest.mark.parametrize(
    "change",
    [
        {"schema": 12},
        {"schema": "head"},
        {"schema": "0000"},
        {"rows": None},
        {"rows": {}},
        {"head": ["1", 2]},
        {"head": [0, "00"]},
        {"at": "now"},
        {"montrey": "batch"},
        {"problems": 5},
    ],
)
def test_a_manifest_that_says_else(change: dict[str, Any], plain: Path, desk: Desk, tmp_path: Path) -> None:
    """It is held against what there is."""
    entries, manifest = read(plain)
    write(plain, entries, {**manifest, **change})
    code = code_of(lambda: restored(plain, tmp_path / "new", desk.now), tmp_path / "new")
    assert code in ("malformed_backup", "backup_altered", *(["newer_register"] if "schema" in change else []))


def _frames(*frames: bytes) -> bytes:
    return b"".join(struct.pack(">I", len(frame)) + frame for frame in frames)


class _Endless:
    """A file that never ends, of one entry's frames."""

    def __init__(self, begin: bytes, again: bytes) -> None:
        self._waiting = bytearray(MAGIC + b'{"sealed":null}\n' + begin)
        self._again = again
        self.given = 0

    def read(self, size: int, /) -> bytes:
        while len(self._waiting) < size:
            self._waiting += self._again
        taken = bytes(self._waiting[:size])
        del self._waiting[:size]
        self.given += size
        return taken


@pytest.mark.parametrize(
    ("begin", "again"),
    [
        (_frames(b"config.json"), _frames(bytes(FRAME))),
        (_frames(b"trust/x"), _frames(bytes(FRAME))),
        (_frames(b"photos/" + b"ab" * 32 + b".jpg"), _frames(bytes(FRAME))),
        (_frames(MANIFEST.encode()), _frames(bytes(FRAME))),
        (b"", b"\xff" * 64),
        (_frames(b"x" * 65), _frames(b"y")),
        (_frames(b"config.json"), _frames(b"")),
    ],
    ids=["settings", "trust", "photo", "manifest", "length", "name", "names"],
)
def test_an_endless_file(begin: bytes, again: bytes) -> None:
    """Ends soon, in little memory."""
    file = _Endless(begin, again)
    tracemalloc.start()

    def drain() -> None:
        for _, body in backup_reader.checked(backup_reader.open_stream(file, lambda: "")):
            for _ in body:
                pass

    with pytest.raises(IdentityError) as caught:
        drain()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert caught.value.code == "malformed_backup"
    assert file.given < 40 << 20
    assert most < 80 << 20


def test_a_row_without_an_end(plain: Path, desk: Desk, tmp_path: Path) -> None:
    """A line of a table is no longer than a register has any."""
    entries, manifest = read(plain)

    def chunks() -> Iterator[bytes]:
        yield b'["seq","at","entry","sha256"]\n'
        for _ in range(40):
            yield b" " * (1 << 20)

    with plain.open("wb") as out:
        writer = BackupWriter(out, None, cost=CHEAP)
        for name, data in entries:
            writer.add(name, chunks() if name == "register/audit" else [data])
        writer.finish(manifest)
    assert (
        code_of(lambda: restored(plain, tmp_path / "new", desk.now), tmp_path / "new") == "malformed_backup"
    )


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"\n",
        b"{}\n",
        b'{"sealed":1}\n',
        b'{"sealed":null,"x":1}\n',
        b" " * 5000,
        b'{"sealed":{"kdf":"argon2id","passes":9999,"memory":1,"salt":"","box":""}}\n',
        b'{"sealed":{"kdf":"argon2id","passes":1,"memory":99999999999,"salt":"AAAAAAAAAAAAAAAAAAAAAA","box":""}}\n',
        strict_json.dumps({"sealed": keyfile.seal(b"short", PASSPHRASE, cost=CHEAP)}) + b"\n",
    ],
)
def test_a_head_of_somebody_else(head: bytes, desk: Desk, tmp_path: Path) -> None:
    """It cannot exhaust the machine, nor be taken for one."""
    file = tmp_path / "backup"
    file.write_bytes(MAGIC + head)
    code = code_of(lambda: restored(file, tmp_path / "new", desk.now), tmp_path / "new")
    assert code in ("backup_cut", "not_a_backup", "malformed_key_file", "wrong_passphrase")


def test_what_is_no_file(desk: Desk, tmp_path: Path) -> None:
    """A folder, a pipe, nothing at all."""
    import os

    os.mkfifo(tmp_path / "pipe")
    for place in ("pipe", "missing", "."):
        code = code_of(lambda: restored(tmp_path / place, tmp_path / "new", desk.now), tmp_path / "new")  # noqa: B023
        assert code == "unreadable_file"


def test_the_same_written_anew_is_taken(plain: Path, desk: Desk, tmp_path: Path) -> None:
    """What these tests write is refused for what they change, and for nothing else."""
    entries, manifest = read(plain)
    write(plain, entries, manifest)
    restored(plain, tmp_path / "new", desk.now)
    assert rows_of(Desk(tmp_path / "new").engine)["person"] == rows_of(desk.engine)["person"]
