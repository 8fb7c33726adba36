"""The three programs where something is in the way: a full disk, a closed pipe, an old console, odd words.

Whatever it is, they end with a documented exit code and a sentence, never with a traceback.
"""

from __future__ import annotations

import ast
import importlib
import os
import string
import subprocess
import sys
import tomllib
from argparse import ArgumentParser, _SubParsersAction
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import ModuleType

import pytest
from issuer_desk import PASSPHRASE, open_desk

from did import IdentityError
from examples.people import to_csv
from issuer import cli_session
from trust.sync import init_home, sync
from wallet_sdk import Wallet, atomic_file

PROGRAMS = ("issuer", "verifier", "wallet_sdk")
MODULES = [importlib.import_module(f"{name}.cli") for name in PROGRAMS]
LONG = "a" * 100_000
PAN = "4111 1111 1111 1111"
DATA = {"issuer": ["list"], "verifier": ["clock"], "wallet_sdk": ["list"]}
"""For each program a command that prints something of its home, and so also Khmer."""


@dataclass(frozen=True)
class Place:
    """A folder with a home of each program."""

    folder: Path
    card: str

    def run(
        self, program: str, *arguments: str, within: str = "{}", **environment: str
    ) -> tuple[int, str, str]:
        """One run in its own process, within the redirections `within`: exit code, output, complaints."""
        command = [sys.executable, "-m", program, "--home", str(self.folder / program), *arguments]
        if within != "{}":
            typed = " ".join("'" + part.replace("'", "'\\''") + "'" for part in command)
            command = ["bash", "-c", "set -o pipefail; " + within.format(typed)]
        done = subprocess.run(
            command,
            env={**os.environ, "MONTREY_PASSPHRASE_FILE": str(self.folder / "passphrase"), **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=60,
        )
        out, err = done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
        assert "Traceback" not in err
        assert "Exception ignored" not in err
        return done.returncode, out, err


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Homes with one person's card in them."""
    folder = tmp_path_factory.mktemp("programs")
    (folder / "passphrase").write_text(PASSPHRASE)
    desk = open_desk(folder)
    card = desk.card()
    desk.office.publish(folder / "stick")
    init_home(folder / "verifier", (desk.home / "trust" / "1.root.json").read_bytes())
    sync(folder / "verifier", folder / "stick", now=desk.now)
    Wallet.create(folder / "wallet_sdk", PASSPHRASE)
    desk.home.rename(folder / "issuer")
    return Place(folder, card)


CLOSED = [
    ("{} > /dev/full", ""),
    ("{} > /dev/full", "1"),
    ("{} | true", ""),
    ("{} | true", "1"),
    ("{} >&-", ""),
]
"""Redirections, and whether Python writes at once or at the end."""


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize(("within", "unbuffered"), [*CLOSED, ("{} >&- <&- 2>&-", "")])
def test_an_answer_that_cannot_be_written(place: Place, program: str, within: str, unbuffered: str) -> None:
    """It ends with 1 and a sentence; without one when its reader has seen enough."""
    line = ["--lang", "km", *DATA[program]]
    code, _, err = place.run(program, *line, within=within, PYTHONUNBUFFERED=unbuffered)
    assert code == 1
    assert ("2>&-" in within or "| true" in within) is (err == "")


def test_help_that_cannot_be_written(place: Place) -> None:
    """It is like any answer."""
    assert place.run("wallet_sdk", "--help", within="{} > /dev/full", PYTHONUNBUFFERED="")[0] == 1


@pytest.mark.parametrize(("within", "unbuffered"), CLOSED)
def test_a_verdict_that_cannot_be_written(place: Place, within: str, unbuffered: str) -> None:
    """Nobody has seen it, so the exit code is that of no verdict: it means "cannot tell"."""
    assert place.run("verifier", "check", "hello", within=within, PYTHONUNBUFFERED=unbuffered)[0] == 1


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "latin-1"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
    ids=["ascii", "latin-1", "C"],
)
def test_a_console_without_khmer(place: Place, program: str, environment: dict[str, str]) -> None:
    """What another program reads is UTF-8 all the same; complaints too."""
    code, out, _ = place.run(program, "--lang", "km", *DATA[program], **environment)
    assert code == 0
    assert any("\u1780" <= character <= "\u17ff" for character in out)
    code, _, err = place.run(program, "--lang", "km", "nonsense", **environment)
    assert code == 2
    assert any("\u1780" <= character <= "\u17ff" for character in err)


def test_closed_standard_input(place: Place) -> None:
    """There is nothing to read, and nobody to ask."""
    assert place.run("verifier", "check", "-", within="{} <&-")[0] == 10
    assert place.run("issuer", "issue", "-", within="{} <&-")[0] == 1
    for program, command in (("issuer", ["--as", "approver", "approve", "--all"]), ("wallet_sdk", ["list"])):
        code, _, err = place.run(program, *command, within="{} <&-", MONTREY_PASSPHRASE_FILE="")
        assert code == 2
        assert "MONTREY_PASSPHRASE_FILE" in err


FOLDER, NUMBER, NOT_UTF8 = "FOLDER", "9" * 30, "\udcff"
NAMES = ["--name-km", "ក", "--name-en", "x"]
AGES = [f"--max-status-age={age}" for age in (NUMBER, "nan", "inf", "-inf", "0", LONG)]
TIMES = ["9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59"]
ODD = [
    *((2, "issuer", ["list", "--limit", number]) for number in (NUMBER, "-1", "x", "9" * 5000)),
    *((2, "issuer", ["approve", number]) for number in (NUMBER, "x", "9" * 5000)),
    *((1, "issuer", ["gate", "add", number, *NAMES]) for number in (NUMBER, "0")),
    *((1, "issuer", [command, LONG]) for command in ("import", "issue", "publish", "delta")),
    *((1, "issuer", [command, FOLDER]) for command in ("import", "issue")),
    *((1, "issuer", command) for command in (["offer", "--card", LONG], ["root", "show", LONG])),
    *((2, "issuer", command) for command in (["seal-key", "stolen", NOT_UTF8], ["import", "a\0b"])),
    *((10, "verifier", ["check", text]) for text in (LONG, NOT_UTF8)),
    *((10, "verifier", ["check", option, LONG, "x"]) for option in ("--audience", "--purpose")),
    *((10, "verifier", ["check", "--now", time, "x"]) for time in TIMES),
    *((2, "verifier", ["check", option, LONG, "x"]) for option in ("--card", "--challenge", "--now")),
    *((2, "verifier", ["check", age, "x"]) for age in AGES),
    *((2, "verifier", ["check", "--image", path]) for path in (LONG, FOLDER)),
    *((2, "verifier", ["sync", source]) for source in (LONG, NOT_UTF8, "nowhere", "a\0b")),
    *((2, "verifier", ["init", "--root", path]) for path in (LONG, FOLDER, NOT_UTF8)),
    *((1, "wallet_sdk", ["request", path]) for path in (LONG, FOLDER, NOT_UTF8)),
    *((1, "wallet_sdk", ["read", path]) for path in (LONG, FOLDER, NOT_UTF8)),
    *((1, "wallet_sdk", ["present", option, LONG]) for option in ("--challenge", "--credential")),
    (2, "wallet_sdk", ["read", "a\0b"]),
]


@dataclass(frozen=True)
class Typed:
    """Runs a program in this process; gives the exit code, and all that was shown."""

    place: Place
    capsys: pytest.CaptureFixture[str]

    def __call__(self, program: str, *arguments: str, language: str = "en") -> tuple[int, str]:
        home = ["--home", str(self.place.folder / program), "--lang", language]
        code = MODULES[PROGRAMS.index(program)].run([*home, *arguments])
        captured = self.capsys.readouterr()
        return code, captured.out + captured.err


@pytest.fixture
def typed(place: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    """In the folder of the homes, with their passphrase."""
    monkeypatch.setenv("MONTREY_PASSPHRASE_FILE", str(place.folder / "passphrase"))
    monkeypatch.chdir(place.folder)
    return Typed(place, capsys)


@pytest.mark.parametrize(
    ("code", "program", "arguments"), ODD, ids=[f"{p}-{' '.join(a)[:40]!a}" for _, p, a in ODD]
)
def test_odd_arguments(typed: Typed, code: int, program: str, arguments: list[str]) -> None:
    """Too long, too large, a folder for a file, not UTF-8, NUL: told shortly, with the right exit code."""
    arguments = ["issuer" if argument == FOLDER else argument for argument in arguments]
    found, shown = typed(program, *arguments)
    assert found == code
    assert 0 < len(shown) < 3000


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("home", [LONG, "passphrase", "passphrase/below"], ids=["long", "file", "below"])
def test_a_home_that_cannot_be_one(
    place: Place, program: str, home: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file, or a name no disk takes."""
    monkeypatch.chdir(place.folder)
    monkeypatch.setenv("MONTREY_PASSPHRASE_FILE", str(place.folder / "passphrase"))
    root = str(place.folder / "issuer" / "trust" / "1.root.json")
    first = {"issuer": ["init"], "verifier": ["init", "--root", root], "wallet_sdk": ["list"]}[program]
    for command in (DATA[program], first):
        assert MODULES[PROGRAMS.index(program)].run(["--home", home, *command]) == 1


@pytest.mark.parametrize("name", ["what?", "no #1", "50%41", "a b", "ក"])
def test_an_issuers_home_may_have_any_name(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What means something in a database's URL means nothing in a folder's name."""
    (tmp_path / "passphrase").write_text(PASSPHRASE)
    monkeypatch.setenv("MONTREY_PASSPHRASE_FILE", str(tmp_path / "passphrase"))
    open_desk(tmp_path).home.rename(tmp_path / name)
    (tmp_path / "people.csv").write_text(to_csv(1), encoding="utf-8")
    home = ["--home", str(tmp_path / name)]
    assert MODULES[0].run([*home, "import", str(tmp_path / "people.csv")]) == 0
    assert MODULES[0].run([*home, "list", "--count"]) == 0
    assert (tmp_path / name / "register.sqlite").is_file()


ISSUER = ("list", "import", "issue", "show", "nonsense", "gate")
WALLET = ("list", "request", "receive", "read", "present")
MISPLACED = [
    ("issuer", ["offer", "--card", *PAN.split()]),
    *(("issuer", [command, PAN]) for command in ISSUER),
    *(("issuer", ["list", f"--{option}{PAN}"]) for option in ("limit=", "state=", "co=", "")),
    *(("issuer", command) for command in ([PAN], ["--lang", PAN, "list"])),
    ("verifier", ["check", "--card", *PAN.split(), "x"]),
    ("verifier", ["check", "--card", PAN, "x"]),
    *(("verifier", ["check", f"--{option}={PAN}x", "x"]) for option in ("seal", "max-status-age", "now")),
    *(("verifier", [command, PAN]) for command in ("sync", "clock", "init")),
    *(("verifier", command) for command in (["init", "--root", PAN], [PAN])),
    *(("wallet_sdk", [command, PAN]) for command in WALLET),
    *(("wallet_sdk", command) for command in (["present", "--out", PAN], ["request", "--alg", PAN, "x"])),
]


@pytest.mark.parametrize(("program", "line"), MISPLACED, ids=[f"{p}-{' '.join(a)}" for p, a in MISPLACED])
def test_what_was_typed_is_not_repeated(typed: Typed, program: str, line: list[str]) -> None:
    """A bank card's number in the wrong place is refused without an echo, in words that say what to do."""
    for arguments in (line, [part.replace(" ", "") for part in line]):
        for language in ("en", "km"):
            code, shown = typed(program, *arguments, language=language)
            assert code in {1, 2}
            assert shown
            assert "4111" not in shown
            assert "1111" not in shown


@pytest.mark.parametrize("write", [cli_session.write_file, atomic_file.write], ids=["issuer", "wallet"])
def test_what_is_written_is_a_new_file_of_its_own(
    write: Callable[[Path, bytes], None], tmp_path: Path
) -> None:
    """Nothing that somebody prepared, at the place or beside it, receives a secret or lends it its mode."""
    place, beside, elsewhere = tmp_path / "offer", tmp_path / ".offer.new", tmp_path / "elsewhere"
    for prepared in (place, beside):
        prepared.write_bytes(b"")
        prepared.chmod(0o666)
    with place.open("rb") as theirs, beside.open("rb") as theirs_too:
        write(place, b"secret")
        assert theirs.read() + theirs_too.read() == b""
    assert (place.read_bytes(), place.stat().st_mode & 0o777) == (b"secret", 0o600)
    beside.symlink_to(elsewhere)
    write(place, b"secret")
    place.unlink()
    for stand_in in (partial(place.symlink_to, elsewhere), partial(os.mkfifo, place)):
        stand_in()
        with pytest.raises(IdentityError) as refusal:
            write(place, b"secret")
        assert refusal.value.code == "unwritable_file"
        place.unlink()
    assert not elsewhere.exists()
    assert list(tmp_path.iterdir()) == []


def words_of_help(parser: ArgumentParser) -> Iterator[str]:
    """Every text of our own in a parser's help, and in those of its commands."""
    yield from filter(None, (parser.description, parser.epilog))
    for group in parser._action_groups:
        yield from filter(None, (group.title,))
    for action in parser._actions:
        yield from filter(None, (action.help,))
        if isinstance(action, _SubParsersAction):
            yield from (str(choice.help) for choice in action._choices_actions)
            for command in action.choices.values():
                yield from words_of_help(command)


def is_khmer(text: str) -> bool:
    """Whether a text is written in Khmer."""
    return any("\u1780" <= character <= "\u17ff" for character in text)


@pytest.mark.parametrize("module", MODULES, ids=PROGRAMS)
def test_version(module: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    """It is that of the package."""
    text = (Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8")
    assert module.run(["--version"]) == 0
    assert capsys.readouterr().out.split()[-1] == tomllib.loads(text)["project"]["version"]


@pytest.mark.parametrize("program", PROGRAMS)
def test_options_before_the_command(typed: Typed, program: str) -> None:
    """Behind it they are named, and not what was typed."""
    code, shown = typed(program, *DATA[program], "--lang", "km", language="en")
    assert code == 2
    assert "--lang ត្រូវដាក់មុនពាក្យបញ្ជា" in shown


@pytest.mark.parametrize("module", MODULES, ids=PROGRAMS)
def test_help_is_there_in_khmer(module: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    """Every text of it, and none besides; no word is so long that it would be cut."""
    table = importlib.import_module(module.__name__ + "_help").KHMER
    texts = {text for text in words_of_help(module.build_parser()) if not is_khmer(text)}
    assert texts == set(table)
    assert all(is_khmer(khmer) for khmer in table.values())
    assert all(len(word) <= 50 for khmer in table.values() for word in khmer.split())
    assert module.run(["--lang", "km", "--help"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("របៀបប្រើ៖ montrey-")
    assert "show this help" not in shown


@pytest.mark.parametrize("program", PROGRAMS)
def test_wrong_usage_is_told_in_both_languages(program: str) -> None:
    """Every `UsageError` names a phrase, and every phrase has the same blanks in Khmer and English."""
    wording = importlib.import_module(
        {"wallet_sdk": "wallet_sdk.wording"}.get(program, f"{program}.cli_wording")
    )
    table = wording.PHRASES
    for path in (Path(__file__).parents[2] / program).glob("cli*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "UsageError":
                (phrase,) = node.args
                assert ast.unparse(phrase) == "phrase" or ast.literal_eval(phrase) in table, path
    for phrase, name in table.items():
        assert blanks(name.km) == blanks(name.en), phrase
        assert (is_khmer(name.km), is_khmer(name.en)) == (name.km != name.en, False), phrase


def blanks(text: str) -> set[str | None]:
    """The blanks of a phrase."""
    return {field for _, field, _, _ in string.Formatter().parse(text)} - {None}
