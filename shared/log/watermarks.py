"""How far intake has taken in what channels submitted: what follow-up must know before it says that a promise lapsed.

Reading the log to its end does not tell what still waits on `kesu.submissions`, where it counts as accepted. So intake
says so: watermarks on a topic of their own, kept for an hour, read by every instance of follow-up.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Final

import msgspec
from aiokafka import AIOKafkaConsumer, TopicPartition
from msgspec import Struct
from structlog import get_logger

from shared.ids import derive
from shared.log.access import Brokers
from shared.log.ends import log_end, partitions_of, raw_record, reading, stretch
from shared.log.headers import TYPE, header
from shared.pipeline.records import Outgoing, RawRecord

TOPIC: Final = "kesu.watermarks"
WATERMARK: Final = "kesu.watermark.v1"
LOOKED_BACK: Final = 2_000  # records: the last word on every partition is among them
log = get_logger(__name__)


class Watermark(Struct, frozen=True, kw_only=True):
    """Whatever was accepted on `partition` of `kesu.submissions` (or by HTTP where it is read) before `through` is on the log.

    It is there below `ends` (partition of `kesu.complaints` → next offset).
    """

    partition: int
    through: datetime
    ends: dict[int, int]


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Watermark).decode


def outgoing(watermark: Watermark) -> Outgoing:
    """The watermark as a record."""
    id_ = derive("watermark", str(watermark.partition), watermark.through.isoformat())
    return Outgoing(topic=TOPIC, key="", id=id_, type=WATERMARK, value=_encode(watermark))


class TakenIn:
    """What the watermarks of all `partitions` of `kesu.submissions` say together."""

    def __init__(self, partitions: int) -> None:
        self._latest: dict[int, Watermark | None] = dict.fromkeys(range(partitions))
        self._reached: dict[tuple[int, int], datetime] = {}
        self._waiting_for: dict[tuple[int, int], Watermark] = {}

    def note(self, watermark: Watermark) -> None:
        """Intake says this."""
        known = self._latest.get(watermark.partition)
        if watermark.partition in self._latest and (known is None or watermark.through > known.through):
            self._latest[watermark.partition] = watermark

    def through(self, partition: int, read_to: int) -> datetime | None:
        """With `partition` of `kesu.complaints` handled up to offset `read_to`: all that was accepted before this time is."""
        times = [self._through(source, partition, read_to) for source in self._latest]
        return min((at for at in times if at is not None), default=None) if all(times) else None

    def _through(self, source: int, partition: int, read_to: int) -> datetime | None:
        place, latest = (source, partition), self._latest[source]
        for _ in range(2):  # the one waited for, then the newest
            reached = self._reached.get(place)
            if latest is None or reached == latest.through:
                break
            mark = self._waiting_for.setdefault(place, latest)
            if mark.ends.get(partition, 0) > read_to:
                break
            self._reached[place] = mark.through
            del self._waiting_for[place]
        return self._reached.get(place)


async def follow(brokers: Brokers, note: Callable[[Watermark], None], *, wait_ms: int) -> None:
    """Tell `note` every watermark, the last ones first of all, until cancelled. A fetch waits at most `wait_ms` for more."""
    partitions = await partitions_of(brokers, [TOPIC])
    async with reading(brokers, partitions, wait_ms=wait_ms) as consumer:
        await _look_back(consumer, partitions)
        while True:
            for records in (await consumer.getmany(timeout_ms=1_000)).values():
                _tell(map(raw_record, records), note)


async def told_so_far(brokers: Brokers, note: Callable[[Watermark], None]) -> None:
    """Tell `note` the last watermarks there are, once."""
    partitions = await partitions_of(brokers, [TOPIC])
    async with reading(brokers, partitions) as consumer:
        first: Mapping[TopicPartition, int] = await consumer.beginning_offsets(list(partitions))
        for tp in partitions:
            end = await log_end(consumer, tp)
            async for raws in stretch(consumer, tp, first=max(first[tp], end - LOOKED_BACK), end=end):
                _tell(raws, note)


def _tell(raws: Iterable[RawRecord], note: Callable[[Watermark], None]) -> None:
    for raw in raws:
        if header(raw.headers, TYPE) == WATERMARK and raw.value:
            note(_decode(raw.value))


async def _look_back(consumer: AIOKafkaConsumer, partitions: Collection[TopicPartition]) -> None:
    first: Mapping[TopicPartition, int] = await consumer.beginning_offsets(list(partitions))
    for tp in partitions:
        consumer.seek(tp, max(first[tp], await log_end(consumer, tp) - LOOKED_BACK))
    consumer.resume(*partitions)
