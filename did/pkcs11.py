"""Keys that never leave their hardware security module (HSM), by PKCS #11: made there, and signing there.

with_token = Token.open(Path("/usr/lib/softhsm/libsofthsm2.so"), "ministry", pin=pin)
with_token.generate("seal-2026q4", Algorithm.ED25519)
signer = with_token.signer("seal-2026q4")

`pkcs11_session` says what threads, forks and lost tokens meet. Every
signature is checked before it is handed out, not only the first: what is
printed on plastic is not taken back, a faulty Ed25519 signature gives the key
away, and the check costs little beside a token's time.
"""

from __future__ import annotations

import hashlib
import secrets
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from pkcs11 import (
    Attribute,
    KeyType,
    Mechanism,
    MechanismFlag,
    ObjectClass,
    PKCS11Error,
    PrivateKey,
    Session,
)
from pkcs11.types import Object, SignMixin

from did.algorithm import Algorithm
from did.ec_point import ED25519_NAME, ED25519_PARAMS, P256_PARAMS, read_point
from did.errors import DidError
from did.keys import PublicKey
from did.pkcs11_session import Connection, close, connect

__all__ = ["Pkcs11Signer", "Token", "TokenKey", "close"]

MAX_LABEL = 64
"""Characters of a key's label."""
MAX_KEYS = 10_000
"""Keys of a token that are looked at."""

_MECHANISM = {Algorithm.ED25519: Mechanism.EDDSA, Algorithm.P256: Mechanism.ECDSA}
_MAKES = {Algorithm.ED25519: Mechanism.EC_EDWARDS_KEY_PAIR_GEN, Algorithm.P256: Mechanism.EC_KEY_PAIR_GEN}
_TYPE = {Algorithm.ED25519: KeyType.EC_EDWARDS, Algorithm.P256: KeyType.EC}
_PARAMS = {Algorithm.ED25519: (ED25519_PARAMS, ED25519_NAME), Algorithm.P256: (P256_PARAMS,)}
_SELF_TEST = b"montrey: self-test of a signing key"


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenKey:
    """A signing key of a token; `public_key` None where it is of no algorithm of this project.

    `guarded` says that the token never hands the private half out.
    """

    label: str
    id: bytes
    public_key: PublicKey | None
    guarded: bool


class Pkcs11Signer:
    """A private key in a token, as `Token.signer` opens it; its public half was read there, and is pinned."""

    __slots__ = ("_connection", "_found", "_id", "_label", "public_key")

    def __init__(self, connection: Connection, label: str, key_id: bytes, public_key: PublicKey) -> None:
        self._connection = connection
        self._label = label
        self._id = key_id
        self.public_key = public_key
        self._found: tuple[Session, SignMixin] | None = None

    def sign(self, message: bytes) -> bytes:
        """64 bytes over `message` (P-256: r ‖ s), checked.

        Raises:
            DidError: `token_missing`, `hsm_key_missing`, `wrong_pin`, `pin_locked`, `hsm_failed`.
        """
        algorithm = self.public_key.algorithm
        data = message if algorithm is Algorithm.ED25519 else hashlib.sha256(message).digest()
        mechanism = _MECHANISM[algorithm]
        signature = self._connection.use(lambda session: self._key(session).sign(data, mechanism=mechanism))
        if not self.public_key.verify(message, signature):
            raise DidError(
                "hsm_failed", "the token made a signature that does not fit its key: use it no more"
            )
        return signature

    def _key(self, session: Session) -> SignMixin:
        """Looked up once a session: the handle of an object ends with it."""
        if self._found is None or self._found[0] is not session:
            key = _usable(session, _one(session, self._label, self._id), self.public_key.algorithm)
            self._found = session, key
        return self._found[1]

    def __repr__(self) -> str:
        return f"Pkcs11Signer({self.public_key.algorithm.name}, {self._label!r}, {self._connection!r})"


class Token:
    """A token that is logged in to."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @classmethod
    def open(cls, module: Path, label: str, *, pin: str, serial: str | None = None) -> Token:
        """Logs in to the token called `label`, by the PKCS #11 module at the absolute path `module`.

        One token of one name is taken without its serial number.

        Raises:
            DidError: `hsm_missing`, `token_missing`, `token_ambiguous`, `wrong_pin`, `pin_locked`,
                `hsm_failed`.
            ValueError: for a relative path.
        """
        if not module.is_absolute():
            raise ValueError("a module is named by its absolute path")
        return cls(connect(module, label, serial=serial, pin=pin))

    @property
    def label(self) -> str:
        """What the token is called."""
        return self._connection.label

    @property
    def serial(self) -> str:
        """The token's serial number."""
        return self._connection.serial

    def list_keys(self) -> tuple[TokenKey, ...]:
        """The signing keys of the token, by label.

        Raises:
            DidError: as `Pkcs11Signer.sign`.
        """
        return self._connection.use(_listing)

    def signer(
        self, label: str, *, key_id: bytes | None = None, expected: PublicKey | None = None
    ) -> Pkcs11Signer:
        """The key of this label (and CKA_ID), tried once before it is handed out.

        Raises:
            DidError: `hsm_key_missing`, `hsm_key_ambiguous`, `unsupported_key`, `malformed_key`,
                `hsm_key_mismatch` when its public half is not the one `expected`, and as `Pkcs11Signer.sign`.
        """

        def find(session: Session) -> tuple[bytes, PublicKey]:
            private = _one(session, label, key_id)
            public = _public(session, private)
            _usable(session, private, public.algorithm)
            return private.id, public

        found, public = self._connection.use(find)
        if expected is not None and public != expected:
            raise DidError("hsm_key_mismatch", f"the token's key {label!r} is another than was named")
        signer = Pkcs11Signer(self._connection, label, found, public)
        signer.sign(_SELF_TEST)
        return signer

    def generate(self, label: str, algorithm: Algorithm) -> TokenKey:
        """Makes a key in the token, which it never hands out (sensitive, not extractable).

        Raises:
            DidError: `unsupported_key` where the token cannot make or use such a key, `hsm_key_ambiguous`
                where it has one of this label, and as `Pkcs11Signer.sign`.
        """
        if not 0 < len(label) <= MAX_LABEL:
            raise ValueError(f"a label has 1 to {MAX_LABEL} characters")
        return self._connection.use(lambda session: _generate(session, label, algorithm))

    def __repr__(self) -> str:
        return f"Token({self.label!r}, {self.serial!r})"


def _privates(session: Session, label: str | None = None, key_id: bytes | None = None) -> list[PrivateKey]:
    wanted: dict[Attribute, object] = {Attribute.CLASS: ObjectClass.PRIVATE_KEY}
    if label is not None:
        wanted[Attribute.LABEL] = label
    if key_id is not None:
        wanted[Attribute.ID] = key_id
    # The whole search: one that is broken off stays open in the session.
    found = list(islice(session.get_objects(wanted), MAX_KEYS))
    return [key for key in found if isinstance(key, PrivateKey)]


def _one(session: Session, label: str, key_id: bytes | None) -> PrivateKey:
    found = _privates(session, label, key_id)
    if not found:
        raise DidError("hsm_key_missing", f"the token has no key called {label!r}, or hides it from this PIN")
    if len(found) > 1:
        raise DidError("hsm_key_ambiguous", f"the token has several keys called {label!r}: name the id")
    return found[0]


def _public(session: Session, private: PrivateKey) -> PublicKey:
    """The public half: from its own object, or from the private one, where some tokens keep it."""
    wanted = {
        Attribute.CLASS: ObjectClass.PUBLIC_KEY,
        Attribute.LABEL: private.label,
        Attribute.ID: private.id,
    }
    publics: list[Object] = list(islice(session.get_objects(wanted), 2))
    if len(publics) > 1:
        raise DidError("hsm_key_ambiguous", f"the token has several public keys called {private.label!r}")
    for place in (*publics, private):
        with suppress(PKCS11Error, KeyError):
            return read_point(place[Attribute.EC_PARAMS], place[Attribute.EC_POINT])
    raise DidError(
        "unsupported_key", "the token keeps no Ed25519 or P-256 public key beside this private one"
    )


def _usable(session: Session, private: PrivateKey, algorithm: Algorithm) -> SignMixin:
    """The key, if it may sign, and the token knows how to."""
    if not isinstance(private, SignMixin):
        raise DidError("unsupported_key", f"the token does not let the key {private.label!r} sign")
    if _MECHANISM[algorithm] not in session.token.slot.get_mechanisms():
        raise DidError("unsupported_key", f"the token cannot sign with {algorithm.name}")
    if _is(private, Attribute.ALWAYS_AUTHENTICATE):
        raise DidError("unsupported_key", "this key wants its PIN for each signature, which is not supported")
    return private


def _is(key: Object, attribute: Attribute) -> bool:
    """Whether a token says so; one that does not know the attribute does not."""
    try:
        return bool(key[attribute])
    except (PKCS11Error, KeyError):
        return False


def _guarded(private: PrivateKey) -> bool:
    never_out = _is(private, Attribute.NEVER_EXTRACTABLE) and _is(private, Attribute.ALWAYS_SENSITIVE)
    return never_out and _is(private, Attribute.SENSITIVE)


def _described(session: Session, private: PrivateKey) -> TokenKey:
    public = None
    with suppress(DidError):
        public = _public(session, private)
    return TokenKey(label=private.label, id=private.id, public_key=public, guarded=_guarded(private))


def _listing(session: Session) -> tuple[TokenKey, ...]:
    keys = [_described(session, private) for private in _privates(session)]
    return tuple(sorted(keys, key=lambda key: (key.label, key.id)))


def _generate(session: Session, label: str, algorithm: Algorithm) -> TokenKey:
    if not {_MAKES[algorithm], _MECHANISM[algorithm]} <= session.token.slot.get_mechanisms():
        raise DidError("unsupported_key", f"the token cannot make and use a key of {algorithm.name}")
    if _privates(session, label):
        raise DidError("hsm_key_ambiguous", f"the token has a key called {label!r} already")
    writing = session.token.open(rw=True)  # logged in as the process is
    try:
        private = _pair(writing, label, algorithm)
        made = _described(writing, private)
    finally:
        writing.close()
    if not made.guarded or made.public_key is None:
        raise DidError("hsm_failed", "the token made a key that it would hand out, or without a public half")
    return made


def _pair(session: Session, label: str, algorithm: Algorithm) -> PrivateKey:
    key_id = secrets.token_bytes(16)
    first, *others = _PARAMS[algorithm]
    try:
        return _pair_of(session, label, key_id, algorithm, first)
    except PKCS11Error:  # tokens complain in many ways of a curve that they know by its other name
        if not others:
            raise
        return _pair_of(session, label, key_id, algorithm, others[0])


def _pair_of(session: Session, label: str, key_id: bytes, algorithm: Algorithm, params: bytes) -> PrivateKey:
    curve = session.create_domain_parameters(_TYPE[algorithm], {Attribute.EC_PARAMS: params}, local=True)
    _, private = curve.generate_keypair(
        id=key_id,
        label=label,
        store=True,
        capabilities=MechanismFlag.SIGN | MechanismFlag.VERIFY,
        mechanism=_MAKES[algorithm],
        private_template={Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False, Attribute.PRIVATE: True},
    )
    return private
