"""The virtual clock: one file, many readers, forward only."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from shared.clock import SharedClock, SystemClock, open_clock, settled_time

T0 = datetime(2026, 3, 2, 1, 0, 0, 123_456, tzinfo=UTC)


def test_all_who_open_the_file_see_the_same_time(tmp_path: Path) -> None:
    """Moved by one, seen by the other at once, to the microsecond."""
    driver = SharedClock.create(tmp_path / "clock", T0)
    reader = open_clock(tmp_path / "clock")
    assert reader.now() == T0
    driver.jump(T0 + timedelta(days=30, microseconds=1))
    assert reader.now() == T0 + timedelta(days=30, microseconds=1)


def test_it_never_goes_back(tmp_path: Path) -> None:
    """A time already passed changes nothing."""
    clock = SharedClock.create(tmp_path / "clock", T0)
    clock.jump(T0 - timedelta(seconds=1))
    assert clock.now() == T0


def test_what_is_not_submitted_yet_is_not_settled(tmp_path: Path) -> None:
    """Its driver jumps, submits what happened on the way, and says so; all others settle with the jump."""
    clock = SharedClock.create(tmp_path / "clock", T0)
    reader = open_clock(tmp_path / "clock")
    assert settled_time(reader) == T0
    later = T0 + timedelta(hours=1)
    clock.jump(later, settled=False)
    assert (later, T0) == (reader.now(), settled_time(reader))
    clock.settle()
    assert settled_time(reader) == later
    clock.jump(later + timedelta(hours=1))
    assert settled_time(reader) == reader.now() == later + timedelta(hours=1)


def test_a_time_before_1970_is_kept(tmp_path: Path) -> None:
    """Nothing in the format is unsigned."""
    old = datetime(1969, 12, 31, tzinfo=UTC)
    assert SharedClock.create(tmp_path / "clock", old).now() == old


def test_without_a_file_it_is_the_machines() -> None:
    """In UTC, and moving."""
    clock = open_clock(None)
    assert isinstance(clock, SystemClock)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)
    assert clock.now().tzinfo is UTC
