"""Asking and receiving: all of a result fits the waiting keys, or nothing of it is taken."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_ministry import (
    CARD,
    DAY,
    ISSUER,
    NOW,
    PASSPHRASE,
    Ministry,
    filled_wallet,
    holders,
    new_wallet,
    offer,
    result,
)

from credential.codes import Name
from did import Algorithm, SoftwareSigner, base64url, cbor, jws
from wallet_sdk import Format, Standing, Wallet, WalletError


def refused(wallet: Wallet, spoiled: object) -> str:
    """The code with which `wallet` refuses a result."""
    with pytest.raises(WalletError) as refusal:
        wallet.receive(json.dumps(spoiled), now=NOW)
    return refusal.value.code


@pytest.mark.parametrize("algorithm", Algorithm)
def test_request_and_receive(tmp_path: Path, algorithm: Algorithm) -> None:
    """Both credentials arrive, each on its own key, and are there after opening again."""
    wallet, ministry = new_wallet(tmp_path), Ministry()
    request = wallet.request(offer(), algorithm=algorithm, now=NOW)
    keys = holders(json.loads(request)["proofs"])
    assert keys["live"].algorithm is algorithm
    assert keys["sd-jwt"].algorithm is Algorithm.P256
    assert keys["live"] != keys["sd-jwt"]
    received = wallet.receive(json.dumps(ministry.issue(request)), now=NOW)
    assert Wallet.open(tmp_path / "wallet", PASSPHRASE).credentials() == received
    assert [item.format for item in received] == [Format.LIVE, Format.SD_JWT]
    assert {item.card_number for item in received} == {CARD}
    assert {item.standing(NOW) for item in received} == {Standing.VALID}
    assert wallet.waiting() == ()


def test_proof_payload(tmp_path: Path) -> None:
    """A proof names the issuer, the time and the nonce, and carries no private key."""
    request = json.loads(new_wallet(tmp_path).request(offer(), now=NOW))
    for text in request["proofs"].values():
        proof = jws.parse(text, max_bytes=4096)
        payload = json.loads(proof.payload)
        assert payload == {"aud": ISSUER, "iat": int(NOW.timestamp()), "nonce": "n" * 22}
        assert set(proof.header) == {"alg", "typ", "jwk"}
        assert "d" not in proof.header["jwk"]


def test_only_used_codes_are_kept(tmp_path: Path) -> None:
    """Of the ministry's code tables the wallet keeps the names its credential uses."""
    live = filled_wallet(tmp_path).credentials()[0]
    assert live.codes.ministries == {3: Name("ក្រសួងមុខងារសាធារណៈ", "Ministry of Civil Service")}


def test_asked_again_the_same_keys(tmp_path: Path) -> None:
    """A lost request can be made again, in another process: its keys are those that wait."""
    first = new_wallet(tmp_path).request(offer(), now=NOW)
    again = Wallet.open(tmp_path / "wallet", PASSPHRASE)
    second = again.request(offer(), now=NOW + timedelta(hours=1))
    assert holders(json.loads(first)["proofs"]) == holders(json.loads(second)["proofs"])
    assert len(again.waiting()) == 2


def test_another_algorithm_keeps_the_first_key(tmp_path: Path) -> None:
    """Asking again with --alg adds a key; whichever the ministry used first, its result is taken."""
    wallet, ministry = new_wallet(tmp_path), Ministry()
    first = wallet.request(offer(credentials=["live"]), now=NOW)
    wallet.request(offer(credentials=["live"]), algorithm=Algorithm.P256, now=NOW)
    assert len(wallet.waiting()) == 2
    wallet.receive(json.dumps(ministry.issue(first)), now=NOW)
    assert wallet.waiting() == ()


def test_two_programs_lose_nothing(tmp_path: Path) -> None:
    """Two programs with the same wallet open see each other's changes when they change it."""
    one = new_wallet(tmp_path)
    two = Wallet.open(tmp_path / "wallet", PASSPHRASE)
    one.request(offer(nonce="a" * 22), now=NOW)
    two.request(offer(nonce="b" * 22), now=NOW)
    assert len(Wallet.open(tmp_path / "wallet", PASSPHRASE).waiting()) == 4


def test_offer_expired(tmp_path: Path) -> None:
    """An offer ends at its second, and no key is made for it after."""
    wallet = new_wallet(tmp_path)
    with pytest.raises(WalletError) as refusal:
        wallet.request(offer(expires="2026-11-22T08:30:00Z"), now=NOW)
    assert refusal.value.code == "offer_expired"
    assert wallet.waiting() == ()


def test_offer_used(tmp_path: Path) -> None:
    """An offer whose credentials are here is not answered again; the next one is."""
    wallet = filled_wallet(tmp_path)
    with pytest.raises(WalletError) as refusal:
        wallet.request(offer(), now=NOW)
    assert refusal.value.code == "offer_used"
    wallet.request(offer(nonce="m" * 22), now=NOW)
    assert len(wallet.waiting()) == 2


def test_old_waiting_keys_go(tmp_path: Path) -> None:
    """A key is kept for 90 days after its offer ended, because results travel slowly; then it goes."""
    wallet = new_wallet(tmp_path)
    wallet.request(offer(), now=NOW)
    wallet.request(offer(nonce="b" * 22, expires="2028-01-01T00:00:00+07:00"), now=NOW + timedelta(days=110))
    assert len(wallet.waiting()) == 4
    wallet.request(offer(nonce="c" * 22, expires="2028-01-01T00:00:00+07:00"), now=NOW + timedelta(days=130))
    assert len(wallet.waiting()) == 4


def test_offers_cannot_fill_a_wallet(tmp_path: Path) -> None:
    """However many offers come and whatever end they name, the next is answered; the oldest gives way."""
    wallet, ministry = filled_wallet(tmp_path), Ministry()
    for i in range(33):
        wallet.request(offer(nonce=f"{i:022}", expires="9999-01-01T00:00:00Z"), now=NOW)
    first = wallet.waiting()
    assert len(first) == 64
    assert max(item.expires for item in first) == NOW + timedelta(days=30)
    request = wallet.request(offer(nonce="m" * 22), now=NOW)
    assert wallet.waiting()[:-2] == first[2:]
    wallet.receive(json.dumps(ministry.issue(request)), now=NOW)
    wallet.request(offer(nonce="k" * 22, expires="9999-01-01T00:00:00Z"), now=NOW + timedelta(days=121))
    assert len(wallet.waiting()) == 2


def test_answered_keys_give_way_first(tmp_path: Path) -> None:
    """A key that has its credential goes before any that waits."""
    wallet, ministry = new_wallet(tmp_path), Ministry()
    waits = wallet.request(offer(nonce="w" * 22), now=NOW)
    for i in range(31):
        issued = ministry.issue(wallet.request(offer(nonce=f"{i:022}"), now=NOW))
        wallet.receive(json.dumps(issued), now=NOW)
    wallet.request(offer(), now=NOW)
    assert len(wallet.waiting()) == 4
    wallet.receive(json.dumps(Ministry().issue(waits)), now=NOW)


@pytest.fixture
def poisoned(tmp_path: Path) -> tuple[Wallet, dict[str, Any], dict[str, Any]]:
    """A wallet that took a forged result for its request; the forged one and the right one."""
    wallet, forger = new_wallet(tmp_path), Ministry(validity_days=9999)
    request = wallet.request(offer(), now=NOW)
    forged, right = forger.issue(request), Ministry().issue(request)
    wallet.receive(json.dumps(forged), now=NOW)
    return wallet, forged, right


def test_forged_before_right(poisoned: tuple[Wallet, dict[str, Any], dict[str, Any]]) -> None:
    """A forged result, with its own template under the right one's number, keeps nothing out."""
    wallet, forged, right = poisoned
    received = wallet.receive(json.dumps(right), now=NOW)
    assert wallet.select(Format.LIVE, now=NOW) == received[0]
    assert len(wallet.credentials()) == 4
    for spoiled in (forged, right):
        assert refused(wallet, spoiled) == "already_received"


def test_forged_after_right(poisoned: tuple[Wallet, dict[str, Any], dict[str, Any]]) -> None:
    """A forged result replaces nothing: what was right is there, and is shown when the other is gone."""
    wallet, forged, right = poisoned
    false = wallet.credentials()
    wallet.receive(json.dumps(right), now=NOW)
    for item in false:
        wallet.remove(item.id)
    wallet.receive(json.dumps(forged), now=NOW)
    by_id = wallet.select(Format.LIVE, credential=wallet.credentials()[0].id, now=NOW)
    assert by_id.expires_at - by_id.issued_at == timedelta(days=365)
    for item in false:
        wallet.remove(item.id)
    assert wallet.select(Format.LIVE, now=NOW) == by_id


def test_removed_credential_waits_again(poisoned: tuple[Wallet, dict[str, Any], dict[str, Any]]) -> None:
    """Without the forged credential its key waits as before, and the offer can be answered again."""
    wallet, _, right = poisoned
    with pytest.raises(WalletError, match="already"):
        wallet.request(offer(), now=NOW)
    for item in wallet.credentials():
        wallet.remove(item.id)
    assert len(wallet.waiting()) == 2
    again = wallet.request(offer(), now=NOW)
    assert len(wallet.waiting()) == 2
    assert holders(json.loads(again)["proofs"]).keys() == {"live", "sd-jwt"}
    wallet.receive(json.dumps(right), now=NOW)
    assert wallet.waiting() == ()


def test_remove(tmp_path: Path) -> None:
    """A waiting key is given up by its id; an unknown id is a refusal and changes nothing."""
    wallet = new_wallet(tmp_path)
    request = wallet.request(offer(), now=NOW)
    live, bank = wallet.waiting()
    wallet.remove(live.id)
    for unknown in (live.id, "", "x"):
        with pytest.raises(WalletError) as refusal:
            wallet.remove(unknown)
        assert refusal.value.code == "no_credential"
    assert Wallet.open(tmp_path / "wallet", PASSPHRASE).waiting() == (bank,)
    assert refused(wallet, Ministry().issue(request)) == "unknown_holder"


def test_wallet_full(tmp_path: Path) -> None:
    """A wallet holds 64 credentials; one that is taken out makes room."""
    wallet = new_wallet(tmp_path)
    for i in range(32):
        wallet.receive(
            json.dumps(Ministry().issue(wallet.request(offer(nonce=f"{i:022}"), now=NOW))), now=NOW
        )
    issued = Ministry().issue(wallet.request(offer(credentials=["live"]), now=NOW))
    assert refused(wallet, issued) == "wallet_full"
    wallet.remove(wallet.credentials()[0].id)
    wallet.receive(json.dumps(issued), now=NOW)


def test_replayed_result(tmp_path: Path) -> None:
    """A result that was received is refused the second time, and nothing is doubled or lost."""
    wallet, ministry = new_wallet(tmp_path), Ministry()
    issued = ministry.issue(wallet.request(offer(), now=NOW))
    wallet.receive(json.dumps(issued), now=NOW)
    assert refused(wallet, issued) == "already_received"
    assert len(wallet.credentials()) == 2


def other_key(entry: dict[str, Any], ministry: Ministry) -> object:
    """A credential for somebody else's key."""
    return result([ministry.live(SoftwareSigner.generate(Algorithm.ED25519).public_key)])


def half_for_another(entry: dict[str, Any], ministry: Ministry) -> object:
    """One right credential beside one for somebody else."""
    return result([entry, ministry.sd_jwt(SoftwareSigner.generate(Algorithm.P256).public_key)])


def other_issuer(entry: dict[str, Any], ministry: Ministry) -> object:
    """The right credential in another issuer's envelope."""
    return result([entry], credential_issuer="https://other.example")


def signed_by_another(entry: dict[str, Any], ministry: Ministry) -> object:
    """A credential that names another issuer than the offer, in the right envelope, by its own template."""
    token = cbor.decode(base64url.decode(entry["credential"]), max_bytes=4096)
    payload = cbor.decode(token.value[2], max_bytes=4096) | {1: "https://other.example"}
    token.value[2] = cbor.encode(payload)
    template = entry["template"] | {"iss": "https://other.example"}
    return result([entry | {"credential": base64url.encode(cbor.encode(token)), "template": template}])


def twice(entry: dict[str, Any], ministry: Ministry) -> object:
    """The same credential twice."""
    return result([entry, entry])


def changed(**members: object) -> Callable[[dict[str, Any], Ministry], object]:
    """A template with other members than the credential was made by."""

    def spoil(entry: dict[str, Any], ministry: Ministry) -> object:
        return result([entry | {"template": entry["template"] | members}])

    return spoil


def no_template(entry: dict[str, Any], ministry: Ministry) -> object:
    """A live credential without a template."""
    return result([{name: value for name, value in entry.items() if name != "template"}])


def cut(entry: dict[str, Any], ministry: Ministry) -> object:
    """A credential that ends too early."""
    return result([entry | {"credential": entry["credential"][:-8]}])


def short_signature(entry: dict[str, Any], ministry: Ministry) -> object:
    """A credential whose signature has 63 bytes, which its CBOR says itself."""
    token = cbor.decode(base64url.decode(entry["credential"]), max_bytes=4096)
    protected, unprotected, payload, signature = token.value
    short = cbor.encode(cbor.Tag(18, [protected, unprotected, payload, signature[:63]]))
    return result([entry | {"credential": base64url.encode(short)}])


def as_bank(entry: dict[str, Any], ministry: Ministry) -> object:
    """A live credential that calls itself an SD-JWT VC."""
    return result([{"format": "dc+sd-jwt", "credential": entry["credential"]}])


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (other_key, "unknown_holder"),
        (half_for_another, "unknown_holder"),
        (other_issuer, "wrong_issuer"),
        (signed_by_another, "wrong_issuer"),
        (twice, "duplicate_credential"),
        (changed(number=2), "template_mismatch"),
        (changed(iss="https://other.example"), "template_mismatch"),
        (changed(kid="live-2"), "template_mismatch"),
        (changed(alg="ES256"), "template_mismatch"),
        (changed(vct="urn:example:other"), "template_mismatch"),
        (changed(status_uri=f"{ISSUER}/status/live-2"), "template_mismatch"),
        (changed(validity_days=364), "template_mismatch"),
        (changed(card_digits=12), "template_mismatch"),
        (changed(kind="seal"), "malformed_result"),
        (changed(validity_days="365"), "malformed_result"),
        (changed(more=1), "malformed_result"),
        (no_template, "malformed_result"),
        (cut, "malformed_credential"),
        (as_bank, "malformed_credential"),
        (short_signature, "malformed_credential"),
    ],
)
def test_spoiled_result(
    tmp_path: Path, spoil: Callable[[dict[str, Any], Ministry], object], code: str
) -> None:
    """Each spoiled result is refused by its code, and the right one is still taken afterwards."""
    wallet, ministry = new_wallet(tmp_path), Ministry()
    request = wallet.request(offer(credentials=["live"]), now=NOW)
    right = ministry.issue(request)
    assert refused(wallet, spoil(right["credentials"][0], ministry)) == code
    assert wallet.credentials() == ()
    assert len(Wallet.open(tmp_path / "wallet", PASSPHRASE).waiting()) == 1
    wallet.receive(json.dumps(right), now=NOW)
    assert len(wallet.credentials()) == 1


def test_result_without_request(tmp_path: Path) -> None:
    """A wallet that never asked takes nothing."""
    key = SoftwareSigner.generate(Algorithm.ED25519).public_key
    assert refused(new_wallet(tmp_path), result([Ministry().live(key)])) == "unknown_holder"


def test_ended_credential(tmp_path: Path) -> None:
    """A credential that has ended already is not taken."""
    wallet = new_wallet(tmp_path)
    request = wallet.request(offer(), now=NOW)
    assert refused(wallet, Ministry(day=DAY - 365).issue(request)) == "credential_expired"


def test_sd_jwt_that_is_none(tmp_path: Path) -> None:
    """An SD-JWT VC has its type, its claims and no key binding yet."""
    wallet, ministry = new_wallet(tmp_path), Ministry()
    request = wallet.request(offer(credentials=["sd-jwt"]), now=NOW)
    holder = holders(json.loads(request)["proofs"])["sd-jwt"]
    spoiled: list[dict[str, Any]] = [
        {"exp": "soon"},
        {"exp": True},
        {"exp": 1 << 60},
        {"vct": 1},
        {"cnf": {}},
    ]
    for claims in [*spoiled, {"nbf": "x"}, {"iss": "a\x9b2J"}, {"status": {}}]:
        assert refused(wallet, result([ministry.spoiled_sd_jwt(holder, **claims)])) == "malformed_credential"
    entry = ministry.sd_jwt(holder)
    entry["credential"] += "a.b.c"
    assert refused(wallet, result([entry])) == "malformed_credential"
    wallet.receive(json.dumps(result([ministry.spoiled_sd_jwt(holder)])), now=NOW)  # spoiled in nothing


def test_invisible_name(tmp_path: Path) -> None:
    """A live credential whose name would command a terminal is not taken."""
    wallet, ministry = new_wallet(tmp_path), Ministry()
    request = wallet.request(offer(credentials=["live"]), now=NOW)
    holder = holders(json.loads(request)["proofs"])["live"]
    whole = base64url.decode(ministry.live(holder)["credential"])
    spoiled = whole.replace(b"SOK SOPHEA", b"SOK\x1bSOPHEA")
    assert spoiled != whole
    entry = ministry.live(holder) | {"credential": base64url.encode(spoiled)}
    assert refused(wallet, result([entry])) == "malformed_credential"


@given(position=st.integers(0, 399), value=st.integers(0, 255))
def test_any_byte_changed(position: int, value: int) -> None:
    """Whatever byte of a credential is changed, only a `WalletError` comes out; the wallet stays whole."""
    with TemporaryDirectory() as folder:
        wallet, ministry = new_wallet(Path(folder)), Ministry()
        request = wallet.request(offer(credentials=["live"]), now=NOW)
        entry = ministry.issue(request)["credentials"][0]
        token = bytearray(base64url.decode(entry["credential"]))
        token[position % len(token)] = value
        entry["credential"] = base64url.encode(bytes(token))
        try:
            wallet.receive(json.dumps(result([entry])), now=NOW)
        except WalletError:
            assert len(wallet.waiting()) == 1
        else:
            assert wallet.present_live(now=NOW).startswith("MQ1:")
