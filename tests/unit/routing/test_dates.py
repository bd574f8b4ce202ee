"""Times told: how long it has been, what was promised, what time the customer gives, zh and en."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.routing.rules import dates
from services.routing.rules.dates import NO_TIMES, Times

MONDAY = date(2026, 1, 5)
DAY, WEEK, MONTH, YEAR = 24, 7 * 24, 30 * 24, 365 * 24


def read_times(text: str, today: date) -> Times:
    return dates.read_times(text, today, lang="en" if text.isascii() else "zh")


@pytest.mark.parametrize(
    ("hours", "text"),
    [
        (3 * DAY, "等了三天了还没人来"),
        (2 * MONTH, "两个月前就报修了"),
        (MONTH // 2, "已经半个月没网"),
        (MONTH * 3 // 2, "一个半月了"),
        (3 * WEEK, "断了三个多星期"),
        (13 * DAY, "十几天了"),
        (16 * DAY, "从12月20日报修到现在"),
        (16 * DAY, "12月20号报修"),
        (YEAR, "一年了"),
        (MONTH * 5 // 2, "两个半月没人管"),
        (YEAR // 2, "半年了"),
        (WEEK, "从上周开始断网"),
        (DAY, "昨天报修"),
        (5, "等了5个小时"),
        (3 * WEEK, "it is down for 3 weeks"),
        (3 * DAY, "i called three days ago"),
        (MONTH, "for over a month"),
        (3 * WEEK, "waiting for weeks"),
        (10 * DAY, "no internet for the past 10 days"),
        (247 * DAY, "since may 3"),
        (WEEK, "since monday"),
        (16 * DAY, "since 12/20/2025"),
    ],
)
def test_how_long_it_has_been(hours: int, text: str) -> None:
    assert hours == read_times(text, MONDAY).waited_hours


@pytest.mark.parametrize(
    ("hours", "text"),
    [
        (3 * DAY, "三天内必须给我答复"),
        (2, "限你们2小时内回复"),
        (5 * DAY, "周五之前必须解决"),
        (2 * DAY, "明天之前不解决我就去消协"),
        (6 * DAY, "1月10日前给我退款"),
        (DAY, "within 24 hours"),
        (5 * DAY, "fix it by friday"),
        (2 * DAY, "by tomorrow"),
        (5 * DAY, "they promised a call, fix it by friday or else"),
    ],
)
def test_the_time_the_customer_gives_us(hours: int, text: str) -> None:
    assert (hours, None) == (read_times(text, MONDAY).deadline_hours, read_times(text, MONDAY).waited_hours)


@pytest.mark.parametrize(
    ("hours", "text"),
    [
        (24, "说好24小时内上门"),
        (3 * DAY, "承诺3个工作日内处理"),
        (5 * DAY, "they promised a refund within 5 business days"),
    ],
)
def test_what_was_promised_is_no_deadline(hours: int, text: str) -> None:
    assert (hours, None) == (read_times(text, MONDAY).promised_hours, read_times(text, MONDAY).deadline_hours)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "合约两年",
        "用了十年了",
        "用你们宽带七年了",
        "一个月才能用完的流量",
        "服务将在2个小时内停止",
        "去年装的",
        "每月10元",
        "七天无理由退货",
        "a 2 year contract",
        "customer for 10 years",
    ],
)
def test_other_times_tell_nothing(text: str) -> None:
    assert NO_TIMES == read_times(text, MONDAY)


def test_of_several_the_longest_wait_and_the_shortest_deadline_count() -> None:
    times = read_times("等了三天,已经两个月没信号,限你们5天内回复,24小时内给我答复", MONDAY)
    assert (2 * MONTH, 24) == (times.waited_hours, times.deadline_hours)


def test_a_time_is_shown_where_it_stands() -> None:
    text = "我家断网已经三天了"
    (evidence,) = read_times(text, MONDAY).evidence
    assert ("told_waited", "三天") == (evidence.signal, text[evidence.start : evidence.end])


@given(
    st.text(alphabet="一二三十0123456789天日月年周前了内说从上昨个半since by for within day weeks ago,。/", max_size=80)
)
def test_no_text_is_too_odd(text: str) -> None:
    for hours in (t := read_times(text, MONDAY)).waited_hours, t.deadline_hours, t.promised_hours:
        assert hours is None or hours > 0
