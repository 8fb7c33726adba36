"""The two pictures of docs/cards.md, drawn anew.

    python -m examples.card_sample docs/pictures

The person is invented, the seal a text of the public test vectors.
"""

from __future__ import annotations

import argparse
import json
from datetime import date
from io import BytesIO
from pathlib import Path

from PIL import Image

from examples.portraits import portrait
from issuer.card_face import CardFace, Side, picture
from issuer.card_fonts import find_fonts
from issuer.card_look import CardLook
from issuer.default_codes import DEFAULT_CODES

_VECTORS = Path(__file__).parents[1] / "docs" / "qr-profile-vectors.json"
_SIZE = (632, 398)


def sample() -> CardFace:
    """Somebody's card, ten years from October 2026."""
    seals = [vector for vector in json.loads(_VECTORS.read_bytes())["valid"] if vector["kind"] == "seal"]
    return CardFace(
        name_km="សុខ ច័ន្ទតារា",
        name_la="SOK CHANTARA",
        card_number="4738291056",
        valid_until=date(2036, 10, 13),
        seal=seals[0]["text"],
        photo=portrait(2),
    )


def small(image: Image.Image) -> bytes:
    """Five eighths of the size, and few colours: a page is read on a screen."""
    file = BytesIO()
    reduced = image.resize(_SIZE, Image.Resampling.LANCZOS)
    reduced.quantize(96, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
        file, "PNG", optimize=True
    )
    return file.getvalue()


def main() -> None:
    """Writes `card-front.png` and `card-back.png`."""
    parser = argparse.ArgumentParser(prog="card_sample", description="The pictures of docs/cards.md.")
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    look = CardLook(fonts=find_fonts(), issuer=DEFAULT_CODES.ministries[1])
    for side in Side:
        (folder / f"card-{side}.png").write_bytes(small(picture(sample(), look=look, side=side)))


if __name__ == "__main__":
    main()
