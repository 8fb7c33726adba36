"""A gate's home in a town, its updates, and what they told: for tests of `verifier.gate.updates`."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from gate_town import Town

from trust import TrustSnapshot
from trust.home import trust_folder
from verifier import Policy, VerificationError, verify
from verifier.gate import update_job
from verifier.gate.update_job import Job, Outcome, Progress
from verifier.gate.update_process import run_apart
from verifier.gate.updates import Run, UpdateNews, Updates

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def run_here(job: Job, progress: Progress, stop: Callable[[], bool], seconds: float) -> Outcome:
    """In this process, where a test can break things."""
    return update_job.run(job, progress)


class UpdateGate:
    """A town of one person, a gate that has its first publication, and a clock that the test moves."""

    def __init__(self, folder: Path, *, run: Run = run_here) -> None:
        self.now = START
        self.folder = folder
        self.town = Town(folder, people=1, clock=lambda: self.now)
        self.first = self.town.publish(folder / "first")
        self.home = self.town.home(folder / "home", stick=self.first)
        self.news: list[UpdateNews] = []
        self.changes = 0
        self.updates = Updates(self.home, lambda: self.now, self.hear, self.change, run=run)

    def hear(self, news: UpdateNews) -> None:
        """What the screen is told."""
        self.news.append(news)

    def change(self) -> None:
        """The station loads the trust anew, before the end is told."""
        assert not any(news.done for news in self.news)
        TrustSnapshot.load(self.home)
        self.changes += 1

    def apart(self) -> UpdateGate:
        """From now on updates run in a process of their own, as they do at a gate."""
        self.updates = Updates(self.home, lambda: self.now, self.hear, self.change, run=run_apart)
        return self

    def stick(self, name: str) -> Path:
        """A publication a week later, on a stick of its own."""
        self.now += timedelta(days=7)
        return self.town.publish(self.folder / name)

    def copy(self, stick: Path, name: str) -> Path:
        """Another stick with the same on it."""
        return Path(shutil.copytree(stick, self.folder / name))

    def end(self) -> UpdateNews:
        """How the update ended; the news of it is forgotten."""
        last = self.news[-1]
        assert last.done
        assert [news for news in self.news if news.done] == [last]
        self.news.clear()
        return last

    def take(self, stick: Path | None, *deltas: Path) -> UpdateNews:
        """What comes of a stick."""
        self.updates.from_stick(stick, deltas, wait=True)
        return self.end()

    def verdict(self) -> str:
        """What the gate says of the one person's phone."""
        try:
            verify(self.town.live(0), trust=TrustSnapshot.load(self.home), policy=Policy(), now=self.now)
        except VerificationError as error:
            return error.code
        return "accepted"

    def state(self) -> object:
        """What the home holds."""
        return TrustSnapshot.load(self.home).lists

    def versions(self) -> int:
        """How many versions lie in the home, half-made ones too."""
        return len(list((trust_folder(self.home) / "versions").iterdir()))
