"""How far a service has read each partition, and which of its instances may go on: rows in its own schema, per cluster."""

from collections.abc import Collection, Mapping
from datetime import datetime

from aiokafka import TopicPartition

from shared.database import Connection
from shared.errors import NotNow

# The next offset to read, per partition of these topics.
_LOAD = "SELECT topic, partition, next_offset FROM {schema}.positions WHERE cluster = $1 AND topic = ANY($2::text[])"
# Move on; a late writer never moves it back.
_MOVE = """
INSERT INTO {schema}.positions (cluster, topic, partition, next_offset, moved_at)
SELECT $1, topic, partition, next_offset, $5
FROM unnest($2::text[], $3::int[], $4::bigint[]) AS new (topic, partition, next_offset)
ON CONFLICT (cluster, topic, partition) DO UPDATE
SET next_offset = greatest(positions.next_offset, excluded.next_offset), moved_at = excluded.moved_at
"""
# Partitions are ours from now on: whoever held them before is shut out, once its open transaction has ended.
_CLAIM = """
INSERT INTO {schema}.positions (cluster, topic, partition, next_offset, moved_at, epoch)
SELECT $1, topic, partition, next_offset, $5, 1
FROM unnest($2::text[], $3::int[], $4::bigint[]) AS new (topic, partition, next_offset)
ORDER BY topic, partition
ON CONFLICT (cluster, topic, partition) DO UPDATE SET epoch = positions.epoch + 1
RETURNING topic, partition, next_offset, epoch
"""
# How many of these partitions are still held under these epochs; held until the transaction ends.
_HELD = """
SELECT count(*) FROM (
    SELECT FROM unnest($2::text[], $3::int[], $4::bigint[]) AS mine (topic, partition, epoch)
    JOIN {schema}.positions USING (topic, partition, epoch) WHERE cluster = $1 FOR NO KEY UPDATE OF positions
) AS held
"""


class TakenOver(NotNow):
    """Another instance has taken these partitions up: what this one was about to do there must not happen."""


class Positions:
    """The positions of one service in one cluster, with the epochs under which this instance holds partitions.

    The epoch is a fencing token (Kleppmann, Designing Data-Intensive Applications, chapter 8): Kafka tells a frozen or
    cut-off instance late, or never, that its partitions have gone to another; the database tells it in the transaction.
    """

    def __init__(self, *, schema: str, cluster: str) -> None:
        self._load = _LOAD.format(schema=schema)
        self._move = _MOVE.format(schema=schema)
        self._claim = _CLAIM.format(schema=schema)
        self._held = _HELD.format(schema=schema)
        self._cluster = cluster
        self._epochs: dict[TopicPartition, int] = {}

    async def load(self, conn: Connection, topics: list[str]) -> dict[TopicPartition, int]:
        """The next offset of each partition that was ever read."""
        rows = await conn.fetch(self._load, self._cluster, topics)
        return {TopicPartition(row["topic"], row["partition"]): row["next_offset"] for row in rows}

    async def claim(
        self, conn: Connection, first: Mapping[TopicPartition, int], at: datetime
    ) -> dict[TopicPartition, int]:
        """Take partitions up, those never read at their `first` offset; returns the next offset of each."""
        keys = sorted(first)
        rows = await conn.fetch(
            self._claim,
            self._cluster,
            [k.topic for k in keys],
            [k.partition for k in keys],
            [first[k] for k in keys],
            at,
        )
        found = {TopicPartition(row["topic"], row["partition"]): row for row in rows}
        self._epochs |= {tp: row["epoch"] for tp, row in found.items()}
        return {tp: row["next_offset"] for tp, row in found.items()}

    async def hold(self, conn: Connection, partitions: Collection[TopicPartition]) -> None:
        """Keep others from taking these partitions up before the transaction ends; raises TakenOver where one has."""
        mine = [tp for tp in sorted(partitions) if tp in self._epochs]
        held = await conn.fetchval(
            self._held, self._cluster, [tp.topic for tp in mine], [tp.partition for tp in mine],
            [self._epochs[tp] for tp in mine],
        )  # fmt: skip
        if held != len(partitions):
            raise TakenOver("another instance has taken up partitions of this one")

    async def move(self, conn: Connection, to: Mapping[TopicPartition, int], at: datetime) -> None:
        """Move to these next offsets."""
        keys = sorted(to)
        await conn.execute(
            self._move, self._cluster, [k.topic for k in keys], [k.partition for k in keys], [to[k] for k in keys], at
        )
