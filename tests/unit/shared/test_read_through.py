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


def test_nothing_is_known_before_the_first_answer(times: Times) -> None:
    """Nor of a partition that was not asked."""
    through = ReadThrough(times)
    times.pass_(through, seconds=1)
    assert through.of(TP) is None
    through.polled(TP, None)
    assert through.of(TP) is None
    through.polled(TP, times.answered_ms())
    assert (through.of(TP), through.of(OTHER)) == (T0, None)


def test_an_answer_vouches_for_what_was_before_it_only(times: Times) -> None:
    """Kesu's time jumped just now: the answer may have been on its way by then."""
    through = ReadThrough(times)
    times.pass_(through, seconds=1)
    times.pass_(through, seconds=0.01, jump=timedelta(hours=1))
    through.polled(TP, times.answered_ms())
    assert through.of(TP) == T0
    times.pass_(through, seconds=0.05)
    through.polled(TP, times.answered_ms())
    assert through.of(TP) == T0 + timedelta(hours=1)


def test_an_old_answer_does_not_grow(times: Times) -> None:
    """However often it is looked at; without a new answer nothing new is known."""
    through = ReadThrough(times)
    times.pass_(through, seconds=1)
    answered = times.answered_ms()
    through.polled(TP, answered)
    for _ in range(3):
        times.pass_(through, seconds=1, jump=timedelta(hours=1))
        through.polled(TP, answered)
    assert through.of(TP) == T0


def test_a_process_that_was_busy_vouches_for_less(times: Times) -> None:
    """The answer may have lain there all the while it was busy, so it stands for a time before that."""
    through = ReadThrough(times)
    times.pass_(through, seconds=1)
    times.pass_(through, seconds=0.01, jump=timedelta(hours=1))
    times.wall_s += 5  # no tick: a long computation
    through.polled(TP, times.answered_ms())
    assert through.of(TP) == T0


def test_a_partition_let_go_is_forgotten(times: Times) -> None:
    """Whoever takes it up knows nothing of it at first."""
    through = ReadThrough(times)
    times.pass_(through, seconds=1)
    through.polled(TP, times.answered_ms())
    through.forget(TP)
    assert through.of(TP) is None
    through.polled(TP, times.answered_ms())
    assert through.of(TP) == T0
