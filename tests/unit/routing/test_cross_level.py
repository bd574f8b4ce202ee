"""Going over our heads: threatened, actual or neither; negation, reported speech and handles of public posts."""

import pytest

from shared.events.intake import KeyFacts
from shared.events.routing import History
from tests.unit.routing.bench import judge


@pytest.mark.parametrize(
    ("target", "text"),
    [
        ("regulator", "再不解决我就去工信部投诉"),
        ("regulator", "我不得不向通信管理局申诉"),
        ("regulator", "我跟客服说我要去工信部投诉"),
        ("regulator", "客户来电称宽带未修,客户扬言要去工信部投诉"),  # the agent's notes speak of the customer
        ("regulator", "你们逼得让我只能去工信部投诉"),
        ("regulator", "别逼我打12300"),
        ("regulator", "If you don't fix it I will file a complaint with the FCC"),
        ("consumer_association", "我要打12315投诉你们"),
        ("consumer_association", "Next I will report you to the better business bureau"),
        ("government_hotline", "我要打给12345市长热线"),
        ("media", "我会找记者来,媒体曝光你们"),
        ("media", "I will call the news and go public"),
        ("court", "等着收律师函吧,法院见"),
        ("court", "My lawyer will sue you"),
        ("police", "再骚扰我就报警"),
        ("headquarters", "我要投诉到集团总部"),
        ("regulator", "再发垃圾短信我只能举报了"),
        ("regulator", "请工信部管管吧"),
        ("government_hotline", "我这就给市长信箱写信"),
        ("court", "等着收法院传票"),
        ("media", "非要放到媒体上你们才管吗"),
        ("court", "先找工信部投诉,再起诉你们"),  # of several bodies the weightiest
        ("regulator", "准备向工信局反映"),
        ("regulator", "公信部投诉走起"),  # a common slip of the pen
        ("regulator", "12300不是摆设"),  # a number that is only named to go there
        ("regulator", "希望有关部门管管"),
        ("regulator", "就没有部门管吗"),
        ("regulator", "是不是要我去工信部投诉才给退"),  # nobody told the customer to
        ("regulator", "打10010投诉,找营业厅,打电话,找经理,联系师傅,现在只好向通信管理局反映"),  # the verb comes late
        ("consumer_association", "非得让我打12315才退钱吗"),
        ("government_hotline", "不开发票我就找税务"),
        ("media", "看来只有曝光才有用"),
        ("court", "不把你们告上法庭誓不罢休"),
        ("court", "等着我给你们发律师函"),
        ("headquarters", "给你们总经理写信,给你们董事长打电话"),
        ("regulator", "工信部、消协、物价局,一个个来"),  # told off one by one
    ],
)
def test_a_customer_who_says_so_threatens(target: str, text: str) -> None:
    read = judge(text).assessment
    assert ("threatened", target) == (read.cross_level, read.cross_target)


@pytest.mark.parametrize(
    "text",
    [
        "我不会去工信部投诉的,你们尽快处理就行",
        "我没有要起诉你们,只要退钱",
        "我不想找媒体曝光",
        "客服说让我去工信部投诉好了,这是什么态度",
        "客服说:“你去工信部告吧”,态度真差",
        "工信部规定不得捆绑销售,你们却强制绑定",
        "I won't complain to the FCC, I just want my money back",
        "The agent told me to go to the FCC if I was unhappy",
        'They said "go sue us", very rude',
        "维修人员称不满意就自己去工信部投诉",
        "对方称如不满意就自己向315投诉",
        "工信部要求实名制,我去办理",
        "在派出所办身份证时手机没信号",
        "不至于起诉,退钱就行",
        "今天去总部办理拆机,排队两小时",  # an office to go to, no threat
        "There is an issue with my bill",  # no "sue" in "issue"
        "信号太差,给110打电话打不通",
        "8月10日报修的宽带我投诉到现在",  # no daily paper in a date
        "新闻早晚报手机报每月扣3元,找客服退订",  # a product
        "感谢警察叔叔帮我找回手机",
        "法院路营业厅态度差,找经理也没用",
        "市政府附近没信号,投诉多次",
        "骗子说我涉嫌洗钱要我联系公安局",
        "自称是通信管理局的人打电话说我停机",
        "收到你们的律师函,我根本没欠费",
        "说不交钱就起诉我",
        "要举报骚扰电话找谁",
        "看到工信部规定可以携号转网",
        "流量3.15元一兆,找谁说理",
        "客服说随便我去工信部投诉",
        "客服说已经转给有关部门",
        "3·15来了,宽带优惠活动的短信天天发",
        "接到公安局的电话说我涉案,你们泄露我的号码",
    ],
)
def test_denied_or_reported_words_are_no_threat(text: str) -> None:
    assert "none" == judge(text).assessment.cross_level


def test_a_denied_threat_is_still_evidence() -> None:
    text = "我不会去工信部投诉"
    denied = [e for e in judge(text).assessment.evidence if e.signal == "body_regulator"]
    assert [(True, "工信部")] == [(e.negated, text[e.start : e.end]) for e in denied]


@pytest.mark.parametrize(
    ("target", "text"),
    [
        ("regulator", "我已经向工信部投诉了"),
        ("police", "我已经报了警,派出所已受理"),
        ("media", "电视台记者都来采访了你们还不修"),
        ("police", "没办法,已经报警"),
        ("consumer_association", "工信部、12315,投诉根本没用"),  # a verb behind the end of a list
        ("consumer_association", "消保委打电话来调解过一次"),
        ("government_hotline", "12345已经派单给你们了"),
        ("media", "央视都曝光过了还不改"),
        ("regulator", "I have filed with the FCC"),
    ],
)
def test_a_customer_who_has_gone_there_is_actual(target: str, text: str) -> None:
    read = judge(text).assessment
    assert ("actual", target) == (read.cross_level, read.cross_target)


@pytest.mark.parametrize(
    ("target", "handle"),
    [
        ("media", "@南方都市报"),
        ("regulator", "@工信微报"),
        ("consumer_association", "@12315网上投诉"),
        ("police", "@平安北京"),
        ("police", "@警民直通车-上海"),
        ("regulator", "@某市工信委"),
        ("consumer_association", "@在线投诉"),
        ("government_hotline", "@南京发布"),
        ("media", "@生活频道帮女郎"),
    ],
)
def test_a_public_post_that_tags_a_body_is_actual(target: str, handle: str) -> None:
    read = judge(f"宽带又断了 @中国联通客服 {handle}", channel="social").assessment
    assert ("actual", target) == (read.cross_level, read.cross_target)


def test_the_same_words_in_private_tag_nobody() -> None:
    assert "none" == judge("宽带又断了 @南方都市报", channel="app").assessment.cross_level


def test_our_own_handle_is_nobody_above_us() -> None:
    assert "none" == judge("宽带又断了 @中国联通新闻 @电信客服", channel="social").assessment.cross_level


def test_a_shop_or_a_bank_is_nobody_above_us() -> None:
    read = judge("充值失败 @超级电视 @工商银行 @中国平安", channel="social").assessment
    assert "none" == read.cross_level


def test_a_question_put_to_a_newspaper_too_is_a_complaint() -> None:
    read = judge("身份证号码可以随便给别人吗? @南方都市报", channel="social").assessment
    assert ("complaint", "actual") == (read.kind, read.cross_level)


def test_praise_that_tags_a_newspaper_is_not_cross_level() -> None:
    read = judge("师傅服务态度很好,表扬! @南方都市报", channel="social").assessment
    assert ("praise", "none") == (read.kind, read.cross_level)


def test_the_regulators_channel_and_a_case_number_are_actual() -> None:
    by_channel = judge("Data caps", channel="regulator").assessment
    by_number = judge("话费不对", key_facts=KeyFacts(case_number_of="government_hotline")).assessment
    assert ("actual", "regulator") == (by_channel.cross_level, by_channel.cross_target)
    assert ("actual", "government_hotline") == (by_number.cross_level, by_number.cross_target)


@pytest.mark.parametrize(
    ("reason", "text", "history"),
    [
        ("promise_broken", "我要去工信部投诉", History(promises_broken_90d=1, complaints_30d=1)),
        ("waiting", "至今没有修好,我要去工信部投诉", History(complaints_30d=1)),
        ("dissatisfied", "问题没解决,我要去工信部投诉", History()),
        ("attitude", "态度恶劣,我要去工信部投诉", History()),
        ("repeat", "又一次断了,我要去工信部投诉", History()),
        ("never_contacted", "我要去工信部投诉", History()),
    ],
)
def test_the_reason_comes_from_history_first(reason: str, text: str, history: History) -> None:
    assert reason == judge(text, history).assessment.cross_reason


def test_without_cross_level_there_is_no_reason() -> None:
    assert "" == judge("问题没解决").assessment.cross_reason
