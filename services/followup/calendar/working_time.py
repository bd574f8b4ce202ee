"""Counting working minutes in one time zone: each question costs two binary searches, whatever the distance."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

FIRST_DAY: Final = date(2020, 1, 1)
LAST_DAY: Final = date(2050, 12, 31)
GRID_S: Final = 15 * 60
DAY: Final = timedelta(days=1)
DAYS_LOOKED_AT_MAX: Final = 400
_TOLD_MAX: Final = 4_096  # the same few times of the next days are asked for by every complaint


class DayOff(Struct, frozen=True):
    """Why a weekday is not worked."""

    zh: str
    en: str


class Interval(Struct, frozen=True):
    """A stretch of time that counted, UTC, and its minutes (rounded down)."""

    start: datetime
    end: datetime
    minutes: int


class WorkingTime:
    """The working windows of one zone, 2020 to 2050, as UTC seconds with the working seconds that lie before each.

    Windows are local wall time: on a day of a clock change they count what really passes. Times outside the range
    raise ValueError.
    """

    def __init__(
        self, *, name: str, zone: ZoneInfo, weekdays: frozenset[int], windows: tuple[tuple[int, int], ...],
        days_off: Mapping[date, DayOff], make_up: frozenset[date], known_until: date,
    ) -> None:  # fmt: skip
        self.name = name
        self.zone = zone
        self.days_off = days_off
        self.known_until = known_until
        self._weekdays = weekdays
        self._windows = windows
        self._make_up = make_up
        self._told: dict[tuple[date, int], datetime] = {}
        self._starts, self._ends, self._before = array("q"), array("q"), array("q")
        self._known_end = self.at(known_until + DAY, 0) if known_until < LAST_DAY else datetime.max.replace(tzinfo=UTC)
        self._lay_out()

    def _lay_out(self) -> None:
        day, total = FIRST_DAY, 0
        while day <= LAST_DAY:
            if self.is_working_day(day):
                for first, last in self._windows:
                    start, end = self._second(day, first), self._second(day, last)
                    self._starts.append(start)
                    self._ends.append(end)
                    self._before.append(total)
                    total += end - start
            day += DAY

    def _second(self, day: date, minute: int) -> int:
        return int(datetime.combine(day, time(minute // 60, minute % 60), self.zone).timestamp())

    def is_working_day(self, day: date) -> bool:
        """Whether `day` (local) is worked: make-up days are, holidays are not."""
        return day in self._make_up or (day.isoweekday() in self._weekdays and day not in self.days_off)

    def is_make_up(self, day: date) -> bool:
        """Whether `day` is worked in exchange for a holiday."""
        return day in self._make_up

    def local_day(self, at: datetime) -> date:
        """The date in this zone."""
        return at.astimezone(self.zone).date()

    def at(self, day: date, minute: int) -> datetime:
        """The time `minute` minutes of wall clock into local `day`, UTC; 1440 is the day's end."""
        found = self._told.get((day, minute))
        if found is None:
            days, rest = divmod(minute, 1440)
            local = datetime.combine(day + days * DAY, time(rest // 60, rest % 60), self.zone)
            if len(self._told) >= _TOLD_MAX:
                self._told.clear()
            found = self._told[day, minute] = local.astimezone(UTC)
        return found

    def provisional(self, at: datetime) -> bool:
        """Whether `at` lies beyond what is known of holidays."""
        return at >= self._known_end

    def add(self, start: datetime, minutes: int) -> datetime:
        """The earliest time by which `minutes` working minutes have passed since `start`."""
        wanted = self._counted(start.timestamp()) + minutes * 60
        i = max(bisect_left(self._before, wanted) - 1, 0)
        return datetime.fromtimestamp(self._starts[i] + wanted - self._before[i], UTC)

    def subtract(self, end: datetime, minutes: int) -> datetime:
        """The latest time from which `minutes` working minutes pass until `end`."""
        wanted = self._counted(end.timestamp()) - minutes * 60
        i = max(bisect_right(self._before, wanted) - 1, 0)
        return datetime.fromtimestamp(self._starts[i] + wanted - self._before[i], UTC)

    def minutes(self, start: datetime, end: datetime) -> int:
        """Working minutes from `start` to `end`, rounded down."""
        return int(self._counted(end.timestamp()) - self._counted(start.timestamp())) // 60

    def intervals(self, start: datetime, end: datetime) -> list[Interval]:
        """The stretches of working time between `start` and `end`."""
        first, last = start.timestamp(), end.timestamp()
        found = []
        for i in range(max(bisect_right(self._starts, first) - 1, 0), bisect_left(self._starts, last)):
            a, b = max(first, self._starts[i]), min(last, self._ends[i])
            if a < b:
                moments = datetime.fromtimestamp(a, UTC), datetime.fromtimestamp(b, UTC)
                found.append(Interval(*moments, int(b - a) // 60))
        return found

    def next_working_day(self, after: date) -> date:
        """The first working day after local date `after`."""
        for n in range(1, DAYS_LOOKED_AT_MAX):
            if self.is_working_day(after + n * DAY):
                return after + n * DAY
        raise ValueError(f"calendar {self.name}: no working day within {DAYS_LOOKED_AT_MAX} days of {after}")

    def closing_before(self, end: datetime) -> datetime:
        """The last close of business at or before `end`."""
        i = bisect_right(self._ends, end.timestamp()) - 1
        if i < 0:
            raise ValueError(f"{end:%Y-%m-%d} lies before the calendar")
        return datetime.fromtimestamp(self._ends[i], UTC)

    def _counted(self, at: float) -> float:
        """Working seconds from the calendar's beginning to `at`."""
        i = bisect_right(self._starts, at) - 1
        if i < 0 or at > self._ends[-1]:
            raise ValueError(f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d} lies outside the calendar {self.name}")
        return self._before[i] + min(at, self._ends[i]) - self._starts[i]


def grid_down(at: datetime) -> datetime:
    """`at`, or the quarter of an hour before it."""
    return datetime.fromtimestamp(at.timestamp() // GRID_S * GRID_S, UTC)


def grid_up(at: datetime) -> datetime:
    """`at`, or the quarter of an hour after it."""
    return datetime.fromtimestamp(-(-at.timestamp() // GRID_S) * GRID_S, UTC)
