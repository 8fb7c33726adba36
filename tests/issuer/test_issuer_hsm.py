"""Keys of a home in a token (HSM), by the program: made, refused, and never by a hostile library."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from issuer_desk import CHEAP, PASSPHRASE, open_desk
from issuer_program import Program
from softhsm import LABEL, PIN, SoftHsm

from did import Algorithm, IdentityError, base64url, pkcs11, strict_json
from issuer.errors import IssuerError
from issuer.signing import Keyring
from issuer.token_keys import MODULE_VARIABLE, TokenKeys, module_path

hsm_only = pytest.mark.hsm
RENEW = ("keys", "renew", "live", "sd-jwt", "--token", LABEL)
MADE = {"live-2026q4-2", "sd-jwt-2026q4-2"}


@pytest.fixture
def ministry(program: Program, hsm: SoftHsm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    """The program with a token, its PIN in a file."""
    (tmp_path / "pin").write_text(PIN + "\n")
    monkeypatch.setenv("MONTREY_PIN_FILE", str(tmp_path / "pin"))
    monkeypatch.setenv(MODULE_VARIABLE, str(hsm.module))
    return program


@hsm_only
def test_keys_are_made_in_the_token(ministry: Program, hsm: SoftHsm) -> None:
    """The register and the file know the public half, the token keeps the other."""
    assert set(ministry.json(*RENEW)["keys"]) == MADE
    keys = {key.label: key for key in hsm.open().list_keys()}
    assert keys.keys() == MADE
    known = ministry.desk.rows("SELECT public_jwk FROM signing_key")
    for kid, key in keys.items():
        text = (ministry.desk.home / "keys" / f"{kid}.json").read_text()
        assert str(hsm.module) not in text
        assert PIN not in text
        assert key.guarded
        assert key.public_key is not None
        assert json.loads(text)["public"] == key.public_key.to_jwk()
        assert strict_json.dumps(key.public_key.to_jwk()).decode() in known


@hsm_only
def test_a_name_that_is_taken_in_the_token(ministry: Program, hsm: SoftHsm) -> None:
    """What a killed command left there is not used: custodians would not know whose it is."""
    hsm.open().generate("live-2026q4-2", Algorithm.ED25519)
    assert ministry.json(*RENEW)["keys"] == ["live-2026q4-3", "sd-jwt-2026q4-2"]


@hsm_only
def test_refusals_change_nothing(
    ministry: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hsm: SoftHsm
) -> None:
    """A wrong PIN, another token, no module, no PIN: in both languages; the register is as before."""
    desk = ministry.desk
    before = desk.rows("SELECT kid FROM signing_key"), sorted((desk.home / "keys").iterdir())
    (tmp_path / "pin").write_text("1484-elsewhere")
    for language, words in (("en", "The PIN was read from"), ("km", "លេខសម្ងាត់")):
        code, _, err = ministry("--lang", language, "--home", desk.home, *RENEW)
        assert (code, err.partition(":")[0]) == (1, "wrong_pin")
        assert words in err
        assert "1484" not in err
        pkcs11.close()
    (tmp_path / "pin").write_text(PIN)
    assert ministry.home(*RENEW[:-1], "elsewhere")[2].startswith("token_missing: ")
    monkeypatch.setenv(MODULE_VARIABLE, str(tmp_path / "none.so"))
    assert ministry.home(*RENEW)[2].startswith("hsm_not_set: ")
    monkeypatch.delenv(MODULE_VARIABLE)
    assert ministry.home(*RENEW)[2].startswith("hsm_not_set: ")
    monkeypatch.delenv("MONTREY_PIN_FILE")
    code, _, err = ministry.home(*RENEW)
    assert (code, "MONTREY_PIN_FILE" in err) == (2, True)
    assert (desk.rows("SELECT kid FROM signing_key"), sorted((desk.home / "keys").iterdir())) == before
    assert hsm.open().list_keys() == ()


@hsm_only
def test_the_pin_is_asked_for_only_where_it_is_needed(
    ministry: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A home without a key in a token signs as before, and so does one that has some."""
    monkeypatch.delenv("MONTREY_PIN_FILE")
    assert ministry.home("publish", tmp_path / "out")[0] == 0
    monkeypatch.setenv("MONTREY_PIN_FILE", str(tmp_path / "pin"))
    assert ministry.home(*RENEW)[0] == 0
    assert ministry.home("publish", tmp_path / "out")[0] == 0
    monkeypatch.delenv("MONTREY_PIN_FILE")
    assert ministry.home("publish", tmp_path / "out")[0] == 2


@hsm_only
def test_a_reference_to_another_key_is_refused(ministry: Program, hsm: SoftHsm) -> None:
    """Whoever writes into the home has the token sign with no other key of it than was named."""
    ministry.json(*RENEW)
    token = hsm.open()
    other = token.generate("other", Algorithm.ED25519)
    path = ministry.desk.home / "keys" / "live-2026q4-2.json"
    document = json.loads(path.read_text())
    assert other.public_key is not None
    for changed, code in (
        ({"label": "nothing"}, "hsm_key_missing"),
        ({"label": "other", "id": base64url.encode(other.id)}, "hsm_key_mismatch"),
        ({"serial": "0" * 16}, "token_missing"),
    ):
        path.write_text(json.dumps({**document, **changed}))
        keyring = Keyring(path.parent, PASSPHRASE, tokens=TokenKeys(ministry.desk.home, PIN))
        with pytest.raises(IdentityError) as refusal:
            keyring._open("live-2026q4-2")
        assert refusal.value.code == code


def test_a_new_file_key_needs_the_right_passphrase(tmp_path: Path) -> None:
    """Also when the online key is no file that it opens."""
    desk = open_desk(tmp_path)
    keyring = Keyring(desk.home / "keys", "another passphrase")
    with pytest.raises(IdentityError) as refusal:
        keyring.make("live-2026q4", Algorithm.ED25519, cost=CHEAP)
    assert refusal.value.code == "wrong_passphrase"


def _link_to_home(home: Path, library: Path) -> str:
    (home / "evil.so").write_bytes(library.read_bytes())
    link = home.parent / "module.so"
    link.symlink_to(home / "evil.so")
    return str(link)


def _writable(home: Path, library: Path) -> str:
    shutil.copy(library, home.parent / "evil.so")
    (home.parent / "evil.so").chmod(0o666)
    return str(home.parent / "evil.so")


@pytest.mark.parametrize(
    ("place", "code"),
    [
        (lambda *_: "libsofthsm2.so", "unsafe_module"),
        (lambda *_: "../evil.so", "unsafe_module"),
        (lambda *_: "", "hsm_not_set"),
        (lambda *_: "/nowhere/evil.so", "hsm_not_set"),
        (lambda home, _: str(home.parent), "unsafe_module"),
        (lambda home, _: str(home / "evil.so"), "unsafe_module"),
        (_link_to_home, "unsafe_module"),
        (_writable, "unsafe_module"),
    ],
)
def test_modules_that_are_never_loaded(tmp_path: Path, place: Callable[[Path, Path], str], code: str) -> None:
    """Relative, missing, no file, in the home or by a link to it, or writable by everybody."""
    home, library = tmp_path / "home", tmp_path / "good.so"
    home.mkdir()
    library.write_bytes(b"\x7fELF")
    library.chmod(0o644)
    assert module_path(home, {MODULE_VARIABLE: str(library)}) == library.resolve()
    with pytest.raises(IssuerError) as refusal:
        module_path(home, {MODULE_VARIABLE: place(home, library)})
    assert refusal.value.code == code
