"""Times told in Chinese: 等了三天, 两个月前, 3月5日报修到现在, 三天内给我答复, 说好24小时内上门."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from services.routing.rules.numerals import NUMERAL_CHARS, number_before, numeral
from services.routing.rules.times import (
    DAY_H,
    MONTH_H,
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
_LOOK_AHEAD: Final = 10
_N: Final = f"[{NUMERAL_CHARS}]"
_FIRST: Final = f"[{NUMERAL_CHARS.replace('.,', '')}]"  # a pattern that begins with one set is searched for fastest
_UNIT_HOURS: Final = {"小时": 1, "钟头": 1, "天": DAY_H, "日": DAY_H, "工作日": DAY_H, "周": WEEK_H, "星期": WEEK_H, "礼拜": WEEK_H,
                      "月": MONTH_H, "年": YEAR_H}  # fmt: skip
_DURATION: Final = re.compile(
    rf"({_FIRST}{_N}{{0,7}})[多余来]?\s?个?多?(半)?(小时|钟头|工作日|天|日|周|星期|礼拜|月|年)(?:多|半(?!夜|路|价))?"
)
_DAY: Final = re.compile(rf"月({_N}{{1,3}})[日号]")
_YEAR_BEFORE: Final = re.compile(rf"({_N}{{2,4}})年\Z")
_NAMED: Final = re.compile(
    r"(昨[天日晚]|前天|大前天|上周|上星期|上礼拜|上个?月|去年|前年|月初|年初|今天|今晚|明天|后天|周[一二三四五六日末]|月底)"
)
_NAMED_HOURS: Final = {"昨天": DAY_H, "昨日": DAY_H, "昨晚": DAY_H, "前天": 2 * DAY_H, "大前": 3 * DAY_H, "上周": WEEK_H,
                       "上星": WEEK_H, "上礼": WEEK_H, "上月": MONTH_H, "上个": MONTH_H, "去年": YEAR_H, "前年": 2 * YEAR_H}  # fmt: skip
"""By the first two characters."""
_WEEKDAYS: Final = "一二三四五六日"

_NOT_WAITING: Final = re.compile(
    r"用了|使用|入网|网龄|合约|协议|签了|交了|充了|存了|送了|买了|预存|包年|老用户|免费|有效|保修|每|第|满"
)
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
    r"(?:了|以?来|[之以]?前|过去|没|还[没不未]|仍|都[没不未]|后[还仍都才也]|才|未|一直)(?!内)"
)
_WITHIN: Final = re.compile(r"[之以]?内|里(?=给|必)")
_PROMISED: Final = re.compile(r"承诺|答应|说|告知|告诉|回复|保证|许诺|通知|称")
_GIVEN_BEFORE: Final = re.compile(r"限|请|要求|必须|务必|希望|望|给你|最[迟晚]|如果|若|再|要是|在|烦")
_GIVEN_AFTER: Final = re.compile(
    r"[之以]?(?:内|前)?[,，]?(?:必须|务必|给|不给|不解决|不处理|不退|要|如|没有?[答回]复|回复|答复|解决|处理|修好|退|联系|搞定|再不)"
)
_SINCE_BEFORE: Final = ("从", "自", "打")
_SINCE_AFTER: Final = re.compile(
    r"(?:早上|上午|下午|晚上|晚)?(?:就|我|在)?(?:开始|起|到现在|至今|以来|报修|报障|报装|投诉|申请|打|反映|办|预约|下单|申报)"
)


def told(text: str, today: date) -> Iterator[Told]:
    """Every time told, in no particular order; times that say neither are passed over (合约两年, 用了十年)."""
    for match in _DURATION.finditer(text):
        if text.startswith("月", match.start() - 1):
            continue  # a day of a month
        if kind := _kind(text, match.start(), match.end()):
            number = numeral(match[1]) + (50 if match[2] else 0)
            yield Told(kind, number * _UNIT_HOURS[match[3]] // 100, match.start(), match.end())
    if "月" in text:
        for match in _DAY.finditer(text):
            yield from _on_day(text, match, today)
    for match in _NAMED.finditer(text):
        yield from _on_named_day(text, match, today)


def _kind(text: str, start: int, end: int) -> TimeKind | None:
    before = _clause_before(text, start)
    after = text[end : end + _LOOK_AHEAD]
    if _WITHIN.match(after):
        if _PROMISED.search(before):
            return "promised"
        return "deadline" if _GIVEN_BEFORE.search(before) or _GIVEN_AFTER.match(after) else None
    if (_WAITED_AFTER.match(after) or _has_waited(before)) and not _NOT_WAITING.search(before):
        return "passed"
    return None


def _has_waited(before: str) -> bool:
    if before.endswith(_HEDGES):
        for hedge in _HEDGES:
            before = before.removesuffix(hedge)
    return before.endswith(_WAITED_BEFORE)


def _clause_before(text: str, start: int) -> str:
    """What stands before `start` in its clause, as far as it matters."""
    before = text[max(0, start - _LOOK_BACK) : start]
    return before.rpartition(",")[2].rpartition("。")[2].rpartition("!")[2].rpartition("?")[2]


def _on_day(text: str, match: re.Match[str], today: date) -> Iterator[Told]:
    month, day = number_before(text, match.start()) // 100, numeral(match[1]) // 100
    head = text[max(0, match.start() - _LOOK_BACK) : match.start()].rstrip(NUMERAL_CHARS)
    named = _YEAR_BEFORE.search(head)
    start = match.start() - 1
    before, after = _clause_before(text, start), text[match.end() : match.end() + _LOOK_AHEAD]
    if after.startswith(("前", "之前", "以前")) and (due := next_day(today, month=month, day=day)):
        kind: TimeKind = "promised" if _PROMISED.search(before) else "deadline"
        yield Told(kind, hours_since(today, due) + DAY_H, start, match.end())
    elif before.rstrip(NUMERAL_CHARS + "年").endswith(_SINCE_BEFORE) or _SINCE_AFTER.match(after):
        since = last_day(today, month=month, day=day, year=_year(named[1]) if named else None)
        if since:
            yield Told("passed", hours_since(since, today), start, match.end())


def _year(figures: str) -> int:
    """2015, 15, 二零一五."""
    digits = "".join(str(numeral(char) // 100) for char in figures)
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _on_named_day(text: str, match: re.Match[str], today: date) -> Iterator[Told]:
    name = match[1]
    before, after = _clause_before(text, match.start()), text[match.end() : match.end() + _LOOK_AHEAD]
    hours = _NAMED_HOURS.get(name[:2], 0)
    if hours:
        if before.endswith(_SINCE_BEFORE) or _SINCE_AFTER.match(after):
            yield Told("passed", hours, match.start(), match.end())
        return
    if not _is_due(after):
        return
    if name.startswith("周"):
        weekday = _WEEKDAYS.find(name[1])
        hours = hours_to_weekday(today, weekday if weekday >= 0 else 6)
    else:
        hours = {"今": DAY_H, "明": 2 * DAY_H, "后": 3 * DAY_H, "月": max(1, 31 - today.day) * DAY_H}.get(name[0], 0)
    if hours and name not in ("月初", "年初"):
        yield Told("promised" if _PROMISED.search(before) else "deadline", hours, match.start(), match.end())


def _is_due(after: str) -> bool:
    return after.startswith(("之前", "以前", "前", "必须", "务必", "之内", "下班前", "内", "再不"))
