"""The part of the ministry's desk that publishes, and is held against what was published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from issuer import (
    audit,
    audit_heads,
    database,
    key_use,
    publication,
    seal_keys,
    standing_rules,
    trust_files,
)
from issuer.audit_findings import Examination, Problem
from issuer.duties import Order
from issuer.errors import IssuerError
from issuer.opened_home import OpenedHome
from issuer.publication import SignedDelta
from trust import names, release
from trust import publication as trust_publication
from trust.documents import AuditHead, write_audit_head
from trust.publication import LIFETIME, Publication


class Publishing(OpenedHome):
    """Publications, deltas, and the audit."""

    def publish(self, out: Path, *, clock_is_right: bool = False) -> Publication:
        """Signs every status list anew and writes a whole publication to `out`.

        Of a stolen seal key it names every seal that was made with it. It warns of
        a root, a trust list and keys that end soon. A person who has looked may
        say that the clock is right, whatever the last one was.

        Raises:
            IssuerError: `no_trust_list`, `unsafe_out`, `clock_behind`, `clock_ahead`, `no_issuing_key`.
            TrustError: a code of `trust.publication.publish`.
            OSError: `out` cannot be written.
        """
        now = self._clock()
        self.home.check_apart(out, database.file_of(self._engine))
        roots, trust_list = trust_files.read_roots(self.home), trust_files.read_trust_list(self.home)
        if not roots or trust_list is None:
            raise IssuerError("no_trust_list", "custodians have not signed a root and a trust list yet")
        seconds, kids = int(now.timestamp()), trust_files.kids_of(trust_list)
        online = self._keyring.online(trust_files.online_keys(roots[-1], trust_list))
        with database.writing(self._engine) as session:
            if not clock_is_right:
                publication.check_clock(session, now=seconds)
            given = self._desk.begin(session, Order.PUBLISH, now=seconds)
            end = release.end_of(roots, trust_list.targets, now=now, lifetime=LIFETIME)
            lists = publication.sign_lists(
                session, self._keyring, signed=kids, now=seconds, expires=int(end.timestamp())
            )
            ending = key_use.ending(session, signed=kids, now=seconds)
            key_use.record_published(session, kids, now=seconds)
            self._desk.close(session, given, now=seconds, lists=publication.sequences(session))
            audit_head = {names.AUDIT_HEAD: write_audit_head(audit.head(session))}

            def record(version: int) -> None:
                publication.record_version(session, version, now=seconds)
                session.commit()

            # Other publishers wait for the register until `out` is locked: so the
            # newest version always has the newest lists.
            made = trust_publication.publish(
                out,
                roots=roots,
                targets=trust_list.targets,
                files=trust_list.files,
                online={**lists, **seal_keys.genuine_lists(session, kids), **audit_head},
                signers=online,
                now=now,
                previous=publication.last_version(session),
                record=record,
            )
        with database.writing(self._engine) as session:
            publication.record_written(session, made.version, now=seconds)
        return replace(made, warnings=(*made.warnings, *ending))

    def deltas(self, *, clock_is_right: bool = False) -> list[SignedDelta]:
        """One signed delta a list: all that changed since the last publication.

        Raises:
            IssuerError: `not_published`, `clock_behind`, `clock_ahead`, `no_issuing_key`.
        """
        with self._desk.alone(Order.DELTA, clock_is_right=clock_is_right) as (session, now):
            signed = trust_files.signed_keys(self.home) or ()
            return publication.sign_deltas(session, self._keyring, signed=signed, now=now)

    def examine(self, heads: Sequence[AuditHead] = ()) -> Examination:
        """Recomputes the audit chain and holds the register, and published `heads`, against it.

        The codes are those of `audit.examine`, and `rules_differ` of each rule by its name
        that does not stand in the database as it should.
        """
        with database.reading(self._engine) as session:
            database.check(session)
            differing = standing_rules.differing(session.connection())
            found = audit.examine(session, heads)
            found.problems[:0] = [Problem("rules_differ", name, 0) for name in differing]
            return found

    def published_head(self, place: Path) -> AuditHead:
        """The head of the chain that a publication or a verifier's home holds.

        Raises:
            IssuerError: `no_root`, `no_audit_head`, `other_trust`.
            TrustError: a code of `audit_heads.read`.
        """
        roots = trust_files.read_roots(self.home)
        if not roots:
            raise IssuerError("no_root", "custodians have not made a root yet: root create, root import")
        return audit_heads.read(place, roots, now=self._clock())
