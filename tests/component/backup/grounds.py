"""A small log and a database that knows it, without services: what the mechanics of backups are tried on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from aiokafka import TopicPartition

from deploy.embedded.broker import Broker
from deploy.embedded.run_dir import RunDir
from deploy.topics import ensure_topics
from kesu.backup.manifest import Manifest
from kesu.backup.restoring import Restored, restore
from kesu.backup.segments import Kept, kept
from kesu.backup.taking import TOPICS, backup
from shared.clock import SystemClock
from shared.ids import complaint_id
from shared.log.ends import cluster_id, log_ends, partitions_of, reading, stretch
from shared.log.producer import LogProducer
from shared.pipeline.positions import Positions
from shared.saved import COMPLAINTS, save_events
from tests.builders import received
from tests.fixtures.databases import Database

PARTITIONS: Final = 2


class Ground:
    """A database and a broker, and what is done with them."""

    def __init__(self, database: Database, broker: Broker, key_file: Path) -> None:
        self.database = database
        self.broker = broker
        self.key_file = key_file

    async def tell(self, first: int, last: int) -> None:
        """Complaints `first` to `last` happen: intake saves and publishes them."""
        events = [
            received(complaint_id=complaint_id(tenant="default", source="t", source_id=str(n)), causation_id=f"s{n}")
            for n in range(first, last)
        ]
        producer = LogProducer(brokers=self.broker.brokers, source="/t", clock=SystemClock(), idempotent=False)
        await producer.start()
        async with self.database.connected("intake") as conn:
            await producer.publish(await save_events(conn, "intake", events))
        await producer.stop()

    async def read_all(self) -> None:
        """Routing has read everything there is."""
        ends = await self.ends()
        log = {tp: end for tp, end in ends.items() if tp.topic == COMPLAINTS}
        async with self.database.connected("routing") as conn:
            positions = Positions(schema="routing", cluster=await cluster_id(self.broker.brokers))
            await positions.move(conn, log, datetime.now(UTC))

    async def ends(self) -> dict[TopicPartition, int]:
        """Where all partitions end."""
        return await log_ends(self.broker.brokers, await partitions_of(self.broker.brokers, TOPICS))

    async def records(self) -> dict[TopicPartition, list[Kept]]:
        """All that is on the broker."""
        ends = await self.ends()
        found: dict[TopicPartition, list[Kept]] = {tp: [] for tp in ends}
        async with reading(self.broker.brokers, list(ends)) as consumer:
            for tp, end in ends.items():
                async for raws in stretch(consumer, tp, first=0, end=end):
                    found[tp] += [kept(raw) for raw in raws]
        return found

    async def backup(self, directory: Path, **options: Any) -> Manifest:
        """Back up."""
        return await backup(directory, **(self._where() | options))

    async def restore(self, directory: Path, **options: Any) -> Restored:
        """Restore."""
        return await restore(directory, idempotent=False, **(self._where() | options))

    def _where(self) -> dict[str, Any]:
        return {
            "database_url": self.database.url(), "brokers": self.broker.brokers, "master_key_file": self.key_file,
        }  # fmt: skip


@asynccontextmanager
async def another_broker(run_dir: RunDir) -> AsyncIterator[Broker]:
    """One more, with topics."""
    broker = Broker(run_dir.path, log_file=run_dir.log_file("another-broker"))
    await broker.start()
    try:
        await ensure_topics(broker.brokers, partitions=PARTITIONS)
        yield broker
    finally:
        await broker.stop()
