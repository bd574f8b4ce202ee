"""Tier, level of handler and strategy, with the limits no pack may change."""

import pytest

from services.routing.policy.guards import CROSS_LEVEL_ABOVE_L1, NO_COLD_HANDLING, SENIOR_NEEDED
from services.routing.policy.vocabulary import FACTS
from services.routing.rules.handling import find_handler_level, find_tier
from services.routing.rules.judging import Judging
from services.routing.rules.strategy import choose_strategy
from shared.events.intake import KeyFinding, Stated
from shared.events.routing import History
from tests.unit.routing.bench import default_pack, judge

MISSING = (KeyFinding("missing", "fault_started_at"),)


@pytest.mark.parametrize(
    ("tier", "level", "text"),
    [
        ("L1", "junior", "关于昨天的事"),
        ("L2", "junior", "家里宽带网速太慢,很失望"),
        ("L2", "middle", "再不解决我就去工信部投诉"),
        ("L2", "middle", "网速太慢,你们这群王八蛋"),
        ("L3", "senior", "我已经向工信部投诉了"),
        ("L3", "senior", "电线漏电触电"),
        ("L4", "junior", "投诉几次了,要求十倍赔偿"),
    ],
)
def test_the_highest_asked_for_counts(tier: str, level: str, text: str) -> None:
    decision = judge(text).decision
    assert (tier, level) == (decision.tier, decision.handler_level)


@pytest.mark.parametrize(
    ("strategy", "text", "history"),
    [
        ("standard", "家里宽带网速太慢", History()),
        ("long_haul", "多次投诉,要求十倍赔偿,不解决决不罢休", History()),
        ("roundabout", "我代表全体业主", History()),
        ("roundabout", "又一次了,我不相信你们,叫你们经理来", History()),
        ("roundabout", "家里宽带网速太慢", History(promises_broken_90d=2, complaints_30d=1)),
        ("roundabout", "Speak to a supervisor, this is the third time", History()),
    ],
)
def test_the_strategy_fits_the_case(strategy: str, text: str, history: History) -> None:
    assert strategy == judge(text, history).decision.strategy


def test_cold_handling_needs_heat_and_open_facts() -> None:
    heated = "你们这群王八蛋,乱扣我的话费!!!"
    assert "cold_handling" == judge(heated, findings=MISSING).decision.strategy
    assert "standard" == judge(heated).decision.strategy
    assert "standard" == judge("话费不对", findings=MISSING).decision.strategy


@pytest.mark.parametrize("why", ["电线漏电", "家里断网", "家里有老人", "我不想活了"])
def test_nobody_in_need_is_left_to_cool(why: str) -> None:
    assert "standard" == judge(f"你们这群王八蛋,{why}!!!", findings=MISSING).decision.strategy


def test_a_stated_vulnerable_customer_is_not_left_to_cool() -> None:
    verdict = judge("你们这群王八蛋!!!", findings=MISSING, stated=Stated(vulnerable=True))
    assert "standard" == verdict.decision.strategy


def test_the_guards_hold_against_any_pack() -> None:
    judging = Judging(FACTS, set(), {"kind": "praise"})
    assert "L2" == find_tier(judging, default_pack(), cross_level="threatened")
    assert "senior" == find_handler_level(judging, default_pack(), severity="S1", cross_level="none")
    assert "senior" == find_handler_level(judging, default_pack(), severity="S3", cross_level="actual")
    assert {CROSS_LEVEL_ABOVE_L1, SENIOR_NEEDED} <= set(judging.trail)


def test_the_guard_against_cold_handling_says_so() -> None:
    pack = default_pack()
    heated = FACTS | {"abuse": True, "emotion": 9, "key_complete": False}
    allowed, forbidden = (
        Judging(heated, {"abuse"}, {"kind": "complaint"}),
        Judging(heated, {"abuse"}, {"kind": "complaint"}),
    )
    assert "cold_handling" == choose_strategy(allowed, pack, never_cold=False)
    assert "standard" == choose_strategy(forbidden, pack, never_cold=True)
    assert NO_COLD_HANDLING in forbidden.trail and NO_COLD_HANDLING not in allowed.trail
