"""The codes of `IssuerError` are a closed, documented list."""

from __future__ import annotations

import ast
from pathlib import Path

from issuer import cli_wording
from issuer.errors import IssuerError

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


def test_khmer_messages_are_for_codes_that_exist() -> None:
    """A code that was renamed would be answered in English without anybody noticing."""
    from_below = {"bad_card_number", "wrong_passphrase", "list_full"}
    from_below |= {"signatures_missing", "document_mismatch", "lifetime_too_long"}
    files = {"spreadsheet_file", "not_utf8"}  # raised from a table
    assert set(cli_wording.REFUSALS_KM) - raised() - from_below - files == set()
