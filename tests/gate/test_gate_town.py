"""The town that the gate's tests live in: what it shows is what a gate has to find."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from gate_town import Town

from credential.challenge import Challenge
from trust.sync import apply_delta
from verifier import Assurance, Policy, Refused, verify, verify_seal

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def test_town_shows_what_a_gate_accepts(tmp_path: Path) -> None:
    """At the machine's clock: live, answered and printed codes, each with its assurance and number."""
    town = Town(tmp_path)
    trust = town.trust(town.home(tmp_path / "gate"))
    policy, number = Policy(), town.number(1)
    live = verify(town.live(1), trust=trust, policy=policy, now=town.now)
    assert (live.claims["card_number"], live.assurance) == (number, Assurance.LIVE)
    asked = Challenge.new(17)
    answered = verify(
        town.live(1, challenge=asked.to_text()),
        trust=trust,
        policy=Policy(audience=asked.audience),
        now=town.now,
        challenge=asked.nonce,
    )
    assert answered.assurance is Assurance.LIVE_CHALLENGE
    text, printed = town.seal(2)
    seal = verify_seal(text, trust=trust, policy=policy, now=town.now, card_number=printed)
    assert seal.claims["card_number"] == town.number(2)
    assert len({town.number(person) for person in range(town.people)}) == 4


def test_town_tells_of_changes(tmp_path: Path) -> None:
    """Under a clock of the test: a suspension comes by delta, its end by the next stick; towns stay apart."""
    moments = [START]
    town, other = (Town(tmp_path / name, clock=lambda: moments[-1]) for name in ("one", "two"))
    stick = town.publish(tmp_path / "stick")
    home = town.home(tmp_path / "gate", stick=stick)
    moments.append(START + timedelta(minutes=5))
    town.suspend(0)
    for text in town.delta():
        assert apply_delta(home, text, now=town.now).changed
    with pytest.raises(Refused) as refused:
        verify(town.live(0), trust=town.trust(home), policy=Policy(), now=town.now)
    assert refused.value.code == "suspended"
    town.reinstate(0)
    town.sync(home, town.publish(stick))
    verify(town.live(0), trust=town.trust(home), policy=Policy(), now=town.now)
    assert other.seal(0)[1] == town.number(0)
