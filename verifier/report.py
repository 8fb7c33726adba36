"""A verdict as data and as words: what `montrey-verifier check` prints."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from trust import TrustSnapshot
from verifier.messages import MESSAGES
from verifier.verdict import CannotTell, VerificationError, Verified

EXIT = {"accepted": 0, "refused": 10, "cannot_tell": 20}
"""Exit codes by verdict."""

_BEFORE_CHALLENGE = ("audience_mismatch", "challenge_mismatch", "challenge_unexpected")


def report(
    outcome: Verified | VerificationError,
    *,
    trust: TrustSnapshot,
    card_number: str | None,
    challenge: bytes | str | None,
) -> dict[str, object]:
    """The one JSON object of `check --json`; `claims` is empty unless every signature held."""
    if isinstance(outcome, Verified):
        verdict, code, claims = "accepted", "accepted", outcome.claims
        status_epoch: int | None = outcome.status_epoch
        card_checked, challenge_checked = outcome.card_checked, outcome.challenge_checked
    else:
        verdict = "cannot_tell" if isinstance(outcome, CannotTell) else "refused"
        code, claims, status_epoch = outcome.code, outcome.claims, outcome.status_epoch
        card_checked = card_number is not None and claims.get("card_number") == card_number
        challenge_checked = challenge is not None and bool(claims) and code not in _BEFORE_CHALLENGE
    status_as_of = trust.status_as_of if status_epoch is None else datetime.fromtimestamp(status_epoch, UTC)
    return {
        "verdict": verdict,
        "code": code,
        "assurance": outcome.assurance.label if isinstance(outcome, Verified) else None,
        "claims": named(claims, trust),
        "card_checked": card_checked,
        "challenge_checked": challenge_checked,
        "status_as_of": None if status_as_of is None else rfc3339(status_as_of),
        "trust_expires": rfc3339(trust.expires_at),
    }


def named(claims: object, trust: TrustSnapshot) -> dict[str, object]:
    """The claims, with the names of their codes beside them; an unknown code stays a code."""
    shown = dict(claims)  # type: ignore[call-overload]
    for claim, table in (("ministry", trust.codes.ministries), ("position", trust.codes.positions)):
        code = shown.get(claim)
        name = table.get(code) if type(code) is int else None
        if name is not None:
            shown[f"{claim}_km"], shown[f"{claim}_en"] = name.km, name.en
    return shown  # type: ignore[no-any-return]


def words(entry: dict[str, object], lang: str) -> str:
    """The same for a person: the verdict, what to do, and who it is."""
    claims = entry["claims"]
    assert isinstance(claims, dict)  # noqa: S101 (made by `report`)
    mark = {"accepted": "✓", "refused": "✗", "cannot_tell": "?"}[str(entry["verdict"])]
    lines = [f"{mark} {getattr(MESSAGES[str(entry['code'])], lang)}  [{entry['code']}]"]
    for claim, label in _LABELS.items():
        value = claims.get(f"{claim}_{lang}", claims.get(claim))
        if value is not None:
            lines.append(f"  {label[lang]}: {value}")
    if entry["assurance"]:
        lines.append(f"  {_ASSURANCE[lang]}: {_ASSURANCES[str(entry['assurance'])][lang]}")
    if entry["status_as_of"] and entry["code"] != "not_montrey":
        as_of = datetime.fromisoformat(str(entry["status_as_of"]))
        lines.append(f"  {_STATUS[lang]}: {clock_time(as_of)}")
    return "\n".join(lines)


def rfc3339(moment: datetime) -> str:
    """A moment in UTC with seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def clock_time(moment: datetime, *, timespec: str = "minutes") -> str:
    """A moment as people read it, in Phnom Penh with the offset: 2026-12-27 16:00 +07:00."""
    return moment.astimezone(_PHNOM_PENH).isoformat(" ", timespec).replace("+", " +")


_PHNOM_PENH = timezone(timedelta(hours=7))
"""UTC+7 without summer time since 1979 (tz database, asia)."""
_LABELS = {
    "name_km": {"en": "Name (Khmer)", "km": "ឈ្មោះ"},
    "name_la": {"en": "Name (Latin)", "km": "ឈ្មោះឡាតាំង"},
    "ministry": {"en": "Ministry", "km": "ក្រសួង"},
    "position": {"en": "Position", "km": "មុខតំណែង"},
    "card_number": {"en": "Card number", "km": "លេខកាត"},
}
_ASSURANCE = {"en": "Assurance", "km": "កម្រិតធានា"}
_ASSURANCES = {
    "printed": {"en": "printed", "km": "កូដបោះពុម្ព"},
    "live": {"en": "live", "km": "កូដផ្ទាល់"},
    "live-challenge": {"en": "live-challenge", "km": "កូដផ្ទាល់ដែលឆ្លើយសំណួរ"},
}
_STATUS = {"en": "Status as of", "km": "ស្ថានភាពគិតត្រឹម"}
