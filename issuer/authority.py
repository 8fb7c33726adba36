"""What custodians sign: roots, the trust list, and the keys and gates that will stand in the next one."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from credential.codes import Name
from did import Algorithm, keyfile, strict_json
from did.keyfile import Cost
from issuer import audit, custody, database, gates, key_use, renewal, seal_keys, trust_files
from issuer.custody import TrustList
from issuer.errors import IssuerError
from issuer.home import Config, Home
from issuer.key_use import KeyView
from issuer.seal_keys import SealKey
from issuer.signing import ONLINE, Keyring
from trust import KeyKind, RelyingParty, ceremony
from trust.disk import write_atomically

Clock = Callable[[], datetime]


class Authority:
    """The part of an issuer's home that needs custodians; `Issuer.authority` opens it.

    Every method raises the errors of a register that `Issuer` names.
    """

    def __init__(self, home: Home, config: Config, engine: Engine, keyring: Keyring, clock: Clock) -> None:
        self._home = home
        self._config = config
        self._engine = engine
        self._keyring = keyring
        self._clock = clock

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
            files = trust_files.documents(session, self._config)
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

    def report_stolen(self, kid: str) -> None:
        """Enters for good that a seal key was stolen.

        It seals no card from now on, and every publication from now on names
        the seals that were made with it, so that gates take no other.

        Raises:
            IssuerError: `unknown_seal_key`.
        """
        now = int(self._clock().timestamp())
        with database.writing(self._engine) as session:
            seal_keys.report_stolen(session, kid, now=now)
            audit.append(session, "key_stolen", now=now, kid=kid)

    def keys(self) -> list[KeyView]:
        """Every key of the register and what it is doing now, by kind, oldest first."""
        signed = trust_files.signed_keys(self._home)
        with database.reading(self._engine) as session:
            return key_use.listing(session, signed=signed, now=int(self._clock().timestamp()))

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
        issuer, now = self._config.issuer, self._clock()
        with database.writing(self._engine) as session:
            made = [
                renewal.renew(session, self._keyring, issuer, kind, now=now, cost=cost, token=token)
                for kind in kinds
            ]
            audit.append(session, "keys_renew", now=int(now.timestamp()), kids=made)
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
        with database.writing(self._engine) as session:
            gates.add(session, number, name, purposes)
            audit.append(session, "gate_add", now=int(self._clock().timestamp()), number=number)
