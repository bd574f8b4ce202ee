"""Emotion, abuse, style, difficult types, repeats and demands."""

import pytest

from shared.events.intake import Stated
from shared.events.routing import History
from tests.unit.routing.bench import judge

CALM = ("你好,请问怎么查话费?", "Could you tell me how much is my bill?")
ANNOYED = ("宽带断了还没修好,很失望", "My internet is still not working, I am frustrated")
FURIOUS = (
    "忍无可忍!!!骗子,垃圾公司,投诉多少次了还没解决,凭什么!!!!",
    "THIS IS OUTRAGEOUS!!! You idiots LIED to me again, FIX it NOW!!!!",
)


@pytest.mark.parametrize("lane", [0, 1])
def test_emotion_rises_with_the_words(lane: int) -> None:
    calm, annoyed, furious = (judge(texts[lane]).assessment.emotion for texts in (CALM, ANNOYED, FURIOUS))
    assert 1 <= calm <= 3 < annoyed < 8 <= furious <= 10


def test_the_agents_reading_overrides_the_words() -> None:
    read = judge(FURIOUS[0], stated=Stated(emotion=2)).assessment
    assert (2, True) == (read.emotion, read.emotion_stated)


def test_a_broken_promise_heats() -> None:
    text = "宽带断了"
    assert judge(text).assessment.emotion < judge(text, History(promises_broken_90d=1)).assessment.emotion


def test_capitals_are_shouting_in_english() -> None:
    assert judge("my internet is slow").assessment.emotion < judge("MY INTERNET IS SLOW").assessment.emotion


@pytest.mark.parametrize(
    "text", ["你们这群王八蛋", "什么狗屁服务", "垃圾联通", "You stupid idiots", "this is bullshit"]
)
def test_insults_are_abuse(text: str) -> None:
    assert judge(text).assessment.abuse


@pytest.mark.parametrize("text", ["天天收到垃圾短信", "操作失误造成停机", "The assistant was slow", "不要骂你大爷的"])
def test_words_that_only_look_like_insults_are_none(text: str) -> None:
    assert not judge(text).assessment.abuse


@pytest.mark.parametrize(
    ("style", "text"),
    [
        ("analytical", "请按合同条款逐条给出详单和依据"),
        ("dominant", "必须立刻解决,限你今天之内"),
        ("expressive", "哎呀咋又这样嘛,啊啊我晕"),
        ("steady", "不好意思打扰了,麻烦能否看看,谢谢"),
        ("analytical", "I have documentation and screenshots, itemized exactly according to the terms"),
        ("dominant", "I demand this immediately, I insist"),
    ],
)
def test_the_heaviest_style_stands_first(style: str, text: str) -> None:
    assert style == judge(text).assessment.style[0][0]


def test_styles_are_shares_of_a_hundred() -> None:
    style = judge("请按合同给出详单,必须立刻,麻烦谢谢,啊啊").assessment.style
    assert len(style) >= 3 and sum(share for _, share in style) == 100
    assert list(style) == sorted(style, key=lambda pair: -pair[1])


@pytest.mark.parametrize(
    ("difficult", "text"),
    [
        ("stubborn", "不解决决不罢休,投诉到底"),
        ("well_prepared", "我有录音和截图,依据消费者权益保护法"),
        ("able_to_publicise", "我是媒体人,有几十万粉丝"),
        ("unreasonable", "要求十倍赔偿,你们这群王八蛋"),
        ("self_righteous", "我替广大消费者说话,你们垄断,凭什么!气死了"),
        ("emotional", FURIOUS[0]),
    ],
)
def test_difficult_types_are_named(difficult: str, text: str) -> None:
    assert difficult in judge(text).assessment.difficult


@pytest.mark.parametrize(
    ("times", "text", "stated", "history"),
    [
        (0, "宽带坏了", Stated(), History()),
        (1, "宽带又断了", Stated(), History()),
        (2, "这是第三次了", Stated(), History()),
        (3, "投诉了无数次", Stated(), History()),
        (2, "This is the third time", Stated(), History()),
        (1, "报修了到现在还没人来", Stated(), History()),  # came before and still waits
        (4, "宽带坏了", Stated(times_before=4), History()),
        (5, "宽带又断了", Stated(), History(same_cause_30d=5)),
        (999, "宽带坏了", Stated(times_before=10**9), History()),
    ],
)
def test_repeats_are_counted(times: int, text: str, stated: Stated, history: History) -> None:
    assert times == judge(text, history, stated=stated).assessment.repeat


@pytest.mark.parametrize(
    ("demands", "text"),
    [
        (("refund",), "多扣的话费要求退款"),
        (("apology", "compensation"), "你们必须道歉并赔偿我的误工费"),
        (("cancellation",), "我要销户"),
        (("refund",), "I want my money back for the overcharge"),
        (("repair",), "家里断网"),  # latent in the cause
    ],
)
def test_demands_are_said_or_latent(demands: tuple[str, ...], text: str) -> None:
    assert demands == judge(text).assessment.demands


def test_a_denied_demand_is_none() -> None:
    assert "compensation" not in judge("我不要赔偿,要求退款").assessment.demands


def test_stated_demands_override() -> None:
    assert ("apology",) == judge("要求退款", stated=Stated(demands=("apology",))).assessment.demands
