"""Stolen keys: what a thief can do with them, and how a ministry gets its gates back.

The online keys are on a machine with a network, so their theft is planned for:
new online keys, a root that names them, a trust list that delegates to them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from trust_simulator import ISS, LIVE_URI, WEEK, Ministry, issuer_key, key, template

from credential.template import Kind
from revocation import read_cwt
from trust import GenuineList, KeyKind, TrustError, TrustSnapshot
from trust.deltas import apply_delta
from trust.sync import sync

FAR = 2**31


def test_versions_at_two_to_the_31_are_recovered_from(ministry: Ministry, home: Path) -> None:
    """A thief of the online key shuts every gate out; the next root and trust list let them in again."""
    honest = ministry.version
    stolen = ministry.raw("stolen", version=FAR)
    assert sync(home, stolen, now=ministry.now).versions["timestamp"] == FAR

    ministry.version = honest
    ministry.publish(WEEK)
    with pytest.raises(TrustError) as refusal:  # before the rotation the ministry is behind the thief
        sync(home, ministry.out, now=ministry.now)
    assert refusal.value.code == "rollback"

    ministry.rotate_root(online_names=("online-2",))
    made = ministry.publish(timedelta(days=1))
    assert made.version < 10
    report = sync(home, ministry.out, now=ministry.now)
    assert report.versions == {"root": 2, "targets": 4, "online": 3, "snapshot": 3, "timestamp": 3}

    with pytest.raises(TrustError) as refusal:
        sync(home, stolen, now=ministry.now)
    assert refusal.value.code == "bad_signature"
    ministry.publish(WEEK)
    assert sync(home, ministry.out, now=ministry.now).versions["timestamp"] == 4


def test_a_forged_genuine_list_ends_with_the_key_that_signed_it(ministry: Ministry, home: Path) -> None:
    """Stolen online keys call a good seal key stolen: until custodians replace them, and no longer."""
    ministry.genuine["seal-1"] = GenuineList.build("seal-1", [bytes(16)]).digests
    sync(home, ministry.raw("forged"), now=ministry.now)
    ministry.genuine.clear()
    ministry.publish(WEEK)
    sync(home, ministry.out, now=ministry.now)
    assert "seal-1" in TrustSnapshot.load(home).genuine  # no online key takes it back
    ministry.rotate_root(online_names=("online-1", "online-2"))  # one more takes nothing from the first
    ministry.publish(WEEK)
    sync(home, ministry.out, now=ministry.now)
    assert "seal-1" in TrustSnapshot.load(home).genuine
    ministry.rotate_root(online_names=("online-2",))
    ministry.publish(WEEK)
    sync(home, ministry.out, now=ministry.now)
    assert TrustSnapshot.load(home).genuine == {}


def test_a_true_genuine_list_comes_with_the_new_keys(ministry: Ministry, home: Path) -> None:
    """It is in every publication, so a rotation loses none; and it stays when it is left out later."""
    ministry.genuine["seal-1"] = GenuineList.build("seal-1", [b"f" * 16]).digests
    sync(home, ministry.raw("forged"), now=ministry.now)
    ministry.genuine["seal-1"] = GenuineList.build("seal-1", [b"t" * 16]).digests
    ministry.rotate_root(online_names=("online-2",))
    ministry.publish(WEEK)
    for _ in range(2):
        sync(home, ministry.out, now=ministry.now)
        assert TrustSnapshot.load(home).genuine["seal-1"].holds(b"t" * 16)
        assert not TrustSnapshot.load(home).genuine["seal-1"].holds(b"f" * 16)
        ministry.genuine.clear()
        ministry.publish(WEEK)


def test_the_thief_cannot_follow_the_rotation(ministry: Ministry, home: Path) -> None:
    """After the rotation the stolen key signs nothing that counts, not even the online role alone."""
    ministry.rotate_root(online_names=("online-2",))
    ministry.publish(WEEK)
    sync(home, ministry.out, now=ministry.now)
    stick = ministry.raw("again", version=FAR, online_signers=("online-1",))
    with pytest.raises(TrustError) as refusal:
        sync(home, stick, now=ministry.now)
    assert refusal.value.code == "bad_signature"


def test_a_stolen_status_key_is_withdrawn_with_its_floor(ministry: Ministry, home: Path) -> None:
    """A status key drove a list's sequence to the sky; with a new key the list counts from the start."""
    good = ministry.sequence
    ministry.sequence = FAR
    ministry.statuses["live-1"] = {1: 1}
    sync(home, ministry.raw("stolen"), now=ministry.now)
    assert TrustSnapshot.load(home).lists[LIVE_URI].sequence == FAR + 1

    ministry.sequence, ministry.statuses["live-1"] = good, {2: 1}
    report = sync(home, ministry.raw("too-old"), now=ministry.now)
    assert report.kept  # the thief's state stands as long as his key does

    ministry.keys["status-1"] = replace(ministry.keys["status-1"], key=key("fresh").public_key)
    lists = {f"status/{name}.cwt": ministry.list_cwt(name, signer="fresh") for name in ("live-1", "seal-1")}
    assert sync(home, ministry.raw("new-key", online=lists), now=ministry.now).kept == ()
    trust = TrustSnapshot.load(home)
    assert trust.lists[LIVE_URI].sequence == good + 1
    assert trust.lists[LIVE_URI].statuses.get(1) == 0
    assert trust.lists[LIVE_URI].statuses.get(2) == 1


def test_a_list_cannot_be_dropped_and_brought_back_old(ministry: Ministry, home: Path) -> None:
    """Stolen online keys publish without a list, then with an old one: the newest state stays."""
    old = ministry.list_cwt("live-1")
    ministry.statuses["live-1"] = {5: 1}
    ministry.publish(WEEK)
    sync(home, ministry.out, now=ministry.now)
    without = {name: data for name, data in ministry.online().items() if "live" not in name}
    sync(home, ministry.raw("dropped", online=without), now=ministry.now)
    assert TrustSnapshot.load(home).lists[LIVE_URI].statuses.get(5) == 1
    back = ministry.raw("back", online={**without, "status/live-1.cwt": old})
    assert sync(home, back, now=ministry.now).kept == (LIVE_URI,)
    assert TrustSnapshot.load(home).lists[LIVE_URI].statuses.get(5) == 1


def test_a_withdrawn_key_takes_its_unpublished_list_along(ministry: Ministry, home: Path) -> None:
    """A list that is no longer published goes when the key that signed it goes."""
    ministry.keys["status-2"] = issuer_key("status-2", KeyKind.STATUS)
    ministry.templates[3] = template(3, Kind.LIVE, "live-1", f"{ISS}/types/badge", f"{ISS}/status/old-1")
    ministry.statuses["old-1"] = {}
    lists = {**ministry.online(), "status/old-1.cwt": ministry.list_cwt("old-1", kid="status-2")}
    sync(home, ministry.raw("with", online=lists), now=ministry.now)
    del ministry.statuses["old-1"]
    sync(home, ministry.raw("without"), now=ministry.now)
    assert f"{ISS}/status/old-1" in TrustSnapshot.load(home).lists
    del ministry.keys["status-2"]
    sync(home, ministry.raw("gone"), now=ministry.now)
    assert f"{ISS}/status/old-1" not in TrustSnapshot.load(home).lists


def test_a_list_that_no_template_names_is_dropped(ministry: Ministry, home: Path) -> None:
    """Its last credential has expired: a gate does not count how old its statuses are for ever."""
    ministry.templates[3] = template(3, Kind.LIVE, "live-1", f"{ISS}/types/badge", f"{ISS}/status/old-1")
    ministry.statuses["old-1"] = {}
    lists = {**ministry.online(), "status/old-1.cwt": ministry.list_cwt("old-1")}
    sync(home, ministry.raw("with", online=lists), now=ministry.now)
    del ministry.statuses["old-1"]
    sync(home, ministry.raw("left-out"), now=ministry.now)
    assert f"{ISS}/status/old-1" in TrustSnapshot.load(home).lists  # custodians still name it
    del ministry.templates[3]
    sync(home, ministry.raw("gone"), now=ministry.now)
    assert f"{ISS}/status/old-1" not in TrustSnapshot.load(home).lists


def test_a_withdrawn_delta_leaves_the_list_under_it(ministry: Ministry, home: Path) -> None:
    """What the honest key signed stays when the thief's delta on it falls, also of a list left out."""
    ministry.keys["status-2"] = issuer_key("status-2", KeyKind.STATUS)
    ministry.statuses["live-1"] = {5: 1}
    ministry.publish(WEEK)
    sync(home, ministry.out, now=ministry.now)
    old = ministry.list_cwt("live-1")
    delta = ministry.delta(ministry.signed_list("live-1"), {9: 1}, sequence=FAR, kid="status-2")
    apply_delta(home, delta, now=ministry.now)
    del ministry.keys["status-2"]
    without = {name: data for name, data in ministry.online().items() if "live" not in name}
    sync(home, ministry.raw("left-out", online=without), now=ministry.now)
    signed = TrustSnapshot.load(home).lists[LIVE_URI]
    assert (signed.statuses.get(5), signed.statuses.get(9)) == (1, 0)
    assert signed == read_cwt(old, uri=LIVE_URI, key=ministry.keys["status-1"].key)


def test_a_compromised_live_key_is_withdrawn(ministry: Ministry, home: Path) -> None:
    """Key and template leave together; the next template has its own number."""
    del ministry.keys["live-1"], ministry.templates[1]
    ministry.templates[3] = template(3, Kind.LIVE, "live-2", f"{ISS}/types/badge", LIVE_URI)
    ministry.publish(WEEK)
    sync(home, ministry.out, now=ministry.now)
    trust = TrustSnapshot.load(home)
    assert "live-1" not in trust.keys
    assert set(trust.templates) == {2, 3}


def test_a_delta_does_not_outlive_its_key(ministry: Ministry, home: Path) -> None:
    """A delta by a key that is withdrawn later falls with it; the published list is used."""
    ministry.keys["status-2"] = issuer_key("status-2", KeyKind.STATUS)
    ministry.publish(WEEK)
    sync(home, ministry.out, now=ministry.now)
    delta = ministry.delta(ministry.signed_list("live-1"), {9: 1}, sequence=FAR, kid="status-2")
    apply_delta(home, delta, now=ministry.now)
    assert TrustSnapshot.load(home).lists[LIVE_URI].statuses.get(9) == 1
    del ministry.keys["status-2"]
    ministry.publish(WEEK)
    assert sync(home, ministry.out, now=ministry.now).kept == ()
    signed = TrustSnapshot.load(home).lists[LIVE_URI]
    assert signed == read_cwt(ministry.list_cwt("live-1"), uri=LIVE_URI, key=ministry.keys["status-1"].key)
