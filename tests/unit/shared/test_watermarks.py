"""What watermarks say together: nothing is through before every partition says so, and before it is read."""

from datetime import timedelta

from shared.log.watermarks import TakenIn, Watermark
from tests.builders.common import T0

LATER = T0 + timedelta(seconds=1)
LATEST = T0 + timedelta(seconds=2)


def mark(partition: int, through: object = T0, **ends: int) -> Watermark:
    """A watermark; `ends` as p0=…, p1=…"""
    return Watermark(partition=partition, through=through, ends={int(name[1:]): end for name, end in ends.items()})  # type: ignore[arg-type]


def test_nothing_is_through_while_a_partition_is_silent() -> None:
    taken_in = TakenIn(2)
    assert taken_in.through(0, 100) is None
    taken_in.note(mark(0))
    assert taken_in.through(0, 100) is None
    taken_in.note(mark(1, LATER))
    assert taken_in.through(0, 100) == T0


def test_it_counts_once_the_log_is_read_to_its_ends() -> None:
    taken_in = TakenIn(1)
    taken_in.note(mark(0, p0=10, p1=3))
    assert taken_in.through(0, 9) is None
    assert taken_in.through(0, 10) == T0
    assert taken_in.through(1, 3) == T0


def test_one_who_lags_behind_is_through_with_what_he_waited_for_first() -> None:
    """A stream of ever newer watermarks, each further ahead than he has read, must not leave him with nothing."""
    taken_in = TakenIn(1)
    taken_in.note(mark(0, T0, p0=10))
    assert taken_in.through(0, 5) is None
    taken_in.note(mark(0, LATER, p0=20))
    assert taken_in.through(0, 10) == T0
    taken_in.note(mark(0, LATEST, p0=30))
    assert taken_in.through(0, 20) == LATER
    assert taken_in.through(0, 30) == LATEST


def test_the_newest_counts_at_once_where_everything_is_read() -> None:
    taken_in = TakenIn(1)
    for at, end in ((T0, 10), (LATER, 20), (LATEST, 30)):
        taken_in.note(mark(0, at, p0=end))
    assert taken_in.through(0, 30) == LATEST


def test_an_older_word_changes_nothing() -> None:
    """An instance that was frozen says what it knew; partitions that do not exist are nobody's."""
    taken_in = TakenIn(1)
    taken_in.note(mark(0, LATER, p0=10))
    taken_in.note(mark(0, T0, p0=1))
    taken_in.note(mark(7, LATEST))
    assert taken_in.through(0, 9) is None
    assert taken_in.through(0, 10) == LATER
