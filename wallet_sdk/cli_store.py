"""Commands that fill the wallet, look into it and clear it: `request`, `receive`, `list`, `remove`."""

from __future__ import annotations

from argparse import Namespace
from datetime import datetime
from pathlib import Path

from did import Algorithm
from wallet_sdk import atomic_file, wording
from wallet_sdk.cli_session import Session, print_json, read_input
from wallet_sdk.exchange import MAX_OFFER, MAX_RESULT, read_offer
from wallet_sdk.holding import Credential
from wallet_sdk.wallet import Waiting

ALGORITHMS = {"ed25519": Algorithm.ED25519, "p256": Algorithm.P256}


def request(session: Session, arguments: Namespace) -> None:
    """Answers an offer with key proofs; makes the wallet if there is none."""
    offer = read_input(arguments.offer, max_bytes=MAX_OFFER)
    read_offer(offer)  # before a wallet is made for something that is no offer
    wallet = session.open_or_create()
    before = wallet.waiting()
    text = wallet.request(offer, algorithm=ALGORITHMS[arguments.alg], now=session.clock())
    after = wallet.waiting()
    for gone in (item for item in before if item not in after):
        session.note("given_up", format=session.say(gone.format.value), issuer=gone.credential_issuer)
    if arguments.out:
        atomic_file.write(Path(arguments.out), text.encode("ascii") + b"\n")
        session.note("request_written", path=arguments.out)
    else:
        print(text)


def receive(session: Session, arguments: Namespace) -> None:
    """Stores what the ministry issued."""
    result = read_input(arguments.file, max_bytes=MAX_RESULT)
    wallet = session.open()
    received = wallet.receive(result, now=session.clock())
    for new in received:
        for other in wallet.credentials():
            if other.holder == new.holder and other.id != new.id:
                session.note("one_more", new=new.id, other=other.id)
    if arguments.json:
        print_json({"credentials": [_entry(session, item, full=False) for item in received]})
        return
    print(session.say("received"))
    for item in received:
        _describe(session, item, full=False)
        session.warn_of_end(item)


def show_list(session: Session, arguments: Namespace) -> None:
    """Prints what is in the wallet; card numbers are masked without `--full`."""
    wallet = session.open()
    credentials, waiting = wallet.credentials(), wallet.waiting()
    if arguments.json:
        entries = [_entry(session, item, full=arguments.full) for item in credentials]
        print_json({"credentials": entries, "waiting": [_waiting_entry(item) for item in waiting]})
        return
    for item in credentials:
        _describe(session, item, full=arguments.full)
    for expected in waiting:
        print(
            session.say(
                "waiting",
                id=expected.id,
                format=session.say(expected.format.value),
                issuer=expected.credential_issuer,
            )
        )
    if not credentials and not waiting:
        print(session.say("empty"))
    if credentials:
        session.note("by_date")
    for item in credentials:
        session.warn_of_end(item)


def remove(session: Session, arguments: Namespace) -> None:
    """Takes a credential or a waiting key out of the wallet, once the person has said yes."""
    session.confirm("ask_to_remove", yes=arguments.yes, id=arguments.id)
    session.open().remove(arguments.id)
    session.note("removed", id=arguments.id)


def _describe(session: Session, credential: Credential, *, full: bool) -> None:
    language, standing = session.language, credential.standing(session.clock())
    card = credential.card_number if full else wording.mask(credential.card_number)
    print(f"{credential.id}  {session.say(credential.format.value)}")
    print(f"    {session.say('issuer')}: {wording.printable(credential.issuer)}")
    print(f"    {wording.name_claim(language, 'card_number')}: {wording.printable(card)}")
    until = f"{credential.expires_at:%Y-%m-%d}"
    print(f"    {session.say('valid_until')}: {until} ({session.say(standing.value)})")
    for claim in sorted(credential.claims.keys() - {"card_number"}) if full else ():
        value = wording.name_value(language, credential, claim)
        print(f"    {wording.name_claim(language, claim)} [{wording.printable(claim)}]: {value}")


def _entry(session: Session, credential: Credential, *, full: bool) -> dict[str, object]:
    entry: dict[str, object] = {
        "id": credential.id,
        "format": credential.format.value,
        "issuer": credential.issuer,
        "vct": credential.vct,
        "card_number": credential.card_number if full else wording.mask(credential.card_number),
        "issued_at": _rfc3339(credential.issued_at),
        "expires_at": _rfc3339(credential.expires_at),
        "standing": credential.standing(session.clock()).value,
        "disclosable": sorted(credential.disclosable),
    }
    return {**entry, "claims": dict(credential.claims)} if full else entry


def _waiting_entry(item: Waiting) -> dict[str, object]:
    return {
        "id": item.id,
        "format": item.format.value,
        "credential_issuer": item.credential_issuer,
        "expires": _rfc3339(item.expires),
    }


def _rfc3339(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
