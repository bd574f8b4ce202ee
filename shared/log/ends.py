"""Where a partition of the log really ends, and reading a stretch of it outside of any group."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from shared.pipeline.records import RawRecord

EMPTY_FETCHES = 2  # in a row, after which a partition counts as read to its end
FETCH_WAIT_MS = 60


def raw_record(found: object) -> RawRecord:
    """A consumer's record as the pipeline takes it."""
    return RawRecord(
        found.topic,  # type: ignore[attr-defined]
        found.partition,  # type: ignore[attr-defined]
        found.offset,  # type: ignore[attr-defined]
        found.timestamp,  # type: ignore[attr-defined]
        found.key,  # type: ignore[attr-defined]
        found.value,  # type: ignore[attr-defined]
        found.headers,  # type: ignore[attr-defined]
    )


@asynccontextmanager
async def reading(bootstrap: str, partitions: Sequence[TopicPartition]) -> AsyncIterator[AIOKafkaConsumer]:
    """A consumer of just these partitions, in no group; it commits nothing."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap, group_id=None, enable_auto_commit=False, auto_offset_reset="earliest",
        fetch_max_wait_ms=FETCH_WAIT_MS, max_partition_fetch_bytes=4_000_000,
    )  # fmt: skip
    await consumer.start()
    try:
        consumer.assign(list(partitions))
        yield consumer
    finally:
        await consumer.stop()


async def stretch(
    consumer: AIOKafkaConsumer, tp: TopicPartition, *, first: int, records_max: int = 2_000
) -> AsyncIterator[list[RawRecord]]:
    """Records of `tp` from offset `first` to the end as it is when reached, in batches without holes."""
    others = [other for other in consumer.assignment() if other != tp]
    consumer.pause(*others)
    consumer.resume(tp)
    consumer.seek(tp, first)
    empty = 0
    while empty < EMPTY_FETCHES:
        found = (await consumer.getmany(tp, timeout_ms=FETCH_WAIT_MS * 4, max_records=records_max)).get(tp, [])
        if not found:
            highwater = consumer.highwater(tp)
            empty += 1 if highwater is None or first >= highwater else 0
            continue
        empty = 0
        if found[0].offset > first:
            consumer.seek(tp, first)  # the broker skipped a batch: look again (once: a real hole is passed)
            again = (await consumer.getmany(tp, timeout_ms=FETCH_WAIT_MS * 4, max_records=records_max)).get(tp, [])
            found = again or found
        yield [raw_record(one) for one in found]
        first = found[-1].offset + 1


async def cluster_id(bootstrap: str, *, timeout_s: float = 30) -> str:
    """The id of the cluster that answers there."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    async with asyncio.timeout(timeout_s):
        await admin.start()
        try:
            return str((await admin.describe_cluster()).get("cluster_id") or "unnamed")
        finally:
            await admin.close()
