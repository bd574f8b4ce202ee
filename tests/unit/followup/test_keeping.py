"""Which fact keeps which promise, judged by when it was accepted; broken stays broken."""

from datetime import timedelta
from itertools import pairwise

import pytest

from shared.events.followup import ComplaintClosed, FollowupPlanned, PromiseBroken, PromiseKept
from shared.events.intake import PromiseMade
from shared.events.routing import PromiseTime
from tests.builders.common import T0
from tests.unit.followup.story import Story, local, only, routed

MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("purpose", "kept"),
    [
        ("first_response", ["first_response"]),
        ("progress", ["first_response", "progress"]),
        ("result", ["first_response", "progress"]),
        ("holding_reply", ["first_response"]),
    ],
)
def test_a_contact_that_reached_the_customer_keeps_by_its_purpose(purpose: str, kept: list[str]) -> None:
    story = Story.planned()
    event = only(story.contact(T0 + timedelta(minutes=20), purpose=purpose), PromiseKept)
    assert kept == list(event.kinds)
    assert {(kind, 1, "kept") for kind in kept} == set(story.ended())


@pytest.mark.parametrize("outcome", ["no_answer", "busy", "refused", "wrong_number"])
def test_a_customer_who_was_not_reached_keeps_nothing(outcome: str) -> None:
    story = Story.planned()
    story.contact(T0 + timedelta(minutes=20), outcome=outcome)
    assert [] == story.ended()


def test_calls_for_a_kept_promise_are_cancelled() -> None:
    story = Story.planned()
    call = story.callback("progress")
    kept = only(story.contact(T0 + timedelta(minutes=20), purpose="progress", direction="inbound"), PromiseKept)
    assert call.callback_id in kept.callbacks_cancelled
    assert () == story.ledger.callbacks


def test_a_promise_is_kept_up_to_the_moment_it_is_due() -> None:
    due = Story.planned().promise("first_response").due_at
    in_time, late = Story.planned(), Story.planned()
    in_time.contact(due - MOMENT)
    late.contact(due)
    assert ("first_response", 1, "kept") in in_time.ended()
    assert [("first_response", 1, "broken"), ("first_response", 2, "kept")] == late.ended()


def test_a_fact_from_before_the_due_time_counts_however_late_it_is_read() -> None:
    """Judged by `accepted_at`: the service was away for days, the promise is kept all the same."""
    story = Story.planned()
    story.now = T0 + timedelta(days=9)
    story.contact(T0 + timedelta(minutes=20))
    assert [("first_response", 1, "kept")] == story.ended()


def test_a_lapse_is_an_event_at_the_due_time_and_a_supervisor_owes_the_next() -> None:
    story = Story.planned()
    promise = story.promise("first_response")
    broken = only(story.until(promise.due_at), PromiseBroken)
    (following,) = broken.opened
    assert (promise.promise_id, promise.due_at) == (broken.promise_id, broken.occurred_at)
    assert ("first_response", 2, "supervisor") == (following.kind, following.number, following.owner)
    assert promise.due_at + timedelta(hours=1) == following.due_at
    assert following.promise_id == story.callback("first_response").promise_id


def test_a_supervisor_gets_longer_each_time_nobody_acts() -> None:
    story = Story.planned(decision={"promises": (PromiseTime("first_response", 60),)})
    events = [e for e in story.until(T0 + timedelta(days=30)) if isinstance(e, PromiseBroken)]
    waits = [after.due_at - before.due_at for before, after in pairwise(events)]
    assert timedelta(hours=1) == waits[0]
    assert min(waits[3:]) >= timedelta(days=1)
    assert len(events) < 20


def test_broken_stays_broken_when_the_matter_is_solved_later() -> None:
    story = Story.planned()
    story.delivered(T0 + timedelta(days=20), accepted=True)
    assert ("resolution", 1, "broken") in story.ended()
    assert ("resolution", 1, "kept") not in story.ended()


def test_the_last_kept_promise_opens_the_next_progress() -> None:
    story = Story.planned(decision={"promises": (PromiseTime("first_response", 60),)})
    kept = only(story.contact(T0 + timedelta(minutes=20)), PromiseKept)
    (following,) = kept.opened
    assert ("progress", local("2026-03-04 09:15")) == (following.kind, following.due_at)
    assert following == story.promise("progress")


@pytest.mark.parametrize("kind", ["inquiry", "suggestion", "praise"])
@pytest.mark.parametrize("purpose", ["first_response", "result"])
def test_what_is_no_complaint_is_answered_by_one_contact(kind: str, purpose: str) -> None:
    story = Story.planned(assessment={"kind": kind}, decision={"promises": (PromiseTime("first_response", 60),)})
    promise = story.promise("first_response")
    closed = only(story.contact(T0 + timedelta(minutes=20), purpose=purpose), ComplaintClosed)
    assert ("answered", (promise.promise_id,), ()) == (closed.reason, closed.promises_kept, closed.promises_released)
    assert () == closed.callbacks


def test_a_date_told_in_a_contact_is_a_promise_of_its_own() -> None:
    story = Story.planned()
    told = PromiseMade("progress", local("2026-03-04 16:10"))
    events = story.contact(T0 + timedelta(minutes=20), promised=(told,))
    (stated,) = only(events, FollowupPlanned).promises
    assert (2, "stated", told.due_at, "h1") == (stated.number, stated.basis, stated.due_at, stated.owner)
    assert 2 == len([p for p in story.ledger.promises if p.kind == "progress"])


@pytest.mark.parametrize("days", [-1, 0, 400])
def test_a_date_in_the_past_or_beyond_a_year_is_no_promise(days: int) -> None:
    story = Story.planned()
    at = T0 + timedelta(minutes=20)
    events = story.contact(at, promised=(PromiseMade("progress", at + timedelta(days=days)),))
    assert [] == [e for e in events if isinstance(e, FollowupPlanned)]


def test_a_contact_that_came_before_the_decision_is_not_lost() -> None:
    """The log may hold a contact before the decision; it counts as soon as there is a plan."""
    story = Story()
    assert () == story.contact(T0 + timedelta(minutes=20))
    events = story.take(routed())
    assert ["FollowupPlanned", "CallbackSettled", "PromiseKept"] == [type(e).__name__ for e in events]
    assert [("first_response", 1, "kept")] == story.ended()
