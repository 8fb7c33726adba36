"""The commands by which custodians look at roots and trust lists, and sign them; most need no home."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from did import SoftwareSigner, keyfile
from issuer import cli_wording, trust_content, trust_files
from issuer.cli_output import print_json, tell
from issuer.cli_program import UsageError
from issuer.cli_session import Session, read_file, rfc3339, write_file
from issuer.custody import MAX_TRUST_LIST, TrustList
from issuer.errors import IssuerError
from issuer.home import Home
from issuer.trust_content import Change, Statement
from issuer.trust_files import MAX_ROOT, version_of
from issuer.trust_wording import fact
from trust import ceremony, repository, scrutiny
from trust.ceremony import Signatures


class _Content(NamedTuple):
    """What a file says, and what it says otherwise than the one before, where that is at hand."""

    said: Sequence[Statement]
    changes: Sequence[Change] | None


def root_sign(session: Session, options: Namespace) -> None:
    """`root sign`: shows what is signed, asks, and adds one custodian's signature, in its file."""
    root, authority = read_root(options.file), _authority(options)
    content = _root_content(root, authority)
    ceremony.signatures(root, authority=authority)  # what cannot count is refused before it is read
    signer = _custodian(session, options, content)
    signed = ceremony.sign(root, signer, authority=authority)
    write_file(Path(options.file), signed, mode=0o644)
    _print_signatures(session, options, ceremony.signatures(signed, authority=authority), content)


def root_show(session: Session, options: Namespace) -> None:
    """`root show [FILE]`: fingerprint, end, keys and signatures of a root, or of the home's newest."""
    authority = _authority(options)
    if options.file is None:
        root, before = _newest(options)
        authority = authority or before
    else:
        root = read_root(options.file)
    content = _root_content(root, authority)
    signatures = ceremony.signatures(root, authority=authority)
    if not options.json:
        _print_content(session, content)
    found = {
        "version": repository.parse_any(root).signed.version,
        "fingerprint": ceremony.fingerprint(root),
    }
    _print_signatures(session, options, signatures, content, _expiry(root), **found)


def list_export(session: Session, options: Namespace) -> None:
    """`trust-list export`: the documents as the register stands, for custodians to sign."""
    drawn = session.open().authority.draw_up_trust_list()
    write_file(Path(options.file), drawn.to_json(), mode=0o644)
    session.note("written", path=options.file)


def list_sign(session: Session, options: Namespace) -> None:
    """`trust-list sign`: shows what is signed, asks, and adds one custodian's signature, in its file."""
    trust_list = _trust_list(session, options.file)
    content = _list_content(session, trust_list, options)
    signed = trust_list.signed(_custodian(session, options, content))
    write_file(Path(options.file), signed.to_json(), mode=0o644)
    _print_signatures(session, options, ceremony.signatures(signed.targets, authority=signed.root), content)


def list_show(session: Session, options: Namespace) -> None:
    """`trust-list show`: what custodians are asked to sign, and who has."""
    trust_list = _trust_list(session, options.file)
    content = _list_content(session, trust_list, options)
    signatures = ceremony.signatures(trust_list.targets, authority=trust_list.root)
    if not options.json:
        _print_content(session, content)
    expires, version = _expiry(trust_list.targets), version_of(trust_list)
    _print_signatures(session, options, signatures, content, expires, version=version)


def list_import(session: Session, options: Namespace) -> None:
    """`trust-list import`: takes a list that enough custodians have signed into the home."""
    trust_list = TrustList.from_json(read_file(Path(options.file), max_bytes=MAX_TRUST_LIST))
    session.open().authority.accept_trust_list(trust_list)
    if options.json:
        print_json({"version": version_of(trust_list), "expires": _expiry(trust_list.targets)})
    else:
        tell(session.say("done"))


def read_root(path: str | Path) -> bytes:
    """The root in a file, whatever it holds.

    Raises:
        IssuerError: `unreadable_file`, `file_too_large`.
    """
    return read_file(Path(path), max_bytes=MAX_ROOT)


def _authority(options: Namespace) -> bytes | None:
    return read_root(options.previous) if options.previous else None


def _newest(options: Namespace) -> tuple[bytes, bytes | None]:
    """The newest root of the home, and the one before it.

    Raises:
        UsageError: no home is named.
        IssuerError: `no_home`, `no_root`.
    """
    if options.home is None:
        raise UsageError("usage_missing", names="FILE | --home DIR")
    home = Home(Path(options.home))
    home.read_config()
    *older, newest = trust_files.read_roots(home) or [b""]
    if not newest:
        raise IssuerError("no_root", "custodians have not made a root yet: root create, root import")
    return newest, older[-1] if older else None


def _root_content(root: bytes, previous: bytes | None) -> _Content:
    """What a root says; one that says more than is shown is refused."""
    scrutiny.check_root(root)
    said = trust_content.of_root(root)
    if previous is None:
        return _Content(said, None)
    return _Content(said, trust_content.changes(trust_content.of_root(previous), said))


def _trust_list(session: Session, path: str) -> TrustList:
    """The trust list in a file; one whose signatures go over something else is refused."""
    trust_list = TrustList.from_json(read_file(Path(path), max_bytes=MAX_TRUST_LIST))
    trust_list.check(now=session.clock())
    return trust_list


def _list_content(session: Session, trust_list: TrustList, options: Namespace) -> _Content:
    said = trust_content.of_trust_list(trust_list)
    if options.previous is None:
        return _Content(said, None)
    previous = _trust_list(session, options.previous)
    ceremony.check(previous.targets, authority=previous.root)
    ceremony.check_continues(trust_list.files, previous.files)
    if trust_list.root != previous.root:
        ceremony.check(trust_list.root, authority=previous.root)
    return _Content(said, trust_content.changes(trust_content.of_trust_list(previous), said))


def _custodian(session: Session, options: Namespace, content: _Content) -> SoftwareSigner:
    """The custodian's key, once the custodian has seen what it is to sign and has said yes."""
    _print_content(session, content, to_stderr=options.json)
    session.confirm("ask_to_sign", yes=options.yes)
    try:
        return keyfile.load(Path(options.key), session.passphrase())
    except OSError as error:
        raise IssuerError("unreadable_file", f"{options.key}: {error.strerror}") from error


def _expiry(metadata: bytes) -> str:
    return rfc3339(int(repository.parse_any(metadata).signed.expires.timestamp()))


def _print_content(session: Session, content: _Content, *, to_stderr: bool = False) -> None:
    """Beside the JSON that a program reads, where there is one."""
    out = sys.stderr if to_stderr else sys.stdout
    for statement in content.said:
        for line in statement.lines(session.language):
            tell(line, file=out)
    if content.changes is None:
        return
    tell(session.say("changes" if content.changes else "no_changes"), file=out)
    for change in content.changes:
        for line in change.statement.lines(session.language):
            tell(f"{change.sign} {line}", file=out)


def _print_signatures(
    session: Session,
    options: Namespace,
    signatures: Signatures,
    content: _Content,
    expires: str = "",
    **found: object,
) -> None:
    if options.json:
        document: dict[str, object] = {**found, **({"expires": expires} if expires else {})}
        document |= {"signed": signatures.signed, "missing": signatures.missing}
        document["content"] = [statement.to_json() for statement in content.said]
        if content.changes is not None:
            document["changes"] = [
                {"change": change.sign, **change.statement.to_json()} for change in content.changes
            ]
        print_json(document)
        return
    for name, value in found.items():
        tell(cli_wording.choose(session.language, fact(name, value)))
    if expires:
        tell(session.say("expires", expires=expires))
    signed = ", ".join(signatures.signed) or "-"
    tell(session.say("signatures", signed=signed, missing=signatures.missing))
