"""Offers and results as other people's bytes: whatever they hold, only `WalletError` comes out."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_ministry import ISSUER, NOW, Ministry, new_wallet, offer, result

from did import Algorithm, SoftwareSigner
from wallet_sdk import Format, WalletError
from wallet_sdk.exchange import MAX_OFFER, MAX_RESULT, MAX_TOKEN, read_offer, read_result

KEY = SoftwareSigner(Algorithm.ED25519, bytes(31) + b"\x01").public_key
ENTRY = Ministry().live(KEY)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def test_read_offer() -> None:
    """An offer is read member by member; its end becomes epoch seconds; unknown members do not matter."""
    read = read_offer(offer(expires="2026-12-22T07:00:00.5+07:00", later=1).encode())
    assert (read.credential_issuer, read.nonce) == (ISSUER, "n" * 22)
    assert read.expires == 1797897600
    assert read.formats == (Format.LIVE, Format.SD_JWT)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"montrey": "credentials"}, "not_an_offer"),
        ({"version": 2}, "unsupported_offer"),
        ({"version": True}, "unsupported_offer"),
        ({"version": "1"}, "unsupported_offer"),
        ({"credential_issuer": "ministry"}, "malformed_offer"),
        ({"credential_issuer": "https://ministry.example/\x1b[2J"}, "malformed_offer"),
        ({"credential_issuer": "https://" + "m" * 200}, "malformed_offer"),
        ({"nonce": ""}, "malformed_offer"),
        ({"nonce": "n" * 15}, "malformed_offer"),
        ({"nonce": "n" * 257}, "malformed_offer"),
        ({"nonce": "n" * 21 + "\n"}, "malformed_offer"),
        ({"nonce": 7}, "malformed_offer"),
        ({"expires": "tomorrow"}, "malformed_offer"),
        ({"expires": "2026-12-22"}, "malformed_offer"),
        ({"expires": "2026-12-22T00:00:00"}, "malformed_offer"),
        ({"expires": "2026-13-22T00:00:00Z"}, "malformed_offer"),
        ({"expires": "0001-01-01T00:00:00+14:00"}, "malformed_offer"),
        ({"expires": "9999-12-31T23:59:59-14:00"}, "malformed_offer"),
        ({"expires": 1797897600}, "malformed_offer"),
        ({"credentials": []}, "malformed_offer"),
        ({"credentials": "live"}, "malformed_offer"),
        ({"credentials": [1]}, "malformed_offer"),
        ({"credentials": ["live", "live"]}, "malformed_offer"),
        ({"credentials": ["live"] * 17}, "malformed_offer"),
        ({"credentials": ["live", "mdoc"]}, "unsupported_offer"),
        ({"padding": "x" * MAX_OFFER}, "malformed_offer"),
    ],
)
def test_spoiled_offer(tmp_path: Path, changes: dict[str, Any], code: str) -> None:
    """Each spoiled offer is refused by its code, and leaves no key behind."""
    wallet = new_wallet(tmp_path)
    with pytest.raises(WalletError) as refusal:
        wallet.request(offer(**changes), now=NOW)
    assert refusal.value.code == code
    assert wallet.waiting() == ()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"montrey": "offer"}, "not_a_result"),
        ({"version": 0}, "unsupported_result"),
        ({"credential_issuer": None}, "malformed_result"),
        ({"credentials": []}, "malformed_result"),
        ({"credentials": {}}, "malformed_result"),
        ({"credentials": [7]}, "malformed_result"),
        ({"credentials": [ENTRY] * 17}, "malformed_result"),
        ({"credentials": [ENTRY | {"format": "mso_mdoc"}]}, "malformed_result"),
        ({"credentials": [ENTRY | {"credential": "not base64url!"}]}, "malformed_result"),
        ({"credentials": [ENTRY | {"credential": "A" * (MAX_TOKEN + 4)}]}, "malformed_result"),
        ({"credentials": [ENTRY | {"template": []}]}, "malformed_result"),
        ({"codes": None}, "malformed_result"),
        ({"codes": {"ministries": {}}}, "malformed_result"),
        ({"codes": {"ministries": {"1": ["one"]}, "positions": {}, "grades": {}}}, "malformed_result"),
        ({"padding": "x" * MAX_RESULT}, "malformed_result"),
    ],
)
def test_spoiled_result(changes: dict[str, Any], code: str) -> None:
    """Each spoiled result is refused by its code."""
    with pytest.raises(WalletError) as refusal:
        read_result(json.dumps(result([ENTRY]) | changes))
    assert refusal.value.code == code


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\xff\xfe",
        b"null",
        b"[" * 100_000,
        b'{"montrey":"offer","montrey":"offer"}',
        b'{"montrey":"offer","version":1e999}',
        b'{"montrey":"credentials","version":' + b"1" * 5000 + b"}",
        b'{"montrey":"offer","version":1,"nonce":"\\ud800"}',
    ],
)
def test_hostile_json(text: bytes) -> None:
    """Text that is no good JSON is refused before anything looks into it."""
    with pytest.raises(WalletError):
        read_offer(text)
    with pytest.raises(WalletError):
        read_result(text)


@given(st.dictionaries(st.sampled_from(list(json.loads(offer()))), json_values))
def test_any_member_of_an_offer(changes: dict[str, Any]) -> None:
    """Whatever stands in an offer's members, it is read or refused."""
    with suppress(WalletError):
        read_offer(offer(**changes))


@given(
    st.dictionaries(st.sampled_from(list(result([]))), json_values),
    st.dictionaries(st.sampled_from([*ENTRY, "x"]), json_values),
    st.dictionaries(st.sampled_from(list(ENTRY["template"])), json_values),
)
def test_any_member_of_a_result(
    changes: dict[str, Any], entry: dict[str, Any], template: dict[str, Any]
) -> None:
    """Whatever stands in a result's members, its entries and its templates, it is read or refused."""
    spoiled = ENTRY | {"template": ENTRY["template"] | template} | entry
    with suppress(WalletError):
        read_result(json.dumps(result([spoiled]) | changes))
