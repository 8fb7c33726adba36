"""The folder that the demo makes and leaves behind, and replaces when it is run again."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

PASSPHRASE = "for demonstration only - not a secret"
"""Of the ministry's home, its custodians' keys and every wallet in the folder."""
_MARKER = ".montrey-demo"
_README = """\
Made by `python -m examples.demo`, and replaced when that runs again. Nobody in here exists.
ធ្វើឡើងសម្រាប់សាកល្បង។ គ្មាននរណាម្នាក់ក្នុងនេះមានពិតទេ។

launch-day.png     where every application stood in the evening: agencies x stages (and launch-day.svg)
agencies/          what 17 agencies sent (NN.csv, NN.xlsx), what went back to them (NN-wrong.xlsx), and
                   what they mended and sent again (NN-mended.*); photographs from one of them
batches/           print orders, each sealed for its bank: ORDER.mbatch
banks/NAME/        a bank's own keys, its opened batches (ORDER/), its signed reports (ORDER.report)
proofs/            cards of the first order drawn for eyes, front and back, and their sheet as PDF
handed-over.csv    the 497 cards that were handed over
ministry/          the issuer's home: register, keys, staff, the root of trust
stick/             the newest publication, as it is carried to gates
trust/             a gate's home: brought up to date twice, and by a status code. `gate` opens the guard's
                   screen on it (trust/gate/ has its PIN, settings and log); the supervisor's PIN is 271828
trust-far/         a far gate's home: only the first stick has come
wallet/            a civil servant's phone; more of them in phones/
presentations/     what was shown in each scene, as text and as a picture
cards/NUMBER/      the code printed on a card of the scenes: seal.txt, seal.png, seal.svg
pictures.png       the card, the phone, what the camera saw, and the gate's answers
report.json        the day's figures, and what was judged, when, with which answer: `check --now JUDGED_AT`
                   gives it again, until something is judged by the machine's own clock, which a gate
                   does not let go back
passphrase.txt     one passphrase for everything here: a demonstration's, no secret
"""


class FolderError(Exception):
    """The demo will not write there; the message says why."""


@dataclass(frozen=True, slots=True)
class Folder:
    """Where things are in one demo."""

    path: Path

    @property
    def ministry(self) -> Path:
        """The issuer's home."""
        return self.path / "ministry"

    @property
    def stick(self) -> Path:
        """The newest publication."""
        return self.path / "stick"

    @property
    def gate(self) -> Path:
        """The home of the gate that gets every stick."""
        return self.path / "trust"

    @property
    def far_gate(self) -> Path:
        """The home of the gate that got the first stick only."""
        return self.path / "trust-far"

    @property
    def presentations(self) -> Path:
        """What was shown."""
        return self.path / "presentations"

    @property
    def cards(self) -> Path:
        """A folder for every card."""
        return self.path / "cards"

    @property
    def passphrase(self) -> Path:
        """The file with the passphrase."""
        return self.path / "passphrase.txt"

    def photo(self, number: str) -> Path | None:
        """The photograph on a card of this number, as its bank has it."""
        return next(self.path.glob(f"banks/*/*/photos/{number}.*"), None)

    def shown(self, path: Path) -> str:
        """A path as it stands in the report: from here, with slashes."""
        return path.relative_to(self.path).as_posix()


def prepare(path: Path) -> Folder:
    """An empty folder of the demo's own; what an earlier demo left there is removed.

    Raises:
        FolderError: when something stands there that no demo made.
        OSError: when it cannot be written.
    """
    if path.is_symlink() or (path.exists() and not path.is_dir()):
        raise FolderError(f"{path} is no folder: choose another with --out")
    if path.exists() and any(path.iterdir()):
        if not (path / _MARKER).is_file():
            raise FolderError(f"{path} was not made by this demo, so it is left alone: choose another --out")
        shutil.rmtree(path)
    path.mkdir(parents=True, exist_ok=True)
    (path / _MARKER).write_text("This folder may be replaced by the demo.\n", "utf-8")
    (path / "README.txt").write_text(_README, "utf-8")
    folder = Folder(path)
    folder.passphrase.touch(mode=0o600)
    folder.passphrase.write_text(f"{PASSPHRASE}\n", "utf-8")
    folder.presentations.mkdir()
    return folder
