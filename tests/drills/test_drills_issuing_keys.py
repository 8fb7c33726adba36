"""Drills: the key that makes phones' credentials is stolen, for gates (live) or for banks (SD-JWT VC)."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import forgery
import pytest
from drill import Drill, Phone

from issuer.errors import IssuerError
from issuer.stolen_keys import Theft
from revocation.delta import from_text
from revocation.status_list import Status
from trust import TrustError
from trust.deltas import apply_delta

LIVE, SD_JWT = "live-2026q4", "sd-jwt-2026q4"
NO_WAIT = timedelta()


def test_a_stolen_live_key(drill: Drill, sign_list: Callable[[], None]) -> None:
    """Forged codes pass until the next stick; then the phones' own are refused too, and served anew."""
    card, other, _ = drill.cards
    old, served = Phone(drill.desk, card), Phone(drill.desk, other)
    drill.gate.take(drill.stick("before"))
    assert drill.gate.live(forgery.live(drill, LIVE)) == "accepted"  # the danger

    theft = drill.desk.office.authority.report_stolen(LIVE)
    assert theft == Theft(kid=LIVE, kind="live", phones=2)
    assert drill.desk.office.authority.phones_of(LIVE) == sorted([card, other])
    with pytest.raises(IssuerError) as refusal:
        Phone(drill.desk, card)
    assert refusal.value.code == "issuing_key_stolen"
    drill.gate.take(drill.stick("meanwhile"))
    assert drill.gate.live(old.show()) == "accepted"  # custodians have not met yet
    assert drill.gate.live(forgery.live(drill, LIVE)) == "accepted"

    assert drill.ministry("keys", "renew", "live") == 0
    sign_list()
    drill.gate.take(drill.stick("after"))
    forged = forgery.live(drill, LIVE)
    codes = [drill.gate.live(code) for code in (forged, old.show(), served.show())]
    assert codes == ["untrusted_issuer"] * 3
    assert LIVE not in drill.gate.trust.keys
    assert drill.gate.live(Phone(drill.desk, card).show()) == "accepted"
    assert drill.gate.card(card) == drill.gate.card(other) == "accepted"
    assert drill.gate.bank(served.answer("n"), "n", behind=NO_WAIT) == "accepted"
    drill.gate.take(drill.stick("later"))
    assert drill.gate.live(Phone(drill.desk, other).show()) == "accepted"
    assert drill.desk.office.authority.phones_of(LIVE) == []


def test_a_stolen_live_key_with_another_one_at_hand(drill: Drill, sign_list: Callable[[], None]) -> None:
    """Where the next key is in use already, phones can be served at once; only the older ones are touched."""
    old = Phone(drill.desk, drill.cards[0])
    assert drill.ministry("keys", "renew", "live") == 0
    sign_list()
    for _ in range(2):
        drill.gate.take(drill.stick("carried"))
        drill.desk.later(days=20)
    new = Phone(drill.desk, drill.cards[1])
    theft = drill.desk.office.authority.report_stolen(LIVE)
    assert (theft.phones, theft.successor) == (1, f"{LIVE}-2")
    sign_list()
    drill.gate.take(drill.stick("after"))
    assert drill.gate.live(old.show()) == drill.gate.live(forgery.live(drill, LIVE)) == "untrusted_issuer"
    assert drill.gate.live(new.show()) == "accepted"


def test_a_stolen_sd_jwt_key(drill: Drill, sign_list: Callable[[], None]) -> None:
    """The thief forges for banks and changes the key's own status list; both end with the next stick."""
    card = drill.cards[0]
    old = Phone(drill.desk, card)
    drill.gate.take(drill.stick("before"))
    forged = forgery.bank_token(drill, SD_JWT, "sd-jwt-1", "n")
    assert drill.gate.bank(forged, "n", behind=NO_WAIT) == "accepted"  # the danger
    (index,) = drill.desk.rows("SELECT idx FROM status_index WHERE list_id = 3 AND wallet_id IS NOT NULL")
    text = forgery.delta(drill, SD_JWT, "sd-jwt-1", index, status=Status.INVALID)
    apply_delta(drill.gate.home, from_text(text), now=drill.desk.now)
    assert drill.gate.bank(old.answer("n"), "n", behind=NO_WAIT) == "revoked"

    assert drill.ministry("keys", "stolen", SD_JWT) == 0
    assert drill.ministry("keys", "renew", "sd-jwt") == 0
    sign_list()
    drill.gate.take(drill.stick("after"))
    for answer in (forged, old.answer("n")):
        assert drill.gate.bank(answer, "n", behind=NO_WAIT) == "untrusted_issuer"
    assert {uri.rpartition("/")[2] for uri in drill.gate.trust.lists} == {"live-1", "seal-1", "sd-jwt-2"}
    with pytest.raises(TrustError) as refusal:
        apply_delta(drill.gate.home, from_text(text), now=drill.desk.now)
    assert refusal.value.code == "unknown_list"
    again = Phone(drill.desk, card)
    drill.gate.take(drill.stick("later"))
    assert drill.gate.bank(again.answer("n"), "n", behind=NO_WAIT) == "accepted"
    assert drill.gate.live(again.show()) == "accepted"


@pytest.mark.parametrize("language", ["en", "km"])
def test_what_the_ministry_is_told(language: str, drill: Drill, capsys: pytest.CaptureFixture[str]) -> None:
    """What is touched, and what is next, for every kind; a name that nobody has is refused."""
    Phone(drill.desk, drill.cards[0])
    drill.stick("stick")
    shown = "sd-jwt-2026q4", "live-2026q4", "status-cwt-2026q4", "seal-2026q4", "tuf-online"
    capsys.readouterr()
    for kid in shown:
        assert drill.ministry("--lang", language, "keys", "stolen", kid) == 0
        told = capsys.readouterr()
        assert kid in told.out or "online" in told.out
        assert "publish" in told.err
        assert ("untrusted_issuer" in told.err) is (kid in shown[:2])
    assert drill.ministry("keys", "stolen", "live-2026q4", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found == {"kid": LIVE, "kind": "live", "seals": 0, "phones": 1, "successor": None}
    assert drill.ministry("keys", "phones", LIVE, "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"kid": LIVE, "cards": [drill.cards[0]]}
    for wrong in (("keys", "stolen", "nobody"), ("keys", "phones", "nobody")):
        assert drill.ministry(*wrong) == 1
        assert capsys.readouterr().err.startswith("unknown_signing_key: ")
    assert drill.ministry("seal-key", "stolen", LIVE) == 1
    assert capsys.readouterr().err.startswith("unknown_seal_key: ")
