"""The codes of `IssuerError` are a closed, documented list."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from did import IdentityError
from issuer import cli_wording
from issuer.cli_refusals import ENGLISH_TOO, REFUSALS_KM
from issuer.cli_show_wording import ACTS
from issuer.errors import IssuerError
from issuer.lifecycle import NEXT, RULES, Act, CardState, after
from trust.messages import BELOW, MESSAGES

PACKAGE = Path(__file__).parents[2] / "issuer"


def made() -> Iterator[tuple[str, ast.Call]]:
    """Every place where the package's own error is made, by its code."""
    for path in PACKAGE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "IssuerError":
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    yield str(first.value), node


def raised() -> set[str]:
    """Every code that the package's own error is made with."""
    return {code for code, _ in made()}


def blanks(code: str) -> set[str]:
    """What the Khmer sentence of a code leaves open."""
    return {field for _, field, _, _ in Formatter().parse(REFUSALS_KM[code]) if field}


def test_every_code_is_documented() -> None:
    """Whoever adds one writes it down."""
    assert {code for code in raised() if f"`{code}`" not in str(IssuerError.__doc__)} == set()


def test_every_code_has_khmer() -> None:
    """What a person can meet, they can read; a code that was renamed is noticed."""
    from_below = {"bad_card_number", "wrong_passphrase", "signatures_missing", "list_full"}
    from_below |= {"document_mismatch", "lifetime_too_long"}
    files = {"spreadsheet_file", "not_utf8", "not_text"}  # raised from a table
    assert set(REFUSALS_KM) - from_below == raised() | files
    for code in {*raised(), *MESSAGES, *BELOW}:
        told = cli_wording.refusal("km", IdentityError(code, "in English"))
        assert any("\u1780" <= character <= "\u17ff" for character in told), code


def test_khmer_has_what_it_speaks_of() -> None:
    """Every blank of a Khmer sentence is filled wherever its error is made."""
    for code, call in made():
        given = {keyword.arg for keyword in call.keywords}
        assert blanks(code) <= given, (code, ast.unparse(call))


def test_english_follows_only_where_it_says_more() -> None:
    """Where a Khmer sentence has no blanks, and the English ones differ or name something."""
    said: dict[str, set[str]] = {}
    for code, call in made():
        message = call.args[1] if len(call.args) > 1 else ast.Constant("")
        said.setdefault(code, set()).add(ast.unparse(message))
        if not isinstance(message, ast.Constant):
            said[code].add("something named")
    expected = {code for code, messages in said.items() if len(messages) > 1 and not blanks(code)}
    below = {"spreadsheet_file", "not_utf8", "not_text", "signatures_missing", "lifetime_too_long"}
    assert ENGLISH_TOO - below == expected - below


@pytest.mark.parametrize("state", CardState)
def test_a_wrong_state_is_told_with_what_to_do(state: CardState) -> None:
    """In both languages: where the card stands, what it does not allow, and the next step of that state."""
    act = next(act for act in (Act.ACTIVATE, Act.APPROVE) if state not in RULES[act].sources)
    with pytest.raises(IssuerError) as caught:
        after(state, act)
    english, khmer = (cli_wording.refusal(language, caught.value) for language in cli_wording.LANGUAGES)
    assert all(word in english for word in (state.value.replace("_", " "), act.value, NEXT[state].en))
    words = (cli_wording.STATES[state].km, ACTS[act].km, NEXT[state].km)
    assert all(word in khmer for word in words)
    others = {NEXT[other].km for other in CardState} - {NEXT[state].km}
    assert not any(other in khmer for other in others if other not in NEXT[state].km)
    assert "(" + str(caught.value) not in khmer
    assert NEXT.keys() == set(CardState)


def test_an_error_of_another_kind_keeps_its_english() -> None:
    """Without the values that the Khmer sentence leaves open, or from a layer that has none."""
    told = cli_wording.refusal("km", IdentityError("bad_rows", "rows at fault: 3"))
    assert told.endswith("(rows at fault: 3)")
    assert cli_wording.refusal("km", IssuerError("bad_rows", "rows at fault: 3", rows=3)).count("3") == 1
    assert cli_wording.refusal("km", IssuerError("unknown_card", "in English")).isprintable()
    assert "English" not in cli_wording.refusal("km", IssuerError("unknown_card", "in English"))
