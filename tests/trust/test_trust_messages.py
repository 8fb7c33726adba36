"""Every code has a message in two languages and a line in the documentation, and there are no others."""

from __future__ import annotations

import ast
from pathlib import Path

from trust.messages import BELOW, MESSAGES, explain
from trust.tuf_client import _MESSAGES

ROOT = Path(__file__).parents[2]


LOWER = {"DidError": "did", "FetchError": "did", "CredentialError": "credential", "StatusError": "revocation"}


def raised(error: str = "TrustError", package: str = "trust") -> set[str]:
    """The literal codes given to an error anywhere in a package, those chosen by a condition included."""
    codes = set()
    for path in (ROOT / package).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == error:
                codes |= {
                    leaf.value
                    for leaf in ast.walk(node.args[0])
                    if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str)
                }
    return codes


def test_every_code_has_a_message() -> None:
    """The list of codes is closed: what is raised, or passed through by name."""
    assert raised() | set(_MESSAGES) | {"bad_list", "list_uri_mismatch"} == set(MESSAGES)


def test_every_code_below_has_a_message() -> None:
    """What passes through from the layers below is explained as well, and nothing else is."""
    below = set().union(*(raised(error, package) for error, package in LOWER.items()))
    assert below - set(MESSAGES) == set(BELOW)
    assert explain("list_full") is BELOW["list_full"]


def test_messages_are_in_both_languages() -> None:
    """Khmer is Khmer, English is English."""
    for code, message in [*MESSAGES.items(), *BELOW.items()]:
        assert any("\u1780" <= character <= "\u17ff" for character in message.km), code
        assert message.en.isascii(), code


def test_every_code_is_documented() -> None:
    """docs/trust.md names it."""
    text = (ROOT / "docs/trust.md").read_text(encoding="utf-8")
    assert [code for code in MESSAGES if f"`{code}`" not in text] == []
