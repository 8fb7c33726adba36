"""Our keys in TUF's clothes: `Signer` and `PublicKey` as securesystemslib knows them.

python-tuf verifies; nothing here does. P-256 keys and signatures change form
only (SubjectPublicKeyInfo, DER), which needs no cryptography.
"""

from __future__ import annotations

import base64

from securesystemslib.signer import Key, SecretsHandler, Signature, SSlibKey  # type: ignore[attr-defined]
from securesystemslib.signer import Signer as TufSignerInterface  # type: ignore[attr-defined]

from did.algorithm import Algorithm
from did.errors import DidError
from did.keys import PublicKey
from did.signer import Signer

# SubjectPublicKeyInfo up to the point: ecPublicKey on prime256v1 (RFC 5480 §2).
_SPKI = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200") + b"\x04"
_KEY_ID = 4


def key_id(key: PublicKey) -> str:
    """The id of `key` in TUF metadata: 8 hex digits of its JWK thumbprint, short enough to be read out.

    TUF asks only that one id means one key in one piece of metadata (TAP 12),
    and `ceremony` refuses two keys of one id; 64 digits would stand two dozen
    times on every stick.
    """
    return key.thumbprint()[:_KEY_ID].hex()


def tuf_key(key: PublicKey) -> Key:
    """`key` as it stands in root and targets metadata."""
    if key.algorithm is Algorithm.ED25519:
        return SSlibKey(key_id(key), "ed25519", "ed25519", {"public": key.raw.hex()})
    body = base64.encodebytes(_SPKI + key.raw).decode("ascii").replace("\n", "")
    lines = "\n".join(body[at : at + 64] for at in range(0, len(body), 64))
    pem = f"-----BEGIN PUBLIC KEY-----\n{lines}\n-----END PUBLIC KEY-----\n"
    return SSlibKey(key_id(key), "ecdsa", "ecdsa-sha2-nistp256", {"public": pem})


def public_key(key: Key) -> PublicKey:
    """Reads what `tuf_key` wrote.

    Raises:
        DidError: `malformed_key`, `unsupported_key`.
    """
    text = str(key.keyval["public"])
    try:
        if key.keytype == "ed25519":
            return PublicKey(Algorithm.ED25519, bytes.fromhex(text))
        spki = base64.b64decode("".join(text.split("\n")[1:-2]), validate=True)
    except ValueError as error:
        raise DidError("malformed_key", "not a key in a form that TUF knows") from error
    if key.keytype != "ecdsa" or spki[: len(_SPKI)] != _SPKI:
        raise DidError("unsupported_key", "only Ed25519 and P-256 keys are supported")
    return PublicKey(Algorithm.P256, spki[len(_SPKI) :])


class TufSigner(TufSignerInterface):
    """A `did.Signer` that signs TUF metadata."""

    def __init__(self, signer: Signer) -> None:
        self._signer = signer
        self._key = tuf_key(signer.public_key)

    @property
    def public_key(self) -> Key:
        """The public half."""
        return self._key

    @classmethod
    def from_priv_key_uri(
        cls, priv_key_uri: str, public_key: Key, secrets_handler: SecretsHandler | None = None
    ) -> TufSigner:
        """Not offered: keys are opened by whoever holds the passphrase, never by a URI."""
        raise NotImplementedError

    def sign(self, payload: bytes) -> Signature:
        """The signature over `payload` in TUF's form: hex, DER for P-256."""
        raw = self._signer.sign(payload)
        if self._signer.public_key.algorithm is Algorithm.P256:
            raw = _der_signature(raw)
        return Signature(self._key.keyid, raw.hex())


def _der_signature(raw: bytes) -> bytes:
    """ECDSA-Sig-Value of r ‖ s (RFC 3279 §2.2.3): at most 72 bytes, so one length byte each."""
    body = _der_integer(raw[:32]) + _der_integer(raw[32:])
    return b"\x30" + bytes((len(body),)) + body


def _der_integer(value: bytes) -> bytes:
    number = int.from_bytes(value, "big")
    body = number.to_bytes(number.bit_length() // 8 + 1, "big")
    return b"\x02" + bytes((len(body),)) + body
