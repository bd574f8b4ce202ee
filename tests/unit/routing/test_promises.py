"""Promised times per kind and severity, and the regulators' clocks that run."""

from datetime import UTC, datetime
from typing import Any

import pytest

from shared.events.intake import KeyFacts, Stated
from tests.unit.routing.bench import fired, judge

FIRST_PROGRESS_RESULT = ["first_response", "progress", "resolution"]


@pytest.mark.parametrize(
    "text",
    [
        "电线漏电触电",
        "我已经向工信部投诉了",
        "再不解决我就去工信部投诉",
        "断网一个月了还没解决,投诉三次,气死了",
        "宽带太慢",
        "关于昨天的事",
    ],
)
def test_a_complaint_gets_three_promises_progress_before_half(text: str) -> None:
    promises = judge(text).decision.promises
    assert FIRST_PROGRESS_RESULT == [p.kind for p in promises]
    first, progress, result = (p.minutes for p in promises)
    assert 0 < first < progress < result / 2
    assert len({p.working for p in promises}) == 1


def test_the_more_serious_the_sooner() -> None:
    verdicts = [
        judge(t)
        for t in ("电线漏电触电", "我已经向工信部投诉了", "再不解决我就去工信部投诉", "宽带太慢", "关于昨天的事")
    ]
    assert ["S1", "S1", "S2", "S3", "S4"] == [v.decision.severity for v in verdicts]
    firsts = [v.decision.promises[0].minutes for v in verdicts]
    assert firsts == sorted(set(firsts))


@pytest.mark.parametrize("text", ["你好,请问5G套餐多少钱?", "建议你们推出夜间流量包", "感谢师傅,表扬!"])
def test_what_is_no_complaint_gets_one_promise_of_its_own(text: str) -> None:
    decision = judge(text).decision
    assert ["resolution"] == [p.kind for p in decision.promises]
    assert () == decision.clocks


def test_noise_gets_none() -> None:
    decision = judge("。。").decision
    assert ((), (), "frontline") == (decision.promises, decision.clocks, decision.responsibility)


def test_major_complaints_run_day_and_night() -> None:
    assert not any(p.working for p in judge("电线漏电触电").decision.promises)


@pytest.mark.parametrize(
    ("clock", "days", "quality", "given"),
    [
        ("cn.miit.reply", 15, "primary", {"lang": "zh"}),
        ("us.fcc", 30, "primary", {"lang": "en", "channel": "regulator"}),
        ("uk.ofcom.adr.eight_weeks", 56, "secondary", {"lang": "en", "key_facts": KeyFacts(currency="GBP")}),
    ],
)
def test_the_law_of_the_place_runs(clock: str, days: int, quality: str, given: dict[str, Any]) -> None:
    verdict = judge("broadband is slow", **given)
    assert [(clock, days, quality)] == [(c.id, c.days, c.source_quality) for c in verdict.decision.clocks]
    assert [clock] == fired(verdict, "clocks")


@pytest.mark.parametrize(
    ("clocks", "given"),
    [
        ([("au.ack", 2, True), ("au.propose", 10, True)], {}),
        ([("au.ack", 2, True), ("au.urgent", 2, True), ("au.propose", 10, True)], {"stated": Stated(vulnerable=True)}),
    ],
)
def test_several_clocks_may_run_at_once(clocks: list[tuple[str, int, bool]], given: dict[str, Any]) -> None:
    verdict = judge("broadband is slow", lang="en", key_facts=KeyFacts(currency="AUD"), **given)
    assert clocks == [(c.id, c.days, c.working) for c in verdict.decision.clocks]


def test_an_english_complaint_that_came_to_us_runs_no_fcc_clock() -> None:
    assert () == judge("My internet is slow", channel="web").decision.clocks


@pytest.mark.parametrize(
    ("weeks", "received_at"),
    [
        (8, datetime(2026, 4, 7, 22, 59, tzinfo=UTC)),  # 23:59 in London
        (6, datetime(2026, 4, 7, 23, 0, tzinfo=UTC)),  # midnight in London: the new law
    ],
)
def test_a_clock_is_the_one_in_force_on_the_day_of_receipt(weeks: int, received_at: datetime) -> None:
    clocks = judge("slow", lang="en", key_facts=KeyFacts(currency="GBP"), received_at=received_at).decision.clocks
    assert [weeks * 7] == [c.days for c in clocks]


@pytest.mark.parametrize(
    ("clock", "received_at"),
    [
        ("cn.miit.reply.until_2016", datetime(2016, 7, 29, 15, 59, tzinfo=UTC)),  # 23:59 in Shanghai
        ("cn.miit.reply", datetime(2016, 7, 29, 16, 0, tzinfo=UTC)),
    ],
)
def test_the_rules_of_the_day_bind_in_china_too(clock: str, received_at: datetime) -> None:
    assert [clock] == [c.id for c in judge("宽带太慢", received_at=received_at).decision.clocks]


def test_a_disabled_example_never_runs() -> None:
    facts = KeyFacts(case_number_of="government_hotline")
    assert ["cn.miit.reply"] == [c.id for c in judge("宽带太慢", key_facts=facts).decision.clocks]
