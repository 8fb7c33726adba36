"""The live QR code on a terminal: one that renews itself, and one that is shown once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from rich.console import Console
from rich.live import Live
from rich.text import Text

from credential import qr_draw
from wallet_sdk.cli_session import Session
from wallet_sdk.errors import WalletError

RENEW = 20
"""Seconds a code is shown: a gate accepts it for 60, and the phone's clock may be off."""

_INK = "#ffffff on #000000"
"""The drawing's blocks are its light modules, whatever colours the terminal has."""


def show_once(text: str, lines: Sequence[str], *, console: Console | None = None) -> None:
    """Draws one code with `lines` below it.

    Raises:
        WalletError: `terminal_too_small`.
    """
    console = console or Console(highlight=False)
    console.print(draw(text, lines, console), soft_wrap=True)


def show_live(
    make: Callable[[datetime], str],
    lines: Sequence[str],
    session: Session,
    *,
    console: Console | None = None,
) -> None:
    """Shows a fresh code every 20 seconds, with a countdown, until Ctrl-C.

    The terminal's second screen is used, so that no code stays in its history.

    Raises:
        WalletError: `terminal_too_small`, and what `make` raises.
    """
    console = console or Console(highlight=False)
    with Live(console=console, screen=True, auto_refresh=False) as live:
        try:
            while True:
                made = session.clock()
                text = make(made)
                # By the clock, not by counting: a computer that slept must not show an old code.
                while 0 <= (age := int((session.clock() - made).total_seconds())) < RENEW:
                    countdown = session.say("renews", seconds=RENEW - age)
                    live.update(draw(text, [*lines, countdown], console), refresh=True)
                    session.sleep(1)
        except KeyboardInterrupt:
            return


def draw(text: str, lines: Sequence[str], console: Console) -> Text:
    """One frame: the code with `lines` below it.

    Raises:
        WalletError: `terminal_too_small` when a part of the code would be cut off.
    """
    rows = Text(qr_draw.terminal(text).rstrip("\n"), style=_INK).split("\n")
    width = max(row.cell_len for row in rows)
    if console.width < width:
        raise WalletError("terminal_too_small", f"the code needs {width} columns")
    below = [part for line in lines for part in Text(line).wrap(console, console.width)]
    if console.height < len(rows) + len(below) + 1:
        raise WalletError("terminal_too_small", f"the code needs {len(rows) + len(below) + 1} rows")
    return Text("\n").join([*rows, *below])
