"""Working minutes are counted right across nights, weekends, holidays, make-up days and clock changes."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.followup.calendar.tables import read_table
from services.followup.calendar.working_time import WorkingTime
from tests.unit.followup.story import CALENDARS, SHANGHAI, local, moments

CHINA = CALENDARS.of("Asia/Shanghai")
NEW_YORK = CALENDARS.of("America/New_York")


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        ("2026-03-02 09:00", 60, "2026-03-02 10:00"),
        ("2026-03-02 11:30", 60, "2026-03-02 14:00"),  # over lunch
        ("2026-03-02 11:30", 30, "2026-03-02 12:00"),  # the end of a window counts, not the start of the next
        ("2026-03-02 23:59", 60, "2026-03-03 09:30"),  # received in the night
        ("2026-03-06 17:30", 60, "2026-03-09 09:00"),  # over a weekend
        ("2025-09-30 17:00", 120, "2025-10-09 09:30"),  # over National Day week
        ("2025-10-03 10:00", 60, "2025-10-09 09:30"),  # received on a holiday
        ("2025-10-10 17:00", 120, "2025-10-11 09:30"),  # the next day is a make-up Saturday
        ("2026-02-13 17:30", 480, "2026-02-14 17:30"),  # and another one, before Spring Festival
        ("2026-02-14 17:30", 60, "2026-02-24 09:00"),  # over Spring Festival
    ],
)
def test_minutes_are_counted_in_working_windows(start: str, minutes: int, due: str) -> None:
    assert local(due) == CHINA.add(local(start), minutes)


def test_a_clock_change_inside_a_window_counts_what_really_passes() -> None:
    """On 8 March 2026 New York's clocks jump from 02:00 to 03:00: from 01:00 to 04:00 two hours pass."""
    always = WorkingTime(
        name="nights", zone=ZoneInfo("America/New_York"), weekdays=frozenset(range(1, 8)), windows=((0, 6 * 60),),
        days_off={}, make_up=frozenset(), known_until=date.max,
    )  # fmt: skip
    start = local("2026-03-08 01:00", "America/New_York")
    assert local("2026-03-08 04:00", "America/New_York") == always.add(start, 120)
    assert 120 == always.minutes(start, local("2026-03-08 04:00", "America/New_York"))


def test_a_working_day_after_the_clock_change_starts_by_the_new_clock() -> None:
    due = NEW_YORK.add(local("2026-03-06 17:30", "America/New_York"), 60)
    assert datetime(2026, 3, 9, 13, 0, tzinfo=UTC) == due  # 09:00 in summer time; the Friday before was winter time


def test_dates_beyond_what_is_known_are_provisional() -> None:
    assert not CHINA.provisional(local("2026-12-31 23:59"))
    assert CHINA.provisional(local("2027-01-01 00:00"))
    assert CALENDARS.of("Europe/Paris").provisional(local("2026-03-02 09:00"))


def test_an_unknown_zone_counts_as_the_home_zone() -> None:
    assert CHINA is CALENDARS.of("Mars/Olympus_Mons")


@given(moments("2025-01-01", "2026-12-01"), st.integers(1, 20_000))
def test_adding_and_subtracting_agree_with_counting(at: datetime, minutes: int) -> None:
    start = at.replace(microsecond=0)
    due = CHINA.add(start, minutes)
    assert minutes == CHINA.minutes(start, due)
    assert minutes == CHINA.minutes(CHINA.subtract(due, minutes), due)
    assert CHINA.minutes(start, due - timedelta(minutes=1)) < minutes
    exact = sum((i.end - i.start for i in CHINA.intervals(start, due)), timedelta())
    assert timedelta(minutes=minutes) == exact


@given(moments("2025-09-26", "2025-10-13"), st.integers(1, 900))
def test_counting_agrees_with_looking_at_every_minute(at: datetime, length: int) -> None:
    start = at.replace(second=0, microsecond=0).astimezone(SHANGHAI)
    minutes = [start + timedelta(minutes=n) for n in range(length)]
    assert sum(map(_worked, minutes)) == CHINA.minutes(start, start + timedelta(minutes=length))


def _worked(at: datetime) -> bool:
    days_off = [(10, day) for day in range(1, 9)]
    make_up = [(9, 28), (10, 11)]
    day = (at.month, at.day)
    working_day = day in make_up or (at.weekday() < 5 and day not in days_off)
    minute = at.hour * 60 + at.minute
    return working_day and (510 <= minute < 720 or 810 <= minute < 1080)


@pytest.mark.parametrize(
    "windows",
    ["[]", "[[12:00:00, 08:30:00]]", "[[08:30:00, 12:00:00], [11:00:00, 18:00:00]]", "[[08:31:00, 12:00:00]]"],
)
def test_a_calendar_with_impossible_windows_is_refused(windows: str) -> None:
    with pytest.raises(ValueError, match="windows must ascend"):
        read_table(f'name = "x"\nweekdays = [1]\nwindows = {windows}')


def test_the_chinese_tables_are_the_announced_ones() -> None:
    """Days off in 2026: 33 announced, of which 13 are Saturdays or Sundays; six weekends are worked instead."""
    days = [day for day in CHINA.days_off if day.year == 2026]
    worked = [d for n in range(365) if CHINA.is_make_up(d := date(2026, 1, 1) + timedelta(days=n))]
    assert 33 == len(days)
    assert 6 == len(worked)
    assert all(day.isoweekday() > 5 for day in worked)
