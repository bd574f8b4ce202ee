"""What a verification looks at: the log up to fixed ends, and how far each reader was when its tables were read."""

from collections.abc import Mapping
from typing import Final

from aiokafka import TopicPartition
from msgspec import Struct

from shared.saved import COMPLAINTS, CONTROL

READS: Final[Mapping[str, frozenset[str]]] = {
    "routing": frozenset({COMPLAINTS, CONTROL}),
    "followup": frozenset({COMPLAINTS}),
    "reporting": frozenset({COMPLAINTS, CONTROL}),
}
EVERYTHING: Final = 1 << 62


class Bounds(Struct, frozen=True):
    """`partitions` of the log; of each, the end of what is judged, and the next offset of each reader."""

    partitions: tuple[TopicPartition, ...]
    ends: tuple[int, ...]
    read: Mapping[str, tuple[int, ...]]

    def handled(self, reader: str, partition: int, offset: int) -> bool:
        """Whether `reader` had handled the record by then (what it never reads counts as handled)."""
        return reader not in self.read or offset < self.read[reader][partition]


def read_by(
    reader: str, partitions: tuple[TopicPartition, ...], positions: Mapping[TopicPartition, int]
) -> tuple[int, ...]:
    """How far `reader` had read each partition, by its positions."""
    return tuple(positions.get(tp, 0) if tp.topic in READS[reader] else EVERYTHING for tp in partitions)
