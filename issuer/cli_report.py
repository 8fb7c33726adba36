"""What `import` and `amend` tell of a file: every row at fault, and how many came out how."""

from __future__ import annotations

from argparse import Namespace

from issuer import cli_wording
from issuer.applications import ImportReport
from issuer.cli_output import print_json, tell
from issuer.cli_session import Session
from issuer.errors import IssuerError
from issuer.faults import DIFFER, Fault
from issuer.rejection_reasons import REASONS
from issuer.report_wording import STRAYS
from issuer.sheet_rows import COLUMNS


def show_report(session: Session, options: Namespace, report: ImportReport) -> None:
    """What became of a file's rows.

    Raises:
        IssuerError: `bad_rows`, if some are at fault.
    """
    if options.json:
        print_json(_report_json(report))
    else:
        _print_report(session, report)
    if options.report:
        session.note("written", path=options.report)
    if report.faults:
        rows = len({fault.row for fault in report.faults})
        message = f"rows at fault: {rows}; the others were taken; mend these and send the file again"
        raise IssuerError("bad_rows", message, rows=rows)


def _report_json(report: ImportReport) -> dict[str, object]:
    return {
        "rows": report.rows,
        **(
            {"amended": report.imported, "unchanged": report.already_there, "changed": _changes(report)}
            if report.amends
            else {
                "imported": report.imported,
                "already_there": report.already_there,
                "without_photo": report.without_photo,
            }
        ),
        "ignored_columns": [{"column": title, "like": like} for title, like in report.ignored.items()],
        "warnings": [
            {
                "row": warning.row,
                "column": warning.column,
                "kind": warning.kind.value,
                "advice_en": warning.advice.en,
                "advice_km": warning.advice.km,
            }
            for warning in report.warnings
        ],
        "repeated": [{"row": row, "first_row": first} for row, first in report.repeated],
        "photos_not_used": [{"name": s.name, "reason": s.reason.value} for s in report.strays],
        "faults": [
            {
                "row": fault.row,
                "column": fault.column,
                "kind": fault.kind.value,
                "other_row": fault.other_row,
                "columns": report.changed.get(fault.row, []) if fault.kind in DIFFER else [],
                "reason": report.reasons.get(fault.row),
                "advice_en": fault.advice.en,
                "advice_km": fault.advice.km,
            }
            for fault in report.faults
        ],
    }


def _changes(report: ImportReport) -> list[dict[str, object]]:
    bad = {fault.row for fault in report.faults}
    return [{"row": row, "columns": columns} for row, columns in report.changed.items() if row not in bad]


def _print_report(session: Session, report: ImportReport) -> None:
    for title, like in report.ignored.items():
        phrase = "column_ignored_like" if like else "column_ignored"
        tell(session.say(phrase, title=title, like=like))
    for warning in report.warnings:
        tell(session.say("import_warning", fault=_fault(session, warning)))
    for stray in report.strays:
        reason = cli_wording.choose(session.language, STRAYS[stray.reason])
        tell(session.say("photo_not_used", name=stray.name, reason=reason))
    for fault in report.faults:
        line = _fault(session, fault)
        if fault.row in report.reasons:
            reason = cli_wording.choose(session.language, REASONS[report.reasons[fault.row]])
            line += f" ({reason})"
        if fault.row in report.changed:
            line += " " + session.say("fault_columns", columns=", ".join(report.changed[fault.row]))
        tell(line)
    for row, first in report.repeated:
        tell(session.say("repeated", row=row, first=first))
    faulty = len({fault.row for fault in report.faults})
    counted = {"rows": report.rows, "imported": report.imported, "already_there": report.already_there}
    tell(
        session.say(
            "amend_summary" if report.amends else "import_summary",
            **counted,
            repeated=len(report.repeated),
            faulty=faulty,
        )
    )
    if report.without_photo:
        tell(session.say("no_face", count=report.without_photo))


def _fault(session: Session, fault: Fault) -> str:
    place = f"{fault.row} {fault.column} ({COLUMNS[fault.column]})" if fault.column else str(fault.row)
    advice = cli_wording.choose(session.language, fault.advice)
    line = session.say("fault", place=place, advice=advice, kind=fault.kind.value)
    if fault.other_row is not None:
        line += " " + session.say("fault_other", other=fault.other_row)
    return line
