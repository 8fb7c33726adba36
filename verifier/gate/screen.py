"""The guard's page as it is sent: its HTML in one language, its files, and the headers that fence it in."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from verifier.gate.wording import LABELS, say

LANGUAGES = ("km", "en")
_FOLDER = Path(__file__).parent / "page"
_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
SCRIPTS = (
    "camera.js",
    "drop.js",
    "gate.js",
    "keys.js",
    "socket.js",
    "sound.js",
    "supervisor.js",
    "verdict.js",
    "words.js",
)
ASSETS = ("gate.css", "icon.svg", *SCRIPTS)
"""What is served; nothing else in the folder is."""
_PLACE = re.compile(r"\{\{([a-z_]+)\}\}")

HEADERS: Mapping[str, str] = MappingProxyType(
    {
        # CSP Level 3: nothing inline, nothing from elsewhere, in no frame.
        "Content-Security-Policy": "; ".join(
            (
                "default-src 'none'",
                "script-src 'self'",
                "style-src 'self'",
                "img-src 'self' data: blob:",
                "connect-src 'self'",
                "media-src 'self' blob:",
                "form-action 'none'",
                "base-uri 'none'",
                "frame-ancestors 'none'",
            )
        ),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(self)",
        "Cache-Control": "no-store",
    }
)


@cache
def page(language: str) -> bytes:
    """The page in `language` (one of `LANGUAGES`), as UTF-8.

    Raises:
        ValueError: for another language.
    """
    if language not in LANGUAGES:
        raise ValueError("the page is in km or en")
    (other,) = set(LANGUAGES) - {language}
    values = {label: say(language, label) for label in LABELS}
    return render(_read("gate.html").decode(), values | {"lang": language, "other": other}).encode()


@cache
def asset(name: str) -> tuple[bytes, str] | None:
    """A file of the page and its content type; None unless it is one of `ASSETS`."""
    if name not in ASSETS:
        return None
    return _read(name), _TYPES[name.rpartition(".")[2]]


def render(template: str, values: Mapping[str, str]) -> str:
    """`template` with every `{{name}}` replaced by its value, escaped for HTML.

    Raises:
        ValueError: when a place has no value, a value no place, or a brace is left over.
    """
    places = set(_PLACE.findall(template))
    if places != set(values):
        raise ValueError(f"the template and its words differ in: {sorted(places ^ set(values))}")
    pieces = _PLACE.split(template)
    if any("{{" in text or "}}" in text for text in pieces[::2]):
        raise ValueError("the template has a place that is written wrong")
    pieces[1::2] = [html.escape(values[name]) for name in pieces[1::2]]
    return "".join(pieces)


def _read(name: str) -> bytes:
    return (_FOLDER / name).read_bytes()
