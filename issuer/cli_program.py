"""How `montrey-issuer` begins and ends: streams, language, and mistakes told without repeating them."""

from __future__ import annotations

import io
import os
import re
import signal
import sys
from argparse import Action, ArgumentParser, HelpFormatter
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, NoReturn

from did.errors import IdentityError
from issuer.cli_help import KHMER
from issuer.cli_output import tell
from issuer.cli_wording import refusal, say
from issuer.staff import WrongStaffPassphraseError

PASSPHRASE_FILE = "MONTREY_PASSPHRASE_FILE"  # noqa: S105 (the name of a variable)
STAFF_PASSPHRASE_FILE = "MONTREY_STAFF_PASSPHRASE_FILE"  # noqa: S105
NEW_PASSPHRASE_FILE = "MONTREY_NEW_PASSPHRASE_FILE"  # noqa: S105
PIN_FILE = "MONTREY_PIN_FILE"
PERSON = "MONTREY_AS"
_COMPLAINTS = (
    (re.compile(r"the following arguments are required: (.+)"), "usage_missing"),
    (re.compile(r"argument ([^:]+): expected "), "usage_no_value"),
    (re.compile(r"unrecognized arguments: (?:.* )?(--(?:home|lang|as))\b"), "usage_order"),
    (re.compile(r"unrecognized arguments: (?:.*? )?(--[a-z][a-z-]{0,30})(?=[ =]|$)"), "usage_no_option"),
    (re.compile(r"argument ([^:]+): "), "usage_value"),
)
"""How argparse's complaints begin that name an option; the name is ours, what follows may have been typed."""
_LONG_NUMBER = re.compile(r"\d(?:[ -]?\d){11,}")
"""What may be a bank card's number, wherever it was typed."""
_LONGEST = 1000
_OUT_OF_A_FILE = {
    "wrong_passphrase": ("passphrase_from", PASSPHRASE_FILE),
    "wrong_pin": ("pin_from", PIN_FILE),
}


class UsageError(Exception):
    """The command line cannot be carried out as it was typed; `phrase` of the wording says why."""

    def __init__(self, phrase: str, **values: object) -> None:
        super().__init__(phrase)
        self.phrase = phrase
        self.values = values


class KhmerHelp(HelpFormatter):
    """Help in Khmer: each text is looked up as the parser prints it."""

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        """As argparse has it, after a Khmer word."""
        super().add_usage(usage, actions, groups, "របៀបប្រើ៖ " if prefix is None else prefix)

    def start_section(self, heading: str | None) -> None:
        """As argparse has it, the heading in Khmer."""
        super().start_section(KHMER.get(heading or "", heading))

    def add_text(self, text: str | None) -> None:
        """As argparse has it, the text in Khmer."""
        super().add_text(KHMER.get(text or "", text))

    def _get_help_string(self, action: Action) -> str | None:
        return KHMER.get(action.help or "", action.help)


class Parser(ArgumentParser):
    """Never repeats what was typed: it may be the number of somebody's bank card."""

    language = "en"

    def __init__(self, **settings: Any) -> None:
        formatter = KhmerHelp if self.language == "km" else HelpFormatter
        super().__init__(**{"formatter_class": formatter, **settings})

    def error(self, message: str) -> NoReturn:
        """Raises what argparse complains of as a `UsageError`."""
        self.print_usage(sys.stderr)
        for pattern, phrase in _COMPLAINTS:
            if found := pattern.match(message):
                raise UsageError(phrase, names=found[1])
        raise UsageError("usage_unknown")


class KhmerParser(Parser):
    """The same in Khmer; so are the parsers of its commands."""

    language = "km"


def language_of(arguments: Sequence[str]) -> str:
    """The language asked for, before anything is parsed: mistakes and help are told in it as well."""
    return "km" if "--lang=km" in arguments or ("--lang", "km") in pairwise(arguments) else "en"


def end(command: Callable[[], int], language: str) -> int:
    """Does what `command` does and returns the exit code; whatever went wrong is told in `language`."""
    try:
        try:
            code = command()
        except SystemExit as ended:  # argparse, after --help
            code = int(ended.code or 0)
        sys.stdout.flush()
    except UsageError as error:
        return _fail(2, "montrey-issuer: " + say(language, error.phrase, **error.values))
    except IdentityError as error:
        return _fail(1, _told(language, error))
    except OSError as error:
        if isinstance(error, BrokenPipeError):  # whoever read the answer has seen enough
            code = 1
        else:
            code = _fail(1, say(language, "io_error", reason=_reason(error)))
    except UnicodeEncodeError:  # how Python passes on arguments that are not UTF-8
        return _fail(2, "montrey-issuer: " + say(language, "usage_not_utf8"))
    except (KeyboardInterrupt, EOFError):
        return _fail(1, say(language, "interrupted"))
    return code


def main(run: Callable[[], int]) -> int:
    """Calls `run` with streams that take whatever is printed; without standard output nothing is done.

    An answer that could not be written wholly ends with 1, whatever it was.
    """
    sys.stdin = sys.stdin or io.TextIOWrapper(io.BytesIO())
    sys.stderr = sys.stderr or io.TextIOWrapper(io.BytesIO())
    if sys.stdout is None:
        return _fail(1, say("en", "no_output"))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # What another program reads is UTF-8; a console that lacks a letter shows its number.
            encoding = stream.encoding if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="backslashreplace")
    for signum in (signal.SIGTERM, signal.SIGHUP):  # as Ctrl-C does: what was half made is removed
        signal.signal(signum, signal.default_int_handler)
    try:
        code = run()
    except OSError:  # even the complaint could not be written
        code = 1
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:  # or Python would try once more, and say so
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    return code


def _told(language: str, error: IdentityError) -> str:
    """A refusal; of a passphrase or PIN out of a file nobody may think that it was mistyped."""
    told = refusal(language, error)
    phrase, variable = _OUT_OF_A_FILE.get(error.code, ("", ""))
    values = {}
    if isinstance(error, WrongStaffPassphraseError):  # of the two places of `Session.person_passphrase`
        own = bool(os.environ.get(STAFF_PASSPHRASE_FILE))
        variable = STAFF_PASSPHRASE_FILE if own else PASSPHRASE_FILE
        phrase = "staff_passphrase_from" if own else "staff_passphrase_elsewhere"
        values = {"name": error.name, "own": STAFF_PASSPHRASE_FILE}
    if file := os.environ.get(variable):
        stop = "" if told.endswith((".", "។", ")")) else "."
        told += f"{stop} {say(language, phrase, file=file, variable=variable, **values)}"
    return told


def _reason(error: OSError) -> str:
    """What the system says, and of which file."""
    reason = error.strerror or type(error).__name__
    return f"{error.filename}: {reason}" if error.filename else reason


def _fail(code: int, complaint: str) -> int:
    """Tells what went wrong; a file's name in it is what somebody typed."""
    told = _LONG_NUMBER.sub("…", complaint)
    if len(told) > _LONGEST:
        told = f"{told[: _LONGEST // 2]}…{told[-_LONGEST // 2 :]}"
    tell(told, file=sys.stderr)
    return code
