"""An explanation: what was concluded and why, every rule that held, the facts it saw, and no word that is not to be shown."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from kesu.explaining.trying import try_out
from services.routing.explaining.explain import explain
from services.routing.explaining.phrasing import time_said
from services.routing.explaining.shown import Conclusion, Explanation, ShownRule
from services.routing.policy import learned
from shared.events.envelope import Language
from shared.events.intake import Channel
from shared.events.routing import ComplaintRouted, Evidence
from tests.unit.routing.bench import default_pack

AT = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
HEATED = "你们这群王八蛋,宽带断网一个月了,报修三次没人来!客服说去找工信部,我会去12315投诉你们!要求退费。"


@cache
def tried(text: str, lang: Language = "zh", channel: Channel = "web") -> Explanation:
    return try_out(text, default_pack(), channel=channel, at=AT, lang=lang).revisions[0]


def event_of(explained: Explanation) -> ComplaintRouted:
    return msgspec.convert(explained.event, ComplaintRouted)


def conclusion(explained: Explanation, name: str) -> Conclusion:
    return next(one for one in explained.conclusions if one.name == name)


def rule(explained: Explanation, name: str) -> ShownRule:
    return next(one for table in explained.tables for one in table.rules if one.rule == name)


def test_every_rule_of_the_trail_is_shown_once_with_its_fate() -> None:
    explained = tried(HEATED)
    shown = {(table.table, one.rule, one.won) for table in explained.tables for one in table.rules}
    assert {(one.table, one.rule, one.won) for one in event_of(explained).rules} == shown


def test_a_rule_that_lost_says_to_which() -> None:
    explained = tried(HEATED)
    lost = [one for table in explained.tables for one in table.rules if not one.won]
    assert lost and all(rule(explained, one.lost_to).won for one in lost)


def test_a_rule_shows_the_facts_it_saw() -> None:
    threatened = rule(tried(HEATED), "cross_threatened")
    saw = {fact.name: fact.value for fact in threatened.saw}
    assert {"threatened": True, "kind": "complaint"} == saw
    assert "threatened" in threatened.when


def test_evidence_stands_where_its_words_are() -> None:
    explained = tried(HEATED)
    assert all(HEATED[mark.start : mark.end] == mark.words for mark in explained.marks)
    told = [mark for mark in explained.marks if mark.signal == "body_regulator"]
    assert told and all(mark.denied for mark in told)  # somebody else's words


def test_conclusions_point_at_their_evidence() -> None:
    explained = tried(HEATED)
    numbers = {mark.number for mark in explained.marks}
    cause = conclusion(explained, "causes")
    assert cause.marks and cause.why
    assert all(set(one.marks) <= numbers for one in explained.conclusions)


def test_the_score_adds_up() -> None:
    explained = tried(HEATED)
    (score,) = [table for table in explained.tables if table.table == "score"]
    total = sum(one.points or 0 for one in score.rules)
    by_score = rule(explained, "s2_score")
    assert {"score": total} == {fact.name: fact.value for fact in by_score.saw}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_speaks_one_language(lang: Language) -> None:
    explained = tried(HEATED, lang)
    says = [explained.summary, *(one.says for one in explained.conclusions)]
    says += [why for one in explained.conclusions for why in one.why]
    says += [one.says for table in explained.tables for one in table.rules]
    says += [fact.says for table in explained.tables for one in table.rules for fact in one.saw]
    says += [text for one in explained.tactics for text in (one.name, one.fit, one.say, one.avoid)]
    says += [text for one in explained.articles for text in (one.title, one.number, one.cited, one.says)]
    han = [any("一" <= char <= "鿿" for char in text) for text in says]
    assert not any(han) if lang == "en" else all(han[:2])


def test_without_the_words_nothing_of_them_is_in_it() -> None:
    event = event_of(tried(HEATED))
    masked = explain(event, default_pack(), text="", lang="zh")
    assert masked.marks and not any(mark.words for mark in masked.marks)
    assert not any(word in msgspec.json.encode(masked).decode() for word in ("王八", "没人来", "12315"))


def test_facts_come_from_the_record_not_from_the_words() -> None:
    short = tried("宽带断网三天,报修没人来。")
    assert short.tables == explain(event_of(short), default_pack(), text="", lang="zh").tables


def test_of_a_text_with_more_signs_than_are_recorded_the_rest_is_read_again() -> None:
    event = event_of(tried(HEATED))
    assert len(tried(HEATED).marks) > len(event.assessment.evidence) >= 32
    assert "退费" in {mark.words for mark in tried(HEATED).marks}


def test_what_the_learned_layer_moved_is_told() -> None:
    event = event_of(tried("宽带断网三天,报修没人来。"))
    assessment = replace(
        event.assessment, evidence=(*event.assessment.evidence, Evidence("learned.cause.product", 0, 2))
    )
    moved = replace(event, assessment=assessment, rules=(learned.CAUSE, *event.rules))
    explained = explain(moved, default_pack(), text="", lang="en")
    assert learned.LEARNED_TEXTS["learned_cause"]["en"] == rule(explained, "learned_cause").says
    mark = next(one for one in explained.marks if one.signal == "learned.cause.product")
    assert ("cause", "the centre's cases: product and network") == (mark.group, mark.says)


def test_a_pack_that_is_not_at_hand_leaves_ids() -> None:
    explained = explain(event_of(tried(HEATED)), None, text="", lang="en")
    assert not explained.pack.known
    assert "s2_score" in {one.says for table in explained.tables for one in table.rules}
    assert not explained.tactics and not explained.articles


def test_what_more_evidence_than_is_recorded_would_tell_is_not_claimed() -> None:
    event = event_of(tried(HEATED))
    many = tuple(Evidence("network", place, place + 1) for place in range(32))
    cut = replace(event, assessment=replace(event.assessment, evidence=many))
    explained = explain(cut, default_pack(), text="", lang="zh")
    saw = [fact for table in explained.tables for one in table.rules for fact in one.saw]
    assert not [fact for fact in saw if fact.name.startswith("has_") and fact.value is False and fact.name != "has_"]


def test_articles_that_are_not_primary_carry_a_caution() -> None:
    articles = tried("宽带断网三天没人修,我要投诉").articles
    assert articles
    assert all(bool(one.caution) == (one.source_quality != "primary") for one in articles)


def test_what_is_no_complaint_has_no_articles() -> None:
    assert () == tried("请问怎么改套餐,谢谢").articles


@pytest.mark.parametrize(
    ("minutes", "working", "zh", "en"),
    [
        (15, False, "15 分钟", "15 minutes"),
        (60, True, "1 个工作小时", "1 working hour"),
        (480, True, "1 个工作日", "1 working day"),
        (2880, False, "2 天", "2 days"),
        (480, False, "8 小时", "8 hours"),
    ],
)
def test_times_are_said_in_the_largest_unit_that_is_exact(minutes: int, working: bool, zh: str, en: str) -> None:
    assert (zh, en) == (time_said(minutes, working=working, lang="zh"), time_said(minutes, working=working, lang="en"))


@pytest.mark.parametrize("text", ["", "。", "@" * 500, "a" * 20_000, "😀" * 300, "1" * 5000])
def test_any_text_is_explained(text: str) -> None:
    explained: Any = try_out(text, default_pack(), channel="social", at=AT, lang="en")
    assert explained.revisions[0].summary


def test_nearly_every_sign_has_a_name_for_people() -> None:
    pack = default_pack()
    unnamed = sorted(pack.lexicon.signals - set(pack.advice.names))
    assert len(unnamed) * 20 <= len(pack.lexicon.signals), f"name them in names.yaml: {unnamed}"
