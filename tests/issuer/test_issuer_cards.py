"""What the ministry does to cards, and what then stands at their indices."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from issuer_desk import PASSPHRASE, START, Desk, gone, open_desk

from credential import card_number, packed
from credential.seal import SealToken
from credential.template import Template
from did import IdentityError, PublicKey, strict_json
from issuer import civil_days
from issuer.audit_findings import Problem
from issuer.lifecycle import CardState, ListKind
from issuer.office import Issuer
from revocation.status_list import Status

pytestmark = pytest.mark.postgres

VALID, INVALID, SUSPENDED = Status.VALID, Status.INVALID, Status.SUSPENDED
SEAL, LIVE, VC = ListKind.SEAL, ListKind.LIVE, ListKind.SD_JWT


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk whose home nobody has used."""
    return open_desk(tmp_path)


def refused(work: Callable[[], object]) -> str:
    """The code that `work` is refused with."""
    with pytest.raises(IdentityError) as caught:
        work()
    return caught.value.code


def read_seal(desk: Desk, card: str) -> SealToken:
    """The seal of a card, as a gate reads it."""
    (document,) = desk.rows("SELECT document FROM template WHERE number = 2")
    template = Template.from_json(strict_json.loads(document, max_bytes=4096))
    token = packed.read(desk.printed(card), {2: template})
    assert isinstance(token, SealToken)
    return token


def test_approval_gives_a_number_a_seal_and_an_index(desk: Desk) -> None:
    """The card is good for ten years; its seal says who and which card."""
    desk.apply(2)
    (_, card), (_, other) = desk.office.approve()
    assert card != other
    view = desk.office.show(card).card
    assert (view.state, view.card_number) == (CardState.ACTIVE, card)
    assert view.valid_until == date(2026, 11, 22) + timedelta(days=3651)
    assert desk.statuses(card) == {SEAL: [VALID]}
    seal = read_seal(desk, card)
    assert seal.claims["card_number"] == card
    assert seal.claims["name_la"] == view.name_la
    assert seal.status_index == desk.office.show(card).indices[0].index


def test_a_seal_is_signed_by_the_seal_key(desk: Desk) -> None:
    """And by no other key of the home."""
    seal = read_seal(desk, desk.card())
    (jwk,) = desk.rows("SELECT public_jwk FROM signing_key WHERE kind = 'seal'")
    key = PublicKey.from_jwk(strict_json.loads(jwk, max_bytes=1024))
    assert key.verify(seal.signed, seal.signature)


def test_some_applications_or_all(desk: Desk) -> None:
    """Each is approved once; all or none of what was asked."""
    desk.apply(5)
    assert [number for number, _ in desk.office.approve([2, 4])] == [2, 4]
    assert refused(lambda: desk.office.approve([1, 2])) == "wrong_state"
    assert refused(lambda: desk.office.approve([1, 99])) == "unknown_application"
    assert desk.office.counts() == {CardState.ACTIVE: 2, CardState.APPLIED: 3}
    assert [number for number, _ in desk.office.approve()] == [1, 3, 5]
    assert desk.office.approve() == []


def test_many_cards_have_different_numbers_and_indices(desk: Desk) -> None:
    """Random ones, none of them a decoy's."""
    desk.apply(1200)
    approved = desk.office.approve()
    assert len({card for _, card in approved}) == 1200
    indices = desk.rows("SELECT idx FROM status_index WHERE card_id IS NOT NULL")
    assert len(set(indices)) == 1200
    assert indices != sorted(indices)


def test_suspension_reaches_everything_and_ends(desk: Desk) -> None:
    """Seal, live and SD-JWT VC; what was INVALID before stays so."""
    card = desk.card()
    desk.enrol(card)
    desk.enrol(card)
    desk.office.suspend(card)
    assert desk.statuses(card) == {SEAL: [SUSPENDED], LIVE: [INVALID, SUSPENDED], VC: [INVALID, SUSPENDED]}
    desk.office.reinstate(card)
    assert desk.statuses(card) == {SEAL: [VALID], LIVE: [INVALID, VALID], VC: [INVALID, VALID]}
    assert refused(lambda: desk.office.reinstate(card)) == "wrong_state"


def test_revocation_is_for_good(desk: Desk) -> None:
    """Everything is INVALID, and no act leads back."""
    card = desk.card()
    desk.enrol(card)
    desk.office.suspend(card)
    desk.office.revoke(card)
    assert desk.statuses(card) == {SEAL: [INVALID], LIVE: [INVALID], VC: [INVALID]}
    for act in (desk.office.reinstate, desk.office.suspend, desk.office.revoke, desk.office.replace):
        assert refused(lambda act=act: act(card)) == "wrong_state"  # type: ignore[misc]
    assert refused(lambda: desk.office.offer(card)) == "wrong_state"


def test_a_lost_phone_leaves_the_plastic_valid(desk: Desk) -> None:
    """`revoke --wallet` ends both credentials of the phone and nothing else."""
    card = desk.card()
    desk.enrol(card)
    desk.office.revoke_wallet(card)
    assert desk.statuses(card) == {SEAL: [VALID], LIVE: [INVALID], VC: [INVALID]}
    assert refused(lambda: desk.office.revoke_wallet(card)) == "no_wallet"
    desk.enrol(card)
    assert desk.statuses(card)[LIVE] == [INVALID, VALID]


def test_a_replaced_card_and_its_phone_are_invalid(desk: Desk) -> None:
    """The new card has another number, another seal and another index, and is valid."""
    old = desk.card()
    desk.enrol(old)
    new = desk.office.replace(old)
    assert new != old
    assert desk.statuses(old) == {SEAL: [INVALID], LIVE: [INVALID], VC: [INVALID]}
    assert desk.statuses(new) == {SEAL: [VALID]}
    assert desk.office.show(old).replaced_by == new
    assert desk.office.show(new).replaces == old
    assert read_seal(desk, new).status_index != read_seal(desk, old).status_index
    assert refused(lambda: desk.office.replace(old)) == "wrong_state"
    desk.enrol(new)


def test_a_card_that_has_ended_is_not_printed(desk: Desk) -> None:
    """No gate would take its code; that of a suspended card may stand again."""
    old = desk.card()
    assert desk.office.seal(old) == desk.printed(old)
    new = desk.office.replace(old)
    assert refused(lambda: desk.office.seal(old)) == "wrong_state"
    desk.office.suspend(new)
    assert desk.office.seal(new) == desk.printed(new)
    desk.office.revoke(new)
    assert refused(lambda: desk.office.seal(new)) == "wrong_state"


@pytest.mark.parametrize("suspended", [False, True])
def test_a_lost_card_is_replaced(desk: Desk, suspended: bool) -> None:
    """Nobody passes with it again, its phone neither; a suspended one can be lost, too."""
    card = desk.card()
    desk.enrol(card)
    if suspended:
        desk.office.suspend(card)
    desk.office.report_lost(card)
    assert desk.statuses(card) == {SEAL: [INVALID], LIVE: [INVALID], VC: [INVALID]}
    for act in (desk.office.offer, desk.office.suspend, desk.office.reinstate, desk.office.report_lost):
        assert refused(functools.partial(act, card)) == "wrong_state"
    new = desk.office.replace(card)
    assert desk.statuses(new) == {SEAL: [VALID]}
    assert desk.statuses(card) == {SEAL: [INVALID], LIVE: [INVALID], VC: [INVALID]}
    assert desk.office.examine().problems == []


def test_who_leaves_has_no_card(desk: Desk) -> None:
    """A retired card is over, and its holder may apply again."""
    card = desk.card()
    desk.enrol(card)
    desk.office.retire(card)
    assert desk.statuses(card) == {SEAL: [INVALID], LIVE: [INVALID], VC: [INVALID]}
    assert refused(lambda: desk.office.replace(card)) == "wrong_state"
    assert desk.office.import_file(desk.home / "people.csv").imported == 1
    assert desk.office.examine().problems == []


def test_a_suspended_card_is_not_replaced(desk: Desk) -> None:
    """A replacement would end the suspension unseen."""
    card = desk.card()
    desk.office.suspend(card)
    assert refused(lambda: desk.office.replace(card)) == "wrong_state"


def test_a_card_ends_with_its_validity(desk: Desk, tmp_path: Path) -> None:
    """The first publication or delta after its last day, which ends in Phnom Penh, writes INVALID."""
    card = desk.card()
    desk.office.publish(tmp_path / "out")
    (until,) = desk.rows("SELECT valid_until FROM card")
    with desk.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER card_once")
        connection.exec_driver_sql("UPDATE card SET valid_until = '2026-11-24'")
    desk.now = datetime(2026, 11, 24, 16, 59, 59, tzinfo=UTC)
    desk.office.deltas()
    assert desk.office.show(card).card.state is CardState.ACTIVE
    desk.later(seconds=1)
    desk.office.deltas()
    assert desk.office.show(card).card.state is CardState.EXPIRED
    assert desk.statuses(card) == {SEAL: [INVALID]}
    assert str(until) == "2036-11-20"
    assert desk.office.examine().problems == [
        *gone("card_once"),
        Problem("card_differs", "card", 1),
    ]


@pytest.mark.parametrize("hour", [0, 16, 17, 23])
def test_gates_take_a_card_as_long_as_the_register_does(desk: Desk, hour: int) -> None:
    """Whenever it was made, its code ends after the end of its last day, and less than a day later."""
    desk.now = START.replace(hour=hour) + timedelta(days=1)
    desk.apply(1)
    ((_, card),) = desk.office.approve()
    (until,) = desk.rows("SELECT valid_until FROM card")
    (document,) = desk.rows("SELECT document FROM template WHERE number = 2")
    template = Template.from_json(strict_json.loads(document, max_bytes=4096))
    day = desk.now.replace(hour=0, minute=0)
    ends = civil_days.end_of(date.fromisoformat(str(until)))
    assert ends <= day + timedelta(days=template.validity_days) < ends + timedelta(days=1)
    assert desk.office.show(card).valid_from == civil_days.day_of(desk.now.timestamp())


@pytest.mark.parametrize("text", ["4111111111111111", "1234567890", "", "x" * 100, "៤១១១"])
def test_what_is_no_card_number_is_not_repeated(text: str, desk: Desk) -> None:
    """A bank card's number may have been typed: it is refused without echo."""
    with pytest.raises(IdentityError) as caught:
        desk.office.show(text)
    assert caught.value.code == "bad_card_number"
    assert not text or text not in str(caught.value)


def test_a_card_number_as_people_type_it(desk: Desk) -> None:
    """With spaces, hyphens and Khmer digits."""
    card = desk.card()
    typed = "".join(chr(0x17E0 + int(digit)) for digit in card)
    assert desk.office.show(f" {typed[:4]}-{typed[4:]} ").card.card_number == card


def test_a_number_that_no_card_has(desk: Desk) -> None:
    """A well-formed one is refused as unknown, not as malformed."""
    assert refused(lambda: desk.office.show(card_number.draw())) == "unknown_card"


def test_nothing_is_signed_without_the_passphrase(desk: Desk) -> None:
    """Reading, importing and suspending need none; a wrong one opens nothing."""
    card = desk.card()
    desk.enrol(card)
    reader = desk.sit_down(None)
    reader.suspend(card)
    reader.reinstate(card)
    assert refused(lambda: reader.replace(card)) == "passphrase_needed"
    wrong = Issuer.open(desk.home, PASSPHRASE + "!", person=("approver", PASSPHRASE), clock=lambda: desk.now)
    assert refused(lambda: wrong.replace(card)) == "wrong_passphrase"
    assert desk.office.show(card).card.state is CardState.ACTIVE


def test_a_key_file_of_another_kind_is_refused(desk: Desk) -> None:
    """The live key in the seal key's file signs nothing."""
    desk.apply(1)
    (live,) = desk.home.glob("keys/live-*.json")
    (seal,) = desk.home.glob("keys/seal-*.json")
    seal.write_bytes(live.read_bytes())
    assert refused(desk.office.approve) == "key_mismatch"
    seal.unlink()
    other = desk.sit_down()
    assert refused(other.approve) == "key_missing"
    assert desk.office.counts() == {CardState.APPLIED: 1}


def test_a_key_issues_in_its_window_only(desk: Desk) -> None:
    """After a year without a new key nothing is issued any more."""
    desk.apply(2)
    desk.office.approve([1])
    desk.later(days=366)
    assert refused(lambda: desk.office.approve([2], clock_is_right=True)) == "no_issuing_key"
    desk.now = START - timedelta(days=1)
    assert refused(lambda: desk.office.approve([2])) == "no_issuing_key"


def test_every_act_is_recorded(desk: Desk) -> None:
    """In the order in which it was done, with its time."""
    card = desk.card()
    desk.enrol(card)
    desk.office.suspend(card)
    desk.office.reinstate(card)
    desk.office.revoke_wallet(card)
    desk.office.replace(card)
    handed_over = ("order_print", "print", "activate")
    assert desk.rows("SELECT act FROM act ORDER BY id") == [
        *("apply", "approve", *handed_over, "offer", "enrol", "suspend", "reinstate"),
        *("revoke_wallet", "replace", "approve", *handed_over),
    ]


def test_a_list_that_is_full_is_named(desk: Desk) -> None:
    """Nothing is approved then."""
    desk.apply(3)
    with desk.engine.begin() as connection:
        connection.exec_driver_sql(
            "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 262143) "
            "INSERT INTO status_index SELECT 2, i, NULL, NULL, 0, 0, NULL FROM n WHERE i NOT IN "
            "(SELECT idx FROM status_index WHERE list_id = 2) LIMIT "
            "(SELECT 262142 - count(*) FROM status_index WHERE list_id = 2)"
        )
    assert refused(desk.office.approve) == "list_full"
    assert len(desk.office.approve([1, 2])) == 2
    assert refused(lambda: desk.office.approve([3])) == "list_full"


def test_keys_have_their_algorithms(desk: Desk) -> None:
    """P-256 for what other wallets read, Ed25519 for the rest; each kind its own key."""
    jwks = desk.rows("SELECT kind || ' ' || public_jwk FROM signing_key ORDER BY kind")
    kinds = {row.split(" ")[0]: row.split(" ", 1)[1] for row in jwks}
    assert {kind: "P-256" in jwk for kind, jwk in kinds.items()} == {
        "live": False,
        "sd-jwt": True,
        "seal": False,
        "status-cwt": False,
    }
    assert len(set(kinds.values())) == len(kinds)
