"""A thing and what happened to it decide the cause together; what is named first, or again, weighs more."""

import msgspec
import pytest

from services.routing.policy.cause_points import SCALE, build_cause_points
from services.routing.policy.errors import PackError
from services.routing.policy.rows import CausePair, CauseRow
from tests.unit.routing.bench import judge

FAULT = CausePair(object=("router",), predicate=("dead", "slow"), points=4, near=3)
SENTENCES = {
    "product": (
        "家里宽带断了三天,打了报修还没人来修",  # a fault on a line that exists, waiting or not
        "掌厅里一直查不到我剩多少流量",
        "地铁里没有信号,电话老是断",
        "朋友发来的短信我都收不到",
        "新买的手机自动关机,充不进电",
        "说着说着没声音了,对面听不清楚",
        "电视看着看着卡住不动",
    ),
    "efficiency": (
        "申请移机半个月了,到现在没人上门安装",
        "营业厅只开一个窗口,排队等了两个小时",
        "打10010转人工,永远在忙",
        "投诉一个星期了,没有人给我答复",
        "预订的合约机迟迟不发货,订单没动静",
        "说会有专人回电,一个礼拜没人联系",
        "补卡要跑回老家办,还要开证明",
    ),
    "tariff": (
        "在家连着wifi,一晚上流量却跑掉了两个g",
        "没有订过的手机报,每个月扣五块钱",
        "未经同意就给我开通了阅读业务",
        "老用户不能换新套餐,这算什么优惠",
        "一晚上500MB就没了",
        "谁给我开的阅读包,退都退不掉",
    ),
    "price": (
        "充了一百块话费,到现在没到账",
        "明明没有欠费却把我停机了",
        "上个月账单对不上,多收了二十元",
        "退网半年,押金还不退",
        "移机费收一百多,太黑了",
        "交完费还不复机",
    ),
    "attitude": (
        "客服说话很不耐烦,还挂我电话",
        "营业员态度太差,一直翻白眼",
        "打了五个电话,你们互相推诿踢皮球",
        "客服说话难听,没说完就给我挂了",
        "问什么都说不清楚,答非所问",
    ),
    "other": (
        "每天半夜给我发垃圾短信",
        "有人冒用我的身份证办了卡",
        "施工把水管挖断了",
        "这是电信号码吗",  # the words for "signal" and "number" meet in one: no matter of signals
        "刚看到你们的新海报",
    ),
}


@pytest.mark.parametrize(("cause", "text"), [(cause, text) for cause, texts in SENTENCES.items() for text in texts])
def test_object_and_predicate_name_the_cause(cause: str, text: str) -> None:
    assert cause == judge(text).assessment.cause


def test_waiting_for_a_repair_is_named_beside_the_fault() -> None:
    read = judge("宽带故障,报修五天了还没有人来").assessment
    assert ("product", "efficiency") == (read.cause, read.other_causes[0])


def test_a_hotline_that_does_not_answer_is_no_fault_of_the_network() -> None:
    assert "service_unreachable" == judge("你们的客服电话打不通").assessment.sub_cause


def test_what_is_named_first_is_the_main_cause() -> None:
    between = "。" + "有话慢慢说" * 20 + "。"
    causes = [judge(first + between + then).assessment.cause for first, then in (("停机", "信号"), ("信号", "停机"))]
    assert ["price", "product"] == causes


def _rows(*pairs: CausePair, signs: dict[str, int] | None = None) -> list[CauseRow]:
    return [CauseRow(id="r", zh="甲", en="a", cause="product", matrix="product", signs=signs or {}, pairs=pairs)]


def _points(said: dict[str, list[tuple[int, int]]], *pairs: CausePair, signs: dict[str, int] | None = None) -> int:
    return build_cause_points(_rows(*pairs, signs=signs), {"router", "dead", "slow"}).totals(said)[0]


@pytest.mark.parametrize(
    ("expected", "dead"),
    [
        (4 * SCALE, (206, 208)),  # right behind it
        (4 * SCALE, (195, 197)),  # before it, three characters between
        (0, (210, 212)),  # four characters between
    ],
)
def test_a_pair_counts_where_the_two_stand_near(expected: int, dead: tuple[int, int]) -> None:
    assert expected == _points({"router": [(200, 206)], "dead": [dead]}, FAULT)


def test_a_pair_without_a_distance_counts_anywhere_and_once() -> None:
    anywhere = msgspec.structs.replace(FAULT, near=0)
    said = {"router": [(200, 206), (300, 306)], "dead": [(900, 902)], "slow": [(950, 952)]}
    assert 4 * SCALE == _points(said, anywhere)


def test_half_a_pair_is_none() -> None:
    assert 0 == _points({"dead": [(0, 2)]}, FAULT)


def test_a_pair_can_speak_against_a_cause() -> None:
    against = msgspec.structs.replace(FAULT, points=-2)
    assert SCALE == _points({"router": [(200, 206)], "dead": [(206, 208)]}, against, signs={"router": 3})


def test_early_and_repeated_words_weigh_more() -> None:
    late, early, thrice = [(500, 506)], [(0, 6)], [(500, 506), (600, 606), (700, 706)]
    once, first, again = (_points({"router": places}, signs={"router": 2}) for places in (late, early, thrice))
    assert (2 * SCALE, 3 * SCALE, 4 * SCALE) == (once, first, again)


@pytest.mark.parametrize("spoiled", [{"object": ("rooter",)}, {"predicate": ("ded",)}])
def test_a_pair_of_unknown_signals_names_its_row(spoiled: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(PackError) as caught:
        _points({}, msgspec.structs.replace(FAULT, **spoiled))
    assert ("causes", "r") == (caught.value.table, caught.value.row)
