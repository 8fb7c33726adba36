"""The letter that goes with a sealed batch: what it is, its key and its digest, for one bank's eyes.

Signed by the ministry (JWS), then encrypted to the bank (JWE). The signed part
names the bank's key: a bank that hands the signed part on to another, newly
encrypted, hands on nothing that the other would take.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from did import DidError, PublicKey, Signer, SoftwareSigner, base64url, jose, jws, sealing, strict_json
from issuer.bank_keys import kid
from issuer.batch import MAX_CARDS, VERSION, Batch
from issuer.errors import IssuerError

TYPE = "montrey-batch+jws"
_MAX_LETTER = 8 << 10
_MAX_SIZE = 3 << 30
_MEMBERS = {"version", "iss", "batch", "bank", "bank_key", "iat", "count", "key", "sha256", "size"}


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchHeader:
    """What the ministry signs of a batch, but for its key.

    `bank_key` is the RFC 7638 thumbprint of the bank's encryption key,
    `sha256` and `size` are those of the sealed stream, `ministry` the
    thumbprint of the key that signed.
    """

    issuer: str
    number: str
    bank: str
    bank_key: bytes
    made_at: datetime
    count: int
    sha256: bytes
    size: int
    ministry: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that was opened; `key` opens the sealed stream."""

    header: BatchHeader
    key: bytes

    def __repr__(self) -> str:
        return f"Letter({self.header!r})"  # never the key


def header_of(batch: Batch, *, bank: PublicKey, ministry: PublicKey, sha256: bytes, size: int) -> BatchHeader:
    """The header of `batch`, sealed for the bank's encryption key `bank`, to be signed by `ministry`."""
    return BatchHeader(
        issuer=batch.issuer,
        number=batch.number,
        bank=batch.bank,
        bank_key=bank.thumbprint(),
        made_at=batch.made_at.astimezone(UTC).replace(microsecond=0),
        count=len(batch.cards),
        sha256=sha256,
        size=size,
        ministry=ministry.thumbprint(),
    )


def write(header: BatchHeader, key: bytes, *, signer: Signer, bank: PublicKey) -> str:
    """The letter as a compact JWE for the bank's encryption key `bank`."""
    payload = strict_json.dumps(
        {
            "version": VERSION,
            "iss": header.issuer,
            "batch": header.number,
            "bank": header.bank,
            "bank_key": base64url.encode(header.bank_key),
            "iat": int(header.made_at.timestamp()),
            "count": header.count,
            "key": base64url.encode(key),
            "sha256": base64url.encode(header.sha256),
            "size": header.size,
        }
    )
    signed = jws.sign({"typ": TYPE, "kid": kid(signer.public_key)}, payload, signer)
    recipient = {**bank.to_jwk(), "kid": kid(bank)}
    return jose.encrypt_jwe(signed.encode("ascii"), recipient, enc="A256GCM", content_type=TYPE)


def read(letter: str, *, bank: SoftwareSigner, ministry: Sequence[PublicKey]) -> Letter:
    """Opens a letter with the bank's P-256 key and holds it to one of the ministry's pinned keys.

    Raises:
        IssuerError: `other_bank`, `batch_altered`, `other_ministry`,
            `newer_batch`, `malformed_batch`.
    """
    signed = _decrypt(letter, bank)
    payload, signer = _verify(signed, ministry)
    read = _read(payload, signer)
    if read.header.bank_key != bank.public_key.thumbprint():
        raise IssuerError("other_bank", "made for another bank's key: ask the ministry for yours")
    return read


def _decrypt(letter: str, bank: SoftwareSigner) -> str:
    try:
        header = strict_json.loads(base64url.decode(letter.partition(".")[0]), max_bytes=1024)
        try:
            return jose.decrypt_jwe(letter, jose.signer_to_jwk(bank)).decode("ascii")
        except DidError as error:
            if isinstance(header, dict) and header.get("kid") == kid(bank.public_key):
                raise
            raise IssuerError(
                "other_bank",
                "encrypted to another key than this: take the key it was made for, or ask the ministry anew",
            ) from error
    except (DidError, UnicodeDecodeError) as error:
        raise IssuerError("batch_altered", "the batch's letter was changed: ask for it again") from error


def _verify(signed: str, ministry: Sequence[PublicKey]) -> tuple[bytes, PublicKey]:
    try:
        token = jws.parse(signed, max_bytes=_MAX_LETTER)
        if token.header.get("typ") != TYPE:
            raise IssuerError("malformed_batch", "what is signed is no letter of a batch")
        named = [key for key in ministry if token.header.get("kid") == kid(key)]
        if not named:
            raise IssuerError(
                "other_ministry",
                "the batch is not signed by a key in ministry.jwk: print nothing of it, and ask the ministry "
                "by telephone whether it has a new one",
            )
        jws.verify(token, named[0])
    except DidError as error:
        raise IssuerError("batch_altered", f"the ministry's signature does not hold: {error.code}") from error
    return token.payload, named[0]


def _read(payload: bytes, signer: PublicKey) -> Letter:
    """The payload to values, each of its kind and within its bounds."""
    try:
        said = strict_json.loads(payload, max_bytes=_MAX_LETTER)
        if not isinstance(said, dict) or type(said.get("version")) is not int:
            raise IssuerError("malformed_batch", "the letter is no JSON object with a version")
        if said["version"] > VERSION:
            raise IssuerError("newer_batch", "the batch is of a later version of this program")
        match said:
            case {
                "iss": str(issuer),
                "batch": str(number),
                "bank": str(bank),
                "bank_key": str(bank_key),
                "iat": int(made_at),
                "count": int(count),
                "key": str(key),
                "sha256": str(sha256),
                "size": int(size),
            } if said.keys() == _MEMBERS and {type(made_at), type(count), type(size)} == {int}:
                pass
            case _:
                raise IssuerError("malformed_batch", "the letter has other members than a letter")
        secrets = [base64url.decode(text) for text in (bank_key, key, sha256)]
    except DidError as error:
        raise IssuerError("malformed_batch", "the letter is not written as it has to be") from error
    fits = 0 < made_at < 1 << 33 and 0 < count <= MAX_CARDS and sealing.sealed_size(0) <= size <= _MAX_SIZE
    if not fits or any(len(secret) != hashlib.sha256().digest_size for secret in secrets):
        raise IssuerError("malformed_batch", "a value of the letter is out of its bounds")
    header = BatchHeader(
        issuer=issuer,
        number=number,
        bank=bank,
        bank_key=secrets[0],
        made_at=datetime.fromtimestamp(made_at, UTC),
        count=count,
        sha256=secrets[2],
        size=size,
        ministry=signer.thumbprint(),
    )
    return Letter(header, secrets[1])
