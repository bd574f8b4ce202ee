"""What holds for every case: total, deterministic, bounded, and within the limits of the domain."""

import string
from typing import Any, get_args

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from services.routing.model import Case, Verdict
from services.routing.policy.vocabulary import FACTS, LABELS
from services.routing.rules import decide
from shared.events.intake import Channel, CustomerTier, KeyFacts, KeyFinding, Stated
from shared.events.routing import CrossTarget, History
from tests.unit.routing.bench import RECEIVED_AT, canonical, case_of, default_pack, judge

PHRASES = st.sampled_from(
    [
        "我要去工信部投诉", "我不会", "客服说:“", "”", "已经向工信部投诉了", "@南方都市报 ", "@中国联通客服 ", "你们这群王八蛋", "断网",
        "家里有老人", "漏电", "自杀", "多扣三百元", "$1,200", "第三次", "投诉多次", "十倍赔偿", "我代表全体业主", "表扬", "请问", "建议",
        "I will file a complaint with the FCC", "sue", "not", "again", "!!!", "???", "。", ",", "\n", "垃圾", "İ", "\u0000", "\ud7ff", "😡",
        "宽带", "话费", "态度恶劣", "没解决", "彩铃",
    ]
)  # fmt: skip
TEXTS = st.one_of(
    st.lists(PHRASES, max_size=12).map("".join),
    st.text(max_size=120),
    st.text(alphabet=string.printable, max_size=120),
)
COUNTS = st.integers(0, 6)
HISTORIES = st.builds(
    History, complaints_30d=COUNTS, same_cause_30d=COUNTS, open_now=COUNTS, promises_broken_90d=st.integers(0, 3)
)
STATED = st.builds(
    Stated,
    cause=st.sampled_from(["", "price", "product", "weather"]),
    sub_cause=st.sampled_from(["", "broadband", "billing_dispute", "none"]),
    emotion=st.one_of(st.none(), st.integers(1, 10)),
    vulnerable=st.booleans(),
    danger=st.booleans(),
    times_before=st.one_of(st.none(), st.integers(0, 2**63)),
)
KEY_FACTS = st.builds(
    KeyFacts,
    amount_minor=st.one_of(st.none(), st.integers(-(2**70), 2**70)),
    currency=st.sampled_from(["CNY", "USD", "EUR", "GBP", "AUD"]),
    case_number_of=st.sampled_from(get_args(CrossTarget)),
)
CASES = st.builds(
    Case,
    complaint_id=st.just("c-1"),
    channel=st.sampled_from(get_args(Channel)),
    lang=st.sampled_from(["zh", "en"]),
    text=TEXTS,
    customer_tier=st.sampled_from(get_args(CustomerTier)),
    region=st.sampled_from(["", "广东", "nowhere"]),
    key_facts=KEY_FACTS,
    stated=STATED,
    findings=st.sampled_from([(), (KeyFinding("missing", "bill_month"),)]),
    received_at=st.just(RECEIVED_AT),
)


@settings(max_examples=300, deadline=None)
@given(case=CASES, history=HISTORIES)
def test_every_case_gets_a_verdict_within_the_limits(case: Case, history: History) -> None:
    verdict = decide(case, history, default_pack())
    assert verdict == msgspec.json.decode(canonical(verdict), type=Verdict)  # also: every value is one of the contract
    assessment, decision = verdict.assessment, verdict.decision
    assert 1 <= assessment.emotion <= 10 and 0 <= decision.priority <= 99
    if assessment.cross_level != "none":
        assert "L1" != decision.tier and assessment.cross_target and assessment.cross_reason
    else:
        assert ("", "") == (assessment.cross_target, assessment.cross_reason)
    if decision.severity == "S1" or assessment.cross_level == "actual":
        assert "senior" == decision.handler_level
    if decision.strategy == "cold_handling":
        assert not (assessment.danger or assessment.outage or assessment.vulnerable)
    assert (assessment.kind == "noise") == (not decision.promises)
    assert all(0 <= e.start < e.end <= len(case.text) for e in assessment.evidence)


@settings(max_examples=100, deadline=None)
@given(case=CASES, history=HISTORIES)
def test_the_same_case_gives_the_same_bytes(case: Case, history: History) -> None:
    again = msgspec.json.decode(msgspec.json.encode(case), type=Case) if _fits_json(case) else case
    assert canonical(decide(case, history, default_pack())) == canonical(decide(again, history, default_pack()))


@settings(max_examples=100, deadline=None)
@given(case=CASES, history=HISTORIES)
def test_exactly_one_rule_decides_each_table_that_must_decide(case: Case, history: History) -> None:
    rules = decide(case, history, default_pack()).rules
    for table in (
        "causes",
        "kind",
        "cross_level",
        "severity",
        "responsibility",
        "unit",
        "tier",
        "handler_level",
        "strategy",
        "promises",
    ):
        assert 1 == sum(r.table == table and r.won for r in rules), table
    assert len(rules) == len(set(rules))


def test_every_fact_is_bound_and_every_label_known() -> None:
    from services.routing.rules import read_words
    from services.routing.rules.facts import facts_of, label
    from services.routing.rules.reading_case import read_case

    case, pack = case_of("宽带断了"), default_pack()
    read = read_case(case, read_words(case, pack), History(), pack)
    facts: dict[str, Any] = facts_of(case, read, History())
    assert set(FACTS) == set(facts)
    assert {name: type(value) for name, value in FACTS.items()} == {name: type(facts[name]) for name in FACTS}
    assert set(label(case, read)) <= set(LABELS)


def test_history_of_others_changes_nothing_in_how_the_words_areread_case() -> None:
    alone, known = judge("宽带断了"), judge("宽带断了", History(complaints_30d=1))
    assert alone.assessment.cause == known.assessment.cause


def _fits_json(case: Case) -> bool:
    """Whether JSON can carry it: integers of 64 bits."""
    return abs(case.key_facts.amount_minor or 0) < 2**63
