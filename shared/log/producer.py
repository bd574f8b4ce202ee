"""Writes events to the log: one batch per partition, acknowledged by all in-sync replicas before it returns."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from time import perf_counter
from typing import Protocol

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError

from shared.clock import Clock
from shared.errors import NotNow
from shared.log.access import Brokers
from shared.log.headers import event_headers, with_trace
from shared.log.partitions import partition_of
from shared.log.refusal import refused
from shared.pipeline.records import Outgoing
from shared.telemetry.opening import OFF, Telemetry

REQUEST_BYTES_MAX = 8_000_000
BATCH_BYTES = 900_000  # stays below the broker's default of 1 MiB with its framing


class _Acknowledged(Protocol):
    topic: str
    partition: int
    offset: int


class LogProducer:
    """A producer for one service. `source` is the CloudEvents source of its events, such as `/kesu/routing`."""

    def __init__(
        self, *, brokers: Brokers, source: str, clock: Clock, idempotent: bool = True, timeout_s: float = 30,
        telemetry: Telemetry = OFF,
    ) -> None:  # fmt: skip
        self._brokers = brokers
        self._source = source.encode()
        self._clock = clock
        self._telemetry = telemetry
        self._timeout_s = timeout_s
        self._partitions: dict[str, int] = {}
        self._turns: defaultdict[TopicPartition, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._options = {
            **brokers.options(),
            "acks": "all",
            "enable_idempotence": idempotent,
            "max_batch_size": BATCH_BYTES,
            "max_request_size": REQUEST_BYTES_MAX,
            "request_timeout_ms": int(timeout_s * 1000),
        }
        self._producer: AIOKafkaProducer | None = None
        self.ends: dict[TopicPartition, int] = {}

    async def start(self) -> None:
        """Connect; raises NotNow where no broker answers, Stopped where one refuses us."""
        producer = AIOKafkaProducer(**self._options)
        try:
            await producer.start()
        except KafkaError as error:
            await producer.stop()
            if refusal := await refused(self._brokers):
                raise refusal from None
            raise NotNow(f"no broker answers: {error}") from error
        self._producer = producer

    async def ask(self) -> None:
        """Ask the cluster for its metadata; raises NotNow or a KafkaError where it does not answer."""
        await self._connected().client.fetch_all_metadata()

    async def stop(self) -> None:
        """Disconnect, after what was sent is acknowledged or has timed out."""
        if self._producer:
            await self._producer.stop()
            self._producer = None

    async def publish(self, events: Sequence[Outgoing]) -> None:
        """Write `events` in order per key and wait for every acknowledgement; raises NotNow where one does not come.

        After NotNow some of the events may be on the log: publish the same bytes again.
        """
        if not events:
            return
        started = perf_counter()
        try:
            with self._telemetry.tracing.publishing(events) as traced:
                async with asyncio.timeout(self._timeout_s):
                    await self._write(traced)
        except (KafkaError, TimeoutError) as error:
            raise NotNow(f"publishing: {type(error).__name__}") from error
        self._telemetry.metrics.published(events, now=self._clock.now(), seconds=perf_counter() - started)

    async def partitions_of(self, topic: str) -> int:
        """How many partitions `topic` has."""
        if topic not in self._partitions:
            found = await self._connected().partitions_for(topic)
            if not found:
                raise NotNow(f"topic {topic} is not there")
            self._partitions[topic] = len(found)
        return self._partitions[topic]

    async def _write(self, events: Sequence[Outgoing]) -> None:
        by_partition: dict[TopicPartition, list[Outgoing]] = {}
        for event in events:
            count = self._partitions.get(event.topic) or await self.partitions_of(event.topic)
            by_partition.setdefault(TopicPartition(event.topic, partition_of(event.key, count)), []).append(event)
        written = (self._write_partition(tp, batch) for tp, batch in by_partition.items())
        # All come to their end before a failure is told: nothing of this call may follow what is published after it.
        for failure in await asyncio.gather(*written, return_exceptions=True):
            if failure is not None:
                raise failure

    async def _write_partition(self, tp: TopicPartition, events: Sequence[Outgoing]) -> None:
        """Batches of one partition one after the other, so that their order holds whatever is retried."""
        producer, written = self._connected(), 0
        now_ms = int(self._clock.now().timestamp() * 1000)
        while written < len(events):
            batch, first = producer.create_batch(), written
            while written < len(events):
                event = events[written]
                headers = list(event.headers) or event_headers(
                    type_=event.type, id_=event.id, source=self._source, key=event.key
                )
                if event.trace:
                    headers = with_trace(headers, event.trace)
                key = event.key.encode() or None
                at = event.timestamp_ms or now_ms
                if batch.append(timestamp=at, key=key, value=event.value, headers=headers) is None:
                    break
                written += 1
            if written == first:
                raise ValueError(f"event {events[written].id} is larger than a batch")
            batch.close()
            async with self._turns[tp]:  # in turn: aiokafka lets several that wait for one partition starve each other
                sent = await producer.send_batch(batch, tp.topic, partition=tp.partition)
            acknowledged: _Acknowledged = await sent
            self.ends[tp] = max(self.ends.get(tp, 0), acknowledged.offset + written - first)

    def _connected(self) -> AIOKafkaProducer:
        if self._producer is None:
            raise NotNow("the producer is not connected")
        return self._producer
