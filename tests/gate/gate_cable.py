"""A scanner at the end of a serial cable (a pty), that can be pulled out and put in again."""

from __future__ import annotations

import os
import pty
import tty
from pathlib import Path


class Cable:
    """Plugged in under the name `link` at once; whoever listens opens that name."""

    def __init__(self, link: Path) -> None:
        self.link = link
        self._ends: tuple[int, int] | None = None
        self.plug()

    def plug(self) -> None:
        """Puts the scanner in, under the same name as before."""
        master, slave = pty.openpty()
        tty.setraw(slave)
        self.link.symlink_to(os.ttyname(slave))
        self._ends = (master, slave)

    def pull(self) -> None:
        """Pulls it out; what was on its way is lost."""
        assert self._ends is not None
        self.link.unlink()
        for end in self._ends:
            os.close(end)
        self._ends = None

    def scan(self, text: str) -> bool:
        """The scanner reads a code and sends it with a CR; False when it hangs on nothing."""
        if self._ends is None:
            return False
        data = text.encode("ascii", "replace") + b"\r"
        while data:
            data = data[os.write(self._ends[0], data) :]
        return True

    def close(self) -> None:
        """Puts it away."""
        if self._ends is not None:
            self.pull()
