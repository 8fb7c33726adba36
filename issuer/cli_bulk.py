"""`reissue`: the credentials of everybody who has a phone, issued again, and how far that is."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from issuer.civil_days import clock_time
from issuer.cli_orders import tell_waiting
from issuer.cli_output import print_json, tell
from issuer.cli_session import Session, rfc3339
from issuer.duties import Order
from issuer.lifecycle import ListKind
from issuer.order_book import Waiting
from issuer.reissue import Standing
from issuer.reissue_run import Report

MAX_WORKERS = 64


def add_bulk(command: Callable[..., ArgumentParser], add_clock: Callable[[ArgumentParser], object]) -> None:
    """Adds the command by `command(name, function, help)`."""
    added = command("reissue", reissue, "issue again for everybody who has a phone; the same command goes on")
    added.add_argument(
        "--kind",
        metavar="KIND",
        action="append",
        choices=[kind.value for kind in ListKind],
        help="seal, live or sd-jwt (default: all three)",
    )
    added.add_argument("--workers", metavar="N", type=_workers, help="processes (default: one a processor)")
    added.add_argument("--publish", metavar="OUT", help="publish there afterwards")
    added.add_argument("--status", action="store_true", help="only tell how far it is")
    add_clock(added)


def reissue(session: Session, options: Namespace) -> None:
    """`reissue [--kind KIND]… [--workers N] [--publish OUT] | --status`."""
    if options.status:
        _tell(session, options, session.open().reissued(), None, None)
        return
    standing = session.open().reissued()
    begun = standing is not None and standing.closed_at is None
    office = session.open(order=Order.REISSUE_PART if begun else Order.REISSUE, signing=True)
    with session.progress("reissuing") as progress:
        report = office.reissue(
            [ListKind(kind) for kind in options.kind or ()],
            workers=options.workers,
            progress=progress,
            clock_is_right=options.clock_is_right,
        )
    if isinstance(report, Waiting):
        tell_waiting(session, options, report)
        if standing is not None and report.new:
            session.note("reissue_another", at=clock_time(standing.closed_at or standing.opened_at))
        return
    published = None
    if options.publish is not None:
        began = perf_counter()
        office.publish(Path(options.publish), clock_is_right=options.clock_is_right)
        published = perf_counter() - began
    _tell(session, options, office.reissued(), report, published)


def _tell(
    session: Session,
    options: Namespace,
    standing: Standing | None,
    report: Report | None,
    published: float | None,
) -> None:
    if options.json:
        print_json(
            {
                "reissue": None if standing is None else _standing_json(standing),
                "run": None if report is None else _report_json(report, published),
            }
        )
        return
    if standing is None:
        tell(session.say("reissue_none"))
        return
    at = clock_time(standing.opened_at if standing.closed_at is None else standing.closed_at)
    kinds = ", ".join(standing.kinds)
    done, parts = standing.parts_done, standing.parts
    phrase = "reissue_open" if standing.closed_at is None else "reissue_closed"
    tell(session.say(phrase, kinds=kinds, people=standing.people, done=done, parts=parts, at=at))
    if standing.left_out:
        tell(session.say("reissue_left_out", count=standing.left_out))
    if report is None:
        return
    if report.skipped:
        tell(session.say("reissue_skipped", count=report.skipped))
    spent = report.spent
    seconds = {"signing": spent.signing, "encoding": spent.encoding, "database": spent.database}
    shown = {name: f"{value:.1f}" for name, value in seconds.items()}
    elapsed = f"{report.elapsed:.1f}"
    tell(session.say("reissue_spent", people=report.people, elapsed=elapsed, workers=report.workers, **shown))
    if published is not None:
        tell(session.say("reissue_published", seconds=f"{published:.1f}"))


def _standing_json(standing: Standing) -> dict[str, object]:
    return {
        "number": standing.number,
        "kinds": [kind.value for kind in standing.kinds],
        "opened_at": rfc3339(standing.opened_at),
        "closed_at": None if standing.closed_at is None else rfc3339(standing.closed_at),
        "people": standing.people,
        "parts": standing.parts,
        "parts_done": standing.parts_done,
        "left_out": standing.left_out,
    }


def _report_json(report: Report, published: float | None) -> dict[str, object]:
    return {
        "people": report.people,
        "skipped": report.skipped,
        "workers": report.workers,
        "elapsed": round(report.elapsed, 3),
        "seconds": {
            "signing": round(report.spent.signing, 3),
            "encoding": round(report.spent.encoding, 3),
            "database": round(report.spent.database, 3),
            "publication": None if published is None else round(published, 3),
        },
    }


def _workers(text: str) -> int:
    number = int(text)
    if not 1 <= number <= MAX_WORKERS:
        raise ArgumentTypeError("not a number of processes")
    return number
