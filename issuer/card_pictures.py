"""Everything that is drawn of a card: its seal for the printer, both faces for eyes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from credential.seal_picture import seal_png, seal_svg
from issuer.card_face import CardFace, Side, draw
from issuer.card_look import CardLook
from issuer.card_pool import in_parallel


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPictures:
    """Of one card: the seal as SVG and 600-dpi PNG, and the proofs, 300-dpi PNGs."""

    card_number: str
    seal_svg: str
    seal_png: bytes
    front: bytes
    back: bytes


def card_pictures(face: CardFace, *, look: CardLook) -> CardPictures:
    """Draws one card.

    Raises:
        IssuerError: `unusable_photo`, `no_card_fonts`.
        CredentialError: `qr_too_long`, `qr_too_dense`.
    """
    return CardPictures(
        card_number=face.card_number,
        seal_svg=seal_svg(face.seal),
        seal_png=seal_png(face.seal),
        front=draw(face, look=look, side=Side.FRONT),
        back=draw(face, look=look, side=Side.BACK),
    )


def draw_cards(
    faces: Sequence[CardFace],
    *,
    look: CardLook,
    processes: int | None = None,
    progress: Callable[[int], object] | None = None,
) -> Iterator[CardPictures]:
    """Draws many cards, in their order, on as many processes as there are processors.

    `progress` is told how many are done. See `in_parallel` for what a program needs.

    Raises:
        IssuerError, CredentialError: like `card_pictures`.
    """
    yield from in_parallel(partial(card_pictures, look=look), faces, processes=processes, progress=progress)
