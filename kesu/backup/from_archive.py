"""The log out of the database: reporting's archive gives every event its old place, the services' own tables the last ones.

The archive holds each event once, where reporting first read it. Where a publication was repeated it holds nothing: there
a filler stands, so that all offsets stay as they were. Behind the archive, what services saved goes on the log again, in
an order of its own that keeps every cause before its effects; everybody reads on from there, which changes nothing that
was already done.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from itertools import groupby
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from msgspec import Struct

from kesu.backup.merging import Saved, in_causal_order
from kesu.backup.segments import Kept
from kesu.backup.writing import LogWriter, filled
from shared.database import Connection
from shared.errors import Stopped
from shared.events.envelope import Fact
from shared.events.registry import PUBLISHER_OF, decode
from shared.log.ends import stretch
from shared.log.headers import event_headers, header
from shared.log.partitions import partition_of
from shared.saved import COMPLAINTS

PUBLISHERS: Final = ("intake", "routing", "followup")
OFFSETS_AT_ONCE: Final = 10_000
COMPARED: Final = 500
ROWS_AT_ONCE: Final = 1_000
# A stretch of a partition, in order.
_ARCHIVED = """
SELECT "offset", event_id::text, complaint_id::text, type, body FROM reporting.archive
WHERE partition = $1 AND "offset" >= $2 AND "offset" < $3 AND topic = $4 ORDER BY "offset"
"""
# What services saved and reporting never read, complaint by complaint, each service's in its own order.
_SAVED = """
SELECT publisher, complaint_id::text, topic, type, body FROM (
    SELECT 0 AS publisher, number, event_id, complaint_id, topic, type, body FROM intake.events
    UNION ALL SELECT 1, number, event_id, complaint_id, topic, type, body FROM routing.events
    UNION ALL SELECT 2, number, event_id, complaint_id, topic, type, body FROM followup.events
) AS saved WHERE NOT EXISTS (SELECT FROM reporting.archive a WHERE a.event_id = saved.event_id)
ORDER BY complaint_id NULLS FIRST, publisher, number
"""
# Everything saved is on the log now.
_PUBLISHED = "UPDATE {0}.events SET pending = false WHERE pending"


class Rebuilt(Struct, frozen=True, kw_only=True):
    """What was put on the log: `from_archive` at their old places, `from_tables` behind them, from `tails` on."""

    from_archive: int
    from_tables: int
    tails: Mapping[TopicPartition, int]


async def rebuild(
    conn: Connection, consumer: AIOKafkaConsumer, writer: LogWriter, *, archived: Mapping[TopicPartition, int],
    ends: Mapping[TopicPartition, int], counted: Callable[[int], None],
) -> Rebuilt:  # fmt: skip
    """Bring the log to where the database is. `archived`: of each partition, how far reporting had read it; `ends`: where it ends.

    Call it with all services stopped; raises Stopped where the log that is there is another one.
    """
    tails: dict[TopicPartition, int] = {}
    known: set[str] = set()
    restored = 0
    async with conn.transaction(isolation="repeatable_read", readonly=True):
        for tp, end in archived.items():
            there = ends[tp]
            await _check_alike(conn, consumer, tp, upto=min(there, end))
            restored += await _restore(conn, writer, tp, first=there, end=end, counted=counted)
            tails[tp] = max(there, end)
            known |= await _ids(consumer, tp, first=end, end=there)
        appended = await _append_saved(conn, writer, dict(tails), known)
    for schema in PUBLISHERS:
        await conn.execute(_PUBLISHED.format(schema))
    return Rebuilt(from_archive=restored, from_tables=appended, tails=tails)


async def _restore(
    conn: Connection, writer: LogWriter, tp: TopicPartition, *, first: int, end: int, counted: Callable[[int], None]
) -> int:
    restored = 0
    for at in range(first, end, OFFSETS_AT_ONCE):
        upto = min(end, at + OFFSETS_AT_ONCE)
        rows = await conn.fetch(_ARCHIVED, tp.partition, at, upto, tp.topic)
        records = (_kept(r[0], key=r[2] or "", type_=r[3], event=decode(r[4]), body=r[4]) for r in rows)
        await writer.append(tp, list(filled(tp, records, first=at, end=upto)))
        restored += len(rows)
        counted(len(rows))
    return restored


async def _append_saved(conn: Connection, writer: LogWriter, ends: dict[TopicPartition, int], known: set[str]) -> int:
    partitions = sum(tp.topic == COMPLAINTS for tp in ends)
    waiting: defaultdict[TopicPartition, list[Kept]] = defaultdict(list)
    appended = 0
    async for saved in _saved(conn):
        if saved.event.id in known:
            continue
        tp = TopicPartition(saved.topic, partition_of(saved.key, partitions if saved.topic == COMPLAINTS else 1))
        waiting[tp].append(_kept(ends[tp], key=saved.key, type_=saved.type, event=saved.event, body=saved.body))
        ends[tp] += 1
        appended += 1
        if len(waiting[tp]) == ROWS_AT_ONCE:
            await writer.append(tp, waiting.pop(tp))
    for tp, records in waiting.items():
        await writer.append(tp, records)
    return appended


async def _saved(conn: Connection) -> AsyncIterator[Saved]:
    """Saved events, complaint by complaint."""
    of_one: list[tuple[int, Saved]] = []
    async for publisher, complaint_id, topic, type_, body in conn.cursor(_SAVED, prefetch=ROWS_AT_ONCE):
        key = complaint_id or ""
        if of_one and of_one[0][1].key != key:
            for saved in _in_order(of_one):
                yield saved
            of_one = []
        of_one.append((publisher, Saved(PUBLISHERS[publisher], topic, key, type_, decode(body), body)))
    for saved in _in_order(of_one):
        yield saved


def _in_order(of_one: Sequence[tuple[int, Saved]]) -> Sequence[Saved]:
    return list(in_causal_order([[s for _, s in group] for _, group in groupby(of_one, key=lambda one: one[0])]))


def _kept(offset: int, *, key: str, type_: str, event: Fact, body: bytes) -> Kept:
    """The record of an event; its time is when it was decided."""
    headers = event_headers(type_=type_, id_=event.id, source=f"/kesu/{PUBLISHER_OF[type_]}".encode(), key=key)
    at = event.decided_at or event.accepted_at
    return Kept(offset, int(at.timestamp() * 1_000), key.encode() or None, body, tuple(headers))


async def _check_alike(conn: Connection, consumer: AIOKafkaConsumer, tp: TopicPartition, *, upto: int) -> None:
    """The last records that both have are the same."""
    first = max((await consumer.beginning_offsets([tp]))[tp], upto - COMPARED)
    rows = await conn.fetch(_ARCHIVED, tp.partition, first, upto, tp.topic) if first < upto else []
    ours = {row[0]: row[1] for row in rows}
    async for raws in stretch(consumer, tp, first=first, end=upto):
        for raw in raws:
            if ours.get(raw.offset, found := header(raw.headers, "ce_id")) != found:
                raise Stopped(
                    "log_differs_from_archive",
                    zh=f"{tp.topic}[{tp.partition}]@{raw.offset} 与档案中的事件不同：这不是同一份日志，请核对集群",
                    en=f"{tp.topic}[{tp.partition}]@{raw.offset} is not the event in the archive: this is another log; check "
                    "the cluster",
                )


async def _ids(consumer: AIOKafkaConsumer, tp: TopicPartition, *, first: int, end: int) -> set[str]:
    """Ids of the events on the log that reporting had not read."""
    found: set[str] = set()
    async for raws in stretch(consumer, tp, first=first, end=end):
        found.update(id_ for raw in raws if (id_ := header(raw.headers, "ce_id")))
    return found
