"""The commands that make a home, and those of the custodians, most of which need no home at all."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from credential.codes import TABLES, Name
from did import PublicKey, SoftwareSigner, keyfile, strict_json
from issuer import cli_wording, custody, foundation
from issuer.cli_session import Session, print_json, read_file, rfc3339, write_file
from issuer.custody import MAX_TRUST_LIST, TrustList
from issuer.errors import IssuerError
from issuer.home import Config
from issuer.trust_files import MAX_ROOT, version_of
from trust import assembly, ceremony, repository
from trust.ceremony import Signatures

_MAX_KEY = 1 << 14


def init(session: Session, options: Namespace) -> None:
    """`init`: a home with its keys and register, and unless `--offline` the custodians' keys as well."""
    config = Config(
        issuer=options.issuer,
        name=Name(options.name_km, options.name_en),
        employee_id_digits=options.employee_id_digits,
    )
    passphrase = session.passphrase(new=True)
    with session.progress("making_keys") as progress:
        made = foundation.found(
            session.home,
            config=config,
            passphrase=passphrase,
            now=session.clock(),
            offline=options.offline,
            cost=session.cost,
            told=progress,
        )
    home, founded = made.home, made.fingerprint is not None
    if options.json:
        print_json(
            {
                "home": home.path,
                "online_key": home.online_key,
                "root": home.root if founded else None,
                "fingerprint": made.fingerprint,
                "custodians": sorted(home.offline.iterdir()) if founded else [],
            }
        )
    else:
        print(session.say("home_made", home=home.path))
        if founded:
            _print_root(session, home.root, made.fingerprint)
    if founded:
        _hand_over(home.offline)
    else:
        session.note("to_custodians", key=home.online_key)


def root_create(session: Session, options: Namespace) -> None:
    """`root create`: custodians' keys and a first root, on a machine without a network."""
    out = Path(options.out)
    if out.exists() and any(out.iterdir()):
        raise IssuerError("home_exists", "there is something at this place already")
    online = [_public_key(path) for path in options.online_key]
    with session.progress("making_keys") as progress:
        custodians = custody.make_custodians(out, cost=session.cost, told=progress)
    root = custody.make_root(custodians, online, now=session.clock())
    write_file(out / "root.json", root, mode=0o644)
    if options.json:
        print_json({"root": out / "root.json", "fingerprint": ceremony.fingerprint(root)})
    else:
        _print_root(session, out / "root.json", ceremony.fingerprint(root))
    _hand_over(out)


def root_renew(session: Session, options: Namespace) -> None:
    """`root renew`: the next root, to be signed by custodians of the last one."""
    previous = _root(options.previous)
    online = [_public_key(path) for path in options.online_key or ()] or None
    root = custody.renew_root(previous, online=online, now=session.clock())
    write_file(Path(options.out), root, mode=0o644)
    session.note("written", path=options.out)


def root_sign(session: Session, options: Namespace) -> None:
    """`root sign`: adds one custodian's signature to a root, in its file."""
    path, authority = Path(options.file), _authority(options)
    signer = _custodian(session, options)
    signed = ceremony.sign(_root(path), signer, authority=authority)
    write_file(path, signed, mode=0o644)
    _print_signatures(session, options, ceremony.signatures(signed, authority=authority))


def root_show(session: Session, options: Namespace) -> None:
    """`root show`: fingerprint, end and signatures of a root."""
    root = _root(options.file)
    metadata = repository.parse_any(root).signed
    found = {"version": metadata.version, "fingerprint": ceremony.fingerprint(root)}
    _print_signatures(
        session, options, ceremony.signatures(root, authority=_authority(options)), _expiry(root), **found
    )


def root_import(session: Session, options: Namespace) -> None:
    """`root import`: takes a root that enough custodians have signed into the home."""
    fingerprint = session.open().authority.accept_root(_root(options.file))
    if options.json:
        print_json({"fingerprint": fingerprint})
    else:
        print(session.say("fingerprint", fingerprint=fingerprint))


def list_export(session: Session, options: Namespace) -> None:
    """`trust-list export`: the documents as the register stands, for custodians to sign."""
    drawn = session.open().authority.draw_up_trust_list()
    write_file(Path(options.file), drawn.to_json(), mode=0o644)
    session.note("written", path=options.file)


def list_sign(session: Session, options: Namespace) -> None:
    """`trust-list sign`: shows what is signed, and adds one custodian's signature, in its file."""
    path = Path(options.file)
    trust_list = _trust_list(path)
    if not options.json:
        _print_list(trust_list)
    signed = trust_list.signed(_custodian(session, options))
    write_file(path, signed.to_json(), mode=0o644)
    _print_signatures(session, options, ceremony.signatures(signed.targets, authority=signed.root))


def list_show(session: Session, options: Namespace) -> None:
    """`trust-list show`: what custodians are asked to sign, and who has."""
    trust_list = _trust_list(options.file)
    if not options.json:
        _print_list(trust_list)
    signatures = ceremony.signatures(trust_list.targets, authority=trust_list.root)
    version = version_of(trust_list)
    _print_signatures(session, options, signatures, _expiry(trust_list.targets), version=version)


def list_import(session: Session, options: Namespace) -> None:
    """`trust-list import`: takes a list that enough custodians have signed into the home."""
    trust_list = _trust_list(options.file)
    session.open().authority.accept_trust_list(trust_list)
    if options.json:
        print_json({"version": version_of(trust_list), "expires": _expiry(trust_list.targets)})
    else:
        print(session.say("done"))


def _custodian(session: Session, options: Namespace) -> SoftwareSigner:
    try:
        return keyfile.load(Path(options.key), session.passphrase())
    except OSError as error:
        raise IssuerError("unreadable_file", f"{options.key}: {error.strerror}") from error


def _public_key(path: str) -> PublicKey:
    """The key in a JWK file, or the public half of a key file."""
    document = strict_json.loads(read_file(Path(path), max_bytes=_MAX_KEY), max_bytes=_MAX_KEY)
    if isinstance(document, dict) and "public" in document:
        document = document["public"]
    return PublicKey.from_jwk(document)


def _root(path: str | Path) -> bytes:
    return read_file(Path(path), max_bytes=MAX_ROOT)


def _authority(options: Namespace) -> bytes | None:
    return _root(options.previous) if options.previous else None


def _trust_list(path: str | Path) -> TrustList:
    return TrustList.from_json(read_file(Path(path), max_bytes=MAX_TRUST_LIST))


def _expiry(metadata: bytes) -> str:
    return rfc3339(int(repository.parse_any(metadata).signed.expires.timestamp()))


def _print_root(session: Session, path: Path, fingerprint: str | None) -> None:
    print(session.say("fingerprint", fingerprint=fingerprint))
    print(session.say("give_root", root=path))


def _print_signatures(
    session: Session, options: Namespace, signatures: Signatures, expires: str = "", **found: object
) -> None:
    if options.json:
        more = {"expires": expires} if expires else {}
        print_json({**found, **more, "signed": signatures.signed, "missing": signatures.missing})
        return
    for name, value in found.items():
        print(f"{name}: {value}")
    if expires:
        print(session.say("expires", expires=expires))
    signed = ", ".join(signatures.signed) or "-"
    print(session.say("signatures", signed=signed, missing=signatures.missing))


def _print_list(trust_list: TrustList) -> None:
    """What a custodian vouches for; a list that cannot be read cannot be signed."""
    parts = assembly.assemble(trust_list.files)
    for key in parts.keys.values():
        window = f"{rfc3339(key.not_before)} – {rfc3339(key.not_after)}"
        print(f"key {key.kid}  {key.kind.value}  {key.iss}  {window}")
    for template in parts.templates.values():
        print(f"template {template.number}  {template.kind.value}  {template.kid}  {template.status_uri}")
    for purpose in parts.purposes.values():
        print(f"purpose {purpose.name}  {'permitted' if purpose.permitted else 'NOT permitted'}")
    for party in parts.relying_parties.values():
        print(f"relying party {party.number}  {party.title.en}  {' '.join(sorted(party.purposes))}")
    print("codes " + ", ".join(f"{len(getattr(parts.codes, table))} {table}" for table in TABLES))


def _hand_over(folder: Path) -> None:
    """In both languages, whichever was chosen: nobody may miss it."""
    for language in cli_wording.LANGUAGES:
        print(cli_wording.say(language, "hand_over", folder=folder), file=sys.stderr)
