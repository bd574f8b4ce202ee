"""The scale of the heat: what adds, what cools, and that more of the same adds less."""

import msgspec
import pytest

from services.routing.policy.rows import Heat
from services.routing.policy.weights import Tally
from services.routing.rules.emotion import read_emotion
from services.routing.rules.reading import Reading
from shared.events.routing import History
from tests.unit.routing.bench import case_of, judge

HEAT = Heat(
    base=10,
    steps={
        "exclamations": {1: 10, 5: 10},
        "displeasure": {0: 10, 10: 10},
        "repeat": {2: 20},
        "insults": {2: 10, 3: 10},
    },
    shouted=10,
    broken_promise=10,
    degrees=(20, 30, 40, 50, 60, 70, 80, 90, 100),
)


def emotion(
    text: str, *, signals: int = 0, repeat: int = 0, complaint: int = 0, talk: int = 0, insults: int = 0
) -> int:
    """The emotion of `text` on a scale on which ten points are one degree, starting at 1."""
    tally = Tally(causes=[], kinds={"complaint": complaint, "noise": talk}, styles={}, emotion=signals)
    said = {"abuse": [(0, 2)] * insults} if insults else {}
    reading = Reading(text, said, {}, {}, wordless=False)
    return read_emotion(HEAT, tally, case=case_of(text), reading=reading, history=History(), repeat=repeat)


@pytest.mark.parametrize(("degree", "marks"), [(2, 0), (3, 1), (3, 4), (4, 5), (4, 500)])
def test_more_of_the_same_adds_less(degree: int, marks: int) -> None:
    assert degree == emotion("断了" + "!" * marks)


def test_signals_add_and_cool_within_one_to_ten() -> None:
    degrees = [emotion("断了", signals=points) for points in (-1000, -20, 0, 30, 79, 80, 1000)]
    assert [1, 1, 2, 5, 9, 10, 10] == degrees


def test_one_insult_after_the_other_heats() -> None:
    assert [2, 2, 3, 4] == [emotion("断了", insults=places) for places in range(4)]


def test_coming_again_heats() -> None:
    assert emotion("断了", repeat=1) + 2 == emotion("断了", repeat=2)


def test_displeasure_is_what_remains_over_questions_praise_and_talk() -> None:
    assert emotion("断了", complaint=12) == emotion("断了", complaint=20, talk=8) == 3
    assert emotion("断了", complaint=12, talk=13) == 1


@pytest.mark.parametrize(("mild", "hot"), [
    ("宽带断了", "宽带断了!!!你们到底管不管"),
    ("网速有点慢,麻烦看看,谢谢", "网速慢得要死,你们还要脸吗"),
    ("请问为什么扣了十元?", "凭什么扣我十元?你们这是抢钱"),
    ("多次报修没有人来", "多次报修没有人来,气死我了,什么垃圾公司"),
    ("The bill is wrong, could you check it, thank you", "Are you kidding? You people keep stealing from us, shame on you"),
])  # fmt: skip
def test_of_two_who_want_the_same_the_angry_one_is_hotter(mild: str, hot: str) -> None:
    assert judge(mild).assessment.emotion < judge(hot).assessment.emotion


@pytest.mark.parametrize(
    "change",
    [
        {"degrees": [1, 2, 3, 4, 5, 6, 7, 8, 8]},
        {"degrees": [9, 8, 7, 6, 5, 4, 3, 2, 1]},
        {"steps": {"length": {9: 1, 3: 1}}},
    ],
)
def test_a_scale_that_does_not_rise_is_refused(change: dict[str, object]) -> None:
    given = msgspec.to_builtins(HEAT) | change
    with pytest.raises(msgspec.ValidationError, match="must rise"):
        msgspec.convert(given, Heat)
