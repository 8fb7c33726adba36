"""Batches that were changed, cut, mixed or made by somebody who has a key: nothing of them is written."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import pytest
from batch_desk import (
    BANK,
    MINISTRY,
    OTHER_BANK,
    batch,
    open_into,
    pictures,
    qr,
    refusal,
    sealed,
    sealed_with_header,
)

from did import Algorithm, SoftwareSigner, base64url, jose, jws, sealing, strict_json
from did.sealing import CHUNK, HEAD, OVERHEAD, Sealer
from issuer import batch_archive, batch_file, batch_letter, opened_batch
from issuer.bank_keys import kid
from issuer.batch import BatchCard, CardFiles
from issuer.batch_file import BLOCK, MAGIC
from issuer.batch_letter import TYPE, BatchHeader
from issuer.errors import IssuerError
from issuer.whole_output import new_file

FULL = CHUNK + OVERHEAD


def large(seed: int) -> bytes:
    """A batch of several chunks, the last one short."""
    svg, png = qr()
    photo = b"\x89PNG\r\n\x1a\n" + b"".join(
        (60_000).to_bytes(4, "big") + b"IDAT" + random.Random(seed).randbytes(60_004) for _ in range(3)
    )
    out = BytesIO()
    batch_file.seal(
        out,
        batch(1, seed=seed),
        lambda card: CardFiles(photo=photo, qr_svg=svg, qr_png=png),
        signer=MINISTRY,
        bank=BANK.public.encryption,
    )
    return out.getvalue()


LARGE, OTHER = large(1), large(2)
CHUNKS = -(-(len(LARGE) - BLOCK - HEAD) // FULL)
LETTER_END = 12 + int.from_bytes(LARGE[8:12], "big")
REGIONS = {
    "magic": range(8),
    "length": range(8, 12),
    "letter": range(12, LETTER_END),
    "zeros": [LETTER_END, LETTER_END + 1, (LETTER_END + BLOCK) // 2, BLOCK - 1],
    "head": range(BLOCK, BLOCK + HEAD),
    "chunks": [
        BLOCK + HEAD + chunk * FULL + place for chunk in range(CHUNKS) for place in (0, 1, 100, 1000, 2000)
    ],
    "seals": [BLOCK + HEAD + chunk * FULL - place for chunk in range(1, CHUNKS) for place in (1, 8, 17)],
    "end": range(len(LARGE) - 20, len(LARGE)),
}
CODES = {
    "magic": {"not_a_batch"},
    "length": {"batch_altered", "other_bank"},
    "letter": {"batch_altered", "other_bank"},
}


@pytest.mark.parametrize("region", REGIONS)
def test_every_changed_byte_is_refused(region: str, tmp_path: Path) -> None:
    """Wherever it stands: each byte of the letter, each kind of place of the stream."""
    assert CHUNKS >= 3
    draw = random.Random(region)
    for place in REGIONS[region]:
        changed = bytearray(LARGE)
        changed[place] ^= 1 << draw.randrange(8)
        assert refusal(tmp_path, bytes(changed)) in CODES.get(region, {"batch_altered"}), place


def test_cut(tmp_path: Path) -> None:
    """At every chunk, within chunks, within the block: a copy that is not whole."""
    at_chunks = [BLOCK + HEAD + chunk * FULL for chunk in range(CHUNKS)]
    for length in (8, 12, LETTER_END, BLOCK - 1, BLOCK, BLOCK + 1, BLOCK + HEAD - 1, *at_chunks):
        assert refusal(tmp_path, LARGE[:length]) == "batch_cut", length
    for length in (*(place + 1000 for place in at_chunks), len(LARGE) - 1):
        assert refusal(tmp_path, LARGE[:length]) == "batch_cut", length
    for length in range(8):
        assert refusal(tmp_path, LARGE[:length]) == "not_a_batch"


@pytest.mark.parametrize("added", [b"\0", LARGE[-FULL:], LARGE])
def test_added(added: bytes, tmp_path: Path) -> None:
    """Nothing may follow."""
    assert refusal(tmp_path, LARGE + added) == "batch_altered"


def test_two_batches_mixed(tmp_path: Path) -> None:
    """A letter with the other's stream, streams with one chunk exchanged, the heads exchanged."""
    assert refusal(tmp_path, LARGE[:BLOCK] + OTHER[BLOCK:]) == "batch_altered"
    assert refusal(tmp_path, OTHER[:BLOCK] + LARGE[BLOCK:]) == "batch_altered"
    for chunk in range(CHUNKS):
        place = slice(BLOCK + HEAD + chunk * FULL, BLOCK + HEAD + (chunk + 1) * FULL)
        mixed = LARGE[: place.start] + OTHER[place] + LARGE[place.stop :]
        shorter = len(mixed) < len(LARGE)  # whether the end was lost as well, nobody can tell
        assert refusal(tmp_path, mixed) in {"batch_altered", *(["batch_cut"] if shorter else [])}
    head = slice(BLOCK, BLOCK + HEAD)
    assert refusal(tmp_path, LARGE[: head.start] + OTHER[head] + LARGE[head.stop :]) == "batch_altered"


def test_other_files(tmp_path: Path) -> None:
    """Nothing, text, a ZIP, a picture: not a batch, in those words."""
    for data in (b"", b"x", b"PK\x03\x04" + bytes(20_000), qr()[1], b"MBATCH02" + bytes(20_000)):
        assert refusal(tmp_path, data) == "not_a_batch"


def test_a_bank_that_hands_a_letter_on(tmp_path: Path) -> None:
    """It can encrypt what the ministry signed for it to another bank; that bank does not take it."""
    data = sealed(batch(1))
    letter = data[12 : 12 + int.from_bytes(data[8:12], "big")].decode()
    signed = jose.decrypt_jwe(letter, jose.signer_to_jwk(BANK.to_decrypt()))
    other = OTHER_BANK.public.encryption
    again = jose.encrypt_jwe(signed, {**other.to_jwk(), "kid": kid(other)}, enc="A256GCM").encode()
    block = (MAGIC + len(again).to_bytes(4, "big") + again).ljust(BLOCK, b"\0")
    assert refusal(tmp_path, block + data[BLOCK:], bank=OTHER_BANK) == "other_bank"


def test_a_letter_to_a_key_without_a_name(tmp_path: Path) -> None:
    """Where the JWE names no key, or another, only who can decrypt it knows: then it is opened."""
    data = sealed(batch(1))
    letter = data[12 : 12 + int.from_bytes(data[8:12], "big")].decode()
    signed = jose.decrypt_jwe(letter, jose.signer_to_jwk(BANK.to_decrypt()))
    for name in ({}, {"kid": "another"}):
        again = jose.encrypt_jwe(signed, {**BANK.public.encryption.to_jwk(), **name}).encode()
        block = (MAGIC + len(again).to_bytes(4, "big") + again).ljust(BLOCK, b"\0")
        assert refusal(tmp_path, block + data[BLOCK:], bank=OTHER_BANK) == "other_bank"
        open_into(tmp_path / "opened", block + data[BLOCK:])
        for path in sorted((tmp_path / "opened").rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        (tmp_path / "opened").rmdir()


def forged(plain: bytes, *, signer: SoftwareSigner = MINISTRY, header: Any = None, **changed: Any) -> bytes:
    """A file whose stream holds `plain`, with members of the letter replaced, taken out (None) or added."""
    key = sealing.new_key()
    stream = BytesIO()
    sealer = Sealer(stream, key)
    sealer.write(plain)
    sealer.close()
    true: BatchHeader = sealed_with_header(batch(2))[1]
    letter = batch_letter.write(
        replace(true, sha256=_sha256(stream.getvalue()), size=len(stream.getvalue())),
        key,
        signer=signer,
        bank=BANK.public.encryption,
    )
    if changed or header is not None:
        token = jws.parse(
            jose.decrypt_jwe(letter, jose.signer_to_jwk(BANK.to_decrypt())).decode(), max_bytes=9999
        )
        said = {**strict_json.loads(token.payload, max_bytes=9999), **changed}
        payload = strict_json.dumps({name: value for name, value in said.items() if value is not None})
        names = {"typ": TYPE, "kid": kid(signer.public_key), **(header or {})}
        letter = jose.encrypt_jwe(jws.sign(names, payload, signer).encode(), BANK.public.encryption.to_jwk())
    block = MAGIC + len(letter).to_bytes(4, "big") + letter.encode()
    return block.ljust(BLOCK, b"\0") + stream.getvalue()


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def archive(count: int = 2) -> dict[str, bytes]:
    """The files of a batch as they should be, in order."""
    out = BytesIO()
    batch_archive.write(out, batch(count), pictures)
    with ZipFile(out) as made:
        return {name: made.read(name) for name in made.namelist()}


def zipped(files: dict[str, bytes], *, entry: Callable[[ZipInfo], object] | None = None) -> bytes:
    """These files as `batch_archive` would write them; `entry` may change how."""
    target = BytesIO()
    sink: Any = _Unseekable(target)
    with ZipFile(sink, "w", ZIP_STORED) as made:
        for name, data in files.items():
            info = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.external_attr, info.create_system = 0o100600 << 16, 3
            if entry is not None:
                entry(info)
            made.writestr(info, data)
    return target.getvalue()


class _Unseekable:
    """A file that only goes forwards, as the sealer is."""

    def __init__(self, out: BytesIO) -> None:
        self._out = out

    def write(self, data: bytes) -> int:
        """Takes `data`."""
        return self._out.write(data)

    def flush(self) -> None:
        """Nothing."""


def test_what_is_forged_below_is_well_made(tmp_path: Path) -> None:
    """Left as it is, such a file opens: what is refused below is refused for what was changed."""
    open_into(tmp_path / "opened", forged(zipped(archive())))
    assert (tmp_path / "opened" / "cards.json").read_bytes() == archive()["cards.json"]


def rows(change: Callable[[list[dict[str, Any]]], object]) -> dict[str, bytes]:
    """The files with another `cards.json`."""
    files = archive()
    document = json.loads(files["cards.json"])
    change(document["cards"])
    return {**files, "cards.json": strict_json.dumps(document) + b"\n"}


BAD_FILES: dict[str, Callable[[], dict[str, bytes]]] = {
    "nothing": dict,
    "one file": lambda: {"cards.json": b"{}"},
    "another file": lambda: {"notes.txt": b"x", **archive()},
    "a way out": lambda: {"../../escaped": b"x", **archive()},
    "an absolute name": lambda: {"/tmp/escaped": b"x", **archive()},  # noqa: S108 (what must not be made)
    "rows first": lambda: {"cards.json": archive()["cards.json"], **archive()},
    "a missing picture": lambda: dict(list(archive().items())[1:]),
    "two tables": lambda: {**archive(), "cards.csv": b"other"},
    "a birth date": lambda: rows(lambda cards: cards[0].update(date_of_birth="1980-01-01")),
    "no name": lambda: rows(lambda cards: cards[0].pop("name_km")),
    "a photo elsewhere": lambda: rows(lambda cards: cards[0].update(photo="../escaped.jpg")),
    "another's photo": lambda: rows(lambda cards: cards[0].update(photo=cards[1]["photo"])),
    "a number for a name": lambda: rows(lambda cards: cards[0].update(name_km=5)),
    "true for a number": lambda: rows(lambda cards: cards[0].update(sequence=True)),
    "a date in another way": lambda: rows(lambda cards: cards[0].update(valid_until="20361121")),
    "no date": lambda: rows(lambda cards: cards[0].update(valid_until="soon")),
    "a text for a row": lambda: rows(lambda cards: cards.append("row")),  # type: ignore[arg-type]
    "no rows": lambda: rows(list.clear),
    "no json": lambda: {**archive(), "cards.json": b"{"},
    "another version": lambda: {**archive(), "cards.json": b'{"cards":[],"version":2}'},
}


@pytest.mark.parametrize("case", BAD_FILES)
def test_files_that_should_not_be_there(case: str, tmp_path: Path) -> None:
    """Whoever signs it: only the files that follow from the rows, only the fields of a card."""
    assert refusal(tmp_path, forged(zipped(BAD_FILES[case]()))) == "malformed_batch"
    assert not Path("/tmp/escaped").exists()  # noqa: S108 (what must not be made)


@pytest.mark.parametrize("number", ["1234567890", "", "../../x"])
def test_values_that_no_card_has(number: str, tmp_path: Path) -> None:
    """They are refused as where a batch is made."""
    bad = forged(zipped(rows(lambda cards: cards[0].update(number=number))))
    assert refusal(tmp_path, bad) in {"bad_batch", "malformed_batch"}


def test_a_picture_that_is_none(tmp_path: Path) -> None:
    """A program in the place of a photo."""
    files = archive()
    photo = next(name for name in files if name.startswith("photos/"))
    assert refusal(tmp_path, forged(zipped({**files, photo: b"MZ" + bytes(100)}))) == "bad_picture"


def _link(info: ZipInfo) -> None:
    info.external_attr = 0o120777 << 16


def _deflated(info: ZipInfo) -> None:
    info.compress_type = ZIP_DEFLATED


def _commented(info: ZipInfo) -> None:
    info.comment = b"born 1980"


def _extra(info: ZipInfo) -> None:
    info.extra = b"\x99\x99\x04\x00born"


def _dated(info: ZipInfo) -> None:
    info.date_time = (2026, 1, 1, 0, 0, 0)


@pytest.mark.parametrize("change", [_link, _deflated, _commented, _extra, _dated])
def test_entries_of_another_kind(change: Callable[[ZipInfo], object], tmp_path: Path) -> None:
    """Links, compression (and so bombs), remarks and fields where something could be hidden."""
    assert refusal(tmp_path, forged(zipped(archive(), entry=change))) == "malformed_batch"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_broken_archives(tmp_path: Path) -> None:
    """No ZIP, cut ones, changed contents, a comment, one content behind many names."""
    good = zipped(archive())
    commented = good[:-2] + b"\5\0hello"
    changed = good.replace(b"\x89PNG", b"\x89PNH", 1)
    assert changed != good
    before, between = b"born 1980" + good, good.replace(b"PK\1\2", b"1980PK\1\2", 1)
    for plain in (b"", b"no zip", good[:-30], good[100:], commented, changed, before, between):
        assert refusal(tmp_path, forged(plain)) == "malformed_batch"


def test_overlapping_entries(tmp_path: Path) -> None:
    """A directory that names one content again and again writes no more than the file holds."""
    good = zipped(archive())
    start = good.index(b"PK\1\2")
    first = good[start : good.index(b"PK\1\2", start + 4)]
    entries, end = good[start : good.index(b"PK\5\6")], good[good.index(b"PK\5\6") :]
    many = first * 50 + entries
    count = (good.count(b"PK\1\2") + 50).to_bytes(2, "little")
    tail = end[:8] + count * 2 + len(many).to_bytes(4, "little") + end[16:]
    assert refusal(tmp_path, forged(good[:start] + many + tail)) == "malformed_batch"


@pytest.mark.parametrize(
    "name",
    [
        "../escaped.jpg",
        "/escaped.jpg",
        "photos/../../escaped.jpg",
        "photos/escaped.jpg",
        "photos/con.jpg",
        "qr/x.exe",
    ],
)
def test_names_that_rows_and_archive_agree_on(name: str, tmp_path: Path) -> None:
    """Even then a file stands where its card's number says, and nowhere else."""
    files = archive(1)
    (photo,) = (each for each in files if each.startswith("photos/"))
    moved = {
        name if each == photo else each: data.replace(photo.encode(), name.encode())
        for each, data in files.items()
    }
    assert refusal(tmp_path, forged(zipped(moved), count=1)) == "malformed_batch"
    assert list(tmp_path.parent.glob("escaped*")) == []


def test_a_photo_under_the_name_of_another_kind(tmp_path: Path) -> None:
    """A PNG that is called a JPEG."""
    files = archive()
    photo = next(each for each in files if each.endswith(".jpg"))
    assert refusal(tmp_path, forged(zipped({**files, photo: qr()[1]}))) == "malformed_batch"


def test_an_entry_within_another(tmp_path: Path) -> None:
    """One file inside of another's content would leave room for something nobody sees."""
    files = archive()
    names = list(files)
    inner = zipped({names[1]: files[names[1]]})
    record = inner[: inner.index(b"PK\1\2")]
    files[names[0]] += record
    good = zipped(files)
    assert open_into(tmp_path / "opened", forged(good)).count == 2
    place = good.index(record, good.index(record) + 1)
    at = good.index(b"PK\1\2", good.index(b"PK\1\2") + 4) + 42
    nested = bytearray(good)
    nested[place : place + len(record)] = b"born 1980-01-01 ".ljust(len(record))
    nested[at : at + 4] = good.index(record).to_bytes(4, "little")
    (tmp_path / "new").mkdir()
    with ZipFile(BytesIO(nested)) as read:
        assert read.read(names[1]) == files[names[1]]
    assert refusal(tmp_path / "new", forged(bytes(nested))) == "malformed_batch"


BAD_LETTERS: list[tuple[dict[str, Any], str]] = [
    ({"version": 2}, "newer_batch"),
    ({"version": None}, "malformed_batch"),
    ({"version": "1"}, "malformed_batch"),
    ({"date_of_birth": "1980-01-01"}, "malformed_batch"),
    ({"key": None}, "malformed_batch"),
    ({"key": "AAAA"}, "malformed_batch"),
    ({"key": "!"}, "malformed_batch"),
    ({"sha256": "AAAA"}, "malformed_batch"),
    ({"sha256": base64url.encode(bytes(32))}, "batch_altered"),
    ({"size": 1}, "malformed_batch"),
    ({"size": 1 << 40}, "malformed_batch"),
    ({"size": True}, "malformed_batch"),
    ({"size": 50}, "batch_altered"),
    ({"size": 1 << 30}, "batch_altered"),
    ({"count": 3}, "malformed_batch"),
    ({"count": 0}, "malformed_batch"),
    ({"count": 10**9}, "malformed_batch"),
    ({"iat": -1}, "malformed_batch"),
    ({"iat": 1 << 60}, "malformed_batch"),
    ({"bank_key": base64url.encode(bytes(32))}, "other_bank"),
    ({"batch": 5}, "malformed_batch"),
]


@pytest.mark.parametrize(("changed", "code"), BAD_LETTERS, ids=[str(c) for c, _ in BAD_LETTERS])
def test_letters_that_say_something_else(changed: dict[str, Any], code: str, tmp_path: Path) -> None:
    """Every member is of its kind and within its bounds, and what it says is true."""
    assert refusal(tmp_path, forged(zipped(archive()), **changed)) == code


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ({"typ": "montrey-print-report+jws"}, "malformed_batch"),
        ({"typ": "JWT"}, "malformed_batch"),
        ({"kid": "x"}, "other_ministry"),
        ({"alg": "none"}, "batch_altered"),
        ({"alg": "ES256"}, "batch_altered"),
        ({"crit": ["b64"], "b64": False}, "batch_altered"),
    ],
)
def test_signatures_for_something_else(header: dict[str, Any], code: str, tmp_path: Path) -> None:
    """What the same key signed for another purpose, or by another algorithm, is no letter."""
    assert refusal(tmp_path, forged(zipped(archive()), header=header)) == code


def test_a_signature_of_another_key_under_the_ministrys_name(tmp_path: Path) -> None:
    """It does not hold."""
    thief = SoftwareSigner(Algorithm.ED25519, b"\x09" * 32)
    named = {"kid": kid(MINISTRY.public_key)}
    assert refusal(tmp_path, forged(zipped(archive()), signer=thief, header=named)) == "batch_altered"


def test_a_place_that_is_taken(tmp_path: Path) -> None:
    """A folder with something in it, a file or a link is left as it is; an empty folder is used."""
    data = sealed(batch(1))
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "file").write_text("mine")
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    before = sorted(tmp_path.rglob("*"))
    for name in ("kept", "file", "link"):
        with pytest.raises(Exception, match=name) as caught:
            open_into(tmp_path / name, data)
        assert caught.value.code == "out_exists"  # type: ignore[attr-defined]
    assert sorted(tmp_path.rglob("*")) == before
    (tmp_path / "empty").mkdir()
    open_into(tmp_path / "empty", data)
    assert (tmp_path / "empty" / "cards.csv").is_file()


def test_what_a_killed_run_left(tmp_path: Path) -> None:
    """It is removed by the next one, and a link prepared in its place is not followed."""
    (tmp_path / ".opened.new").mkdir()
    (tmp_path / ".opened.new" / "cards.csv").write_text("half")
    open_into(tmp_path / "opened", sealed(batch(1)))
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / ".again.new").symlink_to(tmp_path / "elsewhere")
    open_into(tmp_path / "again", sealed(batch(1)))
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert {path.name for path in tmp_path.iterdir()} == {"opened", "again", "elsewhere"}


@pytest.mark.parametrize("when", ["opening", "progress"])
def test_somebody_stops_it(when: str, tmp_path: Path) -> None:
    """Ctrl-C while the stream is opened, or while files are written, leaves nothing."""

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    watch: dict[str, Any] = {when: stop}
    with pytest.raises(KeyboardInterrupt):
        opened_batch.open_batch(
            BytesIO(LARGE),
            tmp_path / "opened",
            bank=BANK.to_decrypt(),
            ministry=[MINISTRY.public_key],
            **watch,
        )
    assert list(tmp_path.iterdir()) == []


def test_a_batch_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    """A new file takes its place at the end; links, devices and folders are no place."""
    place = tmp_path / "1.mbatch"
    place.write_bytes(b"the one before")

    def lost(card: BatchCard) -> CardFiles:
        if card.sequence == 2:
            raise IssuerError("bad_picture", "it is lost")
        return pictures(card)

    with pytest.raises(IssuerError, match="lost"), new_file(place) as file:
        batch_file.seal(file, batch(2), lost, signer=MINISTRY, bank=BANK.public.encryption)
    assert place.read_bytes() == b"the one before"
    with new_file(place) as file:
        batch_file.seal(file, batch(1), pictures, signer=MINISTRY, bank=BANK.public.encryption)
    assert place.stat().st_mode & 0o777 == 0o600
    open_into(tmp_path / "opened", place.read_bytes())
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for taken in (tmp_path / "link", tmp_path / "opened", Path("/dev/null")):
        with pytest.raises(IssuerError) as caught, new_file(taken):
            pass
        assert caught.value.code == "unwritable_file"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["1.mbatch", "link", "opened"]
