"""The fonts of cards, proofs and charts: found on this machine, never brought along."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont, features

from issuer.errors import IssuerError

FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path("~/.local/share/fonts"),
    Path("~/.fonts"),
    Path("/Library/Fonts"),
    Path("/System/Library/Fonts"),
    Path("C:/Windows/Fonts"),
)
_KHMER = (
    "NotoSansKhmer-Regular",
    "KhmerOSbattambang",
    "KhmerOScontent",
    "KhmerOSsiemreap",
    "KhmerOS",
    "KhmerUI",
)
_KHMER_BOLD = ("NotoSansKhmer-Bold", "KhmerOSbattambang-Bold", "KhmerUIb", *_KHMER)
_KHMER_TITLE = ("KhmerOSmuollight", "KhmerOSmuol", "Moul-Regular", "NotoSerifKhmer-Bold", *_KHMER_BOLD)
_LATIN = ("NotoSans-Regular", "DejaVuSans", "LiberationSans-Regular", "Arial", "segoeui")
_LATIN_BOLD = ("NotoSans-Bold", "DejaVuSans-Bold", "LiberationSans-Bold", "Arial Bold", "segoeuib", *_LATIN)


@dataclass(frozen=True, slots=True)
class Typeface:
    """A Khmer font file and the Latin one that goes with it."""

    khmer: str
    latin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFonts:
    """What a card is written with; `title` is a Muol where there is one, as official headings are."""

    plain: Typeface
    bold: Typeface
    title: Typeface


def find_fonts(folders: Iterable[Path] = FOLDERS) -> CardFonts:
    """The fonts of this machine, the best first.

    Raises:
        IssuerError: `no_shaping` where Pillow cannot shape Khmer; `no_card_fonts`
            where a Khmer or a Latin font is missing. Both say what to install.
    """
    if not features.check("raqm"):
        raise IssuerError(
            "no_shaping", "Khmer cannot be shaped here (Raqm, in Pillow). On Debian: apt install libfribidi0"
        )
    found = _installed(folders)
    plain, bold, title = (
        _first(found, wanted)
        for wanted in ((_KHMER, _LATIN), (_KHMER_BOLD, _LATIN_BOLD), (_KHMER_TITLE, _LATIN_BOLD))
    )
    return CardFonts(plain=plain, bold=bold, title=title)


@lru_cache(maxsize=256)
def font(path: str, size: int) -> ImageFont.FreeTypeFont:
    """The font of a file at `size` pixels, with Khmer shaping.

    Raises:
        IssuerError: `no_card_fonts` where the file is gone or is no font.
    """
    try:
        return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.RAQM)
    except OSError as error:
        raise _missing("a font file cannot be read any more") from error


def _installed(folders: Iterable[Path]) -> dict[str, str]:
    """Font files by their names without ending, in lower case; of two the first by path."""
    paths = sorted(
        path
        for folder in map(Path.expanduser, folders)
        if folder.is_dir()
        for ending in ("*.ttf", "*.otf", "*.TTF", "*.OTF")
        for path in folder.rglob(ending)
    )
    return {path.stem.lower(): str(path) for path in reversed(paths)}


def _first(found: Mapping[str, str], wanted: tuple[tuple[str, ...], tuple[str, ...]]) -> Typeface:
    files = [next((found[name.lower()] for name in names if name.lower() in found), None) for names in wanted]
    match files:
        case [str(khmer), str(latin)]:
            return Typeface(khmer, latin)
        case [None, _]:
            raise _missing("there is no Khmer font")
    raise _missing("there is no Latin font")


def _missing(what: str) -> IssuerError:
    return IssuerError(
        "no_card_fonts",
        f"cards cannot be drawn: {what}. On Debian: apt install fonts-noto-core fonts-khmeros",
    )
