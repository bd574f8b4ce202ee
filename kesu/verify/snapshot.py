"""Reads every schema as of one moment, and puts aside what its tables say."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Final

from aiokafka import TopicPartition
from asyncpg import Record

from kesu.verify.bounds import READS, read_by
from kesu.verify.evidence import ARCHIVED, KEPT_PROMISE, PUBLISHERS, SHOWN_PROMISE, SUBMITTED, VIEWED, Evidence
from shared.database import Connection

ROWS_PER_FETCH: Final = 2_000

# Every saved event of a service.
_SAVED = "SELECT uuid_send(event_id), substring(sha256(body) FROM 1 FOR 8) FROM {schema}.events"
# The whole archive.
_ARCHIVE = "SELECT uuid_send(event_id), substring(sha256(body) FROM 1 FOR 8) FROM reporting.archive"
# The event of every submission that was accepted.
_SUBMITTED = "SELECT uuid_send(event_id) FROM intake.submissions"
# What reporting shows of each complaint.
_VIEW = """
SELECT uuid_send(complaint_id), status, coalesce(kind, ''), coalesce(severity, '') FROM reporting.v_complaints
"""
# What reporting shows of each promise.
_SHOWN_PROMISES = "SELECT uuid_send(complaint_id), promise_id::text, state FROM reporting.promises"
# What follow-up keeps of each promise.
_KEPT_PROMISES = "SELECT uuid_send(complaint_id), promise_id, state FROM followup.promises"
# How far a service has read this cluster.
_POSITIONS = "SELECT topic, partition, next_offset FROM {schema}.positions WHERE cluster = $1"
# About how many rows there are to read.
_ESTIMATE = """
SELECT coalesce(sum(greatest(reltuples, 0)), 0)::bigint FROM pg_class
WHERE oid = ANY(ARRAY['intake.events', 'routing.events', 'followup.events', 'reporting.archive', 'intake.submissions',
    'reporting.complaints', 'reporting.promises', 'followup.complaints']::regclass[])
"""


async def positions(conn: Connection, reader: str, cluster: str) -> dict[TopicPartition, int]:
    """How far `reader` has read each partition of `cluster`."""
    rows = await conn.fetch(_POSITIONS.format(schema=reader), cluster)
    return {TopicPartition(row["topic"], row["partition"]): row["next_offset"] for row in rows}


@asynccontextmanager
async def as_of_now(conns: Sequence[Connection]) -> AsyncIterator[None]:
    """Inside, all of `conns` see the database as it is at this moment, whatever is written meanwhile."""
    async with AsyncExitStack() as transactions:
        for conn in conns:
            await transactions.enter_async_context(conn.transaction(isolation="repeatable_read", readonly=True))
        moment = await conns[0].fetchval("SELECT pg_export_snapshot()")
        for conn in conns[1:]:
            await conn.execute(f"SET TRANSACTION SNAPSHOT '{moment}'")
        yield


async def how_far_read(
    conn: Connection, cluster: str, partitions: tuple[TopicPartition, ...]
) -> Mapping[str, tuple[int, ...]]:
    """Of each reader the next offset of each of `partitions`."""
    return {reader: read_by(reader, partitions, await positions(conn, reader, cluster)) for reader in READS}


async def about_how_many(conn: Connection) -> int:
    """An estimate of the rows that `read_tables` will read."""
    return int(await conn.fetchval(_ESTIMATE))


async def read_tables(conns: Sequence[Connection], evidence: Evidence, counted: Callable[[int], None]) -> None:
    """Put aside what all schemas hold; `counted` hears of every so many rows. Call it inside `as_of_now`."""
    left = list(_readings(evidence))

    async def read(conn: Connection) -> None:
        while left:
            query, take = left.pop(0)
            cursor = await conn.cursor(query)
            while rows := await cursor.fetch(ROWS_PER_FETCH):
                for row in rows:
                    take(row)
                evidence.make_room()
                counted(len(rows))

    try:
        async with asyncio.TaskGroup() as group:
            for conn in conns:
                group.create_task(read(conn))
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None


def _readings(evidence: Evidence) -> Iterator[tuple[str, Callable[[Record], None]]]:
    """Each query, and what becomes of its rows; what takes PostgreSQL longest comes first."""
    in_table, row = evidence.in_table, evidence.row
    yield _ARCHIVE, lambda r: in_table(ARCHIVED, r[0], r[1])
    yield _KEPT_PROMISES, lambda r: row(KEPT_PROMISE, *r)
    for number, schema in enumerate(PUBLISHERS):
        yield _SAVED.format(schema=schema), partial(_saved, in_table, number)
    yield _VIEW, lambda r: row(VIEWED, *r)
    yield _SHOWN_PROMISES, lambda r: row(SHOWN_PROMISE, *r)
    yield _SUBMITTED, lambda r: in_table(SUBMITTED, r[0])


def _saved(in_table: Callable[[int, bytes, bytes], None], number: int, row: Record) -> None:
    in_table(number, row[0], row[1])
