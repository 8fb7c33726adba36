"""Deltas between sticks: one floor a list, whatever carried its newest state."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from trust_simulator import JWT_URI, LIVE_URI, START, WEEK, Ministry, at, issuer_key

from did import Algorithm
from revocation.delta import to_text
from trust import KeyKind, TrustError, TrustSnapshot
from trust.deltas import DeltaReport, apply_delta
from trust.sync import init_home, sync

DAY = timedelta(days=1)


def status(home: Path, index: int) -> int:
    """What the home says about an index of the live list."""
    return TrustSnapshot.load(home).lists[LIVE_URI].statuses.get(index)


def test_a_delta_renews_the_status_and_not_the_trust(ministry: Ministry, home: Path) -> None:
    """Statuses and their age are the delta's; trust and list expire as before."""
    before = TrustSnapshot.load(home)
    base = ministry.signed_list("live-1")
    now = START + 2 * DAY
    report = apply_delta(home, ministry.delta(base, {7: 1, 8: 2}, sequence=3, now=now), now=now)
    assert report == DeltaReport(True, LIVE_URI, 3, at(now))
    trust = TrustSnapshot.load(home)
    changed = trust.lists[LIVE_URI]
    assert [changed.statuses.get(index) for index in (6, 7, 8)] == [0, 1, 2]
    assert changed.issued_at == trust.signed_floor == at(now)
    assert (changed.expires_at, trust.expires) == (base.expires_at, before.expires)


def test_a_delta_travels_as_text_or_bytes(ministry: Ministry, home: Path) -> None:
    """The text of a QR code and the bytes of a file do the same; the second one changes nothing."""
    delta = ministry.delta(ministry.signed_list("live-1"), {7: 1}, sequence=3)
    assert apply_delta(home, to_text(delta) + "\r\n", now=START).changed
    assert not apply_delta(home, delta, now=START).changed
    assert status(home, 7) == 1


def test_deltas_are_cumulative(ministry: Ministry, home: Path) -> None:
    """A missed one costs nothing; a later one replaces the earlier one."""
    base = ministry.signed_list("live-1")
    apply_delta(home, ministry.delta(base, {1: 1}, sequence=3), now=START)
    apply_delta(home, ministry.delta(base, {1: 1, 2: 1, 3: 1}, sequence=6), now=START)
    assert [status(home, index) for index in (1, 2, 3)] == [1, 1, 1]
    with pytest.raises(TrustError) as refusal:
        apply_delta(home, ministry.delta(base, {1: 1, 2: 1}, sequence=5), now=START)
    assert refusal.value.code == "delta_old"
    assert status(home, 3) == 1


def test_an_older_stick_does_not_unrevoke(ministry: Ministry, home: Path) -> None:
    """Delta 5, then stick 3: the home keeps what it knows, and the stick's documents are taken."""
    base = ministry.signed_list("live-1")
    ministry.sequence = 2
    ministry.publish(DAY)  # list 3, without the revocation
    delta = ministry.delta(base, {7: 1}, sequence=5, now=START + 2 * DAY)
    apply_delta(home, delta, now=START + 2 * DAY)
    report = sync(home, ministry.out, now=START + 3 * DAY)
    assert report.changed
    assert report.kept == (LIVE_URI,)
    assert status(home, 7) == 1
    assert TrustSnapshot.load(home).lists[LIVE_URI].sequence == 5
    assert not sync(home, ministry.out, now=START + 3 * DAY).changed


def test_a_delta_on_the_list_that_was_too_old_is_taken(ministry: Ministry, home: Path) -> None:
    """After delta 5 on list 1 and stick 3, delta 6 may be based on either list."""
    first = ministry.signed_list("live-1")
    ministry.sequence = 2
    ministry.publish(DAY)
    third = ministry.signed_list("live-1")
    now = START + 3 * DAY
    apply_delta(home, ministry.delta(first, {7: 1}, sequence=5, now=now), now=now)
    sync(home, ministry.out, now=now)
    apply_delta(home, ministry.delta(first, {7: 1, 8: 1}, sequence=6, now=now), now=now)
    apply_delta(home, ministry.delta(third, {7: 1, 8: 1, 9: 1}, sequence=7, now=now), now=now)
    assert [status(home, index) for index in (7, 8, 9)] == [1, 1, 1]
    with pytest.raises(TrustError) as refusal:  # the older base is gone now
        apply_delta(home, ministry.delta(first, {7: 1}, sequence=8, now=now), now=now)
    assert refusal.value.code == "delta_base_missing"


def test_a_newer_full_list_replaces_a_delta(ministry: Ministry, home: Path) -> None:
    """Reinstated on the next stick: the delta's state is over."""
    apply_delta(home, ministry.delta(ministry.signed_list("live-1"), {7: 2}, sequence=5), now=START)
    ministry.sequence = 5
    ministry.publish(WEEK)
    assert sync(home, ministry.out, now=ministry.now).kept == ()
    assert status(home, 7) == 0


def test_bad_deltas_are_refused_and_move_nothing(ministry: Ministry, home: Path) -> None:
    """Each with its code; afterwards a good delta is taken."""
    base = ministry.signed_list("live-1")
    ministry.keys["status-9"] = issuer_key("status-9", KeyKind.STATUS)
    good = ministry.delta(base, {1: 1}, sequence=4)
    ministry.statuses["live-1"] = {100: 1}
    stranger = ministry.signed_list("live-1")
    ministry.statuses["live-2"] = {}
    other_list = ministry.signed_list("live-2")
    jwt = ministry.signed_list("sd-1")
    before = TrustSnapshot.load(home)
    bad: list[tuple[str, bytes | str]] = [
        ("delta_base_missing", ministry.delta(stranger, {1: 1}, sequence=4)),
        ("unknown_list", ministry.delta(other_list, {1: 1}, sequence=4)),
        ("unknown_key", ministry.delta(base, {1: 1}, sequence=4, kid="status-9")),
        ("wrong_key_kind", ministry.delta(base, {1: 1}, sequence=4, kid="seal-1")),
        ("wrong_key_kind", ministry.delta(jwt, {1: 1}, sequence=4, kid="status-1")),
        ("clock_untrusted", ministry.delta(base, {1: 1}, sequence=4, now=START + timedelta(seconds=61))),
        ("delta_expired", ministry.delta(base, {1: 1}, sequence=4, lifetime=timedelta(0))),
        ("bad_delta", good[:-1] + bytes([good[-1] ^ 1])),
        ("bad_delta", b""),
        ("bad_delta", "MS1:"),
        ("bad_delta", "MQ1:" + to_text(good)[4:]),
        ("bad_delta", ministry.list_cwt("live-1")),
    ]
    for code, data in bad:
        with pytest.raises(TrustError) as refusal:
            apply_delta(home, data, now=START)
        assert refusal.value.code == code
        assert TrustSnapshot.load(home) == before
    assert apply_delta(home, good, now=START).changed


def test_a_delta_by_a_key_outside_its_window_is_refused(ministry: Ministry, home: Path) -> None:
    """A year later the key may sign nothing any more."""
    late = START + timedelta(days=366)
    delta = ministry.delta(ministry.signed_list("live-1"), {1: 1}, sequence=4, now=late)
    with pytest.raises(TrustError) as refusal:
        apply_delta(home, delta, now=late)
    assert refusal.value.code == "key_window"


def test_a_jwt_list_has_deltas_of_its_own_key(ministry: Ministry, home: Path) -> None:
    """The SD-JWT VC's list moves by its own key's deltas."""
    base = TrustSnapshot.load(home).lists[JWT_URI]
    delta = ministry.delta(base, {3: 1}, sequence=4, kid="sd-1", algorithm=Algorithm.P256)
    apply_delta(home, delta, now=START)
    assert TrustSnapshot.load(home).lists[base.uri].statuses.get(3) == 1


def test_a_delta_needs_a_home_that_has_synced(tmp_path: Path, ministry: Ministry) -> None:
    """Without a base there is nothing to change."""
    init_home(tmp_path / "new", ministry.roots[0])
    with pytest.raises(TrustError) as refusal:
        apply_delta(
            tmp_path / "new", ministry.delta(ministry.signed_list("live-1"), {}, sequence=2), now=START
        )
    assert refusal.value.code == "no_trust"


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.booleans(), st.integers(1, 6)), min_size=1, max_size=5))
def test_the_floor_never_falls(
    steps: list[tuple[bool, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Full lists and deltas of any sequence, in any order: the newest state ever seen is what holds."""
    folder = tmp_path_factory.mktemp("floor")
    ministry = Ministry(folder / "out")
    home = folder / "home"
    init_home(home, ministry.roots[0])
    sync(home, ministry.raw("first"), now=START)
    base = ministry.signed_list("live-1")
    newest = base.sequence
    for number, (full, sequence) in enumerate(steps):
        ministry.statuses["live-1"] = {sequence: 1}
        if full:
            ministry.sequence = sequence - 1
            sync(home, ministry.raw(f"stick-{number}"), now=START)
            newest = max(newest, sequence)
        else:
            delta = ministry.delta(base, {sequence: 1}, sequence=sequence + 1)
            try:
                apply_delta(home, delta, now=START)
                newest = max(newest, sequence + 1)
            except TrustError as refusal:
                assert refusal.code in {"delta_old", "delta_base_missing"}  # noqa: PT017
        assert TrustSnapshot.load(home).lists[LIVE_URI].sequence == newest
