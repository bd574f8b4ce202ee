"""Repeats: prior contact, time passed, still unsolved; said outright, or guessed from hints that agree."""

import pytest

from services.routing.rules.repeat import count_repeats
from shared.events.intake import Stated
from shared.events.routing import History
from tests.unit.routing.bench import judge


@pytest.mark.parametrize(
    ("times", "text"),
    [
        (1, "再次向你们反映,家里还是没有信号"),
        (1, "宽带昨天刚修好,今天又断了"),
        (1, "报修五天,师傅连影子都没见着"),
        (1, "上次你们答应给我减免,账单一分没少"),
        (1, "客服让我等通知"),
        (1, "退款从国庆拖到元旦"),
        (1, "三个客服三种答案"),
        (3, "本月第四回断网了"),
        (2, "第三次为这件事找你们了"),
        (2, "三天两头掉线"),
        (2, "打了几次热线都说会处理"),
        (2, "为这点事跑了三趟营业厅"),
        (3, "光营业厅就去了第五次"),
        (3, "打了无数个电话"),
        (1, "My line is down again"),
        (2, "This is the third time"),
        (3, "I have reported it countless times"),
    ],
)
def test_what_says_outright_that_it_was_here_before(times: int, text: str) -> None:
    assert times == judge(text).assessment.repeat


@pytest.mark.parametrize(
    ("times", "text"),
    [
        (1, "致电热线已经半个月了"),  # contact, and time passed
        (1, "答复我看过,机顶盒依然打不开"),  # an answer, and no result
        (1, "说好的两小时内恢复,依然没有动静"),  # a promise, and no result
        (2, "去营业厅三次,互相推诿"),  # counted, and pushed around
        (1, "I called you weeks ago and it is still not fixed"),
        (1, "Customer service said within 24 hours, nobody came"),
    ],
)
def test_hints_that_agree_make_a_repeat(times: int, text: str) -> None:
    assert times == judge(text).assessment.repeat


@pytest.mark.parametrize(
    "text",
    [
        "宽带坏了",
        "请问账单怎么查",
        "致电热线怎么打",
        "昨天充值三次都成功了",
        "等着上网课呢,突然没网了",
        "My internet stopped working this morning",
        "I called to ask about a plan",
    ],
)
def test_one_hint_alone_is_no_repeat(text: str) -> None:
    assert 0 == judge(text).assessment.repeat


def test_praise_speaks_against_a_repeat() -> None:
    assert 0 == judge("上次来的师傅很耐心,值得表扬").assessment.repeat


def test_somebody_elses_repeat_is_none() -> None:
    assert 0 == judge("客服说系统会再次升级").assessment.repeat


@pytest.mark.parametrize(
    ("times", "stated", "known"),
    [(4, 4, 0), (0, 0, 0), (6, 4, 6), (999, 10**9, 0), (3, None, 3), (2, None, 1)],
)
def test_what_was_stated_overrides_the_words_and_the_log_has_the_last_word(
    times: int, stated: int | None, known: int
) -> None:
    history = History(same_cause_30d=known)
    assert times == count_repeats(said={"repeat_2"}, points=8, stated=Stated(times_before=stated), history=history)
