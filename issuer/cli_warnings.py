"""What should be renewed soon, told by `publish` and `keys list`."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from issuer import cli_wording
from issuer.civil_days import clock_time
from issuer.cli_output import tell
from issuer.cli_session import rfc3339
from issuer.list_room import ListFills
from trust.ceremony import ExpiryWarning

Warnings = Iterable[ExpiryWarning | ListFills]


def tell_warnings(warnings: Warnings) -> None:
    """On standard error, in both languages, whichever was chosen: nobody may miss it."""
    for warning in warnings:
        for language in cli_wording.LANGUAGES:
            tell(_said(language, warning), file=sys.stderr)


def to_json(warnings: Warnings) -> list[dict[str, object]]:
    """For programs: by `role` what ends and when, or which list fills."""
    return [
        {"role": warning.name, "kind": warning.kind, "left": warning.left}
        if isinstance(warning, ListFills)
        else {"role": warning.role, "expires": rfc3339(warning.expires), "days_left": warning.days_left}
        for warning in warnings
    ]


def _said(language: str, warning: ExpiryWarning | ListFills) -> str:
    if isinstance(warning, ListFills):
        return cli_wording.say(
            language, "list_fills", name=warning.name, kind=warning.kind, left=warning.left
        )
    phrase = f"{warning.role}_ends" if warning.role in ("root", "targets") else "key_ends"
    expires = clock_time(warning.expires)
    return cli_wording.say(language, phrase, role=warning.role, expires=expires, days=warning.days_left)
