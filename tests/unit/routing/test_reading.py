"""One pass over the words: where signals stand, whether they are denied, and that no text costs too much."""

import time

import pytest

from services.routing.rules.reading import Reading, lower, read
from tests.unit.routing.bench import case_of, default_pack, judge


def read_of(text: str, *, public: bool = False) -> Reading:
    return read(text, default_pack().lexicon, public=public)


def places(text: str, signal: str) -> list[tuple[str, bool]]:
    return [(text[e.start : e.end], e.negated) for e in read_of(text).evidence() if e.signal == signal]


def test_evidence_is_positions_never_words() -> None:
    text = "家里宽带断了,投诉"
    evidence = judge(text).assessment.evidence
    assert {"宽带", "断了", "投诉"} <= {text[e.start : e.end] for e in evidence}
    assert all(e.signal.isascii() for e in evidence)
    assert list(evidence) == sorted(evidence, key=lambda e: (e.start, e.end, e.signal))


def test_evidence_is_bounded() -> None:
    assert len(judge("宽带坏了,投诉!垃圾联通乱扣话费," * 400).assessment.evidence) <= 32


@pytest.mark.parametrize(
    ("negated", "signal", "text"),
    [
        (True, "demand_refund", "我不要退款"),
        (True, "demand_refund", "没有退款的意思"),
        (False, "demand_refund", "不解决就退款"),  # the negation ends at 就
        (False, "demand_refund", "不,退款"),  # and at the end of the clause
        (False, "demand_refund", "要不退款"),  # 要不: no negation
        (False, "demand_refund", "我不得不要求退款"),
        (True, "demand_refund", "I don't want a refund"),
        (False, "demand_refund", "I don't care, refund me"),
        (False, "demand_refund", "Not only a refund"),
        (True, "demand_refund", "客服说可以退款"),
        (False, "demand_refund", "客服说不行,那我要求退款"),
        (False, "demand_refund", "我跟客服说退款"),
    ],
)
def test_negation_and_reported_speech(negated: bool, signal: str, text: str) -> None:
    assert [negated] == sorted({denied for _, denied in places(text, signal)})


def test_quotes_are_somebody_elses_only_after_a_speaker() -> None:
    assert [("退款", True)] == places("客服说:“给你退款”", "demand_refund")
    assert [("退款", False)] == places("所谓的“退款”在哪", "demand_refund")
    assert [("退款", True), ("退款", False)] == places("客服说“退款”就是骗人,给我退款", "demand_refund")


@pytest.mark.parametrize("text", ["an issue of courtesy", "coffee", "repairman12315678", "scoffccx"])
def test_latin_words_stand_alone(text: str) -> None:
    said = read_of(text).said
    assert not {s for s in said if s.startswith(("threat_", "body_"))} and "billing" not in said


def test_a_starred_word_may_go_on() -> None:
    assert "wrong_charge" in read_of("they keep overcharging").said
    assert "wrong_charge" not in read_of("xovercharging").said


def test_a_word_with_an_exception() -> None:
    assert "abuse" in read_of("垃圾公司").said
    assert "abuse" not in read_of("垃圾短信").said


def test_handles_say_nothing_of_their_own() -> None:
    post = "@中国联通宽带客服 你好"
    assert "broadband" not in read_of(post, public=True).said
    assert "broadband" in read_of(post, public=False).said


def test_the_place_of_a_tag_is_its_handle() -> None:
    post = "断网!@南方都市报 快来"
    (tag,) = [e for e in read_of(post, public=True).evidence() if e.signal == "tag_media"]
    assert "@南方都市报" == post[tag.start : tag.end]


@pytest.mark.parametrize("text", ["İSTANBUL İ", "ẞ STRASSE", "ABC’s", "DŽ ﬃ"])
def test_lower_case_keeps_every_character_at_its_place(text: str) -> None:
    assert len(text) == len(lower(text))


@pytest.mark.parametrize(
    "unit",
    [
        "投诉",
        "元一",
        "1",
        "@a投诉 ",
        "不会去工信部",
        "!",
        "“客服说",
        "a$1,1",
        "一",
        "İ",
        "A",
        "http://a",
        "客服说:“",
        "fcc file ",
    ],
)
def test_a_hostile_text_of_the_greatest_length_stays_cheap(unit: str) -> None:
    text = (unit * 20_000)[:20_000]
    case_of(text)
    started = time.process_time()
    judge(text, channel="social", lang="en")
    assert time.process_time() - started < 0.3  # ten times what it takes here: quadratic work would show
