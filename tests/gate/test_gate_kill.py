"""A gate that is killed while everybody is at it, and starts again: nothing passes twice, no file is torn.

Four kills here; MONTREY_TEST_KILLS=20 is the campaign. The seed and each
moment are printed (pytest -s).
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread, Timer

import pytest
from gate_client import PIN, Client, Gate, Page, problem
from gate_phones import WRONG, Phones, Supervisors
from gate_town import Town
from websockets.exceptions import ConnectionClosed

from verifier.gate import settings
from verifier.gate.log import Entry
from verifier.gate.pin import TRIES, Pin
from verifier.gate.settings import Settings

pytestmark = pytest.mark.long

KILLS = int(os.environ.get("MONTREY_TEST_KILLS", "4"))
SEED = int(os.environ.get("MONTREY_SEED", str(random.SystemRandom().randrange(1 << 32))))
MODES, PASSES = ("challenge", "plain"), ("accepted live-challenge", "accepted live")
"""How the gate begins its lives, in turn, and what somebody must be told in the last ones."""
LONGEST = 3.0
"""Seconds from ready to the kill, at most."""


class Files:
    """What stands in the files of a gate between two lives."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "gate"
        self._lines = 0

    def settings(self) -> Settings:
        """The settings, which are whole."""
        kept, whole = settings.load(self._folder)
        assert whole, "torn settings"
        return kept

    def set_mode(self, mode: str) -> Settings:
        """Another mode to begin with."""
        wanted = replace(self.settings(), mode=mode)
        settings.save(self._folder, wanted)
        return wanted

    def wrong_pins(self) -> int:
        """How many wrong PINs were counted."""
        return int(json.loads((self._folder / "pin.json").read_bytes())["wrong"])

    def entries(self) -> list[Entry]:
        """The lines that the log got since they were asked for last; every one is whole."""
        files = sorted((self._folder / "log").glob("*.jsonl"))
        lines = [line for file in files for line in file.read_bytes().splitlines(keepends=True)]
        assert all(line.endswith(b"\n") for line in lines), "a torn line"
        entries = [Entry.from_line(line) for line in lines[self._lines :]]
        self._lines = len(lines)
        assert None not in entries, "a line that cannot be read"
        return [entry for entry in entries if entry is not None]


def test_killed_at_any_moment(tmp_path: Path) -> None:
    """Over all lives no live code and no challenge is accepted twice; log, settings and PIN are whole."""
    town = Town(tmp_path, people=8)
    home = town.home(tmp_path / "gate")
    Pin(home / "gate").set(PIN)
    files, rng = Files(home), random.Random(SEED)
    phones = Phones(town, rng)
    supervisors = Supervisors(random.Random(f"supervisors {SEED}"), files.set_mode(MODES[0]))
    print(f"\nMONTREY_SEED={SEED}")
    with Gate(home) as gate:
        for life in range(KILLS + len(MODES)):
            guesses, delay = rng.random() < 0.4, rng.uniform(0, LONGEST)
            with Page(gate.address) as page:
                page.hear("state")
                again = phones.come_again(page)
                if life < KILLS:
                    work = supervisors.guess if guesses else supervisors.change
                    _until_killed(gate, delay, lambda: phones.come(page), work)
                else:  # after all that a gate still lets people in
                    phones.come(page, until=PASSES[life % len(MODES)])
                    gate.kill()
            told, missing = phones.check_log(files.entries())
            when = f"killed {delay:.3f} s later, amid {'guesses' if guesses else 'changes'}"
            print(
                f"life {life + 1}: {again} shown again, {when if life < KILLS else 'then somebody passed'};"
                f" {told} verdicts, {missing} not in the log"
            )
            supervisors.check_files(files.settings(), files.wrong_pins())
            supervisors.kept = [files.set_mode(MODES[(life + 1) % len(MODES)])]
            gate.start()
        _guess_until_locked(gate, files.wrong_pins())
        gate.kill()
        gate.start()
        with Client(gate.address) as client:
            assert problem(client.enter(PIN)) == "pin_locked"
            assert not {"settings_damaged", "cannot_keep"} & set(client.get("/health").json()["notices"])
        gate.assert_calm(PIN, *(town.number(person) for person in range(town.people)))
    print(f"{dict(phones.book.told)}; {supervisors.changes} settings, {supervisors.wrong} wrong PINs")


def _until_killed(
    gate: Gate, delay: float, come: Callable[[], None], work: Callable[[str, Event], None]
) -> None:
    """Two at once, at the page and at the supervisor's dialog; the gate is killed after `delay` seconds."""
    dying, gone, failed = Event(), Event(), []

    def kill() -> None:
        dying.set()
        gate.kill()

    def beside() -> None:
        try:
            work(gate.address, gone)
        except AssertionError as error:
            failed.append(error)

    thread, timer = Thread(target=beside), Timer(delay, kill)
    thread.start()
    timer.start()
    try:
        come()
    except ConnectionClosed:
        assert dying.is_set(), "the gate has hung up on its page"
    finally:
        timer.join()
        gone.set()
        thread.join()
    assert not failed, failed


def _guess_until_locked(gate: Gate, counted: int) -> None:
    """Nobody has more tries than there are, however often the gate was started."""
    with Client(gate.address) as client:
        answers = [problem(client.enter(WRONG)) for _ in range(max(0, TRIES - counted) + 1)]
    assert answers[-1] == "pin_locked"
    assert set(answers[:-1]) <= {"pin_wrong"}
