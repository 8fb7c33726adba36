"""Offers, key proofs, and the credentials that a phone gets for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from issuer_desk import ISSUER, Desk, new_keys, open_desk, request

from credential import sd_jwt_vc
from credential.live import parse_live, present_live
from did import Algorithm, IdentityError, Signer, SoftwareSigner, base64url, strict_json
from issuer import proofs
from issuer.errors import IssuerError
from issuer.lifecycle import ListKind
from revocation.status_list import Status
from wallet_sdk.exchange import Format, read_offer, read_result, write_request

pytestmark = pytest.mark.postgres

LIVE, VC = ListKind.LIVE, ListKind.SD_JWT


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk."""
    return open_desk(tmp_path)


@pytest.fixture
def card(desk: Desk) -> str:
    """An active card of that desk."""
    return desk.card()


def answer(desk: Desk, offer: bytes, keys: Mapping[ListKind, Signer], **changed: Any) -> dict[str, Any]:
    """What is issued for a request."""
    result = desk.office.issue(request(offer, keys, now=desk.now, **changed))
    document = strict_json.loads(result, max_bytes=1 << 20)
    assert isinstance(document, dict)
    return document


def refused(work: Callable[[], object]) -> str:
    """The code that `work` is refused with."""
    with pytest.raises(IdentityError) as caught:
        work()
    return caught.value.code


def test_an_offer_says_what_a_wallet_needs(desk: Desk, card: str) -> None:
    """The wallet's own reader takes it."""
    offer = read_offer(desk.office.offer(card))
    assert offer.credential_issuer == ISSUER
    assert offer.formats == (Format.LIVE, Format.SD_JWT)
    assert offer.expires == int((desk.now + timedelta(days=1)).timestamp())


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_both_credentials_are_issued(algorithm: Algorithm, desk: Desk, card: str) -> None:
    """Each bound to its own key, each with its own index, each a year long."""
    keys = new_keys(algorithm)
    document = answer(desk, desk.office.offer(card), keys)
    read_result(strict_json.dumps(document))
    live, vc = document["credentials"]
    shown = present_live(
        base64url.decode(live["credential"]), audience="any-gate", challenge=None, now=1, signer=keys[LIVE]
    )
    token = parse_live(shown)
    assert token.holder == keys[LIVE].public_key
    assert token.claims["card_number"] == card
    assert "date_of_birth" not in token.claims
    credential = sd_jwt_vc.read_sd_jwt_vc(vc["credential"])
    assert credential.holder == keys[VC].public_key
    assert credential.claims["card_number"] == card
    assert credential.expires_at - credential.issued_at == 365 * 86400
    listed = {entry.list_name: entry.index for entry in desk.office.show(card).indices}
    assert listed["live-1"] == token.status_index
    assert listed["sd-jwt-1"] == credential.status_index
    assert token.status_uri == f"{ISSUER}/status/live-1"
    assert credential.status_uri == f"{ISSUER}/status/sd-jwt-1"


def test_the_wallets_own_request_is_answered(desk: Desk, card: str) -> None:
    """The two programs agree about the files between them."""
    offer = read_offer(desk.office.offer(card))
    keys = {Format.LIVE: new_keys()[LIVE], Format.SD_JWT: new_keys()[VC]}
    text = write_request(offer, keys, now=int(desk.now.timestamp()))
    assert len(read_result(desk.office.issue(text)).credentials) == 2


def test_a_credential_for_banks_does_not_outlive_the_card(desk: Desk, card: str) -> None:
    """In its last year the card's end is the end."""
    with desk.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER card_once")
        connection.exec_driver_sql("UPDATE card SET valid_until = '2026-12-25'")
    document = answer(desk, desk.office.offer(card), new_keys())
    credential = sd_jwt_vc.read_sd_jwt_vc(document["credentials"][1]["credential"])
    assert credential.expires_at == 1798218000  # the end of 2026-12-25 in Phnom Penh


def test_an_offer_is_used_once(desk: Desk, card: str) -> None:
    """Another request for the same nonce gets nothing and ends nothing."""
    offer = desk.office.offer(card)
    keys = new_keys()
    answer(desk, offer, keys)
    assert refused(lambda: answer(desk, offer, new_keys())) == "offer_used"
    assert refused(lambda: answer(desk, offer, {**keys, VC: new_keys()[VC]})) == "offer_used"
    assert desk.statuses(card)[LIVE] == [Status.VALID]


def test_the_same_request_again_is_answered_again(desk: Desk, card: str) -> None:
    """Who lost the answer asks again: the same wallet, keys and indices, and nothing is ended."""
    keys = new_keys()
    asked = request(desk.office.offer(card), keys, now=desk.now)
    first = desk.office.issue(asked)
    desk.later(hours=12)
    again = desk.office.issue(asked)
    lives, vcs = zip(
        *(strict_json.loads(answer, max_bytes=1 << 20)["credentials"] for answer in (first, again)),
        strict=True,
    )
    assert lives[0] == lives[1]
    bank = [sd_jwt_vc.read_sd_jwt_vc(vc["credential"]) for vc in vcs]
    assert bank[0].claims == bank[1].claims
    assert bank[0].status_index == bank[1].status_index
    assert bank[0].holder == bank[1].holder == keys[VC].public_key
    assert desk.office.show(card).wallets == 1
    assert desk.statuses(card) == {kind: [Status.VALID] for kind in ListKind}
    desk.later(hours=12)
    assert refused(lambda: desk.office.issue(asked)) == "offer_expired"


def test_an_ended_wallet_is_not_issued_again(desk: Desk, card: str) -> None:
    """Its request is worth nothing once the phone is lost, or another has taken its place."""
    endings: tuple[Callable[[str], object], ...] = (desk.enrol, desk.office.revoke_wallet)
    for ending in endings:
        asked = request(desk.office.offer(card), new_keys(), now=desk.now)
        desk.office.issue(asked)
        desk.office.suspend(card)
        assert refused(lambda asked=asked: desk.office.issue(asked)) == "wrong_state"  # type: ignore[misc]
        desk.office.reinstate(card)
        desk.office.issue(asked)
        ending(card)
        assert refused(lambda asked=asked: desk.office.issue(asked)) == "offer_used"  # type: ignore[misc]


@pytest.mark.parametrize("moment", ["09:00:00", "09:00:59", "09:01:00", "09:59:59", "00:00:00", "00:30:00"])
def test_a_fresh_credential_is_accepted_by_a_slow_clock(moment: str, tmp_path: Path) -> None:
    """Issued at the last full hour a minute back; never before the key's window."""
    desk = open_desk(tmp_path)
    card = desk.card()
    desk.now = datetime.fromisoformat(f"2026-11-22T{moment}Z")
    document = answer(desk, desk.office.offer(card), new_keys())
    credential = sd_jwt_vc.read_sd_jwt_vc(document["credentials"][1]["credential"])
    (not_before,) = desk.rows("SELECT not_before FROM signing_key WHERE kind = 'sd-jwt'")
    behind = int(desk.now.timestamp()) - credential.issued_at
    assert credential.issued_at % 3600 == 0
    assert credential.issued_at >= not_before
    assert 60 <= behind < 3660 or credential.issued_at == not_before
    assert credential.expires_at == credential.issued_at + 365 * 86400


def test_a_later_offer_ends_the_one_before(desk: Desk, card: str) -> None:
    """Only the newest can be answered."""
    before = desk.office.offer(card)
    after = desk.office.offer(card)
    assert refused(lambda: answer(desk, before, new_keys())) == "offer_used"
    answer(desk, after, new_keys())


def test_an_offer_ends(desk: Desk, card: str) -> None:
    """After a day."""
    offer = desk.office.offer(card)
    desk.later(hours=24)
    assert refused(lambda: answer(desk, offer, new_keys())) == "offer_expired"


def test_a_lost_phone_takes_its_offer_with_it(desk: Desk, card: str) -> None:
    """Whoever finds the phone with an offer on it gets nothing for it."""
    for ending in (desk.office.revoke_wallet, desk.office.replace):
        offer = desk.office.offer(card)
        ending(card)
        assert refused(lambda offer=offer: answer(desk, offer, new_keys())) == "offer_used"  # type: ignore[misc]


def test_a_suspended_card_gets_no_credentials(desk: Desk, card: str) -> None:
    """Neither a new offer nor an answer to an old one."""
    offer = desk.office.offer(card)
    desk.office.suspend(card)
    assert refused(lambda: answer(desk, offer, new_keys())) == "wrong_state"
    assert refused(lambda: desk.office.offer(card)) == "wrong_state"
    desk.office.reinstate(card)
    answer(desk, offer, new_keys())  # what was refused used nothing up


def test_a_second_wallet_ends_the_first(desk: Desk, card: str) -> None:
    """Both credentials of the first are INVALID; the plastic is not touched."""
    desk.enrol(card)
    desk.enrol(card)
    assert desk.statuses(card) == {
        ListKind.SEAL: [Status.VALID],
        LIVE: [Status.INVALID, Status.VALID],
        VC: [Status.INVALID, Status.VALID],
    }


def test_a_holder_key_is_bound_once(desk: Desk, card: str) -> None:
    """Not for the other credential, not for the next wallet, not for another card."""
    key = SoftwareSigner.generate(Algorithm.P256)
    same = request(desk.office.offer(card), {LIVE: key, VC: key}, now=desk.now)
    assert refused(lambda: desk.office.issue(same)) == "holder_key_repeated"
    old = desk.enrol(card)
    swapped = {LIVE: old[VC], VC: new_keys()[VC]}
    assert refused(lambda: answer(desk, desk.office.offer(card), swapped)) == "holder_key_known"
    desk.apply(1, seed=2)
    ((_, other),) = desk.office.approve()
    assert refused(lambda: answer(desk, desk.office.offer(other), old)) == "holder_key_known"
    assert desk.statuses(card)[LIVE] == [Status.VALID]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"aud": "https://other.example"}, "invalid_proof"),
        ({"aud": [ISSUER]}, "invalid_proof"),
        ({"aud": None}, "invalid_proof"),
        ({"iat": None}, "invalid_proof"),
        ({"iat": "now"}, "invalid_proof"),
        ({"iat": True}, "invalid_proof"),
        ({"iat": 0}, "invalid_proof"),
        ({"iat": 1 << 40}, "invalid_proof"),
        ({"nonce": None}, "invalid_proof"),
        ({"nonce": ""}, "invalid_proof"),
        ({"nonce": "x" * 32}, "invalid_nonce"),
        ({"header": {"typ": "JWT"}}, "invalid_proof"),
        ({"header": {"kid": "x"}}, "invalid_proof"),
        ({"header": {"jwk": None}}, "invalid_proof"),
        ({"header": {"jwk": {"kty": "OKP", "crv": "Ed25519", "x": "A" * 43}}}, "invalid_proof"),
    ],
)
def test_a_proof_that_does_not_hold_is_refused(
    changed: dict[str, Any], code: str, desk: Desk, card: str
) -> None:
    """And the offer stays open for a good one."""
    offer = desk.office.offer(card)
    assert refused(lambda: answer(desk, offer, new_keys(), **changed)) == code
    answer(desk, offer, new_keys())


def test_a_phone_with_a_slow_clock_is_served(desk: Desk, card: str) -> None:
    """Five minutes either way; the nonce makes a proof fresh."""
    for seconds in (-299, 299):
        offer = desk.office.offer(card)
        moment = desk.now + timedelta(seconds=seconds)
        desk.office.issue(request(offer, new_keys(), now=moment))


def test_proofs_for_two_offers_do_not_go_together(desk: Desk, card: str) -> None:
    """A request answers one offer."""
    desk.apply(1, seed=2)
    ((_, other),) = desk.office.approve()
    keys = new_keys()
    one = strict_json.loads(request(desk.office.offer(card), keys, now=desk.now), max_bytes=1 << 16)
    two = strict_json.loads(request(desk.office.offer(other), keys, now=desk.now), max_bytes=1 << 16)
    one["proofs"]["live"] = two["proofs"]["live"]
    assert refused(lambda: desk.office.issue(strict_json.dumps(one))) == "invalid_proof"


def test_a_proof_by_another_key_is_refused(desk: Desk, card: str) -> None:
    """The key in the header has to have signed."""
    keys = new_keys()
    stranger = {"jwk": SoftwareSigner.generate(Algorithm.P256).public_key.to_jwk()}
    mixed = request(desk.office.offer(card), keys, now=desk.now, header=stranger)
    assert refused(lambda: desk.office.issue(mixed)) == "invalid_proof"


JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=9), st.lists, max_leaves=4)


@given(
    st.binary(max_size=80)
    | JSON.map(strict_json.dumps)
    | st.fixed_dictionaries({"montrey": st.just("request"), "version": st.just(1), "proofs": JSON}).map(
        strict_json.dumps
    )
    | st.dictionaries(st.sampled_from(["live", "sd-jwt", "x"]), st.text(max_size=30), min_size=1).map(
        lambda p: strict_json.dumps({"montrey": "request", "version": 1, "proofs": p})
    )
)
def test_any_bytes_are_refused_by_name(data: bytes) -> None:
    """Never a traceback."""
    with pytest.raises(IssuerError) as caught:
        proofs.read(data, issuer=ISSUER)
    assert caught.value.code in ("malformed_request", "invalid_proof")


def test_a_huge_request_is_refused_unread() -> None:
    """Before it is parsed."""
    assert refused(lambda: proofs.read(b"{" * 10_000_000, issuer=ISSUER)) == "malformed_request"
