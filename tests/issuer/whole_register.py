"""A register with rows of every kind in every table, whose every row the program wrote."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import pytest
from issuer_desk import CHEAP, PASSPHRASE, Desk, new_keys, open_desk, request
from print_desk import NAMES, add_banks, all_printed, approved, open_at_bank, order, report
from sqlmodel import Session

from credential.codes import Name
from issuer import register, restore, staff
from issuer.duties import Order, Role
from issuer.lifecycle import ListKind
from issuer.rejection_reasons import RejectionReason
from trust import KeyKind
from trust.documents import AuditHead

TEN_YEARS = 3660


def build(folder: Path) -> tuple[Desk, AuditHead]:
    """The register, and the head that its last publication carries.

    Of the cards some wait in every state; 1 has expired, 2 was revoked and its holder erased. Two
    banks print, one re-issue is done and another open, phones were lost and changed, and the register
    was once restored. All that follows the head are the last days of 1 and 2.
    """
    desk = restored(began(open_desk(folder), folder), folder)
    desk.later(days=20)
    lived(desk, folder)
    head = published(desk, folder)
    desk.later(days=TEN_YEARS - 20)
    desk.office.officer._desk.give(Order.DELTA, lambda _: [], lambda session, _, now: _expire(session, now))
    desk.office.erase()
    return desk, head


def _expire(session: Session, now: int) -> None:
    """What a delta begins with; the root of the desk's home is over by then, and nothing can be signed."""
    register.expire(session, now=now)


def began(desk: Desk, folder: Path) -> Desk:
    """Banks, gates, staff; and two people who have gone through all of it."""
    desk.office.printing.renew_key(cost=CHEAP)
    add_banks(desk, *NAMES[:2])
    for at in range(2):
        desk.office.printing.add_agency(f"X{at}", f"Agency {at}")
        desk.office.authority.add_gate(7 + at, Name("ច្រក", "Gate"), ["entry"])
    for name in ("ended", "kept"):
        public = staff.make_key(desk.home / "staff", name, PASSPHRASE, cost=CHEAP)
        desk.one("admin-1").add_staff(name, [Role.OFFICER], public)
        desk.one("admin-2").add_staff(name, [Role.OFFICER], public)
    desk.one("admin-1").end_staff("ended")
    desk.one("admin-2").end_staff("ended")
    cards = active(desk, folder, 2, bank=NAMES[0], seed=1)
    for card in cards:
        desk.enrol(card)
    desk.office.reissue(workers=1)
    desk.office.revoke(cards[1])
    desk.apply(2, seed=2)
    desk.office.reject([3, 4], RejectionReason.OTHER, note="said so")
    published(desk, folder)
    desk.later(minutes=1)
    desk.office.deltas()
    return desk


def restored(desk: Desk, folder: Path) -> Desk:
    """The same from a backup that was the last thing done."""
    desk.office.backup(folder / "backup", passphrase=PASSPHRASE, cost=CHEAP)
    desk.engine.dispose()
    staff_keys, offline = desk.home / "staff", desk.home / "offline"
    new = folder / "restored"
    restore.restore(
        folder / "backup",
        new,
        passphrase=lambda: PASSPHRASE,
        now=desk.now,
        published=folder / "stick",
        nothing_since=True,
    )
    for place in (staff_keys, offline):
        if not (new / place.name).exists():
            place.rename(new / place.name)
    again = Desk(new)
    again.now = desk.now
    return again


def lived(desk: Desk, folder: Path) -> None:
    """Another ten people, one in each state that a card of today can be in, and two applications."""
    cards = active(desk, folder, 9, bank=NAMES[1], seed=3)
    phone, moved, ended, suspended, lost, replaced, retired, offered, amended = cards
    keys = new_keys()
    asked = request(desk.office.offer(phone), keys, now=desk.now)
    desk.office.issue(asked)
    for card in (moved, ended, suspended, lost, replaced):
        desk.enrol(card)
    desk.later(minutes=1)
    desk.enrol(moved)
    desk.office.revoke_wallet(ended)
    desk.office.suspend(suspended)
    desk.office.report_lost(lost)
    desk.office.retire(retired)
    desk.office.reissue(workers=1)
    desk.office.issue(asked)  # collects
    desk.plain.replace(replaced)
    desk.office.suspend(amended)
    desk.office.reinstate(amended)
    (employee,) = desk.rows(
        f"SELECT employee_id FROM person JOIN card ON person_id = person.id WHERE number = '{amended}'"  # noqa: S608
    )
    desk.one("officer").amend(str(employee), {"position": "Clerk of all"})
    printing(desk, folder)
    desk.apply(2, seed=7)
    for turned_down_by in ("approver", "officer"):
        waiting = desk.one("officer").revoke(offered)
        assert waiting is not None
        desk.one(turned_down_by).turn_down(waiting.number)
    desk.one("officer").retire(offered)
    desk.office.offer(offered)
    desk.office.authority.renew([KeyKind.SEAL], cost=CHEAP)
    desk.office.authority.report_stolen("seal-2026q4")
    desk.office.authority.report_stolen(desk.office.printing.renew_key(cost=CHEAP))
    desk.later(minutes=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("issuer.reissue_run.run", _stopped)
        with pytest.raises(InterruptedError):
            desk.office.reissue([ListKind.LIVE])


def printing(desk: Desk, folder: Path) -> None:
    """Cards that were printed, that are at the bank, that it gave back, and that nobody ordered yet."""
    approved(desk, 3, seed=5)
    (made,) = order(desk, folder / "third", bank=NAMES[0]).orders
    batch = open_at_bank(desk, made.file, folder / "opened-third", bank=NAMES[0])
    desk.office.printing.take_report(report(batch, all_printed(batch)[:1], at=desk.now))
    desk.office.printing.give_back(made.number, [batch.cards[1].number])


def active(desk: Desk, folder: Path, count: int, *, bank: str, seed: int) -> Sequence[str]:
    """The numbers of that many new cards that a bank has printed and their holders have."""
    numbers = approved(desk, count, seed=seed)
    (made,) = order(desk, folder / f"batches-{seed}", bank=bank).orders
    batch = open_at_bank(desk, made.file, folder / f"opened-{seed}", bank=bank)
    desk.office.printing.take_report(report(batch, all_printed(batch), at=desk.now))
    desk.office.activate(numbers)
    return numbers


def published(desk: Desk, folder: Path) -> AuditHead:
    """Publishes twice, as a first publication notes keys; the head that others then hold."""
    for _ in range(2):
        desk.office.publish(folder / "stick")
        desk.later(minutes=1)
    return desk.office.published_head(folder / "stick")


def _stopped(*_: object, **__: object) -> NoReturn:
    raise InterruptedError
