"""`backup`, `restore` and `erase`: keeping the register, and keeping it no longer than it is needed."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from issuer import restore, staff
from issuer.civil_days import clock_time
from issuer.cli_orders import tell_waiting
from issuer.cli_output import print_json, tell
from issuer.cli_program import PERSON, UsageError
from issuer.cli_session import Session, rfc3339
from issuer.duties import Order
from issuer.erasure import Plan
from issuer.home import Home
from issuer.order_book import Waiting
from issuer.restored_register import Restored
from issuer.retention import Retention
from issuer.signing import holds_key

_SHOWN = 20


def add_keeping(command: Callable[..., ArgumentParser]) -> None:
    """Adds the commands by `command(name, function, help)`."""
    added = command("backup", back_up, "one file with the register and the home, while the desk works")
    added.add_argument("out", metavar="OUT", help="the file, outside of the home")
    added.add_argument(
        "--own-passphrase", action="store_true", help="seal it with a passphrase of its own, not the home's"
    )
    added.add_argument(
        "--unencrypted",
        action="store_true",
        help="leave it unencrypted: everybody's personal data can be read in it",
    )
    added = command("restore", restore_home, "make a new home and register out of a backup")
    added.add_argument("file", metavar="FILE", help="the backup")
    added.add_argument(
        "--published",
        metavar="TRUST",
        help="the newest stick, or a gate's home: what was published after the backup",
    )
    added.add_argument(
        "--nothing-since",
        action="store_true",
        help="the register did nothing after this backup, and will never be used again",
    )
    added = command("erase", erase, "whose personal data may go; with --yes it goes, for good")
    added.add_argument("--yes", action="store_true", help="erase it now")


def back_up(session: Session, options: Namespace) -> None:
    """`backup OUT`: sealed with the home's passphrase, unless another is wanted, or none."""
    out = Path(options.out)
    if options.unencrypted and options.own_passphrase:
        raise UsageError("usage_value", names="--unencrypted")
    passphrase = None
    if options.own_passphrase or not (options.unencrypted or holds_key(Home(session.home).keys)):
        passphrase = session.new_passphrase("ask_backup_new")
        staff.check_new_passphrase(Home(session.home), passphrase)
    office = session.open(
        order=Order.BACKUP, signing=not options.unencrypted and passphrase is None, pin=False
    )
    if not options.unencrypted and passphrase is None:
        passphrase = office.check_passphrase()
    with session.progress("backing_up") as progress:
        made = office.backup(out, passphrase=passphrase, cost=session.cost, progress=progress)
    if options.json:
        print_json({"path": out, "sealed": not options.unencrypted, **asdict(made)})
    else:
        tell(
            session.say(
                "backed_up",
                path=out,
                size=made.size,
                rows=made.rows,
                photos=made.photos,
                links=made.head.length,
            )
        )
    session.note("backup_open" if options.unencrypted else "backup_sealed")
    if made.problems:
        session.note("backup_problems", problems=made.problems)
    if made.custodians:
        session.note("custodians_left_out")


def restore_home(session: Session, options: Namespace) -> None:
    """`restore FILE`: into the home that is named, which is new, and an empty database."""
    asked: list[str] = []

    def passphrase() -> str:
        asked[:] = asked or [session.passphrase()]
        return asked[0]

    def person() -> tuple[str, str]:
        name = session.person or os.environ.get(PERSON) or "admin-1"
        return name, session.person_passphrase(name)

    with session.progress("restoring") as progress:
        made = restore.restore(
            Path(options.file),
            session.home,
            passphrase=passphrase,
            now=session.clock(),
            published=Path(options.published) if options.published else None,
            nothing_since=options.nothing_since,
            person=person,
            progress=progress,
        )
    if options.json:
        print_json(
            {
                "at": rfc3339(made.at),
                "rows": made.rows,
                "audit_head": asdict(made.head),
                "problems": made.problems,
                "links_lost": made.lost,
                "lists_closed": made.closed,
                **asdict(made.carried),
            }
        )
    else:
        tell(session.say("restored", at=clock_time(made.at), rows=made.rows, links=made.head.length))
    _tell_loss(session, made)


def erase(session: Session, options: Namespace) -> None:
    """`erase [--yes]`: shows first; what goes is gone."""
    office = session.open(order=Order.ERASE) if options.yes else session.open()
    if options.yes:
        with session.progress("erasing") as progress:
            made = office.erase(progress=progress)
        if isinstance(made, Waiting):
            tell_waiting(session, options, made)
            return
        planned = made
    else:
        planned = office.erasable()
    rule = Retention.read(session.home)
    if options.json:
        people = [{**asdict(each), "ended_at": rfc3339(each.ended_at)} for each in planned.people]
        print_json(
            {
                "erased": options.yes,
                "people": people,
                "files": [*planned.files],
                "copies": [*planned.copies],
            }
        )
        return
    _tell_plan(session, planned, rule)
    if not planned.people:
        tell(session.say("nobody_due"))
    if any((planned.people, planned.files, planned.copies)):
        tell(session.say("erased" if options.yes else "erase_preview"))


def _tell_loss(session: Session, made: Restored) -> None:
    """What came after the backup, and what has to be done for it."""
    if made.problems:
        session.note("backup_problems", problems=made.problems)
    if made.lost:
        first = made.head.length + 1
        session.note("links_lost", count=made.lost, first=first, last=made.head.length + made.lost)
    for name in ("ended", "suspended", "phones"):
        if cards := getattr(made.carried, name):
            session.note(f"carried_{name}", cards=", ".join(cards))
    if made.carried.unknown:
        session.note("carried_unknown", count=made.carried.unknown)
    if made.closed:
        session.note("not_published_since")
        session.note("lists_closed")


def _tell_plan(session: Session, planned: Plan, rule: Retention) -> None:
    rejected = sum(each.rejected for each in planned.people)
    tell(
        session.say(
            "erase_due",
            people=len(planned.people),
            years=rule.ended_years,
            days=rule.rejected_days,
            rejected=rejected,
            ended=len(planned.people) - rejected,
        )
    )
    for each in planned.people[:_SHOWN]:
        tell(session.say("erase_row", person=each.person, at=clock_time(each.ended_at)))
    photos = sum(path.suffix == ".jpg" for path in planned.files)
    counts = {"photos": photos, "notes": len(planned.files) - photos, "copies": len(planned.copies)}
    tell(session.say("erase_files", **counts))
