"""Drills: one custodian's key is stolen. Alone it signs nothing that counts; with a second one it would."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from drill import Drill, Gate

from did import Algorithm, SoftwareSigner
from issuer import custody
from issuer.custody import TrustList
from trust import TrustError, ceremony
from trust.tuf_keys import key_id

KEY = "seal-2026q4-2"
"""The thief's own seal key, made by the ministry's program on its machine."""


def copy_of(drill: Drill) -> Gate:
    """The gate as it is now, once more: one that the ministry's answer does not reach."""
    other = Gate(drill.folder / "remote", drill.desk)
    shutil.rmtree(other.home)
    shutil.copytree(drill.gate.home, other.home, symlinks=True)
    return other


def refusal(gate: Gate, stick: Path) -> str:
    """What a gate refuses a stick with."""
    with pytest.raises(TrustError) as caught:
        gate.take(stick)
    return caught.value.code


@pytest.fixture
def wanted(drill: Drill) -> TrustList:
    """A trust list with a seal key of the thief's in it, under the root that stands."""
    drill.gate.take(drill.stick("honest"))
    assert drill.ministry("seal-key", "new") == 0
    path = drill.folder / "wanted"
    assert drill.ministry("trust-list", "export", path) == 0
    return TrustList.from_json(path.read_bytes())


def renew_with_new_key(drill: Drill, role: str, renew_root: Callable[..., None]) -> str:
    """The custodian `ROLE-1` is given a new key, `ROLE-4`, and the next root names it; the old key's id."""
    stolen = key_id(drill.custodian(f"{role}-1").public_key)
    for kid in (stolen, KEY):  # what is in the register and nobody made is never signed
        assert drill.ministry("keys", "stolen", kid) == 0
    folder = drill.custodians / f"{role}-4"
    assert drill.ministry("root", "key", "--out", folder) == 0
    renew_root("--without", stolen, f"--{role}-key", folder / custody.KEY_FILE)
    return stolen


def test_a_stolen_targets_key(
    drill: Drill, wanted: TrustList, renew_root: Callable[..., None], sign_list: Callable[[], None]
) -> None:
    """One key is not enough; two would be, and of the two the thief gets too late one counts no more."""
    with pytest.raises(TrustError) as caught:
        drill.publish_as_thief(
            drill.folder / "honest", trust_list=wanted.signed(drill.custodian("targets-1"))
        )
    assert caught.value.code == "signatures_missing"
    forged_list = wanted.signed(drill.custodian("targets-1")).signed(drill.custodian("targets-2"))
    drill.desk.later(hours=1)
    stick = drill.publish_as_thief(drill.folder / "honest", trust_list=forged_list)
    remote = copy_of(drill)
    assert remote.take(stick)
    assert remote.seal(*drill.forge(KEY)) == "accepted"  # the danger, had he had two

    stolen = renew_with_new_key(drill, "targets", renew_root)
    assert drill.ministry("publish", drill.folder / "too-early") == 1  # the list is not signed again yet
    drill.signatories = ("targets-3", "targets-4")
    sign_list()
    drill.gate.take(drill.stick("after"))
    root = (drill.desk.office.home.trust / "2.root.json").read_bytes()
    assert stolen not in map(key_id, ceremony.role_keys(root).targets)
    assert refusal(drill.gate, stick)
    assert drill.gate.seal(*drill.forge(KEY)) == "untrusted_issuer"
    later = replace(wanted, root=root)
    for name in ("targets-1", "targets-2"):
        later = replace(
            later, targets=ceremony.sign(later.targets, drill.custodian(name), authority=wanted.root)
        )
    with pytest.raises(TrustError) as caught:
        drill.publish_as_thief(
            drill.folder / "after",
            trust_list=later,
            roots=[drill.desk.office.home.root.read_bytes(), root],
        )
    assert caught.value.code == "signatures_missing"
    assert drill.gate.card(drill.cards[0]) == "accepted"
    drill.gate.take(drill.stick("later"))


def thieves_root(drill: Drill, *names: str) -> tuple[bytes, TrustList, SoftwareSigner]:
    """A second root of the thief's, all keys his own, signed by stolen root keys; his list and online key."""
    first = drill.desk.office.home.root.read_bytes()
    own = [SoftwareSigner.generate(Algorithm.ED25519) for _ in range(7)]
    keys = [signer.public_key for signer in own]
    roles = ceremony.RoleKeys(tuple(keys[:3]), tuple(keys[3:6]), (keys[6],))
    root = ceremony.rotate_root(first, roles, expires=drill.desk.now + timedelta(days=700))
    for signer in (*own[:2], *map(drill.custodian, names)):
        root = ceremony.sign(root, signer, authority=first)
    list_ = TrustList.from_json((drill.folder / "wanted").read_bytes())
    made = custody.draw_up(root, list_.files, before=None, version=9, now=drill.desk.now)
    for signer in own[3:5]:
        made = made.signed(signer)
    return root, made, own[6]


def test_a_stolen_root_key(
    drill: Drill,
    wanted: TrustList,
    custodian: Callable[..., int],
    renew_root: Callable[..., None],
    sign_list: Callable[[], None],
) -> None:
    """One root key makes no root. With a second one, stolen before the ministry's next root, it would."""
    first = drill.desk.office.home.root.read_bytes()
    assert ceremony.signatures(thieves_root(drill, "root-1")[0], authority=first).missing == 1
    root, made, online = thieves_root(drill, "root-1", "root-3")
    drill.desk.later(hours=1)
    stick = drill.publish_as_thief(
        drill.folder / "honest", trust_list=made, roots=[first, root], signer=online
    )
    remote = copy_of(drill)
    assert remote.take(stick)
    assert remote.seal(*drill.forge(KEY)) == "accepted"  # the danger, had he had two

    stolen = renew_with_new_key(drill, "root", renew_root)
    sign_list()
    drill.gate.take(drill.stick("after"))
    assert refusal(drill.gate, stick)
    assert drill.gate.seal(*drill.forge(KEY)) == "untrusted_issuer"
    second = (drill.desk.office.home.trust / "2.root.json").read_bytes()
    assert stolen not in map(key_id, ceremony.role_keys(second).root)
    path, last = drill.folder / "third", drill.desk.office.home.trust / "2.root.json"
    assert drill.ministry("root", "renew", last, "--out", path) == 0
    assert custodian("root-1", "root", "sign", path, "--previous", last) == 1  # a custodian no more
    drill.root_signatories = ("root-2", "root-4")
    renew_root()
    sign_list()
    drill.gate.take(drill.stick("later"))
    assert drill.gate.card(drill.cards[0]) == "accepted"


def test_a_key_that_no_custodian_has(drill: Drill, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is drawn up for a mistyped id, nor with fewer keys than signatures; no folder is replaced."""
    first, out = drill.desk.office.home.root, drill.folder / "next"
    assert drill.ministry("root", "renew", first, "--without", "00" * 32, "--out", out) == 1
    assert capsys.readouterr().err.startswith("unknown_custodian_key: ")
    keys = [key_id(key) for key in ceremony.role_keys(first.read_bytes()).root]
    two = [argument for key in keys[:2] for argument in ("--without", key)]
    assert drill.ministry("root", "renew", first, *two, "--out", out) == 1
    assert capsys.readouterr().err.startswith("too_few_keys: ")
    assert not out.exists()
    assert drill.ministry("root", "key", "--out", drill.folder) == 1
    assert capsys.readouterr().err.startswith("home_exists: ")
