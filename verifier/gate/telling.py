"""A verdict as the page gets it: what it looks like, whom it is about, and every word in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from credential.codes import Name
from trust import TrustSnapshot
from verifier.gate.desk import Answer
from verifier.gate.verdict_words import ANSWERED, NOT_WRITTEN, NUMBER_HELD, NUMBER_UNSEEN, WORDS
from verifier.report import clock_time
from verifier.verdict import Assurance

STANDS = {"yes": 12, "compare": 20, "no": 15, "unsure": 15, "pass": 12}
"""Seconds for which a verdict stands on the screen, by its look."""
ASKING = 60
"""Seconds for which the screen asks for the number on the card."""
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def verdict(answer: Answer, trust: TrustSnapshot, now: datetime) -> dict[str, Any]:
    """The message about one answer; `id`, `repeat` and `stood` are the station's to add."""
    words = WORDS[_words(answer, trust)]
    look = look_of(answer)
    return {
        "type": "verdict",
        "verdict": answer.verdict,
        "look": look,
        "code": answer.code,
        "title": both(words.title),
        "advice": both(words.advice),
        "assurance": None if answer.assurance is None else answer.assurance.label,
        "person": _person(answer.claims, trust, with_number=not answer.asks_number),
        "lines": [both(line) for line in _lines(answer, now)],
        "asks_number": answer.asks_number,
        "number_checked": answer.number_checked,
        "seconds": ASKING if answer.asks_number else STANDS[look],
    }


def passed(*, kept: bool) -> dict[str, Any]:
    """The message about a supervisor's pass; the reason stands in the log alone."""
    words = WORDS["pass"]
    return {
        "type": "verdict",
        "verdict": "pass",
        "look": "pass",
        "code": "pass",
        "title": both(words.title),
        "advice": both(words.advice if kept else NOT_WRITTEN),
        "assurance": None,
        "person": None,
        "lines": [],
        "asks_number": False,
        "number_checked": False,
        "seconds": STANDS["pass"],
    }


def _words(answer: Answer, trust: TrustSnapshot) -> str:
    if answer.verdict == "accepted" and answer.assurance is Assurance.PRINTED:
        return "accepted_printed"
    if answer.code == "trust_expired" and not trust.expires:  # there never were any
        return "no_data"
    return answer.code


def look_of(answer: Answer) -> str:
    """Which of the page's pictures an answer gets; a print never that of a live code."""
    if answer.verdict == "accepted":
        return "compare" if answer.assurance is Assurance.PRINTED else "yes"
    return "no" if answer.verdict == "refused" else "unsure"


def both(name: Name) -> dict[str, str]:
    """A name in both languages, for JSON."""
    return {"km": name.km, "en": name.en}


def age(seconds: float) -> Name:
    """How long something has been so, as one says it."""
    seconds = max(0, seconds)
    for size, km, en in ((_DAY, "ថ្ងៃ", "day"), (_HOUR, "ម៉ោង", "hour"), (_MINUTE, "នាទី", "minute")):
        count = int(seconds // size)
        if count:
            return Name(f"{count} {km}", f"{count} {en}{'' if count == 1 else 's'}")
    return Name("មួយភ្លែត", "moments")


def _person(
    claims: Mapping[str, object], trust: TrustSnapshot, *, with_number: bool
) -> dict[str, Any] | None:
    """Whom the code is about; a number that is asked for is read from the plastic, not from the screen."""
    if not claims:
        return None
    codes = trust.codes
    return {
        "name_km": str(claims.get("name_km", "")),
        "name_la": str(claims.get("name_la", "")),
        "agency": _named(claims.get("ministry"), codes.ministries),
        "position": _named(claims.get("position"), codes.positions),
        "card_number": str(claims.get("card_number", "")) if with_number else "",
    }


def _named(value: object, table: Mapping[int, Name]) -> dict[str, str]:
    """A code's names; an unknown code stays a code, and a position that was written out stays as it is."""
    name = table.get(value) if type(value) is int else None
    if name is not None:
        return both(name)
    text = "" if value is None else str(value)
    return {"km": text, "en": text}


def _lines(answer: Answer, now: datetime) -> list[Name]:
    lines = []
    if answer.claims and answer.code != "card_number_needed":
        if answer.number_checked:
            lines.append(NUMBER_HELD)
        elif answer.verdict == "accepted":
            lines.append(NUMBER_UNSEEN)
    if answer.challenge_checked:
        lines.append(ANSWERED)
    if answer.status_epoch:
        signed = datetime.fromtimestamp(answer.status_epoch, UTC)
        ago = age((now - signed).total_seconds())
        lines.append(
            Name(
                f"ស្ថានភាពគិតត្រឹម {clock_time(signed)} ({ago.km} មុន)",
                f"Status as of {clock_time(signed)} ({ago.en} ago)",
            )
        )
    return lines
