"""Reads the log for a verification: every partition up to an end fixed beforehand, later what came behind it."""

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

import msgspec
from aiokafka import AIOKafkaConsumer, TopicPartition

from kesu.verify.evidence import PUBLISHERS, Evidence, key_of
from kesu.verify.findings import Findings
from shared.events.registry import EVENTS, PUBLISHER_OF, decode
from shared.log.ends import stretch
from shared.log.headers import TYPE
from shared.pipeline.records import RawRecord

NUMBER_OF: Final = {type_.encode(): PUBLISHERS.index(PUBLISHER_OF[type_]) for type_ in EVENTS}
UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError)
Counted: TypeAlias = Callable[[int], None]


async def beginnings(consumer: AIOKafkaConsumer, partitions: Sequence[TopicPartition]) -> tuple[int, ...]:
    """Where each partition begins."""
    first = await consumer.beginning_offsets(list(partitions))
    return tuple(first[tp] for tp in partitions)


class LogReading:
    """Puts aside what stands on the log, from where it last stopped. Offsets are dense: a hole is a finding."""

    def __init__(
        self, consumer: AIOKafkaConsumer, partitions: Sequence[TopicPartition], first: Sequence[int], *,
        evidence: Evidence, findings: Findings,
    ) -> None:  # fmt: skip
        self._consumer = consumer
        self._partitions = partitions
        self._next = list(first)
        self._evidence = evidence
        self._findings = findings
        self.awaited: dict[bytes, int] = {}  # events looked for: one that is found is taken out

    async def read_to(self, ends: Sequence[int], counted: Counted = lambda _: None) -> None:
        """Read every partition on to its end; `counted` hears of every so many records."""
        for number, (tp, end) in enumerate(zip(self._partitions, ends, strict=True)):
            async for raws in stretch(self._consumer, tp, first=self._next[number], end=end):
                self.take(number, raws)
                counted(len(raws))

    def take(self, number: int, raws: Sequence[RawRecord]) -> None:
        """The next records of the `number`-th partition."""
        for raw in raws:
            if raw.offset != self._next[number]:
                tp = self._partitions[number]
                self._findings.add("hole_in_the_log", f"{tp.topic}[{tp.partition}]@{self._next[number]}")
            self._next[number] = raw.offset + 1
            self._put_aside(raw, number)
        self._evidence.make_room()

    def _put_aside(self, raw: RawRecord, number: int) -> None:
        publisher = NUMBER_OF.get(_type_of(raw))
        if publisher is None:
            return
        value = raw.value or b""
        try:
            event = decode(value)
            self._evidence.published(event, value, publisher=publisher, partition=number, offset=raw.offset)
        except UNREADABLE:
            self._findings.add("undecodable_on_the_log", f"{raw.topic}[{raw.partition}]@{raw.offset}")
            return
        if self.awaited:
            self.awaited.pop(key_of(event.id), None)


def _type_of(raw: RawRecord) -> bytes:
    for name, value in raw.headers:
        if name == TYPE:
            return value or b""
    return b""
