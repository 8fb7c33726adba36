"""Seal keys: the next one, and what becomes of one that was stolen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from issuer_desk import CHEAP, PASSPHRASE, Desk, founding, open_desk

from credential.seal import seal_digest
from did import IdentityError
from issuer.lifecycle import CardState
from trust import KeyKind, TrustSnapshot
from trust.sync import init_home, sync

pytestmark = pytest.mark.postgres

SEAL = [KeyKind.SEAL]
OLD, NEW = "seal-2026q4", "seal-2026q4-2"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk."""
    return open_desk(tmp_path)


def refused(work: Callable[[], object]) -> str:
    """The code that `work` is refused with."""
    with pytest.raises(IdentityError) as caught:
        work()
    return caught.value.code


def carried(desk: Desk, folder: Path) -> None:
    """Custodians sign what was made, and publications carry it for as long as it takes to be used."""
    desk.sign_trust_list()
    for days in (30, 5):
        desk.office.publish(folder / "out")
        desk.later(days=days)


def published(desk: Desk, folder: Path) -> TrustSnapshot:
    """What a gate believes after the next publication."""
    desk.later(minutes=1)
    desk.office.publish(folder / "out")
    init_home(folder / "gate", desk.office.home.root.read_bytes(), founding().fingerprint)
    sync(folder / "gate", folder / "out", now=desk.now)
    return TrustSnapshot.load(folder / "gate")


def sealed_with(desk: Desk, kid: str) -> set[bytes]:
    """The genuine entries of every card that this key sealed, by the database alone."""
    statement = (
        f"SELECT seal FROM card WHERE seal_template IN (SELECT number FROM template WHERE kid = '{kid}')"  # noqa: S608
    )
    return {seal_digest(seal) for seal in desk.rows(statement)}


def test_every_seal_of_a_stolen_key_is_published(desk: Desk, tmp_path: Path) -> None:
    """Those of replaced and revoked cards too; no list before the key is reported."""
    desk.apply(6)
    cards = [card for _, card in desk.office.approve()]
    desk.office.replace(cards[0])
    desk.office.revoke(cards[1])
    desk.office.suspend(cards[2])
    assert published(desk, tmp_path).genuine == {}
    desk.office.authority.report_stolen(OLD)
    listed = published(desk, tmp_path).genuine
    assert listed.keys() == {OLD}
    assert len(listed[OLD].digests) == 7 * 16
    assert all(map(listed[OLD].holds, sealed_with(desk, OLD)))
    assert published(desk, tmp_path).genuine == listed


def test_the_list_of_a_key_that_sealed_nothing_is_empty(desk: Desk, tmp_path: Path) -> None:
    """Then every seal of it is forged."""
    desk.office.authority.report_stolen(OLD)
    assert published(desk, tmp_path).genuine[OLD].digests == b""


def test_a_stolen_key_seals_nothing(desk: Desk) -> None:
    """Approving and replacing stop; phones are served as before."""
    desk.apply(2)
    ((_, card),) = desk.office.approve([1])
    desk.office.authority.report_stolen(OLD)
    assert refused(desk.office.approve) == "seal_key_stolen"
    assert refused(lambda: desk.office.replace(card)) == "seal_key_stolen"
    assert desk.office.counts() == {CardState.ACTIVE: 1, CardState.APPLIED: 1}
    desk.enrol(card)
    assert desk.office.seal(card).startswith("MQ1:")


def test_the_next_key_takes_over_once_it_is_signed(desk: Desk, tmp_path: Path) -> None:
    """Before custodians have signed, no gate would know it: it is not used, stolen predecessor or not."""
    desk.apply(3)
    desk.office.approve([1])
    assert desk.office.authority.renew(SEAL, cost=CHEAP) == [NEW]
    ((_, second),) = desk.office.approve([2])
    desk.office.authority.report_stolen(OLD)
    assert refused(desk.office.approve) == "seal_key_stolen"
    desk.sign_trust_list()
    desk.office.approve([3])
    desk.office.replace(second)
    assert {key.kid: (key.seals, key.signed) for key in desk.office.authority.seal_keys()} == {
        OLD: (2, True),
        NEW: (2, True),
    }
    trust = published(desk, tmp_path)
    assert trust.genuine.keys() == {OLD}
    assert not any(map(trust.genuine[OLD].holds, sealed_with(desk, NEW)))
    assert {template.kid for template in trust.templates.values()} == {"live-2026q4", OLD, NEW}


def test_a_key_of_the_next_quarter(desk: Desk, tmp_path: Path) -> None:
    """Rotation: it is named after its quarter, and seals in its own window."""
    desk.now = datetime.fromisoformat("2027-02-03T10:00:00Z")
    assert desk.office.authority.renew(SEAL, cost=CHEAP) == ["seal-2027q1"]
    carried(desk, tmp_path)
    desk.card()
    assert [(key.kid, key.seals) for key in desk.office.authority.seal_keys()] == [
        (OLD, 0),
        ("seal-2027q1", 1),
    ]


def test_both_keys_may_be_stolen(desk: Desk, tmp_path: Path) -> None:
    """Each has a list of its own, and the register waits for a third."""
    card = desk.card()
    desk.office.authority.renew(SEAL, cost=CHEAP)
    carried(desk, tmp_path)
    new = desk.office.replace(card)
    for kid in (OLD, NEW):
        desk.office.authority.report_stolen(kid)
    assert refused(lambda: desk.office.replace(new)) == "seal_key_stolen"
    lists = published(desk, tmp_path).genuine
    assert {kid: len(found.digests) for kid, found in lists.items()} == {OLD: 16, NEW: 16}


def test_a_key_is_made_under_the_homes_passphrase_alone(desk: Desk) -> None:
    """A mistyped one makes nothing; what a killed command left behind is passed over."""
    for passphrase, code in ((PASSPHRASE + "!", "wrong_passphrase"), (None, "passphrase_needed")):
        office = desk.sit_down(passphrase)
        assert refused(lambda office=office: office.authority.renew(SEAL, cost=CHEAP)) == code  # type: ignore[misc]
    assert not (desk.home / "keys" / f"{NEW}.json").exists()
    (desk.home / "keys" / f"{NEW}.json").write_text("half")
    assert desk.office.authority.renew(SEAL, cost=CHEAP) == ["seal-2026q4-3"]
