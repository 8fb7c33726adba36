"""The pictures of an order, drawn on all processors and asked for one by one; never all are in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from io import BytesIO
from pathlib import Path
from typing import overload

from credential.seal_picture import seal_png, seal_svg
from issuer.batch import CardFiles
from issuer.card_face import PHOTO, CardFace, Side, draw
from issuer.card_look import CardLook
from issuer.card_pool import in_parallel
from issuer.card_portrait import silhouette
from issuer.errors import IssuerError
from issuer.pdf_pages import write_pdf
from issuer.photo_store import PhotoStore
from issuer.print_cards import CardToPrint
from issuer.proof_sheet import DPI, proof_sheet
from issuer.whole_output import put


@dataclass(frozen=True, slots=True)
class Drawn:
    """What was drawn of one card: the files of its batch, and the back's proof where there are proofs."""

    files: CardFiles
    back: bytes | None


def draw_cards(
    cards: Sequence[CardToPrint],
    photos: PhotoStore,
    *,
    look: CardLook | None,
    progress: Callable[[int], object] | None = None,
) -> Iterator[Drawn]:
    """Draws the cards in their order; with a `look` proofs of both sides, too.

    `progress` is told how many are done. See `card_pool.in_parallel` for what a program needs.

    Raises:
        IssuerError: `photo_missing`, `unusable_photo`, `no_card_fonts`.
        CredentialError: `qr_too_long`, `qr_too_dense`.
    """
    yield from in_parallel(partial(_draw, photos=photos, look=look), cards, progress=progress)


def write_proofs(folder: Path, card: str, front: bytes, back: bytes) -> None:
    """The proofs of the card of this number as two PNG files of a new folder.

    Raises:
        OSError: as `whole_output.put`.
    """
    put(folder / f"{card}-front.png", front)
    put(folder / f"{card}-back.png", back)


def write_sheet(
    file: Path,
    cards: Sequence[CardToPrint],
    photos: PhotoStore,
    *,
    look: CardLook,
    batch: str,
    day: date,
    progress: Callable[[int], object] | None = None,
) -> None:
    """The proof sheet of an order as a PDF; `day` is the one in Phnom Penh, `progress` counts pages.

    Raises:
        IssuerError, CredentialError: as `draw_cards`.
        OSError: it cannot be written.
    """
    pages = proof_sheet(_Faces(cards, photos), look=look, batch=batch, day=day, progress=progress)
    put(file, b"")
    with file.open("wb") as out:
        write_pdf(pages, out, dpi=DPI)


@lru_cache(maxsize=1)
def nobody() -> bytes:
    """Head and shoulders of nobody, a PNG: what is printed where an application had no photograph."""
    file = BytesIO()
    silhouette((2 * (PHOTO.right - PHOTO.left), 2 * (PHOTO.bottom - PHOTO.top))).save(file, "PNG")
    return file.getvalue()


def _draw(card: CardToPrint, *, photos: PhotoStore, look: CardLook | None) -> Drawn:
    face = _face(card, photos)
    front = back = None
    if look is not None:
        front, back = (draw(face, look=look, side=side) for side in (Side.FRONT, Side.BACK))
    files = CardFiles(
        photo=face.photo or nobody(),
        qr_svg=seal_svg(card.seal).encode("ascii"),
        qr_png=seal_png(card.seal),
        proof=front,
    )
    return Drawn(files, back)


def _face(card: CardToPrint, photos: PhotoStore) -> CardFace:
    photo = None if card.photo is None else photos.read(card.photo)
    if card.photo is not None and photo is None:
        raise IssuerError(
            "photo_missing", f"card {card.number}: its photo is gone from the home; restore the folder photos"
        )
    return CardFace(
        name_km=card.name_km,
        name_la=card.name_la,
        card_number=card.number,
        valid_until=card.valid_until,
        seal=card.seal,
        photo=photo,
    )


class _Faces(Sequence[CardFace]):
    """Faces whose photos are read when their turn has come, in the process that draws them."""

    def __init__(self, cards: Sequence[CardToPrint], photos: PhotoStore) -> None:
        self._cards, self._photos = cards, photos

    def __len__(self) -> int:
        return len(self._cards)

    @overload
    def __getitem__(self, at: int) -> CardFace: ...
    @overload
    def __getitem__(self, at: slice) -> _Faces: ...
    def __getitem__(self, at: int | slice) -> CardFace | _Faces:
        if isinstance(at, slice):
            return _Faces(self._cards[at], self._photos)
        return _face(self._cards[at], self._photos)
