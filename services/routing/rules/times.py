"""One time told in a text, and the calendar arithmetic that languages share."""

from datetime import date, timedelta
from typing import Final, Literal

from msgspec import Struct

TimeKind = Literal["passed", "deadline", "promised"]
DAY_H: Final = 24
WEEK_H: Final = 7 * DAY_H
MONTH_H: Final = 30 * DAY_H
YEAR_H: Final = 365 * DAY_H
PLACES_MAX: Final = 200  # places of a text that are looked at, of each form


class Told(Struct, frozen=True):
    """A time told at [start, end): `hours` that have passed, that we are given, or that somebody had promised."""

    kind: TimeKind
    hours: int
    start: int
    end: int


def last_day(today: date, *, month: int, day: int, year: int | None = None) -> date | None:
    """The day named, the last one not after `today` where no year is; None where there is no such day."""
    for candidate in (year,) if year else (today.year, today.year - 1):
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue
        if found <= today:
            return found
    return None


def next_day(today: date, *, month: int, day: int) -> date | None:
    """The day named, the next one from `today` on within half a year; None where there is none."""
    for year in (today.year, today.year + 1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if today <= found <= today + timedelta(days=183):
            return found
    return None


def hours_since(day: date, today: date) -> int:
    """Whole days from `day` to `today`, in hours."""
    return (today - day).days * DAY_H


def hours_to_weekday(today: date, weekday: int) -> int:
    """Hours to the end of the next such day (Monday 0), today included."""
    return ((weekday - today.weekday()) % 7 + 1) * DAY_H


def hours_since_weekday(today: date, weekday: int) -> int:
    """Hours since the last such day (Monday 0), at least one day."""
    return ((today.weekday() - weekday - 1) % 7 + 1) * DAY_H
