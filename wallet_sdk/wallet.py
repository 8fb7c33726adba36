"""The holder's wallet: keys, credentials and presentations over one vault."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from credential import sd_jwt
from credential.challenge import Challenge
from credential.live import present_live
from credential.packed import pack
from credential.template import ANY_GATE
from did import Algorithm, SoftwareSigner, base64url, keyfile
from did.errors import IdentityError
from did.keyfile import Cost
from wallet_sdk import holding, intake
from wallet_sdk.contents import MAX_OFFER_AGE, Contents, Held, Pending
from wallet_sdk.errors import WalletError
from wallet_sdk.exchange import Format, Offer, read_offer, read_result, write_request
from wallet_sdk.holding import Credential, Standing
from wallet_sdk.vault import Vault

MAX_TEXT = 512
"""Characters of an audience or a nonce in an SD-JWT presentation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A credential that was asked for and has not come; the offer ends at `expires`.

    `id` is stable and says nothing about the person.
    """

    id: str
    format: Format
    credential_issuer: str
    expires: datetime


class Wallet:
    """One opened wallet. Made by `create` or `open`; times are aware datetimes."""

    __slots__ = ("_contents", "_vault")

    def __init__(self, vault: Vault, contents: Contents) -> None:
        self._vault = vault
        self._contents = contents

    @classmethod
    def create(cls, home: Path | str, passphrase: str, *, cost: Cost = keyfile.MODERATE) -> Wallet:
        """Makes an empty wallet in the folder `home` (made 0700 when it is not there).

        Raises:
            WalletError: `wallet_exists`, `home_not_empty`, `weak_passphrase`, `unwritable_file`.
        """
        return cls(Vault.create(Path(home), passphrase, cost=cost), Contents())

    @classmethod
    def open(cls, home: Path | str, passphrase: str) -> Wallet:
        """Opens the wallet in `home`.

        Raises:
            WalletError: `no_wallet`, `wrong_passphrase`, `damaged_wallet`,
                `unsupported_wallet`, `unreadable_file`.
        """
        vault = Vault.open(Path(home), passphrase)
        return cls(vault, vault.read())

    def request(self, offer: bytes | str, *, algorithm: Algorithm = Algorithm.ED25519, now: datetime) -> str:
        """Answers an offer: makes a holder key for each credential, stores them, returns the request's JSON.

        `algorithm` is that of the live credential's key; an SD-JWT VC gets a
        P-256 key, which every bank's verifier knows. Asked again for the same
        offer, the wallet signs with the same keys: a lost request file is no
        lost credential. Where `waiting` is full, what was asked for first goes.

        Raises:
            WalletError: `malformed_offer`, `unsupported_offer`, `not_an_offer`,
                `offer_expired`, `offer_used`, `wallet_full`.
        """
        seconds, read = _epoch(now), read_offer(offer)
        if read.expires <= seconds:
            raise WalletError("offer_expired", "the offer has ended")
        wanted = {f: algorithm if f is Format.LIVE else Algorithm.P256 for f in read.formats}
        with self._vault.locked():
            contents = self._vault.read()
            if any(
                (i.credential_issuer, i.nonce) == (read.credential_issuer, read.nonce) for i in contents.held
            ):
                raise WalletError("offer_used", "the credentials of this offer are in the wallet already")
            keys, new = _keys_for(read, wanted, contents, now=seconds)
            self._store(contents.with_pending(new, now=seconds))
        return write_request(read, keys, now=seconds)

    def receive(self, result: bytes | str, *, now: datetime) -> tuple[Credential, ...]:
        """Takes what the ministry issued, all of it or nothing, and returns what came in.

        Nobody's signature is checked (see `intake`), so nothing that is held is
        replaced. A second credential for the same key stands beside the first;
        one of the two is a forgery, which `remove` takes out.

        Raises:
            WalletError: `malformed_result`, `unsupported_result`, `not_a_result`,
                `wallet_full`, and what `intake.check` raises.
        """
        seconds, read = _epoch(now), read_result(result)
        with self._vault.locked():
            contents = self._vault.read()
            accepted = intake.check(read, contents, now=seconds)
            self._store(contents.with_held(accepted))
        return tuple(holding.read(held) for held in accepted)

    def remove(self, id_: str) -> None:
        """Takes out the credential or the waiting key of this id, for good.

        The key of a credential waits on while its offer is kept: the right
        credential, or this one, can still be received for it.

        Raises:
            WalletError: `no_credential`.
        """
        with self._vault.locked():
            self._store(self._vault.read().without(id_))

    def credentials(self) -> tuple[Credential, ...]:
        """Everything the wallet holds, expired or not, oldest first."""
        return tuple(holding.read(held) for held in self._contents.held)

    def waiting(self) -> tuple[Waiting, ...]:
        """What was asked for and has not come yet."""
        return tuple(
            Waiting(
                id=item.id,
                format=item.format,
                credential_issuer=item.credential_issuer,
                expires=datetime.fromtimestamp(item.expires, UTC),
            )
            for item in self._contents.unanswered
        )

    def select(self, format_: Format, *, credential: str | None = None, now: datetime) -> Credential:
        """The credential that a presentation would be made from: the one with this id, or the last that
        came and holds.

        Raises:
            WalletError: `no_credential`, `credential_expired`, `credential_not_yet_valid`.
        """
        return self._select(format_, credential, now)[1]

    def present_live(
        self, *, challenge: Challenge | None = None, credential: str | None = None, now: datetime
    ) -> str:
        """The text of a live QR code (`MQ1:…`), good for a minute, or the answer to a gate's challenge.

        Raises:
            WalletError: what `select` raises.
        """
        held, _ = self._select(Format.LIVE, credential, now)
        assert held.template is not None  # noqa: S101 (intake stores no live credential without; for the type checker)
        token = present_live(
            base64url.decode(held.credential),
            audience=challenge.audience if challenge else ANY_GATE,
            challenge=challenge.nonce if challenge else None,
            now=_epoch(now),
            signer=held.signer,
        )
        return pack(token, held.template)

    def present_sd_jwt(
        self,
        *,
        disclose: Collection[str],
        audience: str,
        nonce: str,
        credential: str | None = None,
        now: datetime,
    ) -> str:
        """An SD-JWT VC presentation for one verifier: the claims in `disclose`, and what cannot be left out.

        Raises:
            WalletError: what `select` raises; `claim_not_held`, `malformed_audience`.
        """
        for text in (audience, nonce):
            if not 0 < len(text) <= MAX_TEXT or not text.isprintable():
                raise WalletError("malformed_audience", "audience and nonce are short printable texts")
        held, chosen = self._select(Format.SD_JWT, credential, now)
        if not set(disclose) <= chosen.claims.keys():
            raise WalletError("claim_not_held", "the credential has no such claim")
        try:
            return sd_jwt.present(
                held.credential,
                disclose=set(disclose) & chosen.disclosable,
                audience=audience,
                nonce=nonce,
                now=_epoch(now),
                signer=held.signer,
            )
        except IdentityError as error:
            raise WalletError(
                "malformed_credential", f"the credential cannot be shown: {error.code}"
            ) from error

    def _select(self, format_: Format, wanted: str | None, now: datetime) -> tuple[Held, Credential]:
        _epoch(now)
        candidates = [(held, holding.read(held)) for held in self._contents.held if held.format is format_]
        if wanted is not None:
            candidates = [pair for pair in candidates if pair[1].id == wanted]
        if not candidates:
            raise WalletError("no_credential", "the wallet has no such credential")
        fit = (Standing.VALID, Standing.EXPIRES_SOON)
        usable = [pair for pair in candidates if pair[1].standing(now) in fit]
        # The last that came: a ministry that issues anew ends what it issued before.
        held, chosen = (usable or candidates)[-1]
        standing = chosen.standing(now)
        if standing is Standing.EXPIRED:
            raise WalletError("credential_expired", "the credential has ended")
        if standing is Standing.NOT_YET_VALID:
            raise WalletError("credential_not_yet_valid", "the credential does not hold yet")
        return held, chosen

    def _store(self, contents: Contents) -> None:
        self._vault.write(contents)
        self._contents = contents


def _keys_for(
    offer: Offer, wanted: dict[Format, Algorithm], contents: Contents, *, now: int
) -> tuple[dict[Format, SoftwareSigner], tuple[Pending, ...]]:
    """The holder keys for `offer`, those that wait for it already among them, and the new ones."""
    keys, new = {}, []
    for format_, algorithm in wanted.items():
        item = Pending(
            format=format_,
            credential_issuer=offer.credential_issuer,
            nonce=offer.nonce,
            expires=min(offer.expires, now + MAX_OFFER_AGE),
            signer=SoftwareSigner.generate(algorithm),
        )
        for known in contents.pending:
            if known.place == item.place and known.signer.public_key.algorithm is algorithm:
                item = known
                break
        else:
            new.append(item)
        keys[format_] = item.signer
    return keys, tuple(new)


def _epoch(now: datetime) -> int:
    if now.tzinfo is None:
        raise ValueError("times are aware datetimes")
    return int(now.timestamp())
