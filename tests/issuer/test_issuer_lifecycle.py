"""The table of lives: which act leads where, and what it writes to which index."""

from __future__ import annotations

import life_page
import pytest

from issuer.errors import IssuerError
from issuer.lifecycle import (
    FINAL,
    RULES,
    STATUS,
    TRANSITIONS,
    UNNUMBERED,
    Act,
    CardState,
    ListKind,
    after,
    effect,
)
from revocation.status_list import Status

S = CardState


def test_every_act_but_the_first_has_a_rule() -> None:
    """An application begins a life, a record leaves it as it is; every other act is ruled."""
    assert set(RULES) == set(Act) - {Act.APPLY, Act.RECORD}


def test_final_states_have_no_way_out() -> None:
    """Nothing leaves a final state, and every other state can be left."""
    assert {source for source, _ in TRANSITIONS} == set(CardState) - FINAL


def test_every_state_is_reached() -> None:
    """No state stands in the enumeration only."""
    assert {target for _, target in TRANSITIONS} | {S.APPLIED} == set(CardState)


def test_every_numbered_state_says_what_its_indices_hold() -> None:
    """A card with a number has indices, and its state decides what stands there."""
    assert set(STATUS) == set(CardState) - UNNUMBERED
    assert {state for state, status in STATUS.items() if status is Status.VALID} == {S.ACTIVE}


def test_a_number_is_never_lost() -> None:
    """No act leads from a numbered state back to one without a number."""
    assert not [pair for pair in TRANSITIONS if pair[0] not in UNNUMBERED and pair[1] in UNNUMBERED]


@pytest.mark.parametrize(
    ("act", "seal", "phone"),
    [
        (Act.APPROVE, Status.NOT_ACTIVE, Status.NOT_ACTIVE),
        (Act.ACTIVATE, Status.VALID, Status.VALID),
        (Act.SUSPEND, Status.SUSPENDED, Status.SUSPENDED),
        (Act.REINSTATE, Status.VALID, Status.VALID),
        (Act.REPORT_LOST, Status.INVALID, Status.INVALID),
        (Act.REPLACE, Status.INVALID, Status.INVALID),
        (Act.RETIRE, Status.INVALID, Status.INVALID),
        (Act.REVOKE, Status.INVALID, Status.INVALID),
        (Act.EXPIRE, Status.INVALID, Status.INVALID),
        (Act.ENROL, None, Status.INVALID),
        (Act.REVOKE_WALLET, None, Status.INVALID),
        (Act.OFFER, None, None),
        (Act.REJECT, None, None),
        (Act.AMEND, None, None),
    ],
)
def test_what_an_act_writes(act: Act, seal: Status | None, phone: Status | None) -> None:
    """The plastic and the phone fall together, but a phone can fall alone."""
    written = effect(act)
    assert written.get(ListKind.SEAL) is seal
    assert {written.get(ListKind.LIVE), written.get(ListKind.SD_JWT)} == {phone}


@pytest.mark.parametrize("act", list(RULES))
def test_an_act_is_refused_from_every_other_state(act: Act) -> None:
    """`after` answers for exactly the states of the rule."""
    for state in CardState:
        if state in RULES[act].sources:
            assert after(state, act) is (RULES[act].target or state)
        else:
            with pytest.raises(IssuerError) as caught:
                after(state, act)
            assert caught.value.code == "wrong_state"


def test_a_suspended_card_is_not_replaced() -> None:
    """The suspension would be gone with it."""
    assert (S.SUSPENDED, S.REPLACED) not in TRANSITIONS


def test_a_card_is_active_only_once_it_was_handed_over() -> None:
    """From printed plastic alone, or at the end of a suspension."""
    assert {source for source, target in TRANSITIONS if target is S.ACTIVE} == {S.PRINTED, S.SUSPENDED}


def test_the_page_says_what_the_table_says() -> None:
    """Whoever changes a rule changes the page."""
    assert life_page.acts() in life_page.PAGE
    assert life_page.states() in life_page.PAGE
