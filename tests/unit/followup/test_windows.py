"""Calls fall before their promise, at the usual hour where it fits, outside quiet hours; what gives way is named."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.followup.rules import windows
from services.followup.rules.windows import Customer, Window
from tests.unit.followup.story import CALENDARS, SHANGHAI, local, moments

CHINA = CALENDARS.of("Asia/Shanghai")
ANYBODY = Customer(CHINA)


def window(first: str, last: str, *gave_way: str) -> Window:
    return Window(local(first), local(last), gave_way)


@pytest.mark.parametrize(
    ("start", "due", "expected"),
    [
        ("2026-03-02 09:00", "2026-03-02 10:00", window("2026-03-02 09:30", "2026-03-02 10:00")),
        ("2026-03-02 09:00", "2026-03-03 17:00", window("2026-03-03 15:00", "2026-03-03 17:00")),
        ("2026-03-02 23:59", "2026-03-03 09:30", window("2026-03-03 08:00", "2026-03-03 09:30")),
        ("2026-03-02 15:00", "2026-03-03 03:00", window("2026-03-02 19:00", "2026-03-02 21:00")),
        ("2026-03-02 18:00", "2026-03-02 22:30", window("2026-03-02 20:30", "2026-03-02 21:00")),
        ("2026-03-02 23:59", "2026-03-03 01:00", window("2026-03-03 08:00", "2026-03-03 10:00", "promise")),
    ],
)
def test_before_a_promise(start: str, due: str, expected: Window) -> None:
    assert expected == windows.before_promise(local(start), local(due), ANYBODY)


def test_in_danger_quiet_hours_give_way() -> None:
    night = windows.before_promise(local("2026-03-02 23:00"), local("2026-03-03 01:00"), Customer(CHINA, danger=True))
    assert window("2026-03-03 00:00", "2026-03-03 01:00", "quiet_hours") == night


def test_the_usual_hour_is_preferred_where_it_lies_before_the_promise() -> None:
    evening = Customer(CHINA, usual_hour=19)
    fits = windows.before_promise(local("2026-03-02 09:00"), local("2026-03-04 17:00"), evening)
    too_soon = windows.before_promise(local("2026-03-02 09:00"), local("2026-03-02 17:00"), evening)
    assert window("2026-03-03 19:00", "2026-03-03 20:00") == fits
    assert window("2026-03-02 15:00", "2026-03-02 17:00") == too_soon


def test_a_usual_hour_in_the_night_is_no_usual_hour() -> None:
    due = local("2026-03-03 17:00")
    owl = windows.before_promise(local("2026-03-02 09:00"), due, Customer(CHINA, usual_hour=23))
    assert windows.before_promise(local("2026-03-02 09:00"), due, ANYBODY) == owl


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-03-02 10:05", window("2026-03-02 10:15", "2026-03-02 11:15")),
        ("2026-03-02 20:30", window("2026-03-02 20:30", "2026-03-02 21:00")),
        ("2026-03-02 20:50", window("2026-03-03 08:00", "2026-03-03 09:00")),
        ("2026-03-03 02:00", window("2026-03-03 08:00", "2026-03-03 09:00")),
    ],
)
def test_the_next_attempt_keeps_out_of_quiet_hours(at: str, expected: Window) -> None:
    assert expected == windows.next_attempt(local(at), ANYBODY)


@given(st.integers(8, 20))
def test_the_next_day_is_called_at_another_hour(hour: int) -> None:
    after = local(f"2026-03-02 {hour:02}:40")
    found = windows.next_day(after, ANYBODY, other_hour=True).not_before.astimezone(SHANGHAI)
    assert (2026, 3, 3) == (found.year, found.month, found.day)
    assert 8 <= found.hour < 21 and found.hour != hour


def test_satisfaction_is_asked_on_the_next_working_day() -> None:
    friday = windows.next_working_day(local("2025-09-30 17:00"), Customer(CHINA, usual_hour=20))
    assert window("2025-10-09 19:00", "2025-10-09 21:00") == friday


@given(
    moments("2026-01-01", "2026-12-01"),
    st.integers(15, 10_000),
    st.none() | st.integers(0, 23),
    st.booleans(),
)
def test_quiet_hours_hold_unless_they_are_named_as_given_way(
    start: datetime, minutes: int, usual_hour: int | None, danger: bool
) -> None:
    due = start + timedelta(minutes=minutes)
    found = windows.before_promise(start, due, Customer(CHINA, usual_hour, danger))
    assert found.not_before < found.not_after
    assert found.not_before >= start
    if "promise" not in found.gave_way:
        assert found.not_after <= due
    if "quiet_hours" not in found.gave_way:
        first, last = found.not_before.astimezone(SHANGHAI), found.not_after.astimezone(SHANGHAI)
        assert 8 <= first.hour < 21
        assert (last.hour, last.minute, last.second) <= (21, 0, 0)
        assert first.date() == last.date()
