"""The ministry's calendar: days begin and end in Phnom Penh, whatever the machine's time zone.

The one place that makes a day of a moment, or a moment of a day.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone

PHNOM_PENH = timezone(timedelta(hours=7), "Asia/Phnom_Penh")
"""UTC+7 without summer time since 1979 (tz database, asia)."""


def day_of(seconds: float) -> date:
    """The day on which an epoch second falls."""
    return datetime.fromtimestamp(seconds, PHNOM_PENH).date()


def end_of(day: date) -> datetime:
    """The first moment after `day`: what is good until that day is good until then."""
    return datetime.combine(day, time(), PHNOM_PENH) + timedelta(days=1)


def last_day(end: datetime) -> date:
    """The last day that is over by `end`, an aware moment: what may be printed.

    A seal ends at midnight UTC, which is seven in the morning: the day before
    is the last one on which the card is good until the evening.
    """
    return end.astimezone(PHNOM_PENH).date() - timedelta(days=1)


def clock_time(seconds: float) -> str:
    """An epoch second as people read it, with its offset: 2026-12-27 16:00 +07:00."""
    return datetime.fromtimestamp(seconds, PHNOM_PENH).isoformat(" ", "minutes").replace("+", " +")
