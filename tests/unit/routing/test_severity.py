"""How serious it is: S1 by any single reason, the rest by score; priority moves within."""

import pytest

from shared.events.intake import KeyFacts, Stated
from shared.events.routing import History
from tests.unit.routing.bench import fired, judge


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("s1_danger", "电线漏电,差点触电"),
        ("s1_danger", "There is an exposed wire sparking"),
        ("s1_danger", "再这样我就不想活了"),
        ("s1_extreme", "不解决我就去你们门口拉横幅静坐"),
        ("s1_publicist", "我是媒体人,会找媒体曝光"),
        ("s1_suspected_incident", "我代表全体业主,我们小区都断网了"),
        ("s1_amount", "你们扣了我六千元"),
        ("s1_amount", "You overcharged me $1,200"),
        ("s1_cross_level", "我已经向工信部投诉了"),
    ],
)
def test_one_grave_reason_is_enough(rule: str, text: str) -> None:
    verdict = judge(text)
    assert "S1" == verdict.decision.severity
    assert [rule] == fired(verdict, "severity")


@pytest.mark.parametrize(
    "text",
    [
        "拼命打客服也打不进",
        "打死我也不用你们宽带了",
        "感觉很受伤,网又断了",
        "跪求给个4G信号",
        "跳楼价的套餐怎么没了",
        "流量爆炸式增长,怎么回事",
    ],
)
def test_figures_of_speech_are_no_danger(text: str) -> None:
    verdict = judge(text)
    assert "S1" != verdict.decision.severity and not verdict.assessment.danger


def test_a_key_account_is_major() -> None:
    assert "S1" == judge("话费不对", customer_tier="key_account").decision.severity


def test_the_third_complaint_on_the_matter_in_thirty_days_is_major() -> None:
    assert "S1" != judge("宽带坏了", History(complaints_30d=1, same_cause_30d=1)).decision.severity
    assert "S1" == judge("宽带坏了", History(complaints_30d=2, same_cause_30d=2)).decision.severity


def test_a_broken_promise_makes_a_serious_complaint_major() -> None:
    serious = "断网一个月了还没解决,投诉了三次,气死了!!"
    assert "S2" == judge(serious).decision.severity
    assert "S1" == judge(serious, History(promises_broken_90d=1)).decision.severity
    assert "S1" != judge("话费怎么算的", History(promises_broken_90d=1)).decision.severity


@pytest.mark.parametrize(
    ("severity", "text"),
    [
        ("S2", "再不解决我就去工信部投诉"),
        ("S2", "断网一个月了还没解决,投诉了三次,气死了!!"),
        ("S2", "Still no internet after weeks, third time I call, I am furious and fed up"),
        ("S2", "投诉了两个月还没修好,你们到底管不管!!"),  # again, and heated
        ("S2", "你们这群傻逼,什么垃圾公司,乱扣我的话费,骗子,气死我了!!!去死吧!!!"),  # beside themselves
        ("S3", "你们怎么乱扣费!!太过分了!!"),  # heated, for the first time
        ("S3", "上次报修过,网又断了"),  # again, and calm
        ("S3", "宽带网速太慢,很失望"),
        ("S4", "关于昨天的事"),
    ],
)
def test_the_score_decides_the_rest(severity: str, text: str) -> None:
    assert severity == judge(text).decision.severity


@pytest.mark.parametrize("text", ["你好,请问5G套餐多少钱?", "建议你们推出夜间流量包", "感谢师傅,表扬!", "。。"])
def test_what_is_no_complaint_is_minor(text: str) -> None:
    verdict = judge(text, customer_tier="key_account")
    assert "complaint" != verdict.assessment.kind
    assert "S4" == verdict.decision.severity


def test_a_recorded_amount_over_the_limit_of_its_currency() -> None:
    dollars = KeyFacts(amount_minor=100_000, currency="USD")
    yuan = KeyFacts(amount_minor=100_000, currency="CNY")
    assert "S1" == judge("billing", key_facts=dollars).decision.severity
    assert "S1" != judge("billing", key_facts=yuan).decision.severity


def test_an_amount_beyond_any_bill_does_not_break_the_rules() -> None:
    assert "S1" == judge("话费", key_facts=KeyFacts(amount_minor=2**62)).decision.severity


def test_a_stated_danger_is_a_danger() -> None:
    verdict = judge("线路问题", stated=Stated(danger=True))
    assert verdict.assessment.danger and verdict.decision.severity == "S1"


def test_more_serious_goes_first_and_the_score_moves_within() -> None:
    minor, ordinary, worse, serious, major = (
        judge(text).decision.priority
        for text in (
            "关于昨天的事",
            "宽带网速太慢",
            "宽带网速太慢,上次投诉过还是这样,失望",
            "再不解决我就去工信部投诉",
            "电线漏电触电",
        )
    )
    assert minor < ordinary < worse < serious < major


def test_losing_rules_are_reported_and_otherwise_only_when_it_decides() -> None:
    verdict = judge("电线漏电,我已经向工信部投诉了,断网一个月还没解决,投诉三次,气死了!!")
    lost = {r.rule for r in verdict.rules if r.table == "severity" and not r.won}
    assert "s1_cross_level" in lost and "s3_ordinary" not in lost
    assert ["s3_ordinary"] == fired(judge("宽带网速太慢"), "severity")
