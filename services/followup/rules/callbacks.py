"""How attempts to reach a customer end, what follows them, and the limits of a customer's day."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, Literal

from msgspec.structs import replace

from services.followup.calendar.working_time import WorkingTime
from services.followup.model import Closed, CustomerDay, Ledger, Open, Terms
from services.followup.rules.envelope import Cause, cause_of, envelope, time_came
from services.followup.rules.plan import call, customer_of
from services.followup.rules.policy import (
    ATTEMPTS_PER_DAY_MAX,
    CONVERSATIONS_PER_DAY_MAX,
    EXPIRED_ATTEMPTS_MAX,
    RETRY_MINUTES,
)
from services.followup.rules.windows import Window, next_attempt, next_day
from shared.events.envelope import ComplaintFact
from shared.events.followup import CallbackPlanned, CallbackRequested, CallbackSettled
from shared.events.intake import ContactRecorded, Outcome
from shared.events.registry import type_of
from shared.ids import event_id

REQUESTED: Final = type_of(CallbackRequested)
SETTLED: Final = type_of(CallbackSettled)


def found(contact: ContactRecorded, ledger: Ledger) -> CallbackPlanned | None:
    """The callback that `contact` was made for: the one it names, or the nearest of its purpose."""
    if contact.direction != "outbound":
        return None
    if contact.callback_id:
        return next((c for c in ledger.callbacks if c.callback_id == contact.callback_id), None)
    fitting = [c for c in ledger.callbacks if c.purpose == contact.purpose]
    return min(fitting, key=lambda c: (c.callback_id not in ledger.requested, c.not_before), default=None)


def settled(
    contact: ContactRecorded, callback: CallbackPlanned, state: Open | Closed, *, calendar: WorkingTime, now: datetime
) -> CallbackSettled:
    """The attempt ended with the contact's outcome; not reached leads to the next attempt, or to somebody who decides."""
    terms, ledger, at = state.terms, state.ledger, contact.accepted_at
    follow = None
    if contact.outcome in ("no_answer", "busy") and callback.attempt < callback.attempts_max:
        follow = _again(
            callback, _after_attempt(callback, at, terms, calendar), terms, ledger, attempt=callback.attempt + 1
        )
    to = "" if contact.outcome == "reached" or follow else _hand_over(terms)
    return _settled(terms, cause_of(contact, now), callback, contact.outcome, follow, to)


def expired(
    callback: CallbackPlanned, state: Open | Closed, *, calendar: WorkingTime, now: datetime
) -> CallbackSettled:
    """Nobody called in the window: once more on the next day, then somebody has to look."""
    terms, ledger = state.terms, state.ledger
    follow = None
    if callback.attempt < EXPIRED_ATTEMPTS_MAX:
        window = next_day(callback.not_after, customer_of(terms, calendar))
        follow = _again(callback, window, terms, ledger, attempt=callback.attempt + 1)
    cause = time_came(callback.callback_id, callback.not_after, now)
    return _settled(terms, cause, callback, "expired", follow, "" if follow else "supervisor")


def window_opened(
    callback: CallbackPlanned, state: Open | Closed, day: CustomerDay, *, calendar: WorkingTime, now: datetime
) -> CallbackRequested | CallbackSettled:
    """Call now; or on another day, where the customer had enough today and the promise can wait."""
    terms, ledger = state.terms, state.ledger
    cause = time_came(callback.callback_id, callback.not_before, now)
    today = day.on(calendar.local_day(callback.not_before))
    if today.attempts < ATTEMPTS_PER_DAY_MAX and today.conversations < CONVERSATIONS_PER_DAY_MAX:
        return CallbackRequested(**envelope(REQUESTED, terms, cause), callback=callback)
    tomorrow = next_day(callback.not_before, customer_of(terms, calendar))
    if terms.danger or not _can_wait(callback, ledger, tomorrow.not_after):
        yielded = replace(callback, gave_way=(*callback.gave_way, "daily_limit"))
        return CallbackRequested(**envelope(REQUESTED, terms, cause), callback=yielded)
    follow = _again(callback, tomorrow, terms, ledger, attempt=callback.attempt)
    return _settled(terms, cause, callback, "postponed", follow, "")


def other_way(event: ComplaintFact) -> str | None:
    """The id it would have had, had the customer's day been another one when the window opened; None for other events."""
    match event:
        case CallbackRequested():
            return event_id(cause=event.causation_id, type_=SETTLED)
        case CallbackSettled(outcome="postponed"):
            return event_id(cause=event.causation_id, type_=REQUESTED)
        case _:
            return None


def as_stored(event: ComplaintFact, known: Mapping[str, ComplaintFact]) -> ComplaintFact:
    """What was decided earlier where `event` comes out now: the same, as it was, or the other way of the same window.

    (That an attempt expired has the id that a postponement would have: it says that the call was requested.)
    """
    own, other = known.get(event.id), known.get(other_way(event) or "")
    match event, own, other:
        case CallbackRequested(), None, CallbackSettled(outcome="postponed"):
            return other
        case CallbackSettled(outcome="postponed"), _, CallbackRequested():
            return other
        case _:
            return own or event


def counted(day: CustomerDay, *, on: datetime, calendar: WorkingTime, attempts: int, conversations: int) -> CustomerDay:
    """`day` with these attempts and conversations; those of a day gone by change nothing."""
    date = calendar.local_day(on)
    if date < day.day:
        return day
    today = day.on(date)
    return CustomerDay(date, today.attempts + attempts, today.conversations + conversations)


def after_contact(day: CustomerDay, contact: ContactRecorded, ledger: Ledger, calendar: WorkingTime) -> CustomerDay:
    """The customer's day after `contact`; an attempt that we asked for was counted when we asked."""
    if contact.direction != "outbound":
        return day
    callback = found(contact, ledger)
    asked_for = callback is not None and callback.callback_id in ledger.requested
    reached = contact.outcome == "reached" and contact.medium in ("call", "visit")
    return counted(
        day, on=contact.accepted_at, calendar=calendar, attempts=0 if asked_for else 1, conversations=int(reached)
    )


def _can_wait(callback: CallbackPlanned, ledger: Ledger, until: datetime) -> bool:
    due = next((p.due_at for p in ledger.promises if p.promise_id == callback.promise_id), None)
    return due is None or until <= due


def _after_attempt(callback: CallbackPlanned, at: datetime, terms: Terms, calendar: WorkingTime) -> Window:
    customer = customer_of(terms, calendar)
    if callback.attempt <= len(RETRY_MINUTES):
        return next_attempt(at + timedelta(minutes=RETRY_MINUTES[callback.attempt - 1]), customer)
    return next_day(at, customer, other_hour=True)


def _again(callback: CallbackPlanned, window: Window, terms: Terms, ledger: Ledger, *, attempt: int) -> CallbackPlanned:
    number = ledger.callbacks_made + 1
    return call(terms, number, callback.purpose, window, attempt=attempt, promise_id=callback.promise_id)


def _hand_over(terms: Terms) -> Literal["other_channel", "supervisor"]:
    """After the last attempt another channel; where much is at stake a human decides."""
    return "supervisor" if terms.severity in ("S1", "S2") else "other_channel"


def _settled(
    terms: Terms, cause: Cause, callback: CallbackPlanned, outcome: Outcome | Literal["expired", "postponed"],
    follow: CallbackPlanned | None, to: Literal["", "other_channel", "supervisor"],
) -> CallbackSettled:  # fmt: skip
    return CallbackSettled(
        **envelope(SETTLED, terms, cause), callback_id=callback.callback_id, outcome=outcome, next=follow, to=to
    )
