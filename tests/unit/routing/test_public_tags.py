"""Whom a public post tags: papers, programmes and authorities are known by how they are named; firms and persons are none."""

import pytest

from services.routing.rules.reading import read
from tests.unit.routing.bench import default_pack, judge


def _tags(handle: str) -> set[str]:
    return set(read(f"宽带又断了 @{handle} 管管吧", default_pack().lexicon, public=True).tagged)


@pytest.mark.parametrize(
    ("target", "handles"),
    [
        ("media", "湖北日报 大连晚报 东方今报 市场星报 温州都市报 中国经营报 经济观察报 南方农村报"),
        ("media", "武汉电视台 甘肃卫视 星沙都市频道 BTV新闻 CCTV315 湖北之声 FM91.2 北京交通广播"),
        ("media", "今晚800 天天630 百姓关注 小郭跑腿 守望都市 都市现场 第一现场 直播海南 经济半小时 朝闻天下"),
        ("media", "界面新闻 凤凰网 腾讯科技 荆楚网 千龙网 央视记者 法治进行时"),
        ("regulator", "浙江通管 省经信委 国家发展改革委 电信用户申诉受理中心 国家电信管理局 国家广电总局 无线电管理局"),
        ("consumer_association", "湖南315 上海市消保委 安徽消协 北京工商 工商12315 中国质量万里行 聚投诉"),
        ("government_hotline", "常州发布 海淀发布 深圳12345 武汉市长热线 山东信访 共青团中央 首都之窗"),
        ("police", "平安佛山 平安武侯 首都网警 济南110 上海警方 刑侦大队"),
        ("court", "上海高院 最高法 浙江检察 北京海淀法院"),
    ],
)
def test_an_account_is_known_by_how_it_is_named(target: str, handles: str) -> None:
    unknown = [handle for handle in handles.split() if f"tag_{target}" not in _tags(handle)]
    assert not unknown


@pytest.mark.parametrize(
    "handles",
    [
        "中国联通新闻 北京联通发布 广东电信新闻 联通头条 沃头条 联通手机报 电信315专席 电信投诉处理中心 中国广电",
        "平安银行 平安车险 平安夜的猫 平安喜乐 民生银行 工商银行 北京银行 新华书店",
        "超级电视 湖南IPTV 焦点房产 小米新品发布会 人大附中 微博小秘书 科技美学 网易游戏",
        "lily_31598 李二狗 风中的云 奶茶三分甜 姚晨 复旦 长沙理工",
    ],
)
def test_a_firm_or_a_person_is_nobody_above_us(handles: str) -> None:
    assert not {handle: found for handle in handles.split() if (found := _tags(handle))}


def test_a_handle_right_behind_a_number_is_one_and_a_mail_address_is_none() -> None:
    tagged = judge("宽带断了一周,没人来修,打了无数次10010@南方都市报", channel="social").assessment
    mailed = judge("宽带断了一周,没人来修,请回复me@cctv.com", channel="social").assessment
    assert ("actual", "none") == (tagged.cross_level, mailed.cross_level)
