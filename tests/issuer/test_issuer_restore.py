"""After a loss: nothing that was given out after the backup is given out again, and nobody is given back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from issuer_desk import CHEAP, ISSUER, PASSPHRASE, Desk, founding, open_desk
from register_state import rows_of
from test_issuer_backup import back_up, elsewhere, restored

from credential import packed
from credential.seal import SealToken
from issuer import restoration, restore
from issuer.errors import IssuerError
from issuer.key_use import Standing
from issuer.lifecycle import CardState
from issuer.restored_register import Restored
from revocation.status_list import Status
from trust import KeyKind, TrustSnapshot
from trust.sync import init_home, sync

__all__ = ["elsewhere"]  # the fixture

pytestmark = pytest.mark.postgres


class Loss:
    """A register that is backed up, goes on, publishes, and is lost; a gate has all it published."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.desk = open_desk(folder)
        self.desk.apply(12)
        self.cards = [card for _, card in self.desk.office.approve(range(1, 9))]
        self.desk.enrol(self.cards[0])
        self.gate = folder / "gate"
        init_home(self.gate, founding().home.root.read_bytes(), founding().fingerprint)
        self.publish(self.desk)
        self.file = back_up(self.desk, folder / "backup")
        self.desk.later(hours=1)
        self.late = [card for _, card in self.desk.office.approve()]
        self.desk.office.suspend(self.cards[1])
        self.desk.office.revoke(self.cards[2])
        self.desk.office.revoke_wallet(self.cards[0])
        self.desk.enrol(self.cards[3])
        self.desk.office.revoke(self.late[0])
        self.desk.office.suspend(self.late[1])
        for _ in range(3):
            self.publish(self.desk)
            self.desk.office.deltas()
            self.desk.later(hours=1)

    def publish(self, desk: Desk) -> None:
        """Publishes, and the gate takes it."""
        desk.office.publish(self.folder / "stick")
        sync(self.gate, self.folder / "stick", now=desk.now)

    def restore(self, name: str = "new", **since: Any) -> tuple[Restored, Desk]:
        """The backup, restored beside what there was."""
        made = restore.restore(
            self.file,
            self.folder / name,
            passphrase=lambda: PASSPHRASE,
            now=self.desk.now,
            person=lambda: ("admin-1", PASSPHRASE),
            **since,
        )
        desk = Desk(self.folder / name)
        desk.now = self.desk.now
        return made, desk

    def indices(self, desk: Desk) -> set[tuple[str, int]]:
        """Every index of a card or phone."""
        rows = rows_of(desk.engine)
        names = {row["id"]: row["uri"] for row in rows["status_list"]}
        return {
            (names[row["list_id"]], row["idx"]) for row in rows["status_index"] if row["card_id"] is not None
        }

    def sign(self, desk: Desk) -> None:
        """Custodians, who still have their keys, sign what a restored register needs."""
        desk.office.authority.renew([KeyKind.SEAL, KeyKind.LIVE, KeyKind.SD_JWT], cost=CHEAP)
        (self.desk.home / "offline").rename(desk.home / "offline")
        desk.sign_trust_list()


@pytest.fixture
def loss(tmp_path: Path) -> Loss:
    """A ministry that has lost its register an hour after the last publication."""
    return Loss(tmp_path)


def test_what_was_published_has_to_be_said(loss: Loss) -> None:
    """A backup of a register that has published says nothing of what it published later."""
    with pytest.raises(IssuerError) as caught:
        loss.restore()
    assert caught.value.code == "published_needed"
    assert not (loss.folder / "new").exists()


@pytest.mark.parametrize("place", ["stick", "gate"])
def test_nobody_is_given_back(
    loss: Loss, elsewhere: Callable[[str], None], register_kind: str, place: str
) -> None:
    """Who was published as ended or suspended is so again; a gate goes on with what it has."""
    elsewhere(register_kind)
    lists = TrustSnapshot.load(loss.gate).lists
    made, desk = loss.restore(published=loss.folder / place)
    length = loss.desk.office.published_head(loss.folder / "stick").length
    assert made.lost == length - made.head.length > 0
    assert made.closed
    assert made.carried.ended == (loss.cards[2],)
    assert made.carried.suspended == (loss.cards[1],)
    assert made.carried.phones == (loss.cards[0],)
    assert made.carried.unknown == 2
    assert desk.office.show(loss.cards[2]).card.state is CardState.REVOKED
    assert desk.office.show(loss.cards[1]).card.state is CardState.SUSPENDED
    result = desk.office.examine([desk.office.published_head(loss.folder / "stick")])
    assert result.problems == []
    assert [(kept, lost) for _, kept, lost in result.restored] == [(made.head.length, length)]
    desk.later(hours=1)
    loss.publish(desk)
    for uri, before in lists.items():
        after = TrustSnapshot.load(loss.gate).lists[uri]
        assert after.sequence > before.sequence
        known = {index for name, index in loss.indices(desk) if name == uri}
        known |= {row["idx"] for row in rows_of(desk.engine)["status_index"] if row["card_id"] is None}
        for index in range(before.statuses.size):
            was, stands = before.statuses.get(index), after.statuses.get(index)
            assert was == stands or index in known, (uri, index)
            assert was != Status.INVALID or stands == Status.INVALID


def test_nothing_is_given_twice(loss: Loss, elsewhere: Callable[[str], None], register_kind: str) -> None:
    """The lists that were there give no index; new keys, signed by custodians, are used at once."""
    elsewhere(register_kind)
    _, desk = loss.restore(published=loss.folder / "stick")
    for attempt in (desk.office.approve, lambda: desk.enrol(loss.cards[4])):
        with pytest.raises(IssuerError) as caught:
            attempt()
        assert caught.value.code == "no_issuing_key"
    views = desk.office.authority.keys()
    standing = {view.kid: view.standing for view in views}
    assert {kid for kid, stands in standing.items() if stands is Standing.CLOSED} == {
        *("seal-2026q4", "live-2026q4", "sd-jwt-2026q4")
    }
    desk.office.suspend(loss.cards[5])
    loss.sign(desk)
    desk.later(hours=1)
    loss.publish(desk)
    made = [card for _, card in desk.office.approve()]
    desk.enrol(loss.cards[4])
    assert len(made) == 4
    new = loss.indices(desk)
    assert not {uri for uri, _ in new - loss.indices(loss.desk)} & {
        f"{ISSUER}/status/{name}" for name in ("seal-1", "live-1", "sd-jwt-1")
    }
    names = desk.rows("SELECT name FROM status_list WHERE id > 3 ORDER BY name")
    assert names == ["live-102", "sd-jwt-102", "seal-102"]
    assert max(desk.rows("SELECT number FROM template")) == 2 + restoration.TEMPLATES_SKIPPED + 2
    assert {"seal-2026q4-r1", "live-2026q4-r1"} <= set(desk.rows("SELECT kid FROM signing_key"))
    loss.publish(desk)
    trust = TrustSnapshot.load(loss.gate)
    for card in [*made, loss.cards[6]]:
        token = packed.read(desk.printed(card), trust.templates)
        assert isinstance(token, SealToken)
        assert trust.lists[token.status_uri].statuses.get(token.status_index) == Status.VALID
    assert desk.office.examine().problems == []


def test_a_raw_statement_gives_none_either(
    loss: Loss, elsewhere: Callable[[str], None], register_kind: str
) -> None:
    """The database itself keeps the lists closed."""
    elsewhere(register_kind)
    _, desk = loss.restore(published=loss.folder / "gate")
    free = min(set(range(9999)) - set(desk.rows("SELECT idx FROM status_index WHERE list_id = 2")))
    with desk.engine.begin() as connection:  # 10 has no seal either
        connection.exec_driver_sql("DROP TRIGGER status_index_owner")
    with pytest.raises(Exception, match="gives no more indices"), desk.engine.begin() as connection:
        connection.exec_driver_sql(f"INSERT INTO status_index VALUES (2, {free}, 10, NULL, 3, 0, NULL)")  # noqa: S608


def test_nothing_since_is_held_against_what_was_published(
    loss: Loss, elsewhere: Callable[[str], None], register_kind: str
) -> None:
    """Whoever says that nothing was done, and is shown that something was, is refused."""
    elsewhere(register_kind)
    with pytest.raises(IssuerError) as caught:
        loss.restore(published=loss.folder / "stick", nothing_since=True)
    assert caught.value.code == "backup_behind"
    assert not (loss.folder / "new").exists()


def test_a_publication_of_before_agrees(
    tmp_path: Path, elsewhere: Callable[[str], None], register_kind: str
) -> None:
    """With --nothing-since and a stick from before the backup all goes on as it was."""
    desk = open_desk(tmp_path)
    desk.apply(2)
    desk.office.publish(tmp_path / "stick")
    file = back_up(desk, tmp_path / "backup")
    elsewhere(register_kind)
    made = restore.restore(
        file,
        tmp_path / "new",
        passphrase=lambda: PASSPHRASE,
        now=desk.now,
        published=tmp_path / "stick",
        nothing_since=True,
    )
    assert (made.lost, made.closed) == (0, False)
    again = Desk(tmp_path / "new")
    assert len(again.office.approve()) == 2


def test_a_newer_trust_list_comes_from_the_stick(
    loss: Loss, elsewhere: Callable[[str], None], register_kind: str
) -> None:
    """Custodians' signatures of after the backup are not lost: the stick has them."""
    loss.desk.sign_trust_list()
    loss.publish(loss.desk)
    elsewhere(register_kind)
    _, desk = loss.restore(published=loss.folder / "stick")
    ours, theirs = ((home / "trust/trust-list.json").read_bytes() for home in (desk.home, loss.desk.home))
    assert ours == theirs
    desk.later(hours=1)
    loss.publish(desk)


def test_the_clock_is_known_after_a_restoration(
    loss: Loss, elsewhere: Callable[[str], None], register_kind: str
) -> None:
    """The last publication of the backup still says what a clock may be."""
    elsewhere(register_kind)
    _, desk = loss.restore(published=loss.folder / "stick")
    desk.now = desk.now.replace(year=desk.now.year - 1)
    with pytest.raises(IssuerError) as caught:
        desk.office.publish(loss.folder / "stick")
    assert caught.value.code == "clock_behind"


def test_a_register_that_never_published(
    tmp_path: Path, elsewhere: Callable[[str], None], register_kind: str
) -> None:
    """Nothing has to be named; its lists are closed all the same."""
    desk = open_desk(tmp_path)
    desk.apply(2)
    file = back_up(desk, tmp_path / "backup")
    elsewhere(register_kind)
    made = restore.restore(file, tmp_path / "new", passphrase=lambda: PASSPHRASE, now=desk.now)
    assert (made.lost, made.closed) == (0, True)


def test_a_second_loss(loss: Loss, elsewhere: Callable[[str], None], register_kind: str) -> None:
    """A restored register can be lost as well."""
    elsewhere(register_kind)
    _, desk = loss.restore(published=loss.folder / "stick")
    loss.sign(desk)
    desk.later(hours=1)
    loss.publish(desk)
    file = back_up(desk, loss.folder / "second")
    desk.office.approve()
    desk.later(hours=1)
    loss.publish(desk)
    elsewhere(register_kind)
    made = restore.restore(
        file,
        loss.folder / "third",
        passphrase=lambda: PASSPHRASE,
        now=desk.now,
        published=loss.folder / "stick",
        person=lambda: ("admin-1", PASSPHRASE),
    )
    again = Desk(loss.folder / "third")
    again.now = desk.now
    assert made.closed
    again.later(hours=1)
    loss.publish(again)
    assert len(again.office.examine().restored) == 2
    assert len(again.rows("SELECT number FROM restoration")) == 2


def test_a_backup_of_a_complete_register_leaves_it_open(
    tmp_path: Path, elsewhere: Callable[[str], None], register_kind: str
) -> None:
    """Moving house: from one machine, or database, to another."""
    desk = open_desk(tmp_path)
    desk.apply(3)
    desk.office.publish(tmp_path / "stick")
    file = back_up(desk, tmp_path / "backup")
    elsewhere(register_kind)
    assert restored(file, tmp_path / "new", desk.now).closed is False
    again = Desk(tmp_path / "new")
    again.later(hours=1)
    assert len(again.office.approve()) == 3
    assert again.office.publish(tmp_path / "stick").version == 2
