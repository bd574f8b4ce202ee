"""Times told in Chinese: 等了三天, 两个月前, 3月5日报修到现在, 三天内给我答复, 说好24小时内上门."""

import re
from datetime import date
from itertools import islice
from typing import Final

from services.routing.rules.numerals import NUMERAL_CHARS, number_before, numeral
from services.routing.rules.times import (
    DAY_H,
    MONTH_H,
    PLACES_MAX,
    WEEK_H,
    YEAR_H,
    TimeKind,
    Told,
    hours_since,
    hours_to_weekday,
    last_day,
    next_day,
)

_LOOK_BACK: Final = 12
_N: Final = f"[{NUMERAL_CHARS}]"
_UNIT_HOURS: Final = {"小时": 1, "钟头": 1, "天": DAY_H, "日": DAY_H, "工作日": DAY_H, "周": WEEK_H, "星期": WEEK_H, "礼拜": WEEK_H,
                      "月": MONTH_H, "年": YEAR_H}  # fmt: skip
_UNIT: Final = re.compile(
    rf"[天日周年月小钟工星礼](?<=[{NUMERAL_CHARS}个多余来半 ].)(?:时|头|作日|期|拜)?(?<!月.日)(?<!月..日)"
)
"""Begins with one set, by which a search passes over everything else at once."""
_BEFORE_MONTH: Final = "个半多余来 "  # a month needs its measure word: 三个月, as 三月 is March
_ABOUT: Final = "多余来 "
_NUMBER_LENGTH_MAX: Final = 8  # characters of a number
_DAY: Final = re.compile(rf"月({_N}{{1,3}})[日号]")
_BY_THEN: Final = ("前", "之前", "以前")
_YEAR_CHARS: Final = NUMERAL_CHARS + "年"
_YEAR_BEFORE: Final = re.compile(rf"({_N}{{2,4}})年\Z")
_NAMED: Final = re.compile(
    r"(昨[天日晚]|前天|大前天|上周|上星期|上礼拜|上个?月|去年|前年|月初|年初|今天|今晚|明天|后天|周[一二三四五六日末]|月底)"
)
_NAMED_HOURS: Final = {"昨天": DAY_H, "昨日": DAY_H, "昨晚": DAY_H, "前天": 2 * DAY_H, "大前": 3 * DAY_H, "上周": WEEK_H,
                       "上星": WEEK_H, "上礼": WEEK_H, "上月": MONTH_H, "上个": MONTH_H, "去年": YEAR_H, "前年": 2 * YEAR_H}  # fmt: skip
"""By the first two characters."""
_DUE: Final = ("之前", "以前", "前", "必须", "务必", "之内", "下班前", "内", "再不")
_WEEKDAYS: Final = "一二三四五六日"

_NOT_WAITING: Final = re.compile(
    r"用(?![不完掉户])|入网|网龄|合约|协议|签了|交了|充了|存了|送了|买了|预存|包年|老用户|免费|有效|保修|每|第|满"
)
_NOT_WAITING_HINT: Final = frozenset("用入网合协签交充存送买预包老免有保每第满")
_WAITED_BEFORE: Final = (
    "已经",
    "已",
    "都",
    "等",
    "拖",
    "快",
    "近",
    "整整",
    "足足",
    "长达",
    "历时",
    "了",
    "过",
    "超过",
    "最近",
)
_HEDGES: Final = ("快", "将近", "整整", "差不多", "至少", "大概", "有", "我")
_WAITED_AFTER: Final = re.compile(
    r"(?:了|以?来|[之以]?前|过去|没|还[没不未]|仍|都[没不未]|后[还仍都才也]|才(?!能)|未|一直)(?!内)"
)
_AFTER_FIRST: Final = frozenset("了以来之前过没还仍都后才未一")
_BEFORE_LAST: Final = frozenset(word[-1] for word in (*_WAITED_BEFORE, *_HEDGES))
_WITHIN_FIRST: Final = frozenset("内之以里")
_AFTER_ANY: Final = _AFTER_FIRST | _WITHIN_FIRST | frozenset("多半")
_COUNTING: Final = NUMERAL_CHARS + "个半多余来 "
_WITHIN: Final = re.compile(r"[之以]?内|里(?=给|必)")
_PROMISED: Final = re.compile(r"承诺|答应|说|告知|告诉|回复|保证|许诺|通知|称")
_GIVEN_BEFORE: Final = re.compile(r"限|请|要求|必须|务必|希望|望|给你|最[迟晚]|如果|若|再|要是|[请须]在|烦")
_GIVEN_AFTER: Final = re.compile(
    r"[之以]?(?:内|前)?[,，]?(?:必须|务必|给|不给|不解决|不处理|不退|要|如|没有?[答回]复|回复|答复|解决|处理|修好|退|联系|搞定|再不)"
)
_SINCE_BEFORE: Final = frozenset("从自打")
_SINCE_AFTER: Final = re.compile(
    r"(?:早上|上午|下午|晚上|晚)?(?:就|我|在)?(?:开始|起|到现在|至今|以来|报修|报障|报装|投诉|申请|打|反映|办|预约|下单|申报)"
)


def told(text: str, today: date) -> list[Told]:
    """Every time told, in no particular order; times that say neither are passed over (合约两年, 用了十年)."""
    found: list[Told | None] = []
    for match in islice(_UNIT.finditer(text), PLACES_MAX):
        start, end = match.span()
        unit_hours = _UNIT_HOURS.get(match[0])
        if unit_hours and (unit_hours != MONTH_H or text[start - 1] in _BEFORE_MONTH):
            found.append(_duration(text, start, end, unit_hours))
    if "月" in text:
        found += [_on_day(text, match, today) for match in islice(_DAY.finditer(text), PLACES_MAX)]
    found += [_on_named_day(text, match, today) for match in islice(_NAMED.finditer(text), PLACES_MAX)]
    return [one for one in found if one]


def _duration(text: str, unit_start: int, end: int, unit_hours: int) -> Told | None:
    """三天, 两个多月, 一个半月, 半年."""
    first = max(0, unit_start - _LOOK_BACK)
    head = text[first:unit_start]
    if text[end : end + 1] not in _AFTER_ANY and head.rstrip(_COUNTING)[-1:] not in _BEFORE_LAST:
        return None  # neither what follows nor what leads says that it is told: most are passed over here
    head = head.rstrip(_ABOUT)
    half = head.endswith("个半")
    counted = head[:-2] if half else head.removesuffix("个").rstrip(_ABOUT)
    number = counted[len(counted.rstrip(NUMERAL_CHARS)) :].lstrip(".,")
    start = first + len(counted) - len(number)
    if not number or len(number) > _NUMBER_LENGTH_MAX:
        return None
    kind = _kind(text, start, end + text.startswith(("多", "半"), end))
    return Told(kind, (numeral(number) + (50 if half else 0)) * unit_hours // 100, start, end) if kind else None


def _kind(text: str, start: int, end: int) -> TimeKind | None:
    if text[end : end + 1] in _WITHIN_FIRST and _WITHIN.match(text, end):
        before = _clause_before(text, start)
        if _PROMISED.search(before):
            return "promised"
        return "deadline" if _GIVEN_BEFORE.search(before) or _GIVEN_AFTER.match(text, end) else None
    waited = text[end : end + 1] in _AFTER_FIRST and _WAITED_AFTER.match(text, end)
    if not waited and (
        text[start - 1 : start] not in _BEFORE_LAST or not _has_waited(text[max(0, start - _LOOK_BACK) : start])
    ):
        return None
    before = _clause_before(text, start)
    return "passed" if _NOT_WAITING_HINT.isdisjoint(before) or not _NOT_WAITING.search(before) else None


def _has_waited(before: str) -> bool:
    if before.endswith(_HEDGES):
        for hedge in _HEDGES:
            before = before.removesuffix(hedge)
    return before.endswith(_WAITED_BEFORE)


def _clause_before(text: str, start: int) -> str:
    """What stands before `start` in its clause, as far as it matters."""
    before = text[max(0, start - _LOOK_BACK) : start]
    return before.rpartition(",")[2].rpartition("。")[2].rpartition("!")[2].rpartition("?")[2]


def _on_day(text: str, match: re.Match[str], today: date) -> Told | None:
    place, end = match.span()
    head = text[max(0, place - _LOOK_BACK) : place].rstrip(NUMERAL_CHARS)
    by_then = text.startswith(_BY_THEN, end)
    if not by_then and head.rstrip(_YEAR_CHARS)[-1:] not in _SINCE_BEFORE and not _SINCE_AFTER.match(text, end):
        return None
    month, day = number_before(text, place) // 100, numeral(match[1]) // 100
    if by_then:
        due = next_day(today, month=month, day=day)
        kind: TimeKind = "promised" if _PROMISED.search(_clause_before(text, place)) else "deadline"
        return Told(kind, hours_since(today, due) + DAY_H, place - 1, end) if due else None
    named = _YEAR_BEFORE.search(head)
    since = last_day(today, month=month, day=day, year=_year(named[1]) if named else None)
    return Told("passed", hours_since(since, today), place - 1, end) if since else None


def _year(figures: str) -> int:
    """2015, 15, 二零一五."""
    digits = "".join(str(numeral(char) // 100) for char in figures)
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _on_named_day(text: str, match: re.Match[str], today: date) -> Told | None:
    name, (start, end) = match[1], match.span()
    if hours := _NAMED_HOURS.get(name[:2], 0):
        since = text[start - 1 : start] in _SINCE_BEFORE or _SINCE_AFTER.match(text, end)
        return Told("passed", hours, start, end) if since else None
    if not text.startswith(_DUE, end):
        return None
    if name[0] == "周":
        weekday = _WEEKDAYS.find(name[1])
        hours = hours_to_weekday(today, weekday if weekday >= 0 else 6)
    else:
        hours = {"今": DAY_H, "明": 2 * DAY_H, "后": 3 * DAY_H, "月": max(1, 31 - today.day) * DAY_H}.get(name[0], 0)
    if not hours or name in ("月初", "年初"):
        return None
    return Told("promised" if _PROMISED.search(_clause_before(text, start)) else "deadline", hours, start, end)
