"""When a promise is due: minutes counted by the working calendar, law counted by its own days, both told as round dates."""

from datetime import datetime, timedelta
from typing import Final

from services.followup.calendar.working_time import DAY, GRID_S, WorkingTime, grid_down
from services.followup.rules.policy import STATED_DAYS_MAX
from shared.events.routing import LegalClock, PromiseTime

GRANTED_MINUTES_MIN: Final = GRID_S // 60
_LEGAL_LOOKBACK: Final = timedelta(days=366)


def granted(time: PromiseTime, start: datetime, calendar: WorkingTime) -> datetime:
    """The end of the granted minutes, rounded down to a quarter of an hour.

    A date told is never later than the minutes granted; where rounding would take more than half of them, they stay
    exact. Nobody is granted less than a quarter of an hour.
    """
    minutes = max(time.minutes, GRANTED_MINUTES_MIN)
    if time.working:
        return working(minutes, start, calendar)
    due = start + timedelta(minutes=minutes)
    told = grid_down(due)
    return told if due - told <= (due - start) / 2 else due


def working(minutes: int, start: datetime, calendar: WorkingTime) -> datetime:
    """The end of `minutes` working minutes from `start`, rounded in the same way."""
    due = calendar.add(start, minutes)
    told = grid_down(due)
    return told if (due - told).total_seconds() <= minutes * 30 else due


def legal(clock: LegalClock, received_at: datetime, start: datetime, calendar: WorkingTime) -> datetime:
    """The last close of business within the clock's days; the day of receipt is not counted.

    A last day that is not worked ends the clock on the working day before it, never later: whether it may roll on is
    for the regulator's row to say. Where no working day is left the day itself counts.
    """
    received = min(max(received_at, start - _LEGAL_LOOKBACK), start)
    day = calendar.local_day(received)
    if clock.working:
        for _ in range(min(clock.days, STATED_DAYS_MAX)):
            day = calendar.next_working_day(day)
    else:
        day += min(clock.days, STATED_DAYS_MAX) * DAY
    end = calendar.at(day, 24 * 60)
    closing = calendar.closing_before(end)
    return closing if closing > start else end
