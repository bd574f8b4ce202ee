"""What time alone does: promises lapse, holding replies are asked for, callback windows open and end."""

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Final, assert_never

from services.followup.calendar.working_time import WorkingTime
from services.followup.model import Closed, CustomerDay, Ledger, Open, Timer
from services.followup.rules import callbacks, due
from services.followup.rules.envelope import envelope, time_came
from services.followup.rules.plan import calls_for, opened
from services.followup.rules.policy import (
    AFTER_BROKEN_MINUTES,
    HOLDING_EXTENSION_MINUTES,
    HOLDING_KINDS,
    HOLDING_LEAD_MINUTES,
    RENEWALS_MAX,
    SUPERVISOR,
)
from shared.events.envelope import ComplaintFact
from shared.events.followup import HoldingReplyRequested, PromiseBroken, PromiseOpened
from shared.events.registry import type_of

BROKEN: Final = type_of(PromiseBroken)
HOLDING: Final = type_of(HoldingReplyRequested)


def timers(ledger: Ledger, calendar: WorkingTime) -> Iterator[Timer]:
    """Everything on the ledger that will fall due by itself."""
    for promise in ledger.promises:
        yield Timer(promise.due_at, 0, promise.promise_id)
        if promise.kind in HOLDING_KINDS and promise.promise_id not in ledger.asked:
            at = _holding_reply_at(calendar, promise.due_at)
            if at > promise.starts_at:
                yield Timer(at, 1, promise.promise_id)
    for callback in ledger.callbacks:
        if callback.callback_id in ledger.requested:
            yield Timer(callback.not_after, 2, callback.callback_id)
        else:
            yield Timer(callback.not_before, 3, callback.callback_id)


def next_timer(ledger: Ledger, calendar: WorkingTime) -> Timer | None:
    """What falls due first."""
    return min(timers(ledger, calendar), default=None)


def due_at(ledger: Ledger, calendar: WorkingTime) -> datetime | None:
    """When something falls due next."""
    timer = next_timer(ledger, calendar)
    return timer.at if timer else None


@lru_cache(maxsize=4096)
def _holding_reply_at(calendar: WorkingTime, due_at: datetime) -> datetime:
    """Two working hours before the promise lapses; round due times are few, so the answer is remembered."""
    return calendar.subtract(due_at, HOLDING_LEAD_MINUTES)


def fell_due(
    timer: Timer, state: Open | Closed, day: CustomerDay, *, calendar: WorkingTime, now: datetime
) -> ComplaintFact:
    """The event that `timer` leads to."""
    ledger = state.ledger
    match timer.what:
        case "lapse":
            return broken(_promise(ledger, timer.id), state, calendar=calendar, now=now)
        case "holding_reply":
            return holding_reply(_promise(ledger, timer.id), state, timer.at, calendar=calendar, now=now)
        case "window_end":
            callback = next(c for c in ledger.callbacks if c.callback_id == timer.id)
            return callbacks.expired(callback, state, calendar=calendar, now=now)
        case "window_open":
            callback = next(c for c in ledger.callbacks if c.callback_id == timer.id)
            return callbacks.window_opened(callback, state, day, calendar=calendar, now=now)
        case _:
            assert_never(timer.what)


def _promise(ledger: Ledger, id_: str) -> PromiseOpened:
    return next(p for p in ledger.promises if p.promise_id == id_)


def broken(promise: PromiseOpened, state: Open | Closed, *, calendar: WorkingTime, now: datetime) -> PromiseBroken:
    """It lapsed; a supervisor owes the customer the same thing by a new date, and longer each time nobody acts."""
    terms, ledger, lapsed_at = state.terms, state.ledger, promise.due_at
    before = sum(e.how == "broken" and e.promise.kind == promise.kind for e in ledger.ended)
    minutes = AFTER_BROKEN_MINUTES[promise.kind]
    start = max(lapsed_at, promise.starts_at)
    end = due.working(minutes[min(before, len(minutes) - 1)], start, calendar)
    follow = opened(terms.complaint_id, ledger, promise.kind, start, end, calendar, owner=SUPERVISOR)
    cancelled = tuple(c.callback_id for c in ledger.callbacks if c.promise_id == promise.promise_id)
    return PromiseBroken(
        **envelope(BROKEN, terms, time_came(promise.promise_id, lapsed_at, now)), promise_id=promise.promise_id,
        kind=promise.kind, due_at=lapsed_at, opened=(follow,), callbacks=calls_for(terms, ledger, (follow,), calendar),
        callbacks_cancelled=cancelled,
    )  # fmt: skip


def holding_reply(
    promise: PromiseOpened, state: Open | Closed, at: datetime, *, calendar: WorkingTime, now: datetime
) -> HoldingReplyRequested:
    """No result is in sight: tell the customer why, and a new date that no law forbids."""
    proposed = due.working(HOLDING_EXTENSION_MINUTES, promise.due_at, calendar)
    legal = [p.due_at for p in state.ledger.promises if p.basis == "legal" and p.due_at > promise.due_at]
    to_supervisor = promise.renewals >= RENEWALS_MAX or promise.owner == SUPERVISOR
    return HoldingReplyRequested(
        **envelope(HOLDING, state.terms, time_came(promise.promise_id, at, now)), promise_id=promise.promise_id,
        kind=promise.kind, due_at=promise.due_at, proposed_due_at=min([proposed, *legal]),
        to="supervisor" if to_supervisor else "handler",
    )  # fmt: skip
