"""How a complaint ends, and what opens it again: always by a fact, never by time alone."""

from datetime import timedelta
from typing import Final

from services.followup.calendar.working_time import WorkingTime
from services.followup.model import Closed, CloseReason, Ledger, Open, Terms
from services.followup.rules import due
from services.followup.rules.envelope import Cause, envelope
from services.followup.rules.plan import call, customer_of, opened
from services.followup.rules.policy import DISSATISFIED_SCORE_MAX, RECOVERY_MINUTES, REOPEN_HOURS, SUPERVISOR
from services.followup.rules.windows import before_promise, next_working_day
from shared.events.followup import CallbackPlanned, ComplaintClosed, ComplaintReopened, PromiseOpened
from shared.events.intake import ComplaintsSplit, PromiseKind, SurveyAnswered
from shared.events.registry import type_of

CLOSED: Final = type_of(ComplaintClosed)
REOPENED: Final = type_of(ComplaintReopened)
REOPEN_WINDOW: Final = timedelta(hours=REOPEN_HOURS)


def closed(
    state: Open, cause: Cause, reason: CloseReason, *, calendar: WorkingTime, keeps: tuple[PromiseKind, ...] = (),
    into_id: str = "",
) -> ComplaintClosed:  # fmt: skip
    """Nothing is owed any more; open promises of the kinds in `keeps` are kept, the others fall away."""
    ledger = state.ledger
    kept = tuple(p.promise_id for p in ledger.promises if p.kind in keeps)
    released = tuple(p.promise_id for p in ledger.promises if p.kind not in keeps)
    calls = (_satisfaction(state.terms, ledger, cause, calendar),) if reason == "solved" else ()
    return ComplaintClosed(
        **envelope(CLOSED, state.terms, cause), reason=reason, promises_kept=kept, promises_released=released,
        callbacks=calls, callbacks_cancelled=tuple(c.callback_id for c in ledger.callbacks),
        into_id=into_id,
    )  # fmt: skip


def noise(terms: Terms, cause: Cause) -> ComplaintClosed:
    """It was no matter at all: closed before anything was owed."""
    return ComplaintClosed(**envelope(CLOSED, terms, cause), reason="noise")


def _satisfaction(terms: Terms, ledger: Ledger, cause: Cause, calendar: WorkingTime) -> CallbackPlanned:
    window = next_working_day(cause.accepted_at, customer_of(terms, calendar))
    return call(terms, ledger.callbacks_made + 1, "satisfaction", window)


def reopens(state: Closed, fact: SurveyAnswered | ComplaintsSplit) -> bool:
    """Whether `fact` opens the complaint again: a bad answer soon after closing, or the end of the merge that closed it."""
    match fact:
        case SurveyAnswered():
            soon = fact.accepted_at - state.closed_at <= REOPEN_WINDOW
            return soon and fact.score <= DISSATISFIED_SCORE_MAX and state.reason in ("solved", "answered")
        case ComplaintsSplit():
            return state.reason == "merged" and state.merged_into == fact.other_id


def reopened(
    state: Closed, cause: Cause, because: str, *, calendar: WorkingTime, promises: tuple[PromiseOpened, ...] = ()
) -> ComplaintReopened:
    """Open again with `promises`, or with one that a supervisor owes; a call to the customer keeps the first of them."""
    terms, ledger = state.terms, state.ledger
    owed = promises or (_recovery(terms, ledger, cause, calendar),)
    first = min(owed, key=lambda p: p.due_at)
    window = before_promise(first.starts_at, first.due_at, customer_of(terms, calendar))
    calls = (call(terms, ledger.callbacks_made + 1, "recovery", window, promise_id=first.promise_id),)
    return ComplaintReopened(**envelope(REOPENED, terms, cause), because=because, opened=owed, callbacks=calls)


def _recovery(terms: Terms, ledger: Ledger, cause: Cause, calendar: WorkingTime) -> PromiseOpened:
    end = due.working(RECOVERY_MINUTES, cause.accepted_at, calendar)
    return opened(terms.complaint_id, ledger, "progress", cause.accepted_at, end, calendar, owner=SUPERVISOR)
