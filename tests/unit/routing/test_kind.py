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


@pytest.mark.parametrize(
    "text",
    [
        "服务态度真好啊,呵呵,让我白等三个小时",
        "感谢你们让我一晚上没网,真是好样的",
        "良心企业,流量一天就没了,给个赞",
        "还说服务一流,我打不通",
    ],
)
def test_ironic_praise_is_a_complaint(text: str) -> None:
    assert "complaint" == judge(text, channel="social").assessment.kind


@pytest.mark.parametrize(
    "text",
    [
        "家里宽带出故障,师傅及时赶到,修得又快又好,非常感谢,服务态度很好,点赞",
        "营业员很耐心,讲解得清清楚楚,值得表扬",
    ],
)
def test_praise_outweighs_the_fault_that_was_mended(text: str) -> None:
    assert "praise" == judge(text).assessment.kind


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("inquiry", "4G套餐什么时候可以办,需要带什么?"),
        ("inquiry", "老用户可以参加这个优惠吗?"),
        ("noise", "新年快乐,转发抽奖啦"),
        ("noise", "刚从营业厅路过"),
        ("complaint", "为什么流量查不到"),
        ("complaint", "昨晚网又没了"),
        ("complaint", "你们就不能上点心"),
        ("complaint", "信号真弱"),
        ("complaint", "快递显示签收,手机卡我没拿到"),
        ("complaint", "宽带提速后反而更卡"),
        ("complaint", "充了一百到账九十八"),  # nothing says it went wrong: about our services, so in doubt
        ("inquiry", "携号转网需要什么条件"),
        ("inquiry", "注销号码余额能退吗"),
        ("praise", "谢谢你们,问题解决了,网速杠杠的"),
    ],
)
def test_a_public_post_in_which_nothing_went_wrong_is_no_complaint(kind: str, text: str) -> None:
    assert kind == judge(text, channel="social").assessment.kind


def test_words_sent_to_us_alone_are_a_complaint_unless_they_say_otherwise() -> None:
    assert "complaint" == judge("刚从营业厅路过", channel="web").assessment.kind
