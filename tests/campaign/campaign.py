"""Drawing cases with their expected verdicts, and judging them."""

from __future__ import annotations

import random
from collections.abc import Iterator

import faults
from world import NOW, Case, Fault, World, expect

import verifier
from verifier import Policy, VerificationError

FAULTS = {"live": faults.LIVE, "seal": faults.SEAL, "bank": faults.BANK}
# Faults that are made to the same thing cannot be made together.
CLASHES = {
    "form": {"key", "algorithm", "signature", "holder", "challenge", "assurance", "freshness", "validity"},
    "algorithm": {"form", "key", "signature", "holder"},
    "key": {"form", "algorithm", "signature"},
    "signature": {"form", "algorithm", "key", "validity", "holder", "status"},
    "holder": {"form", "algorithm", "freshness", "challenge", "assurance", "signature", "validity"},
    "challenge": {"form", "holder", "freshness", "assurance"},
    "freshness": {"form", "holder", "challenge", "validity", "assurance"},
    "validity": {"form", "signature", "freshness", "holder", "clock", "key", "status", "trust"},
    "assurance": {"form", "holder", "challenge", "freshness"},
    "clock": {"validity"},
    "trust": {"validity"},
    "status": {"validity", "signature"},
    "audience": {"form", "algorithm"},
}


def draw(count: int, seed: int) -> Iterator[Case]:
    """`count` cases: each fault alone in turn, some without, some with two or three."""
    world = World(seed)
    rng = random.Random(seed + 1)
    singles = [(kind, [fault]) for kind, kinds in FAULTS.items() for fault in kinds]
    for number in range(count):
        kind, chosen = singles[number % len(singles)]
        draw_kind = rng.random()
        if draw_kind < 0.15:
            chosen = []
        elif draw_kind < 0.4:
            chosen = _together(chosen[0], FAULTS[kind], rng)
        yield _case(world, kind, chosen, rng)


def _together(first: Fault, others: list[Fault], rng: random.Random) -> list[Fault]:
    chosen = [first]
    others = [] if first.touches == "alone" else [fault for fault in others if fault.touches != "alone"]
    for fault in rng.sample(others, min(4, len(others))):
        touched = {f.touches for f in chosen}
        if fault.touches not in touched and not touched & CLASHES.get(fault.touches, set()):
            chosen.append(fault)
    return chosen[:3]


def _case(world: World, kind: str, chosen: list[Fault], rng: random.Random) -> Case:
    case: Case = {"live": world.live, "seal": world.seal, "bank": world.bank}[kind](rng)
    for fault in chosen:
        fault.make(case, rng, world)
    case.expected = expect(chosen)
    case.how = f"{kind} " + " + ".join(fault.name for fault in chosen)
    case.text = case.rewrite(case.spec.text())
    return case


def judge(case: Case) -> str:
    """The code that the product gives; another exception is its name."""
    trust, now = case.trust, case.moment
    policy = Policy(**case.policy)
    try:
        if case.kind == "live":
            verifier.verify(
                case.text,
                trust=trust,
                policy=policy,
                now=now,
                challenge=case.challenge,
                card_number=case.card,
            )
        elif case.kind == "seal":
            verifier.verify_seal(case.text, trust=trust, policy=policy, now=now, card_number=case.card)
        else:
            verifier.verify_sd_jwt(
                case.text,
                trust=trust,
                policy=policy,
                now=now,
                audience=case.audience,
                nonce=case.nonce,
                card_number=case.card,
            )
    except VerificationError as error:
        return error.code
    except Exception as error:  # noqa: BLE001 (the campaign must name what escapes)
        return f"{type(error).__name__} escaped"
    return "accepted"


__all__ = ["NOW", "draw", "judge"]
