"""What the wallet says: both languages, a next step for each code, and nothing a terminal would obey."""

from __future__ import annotations

import ast
import string
from pathlib import Path

import pytest
from tiny_ministry import filled_wallet

import wallet_sdk
from credential.codes import Name
from credential.sd_jwt_vc import CLAIMS
from did import IdentityError
from wallet_sdk import WalletError, advice, wording
from wallet_sdk.advice import ADVICE, advise

SOURCES = sorted(Path(wallet_sdk.__file__).parent.glob("*.py"))
FROM_CREDENTIAL = {"malformed_challenge", "unreadable_image"}
"""Raised below the wallet and shown by it."""


def raised_codes() -> set[str]:
    """Every code that a `WalletError` in the package is made with."""
    codes = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in (
                "WalletError",
                "CredentialError",
            ):
                codes.update(possible_texts(node.args[0], path))
    return codes


def possible_texts(node: ast.expr, path: Path) -> set[str]:
    """The texts that the first argument may be."""
    if isinstance(node, ast.Constant):
        return {str(node.value)}
    assert path.name == "exchange.py", f"{path.name}: a code that no test can see"
    kinds = ("offer", "result")
    return {f"{stem}_{kind}" for stem in ("malformed", "unsupported") for kind in kinds} | {
        "not_an_offer",
        "not_a_result",
    }


def test_every_code_has_its_advice() -> None:
    """No code without a next step, and no advice for a code that does not exist."""
    assert raised_codes() | FROM_CREDENTIAL == set(ADVICE)


def test_every_claim_has_its_name() -> None:
    """Whatever a credential of this project may hold has a name in both languages."""
    assert wording._CLAIMS.keys() >= CLAIMS.keys()


def khmer(text: str) -> bool:
    """Whether a text is written in Khmer."""
    return any("\u1780" <= character <= "\u17ff" for character in text)


@pytest.mark.parametrize(
    "table", [ADVICE, wording.PHRASES, wording._CLAIMS], ids=["advice", "phrases", "claims"]
)
def test_both_languages(table: dict[str, Name]) -> None:
    """Every text is there in Khmer and in English, with the same blanks."""
    for key, name in table.items():
        assert khmer(name.km), key
        assert not khmer(name.en), key
        assert blanks(name.km) == blanks(name.en), key


def blanks(text: str) -> set[str | None]:
    """The blanks of a phrase."""
    return {field for _, field, _, _ in string.Formatter().parse(text)} - {None}


def test_advise() -> None:
    """The code comes first; only messages about files are repeated."""
    error = WalletError("offer_expired", "inner message")
    assert advise("en", error).startswith("offer_expired: The offer has ended")
    assert khmer(advise("km", error))
    assert "inner" not in advise("en", error)
    assert "/x" in advise("en", WalletError("unreadable_file", "/x: missing"))
    assert advise("km", IdentityError("other", "a\x1b[2J")) == "other: a\ufffd[2J"


def test_printable() -> None:
    """Escape sequences and hidden directions are shown as what they are; Khmer stays whole."""
    assert wording.printable("\x1b]0;x\x07\u202eab") == "\ufffd]0;x\ufffd\ufffdab"
    assert wording.printable("សុខ\u200bសុភា") == "សុខ\u200bសុភា"
    assert "\x1b" not in wording.say("en", "shown_to", audience="\x1b[2J")
    assert wording.say("en", "shown_to", audience="{0}") == "Shown to: {0}"


def test_mask() -> None:
    """Of a card number the last three digits are shown."""
    assert wording.mask("1234567897") == "•••••••897"
    assert wording.mask("") == ""


def test_names_of_codes(tmp_path: Path) -> None:
    """A code is shown by its name in the reader's language, an unknown one as the code."""
    live = filled_wallet(tmp_path).credentials()[0]
    assert wording.name_value("en", live, "ministry") == "Ministry of Civil Service"
    assert wording.name_value("km", live, "position") == "មន្ត្រី"
    assert wording.name_claim("en", "unheard_of") == "unheard_of"
    assert advice.ADVICE is ADVICE
