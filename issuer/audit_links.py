"""The links of the audit chain, one by one: each against the one before, its acts, order and tables."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlmodel import Session, col, func, select

from did import strict_json
from did.errors import DidError
from issuer import chain, reference_tables
from issuer.audit_findings import Examination, Loss
from issuer.audit_orders import Ledger
from issuer.chain import ActFacts
from issuer.models import ActRow, AuditRow, Restoration
from issuer.recorded_acts import acts_from

MAX_ENTRY = 1 << 24
"""Characters of an entry."""
Entry = dict[str, Any]


class _Acts(NamedTuple):
    """The acts that a link covers, what it says of them, and whether its order is one for them."""

    first: int
    last: int
    said: str
    acts: list[ActFacts]
    ordered: bool


def examine(session: Session, result: Examination, heads: dict[int, str], ledger: Ledger) -> None:
    """Reads the chain from its beginning; `heads` are the published ones, by length.

    The codes: `link_missing`, `link_changed`, `chain_recomputed`, `tail_cut`, `acts_changed`,
    `acts_uncovered`, `acts_unordered`, `tables_changed`, `restoration_differs`.
    """
    before, last, tables = chain.BEGINNING, 0, None
    restorations = dict(session.exec(select(Restoration.links, Restoration.at)).all())
    for row in session.exec(select(AuditRow).order_by(col(AuditRow.seq))):
        result.links += 1
        if row.seq != result.links:
            result.found("link_missing", "link", result.links)
            result.links = row.seq
        if row.sha256 != chain.link(before, row.entry):
            result.found("link_changed", "link", row.seq)
        try:
            entry = read(row.entry)
        except DidError:  # `_examine_acts` says so
            entry = {}
        _note(row, entry, result, restorations)
        published = heads.pop(row.seq, row.sha256.hex())
        if published != row.sha256.hex() and not result.is_lost(row.seq):
            result.found("chain_recomputed", "link", row.seq)
        before = row.sha256
        if (acts := _acts(session, entry, ledger)) is None:
            result.found("link_changed", "link", row.seq)
        else:
            _examine_acts(row, entry, acts, last, result)
            last = acts.last
        left = entry.get("tables")
        if tables is not None and not _tables_fit(entry, tables, left):
            result.found("tables_changed", "link", row.seq)
        tables = left if isinstance(left, str) else tables
    if tables is not None and _moved(tables, reference_tables.digest(session)):
        result.found("tables_changed", "link", result.links)
    for links in restorations:
        result.found("restoration_differs", "link", links + 1)
    for length in heads:
        if length > 0 and not result.is_lost(length):
            result.found("tail_cut", "link", length)
    _examine_uncovered(session, last, result)


def _examine_uncovered(session: Session, last: int, result: Examination) -> None:
    beside = (col(ActRow.id) > last) | (col(ActRow.id) < 1)  # links cover acts from the first on
    uncovered = session.exec(select(func.min(ActRow.id)).where(beside)).one()
    if uncovered is not None:
        result.found("acts_uncovered", "act", uncovered)


def read(text: str) -> Entry:
    """An entry, which somebody may have made anything of.

    Raises:
        DidError: it is none.
    """
    entry = strict_json.loads(text, max_bytes=MAX_ENTRY)
    if not isinstance(entry, dict):
        raise DidError("malformed_json", "no entry of an audit chain")
    return entry


def covered(entry: Entry) -> tuple[int, int, str]:
    """First and last act of an entry, and their digest.

    Raises:
        DidError: it is no entry.
    """
    match entry:
        case {"acts": [int(first), int(last)], "acts_sha256": str(said)}:
            return first, last, said
    raise DidError("malformed_json", "no entry of an audit chain")


def _tables_fit(entry: Entry, tables: str, left: object) -> bool:
    """Whether a link found the small tables as the one before left them, and changed those of its command."""
    before, event = entry.get("before"), entry.get("event")
    if isinstance(left, str) and not reference_tables.may_follow(tables, left):
        return False
    if not isinstance(before, str):  # a restoration of an earlier version said nothing of them
        says = reference_tables.tells_apart(str(left)) if event == "restore" else "order" in entry
        return not says
    if _moved(tables, before):
        return False
    if not isinstance(left, str) or not _moved(before, left):
        return True
    try:
        return reference_tables.moved(before, left) <= reference_tables.CHANGED.get(str(event), frozenset())
    except DidError:
        return False


def _moved(before: str, after: str) -> bool:
    return before != after and reference_tables.same_form(before, after)


def _note(row: AuditRow, entry: Entry, result: Examination, restorations: dict[int, int]) -> None:
    """Takes down a restoration that left its row, and whom an order had erased."""
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


def _acts(session: Session, entry: Entry, ledger: Ledger) -> _Acts | None:
    """What a link covers; None of one that is none."""
    try:
        first, last, said = covered(entry)
        ledger.read_link(entry)
        acts = list(acts_from(session, first, last))
        return _Acts(first, last, said, acts, ordered=ledger.covers(entry, acts))
    except (DidError, AttributeError, KeyError, TypeError, ValueError):  # whatever somebody made of it
        return None


def _examine_acts(row: AuditRow, entry: Entry, acts: _Acts, before: int, result: Examination) -> None:
    """Holds the acts that a link covers against its digest and its order; `before` is the last one before."""
    result.acts += len(acts.acts)
    if row.at != entry["at"]:
        result.found("link_changed", "link", row.seq)
    if acts.first != before + 1 or chain.digest(acts.acts) != acts.said:  # it has the acts' numbers in it
        result.found("acts_changed", "link", row.seq)
    if not acts.ordered:
        result.found("acts_unordered", "link", row.seq)
