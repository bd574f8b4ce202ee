"""Times from outside: a zone for those that have none, UTC for all, and what is too far off to be believed."""

from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache, lru_cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from services.intake.model import Refused

YEAR_MIN: Final = 1990
YEAR_MAX: Final = 2100
CLOCK_SKEW: Final = timedelta(minutes=5)  # how far a channel's clock may be ahead of ours
LONG_AGO: Final = timedelta(days=2 * 365)


@cache
def _names() -> frozenset[str]:
    return frozenset(available_timezones())


@lru_cache(maxsize=1_000)
def zone(name: str) -> tzinfo:
    """The IANA time zone `name`; raises Refused."""
    if name not in _names():
        raise Refused("time_zone_unknown", path="$.time_zone")
    return ZoneInfo(name)


def utc(time: datetime, time_zone: str, *, path: str) -> datetime:
    """`time` in UTC; one without a zone is local time of `time_zone`. Raises Refused outside 1990 to 2100."""
    if not YEAR_MIN <= time.year < YEAR_MAX:
        raise Refused("time_out_of_range", path=path)
    if time.tzinfo is UTC:
        return time
    return (time if time.tzinfo else time.replace(tzinfo=zone(time_zone))).astimezone(UTC)


def happened(stated: datetime | None, *, accepted_at: datetime, time_zone: str) -> tuple[datetime, str]:
    """When it happened (UTC), and the code of a finding or "".

    What was not stated happened when we took it; so did what claims to be in the future, but that is a finding.
    """
    if stated is None:
        return accepted_at, ""
    at = utc(stated, time_zone, path="$.occurred_at")
    if at > accepted_at:
        return (accepted_at, "occurred_in_future") if at > accepted_at + CLOCK_SKEW else (accepted_at, "")
    return at, "occurred_long_ago" if at < accepted_at - LONG_AGO else ""
