"""Each thing a verification can find in the log is found in a small log that has it, and a sound log has none."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from msgspec.structs import replace

from kesu.verify.findings import EXAMPLES_MAX, TEXTS, Findings
from shared.events.envelope import ComplaintFact
from shared.ids import derive
from tests.builders.life import Life, under_other_id
from tests.unit.verify.small import found


def sound() -> Life:
    """Received, decided, planned, the first response kept; the resolution is promised for another day."""
    life = Life()
    life.received()
    life.routed()
    planned = life.planned()
    life.contacted()
    life.kept(planned.promises[0])
    return life


def test_a_sound_log_has_no_findings() -> None:
    """Nor has one that repeats itself, or whose complaint is closed."""
    assert found(sound().facts) == {}
    assert found([*sound().facts, *sound().facts]) == {}
    life = sound()
    life.closed(promises_released=(life.facts[2].promises[1].promise_id,))  # type: ignore[attr-defined]
    assert found(life.facts, after=timedelta(days=90)) == {}


def other_content() -> Sequence[ComplaintFact]:
    life = sound()
    return [*life.facts, replace(life.facts[1], decided_at=life.at)]


def fact_before() -> Sequence[ComplaintFact]:
    life = sound()
    return [life.facts[3], *life.facts[:3], *life.facts[4:]]


def effect_before() -> Sequence[ComplaintFact]:
    life = sound()
    return [life.facts[0], life.facts[2], life.facts[1], *life.facts[3:]]


def received_twice() -> Sequence[ComplaintFact]:
    life = sound()
    return [*life.facts, under_other_id(life.facts[0], "again")]


def decided_twice() -> Sequence[ComplaintFact]:
    life = sound()
    return [*life.facts, under_other_id(life.facts[1], "again")]


def planned_twice() -> Sequence[ComplaintFact]:
    life = sound()
    return [*life.facts, under_other_id(life.facts[2], "again")]


def never_decided() -> Sequence[ComplaintFact]:
    return sound().facts[:1]


def never_planned() -> Sequence[ComplaintFact]:
    return sound().facts[:2]


def nothing_open() -> Sequence[ComplaintFact]:
    life = sound()
    life.kept(life.facts[2].promises[1])  # type: ignore[attr-defined]
    return life.facts


def ended_twice() -> Sequence[ComplaintFact]:
    life = sound()
    life.broken(life.facts[2].promises[0])  # type: ignore[attr-defined]
    return life.facts


def unknown_ended() -> Sequence[ComplaintFact]:
    life = sound()
    life.kept(replace(life.facts[2].promises[0], promise_id=derive("promise", "never opened")))  # type: ignore[attr-defined]
    return life.facts


@pytest.mark.parametrize(
    ("code", "log"),
    [
        ("id_with_two_contents", other_content),
        ("fact_before_received", fact_before),
        ("effect_before_cause", effect_before),
        ("received_twice", received_twice),
        ("decided_twice", decided_twice),
        ("never_decided", never_decided),
        ("never_planned", never_planned),
        ("no_open_promise", nothing_open),
        ("promise_ended_twice", ended_twice),
        ("unknown_promise_ended", unknown_ended),
    ],
)
def test_one_violation_is_one_finding(code: str, log: Callable[[], Sequence[ComplaintFact]]) -> None:
    """And nothing else is found with it."""
    assert found(log()) == {code: 1}


def test_a_second_plan_of_one_decision_is_found() -> None:
    """It opens again what was kept; that is told only as the plan it is."""
    assert found(planned_twice())["planned_twice"] == 1


def test_a_promise_that_lapsed_without_a_word() -> None:
    """A minute after its time it counts as silent, not before."""
    lapse = timedelta(hours=47) - timedelta(hours=2)  # it was opened three facts before the last
    assert found(sound().facts, after=lapse) == {}
    assert found(sound().facts, after=lapse + timedelta(hours=2)) == {"silent_promise": 1}


def test_every_complaint_stands_for_itself() -> None:
    """Ten complaints that were never decided are ten."""
    assert found([Life(number).received() for number in range(10)]) == {"never_decided": 10}


def test_a_few_places_are_named() -> None:
    """However many there are; the text comes from the catalogue."""
    findings = Findings()
    for number in range(10):
        findings.add("never_decided", str(number))
    (one,) = findings.all()
    assert (one.code, one.count, one.examples) == ("never_decided", 10, tuple(map(str, range(EXAMPLES_MAX))))
    assert (one.zh, one.en) == TEXTS["never_decided"]


def test_every_text_is_there_twice() -> None:
    """In Chinese and in English."""
    for zh, en in TEXTS.values():
        assert any("\u4e00" <= char <= "\u9fff" for char in zh)
        assert en.isascii()
        assert en
