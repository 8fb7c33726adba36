"""Which values each setting of the gate may have; whatever is asked about, the answer is yes or no."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from ipaddress import ip_address
from types import MappingProxyType
from urllib.parse import urlsplit

_PURPOSE = re.compile(r"[a-z0-9-]{1,64}")
_PRINTABLE = re.compile(r"[!-~]{1,500}")
_BANK_CARD = re.compile(r"(?:[0-9][-_+~%]*){12}")
"""So many digits may be the number of a bank card, which is never kept; addresses of IP have dots between."""


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _is_whole(least: int, most: int) -> Callable[[object], bool]:
    # Not isinstance: true is an int, and so would `"gate": true` be gate 1.
    return lambda value: type(value) is int and least <= value <= most


def _is_one_of(*names: str) -> Callable[[object], bool]:
    return lambda value: isinstance(value, str) and value in names


def _is_purpose(value: object) -> bool:
    return isinstance(value, str) and _PURPOSE.fullmatch(value) is not None and not _BANK_CARD.search(value)


def _is_source(value: object) -> bool:
    return value == "" or is_address(value)


def is_address(value: object) -> bool:
    """Whether the gate fetches from there: https:// anywhere, http:// on this machine; nobody named."""
    if not isinstance(value, str) or not _PRINTABLE.fullmatch(value) or _BANK_CARD.search(value):
        return False
    try:
        url = urlsplit(value)
        host, _ = url.hostname or "", url.port
    except ValueError:
        return False
    if not host or "@" in url.netloc or url.query or url.fragment:
        return False
    return value.startswith("https://") or (value.startswith("http://") and _is_loopback(host))


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


RULES: Mapping[str, Callable[[object], bool]] = MappingProxyType(
    {
        "mode": _is_one_of("plain", "challenge"),
        "printed": _is_flag,
        "gate": _is_whole(0, 0xFFFF),
        "purpose": _is_purpose,
        "least": _is_one_of("printed", "live", "live-challenge"),
        "number_always": _is_flag,
        "status_days": _is_whole(1, 35),
        "log_days": _is_whole(1, 31),
        "source": _is_source,
        "camera": _is_flag,
    }
)
"""Each setting by its name, in the order of `Settings`."""
