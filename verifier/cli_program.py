"""How `montrey-verifier` begins and ends: streams, language, and mistakes told without repeating them."""

from __future__ import annotations

import io
import os
import re
import sqlite3
import sys
from argparse import Action, ArgumentParser, HelpFormatter
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, NoReturn

from did.errors import IdentityError
from verifier.cli_help import KHMER
from verifier.cli_wording import refusal, say

_COMPLAINTS = (
    (re.compile(r"the following arguments are required: (.+)"), "usage_missing"),
    (re.compile(r"argument ([^:]+): expected "), "usage_no_value"),
    (re.compile(r"unrecognized arguments: (?:.* )?(--(?:home|lang))\b"), "usage_order"),
    (re.compile(r"unrecognized arguments: (?:.*? )?(--[a-z][a-z-]{0,30})(?=[ =]|$)"), "usage_no_option"),
    (re.compile(r"argument ([^:]+): "), "usage_value"),
)
"""How argparse's complaints begin that name an option; the name is ours, what follows may have been typed."""
_LONG_NUMBER = re.compile(r"\d(?:[ -]?\d){11,}")
"""What may be a bank card's number, wherever it was typed."""
_LONGEST = 1000


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

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        """As argparse has it, but that a nonce may begin with a hyphen: it is base64url."""
        return super().parse_args(_with_nonces(args), namespace)

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


def _with_nonces(arguments: Sequence[str]) -> list[str]:
    """Joins each nonce to its option, so that argparse takes none of them for an option of its own."""
    words, joined = iter(arguments), []
    for word in words:
        value = next(words, None) if word in ("--challenge", "--nonce") else None
        joined.append(word if value is None else f"{word}={value}")
    return joined


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
        return _fail(2, "montrey-verifier: " + say(language, error.phrase, **error.values))
    except IdentityError as error:
        return _fail(1, refusal(language, error))
    except OSError as error:
        if isinstance(error, BrokenPipeError):  # whoever read the answer has seen enough
            code = 1
        else:
            code = _fail(1, say(language, "io_error", reason=_reason(error)))
    except sqlite3.Error as error:
        return _fail(1, say(language, "io_error", reason=error))
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


def _reason(error: OSError) -> str:
    """What the system says, and of which file."""
    reason = error.strerror or type(error).__name__
    return f"{error.filename}: {reason}" if error.filename else reason


def _fail(code: int, complaint: str) -> int:
    """Tells what went wrong; a file's name in it is what somebody typed."""
    told = _LONG_NUMBER.sub("…", complaint)
    if len(told) > _LONGEST:
        told = f"{told[: _LONGEST // 2]}…{told[-_LONGEST // 2 :]}"
    print(told, file=sys.stderr)
    return code
