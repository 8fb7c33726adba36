"""What the demo says while it runs and when it is done: on a terminal, in English and Khmer."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from rich.console import Console
from rich.progress import Progress
from rich.text import Text

from credential import qr_draw
from credential.codes import Name
from examples.demo_gate import Outcome
from examples.demo_ministry import Told
from issuer.printing import Ordered
from trust import TrustSnapshot
from verifier.report import named, words

VERDICTS = {
    "accepted": ("✓", "green", Name(en="accepted", km="ទទួលយក")),
    "refused": ("✗", "red", Name(en="refused", km="បដិសេធ")),
    "cannot_tell": ("?", "yellow", Name(en="cannot tell", km="មិនអាចដឹង")),
}
"""Mark, colour and word of each verdict: never the colour alone."""


PICTURES = (
    *("launch-day.png", "launch-day.svg", "proofs", "pictures.png"),
    *("presentations/live-photographed.jpg", "presentations", "cards"),
)
"""What there is to look at, where it could be drawn."""


class Teller:
    """Says what is being done; `seconds` has how long each stage took, by its name."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str, en: str, km: str) -> Iterator[Told]:
        """One stage, with a bar where a terminal is there to show it."""
        start = perf_counter()
        with Progress(console=self.console, transient=True, disable=not self.console.is_terminal) as bar:
            task = bar.add_task(en, total=None)
            yield lambda done, total: bar.update(task, completed=done, total=total)
        took = perf_counter() - start
        self.seconds[name] = round(self.seconds.get(name, 0) + took, 3)
        self.console.print(f"[green]✓[/] {en} · {km}  [dim]{took:.2f} s[/]")

    def show_code(self, text: str) -> None:
        """The code itself, where a terminal is there and large enough."""
        drawn = qr_draw.terminal(text)
        lines = drawn.splitlines()
        if self.console.is_terminal and self.console.width >= len(lines[0]) and self.console.height > 20:
            self.console.print(Text(drawn, style="#ffffff on #000000"), soft_wrap=True)

    def show_screen(self, outcome: Outcome, trust: TrustSnapshot) -> None:
        """What stands on the gate's screen, in both languages."""
        entry: dict[str, object] = {
            "verdict": outcome.verdict,
            "code": outcome.code,
            "assurance": outcome.assurance,
            "claims": named(outcome.claims, trust),
            "status_as_of": None,
        }
        colour = VERDICTS[outcome.verdict][1]
        self.say("  the gate's screen, no network · អេក្រង់ច្រក គ្មានបណ្ដាញ", "dim")
        for language in ("en", "km"):
            for line in words(entry, language).splitlines():
                self.say(f"  ┃ {line}", colour)

    def show_outcomes(self, outcomes: Sequence[Outcome]) -> None:
        """The table of everything that was judged, and under it why, where that may surprise.

        Khmer stands at the end of its line: terminals disagree how wide it is,
        and what came after it would not stay in its column.
        """
        self.say("\nWhat happened · អ្វីដែលបានកើតឡើង", "bold")
        self.say(f"  {'answer':<12}{'code':<22}{'ms':>6}  scene · ឈុតឆាក", "dim")
        notes = [outcome.scene.line.note for outcome in outcomes if outcome.scene.line.note]
        for outcome in outcomes:
            line, (mark, colour, word) = outcome.scene.line, VERDICTS[outcome.verdict]
            code = outcome.assurance or outcome.code
            if not outcome.as_expected:
                colour, code = "bold white on red", f"{outcome.code}, not {line.expected}"
            note = f" [{notes.index(line.note) + 1}]" if line.note else ""
            first = f"{mark} {word.en:<12}{code:<22}{outcome.seconds * 1000:>6.2f}  {line.title.en}{note}"
            self.say(first, colour)
            self.say(f"{'':44}{word.km} · {line.title.km}", "dim")
        for number, why in enumerate(notes, start=1):
            self.say(f"[{number}] {why.en}\n    {why.km}")

    def show_seconds(self) -> None:
        """How long everything took, and where the time went."""
        longest = sorted(self.seconds.items(), key=lambda each: -each[1])[:5]
        split = ", ".join(f"{name} {took:.1f}" for name, took in longest)
        total = sum(self.seconds.values())
        self.say(f"\n{total:.1f} s in all · រយៈពេលសរុប {total:.1f} វិនាទី ({split})", "dim")

    def show_pictures(self, path: Path, complaint: str) -> None:
        """Where the pictures are; `complaint` is what could not be drawn, and how to mend that."""
        self.say("\nPictures · រូបភាព", "bold")
        for name in PICTURES:
            if (path / name).exists():
                self.say(f"  {path / name}")
        if complaint:
            self.say(f"  {complaint}", "yellow")

    def show_next(self, tries: Sequence[Try]) -> None:
        """What to try now."""
        self.say("\nNow you · ឥឡូវដល់វេនអ្នក", "bold")
        for command, _, shows in tries:
            self.say(f"  {command}  # {shows}" if shows else f"  {command}")

    def show_guard(self, opens: str, words: Name) -> None:
        """The one command that opens the guard's screen, and what to do there."""
        self.say("\nThe guard's screen · អេក្រង់អ្នកយាម", "bold")
        self.say(f"  {opens}", "bold green")
        for line in (*words.en.splitlines(), *words.km.splitlines()):
            self.say(f"  {line}")

    def say(self, text: str, style: str = "") -> None:
        """One line as it stands: nothing in it is markup."""
        self.console.print(text, style=style, markup=False, highlight=False, soft_wrap=True)


class Try(NamedTuple):
    """A command that works on the folder as it was left, how it ends, and what it shows."""

    command: str
    ends_with: int
    shows: str


def commands(path: Path, number: str, *, batch: Ordered, other: str) -> list[Try]:
    """What to try, one after the other.

    `number` is the card of the wallet in the folder, `batch` one that its bank
    has not opened yet, `other` another bank.
    """

    def at(name: str) -> str:
        return shlex.quote(str(path / name))

    wallet, issuer, verifier = (
        f"{program(name)} --home {at(home)}"
        for name, home in (("wallet", "wallet"), ("issuer", "ministry"), ("verifier", "trust"))
    )
    officer, approver = f"{issuer} --as officer", f"{issuer} --as approver"
    seal = f'"$(cat {at(f"cards/{number}/seal.txt")})"'
    show, check = f"{wallet} present --out {at('me.png')}", f"{verifier} check --image {at('me.png')}"
    opening, file = f"{program('issuer')} batch-open --key", at(f"batches/{batch.number}.mbatch")
    return [
        Try(f"export MONTREY_PASSPHRASE_FILE={at('passphrase.txt')}", 0, ""),
        Try(f"{issuer} standing --out {at('today.svg')}", 0, "where everybody stands now"),
        Try(f"{issuer} print-orders", 0, "the orders of the day"),
        Try(f"{opening} {at(f'banks/{other}/bank-key.json')} {file} {at('opened')}", 1, "another bank's key"),
        Try(f"{opening} {at(f'banks/{batch.bank}/bank-key.json')} {file} {at('opened')}", 0, "its own"),
        Try(show, 0, "a live code, good for a minute"),
        Try(check, 0, "accepted"),
        Try(check.replace(" check ", " --lang km check "), 10, "replayed, in Khmer"),
        Try(f"{verifier} check --seal --card {number} {seal}", 0, "accepted: the printed code"),
        Try(f"{officer} suspend --card {number}", 0, "one person is enough to stop a card"),
        Try(f"{officer} publish {at('stick')}", 0, ""),
        Try(f"{verifier} sync {at('stick')}", 0, "the news arrives"),
        Try(show, 0, ""),
        Try(check, 10, "suspended"),
        Try(f"{officer} reinstate --card {number}", 0, "asked for: it takes two"),
        Try(f"{approver} reinstate --card {number}", 0, "confirmed by another person"),
        Try(f"{officer} publish {at('stick')}", 0, "for the guard's screen, which looks at this stick"),
        Try(f"{issuer} audit --against {at('trust')}", 0, "the whole chain, and what the gate holds of it"),
    ]


def program(name: str) -> str:
    """A command of this installation, as one types it here."""
    script = Path(sys.executable).with_name(f"montrey-{name}")
    if script.exists():
        return _near(script)
    return f"{_near(Path(sys.executable))} -m {'wallet_sdk' if name == 'wallet' else name}"


def _near(path: Path) -> str:
    """The path as one types it here."""
    here = Path.cwd()
    return shlex.quote(str(path.relative_to(here) if path.is_relative_to(here) else path))
