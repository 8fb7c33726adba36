"""What a page is told besides verdicts: how the gate is, how an update goes, what became of a number."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from credential.codes import Name
from credential.qr_draw import svg
from did.errors import IdentityError
from trust import TrustSnapshot
from trust.messages import explain
from verifier.gate.errors import GateError
from verifier.gate.intake import What
from verifier.gate.notices import Condition, notices
from verifier.gate.settings import Settings
from verifier.gate.telling import age, both
from verifier.gate.updates import UpdateNews
from verifier.gate.wording import REFUSALS
from verifier.report import clock_time

NUMBERS = {
    What.CARD: Name("លេខកាតរង់ចាំកូដ៖ សូមស្កេនកូដ។", "The number waits for its code: scan the code now."),
    What.BANK_CARD: Name(
        "នេះជាលេខកាតធនាគារ។ ម៉ាស៊ីននេះមិនទទួល ហើយមិនរក្សាទុកទេ។ សូមវាយលេខ ១០ ខ្ទង់លើកាតមន្ត្រី។",
        "That is a bank card's number: it was not taken, nor kept. Type the civil servant card's ten digits.",
    ),
    What.WRONG_NUMBER: Name(
        "លេខនេះមិនត្រឹមត្រូវ។ លេខកាតមាន ១០ ខ្ទង់។ សូមមើល រួចវាយម្តងទៀត។",
        "That is no card number: it has ten digits, and one was mistyped. Look, and type it again.",
    ),
}


def state(
    condition: Condition,
    *,
    challenge: str | None,
    ends: datetime | None,
    supervisor: bool,
    updating: bool,
    number_waits: bool,
) -> dict[str, Any]:
    """The message about how the gate is."""
    now, trust, settings = condition.now, condition.trust, condition.settings
    return {
        "type": "state",
        "mode": settings.mode,
        "printed": settings.printed and settings.least == "printed",
        "number_always": settings.number_always,
        "camera": settings.camera,
        "gate": settings.gate,
        "source": bool(settings.source),
        "challenge": None if challenge is None or ends is None else _challenge(challenge, ends, now),
        "notices": notices(condition),
        "status": _status(trust, now),
        "trust": _trust(trust, condition.broken),
        "clock": _clock(now),
        "supervisor": supervisor,
        "updating": updating,
        "number_waits": number_waits,
        "pin_set": condition.pin_set,
        "remembers": not condition.log_failing,
    }


def news(told: UpdateNews) -> dict[str, Any]:
    """The message about an update: how far it is, or how it ended."""
    return {
        "type": "update",
        "phase": told.phase,
        "fraction": told.fraction,
        "done": told.done,
        "ok": told.ok,
        "changed": told.changed,
        "code": told.code,
        **both(told.words),
    }


def refused_update(error: IdentityError) -> dict[str, Any]:
    """The message about an update that did not begin."""
    words = REFUSALS.get(error.code) or explain(error.code) or Name(error.code, error.code)
    return news(UpdateNews("done", None, True, False, False, error.code, words))


def number(what: What) -> dict[str, Any]:
    """The message about a number that was typed: it waits, or is none of ours."""
    told = {What.CARD: "waiting", What.BANK_CARD: "bank_card", What.WRONG_NUMBER: "wrong"}[what]
    return {"type": "number", "state": told, **both(NUMBERS[what])}


def check_settings(settings: Settings, trust: TrustSnapshot) -> None:
    """Whether settings make sense with what the gate believes.

    Raises:
        GateError: `unknown_gate`, `settings_invalid`.
    """
    if settings.gate and settings.gate not in trust.relying_parties:
        raise GateError("unknown_gate", "the ministry's data do not know this number", member="gate")
    purpose = trust.purposes.get(settings.purpose)
    if purpose is None or not purpose.permitted:
        raise GateError("settings_invalid", "the ministry does not permit this purpose", member="purpose")


def _challenge(text: str, ends: datetime, now: datetime) -> dict[str, Any]:
    left = max(timedelta(0), ends - now)
    return {"svg": _drawn(text), "seconds": round(left.total_seconds(), 1), "text": text}


@lru_cache(maxsize=4)
def _drawn(text: str) -> str:
    return svg(text, error="M")


def _status(trust: TrustSnapshot, now: datetime) -> dict[str, Any]:
    if trust.status_as_of is None:
        return {**both(Name("គ្មានទិន្នន័យស្ថានភាព", "No status data")), "old": True}
    ago = age((now - trust.status_as_of).total_seconds())
    when = clock_time(trust.status_as_of)
    words = Name(f"ស្ថានភាពគិតត្រឹម {when} ({ago.km} មុន)", f"Status as of {when} ({ago.en} ago)")
    return {**both(words), "old": now - trust.status_as_of > timedelta(days=7)}


def _trust(trust: TrustSnapshot, broken: str) -> dict[str, str]:
    if broken:
        return both(Name("គ្មានទិន្នន័យទុកចិត្ត", "No trust data"))
    when = clock_time(trust.expires_at)
    return both(Name(f"ទុកចិត្តដល់ {when}", f"Trust until {when}"))


def _clock(now: datetime) -> dict[str, str]:
    """Date and time of day in Phnom Penh, as every clock there shows them."""
    date, time = clock_time(now).split(" ")[:2]
    return both(Name(f"{date} {time}", f"{date} {time}"))
