"""What a contact keeps, renews and promises: judged by when it was accepted, against the promises open then."""

from collections.abc import Generator
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from services.followup.calendar.working_time import WorkingTime
from services.followup.model import Open, State, Waiting
from services.followup.rules import callbacks, due
from services.followup.rules.closing import closed
from services.followup.rules.envelope import cause_of, envelope
from services.followup.rules.plan import added, calls_for, opened
from services.followup.rules.policy import (
    ANSWERS,
    KEEPS,
    NEXT_PROGRESS_MINUTES,
    RENEWALS_MAX,
    STATED_DAYS_MAX,
    SUPERVISOR,
    Signal,
)
from shared.events.envelope import ComplaintFact
from shared.events.followup import PromiseKept, PromiseOpened, PromiseRenewed
from shared.events.intake import ContactRecorded, PromiseMade
from shared.events.registry import type_of

KEPT: Final = type_of(PromiseKept)
RENEWED: Final = type_of(PromiseRenewed)
WRITTEN: Final = frozenset({"message", "mail", "social"})
STATED_MAX: Final = timedelta(days=STATED_DAYS_MAX)
_SIGNALS: Final[dict[str, Signal]] = {
    "first_response": "contact:first_response", "progress": "contact:progress", "result": "contact:result",
    "holding_reply": "contact:holding_reply", "satisfaction": "contact:satisfaction", "recovery": "contact:progress",
    "other": "contact:other",
}  # fmt: skip

Events: TypeAlias = Generator[ComplaintFact, State, None]


def contact_recorded(contact: ContactRecorded, state: State, *, calendar: WorkingTime, now: datetime) -> Events:
    """Settle the callback; then close what was only to be answered, or renew, promise and keep."""
    if isinstance(state, Waiting):
        return
    callback = callbacks.found(contact, state.ledger)
    signal = _SIGNALS[callback.purpose if callback and contact.purpose == "other" else contact.purpose]
    reached = contact.outcome == "reached"
    kept = tuple(p for p in state.ledger.promises if reached and p.kind in KEEPS[signal])
    if callback:
        state = yield callbacks.settled(contact, callback, state, calendar=calendar, now=now)
    if not isinstance(state, Open):
        return
    if reached and signal in ANSWERS and state.terms.kind != "complaint":
        keeps = tuple(p.kind for p in state.ledger.promises)
        yield closed(state, cause_of(contact, now), "answered", calendar=calendar, keeps=keeps)
        return
    if reached or contact.medium in WRITTEN:
        state = yield from _promised(
            contact, state, holding=signal == "contact:holding_reply", calendar=calendar, now=now
        )
    yield from keep(contact, state, kept, calendar=calendar, now=now)


def keep(
    fact: ComplaintFact, state: State, promises: tuple[PromiseOpened, ...], *, calendar: WorkingTime, now: datetime,
    progress: bool = False,
) -> Events:  # fmt: skip
    """`promises` are kept, those still open; a new progress promise is opened where asked for or where none would be left."""
    if not isinstance(state, Open):
        return
    terms, ledger = state.terms, state.ledger
    kept = tuple(p for p in promises if p in ledger.promises)
    left = len(ledger.promises) > len(kept)
    following = () if left and not progress else (_progress(fact, state, calendar),)
    if kept:
        ids = tuple(p.promise_id for p in kept)
        yield PromiseKept(
            **envelope(KEPT, terms, cause_of(fact, now)), promise_ids=ids, kinds=tuple(p.kind for p in kept),
            due_at=min(p.due_at for p in kept), opened=following, callbacks=calls_for(terms, ledger, following, calendar),
            callbacks_cancelled=tuple(c.callback_id for c in ledger.callbacks if c.promise_id in ids),
        )  # fmt: skip
    elif following:
        yield added(terms, ledger, cause_of(fact, now), promises=following, calendar=calendar)


def _progress(fact: ComplaintFact, state: Open, calendar: WorkingTime) -> PromiseOpened:
    start = fact.accepted_at
    end = due.working(NEXT_PROGRESS_MINUTES[state.terms.severity], start, calendar)
    owner = next((p.owner for p in reversed(state.ledger.promises)), "")
    return opened(state.terms.complaint_id, state.ledger, "progress", start, end, calendar, owner=owner)


def _promised(
    contact: ContactRecorded, state: Open, *, holding: bool, calendar: WorkingTime, now: datetime
) -> Generator[ComplaintFact, State, State]:
    """Dates told in this contact: in a holding reply they renew, otherwise (and after two renewals) they come on top."""
    current: State = state
    stated: list[PromiseMade] = []
    for made in {m.kind: m for m in contact.promised}.values():
        if not contact.accepted_at < made.due_at <= contact.accepted_at + STATED_MAX:
            continue
        old = _renewable(state, made) if holding else None
        if old:
            current = yield _renewed(contact, state, old, made, calendar, now)
            assert isinstance(current, Open)
            state = current
        elif not any(p.kind == made.kind and p.due_at == made.due_at for p in state.ledger.promises):
            stated.append(made)
    if stated:
        promises = tuple(_stated(contact, state, made, calendar, _owner(state, made, holding)) for made in stated)
        cause = cause_of(contact, now)
        current = yield added(state.terms, state.ledger, cause, promises=promises, calendar=calendar)
    return current


def _owner(state: Open, made: PromiseMade, holding: bool) -> str:
    """Who owes a date on top: a supervisor, where the customer was put off too often."""
    tired = any(p.kind == made.kind and p.renewals >= RENEWALS_MAX for p in state.ledger.promises)
    return SUPERVISOR if holding and tired else ""


def _renewable(state: Open, made: PromiseMade) -> PromiseOpened | None:
    """The promise that a new date renews: the nearest of its kind, if the date is later and it was not renewed too often."""
    of_kind = [p for p in state.ledger.promises if p.kind == made.kind]
    nearest = min(of_kind, key=lambda p: p.due_at, default=None)
    if nearest and nearest.renewals < RENEWALS_MAX and made.due_at > nearest.due_at:
        return nearest
    return None


def _stated(
    contact: ContactRecorded, state: Open, made: PromiseMade, calendar: WorkingTime, owner: str, renewals: int = 0
) -> PromiseOpened:
    return opened(
        state.terms.complaint_id, state.ledger, made.kind, contact.accepted_at, made.due_at, calendar,
        owner=owner or contact.handler, basis="stated", renewals=renewals,
    )  # fmt: skip


def _renewed(
    contact: ContactRecorded, state: Open, old: PromiseOpened, made: PromiseMade, calendar: WorkingTime, now: datetime
) -> PromiseRenewed:
    promise = _stated(contact, state, made, calendar, old.owner, old.renewals + 1)
    return PromiseRenewed(
        **envelope(RENEWED, state.terms, cause_of(contact, now), made.kind), promise_id=old.promise_id, kind=old.kind,
        due_at=old.due_at, opened=promise, callbacks=calls_for(state.terms, state.ledger, (promise,), calendar),
        callbacks_cancelled=tuple(c.callback_id for c in state.ledger.callbacks if c.promise_id == old.promise_id),
    )  # fmt: skip
