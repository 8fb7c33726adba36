"""The vault at rest: nothing readable, nothing half, nothing opened by a wrong passphrase."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from tiny_ministry import (
    CARD,
    CHEAP,
    ISSUER,
    NAME_KM,
    NAME_LA,
    NOW,
    PASSPHRASE,
    filled_wallet,
    new_wallet,
    offer,
)

from did import base64url
from wallet_sdk import Wallet, WalletError


def code_of_opening(home: Path, passphrase: str = PASSPHRASE) -> str:
    """The code with which opening fails."""
    with pytest.raises(WalletError) as refusal:
        Wallet.open(home, passphrase)
    return refusal.value.code


def test_only_the_owner_may_look(tmp_path: Path) -> None:
    """The home is 0700 and its files 0600, also when the folder was there with other rights."""
    (tmp_path / "wallet").mkdir(mode=0o755)
    filled_wallet(tmp_path)
    home = tmp_path / "wallet"
    assert home.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in home.iterdir()} == {0o600}


def test_nothing_readable(tmp_path: Path) -> None:
    """No name, number, ministry, nonce or template can be read from names or contents of files."""
    wallet = filled_wallet(tmp_path)
    wallet.request(offer(nonce="m" * 22), now=NOW)
    paths = list((tmp_path / "wallet").iterdir())
    assert {path.name for path in paths} == {"lock", "wallet.json"}
    written = json.loads((tmp_path / "wallet" / "wallet.json").read_bytes())
    box = base64url.decode(written["box"])
    everything = b"\n".join([*(path.read_bytes() for path in paths), box])
    # A member's name stands in its quotation marks: four bare letters come about in random base64 too.
    for secret in (CARD, NAME_KM, NAME_LA, ISSUER, "n" * 22, "m" * 22, "live-1", "sd-jwt", '"held"'):
        assert secret.encode() not in everything
    assert set(written) == {
        "montrey",
        "version",
        "kdf",
        "passes",
        "memory",
        "salt",
        "box",
    }


def test_length_tells_little(tmp_path: Path) -> None:
    """An empty wallet and one with two credentials are files of one length."""
    wallet = new_wallet(tmp_path)
    empty = (tmp_path / "wallet" / "wallet.json").stat().st_size
    wallet.request(offer(), now=NOW)
    assert (tmp_path / "wallet" / "wallet.json").stat().st_size == empty
    (tmp_path / "more").mkdir()
    filled_wallet(tmp_path / "more")
    assert (tmp_path / "more" / "wallet" / "wallet.json").stat().st_size == empty


def test_each_write_is_sealed_anew(tmp_path: Path) -> None:
    """The same contents never give the same box twice: a nonce used twice would open both."""
    wallet = new_wallet(tmp_path)
    boxes = set()
    for _ in range(3):
        wallet.request(offer(), now=NOW)
        boxes.add(json.loads((tmp_path / "wallet" / "wallet.json").read_bytes())["box"][:32])
    assert len(boxes) == 3


def test_wrong_passphrase(tmp_path: Path) -> None:
    """A wrong passphrase is named as such."""
    new_wallet(tmp_path)
    assert code_of_opening(tmp_path / "wallet", PASSPHRASE + " ") == "wrong_passphrase"


def test_passphrase_from_two_keyboards(tmp_path: Path) -> None:
    """A passphrase typed composed or decomposed is the same passphrase."""
    typed = "café ឃ្លា"
    Wallet.create(tmp_path / "w", unicodedata.normalize("NFD", typed), cost=CHEAP)
    Wallet.open(tmp_path / "w", unicodedata.normalize("NFC", typed))


def test_create_refusals(tmp_path: Path) -> None:
    """No wallet is made over another, among other files, or without a passphrase."""
    new_wallet(tmp_path)
    (tmp_path / "papers").mkdir(mode=0o755)
    (tmp_path / "papers" / "letter.txt").touch()
    (tmp_path / "file").touch()
    for name, passphrase, code in (
        ("wallet", PASSPHRASE, "wallet_exists"),
        ("papers", PASSPHRASE, "home_not_empty"),
        ("file", PASSPHRASE, "unwritable_file"),
        ("new", "", "weak_passphrase"),
        ("new", "1234567        ", "weak_passphrase"),
    ):
        with pytest.raises(WalletError) as refusal:
            Wallet.create(tmp_path / name, passphrase, cost=CHEAP)
        assert refusal.value.code == code
    assert (tmp_path / "papers").stat().st_mode & 0o777 == 0o755
    assert not (tmp_path / "new").exists()


def test_no_wallet(tmp_path: Path) -> None:
    """A folder without a wallet, or no folder, is named as such."""
    assert code_of_opening(tmp_path) == "no_wallet"
    assert code_of_opening(tmp_path / "nowhere") == "no_wallet"


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda data: b"", "damaged_wallet"),
        (lambda data: data[: len(data) // 2], "damaged_wallet"),
        (lambda data: b"[]", "damaged_wallet"),
        (lambda data: data.replace(b'"wallet"', b'"purse"'), "damaged_wallet"),
        (lambda data: data.replace(b'"version":1', b'"version":2'), "unsupported_wallet"),
        (lambda data: data.replace(b'"memory":8192', b'"memory":99999999999'), "damaged_wallet"),
        (lambda data: data.replace(b'"memory":8192', b'"memory":"8192"'), "damaged_wallet"),
        (lambda data: data.replace(b'"salt":"', b'"salt":"*'), "damaged_wallet"),
        (lambda data: data.replace(b'"salt":"', b'"salt":"AAAA'), "damaged_wallet"),
        (lambda data: data + b" " * (1 << 21), "file_too_large"),
    ],
)
def test_damaged_file(tmp_path: Path, spoil: Callable[[bytes], bytes], code: str) -> None:
    """Every damage has its code, and opening never changes the file."""
    new_wallet(tmp_path)
    file = tmp_path / "wallet" / "wallet.json"
    spoiled = spoil(file.read_bytes())
    file.write_bytes(spoiled)
    assert code_of_opening(tmp_path / "wallet") == code
    assert file.read_bytes() == spoiled


def test_box_changed(tmp_path: Path) -> None:
    """A changed byte in the box is found: the box is authenticated."""
    new_wallet(tmp_path)
    file = tmp_path / "wallet" / "wallet.json"
    document = json.loads(file.read_bytes())
    box = bytearray(base64url.decode(document["box"]))
    box[100] ^= 1
    file.write_text(json.dumps(document | {"box": base64url.encode(bytes(box))}))
    assert code_of_opening(tmp_path / "wallet") == "wrong_passphrase"


def test_link_in_place_of_the_new_file(tmp_path: Path) -> None:
    """The wallet does not write through a link that somebody laid where its new file goes."""
    wallet = new_wallet(tmp_path)
    (tmp_path / "elsewhere").write_text("kept")
    (tmp_path / "wallet" / ".wallet.json.new").symlink_to(tmp_path / "elsewhere")
    wallet.request(offer(), now=NOW)
    assert not (tmp_path / "wallet" / "wallet.json").is_symlink()
    assert (tmp_path / "elsewhere").read_text() == "kept"
