"""What solutions, withdrawals, merges and surveys lead to."""

from datetime import datetime
from typing import Final

from services.followup.calendar.working_time import WorkingTime
from services.followup.model import Closed, Open, State
from services.followup.rules import due
from services.followup.rules.closing import closed, reopened, reopens
from services.followup.rules.envelope import cause_of
from services.followup.rules.keeping import Events, keep
from services.followup.rules.plan import added, call, customer_of
from services.followup.rules.policy import ANSWERS, KEEPS, RESULT_CALL_MINUTES, Signal
from services.followup.rules.windows import before_promise
from shared.events.intake import (
    ComplaintsMerged,
    ComplaintsSplit,
    ComplaintWithdrawn,
    SolutionDelivered,
    SolutionProposed,
    SurveyAnswered,
)

_DELIVERED: Final[dict[bool, Signal]] = {True: "solution:accepted", False: "solution:declined"}


def solution_proposed(fact: SolutionProposed, state: State, *, calendar: WorkingTime, now: datetime) -> Events:
    """There is something to tell: call the customer with the result, before the answer is due."""
    if not isinstance(state, Open) or any(c.purpose == "result" for c in state.ledger.callbacks):
        return
    promised = [p for p in state.ledger.promises if p.kind in KEEPS["solution:accepted"]] or state.ledger.promises
    answer = min(promised, key=lambda p: (p.kind != "resolution", p.due_at))
    soon = due.working(RESULT_CALL_MINUTES, fact.accepted_at, calendar)
    window = before_promise(
        fact.accepted_at, min(soon, max(answer.due_at, fact.accepted_at)), customer_of(state.terms, calendar)
    )
    number = state.ledger.callbacks_made + 1
    calls = (call(state.terms, number, "result", window, promise_id=answer.promise_id),)
    yield added(state.terms, state.ledger, cause_of(fact, now), calendar=calendar, callbacks=calls)


def solution_delivered(fact: SolutionDelivered, state: State, *, calendar: WorkingTime, now: datetime) -> Events:
    """The customer was told the result: accepted closes; not accepted keeps the answer's promise and goes on."""
    if not isinstance(state, Open):
        return
    signal, cause = _DELIVERED[fact.accepted], cause_of(fact, now)
    if fact.accepted and state.terms.kind == "complaint":
        yield closed(state, cause, "solved", calendar=calendar, keeps=KEEPS[signal])
    elif signal in ANSWERS and state.terms.kind != "complaint":
        yield closed(state, cause, "answered", calendar=calendar, keeps=tuple(p.kind for p in state.ledger.promises))
    else:
        kept = tuple(p for p in state.ledger.promises if p.kind in KEEPS[signal])
        yield from keep(fact, state, kept, calendar=calendar, now=now, progress=True)


def complaint_ended(
    fact: ComplaintWithdrawn | ComplaintsMerged, state: State, *, calendar: WorkingTime, now: datetime
) -> Events:
    """The customer took it back, or it goes on inside another complaint."""
    if not isinstance(state, Open):
        return
    cause = cause_of(fact, now)
    if isinstance(fact, ComplaintsMerged):
        yield closed(state, cause, "merged", calendar=calendar, into_id=fact.into_id)
    else:
        yield closed(state, cause, "withdrawn", calendar=calendar)


def opened_again(
    fact: SurveyAnswered | ComplaintsSplit, state: State, *, calendar: WorkingTime, now: datetime
) -> Events:
    """A dissatisfied customer, or a merge undone, opens a closed complaint again."""
    if isinstance(state, Closed) and reopens(state, fact):
        because = "survey" if isinstance(fact, SurveyAnswered) else "split"
        yield reopened(state, cause_of(fact, now), because, calendar=calendar)
