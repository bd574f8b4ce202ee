"""Attempts, what follows them, and the limits of a customer's day."""

from datetime import date, timedelta

import pytest

from services.followup.model import CustomerDay
from shared.events.followup import CallbackRequested, CallbackSettled, PromiseBroken
from shared.events.routing import PromiseTime
from tests.builders import intake
from tests.builders.common import T0
from tests.unit.followup.story import Story, local, only, routed

FIRST = {"promises": (PromiseTime("first_response", 60),)}
LONG = {"promises": (PromiseTime("progress", 4800),)}
TODAY = date(2026, 3, 2)


def test_the_call_is_asked_for_when_its_window_opens() -> None:
    story = Story.planned(decision=FIRST)
    requested = only(story.until(T0 + timedelta(minutes=30)), CallbackRequested)
    assert T0 + timedelta(minutes=30) == requested.occurred_at
    assert story.callback("first_response") == requested.callback


def test_a_contact_settles_the_callback_it_names() -> None:
    story = Story.planned()
    call = story.callback("progress")
    settled = only(story.contact(T0, purpose="progress", callback_id=call.callback_id), CallbackSettled)
    assert (call.callback_id, "reached", None, "") == (settled.callback_id, settled.outcome, settled.next, settled.to)


def test_a_contact_that_names_none_settles_the_nearest_of_its_purpose() -> None:
    story = Story.planned()
    call = story.callback("first_response")
    assert call.callback_id == only(story.contact(T0), CallbackSettled).callback_id


def test_the_customers_own_call_settles_nothing() -> None:
    story = Story.planned()
    assert [] == [e for e in story.contact(T0, direction="inbound") if isinstance(e, CallbackSettled)]


def test_a_contact_without_a_purpose_has_that_of_its_callback() -> None:
    story = Story.planned()
    call = story.callback("first_response")
    story.contact(T0, purpose="other", callback_id=call.callback_id)
    assert [("first_response", 1, "kept")] == story.ended()


def test_attempts_follow_after_half_an_hour_two_hours_and_on_the_next_days_at_other_hours() -> None:
    story = Story.planned(local("2026-03-02 09:00"), decision=LONG)
    at, begins = local("2026-03-02 10:00"), []
    for _ in range(4):
        call = story.callback("progress")
        settled = only(
            story.contact(at, purpose="progress", outcome="no_answer", callback_id=call.callback_id), CallbackSettled
        )
        assert settled.next is not None
        begins.append(settled.next.not_before)
        at = settled.next.not_before + timedelta(minutes=10)
    assert [
        local(t) for t in ("2026-03-02 10:30", "2026-03-02 12:45", "2026-03-03 16:00", "2026-03-04 09:00")
    ] == begins
    assert 5 == story.callback("progress").attempt


@pytest.mark.parametrize(("severity", "to"), [("S1", "supervisor"), ("S2", "supervisor"), ("S3", "other_channel")])
def test_after_the_last_attempt_somebody_decides(severity: str, to: str) -> None:
    story = Story.planned(decision=LONG | {"severity": severity})
    ends = []
    for n in range(5):
        at, call = T0 + timedelta(minutes=n), story.callback("progress")
        contact = story.contact(at, purpose="progress", outcome="busy", callback_id=call.callback_id)
        ends.append(only(contact, CallbackSettled))
    assert (None, to) == (ends[-1].next, ends[-1].to)
    assert () == story.ledger.callbacks


@pytest.mark.parametrize("outcome", ["refused", "wrong_number"])
def test_who_refuses_or_is_somebody_else_is_not_called_again(outcome: str) -> None:
    story = Story.planned()
    settled = only(story.contact(T0, outcome=outcome), CallbackSettled)
    assert (None, "other_channel") == (settled.next, settled.to)


def test_a_window_in_which_nobody_called_expires_once_then_somebody_has_to_look() -> None:
    story = Story.planned(decision=LONG)
    story.take(intake.solution_delivered(accepted=True, **story.at(T0)))
    events = story.until(T0 + timedelta(days=30))
    first, second = [e for e in events if isinstance(e, CallbackSettled)]
    assert ("expired", 2, "") == (first.outcome, first.next and first.next.attempt, first.to)
    assert ("expired", None, "supervisor") == (second.outcome, second.next, second.to)


def test_a_lapse_ends_the_calls_of_its_promise_and_plans_new_ones() -> None:
    story = Story.planned(decision=FIRST)
    call = story.callback("first_response")
    broken = only(story.until(T0 + timedelta(hours=1)), PromiseBroken)
    assert (call.callback_id,) == broken.callbacks_cancelled
    assert broken.callbacks == story.ledger.callbacks


@pytest.mark.parametrize("day", [CustomerDay(TODAY, 3, 0), CustomerDay(TODAY, 0, 1)])
def test_a_customer_who_had_enough_today_is_called_tomorrow(day: CustomerDay) -> None:
    story = Story(day)
    story.take(routed(decision=LONG | {"promises": (PromiseTime("resolution", 9600),)}))
    story.take(intake.solution_proposed(**story.at(T0)))
    postponed = only(story.until(local("2026-03-02 12:00")), CallbackSettled)
    assert "postponed" == postponed.outcome
    assert postponed.next is not None
    assert (local("2026-03-03 10:00"), 1) == (postponed.next.not_before, postponed.next.attempt)


def test_the_promise_goes_before_the_limit_and_what_gave_way_is_recorded() -> None:
    story = Story(CustomerDay(TODAY, 3, 0))
    story.take(routed(decision=FIRST))
    requested = only(story.until(T0 + timedelta(minutes=30)), CallbackRequested)
    assert ("daily_limit",) == requested.callback.gave_way
    assert 4 == story.course.day.attempts


def test_another_day_begins_with_nothing() -> None:
    story = Story(CustomerDay(TODAY - timedelta(days=1), 3, 1))
    story.take(routed(decision=FIRST))
    story.until(T0 + timedelta(minutes=30))
    assert CustomerDay(TODAY, 1, 0) == story.course.day


def test_an_attempt_that_was_asked_for_counts_once_and_one_of_its_own_too() -> None:
    story = Story.planned(decision=LONG)
    story.contact(T0, purpose="other", outcome="no_answer")
    assert CustomerDay(TODAY, 1, 0) == story.course.day
    asked = Story.planned(decision=FIRST)
    asked.until(T0 + timedelta(minutes=30))
    asked.contact(T0 + timedelta(minutes=35))
    assert CustomerDay(TODAY, 1, 1) == asked.course.day
