"""Traditional characters: read as simplified ones, with every sign at its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.routing.policy.simplified import simplified
from tests.unit.routing.bench import judge


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("网络断线三个月后才来修,气死了", "網絡斷線三個月後才來修,氣死了"),
        ("你们收了两万块,还要投诉吗", "妳們收了兩萬塊,還要投訴嗎"),
        ("着急等着退款的说", "著急等著退款的說"),
        ("著名品牌,乾隆年间", "著名品牌,乾隆年间"),  # nothing here shows a traditional text
        ("no Chinese at all", "no Chinese at all"),
        ("", ""),
    ],
)
def test_a_traditional_text_reads_as_simplified(expected: str, text: str) -> None:
    assert expected == simplified(text)


@given(st.text(max_size=80))
def test_every_character_keeps_its_place(text: str) -> None:
    assert len(text) == len(simplified(text))


@pytest.mark.parametrize(
    ("traditional", "simple"),
    [
        ("家裡寬頻斷線,報修三次都沒人來,我要向工信部投訴!", "家里宽频断线,报修三次都没人来,我要向工信部投诉!"),
        ("營業員態度惡劣,多扣我兩百塊話費", "营业员态度恶劣,多扣我两百块话费"),
    ],
)
def test_a_traditional_complaint_is_judged_like_its_simplified_twin(traditional: str, simple: str) -> None:
    read, twin = judge(traditional), judge(simple)
    assert twin == read
    assert read.assessment.evidence
