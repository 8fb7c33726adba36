"""Drill: the seal key is stolen, and the plastic cannot be issued again by a command."""

from __future__ import annotations

import pytest
from drill import Drill, Gate

from revocation.delta import to_text
from trust import TrustError
from trust.deltas import apply_delta

KEY, NEXT = "seal-2026q4", "seal-2026q4-2"


@pytest.fixture
def answered(drill: Drill) -> Drill:
    """A ministry that has answered the theft, and a gate that has its stick."""
    drill.gate.take(drill.stick("before"))
    assert drill.ministry("seal-key", "stolen", KEY) == 0
    drill.gate.take(drill.stick("after"))
    return drill


def test_a_stolen_seal_key_is_answered(drill: Drill) -> None:
    """Before the stick a forged card is accepted; after it, the ministry's own and no other."""
    replaced, revoked, kept = drill.cards
    new = drill.desk.office.replace(replaced)
    drill.desk.office.revoke(revoked)
    drill.gate.take(drill.stick("before"))
    forged = drill.forge(KEY)
    assert drill.gate.seal(*forged) == "accepted"  # the danger

    assert drill.ministry("seal-key", "stolen", KEY) == 0
    stick = drill.stick("after")
    assert drill.gate.seal(*forged) == "accepted"  # until the stick is there
    drill.gate.take(stick)
    assert drill.gate.seal(*forged) == "untrusted_issuer"
    assert drill.gate.seal(*drill.forge(KEY)) == "untrusted_issuer"
    assert [drill.gate.card(card) for card in (new, kept)] == ["accepted", "accepted"]
    assert [drill.gate.card(card) for card in (replaced, revoked)] == ["revoked", "revoked"]


def test_an_altered_copy_of_a_genuine_seal_is_forged(answered: Drill) -> None:
    """The thief's own name under the number of a card that exists."""
    card = answered.cards[0]
    assert answered.gate.seal(*answered.forge(KEY, card)) == "untrusted_issuer"
    assert answered.gate.card(card) == "accepted"


def test_every_later_publication_and_delta_keeps_the_answer(answered: Drill) -> None:
    """Also at a gate that begins later, and after a delta."""
    forged = answered.forge(KEY)
    late = Gate(answered.folder / "late", answered.desk)
    late.take(answered.stick("later"))
    answered.gate.take(answered.folder / "later")
    answered.desk.later(days=1)
    answered.desk.office.suspend(answered.cards[0])
    (delta,) = (entry for entry in answered.desk.office.deltas() if entry.name == "seal-1")
    apply_delta(answered.gate.home, to_text(delta.data), now=answered.desk.now)
    for gate, first in ((answered.gate, "suspended"), (late, "accepted")):
        assert gate.seal(*forged) == "untrusted_issuer"
        assert [gate.card(card) for card in answered.cards] == [first, "accepted", "accepted"]


def test_a_stolen_online_key_does_not_take_it_back(answered: Drill) -> None:
    """An older stick is refused, and a later publication without the list leaves the gate its own."""
    forged = answered.forge(KEY)
    with pytest.raises(TrustError) as refusal:
        answered.gate.take(answered.folder / "before")
    assert refusal.value.code == "rollback"

    assert answered.gate.take(answered.publish_as_thief(answered.folder / "after"))
    assert answered.gate.seal(*forged) == "untrusted_issuer"
    assert answered.gate.card(answered.cards[0]) == "accepted"


def test_the_ministry_goes_on_with_the_next_key(answered: Drill) -> None:
    """No card before custodians have signed it; then the gate takes the new cards, and the old ones still."""
    old = answered.cards[0]
    assert answered.ministry("replace", "--card", old) == 1
    assert answered.ministry("seal-key", "new") == 0
    assert answered.ministry("replace", "--card", old) == 1
    answered.desk.sign_trust_list()
    new = answered.desk.office.replace(old)
    assert answered.gate.card(new) == "untrusted_issuer"  # it has not heard of the key
    answered.gate.take(answered.stick("next"))
    assert answered.gate.card(new) == "accepted"
    assert answered.gate.card(answered.cards[1]) == "accepted"
    assert answered.gate.seal(*answered.forge(KEY)) == "untrusted_issuer"
    assert answered.gate.trust.genuine.keys() == {KEY}
    assert {key.kid for key in answered.desk.office.authority.seal_keys()} == {KEY, NEXT}
