"""Taking up partitions: claimed for this instance alone, and read on where the service's own data ends."""

from collections.abc import Mapping, Sequence

from aiokafka import AIOKafkaConsumer, TopicPartition
from structlog import get_logger

from shared.clock import Clock
from shared.database import Pool
from shared.errors import Stopped
from shared.log.access import Brokers
from shared.log.ends import log_end, partitions_of, reading, stretch
from shared.log.producer import LogProducer
from shared.pipeline.batch import BatchPipeline
from shared.pipeline.handler import Handler
from shared.pipeline.positions import Positions
from shared.saved import publish_pending

log = get_logger(__name__)


class TakingUp:
    """What happens when partitions are assigned: claimed, positions checked, own events adopted, pending ones sent.

    `elsewhere`: topics this service writes but does not read; there its position says how far it knows its own events.
    """

    def __init__(
        self, *, schema: str, brokers: Brokers, pool: Pool, producer: LogProducer, positions: Positions,
        handler: Handler, pipeline: BatchPipeline, publishes: bool, elsewhere: Sequence[str], clock: Clock,
    ) -> None:  # fmt: skip
        self._schema = schema
        self._brokers = brokers
        self._pool = pool
        self._producer = producer
        self._positions = positions
        self._handler = handler
        self._own = _OwnOnly(handler.owns)
        self._pipeline = pipeline
        self._publishes = publishes
        self._elsewhere = elsewhere
        self._clock = clock

    async def __call__(self, assigned: Sequence[TopicPartition]) -> dict[TopicPartition, int]:
        """The offset at which each assigned partition is to be read on."""
        written = await partitions_of(self._brokers, self._elsewhere) if self._elsewhere else []
        every = [*assigned, *written]
        async with reading(self._brokers, every) as consumer:
            first = await consumer.beginning_offsets(every)
            # A position before the log's first record stays: the reader finds the hole, and says so.
            start = await self._claim(assigned, first)
            for tp in every:
                end = await log_end(consumer, tp)
                if start[tp] > end:
                    raise _beyond(self._schema, tp, start[tp], end)
                if tp in written:
                    self._producer.ends[tp] = max(end, self._producer.ends.get(tp, 0))
                if self._handler.owns and (tp in written or not written):
                    await self._adopt(consumer, tp, max(start[tp], first[tp]), end)
        if self._publishes:
            while sent := await publish_pending(self._pool, self._schema, self._producer.publish):
                log.info("events saved but perhaps not published are on the log now", count=sent)
        return {tp: start[tp] for tp in assigned}

    async def _claim(
        self, assigned: Sequence[TopicPartition], first: Mapping[TopicPartition, int]
    ) -> dict[TopicPartition, int]:
        """Where each of `first` is read or known to; from here on the assigned ones are ours alone."""
        async with self._pool.acquire() as conn, conn.transaction():
            known = await self._positions.load(conn, list(self._elsewhere))
            claimed = await self._positions.claim(conn, {tp: first[tp] for tp in assigned}, self._clock.now())
        return {tp: known.get(tp, at) for tp, at in first.items()} | claimed

    async def _adopt(self, consumer: AIOKafkaConsumer, tp: TopicPartition, first: int, end: int) -> None:
        """Own events behind the position are taken in before anything new is decided."""
        async for raws in stretch(consumer, tp, first=first, end=end):
            if own := [raw for raw in raws if self._own.has(raw.headers)]:
                await self._pipeline.adopt(own)


class _OwnOnly:
    def __init__(self, owns: frozenset[str]) -> None:
        self._owns = frozenset(type_.encode() for type_ in owns)

    def has(self, headers: Sequence[tuple[str, bytes]]) -> bool:
        return any(key == "ce_type" and value in self._owns for key, value in headers)


def _beyond(schema: str, tp: TopicPartition, position: int, end: int) -> Stopped:
    return Stopped(
        "position_beyond_the_log",
        zh=f"{schema} 的位置 {position} 超过了 {tp.topic}[{tp.partition}] 的末尾 {end}：日志比数据库旧，请从归档恢复日志，或核对集群",
        en=f"{schema} stands at {position}, beyond the end {end} of {tp.topic}[{tp.partition}]: the log is older than the "
        "database; restore the log from the archive, or check the cluster",
    )
