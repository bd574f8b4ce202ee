"""How far a layer moves a decision: what people state, history and the rules' last word are beyond it."""

from typing import Any

import pytest

from services.routing.policy import learned
from services.routing.policy.pack import Pack
from services.routing.rules.facts import Read, facts_of, label
from services.routing.rules.judging import Judging
from services.routing.rules.leaning import lean, lean_cause, lean_kind, lean_severity
from services.routing.rules.learned import LearnedView
from services.routing.rules.reading_case import read_case
from services.routing.rules.severity import Serious
from shared.events.intake import Stated
from shared.events.routing import History, MatterKind, Severity
from tests.unit.learning.models import case, pack, read

CALM = "请问宽带怎么办理"
BROKEN = "宽带断了三天没人修"
NONE = History()


def _facts(text: str, history: History = NONE, **more: Any) -> Read:
    one = case(text, **more)
    return read_case(one, read(one), history, pack())


def _judging(found: Read, kind: MatterKind = "complaint", **more: Any) -> Judging:
    one = case(found.reading.text, **more)
    return Judging(facts_of(one, found, NONE), found.reading.said.keys(), label(one, found) | {"kind": kind})


def test_the_layer_decides_the_cause_and_the_rules_are_on_the_trail_as_lost() -> None:
    words = read(case(BROKEN))
    view = LearnedView(cause_points={"product": 0, "efficiency": 2000, "price": -5000})

    leant = lean_cause(view, words.cause, words.tally, pack())

    assert "efficiency" == leant.row.cause
    assert ("product",) == leant.others
    assert learned.CAUSE == leant.rules[0]
    assert (words.cause.row.id, False) in {(rule.rule, rule.won) for rule in leant.rules}


def test_where_both_agree_only_the_other_causes_are_the_layers() -> None:
    words = read(case(BROKEN))

    leant = lean_cause(LearnedView(cause_points={"product": 9000, "price": 8000}), words.cause, words.tally, pack())

    assert (words.cause.row, ("price",), words.cause.rules) == (leant.row, leant.others, leant.rules)


@pytest.mark.parametrize("known", [{"efficiency": 1, "price": 0}, {}])
def test_a_cause_of_which_nothing_was_learned_stands(known: dict[Any, int]) -> None:
    words = read(case(BROKEN))

    assert words.cause == lean_cause(LearnedView(cause_points=known), words.cause, words.tally, pack())


def test_a_stated_cause_stands() -> None:
    words = read(case(BROKEN, stated=Stated(cause="attitude")))

    assert "attitude" == lean_cause(LearnedView(cause_points={"product": 1, "attitude": 0}), words.cause, words.tally, pack()).row.cause  # fmt: skip


def test_emotion_and_repeat_by_the_layer() -> None:
    found = _facts(BROKEN)

    leant, fired = lean(LearnedView(emotion=8.6, emotion_read=found.emotion, repeat=True), found, case(BROKEN), NONE)

    assert (9, 1) == (leant.emotion, leant.repeat)
    assert (learned.EMOTION, learned.REPEAT) == fired


def test_what_history_adds_stays_added() -> None:
    history = History(promises_broken_90d=1, same_cause_30d=2)
    found, without = _facts(BROKEN, history), _facts(BROKEN)
    assert found.emotion > without.emotion

    leant, _ = lean(LearnedView(emotion=6.0, emotion_read=without.emotion, repeat=False), found, case(BROKEN), history)

    assert 6 + found.emotion - without.emotion == leant.emotion
    assert 2 == leant.repeat


def test_what_an_agent_stated_stands() -> None:
    stated = Stated(emotion=2, times_before=4)
    found = _facts(BROKEN, stated=stated)

    leant, fired = lean(LearnedView(emotion=9.0, repeat=False), found, case(BROKEN, stated=stated), NONE)

    assert (2, 4, ()) == (leant.emotion, leant.repeat, fired)


def test_abuse_is_added_and_never_taken_away() -> None:
    abusive = _facts("你们这群骗子混蛋王八蛋")
    assert abusive.abuse

    assert lean(LearnedView(abuse=True), _facts(BROKEN), case(BROKEN), NONE)[0].abuse
    assert lean(LearnedView(abuse=False), abusive, case(BROKEN), NONE)[0].abuse


def _kind(text: str, kind: MatterKind, points: int, **more: Any) -> MatterKind:
    found = _facts(text, **more)
    return lean_kind(LearnedView(complaint_points=points), kind, found, case(text, **more), _judging(found))


def test_the_layer_moves_the_kind_both_ways() -> None:
    assert "complaint" == _kind(CALM, "inquiry", 1)
    assert "inquiry" == _kind(CALM, "complaint", -1)
    assert "praise" == _kind(CALM, "praise", -1)


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("再不解决我就去工信部投诉", {}),
        ("电线杆要倒了会砸到人很危险", {}),
        ("骗子混蛋王八蛋", {}),
        (CALM, {"channel": "regulator"}),
        (CALM, {"stated": Stated(cause="price")}),
    ],
)
def test_rules_have_the_last_word_on_danger_abuse_and_who_it_goes_to(text: str, more: dict[str, Any]) -> None:
    assert "complaint" == _kind(text, "complaint", -9000, **more)


def _severity(by_rules: Severity, by_layer: Severity, *, kind: MatterKind = "complaint", history: History = NONE) -> tuple[Severity, int]:  # fmt: skip
    found, of = _facts(BROKEN), pack()
    serious = Serious(by_rules, 3, of.settings.priority[by_rules] + 3)
    leant = lean_severity(LearnedView(severity=by_layer), serious, case(BROKEN), history, _judging(found, kind), of)
    return leant.severity, leant.priority


def test_the_layer_moves_severity_with_its_priority() -> None:
    assert ("S2", _priority(pack(), "S2")) == _severity("S3", "S2")
    assert ("S4", _priority(pack(), "S4")) == _severity("S3", "S4")


def _priority(of: Pack, severity: Severity) -> int:
    return of.settings.priority[severity] + 3


def test_no_s1_is_lowered_and_nothing_but_complaints_is_moved() -> None:
    assert "S1" == _severity("S1", "S4")[0]
    assert "S4" == _severity("S4", "S2", kind="inquiry")[0]


def test_what_history_made_serious_is_not_lowered() -> None:
    assert "S2" == _severity("S2", "S4", history=History(complaints_30d=1))[0]
    assert "S2" == _severity("S4", "S2", history=History(complaints_30d=1))[0]
