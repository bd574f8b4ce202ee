"""Demands: what they want us to do now, said or latent in the cause; what is merely spoken of is none."""

import pytest

from shared.events.intake import Stated
from tests.unit.routing.bench import judge


@pytest.mark.parametrize(
    ("demand", "text"),
    [
        ("refund", "多收的钱什么时候退"),
        ("repair", "快派人来修一下吧"),
        ("compensation", "耽误我生意,谁来赔"),
        ("apology", "那个客服必须道歉"),
        ("explanation", "给我个说法"),
        ("cancellation", "我要销户,怎么取消不了"),
        ("replacement", "光猫坏了,要求更换"),
        ("contact", "收到请回电"),
        ("discipline", "投诉工号0231,请严肃处理"),
    ],
)
def test_what_is_asked_for_is_a_demand(demand: str, text: str) -> None:
    assert demand in judge(text).assessment.demands


@pytest.mark.parametrize(
    ("demand", "text"),
    [
        ("cancellation", "优惠被取消了"),
        ("replacement", "上个月更换了新号码,信号差"),
        ("refund", "退回的快递里没有手机卡"),
        ("contact", "回电的客服态度恶劣"),
        ("compensation", "我不要赔偿,把网修好"),
    ],
)
def test_what_is_merely_spoken_of_is_none(demand: str, text: str) -> None:
    assert demand not in judge(text).assessment.demands


def test_who_asks_only_why_wants_the_matter_settled_too() -> None:
    assert ("explanation", "repair") == judge("为什么宽带老掉线").assessment.demands


def test_a_question_asks_to_be_answered_and_praise_asks_nothing() -> None:
    assert ("explanation",) == judge("哪里可以办副卡").assessment.demands
    assert () == judge("师傅很耐心,提出表扬").assessment.demands


def test_what_an_agent_stated_stands() -> None:
    assert ("apology",) == judge("要求退款", stated=Stated(demands=("apology",))).assessment.demands
