"""`staff list|add|end|passphrase|begin`: who works here, and may do what."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable

from did import PublicKey, base64url, keyfile
from issuer import foundation, staff
from issuer.civil_days import clock_time
from issuer.cli_orders import tell_waiting
from issuer.cli_output import print_json, tell
from issuer.cli_session import Session, rfc3339
from issuer.cli_staff_wording import ROLES
from issuer.cli_wording import choose
from issuer.duties import Order, Role
from issuer.home import Home
from issuer.order_book import Waiting


def add_staff(add: Callable[..., ArgumentParser], command: Callable[..., ArgumentParser]) -> None:
    """Adds the commands by `command(add, name, function, help)`."""
    group = add("staff", help="who works here, and may do what")
    inner = group.add_subparsers(required=True, metavar="COMMAND").add_parser
    command(inner, "list", show, "everybody, with roles and the fingerprint of their key")
    added = command(inner, "add", add_person, "add somebody (two administrators)")
    added.add_argument("name", metavar="NAME", help="a-z, 0-9, hyphen and dot")
    added.add_argument(
        "--role",
        action="append",
        required=True,
        choices=[role.value for role in Role],
        help="may be given several times",
    )
    added = command(inner, "end", end_person, "end somebody's part in everything (two administrators)")
    added.add_argument("name", metavar="NAME", help="a-z, 0-9, hyphen and dot")
    command(inner, "passphrase", passphrase, "give your key another passphrase")
    command(inner, "begin", begin, "the first staff, in a home older than this")


def show(session: Session, options: Namespace) -> None:
    """`staff list`."""
    people = session.open().staff()
    if options.json:
        print_json(
            [
                {
                    "name": person.name,
                    "roles": person.roles.split(),
                    "key": _thumbprint(staff.key_of(person)),
                    "since": rfc3339(person.created_at),
                    "ended": None if person.ended_at is None else rfc3339(person.ended_at),
                }
                for person in people
            ]
        )
        return
    if not people:
        tell(session.say("no_staff_listed"))
    for person in people:
        roles = ", ".join(choose(session.language, ROLES[role]) for role in sorted(staff.roles_of(person)))
        key, since = _thumbprint(staff.key_of(person)), clock_time(person.created_at)
        line = session.say("staff_line", name=person.name, roles=roles, since=since, key=key)
        if person.ended_at is not None:
            line += "  " + session.say("staff_ended", at=clock_time(person.ended_at))
        tell(line)


def add_person(session: Session, options: Namespace) -> None:
    """`staff add NAME --role ROLE…`: makes the person's key, if they have none yet, and asks."""
    office = session.open(order=Order.ADD_STAFF)
    folder = Home(session.home).staff
    file = folder / f"{options.name}.json"
    staff.check_name(options.name)
    if file.exists():
        public = keyfile.load_public(file)
    else:
        new = session.new_passphrase("ask_person_new", name=options.name)
        staff.check_new_passphrase(Home(session.home), new)
        public = staff.make_key(folder, options.name, new, cost=session.cost)
        session.note("staff_key_made", name=options.name, path=file, key=_thumbprint(public))
    added = office.add_staff(options.name, [Role(role) for role in options.role], public)
    _tell(session, options, added, "staff_added")


def end_person(session: Session, options: Namespace) -> None:
    """`staff end NAME`."""
    _tell(session, options, session.open(order=Order.END_STAFF).end_staff(options.name), "staff_gone")


def passphrase(session: Session, options: Namespace) -> None:
    """`--as NAME staff passphrase`."""
    name = session.somebody()
    session.open()  # refuses a name that nobody has, before anything is typed
    old = session.person_passphrase(name)
    new = session.new_passphrase("ask_person_new", name=name)
    staff.change_passphrase(Home(session.home), name, old, new, cost=session.cost)
    if options.json:
        print_json({"name": name})
    else:
        tell(session.say("passphrase_changed", name=name))


def begin(session: Session, options: Namespace) -> None:
    """`staff begin`: for a home that was made before there was staff."""
    foundation.begin_staff(session.home, session.passphrase(), now=session.clock(), cost=session.cost)
    if options.json:
        print_json({"staff": list(staff.FIRST)})
    else:
        tell(session.say("staff_begun", names=", ".join(staff.FIRST)))


def _tell(session: Session, options: Namespace, result: Waiting | None, phrase: str) -> None:
    if isinstance(result, Waiting):
        tell_waiting(session, options, result)
    elif options.json:
        print_json({"name": options.name})
    else:
        tell(session.say(phrase, name=options.name))


def _thumbprint(public: PublicKey) -> str:
    return base64url.encode(public.thumbprint())
