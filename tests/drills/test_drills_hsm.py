"""Drill: the ministry's keys move into a token (HSM), and everything is signed there."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from drill import Drill, Phone
from issuer_desk import Desk
from softhsm import LABEL, PIN, SoftHsm

from did import DidError, key_reference, keyfile, pkcs11
from issuer.custody import KEY_FILE, PASSPHRASE_FILE
from issuer.errors import IssuerError
from issuer.home import Home
from trust import KeyKind, ceremony

pytestmark = pytest.mark.hsm
KINDS = [kind.value for kind in KeyKind]


@pytest.fixture
def drill(drill: Drill, hsm: SoftHsm, monkeypatch: pytest.MonkeyPatch) -> Drill:
    """The ministry of the other drills, its next keys in a token, signed and long published."""
    pin = drill.folder / "pin"
    pin.write_text(PIN + "\n")
    monkeypatch.setenv("MONTREY_PIN_FILE", str(pin))
    monkeypatch.setenv("MONTREY_PKCS11_MODULE", str(hsm.module))
    assert drill.ministry("keys", "renew", *KINDS, "--token", LABEL) == 0
    drill.desk.sign_trust_list()
    drill.stick("first")
    drill.desk.later(days=34)
    drill.gate.take(drill.stick("known"))
    drill.desk.later(days=1)
    reopen(drill)
    return drill


def reopen(drill: Drill, *, pin: str | None = PIN) -> None:
    """The office in a new process: nothing is open."""
    pkcs11.close()
    desk = drill.desk
    desk.office = desk.sit_down(pin=pin)


def used(desk: Desk) -> set[str]:
    """The keys in use of each kind that gates know."""
    keys = desk.office.authority.keys()
    return {key.kid for key in keys if key.standing == "in_use" and key.kind in KINDS}


def test_everything_is_signed_in_the_token(drill: Drill, hsm: SoftHsm) -> None:
    """Seals, live credentials, SD-JWT VCs and status lists, and gates and banks accept them."""
    desk = drill.desk
    kids = {f"{kind}-2026q4-2" for kind in KINDS}
    assert used(desk) == kids
    for kid in kids:
        reference = key_reference.load(desk.home / "keys" / f"{kid}.json")
        assert reference is not None
        assert (reference.token, reference.label) == (LABEL, kid)
    assert {key.label for key in hsm.open().list_keys() if key.guarded} == kids
    desk.apply(1, seed=2)
    ((_, card),) = desk.office.approve()
    phone = Phone(desk, card)
    drill.gate.take(drill.stick("second"))
    assert drill.gate.card(card) == "accepted"
    assert drill.gate.live(phone.show()) == "accepted"
    nonce = "0123456789abcdef"
    assert drill.gate.bank(phone.answer(nonce), nonce, behind=timedelta()) == "accepted"
    desk.office.suspend(card)
    drill.gate.take(drill.stick("third"))
    assert drill.gate.card(card) == drill.gate.live(phone.show()) == "suspended"
    assert {entry.name for entry in desk.office.deltas()} >= {"live-1", "seal-1", "sd-jwt-2"}


def test_without_the_token_nothing_is_signed(drill: Drill, hsm: SoftHsm) -> None:
    """Pulled out in between: nothing is approved and nothing written, and it goes on once it is back."""
    desk = drill.desk
    desk.apply(2, seed=2)
    before = desk.rows("SELECT count(*) FROM card WHERE seal IS NOT NULL")
    first, second = (view.application for view in desk.office.cards() if not view.card_number)
    assert len(desk.office.approve([first])) == 1
    hsm.pull_out()
    for act in (lambda: desk.office.approve([second]), lambda: desk.office.publish(drill.folder / "none")):
        with pytest.raises(DidError) as refusal:
            act()
        assert refusal.value.code == "token_missing"
    assert desk.rows("SELECT count(*) FROM card WHERE seal IS NOT NULL") == [before[0] + 1]
    hsm.plug_in()
    assert len(desk.office.approve([second])) == 1


def test_a_wrong_pin_changes_nothing(drill: Drill) -> None:
    """One try, and the register is as before."""
    desk = drill.desk
    desk.apply(1, seed=2)
    reopen(drill, pin="1484-elsewhere")
    for _ in range(3):
        with pytest.raises(DidError) as refusal:
            desk.office.approve()
        assert refusal.value.code == "wrong_pin"
    reopen(drill, pin=None)
    with pytest.raises(IssuerError) as needed:
        desk.office.approve()
    assert needed.value.code == "pin_needed"
    reopen(drill)
    assert len(desk.office.approve()) == 1


def test_the_online_key_moves_too(hsm: SoftHsm, drill: Drill) -> None:
    """Named in the next root, it signs publications; without the PIN nobody publishes."""
    desk = drill.desk
    assert drill.ministry("keys", "renew", "online", "--token", LABEL) == 0
    home, root = desk.office.home, drill.folder / "2.root.json"
    renew = ["root", "renew", home.root, "--online-key", home.online_key, "--out", root]
    assert drill.ministry(*renew) == 0
    desk.office.authority.accept_root(signed_root(home, root.read_bytes()))
    desk.sign_trust_list()
    (home.keys / "tuf-online.json").unlink()
    reopen(drill)
    drill.gate.take(drill.stick("second"))
    assert [drill.gate.card(card) for card in drill.cards] == ["accepted"] * 3
    reopen(drill, pin=None)
    with pytest.raises(IssuerError) as refusal:
        desk.office.publish(drill.folder / "third")
    assert refusal.value.code == "pin_needed"


def signed_root(home: Home, root: bytes) -> bytes:
    """A root with two custodians' signatures."""
    for name in ("root-1", "root-2"):
        folder: Path = home.offline / name
        signer = keyfile.load(folder / KEY_FILE, (folder / PASSPHRASE_FILE).read_text().strip())
        root = ceremony.sign(root, signer, authority=home.root.read_bytes())
    return root
