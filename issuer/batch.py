"""A print batch: what a bank is told of each card, and nothing else.

The fields below are all of them. A civil servant's birth date, employee
number, ministry, position and grade never come here, so no later mistake in
writing a batch can give them away.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from credential import card_number
from credential.claims import check_text
from credential.errors import CredentialError
from did.base45 import ALPHABET
from issuer.errors import IssuerError

VERSION = 1
MAX_CARDS = 10_000
"""Cards of one batch; with five files each they stay below what a plain ZIP can list."""
MAX_PHOTO, MAX_SVG, MAX_PNG, MAX_PROOF = 2 << 20, 1 << 20, 1 << 20, 4 << 20
"""Bytes of each kind of picture."""
MAX_BATCH = 2_000_000_000
"""Bytes of all pictures of one batch."""
_NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,31}")
_AGENCY = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,31}")
_SEAL = re.compile(rf"[{re.escape(ALPHABET.decode('ascii'))}]{{1,1000}}")
_JPEG, _PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
_KINDS = {
    "photo": (MAX_PHOTO, (_JPEG, _PNG)),
    "qr_svg": (MAX_SVG, (b"<svg ",)),
    "qr_png": (MAX_PNG, (_PNG,)),
    "proof": (MAX_PROOF, (_PNG,)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchCard:
    """One card to be printed: the row of it, without pictures.

    `sequence` counts from 1 within the batch, `agency` is a code to sort by,
    `seal` the text of the QR code on the plastic.

    Raises:
        IssuerError: `bad_batch`, naming the field but not its value.
    """

    sequence: int
    number: str
    name_km: str
    name_la: str
    valid_until: date
    agency: str
    seal: str

    def __post_init__(self) -> None:
        if not 1 <= self.sequence <= MAX_CARDS:
            raise IssuerError("bad_batch", f"sequence: from 1 to {MAX_CARDS}")
        if not card_number.is_valid(self.number):
            raise IssuerError("bad_batch", "number: no card number")
        if not _AGENCY.fullmatch(self.agency):
            raise IssuerError("bad_batch", "agency: a code of at most 32 letters, digits and . _ -")
        if not _SEAL.fullmatch(self.seal):
            raise IssuerError("bad_batch", "seal: not the text of a seal")
        for field in ("name_km", "name_la"):
            _check_text(field, getattr(self, field))
            if getattr(self, field).startswith(tuple("=+-@")):  # a spreadsheet would calculate it
                raise IssuerError("bad_batch", f"{field}: begins as a formula does")


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFiles:
    """The pictures of one card: photo (JPEG or PNG), QR code as SVG and 600-dpi PNG, perhaps a proof (PNG).

    Raises:
        IssuerError: `bad_picture`, naming the kind.
    """

    photo: bytes
    qr_svg: bytes
    qr_png: bytes
    proof: bytes | None = None

    def __post_init__(self) -> None:
        check_picture("photo", self.photo)
        check_picture("qr_svg", self.qr_svg)
        check_picture("qr_png", self.qr_png)
        if self.proof is not None:
            check_picture("proof", self.proof)


Pictures = Callable[[BatchCard], CardFiles]
"""Draws or reads the pictures of a card when its turn has come: never all are in memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """The cards that one bank is to print, in the order in which they are numbered.

    `issuer` is the ministry's URL, `number` the batch's (letters, digits and
    hyphens), `bank` the bank's name in the register, `made_at` an aware time.

    Raises:
        IssuerError: `bad_batch`.
    """

    issuer: str
    number: str
    bank: str
    made_at: datetime
    cards: tuple[BatchCard, ...]

    def __post_init__(self) -> None:
        if self.made_at.tzinfo is None:
            raise ValueError("made_at is an aware time")
        if not _NUMBER.fullmatch(self.number):
            raise IssuerError("bad_batch", "number: at most 32 letters, digits and hyphens")
        _check_text("bank", self.bank)
        if not self.issuer.startswith("https://") or len(self.issuer) > 200 or not self.issuer.isascii():
            raise IssuerError("bad_batch", "issuer: an https URL")
        if not 1 <= len(self.cards) <= MAX_CARDS:
            raise IssuerError("bad_batch", f"cards: from 1 to {MAX_CARDS}")
        if [card.sequence for card in self.cards] != list(range(1, len(self.cards) + 1)):
            raise IssuerError("bad_batch", "cards: numbered from 1, none left out")
        if len({card.number for card in self.cards}) != len(self.cards):
            raise IssuerError("bad_batch", "cards: a card number stands twice")


def check_picture(kind: str, data: bytes) -> None:
    """Holds a picture to its size and to how such a file begins.

    Raises:
        IssuerError: `bad_picture`.
    """
    limit, beginnings = _KINDS[kind]
    if len(data) > limit or not data.startswith(beginnings):
        raise IssuerError("bad_picture", f"{kind}: not a picture of this kind, or more than {limit} bytes")


def photo_suffix(data: bytes) -> str:
    """`jpg` or `png`, by how the file begins."""
    return "jpg" if data.startswith(_JPEG) else "png"


def _check_text(field: str, text: str) -> None:
    try:
        check_text(field, text)
    except CredentialError as error:
        raise IssuerError("bad_batch", f"{field}: not a text that can be printed") from error
