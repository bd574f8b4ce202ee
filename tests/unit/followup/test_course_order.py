"""The course depends on the log alone: not on repetition, on batch cuts, or on when a timer happened to run."""

from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.followup.model import Read
from services.followup.rules.course import Course, Setting, advance, take
from services.followup.rules.repeated import ids_led_to, is_repeated
from shared import ids
from shared.events.intake import PromiseMade
from shared.events.registry import decode, encode
from tests.builders import intake
from tests.builders.common import T0
from tests.unit.followup.story import CALENDARS, routed

END = T0 + timedelta(days=40)
SETTING = Setting(CALENDARS, END)


def fact_at(number: int, what: str, hours: float) -> Read:
    """The `number`th fact of a complaint."""
    at = T0 + timedelta(hours=hours)
    when: dict[str, Any] = {"occurred_at": at, "accepted_at": at, "id": ids.derive("fact", str(number))}
    match what:
        case "first_response" | "progress" | "result" | "satisfaction":
            return intake.contact_recorded(purpose=what, **when)
        case "holding_reply":
            told = (PromiseMade("resolution", at + timedelta(days=3)),)
            return intake.contact_recorded(purpose=what, promised=told, **when)
        case "no_answer":
            return intake.contact_recorded(outcome=what, **when)
        case "accepted" | "declined":
            return intake.solution_delivered(accepted=what == "accepted", **when)
        case "revision":
            return routed(at, revision=number + 2, decision={"severity": "S2"}, id=when["id"])
        case "survey":
            return intake.survey_answered(score=1, **when)
        case "proposed":
            return intake.solution_proposed(**when)
        case _:
            return intake.withdrawn(**when)


WHAT = (
    "first_response", "progress", "result", "satisfaction", "holding_reply", "no_answer", "accepted", "declined",
    "revision", "survey", "proposed", "withdrawn",
)  # fmt: skip


@st.composite
def logs(draw: st.DrawFn) -> list[Read]:
    """The facts of one complaint in the order of the log; the decision is among the first."""
    hours = sorted(draw(st.lists(st.floats(0, 600), max_size=12)))
    facts = [fact_at(n, draw(st.sampled_from(WHAT)), at) for n, at in enumerate(hours)]
    facts.insert(draw(st.integers(0, min(2, len(facts)))), routed(T0))
    return facts


def told(log: list[Read]) -> Course:
    course = Course()
    for fact in log:
        course = take(course, fact, SETTING)
    return advance(course, END, SETTING)


@given(logs(), st.data())
@settings(max_examples=60, deadline=None)
def test_facts_that_come_again_change_nothing(log: list[Read], data: st.DataObject) -> None:
    again: list[Read] = []
    for fact in log:
        again += [fact, *data.draw(st.lists(st.sampled_from([*again, fact]), max_size=2))]
    assert told(log) == told(again)


@given(logs(), st.lists(st.floats(0, 900), max_size=20))
@settings(max_examples=60, deadline=None)
def test_when_timers_run_changes_nothing(log: list[Read], ticks: list[float]) -> None:
    """Timers run now and then, but never ahead of what is read: exactly what `read_through` promises."""
    course, clock = Course(), sorted(T0 + timedelta(hours=h) for h in ticks)
    for fact in log:
        while clock and clock[0] <= fact.accepted_at:
            course = advance(course, clock.pop(0), SETTING)
        course = take(course, fact, SETTING)
    assert told(log) == advance(course, END, SETTING)


@given(logs())
@settings(max_examples=40, deadline=None)
def test_a_course_follows_the_events_that_were_stored(log: list[Read]) -> None:
    """After a restore the log's own events stand: decided again at another time, everything is as it was published."""
    first = told(log)
    stored = {event.id: decode(encode(event)) for event in first.events}
    course, later = Course(), Setting(CALENDARS, END + timedelta(days=1), stored)  # type: ignore[arg-type]
    for fact in log:
        course = take(course, fact, later)
    assert first == advance(course, END, later)


@given(logs())
@settings(max_examples=40, deadline=None)
def test_every_event_is_found_again_from_the_facts(log: list[Read]) -> None:
    course = told(log)
    found = {id_ for fact in log if is_repeated(fact, course.state) for id_ in ids_led_to(fact, course.state)}
    assert {event.id for event in course.events} <= found


@given(logs())
@settings(max_examples=40, deadline=None)
def test_events_have_ids_of_their_own(log: list[Read]) -> None:
    made = [event.id for event in told(log).events]
    assert len(made) == len(set(made))
