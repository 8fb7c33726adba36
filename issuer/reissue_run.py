"""Doing a re-issue on one or more processes, in PostgreSQL each by itself, in SQLite with one that writes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache, partial
from itertools import islice
from time import perf_counter

from sqlalchemy import Engine
from sqlmodel import Session

from credential.template import Kind
from did import Algorithm, Signer, SoftwareSigner
from issuer import credentials, database, reissue, reissue_part, reserved
from issuer.card_pool import in_parallel, processors
from issuer.credentials import Making, VcMaking
from issuer.duties import Role
from issuer.errors import IssuerError
from issuer.lifecycle import ListKind
from issuer.models import Reissue, SigningKey, StatusList, TemplateRow
from issuer.order_desk import OrderDesk
from issuer.progress import Progress
from issuer.reissue_part import Kit, Made, Spent, Timed
from issuer.signing import Keyring
from issuer.staff import Member
from trust import KeyKind

_TOGETHER = 5
"""Parts that SQLite keeps at once: random indices touch nearly every page of a list, few or many."""

Secret = tuple[str, Algorithm, bytes]


@dataclass(frozen=True, slots=True)
class Job:
    """What a process has to know to take part: what is signed with, and who answers for it."""

    database_url: str = field(repr=False)  # may hold a password
    issuer: str
    reissue_id: int
    now: int
    secrets: tuple[Secret, ...] = field(repr=False)
    member: tuple[int, str, frozenset[Role], Secret] = field(repr=False)


@dataclass(slots=True)
class Report:
    """What a run did: people, those nothing could be made for, and seconds of all processes together."""

    people: int = 0
    skipped: int = 0
    spent: Spent = field(default_factory=Spent)
    elapsed: float = 0.0
    workers: int = 1


class Bench:
    """One process's place of work."""

    def __init__(
        self, engine: Engine, desk: OrderDesk, reissue_id: int, signers: Mapping[str, Signer], now: int
    ) -> None:
        self.engine = engine
        self.desk = desk
        with database.reading(engine) as session:
            self.kit = _kit(session, desk.issuer, reissue_id, signers, now)

    def make(self, number: int) -> Made | None:
        """Makes a part, which another is to keep."""
        with database.reading(self.engine) as session:
            part = reissue_part.find(session, self.kit, number)
            return None if part is None else reissue_part.make(session, self.kit, part)

    def do(self, _turn: int) -> Made | None:
        """Makes and keeps the next part that nobody is doing, beside others; its tokens are not told."""
        began = perf_counter()
        with database.writing(self.engine, shared=True) as session:
            part = reissue_part.claim(session, self.kit)
            if part is None:
                return None
            claimed = perf_counter()
            made = reissue_part.make(session, self.kit, part)
            read, making = made.spent.database, perf_counter()
            reissue_part.keep(session, self.desk, self.kit, [(part, made)])
            made.forget()
        made.spent.database = read + (claimed - began) + (perf_counter() - making)
        return made


@dataclass(frozen=True, slots=True)
class Desk:
    """What a re-issue is begun with: whose credentials, which keys, at what time (epoch seconds)."""

    issuer: str
    keyring: Keyring
    signed: Collection[str] | None
    now: int


def begin(session: Session, kinds: Collection[ListKind], desk: Desk) -> Reissue:
    """Opens a re-issue of these kinds of credentials, with the keys that issue now.

    Raises:
        IssuerError: `reissue_open`, or as `credentials.making`.
        StatusError: `list_full`.
    """
    found = reissue.current(session)
    if found is not None:
        raise reissue.another_open(found)
    seal, live = (
        credentials.making(session, kind, desk.keyring, signed=desk.signed, now=desk.now)
        if ListKind(kind.value) in kinds
        else None
        for kind in (Kind.SEAL, Kind.LIVE)
    )
    vc = None
    if ListKind.SD_JWT in kinds:
        vc = credentials.vc_making(session, desk.issuer, desk.keyring, signed=desk.signed, now=desk.now)
    return reissue.begin(session, seal, live, vc, now=desk.now)


def signers(session: Session, keyring: Keyring, number: int) -> Mapping[str, Signer]:
    """The signers of the keys that a re-issue was begun with, by their names.

    Raises:
        DidError, IssuerError: as `Keyring.signer`.
    """
    found = session.get_one(Reissue, number)
    return {
        kid: keyring.signer(session.get_one(SigningKey, kid), KeyKind(kind.value))
        for kind, kid in reissue.kids_of(session, found).items()
    }


def run(
    engine: Engine,
    desk: OrderDesk,
    reissue_id: int,
    signers: Mapping[str, Signer],
    *,
    workers: int | None = None,
    most: int | None = None,
    progress: Progress | None = None,
) -> Report:
    """Does what is still to be done of a re-issue, `most` so many parts, in the name of who is at the desk.

    `signers` are by the names of its keys. Keys in a token sign in this process alone.

    Raises:
        IssuerError: as `database.writing`.
    """
    began, now = perf_counter(), int(desk.clock().timestamp())
    bench = Bench(engine, desk, reissue_id, signers, now)
    with database.reading(engine) as session:
        numbers = reissue_part.undone(session, bench.kit)[:most]
        total = session.get_one(Reissue, reissue_id).people
    report = Report(workers=_workers(workers, signers, len(numbers)))
    alone = engine.dialect.name == "sqlite"
    work = partial(_make if alone else _do, _job(bench, signers)) if report.workers > 1 else None
    here = bench.make if alone else bench.do
    results = in_parallel(work or here, numbers, at_a_time=1, processes=report.workers)
    done = total - min(total, len(numbers) * reissue.PART)
    for made in _kept(bench, results) if alone else results:
        if made is None:
            continue
        report.people += made.kept
        report.skipped += len(made.skipped)
        report.spent.add(made.spent)
        if progress:
            progress(min(done + report.people, total), total)
    report.elapsed = perf_counter() - began
    return report


def _kept(bench: Bench, results: Iterator[Made | None]) -> Iterator[Made]:
    """Keeps what others made, some parts in one transaction."""
    made = (each for each in results if each is not None)
    while together := list(islice(made, _TOGETHER)):
        began = perf_counter()
        with database.writing(bench.engine) as session:
            found = [(reissue_part.find(session, bench.kit, each.part), each) for each in together]
            if parts := [(part, each) for part, each in found if part is not None]:
                reissue_part.keep(session, bench.desk, bench.kit, parts)
        together[0].spent.database += perf_counter() - began
        yield from together


def _workers(wanted: int | None, signers: Mapping[str, Signer], parts: int) -> int:
    if not all(isinstance(signer, SoftwareSigner) for signer in signers.values()):
        return 1
    return max(1, min(wanted or processors(), parts))


def _job(bench: Bench, signers: Mapping[str, Signer]) -> Job:
    secrets = tuple(
        _secret(kid, signer) for kid, signer in signers.items() if isinstance(signer, SoftwareSigner)
    )
    member = bench.desk.somebody()
    if not isinstance(member.signer, SoftwareSigner):
        raise TypeError("a member of staff signs with a key of a file")
    return Job(
        database_url=bench.engine.url.render_as_string(hide_password=False),
        issuer=bench.desk.issuer,
        reissue_id=bench.kit.reissue_id,
        now=bench.kit.now,
        secrets=secrets,
        member=(member.id, member.name, member.roles, _secret(member.name, member.signer)),
    )


def _secret(name: str, signer: SoftwareSigner) -> Secret:
    return name, signer.public_key.algorithm, signer.secret


def _make(job: Job, number: int) -> Made | None:
    return _bench(job).make(number)


def _do(job: Job, turn: int) -> Made | None:
    return _bench(job).do(turn)


@lru_cache(maxsize=1)
def _bench(job: Job) -> Bench:
    signers = {kid: SoftwareSigner(algorithm, secret) for kid, algorithm, secret in job.secrets}
    number, name, roles, (_, algorithm, secret) = job.member
    member = Member(number, name, roles, SoftwareSigner(algorithm, secret))
    engine = database.connect(job.database_url)
    desk = OrderDesk(job.issuer, engine, lambda: datetime.fromtimestamp(job.now, UTC), member)
    return Bench(engine, desk, job.reissue_id, signers, job.now)


def _kit(session: Session, issuer: str, reissue_id: int, signers: Mapping[str, Signer], now: int) -> Kit:
    found = session.get(Reissue, reissue_id)
    if found is None:
        raise IssuerError("register_damaged", "the register does not hold this re-issue")

    def making(number: int | None) -> Making | None:
        if number is None:
            return None
        row = session.get_one(TemplateRow, number)
        return Making(credentials.read_template(row), row.list_id, Timed(signers[row.kid]))

    vc = None
    if found.sd_jwt_list is not None:
        status_list = session.get_one(StatusList, found.sd_jwt_list)
        key = session.get_one(SigningKey, status_list.kid)
        vc = VcMaking(key, issuer, status_list, found.sd_jwt_list, Timed(signers[key.kid]))
        session.expunge_all()
    return Kit(
        reissue_id=reissue_id,
        last_wallet=found.last_wallet,
        lists=reserved.lists_of(session, found),
        seal=making(found.seal_template),
        live=making(found.live_template),
        vc=vc,
        codes=credentials.read_codes(session),
        now=now,
    )
