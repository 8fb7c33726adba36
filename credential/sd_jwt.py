"""SD-JWT and SD-JWT+KB in their compact form (RFC 9901), for any claims.

Parsing finds every structural fault; it checks no signature, because only
the caller has the keys:

    token = parse(text)
    jws.verify(token.jws, issuer_key)
    check_key_binding(token, holder_key)

Whether key binding is required is the caller's decision and never follows
from whether it came (§7.3): a caller that requires it calls
`check_key_binding`, which refuses a token without.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final, NamedTuple

from credential.disclosures import MAX_BYTES, conceal, digest, reveal
from credential.errors import CredentialError
from did import jws, strict_json
from did.errors import DidError
from did.jws import Jws
from did.keys import PublicKey
from did.signer import Signer

MAX_DISCLOSURES: Final = 200
KEY_BINDING_TYPE: Final = "kb+jwt"


class KeyBinding(NamedTuple):
    """A KB-JWT (§4.3), unchecked: its four required claims, typed."""

    jws: Jws
    audience: str
    nonce: str
    issued_at: int
    sd_hash: str


class SdJwt(NamedTuple):
    """A parsed SD-JWT; nothing in it is to be believed before its signatures are checked.

    `claims` is the processed payload (§7.1); `disclosed` names the top-level
    claims of which something was selectively disclosed; `sd_hash` is the
    digest that a KB-JWT over this very token must hold.
    """

    jws: Jws
    claims: dict[str, Any]
    disclosed: frozenset[str]
    key_binding: KeyBinding | None
    sd_hash: str


def issue(
    claims: Mapping[str, object],
    *,
    disclosable: Collection[str],
    header: Mapping[str, object],
    signer: Signer,
    decoys: int = 0,
    salt: Callable[[int], bytes] = secrets.token_bytes,
) -> str:
    """An SD-JWT of `claims`, the top-level ones in `disclosable` selectively disclosable.

    `salt(n)` gives n random bytes; anything but the default is for tests.

    Raises:
        ValueError: when `disclosable` names no claim, or a claim has a reserved name.
    """
    payload, disclosures = conceal(claims, names=disclosable, decoys=decoys, salt=salt)
    return "~".join((jws.sign(header, strict_json.dumps(payload), signer), *disclosures, ""))


def present(
    token: str,
    *,
    disclose: Collection[str],
    audience: str = "",
    nonce: str = "",
    now: int = 0,
    signer: Signer | None,
) -> str:
    """The issued `token`, of the selectively disclosable claims only the top-level ones in `disclose`.

    With a `signer` (the holder's key) a KB-JWT for `audience` and `nonce`,
    made at `now` (epoch seconds), is appended; without one the token goes
    out unbound, which no verifier of this project accepts.

    Raises:
        CredentialError: `malformed_sd_jwt` when the token is none as issued,
            `claim_not_held` when it has no such claim, `holder_mismatch`
            when its `cnf` names another key.
        DidError: when the key in `cnf` is not acceptable.
        ValueError: when there is a `signer` but no audience or nonce.
    """
    if signer is not None and not (audience and nonce):
        raise ValueError("a key binding is for an audience and over its nonce")
    jwt, disclosures, key_binding = _split(token)
    if key_binding:
        raise CredentialError("malformed_sd_jwt", "the token is a presentation already")
    parsed, found = _read(token)
    if not parsed.claims.keys() >= set(disclose):
        raise CredentialError("claim_not_held", "the credential has no such claim")
    chosen = {text for name, text in found if name in disclose}
    bound = "~".join((jwt, *(text for text in disclosures if text in chosen), ""))
    if signer is None:
        return bound
    match parsed.claims.get("cnf"):
        case {"jwk": jwk} if PublicKey.from_jwk(jwk) != signer.public_key:
            raise CredentialError("holder_mismatch", "the credential is bound to another key")
    payload = {"aud": audience, "iat": now, "nonce": nonce, "sd_hash": digest(bound)}
    return bound + jws.sign({"typ": KEY_BINDING_TYPE}, strict_json.dumps(payload), signer)


def parse(token: str) -> SdJwt:
    """Reads an SD-JWT or SD-JWT+KB of at most `MAX_BYTES` characters.

    Raises:
        CredentialError: `malformed_sd_jwt`.
    """
    return _read(token)[0]


def check_key_binding(token: SdJwt, key: PublicKey) -> None:
    """Checks that the holder's `key` signed a KB-JWT over this very presentation (§7.3).

    Audience, nonce and time are the caller's to judge.

    Raises:
        CredentialError: `key_binding_missing`, `sd_hash_mismatch`.
        DidError: `wrong_algorithm`, `bad_signature`.
    """
    if token.key_binding is None:
        raise CredentialError("key_binding_missing", "the presentation is not bound to a holder's key")
    if token.key_binding.sd_hash != token.sd_hash:
        raise CredentialError("sd_hash_mismatch", "the key binding is over another presentation")
    jws.verify(token.key_binding.jws, key)


def _split(token: str) -> tuple[str, list[str], str]:
    """Issuer-signed JWT, disclosures, and the KB-JWT or nothing (§4)."""
    if len(token) > MAX_BYTES or not token.isascii():
        raise CredentialError("malformed_sd_jwt", "not a text, or larger than allowed")
    jwt, tilde, rest = token.partition("~")
    disclosures = rest.split("~")
    key_binding = disclosures.pop()
    if not tilde or len(disclosures) > MAX_DISCLOSURES:
        raise CredentialError("malformed_sd_jwt", "no SD-JWT, or too many disclosures")
    return jwt, disclosures, key_binding


def _read(token: str) -> tuple[SdJwt, list[tuple[str, str]]]:
    """The parsed token, and its disclosures behind the claims that they disclose."""
    jwt, disclosures, key_binding = _split(token)
    try:
        signed = jws.parse(jwt, max_bytes=MAX_BYTES)
        revealed = reveal(signed.payload, disclosures)
        binding = _read_key_binding(key_binding) if key_binding else None
    except DidError as error:
        raise CredentialError("malformed_sd_jwt", str(error)) from error
    bound = token[: len(token) - len(key_binding)]
    disclosed = frozenset([name for name, _ in revealed.found])
    return SdJwt(signed, revealed.claims, disclosed, binding, digest(bound)), revealed.found


def _read_key_binding(text: str) -> KeyBinding:
    signed = jws.parse(text, max_bytes=MAX_BYTES)
    if signed.header.get("typ") != KEY_BINDING_TYPE:
        raise CredentialError("malformed_sd_jwt", "the key binding has another type")
    claims = strict_json.loads(signed.payload, max_bytes=MAX_BYTES)
    try:
        audience, nonce, issued_at = claims["aud"], claims["nonce"], claims["iat"]
        sd_hash = claims["sd_hash"]
    except (KeyError, TypeError) as error:
        raise CredentialError("malformed_sd_jwt", "the key binding lacks a claim") from error
    if not (type(audience) is type(nonce) is type(sd_hash) is str and type(issued_at) is int):
        raise CredentialError("malformed_sd_jwt", "a claim of the key binding has the wrong type")
    return KeyBinding(signed, audience, nonce, issued_at, sd_hash)
