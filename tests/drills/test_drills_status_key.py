"""Drill: the key that signs status lists is stolen. A delta needs no online key: it comes as a QR code."""

from __future__ import annotations

from collections.abc import Callable

import forgery
import pytest
from drill import Drill
from issuer_desk import ISSUER

from revocation.delta import to_text
from revocation.status_list import Status
from trust import TrustError
from trust.deltas import apply_delta

KEY, NEXT = "status-cwt-2026q4", "status-cwt-2026q4-2"


def thieves_delta(drill: Drill, card: str, status: Status, *, kid: str = KEY) -> str:
    """Makes the entry of a card's seal say `status`, under a sequence that no publication reaches."""
    statement = (
        "SELECT idx FROM status_index JOIN card ON card.id = card_id "  # noqa: S608
        f"WHERE list_id = 2 AND wallet_id IS NULL AND number = '{card}'"
    )
    (index,) = drill.desk.rows(statement)
    return forgery.delta(drill, kid, "seal-1", index, status=status)


def test_a_stolen_status_key(drill: Drill, sign_list: Callable[[], None]) -> None:
    """A revoked card comes back, and honest lists count no more, until custodians withdraw the key."""
    revoked, victim, _ = drill.cards
    drill.desk.office.revoke(revoked)
    drill.gate.take(drill.stick("before"))
    assert drill.gate.card(revoked) == "revoked"
    apply_delta(drill.gate.home, thieves_delta(drill, revoked, Status.VALID), now=drill.desk.now)
    assert drill.gate.card(revoked) == "accepted"  # the danger
    assert drill.ministry("keys", "stolen", KEY) == 0
    drill.desk.office.suspend(victim)
    drill.gate.take(drill.stick("meanwhile"))  # still signed by the stolen key: there is no other
    assert drill.gate.trust.lists[f"{ISSUER}/status/seal-1"].sequence == forgery.FAR
    assert [drill.gate.card(card) for card in (revoked, victim)] == ["accepted", "accepted"]

    assert drill.ministry("keys", "renew", "status-cwt") == 0
    sign_list()
    drill.gate.take(drill.stick("after"))
    assert {signed.kid for uri, signed in drill.gate.trust.lists.items() if "jwt" not in uri} == {NEXT}
    assert KEY not in drill.gate.trust.keys
    assert [drill.gate.card(card) for card in (revoked, victim)] == ["revoked", "suspended"]

    for status in (Status.VALID, Status.INVALID):  # on the new list, by the old key
        with pytest.raises(TrustError) as refusal:
            apply_delta(drill.gate.home, thieves_delta(drill, revoked, status), now=drill.desk.now)
        assert refusal.value.code == "unknown_key"
    drill.desk.office.reinstate(victim)
    drill.desk.later(hours=1)
    for entry in drill.desk.office.deltas():
        if entry.name != "sd-jwt-1":
            apply_delta(drill.gate.home, to_text(entry.data), now=drill.desk.now)
    assert drill.gate.card(victim) == "accepted"
    drill.gate.take(drill.stick("later"))
    assert drill.gate.card(revoked) == "revoked"


def test_a_superseded_status_key_is_soon_believed_no_more(
    drill: Drill, sign_list: Callable[[], None]
) -> None:
    """Ten weeks after its successor was published it leaves the trust list: old keys are of no use."""
    assert drill.ministry("keys", "renew", "status-cwt") == 0
    sign_list()
    for _ in range(3):
        drill.gate.take(drill.stick("stick"))
        drill.desk.later(days=30)
    assert KEY in drill.gate.trust.keys
    sign_list()
    drill.gate.take(drill.stick("stick"))
    assert KEY not in drill.gate.trust.keys
    with pytest.raises(TrustError) as refusal:
        apply_delta(drill.gate.home, thieves_delta(drill, drill.cards[0], Status.INVALID), now=drill.desk.now)
    assert refusal.value.code == "unknown_key"


def test_a_stolen_key_that_waits_or_was_superseded(drill: Drill, sign_list: Callable[[], None]) -> None:
    """The other one goes on, and the list that custodians sign next leaves the stolen one out."""
    assert drill.ministry("keys", "renew", "status-cwt") == 0
    sign_list()
    drill.gate.take(drill.stick("carried"))
    assert drill.desk.office.authority.report_stolen(NEXT).successor == KEY
    sign_list()
    drill.gate.take(drill.stick("after"))
    assert NEXT not in drill.gate.trust.keys
    assert {signed.kid for uri, signed in drill.gate.trust.lists.items() if "jwt" not in uri} == {KEY}
    assert drill.gate.card(drill.cards[0]) == "accepted"
