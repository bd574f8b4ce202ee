"""Language check: what not to say to a customer, where it stands, and never what is said well."""

import time
from collections.abc import Sequence
from functools import cache

import pytest
from msgspec import structs

from services.routing.checking.check import FINDINGS_MAX, Checked, check_text
from services.routing.checking.dates import names_time
from services.routing.policy.advice_rows import PhraseRow, Said
from services.routing.policy.documents import documents_of
from services.routing.policy.errors import PackError
from services.routing.policy.phrases import Phrases, make_phrases
from services.routing.policy.source import read_source


@cache
def rows() -> Sequence[PhraseRow]:
    return documents_of(read_source()).many("language_check", PhraseRow)


@cache
def phrases() -> Phrases:
    return make_phrases(rows())


def flaws(text: str, **given: str) -> list[str]:
    found: Checked = check_text(text, phrases(), **given)  # type: ignore[arg-type]
    return [one.flaw for one in found.findings]


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        ("没办法，只能等。", "negative_opening"),
        ("Unfortunately we cannot do that.", "negative_opening"),
        ("您家光衰过大，需要重新熔纤。", "jargon"),
        ("There is packet loss on your line.", "jargon"),
        ("难道您没看短信吗？", "rhetorical"),
        ("Why didn't you call earlier?", "rhetorical"),
        ("我们保证以后不再出现。", "absolute_promise"),
        ("This will definitely not happen.", "absolute_promise"),
        ("我们会给您答复。", "promise_without_date"),
        ("We will get back to you.", "promise_without_date"),
        ("补偿您一年话费。", "beyond_authority"),
        ("We will compensate you.", "beyond_authority"),
        ("是您自己误操作。", "blame"),
        ("You should have read the terms.", "blame"),
        ("您的工单已派单。", "internal_term"),
        ("It is company policy.", "internal_term"),
        ("最近人手不够。", "hasty_justification"),
        ("We are short-staffed.", "hasty_justification"),
        ("给您带来不便，敬请谅解。", "perfunctory"),
        ("Sorry for any inconvenience.", "perfunctory"),
        ("您冷静一下。", "talking_down"),
        ("Please calm down.", "talking_down"),
        ("你冷靜一下，別激動。", "talking_down"),
        ("这是集团统一政策，我做不了主。", "internal_term"),
        ("我做不了主。", "negative_opening"),
        ("您当时没有看协议吗？", "rhetorical"),
        ("师傅没去，这个不能怪我们。", "negative_opening"),
        ("请放心，马上给您处理。", "promise_without_date"),
        ("我们会加强员工培训。", "perfunctory"),
        ("您投诉也解决不了问题。", "talking_down"),
        ("There is nothing I can do.", "negative_opening"),
        ("I'm sorry you feel that way.", "perfunctory"),
    ],
)
def test_each_flaw_is_found_in_both_languages(text: str, flaw: str) -> None:
    assert flaw in flaws(text)


@pytest.mark.parametrize(
    "text",
    [
        "您好，宽带断网影响您上课，向您道歉。师傅11月26日9点到11点上门，修好后我当天18:00前给您打电话。",
        "Your line is back. The technician comes on 25 November at 9 am, and I call you that day by 6 pm.",
        "我们无法保证今天修好，明天18:00前告诉您进展。",
        "您说“你们不负责，难道没人管吗”，我记下了。",
        "We will call you by Friday 6 pm.",
        "这项赔偿需要主管审批，我已提交，11月27日18:00前告诉您结果；您也可以向省通信管理局申诉。",
        "您提的三点我逐条回复：多收的12元已于昨天退回；录音我在周五前调出来给您听。",
        "You are right that nobody called you on Friday. I am sorry. I will call you today by 5 pm with the result.",
        "If you would rather go to the ombudsman, here is how: the form is on their site.",
        "我们会在24小时内回复您。",
        "We will refund the fee within 3 working days.",
    ],
)
def test_what_is_said_well_is_left_alone(text: str) -> None:
    assert [] == flaws(text)


def test_places_are_those_of_the_text_as_it_was_given() -> None:
    text = "İ您好ＯＫ，您冷静一下。CALM DOWN, please."
    found = check_text(text, phrases()).findings
    assert ["您冷静", "CALM DOWN"] == [one.words for one in found]
    assert all(text[one.start : one.end] == one.words for one in found)


def test_a_promise_is_one_finding_per_sentence() -> None:
    assert ["promise_without_date"] == flaws("我们会核实，并会尽快给您答复，会联系您。")


def test_what_may_be_promised_depends_on_the_level() -> None:
    assert ["beyond_authority"] == flaws("全额退还话费。", handler_level="junior")
    assert [] == flaws("全额退还话费。", handler_level="middle")


@pytest.mark.parametrize("sentence", ["明天上午", "3个工作日内", "11月2日", "周五前", "within two days", "by monday"])
def test_a_time_is_known_as_one(sentence: str) -> None:
    assert names_time(sentence)


@pytest.mark.parametrize("sentence", ["尽快", "三天没网", "拨打10号线", "as soon as possible", "for 3 days", "may we"])
def test_what_is_no_time_is_not(sentence: str) -> None:
    assert not names_time(sentence)


def test_a_text_of_nothing_but_faults_is_cut_off() -> None:
    found = check_text("您冷静。" * 1000, phrases())
    assert (FINDINGS_MAX, True) == (len(found.findings), found.truncated)


@pytest.mark.parametrize("hostile", ["会", "您", "我们会尽快", "will ", "“", "11月", "w'", "会a", "难道"])
def test_twice_the_text_costs_at_most_about_twice_as_much(hostile: str) -> None:
    def cost(length: int) -> float:
        text, best = (hostile * length)[:length], 9.0
        for _ in range(3):
            started = time.process_time()
            check_text(text, phrases())
            best = min(best, time.process_time() - started)
        return best

    assert cost(8_000) < 3.2 * cost(4_000) + 0.002


@pytest.mark.parametrize("written", ["*", "(?!x)", "…", "难道…", "a…b…c", "(?<!x)"])
def test_a_phrase_that_cannot_be_read_names_its_row(written: str) -> None:
    row = PhraseRow(id="odd", flaw="blame", zh="错", en="wrong", better=Said("好", "good"), words_zh=(written,))
    with pytest.raises(PackError) as caught:
        make_phrases([row])
    assert "odd" == caught.value.row


def test_every_row_names_a_better_wording_that_is_itself_clean() -> None:
    for row in rows():
        for better in structs.astuple(row.better):
            assert [] == [one for one in flaws(better) if one != "promise_without_date"], (row.id, better)
