"""The log into files: each partition from where the last backup ended to an end fixed when its turn comes."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from msgspec.structs import replace

from kesu.backup.files import stored, whole
from kesu.backup.manifest import PartitionLog, Segment
from kesu.backup.segments import Kept, SegmentWriter, digest, kept
from shared.errors import Stopped
from shared.log.ends import stretch

SEGMENT_BYTES_MAX: Final = 128_000_000  # before compression
Counted = Callable[[int], None]


async def export(
    consumer: AIOKafkaConsumer, before: PartitionLog, directory: Path, *, end: int, needed: int, counted: Counted
) -> PartitionLog:
    """What is on a partition between `before` and `end`, in new segments; raises Stopped where the log is another one.

    Below `needed` whole segments are given up once the topic itself has given them up.
    """
    tp = TopicPartition(before.topic, before.partition)
    first = (await consumer.beginning_offsets([tp]))[tp]
    await _check_same(consumer, tp, before, first=first, end=end)
    log, at = pruned(before, upto=min(first, needed)), max(before.end, first)
    while at < end:
        segment, last = await _segment(consumer, tp, directory, first=at, end=end, counted=counted)
        log = PartitionLog(
            topic=tp.topic, partition=tp.partition, end=segment.end, last=last, segments=(*log.segments, segment)
        )
        at = segment.end
    return log


def pruned(log: PartitionLog, *, upto: int) -> PartitionLog:
    """Without the segments that end at `upto` or before."""
    return replace(log, segments=tuple(segment for segment in log.segments if segment.end > upto))


async def last_digest(consumer: AIOKafkaConsumer, tp: TopicPartition, offset: int) -> str:
    """The digest of the record at `offset`."""
    async for raws in stretch(consumer, tp, first=offset, end=offset + 1):
        return digest(kept(raws[0]))
    return ""


async def _segment(
    consumer: AIOKafkaConsumer, tp: TopicPartition, directory: Path, *, first: int, end: int, counted: Counted
) -> tuple[Segment, str]:
    """One segment from `first` on, and the digest of its last record."""
    path = directory / "log" / tp.topic / f"{tp.partition:05}" / f"{first:020}.log.gz"
    last: Kept | None = None
    records = 0
    with whole(path) as out:
        writer = SegmentWriter(out)
        async for raws in stretch(consumer, tp, first=first, end=end):
            frame = [kept(raw) for raw in raws]
            writer.write(frame)
            last, records = frame[-1], records + len(frame)
            counted(len(frame))
            if writer.size >= SEGMENT_BYTES_MAX:
                break
        writer.close()
    assert last is not None  # the stretch was not empty
    at = last.offset + 1
    return Segment(stored=stored(directory, path), first=first, end=at, records=records), digest(last)


async def _check_same(
    consumer: AIOKafkaConsumer, tp: TopicPartition, before: PartitionLog, *, first: int, end: int
) -> None:
    place = f"{tp.topic}[{tp.partition}]"
    if end < before.end:
        raise Stopped(
            "log_shorter_than_backup",
            zh=f"{place} 止于 {end}，备份却到 {before.end}：日志被截断或换过。请勿覆盖此备份，另选目录或先恢复日志",
            en=f"{place} ends at {end}, the backup at {before.end}: the log was cut or replaced. Keep this backup; "
            "use another directory, or restore the log first",
        )
    if before.last and first < before.end and await last_digest(consumer, tp, before.end - 1) != before.last:
        raise Stopped(
            "log_differs_from_backup",
            zh=f"{place}@{before.end - 1} 与备份中的记录不同：这不是同一份日志，请另选目录",
            en=f"{place}@{before.end - 1} is not the record in the backup: this is another log; use another directory",
        )
