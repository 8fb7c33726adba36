"""Keys in a token, tried with SoftHSM2: signatures, refusals, lost tokens, threads and forks."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from pkcs11 import Session, TokenFlag
from pkcs11 import Token as Found
from softhsm import LABEL, PIN, SoftHsm, reset

from did import Algorithm, DidError, Signer, SoftwareSigner, pkcs11, pkcs11_session
from did.pkcs11 import Pkcs11Signer, Token

pytestmark = pytest.mark.hsm

WRONG = "1484-elsewhere"


def refused(act: Callable[[], object]) -> DidError:
    """How it is refused; the PIN stands nowhere in it."""
    with pytest.raises(DidError) as refusal:
        act()
    text = "".join(traceback.format_exception(refusal.value)) + repr(refusal.value)
    assert PIN not in text
    assert WRONG not in text
    return refusal.value


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_a_thousand_signatures(hsm: SoftHsm, algorithm: Algorithm) -> None:
    """A key made in the token signs as the protocol wants it, whatever the length of the message."""
    token = hsm.open()
    made = token.generate("seal", algorithm)
    assert made.guarded
    signer = token.signer("seal", expected=made.public_key)
    assert isinstance(signer, Signer)
    assert signer.public_key == made.public_key
    assert signer.public_key.algorithm is algorithm
    for number in range(1000):
        message = bytes([number % 256]) * number
        signature = signer.sign(message)
        assert len(signature) == 64
        assert signer.public_key.verify(message, signature)


def test_keys_are_listed(hsm: SoftHsm) -> None:
    """By label, with their public halves, and whether the token guards them."""
    token = hsm.open()
    made = [token.generate("b", Algorithm.P256), token.generate("a", Algorithm.ED25519)]
    assert token.list_keys() == (made[1], made[0])
    assert all(key.guarded and len(key.id) == 16 for key in made)


def test_the_private_half_does_not_come_out(hsm: SoftHsm) -> None:
    """The token itself refuses, whoever asks with the PIN."""
    from pkcs11 import Attribute, ObjectClass, exceptions

    token = hsm.open()
    token.generate("seal", Algorithm.P256)
    session = token._connection._session
    assert session is not None
    (key,) = session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY})
    with pytest.raises(exceptions.AttributeSensitive):
        key[Attribute.VALUE]


def test_missing_things_have_their_codes(hsm: SoftHsm, tmp_path: Path) -> None:
    """Module, token, serial number, key."""
    no_module = tmp_path / "no.so"
    assert refused(lambda: Token.open(no_module, LABEL, pin=PIN)).code == "hsm_missing"
    no_module.write_text("not a library")
    assert refused(lambda: Token.open(no_module, LABEL, pin=PIN)).code == "hsm_missing"
    assert refused(lambda: hsm.open("elsewhere")).code == "token_missing"
    assert "serial" in str(refused(lambda: hsm.open(serial="0" * 16)))
    assert refused(lambda: hsm.open().signer("nothing")).code == "hsm_key_missing"
    with pytest.raises(ValueError, match="absolute"):
        Token.open(Path("libsofthsm2.so"), LABEL, pin=PIN)


def test_two_of_one_name(hsm: SoftHsm) -> None:
    """Keys of one label are told apart by their id, tokens by their serial number."""
    token = hsm.open()
    first = token.generate("seal", Algorithm.P256)
    assert refused(lambda: token.generate("seal", Algorithm.P256)).code == "hsm_key_ambiguous"
    second = token._connection.use(lambda session: _another(session, "seal"))
    assert refused(lambda: token.signer("seal")).code == "hsm_key_ambiguous"
    for key in (first, second):
        assert token.signer("seal", key_id=key.id).public_key == key.public_key
    serial = token.serial
    hsm.add()
    pkcs11.close()
    assert refused(hsm.open).code == "token_ambiguous"
    assert hsm.open(serial=serial).signer("seal", key_id=first.id).public_key == first.public_key


def test_another_key_than_was_named(hsm: SoftHsm) -> None:
    """A token in the place of another is noticed before it signs."""
    token = hsm.open()
    token.generate("seal", Algorithm.ED25519)
    other = SoftwareSigner.generate(Algorithm.ED25519).public_key
    assert refused(lambda: token.signer("seal", expected=other)).code == "hsm_key_mismatch"


def test_a_wrong_pin_is_tried_once(hsm: SoftHsm, monkeypatch: pytest.MonkeyPatch) -> None:
    """The token is asked once for each PIN; what it refused it is not asked again, and it warns."""
    asked = []
    find = pkcs11_session._Module.find

    class Counting:
        """A token that notes which PINs it is asked about."""

        def __init__(self, token: Found) -> None:
            self._token = token

        def __getattr__(self, name: str) -> Any:
            return getattr(self._token, name)

        def open(self, **how: Any) -> Session:
            """Logs in."""
            asked.append(how["user_pin"])
            return self._token.open(**how)

    monkeypatch.setattr(pkcs11_session._Module, "find", lambda *which: Counting(find(*which)))
    error = refused(lambda: hsm.open(pin=WRONG))
    assert error.code == "wrong_pin"
    assert "Few tries are left" in str(error)
    again = refused(lambda: hsm.open(pin=WRONG))
    assert (again.code, "not tried again" in str(again)) == ("wrong_pin", True)
    token = hsm.open()
    assert asked == [WRONG, PIN]
    other = refused(lambda: hsm.open(pin=WRONG))
    assert (other.code, "nothing was tried" in str(other)) == ("wrong_pin", True)
    assert len(asked) == 2
    assert refused(lambda: hsm.open(pin="")).code == "wrong_pin"
    assert refused(lambda: hsm.open(pin="x" * 256)).code == "wrong_pin"
    assert PIN not in repr(token) + repr(token._connection)


class Flagged:
    """A token as one looks that counts wrong PINs, which SoftHSM2 does without ever locking."""

    def __init__(self, token: Found, before: TokenFlag, after: TokenFlag) -> None:
        self._token, self._after = token, after
        self.flags = before
        self.label, self.serial, self.slot = token.label, token.serial, self

    def get_token(self) -> Flagged:
        """What the slot says after a try."""
        self.flags = self._after
        return self

    def open(self, **how: Any) -> Session:
        """Logs in."""
        return self._token.open(**how)


@pytest.mark.parametrize(
    ("flags", "code", "words"),
    [
        ((0, 0), "wrong_pin", "does not say"),
        ((0, TokenFlag.USER_PIN_COUNT_LOW), "wrong_pin", "Few tries"),
        ((0, TokenFlag.USER_PIN_COUNT_LOW | TokenFlag.USER_PIN_FINAL_TRY), "wrong_pin", "One try"),
        ((TokenFlag.USER_PIN_FINAL_TRY, TokenFlag.USER_PIN_LOCKED), "wrong_pin", "locked now"),
        ((TokenFlag.USER_PIN_LOCKED, TokenFlag.USER_PIN_LOCKED), "pin_locked", "security officer"),
    ],
)
def test_the_tries_that_are_left_are_told(
    hsm: SoftHsm, monkeypatch: pytest.MonkeyPatch, flags: tuple[TokenFlag, TokenFlag], code: str, words: str
) -> None:
    """Whatever the token says of them; a locked one is not asked at all."""
    find = pkcs11_session._Module.find
    monkeypatch.setattr(pkcs11_session._Module, "find", lambda *which: Flagged(find(*which), *flags))
    error = refused(lambda: hsm.open(pin=WRONG))
    assert (error.code, words in str(error)) == (code, True)


def test_a_reset_is_survived(hsm: SoftHsm) -> None:
    """Every session is gone; each signer opens its own again, once."""
    hsm.add("other", pin="another pin")
    signers = []
    for label, pin in ((LABEL, PIN), ("other", "another pin")):
        token = hsm.open(label, pin=pin)
        token.generate("seal", Algorithm.ED25519)
        signers.append(token.signer("seal"))
    for _ in range(2):
        reset(hsm.module)
        for signer in signers * 2:
            assert signer.public_key.verify(b"m", signer.sign(b"m"))


def test_a_token_is_pulled_out_and_put_back(hsm: SoftHsm) -> None:
    """Nothing signs meanwhile, and everything after."""
    token = hsm.open()
    token.generate("seal", Algorithm.P256)
    signer = token.signer("seal")
    hsm.pull_out()
    assert refused(lambda: signer.sign(b"m")).code == "token_missing"
    assert refused(token.list_keys).code == "token_missing"
    assert refused(hsm.open).code == "token_missing"
    hsm.plug_in()
    assert signer.public_key.verify(b"m", signer.sign(b"m"))
    assert hsm.open().serial == token.serial


def test_another_token_of_the_name_is_not_given_the_pin(hsm: SoftHsm, tmp_path: Path) -> None:
    """What is plugged in instead has another serial number, so that its tries are not used up."""
    token = hsm.open()
    token.generate("seal", Algorithm.P256)
    signer = token.signer("seal")
    hsm.pull_out()
    hsm.add(pin="another pin")
    error = refused(lambda: signer.sign(b"m"))
    assert (error.code, "another serial number" in str(error)) == ("token_missing", True)


def test_a_key_that_was_destroyed(hsm: SoftHsm) -> None:
    """Somebody else with the PIN removed it."""
    from pkcs11 import Attribute, ObjectClass

    token = hsm.open()
    token.generate("seal", Algorithm.P256)
    signer = token.signer("seal")

    def destroy(session: Session) -> None:
        writing = session.token.open(rw=True)
        for key in writing.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY}):
            key.destroy()
        writing.close()

    token._connection.use(destroy)
    assert refused(lambda: signer.sign(b"m")).code == "hsm_key_missing"


def test_a_token_that_cannot(hsm: SoftHsm, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the mechanism for Ed25519 neither making nor opening goes, and the error says which it is."""
    token = hsm.open()
    token.generate("seal", Algorithm.ED25519)
    monkeypatch.setitem(pkcs11._MECHANISM, Algorithm.ED25519, 0x80000001)
    for act in (lambda: token.generate("next", Algorithm.ED25519), lambda: token.signer("seal")):
        error = refused(act)
        assert (error.code, "ED25519" in str(error)) == ("unsupported_key", True)


def test_a_false_signature_is_not_handed_out(hsm: SoftHsm) -> None:
    """A token whose private key is not that of the public one beside it."""
    token = hsm.open()
    for label in ("seal", "other"):
        token.generate(label, Algorithm.ED25519)
    good, other = token.signer("seal"), token.signer("other")
    crossed = Pkcs11Signer(good._connection, "other", other._id, good.public_key)
    assert refused(lambda: crossed.sign(b"m")).code == "hsm_failed"


def test_threads_share_a_session(hsm: SoftHsm) -> None:
    """Many at once, none of them hurt, also while the sessions are lost in between."""
    token = hsm.open()
    signers = []
    for algorithm in Algorithm:
        token.generate(algorithm.name, algorithm)
        signers.append(token.signer(algorithm.name))

    def work(number: int) -> bool:
        message, signer = str(number).encode(), signers[number % 2]
        if number == 200:
            with pkcs11_session._LOCK:
                reset(hsm.module)
        return signer.public_key.verify(message, signer.sign(message))

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(400)))


@pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")
def test_forks_open_their_own(hsm: SoftHsm) -> None:
    """A child signs, and what it does leaves the parent's session alone."""
    token = hsm.open()
    token.generate("seal", Algorithm.ED25519)
    signer = token.signer("seal")
    children = []
    for _ in range(3):
        child = os.fork()
        if child == 0:
            code = 1
            try:
                before = signer._connection._session
                valid = all(signer.public_key.verify(b"m", signer.sign(b"m")) for _ in range(20))
                own = signer._connection._session is not before
                code = 0 if valid and own else 2
            finally:
                os._exit(code)
        children.append(child)
    session = signer._connection._session
    assert all(signer.public_key.verify(b"p", signer.sign(b"p")) for _ in range(20))
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0, 0, 0]
    assert signer.public_key.verify(b"p", signer.sign(b"p"))
    assert signer._connection._session is session


def _another(session: Session, label: str) -> pkcs11.TokenKey:
    """A second key of one label, as another program makes it."""
    writing = session.token.open(rw=True)
    made = pkcs11._described(writing, pkcs11._pair(writing, label, Algorithm.P256))
    writing.close()
    return made
