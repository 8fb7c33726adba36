"""The live QR code on a terminal, captured frame by frame with a clock that the test turns."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from tiny_ministry import NOW, filled_wallet

from credential import qr_read
from wallet_sdk import WalletError, screen
from wallet_sdk.cli_session import Session


@dataclass
class Clock:
    """Time that passes only while somebody sleeps; ends like Ctrl-C after `sleeps` of them."""

    sleeps: int
    step: timedelta = timedelta(seconds=1)
    now: datetime = NOW
    slept: int = 0

    def read(self) -> datetime:
        """The time."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Lets time pass."""
        self.slept += 1
        if self.slept > self.sleeps:
            raise KeyboardInterrupt
        self.now += self.step


@dataclass
class Terminal:
    """A console of a given size, and what was made for it."""

    width: int = 100
    height: int = 60
    made: list[datetime] = field(default_factory=list)
    output: StringIO = field(default_factory=StringIO)

    def console(self) -> Console:
        """The console."""
        return Console(
            file=self.output,
            force_terminal=True,
            width=self.width,
            height=self.height,
            color_system="truecolor",
            highlight=False,
        )

    def make(self, now: datetime) -> str:
        """A text of a live code's length that can be recognised."""
        self.made.append(now)
        return "MQ1:" + "A" * 320 + f"{len(self.made):04}"


def show(terminal: Terminal, clock: Clock, *, language: str = "en") -> None:
    """Shows live codes until the clock says Ctrl-C."""
    session = Session(Path(), language, clock.read, clock.sleep)
    screen.show_live(terminal.make, ["Shown to: any gate"], session, console=terminal.console())


def test_one_frame() -> None:
    """A frame holds the code, to whom it is shown, and the countdown; the screen is given back."""
    terminal = Terminal()
    show(terminal, Clock(0))
    output = terminal.output.getvalue()
    assert "Shown to: any gate" in output
    assert "New code in 20 s" in output
    assert "▀" in output or "▄" in output
    assert output.index("\x1b[?1049h") < output.index("New code") < output.rindex("\x1b[?1049l")
    assert terminal.made == [NOW]


def test_frame_is_readable() -> None:
    """A scanner that looks at the terminal reads the text that was made."""
    terminal = Terminal()
    show(terminal, Clock(0))
    assert read_terminal(terminal.output.getvalue()) == ["MQ1:" + "A" * 320 + "0001"]


def read_terminal(output: str) -> list[str]:
    """Turns half blocks, white on black, into pixels four wide, and reads them."""
    lines = [line for line in re.sub(r"\x1b\[[?0-9;]*[A-Za-z]", "", output).splitlines() if "█" in line]
    rows = []
    for line in lines:
        blocks = line.strip("\r").ljust(len(lines[0]))
        rows.append(b"".join(b"\xff" * 4 if block in "█▀" else bytes(4) for block in blocks))
        rows.append(b"".join(b"\xff" * 4 if block in "█▄" else bytes(4) for block in blocks))
    pixels = b"".join(row * 4 for row in rows)
    return qr_read.read_frame(pixels, width=len(rows[0]), height=4 * len(rows))


def test_countdown_and_renewal() -> None:
    """The code is renewed after 20 seconds, and not before."""
    terminal = Terminal()
    show(terminal, Clock(19))
    assert terminal.made == [NOW]
    assert "New code in 1 s" in terminal.output.getvalue()
    terminal = Terminal()
    show(terminal, Clock(41))
    assert terminal.made == [NOW, NOW + timedelta(seconds=20), NOW + timedelta(seconds=40)]


@pytest.mark.parametrize("step", [timedelta(hours=1), timedelta(hours=-1)])
def test_computer_that_slept(step: timedelta) -> None:
    """After a jump of the clock a fresh code is made at once: an old one must not be shown."""
    terminal = Terminal()
    show(terminal, Clock(1, step=step))
    assert terminal.made == [NOW, NOW + step]


def test_khmer() -> None:
    """The countdown is told in Khmer."""
    terminal = Terminal()
    show(terminal, Clock(0), language="km")
    assert "កូដថ្មីក្នុង 20 វិនាទី" in terminal.output.getvalue()


@pytest.mark.parametrize(("width", "height"), [(50, 60), (100, 24)])
def test_too_small(width: int, height: int) -> None:
    """A code that would be cut off is not shown; the person is told what to do."""
    with pytest.raises(WalletError) as refusal:
        show(Terminal(width, height), Clock(0))
    assert refusal.value.code == "terminal_too_small"


def test_fits_a_common_window(tmp_path: Path) -> None:
    """A real live code and its lines fit a window of 80 by 40."""
    text = filled_wallet(tmp_path).present_live(now=NOW)
    terminal = Terminal(80, 40)
    screen.show_once(
        text, ["Shown to: any gate", "What is shown: " + "name " * 30], console=terminal.console()
    )
    lines = terminal.output.getvalue().splitlines()
    assert len(lines) <= 40
    assert lines[-1].startswith("name")
