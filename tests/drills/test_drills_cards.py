"""Drills: a lost card, a lost phone, and sticks that come in the wrong order."""

from __future__ import annotations

from datetime import timedelta

import pytest
from drill import Drill, Phone
from issuer_desk import ISSUER
from outcomes import Code, outcome

from revocation.delta import to_text
from trust.deltas import apply_delta


def bring_deltas(drill: Drill) -> None:
    """Every list's delta, as its QR text, to the gate."""
    drill.desk.later(hours=1)
    for entry in drill.desk.office.deltas():
        if entry.name != "sd-jwt-1":
            apply_delta(drill.gate.home, to_text(entry.data), now=drill.desk.now)


def test_a_lost_card(drill: Drill) -> None:
    """Card and phone are gone: from the next stick on both are refused, and the new card is accepted."""
    old = drill.cards[0]
    phone = Phone(drill.desk, old)
    drill.gate.take(drill.stick("before"))
    assert (drill.gate.card(old), drill.gate.live(phone.show())) == ("accepted", "accepted")

    new = drill.desk.office.replace(old)
    assert drill.gate.card(old) == "accepted"  # until the gate hears of it
    drill.gate.take(drill.stick("after"))
    assert (drill.gate.card(old), drill.gate.live(phone.show())) == ("revoked", "revoked")
    assert drill.gate.card(new) == "accepted"
    assert drill.gate.seal(drill.desk.printed(old), new) == "card_mismatch"
    assert drill.gate.live(Phone(drill.desk, new).show()) == "accepted"


def test_a_lost_phone(drill: Drill) -> None:
    """A delta of a few hundred characters ends it without a stick; the plastic stays good."""
    card = drill.cards[0]
    phone = Phone(drill.desk, card)
    drill.gate.take(drill.stick("before"))
    assert drill.ministry("revoke", "--card", card, "--wallet") == 0
    bring_deltas(drill)
    assert drill.gate.live(phone.show()) == "revoked"
    assert drill.gate.card(card) == "accepted"
    assert drill.gate.live(Phone(drill.desk, card).show()) == "accepted"


@pytest.mark.parametrize("seconds", [0, 1, 60])
def test_a_bank_whose_clock_is_behind(seconds: int, drill: Drill) -> None:
    """A credential that was issued this second, at a full hour, is no credential of the future."""
    drill.gate.take(drill.stick("stick"))
    assert drill.desk.now.minute == drill.desk.now.second == 0
    answer = Phone(drill.desk, drill.cards[0]).answer("n-1")
    assert drill.gate.bank(answer, "n-1", behind=timedelta(seconds=seconds)) == "accepted"


@pytest.mark.parametrize(("stale", "first_answer"), [("first", Code("rollback")), ("second", False)])
def test_an_older_stick_does_not_un_revoke(stale: str, first_answer: object, drill: Drill) -> None:
    """Sticks 1 and 2, deltas 3 to 5, then stick 1 or 2 again: nobody comes back, and stick 6 goes on."""
    suspended, revoked, _ = drill.cards
    for name in ("first", "second"):
        drill.gate.take(drill.stick(name))
    drill.desk.office.suspend(suspended)
    bring_deltas(drill)
    drill.desk.office.revoke(revoked)
    bring_deltas(drill)
    bring_deltas(drill)
    assert outcome(lambda: drill.gate.take(drill.folder / stale)) == first_answer
    assert drill.gate.trust.lists[f"{ISSUER}/status/seal-1"].sequence == 5
    assert [drill.gate.card(card) for card in drill.cards] == ["suspended", "revoked", "accepted"]

    drill.desk.office.reinstate(suspended)
    drill.gate.take(drill.stick("third"))
    assert outcome(lambda: drill.gate.take(drill.folder / stale)) == Code("rollback")
    assert drill.gate.trust.lists[f"{ISSUER}/status/seal-1"].sequence == 6
    assert [drill.gate.card(card) for card in drill.cards] == ["accepted", "revoked", "accepted"]
