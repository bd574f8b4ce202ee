"""Times told in English: 3 weeks ago, for over a month, since May 3, within 24 hours, by Friday."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Final

from services.routing.rules.numerals import english_number, number_before
from services.routing.rules.times import (
    DAY_H,
    MONTH_H,
    PLACES_MAX,
    WEEK_H,
    YEAR_H,
    TimeKind,
    Told,
    hours_since,
    hours_since_weekday,
    hours_to_weekday,
    last_day,
    next_day,
)

_LOOK_BACK: Final = 60
_UNIT: Final = re.compile(r"(?:hour|hr|day|week|wk|month|year|yr)s?\b")
_UNIT_HOURS: Final = {
    "ho": 1,
    "hr": 1,
    "da": DAY_H,
    "we": WEEK_H,
    "wk": WEEK_H,
    "mo": MONTH_H,
    "ye": YEAR_H,
    "yr": YEAR_H,
}
_SEVERAL: Final = 3  # "for weeks"
_KINDS_OF_DAY: Final = frozenset(
    {"business", "working", "full", "whole", "consecutive", "straight", "long", "entire", "half"}
)
_NUMBER_WORDS: Final = _KINDS_OF_DAY | frozenset(
    [
        "a",
        "an",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "fifteen",
        "twenty",
        "thirty",
        "few",
        "several",
        "couple",
        "of",
        "and",
    ]
)
_WAITED_BEFORE: Final = re.compile(
    r"(?:\b(?:for|after|been|waited|waiting|took|taken|taking|lasted|down|out|past|last|spent|wasted)"
    r"(?: (?:over|more than|almost|nearly|about|at least|the|last|past|these|another|well|up to|now|like))*) ?$"
)
_WAITED_AFTER: Final = re.compile(
    r" ?(?:ago|now|later|without|overdue|and (?:still|counting|no)|with no|of waiting|wait\b|has passed|have passed|passed)"
)
_NOT_WAITING: Final = re.compile(
    r"customer|contract|promotion|agreement|guarante|discount|subscri|with you|every|warranty|per\b|locked"
)
_WITHIN: Final = re.compile(r"\b(?:within|in the next|give you|you have|have you|no later than)(?: the next)? ?$")
_PROMISED: Final = re.compile(r"promis|told|said|says|assur|guarante|would|they'd|supposed|quoted|scheduled")
_CLAUSE_END: Final = re.compile(r"[,.;:!?]| but | or | and i ")
_SINCE: Final = re.compile(
    r"since (?:about |around |early |late |last )*(?:(monday|tuesday|wednesday|thursday|friday|saturday|sunday)|(yesterday)|(week|month|year)"
    r"|(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?(?: (\d{1,2})(?:st|nd|rd|th)?)?(?:,? (\d{4}))?|(\d{1,2})[/-](\d{1,2})(?:[/-](\d{2,4}))?)"
)
_BY: Final = re.compile(
    r"by (?:this |next |the )?(?:(monday|tuesday|wednesday|thursday|friday|saturday|sunday)|(today|tonight|tomorrow|end of (?:the )?(?:day|week|month)|cob)"
    r"|(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.? (\d{1,2})(?:st|nd|rd|th)?)\b"
)
_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENDS: Final = {"today": DAY_H, "tonight": DAY_H, "tomorrow": 2 * DAY_H, "cob": DAY_H}


def told(text: str, today: date) -> Iterator[Told]:
    """Every time told, in no particular order; times that say neither are passed over ("a 2 year contract")."""
    for match in islice(_UNIT.finditer(text), PLACES_MAX):
        yield from _duration(text, match)
    for match in islice(_SINCE.finditer(text), PLACES_MAX):
        hours = _since_hours(match, today)
        if hours:
            yield Told("passed", hours, match.start(), match.end())
    for match in islice(_BY.finditer(text), PLACES_MAX):
        hours = _by_hours(match, today)
        if hours:
            before = _clause(text[max(0, match.start() - _LOOK_BACK) : match.start()])
            yield Told(_due_kind(before), hours, match.start(), match.end())


def _duration(text: str, unit: re.Match[str]) -> Iterator[Told]:
    start = unit.start()
    if start and text[start - 1].isalnum() and not text[start - 1].isdigit():
        return  # "birthday"
    before = text[max(0, start - _LOOK_BACK) : start]
    lead = _lead(before)
    words = _without_kind_of_day(before[len(lead) :])
    number = number_before(words, len(words)) or english_number(words)
    if not number and unit[0].endswith("s"):
        number = _SEVERAL * 100
    kind = _kind(lead, text[unit.end() : unit.end() + _LOOK_BACK])
    if kind and number:
        begin = start - len(before[len(lead) :].lstrip())
        yield Told(kind, number * _UNIT_HOURS[unit[0][:2]] // 100, begin, unit.end())


def _lead(before: str) -> str:
    """`before` without the number at its end."""
    while before:
        rest, _, word = before.rstrip(" -").rpartition(" ")
        word = word.rpartition("-")[2]
        if word not in _NUMBER_WORDS and not word[:1].isdigit():
            break
        before = rest
    return before


def _without_kind_of_day(number: str) -> str:
    words = number.replace("-", " ").split()
    while words and words[-1] in _KINDS_OF_DAY:
        words.pop()
    return " ".join(words)


def _kind(lead: str, after: str) -> TimeKind | None:
    if _WITHIN.search(lead):
        return _due_kind(lead)
    if _NOT_WAITING.search(lead[-25:]) or _NOT_WAITING.search(after[:15]):
        return None
    return "passed" if _WAITED_AFTER.match(after) or _WAITED_BEFORE.search(lead) else None


def _due_kind(before: str) -> TimeKind:
    return "promised" if _PROMISED.search(_clause(before)) else "deadline"


def _clause(before: str) -> str:
    """What stands in the same clause."""
    return _CLAUSE_END.split(before)[-1]


def _since_hours(match: re.Match[str], today: date) -> int:
    weekday, yesterday, unit, month, day, year, first, second, short_year = match.groups()
    if weekday:
        return hours_since_weekday(today, _WEEKDAYS.index(weekday))
    if yesterday:
        return DAY_H
    if unit:
        return _UNIT_HOURS[unit[:2]]
    if month:
        number, day_number, full = _MONTHS.index(month) + 1, int(day or 1), int(year) if year else None
    else:
        number, day_number, full = int(first), int(second), int(short_year) if short_year else None
        full = full + 2000 if full is not None and full < 100 else full
    since = last_day(today, month=number, day=day_number, year=full)
    return hours_since(since, today) if since else 0


def _by_hours(match: re.Match[str], today: date) -> int:
    weekday, end, month, day = match.groups()
    if weekday:
        return hours_to_weekday(today, _WEEKDAYS.index(weekday))
    if end:
        return _ENDS.get(end) or (DAY_H if end.endswith("day") else WEEK_H if end.endswith("week") else MONTH_H)
    due = next_day(today, month=_MONTHS.index(month) + 1, day=int(day))
    return hours_since(today, due) + DAY_H if due else 0
