"""Publishing: what is refused before any gate has to, what is written in which order, what is pruned."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from trust_simulator import ISS, START, WEEK, Ministry, key

from credential.codes import CodeTables
from trust import TrustError, TrustSnapshot, ceremony, names, publication
from trust.publication import Publication, _locked, publish
from trust.sync import init_home, sync


def republish(ministry: Ministry, **changes: Any) -> Publication:
    """Publishes again with some arguments changed."""
    arguments: dict[str, Any] = {
        "roots": ministry.roots,
        "targets": ministry.signed_targets(),
        "files": ministry.files(),
        "online": ministry.online(),
        "signers": [key(name) for name in ministry.online_names],
        "now": ministry.now,
    }
    return publish(ministry.out, **(arguments | changes))


def refused(ministry: Ministry, code: str, **changes: Any) -> None:
    """The same, refused with `code`, nothing written."""
    before = {path: path.stat().st_mtime_ns for path in ministry.out.rglob("*") if path.is_file()}
    with pytest.raises(TrustError) as refusal:
        republish(ministry, **changes)
    assert refusal.value.code == code
    assert {path: path.stat().st_mtime_ns for path in ministry.out.rglob("*") if path.is_file()} == before


def test_a_publication_says_what_it_is(tmp_path: Path) -> None:
    """Version, expiry, sizes of every file written, and no warning at first."""
    ministry = Ministry(tmp_path / "out")
    made = ministry.publish()
    assert made.version == 1
    assert made.expires == int((START + timedelta(days=35)).timestamp())
    assert made.warnings == ()
    written = {
        path.relative_to(tmp_path / "out").as_posix(): path.stat().st_size
        for path in ministry.out.rglob("*")
        if path.is_file()
    }
    assert dict(made.sizes) == written


def test_versions_always_rise(ministry: Ministry) -> None:
    """Above the last one here, above `previous`, and above what a killed publisher has left."""
    assert ministry.publish().version == 2
    ministry.version = 40
    assert ministry.publish().version == 41
    (ministry.out / "metadata/99.online.json").write_bytes(b"left by a killed publisher")
    ministry.version = 0
    assert ministry.publish().version == 100
    shutil.rmtree(ministry.out)
    ministry.version = 100
    assert ministry.publish().version == 101


def test_what_is_no_longer_referenced_is_removed(ministry: Ministry) -> None:
    """Old lists, old metadata and unfinished files go; roots and other people's files stay."""
    first = {path.name for path in ministry.out.rglob("*") if path.is_file()}
    unfinished = f".{'0' * 64}.x.new"
    (ministry.out / "targets" / unfinished).write_bytes(b"unfinished")
    (ministry.out / "targets/.diary.new").write_bytes(b"not ours")
    (ministry.out / "targets/photo.jpg").write_bytes(b"not ours")
    (ministry.out / "README.txt").write_bytes(b"not ours")
    ministry.statuses["live-1"] = {1: 1}
    ministry.publish(WEEK)
    found = {path.name for path in ministry.out.rglob("*") if path.is_file()}
    assert {"README.txt", "photo.jpg", ".diary.new", "1.root.json", "timestamp.json"} <= found
    assert unfinished not in found
    gone = first - found
    assert {"1.online.json", "1.snapshot.json", "1.targets.json"} <= gone
    assert len([name for name in found if name.endswith(".live-1.cwt")]) == 1
    assert len([name for name in found if name.endswith(".issuers.json")]) == 1


def test_the_timestamp_is_written_last(ministry: Ministry, monkeypatch: pytest.MonkeyPatch) -> None:
    """Targets, then metadata, then timestamp.json: only then are files removed."""
    order: list[str] = []
    rename, unlink = Path.replace, Path.unlink

    def note_rename(path: Path, target: Path) -> Path:
        order.append(target.relative_to(ministry.out).as_posix())
        return rename(path, target)

    def note_unlink(path: Path, missing_ok: bool = False) -> None:
        if not path.name.endswith(".new"):  # what a killed writer may have left is cleared each time
            order.append("remove")
        unlink(path, missing_ok)

    monkeypatch.setattr(Path, "replace", note_rename)
    monkeypatch.setattr(Path, "unlink", note_unlink)
    ministry.publish(WEEK)
    last = order.index("metadata/timestamp.json")
    metadata = [index for index, name in enumerate(order) if name.startswith("metadata/")]
    targets = [index for index, name in enumerate(order) if name.startswith("targets/")]
    assert max(targets) < min(metadata) < last == max(metadata)
    assert set(order[last + 1 :]) == {"remove"}
    assert "remove" not in order[:last]


def test_files_are_on_disk_before_they_are_named(
    ministry: Ministry, monkeypatch: pytest.MonkeyPatch, flushing: None
) -> None:
    """Each rename follows a flush of its file; each folder is flushed after its renames."""
    flushed: list[str] = []
    renames: list[tuple[str, bool]] = []
    rename, flush = Path.replace, os.fsync

    def note_flush(descriptor: int) -> None:
        flushed.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        flush(descriptor)

    def note_rename(path: Path, target: Path) -> Path:
        renames.append((str(target), flushed[-1] == str(path.resolve())))
        return rename(path, target)

    monkeypatch.setattr(os, "fsync", note_flush)
    monkeypatch.setattr(Path, "replace", note_rename)
    ministry.publish(WEEK)
    assert renames
    assert all(was_flushed for _, was_flushed in renames)
    assert flushed[-1] == str((ministry.out / "metadata").resolve())
    assert str((ministry.out / "targets/status").resolve()) in flushed


@pytest.fixture
def flushing() -> None:
    """Leaves `os.fsync` as it is (see conftest)."""


def test_expired_authority_is_refused_with_what_to_do(ministry: Ministry) -> None:
    """Targets or root that have a day left or none; with more left, nothing outlives them."""
    targets = ministry.signed_targets()
    for days, code in [(55, None), (56, None), (89, None), (90, "targets_expires"), (91, "targets_expires")]:
        ministry.now = START + timedelta(days=days)
        if code is None:
            made = republish(ministry, targets=targets)
            assert made.expires == int((START + timedelta(days=90)).timestamp())
        else:
            refused(ministry, code, targets=targets)
    for days in (600, 601):
        ministry.now = START + timedelta(days=days)
        refused(ministry, "root_expires")
    ministry.now = START + timedelta(days=520)
    ministry.keys = {kid: replace(item, not_after=item.not_after * 2) for kid, item in ministry.keys.items()}
    made = ministry.publish()
    assert [warning.role for warning in made.warnings] == ["root"]


def test_signatures_and_keys_are_checked(ministry: Ministry) -> None:
    """Unsigned or foreign targets, foreign online keys, a broken chain of roots."""
    other = Ministry(ministry.out.with_name("other"), signatories=("x-1", "x-2"), custodians=("y-1", "y-2"))
    refused(ministry, "signatures_missing", targets=other.signed_targets())
    refused(ministry, "wrong_online_key", signers=[key("thief"), key("root-1")])
    refused(ministry, "wrong_online_key", signers=[])
    refused(ministry, "root_chain_broken", roots=[])
    refused(ministry, "root_chain_broken", roots=other.roots, targets=other.signed_targets())
    ministry.rotate_root()
    ministry.publish()
    refused(ministry, "root_chain_broken", roots=ministry.roots[:1])


@pytest.mark.parametrize("name", ["2.root.json", "99999.root.json", "007.root.json", "0.root.json"])
@pytest.mark.parametrize("planted", ["noise", "timestamp.json", "unsigned"])
def test_a_planted_root_stops_no_publication(ministry: Ministry, name: str, planted: str) -> None:
    """Whoever had the stick may leave anything there: no gate follows it, and publishing removes it."""
    metadata = ministry.out / "metadata"
    data = {
        "noise": b"noise",
        "timestamp.json": (metadata / "timestamp.json").read_bytes(),
        "unsigned": ceremony.rotate_root(ministry.roots[0], ministry.role_keys, expires=START + WEEK),
    }
    (metadata / name).write_bytes(data[planted])
    ministry.publish(WEEK)
    assert [path.name for path in metadata.glob("*.root.json")] == ["1.root.json"]


def test_another_first_root_is_named(ministry: Ministry) -> None:
    """Somebody else's publication, or a damaged one: not written over."""
    (ministry.out / "metadata" / "1.root.json").write_bytes(b"noise")
    with pytest.raises(TrustError, match=r"metadata/1\.root\.json") as refusal:
        republish(ministry)
    assert refusal.value.code == "root_chain_broken"


def test_documents_are_those_that_were_signed(ministry: Ministry) -> None:
    """One document changed, missing or more than was signed."""
    files = ministry.files()
    refused(ministry, "document_mismatch", files={**files, names.PURPOSES: b"{}"})
    refused(ministry, "document_mismatch", files={**files, "types/x": b""})
    del files[names.PURPOSES]
    refused(ministry, "document_mismatch", files=files)


def test_online_targets_are_what_a_home_accepts(ministry: Ministry) -> None:
    """Names, lists and clock are judged before anything is written."""
    online = ministry.online()
    refused(ministry, "unsafe_name", online={**online, "status/LIVE.cwt": b""})
    refused(ministry, "unsafe_name", online={**online, names.ISSUERS: b""})
    refused(ministry, "unsafe_name", online={**online, "../x": b""})
    refused(ministry, "bad_list", online={**online, "status/live-1.cwt": b"noise"})
    ahead = ministry.list_cwt("live-1", issued_at=ministry.now + timedelta(minutes=2))
    refused(ministry, "clock_untrusted", online={**online, "status/live-1.cwt": ahead})
    del online["status/live-1.cwt"]
    refused(ministry, "list_missing", online=online)


@pytest.mark.parametrize("number", [99_999, 500])
def test_a_trust_list_planted_on_a_stick_stops_nothing(ministry: Ministry, number: int) -> None:
    """What custodians have not signed is no trust list, whatever its name; it is removed."""
    (published,) = (ministry.out / "metadata").glob("*.targets.json")
    planted = published.with_name(f"{number}.targets.json")
    for data in (b"noise", published.read_bytes().replace(b'"sig":"', b'"sig":"00')):
        planted.write_bytes(data)
        ministry.now += timedelta(hours=1)
        ministry.publish()
        assert not planted.exists()


def test_a_trust_list_continues_the_one_before(ministry: Ministry) -> None:
    """No older version, no other bytes under one version, no code or template with another meaning."""
    first = ministry.signed_targets()
    ministry.publish()
    refused(ministry, "targets_old", targets=first)
    ministry.targets_version = 2
    ministry.now += timedelta(days=1)
    refused(ministry, "targets_old")
    codes, templates = ministry.codes, dict(ministry.templates)
    ministry.codes = CodeTables()
    refused(ministry, "codes_changed")
    ministry.codes = codes
    ministry.templates[1] = replace(templates[1], validity_days=9)
    refused(ministry, "template_changed")
    ministry.templates = templates
    for path in (ministry.out / "targets").glob("*.codes.json"):
        path.unlink()
    republish(ministry)  # a damaged folder is repaired by publishing again
    home = ministry.out.with_name("home-2")
    init_home(home, ministry.roots[0])
    assert sync(home, ministry.out, now=ministry.now).changed


def test_one_publisher_at_a_time(ministry: Ministry) -> None:
    """A second one is turned away."""
    with _locked(ministry.out):
        refused(ministry, "publication_busy")
    ministry.publish()


def test_types_are_signed_and_stay_on_the_stick(ministry: Ministry, home: Path) -> None:
    """Type metadata is for wallets: signed by the custodians, on the stick, not in a gate's home."""
    ministry.extra_files["types/badge.json"] = b'{"vct":"%s"}' % ISS.encode()
    made = ministry.publish(WEEK)
    assert any(name.startswith("targets/types/") for name in made.sizes)
    sync(home, ministry.out, now=ministry.now)
    assert not list(home.rglob("*badge*"))
    assert TrustSnapshot.load(home).keys == ministry.keys


@pytest.mark.parametrize("place", ["metadata/.timestamp.json.new", "metadata/9.online.json", "targets/x"])
def test_a_link_on_a_returned_stick_leads_nowhere(ministry: Ministry, tmp_path: Path, place: str) -> None:
    """A stick that was in other hands cannot make the ministry overwrite or delete a file of its own."""
    precious = tmp_path / "register"
    precious.write_bytes(b"everything")
    (ministry.out / place).symlink_to(precious)
    refused(ministry, "unsafe_source")
    assert precious.read_bytes() == b"everything"


def test_a_linked_folder_on_a_returned_stick(ministry: Ministry, tmp_path: Path) -> None:
    """Nor may a whole folder be one."""
    shutil.move(ministry.out / "targets", tmp_path / "elsewhere")
    (ministry.out / "targets").symlink_to(tmp_path / "elsewhere")
    refused(ministry, "unsafe_source")


@pytest.mark.parametrize(
    "place",
    ["metadata", "targets", "metadata/1.root.json", "metadata/timestamp.json", "targets/x", "targets/status"],
)
def test_a_pipe_on_a_returned_stick_stops_nobody(ministry: Ministry, place: str) -> None:
    """It is refused, whatever stands there, and not waited for."""
    path = ministry.out / place
    if path.exists():
        path.rename(ministry.out / "away")
    os.mkfifo(path)
    refused(ministry, "unsafe_source")


def test_a_pipe_that_comes_later_is_not_waited_for(
    ministry: Ministry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was looked at may be another thing when it is opened."""
    monkeypatch.setattr(publication, "_check_plain", lambda _: None)
    (ministry.out / "metadata" / "1.root.json").unlink()
    os.mkfifo(ministry.out / "metadata" / "1.root.json")
    refused(ministry, "unsafe_source")


def test_a_huge_file_on_a_returned_stick_is_not_read(ministry: Ministry) -> None:
    """A terabyte of nothing, instead of a root, a trust list, codes or a status list."""
    targets = ministry.signed_targets()
    republish(ministry, targets=targets)
    metadata = ministry.out / "metadata"
    for path in [*(ministry.out / "targets").rglob("*.*"), metadata / "2.targets.json"]:
        data = path.read_bytes()
        os.truncate(path, 1 << 40)
        if path.name.endswith((".codes.json", ".templates.json")):
            with pytest.raises(TrustError):
                republish(ministry, targets=targets)
            path.write_bytes(data)
    os.truncate(metadata / "1.root.json", 1 << 40)
    refused(ministry, "root_chain_broken", targets=targets)
    (metadata / "1.root.json").unlink()
    republish(ministry, targets=targets)
    assert all(path.stat().st_size < 1 << 20 for path in ministry.out.rglob("*.*"))


def test_names_cannot_use_up_the_versions(ministry: Ministry) -> None:
    """An empty file with a huge number in its name does not drive the versions that gates accept."""
    for number in (20_000, 2**53, 2**64):
        (ministry.out / "metadata" / f"{number}.online.json").write_bytes(b"")
        (ministry.out / "metadata" / f"{number}.snapshot.json").write_bytes(b"")
    assert ministry.publish().version == 2
