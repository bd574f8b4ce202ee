"""The pack for any trade: its own causes, desks and clocks on the telecom pack's reading of how people speak."""

from functools import cache

import pytest

from services.routing.examining.examine import examine_folder
from services.routing.examining.findings import Report
from services.routing.model import Currency
from services.routing.policy.pack import Pack, load_pack
from services.routing.rules import decide
from shared.events.intake import KeyFacts
from shared.events.routing import History
from tests.unit.routing.bench import case_of


@cache
def general() -> Pack:
    return load_pack("general")


@cache
def checked() -> Report:
    return examine_folder("general")


def test_it_may_come_into_force_and_nothing_in_it_is_idle() -> None:
    assert [] == [one for one in checked().findings if one.gravity != "note"]
    assert checked().examples >= 10


def test_no_cause_of_a_telecom_operator_is_left() -> None:
    assert not {row.id for row in general().causes} & {"broadband", "mobile_signal", "data_traffic", "line_fault"}
    assert {"tariff", "product", "efficiency", "price", "attitude", "other"} == {row.cause for row in general().causes}


@pytest.mark.parametrize(
    ("sub_cause", "text"),
    [
        ("goods_quality", "买的鞋子穿了两天就开裂,质量太差了"),
        ("goods_differ", "衣服尺码发错了,和描述不符"),
        ("delivery_late", "包裹半个月还没到货,快递也不更新"),
        ("payment_and_refund", "定金退款拖了一个月还没到账"),
        ("goods_quality", "The washing machine arrived faulty and stopped working after a day"),
        ("payment_and_refund", "I am still waiting for my refund"),
    ],
)
def test_what_it_is_about(sub_cause: str, text: str) -> None:
    assert sub_cause == decide(case_of(text), History(), general()).assessment.sub_cause


@pytest.mark.parametrize(
    ("clocks", "product", "currency"),
    [(["uk.fca.final"], "insurance", "GBP"), (["eu.psd2.reply"], "payment", "EUR"), ([], "sofa", "GBP")],
)
def test_a_clock_runs_for_the_trade_it_binds(clocks: list[str], product: str, currency: Currency) -> None:
    case = case_of("I was charged twice and it is wrong", key_facts=KeyFacts(product=product, currency=currency))
    assert clocks == [one.id for one in decide(case, History(), general()).decision.clocks]
