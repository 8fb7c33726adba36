"""Print orders and reports held against the acts that entered them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from issuer import contents
from issuer.chain import ActFacts
from issuer.lifecycle import Act
from issuer.print_models import PrintOrderRow, PrintReportRow, PrintRow


def differing(session: Session, acts: Sequence[ActFacts]) -> list[int]:
    """The cards whose places in orders are not those that the acts, in their order, gave them.

    Or which were printed by a report that the register does not have.
    """
    ordered: dict[int, list[tuple[bytes, int | None]]] = {}  # and when it was returned
    reported: dict[int, bytes] = {}
    for act in acts:
        if act.act == Act.RETURN_PRINT:
            if places := ordered.get(act.card_id):
                places[-1] = (places[-1][0], act.at)
        elif act.content is not None and act.act == Act.ORDER_PRINT:
            ordered.setdefault(act.card_id, []).append((act.content, None))
        elif act.content is not None:
            reported[act.card_id] = act.content
    stand: dict[int, list[tuple[bytes, int | None]]] = {}
    rows = (
        select_columns(
            *map(col, (PrintRow.card_id, PrintRow.sequence, PrintRow.returned_at)),
            *map(col, (PrintOrderRow.number, PrintOrderRow.bank, PrintOrderRow.ordered_at)),
        )
        .join(PrintOrderRow, col(PrintOrderRow.id) == PrintRow.order_id)
        .order_by(col(PrintRow.order_id))
    )
    for card, sequence, returned_at, number, bank, ordered_at in session.execute(rows):
        order = {"number": number, "bank": bank, "ordered_at": ordered_at}
        stand.setdefault(card, []).append((contents.of_print_row(order, sequence), returned_at))
    reports = set(session.exec(select(PrintReportRow.sha256)))
    wrong = {card for card in ordered.keys() | stand.keys() if ordered.get(card) != stand.get(card)}
    return sorted(wrong | {card for card, report in reported.items() if report not in reports})
