"""A desk over a register of people who all have a phone, its keys renewed and known to gates."""

from __future__ import annotations

from pathlib import Path

from issuer_desk import CHEAP, START, Desk, open_desk

from bench import enrolled
from trust import KeyKind

WAIT = 36
"""Days: longer than publications carry a key before its first use."""


def enrolled_desk(folder: Path, people: int, *, renew: bool = True) -> Desk:
    """Enrolled on the first keys; with `renew` publications have carried the next ones long enough."""
    desk = open_desk(folder)
    enrolled.fill(desk.office, people, now=int(START.timestamp()))
    if renew:
        desk.office.authority.renew([KeyKind.SEAL, KeyKind.LIVE, KeyKind.SD_JWT], cost=CHEAP)
        desk.sign_trust_list()
        desk.office.publish(publication(desk))
        desk.later(days=WAIT / 2)
        desk.office.publish(publication(desk))
        desk.later(days=WAIT / 2)
    return desk


def publication(desk: Desk) -> Path:
    """Where the desk publishes."""
    return desk.home.with_name("stick")


def facts(desk: Desk) -> dict[str, list[object]]:
    """What must hold of a register, however a re-issue in it was cut short; every list is empty."""
    many = "SELECT card_id || ' ' || count(*) FROM {} GROUP BY card_id"
    twice = "SELECT card_id FROM prepared GROUP BY card_id, reissue_id HAVING count(*) > 1"
    made, acts = many.format("prepared"), many.format("act WHERE act = 'reissue'")
    seals = many.format("status_index WHERE reissue_id IS NOT NULL AND wallet_id IS NULL")
    phones = (
        "SELECT card_id FROM status_index WHERE reissue_id IS NOT NULL AND wallet_id IS NOT NULL "
        "GROUP BY card_id, reissue_id HAVING count(*) <> 2"
    )
    return {
        "twice in a re-issue": desk.rows(twice),
        "made without an act": desk.rows(f"{made} EXCEPT {acts}"),
        "an act without what was made": desk.rows(f"{acts} EXCEPT {made}"),
        "made without a seal's index": desk.rows(f"{made} EXCEPT {seals}"),
        "an index of nothing": desk.rows(f"{seals} EXCEPT {made}"),
        "not two indices of a phone": desk.rows(phones),
        "problems of an audit": list(desk.office.examine().problems),
    }


def nothing_wrong(desk: Desk) -> None:
    """Asserts `facts`."""
    assert {fact: found for fact, found in facts(desk).items() if found} == {}
