"""`standing`: where every application stands, by agency, as a table and as a picture."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping
from pathlib import Path

from rich.cells import cell_len, set_cell_size

from credential.codes import Name
from issuer import card_days, civil_days
from issuer.card_fonts import find_fonts
from issuer.cli_output import print_json, tell
from issuer.cli_program import UsageError
from issuer.cli_session import Session, rfc3339, write_file
from issuer.cli_wording import PHRASES, choose
from issuer.day_chart import MAX_AGENCIES, STAGES, AgencyCounts, DayStage, draw_png, draw_svg
from issuer.lifecycle import CardState
from issuer.rejection_reasons import REASONS

_STAGE = {
    CardState.APPLIED: DayStage.APPLIED,
    CardState.REJECTED: DayStage.REJECTED,
    CardState.APPROVED: DayStage.APPROVED,
    CardState.IN_BATCH: DayStage.IN_BATCH,
    CardState.PRINTED: DayStage.PRINTED,
    CardState.ACTIVE: DayStage.ACTIVE,
}
"""Every other state is `DayStage.OTHER`."""


def add_standing(command: Callable[..., ArgumentParser]) -> None:
    """Adds the command by `command(name, function, help)`."""
    added = command("standing", standing, "where every application stands, by agency")
    added.add_argument("--out", metavar="FILE", help="draw a picture of it: a .png or a .svg file")


def standing(session: Session, options: Namespace) -> None:
    """`standing [--out FILE]`: agencies x stages."""
    out = None if options.out is None else Path(options.out)
    if out is not None and out.suffix.lower() not in (".png", ".svg"):
        raise UsageError("usage_value", names="--out")
    office = session.open()
    found, now = office.standing(), session.clock().timestamp()
    rows = [_counts(agency, states) for agency, states in found.items()]
    if options.json:
        agencies = [
            {"agency": agency, **{state.value: count for state, count in states.items()}}
            for agency, states in found.items()
        ]
        rejected = {reason.value: count for reason, count in office.rejected().items()}
        total = sum(row.total for row in rows)
        at = rfc3339(int(now))
        print_json({"at": at, "agencies": agencies, "total": total, "rejected": rejected})
    else:
        _table(session, rows)
        for reason, count in office.rejected().items():
            tell(session.say("rejected_for", count=count, reason=choose(session.language, REASONS[reason])))
    if out is not None:
        day, title = civil_days.day_of(now), PHRASES["standing_title"]
        title = Name(f"{title.km}៖ {card_days.khmer(day)}", f"{title.en}: {card_days.english(day)}")
        png, drawn = out.suffix.lower() == ".png", _drawn(rows)
        picture = (
            draw_png(drawn, title=title, fonts=find_fonts()) if png else draw_svg(drawn, title=title).encode()
        )
        write_file(out, picture, mode=0o644)
        session.note("written", path=out)


def _drawn(rows: list[AgencyCounts]) -> list[AgencyCounts]:
    """What a picture has room for: of more agencies than that the smallest together."""
    if not rows:
        return [AgencyCounts(agency=PHRASES["no_agency"], counts={})]
    if len(rows) <= MAX_AGENCIES:
        return rows
    kept = sorted(rows, key=lambda row: -row.total)
    rest = kept[MAX_AGENCIES - 1 :]
    counts = {stage: sum(row.of(stage) for row in rest) for stage in DayStage}
    return [*kept[: MAX_AGENCIES - 1], AgencyCounts(agency=PHRASES["other_agencies"], counts=counts)]


def _counts(agency: str, states: Mapping[CardState, int]) -> AgencyCounts:
    counts: dict[DayStage, int] = {}
    for state, count in states.items():
        stage = _STAGE.get(state, DayStage.OTHER)
        counts[stage] = counts.get(stage, 0) + count
    name = Name(agency, agency) if agency else PHRASES["no_agency"]
    return AgencyCounts(agency=name, counts=counts)


def _table(session: Session, rows: list[AgencyCounts]) -> None:
    whole = session.say("total")
    heads = [*(choose(session.language, STAGES[stage][0]) for stage in DayStage), whole]
    names = [*(choose(session.language, row.agency) for row in rows), whole]
    width = max(map(cell_len, names))
    tell("  ".join([" " * width, *heads]))
    counts = [[*(row.of(stage) for stage in DayStage), row.total] for row in rows]
    counts.append([sum(column) for column in zip(*counts, strict=True)] or [0] * len(heads))
    for name, row in zip(names, counts, strict=True):
        cells = [str(count).rjust(cell_len(head)) for count, head in zip(row, heads, strict=True)]
        tell("  ".join([set_cell_size(name, width), *cells]))
