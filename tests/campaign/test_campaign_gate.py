"""Thousands of visits to a gate's desk, each with verdicts that are known from how it was made."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from gate_crowd import CODES, Crowd, Number, Told, Visit, Wait

from verifier.gate import desk
from verifier.gate.desk import Answer, Desk, no_trust
from verifier.gate.intake import By, of_text
from verifier.gate.settings import Settings
from verifier.gate.telling import look_of
from verifier.replay import ReplayCache
from verifier.verdict import Assurance

COUNT = int(os.environ.get("MONTREY_PRESENTATIONS", "3000"))
SEED = int(os.environ.get("MONTREY_SEED", "20261228"))


_policy, _accepted = desk._policy, desk._accepted
MUTANTS: dict[str, tuple[object, str, Any]] = {
    "a code passes twice": (ReplayCache, "admit", lambda *_: None),
    "a challenge has no end": (Desk, "_open", lambda self, _: self._shown),
    "a start forgets": (ReplayCache, "_check_after_start", lambda *_: None),
    "nobody's number is asked for": (desk, "_policy", lambda s: replace(_policy(s), require_card=False)),
    "old status is good": (desk, "_policy", lambda s: replace(_policy(s), max_status_age=timedelta(30))),
    "any purpose": (desk, "_policy", lambda s: replace(_policy(s), purpose="entry")),
    "a print is enough": (desk, "_policy", lambda s: replace(_policy(s), min_assurance=Assurance.PRINTED)),
    "a number is not compared": (desk, "_compared", lambda verified, _: _accepted(verified)),
    "a number does not wait": (Desk, "waiting_number", lambda *_: None),
    "a code does not wait": (desk, "_Held", lambda *_: None),
    "no challenge is known": (Desk, "_answered", lambda *_: None),
    "a print is no print": (Desk, "_is_seal", lambda *_: False),
}
"""What a desk may do wrong; each must be noticed."""


class Campaign:
    """One desk for everybody, and what went wrong at it."""

    def __init__(self, seed: int) -> None:
        self.crowd = Crowd(seed)
        self.seen: Counter[str] = Counter()
        self.wrong: list[str] = []
        moment = next(iter(Crowd(seed).visits(1))).case.moment
        self._desk = Desk(no_trust(), Settings(), started=moment - timedelta(days=1))

    def run(self, count: int, *, wrong: int | None = None) -> None:
        """So many visits, or until so many verdicts were wrong."""
        for visit in self.crowd.visits(count):
            self._judge(visit)
            if len(self.wrong) == wrong:
                break

    def _judge(self, visit: Visit) -> None:
        desk, now = self._desk, visit.case.moment
        if visit.since is not None:
            desk = Desk(no_trust(), Settings(), started=now - visit.since)
        desk.forget()
        desk.trust = visit.case.trust
        desk.set(visit.settings)
        challenge = desk.challenge(now)
        for step in visit.steps:
            if isinstance(step, Wait):
                now += timedelta(seconds=step.wall)
                continue
            answer = desk.number(step.digits, now) if isinstance(step, Number) else None
            if not isinstance(step, Number):
                answer = desk.judge(of_text(step.text(challenge), By.SERIAL).text, now)
            if step.told is not None:
                self.seen[step.told.code] += 1
                self.seen[f"accepted {visit.assurance}"] += step.told.code == "accepted"
            if (told := _told(answer)) != step.told:
                self.wrong.append(f"{visit.how}: expected {step.told}, got {told}; {visit.settings}")


def _told(answer: Answer | None) -> Told | None:
    if answer is None:
        return None
    claims = answer.claims
    person = (str(claims["card_number"]), str(claims["name_km"]), str(claims["name_la"])) if claims else None
    return Told(answer.code, look_of(answer), person)


def test_no_wrong_verdict() -> None:
    """Every verdict is the expected one, and every code of the table occurs."""
    campaign = Campaign(SEED)
    campaign.run(COUNT)
    print(f"\n{dict(campaign.seen)}\nleft out: {dict(campaign.crowd.left_out)}")
    assert not campaign.wrong, "\n".join(campaign.wrong[:20])
    assert {code: campaign.seen[code] for code in CODES if campaign.seen[code] < COUNT // 500} == {}


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_desk_that_errs_is_noticed(mutant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The campaign finds what is wrong: without one of its rules a desk gives wrong verdicts."""
    monkeypatch.setattr(*MUTANTS[mutant])
    campaign = Campaign(SEED)
    campaign.run(COUNT, wrong=1)
    assert campaign.wrong
