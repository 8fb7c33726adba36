"""The audit chain in the register: appended to by whatever writes, and examined as a whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, func, select

from did import strict_json
from did.errors import DidError
from issuer import (
    audit_forms,
    audit_made,
    audit_orders,
    audit_rows,
    chain,
    link_notes,
    reference_tables,
)
from issuer.audit_findings import Examination, Loss
from issuer.audit_orders import Ledger
from issuer.errors import IssuerError
from issuer.models import ActRow, AuditRow, Restoration
from issuer.recorded_acts import acts_from
from trust.documents import AuditHead

MAX_ENTRY = 1 << 24
"""Characters of an entry."""
_NOTED = ('"event":"restore"', '"event":"erase"')


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
        lambda: _examine_links(session, result, published, ledger),
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


def _examine_links(session: Session, result: Examination, heads: dict[int, str], ledger: Ledger) -> None:
    before, covered, tables = chain.BEGINNING, 0, None
    restorations = dict(session.exec(select(Restoration.links, Restoration.at)).all())
    for row in session.exec(select(AuditRow).order_by(col(AuditRow.seq))):
        result.links += 1
        if row.seq != result.links:
            result.found("link_missing", "link", result.links)
            result.links = row.seq
        if row.sha256 != chain.link(before, row.entry):
            result.found("link_changed", "link", row.seq)
        _note(row, result, restorations)
        published = heads.pop(row.seq, row.sha256.hex())
        if published != row.sha256.hex() and not result.is_lost(row.seq):
            result.found("chain_recomputed", "link", row.seq)
        before = row.sha256
        covered = _examine_acts(session, row, covered, result, ledger)
        tables = _examine_tables(row, tables, result)
    if tables is not None and _moved(tables, reference_tables.digest(session)):
        result.found("tables_changed", "link", result.links)
    for links in restorations:
        result.found("restoration_differs", "link", links + 1)
    for length in heads:
        if length > 0 and not result.is_lost(length):
            result.found("tail_cut", "link", length)
    beside = (col(ActRow.id) > covered) | (col(ActRow.id) < 1)  # links cover acts from the first on
    uncovered = session.exec(select(func.min(ActRow.id)).where(beside)).one()
    if uncovered is not None:
        result.found("acts_uncovered", "act", uncovered)


def _examine_tables(row: AuditRow, tables: str | None, result: Examination) -> str | None:
    """Holds what a link found in the small tables against what was left; returns what it left."""
    try:
        entry = strict_json.loads(row.entry, max_bytes=MAX_ENTRY)
    except DidError:
        return None
    if not isinstance(entry, dict):  # whatever somebody made of it: `link_changed`
        return None
    before, left = entry.get("before"), entry.get("tables")
    if tables is not None:
        # A restoration of an earlier version said nothing of them.
        says = (
            "order" in entry if entry.get("event") != "restore" else reference_tables.tells_apart(str(left))
        )
        unsaid = says and not isinstance(before, str)
        if unsaid or (isinstance(before, str) and _moved(tables, before)):
            result.found("tables_changed", "link", row.seq)
        if (
            isinstance(before, str)
            and isinstance(left, str)
            and not _may_move(entry.get("event"), before, left)
        ):
            result.found("tables_changed", "link", row.seq)
        if isinstance(left, str) and not reference_tables.may_follow(tables, left):
            result.found("tables_changed", "link", row.seq)
    return left if isinstance(left, str) else tables


def _may_move(event: object, before: str, after: str) -> bool:
    """Whether a command may have changed the tables that are others after it."""
    if not _moved(before, after):
        return True
    try:
        return reference_tables.moved(before, after) <= reference_tables.CHANGED.get(str(event), frozenset())
    except DidError:
        return False


def _moved(before: str, after: str) -> bool:
    return before != after and reference_tables.same_form(before, after)


def _note(row: AuditRow, result: Examination, restorations: dict[int, int]) -> None:
    """Takes down a restoration that left its row, and whom an order had erased."""
    if not any(event in row.entry for event in _NOTED):
        return
    try:
        entry = strict_json.loads(row.entry, max_bytes=MAX_ENTRY)
    except DidError:
        return
    match entry:
        case {"event": "restore", **told}:
            match told:
                case {"kept": int(kept), "lost": int(lost)} if (
                    kept == row.seq - 1 <= lost
                    and (kept == lost or "order" in told)  # somebody answers for what is gone
                    and restorations.pop(kept, None) == row.at
                ):
                    result.restored.append(Loss(row.at, kept, lost))
                case _:
                    result.found("restoration_differs", "link", row.seq)
        case {"event": "erase", "people": list(people), "order": dict()}:
            result.erased.update(person for person in people if isinstance(person, int))


def _examine_acts(session: Session, row: AuditRow, covered: int, result: Examination, ledger: Ledger) -> int:
    """Holds the acts that a link covers against its digest and its order; returns the last of them."""
    try:
        first, last, said = _covers(row.entry)
        entry = strict_json.loads(row.entry, max_bytes=MAX_ENTRY)
        ledger.read_link(entry)
        acts = list(acts_from(session, first, last))
        ordered = ledger.covers(entry, acts)
    except (DidError, AttributeError, KeyError, TypeError, ValueError):  # whatever somebody made of it
        result.found("link_changed", "link", row.seq)
        return covered
    result.acts += len(acts)
    if row.at != entry["at"]:
        result.found("link_changed", "link", row.seq)
    if first != covered + 1 or chain.digest(acts) != said:  # the digest has the acts' numbers in it
        result.found("acts_changed", "link", row.seq)
    if not ordered:
        result.found("acts_unordered", "link", row.seq)
    return last


def _covered(last: AuditRow | None) -> int:
    """The last act that the chain covers."""
    if last is None:
        return 0
    try:
        return _covers(last.entry)[1]
    except DidError as error:
        raise IssuerError(
            "register_damaged", "the last link of the audit chain is none: restore a backup"
        ) from error


def _covers(text: str) -> tuple[int, int, str]:
    """First and last act of an entry, and their digest.

    Raises:
        DidError: it is no entry.
    """
    match strict_json.loads(text, max_bytes=MAX_ENTRY):
        case {"acts": [int(first), int(last)], "acts_sha256": str(said)}:
            return first, last, said
    raise DidError("malformed_json", "no entry of an audit chain")
