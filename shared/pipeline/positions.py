"""How far a service has read each partition: a row in its own schema, per cluster, so that a restored database knows."""

from collections.abc import Mapping
from datetime import datetime

from aiokafka import TopicPartition

from shared.database import Connection

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


class Positions:
    """The positions of one service in one cluster."""

    def __init__(self, *, schema: str, cluster: str) -> None:
        self._load = _LOAD.format(schema=schema)
        self._move = _MOVE.format(schema=schema)
        self._cluster = cluster

    async def load(self, conn: Connection, topics: list[str]) -> dict[TopicPartition, int]:
        """The next offset of each partition that was ever read."""
        rows = await conn.fetch(self._load, self._cluster, topics)
        return {TopicPartition(row["topic"], row["partition"]): row["next_offset"] for row in rows}

    async def move(self, conn: Connection, to: Mapping[TopicPartition, int], at: datetime) -> None:
        """Move to these next offsets."""
        keys = sorted(to)
        await conn.execute(
            self._move, self._cluster, [k.topic for k in keys], [k.partition for k in keys], [to[k] for k in keys], at
        )
