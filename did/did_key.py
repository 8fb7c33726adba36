"""did:key (W3C CCG, did-method-key v0.9): an identifier that is its own key."""

from __future__ import annotations

from did.algorithm import Algorithm
from did.errors import DidError
from did.keys import PublicKey

PREFIX = "did:key:"

_MULTICODEC = {Algorithm.ED25519: b"\xed\x01", Algorithm.P256: b"\x80\x24"}
_MAX_TEXT = 128
"""Characters; 50 for our two kinds of key, 99 for P-521. Base58 costs the square of it."""
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_DIGITS = {character: value for value, character in enumerate(_BASE58)}


def encode(key: PublicKey) -> str:
    """The did:key of `key`."""
    return PREFIX + to_multibase(key)


def decode(did: str) -> PublicKey:
    """The key that `did` is.

    Raises:
        DidError: `malformed_did`, `malformed_key`; `unsupported_key` for any
            other kind of key.
    """
    if not did.startswith(PREFIX):
        raise DidError("malformed_did", "not a did:key")
    return from_multibase(did[len(PREFIX) :])


def to_multibase(key: PublicKey) -> str:
    """`key` as `publicKeyMultibase` has it: z, and base58btc of its multicodec form."""
    raw = key.raw
    if key.algorithm is Algorithm.P256:
        raw = bytes((2 + raw[63] % 2,)) + raw[:32]  # compressed (SEC 1 §2.3.3)
    return "z" + _to_base58(_MULTICODEC[key.algorithm] + raw)


def from_multibase(text: str) -> PublicKey:
    """The key that `to_multibase` wrote.

    Raises:
        DidError: `malformed_did`, `malformed_key`, `unsupported_key`.
    """
    if not text.startswith("z") or len(text) > _MAX_TEXT:
        raise DidError("malformed_did", "not a multibase key in base58btc")
    data = _from_base58(text[1:])
    code, raw = data[:2], data[2:]
    if code == _MULTICODEC[Algorithm.ED25519]:
        return PublicKey(Algorithm.ED25519, raw)
    if code != _MULTICODEC[Algorithm.P256]:
        raise DidError("unsupported_key", "only Ed25519 and P-256 keys are supported")
    if raw[:1] not in (b"\x02", b"\x03"):
        raise DidError("malformed_key", "a P-256 key in a did:key is compressed")
    return PublicKey.from_p256_x(raw[1:], odd=raw[0] == 3)


def _to_base58(data: bytes) -> str:
    number = int.from_bytes(data, "big")
    digits = []
    while number:
        number, digit = divmod(number, 58)
        digits.append(_BASE58[digit])
    zeros = len(data) - len(data.lstrip(b"\0"))
    return _BASE58[0] * zeros + "".join(reversed(digits))


def _from_base58(text: str) -> bytes:
    number = 0
    for character in text:
        digit = _DIGITS.get(character)
        if digit is None:
            raise DidError("malformed_did", "a character is not base58btc")
        number = number * 58 + digit
    zeros = len(text) - len(text.lstrip(_BASE58[0]))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")
