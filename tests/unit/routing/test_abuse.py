"""Abuse: insults to us and our people count, whatever dialect or abbreviation; a mere damn and other people's words do not."""

import pytest

from tests.unit.routing.bench import judge


@pytest.mark.parametrize(
    "text",
    [
        "你们就是一群骗子",
        "这种破公司早日倒闭吧",
        "客服是蠢猪吗",
        "tmd又断网",
        "养你们吃干饭的",
        "没见过这么无耻的企业",
        "别他妈再打电话来了",
        "瓜娃子公司",
        "扑街电信",
        "sb规定",
    ],
)
def test_insults_are_abuse(text: str) -> None:
    assert judge(text).assessment.abuse


@pytest.mark.parametrize(
    "text",
    [
        "垃圾短信太多",
        "我操作了三遍都不行",
        "营业员骂人,客服说你神经病",
        "不要骂人",
        "狗狗币怎么买",
        "我擦,又没信号",
        "asbestos removal",
    ],
)
def test_words_that_only_look_like_insults_are_none(text: str) -> None:
    assert not judge(text).assessment.abuse


def test_abuse_never_makes_a_complaint_anything_else() -> None:
    read = judge("谢谢你们这群废物,服务真好").assessment
    assert (True, "complaint") == (read.abuse, read.kind)
