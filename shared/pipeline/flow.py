"""What is fetched and what is not: partitions are paused and go on, one by one or all together."""

import asyncio
import time
from collections.abc import Callable, Collection, Mapping
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition

from shared.errors import NotNow, Stopped

STALLED_AFTER_S: Final = 60.0


class Flow:
    """The fetching of one consumer. `next` is the reader's: where each partition that is taken up goes on."""

    def __init__(self, consumer: Callable[[], AIOKafkaConsumer | None], next_: Mapping[TopicPartition, int]) -> None:
        self._find = consumer
        self._next = next_
        self._resume: asyncio.TimerHandle | None = None
        self._put_off_until = 0.0  # by the loop's time
        self._flowing_since_s = time.time()
        self._stopped = False

    def consumer(self) -> AIOKafkaConsumer:
        """The consumer; raises NotNow while there is none."""
        if (consumer := self._find()) is None:
            raise NotNow("the consumer is not connected")
        return consumer

    @property
    def paused(self) -> Collection[TopicPartition]:
        """Partitions that are taken up, but not fetched just now."""
        consumer = self._find()
        return consumer.paused() & self._next.keys() if consumer else ()

    def pause(self, *partitions: TopicPartition) -> None:
        """Fetch nothing of these, as far as they are ours."""
        if (consumer := self._find()) is not None:
            consumer.pause(*(consumer.assignment() & set(partitions)))

    def go_on(self, *partitions: TopicPartition) -> None:
        """Fetch these partitions again, or all that are taken up; single ones wait where everything is put off."""
        consumer = self._find()
        if partitions and asyncio.get_running_loop().time() < self._put_off_until:
            return
        if consumer is not None and not self._stopped:
            consumer.resume(*(set(partitions or self._next) & consumer.paused()))
            self._flowing_since_s = time.time()

    def put_off(self, delay_s: float) -> None:
        """Go back to the first unhandled record, and fetch nothing for a while; the group keeps us as we keep polling."""
        if (consumer := self._find()) is None:
            return
        held = self._next.keys() & consumer.assignment()  # the rest was revoked meanwhile, and is taken up anew
        for tp in held:
            consumer.seek(tp, self._next[tp])
        self.pause(*held)
        loop = asyncio.get_running_loop()
        self._put_off_until = loop.time() + delay_s
        self._resume = loop.call_later(delay_s, self.go_on)

    def look_again(self, tp: TopicPartition, first: int, delay_s: float) -> None:
        """Ask the broker for `tp` again from `first` on, after a pause of this partition alone."""
        self.consumer().seek(tp, first)
        self.pause(tp)
        asyncio.get_running_loop().call_later(delay_s, self.go_on, tp)

    def check(self, *, answering_since_s: float) -> None:
        """Raise Stopped where nothing was fetched for a minute although the brokers answer since then (seconds of Unix time).

        A client that has lost its way while brokers came and went says nothing; started anew, the service goes on.
        """
        consumer = self._find()
        held = self._next.keys() & consumer.assignment() if consumer else set()
        polled = [consumer.last_poll_timestamp(tp) or 0 for tp in held] if consumer else []
        since_s = max(min(polled, default=0) / 1000, answering_since_s, self._flowing_since_s)
        if polled and time.time() - since_s > STALLED_AFTER_S:
            raise Stopped(
                "reading_stalled",
                zh="Kafka 有应答，却一分钟没有取到任何分区的回答：请重新启动本服务，位置未移动",
                en="Kafka answers, but nothing was fetched for a minute: start this service again; the position is unmoved",
            )

    def stop(self) -> None:
        """Fetch nothing any more."""
        self._stopped = True
        if self._resume:
            self._resume.cancel()
