"""The course of one complaint: facts and times go in, in the order of the log; events and the state come out.

What time does is done before a fact that was accepted at or after it, so the course depends on the log alone, never on
when a timer happened to run.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, assert_never

from msgspec import Struct
from msgspec.structs import replace

from services.followup.calendar.tables import Calendars
from services.followup.calendar.working_time import WorkingTime
from services.followup.model import Added, CustomerDay, Ledger, Open, Read, State, Waiting
from services.followup.rules import callbacks, closing, keeping, lapsing, solving
from services.followup.rules.applied import applied
from services.followup.rules.envelope import cause_of
from services.followup.rules.keeping import Events
from services.followup.rules.plan import granted, plan, terms_of
from shared.events.envelope import ComplaintFact
from shared.events.followup import CallbackRequested
from shared.events.intake import (
    ComplaintsMerged,
    ComplaintsSplit,
    ComplaintWithdrawn,
    ContactRecorded,
    SolutionDelivered,
    SolutionProposed,
    SurveyAnswered,
)
from shared.events.routing import ComplaintRouted

TIMERS_AT_ONCE_MAX: Final = 10_000  # years of silence; what is left falls due in the next round


class Setting(Struct, frozen=True):
    """What decisions need besides the facts. `known` are events stored earlier: they stand, whatever would come out now."""

    calendars: Calendars
    now: datetime
    known: Mapping[str, ComplaintFact] = {}


class Course(Struct, frozen=True):
    """Where a complaint stands, its customer's day, and the events decided on the way."""

    state: State = Waiting()
    day: CustomerDay = CustomerDay()
    events: tuple[ComplaintFact, ...] = ()


def take(course: Course, fact: Read, setting: Setting) -> Course:
    """`fact` comes in; one that was taken in before changes nothing."""
    state = course.state
    if isinstance(state, Waiting):
        if isinstance(fact, ComplaintRouted):
            return _planned(course, state, fact, setting)
        if any(held.id == fact.id for held in state.held):
            return course
        return replace(course, state=Waiting((*state.held, fact)))
    if fact.id in state.ledger.seen:
        return course
    course = advance(_seen(course, fact), fact.accepted_at, setting)
    if isinstance(fact, ComplaintRouted):
        return _routed_again(course, fact, setting)
    return _added(course, fact, setting)


def advance(course: Course, until: datetime, setting: Setting) -> Course:
    """Everything that falls due up to and at `until` happens, in its order."""
    for _ in range(TIMERS_AT_ONCE_MAX):
        state = course.state
        if isinstance(state, Waiting):
            break
        calendar = setting.calendars.of(state.terms.time_zone)
        timer = lapsing.next_timer(state.ledger, calendar)
        if timer is None or timer.at > until:
            break
        event = lapsing.fell_due(timer, state, course.day, calendar=calendar, now=setting.now)
        course = _recorded(course, event, setting)
    return course


def due_at(state: State, calendars: Calendars) -> datetime | None:
    """When something falls due next on this complaint."""
    if isinstance(state, Waiting):
        return None
    return lapsing.due_at(state.ledger, calendars.of(state.terms.time_zone))


def _planned(course: Course, waiting: Waiting, routed: ComplaintRouted, setting: Setting) -> Course:
    """The first decision: a plan, or the end of what is noise; then the facts that were there before it."""
    terms = terms_of(routed)
    event: ComplaintFact | None
    if terms.kind == "noise":
        event = closing.noise(terms, cause_of(routed, setting.now))
    else:
        event = plan(routed, terms, Ledger(), calendar=setting.calendars.of(terms.time_zone), now=setting.now)
    course = replace(course, state=Open(terms, Ledger(seen=(routed.id,))))
    course = _recorded(course, event, setting) if event else course
    for fact in waiting.held:
        course = take(course, fact, setting)
    return course


def _routed_again(course: Course, routed: ComplaintRouted, setting: Setting) -> Course:
    """A later decision: its terms count from now on; promises are added, never moved."""
    state = course.state
    assert not isinstance(state, Waiting)
    if routed.revision <= state.terms.revision:
        return course
    state = replace(state, terms=terms_of(routed))
    calendar, cause = setting.calendars.of(routed.time_zone), cause_of(routed, setting.now)
    event: ComplaintFact | None = None
    if isinstance(state, Open) and state.terms.kind == "noise":
        event = closing.closed(state, cause, "noise", calendar=calendar)
    elif isinstance(state, Open):
        event = plan(routed, state.terms, state.ledger, calendar=calendar, now=setting.now)
    elif state.reason == "noise" and state.terms.kind != "noise":
        event = closing.reopened(
            state, cause, "routed", promises=granted(routed, state.ledger, calendar), calendar=calendar
        )
    course = replace(course, state=state)
    return _recorded(course, event, setting) if event else course


def _added(course: Course, fact: Added, setting: Setting) -> Course:
    state = course.state
    assert not isinstance(state, Waiting)
    calendar = setting.calendars.of(state.terms.time_zone)
    if isinstance(fact, ContactRecorded):
        course = replace(course, day=callbacks.after_contact(course.day, fact, state.ledger, calendar))
    decision = _decision(fact, state, calendar, setting.now)
    event = next(decision, None)
    while event is not None:
        course = _recorded(course, event, setting)
        try:
            event = decision.send(course.state)
        except StopIteration:
            break
    return course


def _decision(fact: Added, state: State, calendar: WorkingTime, now: datetime) -> Events:
    match fact:
        case ContactRecorded():
            return keeping.contact_recorded(fact, state, calendar=calendar, now=now)
        case SolutionProposed():
            return solving.solution_proposed(fact, state, calendar=calendar, now=now)
        case SolutionDelivered():
            return solving.solution_delivered(fact, state, calendar=calendar, now=now)
        case ComplaintWithdrawn() | ComplaintsMerged():
            return solving.complaint_ended(fact, state, calendar=calendar, now=now)
        case SurveyAnswered() | ComplaintsSplit():
            return solving.opened_again(fact, state, calendar=calendar, now=now)
        case _:
            assert_never(fact)


def _recorded(course: Course, event: ComplaintFact, setting: Setting) -> Course:
    event = callbacks.as_stored(event, setting.known)
    state, day = course.state, course.day
    assert not isinstance(state, Waiting)
    if isinstance(event, CallbackRequested):
        calendar = setting.calendars.of(state.terms.time_zone)
        day = callbacks.counted(day, on=event.occurred_at, calendar=calendar, attempts=1, conversations=0)
    return Course(applied(state, event), day, (*course.events, event))


def _seen(course: Course, fact: Read) -> Course:
    state = course.state
    assert not isinstance(state, Waiting)
    ledger = replace(state.ledger, seen=(*state.ledger.seen, fact.id))
    return replace(course, state=replace(state, ledger=ledger))
