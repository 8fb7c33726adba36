"""The whole of Montrey in one run, on this machine alone.

    python -m examples.demo --out demo

A ministry is founded, and its launch day goes by: 17 agencies apply for 1,859
people, three banks print, 497 cards are handed over. Three of these people get
phones; two gates and a bank judge what is shown to them, and everything is left
in the folder to be tried by hand. Ends with 0 when every figure is what it must
be and every scene got the answer it must get, 1 when one did not, 2 when the
folder cannot be used.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console

from credential import qr_draw, qr_read
from examples import demo_guard, demo_ministry, demo_report, demo_scenes, launch_telling
from examples.demo_folder import Folder, FolderError, prepare
from examples.demo_gate import Gate, Outcome, Scene
from examples.demo_pictures import draw_sheet
from examples.demo_scenes import Official
from examples.demo_script import SCRIPT
from examples.demo_table import Teller, commands
from examples.launch_day import LaunchDay
from examples.launch_plan import APPLICATIONS, BANKS, HANDED
from examples.two_people import TwoPeople
from issuer.home import DATABASE_VARIABLE
from issuer.lifecycle import CardState
from revocation import delta
from trust.publication import Publication
from trust.sync import apply_delta, init_home, sync


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the demo; `arguments` default to the program's own."""
    parser = argparse.ArgumentParser(prog="demo", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--out", type=Path, default=Path("demo"), metavar="DIR", help="default: demo")
    options = parser.parse_args(arguments)
    os.environ.pop(DATABASE_VARIABLE, None)  # a register that is at work is none of a demo's business
    try:
        return Demo(prepare(options.out), Teller(Console())).run()
    except (FolderError, OSError) as error:
        print(f"demo: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


class Demo:
    """One run, stage by stage."""

    def __init__(self, folder: Folder, teller: Teller) -> None:
        self._folder = folder
        self._teller = teller
        self._gates: dict[str, Gate] = {}
        self._outcomes: list[Outcome] = []

    def run(self) -> int:
        """Everything, and the exit code."""
        made = demo_report.rfc3339(demo_ministry.clock())
        office, root, fingerprint = self._found()
        day = LaunchDay(office, self._folder, self._teller)
        day.run()
        numbers, seals = day.officials, self._print(office, day.officials)
        self._publish(office)
        self._open_gates(root, fingerprint)
        official, halted, robbed = self._enrol(office, seals, numbers[:3])
        self._first_day(official, halted)
        stick = self._second_stick(day, halted, (numbers[3], seals[numbers[3]]))
        code = self._status_code(office, robbed)
        self._judge(demo_scenes.later(official))
        card = next(card for card in office.cards() if card.card_number == official.number)
        with self._teller.stage("pictures", "Pictures drawn", "គូររូបភាព"):
            complaint = draw_sheet(self._folder, card, office.config.name, self._outcomes)
        self._examine(day)
        self._teller.show_outcomes(self._outcomes)
        launch_telling.show_figures(self._teller, day.figures)
        self._teller.show_seconds()
        self._teller.show_pictures(self._folder.path, day.complaint or complaint)
        waits = day.printing.waits
        other = next(name for name in BANKS if name != waits.bank)
        tried = commands(self._folder.path, official.number, batch=waits, other=other)
        self._teller.show_next(tried)
        guard = demo_guard.screen(self._folder.path, official.number)
        self._teller.show_guard(guard.opens, guard.words)
        demo_report.write_report(
            self._folder,
            self._outcomes,
            made=made,
            fingerprint=fingerprint,
            launch=day.describe(),
            seconds=self._teller.seconds,
            sizes=demo_report.sizes(self._outcomes, stick.sizes, code),
            next=[entry._asdict() for entry in tried],
            guard=guard._asdict() | {"words": {"en": guard.words.en, "km": guard.words.km}},
        )
        return 0 if day.figures.hold() and is_complete(self._outcomes) else 1

    def _found(self) -> tuple[TwoPeople, bytes, str]:
        with self._teller.stage("found", "A ministry founded: keys, register, root", "បង្កើតក្រសួង") as told:
            made, office = demo_ministry.found(self._folder, told)
        return office, made.home.root.read_bytes(), made.fingerprint or ""

    def _print(self, office: TwoPeople, numbers: Sequence[str]) -> dict[str, str]:
        """The code printed on each of these cards, by its number; its files as well."""
        with self._teller.stage("cards", "Codes of their cards", "កូដលើកាតរបស់គេ"):
            return {number: demo_ministry.print_card(office, self._folder, number) for number in numbers}

    def _publish(self, office: TwoPeople) -> Publication:
        with self._teller.stage("publish", "Trust published to a stick", "បោះផ្សាយទិន្នន័យទុកចិត្តទៅ USB"):
            return office.publish(self._folder.stick)

    def _open_gates(self, root: bytes, fingerprint: str) -> None:
        for home in (self._folder.gate, self._folder.far_gate):
            home.mkdir()
            init_home(home, root, fingerprint)
            self._sync(home)
        demo_guard.set_pin(self._folder.gate)

    def _sync(self, home: Path) -> None:
        with self._teller.stage("sync", f"A stick brought to {home.name}/", "យក USB ទៅច្រក"):
            sync(home, self._folder.stick, now=demo_ministry.clock())
        self._gates[home.name] = Gate(home)

    def _enrol(self, office: TwoPeople, seals: dict[str, str], numbers: Sequence[str]) -> list[Official]:
        officials: list[Official] = []
        names = {card.card_number: card.name_km for card in office.cards()}
        with self._teller.stage(
            "phones", "Phones: offer, request, issue, receive", "ទូរស័ព្ទទទួលលិខិតបញ្ជាក់"
        ) as told:
            for number in numbers:
                home = self._folder.path / ("phones/" + number if officials else "wallet")
                wallet, result = demo_ministry.enrol(office, home, number)
                officials.append(
                    Official(
                        number=number, name_km=names[number], seal=seals[number], wallet=wallet, result=result
                    )
                )
                told(len(officials), len(numbers))
        return officials

    def _first_day(self, official: Official, other: Official) -> None:
        shown = self._folder.presentations
        with self._teller.stage("photograph", "A phone photographed and read", "ថតទូរស័ព្ទ ហើយអានកូដ"):
            live = list(demo_scenes.at_the_gate(official, shown / "live-photographed.jpg"))
        self._teller.show_code(live[0].text)
        self._judge(live)
        gate = self._gates[live[0].home]
        self._teller.show_screen(self._outcomes[0], gate.trust)
        self._judge(demo_scenes.fraud(official, other, gate))
        self._judge(demo_scenes.challenges(official, shown / "challenge-asked.png"))
        self._judge(demo_scenes.out_of_place(official))
        self._judge(demo_scenes.plastic(official, other))
        self._judge(demo_scenes.bank(official))

    def _second_stick(self, day: LaunchDay, halted: Official, lost: tuple[str, str]) -> Publication:
        """One official is suspended, one has lost a card; the far gate does not hear of it."""
        office = day.office
        with self._teller.stage(
            "acts", "One official suspended, a lost card replaced", "ផ្អាកមន្ត្រីម្នាក់ ប្ដូរកាតបាត់មួយ"
        ):
            office.suspend(halted.number)
            number = office.replace(lost[0])
            day.printing.print_again(number)
            office.activate([number])
            seal = demo_ministry.print_card(office, self._folder, number)
        made = self._publish(office)
        self._sync(self._folder.gate)
        self._judge(demo_scenes.lost_card(lost, (number, seal)))
        self._judge(demo_scenes.suspended(halted))
        return made

    def _status_code(self, office: TwoPeople, robbed: Official) -> str:
        """A phone is lost, and no stick comes: the gate scans a status code. Returns its text."""
        with self._teller.stage("delta", "A phone lost; a status code scanned", "បាត់ទូរស័ព្ទ ស្កេនកូដស្ថានភាព"):
            office.revoke_wallet(robbed.number)
            made = next(entry for entry in office.deltas() if entry.name == "live-1")
            picture = self._folder.presentations / "status-code.png"
            picture.write_bytes(qr_draw.png(delta.to_text(made.data)))
            (text,) = qr_read.read_image(picture)
            picture.with_suffix(".txt").write_text(f"{text}\n", "ascii")
            apply_delta(self._folder.gate, text, now=demo_ministry.clock())
        self._gates[self._folder.gate.name] = Gate(self._folder.gate)
        self._judge(demo_scenes.lost_phone(robbed))
        return text

    def _examine(self, day: LaunchDay) -> None:
        """The whole audit chain, with the head that the stick carries; and where everybody stands now."""
        with self._teller.stage("audit", "The audit chain examined", "ពិនិត្យខ្សែសវនកម្ម"):
            office = day.office
            head = office.published_head(self._folder.stick)
            found, counts = office.examine([head]), office.counts()
        self._teller.say(f"  {found.links} links, {found.acts} acts · តំណ {found.links} សកម្មភាព {found.acts}")
        figures = day.figures
        figures.count("បញ្ហាក្នុងខ្សែសវនកម្ម", "problems in the audit chain", len(found.problems), 0)
        figures.count("ក្រោយឈុតឆាក៖ កាតសកម្ម", "active after the scenes", counts[CardState.ACTIVE], HANDED - 1)
        everything = sum(counts.values())
        figures.count("ក្រោយឈុតឆាក៖ ទាំងអស់", "all after them, a new card more", everything, APPLICATIONS + 1)

    def _judge(self, scenes: Iterable[Scene]) -> None:
        for scene in scenes:
            demo_report.write_presentation(self._folder, scene)
            self._outcomes.append(self._gates[scene.home].judge(scene))


def is_complete(outcomes: Sequence[Outcome]) -> bool:
    """Whether every scene of the script was played, once and in order, and answered as it must be."""
    played = [outcome.scene.name for outcome in outcomes]
    return played == list(SCRIPT) and all(outcome.as_expected for outcome in outcomes)


if __name__ == "__main__":
    sys.exit(main())
