"""The guard's screen on the demo's trust: its PIN, the command that opens it, and what to hold before it."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import NamedTuple

from credential.codes import Name
from examples.demo_table import program
from verifier.gate.pin import Pin

PIN = "271828"
"""The supervisor's, of the demo's gate: a demonstration's, no secret."""


class Screen(NamedTuple):
    """How the gate is opened, how a fresh live code is made, and what to do, in both languages.

    `opens` runs until it is interrupted. `seal` is the picture of a printed
    code, and `number` stands on its card.
    """

    opens: str
    presents: str
    seal: str
    number: str
    words: Name


def set_pin(home: Path) -> None:
    """Gives the gate over this home a supervisor."""
    Pin(home / "gate").set(PIN)


def screen(path: Path, number: str) -> Screen:
    """The guard's screen over the demo in `path`; `number` is the card of the wallet there."""

    def at(name: str) -> str:
        return shlex.quote(str(path / name))

    opens = f"{program('verifier')} --home {at('trust')} gate --open --stick {at('stick')}"
    wallet = f"{program('wallet')} --home {at('wallet')} present --out {at('me.png')}"
    presents = f"MONTREY_PASSPHRASE_FILE={at('passphrase.txt')} {wallet}"
    seal = str(path / "cards" / number / "seal.png")
    words = Name(
        en=f"The supervisor's PIN is {PIN}; Ctrl-C ends it.\n"
        f"Hold a picture before its camera, or drop it on the page: {seal} is a printed code\n"
        f"(the number on its card is {number}), and a live code, good for a minute, is made by\n"
        f"{presents}\n"
        "In the first minute after its start the gate asks for a live code again.",
        km=f"លេខសម្ងាត់ PIN របស់អ្នកគ្រប់គ្រងគឺ {PIN}។ ចុច Ctrl-C ដើម្បីបិទ។\n"
        f"សូមដាក់រូបភាពនៅមុខកាមេរ៉ា ឬទម្លាក់លើទំព័រ៖ {seal} ជាកូដបោះពុម្ព\n"
        f"(លេខលើកាតគឺ {number}) ហើយកូដផ្ទាល់ ដែលប្រើបានមួយនាទី ធ្វើដោយពាក្យបញ្ជាខាងលើ។\n"
        "ក្នុងនាទីដំបូង ច្រកនឹងសុំកូដផ្ទាល់ម្តងទៀត។",
    )
    return Screen(opens, presents, seal, number, words)
