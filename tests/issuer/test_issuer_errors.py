"""The codes of `IssuerError` are a closed, documented list."""

from __future__ import annotations

import ast
from pathlib import Path

from did import IdentityError
from issuer import cli_wording
from issuer.cli_refusals import REFUSALS_KM
from issuer.errors import IssuerError
from trust.messages import BELOW, MESSAGES

PACKAGE = Path(__file__).parents[2] / "issuer"


def raised() -> set[str]:
    """Every code that the package's own error is made with."""
    codes = set()
    for path in PACKAGE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "IssuerError":
                first = node.args[0]
                codes |= {first.value} if isinstance(first, ast.Constant) else set()
    return {str(code) for code in codes}


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
