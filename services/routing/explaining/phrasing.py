"""Times, clocks and lists in words."""

from collections.abc import Iterable
from typing import Final

from services.routing.explaining.wording import VALUES, said
from shared.events.envelope import Language
from shared.events.routing import LegalClock, PromiseTime

_DAY_MIN: Final = 1440
_WORKING_DAY_MIN: Final = 480


def joined(parts: Iterable[str], lang: Language) -> str:
    """One after the other, as the language lists things."""
    return ("、" if lang == "zh" else ", ").join(parts)


def promise_said(one: PromiseTime, lang: Language) -> str:
    """What is promised, and within what time."""
    return f"{said(VALUES, one.kind, lang)} {time_said(one.minutes, working=one.working, lang=lang)}"


def clock_said(one: LegalClock, lang: Language) -> str:
    """A regulator's clock by its row, and how far it is to be trusted."""
    zh, en = ("个工作日", "working days") if one.working else ("日", "days")
    caution = "" if one.source_quality == "primary" else f" ({said(VALUES, one.source_quality, lang)})"
    return f"{one.id} {one.days} {zh if lang == 'zh' else en}{caution}"


def time_said(minutes: int, *, working: bool, lang: Language) -> str:
    """A time granted, in the largest unit that says it exactly."""
    day = _WORKING_DAY_MIN if working else _DAY_MIN
    if minutes % day == 0:
        count, zh, en = minutes // day, "个工作日" if working else "天", "day"
    elif minutes % 60 == 0:
        count, zh, en = minutes // 60, "个工作小时" if working else "小时", "hour"
    else:
        count, zh, en = minutes, "个工作分钟" if working else "分钟", "minute"
    if lang == "zh":
        return f"{count} {zh}"
    return f"{count} {'working ' if working else ''}{en}{'s' if count != 1 else ''}"
