"""One verification: read the log, hold the tables against it, say what was found."""

import asyncio
from datetime import datetime
from typing import Final

import asyncpg
from aiokafka import TopicPartition
from msgspec import Struct

from kesu.verify.findings import Finding, Findings
from kesu.verify.log_reading import read_log
from kesu.verify.story import Story
from kesu.verify.tables import check_archive, check_positions, check_promises, check_saved, check_views
from shared.clock import Clock
from shared.log.ends import cluster_id, log_end, partitions_of, reading
from shared.pipeline.dead_letters import TOPIC as DEAD_LETTERS
from shared.saved import COMPLAINTS, CONTROL

PUBLISHERS: Final = ("intake", "routing", "followup")


class Report(Struct, frozen=True, kw_only=True):
    """What was compared and what was found. `ok` is false where there is any finding."""

    ok: bool
    at: datetime
    cluster: str
    events: int
    repeated: int
    complaints: int
    open_complaints: int
    promises: int
    open_promises: int
    archived: int
    dead_letters: int
    findings: tuple[Finding, ...]


async def verify(*, database_url: str, bootstrap: str, clock: Clock) -> Report:
    """Compare the log with every schema. Run it when the services have come to rest, or expect `reader_behind`."""
    findings = Findings()
    story = Story(findings)
    conn, cluster = await asyncio.gather(asyncpg.connect(database_url), cluster_id(bootstrap))
    try:
        tps = await partitions_of(bootstrap, [COMPLAINTS, CONTROL])
        ends = await read_log(bootstrap, tps, story, findings)
        now = clock.now()
        story.conclude(now)
        for schema in PUBLISHERS:
            await check_saved(conn, schema, story, findings)
        archived = await check_archive(conn, story, findings)
        await check_views(conn, story, findings)
        await check_promises(conn, story, findings)
        await check_positions(conn, cluster=cluster, ends=ends, findings=findings)
    finally:
        await conn.close()
    dead = await _count(bootstrap, await partitions_of(bootstrap, [DEAD_LETTERS]))
    return _report(story, findings, now=now, cluster=cluster, archived=archived, dead=dead)


def _report(story: Story, findings: Findings, *, now: datetime, cluster: str, archived: int, dead: int) -> Report:
    promises = [state for complaint in story.complaints.values() for state, _ in complaint.promises.values()]
    found = tuple(findings.all())
    return Report(
        ok=not found, at=now, cluster=cluster, events=len(story.contents), repeated=story.repeated,
        complaints=sum(c.received > 0 for c in story.complaints.values()),
        open_complaints=sum(c.received > 0 and not c.closed for c in story.complaints.values()),
        promises=len(promises), open_promises=promises.count("open"), archived=archived, dead_letters=dead,
        findings=found,
    )  # fmt: skip


async def _count(bootstrap: str, tps: list[TopicPartition]) -> int:
    """How many records these partitions hold."""
    async with reading(bootstrap, tps) as consumer:
        return sum([await log_end(consumer, tp) for tp in tps])
