"""Looking at a stack from outside: when it rests, how far its services have read, what the broker has stored."""

import asyncio
import struct
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

import asyncpg
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from msgspec import Struct

from deploy.containers.kafka import DATA
from deploy.containers.stack import ContainerStack
from deploy.stack import Stack
from kesu.demo.quiet import Quiet
from kesu.generator import generate
from shared.clock import SystemClock
from shared.log.producer import LogProducer
from shared.log.submissions import submitted
from shared.saved import COMPLAINTS

# A record batch, version 2, as Kafka keeps it: base offset, length, leader epoch, magic, CRC, attributes, last offset
# delta, base and last timestamp, producer's id and epoch, base sequence, number of records.
_BATCH: Final = struct.Struct(">qiibIhiqqqhii")
_LENGTH_FROM: Final = 12


class Batch(Struct, frozen=True):
    """One batch of a producer on a partition."""

    producer_id: int
    first_sequence: int
    records: int


async def come_to_rest(
    stack: Stack, *, written: dict[TopicPartition, int] | None = None, timeout_s: float = 60
) -> None:
    """Wait until everything is read; `written`: the ends of what the test itself wrote."""
    quiet = Quiet(stack.urls, clock=SystemClock(), written=written or {}, poll_s=0.05)
    try:
        await quiet.wait(timeout_s=timeout_s)
    finally:
        await quiet.close()


async def submit(stack: Stack, count: int, *, seed: int) -> dict[TopicPartition, int]:
    """Put `count` generated submissions on the topic, as coming in now; returns where its partitions end."""
    now = datetime.now(UTC)
    start = now - timedelta(days=1)
    made = generate(count, seed=seed, start=start, span=timedelta(hours=20), facts=False)
    producer = LogProducer(brokers=stack.brokers, source="/kesu/test", clock=SystemClock())
    await producer.start()
    try:
        await producer.publish([submitted(one.type, one.submission, at=now) for one in made])
    finally:
        await producer.stop()
    return dict(producer.ends)


async def positions(stack: Stack, service: str) -> dict[TopicPartition, int]:
    """The next offsets that `service` has in its own schema."""
    conn = await asyncpg.connect(stack.database_url())
    try:
        rows = await conn.fetch(f"SELECT topic, partition, next_offset FROM {service}.positions")
    finally:
        await conn.close()
    return {TopicPartition(row["topic"], row["partition"]): row["next_offset"] for row in rows}


async def committed(stack: Stack, service: str) -> dict[TopicPartition, int]:
    """The offsets that the service's group has committed to Kafka."""
    admin = AIOKafkaAdminClient(bootstrap_servers=stack.bootstrap)
    await admin.start()
    try:
        found = await admin.list_consumer_group_offsets(f"kesu-{service}")
    finally:
        await admin.close()
    return {tp: one.offset for tp, one in found.items() if one.offset >= 0}


async def stored_batches(stack: ContainerStack, partition: int) -> list[Batch]:
    """The batches of one partition of the log, read from the broker's own files."""
    stored = await stack.broker.read(f"{DATA}/{COMPLAINTS}-{partition}/{0:020d}.log")
    return list(_batches(stored))


def _batches(stored: bytes) -> Iterator[Batch]:
    at = 0
    while at + _BATCH.size <= len(stored):
        _, length, *_, producer_id, _, sequence, records = _BATCH.unpack_from(stored, at)
        yield Batch(producer_id, sequence, records)
        at += _LENGTH_FROM + length


async def until(holds: Callable[[], Awaitable[bool]], what: str, *, timeout_s: float = 30) -> None:
    """Ask again and again until it holds; fails saying `what` did not come about."""
    end = time.monotonic() + timeout_s
    while not await holds():
        assert time.monotonic() < end, f"after {timeout_s} s: {what}"
        await asyncio.sleep(0.1)
