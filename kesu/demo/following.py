"""Reads the log as it grows, from outside: what the people of the demo see."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition

from shared.events.envelope import Fact
from shared.events.registry import EVENTS, decode
from shared.log.access import Brokers
from shared.log.ends import partitions_of, reading, stretch
from shared.log.headers import TYPE, header
from shared.saved import COMPLAINTS

WAIT_MS: Final = 4


class Following:
    """Where reading stands; every event is given once, also where the log repeats it."""

    def __init__(self, consumer: AIOKafkaConsumer, partitions: list[TopicPartition]) -> None:
        self._consumer = consumer
        self._next = dict.fromkeys(partitions, 0)
        self._seen: set[str] = set()

    async def read_to(self, ends: Mapping[str, int]) -> AsyncIterator[Fact]:
        """Events up to these ends (`topic:partition` → next offset)."""
        for tp, first in self._next.items():
            end = ends.get(f"{tp.topic}:{tp.partition}", 0)
            if first >= end:
                continue
            async for raws in stretch(self._consumer, tp, first=first, end=end):
                for raw in raws:
                    if raw.value and header(raw.headers, TYPE) in EVENTS:
                        event = decode(raw.value)
                        if event.id not in self._seen:
                            self._seen.add(event.id)
                            yield event
            self._next[tp] = end
            self._consumer.pause(tp)  # nothing is asked for before there is something


@asynccontextmanager
async def following(brokers: Brokers) -> AsyncIterator[Following]:
    """Follow the log from its beginning."""
    partitions = await partitions_of(brokers, [COMPLAINTS])
    async with reading(brokers, partitions, wait_ms=WAIT_MS) as consumer:
        consumer.pause(*partitions)
        yield Following(consumer, partitions)
