"""`audit`: the register against its audit chain, and that against what was published."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path

from issuer.civil_days import clock_time
from issuer.cli_output import print_json, tell
from issuer.cli_session import Session, rfc3339
from issuer.cli_wording import PROBLEMS, choose
from issuer.errors import IssuerError


def add_audit(command: Callable[..., ArgumentParser]) -> None:
    """Adds the command by `command(name, function, help)`."""
    added = command("audit", audit, "hold the register against its audit chain")
    added.add_argument(
        "--against",
        metavar="TRUST",
        action="append",
        default=[],
        help="a publication or a gate's home, older ones too: the chain must lead to what they hold",
    )


def audit(session: Session, options: Namespace) -> None:
    """`audit [--against TRUST]…`: every link, act and row; ends with 1 when something does not fit."""
    office = session.open()
    heads = [office.published_head(Path(place)) for place in options.against]
    with session.progress("examining"):
        result = office.examine(heads)
    if options.json:
        problems = [{"code": p.code, "about": p.about, "number": p.number} for p in result.problems]
        restored = [
            {"at": rfc3339(loss.at), "kept": loss.kept, "lost": loss.lost} for loss in result.restored
        ]
        print_json(
            {
                "links": result.links,
                "acts": result.acts,
                "against": len(heads),
                "restored": restored,
                "erased": len(result.erased),
                "problems": problems,
            }
        )
    else:
        for problem in result.problems:
            words = choose(session.language, PROBLEMS[problem.code])
            tell(f"{problem.code}: {words.format(number=problem.number, about=problem.about)}")
        for loss in result.restored:
            told = {"at": clock_time(loss.at), "kept": loss.kept, "lost": loss.lost - loss.kept}
            tell(session.say("examined_restored", **told))
        if result.erased:
            tell(session.say("examined_erased", count=len(result.erased)))
        tell(session.say("examined", links=result.links, acts=result.acts, heads=len(heads)))
        if not result.problems:
            tell(session.say("examined_fits"))
    if result.problems:
        raise IssuerError(
            "audit_failed",
            f"{len(result.problems)} things do not fit: somebody has changed the register past this program, "
            "or it is damaged; keep it as it is, and compare it with a backup",
        )
