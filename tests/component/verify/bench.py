"""A log and the tables that belong to it, on a real broker and a real database, filled by hand."""

from collections.abc import Sequence

from deploy.embedded.broker import Broker
from kesu.verify.report import Report
from kesu.verify.run import verify
from shared.clock import SystemClock
from shared.log.ends import cluster_id, log_ends, partitions_of
from shared.log.producer import LogProducer
from shared.pipeline.records import Outgoing
from shared.saved import COMPLAINTS, outgoing, save_events
from tests.builders.life import Life
from tests.fixtures.databases import Database

# A reader that has read everything there is.
_READ = """
INSERT INTO {schema}.positions (cluster, topic, partition, next_offset, moved_at) VALUES ($1, $2, $3, $4, now())
ON CONFLICT (cluster, topic, partition) DO UPDATE SET next_offset = excluded.next_offset
"""


class Bench:
    """A log and the tables that belong to it, filled by hand."""

    def __init__(self, broker: Broker, database: Database) -> None:
        self.broker = broker
        self.database = database

    async def publish(self, *events: Outgoing) -> None:
        """Put events on the log as they are."""
        producer = LogProducer(brokers=self.broker.brokers, source="/t", clock=SystemClock(), idempotent=False)
        await producer.start()
        await producer.publish(events)
        await producer.stop()

    async def read(self, *, less: int = 0) -> None:
        """All readers have read all, but for the last `less` records of reporting."""
        brokers = self.broker.brokers
        ends = await log_ends(brokers, await partitions_of(brokers, [COMPLAINTS]))
        cluster = await cluster_id(brokers)
        async with self.database.connected() as conn:
            for tp, end in ends.items():
                for schema in ("routing", "followup", "reporting"):
                    behind = min(less, end) if schema == "reporting" else 0
                    await conn.execute(_READ.format(schema=schema), cluster, tp.topic, tp.partition, end - behind)

    async def verified(self, **options: object) -> Report:
        """What is found now."""
        return await verify(
            database_url=self.database.url(), brokers=self.broker.brokers, clock=SystemClock(), wait_s=0.3,
            **options,  # type: ignore[arg-type]
        )  # fmt: skip


def noise(number: int) -> Life:
    """A complaint that is none: nothing is promised."""
    life = Life(number)
    life.received()
    life.routed(assessment={"kind": "noise"})
    life.closed(reason="noise")
    return life


async def saved(bench: Bench, lives: Sequence[Life]) -> list[Outgoing]:
    """The facts are saved by those who publish them; returns them as they go out."""
    async with bench.database.connected() as conn:
        for schema, place in (("intake", 0), ("routing", 1), ("followup", 2)):
            await save_events(conn, schema, [life.facts[place] for life in lives])
    return [outgoing(event) for life in lives for event in life.facts]
