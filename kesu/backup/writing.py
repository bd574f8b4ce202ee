"""Writes records back to the log so that each has the offset it had; whatever cannot be filled is said to be missing."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Self

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin.records_to_delete import RecordsToDelete
from aiokafka.errors import KafkaError

from kesu.backup.segments import Kept
from shared.errors import NotNow, Stopped
from shared.ids import derive
from shared.log.access import Brokers
from shared.log.admin import administrator
from shared.log.headers import event_headers
from shared.log.producer import BATCH_BYTES, REQUEST_BYTES_MAX

SOURCE: Final = b"/kesu/restore"
# Stands where a record was that is nowhere any more (kept for some days only, or a repetition): readers pass over its type.
FILLER: Final = "kesu.filler.v1"
FILLERS_AT_ONCE: Final = 10_000


class LogWriter:
    """Appends to partitions. `idempotent`: a repeated request is written once (the embedded broker knows no such thing)."""

    def __init__(self, brokers: Brokers, *, idempotent: bool = True) -> None:
        self._brokers = brokers
        self._producer = AIOKafkaProducer(
            **brokers.options(), acks="all", enable_idempotence=idempotent, max_batch_size=BATCH_BYTES,
            max_request_size=REQUEST_BYTES_MAX,
        )  # fmt: skip

    async def __aenter__(self) -> Self:
        try:
            await self._producer.start()
        except KafkaError as error:
            await self._producer.stop()
            raise NotNow(f"no broker answers: {error}") from error
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._producer.stop()

    async def append(self, tp: TopicPartition, records: Sequence[Kept]) -> None:
        """Write `records`, whose offsets follow each other; raises Stopped where the broker gives them others."""
        written = 0
        while written < len(records):
            batch, first = self._producer.create_batch(), written
            while written < len(records) and _appended(batch, records[written]):
                written += 1
            if written == first:
                raise Stopped(
                    "record_too_large",
                    zh=f"{tp.topic}[{tp.partition}]@{records[first].offset} 超过代理的批次上限",
                    en=f"{tp.topic}[{tp.partition}]@{records[first].offset} is larger than a batch may be",
                )
            batch.close()
            sent = await self._producer.send_batch(batch, tp.topic, partition=tp.partition)
            got = (await sent).offset
            if got != records[first].offset:
                raise _moved(tp, records[first].offset, got)

    async def fill(self, tp: TopicPartition, *, first: int, end: int, timestamp_ms: int) -> None:
        """Write fillers at [first, end)."""
        for at in range(first, end, FILLERS_AT_ONCE):
            upto = min(end, at + FILLERS_AT_ONCE)
            await self.append(tp, [filler(tp, offset, timestamp_ms) for offset in range(at, upto)])

    async def forget(self, tp: TopicPartition, before: int) -> bool:
        """Let the partition begin at `before`, as it did; false where the broker does not do such things."""
        async with administrator(self._brokers) as admin:
            try:
                await admin.delete_records({tp: RecordsToDelete(before)})
            except KafkaError:
                return False
        return True


def filler(tp: TopicPartition, offset: int, timestamp_ms: int) -> Kept:
    """The record that stands at `offset` for one that is nowhere."""
    id_ = derive("filler", tp.topic, str(tp.partition), str(offset))
    headers = event_headers(type_=FILLER, id_=id_, source=SOURCE, key="")
    return Kept(offset, timestamp_ms, None, b"{}", tuple(headers))


def filled(tp: TopicPartition, records: Iterable[Kept], *, first: int, end: int) -> Iterator[Kept]:
    """`records` in [first, end), in order, with a filler wherever one is missing."""
    at, time_ms = first, 0
    for record in records:
        while at < record.offset:
            yield filler(tp, at, record.timestamp_ms)
            at += 1
        yield record
        at, time_ms = record.offset + 1, record.timestamp_ms
    for offset in range(at, end):
        yield filler(tp, offset, time_ms)


def _appended(batch: object, record: Kept) -> bool:
    room = batch.append(  # type: ignore[attr-defined]
        timestamp=record.timestamp_ms, key=record.key, value=record.value, headers=list(record.headers)
    )
    return room is not None


def _moved(tp: TopicPartition, wanted: int, got: int) -> Stopped:
    return Stopped(
        "offset_not_kept",
        zh=f"{tp.topic}[{tp.partition}]@{wanted} 被写到了 {got}：有别的进程在写，或请求被重复。请删除该主题后重来",
        en=f"{tp.topic}[{tp.partition}]@{wanted} was written at {got}: somebody else writes there, or a request was "
        "repeated. Delete the topic and start again",
    )
