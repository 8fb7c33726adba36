"""What a guard has to know besides verdicts: data that run out, a wrong clock, a full disk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from credential.codes import Name
from trust import TrustSnapshot
from trust.messages import explain
from verifier.checks import CLOCK_TOLERANCE
from verifier.gate.settings import Settings
from verifier.gate.telling import age, both
from verifier.report import clock_time

SOON = timedelta(days=7)
"""From when on the end of the trust data is told of."""
JUST_STARTED = timedelta(seconds=120)
_ORDER = ("stop", "warn", "info")


@dataclass(frozen=True, kw_only=True)
class Condition:
    """How the gate is, as far as its screen has to say so; `broken` is a code of `TrustError` or empty."""

    now: datetime
    started: datetime
    trust: TrustSnapshot
    settings: Settings
    broken: str = ""
    clock: str = "ok"
    settings_whole: bool = True
    log_failing: bool = False
    clock_kept: bool = True
    pin_set: bool = True
    serial_off: bool = False
    folders_missing: int = 0


def notices(condition: Condition) -> list[dict[str, Any]]:
    """Everything that is to be said now, what stops judging first."""
    found = [*_data(condition), *_clock(condition), *_machine(condition)]
    return sorted(
        ({"level": level, "code": code, **both(words)} for level, code, words in found),
        key=lambda notice: _ORDER.index(str(notice["level"])),
    )


Found = list[tuple[str, str, Name]]


def clock_state(trust: TrustSnapshot, now: datetime, watched: str) -> str:
    """`behind` a time that was signed or seen, `ahead` or `back` by a jump, or `ok`."""
    if now.timestamp() + CLOCK_TOLERANCE < trust.clock_floor:
        return "behind"
    return {"jumped_ahead": "ahead", "jumped_back": "back"}.get(watched, "ok")


def _data(condition: Condition) -> Found:
    trust, now = condition.trust, condition.now
    if condition.broken:
        words = _NO_TRUST if condition.broken == "no_trust" else explain(condition.broken)
        return [("stop", condition.broken, words or _UNREADABLE)]
    found: Found = []
    left = trust.expires_at - now
    if left <= timedelta(0):
        found.append(("stop", "trust_expired", _TRUST_EXPIRED))
    elif left <= SOON:
        when, rest = clock_time(trust.expires_at), age(left.total_seconds())
        found.append(
            (
                "warn",
                "trust_ends",
                Name(
                    f"ទិន្នន័យទុកចិត្តនឹងផុតកំណត់ក្នុង {rest.km} ({when})។ សូមដោតឧបករណ៍ USB ថ្មីពីក្រសួង។",
                    f"The trust data run out in {rest.en} ({when}). Put in the ministry's newest stick.",
                ),
            )
        )
    if trust.status_as_of is not None and left > timedelta(0):
        old = now - trust.status_as_of
        if old > timedelta(days=condition.settings.status_days):
            found.append(("stop", "status_stale", _STATUS_STALE))
        elif old > timedelta(days=condition.settings.status_days) - timedelta(days=1):
            found.append(("warn", "status_ages", _STATUS_AGES))
    number = condition.settings.gate
    if number and number not in trust.relying_parties:
        found.append(("warn", "unknown_gate", _UNKNOWN_GATE))
    return found


def _clock(condition: Condition) -> Found:
    if condition.clock == "ok":
        return []
    if condition.clock == "ahead":
        return [("stop", "clock_ahead", _CLOCK_AHEAD)]
    if condition.clock == "back":
        return [("stop", "clock_back", _CLOCK_BACK)]
    floor = clock_time(datetime.fromtimestamp(condition.trust.clock_floor, UTC))
    return [
        (
            "stop",
            "clock_behind",
            Name(
                f"នាឡិកាម៉ាស៊ីនយឺត៖ វាធ្លាប់ដល់ {floor} ហើយ។ សូមកំណត់ថ្ងៃ និងម៉ោង។ "
                "បើម៉ោងឥឡូវត្រឹមត្រូវ អ្នកគ្រប់គ្រងអាចបន្ថយម៉ោងទាបបំផុត។",
                f"This machine's clock is behind: it has been {floor} already. Set date and time. "
                "If the time is right now, a supervisor can lower the floor.",
            ),
        )
    ]


def _machine(condition: Condition) -> Found:
    asked = (
        (not condition.settings_whole, "warn", "settings_damaged", _SETTINGS),
        (condition.log_failing, "warn", "cannot_keep", _CANNOT_KEEP),
        (not condition.clock_kept, "warn", "cannot_keep_time", _CANNOT_KEEP_TIME),
        (condition.serial_off, "warn", "scanner_off", _SCANNER_OFF),
        (condition.folders_missing > 0, "info", "stick_folder_missing", _NO_FOLDER),
        (not condition.pin_set, "info", "pin_unset", _PIN_UNSET),
        (
            timedelta(0) <= condition.now - condition.started < JUST_STARTED and not condition.broken,
            "info",
            "just_started",
            _JUST_STARTED,
        ),
    )
    return [(level, code, words) for holds, level, code, words in asked if holds]


_NO_TRUST = Name(
    "ម៉ាស៊ីននេះមិនទាន់មានទិន្នន័យទេ។ សូមដោតឧបករណ៍ USB ពីក្រសួង។",
    "This machine has no data yet: nothing can be told. Put in the ministry's stick.",
)
_UNREADABLE = Name("ទិន្នន័យម៉ាស៊ីនអានមិនបាន។", "This machine's data cannot be read. Call the supervisor.")
_TRUST_EXPIRED = Name(
    "ទិន្នន័យទុកចិត្តផុតកំណត់។ ម៉ាស៊ីនមិនអាចពិនិត្យបានទេ។ សូមដោតឧបករណ៍ USB ថ្មី។ បើថ្ងៃខុស សូមកំណត់នាឡិកា។",
    "The trust data have run out: nothing can be told. Put in a new stick. Is the date wrong? Set the clock.",
)
_STATUS_STALE = Name(
    "ទិន្នន័យស្ថានភាពចាស់ពេក៖ មិនអាចដឹងថាកាតនៅមានសុពលភាពឬទេ។ សូមដោតឧបករណ៍ USB ថ្មី។",
    "The status data are too old to tell whether a card still stands. Put in a new stick.",
)
_STATUS_AGES = Name(
    "ទិន្នន័យស្ថានភាពជិតចាស់ពេកហើយ។ ថ្ងៃនេះត្រូវការឧបករណ៍ USB ថ្មី។",
    "The status data are nearly too old. A new stick is needed today.",
)
_UNKNOWN_GATE = Name(
    "លេខច្រកនេះមិនទាន់ចុះបញ្ជីនៅក្រសួងទេ។ សូមប្រាប់អ្នកគ្រប់គ្រង។",
    "The ministry's data do not know this gate's number. Tell the supervisor.",
)
_CLOCK_AHEAD = Name(
    "នាឡិកាម៉ាស៊ីនលោតទៅមុខ។ បើថ្ងៃម៉ោងខុស សូមកំណត់វិញ។ បើត្រឹមត្រូវ អ្នកគ្រប់គ្រងត្រូវបញ្ជាក់។",
    "This machine's clock has jumped ahead. Set it if it is wrong; if right, a supervisor must say so.",
)
_CLOCK_BACK = Name(
    "នាឡិកាម៉ាស៊ីនលោតថយក្រោយ។ បើថ្ងៃម៉ោងខុស សូមកំណត់វិញ។ បើត្រឹមត្រូវ អ្នកគ្រប់គ្រងត្រូវបញ្ជាក់។",
    "This machine's clock has jumped back. Set it if it is wrong; if right, a supervisor must say so.",
)
_SETTINGS = Name(
    "ការកំណត់ខូច។ កំពុងប្រើការកំណត់សុវត្ថិភាព (មិនទទួលកូដបោះពុម្ព)។ សូមហៅអ្នកគ្រប់គ្រង។",
    "The settings are damaged; safe ones are in use (no printed codes). Call the supervisor.",
)
_CANNOT_KEEP = Name(
    "មិនអាចកត់ត្រាបានទេ (ថាសពេញ ឬអានបានតែប៉ុណ្ណោះ)។ ការពិនិត្យនៅតែដំណើរការ។ សូមប្រាប់អ្នកគ្រប់គ្រង។",
    "Nothing can be written down (the disk is full, or takes nothing). Judging goes on. Tell the supervisor.",
)
_CANNOT_KEEP_TIME = Name(
    "ម៉ាស៊ីននេះមិនអាចចាំម៉ោងបានទេ (ថាស)។ សូមប្រាប់អ្នកគ្រប់គ្រង។",
    "This machine cannot remember the time (the disk). Tell the supervisor.",
)
_SCANNER_OFF = Name("ម៉ាស៊ីនស្កេនមិនបានភ្ជាប់។ សូមពិនិត្យខ្សែ។", "The scanner is not connected. Check its cable.")
_NO_FOLDER = Name("មិនទាន់ឃើញថតរបស់ឧបករណ៍ USB។", "The folder of the stick is not there yet.")
_PIN_UNSET = Name(
    "មិនទាន់មានលេខសម្ងាត់អ្នកគ្រប់គ្រង៖ montrey-verifier --home … gate --set-pin",
    "There is no supervisor's PIN yet: montrey-verifier --home … gate --set-pin",
)
_JUST_STARTED = Name(
    "ម៉ាស៊ីនទើបចាប់ផ្ដើម៖ កូដដែលធ្វើក្នុងនាទីដំបូង ត្រូវធ្វើថ្មី។",
    "Just started: codes that were made in the first minute have to be made anew.",
)
