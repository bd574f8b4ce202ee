"""How far the log is read, in time: never further than the broker's last answer can vouch for."""

from datetime import UTC, datetime, timedelta

import pytest
from aiokafka import TopicPartition

from shared.pipeline import progress
from shared.pipeline.progress import ReadThrough

TP, OTHER = TopicPartition("t", 0), TopicPartition("t", 1)
T0 = datetime(2026, 3, 2, tzinfo=UTC)


class Times:
    """Wall time and Kesu's time, both moved by hand."""

    def __init__(self) -> None:
        self.wall_s, self.at = 1_000.0, T0

    def now(self) -> datetime:
        """Kesu's time."""
        return self.at

    def pass_(self, through: ReadThrough, *, seconds: float, jump: timedelta = timedelta()) -> None:
        """Ten milliseconds of wall time per tick; Kesu's time jumps at the first of them."""
        self.at += jump
        for _ in range(round(seconds * 100)):
            self.wall_s += 0.01
            through.tick()

    def answered_ms(self) -> int:
        """The moment an answer is looked at."""
        return int(self.wall_s * 1000)


@pytest.fixture
def times(monkeypatch: pytest.MonkeyPatch) -> Times:
    """Moved by hand."""
    made = Times()
    monkeypatch.setattr(progress, "time", lambda: made.wall_s)
    return made


def test_nothing_is_known_before_the_second_answer(times: Times) -> None:
    """When the first was asked for, nobody knows; nor is anything known of a partition that was not asked."""
    through = ReadThrough(times)
    times.pass_(through, seconds=1)
    through.polled(TP, None)
    through.polled(TP, times.answered_ms())
    assert through.of(TP) is None
    times.pass_(through, seconds=0.1)
    through.polled(TP, times.answered_ms())
    assert (through.of(TP), through.of(OTHER)) == (T0, None)


def test_an_answer_vouches_for_what_was_before_it_was_asked_for(times: Times) -> None:
    """Kesu's time jumped since: what was accepted before the jump may have come when the answer was under way."""
    through = ReadThrough(times)
    times.pass_(through, seconds=1)
    through.polled(TP, times.answered_ms())
    times.pass_(through, seconds=0.1, jump=timedelta(hours=1))
    through.polled(TP, times.answered_ms())
    assert through.of(TP) == T0
    times.pass_(through, seconds=0.1)
    through.polled(TP, times.answered_ms())
    assert through.of(TP) == T0 + timedelta(hours=1)


def test_a_slow_way_back_vouches_for_less(times: Times) -> None:
    """The answer was under way, or lay there unseen, for seconds: it knows nothing of them."""
    through = ReadThrough(times)
    times.pass_(through, seconds=1)
    through.polled(TP, times.answered_ms())
    for hour in (1, 2, 3):
        times.pass_(through, seconds=5, jump=timedelta(hours=1))
        through.polled(TP, times.answered_ms())
        assert through.of(TP) == T0 + timedelta(hours=hour - 1)


def test_an_old_answer_does_not_grow(times: Times) -> None:
    """However often it is looked at; without a new answer nothing new is known."""
    through = ReadThrough(times)
    known(through, times)
    answered = times.answered_ms()
    for _ in range(3):
        times.pass_(through, seconds=1, jump=timedelta(hours=1))
        through.polled(TP, answered)
    assert through.of(TP) == T0


def test_a_process_that_was_busy_vouches_for_less(times: Times) -> None:
    """Between two looks at the clock nothing is known of the time: an answer stands for the look before it."""
    through = ReadThrough(times)
    known(through, times)
    times.pass_(through, seconds=0.01, jump=timedelta(hours=1))
    times.wall_s += 5  # no tick: a long computation
    times.at += timedelta(hours=1)
    through.polled(TP, times.answered_ms())
    assert through.of(TP) == T0
    times.pass_(through, seconds=0.1)
    through.polled(TP, times.answered_ms())
    assert through.of(TP) == T0 + timedelta(hours=1)


def test_a_partition_let_go_is_forgotten(times: Times) -> None:
    """Whoever takes it up knows nothing of it at first."""
    through = ReadThrough(times)
    known(through, times)
    through.forget(TP)
    times.pass_(through, seconds=0.1)
    through.polled(TP, times.answered_ms())
    assert through.of(TP) is None


def known(through: ReadThrough, times: Times) -> None:
    """Two answers: the log is read through T0."""
    for _ in range(2):
        times.pass_(through, seconds=1)
        through.polled(TP, times.answered_ms())
    assert through.of(TP) == T0
