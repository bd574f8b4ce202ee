"""Times told in a text: how long the customer has waited, what was promised, and what time they give us, zh and en."""

from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Final

from msgspec import Struct

from services.routing.rules import dates_en, dates_zh
from services.routing.rules.times import TimeKind, Told
from shared.events.routing import Evidence

_TOLD_MAX: Final = 100
_WAITED_HOURS_MAX: Final = 24 * 366 * 20  # more is a misread number

_SIGNALS: Final[dict[TimeKind, str]] = {
    "passed": "time_passed",
    "deadline": "deadline_given",
    "promised": "time_promised",
}


class Times(Struct, frozen=True):
    """Hours: the longest time told as passed, the shortest deadline given, the shortest time promised; None: not told."""

    waited_hours: int | None = None
    deadline_hours: int | None = None
    promised_hours: int | None = None
    evidence: tuple[Evidence, ...] = ()


NO_TIMES: Final = Times()


def read_times(text: str, today: date) -> Times:
    """What `text` (lower case, simplified) tells about times, seen from `today`. Looks at no more than 100 of them."""
    told = list(islice(_told(text, today), _TOLD_MAX))
    if not told:
        return NO_TIMES
    by_kind: dict[TimeKind, Told] = {}
    for one in told:
        best = by_kind.get(one.kind)
        if best is None or (one.hours > best.hours) == (one.kind == "passed"):
            by_kind[one.kind] = one
    return Times(
        waited_hours=_hours(by_kind, "passed"),
        deadline_hours=_hours(by_kind, "deadline"),
        promised_hours=_hours(by_kind, "promised"),
        evidence=tuple(Evidence(_SIGNALS[kind], one.start, one.end) for kind, one in by_kind.items()),
    )


def _told(text: str, today: date) -> Iterator[Told]:
    for one in dates_zh.told(text, today):
        if 0 < one.hours <= _WAITED_HOURS_MAX:
            yield one
    if dates_en.may_tell(text):
        for one in dates_en.told(text, today):
            if 0 < one.hours <= _WAITED_HOURS_MAX:
                yield one


def _hours(by_kind: dict[TimeKind, Told], kind: TimeKind) -> int | None:
    one = by_kind.get(kind)
    return one.hours if one else None
