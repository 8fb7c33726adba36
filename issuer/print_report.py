"""What a bank says it has printed: the table its clerk fills in, and the signed report made of it."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from did import DidError, PublicKey, Signer, base64url, jws, strict_json
from did.jws import Jws
from issuer.bank_keys import kid
from issuer.batch import MAX_CARDS, VERSION, BatchCard
from issuer.errors import IssuerError

TYPE = "montrey-print-report+jws"
COLUMNS = ("sequence", "number", "printed", "spoiled", "note")
MAX_ROWS = 2 * MAX_CARDS
"""Rows of a report; one for each card is enough, and a few too many are to be named, not refused."""
MAX_NUMBER, MAX_NOTE = 12, 200
"""Characters."""
MAX_SPOILED = 1000
MAX_REPORT = 24 << 20
"""Characters of a signed report."""
_AGAIN = "ask the bank to send the report again"
_MEMBERS = {"version", "batch", "batch_sha256", "bank", "iat", "rows"}


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One line of a report: `sequence` 0 where none was given; `spoiled` counts plastics thrown away."""

    sequence: int
    number: str
    printed: bool
    spoiled: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintReport:
    """A report as it was read; nothing in it is to be believed before `verify`.

    `key` is the thumbprint it names as its signer's, `digest` the SHA-256 of
    what is signed: the same for the same report, however it is sent again.
    """

    batch: str
    batch_sha256: bytes
    bank: str
    at: datetime
    rows: tuple[ReportRow, ...]
    key: str
    digest: bytes
    token: Jws

    def verify(self, key: PublicKey) -> bool:
        """Whether `key` signed it."""
        try:
            jws.verify(self.token, key)
        except DidError:
            return False
        return True


def template(cards: Sequence[BatchCard]) -> bytes:
    """`report.csv`: a line for each card, to be answered by hand; nothing is answered beforehand."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([card.sequence, card.number, "", "", ""] for card in cards)
    return text.getvalue().encode("utf-8-sig")


def sign(
    rows: Sequence[ReportRow],
    *,
    batch: str,
    batch_sha256: bytes,
    bank: str,
    at: datetime,
    signer: Signer,
) -> str:
    """The report as a compact JWS; `batch_sha256` is the digest in the batch's header, `at` an aware time."""
    payload = {
        "version": VERSION,
        "batch": batch,
        "batch_sha256": base64url.encode(batch_sha256),
        "bank": bank,
        "iat": int(at.timestamp()),
        "rows": [[row.sequence, row.number, row.printed, row.spoiled, row.note] for row in rows],
    }
    header = {"typ": TYPE, "kid": kid(signer.public_key)}
    return jws.sign(header, strict_json.dumps(payload), signer)


def parse(token: str) -> PrintReport:
    """Reads a report; who signed it is for `verify` to say.

    Raises:
        IssuerError: `malformed_report`, `newer_report`.
    """
    try:
        signed = jws.parse(token.strip(), max_bytes=MAX_REPORT)
        said = strict_json.loads(signed.payload, max_bytes=MAX_REPORT)
        if signed.header.get("typ") != TYPE or not isinstance(said, dict):
            raise IssuerError(
                "malformed_report",
                "not a bank's printing report: take the file that batch-report wrote",
            )
        if type(said.get("version")) is int and said["version"] > VERSION:
            raise IssuerError("newer_report", "the report is of a later version of this program")
        return _read(signed, said)
    except DidError as error:
        raise IssuerError("malformed_report", f"it cannot be read ({error.code}): {_AGAIN}") from error


def _read(signed: Jws, said: dict[str, object]) -> PrintReport:
    match said:
        case {
            "batch": str(batch),
            "batch_sha256": str(batch_sha256),
            "bank": str(bank),
            "iat": int(at),
            "rows": list(rows),
            "version": int(version),
        } if (
            said.keys() == _MEMBERS
            and type(version) is type(at) is int  # true is neither a version nor a time
            and 0 < at < 1 << 33
            and len(rows) <= MAX_ROWS
        ):
            pass
        case _:
            raise IssuerError(
                "malformed_report",
                f"it has other members than a report: {_AGAIN}",
            )
    return PrintReport(
        batch=batch,
        batch_sha256=base64url.decode(batch_sha256),
        bank=bank,
        at=datetime.fromtimestamp(at, UTC),
        rows=tuple(map(_row, rows)),
        key=str(signed.header.get("kid", "")),
        digest=hashlib.sha256(signed.signing_input).digest(),
        token=signed,
    )


def _row(row: object) -> ReportRow:
    match row:
        case [int(sequence), str(number), bool(printed), int(spoiled), str(note)] if (
            type(sequence) is int
            and type(spoiled) is int
            and 0 <= sequence <= MAX_CARDS
            and 0 <= spoiled <= MAX_SPOILED
            and 0 < len(number) <= MAX_NUMBER
            and number.isascii()
            and number.isdigit()
            and len(note) <= MAX_NOTE
        ):
            return ReportRow(sequence, number, printed, spoiled, note)
    raise IssuerError("malformed_report", f"a row is not as it has to be: {_AGAIN}")
