"""What a decision puts on the ledger, and what a later one may add to it."""

from typing import Any

import pytest

from services.followup.model import Closed, Open
from shared.events.followup import ComplaintClosed, ComplaintReopened, FollowupPlanned
from shared.events.routing import LegalClock, PromiseTime
from tests.builders.common import T0
from tests.unit.followup.story import Story, local, only, routed

CLOCK = LegalClock("cn.miit.reply", 3)
ACTUAL = {"cross_level": "actual", "cross_target": "regulator"}


def test_a_decision_becomes_promises_with_round_due_times_and_calls_before_them() -> None:
    planned = only(Story().take(routed(local("2026-03-02 09:07"))), FollowupPlanned)
    assert [
        ("first_response", 1, local("2026-03-02 10:00")),
        ("progress", 1, local("2026-03-03 09:00")),
        ("resolution", 1, local("2026-03-05 09:00")),
    ] == [(p.kind, p.number, p.due_at) for p in planned.promises]
    assert ["first_response", "progress"] == [c.purpose for c in planned.callbacks]
    assert {"network"} == {p.owner for p in planned.promises}


def test_the_plan_says_what_it_follows_from() -> None:
    decision = routed()
    planned = only(Story().take(decision), FollowupPlanned)
    assert (decision.id, decision.correlation_id) == (planned.causation_id, planned.correlation_id)
    assert decision.accepted_at == planned.accepted_at
    assert (decision.pack, decision.control_offset) == (planned.pack, planned.control_offset)


def test_promises_beyond_the_known_calendar_are_marked() -> None:
    story = Story.planned(local("2026-12-30 16:00"))
    assert [False, False, True] == [p.provisional for p in story.ledger.promises]


def test_law_caps_the_resolution_of_a_threatened_case_and_opens_nothing() -> None:
    story = Story.planned(local("2026-03-02 09:00"), decision={"clocks": (CLOCK,)})
    late = routed(
        local("2026-03-02 09:00"), decision={"clocks": (CLOCK,), "promises": (PromiseTime("resolution", 9600),)}
    )
    capped = Story()
    capped.take(late)
    assert ("working", local("2026-03-05 09:00")) == (
        story.promise("resolution").basis,
        story.promise("resolution").due_at,
    )
    assert ("legal", local("2026-03-05 18:00")) == (
        capped.promise("resolution").basis,
        capped.promise("resolution").due_at,
    )
    assert ["resolution"] == [p.kind for p in capped.ledger.promises]


def test_an_actual_regulator_case_owes_the_regulator_a_reply() -> None:
    story = Story.planned(local("2026-03-02 09:00"), decision={"clocks": (CLOCK,)}, assessment=ACTUAL)
    reply = story.promise("regulator_reply")
    assert ("legal", local("2026-03-05 18:00")) == (reply.basis, reply.due_at)


def test_a_clock_known_from_memory_is_no_law() -> None:
    clock = LegalClock("x", 1, source_quality="memory")
    story = Story.planned(decision={"clocks": (clock,)}, assessment=ACTUAL)
    assert "regulator_reply" not in [p.kind for p in story.ledger.promises]


def test_noise_is_closed_at_once() -> None:
    story = Story()
    closed = only(story.take(routed(decision={"promises": ()}, assessment={"kind": "noise"})), ComplaintClosed)
    assert "noise" == closed.reason
    assert isinstance(story.course.state, Closed)
    assert () == story.until(story.now)


@pytest.mark.parametrize("kind", ["complaint", "inquiry", "suggestion", "praise"])
def test_a_pack_that_forgets_promises_leaves_no_complaint_without_one(kind: str) -> None:
    story = Story.planned(decision={"promises": ()}, assessment={"kind": kind})
    assert ["progress"] == [p.kind for p in story.ledger.promises]


def test_a_later_decision_moves_no_date_and_adds_what_is_missing() -> None:
    story = Story.planned(decision={"promises": (PromiseTime("resolution", 2400),)})
    before = story.promise("resolution")
    sooner: dict[str, Any] = {
        "promises": (PromiseTime("first_response", 60), PromiseTime("resolution", 60)),
        "severity": "S1",
    }
    added = only(
        story.take(routed(revision=2, decision=sooner, **story.at(local("2026-03-03 09:00")))), FollowupPlanned
    )
    assert ["first_response"] == [p.kind for p in added.promises]
    assert before == story.promise("resolution")
    assert isinstance(story.course.state, Open)
    assert "S1" == story.course.state.terms.severity


def test_a_later_decision_that_grants_nothing_new_is_no_event() -> None:
    story = Story.planned()
    assert () == story.take(routed(revision=2, decision={"unit": "billing"}, **story.at(T0)))


def test_an_older_decision_that_comes_late_changes_nothing() -> None:
    story = Story.planned(revision=2)
    assert () == story.take(routed(revision=1, decision={"severity": "S1"}, **story.at(T0)))
    assert isinstance(story.course.state, Open)
    assert 2 == story.course.state.terms.revision


def test_what_was_taken_for_noise_opens_when_a_later_decision_knows_better() -> None:
    story = Story.planned(assessment={"kind": "noise"}, decision={"promises": ()})
    reopened = only(story.take(routed(revision=2, **story.at(local("2026-03-02 10:00")))), ComplaintReopened)
    assert "routed" == reopened.because
    assert {"first_response", "progress", "resolution"} == {p.kind for p in story.ledger.promises}
