"""A register out of a backup: its rows loaded, examined, and kept from giving anything out twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Table, inspect
from sqlmodel import Session, col, func, select

from did import strict_json
from issuer import audit, database, order_book, publication, reference_tables, register_load, register_rows
from issuer.audit_links import MAX_ENTRY
from issuer.backup_file import malformed
from issuer.backup_manifest import Manifest
from issuer.carried_over import CarriedOver, carry_over
from issuer.duties import Order
from issuer.errors import IssuerError
from issuer.lifecycle import Act
from issuer.models import ActRow, AuditRow, Card, Restoration, StatusList
from issuer.order_book import Given
from issuer.published_state import Published
from issuer.restoration import (
    LISTS_SKIPPED,
    SEQUENCES_SKIPPED,
    TEMPLATES_SKIPPED,
    VERSIONS_SKIPPED,
    list_floor,
    number_of,
    template_floor,
)
from issuer.staff import Member
from trust.documents import AuditHead
from trust.publication import MAX_AHEAD

SignIn = Callable[[Session], tuple[str, Member]]
"""Returns the issuer whose register it is, and the member of staff who is at it."""
_MOST_STEPS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was restored: when it was backed up (epoch seconds), how many links it has, what came after it.

    `lost` is how many links of the audit chain came after it at least. With `closed` the lists
    that were there give no more indices: keys have to be renewed and signed.
    """

    at: int
    rows: int
    head: AuditHead
    problems: int
    lost: int
    closed: bool
    carried: CarriedOver


class Loading:
    """The tables of an empty register, being filled in one transaction, each once."""

    def __init__(self, connection: Connection, *, published: Published | None, lossy: bool) -> None:
        self._connection = connection
        self._tables = register_load.tables_of(connection)
        self._published = published
        self._lossy = lossy
        self._rows: dict[str, int] = {}

    def load(self, name: str, chunks: Iterable[bytes]) -> None:
        """Fills one table with the rows in `chunks`.

        Raises:
            IssuerError: `malformed_backup`; as `database.writing`.
        """
        table = self._tables.get(name)
        if table is None or name in self._rows:
            raise malformed("has a table that no register has")
        rows: Iterable[Sequence[Any]] = register_rows.rows(table, register_rows.split(chunks))
        if name == "status_list" and self._lossy:
            rows = self._ahead(table, rows)
        self._rows[name] = register_load.load(self._connection, table, rows)

    def finish(self, rows: dict[str, int]) -> None:
        """Sees to it that all is there, and that what is numbered goes on after it.

        Raises:
            IssuerError: `malformed_backup`.
        """
        if self._rows != rows or rows.keys() != self._tables.keys():
            raise malformed("has other rows than its manifest says")
        register_load.continue_numbers(self._connection, self._tables.values())

    def _ahead(self, table: Table, rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
        """Lists whose sequence is above all that gates may have."""
        names = table.columns.keys()
        uri, sequence = names.index("uri"), names.index("sequence")
        lists = self._published.lists if self._published else {}
        for row in rows:
            known = lists[row[uri]].sequence if row[uri] in lists else 0
            raised = max(row[sequence], known) + SEQUENCES_SKIPPED
            yield (*row[:sequence], raised, *row[sequence + 1 :])


def settle(
    session: Session,
    manifest: Manifest,
    *,
    published: Published | None,
    lossy: bool,
    sign_in: SignIn,
    now: int,
) -> None:
    """Holds what was loaded against the manifest and what was published, and adds its link.

    Raises:
        IssuerError: `backup_altered`, `published_differs`, `backup_behind`.
    """
    reference_tables.remember(session)
    found = audit.examine(session)
    if audit.head(session) != manifest.head or len(found.problems) != manifest.problems:
        raise IssuerError(
            "backup_altered",
            "the register in the backup is not the one that its manifest says; nothing was kept",
        )
    theirs = published.head if published else None
    lost = max(theirs.length if theirs else 0, manifest.head.length)
    if theirs is not None and not (lossy and theirs.length > manifest.head.length):
        _check_same(session, theirs, manifest.problems)
    carried, link = CarriedOver(), dict[str, object]()
    with register_load.rules_of_birth_resting(session.connection()):
        if lossy:
            _skip(session, manifest, published, now)
        else:
            _remember(session, manifest, now)
        given = _order(session, manifest, sign_in, now) if lossy and published is not None else None
    if given is not None and published is not None:
        carried = carry_over(session, published, now=now)
        order_book.finish(session, given, now=now)
        link = {"order": order_book.to_link(session, given)}
    audit.append(
        session,
        "restore",
        now=now,
        backup=manifest.sha256,
        kept=manifest.head.length,
        lost=lost,
        unknown=carried.unknown,
        **link,
    )


def told(session: Session, manifest: Manifest) -> Restored | None:
    """What the restoration of this backup did, if it was the last thing that was done to the register."""
    last = session.exec(select(AuditRow).order_by(col(AuditRow.seq).desc()).limit(1)).first()
    entry = strict_json.loads(last.entry, max_bytes=MAX_ENTRY) if last else {}
    if entry.get("event") != "restore" or entry.get("backup") != manifest.sha256:
        return None
    first, final = entry["acts"]
    acts = session.exec(
        select(ActRow.act, Card.number)
        .join(Card, col(Card.id) == ActRow.card_id)
        .where(col(ActRow.id).between(first, final))
        .order_by(col(ActRow.id))
    ).all()
    numbers = {act: tuple(str(number) for each, number in acts if each == act) for act, _ in acts}
    return Restored(
        at=manifest.at,
        rows=sum(manifest.rows.values()),
        head=manifest.head,
        problems=manifest.problems,
        lost=entry["lost"] - entry["kept"],
        closed=session.get_one(Restoration, _last_number(session)).last_list > 0,
        carried=CarriedOver(
            ended=numbers.get(Act.REVOKE, ()),
            suspended=numbers.get(Act.SUSPEND, ()),
            phones=numbers.get(Act.REVOKE_WALLET, ()),
            unknown=entry["unknown"],
        ),
    )


def already(engine: Engine, manifest: Manifest) -> Restored | None:
    """What `told` says of a database in which a killed command has restored this backup; None elsewhere."""
    file = database.file_of(engine)
    if file is not None and not file.is_file():
        return None
    with database.reading(engine) as session:
        if not inspect(session.connection()).has_table(AuditRow.__tablename__):
            return None
        return told(session, manifest)


def _order(session: Session, manifest: Manifest, sign_in: SignIn, now: int) -> Given:
    issuer, member = sign_in(session)
    content = bytes.fromhex(manifest.sha256)
    return order_book.ask(session, member, Order.RESTORE, issuer=issuer, content=content, details={}, now=now)


def _check_same(session: Session, theirs: AuditHead, problems: int) -> None:
    """That what was published is of this register, from before its backup."""
    codes = [problem.code for problem in audit.examine(session, [theirs]).problems]
    if len(codes) > problems:
        if "tail_cut" in codes:
            raise IssuerError(
                "backup_behind",
                "the register did more after this backup, and published it: restore without --nothing-since",
            )
        raise IssuerError("published_differs", "what was published there is of another register")


def _skip(session: Session, manifest: Manifest, published: Published | None, now: int) -> None:
    last, version = publication.last_version(session), published.version if published else 0
    wanted = max(last, version) + VERSIONS_SKIPPED
    if wanted - last > _MOST_STEPS * MAX_AHEAD:
        raise IssuerError("published_differs", "what was published there has a version that is far too high")
    while last < wanted:
        last = min(wanted, last + MAX_AHEAD)
        publication.record_version(session, last, now=now)
    uris = published.lists if published else {}
    kinds = session.exec(select(StatusList.kind).distinct()).all()
    _remember(
        session,
        manifest,
        now,
        last_list=session.exec(select(func.max(StatusList.id))).one() or 0,
        list_floor=max([*(list_floor(session, kind) for kind in kinds), *map(number_of, uris)])
        + LISTS_SKIPPED,
        template_floor=max(template_floor(session), published.template if published else 0)
        + TEMPLATES_SKIPPED,
    )


def _remember(session: Session, manifest: Manifest, now: int, **floors: int) -> None:
    number = _last_number(session) + 1
    none = {"last_list": 0, "list_floor": 0, "template_floor": 0}
    session.add(Restoration(number=number, at=now, links=manifest.head.length, **{**none, **floors}))
    session.flush()


def _last_number(session: Session) -> int:
    return session.exec(select(func.max(Restoration.number))).one() or 0
