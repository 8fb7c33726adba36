"""The keys of a printing bank: one to be written to, one to sign its reports with.

A bank makes them at home and gives the ministry `bank.jwks`, their public
halves as a JWK Set (RFC 7517 §5). Keys that another tool made are taken as
private JWKs as well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from did import Algorithm, DidError, PublicKey, SoftwareSigner, base64url, jose, keyfile, strict_json
from did.keyfile import Cost
from issuer.errors import IssuerError

MAX_FILE = 16 << 10
"""Bytes of any file of keys."""
_KEY_FILE = "bank-key"
"""What a bank's key file, which is secret, says that it is."""


@dataclass(frozen=True, slots=True)
class BankPublic:
    """What the ministry knows of a bank: the P-256 key it writes to, the key its reports are signed with."""

    encryption: PublicKey
    signing: PublicKey

    def __post_init__(self) -> None:
        if self.encryption.algorithm is not Algorithm.P256 or self.encryption == self.signing:
            raise IssuerError("bad_bank_key", "a bank has a P-256 key to be written to, and another to sign")

    def to_jwks(self) -> bytes:
        """`bank.jwks`."""
        keys = [
            {**self.encryption.to_jwk(), "use": "enc", "alg": jose.AGREEMENT, "kid": kid(self.encryption)},
            {
                **self.signing.to_jwk(),
                "use": "sig",
                "alg": self.signing.algorithm.jose,
                "kid": kid(self.signing),
            },
        ]
        return strict_json.dumps({"keys": keys}) + b"\n"

    @classmethod
    def from_jwks(cls, data: bytes) -> BankPublic:
        """Reads `bank.jwks`: one key with `use` enc, one with `use` sig.

        Raises:
            IssuerError: `bad_bank_key`, `secret_bank_key`.
        """
        try:
            document = strict_json.loads(data, max_bytes=MAX_FILE)
            if isinstance(document, dict) and document.get("montrey") == _KEY_FILE:
                raise _secret_sent()
            keys = _keys(document)
            if any("d" in key for key in keys):  # RFC 7518 §6.2.2: the private half
                raise _secret_sent()
            uses = {key.get("use"): PublicKey.from_jwk(key) for key in keys}
        except (DidError, TypeError) as error:
            raise IssuerError("bad_bank_key", f"not the public keys of a bank: {error}") from error
        if len(keys) != 2 or uses.keys() != {"enc", "sig"}:
            raise IssuerError("bad_bank_key", "a bank has two keys: one with use enc, one with use sig")
        return cls(uses["enc"], uses["sig"])


@dataclass(frozen=True, slots=True)
class BankKeys:
    """The private keys a bank has at hand; a plain JWK may be only one of them."""

    decryption: SoftwareSigner | None
    signing: SoftwareSigner | None

    @classmethod
    def generate(cls) -> BankKeys:
        """A fresh P-256 key to be written to, a fresh Ed25519 key to sign with."""
        return cls(SoftwareSigner.generate(Algorithm.P256), SoftwareSigner.generate(Algorithm.ED25519))

    @property
    def public(self) -> BankPublic:
        """The public halves.

        Raises:
            IssuerError: `bad_bank_key` when one is not there.
        """
        return BankPublic(self.to_decrypt().public_key, self.to_sign().public_key)

    def to_decrypt(self) -> SoftwareSigner:
        """The key batches are written to.

        Raises:
            IssuerError: `bad_bank_key`.
        """
        if self.decryption is None:
            raise IssuerError(
                "bad_bank_key", "this file has no key to open a batch with: a P-256 key, use enc"
            )
        return self.decryption

    def to_sign(self) -> SoftwareSigner:
        """The key reports are signed with.

        Raises:
            IssuerError: `bad_bank_key`.
        """
        if self.signing is None:
            raise IssuerError(
                "bad_bank_key", "this file has no key to sign a report with: a key with use sig"
            )
        return self.signing


def kid(key: PublicKey) -> str:
    """The name of a key in JOSE headers: its RFC 7638 thumbprint in base64url."""
    return base64url.encode(key.thumbprint())


def spoken(key: PublicKey) -> str:
    """The thumbprint of a key for two people on a telephone: groups of four hexadecimal digits."""
    text = key.thumbprint().hex()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def encrypt(keys: BankKeys, passphrase: str, *, cost: Cost = keyfile.MODERATE) -> bytes:
    """The key file of a bank: both keys under one passphrase (`did.keyfile`).

    Raises:
        IssuerError: `weak_passphrase`, `bad_bank_key`.
    """
    if len(passphrase) < keyfile.MIN_PASSPHRASE:
        raise IssuerError(
            "weak_passphrase", f"the passphrase has at least {keyfile.MIN_PASSPHRASE} characters"
        )
    decryption, signing = keys.to_decrypt(), keys.to_sign()
    document = {
        "montrey": _KEY_FILE,
        "version": 1,
        "public": strict_json.loads(keys.public.to_jwks(), max_bytes=MAX_FILE),
        **keyfile.seal(decryption.secret + signing.secret, passphrase, cost=cost),
    }
    return strict_json.dumps(document) + b"\n"


def read(data: bytes, passphrase: Callable[[], str]) -> BankKeys:
    """Reads a bank's key file, or a private JWK or JWK Set; `passphrase` is asked for only where needed.

    A single P-256 key without `use` serves for both.

    Raises:
        IssuerError: `bad_bank_key`.
        DidError: `wrong_passphrase`, `malformed_key_file`.
    """
    try:
        document = strict_json.loads(data, max_bytes=MAX_FILE)
        if isinstance(document, dict) and document.get("montrey") == _KEY_FILE:
            public = BankPublic.from_jwks(strict_json.dumps(document.get("public")))
            return _opened(public, keyfile.unseal(document, passphrase()))
        return _of_jwks(_keys(document))
    except DidError as error:
        if error.code == "wrong_passphrase":
            raise
        raise IssuerError("bad_bank_key", f"not a private key that can be used here: {error}") from error


def read_pinned(data: bytes) -> tuple[PublicKey, ...]:
    """The ministry's public keys in a JWK, or in a JWK Set while one follows another.

    Raises:
        IssuerError: `bad_ministry_key`.
    """
    try:
        keys = tuple(PublicKey.from_jwk(key) for key in _keys(strict_json.loads(data, max_bytes=MAX_FILE)))
    except DidError as error:
        raise IssuerError("bad_ministry_key", f"not the ministry's public key: {error}") from error
    if not 1 <= len(keys) <= 16:
        raise IssuerError("bad_ministry_key", "one public key of the ministry, or a few")
    return keys


def _secret_sent() -> IssuerError:
    return IssuerError(
        "secret_bank_key",
        "this is the bank's secret file: the ministry is sent bank.jwks, which lies beside it. If the secret "
        "one has left the bank, make new keys (bank-key new)",
    )


def _opened(public: BankPublic, secret: bytes) -> BankKeys:
    if len(secret) != 64:
        raise IssuerError("bad_bank_key", "the key file does not hold two keys")
    keys = BankKeys(
        SoftwareSigner(Algorithm.P256, secret[:32]), SoftwareSigner(public.signing.algorithm, secret[32:])
    )
    if keys.public != public:
        raise IssuerError("bad_bank_key", "the two halves of the key file do not belong together")
    return keys


def _of_jwks(keys: list[Mapping[str, object]]) -> BankKeys:
    found = [(key.get("use"), jose.signer_from_jwk(key)) for key in keys]
    if any(use not in (None, "enc", "sig") for use, _ in found):
        raise IssuerError("bad_bank_key", "a key is for enc or for sig")
    p256 = [(use, signer) for use, signer in found if signer.public_key.algorithm is Algorithm.P256]
    free = [signer for use, signer in found if use is None]
    decrypting = [s for use, s in p256 if use == "enc"] + [s for use, s in p256 if use is None]
    signing = [s for use, s in found if use == "sig"]
    signing += sorted(free, key=lambda signer: signer.public_key.algorithm is Algorithm.P256)
    return BankKeys(next(iter(decrypting), None), next(iter(signing), None))


def _keys(document: object) -> list[Mapping[str, object]]:
    """The keys of a JWK Set, or the one of a JWK."""
    if isinstance(document, dict) and "keys" not in document:
        return [document]
    keys = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(keys, list) or not all(isinstance(key, dict) for key in keys):
        raise DidError("malformed_key", "neither a JWK nor a JWK Set")
    return keys
