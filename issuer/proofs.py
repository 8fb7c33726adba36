"""A wallet's request: proofs that it holds the keys it wants its credentials bound to.

Each proof is a JWT by the holder key itself over the issuer's name and the
offer's nonce (OpenID4VCI 1.0 appendix F.1).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from did import PublicKey, jws, strict_json
from did.errors import DidError
from issuer.errors import IssuerError
from issuer.lifecycle import WALLET_KINDS, ListKind

MAX_REQUEST = 1 << 16
MAX_PROOF = 1 << 13
TYPE = "openid4vci-proof+jwt"
MAX_NONCE = 256


@dataclass(frozen=True, slots=True)
class Request:
    """A request whose proofs hold: one nonce, one key for each credential, and when each proof was made."""

    nonce: str
    keys: Mapping[ListKind, PublicKey]
    issued_at: tuple[int, ...]


def read(data: bytes | str, *, issuer: str) -> Request:
    """Reads and checks a request made for `issuer`; nonce and times are the caller's to judge.

    Raises:
        IssuerError: `malformed_request`, `invalid_proof`, `holder_key_repeated`.
    """
    proofs = _proofs(data)
    read_proofs = {ListKind(kind): _proof(text, issuer) for kind, text in proofs.items()}
    nonces = {nonce for _, nonce, _ in read_proofs.values()}
    if len(nonces) != 1:
        raise IssuerError("invalid_proof", "the proofs answer different offers")
    keys = {kind: key for kind, (key, _, _) in read_proofs.items()}
    if len(set(keys.values())) != len(keys):
        raise IssuerError("holder_key_repeated", "each credential needs a holder key of its own")
    return Request(nonces.pop(), keys, tuple(time for _, _, time in read_proofs.values()))


def _proofs(data: bytes | str) -> dict[str, str]:
    try:
        document = strict_json.loads(data, max_bytes=MAX_REQUEST)
    except DidError as error:
        raise IssuerError("malformed_request", "the request is not a JSON text that is accepted") from error
    match document:
        case {"montrey": "request", "version": int(version), "proofs": dict(proofs)} if (
            type(version) is int and version == 1  # true is no version
        ):
            pass
        case _:
            raise IssuerError("malformed_request", "this file is no request of a wallet")
    if proofs.keys() != {kind.value for kind in WALLET_KINDS}:
        raise IssuerError("malformed_request", "a request has one proof for each credential of the offer")
    if not all(isinstance(proof, str) for proof in proofs.values()):
        raise IssuerError("malformed_request", "a proof is a text")
    return proofs


def _proof(text: str, issuer: str) -> tuple[PublicKey, str, int]:
    """Key, nonce and time of one proof."""
    try:
        token = jws.parse(text, max_bytes=MAX_PROOF)
        # Appendix F.1: exactly one of kid, jwk and x5c. Only a jwk can be checked without asking anybody.
        if token.header.get("typ") != TYPE or not {"kid", "x5c"}.isdisjoint(token.header):
            raise _invalid("a key proof has its own type and carries its key")
        key = PublicKey.from_jwk(token.header.get("jwk"))
        jws.verify(token, key)
        claims: Any = strict_json.loads(token.payload, max_bytes=MAX_PROOF)
    except DidError as error:
        raise _invalid(f"a proof does not hold: {error.code}") from error
    match claims:
        case {"aud": str(audience), "iat": int(issued_at), "nonce": str(nonce)} if (
            type(issued_at) is int and 0 < len(nonce) <= MAX_NONCE
        ):
            if audience != issuer:
                raise _invalid("a proof was made for another issuer")
            return key, nonce, issued_at
    raise _invalid("a proof names audience, time and nonce")


def _invalid(message: str) -> IssuerError:
    return IssuerError("invalid_proof", message)
