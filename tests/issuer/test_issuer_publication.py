"""What is published is what the register says, and nothing in it ever goes back."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import Barrier

import pytest
from issuer_databases import is_postgres
from issuer_desk import ISSUER, Desk, founding, new_keys, open_desk, request

from did import IdentityError
from issuer import trust_files
from issuer.lifecycle import CardState
from issuer.models import METADATA
from revocation.delta import to_text
from revocation.status_list import Status
from trust import TrustSnapshot, ceremony, disk
from trust.deltas import apply_delta
from trust.publication import _locked
from trust.state import MAX_VERSION
from trust.sync import init_home, sync

pytestmark = pytest.mark.postgres


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk."""
    return open_desk(tmp_path)


@pytest.fixture
def gate(desk: Desk, tmp_path: Path) -> Path:
    """The home of a verifier who compared the fingerprint."""
    home = tmp_path / "gate"
    init_home(home, (desk.home / "trust" / "1.root.json").read_bytes(), founding().fingerprint)
    return home


def synced(desk: Desk, gate: Path, out: Path) -> TrustSnapshot:
    """What a gate believes after a sync."""
    sync(gate, out, now=desk.now)
    return TrustSnapshot.load(gate)


def refused(work: Callable[[], object]) -> str:
    """The code that `work` is refused with."""
    with pytest.raises(IdentityError) as caught:
        work()
    return caught.value.code


def agree(desk: Desk, card: str, trust: TrustSnapshot) -> None:
    """Every index of a card has the register's status in what was published."""
    for entry in desk.office.show(card).indices:
        published = trust.lists[f"{ISSUER}/status/{entry.list_name}"]
        assert published.statuses.get(entry.index) == entry.status


def test_a_gate_accepts_the_first_publication(desk: Desk, gate: Path, tmp_path: Path) -> None:
    """Keys, templates, codes, purposes and three lists of one size."""
    card = desk.card()
    desk.enrol(card)
    made = desk.office.publish(tmp_path / "out")
    trust = synced(desk, gate, tmp_path / "out")
    assert made.version == 1
    assert {key.kind.value for key in trust.keys.values()} == {"live", "seal", "sd-jwt", "status-cwt"}
    assert {number: template.kind.value for number, template in trust.templates.items()} == {
        1: "live",
        2: "seal",
    }
    assert {name: purpose.permitted for name, purpose in trust.purposes.items()} == {
        "entry": True,
        "salary": True,
        "identity-at-agency": True,
        "national-id": False,
    }
    assert {signed.statuses.size for signed in trust.lists.values()} == {1 << 18}
    assert {uri.rpartition("/")[2] for uri in trust.lists} == {"live-1", "seal-1", "sd-jwt-1"}
    assert (len(trust.codes.ministries), len(trust.codes.positions)) == (17, 26)
    agree(desk, card, trust)


def test_every_act_is_seen_after_the_next_publication(desk: Desk, gate: Path, tmp_path: Path) -> None:
    """Suspended, reinstated, a lost phone, replaced, revoked."""
    card = desk.card()
    desk.enrol(card)
    out = tmp_path / "out"
    acts = (desk.office.suspend, desk.office.reinstate, desk.office.revoke_wallet, desk.office.replace)
    for act in acts:
        new = act(card)
        desk.later(hours=1)
        desk.office.publish(out)
        agree(desk, card, synced(desk, gate, out))
    assert isinstance(new, str)
    desk.office.revoke(new)
    desk.office.publish(out)
    agree(desk, new, synced(desk, gate, out))


def test_deltas_bring_a_gate_up_to_date(desk: Desk, gate: Path, tmp_path: Path) -> None:
    """Each is cumulative: a missed one costs nothing."""
    card = desk.card()
    desk.enrol(card)
    desk.office.publish(tmp_path / "out")
    synced(desk, gate, tmp_path / "out")
    desk.later(days=1)
    desk.office.suspend(card)
    desk.office.deltas()  # missed
    desk.later(days=1)
    desk.office.replace(desk.office.approve(filed(desk))[0][1])
    for entry in desk.office.deltas():
        apply_delta(gate, to_text(entry.data), now=desk.now)
    trust = TrustSnapshot.load(gate)
    agree(desk, card, trust)
    assert {signed.sequence for signed in trust.lists.values()} == {3}
    assert {signed.issued_at for signed in trust.lists.values()} == {int(desk.now.timestamp())}


def filed(desk: Desk) -> list[int]:
    """A second person's application."""
    desk.apply(1, seed=9)
    return [card.application for card in desk.office.cards() if card.card_number is None]


def test_a_delta_of_fifty_people_fits_a_code(desk: Desk, tmp_path: Path) -> None:
    """At most 700 characters for a list of 2^18 (budgets.md)."""
    desk.apply(400)
    cards = [card for _, card in desk.office.approve()]
    desk.office.publish(tmp_path / "out")
    for card in cards[:50]:
        desk.office.revoke(card)
    by_name = {entry.name: entry for entry in desk.office.deltas()}
    assert len(to_text(by_name["seal-1"].data)) <= 700


def test_a_delta_needs_a_publication_that_was_wholly_written(
    desk: Desk, gate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that was killed behind its record left lists that no gate has: the next publication mends it."""
    desk.office.publish(tmp_path / "out")
    synced(desk, gate, tmp_path / "out")

    def killed(out: Path, files: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("trust.publication._write", killed)
        with pytest.raises(KeyboardInterrupt):
            desk.office.publish(tmp_path / "out")
    assert refused(desk.office.deltas) == "not_published"
    assert desk.office.publish(tmp_path / "out").version == 3
    synced(desk, gate, tmp_path / "out")
    for entry in desk.office.deltas():
        apply_delta(gate, to_text(entry.data), now=desk.now)


def test_a_version_that_every_gate_would_refuse_is_not_published(desk: Desk, tmp_path: Path) -> None:
    """A register that was tampered with past its rules is named, and nothing is written."""
    with desk.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER publication_version")
        if is_postgres():  # whose column of itself holds no such number
            connection.exec_driver_sql("ALTER TABLE publication ALTER version TYPE bigint")
        connection.exec_driver_sql("INSERT INTO publication VALUES (?, 0)", (MAX_VERSION,))
    assert refused(lambda: desk.office.publish(tmp_path / "out")) == "register_refused"
    assert [path for path in (tmp_path / "out").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("table", "row", "name"),
    [
        ("code", ("grades", 999, "ក", "x\u202e"), "grades 999"),
        ("purpose", ("lottery", True, "\u200b", "x"), "purpose lottery"),
        ("relying_party", (9, "ក", "x\n", "entry", ""), "gate 9"),
        ("relying_party", (9, "ក", "x", "x" * 202, ""), "gate 9"),
    ],
)
def test_a_row_that_nobody_could_sign_is_named(
    table: str, row: tuple[object, ...], name: str, desk: Desk
) -> None:
    """The database cannot see what is hidden; the export says which row it is."""
    with desk.raw() as connection:
        connection.execute(METADATA.tables[table].insert().values(row))
    with pytest.raises(IdentityError, match=name) as caught:
        desk.office.authority.draw_up_trust_list()
    assert caught.value.code == "register_refused"


def test_a_delta_needs_a_publication(desk: Desk) -> None:
    """There is nothing yet that it could change."""
    assert refused(desk.office.deltas) == "not_published"
    assert desk.rows("SELECT max(sequence) FROM status_list") == [0]


def test_sequence_and_version_only_grow(desk: Desk, gate: Path, tmp_path: Path) -> None:
    """Over publications to different folders and deltas between them."""
    versions = []
    for number in range(3):
        desk.later(hours=1)
        versions.append(desk.office.publish(tmp_path / f"stick{number}").version)
        desk.office.deltas()
        synced(desk, gate, tmp_path / f"stick{number}")
    assert versions == [1, 2, 3]
    assert desk.rows("SELECT sequence FROM published_list WHERE list_id = 1") == [1, 2, 3, 4, 5, 6]


def test_a_publication_over_a_later_one_is_later_still(desk: Desk, tmp_path: Path) -> None:
    """A register that was restored from a copy goes on above what it finds."""
    out = tmp_path / "out"
    shutil.copytree(desk.home, tmp_path / "copy")
    for _ in range(3):
        desk.office.publish(out)
    restored = Desk(tmp_path / "copy")
    assert restored.office.publish(out).version == 4
    assert restored.office.publish(tmp_path / "other").version == 5


def test_a_clock_that_went_back_is_refused(desk: Desk, tmp_path: Path) -> None:
    """A list dated before the last one would be refused by every gate."""
    desk.office.publish(tmp_path / "out")
    desk.now -= timedelta(seconds=1)
    assert refused(lambda: desk.office.publish(tmp_path / "out")) == "clock_behind"
    assert refused(desk.office.deltas) == "clock_behind"


def test_secrets_are_never_published(desk: Desk, tmp_path: Path) -> None:
    """Not into the home, inside of it or around it, by whatever path; nor into somebody else's."""
    (tmp_path / "link").symlink_to(desk.home, target_is_directory=True)
    places = [desk.home, desk.home / "stick", desk.home / "trust", tmp_path, tmp_path / "link" / "x"]
    for number, file in enumerate(("trust/root.json", "wallet.json", "key.json", "register.sqlite")):
        places.append(tmp_path / f"other{number}")
        (places[-1] / file).parent.mkdir(parents=True)
        (places[-1] / file).touch()
    before = sorted(tmp_path.rglob("*"))
    for place in places:
        assert refused(lambda p=place: desk.office.publish(p)) == "unsafe_out"  # type: ignore[misc]
    assert sorted(tmp_path.rglob("*")) == before


def test_a_stick_may_hold_other_files(desk: Desk, gate: Path, tmp_path: Path) -> None:
    """They stay as they are."""
    stick = tmp_path / "stick"
    (stick / "System Volume Information").mkdir(parents=True)
    (stick / "letter.odt").write_bytes(b"a letter")
    for _ in range(2):
        desk.office.publish(stick)
    assert (stick / "letter.odt").read_bytes() == b"a letter"
    synced(desk, gate, stick)


FLOORS = (
    "SELECT group_concat(id || ':' || sequence) || (SELECT count(*) FROM published_list) FROM status_list"
)


def test_a_refused_publication_moves_no_floor(
    desk: Desk, gate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under a clock that is ahead, on a full disk, while another one publishes: as if it had never been."""
    out = tmp_path / "out"
    desk.office.publish(out)
    before, right = desk.rows(FLOORS), desk.now
    desk.later(days=34)

    def full(path: Path, data: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(disk, "_write_new", full)
        with pytest.raises(OSError, match="No space"):
            desk.office.publish(out)
    (out / "metadata" / "1.root.json").write_bytes(b"another root")
    assert refused(lambda: desk.office.publish(out)) == "root_chain_broken"
    (out / "metadata" / "1.root.json").unlink()
    with _locked(out):
        assert refused(lambda: desk.office.publish(out)) == "publication_busy"
    desk.later(days=60)
    assert refused(lambda: desk.office.publish(out, clock_is_right=True)) == "targets_expires"
    assert desk.rows(FLOORS) == before
    assert not [*out.rglob(".*")]
    desk.now = right + timedelta(seconds=1)
    assert desk.office.publish(out).version == 2
    synced(desk, gate, out)


def test_a_clock_far_ahead_ends_no_card(desk: Desk, tmp_path: Path) -> None:
    """It is refused unless a person says that it is right; before the first publication too."""
    card = desk.card()
    for first in (True, False):
        with moved(desk, days=37 if first else 36):
            assert refused(lambda: desk.office.publish(tmp_path / "out")) == "clock_ahead"
        if first:
            desk.office.publish(tmp_path / "out")
    with moved(desk, days=3700):  # not "have the custodians sign": the clock comes first
        assert refused(lambda: desk.office.publish(tmp_path / "out")) == "clock_ahead"
        desk.sign_trust_list()
        assert refused(desk.office.deltas) == "clock_ahead"
    assert desk.office.show(card).card.state is CardState.ACTIVE
    with moved(desk, days=36):
        desk.office.deltas(clock_is_right=True)


def test_nothing_lasting_is_made_under_a_wrong_clock(desk: Desk, tmp_path: Path) -> None:
    """Cards that begin on a day to come are wasted plastic; a ministry that has not published confirms."""
    card = desk.card()
    desk.apply(1, seed=2)
    desk.office.publish(tmp_path / "out")

    def answer(*, clock_is_right: bool = False) -> bytes:
        offered = desk.office.offer(card, clock_is_right=True)
        asked = request(offered, new_keys(), now=desk.now)
        return desk.office.issue(asked, clock_is_right=clock_is_right)

    acts = (partial(desk.office.offer, card), answer, desk.office.approve, partial(desk.office.replace, card))
    for units, code in (({"days": 300}, "clock_ahead"), ({"seconds": -1}, "clock_behind")):
        with moved(desk, **units):
            assert [refused(act) for act in acts] == [code] * 4
    assert desk.rows("SELECT state FROM card ORDER BY id") == ["active", "applied"]
    with moved(desk, days=36):
        for act in acts:
            act(clock_is_right=True)
    assert desk.rows("SELECT state FROM card ORDER BY id") == ["replaced", "active", "active"]


def test_a_wrong_clock_that_was_confirmed_locks_nobody_out(desk: Desk, gate: Path, tmp_path: Path) -> None:
    """Gates with a right clock never took what was dated ahead; the ministry goes on in the present."""
    out = tmp_path / "out"
    desk.office.publish(out)
    with moved(desk, days=40):
        desk.office.publish(out, clock_is_right=True)
    assert refused(lambda: sync(gate, out, now=desk.now)) == "clock_untrusted"
    desk.later(hours=1)
    assert refused(lambda: desk.office.publish(out)) == "clock_behind"
    assert desk.office.publish(out, clock_is_right=True).version == 3
    synced(desk, gate, out)
    desk.later(hours=1)
    assert desk.office.publish(out).version == 4
    synced(desk, gate, out)


@contextmanager
def moved(desk: Desk, **units: float) -> Iterator[None]:
    """A clock that is ahead for a while."""
    right = desk.now
    desk.later(**units)
    yield
    desk.now = right


def test_two_publishers_at_once(desk: Desk, gate: Path, tmp_path: Path) -> None:
    """The newest version has the newest lists, whichever of them writes first."""
    out = tmp_path / "out"
    desk.office.publish(out)
    synced(desk, gate, out)
    desk.later(hours=1)
    ready = Barrier(6)

    def publish(number: int) -> str:
        other = Desk(desk.home)
        other.now = desk.now
        ready.wait()
        try:
            return str(other.office.publish(out).version)
        except IdentityError as error:
            return error.code

    with ThreadPoolExecutor(6) as threads:
        done = [*threads.map(publish, range(6))]
    assert len({*done} - {"publication_busy"}) + done.count("publication_busy") == 6
    newest = desk.rows("SELECT max(sequence) FROM published_list")[0]
    assert {signed.sequence for signed in synced(desk, gate, out).lists.values()} == {newest}


def test_decoys_move_and_stay_decoys(desk: Desk, gate: Path, tmp_path: Path) -> None:
    """Some indices that nobody was given are not VALID, and change now and then."""
    entries = "SELECT idx * 4 + status FROM status_index WHERE list_id = 2 AND card_id IS NULL"
    first = set(desk.rows(entries))
    for number in range(6):
        desk.office.publish(tmp_path / f"out{number}")
    after = set(desk.rows(entries))
    assert {e // 4 for e in first} == {e // 4 for e in after}
    assert first != after
    trust = synced(desk, gate, tmp_path / "out5")
    signed = trust.lists[f"{ISSUER}/status/seal-1"]
    assert all(signed.statuses.get(entry // 4) == entry % 4 for entry in after)
    assert sum(1 for entry in after if entry % 4 != Status.VALID) > 30


def test_lists_expire_with_the_publication(desk: Desk, gate: Path, tmp_path: Path) -> None:
    """35 days: four weekly sticks may be missed."""
    made = desk.office.publish(tmp_path / "out")
    trust = synced(desk, gate, tmp_path / "out")
    end = int((desk.now + timedelta(days=35)).timestamp())
    assert made.expires == trust.expires == end
    assert {signed.expires_at for signed in trust.lists.values()} == {end}


def test_a_trust_list_that_runs_out_is_warned_of(desk: Desk, gate: Path, tmp_path: Path) -> None:
    """Custodians have to sign again within 90 days; until then publications end with their list."""
    out, end = tmp_path / "out", int((desk.now + timedelta(days=90)).timestamp())
    assert desk.office.publish(out).warnings == ()
    for days, left in ((30, 60), (25, 35), (1, 34), (32, 2)):
        desk.later(days=days)
        made = desk.office.publish(out)
        assert made.expires == min(end, int((desk.now + timedelta(days=35)).timestamp()))
        assert [(w.role, w.expires, w.days_left) for w in made.warnings] == (
            [("targets", end, left)] if left < 45 else []
        )
        trust = synced(desk, gate, out)
        assert trust.expires == made.expires
        assert {signed.expires_at for signed in trust.lists.values()} == {made.expires}
    desk.later(days=1, seconds=1)
    assert refused(lambda: desk.office.publish(out)) == "targets_expires"
    desk.sign_trust_list()
    assert desk.office.publish(out).warnings == ()
    synced(desk, gate, out)


def test_a_trust_list_whose_documents_were_changed_is_refused(desk: Desk) -> None:
    """Custodians signed other ones: found when it is taken in, not at every gate."""
    signed = trust_files.read_trust_list(desk.office.home)
    assert signed is not None
    others = ({**signed.files, "purposes.json": b"{}"}, {**signed.files, "types/x.json": b"{}"})
    for files in others:
        changed = replace(signed, files=files)
        assert refused(lambda c=changed: desk.office.authority.accept_trust_list(c)) == "document_mismatch"  # type: ignore[misc]
    desk.office.authority.accept_trust_list(signed)


def test_the_online_key_signs_no_issuer_key(desk: Desk) -> None:
    """Whoever holds the home without the custodians' keys cannot add a key."""
    drawn = desk.office.authority.draw_up_trust_list()
    root = desk.office.home.root.read_bytes()
    (online,) = desk.office._keyring.online(ceremony.role_keys(root).online)
    assert refused(lambda: drawn.signed(online)) == "not_a_custodian"
    assert refused(lambda: desk.office.authority.accept_trust_list(drawn)) == "signatures_missing"
