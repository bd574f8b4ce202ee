"""Dates told to customers are round, never later than granted, and never beyond the law."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.followup.rules import due
from shared.events.routing import LegalClock, PromiseTime
from tests.unit.followup.story import CALENDARS, local, moments

CHINA = CALENDARS.of("Asia/Shanghai")


@pytest.mark.parametrize(
    ("start", "minutes", "working", "expected"),
    [
        ("2026-03-02 09:07", 60, True, "2026-03-02 10:00"),
        ("2026-03-02 09:00", 60, True, "2026-03-02 10:00"),
        ("2026-03-02 09:07", 16, True, "2026-03-02 09:15"),  # 8 of 16 minutes are left: still round
        ("2026-03-02 09:07", 20, True, "2026-03-02 09:27"),  # rounding would take 12 of 20: exact
        ("2026-03-02 09:07", 0, True, "2026-03-02 09:15"),  # nobody is granted less than a quarter of an hour
        ("2026-03-02 23:59", 24 * 60, False, "2026-03-03 23:45"),
    ],
)
def test_due_times_are_rounded_down(start: str, minutes: int, working: bool, expected: str) -> None:
    assert local(expected) == due.granted(PromiseTime("progress", minutes, working), local(start), CHINA)


@given(moments("2025-01-01", "2027-06-01"), st.integers(1, 10_000), st.booleans())
def test_never_later_than_granted_and_never_less_than_half(start: datetime, minutes: int, working: bool) -> None:
    end = due.granted(PromiseTime("progress", minutes, working), start, CHINA)
    granted = max(minutes, 15)
    exact = CHINA.add(start, granted) if working else start + timedelta(minutes=granted)
    assert start < end <= exact
    assert exact - end <= timedelta(minutes=min(15, granted / 2))


@pytest.mark.parametrize(
    ("received", "clock", "expected"),
    [
        ("2026-03-02 23:59", LegalClock("x", 15), "2026-03-17 18:00"),  # the day of receipt is not counted
        ("2026-03-02 09:00", LegalClock("x", 5, working=True), "2026-03-09 18:00"),
        ("2025-09-20 09:00", LegalClock("x", 15), "2025-09-30 18:00"),  # ends in National Day week: before it
        ("2025-09-26 09:00", LegalClock("x", 15), "2025-10-11 18:00"),  # ends on a make-up Saturday
        ("2025-10-02 09:00", LegalClock("x", 3), "2025-10-06 00:00"),  # no working day left: the day itself
        ("2025-09-30 09:00", LegalClock("x", 2, working=True), "2025-10-10 18:00"),
    ],
)
def test_legal_clocks_end_at_the_last_close_of_business_within_them(
    received: str, clock: LegalClock, expected: str
) -> None:
    assert local(expected) == due.legal(clock, local(received), local(received), CHINA)


def test_a_date_of_receipt_from_another_century_stops_nobody() -> None:
    start = local("2026-03-02 09:00")
    assert local("2025-03-17 00:00") == due.legal(LegalClock("x", 15), local("1899-01-01 00:00"), start, CHINA)
    assert start < due.legal(LegalClock("x", 15), local("2399-01-01 00:00"), start, CHINA)
