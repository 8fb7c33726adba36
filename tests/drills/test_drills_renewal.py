"""Drill: keys end and are renewed, or the online key is stolen; every step a command of the program."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from drill import Drill, Gate, Phone
from issuer_desk import founding

from issuer import trust_files
from trust import KeyKind, TrustError, ceremony
from trust.sync import init_home, sync

KINDS = frozenset(kind.value for kind in KeyKind)


def used(drill: Drill) -> dict[str, str]:
    """The key in use of each kind that gates know."""
    keys = drill.desk.office.authority.keys()
    return {key.kind: key.kid for key in keys if key.standing == "in_use" and key.kind in KINDS}


def test_a_new_key_waits_until_gates_know_it(drill: Drill, sign_list: Callable[[], None]) -> None:
    """The old one goes on; no gate within a stick's lifetime refuses an honest newcomer at any moment."""
    old = {kind.value: f"{kind.value}-2026q4" for kind in KeyKind}
    new = {kind: f"{kid}-2" for kind, kid in old.items()}
    drill.gate.take(drill.stick("a"))
    assert drill.ministry("keys", "renew", *old) == 0
    assert used(drill) == old
    assert drill.ministry("delta", drill.folder / "deltas") == 0
    sign_list()
    assert used(drill) == old
    drill.gate.take(drill.stick("b"))
    lists = drill.folder / "b" / "targets" / "status"
    assert len([*lists.iterdir()]) == 4  # the new SD-JWT key's list as well
    drill.desk.later(days=34)
    assert used(drill) == old
    phone = Phone(drill.desk, drill.cards[0])
    drill.gate.take(drill.stick("c"))
    assert drill.gate.live(phone.show()) == "accepted"

    drill.desk.later(days=1, hours=-1)
    assert used(drill) == new
    phone = Phone(drill.desk, drill.cards[1])
    assert drill.gate.live(phone.show()) == "accepted"  # by what it took a day ago
    card = drill.desk.office.replace(drill.cards[2])
    drill.gate.take(drill.stick("d"))
    assert drill.gate.live(phone.show()) == "accepted"
    assert drill.gate.card(card) == "accepted"
    assert drill.gate.card(drill.cards[0]) == "accepted"
    assert drill.gate.bank(phone.answer("nonce"), "nonce", behind=timedelta()) == "accepted"
    signed = drill.gate.trust.lists
    assert {uri.rpartition("/")[2]: each.kid for uri, each in signed.items()} == {
        "live-1": new["status-cwt"],
        "seal-1": new["status-cwt"],
        "sd-jwt-1": old["sd-jwt"],
        "sd-jwt-2": new["sd-jwt"],
    }


def test_a_ministry_goes_on_for_years(
    drill: Drill, sign_list: Callable[[], None], renew_root: Callable[..., None], tmp_path: Path
) -> None:
    """Keys each year, the root once, the list each month: a phone is served and a gate follows, always."""
    for month in range(30):
        if month % 11 == 10:
            assert drill.ministry("keys", "renew", *(kind.value for kind in KeyKind)) == 0
        if month == 20:
            renew_root()
        sign_list()
        drill.gate.take(drill.stick("stick"))
        if month % 5 == 4:
            assert drill.gate.live(Phone(drill.desk, drill.cards[0]).show()) == "accepted"
        drill.desk.later(days=30)
    drill.gate.take(drill.stick("stick"))
    assert drill.gate.card(drill.cards[1]) == "accepted"
    names = {path.name.partition(".")[2] for path in (drill.folder / "stick/targets/status").iterdir()}
    assert names == {"live-1.cwt", "seal-1.cwt", "sd-jwt-2.jwt", "sd-jwt-3.jwt"}  # the first one has ended
    late = tmp_path / "late"
    init_home(late, drill.desk.office.home.root.read_bytes(), founding().fingerprint)
    sync(late, drill.folder / "stick", now=drill.desk.now)


def test_stolen_online_keys_are_recovered_from(
    drill: Drill, sign_list: Callable[[], None], renew_root: Callable[..., None]
) -> None:
    """A new key, a root that names it, a list that delegates to it; then the thief's sticks count no more."""
    drill.gate.take(drill.stick("before"))
    known = trust_files.read_trust_list(drill.desk.office.home)
    old = drill.stolen("tuf-online").public_key
    assert drill.ministry("keys", "renew", "online") == 0
    drill.gate.take(drill.stick("meanwhile"))
    renew_root("--online-key", drill.desk.office.home.online_key)
    drill.gate.take(drill.stick("between"))  # the list still names the old key
    sign_list()
    root = drill.desk.office.home.trust / "2.root.json"
    (online,) = ceremony.role_keys(root.read_bytes()).online
    assert online != old
    drill.gate.take(drill.stick("after"))
    thief = drill.publish_as_thief(drill.folder / "before", trust_list=known)
    for gate in (drill.gate, Gate(drill.folder / "fresh", drill.desk)):
        gate.take(drill.folder / "after")
        with pytest.raises(TrustError) as refusal:
            gate.take(thief)
        assert refusal.value.code == "bad_signature"
    (drill.desk.home / "keys" / "tuf-online.json").unlink()
    drill.gate.take(drill.stick("later"))
    assert drill.gate.card(drill.cards[0]) == "accepted"
