"""What a backup gives up once a topic has: whole segments, of what is only kept for days, and no key that a dump needs."""

from datetime import UTC, datetime

from aiokafka import TopicPartition

from kesu.backup.exporting import pruned
from kesu.backup.files import Stored
from kesu.backup.manifest import Dump, PartitionLog, Position, Segment
from kesu.backup.taking import EVERYTHING, needed
from shared.log.customer_keys import TOPIC as KEYS
from shared.saved import COMPLAINTS

FILE = Stored(file="f", bytes=1, sha256="")


def segment(first: int, end: int) -> Segment:
    return Segment(stored=FILE, first=first, end=end, records=end - first)


LOG = PartitionLog(topic=KEYS, partition=0, end=30, last="x", segments=(segment(0, 10), segment(10, 30)))


def dump(*positions: tuple[str, int]) -> Dump:
    found = tuple(
        Position(schema="intake", cluster="c", topic=topic, partition=0, next_offset=at) for topic, at in positions
    )
    return Dump(
        number=1, stored=FILE, erasures=FILE, at=datetime(2026, 1, 1, tzinfo=UTC), server="17", program="17",
        revisions=(), positions=found, rows={},
    )  # fmt: skip


def test_segments_are_given_up_whole() -> None:
    assert (LOG, LOG) == (pruned(LOG, upto=0), pruned(LOG, upto=9))
    assert [segment(10, 30)] == list(pruned(LOG, upto=10).segments)
    assert (30, 30, "x") == ((gone := pruned(LOG, upto=30)).first, gone.end, gone.last)


def test_the_log_is_kept_for_ever_and_keys_as_long_as_a_dump_does_not_know_them() -> None:
    oldest = dump((KEYS, 12), (COMPLAINTS, 7))
    assert 0 == needed(TopicPartition(COMPLAINTS, 0), oldest)
    assert 12 == needed(TopicPartition(KEYS, 0), oldest)
    assert 0 == needed(TopicPartition(KEYS, 0), dump())
    assert EVERYTHING == needed(TopicPartition("kesu.submissions", 0), oldest)
