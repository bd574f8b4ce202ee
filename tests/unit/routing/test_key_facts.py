"""Key information in the words, and where they contradict what was recorded."""

from datetime import UTC, date, datetime

import pytest

from shared.events.intake import KeyFacts
from tests.unit.routing.bench import RECEIVED_AT, judge


def test_facts_that_nobody_wrote_down_are_read() -> None:
    read = judge("2023年1月买的手机,订单号DX20230115,家住幸福路12号,12月份话费多扣了128元").assessment.facts_read
    assert (date(2023, 1, 1), "2025-12", 12_800) == (read.purchased_on, read.bill_month, read.amount_minor)
    assert (True, True) == (read.has_order_number, read.has_address)


def test_facts_are_read_in_english() -> None:
    read = judge("Bought on March 5, 2024, order number AB12345, 12 Maple Street, charged $45.20").assessment.facts_read
    assert (date(2024, 3, 5), 4520, "USD") == (read.purchased_on, read.amount_minor, read.currency)
    assert (True, True) == (read.has_order_number, read.has_address)


def test_a_text_without_facts_gives_none() -> None:
    assert KeyFacts() == judge("你们的服务真差").assessment.facts_read


@pytest.mark.parametrize(
    ("code", "text", "facts"),
    [
        ("year_off_by_one", "2023年1月买的手机坏了", KeyFacts(purchased_on=date(2024, 1, 15))),
        ("purchase_date_differs", "2023年1月买的手机坏了", KeyFacts(purchased_on=date(2023, 6, 1))),
        ("amount_differs", "多扣了我三百元", KeyFacts(amount_minor=3_000)),
        ("bill_month_differs", "11月份话费不对", KeyFacts(bill_month="2025-12")),
        ("fault_start_differs", "断网三个月了", KeyFacts(fault_started_at=datetime(2026, 1, 4, tzinfo=UTC))),
    ],
)
def test_a_contradiction_names_the_field(code: str, text: str, facts: KeyFacts) -> None:
    (finding,) = judge(text, key_facts=facts).assessment.contradictions
    assert (code, "text") == (finding.code, finding.against)


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("2023年1月买的手机坏了", KeyFacts(purchased_on=date(2023, 1, 20))),
        ("套餐78元,多扣了300元", KeyFacts(amount_minor=30_000)),
        ("断网三天了", KeyFacts(fault_started_at=RECEIVED_AT)),
        ("你们的服务真差", KeyFacts(amount_minor=3_000, bill_month="2025-12")),
    ],
)
def test_what_agrees_or_is_not_said_is_no_contradiction(text: str, facts: KeyFacts) -> None:
    assert () == judge(text, key_facts=facts).assessment.contradictions


def test_times_told_reach_the_assessment_with_their_evidence() -> None:
    text = "断网三天了,限你们24小时内给我答复"
    read = judge(text).assessment
    assert (72, 24, None) == (read.waited_hours, read.deadline_hours, read.promised_hours)
    told = {text[e.start : e.end] for e in read.evidence if e.signal in {"told_waited", "told_deadline"}}
    assert {"三天", "24小时"} == told
