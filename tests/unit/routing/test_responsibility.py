"""Who has to solve it, and which unit, branch or desk that is."""

import pytest

from shared.events.intake import KeyFacts, KeyFinding
from tests.unit.routing.bench import judge


@pytest.mark.parametrize(
    ("responsibility", "unit", "text"),
    [
        ("unit", "fixed_network", "家里宽带网速太慢,很失望"),
        ("unit", "mobile_network", "我家信号很差,很失望"),
        ("unit", "network_construction", "报装两个月还没人来安装,很失望"),
        ("unit", "hotline_operations", "人工台一直打不通,占线,烦死了"),
        ("unit", "order_fulfilment", "订单一直没发货,烦死了"),
        ("unit", "value_added_services", "未经同意给我开通彩铃,骗子!投诉多次"),
        ("unit", "billing", "多扣了我的话费,投诉了三次没解决"),
        ("unit", "product_marketing", "套餐优惠欺骗消费者,投诉了三次没解决"),
        ("unit", "terminal_after_sales", "买的手机屏幕质量问题,很失望"),
        ("unit", "digital_channels", "手机营业厅登录失败,网站验证码打不开,很失望"),
        ("specialist", "service_quality", "营业员态度恶劣"),
        ("specialist", "information_security", "你们泄露我的个人信息,太过分了"),
        ("frontline", "frontline_desk", "关于昨天的事"),
        ("frontline", "inquiry_desk", "你好,请问5G套餐多少钱?"),
        ("frontline", "customer_experience_desk", "建议你们推出夜间流量包"),
        ("frontline", "praise_desk", "感谢师傅,表扬!"),
        ("frontline", "frontline_desk", "。。"),
        ("other_party", "partner_liaison", "小米和淘宝的问题,很失望,烦死了"),
        ("not_solvable", "complaint_specialists", "投诉多次了,要求十倍赔偿和精神损失"),
        ("unit", "fixed_network", "My internet is slow and keeps dropping, I am frustrated"),
        ("specialist", "service_quality", "The agent was rude to me"),
    ],
)
def test_cause_and_weight_find_the_unit(responsibility: str, unit: str, text: str) -> None:
    decision = judge(text).decision
    assert (responsibility, unit) == (decision.responsibility, decision.unit)


@pytest.mark.parametrize(
    ("region", "unit"),
    [
        ("广东", "fixed_network.guangdong"),
        ("guangdong", "fixed_network.guangdong"),
        ("Guangdong ", "fixed_network.guangdong"),
        ("火星", "fixed_network"),
        ("", "fixed_network"),
    ],
)
def test_a_unit_with_branches_is_found_by_region(region: str, unit: str) -> None:
    assert unit == judge("家里宽带网速太慢,很失望", region=region).decision.unit


def test_the_region_of_the_key_facts_serves_where_the_case_has_none() -> None:
    facts = KeyFacts(region="上海")
    assert "fixed_network.shanghai" == judge("家里宽带网速太慢,很失望", key_facts=facts).decision.unit


def test_the_front_line_explains_a_small_charge_only_when_facts_are_complete() -> None:
    text = "多扣了我的话费,很失望"
    assert "frontline" == judge(text).decision.responsibility
    missing = (KeyFinding("missing", "bill_month"),)
    assert "unit" == judge(text, findings=missing).decision.responsibility


def test_an_ordinary_charge_with_a_threat_leaves_the_front_line() -> None:
    assert "unit" == judge("话费账单算错了,我要去工信部投诉").decision.responsibility
