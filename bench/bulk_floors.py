"""What a re-issue needs at least: signatures, hashes and Base64, bare rows, compressed lists."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter, thread_time

from pybase64 import urlsafe_b64encode
from sqlalchemy import Connection, Engine

from bench.ministry import key, raw_signature
from did import Algorithm
from issuer import database
from issuer.card_pool import in_parallel
from issuer.models import METADATA

_SAMPLE = 10_000
"""People whose raw work is measured; the floor is that much more for all."""
_BATCH = 1000
_ROUNDS = 7
"""Of one process and several in turn: on a shared machine a single look is off by a tenth."""
_TABLES = ("status_index", "prepared", "act")


@dataclass(frozen=True, slots=True, kw_only=True)
class Floors:
    """Seconds for all people; `scaling` is how much faster several processes sign than one."""

    signing: float
    encoding: float
    database: float
    publication: float
    scaling: float


def measure(engine: Engine, people: int, workers: int) -> Floors:
    """Everything, one after the other; the rows are those that the re-issue just wrote."""
    factor = people / _SAMPLE
    batches = range(_SAMPLE // _BATCH)
    took = [_signatures(batch) for batch in batches]
    return Floors(
        signing=sum(took) * factor,
        encoding=_timed(_hashes) * factor,
        database=_rows(engine) * people,
        publication=_lists(engine),
        scaling=median(_rate(workers) / _rate(1) for _ in range(_ROUNDS)),
    )


def _rate(workers: int) -> float:
    """Batches of raw signatures a second, between the first and the last, so that starting does not count."""
    marks = [
        perf_counter() for _ in in_parallel(_signatures, range(24 * workers), at_a_time=1, processes=workers)
    ]
    return (len(marks) - workers) / (marks[-1] - marks[workers - 1])


def _signatures(_batch: int) -> float:
    """Processor seconds of three signatures for each of a batch of people."""
    ed25519 = raw_signature(key("live-1"), bytes(400))
    p256 = raw_signature(key("sd-jwt-1", Algorithm.P256), bytes(1700))
    began = thread_time()
    for _ in range(_BATCH):
        ed25519()
        ed25519()
        p256()
    return thread_time() - began


def _hashes() -> None:
    """Of 16 disclosures: salt and text in Base64, hashed, the hash in Base64; then the payload."""
    disclosure, payload, encode, sha256 = bytes(58), bytes(1250), urlsafe_b64encode, hashlib.sha256
    for _ in range(_SAMPLE):
        for _ in range(16):
            encode(sha256(encode(disclosure)).digest())
        encode(payload)


def _timed(work: Callable[[], None]) -> float:
    began = thread_time()
    work()
    return thread_time() - began


def _rows(engine: Engine) -> float:
    """Seconds a person for the same rows, in tables of their columns without key, index or rule."""
    with engine.connect() as connection:
        found = {table: _newest(connection, table) for table in _TABLES}
        people = len(found["prepared"])
        connection.rollback()
    with engine.begin() as connection:
        for table in _TABLES:
            connection.exec_driver_sql(f"CREATE TABLE bare_{table} AS SELECT * FROM {table} LIMIT 0")  # noqa: S608
    began = perf_counter()
    with engine.begin() as connection:
        for table, rows in found.items():
            bare = METADATA.tables[table].to_metadata(METADATA.__class__(), name=f"bare_{table}")
            database.append(connection, bare, " ".join(bare.columns.keys()), rows)
    took = (perf_counter() - began) / people
    with engine.begin() as connection:
        for table in _TABLES:
            connection.exec_driver_sql(f"DROP TABLE bare_{table}")
    return took


def _newest(connection: Connection, table: str) -> list[tuple[object, ...]]:
    """The rows of a sample of people."""
    where = {
        "status_index": "reissue_id IS NOT NULL",
        "prepared": "reissue_id > 0",
        "act": "act = 'reissue'",
    }[table]
    statement = f"SELECT * FROM {table} WHERE {where} AND card_id <= {_SAMPLE}"  # noqa: S608
    return [tuple(row) for row in connection.exec_driver_sql(statement)]


def _lists(engine: Engine) -> float:
    """Seconds to compress and sign every list that is published."""
    with engine.connect() as connection:
        statement = "SELECT list_id, idx, status FROM status_index WHERE status <> 0"
        changed = connection.exec_driver_sql(statement).all()
        lists = connection.exec_driver_sql("SELECT id FROM status_list").scalars().all()
    began = perf_counter()
    for list_id in lists:
        bits = bytearray(1 << 16)
        for of, index, status in changed:
            if of == list_id:
                bits[index >> 2] |= status << (2 * (index & 3))
        raw_signature(key("status-1"), zlib.compress(bytes(bits), 9))()
    return perf_counter() - began
