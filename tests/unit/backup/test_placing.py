"""Where services go on after a restore: as far as they were, never beyond what is there, never behind a rewritten tail."""

import pytest
from aiokafka import TopicPartition

from kesu.backup.manifest import Position
from kesu.backup.placing import beyond, placed
from shared.saved import COMPLAINTS

LOG = TopicPartition(COMPLAINTS, 0)
COMING_IN = TopicPartition("kesu.submissions", 0)


def position(tp: TopicPartition, at: int, *, schema: str = "routing", cluster: str = "old") -> Position:
    return Position(schema=schema, cluster=cluster, topic=tp.topic, partition=tp.partition, next_offset=at)


def at(tp: TopicPartition, known: int, *, end: int, tail: int | None = None) -> int:
    (found,) = placed([position(tp, known)], source="old", ends={tp: end}, tails={} if tail is None else {tp: tail})
    return found.next_offset


@pytest.mark.parametrize(
    ("known", "end", "tail", "expected"),
    [(5, 9, None, 5), (9, 9, None, 9), (12, 9, None, 12), (12, 20, 10, 10), (7, 20, 10, 7)],
    ids=[
        "as far as it was",
        "at the end",
        "beyond the log it stays",
        "a rewritten tail is read again",
        "before the tail",
    ],
)
def test_on_the_log(known: int, end: int, tail: int | None, expected: int) -> None:
    assert expected == at(LOG, known, end=end, tail=tail)


def test_behind_the_end_of_what_comes_in_the_next_record_is_a_new_one() -> None:
    assert 9 == at(COMING_IN, 12, end=9)


def test_other_clusters_and_topics_that_are_gone_are_left_out() -> None:
    known = [position(LOG, 5, cluster="older"), position(TopicPartition("gone", 0), 5)]
    assert [] == placed(known, source="old", ends={LOG: 9}, tails={})


def test_what_the_log_does_not_reach_is_named() -> None:
    reached, not_reached = position(LOG, 9), position(LOG, 10, schema="followup")
    assert [not_reached] == beyond([reached, not_reached], {LOG: 9})
