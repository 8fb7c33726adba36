"""Presentations: signed by the right key, for whom they were asked, and showing no more than asked."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from tiny_ministry import CARD, DAY, NAME_LA, NOW, Ministry, filled_wallet, new_wallet, offer

from credential import packed, sd_jwt
from credential.challenge import Challenge
from credential.live import LiveToken
from did import PublicKey, jws
from wallet_sdk import Format, Standing, Wallet, WalletError

CHALLENGE = Challenge(7, b"8 bytes!")


def read_live(text: str, ministry: Ministry) -> LiveToken:
    """A presentation whose two signatures hold."""
    token = packed.read(text, {1: ministry.template})
    assert isinstance(token, LiveToken)
    assert ministry.signer.public_key.verify(token.issuer_signed, token.issuer_signature)
    assert token.holder.verify(token.holder_signed, token.holder_signature)
    return token


def code_of(wallet: Wallet, format_: Format, now: datetime, credential: str | None = None) -> str:
    """The code with which nothing can be presented."""
    live = partial(wallet.present_live, credential=credential, now=now)
    bank = partial(
        wallet.present_sd_jwt, disclose=[], audience="a", nonce="n", credential=credential, now=now
    )
    with pytest.raises(WalletError) as refusal:
        (live if format_ is Format.LIVE else bank)()
    return refusal.value.code


def test_present_live(tmp_path: Path) -> None:
    """Without a challenge: for any gate, at this second, packed into one QR code."""
    ministry = Ministry()
    text = filled_wallet(tmp_path, ministry).present_live(now=NOW)
    assert len(text) <= 335
    token = read_live(text, ministry)
    assert (token.audience, token.challenge, token.signed_at) == ("any-gate", None, int(NOW.timestamp()))
    assert token.claims["card_number"] == CARD


def test_answer_challenge(tmp_path: Path) -> None:
    """With a challenge: for that gate, over its nonce."""
    ministry = Ministry()
    text = filled_wallet(tmp_path, ministry).present_live(challenge=CHALLENGE, now=NOW)
    token = read_live(text, ministry)
    assert (token.audience, token.challenge) == ("gate-7", b"8 bytes!")


def test_present_sd_jwt(tmp_path: Path) -> None:
    """A bank sees the claims that were asked for, bound to it and its nonce; the others stay hidden."""
    ministry = Ministry()
    wallet = filled_wallet(tmp_path, ministry)
    text = wallet.present_sd_jwt(
        disclose=["name_la", "card_number"], audience="https://bank.example", nonce="N-1", now=NOW
    )
    token = sd_jwt.parse(text)
    jws.verify(token.jws, ministry.bank_signer.public_key)
    sd_jwt.check_key_binding(token, PublicKey.from_jwk(token.claims["cnf"]["jwk"]))
    assert token.disclosed == {"name_la", "card_number"}
    assert token.claims["name_la"] == NAME_LA
    assert "date_of_birth" not in token.claims
    assert token.key_binding is not None
    assert token.key_binding.audience == "https://bank.example"
    assert (token.key_binding.nonce, token.key_binding.issued_at) == ("N-1", int(NOW.timestamp()))


def test_nothing_disclosed(tmp_path: Path) -> None:
    """With nothing asked for, nothing that can be left out is shown."""
    text = filled_wallet(tmp_path).present_sd_jwt(disclose=(), audience="a", nonce="n", now=NOW)
    assert sd_jwt.parse(text).disclosed == frozenset()


def test_claim_not_held(tmp_path: Path) -> None:
    """A claim that is not there is named as such, and so is a technical one."""
    wallet = filled_wallet(tmp_path)
    for claim in ("salary", "cnf", "iss"):
        with pytest.raises(WalletError) as refusal:
            wallet.present_sd_jwt(disclose=[claim], audience="a", nonce="n", now=NOW)
        assert refusal.value.code == "claim_not_held"


@pytest.mark.parametrize(("audience", "nonce"), [("", "n"), ("a", ""), ("a" * 513, "n"), ("a", "n\x1b")])
def test_malformed_audience(tmp_path: Path, audience: str, nonce: str) -> None:
    """Nothing is signed for nobody, or for a text that cannot be shown."""
    with pytest.raises(WalletError) as refusal:
        filled_wallet(tmp_path).present_sd_jwt(disclose=[], audience=audience, nonce=nonce, now=NOW)
    assert refusal.value.code == "malformed_audience"


@pytest.mark.parametrize("format_", Format)
def test_in_time_only(tmp_path: Path, format_: Format) -> None:
    """Nothing is presented before its day (but for five minutes of skew), at its end, or after."""
    wallet = filled_wallet(tmp_path)
    begin = datetime.fromisoformat("2026-11-22T00:00:00Z")
    early = begin - timedelta(minutes=5)
    assert code_of(wallet, format_, early - timedelta(seconds=1)) == "credential_not_yet_valid"
    wallet.select(format_, now=early)
    wallet.select(format_, now=begin + timedelta(days=365, seconds=-1))
    assert code_of(wallet, format_, begin + timedelta(days=365)) == "credential_expired"


def test_standing(tmp_path: Path) -> None:
    """A credential says when it ends within 30 days."""
    credential = filled_wallet(tmp_path).credentials()[0]
    end = credential.expires_at
    assert credential.standing(end - timedelta(days=30, seconds=1)) is Standing.VALID
    assert credential.standing(end - timedelta(days=30)) is Standing.EXPIRES_SOON
    assert credential.standing(end) is Standing.EXPIRED


@pytest.mark.parametrize("format_", Format)
def test_no_credential(tmp_path: Path, format_: Format) -> None:
    """An empty wallet, or one without this credential, presents nothing."""
    assert code_of(new_wallet(tmp_path), format_, NOW) == "no_credential"
    (tmp_path / "more").mkdir()
    assert code_of(filled_wallet(tmp_path / "more"), format_, NOW, "0000000000") == "no_credential"


@pytest.mark.parametrize("days", [0, 300])
def test_the_last_that_came(tmp_path: Path, days: int) -> None:
    """After a renewal the new credential is shown, also on one day; the old one still can be, by its id."""
    ministry = Ministry(day=DAY - days)
    wallet = filled_wallet(tmp_path, ministry)
    ministry.day, ministry.index = DAY, 6
    wallet.receive(json.dumps(ministry.issue(wallet.request(offer(nonce="m" * 22), now=NOW))), now=NOW)
    old = next(item for item in wallet.credentials() if item.format is Format.LIVE)
    assert read_live(wallet.present_live(now=NOW), ministry).status_index == 6
    assert read_live(wallet.present_live(credential=old.id, now=NOW), ministry).status_index == 5


def test_the_last_that_holds(tmp_path: Path) -> None:
    """A newer credential that has ended, or does not hold yet, hides no older one."""
    ministry = Ministry()
    wallet = filled_wallet(tmp_path, ministry)
    ministry.day, ministry.index = DAY + 1, 6
    wallet.receive(json.dumps(ministry.issue(wallet.request(offer(nonce="m" * 22), now=NOW))), now=NOW)
    assert read_live(wallet.present_live(now=NOW), ministry).status_index == 5
    assert read_live(wallet.present_live(now=NOW + timedelta(days=1)), ministry).status_index == 6


def test_not_by_another_formats_id(tmp_path: Path) -> None:
    """The id of a bank's credential presents no live QR code."""
    wallet = filled_wallet(tmp_path)
    bank = next(item for item in wallet.credentials() if item.format is Format.SD_JWT)
    assert code_of(wallet, Format.LIVE, NOW, bank.id) == "no_credential"


def test_holder_keys_are_separate(tmp_path: Path) -> None:
    """A gate and a bank that compare notes find no common key."""
    assert len({item.holder for item in filled_wallet(tmp_path).credentials()}) == 2


def test_naive_time_is_a_mistake(tmp_path: Path) -> None:
    """A time without a zone is the programmer's mistake, not the wallet's error."""
    with pytest.raises(ValueError, match="aware"):
        filled_wallet(tmp_path).present_live(now=datetime(2026, 11, 22))  # noqa: DTZ001


def test_secrets_have_no_repr(tmp_path: Path) -> None:
    """What is printed of a credential by mistake holds neither claims nor keys."""
    text = repr(filled_wallet(tmp_path).credentials())
    assert CARD not in text
    assert NAME_LA not in text
