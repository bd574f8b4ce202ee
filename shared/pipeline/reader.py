"""Reads topics for one service through FastStream, and settles every batch by hand: once, here, for all services."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime
from typing import Any, Final

from aiokafka import TopicPartition
from aiokafka.abc import ConsumerRebalanceListener
from aiokafka.errors import KafkaError
from faststream.kafka import KafkaBroker
from structlog import get_logger

from shared.clock import Clock
from shared.database import TRANSIENT, UNSTORABLE, Connection
from shared.errors import NotNow
from shared.log.ends import by_partition
from shared.pipeline.batch import BatchPipeline
from shared.pipeline.dead_letters import DeadLetters
from shared.pipeline.flow import Flow
from shared.pipeline.gaps import Checked, GapTries, Hole, check
from shared.pipeline.positions import Positions, TakenOver
from shared.pipeline.progress import ReadThrough
from shared.pipeline.records import Outgoing, RawRecord
from shared.pipeline.subscribing import Subscription
from shared.retry import Retry
from shared.settings import ServiceSettings
from shared.telemetry import names, told
from shared.telemetry.metrics import Metrics

RECLAIM_ATTEMPT: Final = 5  # the pause before what was taken over is claimed again: 0.8 s at most
GAP_PAUSE: Final = Retry(first_s=0.01, max_s=1.0)
COMMIT_EVERY_S: Final = 5.0
log = get_logger(__name__)


class Reader(ConsumerRebalanceListener):  # type: ignore[misc]
    """Feeds one pipeline from `topics`, keeping order, positions and membership of the group through any failure."""

    def __init__(
        self, *, name: str, topics: Sequence[str], pipeline: BatchPipeline, dead_letters: DeadLetters, clock: Clock,
        settings: ServiceSettings, positions: Positions, assigned: Callable[[Sequence[TopicPartition]], Awaitable[dict[TopicPartition, int]]],
        publish_unpublished: Callable[[], Awaitable[None]], failed: Callable[[BaseException], None],
        metrics: Metrics,
    ) -> None:  # fmt: skip
        self._name = name
        self._topics = topics
        self._pipeline = pipeline
        self._dead_letters = dead_letters
        self._clock = clock
        self._settings = settings
        self._positions = positions
        self._on_assigned = assigned
        self._publish_unpublished = publish_unpublished
        self._failed = failed
        self._metrics = metrics
        self._retry = Retry(max_s=settings.retry_delay_s_max)
        self._gaps = GapTries(settings.gap_tries_max)
        self._attempt = 0
        self._stopped = False
        self._taking_up: asyncio.Task[None] | None = None
        self._subscription: Subscription
        self.next: dict[TopicPartition, int] = {}
        self.flow = Flow(lambda: self._subscription.consumer, self.next)
        self.unwritten: dict[TopicPartition, int] = {}
        # a batch, or a round of timers: one at a time, so that order per complaint holds
        self.exclusive = asyncio.Lock()
        self.through = ReadThrough(clock)
        self.in_hand_ms: int | None = None  # time of the oldest record that is read and not settled
        self.busy = False
        self.waiting = True  # for partitions, or after a failure, for a part that is away

    def subscribe(self, broker: KafkaBroker) -> None:
        """Register with the broker; nothing is read before the broker starts."""
        self._subscription = Subscription(
            broker, group=f"kesu-{self._name}", topics=self._topics, settings=self._settings, listener=self,
            on_batch=self.on_batch,
        )  # fmt: skip

    async def on_partitions_revoked(self, revoked: Sequence[TopicPartition]) -> None:
        """Finish what is under way, then let go."""
        if self._taking_up:
            self._taking_up.cancel()
            await asyncio.gather(self._taking_up, return_exceptions=True)
        async with self.exclusive:
            for tp in revoked:
                self._let_go(tp)

    async def on_partitions_assigned(self, assigned: Sequence[TopicPartition]) -> None:
        """Take up the partitions, beside this call: before it returns no heartbeat is sent, and taking up may be long."""
        self.waiting = bool(assigned)
        if assigned and not self._stopped:
            self.flow.pause(*assigned)
            self._taking_up = asyncio.create_task(self._take_up(sorted(assigned)))

    async def hold(self, conn: Connection, partitions: Collection[int], *, topic: str) -> None:
        """Inside a transaction beside the batches: these partitions of `topic` stay ours; raises TakenOver."""
        try:
            await self._positions.hold(conn, [TopicPartition(topic, number) for number in partitions])
        except TakenOver:
            self._taken_over()
            raise

    def _taken_over(self) -> None:
        """Let go of everything; what the group still holds to be ours is taken up anew, unless it is revoked first."""
        held = sorted(self.next)
        for tp in held:
            self._let_go(tp)
        self.waiting = True
        self.flow.pause(*held)
        if held and not self._stopped:
            log.warning("partitions were taken over", reader=self._name, partitions=[f"{tp.topic}[{tp.partition}]" for tp in held])  # fmt: skip
            self._taking_up = asyncio.create_task(self._take_up(held, after_s=self._retry.delay_s(RECLAIM_ATTEMPT)))

    def _let_go(self, tp: TopicPartition) -> None:
        self.in_hand_ms = None
        self.next.pop(tp, None)
        self.unwritten.pop(tp, None)
        self.through.forget(tp)
        self._gaps.forget(tp.topic, tp.partition)

    async def _take_up(self, assigned: Sequence[TopicPartition], *, after_s: float = 0) -> None:
        """Read each partition on where this service's own data ends, however long that takes to find out."""
        await asyncio.sleep(after_s)
        attempt = 0
        while not self._stopped:
            try:
                async with self.exclusive:
                    positions = await self._on_assigned(assigned)
                    for tp, offset in positions.items():
                        self.flow.consumer().seek(tp, offset)
                    self.next.update(positions)
                self.waiting = False
                self.flow.go_on(*assigned)
                return
            except UNSTORABLE as error:
                self._stop(error)
            except (NotNow, KafkaError, *TRANSIENT) as error:
                attempt += 1
                log.warning(
                    "taking up partitions failed, trying again", reader=self._name, attempt=attempt, **told(error)
                )
                await asyncio.sleep(self._retry.delay_s(attempt))
            except Exception as error:  # noqa: BLE001 - whatever is unknown stops the service
                self._stop(error)

    async def on_batch(self, found: Sequence[Any]) -> None:
        """Settle one batch, or put it off, or stop; never lets an exception through to the framework."""
        if self._stopped:
            return
        self.busy = True
        try:
            async with self.exclusive:
                await self._settle(found)
            if self.next:
                self._attempt, self.waiting = 0, False
        except UNSTORABLE as error:
            self._stop(error)
        except TakenOver:
            self._taken_over()
        except (NotNow, KafkaError, *TRANSIENT) as error:
            self._attempt, self.waiting = self._attempt + 1, True
            self._metrics.count(names.PUT_OFF, ("log", type(error).__name__))
            log.warning("not now, trying again", reader=self._name, attempt=self._attempt, **told(error))
            self.flow.put_off(self._retry.delay_s(self._attempt))
        except Exception as error:  # noqa: BLE001 - whatever is unknown stops the service
            self._stop(error)
        finally:
            self.busy = False

    async def _settle(self, found: Sequence[Any]) -> None:
        await self._publish_unpublished()
        usable: list[RawRecord] = []
        to: dict[TopicPartition, int] = {}
        letters: list[Outgoing] = []
        for tp, raws in by_partition(found).items():
            self._metrics.count(names.CONSUMED, (tp.topic, str(tp.partition)), len(raws))
            if tp in self.next:
                self.in_hand_ms = min(self.in_hand_ms or raws[0].timestamp_ms, raws[0].timestamp_ms)
                records, end = self._checked(tp, raws, letters)
                usable.extend(records)
                if end > self.next[tp]:
                    to[tp] = end
        if not to:
            return
        moved = await self._pipeline.take(usable, self.unwritten | to, letters)
        self.next.update(to)
        self.unwritten = {} if moved else self.unwritten | to
        self.in_hand_ms = None

    def _checked(
        self, tp: TopicPartition, raws: list[RawRecord], letters: list[Outgoing]
    ) -> tuple[Sequence[RawRecord], int]:
        """What of `raws` may be handled, and the offset behind it; a hole is looked into again before it is passed."""
        expected = self.next[tp]
        checked = check(raws, expected=expected)
        while (hole := checked.hole) is not None:
            if not self._gaps.give_up(tp.topic, tp.partition, hole):
                self._look_again(tp, hole)
                break
            log.error("hole in the log", reader=self._name, topic=tp.topic, partition=tp.partition, first=hole.first, last=hole.last)  # fmt: skip
            letters.append(self._dead_letters.of_hole(tp.topic, tp.partition, first=hole.first, last=hole.last, at=self._clock.now()))  # fmt: skip
            rest = check(raws, expected=hole.last + 1)
            checked = Checked(usable=[*checked.usable, *rest.usable], hole=rest.hole)
            expected = hole.last + 1
        end = checked.usable[-1].offset + 1 if checked.usable else expected
        if found := self._gaps.closed(tp.topic, tp.partition, end):
            log.info("the broker had withheld records, found on looking again", reader=self._name, holes=found)
        return checked.usable, end

    def _look_again(self, tp: TopicPartition, hole: Hole) -> None:
        """Ask the broker again from the hole on, after a short pause of this partition alone."""
        tries = self._gaps.tries(tp.topic, tp.partition, hole)
        log.warning("offsets are missing, looking again", reader=self._name, topic=tp.topic, partition=tp.partition, first=hole.first, tries=tries)  # fmt: skip
        self._metrics.count(names.GAPS, (tp.topic,))
        self.flow.look_again(tp, hole.first, GAP_PAUSE.delay_s(tries))

    async def write_positions(self) -> None:
        """Write positions past records that were passed over, and let Kafka's committed offsets follow (monitoring)."""
        async with self.exclusive:
            if self.unwritten:
                await self._pipeline.move(self.unwritten)
                self.unwritten = {}
            reached = dict(self.next)
        if reached:
            try:
                await self.flow.consumer().commit(reached)
            except KafkaError as error:
                log.info("committed offsets could not follow", reader=self._name, **told(error))

    def observe(self) -> None:
        """Note the time, and how far the log is read: called often by the runtime."""
        self.through.tick()
        consumer = self._subscription.consumer
        if consumer is None:
            return
        held = consumer.assignment()
        for tp, offset in self.next.items():
            if tp in held:
                highwater = consumer.highwater(tp)
                if highwater is not None and offset >= highwater:
                    self.through.polled(tp, consumer.last_poll_timestamp(tp))

    def end(self, tp: TopicPartition) -> int | None:
        """Where `tp` ends by the broker's last answer; None where it gave none."""
        consumer = self._subscription.consumer
        return consumer.highwater(tp) if consumer is not None and tp in consumer.assignment() else None

    def read_through(self, topic: str, partition: int) -> datetime | None:
        """Everything on this partition that was accepted before the returned time has been handled."""
        return self.through.of(TopicPartition(topic, partition))

    def stop(self) -> None:
        """Take no more batches."""
        self._stopped = True
        self.flow.stop()
        if self._taking_up:
            self._taking_up.cancel()

    def _stop(self, error: BaseException) -> None:
        self._stopped = True
        self._failed(error)
