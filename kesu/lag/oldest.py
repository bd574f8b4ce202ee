"""Finds the first record of each partition that is not handled, and when it came onto the log."""

from collections.abc import Mapping
from datetime import UTC, datetime

from aiokafka import AIOKafkaConsumer, TopicPartition

from shared.log.ends import ANSWERS_MAX, FETCH_WAIT_MS


async def oldest_unhandled(
    consumer: AIOKafkaConsumer, first: Mapping[TopicPartition, int]
) -> dict[TopicPartition, datetime]:
    """When the record at (or next behind) each offset of `first` was written; without those the broker does not give."""
    found: dict[TopicPartition, datetime] = {}
    consumer.pause(*consumer.assignment())
    for tp, offset in first.items():
        consumer.seek(tp, offset)
        consumer.resume(tp)
    for _ in range(ANSWERS_MAX):
        left = [tp for tp in first if tp not in found]
        if not left:
            break
        for tp, records in (await consumer.getmany(*left, timeout_ms=FETCH_WAIT_MS, max_records=len(left))).items():
            found[tp] = datetime.fromtimestamp(records[0].timestamp / 1000, tz=UTC)
            consumer.pause(tp)
    return found
