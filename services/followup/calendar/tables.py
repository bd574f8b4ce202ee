"""Calendars as data: one TOML table per calendar, checked when it is read, and which time zone follows which."""

from collections.abc import Mapping
from datetime import date, time
from importlib.resources import files
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from services.followup.calendar.working_time import DayOff, WorkingTime

SHIPPED: Final = ("cn", "us", "plain")
PLAIN: Final = "plain"
HOME_ZONE: Final = "Asia/Shanghai"
ZONES_MAX: Final = 700  # zone names are input: what is built for them stays bounded by the number that exist


class Holiday(Struct, frozen=True, forbid_unknown_fields=True):
    """Days off under one name."""

    zh: str
    en: str
    days: tuple[date, ...]


class CalendarTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One calendar: ISO `weekdays` (1 is Monday) and `windows` (local time) that are worked, and the exceptions.

    Dates after `known_until` follow weekdays alone and are provisional; without it all are.
    """

    name: str
    zones: tuple[str, ...] = ()
    weekdays: frozenset[int]
    windows: tuple[tuple[time, time], ...]
    known_until: date = date.min
    make_up: frozenset[date] = frozenset()
    holidays: tuple[Holiday, ...] = ()

    def __post_init__(self) -> None:
        flat = [edge for window in self.windows for edge in window]
        if not flat or flat != sorted(set(flat)) or any(edge.second or edge.minute % 15 for edge in flat):
            raise ValueError(f"calendar {self.name}: windows must ascend, on quarters of an hour")
        if not self.weekdays <= frozenset(range(1, 8)) or not self.weekdays:
            raise ValueError(f"calendar {self.name}: weekdays are 1 (Monday) to 7")


def read_table(toml: str) -> CalendarTable:
    """The calendar in `toml`; raises msgspec.ValidationError or ValueError where it is none."""
    return msgspec.toml.decode(toml, type=CalendarTable)


class Calendars:
    """The working time of every time zone, built when first asked for."""

    def __init__(self, tables: Mapping[str, CalendarTable]) -> None:
        self._plain = tables[PLAIN]
        self._of_zone = {zone: table for table in tables.values() for zone in table.zones}
        self._built: dict[str, WorkingTime] = {}

    def of(self, time_zone: str) -> WorkingTime:
        """The working time of `time_zone`; a name nobody knows counts as the home zone."""
        found = self._built.get(time_zone)
        return found if found is not None else self._build(time_zone)

    def _build(self, time_zone: str) -> WorkingTime:
        try:
            zone = ZoneInfo(time_zone)
        except (KeyError, ValueError, OSError):
            return self.of(HOME_ZONE)
        table = self._of_zone.get(time_zone, self._plain)
        built = WorkingTime(
            name=table.name, zone=zone, weekdays=table.weekdays,
            windows=tuple((_minute(start), _minute(end)) for start, end in table.windows),
            days_off={day: DayOff(zh=h.zh, en=h.en) for h in table.holidays for day in h.days},
            make_up=table.make_up, known_until=table.known_until,
        )  # fmt: skip
        if len(self._built) < ZONES_MAX:
            self._built[time_zone] = built
        return built


def _minute(of: time) -> int:
    return of.hour * 60 + of.minute


def load_calendars() -> Calendars:
    """The calendars shipped with Kesu; that of the home zone is built already, as every centre needs it."""
    room = files("services.followup.calendar")
    calendars = Calendars({name: read_table((room / f"{name}.toml").read_text("utf-8")) for name in SHIPPED})
    calendars.of(HOME_ZONE)
    return calendars
