"""How complaints end and what opens them again."""

from datetime import timedelta

import pytest

from services.followup.model import Closed, Open
from shared.events.followup import CallbackSettled, ComplaintClosed, ComplaintReopened, FollowupPlanned, PromiseKept
from tests.builders import intake
from tests.builders.common import T0
from tests.unit.followup.story import Story, local, only

LATER = T0 + timedelta(minutes=20)


@pytest.mark.parametrize("severity", ["S1", "S2", "S3", "S4"])
def test_an_accepted_solution_closes_and_keeps_what_is_open(severity: str) -> None:
    story = Story.planned(decision={"severity": severity})
    promises, calls = story.ledger.promises, story.ledger.callbacks
    closed = only(story.delivered(LATER, accepted=True), ComplaintClosed)
    assert ("solved", tuple(p.promise_id for p in promises), ()) == (
        closed.reason,
        closed.promises_kept,
        closed.promises_released,
    )
    assert tuple(c.callback_id for c in calls) == closed.callbacks_cancelled
    assert isinstance(story.course.state, Closed)


def test_satisfaction_is_asked_on_the_next_working_day() -> None:
    story = Story.planned()
    (call,) = only(story.delivered(local("2026-03-06 09:30"), accepted=True), ComplaintClosed).callbacks
    assert ("satisfaction", local("2026-03-09 10:00")) == (call.purpose, call.not_before)


def test_a_satisfaction_call_on_a_closed_complaint_is_settled() -> None:
    story = Story.planned()
    story.delivered(LATER, accepted=True)
    settled = only(story.contact(LATER + timedelta(days=1), purpose="satisfaction"), CallbackSettled)
    assert "reached" == settled.outcome
    assert isinstance(story.course.state, Closed)


def test_a_solution_not_accepted_keeps_the_answer_and_owes_progress() -> None:
    story = Story.planned()
    kept = only(story.delivered(LATER, accepted=False), PromiseKept)
    assert {"first_response", "progress", "resolution"} == set(kept.kinds)
    assert ["progress"] == [p.kind for p in kept.opened]
    assert isinstance(story.course.state, Open)


def test_refused_again_there_is_progress_again() -> None:
    story = Story.planned()
    story.delivered(LATER, accepted=False)
    again = story.delivered(LATER + timedelta(hours=1), accepted=False)
    assert ("progress", 2, "kept") in story.ended()
    assert 3 == only(again, PromiseKept).opened[0].number


def test_a_proposed_solution_is_told_by_a_call() -> None:
    story = Story.planned()
    (call,) = only(story.take(intake.solution_proposed(**story.at(LATER))), FollowupPlanned).callbacks
    assert ("result", story.promise("resolution").promise_id) == (call.purpose, call.promise_id)
    assert () == story.take(intake.solution_proposed(**story.at(LATER)))


def test_a_withdrawn_complaint_owes_nothing() -> None:
    story = Story.planned()
    promises = story.ledger.promises
    closed = only(story.take(intake.withdrawn(**story.at(LATER))), ComplaintClosed)
    assert ("withdrawn", (), tuple(p.promise_id for p in promises)) == (
        closed.reason,
        closed.promises_kept,
        closed.promises_released,
    )
    assert () == closed.callbacks
    assert () == story.until(story.now)


def test_a_merge_closes_and_its_end_opens_again() -> None:
    story = Story.planned()
    merge = intake.merged(**story.at(LATER))
    closed = only(story.take(merge), ComplaintClosed)
    assert ("merged", merge.into_id) == (closed.reason, closed.into_id)
    assert () == story.take(intake.split(other_id="somebody-else", **story.at(LATER)))
    reopened = only(story.take(intake.split(**story.at(LATER))), ComplaintReopened)
    assert ("split", "supervisor") == (reopened.because, reopened.opened[0].owner)


@pytest.mark.parametrize(
    ("score", "hours", "opens"), [(1, 1, True), (2, 72, True), (3, 1, False), (5, 1, False), (1, 73, False)]
)
def test_a_bad_answer_within_72_hours_opens_again(score: int, hours: int, opens: bool) -> None:
    story = Story.planned()
    story.delivered(LATER, accepted=True)
    answer = intake.survey_answered(score=score, **story.at(LATER + timedelta(hours=hours)))
    assert opens == any(isinstance(e, ComplaintReopened) for e in story.take(answer))
    assert opens == isinstance(story.course.state, Open)


def test_a_reopened_complaint_has_a_recovery_promise_of_a_supervisor_and_a_call() -> None:
    story = Story.planned()
    story.delivered(LATER, accepted=True)
    answer = intake.survey_answered(score=1, **story.at(local("2026-03-03 09:00")))
    reopened = only(story.take(answer), ComplaintReopened)
    (promise,), (call,) = reopened.opened, reopened.callbacks
    assert ("progress", 2, "supervisor", local("2026-03-04 09:00")) == (
        promise.kind,
        promise.number,
        promise.owner,
        promise.due_at,
    )
    assert ("recovery", promise.promise_id) == (call.purpose, call.promise_id)


def test_a_withdrawn_complaint_is_not_opened_by_a_survey() -> None:
    story = Story.planned()
    story.take(intake.withdrawn(**story.at(LATER)))
    assert () == story.take(intake.survey_answered(score=1, **story.at(LATER)))


def test_what_comes_after_the_end_changes_nothing() -> None:
    story = Story.planned()
    story.take(intake.withdrawn(**story.at(LATER)))
    for fact in (intake.solution_proposed, intake.solution_delivered, intake.contact_recorded, intake.withdrawn):
        assert () == story.take(fact(**story.at(LATER)))
