"""When to call: a window before the promise, at the customer's usual hour where it fits, outside quiet hours."""

from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from services.followup.calendar.working_time import DAY, WorkingTime, grid_up
from services.followup.rules.policy import (
    QUIET_FROM_HOUR,
    QUIET_UNTIL_HOUR,
    RETRY_WINDOW_MINUTES,
    WINDOW_MINUTES_MAX,
)

_WIDEST: Final = timedelta(minutes=WINDOW_MINUTES_MAX)
_NARROWEST: Final = timedelta(minutes=15)
_MORNING: Final = QUIET_UNTIL_HOUR * 60
_EVENING: Final = QUIET_FROM_HOUR * 60
_USUAL_DAYS_BACK: Final = 2


class Window(Struct, frozen=True):
    """From when to when a contact may be made, UTC, and which rules gave way for it."""

    not_before: datetime
    not_after: datetime
    gave_way: tuple[str, ...] = ()


class Customer(Struct, frozen=True):
    """What a window has to respect: the customer's clock, usual hour (local, 0 to 23), and whether there is danger."""

    calendar: WorkingTime
    usual_hour: int | None = None
    danger: bool = False


def before_promise(start: datetime, due: datetime, customer: Customer) -> Window:
    """The window in which to call so that a promise made at `start` is kept by `due`."""
    usual = _usual_hour(start, due, customer)
    if usual:
        return usual
    half = start + (due - start) / 2
    first = max(grid_up(half), due - _WIDEST)
    return _outside_quiet_hours(first if first < due else half, due, start, customer)


def next_attempt(at: datetime, customer: Customer) -> Window:
    """A window from `at` on (rounded up), or the next morning where quiet hours leave too little of it."""
    first = grid_up(at)
    day, minute = _local(first, customer)
    if minute < _MORNING:
        return _slot(day, _MORNING, customer)
    if minute > _EVENING - 15:
        return _slot(day + 1, _MORNING, customer)
    last = min(first + timedelta(minutes=RETRY_WINDOW_MINUTES), _at(day, _EVENING, customer))
    return Window(first, last)


def next_day(after: datetime, customer: Customer, *, other_hour: bool = False) -> Window:
    """A window on the next day: at the customer's usual hour, or at another hour than `after`."""
    day, minute = _local(after, customer)
    if other_hour:
        hour = QUIET_UNTIL_HOUR + 1 + (minute // 60 - QUIET_UNTIL_HOUR + 3) % (QUIET_FROM_HOUR - QUIET_UNTIL_HOUR - 2)
    else:
        hour = _polite(customer.usual_hour, otherwise=10)
    return _slot(day + 1, hour * 60, customer)


def next_working_day(after: datetime, customer: Customer) -> Window:
    """Two hours on the next working day, from the customer's usual hour or from 10 o'clock on."""
    day = customer.calendar.next_working_day(customer.calendar.local_day(after))
    hour = min(_polite(customer.usual_hour, otherwise=10), QUIET_FROM_HOUR - 2)
    return Window(customer.calendar.at(day, hour * 60), customer.calendar.at(day, hour * 60 + WINDOW_MINUTES_MAX))


def _polite(hour: int | None, *, otherwise: int) -> int:
    return hour if hour is not None and QUIET_UNTIL_HOUR <= hour < QUIET_FROM_HOUR else otherwise


def _local(at: datetime, customer: Customer) -> tuple[int, int]:
    local = at.astimezone(customer.calendar.zone)
    return local.toordinal(), local.hour * 60 + local.minute


def _at(day: int, minute: int, customer: Customer) -> datetime:
    return customer.calendar.at(datetime.fromordinal(day).date(), minute)


def _slot(day: int, minute: int, customer: Customer) -> Window:
    return Window(_at(day, minute, customer), _at(day, min(minute + RETRY_WINDOW_MINUTES, _EVENING), customer))


def _usual_hour(start: datetime, due: datetime, customer: Customer) -> Window | None:
    hour = customer.usual_hour
    if hour is None or not QUIET_UNTIL_HOUR <= hour < QUIET_FROM_HOUR:
        return None
    due_day = customer.calendar.local_day(due)
    for back in range(_USUAL_DAYS_BACK + 1):
        first = customer.calendar.at(due_day - back * DAY, hour * 60)
        last = first + timedelta(hours=1)
        if first < start:
            return None
        if last <= due:
            return Window(first, last)
    return None


def _outside_quiet_hours(first: datetime, due: datetime, start: datetime, customer: Customer) -> Window:
    day, minute = _local(first, customer)
    if minute >= _EVENING:
        day, minute = day + 1, minute - 24 * 60
    if minute >= _MORNING:
        return Window(first, min(due, _at(day, _EVENING, customer)))
    morning = _at(day, _MORNING, customer)
    if due - morning >= _NARROWEST:
        return Window(morning, due)
    evening = _at(day - 1, _EVENING, customer)
    if evening - start >= _NARROWEST:
        return Window(max(start, evening - _WIDEST), evening)
    if customer.danger:
        return Window(first, due, ("quiet_hours",))
    return Window(morning, morning + _WIDEST, ("promise",))
