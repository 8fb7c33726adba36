"""A batch on a bank's disk: a folder that is there whole or not at all, made and read without a home."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from did import DidError, PublicKey, SoftwareSigner, base64url, strict_json
from did.sealing import Source
from issuer import batch_file, batch_rows, print_report
from issuer.batch import VERSION, BatchCard
from issuer.batch_archive import ROWS_JSON, Progress
from issuer.batch_letter import BatchHeader
from issuer.errors import IssuerError
from issuer.whole_output import new_folder, put
from trust import disk

ABOUT, TABLE = "batch.json", "report.csv"
_MAX_ABOUT = 4096


@dataclass(frozen=True, slots=True)
class OpenedBatch:
    """What a report has to say about its batch, and the cards that were to be printed."""

    batch: str
    bank: str
    sha256: bytes
    cards: tuple[BatchCard, ...]


def open_batch(
    source: Source,
    folder: Path,
    *,
    bank: SoftwareSigner,
    ministry: Sequence[PublicKey],
    opening: Progress | None = None,
    progress: Progress | None = None,
) -> BatchHeader:
    """Checks the batch that `source` gives and lays it out in the new `folder` (0700, files 0600).

    Beside the rows and pictures there are `batch.json`, what the batch is, and
    `report.csv`, to be filled in. The plain ZIP stands only in a file without a name.

    Raises:
        IssuerError: those of `batch_file`; `out_exists`, `unwritable_file`. Nothing is written then.
        OSError: a full disk, a source that cannot be read. Nothing is left then.
    """
    letter = batch_file.read_letter(source, bank=bank, ministry=ministry)
    with new_folder(folder) as building, tempfile.TemporaryFile(dir=building) as scratch:
        cards = batch_file.open_stream(
            source,
            letter,
            scratch=scratch,
            place=lambda name, data: put(building / name, data),
            opening=opening,
            progress=progress,
        )
        put(building / ABOUT, _about(letter.header))
        put(building / TABLE, print_report.template(cards))
    return letter.header


def read_opened(folder: Path) -> OpenedBatch:
    """What `open_batch` left in `folder`.

    Raises:
        IssuerError: `not_an_opened_batch`.
    """
    try:
        about = strict_json.loads(disk.read(folder / ABOUT, max_bytes=_MAX_ABOUT), max_bytes=_MAX_ABOUT)
        rows = disk.read(folder / ROWS_JSON, max_bytes=batch_rows.MAX_ROWS_FILE)
        cards, _ = batch_rows.from_json(rows)
        match about:
            case {"montrey": "opened-batch", "batch": str(batch), "bank": str(bank), "sha256": str(sha256)}:
                return OpenedBatch(batch, bank, base64url.decode(sha256), cards)
    except (OSError, DidError, IssuerError) as error:
        raise IssuerError("not_an_opened_batch", f"{folder}: not as batch-open made it") from error
    raise IssuerError("not_an_opened_batch", f"{folder}: not as batch-open made it")


def about(header: BatchHeader) -> dict[str, object]:
    """What a batch is, for people and programs."""
    return {
        "batch": header.number,
        "bank": header.bank,
        "issuer": header.issuer,
        "made_at": header.made_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "count": header.count,
        "sha256": base64url.encode(header.sha256),
        "ministry": base64url.encode(header.ministry),
    }


def _about(header: BatchHeader) -> bytes:
    return strict_json.dumps({"montrey": "opened-batch", "version": VERSION, **about(header)}) + b"\n"
