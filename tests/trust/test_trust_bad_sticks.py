"""Bad sticks: each is refused with its code, moves nothing, and a good stick is accepted afterwards.

An attack is a function from the ministry (which has published once, and whose
home has synced) to a stick.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from trust_simulator import BADGE, ISS, LIVE_URI, SEAL_URI, WEEK, Ministry, issuer_key, key, template

from credential.codes import CodeTables, Name
from credential.template import Kind
from did import Algorithm
from revocation import SignedList
from trust import KeyKind, TrustError, TrustSnapshot, documents, names
from trust.sync import init_home, sync

Attack = Callable[[Ministry], Path]
ATTACKS: dict[str, tuple[str, Attack]] = {}


def attack(code: str) -> Callable[[Attack], Attack]:
    """Registers an attack that must be refused with `code`."""

    def register(make: Attack) -> Attack:
        ATTACKS[make.__name__] = (code, make)
        return make

    return register


def good_stick(ministry: Ministry, name: str = "stick") -> Path:
    """A stick a week newer than the home, to be spoilt."""
    ministry.publish(WEEK)
    return ministry.stick(name)


def one(stick: Path, pattern: str) -> Path:
    """The one file on the stick that matches."""
    (path,) = stick.rglob(pattern)
    return path


@attack("no_publication")
def an_empty_stick(ministry: Ministry) -> Path:
    """Nothing on it."""
    path = ministry.out.with_name("empty")
    path.mkdir()
    return path


@attack("no_publication")
def no_stick_at_all(ministry: Ministry) -> Path:
    """A path that leads nowhere."""
    return ministry.out.with_name("nowhere")


@attack("torn")
def a_missing_snapshot(ministry: Ministry) -> Path:
    """The new timestamp was copied, the snapshot was not."""
    stick = good_stick(ministry)
    one(stick, "*.snapshot.json").unlink()
    return stick


@attack("torn")
def a_missing_online_role(ministry: Ministry) -> Path:
    """The online role's metadata was not copied."""
    stick = good_stick(ministry)
    one(stick, "*.online.json").unlink()
    return stick


@attack("torn")
def a_missing_list(ministry: Ministry) -> Path:
    """A status list was not copied."""
    stick = good_stick(ministry)
    one(stick, "*.live-1.cwt").unlink()
    return stick


@attack("torn")
def a_cut_list(ministry: Ministry) -> Path:
    """A status list was copied half."""
    stick = good_stick(ministry)
    path = one(stick, "*.live-1.cwt")
    path.write_bytes(path.read_bytes()[:50])
    return stick


@attack("torn")
def cut_targets_metadata(ministry: Ministry) -> Path:
    """The trust list's metadata was copied half."""
    stick = good_stick(ministry)
    path = one(stick, "*.targets.json")
    path.write_bytes(path.read_bytes()[:500])
    return stick


@attack("torn")
def an_empty_timestamp(ministry: Ministry) -> Path:
    """What FAT leaves when a stick is pulled out."""
    stick = good_stick(ministry)
    (stick / "metadata/timestamp.json").write_bytes(b"")
    return stick


@attack("tampered")
def a_flipped_bit_in_a_document(ministry: Ministry) -> Path:
    """One bit of issuers.json."""
    stick = good_stick(ministry)
    path = one(stick, "*.issuers.json")
    data = bytearray(path.read_bytes())
    data[40] ^= 1
    path.write_bytes(data)
    return stick


@attack("bad_signature")
def another_date_in_the_timestamp(ministry: Ministry) -> Path:
    """The timestamp's expiry was moved by hand."""
    stick = good_stick(ministry)
    path = stick / "metadata/timestamp.json"
    path.write_bytes(path.read_bytes().replace(b'"2027-', b'"2028-'))
    return stick


@attack("bad_signature")
def a_strangers_stick(ministry: Ministry) -> Path:
    """Everything signed by the attacker, versions at 2^31."""
    return ministry.raw("hostile", version=2**31, online_signers=("thief",), targets_signers=("thief",))


@attack("bad_signature")
def a_strangers_root(ministry: Ministry) -> Path:
    """A root version 2 that only its own new keys have signed."""
    other = Ministry(
        ministry.out.with_name("other"), custodians=("thief-1", "thief-2"), online_names=("thief-3",)
    )
    other.roots.append(other.roots[0])
    other.rotate_root()
    stick = good_stick(ministry)
    (stick / "metadata/2.root.json").write_bytes(other.roots[-1].replace(b'"version":2', b'"version":2'))
    return stick


@attack("bad_signature")
def documents_signed_by_online_keys(ministry: Ministry) -> Path:
    """Every online key is stolen; the thief adds an issuer key to the trust list."""
    ministry.keys["thief"] = issuer_key("thief", KeyKind.LIVE, BADGE)
    return ministry.raw("thief", targets_signers=("online-1",))


@attack("bad_signature")
def documents_signed_by_one_custodian(ministry: Ministry) -> Path:
    """One of two custodians is not enough, and signing twice is not two."""
    ministry.keys["thief"] = issuer_key("thief", KeyKind.LIVE, BADGE)
    return ministry.raw("one", targets_signers=("targets-1",))


@attack("rollback")
def an_old_stick(ministry: Ministry) -> Path:
    """The stick of last week, after this week's."""
    old = ministry.stick("old")
    ministry.publish(WEEK)
    sync(ministry.out.with_name("home"), ministry.out, now=ministry.now)
    return old


@attack("mixed")
def an_older_trust_list(ministry: Ministry) -> Path:
    """New timestamp and snapshot, by stolen online keys, over last year's trust list."""
    old = one(ministry.out, "*.targets.json").read_bytes()
    old_files = ministry.files()
    ministry.publish(WEEK)
    sync(ministry.out.with_name("home"), ministry.out, now=ministry.now)
    return ministry.raw("mixed", files=old_files, targets=old)


@attack("mixed")
def files_of_two_publications(ministry: Ministry) -> Path:
    """This week's snapshot under the name of the next one."""
    first = good_stick(ministry, "first")
    stick = good_stick(ministry)
    shutil.copy(one(first, "*.snapshot.json"), one(stick, "*.snapshot.json"))
    return stick


@attack("mixed")
def an_online_role_of_another_week(ministry: Ministry) -> Path:
    """Last week's online metadata under this week's name: statuses frozen."""
    first = good_stick(ministry, "first")
    stick = good_stick(ministry)
    shutil.copy(one(first, "*.online.json"), one(stick, "*.online.json"))
    return stick


@attack("expired")
def a_frozen_stick(ministry: Ministry) -> Path:
    """The newest stick there is, but nothing has been published for 36 days."""
    stick = good_stick(ministry)
    ministry.now += timedelta(days=36)
    return stick


@attack("expired")
def an_expired_trust_list(ministry: Ministry) -> Path:
    """Online keys go on publishing over a trust list that nobody signed again."""
    targets = ministry.signed_targets()
    ministry.now += timedelta(days=91)
    return ministry.raw("stale", targets=targets)


@attack("unsafe_source")
def a_symlink(ministry: Ministry) -> Path:
    """A link to a file outside the stick."""
    stick = good_stick(ministry)
    path = one(stick, "*.issuers.json")
    outside = ministry.out.with_name("outside")
    path.rename(outside)
    path.symlink_to(outside)
    return stick


@attack("unsafe_source")
def a_symlinked_folder(ministry: Ministry) -> Path:
    """A link to a folder outside the stick."""
    stick = good_stick(ministry)
    outside = ministry.out.with_name("outside")
    (stick / "metadata").rename(outside)
    (stick / "metadata").symlink_to(outside)
    return stick


@attack("unsafe_source")
def a_symlink_for_the_next_root(ministry: Ministry) -> Path:
    """A link where python-tuf looks whether there is a newer root."""
    stick = good_stick(ministry)
    (stick / "metadata/2.root.json").symlink_to("/dev/zero")
    return stick


@attack("unsafe_source")
def a_pipe(ministry: Ministry) -> Path:
    """A named pipe that would block the reader for ever."""
    stick = good_stick(ministry)
    path = stick / "metadata/timestamp.json"
    path.unlink()
    os.mkfifo(path)
    return stick


@attack("unsafe_source")
def a_folder_for_a_file(ministry: Ministry) -> Path:
    """A folder with the name of a list."""
    stick = good_stick(ministry)
    path = one(stick, "*.live-1.cwt")
    path.unlink()
    path.mkdir()
    return stick


@attack("oversize")
def a_huge_timestamp(ministry: Ministry) -> Path:
    """A sparse file of a terabyte where 400 bytes should be."""
    stick = good_stick(ministry)
    with (stick / "metadata/timestamp.json").open("r+b") as file:
        file.truncate(1 << 40)
    return stick


@attack("oversize")
def a_huge_list(ministry: Ministry) -> Path:
    """A list with a terabyte of zeros after it."""
    stick = good_stick(ministry)
    with one(stick, "*.live-1.cwt").open("r+b") as file:
        file.truncate(1 << 40)
    return stick


@attack("oversize")
def a_huge_list_that_is_signed(ministry: Ministry) -> Path:
    """Stolen online keys list more than a home takes."""
    return ministry.raw("big", online={**ministry.online(), "genuine/seal-1": bytes((1 << 24) + 16)})


@attack("malformed_metadata")
def a_thousand_lists(ministry: Ministry) -> Path:
    """Stolen online keys list a thousand targets."""
    extra = {f"genuine/k{number}": b"" for number in range(1000)}
    return ministry.raw("many", online={**ministry.online(), **extra})


@attack("unsafe_name")
def a_path_upwards(ministry: Ministry) -> Path:
    """Stolen online keys list a target outside the home."""
    return ministry.raw("up", listed_as={"status/live-1.cwt": "../../../status/live-1.cwt"})


@attack("unsafe_name")
def an_absolute_path(ministry: Ministry) -> Path:
    """Stolen online keys list an absolute path."""
    return ministry.raw("abs", listed_as={"status/live-1.cwt": "/etc/passwd"})


@attack("unsafe_name")
def a_name_in_capitals(ministry: Ministry) -> Path:
    """A name that FAT does not tell from another."""
    return ministry.raw("caps", listed_as={"status/live-1.cwt": "status/LIVE-1.cwt"})


@attack("malformed_metadata")
def a_version_beyond_all_numbers(ministry: Ministry) -> Path:
    """Stolen online keys drive the version beyond what JSON readers agree on."""
    return ministry.raw("sky", version=2**60)


@attack("clock_untrusted")
def a_list_from_2099(ministry: Ministry) -> Path:
    """A list whose `iat` would put every clock behind the signed floor."""
    ministry.keys["status-1"] = replace(ministry.keys["status-1"], not_after=5_000_000_000)
    future = ministry.now.replace(year=2099)
    return ministry.raw(
        "2099",
        online={**ministry.online(), "status/live-1.cwt": ministry.list_cwt("live-1", issued_at=future)},
    )


@attack("clock_untrusted")
def a_list_61_seconds_ahead(ministry: Ministry) -> Path:
    """A minute is tolerated, a second more is not."""
    ahead = ministry.list_cwt("live-1", issued_at=ministry.now + timedelta(seconds=61))
    return ministry.raw("ahead", online={**ministry.online(), "status/live-1.cwt": ahead})


@attack("clock_untrusted")
def an_older_list_from_2099(ministry: Ministry) -> Path:
    """The same in a list that would not even be used, for its sequence is old."""
    ministry.keys["status-1"] = replace(ministry.keys["status-1"], not_after=5_000_000_000)
    future = ministry.list_cwt("live-1", issued_at=ministry.now.replace(year=2099), sequence=0)
    return ministry.raw("2099", online={**ministry.online(), "status/live-1.cwt": future})


def with_list(ministry: Ministry, data: bytes, target: str = "status/live-1.cwt") -> Path:
    """A stick with this list, signed by all the right TUF keys."""
    return ministry.raw("list", online={**ministry.online(), target: data})


@attack("list_uri_mismatch")
def a_list_under_another_name(ministry: Ministry) -> Path:
    """The seal list in the place of the live list."""
    return with_list(ministry, ministry.list_cwt("live-1", uri=SEAL_URI))


@attack("wrong_key_kind")
def a_list_signed_by_a_seal_key(ministry: Ministry) -> Path:
    """A seal key never signs status."""
    return with_list(ministry, ministry.list_cwt("live-1", kid="seal-1"))


@attack("wrong_key_kind")
def a_jwt_list_signed_by_a_status_key(ministry: Ministry) -> Path:
    """An SD-JWT VC's list is its own key's."""
    data = ministry.list_jwt("sd-1", kid="status-1", algorithm=Algorithm.ED25519)
    return with_list(ministry, data, "status/sd-1.jwt")


@attack("bad_list")
def a_jwt_where_a_cwt_should_be(ministry: Ministry) -> Path:
    """The form follows the name."""
    jwt = ministry.list_jwt("sd-1", kid="status-1", algorithm=Algorithm.ED25519)
    return with_list(ministry, jwt)


@attack("unknown_key")
def a_list_signed_by_an_unknown_key(ministry: Ministry) -> Path:
    """A key that issuers.json does not name."""
    return with_list(ministry, ministry.list_cwt("live-1", kid="thief"))


@attack("bad_list")
def a_list_signed_by_another_key(ministry: Ministry) -> Path:
    """The right key id over a wrong signature."""
    return with_list(ministry, ministry.list_cwt("live-1", signer="thief"))


@attack("key_window")
def a_list_from_before_its_key(ministry: Ministry) -> Path:
    """The key's window bounds what it signed."""
    return with_list(ministry, ministry.list_cwt("live-1", issued_at=ministry.now - timedelta(days=400)))


@attack("bad_list")
def a_list_that_is_noise(ministry: Ministry) -> Path:
    """Correctly listed by the online role, and no list."""
    return with_list(ministry, b"\xd2\x84noise")


@attack("bad_list")
def a_jwt_list_that_is_not_ascii(ministry: Ministry) -> Path:
    """Bytes that are no text."""
    return with_list(ministry, b"\xff" + ministry.list_jwt("sd-1"), "status/sd-1.jwt")


@attack("duplicate_list")
def one_list_in_two_forms(ministry: Ministry) -> Path:
    """The live list as a CWT and as a JWT."""
    ministry.statuses["live-1"] = {}
    return with_list(ministry, ministry.list_jwt("live-1"), "status/live-1.jwt")


def with_document(name: str, data: bytes) -> Attack:
    """A stick on which the custodians signed this document."""
    return lambda ministry: ministry.raw("document", files={**ministry.files(), name: data})


for label, code, name, data in [
    ("issuers that are no JSON", "malformed_document", names.ISSUERS, b"\xff"),
    ("issuers that are a list", "malformed_document", names.ISSUERS, b"[]"),
    ("issuers with a name twice", "malformed_document", names.ISSUERS, b'{"a":[],"a":[]}'),
    ("issuers with an unknown member", "malformed_document", names.ISSUERS, b'{"https://x.example":[{"kid":"a"}]}'),
    ("templates that are an object", "malformed_document", names.TEMPLATES, b"{}"),
    ("templates that are none", "malformed_document", names.TEMPLATES, b"[1]"),
    ("codes without tables", "malformed_document", names.CODES, b"{}"),
    ("purposes that are numbers", "malformed_document", names.PURPOSES, b'{"entry":1}'),
    ("parties that are numbers", "malformed_document", names.RELYING_PARTIES, b"[7]"),
    ("a document nested without end", "malformed_document", names.CODES, b"[" * 100_000),
    ("no issuers", "template_key", names.ISSUERS, b"{}"),
]:  # fmt: skip
    ATTACKS[label] = (code, with_document(name, data))


@attack("malformed_document")
def an_audit_head_that_is_none(ministry: Ministry) -> Path:
    """The audit head is read strictly too."""
    return with_list(ministry, b'{"length":-1,"head":""}', names.AUDIT_HEAD)


@attack("malformed_genuine")
def an_unsorted_genuine_list(ministry: Ministry) -> Path:
    """A search by halves would miss what it holds."""
    return with_list(ministry, bytes([2]) * 16 + bytes([1]) * 16, "genuine/seal-1")


@attack("malformed_genuine")
def a_genuine_list_of_a_live_key(ministry: Ministry) -> Path:
    """Only seals are on plastic; nothing else needs such a list."""
    return with_list(ministry, b"", "genuine/live-1")


@attack("missing_document")
def a_missing_document(ministry: Ministry) -> Path:
    """The custodians forgot the purposes."""
    files = ministry.files()
    del files[names.PURPOSES]
    return ministry.raw("missing", files=files)


@attack("template_key")
def a_template_that_names_an_unknown_key(ministry: Ministry) -> Path:
    """Nobody could check what is made with it."""
    ministry.templates[3] = template(3, Kind.LIVE, "nobody", BADGE, LIVE_URI)
    return ministry.raw("template")


@attack("template_key")
def a_live_template_with_a_seal_key(ministry: Ministry) -> Path:
    """A key has one kind."""
    ministry.templates[3] = template(3, Kind.LIVE, "seal-1", BADGE, LIVE_URI)
    return ministry.raw("template")


@attack("template_changed")
def a_template_with_another_meaning(ministry: Ministry) -> Path:
    """Cards made with template 1 would be rebuilt wrong."""
    ministry.templates[1] = replace(ministry.templates[1], validity_days=700)
    return ministry.raw("template")


@attack("template_changed")
def a_template_that_left_and_came_back(ministry: Ministry) -> Path:
    """A number is not free again when its template has left the table."""
    home = ministry.out.with_name("home")
    gone = ministry.templates.pop(1)
    sync(home, ministry.raw("gone"), now=ministry.now)
    ministry.templates[1] = replace(gone, kid="live-2")
    return ministry.raw("template")


@attack("codes_changed")
def a_dropped_code(ministry: Ministry) -> Path:
    """A card with position 2 would show a number."""
    ministry.codes = CodeTables(ministry.codes.ministries, {1: ministry.codes.positions[1]})
    return ministry.raw("codes")


@attack("codes_changed")
def an_altered_code(ministry: Ministry) -> Path:
    """A card with position 1 would show another position."""
    ministry.codes = CodeTables(
        ministry.codes.ministries, {**ministry.codes.positions, 1: Name("រដ្ឋមន្ត្រី", "Minister")}
    )
    return ministry.raw("codes")


@attack("bad_issuer_key")
def one_key_with_two_kinds(ministry: Ministry) -> Path:
    """The live key, under another id, as a status key."""
    ministry.keys["both"] = replace(
        ministry.keys["live-1"], kid="both", kind=KeyKind.STATUS, vct=frozenset[str]()
    )
    return ministry.raw("both")


@attack("bad_issuer_key")
def one_key_id_of_two_issuers(ministry: Ministry) -> Path:
    """A key id that another issuer has too."""
    ministry.keys["other"] = replace(
        issuer_key("live-1", KeyKind.LIVE, BADGE), key=key("x").public_key, iss=f"{ISS}/2"
    )
    return ministry.raw("twice")


def essence(trust: TrustSnapshot) -> tuple[object, ...]:
    """What a bad stick must not move."""
    lists: dict[str, SignedList] = dict(trust.lists)
    return trust.keys, trust.templates, trust.codes, lists, trust.expires, trust.clock_floor, trust.genuine


@pytest.mark.parametrize("label", ATTACKS)
def test_a_bad_stick_is_refused_and_moves_nothing(label: str, ministry: Ministry, home: Path) -> None:
    """The code; then the old trust still loads; then a good stick is accepted."""
    code, make = ATTACKS[label]
    honest = (dict(ministry.keys), dict(ministry.templates), ministry.codes)
    stick = make(ministry)
    before = essence(TrustSnapshot.load(home))
    with pytest.raises(TrustError) as refusal:
        sync(home, stick, now=ministry.now)
    assert refusal.value.code == code
    assert str(refusal.value)
    assert essence(TrustSnapshot.load(home)) == before

    ministry.keys, ministry.templates, ministry.codes = honest[0], honest[1], honest[2]
    if label in {"a_template_that_left_and_came_back"}:
        del ministry.templates[1]
    ministry.version = 10
    ministry.publish(timedelta(days=1))
    assert sync(home, ministry.out, now=ministry.now).changed
    assert TrustSnapshot.load(home).signed_floor == int(ministry.now.timestamp())


@pytest.mark.parametrize("spoil", ["*.snapshot.json", "*.targets.json", "*.online.json", "*.live-1.cwt"])
def test_a_torn_stick_does_not_shut_an_older_good_one_out(spoil: str, ministry: Ministry, home: Path) -> None:
    """Older than the torn one but newer than the home; then the same as the home."""
    same = ministry.stick("same")
    ministry.publish(WEEK)
    older = ministry.stick("older")
    torn = good_stick(ministry, "torn")
    one(torn, spoil).unlink()
    for _ in range(2):
        with pytest.raises(TrustError) as refusal:
            sync(home, torn, now=ministry.now)
        assert refusal.value.code == "torn"
    assert not sync(home, same, now=ministry.now).changed
    assert sync(home, older, now=ministry.now).changed
    assert TrustSnapshot.load(home).lists[LIVE_URI].sequence == 2


def test_a_pipe_that_takes_the_place_of_a_file(
    ministry: Ministry, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stick's file system may answer one thing when asked and another when opened."""
    (ministry.out / "metadata/timestamp.json").unlink()
    os.mkfifo(ministry.out / "metadata/timestamp.json")
    answers, real = iter([True]), stat.S_ISREG
    monkeypatch.setattr(stat, "S_ISREG", lambda mode: next(answers, None) or real(mode))
    with pytest.raises(TrustError) as refusal:
        sync(home, ministry.out, now=ministry.now)
    assert refusal.value.code == "unsafe_source"


def test_online_keys_cannot_add_an_issuer_key(ministry: Ministry, home: Path) -> None:
    """Every online key together, listing issuers.json in the online role: the custodians' one is used."""
    honest = documents.write_issuers(ministry.keys.values())
    thief = issuer_key("thief", KeyKind.LIVE, BADGE)
    forged = documents.write_issuers([*ministry.keys.values(), thief])
    stick = ministry.raw(
        "thief",
        files={**ministry.files(), names.ISSUERS: honest},
        online={**ministry.online(), names.ISSUERS: forged, "status/issuers.json": forged},
    )
    sync(home, stick, now=ministry.now)
    assert "thief" not in TrustSnapshot.load(home).keys


def test_unknown_online_targets_are_left_alone(ministry: Ministry, home: Path) -> None:
    """A later publisher may list what this program does not know, in the delegated folders or outside."""
    extra = {"status/live-1.cbor": b"x", "status/readme.txt": b"y", "notes/today": b"z"}
    stick = ministry.raw("later", online={**ministry.online(), **extra})
    assert sync(home, stick, now=ministry.now).changed


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_changed_byte_anywhere_is_refused_or_harmless(
    data: st.DataObject, ministry: Ministry, home: Path, tmp_path: Path
) -> None:
    """Whatever file of a stick is changed, cut or lengthened: a TrustError, or the same trust."""
    stick, victim = tmp_path / "fuzz", tmp_path / "victim"
    for path in (stick, victim):
        shutil.rmtree(path, ignore_errors=True)
    shutil.copytree(ministry.out, stick)
    init_home(victim, ministry.roots[0])
    files = sorted(path for path in stick.rglob("*") if path.is_file())
    path = data.draw(st.sampled_from(files), label="file")
    content = bytearray(path.read_bytes())
    where = data.draw(st.integers(0, len(content) - 1), label="at")
    match data.draw(st.sampled_from(["change", "cut", "insert"]), label="how"):
        case "change":
            content[where] = data.draw(st.integers(0, 255))
        case "cut":
            del content[where : where + data.draw(st.integers(1, 40))]
        case _:
            content[where:where] = data.draw(st.binary(min_size=1, max_size=20))
    path.write_bytes(content)
    try:
        sync(victim, stick, now=ministry.now)
    except TrustError:
        return
    assert essence(TrustSnapshot.load(victim)) == essence(TrustSnapshot.load(home))
