"""Times told in a text: how long the customer has waited, what was promised, and what time they give us, zh and en."""

from datetime import date
from typing import Final

from msgspec import Struct

from services.routing.rules import dates_en, dates_zh
from services.routing.rules.times import TimeKind, Told
from shared.events.envelope import Language
from shared.events.routing import Evidence

_WAITED_HOURS_MAX: Final = 24 * 366 * 20  # more is a misread number

_SIGNALS: Final[dict[TimeKind, str]] = {
    "passed": "told_waited",
    "deadline": "told_deadline",
    "promised": "told_promised",
}


class Times(Struct, frozen=True):
    """Hours: the longest time told as passed, the shortest deadline given, the shortest time promised; None: not told."""

    waited_hours: int | None = None
    deadline_hours: int | None = None
    promised_hours: int | None = None
    evidence: tuple[Evidence, ...] = ()


NO_TIMES: Final = Times()


def read_times(text: str, today: date, *, lang: Language) -> Times:
    """What `text` (lower case, simplified) tells about times, seen from `today`. Looks at the first 200 places of each form."""
    told = [] if text.isascii() else dates_zh.told(text, today)
    if lang == "en" or text.isascii():
        told += dates_en.told(text, today)
    if not told:
        return NO_TIMES
    by_kind: dict[TimeKind, Told] = {}
    for one in told:
        if not 0 < one.hours <= _WAITED_HOURS_MAX:
            continue
        best = by_kind.get(one.kind)
        if best is None or (one.hours > best.hours) == (one.kind == "passed"):
            by_kind[one.kind] = one
    return Times(
        waited_hours=_hours(by_kind, "passed"),
        deadline_hours=_hours(by_kind, "deadline"),
        promised_hours=_hours(by_kind, "promised"),
        evidence=tuple(Evidence(_SIGNALS[kind], one.start, one.end) for kind, one in by_kind.items()),
    )


def _hours(by_kind: dict[TimeKind, Told], kind: TimeKind) -> int | None:
    one = by_kind.get(kind)
    return one.hours if one else None
