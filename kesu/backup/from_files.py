"""The log out of a backup's files: every record at the offset it had, going on where the log that is there ends."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition

from kesu.backup.exporting import last_digest
from kesu.backup.manifest import Manifest, PartitionLog
from kesu.backup.segments import Kept, digest, read_segment
from kesu.backup.writing import LogWriter, filled
from shared.errors import Stopped
from shared.log.customer_keys import TOPIC as KEYS
from shared.log.customer_keys import keys_in
from shared.pipeline.records import RawRecord
from shared.vault import WrappedKey

RECORDS_AT_ONCE: Final = 5_000


def records_of(directory: Path, log: PartitionLog, *, first: int) -> Iterator[Kept]:
    """The records of a partition from `first` on."""
    for segment in log.segments:
        if segment.end > first:
            for frame in read_segment(directory / segment.stored.file):
                yield from (record for record in frame if record.offset >= first)


def keys_of(directory: Path, manifest: Manifest) -> Iterator[WrappedKey]:
    """The customers' keys that the backup holds beside the log."""
    for log in manifest.log:
        if log.topic == KEYS:
            for one in records_of(directory, log, first=0):
                raw = RawRecord(log.topic, log.partition, one.offset, one.timestamp_ms, one.key, one.value, one.headers)
                yield from keys_in([raw])


async def check_alike(consumer: AIOKafkaConsumer, directory: Path, log: PartitionLog, *, end: int) -> None:
    """What is on the log, up to `end`, must be the beginning of what is here, or go on after it; raises Stopped."""
    tp = TopicPartition(log.topic, log.partition)
    first = (await consumer.beginning_offsets([tp]))[tp]
    at = min(end, log.end) - 1
    if at < max(first, log.first):
        return  # nothing that both have
    ours = next(islice(records_of(directory, log, first=at), 1), None)
    if ours is None or ours.offset != at or digest(ours) == await last_digest(consumer, tp, at):
        return
    raise Stopped(
        "log_not_empty",
        zh=f"{tp.topic}[{tp.partition}] 已有别的记录（止于 {end}）：只恢复到空的集群，或接续同一份日志",
        en=f"{tp.topic}[{tp.partition}] holds other records (up to {end}): restoring needs an empty cluster, or the same log "
        "to go on with",
    )


async def write_back(
    writer: LogWriter, directory: Path, log: PartitionLog, *, end: int, counted: Callable[[int], None]
) -> int:
    """Append what the log, which ends at `end`, does not have yet; returns how many records of the backup these were."""
    tp = TopicPartition(log.topic, log.partition)
    records = records_of(directory, log, first=end)
    head = next(records, None)
    first, at_ms = (head.offset, head.timestamp_ms) if head else (log.end, 0)
    if end < min(first, log.first):  # only kept for some days: let it begin where it began
        await writer.fill(tp, first=end, end=first, timestamp_ms=at_ms)
        await writer.forget(tp, first)
        end = first
    if head is None:
        return 0
    written = 0
    for some in _chunks(filled(tp, chain([head], records), first=end, end=log.end)):
        await writer.append(tp, some)
        written += len(some)
        counted(len(some))
    return written


def _chunks(records: Iterable[Kept]) -> Iterator[list[Kept]]:
    rest = iter(records)
    while some := list(islice(rest, RECORDS_AT_ONCE)):
        yield some
