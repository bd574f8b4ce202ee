"""Positions after a restore: another cluster has another id, and a shorter log other ends; pure but for two statements."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final

from aiokafka import TopicPartition

from kesu.backup.databases import SERVICES
from kesu.backup.manifest import Position
from shared.database import Connection
from shared.saved import COMPLAINTS, CONTROL

THE_LOG: Final = frozenset({COMPLAINTS, CONTROL})
# The cluster that was read last.
_LATEST = "SELECT cluster, moved_at FROM {0}.positions ORDER BY moved_at DESC LIMIT 1"
# Positions exactly there, also further back; whoever still holds the partition is shut out.
_PLACE = """
INSERT INTO {0}.positions (cluster, topic, partition, next_offset, moved_at, epoch)
SELECT $1, topic, partition, next_offset, $5, 1 FROM unnest($2::text[], $3::int[], $4::bigint[]) AS new (topic, partition, next_offset)
ON CONFLICT (cluster, topic, partition) DO UPDATE
SET next_offset = excluded.next_offset, moved_at = excluded.moved_at, epoch = positions.epoch + 1
"""


def placed(
    known: Sequence[Position], *, source: str, ends: Mapping[TopicPartition, int], tails: Mapping[TopicPartition, int]
) -> list[Position]:
    """Where each service goes on, given where it was in cluster `source`.

    `ends`: where the partitions of the new log end. `tails`: from where on it was written anew in an order of its own:
    nobody may start behind that. Beyond the end of what comes in from outside there is nothing of ours: the next record
    there is a new one. Beyond the end of the log there is: such a position stays, and stops its service.
    """
    found = []
    for one in known:
        tp = TopicPartition(one.topic, one.partition)
        if one.cluster != source or tp not in ends:
            continue
        at = min(one.next_offset, tails.get(tp, one.next_offset))
        if one.topic not in THE_LOG:
            at = min(at, ends[tp])
        found.append(
            Position(schema=one.schema, cluster=source, topic=one.topic, partition=one.partition, next_offset=at)
        )
    return found


def beyond(positions: Collection[Position], ends: Mapping[TopicPartition, int]) -> list[Position]:
    """Positions that the log does not reach: the log is older than the database."""
    return [p for p in positions if p.next_offset > ends.get(TopicPartition(p.topic, p.partition), 0)]


async def latest_cluster(conn: Connection) -> str | None:
    """The cluster this database was read from last; None where none was."""
    rows = [row for schema in SERVICES if (row := await conn.fetchrow(_LATEST.format(schema)))]
    return max(rows, key=lambda row: row["moved_at"])["cluster"] if rows else None


async def place(conn: Connection, positions: Sequence[Position], *, cluster: str, at: datetime) -> None:
    """Write them for `cluster`."""
    for schema in SERVICES:
        own = [one for one in positions if one.schema == schema]
        await conn.execute(
            _PLACE.format(schema), cluster, [p.topic for p in own], [p.partition for p in own],
            [p.next_offset for p in own], at,
        )  # fmt: skip
