"""What kind of matter it is: complaint, inquiry, suggestion, praise or noise; in doubt a complaint."""

import pytest

from shared.events.intake import KeyFacts, Stated
from tests.unit.routing.bench import judge


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("complaint", "宽带断了三天了,打了几次客服都没人来修!"),
        ("complaint", "My bill is wrong and nobody answers the phone"),
        ("inquiry", "你好,请问5G套餐多少钱?"),
        ("inquiry", "【咨询】办理过户需要带什么证件"),
        ("inquiry", "Could you tell me how much is the family plan?"),
        ("suggestion", "建议你们推出夜间流量包"),
        ("suggestion", "I suggest you add a dark mode to the app."),
        ("praise", "昨天来的师傅很专业,提出表扬!"),
        ("praise", "Thank you for the great service, the technician was very helpful."),
        ("noise", "。。。。!!"),
        ("noise", "12345678"),
    ],
)
def test_the_words_tell_the_kind(kind: str, text: str) -> None:
    assert kind == judge(text).assessment.kind


@pytest.mark.parametrize("text", ["关于昨天的事", "Hello there", "手机"])
def test_in_doubt_it_is_a_complaint(text: str) -> None:
    assert "complaint" == judge(text).assessment.kind


def test_a_question_with_displeasure_is_a_complaint() -> None:
    assert "complaint" == judge("请问你们凭什么乱扣我的话费?").assessment.kind


def test_praise_that_turns_into_displeasure_is_a_complaint() -> None:
    assert "complaint" == judge("之前服务态度很好,这次态度恶劣,推诿敷衍,投诉也没解决").assessment.kind


def test_a_question_that_names_a_danger_is_a_complaint() -> None:
    assert "complaint" == judge("请问电线杆漏电怎么办理维修?").assessment.kind


def test_what_the_regulator_sends_is_a_complaint() -> None:
    assert "complaint" == judge("Data caps", channel="regulator").assessment.kind


def test_an_erased_text_leaves_a_complaint() -> None:
    assert "complaint" == judge("", stated=Stated(cause="price")).assessment.kind


def test_a_handle_alone_is_noise_and_a_stated_cause_makes_it_a_complaint() -> None:
    post = "@中国联通客服 !!"
    assert "noise" == judge(post, channel="social").assessment.kind
    assert "complaint" == judge(post, channel="social", stated=Stated(cause="product")).assessment.kind


def test_praise_names_no_cause() -> None:
    praise = judge("宽带师傅服务态度很好,表扬!").assessment
    assert ("other", "unnamed", ()) == (praise.cause, praise.sub_cause, praise.other_causes)


def test_a_case_number_of_a_body_above_makes_it_a_complaint() -> None:
    assert "complaint" == judge("请问进度", key_facts=KeyFacts(case_number_of="regulator")).assessment.kind
