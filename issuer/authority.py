"""What custodians sign: roots, the trust list, and the keys and gates that will stand in the next one."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from sqlmodel import Session

from credential.codes import Name
from did import Algorithm, base64url, keyfile, strict_json
from did.keyfile import Cost
from issuer import (
    custody,
    database,
    gates,
    key_needs,
    key_use,
    list_room,
    printing_keys,
    publication,
    renewal,
    seal_keys,
    stolen_keys,
    trust_files,
)
from issuer.custody import TrustList
from issuer.duties import Order
from issuer.errors import IssuerError
from issuer.home import Config, Home
from issuer.key_use import KeyView, Standing
from issuer.list_room import ListFills
from issuer.order_desk import OrderDesk
from issuer.printing_keys import PrintingKeyView
from issuer.seal_keys import SealKey
from issuer.signing import ONLINE, Keyring
from issuer.stolen_keys import Theft
from trust import KeyKind, RelyingParty, ceremony
from trust.ceremony import ExpiryWarning
from trust.disk import write_atomically


class Authority:
    """The part of an issuer's home that needs custodians; `Issuer.authority` opens it.

    Every method raises the errors of a register that `Issuer` names.
    """

    def __init__(self, home: Home, config: Config, desk: OrderDesk, keyring: Keyring) -> None:
        self._home = home
        self._config = config
        self._desk = desk
        self._engine = desk.engine
        self._keyring = keyring
        self._clock = desk.clock

    def accept_root(self, root: bytes) -> str:
        """Takes the next root, which custodians have signed; returns its fingerprint.

        Raises:
            TrustError: `root_chain_broken`, `signatures_missing`, `malformed_metadata`.
        """
        trust_files.add_root(self._home, root)
        return ceremony.fingerprint(root)

    def draw_up_trust_list(self) -> TrustList:
        """The trust list as the register stands, for custodians to sign.

        Raises:
            IssuerError: `no_root`.
        """
        roots = trust_files.read_roots(self._home)
        if not roots:
            raise IssuerError("no_root", "custodians have not made a root yet: root create, root import")
        with database.reading(self._engine) as session:
            files = trust_files.documents(session, self._config, kids=self._needed(session))
        return custody.draw_up(
            roots[-1],
            files,
            before=trust_files.read_trust_list(self._home),
            version=trust_files.next_version(self._home),
            now=self._clock(),
        )

    def accept_trust_list(self, trust_list: TrustList) -> None:
        """Takes a trust list that enough custodians have signed: the next publication carries it.

        Raises:
            IssuerError: `other_root`, `older_trust_list`.
            TrustError: `signatures_missing`, or a code of `scrutiny.check_trust_list`.
        """
        trust_files.write_trust_list(self._home, trust_list, now=self._clock())

    def seal_keys(self) -> list[SealKey]:
        """Every key that cards were, are or will be sealed with, oldest first."""
        with database.reading(self._engine) as session:
            return seal_keys.listing(session, trust_files.signed_keys(self._home))

    def report_stolen(self, kid: str, *, only: KeyKind | None = None) -> Theft:
        """Enters for good that a key was stolen; what that touches.

        It issues nothing from now on. Of a seal key every publication from now
        on names the seals that were made with it, so that gates take no other;
        one of another kind is left out of the next trust list. A printing key no
        trust list names: another signs the batches from now on. Of a key that
        the root names (by its TUF key id, or `tuf-online`) nothing is entered:
        the answer is the next root. `only` a key of that kind is taken, where it is said.

        Raises:
            IssuerError: `unknown_signing_key`; `unknown_seal_key` where only a seal key is taken.
        """
        roots = trust_files.read_roots(self._home)
        named = self._keyring.online_id(kid) or kid
        theft = stolen_keys.of_custodian(roots[-1], named) if roots else None
        if theft is not None and only is None:
            return theft
        signed = trust_files.signed_keys(self._home)
        with self._desk.alone(Order.KEY_STOLEN, kid=kid) as (session, now):
            if only is None and printing_keys.report_stolen(session, kid, now=now):
                return Theft(kid=kid, kind=printing_keys.KIND)
            return stolen_keys.report(session, kid, signed=signed, now=now, only=only)

    def phones_of(self, kid: str) -> list[str]:
        """The numbers of the cards whose phone may hold a credential made with this live or SD-JWT key.

        Raises:
            IssuerError: `unknown_signing_key`.
        """
        with database.reading(self._engine) as session:
            return stolen_keys.phones(session, kid)

    def keys(self) -> list[KeyView]:
        """Every key of the register and what it is doing now, by kind, oldest first; printing keys last."""
        signed, now = trust_files.signed_keys(self._home), self._now()
        with database.reading(self._engine) as session:
            needed = key_needs.needed(session, now=now)
            trusted = key_use.listing(session, signed=signed, needed=needed, now=now)
            return [*trusted, *map(_printing_view, printing_keys.listing(session))]

    def warnings(self) -> tuple[ExpiryWarning | ListFills, ...]:
        """What to renew soon: the root, the trust list, a kind's last key, a list with little room."""
        trust_list, roots = trust_files.read_trust_list(self._home), trust_files.read_roots(self._home)
        signed = None if trust_list is None else trust_files.kids_of(trust_list)
        metadata = [*roots[-1:], *([] if trust_list is None else [trust_list.targets])]
        ends = ceremony.expiry_warnings(metadata, now=self._clock())
        with database.reading(self._engine) as session:
            return (
                *ends,
                *key_use.ending(session, signed=signed, now=self._now()),
                *list_room.filling(session, signed=signed, now=self._now()),
            )

    def renew(
        self, kinds: Collection[KeyKind], *, cost: Cost = keyfile.MODERATE, token: str | None = None
    ) -> list[str]:
        """Makes the next key of each kind, for custodians to sign; their names. All of them, or none.

        They are made in the token (HSM) of that label, where one is named.

        Each takes over once publications have carried it for a timestamp's lifetime (`key_use`).

        Raises:
            IssuerError: `passphrase_needed`, `pin_needed`, `key_missing`.
            DidError: `wrong_passphrase`, `malformed_key_file`, or as `TokenKeys.generate`.
            OSError: a key file cannot be written.
        """
        issuer, made = self._config.issuer, list[str]()
        with self._desk.alone(Order.KEYS_RENEW, told={"kids": made}) as (session, _):
            now = self._clock()
            for kind in kinds:
                made.append(
                    renewal.renew(session, self._keyring, issuer, kind, now=now, cost=cost, token=token)
                )
        return made

    def renew_online(self, *, cost: Cost = keyfile.MODERATE, token: str | None = None) -> Path:
        """Makes the next online key, for custodians to name in the next root; where its public half is.

        Raises:
            IssuerError: `passphrase_needed`, `pin_needed`, `key_missing`.
            DidError: `wrong_passphrase`, `malformed_key_file`, or as `TokenKeys.generate`.
            OSError: a file cannot be written.
        """
        _, public = self._keyring.make(ONLINE, Algorithm.ED25519, cost=cost, token=token)
        write_atomically(self._home.online_key, strict_json.dumps(public.to_jwk()) + b"\n")
        return self._home.online_key

    def _needed(self, session: Session) -> Collection[str]:
        """The keys for custodians to sign; under a clock that may be wrong only stolen ones are left out."""
        try:
            publication.check_clock(session, now=self._now())
        except IssuerError:
            return key_needs.whenever(session)
        return key_needs.needed(session, now=self._now())

    def _now(self) -> int:
        return int(self._clock().timestamp())

    def gates(self) -> list[RelyingParty]:
        """Every registered gate and bank, by number."""
        with database.reading(self._engine) as session:
            return gates.listing(session)

    def add_gate(self, number: int, name: Name, purposes: Collection[str]) -> None:
        """Registers a gate, which counts once custodians have signed it into the trust list.

        Raises:
            IssuerError: `bad_gate_number`, `unknown_purpose`, `gate_exists`.
            CredentialError: `bad_claim`.
        """
        with self._desk.alone(Order.GATE_ADD, number=number) as (session, _):
            gates.add(session, number, name, purposes)


def _printing_view(key: PrintingKeyView) -> KeyView:
    other = Standing.SUPERSEDED if key.stolen_at is None else Standing.STOLEN
    return KeyView(
        kid=key.kid,
        kind=printing_keys.KIND,
        standing=Standing.IN_USE if key.in_use else other,
        usable_from=None,
        ends=None,
        thumbprint=base64url.encode(key.public.thumbprint()),
    )
