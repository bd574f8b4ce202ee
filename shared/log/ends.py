"""Where a partition of the log really ends, and reading a stretch of it outside of any group."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer, TopicPartition

from shared.errors import NotNow
from shared.log.access import Brokers
from shared.log.admin import administrator
from shared.pipeline.records import RawRecord

ANSWERS_MAX = 50  # fetches that may come back empty although there should be something
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


def by_partition(found: Sequence[object]) -> dict[TopicPartition, list[RawRecord]]:
    """A consumer's records, partition by partition, in their order."""
    by: dict[TopicPartition, list[RawRecord]] = {}
    for raw in map(raw_record, found):
        by.setdefault(TopicPartition(raw.topic, raw.partition), []).append(raw)
    return by


@asynccontextmanager
async def reading(
    brokers: Brokers, partitions: Sequence[TopicPartition], *, wait_ms: int = FETCH_WAIT_MS
) -> AsyncIterator[AIOKafkaConsumer]:
    """A consumer of just these partitions, in no group; it commits nothing. A fetch waits at most `wait_ms` for more."""
    consumer = AIOKafkaConsumer(
        **brokers.options(), group_id=None, enable_auto_commit=False, auto_offset_reset="earliest",
        fetch_max_wait_ms=wait_ms, max_partition_fetch_bytes=4_000_000,
    )  # fmt: skip
    try:
        await consumer.start()
        await asyncio.sleep(0)  # stopped before its tasks have begun, it would look as if we had been cancelled
        consumer.assign(list(partitions))
        yield consumer
    finally:
        await consumer.stop()


async def log_end(consumer: AIOKafkaConsumer, tp: TopicPartition) -> int:
    """The offset that the next record of `tp` will get; raises NotNow where the broker does not say.

    Asked by a fetch: its high watermark is the truth on every broker, the answer to a query of offsets is not (the
    embedded broker names the start of the last batch).
    """
    consumer.pause(*(consumer.assignment() - {tp}))
    consumer.resume(tp)
    consumer.seek(tp, (await consumer.end_offsets([tp]))[tp])
    for _ in range(ANSWERS_MAX):
        await consumer.getmany(tp, timeout_ms=FETCH_WAIT_MS, max_records=1)
        if (highwater := consumer.highwater(tp)) is not None:
            return int(highwater)
    raise NotNow(f"the broker does not say where {tp.topic}[{tp.partition}] ends")


async def log_ends(brokers: Brokers, partitions: Sequence[TopicPartition]) -> dict[TopicPartition, int]:
    """Where all of `partitions` end now; raises NotNow where the broker does not say.

    Asked by a consumer of its own: what one knows that was used before is as old as its last fetch.
    """
    async with reading(brokers, partitions) as consumer:
        for tp, offset in (await consumer.end_offsets(list(partitions))).items():
            consumer.seek(tp, offset)
        for _ in range(ANSWERS_MAX):
            if not (unknown := [tp for tp in partitions if consumer.highwater(tp) is None]):
                return {tp: int(consumer.highwater(tp)) for tp in partitions}
            await consumer.getmany(*unknown, timeout_ms=FETCH_WAIT_MS, max_records=1)
    raise NotNow(f"the broker does not say where these end: {sorted({tp.topic for tp in partitions})}")


async def stretch(
    consumer: AIOKafkaConsumer, tp: TopicPartition, *, first: int, end: int, records_max: int = 2_000
) -> AsyncIterator[list[RawRecord]]:
    """Records of `tp` in [first, end), in batches; a batch the broker skips is asked for again before it is believed."""
    consumer.pause(*(consumer.assignment() - {tp}))
    consumer.resume(tp)
    consumer.seek(tp, first)
    tries = 0
    while first < end:
        found = (await consumer.getmany(tp, timeout_ms=FETCH_WAIT_MS * 4, max_records=records_max)).get(tp, [])
        if (not found or found[0].offset > first) and (tries := tries + 1) <= ANSWERS_MAX:
            consumer.seek(tp, first)
            continue
        if not found:
            raise NotNow(
                f"the broker gives nothing of {tp.topic}[{tp.partition}] from {first}, though it goes to {end}"
            )
        tries = 0
        yield [raw_record(one) for one in found if one.offset < end]
        first = found[-1].offset + 1


async def partitions_of(brokers: Brokers, topics: Sequence[str]) -> list[TopicPartition]:
    """The partitions of those of `topics` that exist; asks for all topics, as naming one makes some brokers create it."""
    async with administrator(brokers) as admin:
        described = await admin.describe_topics()
    found = {topic["topic"]: sorted(one["partition"] for one in topic["partitions"]) for topic in described}
    return [TopicPartition(topic, number) for topic in topics for number in found.get(topic, [])]


async def cluster_id(brokers: Brokers, *, timeout_s: float = 30) -> str:
    """The id of the cluster that answers there; raises Stopped where it refuses us."""
    async with asyncio.timeout(timeout_s), administrator(brokers) as admin:
        return str((await admin.describe_cluster()).get("cluster_id") or "unnamed")
