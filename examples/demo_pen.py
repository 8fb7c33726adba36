"""Drawing on a picture: text in Khmer and Latin, each in a font that has it, and the three marks."""

from __future__ import annotations

import re
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, features

FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "~/.fonts",
    "/Library/Fonts",
    "/System/Library/Fonts",
    "C:/Windows/Fonts",
)
NO_SHAPING = "No Khmer in the pictures: no text shaping (Raqm) in Pillow. On Debian: apt install libfribidi0"
NO_FONT = "No Khmer in the pictures: no Khmer font. On Debian: apt install fonts-khmeros fonts-noto-core"
_RUNS = re.compile("[!-~]+|[^!-~]+")
_PREFERRED = ("NotoSansKhmer-Regular", "KhmerOSbattambang", "KhmerOScontent", "Battambang", "KhmerUI")

Colour = tuple[int, int, int]
INK, PALE, PAPER = (24, 33, 47), (104, 116, 133), (255, 255, 255)


class Pen:
    """Writes on one picture; without a Khmer font it leaves Khmer out."""

    def __init__(self, image: Image.Image, khmer: Path | None) -> None:
        self.draw = ImageDraw.Draw(image)
        self._khmer = khmer

    def latin(
        self, at: tuple[float, float], text: str, size: float, colour: Colour = INK, *, anchor: str = "ls"
    ) -> None:
        """Latin text; `anchor` as Pillow has it, by default the start of its base line."""
        self.draw.text(at, text, colour, ImageFont.load_default(size), anchor)

    def khmer(
        self, at: tuple[float, float], text: str, size: float, colour: Colour = INK, *, anchor: str = "ls"
    ) -> None:
        """Khmer text, if there is a font; what is ASCII in it is drawn as Latin."""
        if not self._khmer:
            return
        khmer = ImageFont.truetype(self._khmer, size, layout_engine=ImageFont.Layout.RAQM)
        latin = ImageFont.load_default(size)
        runs = [(run, latin if run.isascii() else khmer) for run in _RUNS.findall(text)]
        width = sum(font.getlength(run) for run, font in runs)
        x = at[0] - {"l": 0.0, "m": width / 2, "r": width}[anchor[0]]
        for run, font in runs:
            self.draw.text((x, at[1]), run, colour, font, f"l{anchor[1]}")
            x += font.getlength(run)

    def mark(self, x: float, y: float, size: float, verdict: str, colour: Colour) -> None:
        """A disc with a tick, a cross or a question mark, centred on (x, y)."""
        half, width = size / 2, max(2, round(size / 9))
        self.draw.ellipse((x - half, y - half, x + half, y + half), colour)
        arm = size * 0.2
        if verdict == "accepted":
            points = [(x - arm, y), (x - arm * 0.25, y + arm * 0.8), (x + arm * 1.1, y - arm * 0.8)]
            self.draw.line(points, PAPER, width, joint="curve")
        elif verdict == "refused":
            self.draw.line((x - arm, y - arm, x + arm, y + arm), PAPER, width)
            self.draw.line((x - arm, y + arm, x + arm, y - arm), PAPER, width)
        else:
            self.latin((x, y), "?", size * 0.7, PAPER, anchor="mm")


def complaint() -> str:
    """What this machine lacks that has no `khmer_font`."""
    return NO_FONT if features.check("raqm") else NO_SHAPING


def khmer_font() -> Path | None:
    """A Khmer font of this machine, if Pillow can shape its letters."""
    if not features.check("raqm"):
        return None
    found = [path for folder in FOLDERS for path in _fonts(Path(folder).expanduser())]
    for name in _PREFERRED:
        for path in found:
            if path.stem.lower() == name.lower():
                return path
    return min(found, default=None)


def _fonts(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    names = ("*[Kk]hmer*.[ot]tf", "*[Bb]attambang*.[ot]tf")
    return [path for name in names for path in folder.rglob(name)]
