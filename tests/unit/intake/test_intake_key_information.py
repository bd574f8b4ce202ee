"""Key information: what is missing for a cause, and what contradicts what."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.intake.key_table import key_table
from services.intake.rules.checks import Context, bill_month
from services.intake.rules.key_information import finding_texts, key_findings, unknown_names
from shared.events.intake import KeyFacts, KeyFinding, Stated
from tests.builders.common import T0

CONTEXT = Context(occurred_at=T0, zone=ZoneInfo("Asia/Shanghai"))  # 2 March 2026


def found(facts: KeyFacts, *, text: str = "", **stated: Any) -> set[tuple[str, str]]:
    findings = key_findings(key_table(), facts=facts, stated=Stated(**stated), text=text, context=CONTEXT)
    return {(finding.code, finding.field) for finding in findings}


@pytest.mark.parametrize(
    ("stated", "text", "missing"),
    [
        ({"cause": "product", "sub_cause": "terminal_quality"}, "", {"model", "purchased_on"}),
        ({"cause": "product", "sub_cause": "broadband"}, "", {"fault_started_at", "has_address"}),
        ({"cause": "product"}, "", {"product"}),
        ({"cause": "product", "sub_cause": "unheard of"}, "", {"product"}),
        ({"cause": "efficiency"}, "", {"has_order_number", "appointment_at"}),
        ({"cause": "price"}, "", {"bill_month", "amount_minor"}),
        ({"cause": "attitude"}, "手机坏了", set()),
        ({}, "宽带断网三天，信号也没有", {"fault_started_at", "has_address"}),
        ({}, "My internet is down, outage since monday", {"fault_started_at", "has_address"}),
        ({}, "账单多收了话费", {"bill_month", "amount_minor"}),
        ({}, "你好", set()),
    ],
)
def test_what_is_missing_depends_on_the_cause(stated: dict[str, str], text: str, missing: set[str]) -> None:
    assert {("missing", field) for field in missing} == found(KeyFacts(), text=text, **stated)


def test_what_is_there_is_not_missing() -> None:
    facts = KeyFacts(fault_started_at=T0 - timedelta(days=1), has_address=True)

    assert set() == found(facts, cause="product", sub_cause="line_fault")


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"purchased_on": day("2026-03-03")}, "bought_after_complaint"),
        ({"purchased_on": day("2024-01-10"), "account_purchased_on": day("2023-01-10")}, "year_off_by_one"),
        ({"purchased_on": day("2025-01-02"), "account_purchased_on": day("2023-12-28")}, "year_off_by_one"),
        ({"purchased_on": day("2025-06-01"), "account_purchased_on": day("2025-02-01")}, "purchase_date_differs"),
        ({"purchased_on": day("2026-02-20"), "fault_started_at": T0 - timedelta(days=30)}, "fault_before_purchase"),
        ({"purchased_on": day("2026-02-20"), "appointment_at": T0 - timedelta(days=30)}, "appointment_before_purchase"),
        ({"fault_started_at": T0 + timedelta(seconds=1)}, "fault_after_complaint"),
        ({"amount_minor": 10_001, "billed_minor": 10_000}, "amount_above_bill"),
        ({"bill_month": "2026-04"}, "bill_after_complaint"),
        ({"bill_month": "last month"}, "bill_month_unreadable"),
    ],
)
def test_contradictions(facts: dict[str, Any], code: str) -> None:
    assert {code} == {found_code for found_code, _ in found(KeyFacts(**facts))}


@pytest.mark.parametrize(
    "facts",
    [
        {"purchased_on": day("2026-03-02")},
        {"purchased_on": day("2024-01-10"), "account_purchased_on": day("2024-01-25")},
        {"amount_minor": 10_000, "billed_minor": 10_000},
        {"amount_minor": 10_000},
        {"bill_month": "2026-03"},
        {"purchased_on": day("2026-02-20"), "fault_started_at": datetime.fromisoformat("2026-02-20T00:30+08:00")},
    ],
)
def test_what_fits_is_no_finding(facts: dict[str, Any]) -> None:
    assert set() == found(KeyFacts(**facts))


def test_the_warranty_counts_for_devices_only() -> None:
    facts = KeyFacts(model="X", product="phone", purchased_on=day("2025-03-01"))

    assert {("warranty_over", "purchased_on")} == found(facts, cause="product", sub_cause="terminal_quality")
    assert set() == found(facts, cause="product")


@pytest.mark.parametrize(
    ("written", "month"),
    [
        ("202401", "2024-01"),
        ("2024-1", "2024-01"),
        ("2024年12月", "2024-12"),
        ("2024/13", None),
        ("24-01", None),
        ("", None),
    ],
)
def test_bill_months(written: str, month: str | None) -> None:
    assert month == bill_month(written)


def test_every_finding_has_both_texts() -> None:
    table = key_table()

    assert [] == unknown_names(table)
    for code in table.findings:
        words = finding_texts(table, KeyFinding(code, "purchased_on"))
        assert words.zh.endswith("：购买日期") and words.en.endswith(": purchase date")
