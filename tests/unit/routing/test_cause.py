"""Why the customer complains: cause, sub-cause, matrix cell, other causes, and what an agent stated."""

import pytest

from shared.events.intake import Stated
from tests.unit.routing.bench import default_pack, judge

WORDS = {
    "service_provider_charge": ("未经同意给我开通彩铃", "I never ordered this premium channel subscription"),
    "data_traffic": ("流量莫名其妙超出了", "The usage meter of my data plan is wrong, data cap exceeded"),
    "plan_content": ("套餐优惠和合约写的不一样", "The promotion and contract of my plan were changed"),
    "broadband": ("家里宽带网速太慢", "My internet speed is slow"),
    "mobile_signal": ("我家没有信号", "There is no coverage, calls keep dropping, bad signal"),
    "line_fault": ("座机线路有杂音", "No dial tone on my landline"),
    "network_resources": ("说没有端口,资源不足", "They say it is not serviceable, no ports"),
    "repeated_fault": ("修了又坏,经常断", "It happens again, down again"),
    "online_service": ("手机营业厅登录不上", "The website does not accept my login and password"),
    "terminal_quality": ("买的手机屏幕质量问题,翻新的", "The handset battery is defective"),
    "after_sales": ("保修期内不给三包", "The warranty exchange was refused"),
    "installation_late": (
        "报装两个月还没人来安装",
        "Still waiting for installation, missed appointment, activation late",
    ),
    "repair_late": ("报修了没解决", "The technician was a no show for the repair"),
    "service_unreachable": ("10010一直打不通,人工占线", "On hold for hours, nobody answers"),
    "delivery_late": ("订单一直没发货", "My order was never shipped, backordered"),
    "billing_dispute": ("多扣了我的话费", "I was overcharged on my bill"),
    "price_dispute": ("太贵了,天价", "The price is too expensive, price gouging"),
    "payment_and_refund": ("充值没到账,押金不退", "My deposit was not refunded"),
    "staff_attitude": ("营业员态度恶劣", "The agent was rude to me, horrible service"),
    "evasion": ("你们互相推诿,踢皮球", "I was passed around, nobody knows anything, excuses"),
    "spam_calls": ("天天收到垃圾短信和骚扰电话", "Robocalls and spam"),
    "privacy": ("你们泄露我的个人信息", "My personal information was hacked, a privacy breach"),
    "account": ("身份证过户办不了", "I want to port my number, account ownership"),
    "nuisance": ("施工扰民,噪音很大", "Construction noise and digging, property damage"),
}


@pytest.mark.parametrize(("sub_cause", "text"), [(row, text) for row, both in WORDS.items() for text in both])
def test_words_name_the_sub_cause(sub_cause: str, text: str) -> None:
    assert sub_cause == judge(text).assessment.sub_cause


def test_every_cause_and_matrix_cell_has_a_row() -> None:
    causes = default_pack().causes
    assert {"tariff", "product", "efficiency", "price", "attitude", "other"} == {row.cause for row in causes}
    assert {"product", "service", "process", "attitude"} == {row.matrix for row in causes}


def test_the_matrix_cell_is_the_rows() -> None:
    rows = {row.id: row.matrix for row in default_pack().causes}
    read = judge("营业员态度恶劣").assessment
    assert (rows["staff_attitude"], "attitude") == (read.matrix, read.matrix)


def test_another_cause_as_heavy_is_named_beside_the_main_one() -> None:
    read = judge("宽带断网,网速太慢,营业员态度恶劣").assessment
    assert ("product", ("attitude",)) == (read.cause, read.other_causes)


def test_no_sign_of_a_cause_is_other() -> None:
    read = judge("很是无语").assessment
    assert ("other", "unnamed") == (read.cause, read.sub_cause)


def test_a_topic_stays_a_topic_when_negated() -> None:
    assert "product" == judge("到现在没有宽带,没有网络").assessment.cause


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (Stated(cause="price"), ("price", "billing_dispute")),
        (Stated(cause="price", sub_cause="price_dispute"), ("price", "price_dispute")),
        (Stated(sub_cause="staff_attitude"), ("attitude", "staff_attitude")),
    ],
)
def test_what_the_agent_stated_overrides_the_words(stated: Stated, expected: tuple[str, str]) -> None:
    read = judge("家里宽带网速太慢", stated=stated).assessment
    assert (*expected, True) == (read.cause, read.sub_cause, read.cause_stated)


def test_of_a_stated_cause_the_words_choose_the_sub_cause() -> None:
    read = judge("家里没有信号,宽带网速太慢,网络断网", stated=Stated(cause="product")).assessment
    assert ("broadband", True) == (read.sub_cause, read.cause_stated)


def test_a_cause_the_pack_does_not_know_is_not_taken() -> None:
    read = judge("家里宽带网速太慢", stated=Stated(cause="weather")).assessment
    assert ("product", False) == (read.cause, read.cause_stated)
