"""The commands that change what custodians will sign next: keys, and gates."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Collection
from dataclasses import asdict

from credential.codes import Name
from issuer import cli_wording, printing_keys
from issuer.authority import Authority
from issuer.civil_days import clock_time
from issuer.cli_output import print_json, tell
from issuer.cli_session import Session, rfc3339
from issuer.cli_warnings import tell_warnings
from issuer.duties import Order
from issuer.key_use import KeyView, Standing
from issuer.seal_keys import SealKey
from trust import KeyKind, RelyingParty

_ONLINE = "online"
RENEWABLE = (*(kind.value for kind in KeyKind), printing_keys.KIND, _ONLINE)
"""What `keys renew` makes the next one of."""
_STOLEN_NEXT = {
    KeyKind.SEAL.value: "stolen_next",
    KeyKind.LIVE.value: "stolen_next_issuing",
    KeyKind.SD_JWT.value: "stolen_next_issuing",
    KeyKind.STATUS.value: "stolen_next_status",
    printing_keys.KIND: "stolen_next_printing",
    "online": "stolen_next_online",
    "root": "stolen_next_custodian",
    "targets": "stolen_next_custodian",
}

_MAY_BE_USED = (Standing.IN_USE, Standing.WAITING, Standing.NOT_PUBLISHED, Standing.SUPERSEDED)


def seal_key_list(session: Session, options: Namespace) -> None:
    """`seal-key list`: every seal key, and whether it is in use."""
    keys = session.open().authority.seal_keys()
    if options.json:
        print_json([_seal_key_json(key) for key in keys])
        return
    for key in keys:
        tell(f"{key.kid:<16} {key.seals:>8}  {_standing(session, key)}")


def seal_key_stolen(session: Session, options: Namespace) -> None:
    """`seal-key stolen KID`: from now on publications name its genuine seals (`keys stolen` for any kind)."""
    authority = session.open(order=Order.KEY_STOLEN).authority
    authority.report_stolen(options.kid, only=KeyKind.SEAL)
    key = next(key for key in authority.seal_keys() if key.kid == options.kid)
    if options.json:
        print_json(_seal_key_json(key))
    else:
        tell(f"{key.kid}  {_standing(session, key)}")
    session.note("stolen_next", seals=key.seals)


def seal_key_new(session: Session, options: Namespace) -> None:
    """`seal-key new`: a key for custodians to sign into the trust list."""
    office = session.open(order=Order.KEYS_RENEW, signing=True)
    (kid,) = office.authority.renew([KeyKind.SEAL], cost=session.cost)
    if options.json:
        print_json({"kid": kid})
    else:
        tell(session.say("seal_key_made", kid=kid))
    _tell_when_used(session, office.authority, [kid])


def keys_list(session: Session, options: Namespace) -> None:
    """`keys list`: every signing key, what it is doing, and until when."""
    authority = session.open().authority
    keys = authority.keys()
    if options.json:
        print_json([_key_json(key) for key in keys])
    for key in () if options.json else keys:
        standing = cli_wording.choose(session.language, cli_wording.STANDINGS[key.standing])
        since = "" if key.usable_from is None else clock_time(key.usable_from)
        end = "-" if key.ends is None else clock_time(key.ends)
        tell(f"{key.kid:<20} {key.kind:<10} {session.say('until', end=end)}  {standing.format(since=since)}")
        tell(f"    {key.thumbprint}")
    tell_warnings(authority.warnings())


def keys_stolen(session: Session, options: Namespace) -> None:
    """`keys stolen KID`: enters that a key of any kind was stolen; says what it touches, and what is next."""
    theft = session.open(order=Order.KEY_STOLEN).authority.report_stolen(options.kid)
    if options.json:
        print_json(asdict(theft))
    else:
        tell(session.say("key_stolen", kid=theft.kid, kind=theft.kind))
    phrase = _STOLEN_NEXT[theft.kind]
    if phrase == "stolen_next_issuing" and theft.successor is not None:
        phrase = "stolen_succeeded"
    session.note(phrase, **asdict(theft))


def keys_phones(session: Session, options: Namespace) -> None:
    """`keys phones KID`: the cards whose phone may hold a credential made with a key."""
    numbers = session.open().authority.phones_of(options.kid)
    if options.json:
        print_json({"kid": options.kid, "cards": numbers})
        return
    for number in numbers:
        tell(number)


def keys_renew(session: Session, options: Namespace) -> None:
    """`keys renew KIND…`: the next key of each kind, for custodians to sign."""
    others = (printing_keys.KIND, _ONLINE)
    kinds = [KeyKind(kind) for kind in dict.fromkeys(options.kind) if kind not in others]
    token = options.token
    office = session.open(order=Order.KEYS_RENEW, signing=True, in_token=token is not None)
    made = office.authority.renew(kinds, cost=session.cost, token=token)
    renews_printing = printing_keys.KIND in options.kind
    printing = [office.printing.renew_key(cost=session.cost, token=token)] if renews_printing else []
    renews_online = _ONLINE in options.kind
    online = office.authority.renew_online(cost=session.cost, token=token) if renews_online else None
    if options.json:
        print_json({"keys": [*made, *printing], "online_key": online})
    else:
        for kid in (*made, *printing):
            tell(session.say("key_made", kid=kid))
    if made:
        _tell_when_used(session, office.authority, made)
    if printing:
        session.note("printing_key_made")
    if online:
        session.note("online_key_made", key=online)


def gate_add(session: Session, options: Namespace) -> None:
    """`gate add NUMBER`: registers a gate, for custodians to sign into the trust list."""
    authority = session.open(order=Order.GATE_ADD).authority
    authority.add_gate(options.number, Name(options.name_km, options.name_en), options.purpose or ["entry"])
    if options.json:
        print_json({"number": options.number})
    else:
        tell(session.say("gate_added", number=options.number))
    session.note("to_be_signed")


def gate_list(session: Session, options: Namespace) -> None:
    """`gate list`: the gates in the register."""
    gates = session.open().authority.gates()
    if options.json:
        print_json([_gate_json(gate) for gate in gates])
        return
    for gate in gates:
        tell(f"{gate.number:>5}  {' '.join(sorted(gate.purposes))}  {gate.title.en}  {gate.title.km}")


def _tell_when_used(session: Session, authority: Authority, made: Collection[str]) -> None:
    """What is next for new keys; one takes over at once where no other of its kind may be used."""
    keys = authority.keys()
    goes_on = {key.kind for key in keys if key.standing in _MAY_BE_USED}
    waits = {key.kid: key.kind in goes_on for key in keys if key.kid in made}
    session.note("key_to_be_signed")
    for phrase, waiting in (("key_waits", True), ("key_at_once", False)):
        if kids := [kid for kid in made if waits[kid] is waiting]:
            session.note(phrase, kids=", ".join(kids))


def _standing(session: Session, key: SealKey) -> str:
    if key.stolen_at is not None:
        return session.say("stolen", at=clock_time(key.stolen_at))
    return session.say("signed" if key.signed else "not_signed")


def _seal_key_json(key: SealKey) -> dict[str, object]:
    stolen_at = None if key.stolen_at is None else rfc3339(key.stolen_at)
    return {**asdict(key), "issue_until": rfc3339(key.issue_until), "stolen_at": stolen_at}


def _key_json(key: KeyView) -> dict[str, object]:
    usable_from = None if key.usable_from is None else rfc3339(key.usable_from)
    ends = None if key.ends is None else rfc3339(key.ends)
    return {**asdict(key), "usable_from": usable_from, "ends": ends}


def _gate_json(gate: RelyingParty) -> dict[str, object]:
    names = {"name_km": gate.title.km, "name_en": gate.title.en}
    return {"number": gate.number, **names, "purposes": sorted(gate.purposes)}
