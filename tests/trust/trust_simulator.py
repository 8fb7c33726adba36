"""A ministry in a folder: it publishes with our own code; attacks are written by mutating what it holds."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from tuf.api.metadata import TargetFile  # type: ignore[attr-defined]

from credential.codes import CodeTables, Name
from credential.template import Kind, Template
from did import Algorithm, SoftwareSigner
from revocation import SignedList, StatusList, read_cwt, read_jwt, sign_cwt, sign_jwt
from revocation.delta import make_delta
from trust import ceremony, documents, names, repository
from trust.ceremony import RoleKeys
from trust.documents import IssuerKey, KeyKind, Purpose, RelyingParty
from trust.publication import Publication, publish

START = datetime(2027, 1, 4, 6, 0, tzinfo=UTC)
ISS = "https://id.mcs.example"
BADGE, SEAL_TYPE, FULL = f"{ISS}/types/badge", f"{ISS}/types/seal", f"{ISS}/types/civil-servant"
LIVE_URI, SEAL_URI, JWT_URI = (f"{ISS}/status/{name}" for name in ("live-1", "seal-1", "sd-1"))
WEEK = timedelta(days=7)


@cache
def key(name: str, algorithm: Algorithm = Algorithm.ED25519) -> SoftwareSigner:
    """The private key of that name, the same in every run."""
    return SoftwareSigner(algorithm, hashlib.sha256(f"{name}".encode()).digest())


def at(moment: datetime) -> int:
    """Epoch seconds."""
    return int(moment.timestamp())


def issuer_key(kid: str, kind: KeyKind, *vct: str, algorithm: Algorithm = Algorithm.ED25519) -> IssuerKey:
    """The public half of `key(kid)` as a trusted issuer key, for two years around the start."""
    begin, end = at(START - timedelta(days=365)), at(START + timedelta(days=365))
    return IssuerKey(kid, kind, key(kid, algorithm).public_key, ISS, frozenset(vct), begin, end)


def template(number: int, kind: Kind, kid: str, vct: str, uri: str) -> Template:
    """A template of that number."""
    return Template(
        number=number,
        kind=kind,
        iss=ISS,
        kid=kid,
        algorithm=Algorithm.ED25519,
        vct=vct,
        status_uri=uri,
        validity_days=365 if kind is Kind.LIVE else 3650,
    )


def default_keys() -> dict[str, IssuerKey]:
    """One key of each kind, and a second live key."""
    keys = [
        issuer_key("live-1", KeyKind.LIVE, BADGE),
        issuer_key("live-2", KeyKind.LIVE, BADGE),
        issuer_key("seal-1", KeyKind.SEAL, SEAL_TYPE),
        issuer_key("sd-1", KeyKind.SD_JWT, FULL, algorithm=Algorithm.P256),
        issuer_key("status-1", KeyKind.STATUS),
    ]
    return {item.kid: item for item in keys}


def default_templates() -> dict[int, Template]:
    """One template of each kind."""
    made = [
        template(1, Kind.LIVE, "live-1", BADGE, LIVE_URI),
        template(2, Kind.SEAL, "seal-1", SEAL_TYPE, SEAL_URI),
    ]
    return {item.number: item for item in made}


def default_codes() -> CodeTables:
    """A ministry, two positions."""
    return CodeTables(
        ministries={1: Name("ក្រសួងមុខងារសាធារណៈ", "Ministry of Civil Service")},
        positions={1: Name("មន្ត្រី", "Officer"), 2: Name("ប្រធានការិយាល័យ", "Chief of Office")},
        grades={},
    )


@dataclass
class Ministry:
    """Everything a ministry holds; change a field, then `publish` or `publish_to`."""

    out: Path
    now: datetime = START
    custodians: tuple[str, ...] = ("root-1", "root-2", "root-3")
    signatories: tuple[str, ...] = ("targets-1", "targets-2", "targets-3")
    online_names: tuple[str, ...] = ("online-1",)
    keys: dict[str, IssuerKey] = field(default_factory=default_keys)
    templates: dict[int, Template] = field(default_factory=default_templates)
    codes: CodeTables = field(default_factory=default_codes)
    purposes: tuple[Purpose, ...] = (Purpose("entry", True, Name("ចូល", "Entry")),)
    parties: tuple[RelyingParty, ...] = (
        RelyingParty(7, Name("ច្រកទី៧", "Gate 7"), frozenset({"entry"}), frozenset({"name_km"})),
    )
    statuses: dict[str, dict[int, int]] = field(
        default_factory=lambda: {"live-1": {}, "seal-1": {}, "sd-1": {}}
    )
    genuine: dict[str, bytes] = field(default_factory=dict)
    extra_files: dict[str, bytes] = field(default_factory=dict)
    extra_online: dict[str, bytes] = field(default_factory=dict)
    roots: list[bytes] = field(default_factory=list)
    targets_version: int = 0
    sequence: int = 0
    version: int = 0
    size: int = 4096

    def __post_init__(self) -> None:
        root = ceremony.make_root(self.role_keys, expires=self.now + timedelta(days=600))
        for name in self.custodians[:2]:
            root = ceremony.sign(root, key(name))
        self.roots = [root]

    @property
    def role_keys(self) -> RoleKeys:
        """The public keys of the roles as they are now."""
        root, targets, online = (
            tuple(key(name).public_key for name in group)
            for group in (self.custodians, self.signatories, self.online_names)
        )
        return RoleKeys(root, targets, online)

    def rotate_root(self, **names: tuple[str, ...]) -> None:
        """A new root with other keys for some groups, signed by two old and two new custodians."""
        old = self.custodians[:2]
        for group, members in names.items():
            setattr(self, group, members)
        root = ceremony.rotate_root(self.roots[-1], self.role_keys, expires=self.now + timedelta(days=600))
        for name in dict.fromkeys((*old, *self.custodians[:2])):
            root = ceremony.sign(root, key(name), authority=self.roots[-1])
        self.roots.append(root)

    def files(self) -> dict[str, bytes]:
        """The documents the custodians sign."""
        return {
            names.ISSUERS: documents.write_issuers(self.keys.values()),
            names.TEMPLATES: documents.write_templates(self.templates.values()),
            names.CODES: self.codes.to_json(),
            names.PURPOSES: documents.write_purposes(self.purposes),
            names.RELYING_PARTIES: documents.write_relying_parties(self.parties),
            **self.extra_files,
        }

    def list_of(self, name: str) -> StatusList:
        """The status list of that name."""
        return StatusList.build(self.size, 2, self.statuses[name])

    def list_cwt(
        self,
        name: str,
        *,
        kid: str = "status-1",
        uri: str | None = None,
        sequence: int | None = None,
        issued_at: datetime | None = None,
        signer: str | None = None,
    ) -> bytes:
        """The CWT of a list, or a wrong one."""
        issued = issued_at or self.now
        return sign_cwt(
            self.list_of(name),
            uri=uri or f"{ISS}/status/{name}",
            kid=kid,
            issued_at=at(issued),
            expires_at=at(issued + timedelta(days=35)),
            ttl=None,
            sequence=self.sequence if sequence is None else sequence,
            signer=key(signer or kid),
        )

    def list_jwt(self, name: str, *, kid: str = "sd-1", algorithm: Algorithm = Algorithm.P256) -> bytes:
        """The JWT of a list."""
        text = sign_jwt(
            self.list_of(name),
            uri=f"{ISS}/status/{name}",
            kid=kid,
            issued_at=at(self.now),
            expires_at=at(self.now + timedelta(days=35)),
            ttl=None,
            sequence=self.sequence,
            signer=key(kid, algorithm),
        )
        return text.encode("ascii")

    def online(self) -> dict[str, bytes]:
        """The online targets as they are now; every list has the same sequence."""
        lists = {
            names.status_target(name, "jwt" if name.startswith("sd-") else "cwt"): (
                self.list_jwt(name) if name.startswith("sd-") else self.list_cwt(name)
            )
            for name in self.statuses
        }
        lists |= {f"genuine/{kid}": digests for kid, digests in self.genuine.items()}
        lists[names.AUDIT_HEAD] = documents.write_audit_head(documents.AuditHead(self.sequence, "0" * 64))
        return lists | self.extra_online

    def signed_list(self, name: str) -> SignedList:
        """The full list that is published now, as read back: the base of deltas."""
        if name.startswith("sd-"):
            return read_jwt(
                self.list_jwt(name).decode(),
                uri=f"{ISS}/status/{name}",
                key=key(name, Algorithm.P256).public_key,
            )
        return read_cwt(self.list_cwt(name), uri=f"{ISS}/status/{name}", key=key("status-1").public_key)

    def delta(
        self,
        base: SignedList,
        changes: Mapping[int, int],
        *,
        sequence: int,
        now: datetime | None = None,
        kid: str = "status-1",
        lifetime: timedelta = timedelta(days=35),
        algorithm: Algorithm = Algorithm.ED25519,
    ) -> bytes:
        """A delta on `base` with these changes."""
        issued = now or self.now
        current = (base.base or base.statuses).with_changes(changes)
        return make_delta(
            base,
            current,
            kid=kid,
            sequence=sequence,
            issued_at=at(issued),
            expires_at=at(issued + lifetime),
            signer=key(kid, algorithm),
        )

    def signed_targets(self) -> bytes:
        """The custodians' metadata over the documents, two signatures."""
        self.targets_version += 1
        data = ceremony.make_targets(
            self.files(),
            online_keys=self.role_keys.online,
            expires=self.now + ceremony.TARGETS_LIFETIME,
            version=self.targets_version,
        )
        for name in self.signatories[:2]:
            data = ceremony.sign(data, key(name), authority=self.roots[-1])
        return data

    def publish(self, after: timedelta = timedelta()) -> Publication:
        """Publishes to `out`, `after` the last time."""
        self.now += after
        self.sequence += 1
        made = publish(
            self.out,
            roots=self.roots,
            targets=self.signed_targets(),
            files=self.files(),
            online=self.online(),
            signers=[key(name) for name in self.online_names],
            now=self.now,
            previous=self.version,
        )
        self.version = made.version
        return made

    def stick(self, name: str) -> Path:
        """A copy of the publication, as it is carried away."""
        path = self.out.with_name(name)
        return Path(shutil.copytree(self.out, path))

    def raw(
        self,
        name: str,
        *,
        files: Mapping[str, bytes] | None = None,
        online: Mapping[str, bytes] | None = None,
        targets: bytes | None = None,
        version: int | None = None,
        online_signers: tuple[str, ...] | None = None,
        targets_signers: tuple[str, ...] | None = None,
        expires: timedelta = timedelta(days=35),
        listed_as: Mapping[str, str] | None = None,
    ) -> Path:
        """A stick made without any of `publish`'s checks: whatever its keys can sign.

        `listed_as` renames online targets in the metadata.
        """
        path = self.out.with_name(name)
        self.sequence += 1
        files = self.files() if files is None else files
        online = self.online() if online is None else online
        number = version or self.version + 1
        until = self.now + expires
        if targets is None:
            self.targets_version += 1
            top = repository.targets(
                files,
                version=self.targets_version,
                expires=self.now + timedelta(days=90),
                delegated=repository.delegations(self.role_keys.online, 1),
            )
            targets = repository.signed(top, [key(n) for n in targets_signers or self.signatories[:2]])
        top_version = repository.parse_any(targets).signed.version
        renamed = {(listed_as or {}).get(target, target): data for target, data in online.items()}
        role = repository.targets({}, version=number, expires=until)
        role.targets = {
            target: TargetFile.from_data(target, data, ["sha256"]) for target, data in renamed.items()
        }
        snapshot = repository.snapshot(
            targets_version=top_version, online_version=number, version=number, expires=until
        )
        timestamp = repository.timestamp(snapshot_version=number, version=number, expires=until)
        signers = [key(n) for n in online_signers or self.online_names]
        content = {
            **{f"metadata/{index}.root.json": root for index, root in enumerate(self.roots, start=1)},
            **{f"targets/{repository.stick_path(n, d)}": d for n, d in (*files.items(), *online.items())},
            f"metadata/{top_version}.targets.json": targets,
            f"metadata/{number}.online.json": repository.signed(role, signers),
            f"metadata/{number}.snapshot.json": repository.signed(snapshot, signers),
            "metadata/timestamp.json": repository.signed(timestamp, signers),
        }
        for file, data in content.items():
            (path / file).parent.mkdir(parents=True, exist_ok=True)
            (path / file).write_bytes(data)
        self.version = number
        return path
