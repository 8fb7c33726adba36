"""Days as a card shows them, in Khmer and Latin digits (`civil_days` says which day it is)."""

from __future__ import annotations

from datetime import date

_KHMER_DIGITS = str.maketrans("0123456789", "០១២៣៤៥៦៧៨៩")
_MONTHS_KM = ("មករា", "កុម្ភៈ", "មីនា", "មេសា", "ឧសភា", "មិថុនា", "កក្កដា", "សីហា", "កញ្ញា", "តុលា", "វិច្ឆិកា", "ធ្នូ")
_MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def khmer_digits(text: str) -> str:
    """`text` with its ASCII digits written in Khmer."""
    return text.translate(_KHMER_DIGITS)


def khmer(day: date) -> str:
    """Day, month by its name, year: ១៣ តុលា ២០៣៦."""
    return khmer_digits(f"{day.day:02d} {_MONTHS_KM[day.month - 1]} {day.year:04d}")


def english(day: date) -> str:
    """Day, month by its name, year: 13 Oct 2036."""
    return f"{day.day:02d} {_MONTHS_EN[day.month - 1]} {day.year:04d}"
