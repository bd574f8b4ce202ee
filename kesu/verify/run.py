"""One verification: fix the log's ends, read to them, hold the tables as of one moment against it, say what was found.

It works while services run. The ends come first; the tables are read once every reader has come to them, or a limit of
time is over; what came onto the log since then is read last: it explains what the tables have that is newer.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition

from kesu.reaching import cluster_reached
from kesu.verify.bounds import READS, Bounds
from kesu.verify.complaints import Complaints
from kesu.verify.evidence import Evidence
from kesu.verify.figures import Figures
from kesu.verify.findings import Findings
from kesu.verify.identities import Identities
from kesu.verify.log_reading import LogReading, beginnings
from kesu.verify.progress import Unwatched, Watched
from kesu.verify.report import Report, report_of
from kesu.verify.snapshot import about_how_many, as_of_now, how_far_read, read_tables
from shared.clock import Clock
from shared.database import Connection
from shared.log.access import Brokers
from shared.log.ends import log_ends, partitions_of, reading
from shared.pipeline.dead_letters import TOPIC as DEAD_LETTERS
from shared.saved import COMPLAINTS, CONTROL

__all__ = ["Report", "verify"]
WAIT_S: Final = 15.0  # for readers that are behind; positions are written with a delay
PUBLISHED_WITHIN_S: Final = 15.0  # what is saved is on the log so soon, or it is a finding
POLL_S: Final = 0.25
CONNECTIONS: Final = 2  # that read tables side by side, as of the same moment


async def verify(
    *, database_url: str, brokers: Brokers, clock: Clock, spill_dir: Path | None = None, wait_s: float = WAIT_S,
    watched: Watched | None = None,
) -> Report:  # fmt: skip
    """Compare the log with every schema. Memory stays flat; on disk about a third of the log's bytes are put aside.

    `spill_dir` is where (the system's temporary directory, if None); raises Stopped where that is full. `wait_s` is the
    time readers get to come to the end that was fixed; then it is `reader_behind`, and what they have not read is left out.
    """
    async with AsyncExitStack() as connected:
        cluster = await cluster_reached(brokers)
        conns = [await connected.enter_async_context(_connection(database_url)) for _ in range(CONNECTIONS)]
        tps = tuple(await partitions_of(brokers, [COMPLAINTS, CONTROL]))
        dead = await partitions_of(brokers, [DEAD_LETTERS])
        async with reading(brokers, tps) as consumer:
            one = Verification(
                conns, consumer, tps, brokers=brokers, cluster=cluster, clock=clock, watched=watched or Unwatched()
            )
            return await one.run(spill_dir=spill_dir, wait_s=wait_s, dead=dead)


@asynccontextmanager
async def _connection(database_url: str) -> AsyncIterator[Connection]:
    conn = await asyncpg.connect(database_url, server_settings={"application_name": "kesu-verify", "jit": "off"})
    try:
        yield conn
    finally:
        await conn.close()


class Verification:
    """The steps of one verification."""

    def __init__(
        self, conns: Sequence[Connection], consumer: AIOKafkaConsumer, partitions: tuple[TopicPartition, ...], *,
        brokers: Brokers, cluster: str, clock: Clock, watched: Watched,
    ) -> None:  # fmt: skip
        self._conns = conns
        self._consumer = consumer
        self._partitions = partitions
        self._brokers = brokers
        self._cluster = cluster
        self._clock = clock
        self._watched = watched
        self._findings = Findings()
        self._figures = Figures()

    async def run(self, *, spill_dir: Path | None, wait_s: float, dead: list[TopicPartition]) -> Report:
        """All steps in their order."""
        first, end = await beginnings(self._consumer, self._partitions), await self._ends()
        records = sum(end) - sum(first)
        with Evidence(spill_dir, records=records) as evidence:
            log = LogReading(self._consumer, self._partitions, first, evidence=evidence, findings=self._findings)
            self._watched.begin("log", records)
            await log.read_to(end, self._watched.count)
            await self._wait_for_readers(end, wait_s)
            bounds = await self._read_tables(evidence, end)
            now = self._clock.now()
            await self._judge(evidence, bounds, log, now)
            spilled = evidence.spill.bytes_written
        return report_of(
            self._figures, self._findings, at=now, cluster=self._cluster, spilled_bytes=spilled,
            dead_letters=sum((await log_ends(self._brokers, dead)).values()),
        )  # fmt: skip

    async def _ends(self) -> tuple[int, ...]:
        found = await log_ends(self._brokers, self._partitions)
        return tuple(found[tp] for tp in self._partitions)

    async def _wait_for_readers(self, end: tuple[int, ...], wait_s: float) -> None:
        self._watched.begin("waiting", None)
        behind = await self._behind(end)
        for _ in range(int(wait_s / POLL_S)):
            if not behind:
                return
            await asyncio.sleep(POLL_S)
            behind = await self._behind(end)
        for place in behind:
            self._findings.add("reader_behind", place)

    async def _behind(self, end: tuple[int, ...]) -> list[str]:
        read = await how_far_read(self._conns[0], self._cluster, self._partitions)
        return [
            f"{reader}:{tp.topic}[{tp.partition}] {read[reader][number]} < {end[number]}"
            for reader in READS
            for number, tp in enumerate(self._partitions)
            if read[reader][number] < end[number]
        ]

    async def _read_tables(self, evidence: Evidence, end: tuple[int, ...]) -> Bounds:
        async with as_of_now(self._conns):
            read = await how_far_read(self._conns[0], self._cluster, self._partitions)
            self._watched.begin("tables", await about_how_many(self._conns[0]))
            await read_tables(self._conns, evidence, self._watched.count)
        return Bounds(partitions=self._partitions, ends=end, read=read)

    async def _judge(self, evidence: Evidence, bounds: Bounds, log: LogReading, now: datetime) -> None:
        self._watched.begin("newer", None)
        await log.read_to(await self._ends(), self._watched.count)
        self._watched.begin("events", sum(bounds.ends))
        identities = Identities(bounds, self._findings, self._figures)
        await self._each(identities.compare(evidence))
        await self._wait_for_publication(identities, log)
        self._watched.begin("complaints", sum(bounds.ends))
        await self._each(Complaints(bounds, self._findings, self._figures, now=now).compare(evidence))

    async def _each(self, buckets: Iterator[int]) -> None:
        """Between two buckets, the consumer's heart beats."""
        for count in buckets:
            self._watched.count(count)
            await asyncio.sleep(0)

    async def _wait_for_publication(self, identities: Identities, log: LogReading) -> None:
        """What is saved and not on the log may just be on its way: look at what comes, for a while."""
        log.awaited = identities.unpublished
        for _ in range(int(PUBLISHED_WITHIN_S / POLL_S)):
            if not log.awaited:
                return
            await asyncio.sleep(POLL_S)
            await log.read_to(await self._ends())
        identities.say_unpublished()
