"""What custodians signed, as the home keeps it: the chain of roots, and the trust list.

HOME/trust/1.root.json …    every root since the first
HOME/trust/trust-list.json  the trust list that publications carry
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from sqlmodel import Session, select

from credential.codes import TABLES, CodeTables, Name
from did import IdentityError, PublicKey, strict_json
from issuer import gates
from issuer.credentials import read_codes, read_template
from issuer.custody import MAX_TRUST_LIST, TrustList
from issuer.errors import IssuerError
from issuer.home import Config, Home
from issuer.models import PurposeRow, SigningKey, TemplateRow
from trust import IssuerKey, KeyKind, Purpose, ceremony, names, repository
from trust import documents as trust_documents
from trust.disk import write_atomically

MAX_ROOT = 1 << 18
_LIST = "trust-list.json"


def documents(session: Session, config: Config, *, kids: Collection[str]) -> Mapping[str, bytes]:
    """The trust documents as the register would have them signed, with these keys and their templates.

    Raises:
        IssuerError: `register_refused`, naming a code, purpose or gate that no reader would take.
    """
    codes, parties = read_codes(session), gates.listing(session)
    for table in TABLES:
        for code, title in getattr(codes, table).items():
            with _row(f"{table} {code}"):
                trust_documents.read_codes(CodeTables(**{table: {code: title}}).to_json())
    for party in parties:
        with _row(f"gate {party.number}"):
            trust_documents.read_relying_parties(trust_documents.write_relying_parties([party]))
    keys = session.exec(select(SigningKey)).all()
    return {
        names.ISSUERS: trust_documents.write_issuers(
            [
                _issuer_key(key, config.issuer)
                for key in sorted(keys, key=lambda key: key.not_before)
                if key.kid in kids
            ]
        ),
        names.TEMPLATES: trust_documents.write_templates(
            [read_template(row) for row in session.exec(select(TemplateRow)) if row.kid in kids]
        ),
        names.CODES: codes.to_json(),
        names.PURPOSES: trust_documents.write_purposes(
            [_purpose(row) for row in sorted(session.exec(select(PurposeRow)), key=lambda row: row.name)]
        ),
        names.RELYING_PARTIES: trust_documents.write_relying_parties(parties),
    }


def read_roots(home: Home) -> list[bytes]:
    """Every root since the first; none before a root was made."""
    roots: list[bytes] = []
    while (path := home.trust / f"{len(roots) + 1}.root.json").is_file():
        roots.append(path.read_bytes())
    return roots


def add_root(home: Home, root: bytes) -> None:
    """Takes the next root, signed by enough custodians. The newest one again changes nothing.

    Raises:
        TrustError: `root_chain_broken`, `signatures_missing`, `malformed_metadata`.
    """
    roots = read_roots(home)
    if root in roots[-1:]:
        return
    ceremony.check_roots([*roots, root])
    write_atomically(home.trust / f"{len(roots) + 1}.root.json", root)


def read_trust_list(home: Home) -> TrustList | None:
    """The trust list of this home, or None before custodians have signed one.

    Raises:
        IssuerError: `malformed_trust_list`.
    """
    path = home.trust / _LIST
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return TrustList.from_json(file.read(MAX_TRUST_LIST + 1))


def write_trust_list(home: Home, trust_list: TrustList, *, now: datetime) -> None:
    """Takes a trust list that enough custodians have signed.

    Raises:
        IssuerError: `other_root`, `older_trust_list`.
        TrustError: `signatures_missing`, or a code of `scrutiny.check_trust_list`.
    """
    roots = read_roots(home)
    if not roots or trust_list.root != roots[-1]:
        raise IssuerError("other_root", "this trust list was drawn up under another root; export a new one")
    ceremony.check(trust_list.targets, authority=trust_list.root)
    trust_list.check(now=now)
    if version_of(trust_list) < next_version(home) - 1:
        raise IssuerError("older_trust_list", "the home has a later trust list")
    write_atomically(home.trust / _LIST, trust_list.to_json())


def signed_keys(home: Home) -> Collection[str] | None:
    """The names of the keys that custodians have signed; None before they have signed any list.

    Raises:
        IssuerError: `malformed_trust_list`.
        TrustError: `malformed_document`, `bad_issuer_key`.
    """
    trust_list = read_trust_list(home)
    return None if trust_list is None else kids_of(trust_list)


def kids_of(trust_list: TrustList) -> Collection[str]:
    """The names of the keys in a trust list.

    Raises:
        TrustError: `malformed_document`, `bad_issuer_key`.
    """
    return trust_documents.read_issuers(trust_list.files[names.ISSUERS]).keys()


def online_keys(root: bytes, trust_list: TrustList) -> Collection[PublicKey]:
    """The keys that may sign a publication: those of the newest root, and of the root the list is under.

    Raises:
        TrustError: `malformed_metadata`.
    """
    return {*ceremony.role_keys(root).online, *ceremony.role_keys(trust_list.root).online}


def next_version(home: Home) -> int:
    """The version of the trust list to be drawn up."""
    before = read_trust_list(home)
    return version_of(before) + 1 if before else 1


def version_of(trust_list: TrustList) -> int:
    """The version of a trust list.

    Raises:
        TrustError: `malformed_metadata`.
    """
    return int(repository.parse_any(trust_list.targets).signed.version)


def _purpose(row: PurposeRow) -> Purpose:
    with _row(f"purpose {row.name}"):
        purpose = Purpose(row.name, row.permitted, Name(row.km, row.en))
        trust_documents.read_purposes(trust_documents.write_purposes([purpose]))
    return purpose


@contextmanager
def _row(name: str) -> Iterator[None]:
    """Names the row of the register that custodians could not sign."""
    try:
        yield
    except IdentityError as error:
        raise IssuerError("register_refused", f"the register's {name} cannot be signed: {error}") from error


def _issuer_key(key: SigningKey, issuer: str) -> IssuerKey:
    return IssuerKey(
        kid=key.kid,
        kind=KeyKind(key.kind),
        key=PublicKey.from_jwk(strict_json.loads(key.public_jwk, max_bytes=1024)),
        iss=issuer,
        vct=frozenset({key.vct} if key.vct else ()),
        not_before=key.not_before,
        not_after=key.not_after,
    )
