"""The text of an SD-JWT VC, put together from what many have in common.

`sd_jwt.issue` makes any SD-JWT. This makes the one of `sd_jwt_vc` in half the
time, for a whole civil service at once; tests hold the two against each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from hashlib import sha256
from json.encoder import encode_basestring as quoted
from typing import Final

from credential.disclosures import SALT_BYTES
from did import base64url, strict_json
from did.algorithm import Algorithm
from did.keys import PublicKey

_DECOY_BYTES: Final = 32
_SHARED: Final = frozenset(
    {"ministry", "ministry_km", "ministry_en", "position", "position_km", "position_en"}
    | {"agency", "grade", "employment_status", "valid_from", "valid_until"}
)
"""Claims in which many people have the same value."""


def conceal(
    about: Mapping[str, int | str], *, decoys: int, salt: Callable[[int], bytes]
) -> tuple[str, list[str]]:
    """The JSON members `_sd` and `_sd_alg`, and the disclosures of all claims of `about`.

    As `disclosures.conceal` has them; `salt(n)` gives n random bytes and is asked once.
    """
    count = len(about)
    random = salt(SALT_BYTES * count + _DECOY_BYTES * decoys)
    salts = _encoded([random[at : at + SALT_BYTES] for at in range(0, SALT_BYTES * count, SALT_BYTES)])
    # The salt and what stands before it have 24 bytes: their Base64 ends where the next begins.
    heads = base64url.encode("".join(['["' + text for text in salts]).encode("ascii"))
    disclosures, at = [], 0
    for name, value in about.items():
        tail = _shared(name, value) if name in _SHARED else _tail(name, value)
        disclosures.append(heads[at : at + 32] + tail)
        at += 32
    hashed = [sha256(text.encode("ascii")).digest() for text in disclosures]
    for at in range(SALT_BYTES * count, len(random), _DECOY_BYTES):
        hashed.append(sha256(random[at : at + _DECOY_BYTES]).digest())
    listed = '","'.join(sorted(_encoded(hashed)))
    return f'"_sd":["{listed}"],"_sd_alg":"sha-256"', disclosures


def _encoded(parts: list[bytes]) -> list[str]:
    """Each of the parts, which have one length, in base64url: all of them in one go, with zeros between."""
    size = len(parts[0])
    between = bytes(-size % 3)
    text = base64url.encode(between.join(parts) + between)
    step, length = (size + len(between)) // 3 * 4, -(-size * 4 // 3)
    return [text[at : at + length] for at in range(0, step * len(parts), step)]


@lru_cache(maxsize=32)
def header(algorithm: Algorithm, kid: str, type_: str) -> str:
    """The protected header, in base64url."""
    return base64url.encode(strict_json.dumps({"alg": algorithm.jose, "kid": kid, "typ": type_}))


def payload(
    concealed: str,
    *,
    iss: str,
    vct: str,
    status_uri: str,
    index: int,
    issued_at: int,
    expires_at: int,
    holder: PublicKey,
) -> bytes:
    """The payload, its members in the order of their names as `strict_json.dumps` writes them."""
    return (
        f'{{{concealed},"cnf":{{"jwk":{holder.jwk_text()}}},"exp":{expires_at},"iat":{issued_at},'
        f'"iss":{quoted(iss)},"status":{{"status_list":{{"idx":{index},"uri":{quoted(status_uri)}}}}},'
        f'"vct":{quoted(vct)}}}'
    ).encode()


def _tail(name: str, value: int | str) -> str:
    written = quoted(value) if isinstance(value, str) else str(value)
    return base64url.encode(f'","{name}",{written}]'.encode())


_shared = lru_cache(maxsize=4096)(_tail)
