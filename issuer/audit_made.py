"""What commands made and their links tell of: signed status lists, and the parts of a re-issue."""

from __future__ import annotations

from collections.abc import Iterator

from sqlmodel import Session, col, select

from issuer import contents
from issuer.audit_findings import Examination
from issuer.audit_orders import Ledger
from issuer.models import PublishedList, Reissue, ReissuePart


def examine(session: Session, ledger: Ledger, result: Examination) -> None:
    """Holds both against what links tell, since the migration 0016.

    The codes: `list_differs`, `reissue_differs`.
    """
    for list_id in _other_lists(session, ledger):
        result.found("list_differs", "list", list_id)
    reissues = session.exec(select(Reissue.id).order_by(col(Reissue.id)))
    for at, number in enumerate(each or 0 for each in reissues):
        parts = session.exec(
            select(ReissuePart).where(ReissuePart.reissue_id == number).order_by(col(ReissuePart.number))
        ).all()
        told = ledger.parts[at] if at < len(ledger.parts) else None
        done = {part.number: part.done_at for part in parts}
        said = {part: ledger.parts_done.pop((number, part), None) for part in done}
        if done != said or (told is not None and told != contents.of_parts(parts)):
            result.found("reissue_differs", "reissue", number)
    for number, _ in ledger.parts_done:
        result.found("reissue_differs", "reissue", number)


def _other_lists(session: Session, ledger: Ledger) -> Iterator[int]:
    """The lists of which something signed is missing, or is there that no link tells of."""
    first: dict[int, int] = {}  # the lowest sequence that a link tells of, by list
    untold: dict[int, tuple[int, int]] = {}  # the highest that none tells of, and the latest time
    left = set(ledger.signed_lists)
    rows = select(PublishedList).order_by(col(PublishedList.list_id), col(PublishedList.sequence))
    for row in session.exec(rows.execution_options(yield_per=20)):
        digest = contents.of_published(row)
        if digest in left:
            left.remove(digest)
            first.setdefault(row.list_id, row.sequence)
        else:
            latest = untold.get(row.list_id, (0, 0))[1]
            untold[row.list_id] = row.sequence, max(latest, row.issued_at)
        session.expunge(row)
    for number, (last, latest) in untold.items():  # from before links told of them
        if last > first[number] if number in first else latest > ledger.lists_told_at:
            yield number
    if left:
        yield 0
