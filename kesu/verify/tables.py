"""Holds every schema against the story the log tells."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from hashlib import blake2b
from typing import Final

from aiokafka import TopicPartition
from asyncpg import Record

from kesu.verify.findings import Findings
from kesu.verify.story import Story
from shared.database import Connection
from shared.saved import COMPLAINTS

PREFETCH: Final = 2_000
READERS: Final = ("routing", "followup", "reporting")
WRITTEN_WITHIN_S: Final = 15.0
POLL_S: Final = 0.25

# Every saved event of a service.
_SAVED = "SELECT event_id::text, body, pending FROM {schema}.events"
# The whole archive.
_ARCHIVE = "SELECT event_id::text, body FROM reporting.archive"
# What reporting shows of each complaint.
_VIEW = "SELECT complaint_id::text, status, kind, severity FROM reporting.v_complaints"
# What reporting shows of each promise.
_SHOWN_PROMISES = "SELECT promise_id::text, state FROM reporting.promises"
# What follow-up keeps of each promise.
_KEPT_PROMISES = "SELECT promise_id::text, state FROM followup.promises"
# How far each service has read this cluster.
_POSITIONS = "SELECT topic, partition, next_offset FROM {schema}.positions WHERE cluster = $1"


async def _rows(conn: Connection, query: str) -> AsyncIterator[Record]:
    async with conn.transaction(readonly=True):
        async for row in conn.cursor(query, prefetch=PREFETCH):
            yield row


async def check_saved(conn: Connection, schema: str, story: Story, findings: Findings) -> None:
    """What a service saved is on the log, byte for byte, and what is on the log in its name is saved."""
    missing = set(story.publisher_ids[schema])
    async for row in _rows(conn, _SAVED.format(schema=schema)):
        id_ = row["event_id"]
        missing.discard(id_)
        published = story.contents.get(id_)
        if published is None:
            findings.add("saved_never_published", f"{schema}:{id_}")
        elif published != blake2b(row["body"], digest_size=8).digest():
            findings.add("saved_differs", f"{schema}:{id_}")
    for id_ in missing:
        findings.add("published_never_saved", f"{schema}:{id_}")


async def check_archive(conn: Connection, story: Story, findings: Findings) -> int:
    """The archive holds every event of the log once, as it was; returns how many."""
    missing, count = set(story.contents), 0
    async for row in _rows(conn, _ARCHIVE):
        id_ = row["event_id"]
        count += 1
        missing.discard(id_)
        if (published := story.contents.get(id_)) is None:
            findings.add("only_in_archive", id_)
        elif published != blake2b(row["body"], digest_size=8).digest():
            findings.add("archive_differs", id_)
    for id_ in missing:
        findings.add("lost_from_archive", id_)
    return count


async def check_views(conn: Connection, story: Story, findings: Findings) -> None:
    """Reporting shows each complaint once, with the state that the log gives it."""
    missing = {id_ for id_, complaint in story.complaints.items() if complaint.received}
    async for row in _rows(conn, _VIEW):
        id_ = row["complaint_id"]
        missing.discard(id_)
        complaint = story.complaints.get(id_)
        shown = (row["status"] == "closed", row["kind"] or "", row["severity"] or "")
        if complaint is None or shown != (complaint.closed, complaint.kind, complaint.severity):
            findings.add("view_differs", id_)
    for id_ in missing:
        findings.add("view_differs", id_)


async def check_promises(conn: Connection, story: Story, findings: Findings) -> None:
    """Both tables of promises say of each promise what the log says."""
    told = {id_: state for complaint in story.complaints.values() for id_, (state, _) in complaint.promises.items()}
    for query, where in ((_KEPT_PROMISES, "followup"), (_SHOWN_PROMISES, "reporting")):
        missing = dict(told)
        async for row in _rows(conn, query):
            if missing.pop(row["promise_id"], None) != row["state"]:
                findings.add("promise_table_differs", f"{where}:{row['promise_id']}")
        for id_ in missing:
            findings.add("promise_table_differs", f"{where}:{id_}")


async def check_positions(
    conn: Connection, *, cluster: str, ends: Mapping[TopicPartition, int], findings: Findings
) -> None:
    """Every reader of the log comes to the end found by this verification (positions may be written with a delay)."""
    behind: list[str] = []
    for _ in range(int(WRITTEN_WITHIN_S / POLL_S)):
        behind = [place for schema in READERS for place in await _behind(conn, schema, cluster, ends)]
        if not behind:
            return
        await asyncio.sleep(POLL_S)
    for place in behind:
        findings.add("reader_behind", place)


async def _behind(conn: Connection, schema: str, cluster: str, ends: Mapping[TopicPartition, int]) -> list[str]:
    rows = await conn.fetch(_POSITIONS.format(schema=schema), cluster)
    read = {TopicPartition(row["topic"], row["partition"]): row["next_offset"] for row in rows}
    return [
        f"{schema}:{tp.topic}[{tp.partition}] {read.get(tp, 0)} < {end}"
        for tp, end in ends.items()
        if tp.topic == COMPLAINTS and read.get(tp, 0) < end
    ]
