"""Good publications: what a home accepts, and what a snapshot then holds."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from datetime import datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from trust_simulator import (
    JWT_URI,
    LIVE_URI,
    SEAL_TYPE,
    SEAL_URI,
    START,
    WEEK,
    Ministry,
    at,
    issuer_key,
)

from trust import GenuineList, KeyKind, TrustError, TrustSnapshot
from trust.home import current_version, locked
from trust.sync import init_home, sync


def test_a_snapshot_holds_what_was_published(home: Path, ministry: Ministry) -> None:
    """Documents, lists, expiry and floors arrive as the ministry wrote them."""
    trust = TrustSnapshot.load(home)
    assert trust.keys == ministry.keys
    assert trust.templates == ministry.templates
    assert trust.codes == ministry.codes
    assert trust.purposes["entry"].permitted
    assert trust.relying_parties[7].claims == {"name_km"}
    assert set(trust.lists) == {LIVE_URI, SEAL_URI, JWT_URI}
    assert trust.lists[LIVE_URI].statuses.size == ministry.size
    assert trust.audit_head is not None
    assert trust.audit_head.length == ministry.sequence
    assert trust.expires == at(START + timedelta(days=35))
    assert trust.expires_at == START + timedelta(days=35)
    assert trust.signed_floor == trust.local_floor == trust.clock_floor == at(START)
    assert trust.status_as_of == START


def test_a_snapshot_cannot_be_changed(home: Path) -> None:
    """Every mapping is read-only."""
    trust = TrustSnapshot.load(home)
    mappings: list[Any] = [
        trust.keys,
        trust.templates,
        trust.codes.ministries,
        trust.purposes,
        trust.relying_parties,
        trust.lists,
        trust.genuine,
    ]
    for mapping in mappings:
        with pytest.raises(TypeError):
            mapping["x"] = 1
    with pytest.raises(AttributeError):
        trust.expires = 0  # type: ignore[misc]


def test_the_same_stick_again_changes_nothing(home: Path, ministry: Ministry) -> None:
    """A second sync with the same stick is accepted and makes no new version."""
    before = current_version(home)
    assert not sync(home, ministry.out, now=START + WEEK).changed
    assert current_version(home) == before


def test_a_newer_stick_takes_over(home: Path, ministry: Ministry) -> None:
    """A revocation published a week later is known after the sync."""
    ministry.statuses["live-1"] = {5: 1}
    ministry.publish(WEEK)
    report = sync(home, ministry.out, now=ministry.now)
    assert report.changed
    assert report.versions == {"root": 1, "targets": 2, "online": 2, "snapshot": 2, "timestamp": 2}
    assert report.expires == at(ministry.now + timedelta(days=35))
    assert report.signed_floor == at(ministry.now)
    assert report.kept == ()
    assert TrustSnapshot.load(home).lists[LIVE_URI].statuses.get(5) == 1


def test_expiry_does_not_stop_loading(home: Path) -> None:
    """`load` has no clock: an expired snapshot loads and says when it expired."""
    assert TrustSnapshot.load(home).expires < at(START + timedelta(days=400))


def test_the_earliest_expiry_counts(home: Path, ministry: Ministry) -> None:
    """Targets that expire before the timestamp set the snapshot's expiry."""
    targets = ministry.signed_targets()
    stick = ministry.raw("late", targets=targets, expires=timedelta(days=200))
    assert sync(home, stick, now=START).expires == at(START + timedelta(days=90))


def test_a_gate_may_leave_the_jwt_lists_out(tmp_path: Path, ministry: Ministry) -> None:
    """`forms` chooses by form; what is not fetched is not in the snapshot."""
    path = tmp_path / "gate"
    init_home(path, ministry.roots[0])
    sync(path, ministry.out, now=START, forms=("cwt",))
    assert set(TrustSnapshot.load(path).lists) == {LIVE_URI, SEAL_URI}


def test_progress_is_told(home: Path, ministry: Ministry) -> None:
    """Every file counts once, the last call says that all are there."""
    calls: list[tuple[int, int]] = []
    sync(home, ministry.out, now=START, progress=lambda done, total: calls.append((done, total)))
    assert [done for done, _ in calls] == list(range(1, 10))
    assert calls[-1] == (9, 9)


def test_a_genuine_list_stays_while_its_key_does(home: Path, ministry: Ministry) -> None:
    """An online key cannot take back that a seal key was stolen; withdrawing the key does."""
    made = GenuineList.build("seal-1", [bytes([n]) * 16 for n in range(9)])
    ministry.genuine["seal-1"] = made.digests
    ministry.publish(WEEK)
    sync(home, ministry.out, now=ministry.now)
    assert TrustSnapshot.load(home).genuine == {"seal-1": made}
    ministry.genuine.clear()
    ministry.publish(WEEK)
    sync(home, ministry.out, now=ministry.now)
    assert TrustSnapshot.load(home).genuine == {"seal-1": made}
    del ministry.keys["seal-1"], ministry.templates[2]
    ministry.publish(WEEK)
    sync(home, ministry.out, now=ministry.now)
    assert TrustSnapshot.load(home).genuine == {}


def test_a_genuine_list_says_nothing_before_its_key_does(home: Path, ministry: Ministry) -> None:
    """None is planted for the next key; and a key stolen before it was signed stops no publication."""
    ministry.genuine["seal-2"] = b""
    ministry.publish(WEEK)
    sync(home, ministry.out, now=ministry.now)
    assert TrustSnapshot.load(home).genuine == {}
    ministry.genuine.clear()
    ministry.keys["seal-2"] = issuer_key("seal-2", KeyKind.SEAL, SEAL_TYPE)
    ministry.publish(WEEK)
    sync(home, ministry.out, now=ministry.now)
    assert TrustSnapshot.load(home).genuine == {}


def test_what_a_thief_said_of_a_seal_key_goes_with_the_online_key(home: Path, ministry: Ministry) -> None:
    """An empty genuine list sticks, whatever is published next, until custodians withdraw the key."""
    empty = ministry.raw("thief", online={**ministry.online(), "genuine/seal-1": b""})
    sync(home, empty, now=ministry.now)
    ministry.publish(WEEK)
    sync(home, ministry.out, now=ministry.now)
    assert TrustSnapshot.load(home).genuine["seal-1"].digests == b""
    ministry.rotate_root(online_names=("online-2",))
    ministry.publish(WEEK)
    sync(home, ministry.out, now=ministry.now)
    assert TrustSnapshot.load(home).genuine == {}


def test_roots_rotate_on_one_stick(home: Path, ministry: Ministry) -> None:
    """A home that missed two root rotations follows the chain on the next stick."""
    ministry.rotate_root(custodians=("root-2", "root-3", "root-4"))
    ministry.rotate_root(signatories=("targets-4", "targets-5", "targets-6"), custodians=("root-5", "root-6"))
    ministry.publish(WEEK)
    assert sync(home, ministry.out, now=ministry.now).versions["root"] == 3
    assert sync(home, ministry.out, now=ministry.now).changed is False


def test_every_name_on_a_stick_is_safe_for_fat(ministry: Ministry) -> None:
    """Lower case, no character that FAT or Windows refuses, no link, and every root since 1."""
    ministry.rotate_root()
    ministry.genuine["seal-1"] = bytes(16)
    ministry.extra_files["types/badge.json"] = b"{}"
    ministry.publish(WEEK)
    found = list(ministry.out.rglob("*"))
    for path in found:
        assert re.fullmatch(r"[a-z0-9][a-z0-9._-]*[a-z0-9]", path.name), path.name
        assert len(path.name) < 200
        assert not path.is_symlink()
    assert {"1.root.json", "2.root.json", "timestamp.json"} <= {path.name for path in found}


def test_https_sources_are_fetched_too(tmp_path: Path, ministry: Ministry) -> None:
    """The same folder, served over HTTP, syncs the same; a path without one has no publication."""
    handler = partial(_Quiet, directory=str(ministry.out))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        path = tmp_path / "bank"
        init_home(path, ministry.roots[0])
        url = f"http://127.0.0.1:{server.server_port}"
        assert sync(path, f"{url}/", now=START).changed
        with pytest.raises(TrustError) as refusal:
            sync(path, f"{url}/elsewhere", now=START)
        assert refusal.value.code == "no_publication"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    with pytest.raises(TrustError) as refusal:
        sync(path, "http://127.0.0.1:9/", now=START)
    assert refusal.value.code == "source_unreadable"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Says nothing."""


def test_a_home_is_made_once(tmp_path: Path, ministry: Ministry) -> None:
    """The fingerprint is compared leniently in form and strictly in value; another root is refused."""
    path = tmp_path / "new"
    root = ministry.roots[0]
    found = init_home(path, root)
    assert init_home(path, root, " ".join(found[at : at + 4].upper() for at in range(0, 64, 4))) == found
    other = Ministry(tmp_path / "other", custodians=("root-7", "root-8", "root-9")).roots[0]
    for fingerprint, data, code in [
        ("00" * 32, root, "root_mismatch"),
        (found, other, "root_mismatch"),
        (None, other, "home_exists"),
        (None, b"{}", "malformed_metadata"),
        (None, ministry.signed_targets(), "malformed_metadata"),
        (None, re.sub(rb'"sig":"..', b'"sig":"00', root), "signatures_missing"),
    ]:
        with pytest.raises(TrustError) as refusal:
            init_home(path, data, fingerprint)
        assert refusal.value.code == code


def test_a_home_without_trust_says_so(tmp_path: Path, ministry: Ministry) -> None:
    """No home, and a home that never synced, are two answers."""
    with pytest.raises(TrustError) as refusal:
        sync(tmp_path / "nowhere", ministry.out, now=START)
    assert refusal.value.code == "no_home"
    init_home(tmp_path / "new", ministry.roots[0])
    with pytest.raises(TrustError) as refusal:
        TrustSnapshot.load(tmp_path / "new")
    assert refusal.value.code == "no_trust"


def test_stray_files_among_the_versions(tmp_path: Path, ministry: Ministry) -> None:
    """What somebody left there is in nobody's way."""
    init_home(tmp_path / "home", ministry.roots[0])
    versions = tmp_path / "home" / "trust" / "versions"
    (versions / "stray").write_bytes(b"x")
    (versions / "link").symlink_to(tmp_path)
    (versions / "7").mkdir()
    assert sync(tmp_path / "home", ministry.out, now=START).changed
    assert [entry.name for entry in versions.iterdir()] == ["1"]
    assert tmp_path.is_dir()


def test_a_damaged_home_is_found_out(home: Path) -> None:
    """A file that changed on disk, is gone, or a damaged pointer never makes a snapshot."""
    folder = current_version(home)
    assert folder is not None
    for name, data in [("files/issuers.json", b"{}"), ("state.json", b"{}"), ("state.json", b"\xff")]:
        good = (folder / name).read_bytes()
        (folder / name).write_bytes(data)
        with pytest.raises(TrustError) as refusal:
            TrustSnapshot.load(home)
        assert refusal.value.code == "broken_home"
        (folder / name).write_bytes(good)
    (folder / "files/codes.json").rename(folder / "codes.json")
    with pytest.raises(TrustError) as refusal:
        TrustSnapshot.load(home)
    assert refusal.value.code == "broken_home"
    (home / "trust/current").write_text("../..")
    with pytest.raises(TrustError) as refusal:
        TrustSnapshot.load(home)
    assert refusal.value.code == "broken_home"


def test_one_writer_at_a_time(home: Path, ministry: Ministry) -> None:
    """A second writer is turned away, a reader is not."""
    with locked(home):
        with pytest.raises(TrustError) as refusal:
            sync(home, ministry.out, now=START)
        assert refusal.value.code == "home_busy"
        assert TrustSnapshot.load(home).keys
    assert not sync(home, ministry.out, now=START).changed


def test_a_naive_time_is_a_mistake(home: Path, ministry: Ministry) -> None:
    """A time without its zone is a programmer's mistake."""
    with pytest.raises(ValueError, match="time zone"):
        sync(home, ministry.out, now=datetime(2027, 1, 4))  # noqa: DTZ001


def test_judging_loads_no_tuf() -> None:
    """`import trust` and loading a home need neither python-tuf nor an HTTP library."""
    code = "import sys, trust; print([m for m in ('tuf', 'securesystemslib', 'urllib3') if m in sys.modules])"
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=root,
        env=dict(os.environ),
    )
    assert done.stdout.strip() == "[]"


def test_keys_have_one_kind(home: Path) -> None:
    """The snapshot's keys say what they may sign."""
    kinds = {key.kind for key in TrustSnapshot.load(home).keys.values()}
    assert kinds == set(KeyKind)


def test_the_time_of_judging_is_the_callers(tmp_path: Path) -> None:
    """A stick that has expired by now was good when `now` says so: python-tuf is given that time."""
    then = START - timedelta(days=300)
    ministry = Ministry(tmp_path / "out", now=then)
    ministry.publish()
    home = tmp_path / "home"
    init_home(home, ministry.roots[0])
    assert sync(home, ministry.out, now=then + timedelta(days=34)).changed
    with pytest.raises(TrustError) as refusal:
        sync(home, ministry.out, now=then + timedelta(days=35))
    assert refusal.value.code == "expired"
