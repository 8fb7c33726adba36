"""One member of staff with the register's file and their own key: the means to forge."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

from issuer_desk import CHEAP, PASSPHRASE, Desk
from sqlmodel import Session

from issuer import audit, database, order_book, reference_tables, staff
from issuer.duties import Order, Role
from issuer.lifecycle import Act
from issuer.models import ActRow
from issuer.order_book import Given
from trust.documents import AuditHead


def head(desk: Desk) -> AuditHead:
    """What was published."""
    return desk.office.published_head(desk.home.with_name("stick"))


def codes(desk: Desk, published: AuditHead | None = None) -> set[str]:
    """What an audit finds that knows what was published."""
    return {problem.code for problem in desk.office.examine([published or head(desk)]).problems}


@contextmanager
def lawless(desk: Desk) -> Iterator[Session]:
    """A transaction in which no rule is awake; they are put back afterwards."""
    with database.writing(desk.engine) as session:
        connection = session.connection()
        found = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
        for name, _ in found:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        yield session
        session.flush()
        for _, text in found:
            connection.exec_driver_sql(text)


def now(desk: Desk) -> int:
    """The desk's time in epoch seconds."""
    return int(desk.now.timestamp())


def own(
    desk: Desk,
    session: Session,
    order: Order,
    *,
    who: str = "officer",
    cards: Collection[int] = (),
    **details: object,
) -> Given:
    """An order of one's own, truly signed."""
    member = desk.one(who)._desk.somebody()
    issuer = desk.office.config.issuer
    return order_book.ask(session, member, order, issuer=issuer, cards=cards, details=details, now=now(desk))


def link(desk: Desk, session: Session, event: str, given: Given | None, **told: object) -> None:
    """A link of the chain as the program would have added it."""
    if given is not None:
        order_book.finish(session, given, now=now(desk))
        told["order"] = order_book.to_link(session, given)
    audit.append(session, event, now=now(desk), **told)


def under(desk: Desk, order: Order, do: Callable[[Session], object], *, cards: Collection[int] = ()) -> None:
    """Whatever `do` does, in a link of its own under an order of the officer's own; no rule is awake."""
    with lawless(desk) as session:
        reference_tables.remember(session)
        given = own(desk, session, order, cards=cards)
        do(session)
        session.flush()
        link(desk, session, order.value, given)


def act(
    desk: Desk,
    session: Session,
    kind: Act,
    card: int,
    *,
    wallet: int | None = None,
    content: bytes | None = None,
    at: int | None = None,
) -> None:
    """A row of `act`."""
    at = now(desk) if at is None else at
    session.add(ActRow(at=at, act=kind.value, card_id=card, wallet_id=wallet, content=content))
    session.flush()


def run(session: Session, statement: str, *values: object) -> None:
    """A raw statement, which changes something."""
    assert session.connection().exec_driver_sql(statement, values).rowcount > 0


def add(desk: Desk, name: str, role: Role) -> None:
    """Makes somebody a member of staff, by both administrators."""
    public = staff.make_key(desk.home / "staff", name, PASSPHRASE, cost=CHEAP)
    asked = desk.one("admin-1").add_staff(name, [role], public)
    assert asked is not None
    desk.one("admin-2").confirm(asked.number)


def end(desk: Desk, name: str) -> None:
    """Ends somebody's time as a member of staff, by both administrators."""
    asked = desk.one("admin-1").end_staff(name)
    assert asked is not None
    desk.one("admin-2").confirm(asked.number)
