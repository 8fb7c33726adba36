"""Arguments of the commands that are no plain text."""

from __future__ import annotations


def whole(text: str) -> int:
    """A number of a row, as people type it.

    Raises:
        ValueError: no register has such a row.
    """
    number = int(text)
    if not 0 <= number <= 10**9:
        raise ValueError("no number of this register")
    return number
