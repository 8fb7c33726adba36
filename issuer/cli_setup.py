"""The commands that make a home, and roots: `init`, `root create`, `root renew`, `root import`."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from credential.codes import Name
from did import PublicKey, base64url, strict_json
from issuer import cli_wording, custody, foundation, staff
from issuer.cli_custody import read_root
from issuer.cli_output import print_json, tell
from issuer.cli_session import Session, read_file, write_file
from issuer.errors import IssuerError
from issuer.home import Config
from trust import ceremony
from trust.tuf_keys import key_id

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
        tell(session.say("home_made", home=home.path))
        if founded:
            _print_root(session, home.root, made.fingerprint)
    session.note("staff_begun", names=", ".join(staff.FIRST))
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


def root_key(session: Session, options: Namespace) -> None:
    """`root key`: one custodian's new key, for the next root to name, on a machine without a network."""
    out = Path(options.out)
    if out.exists():
        raise IssuerError("home_exists", "there is something at this place already")
    public = custody.make_custodian(out, cost=session.cost).public_key
    named = {"key": out / custody.KEY_FILE, "id": key_id(public)}
    named["thumbprint"] = base64url.encode(public.thumbprint())
    if options.json:
        print_json(named)
    else:
        tell(session.say("custodian_key_made", **named))
    session.note("custodian_key_next", **named)


def root_renew(session: Session, options: Namespace) -> None:
    """`root renew`: the next root, to be signed by custodians of the last one."""
    previous = read_root(options.previous)
    online = [_public_key(path) for path in options.online_key or ()] or None
    root = custody.renew_root(
        previous,
        now=session.clock(),
        online=online,
        without=options.without or (),
        root=[_public_key(path) for path in options.root_key or ()],
        targets=[_public_key(path) for path in options.targets_key or ()],
    )
    write_file(Path(options.out), root, mode=0o644)
    session.note("written", path=options.out)


def root_import(session: Session, options: Namespace) -> None:
    """`root import`: takes a root that enough custodians have signed into the home."""
    fingerprint = session.open().authority.accept_root(read_root(options.file))
    if options.json:
        print_json({"fingerprint": fingerprint})
    else:
        tell(session.say("fingerprint", fingerprint=fingerprint))


def _public_key(path: str) -> PublicKey:
    """The key in a JWK file, or the public half of a key file."""
    document = strict_json.loads(read_file(Path(path), max_bytes=_MAX_KEY), max_bytes=_MAX_KEY)
    if isinstance(document, dict) and "public" in document:
        document = document["public"]
    return PublicKey.from_jwk(document)


def _print_root(session: Session, path: Path, fingerprint: str | None) -> None:
    tell(session.say("fingerprint", fingerprint=fingerprint))
    tell(session.say("give_root", root=path))


def _hand_over(folder: Path) -> None:
    """In both languages, whichever was chosen: nobody may miss it."""
    for language in cli_wording.LANGUAGES:
        tell(cli_wording.say(language, "hand_over", folder=folder), file=sys.stderr)
