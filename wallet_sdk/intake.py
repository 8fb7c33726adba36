"""What a result must prove before anything of it is stored: all of it fits, or nothing is taken.

The ministry's signatures are not checked here: a wallet has no trust home, and
a false credential harms nobody but a holder whom every gate refuses. So none
that comes may take the place of another, nor use up the key of the right one.
What is checked is what would leave the holder with something that cannot be
shown: another's key, another issuer's signature, a template that does not
rebuild the credential, an end that has passed.
"""

from __future__ import annotations

from credential.fragments import SUB
from credential.live import MAX_TOKEN, present_live
from credential.packed import pack, unpack
from credential.template import ANY_GATE, Template
from did import Signer, base64url, cbor, cose
from did.errors import IdentityError
from wallet_sdk import holding
from wallet_sdk.contents import Contents, Held, Pending
from wallet_sdk.errors import WalletError
from wallet_sdk.exchange import Issued, Result
from wallet_sdk.holding import Credential


def check(result: Result, contents: Contents, *, now: int) -> tuple[Held, ...]:
    """Matches every credential of `result` with the waiting key it is bound to (`now` in epoch seconds).

    Raises:
        WalletError: `unknown_holder`, `already_received`, `duplicate_credential`,
            `wrong_issuer`, `template_mismatch`, `credential_expired`,
            `malformed_credential`.
    """
    accepted = tuple(_check_one(issued, result, contents, now) for issued in result.credentials)
    if len({held.place for held in accepted}) < len(accepted):
        raise WalletError("duplicate_credential", "the result holds a credential twice")
    return accepted


def _check_one(issued: Issued, result: Result, contents: Contents, now: int) -> Held:
    if any(issued.credential == item.credential for item in contents.held):
        raise WalletError("already_received", "this credential is in the wallet already")
    # Any key reads it; whose it is shows only then.
    probe = next((item.signer for item in contents.pending + contents.held), None)
    if probe is None:
        raise WalletError("unknown_holder", "no key of this wallet waits for a credential")
    credential = holding.read_credential(issued.format, issued.credential, probe, result.codes)
    pending = _waiting(credential, contents)
    if {result.credential_issuer, credential.issuer} != {pending.credential_issuer}:
        raise WalletError("wrong_issuer", "the result is another issuer's than the offer was")
    if credential.expires_at.timestamp() <= now:
        raise WalletError("credential_expired", "a credential of the result has ended already")
    if issued.template:
        _check_template(issued.credential, issued.template, pending.signer)
    return Held(
        format=issued.format,
        credential_issuer=result.credential_issuer,
        nonce=pending.nonce,
        credential=issued.credential,
        template=issued.template,
        codes=credential.codes,
        received=now,
        signer=pending.signer,
    )


def _waiting(credential: Credential, contents: Contents) -> Pending:
    for item in contents.pending:
        if item.signer.public_key == credential.holder and item.format is credential.format:
            return item
    raise WalletError("unknown_holder", "a credential is bound to a key this wallet is not waiting with")


def _check_template(credential: str, template: Template, signer: Signer) -> None:
    """Shows the credential once, to nobody, reads it back, and compares what the template fixes."""
    sd_cwt = base64url.decode(credential)
    try:
        live = holding.read_live(credential, signer)
        shown = present_live(sd_cwt, audience=ANY_GATE, challenge=bytes(8), now=live.issued_at, signer=signer)
        returned = unpack(pack(shown, template), {template.number: template})
    except IdentityError as error:
        raise WalletError("template_mismatch", "the credential cannot be shown by its template") from error
    theirs = (
        _subject(sd_cwt),
        live.iss,
        live.kid,
        live.vct,
        live.status_uri,
        live.expires_at - live.issued_at,
        len(str(live.claims["card_number"])),
    )
    ours = (
        f"{template.number}-{live.status_index}",
        template.iss,
        template.kid,
        template.vct,
        template.status_uri,
        template.validity_days * 86_400,
        template.card_digits,
    )
    if theirs != ours or live.issuer_algorithm not in template.algorithm.cose_ids or returned != shown:
        raise WalletError("template_mismatch", "the credential was made by another template")


def _subject(sd_cwt: bytes) -> object:
    """The `sub` of a credential that was read already: it names the template and the status index."""
    payload = cose.parse_sign1(sd_cwt, max_bytes=MAX_TOKEN).payload
    return cbor.decode(payload, max_bytes=MAX_TOKEN)[SUB]
