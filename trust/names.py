"""Names of targets: what may stand on a stick, and where in it.

A stick is formatted with FAT and may pass through Windows: lower case, no
separators but `/`, nothing that a file system would read in its own way.
"""

from __future__ import annotations

import re

from trust.errors import TrustError

ISSUERS = "issuers.json"
TEMPLATES = "templates.json"
CODES = "codes.json"
PURPOSES = "purposes.json"
RELYING_PARTIES = "relying-parties.json"
DOCUMENTS = (ISSUERS, TEMPLATES, CODES, PURPOSES, RELYING_PARTIES)
"""What the top-level targets role signs and every home holds."""

AUDIT_HEAD = "audit/head"
ONLINE_ROLE = "online"
ONLINE_PATHS = ("status/*", "genuine/*", AUDIT_HEAD)
"""All that is delegated to the online role."""

FORMS = ("cwt", "jwt")
"""The two forms of a status list; a list has one of them."""

_PART = r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?"
_SAFE_PART = re.compile(_PART)
_TARGET = re.compile(rf"{_PART}(?:/{_PART})?")
_STATUS = re.compile(rf"status/({_PART})\.(cwt|jwt)")


def is_safe(name: str) -> bool:
    """Whether `name` may stand as one part of a path on a stick: at most 64 characters of `a-z 0-9 . _ -`."""
    return _SAFE_PART.fullmatch(name) is not None


def check_target(name: str) -> None:
    """Refuses a target name that could mean another file than it says.

    Raises:
        TrustError: `unsafe_name`.
    """
    if _TARGET.fullmatch(name) is None:
        raise TrustError("unsafe_name", "a target has a name that is not safe on every file system")


def status_target(name: str, form: str) -> str:
    """The target of the status list `name`: `status/<name>.cwt` or `.jwt`."""
    return f"status/{name}.{form}"


def split_status(target: str) -> tuple[str, str] | None:
    """(name, form) of a status target, or None for any other target."""
    match = _STATUS.fullmatch(target)
    return (match[1], match[2]) if match else None


def is_online(target: str) -> bool:
    """Whether this program knows what the online target `target` holds."""
    folder, _, name = target.partition("/")
    return split_status(target) is not None or target == AUDIT_HEAD or (folder == "genuine" and is_safe(name))
