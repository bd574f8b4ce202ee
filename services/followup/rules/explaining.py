"""How a due time came about: the intervals that counted, and the days that did not, in Chinese and English."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from msgspec import Struct

from services.followup.calendar.working_time import DAY, DAYS_LOOKED_AT_MAX, DayOff, Interval, WorkingTime
from shared.events.followup import Basis, PromiseOpened


class _Text(Struct, frozen=True):
    zh: str
    en: str


_WEEKEND: Final = DayOff(zh="周末", en="weekend")
_MAKE_UP: Final = _Text(zh="调休上班日", en="make-up working day")
_BASES: Final[dict[Basis, _Text]] = {
    "working": _Text(zh="按工作时间计 {minutes} 分钟", en="{minutes} minutes of working time"),
    "elapsed": _Text(zh="按自然时间计 {minutes} 分钟", en="{minutes} minutes, day and night"),
    "legal": _Text(zh="法定期限内最后一个工作日下班时", en="the last close of business within the time the law sets"),
    "stated": _Text(zh="告知客户的时间", en="the time the customer was told"),
}
_PROVISIONAL: Final = _Text(zh="（节假日安排公布前为暂定）", en=" (provisional until the holidays are announced)")


class SpecialDay(Struct, frozen=True):
    """A day between start and due time that is not an ordinary working day."""

    day: date
    worked: bool
    zh: str
    en: str


class Explanation(Struct, frozen=True, kw_only=True):
    """The ledger of one due time. `counted` add up to `minutes`; all times are UTC, days are local."""

    promise: PromiseOpened
    time_zone: str
    calendar: str
    known_until: date
    minutes: int
    counted: tuple[Interval, ...]
    special_days: tuple[SpecialDay, ...]
    zh: str
    en: str


def explain(promise: PromiseOpened, calendar: WorkingTime) -> Explanation:
    """How `promise` came to be due when it is."""
    counted = tuple(_counted(promise, calendar))
    minutes = sum(interval.minutes for interval in counted)
    basis, also = _BASES[promise.basis], _PROVISIONAL if promise.provisional else _Text(zh="", en="")
    return Explanation(
        promise=promise, time_zone=calendar.zone.key, calendar=calendar.name, known_until=calendar.known_until,
        minutes=minutes, counted=counted, special_days=tuple(_special_days(promise, calendar)),
        zh=basis.zh.format(minutes=minutes) + also.zh, en=basis.en.format(minutes=minutes) + also.en,
    )  # fmt: skip


def _counted(promise: PromiseOpened, calendar: WorkingTime) -> list[Interval]:
    if promise.basis == "working":
        return calendar.intervals(promise.starts_at, promise.due_at)
    minutes = int((promise.due_at - promise.starts_at).total_seconds()) // 60
    return [Interval(promise.starts_at, promise.due_at, minutes)]


def _special_days(promise: PromiseOpened, calendar: WorkingTime) -> Iterator[SpecialDay]:
    first, last = calendar.local_day(promise.starts_at), calendar.local_day(promise.due_at)
    for n in range(min((last - first).days + 1, DAYS_LOOKED_AT_MAX)):
        day = first + n * DAY
        if calendar.is_make_up(day):
            yield SpecialDay(day, True, _MAKE_UP.zh, _MAKE_UP.en)
        elif not calendar.is_working_day(day):
            why = calendar.days_off.get(day, _WEEKEND)
            yield SpecialDay(day, False, why.zh, why.en)
