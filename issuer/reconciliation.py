"""A bank's report against the batch it is about: each difference found and named, none made up."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from credential import card_number
from credential.codes import Name
from did import PublicKey
from issuer import print_report
from issuer.bank_keys import kid
from issuer.batch import Batch
from issuer.batch_letter import BatchHeader
from issuer.print_report import PrintReport, ReportRow

CLOCKS_DIFFER = timedelta(days=1)
"""How far a bank's clock may be ahead, and behind the making of the batch."""


class DifferenceKind(StrEnum):
    """The closed list: of a report as a whole, of which nothing is counted; of a card; of its life since."""

    ALTERED = "altered"
    WRONG_BANK = "wrong_bank"
    WRONG_BATCH = "wrong_batch"
    WRONG_TIME = "wrong_time"
    DOUBLED = "doubled"
    LATE = "late"

    MISSING = "missing"
    NOT_PRINTED = "not_printed"
    EXTRA = "extra"
    DUPLICATE = "duplicate"
    WRONG_NUMBER = "wrong_number"
    SPOILED = "spoiled"

    RETURNED = "returned"
    ENDED = "ended"
    RETRACTED = "retracted"


REFUSED = frozenset(list(DifferenceKind)[:6])
"""The differences for which a report counts for nothing."""

WORDS = {  # for the ministry
    DifferenceKind.ALTERED: Name(
        "ហត្ថលេខាមិនត្រូវ៖ របាយការណ៍ត្រូវបានកែ។ សូមសុំធនាគារផ្ញើម្ដងទៀត។",
        "The signature does not hold: the report was changed. Ask the bank to send it again.",
    ),
    DifferenceKind.WRONG_BANK: Name(
        "របាយការណ៍មិនមែនរបស់ធនាគារដែលបោះពុម្ពបាច់នេះទេ។",
        "The report is not from the bank that this batch was given to.",
    ),
    DifferenceKind.WRONG_BATCH: Name(
        "របាយការណ៍និយាយអំពីបាច់ផ្សេង។ សូមប្រើឯកសារត្រូវ។",
        "The report is about another batch. Take the right file.",
    ),
    DifferenceKind.WRONG_TIME: Name(
        "កាលបរិច្ឆេទរបាយការណ៍ នៅមុនបាច់ ឬនៅអនាគត។ សូមឱ្យធនាគារកែនាឡិកា ហើយហត្ថលេខាម្ដងទៀត។",
        "The report is dated before the batch, or in the future. Let the bank set its clock and sign again.",
    ),
    DifferenceKind.DOUBLED: Name(
        "របាយការណ៍នេះបានទទួលរួចហើយ។ គ្មានអ្វីត្រូវធ្វើទេ។",
        "This same report was taken already. Nothing is to be done.",
    ),
    DifferenceKind.LATE: Name(
        "របាយការណ៍នេះចាស់ជាងមួយដែលបានទទួល ឬធ្វើក្រោយពេលបាច់បានបិទ។ សូមសួរធនាគារ។",
        "The report is older than one that was taken, or was made after the batch was closed. Ask the bank.",
    ),
    DifferenceKind.MISSING: Name(
        "កាតក្នុងបាច់ តែគ្មានក្នុងរបាយការណ៍។ សូមសួរធនាគារ។",
        "The card is in the batch and not in the report. Ask the bank for it.",
    ),
    DifferenceKind.NOT_PRINTED: Name(
        "ធនាគារថា មិនបានបោះពុម្ពទេ។ សូមយកវាមកវិញដោយ print-return រួចបញ្ជាម្ដងទៀតដោយ print-order។",
        "The bank says that it was not printed. Take it back (print-return) and order it again "
        "(print-order).",
    ),
    DifferenceKind.EXTRA: Name(
        "កាតក្នុងរបាយការណ៍ តែគ្មានក្នុងបាច់។ សូមយកកាតនោះមកវិញ ហើយស៊ើបអង្កេត។",
        "The card is in the report and not in the batch. Get hold of it, and find out how it came there.",
    ),
    DifferenceKind.DUPLICATE: Name(
        "កាតមួយត្រូវបានរាយការណ៍ច្រើនដង។ សូមរាប់កាតពិតប្រាកដ ហើយបំផ្លាញអ្វីដែលលើស។",
        "The card is reported more than once. Count the plastic, and destroy what is too many.",
    ),
    DifferenceKind.WRONG_NUMBER: Name(
        "លេខដែលរាយការណ៍ មិនមែនជាលេខកាតទេ ឬមិនមែនលេខរបស់ជួរនេះ។ សូមប្រៀបធៀបជាមួយកាត។",
        "The number reported is no card number, or not that of its row. Compare it with the card.",
    ),
    DifferenceKind.SPOILED: Name(
        "មានកាតខូច។ សូមឱ្យធនាគារប្រគល់ ឬបញ្ជាក់ការបំផ្លាញ។",
        "Plastic was spoiled. Have it handed over, or its destruction confirmed.",
    ),
    DifferenceKind.RETURNED: Name(
        "កាតត្រូវបានដកពីធនាគារនេះវិញហើយ តែវារាយការណ៍ថាបានបោះពុម្ព។ សូមយកប្លាស្ទិកនោះមកបំផ្លាញ មុនពេលកាតត្រូវបានបោះពុម្ពម្ដងទៀត។",
        "The card was taken back from this bank, which reports it as printed. Have that plastic destroyed: "
        "the card is printed elsewhere.",
    ),
    DifferenceKind.ENDED: Name(
        "កាតបានបញ្ចប់ (ដកហូត ឬផុតកំណត់) មុនពេលបោះពុម្ព។ សូមឱ្យធនាគារបំផ្លាញវា កុំប្រគល់ឱ្យអ្នកណា។",
        "The card was ended (revoked, or expired) before it was printed. Have it destroyed.",
    ),
    DifferenceKind.RETRACTED: Name(
        "របាយការណ៍មុនថាបានបោះពុម្ព ឥឡូវមិនមែន។ សូមរកកាតនោះ។ បើគ្មាន៖ revoke រួច import ម្ចាស់វាម្ដងទៀត។",
        "An earlier report said that it was printed, this one does not. Look for the card; if there is none, "
        "revoke it and import its holder again.",
    ),
}

BANK_WORDS = {
    DifferenceKind.MISSING: Name(
        "កាតក្នុងបាច់ តែគ្មានជួរក្នុង report.csv។ សូមបន្ថែមជួរវា រួច batch-report ម្ដងទៀត។",
        "The card is in the batch and has no row. Add its row, and give batch-report again.",
    ),
    DifferenceKind.NOT_PRINTED: Name(
        "អ្នករាយការណ៍ថាមិនបានបោះពុម្ព។ ក្រសួងនឹងបញ្ជាវាម្ដងទៀត ឬដកវាវិញ។",
        "You report that it was not printed. The ministry orders it again, or takes it back.",
    ),
    DifferenceKind.EXTRA: Name(
        "លេខនេះគ្មានក្នុងបាច់ទេ។ បើវាយខុស សូមកែ report.csv។ បើមានកាតនោះពិត សូមទូរស័ព្ទទៅក្រសួង។",
        "This number is not in the batch. If it was mistyped, mend report.csv; if there is such a card, "
        "telephone the ministry.",
    ),
    DifferenceKind.DUPLICATE: Name(
        "កាតនេះមានច្រើនជួរ។ សូមទុកតែមួយ។ បើបានបោះពុម្ពពីរ សូមប្រាប់ក្រសួង។",
        "The card has more than one row. Leave one; if it was printed twice, tell the ministry.",
    ),
    DifferenceKind.WRONG_NUMBER: Name(
        "លេខនេះមិនមែនជាលេខកាតទេ ឬមិនមែនលេខរបស់ជួរនេះ។ សូមប្រៀបធៀបជាមួយកាត ហើយកែ report.csv។",
        "The number is no card number, or not that of its row. Compare it with the card; mend report.csv.",
    ),
    DifferenceKind.SPOILED: Name(
        "មានកាតខូច។ សូមរក្សាវាទុកឱ្យក្រសួង ឬបញ្ជាក់ការបំផ្លាញវា។",
        "Plastic was spoiled. Keep it for the ministry, or confirm that it was destroyed.",
    ),
}
"""What a bank is told of its own report, before it sends it: all that `compare` finds."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference.

    `sequence` and `number` are those of the batch's card where there is one (else 0
    and empty), `reported` is the number in the report's row `row` (from 1; 0: no row),
    `count` the spoiled plastics.
    """

    kind: DifferenceKind
    sequence: int = 0
    number: str = ""
    reported: str = ""
    row: int = 0
    count: int = 0

    @property
    def words(self) -> Name:
        """What it is and what to do, in Khmer and English."""
        return WORDS[self.kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintOrder:
    """What the ministry keeps of a batch that it gave away; `cards` are its numbers, the first numbered 1."""

    number: str
    bank: str
    sha256: bytes
    made_at: datetime
    cards: tuple[str, ...]

    @classmethod
    def of(cls, batch: Batch, header: BatchHeader) -> PrintOrder:
        """That of a batch that was just sealed."""
        return cls(
            number=header.number,
            bank=header.bank,
            sha256=header.sha256,
            made_at=header.made_at,
            cards=tuple(card.number for card in batch.cards),
        )


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What is to be made of a report; `printed` are the numbers it vouches for, in the batch's order."""

    report: PrintReport
    differences: tuple[Difference, ...]
    printed: tuple[str, ...]

    @property
    def counts(self) -> bool:
        """Whether the report may be entered at all."""
        return not any(difference.kind in REFUSED for difference in self.differences)


def reconcile(
    order: PrintOrder,
    token: str,
    *,
    bank_key: PublicKey,
    now: datetime,
    seen: Collection[bytes] = (),
    latest: datetime | None = None,
    closed: datetime | None = None,
) -> Reconciliation:
    """Holds the signed report `token` against `order`.

    `bank_key` is the bank's registered signing key, `seen` holds the `digest` of
    every report taken before, `latest` is the time of the newest of this batch,
    `closed` that at which the batch was returned.

    Raises:
        IssuerError: `malformed_report`, `newer_report`: the file is no report at all.
    """
    report = print_report.parse(token)
    genuine, named = report.verify(bank_key), report.key == kid(bank_key)
    about = (report.batch, report.batch_sha256) == (order.number, order.sha256)
    timely = order.made_at - CLOCKS_DIFFER <= report.at <= now + CLOCKS_DIFFER
    late = (latest is not None and report.at <= latest) or (closed is not None and report.at > closed)
    refusals = {  # the first that applies
        DifferenceKind.ALTERED: named and not genuine,
        DifferenceKind.WRONG_BANK: not genuine or report.bank != order.bank,
        DifferenceKind.DOUBLED: report.digest in seen,
        DifferenceKind.WRONG_BATCH: not about,
        DifferenceKind.WRONG_TIME: not timely,
        DifferenceKind.LATE: late,
    }
    for kind, applies in refusals.items():
        if applies:
            return Reconciliation(report, (Difference(kind),), ())
    differences, printed = compare(order.cards, report.rows)
    return Reconciliation(report, differences, printed)


def compare(
    cards: Sequence[str], rows: Sequence[ReportRow]
) -> tuple[tuple[Difference, ...], tuple[str, ...]]:
    """The differences between a batch's card numbers and a report's rows, and the numbers it vouches for.

    A row belongs to the card whose number it has. Where that is none of the batch,
    or a card that a row of its own answers for, the row's sequence number says which
    card was meant. A card of several rows counts as printed only if all say so.
    """
    known = {number: sequence for sequence, number in enumerate(cards, 1)}
    own = {row.number for row in rows if known.get(row.number, -1) == row.sequence}
    answers: dict[str, list[bool]] = {}
    meant: set[int] = set()
    found: list[Difference] = []
    for place, row in enumerate(rows, 1):
        sequence = known.get(row.number, 0)
        other = 0 < row.sequence <= len(cards) and cards[row.sequence - 1] not in own
        strayed = sequence == 0 or row.number in own or row.number in answers
        if other and row.sequence != sequence and strayed:
            meant.add(row.sequence)
            card = cards[row.sequence - 1]
            found.append(Difference(DifferenceKind.WRONG_NUMBER, row.sequence, card, row.number, place))
            continue
        if sequence == 0:
            valid = card_number.is_valid(row.number)
            kind = DifferenceKind.EXTRA if valid else DifferenceKind.WRONG_NUMBER
            found.append(Difference(kind, reported=row.number, row=place))
            continue
        if row.number in answers:
            found.append(Difference(DifferenceKind.DUPLICATE, sequence, row.number, row.number, place))
        elif not row.printed:
            found.append(Difference(DifferenceKind.NOT_PRINTED, sequence, row.number, row.number, place))
        if row.spoiled:
            found.append(
                Difference(DifferenceKind.SPOILED, sequence, row.number, row.number, place, row.spoiled)
            )
        answers.setdefault(row.number, []).append(row.printed)
    for number, sequence in known.items():
        if number not in answers and sequence not in meant:
            found.append(Difference(DifferenceKind.MISSING, sequence, number))
    return tuple(found), tuple(number for number in cards if all(answers.get(number, [False])))
