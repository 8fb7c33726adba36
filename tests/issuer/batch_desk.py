"""Batches of invented people, with real pictures, for a bank that has its keys."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from credential import card_number, qr_draw
from did import Algorithm, PublicKey, SoftwareSigner
from examples.people import rows
from issuer import batch_file, opened_batch
from issuer.bank_keys import BankKeys
from issuer.batch import Batch, BatchCard, CardFiles
from issuer.batch_letter import BatchHeader
from issuer.errors import IssuerError

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
MINISTRY = SoftwareSigner(Algorithm.ED25519, bytes(range(32)))
BANK = BankKeys(SoftwareSigner(Algorithm.P256, b"\1" * 32), SoftwareSigner(Algorithm.ED25519, b"\2" * 32))
OTHER_BANK = BankKeys(
    SoftwareSigner(Algorithm.P256, b"\3" * 32), SoftwareSigner(Algorithm.ED25519, b"\4" * 32)
)
SEAL = "MQ1:" + "7WC3Z*Q" * 30


def numbers(count: int, *, seed: int = 1) -> list[str]:
    """That many card numbers, the same for the same seed; the first begins with zeros."""
    drawn = random.Random(seed).sample(range(10**8), count)
    return [digits + card_number.check_digit(digits) for digits in (f"{number:09d}" for number in drawn)]


def cards(count: int, *, seed: int = 1) -> tuple[BatchCard, ...]:
    """The cards of that many invented people."""
    people = zip(numbers(count, seed=seed), rows(count, seed=seed), strict=True)
    return tuple(
        BatchCard(
            sequence=sequence,
            number=number,
            name_km=person["name_km"],
            name_la=person["name_la"],
            valid_until=date(2036, 11, 21),
            agency=f"A{sequence % 17:02d}",
            seal=SEAL,
        )
        for sequence, (number, person) in enumerate(people, 1)
    )


def batch(count: int = 3, *, seed: int = 1, **changed: Any) -> Batch:
    """A batch of that many."""
    return Batch(
        **{
            "issuer": "https://montrey.example",
            "number": f"2026-{seed:04d}",
            "bank": "ធនាគារ Canadia",
            "made_at": NOW,
            "cards": cards(count, seed=seed),
            **changed,
        }
    )


@cache
def photo(seed: int = 1, *, size: tuple[int, int] = (160, 200), suffix: str = "JPEG", **saved: Any) -> bytes:
    """A picture of noise, as a camera's file; `saved` goes to Pillow."""
    file = BytesIO()
    noise = random.Random(seed).randbytes(3 * size[0] * size[1])
    Image.frombytes("RGB", size, noise).save(file, suffix, **saved)
    return file.getvalue()


@cache
def qr() -> tuple[bytes, bytes]:
    """SVG and PNG of a seal's length."""
    return qr_draw.svg(SEAL).encode("ascii"), qr_draw.png(SEAL, error="M", scale=9)


def pictures(card: BatchCard) -> CardFiles:
    """The pictures of a card; every second one has a proof, every third a PNG for a photo."""
    svg, png = qr()
    suffix = "PNG" if card.sequence % 3 == 0 else "JPEG"
    return CardFiles(
        photo=photo(card.sequence, size=(40, 50), suffix=suffix),
        qr_svg=svg,
        qr_png=png,
        proof=photo(99, size=(30, 20), suffix="PNG") if card.sequence % 2 == 0 else None,
    )


def sealed(made: Batch, *, bank: BankKeys = BANK, signer: SoftwareSigner = MINISTRY) -> bytes:
    """The file for the bank."""
    return sealed_with_header(made, bank=bank, signer=signer)[0]


def sealed_with_header(
    made: Batch, *, bank: BankKeys = BANK, signer: SoftwareSigner = MINISTRY
) -> tuple[bytes, BatchHeader]:
    """The file for the bank, and what was signed."""
    out = BytesIO()
    header = batch_file.seal(out, made, pictures, signer=signer, bank=bank.public.encryption)
    return out.getvalue(), header


def open_into(
    folder: Path,
    data: bytes,
    *,
    bank: BankKeys = BANK,
    ministry: Sequence[PublicKey] = (MINISTRY.public_key,),
) -> BatchHeader:
    """Opens a file as the bank does."""
    return opened_batch.open_batch(BytesIO(data), folder, bank=bank.to_decrypt(), ministry=ministry)


def refusal(folder: Path, data: bytes, **changed: Any) -> str:
    """The code a file is refused with; nothing may be left of it."""
    with pytest.raises(IssuerError) as caught:
        open_into(folder / "opened", data, **changed)
    assert list(folder.iterdir()) == []
    return caught.value.code
