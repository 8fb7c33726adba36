"""The audit chain in the register: appended to by whatever writes, and examined as a whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, select

from did.errors import DidError
from issuer import (
    audit_forms,
    audit_links,
    audit_made,
    audit_orders,
    audit_rows,
    chain,
    link_notes,
    reference_tables,
)
from issuer.audit_findings import Examination
from issuer.audit_orders import Ledger
from issuer.errors import IssuerError
from issuer.models import AuditRow
from issuer.recorded_acts import acts_from
from trust.documents import AuditHead


def append(session: Session, event: str, *, now: int, **details: object) -> None:
    """Adds the link of one command: it covers every act since the last one.

    `details` are what else the command did: JSON values, nothing personal.
    """
    session.flush()
    last = session.exec(select(AuditRow).order_by(col(AuditRow.seq).desc()).limit(1)).first()
    first = _covered(last) + 1
    acts = list(acts_from(session, first))
    details = {**reference_tables.details(session), **link_notes.take(session), **details}
    covered = acts[-1].id if acts else first - 1  # in PostgreSQL a refused command leaves a gap
    text = chain.entry(event, at=now, acts=(first, covered), acts_sha256=chain.digest(acts), **details)
    before = chain.BEGINNING if last is None else last.sha256
    seq = 1 if last is None else last.seq + 1
    session.add(AuditRow(seq=seq, at=now, entry=text, sha256=chain.link(before, text)))
    session.flush()


def head(session: Session) -> AuditHead:
    """How long the chain is, and its last link: what publications carry."""
    last = session.exec(select(AuditRow).order_by(col(AuditRow.seq).desc()).limit(1)).first()
    return AuditHead(0, chain.BEGINNING.hex()) if last is None else AuditHead(last.seq, last.sha256.hex())


def examine(session: Session, heads: Sequence[AuditHead] = ()) -> Examination:
    """Recomputes the whole chain, holds the register against it, and it against published `heads`.

    The codes: `link_missing`, `link_changed`, `chain_recomputed`, `tail_cut`, `acts_changed`,
    `acts_uncovered`, `state_differs`, `status_differs`, `card_differs`, `person_differs`,
    `wallet_differs`, `order_differs`, `order_forged`, `acts_unordered`, `staff_differs`.
    `rejection_differs`, `printing_differs`, `prepared_differs`, `reissue_differs`,
    `acts_illegal`, `bank_differs`, `theft_differs`, `restoration_differs`,
    `tables_changed`, `offer_differs`, `list_differs`, `rows_malformed`, `part_unreadable`.
    """
    result, ledger = Examination(), Ledger()
    published = {each.length: each.head for each in heads}
    for table, count in audit_forms.malformed(session):
        result.found("rows_malformed", table, count)
    parts: Sequence[Callable[[], None]] = (
        lambda: audit_orders.examine(session, ledger, result.found),
        lambda: audit_links.examine(session, result, published, ledger),
        lambda: audit_orders.examine_carried(session, ledger, result.found),
        lambda: audit_rows.examine(session, ledger, result),
        lambda: audit_made.examine(session, ledger, result),
    )
    for part in parts:
        try:
            part()
        except SQLAlchemyError:
            raise
        except Exception as error:  # noqa: BLE001 -- whatever somebody made of a row, the rest is told as well
            result.found("part_unreadable", type(error).__name__, 0)
    return result


def _covered(last: AuditRow | None) -> int:
    """The last act that the chain covers."""
    if last is None:
        return 0
    try:
        return audit_links.covered(audit_links.read(last.entry))[1]
    except DidError as error:
        raise IssuerError(
            "register_damaged", "the last link of the audit chain is none: restore a backup"
        ) from error
